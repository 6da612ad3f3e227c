//! Many seeds in one outcome: merged exactly, the same bytes on any number of threads, intervals that hold as often as
//! they claim, and paired comparisons.

use std::fs;

use simcap::comparison::{Comparison, Word};
use simcap::ensemble::Ensemble;
use simcap::outcome::Outcome;
use simcap::outcome::estimate::Quantity;
use simcap::report;
use simcap::report::Paper;
use simcap::rng::seed_of_run;

use crate::run::{run, scenario};

const P99: Quantity = Quantity::Latency { class: None, quantile: 0.99 };

/// Ten minutes of the shop of `good/`, with a surge.
fn shop() -> String {
    crate::determinism::shop()
}

fn runs(text: &str, seed: u64, count: usize, threads: usize) -> Outcome {
    let scenario = scenario(text);
    let mut ensemble = Ensemble::new(&scenario, seed, Some(threads), &[], &|_| {}).unwrap();
    ensemble.extend_to(count);
    ensemble.outcome()
}

#[test]
fn one_run_is_what_a_single_run_is() {
    let (alone, merged) = (run(&shop(), 7), runs(&shop(), 7, 1, 2));
    assert_eq!(report::to_json(&merged), report::to_json(&alone));
    assert_eq!(report::page(&merged, &[]), report::page(&alone, &[]));
    assert!(merged.estimates.iter().all(|estimate| estimate.interval.is_none()));
}

#[test]
fn any_number_of_threads_leaves_the_same_bytes() {
    let left = [1, 2, 5].map(|threads| {
        let outcome = runs(&shop(), 3, 5, threads);
        let dir = tempfile::tempdir().unwrap();
        let files = report::write(&outcome, dir.path(), report::Charts::None).unwrap();
        let bytes: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
        (bytes, report::page(&outcome, &[]))
    });
    assert!(left[0] == left[1] && left[0] == left[2]);
}

#[test]
fn runs_that_come_in_portions_are_the_runs_that_come_at_once() {
    let shop = scenario(&shop());
    let mut portions = Ensemble::new(&shop, 3, Some(2), &[], &|_| {}).unwrap();
    [1, 2, 4].into_iter().for_each(|count| portions.extend_to(count));
    assert_eq!(
        report::to_json(&portions.outcome()),
        report::to_json(&runs(&crate::determinism::shop(), 3, 4, 3))
    );
}

/// The merged outcome follows from the single runs.
#[test]
fn merged_runs_are_the_means_and_the_union_of_the_single_ones() {
    const RUNS: usize = 4;
    let singles: Vec<Outcome> = (0..RUNS).map(|k| run(&shop(), seed_of_run(11, k))).collect();
    let merged = runs(&shop(), 11, RUNS, 2);
    let seeds: Vec<u64> = singles.iter().map(|single| single.scenario.seed).collect();
    assert_eq!((merged.runs.count, &merged.runs.seeds), (RUNS, &seeds));
    assert_eq!(merged.scenario.seed, 11);

    // Counts: sums of whole numbers over a power of two are exact.
    let sum = |read: &dyn Fn(&Outcome) -> f64| singles.iter().map(read).sum::<f64>();
    let exact: [fn(&Outcome) -> f64; 8] = [
        |it| it.requests.arrived,
        |it| it.requests.completed,
        |it| it.attempts.failed,
        |it| it.abandoned.ended,
        |it| it.fleets[0].launched,
        |it| it.caches[0].hits,
        |it| it.databases[0].writes,
        |it| it.timeline.in_flight[300],
    ];
    for read in exact {
        assert_eq!(read(&merged) * RUNS as f64, sum(&read));
    }
    let count = &merged.requests;
    assert_eq!(count.arrived, count.completed + count.failed + count.in_flight);
    assert_eq!(count.failed, count.failed_by_cause.values().sum::<f64>());

    let means: [fn(&Outcome) -> f64; 6] = [
        |it| it.goodput_per_s,
        |it| it.bill.total_usd,
        |it| it.bill.month_usd,
        |it| it.fleets[0].instance_seconds,
        |it| it.timeline.cost_usd[120],
        |it| it.timeline.fleets[0].cpu_percent[200],
    ];
    for read in means {
        let (mean, found) = (sum(&read) / RUNS as f64, read(&merged));
        assert!((found / mean - 1.0).abs() < 1e-9, "{found} instead of {mean}");
    }

    // Percentiles of all requests are between those of the runs; the mean weights every request equally.
    let requests: u64 = singles.iter().map(|single| single.latency_ms.count).sum();
    assert_eq!(merged.latency_ms.count, requests);
    let weighed = sum(&|it| it.latency_ms.mean * it.latency_ms.count as f64) / requests as f64;
    assert!((merged.latency_ms.mean / weighed - 1.0).abs() < 1e-12);
    let p99 = singles.iter().map(|single| single.latency_ms.p99);
    let (low, high) = (p99.clone().fold(f64::MAX, f64::min), p99.fold(0.0, f64::max));
    assert!((low..=high).contains(&merged.latency_ms.p99) && low < high);
    let maxima = singles.iter().map(|single| single.latency_ms.max);
    assert_eq!(merged.latency_ms.max, maxima.fold(0.0, f64::max));
    let row = |outcome: &Outcome, name: &str| outcome.timeline.latency_ms[name][150].unwrap();
    let rows = singles.iter().map(|single| row(single, "p50"));
    let (low, high) = (rows.clone().fold(f64::MAX, f64::min), rows.fold(0.0, f64::max));
    assert!((low..=high).contains(&row(&merged, "p50")));
    assert_eq!(row(&merged, "max"), singles.iter().map(|single| row(single, "max")).fold(0.0, f64::max));

    // Histories are from the first run.
    assert_eq!(merged.scaling, singles[0].scaling);
    // Every estimate has the value of every run.
    let by_run: Vec<Option<f64>> = singles.iter().map(|single| Some(single.latency_ms.p99)).collect();
    assert_eq!(merged.estimate(&P99).unwrap().by_run, by_run);
    assert_eq!(merged.estimate(&P99).unwrap().value, merged.latency_ms.p99);
}

