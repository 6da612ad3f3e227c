//! Whole runs, from the scenario to the outcome: requests per second of one core.
//!
//! `cargo bench --bench model`; a run with `cargo bench --bench model -- "three tiers"`. The runs of "in flight" and
//! "targets" do the same work and end the same number of timeline rows per request at every size, and those of "rows"
//! end a row for each request: their cost per request should hardly change.

use std::path::Path;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput};
use criterion::{criterion_group, criterion_main};
use simcap::scenario::{self, Scenario};
use simcap::simulate;

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
}

/// A scenario of this repository with some of its values replaced.
fn load(file: &str, overrides: &[String]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    scenario::load(&path, overrides).unwrap_or_else(|error| panic!("{error}"))
}

/// Measures a run; the throughput is in requests.
fn measure(group: &mut BenchmarkGroup<WallTime>, id: BenchmarkId, scenario: &Scenario) {
    // The rate is constant in all of these runs, so the expected number of requests stands for the number of each.
    let rates = scenario.sources.iter().filter_map(|source| source.rate());
    let per_second: f64 = rates.map(|rate| rate.at(scenario.duration).0).sum();
    let requests = per_second * scenario.duration.as_secs_f64();
    group.throughput(Throughput::Elements(requests as u64));
    group.sampling_mode(SamplingMode::Flat);
    group.bench_function(id, |bencher| {
        bencher.iter(|| {
            let outcome = simulate(scenario, 1, &mut |_| {});
            let off = (outcome.requests.arrived - requests).abs();
            assert!(off < 6.0 * requests.sqrt(), "{} requests", outcome.requests.arrived);
            outcome
        });
    });
}

/// The reference scenarios, and Black Friday's shop at its peak.
fn scenarios(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("run");
    let duration = |span: &str| vec![format!("duration={span}")];
    let mm8 = load("reference/mm8.toml", &duration("8h"));
    measure(&mut group, BenchmarkId::from_parameter("M/M/8"), &mm8);
    let three_tiers = load("reference/three-tier.toml", &duration("100s"));
    measure(&mut group, BenchmarkId::from_parameter("three tiers"), &three_tiers);
    let mut peak = duration("2m");
    peak.extend(["traffic.shoppers.rate=8000/s", "fleet.web.min=6", "fleet.was.min=24"].map(str::to_owned));
    peak.extend(["fleet.web.schedule=[]", "fleet.was.schedule=[]"].map(str::to_owned));
    let black_friday = load("black-friday.toml", &peak);
    measure(&mut group, BenchmarkId::from_parameter("Black Friday, 2 min of the peak"), &black_friday);
    group.finish();
}

/// Requests that only stay for 10 s on average, so that ten times the rate means ten times as many in flight.
fn in_flight(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("in flight");
    for in_flight in [100u32, 1_000, 10_000, 100_000, 1_000_000] {
        let rate = in_flight / 10;
        // Five mean stays, and at least 200,000 requests.
        let secs = (200_000 / rate).max(50);
        let bucket = secs / 50;
        let text = format!(
            r#"
            duration = "{secs}s"
            bucket = "{bucket}s"
            traffic.clients.rate = "{rate}/s"
            request.page.steps = [{{ delay = "exponential 10s" }}]
            "#
        );
        let scenario = scenario::parse("in-flight.toml", text.as_bytes(), Path::new(""), &[]);
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
        measure(&mut group, BenchmarkId::from_parameter(in_flight), &scenario);
    }
    group.finish();
}

/// Three tiers with more servers, each at the same load, and the tiers after them faster in proportion.
fn targets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("targets");
    for targets in [10u32, 100, 400, 1_000] {
        let rate = 100 * targets;
        let overrides = [
            format!("duration={}ms", 200_000_000 / rate),
            format!("bucket={}ms", 4_000_000 / rate),
            format!("traffic.clients.rate={rate}/s"),
            format!("fleet.web.instances={targets}"),
            format!("cache.cache.command=exponential {}us", 3_000 / targets),
            format!("service.database.servers={}", 2 * targets / 5),
        ];
        measure(
            &mut group,
            BenchmarkId::from_parameter(targets),
            &load("reference/three-tier.toml", &overrides),
        );
    }
    group.finish();
}

/// One trouble over the whole run, with one request for each row: the work on the rows after a run grows with their
/// number, so the cost per request should hardly change.
fn rows_in_trouble(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rows in trouble");
    for rows in [3_000u32, 30_000, 300_000] {
        let text = format!(
            r#"
            duration = "{}ms"
            bucket = "10ms"
            traffic.clients.rate = "100/s"
            request.page.steps = [{{ service = "p" }}, {{ service = "q" }}, {{ service = "r" }}]
            service.p = {{ servers = 10, time = "exponential 45ms" }}
            service.q = {{ servers = 10, time = "exponential 45ms" }}
            service.r = {{ servers = 1, time = "exponential 10ms", queue = 0 }}
            "#,
            10 * rows
        );
        let scenario = scenario::parse("rows.toml", text.as_bytes(), Path::new(""), &[]);
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
        measure(&mut group, BenchmarkId::from_parameter(rows), &scenario);
    }
    group.finish();
}

criterion_group! {
    name = model;
    config = settings();
    targets = scenarios, in_flight, targets, rows_in_trouble
}
criterion_main!(model);
