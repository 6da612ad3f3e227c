//! The work on the rows of the timeline after a run: phases, headroom, estimates. It must grow only in proportion to
//! the rows: the time for each row should hardly change from one size to the next.
//!
//! `cargo bench --bench rows`. In: runs of few requests and many rows. Out: rows per second.

use std::path::Path;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use criterion::{criterion_group, criterion_main};
use simcap::model;
use simcap::outcome::runs::Runs;

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
}

/// Rows of 10 ms with a tenth of a request in each, so that there are as many busiest rows as possible.
fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rows");
    group.sampling_mode(SamplingMode::Flat);
    for rows in [10_000_u64, 100_000, 1_000_000] {
        let text = format!(
            "duration = \"{}s\"\nbucket = \"10ms\"\nruns = 1\ntraffic.t.rate = \"10/s\"\n\
             request.a.steps = [{{ service = \"s\" }}]\nservice.s = {{ servers = 2, time = \"exponential 1ms\" }}\n",
            rows / 100
        );
        let scenario = simcap::scenario::parse("rows.toml", text.as_bytes(), Path::new(""), &[])
            .unwrap_or_else(|error| panic!("{error}"));
        let mut runs = Runs::new(&scenario, &[]);
        runs.add(1, model::run(&scenario, 1, &mut |_| {}));
        assert_eq!(runs.outcome().timeline.time_s.len() as u64, rows);
        group.throughput(Throughput::Elements(rows));
        group.bench_function(BenchmarkId::from_parameter(rows), |bencher| bencher.iter(|| runs.outcome()));
    }
    group.finish();
}

criterion_group! { name = benches; config = settings(); targets = rows }
criterion_main!(benches);