/// M/M/1 at half load with a known mean: about 95 % of the intervals over eight runs must hold it.
#[test]
fn an_interval_holds_the_truth_as_often_as_it_says() {
    const REPETITIONS: u64 = 250;
    // 10/s on one server of 50 ms: a mean sojourn of 1 / (20 - 10) s.
    let text = "duration = \"300s\"\nbucket = \"300s\"\nwarmup = \"20s\"\n[traffic.all]\nrate = \"10/s\"\n[request.call]\n\
                steps = [{ service = \"desk\" }]\n[service.desk]\nservers = 1\ntime = \"exponential 50ms\"\n";
    let scenario = scenario(text);
    let holds = |seed: u64| {
        let mut ensemble = Ensemble::new(&scenario, 1_000 + seed, Some(2), &[], &|_| {}).unwrap();
        ensemble.extend_to(8);
        let estimates = ensemble.runs().estimates();
        let holding = |name: &str, truth: f64| {
            let estimate = estimates.iter().find(|estimate| estimate.name == name).unwrap();
            estimate.interval.unwrap().holds(truth)
        };
        // The median of an exponential sojourn of 100 ms on average is 100 ln 2.
        [holding("mean", 100.0), holding("goodput", 10.0), holding("p50", 100.0 * 2f64.ln())]
    };
    let mut held = [0; 3];
    for found in (0..REPETITIONS).map(holds) {
        held.iter_mut().zip(found).for_each(|(held, found)| *held += u32::from(found));
    }
    // Four standard deviations of a binomial of 250 at 0.95 are 13.8 around 237.5.
    println!("of {REPETITIONS} intervals {held:?} hold the mean, the goodput and the median");
    for held in held {
        assert!((224..=250).contains(&held), "{held} of {REPETITIONS} intervals hold the truth");
    }
}

/// One server that is busy most of the time, with `service` as its service time.
fn desk(service: &str) -> String {
    format!(
        "duration = \"120s\"\n[traffic.all]\nrate = \"30/s\"\n[request.call]\nsteps = [{{ service = \"desk\" }}]\n\
         [service.desk]\nservers = 1\ntime = \"{service}\"\n[objectives]\nlatency = \"p90 < 120ms\"\n"
    )
}

fn compared(a: &str, b: &str) -> Comparison {
    Comparison::of(&runs(a, 1, 8, 2), &runs(b, 1, 8, 2))
}

#[test]
fn a_scenario_does_not_differ_from_itself() {
    let comparison = Comparison::of(&runs(&shop(), 1, 3, 2), &runs(&shop(), 1, 3, 2));
    assert!(comparison.figures.len() > 30);
    for figure in &comparison.figures {
        assert_eq!((figure.difference, figure.word), (0.0, Word::Same), "{}", figure.name);
        assert_eq!(figure.interval.unwrap().half_width, 0.0);
    }
    assert!(comparison.objectives.iter().all(|both| both.word != Word::Better && both.word != Word::Worse));
    assert_eq!((comparison.only.a.len(), comparison.only.b.len()), (0, 0));
}

#[test]
fn a_clear_improvement_is_better_and_common_numbers_make_it_clearer() {
    let comparison = compared(&desk("exponential 25ms"), &desk("exponential 23ms"));
    let of = |name: &str| comparison.figures.iter().find(|figure| figure.name == name).unwrap();
    for name in ["mean", "p50", "p90", "p99"] {
        let figure = of(name);
        assert_eq!(figure.word, Word::Better, "{figure:?}");
        // Both have the same arrivals, and the same demands except for their scale.
        assert!(figure.correlation.unwrap() > 0.9, "{figure:?}");
        assert!(figure.interval.unwrap().half_width < figure.unpaired_half_width.unwrap(), "{figure:?}");
    }
    assert_eq!((of("arrived").difference, of("arrived").word), (0.0, Word::Same));
    let backwards = compared(&desk("exponential 23ms"), &desk("exponential 25ms"));
    let mean = backwards.figures.iter().find(|figure| figure.name == "mean").unwrap();
    assert_eq!((mean.word, mean.difference), (Word::Worse, -of("mean").difference));
}

#[test]
fn an_objective_that_is_met_at_last_is_better() {
    let comparison = compared(&desk("exponential 30ms"), &desk("exponential 10ms"));
    assert_eq!(comparison.objectives[0].word, Word::Better);
    let page = anstream::adapter::strip_str(&report::comparison(&comparison, Paper::default())).to_string();
    assert!(page.contains("  better  latency p90 < 120ms  missed"), "{page}");
}

/// Positions and spellings differ between files. The same services in another order are the same services, and a second
/// is a thousand milliseconds.
#[test]
fn figures_and_objectives_of_two_scenarios_meet_by_what_they_are_about() {
    let quick = "[service.quick]\nservers = 1\ntime = \"exponential 20ms\"\n";
    let slow = "[service.slow]\nservers = 1\ntime = \"exponential 100ms\"\n";
    let day = |services: [&str; 2], second: &str| {
        format!(
            "duration = \"2m\"\n[traffic.all]\nrate = \"5/s\"\n[request.call]\n\
             steps = [{{ service = \"quick\" }}, {{ service = \"slow\" }}]\n{}\
             [objectives]\nlatency = [\"p99 < {second}\", \"max <= {second}\"]\nheadroom = \"of slow > 9\"\n",
            services.concat()
        )
    };
    let comparison = compared(&day([quick, slow], "1s"), &day([slow, quick], "1000ms"));
    for figure in &comparison.figures {
        assert_eq!(figure.word, Word::Same, "{figure:?}");
    }
    assert!(comparison.only.a.is_empty() && comparison.only.b.is_empty(), "{:?}", comparison.only);
    let wait = Quantity::figure("wait", Some(1), None).unwrap();
    assert_eq!(comparison.figure(&wait).unwrap().name, "wait at slow");
    let objectives: Vec<&str> = comparison.objectives.iter().map(|both| both.objective.as_str()).collect();
    assert_eq!(objectives, ["latency p99 < 1s", "latency max <= 1s", "headroom of slow > 9"]);
    assert!(comparison.objectives.iter().all(|both| both.a.interval == both.b.interval));
    assert!(comparison.objectives.iter().all(|both| both.a.standing == both.b.standing));
    let other = compared(&day([quick, slow], "1s"), &day([slow, quick], "2s"));
    assert_eq!(other.objectives.len(), 1, "another limit is another objective");
}

/// With two runs, Student's t is 12.7: beyond the 99th percentile the interval would end far above every latency.
#[test]
fn two_runs_have_no_interval_beyond_the_99th_percentile() {
    let of = |count, quantile| {
        let outcome = runs(&shop(), 3, count, 2);
        outcome.estimate(&Quantity::Latency { class: None, quantile }).unwrap().interval
    };
    assert!(of(2, 0.99).is_some() && of(3, 0.999).is_some());
    assert_eq!(of(2, 0.999), None);
}
