//! A station with one server, of which theory knows everything: an M/M/1 queue.
//!
//! 10 requests per second, 50 ms each: half of the time is busy. The time of a request is exponential with the rate 1/50 ms - 10/s = 10/s, so its
//! mean is 100 ms and its 99th percentile ln(100) / (10/s) = 460.5 ms.

use std::ops::ControlFlow;
use std::path::Path;

use super::*;
use crate::comparison::Word;
use crate::ensemble::Told;
use crate::guard::Guard;
use crate::outcome::digest::digest;
use crate::scenario::{self, inputs};
use crate::study::Store;

const STATION: &str = r#"
    name = "Station"
    duration = "30m"
    warmup = "1m"
    runs = 6
    traffic.all.rate = "10/s"
    request.call.steps = [{ service = "desk" }]
    service.desk = { servers = 1, time = "exponential 50ms" }
    objectives.latency = "p99 < 600ms"
"#;

fn found(folder: &Path, asked: &[&str], wanted: Wanted) -> (Sensitivity, usize, usize) {
    found_with(folder, &[], asked, wanted)
}

/// What is found, and how many runs were made and kept from before.
fn found_with(folder: &Path, set: &[&str], asked: &[&str], wanted: Wanted) -> (Sensitivity, usize, usize) {
    let file = folder.join("station.toml");
    std::fs::write(&file, STATION).unwrap();
    let set: Vec<String> = set.iter().map(|it| (*it).to_owned()).collect();
    let base = scenario::load(&file, &set).unwrap();
    let asked: Vec<Vary> = asked.iter().map(|it| it.parse().unwrap()).collect();
    let chosen = Chosen::of(inputs::inputs(&file, &set).unwrap(), &asked, 0.2).unwrap();
    let bench = Bench::of(file, set, (None, None), &base);
    let guard = Guard::new(None, None);
    let tell = |_: Told| {};
    let store = Store::open(&folder.join("runs")).unwrap();
    let runner = Runner::new(&base, None, Some(store), &guard, &tell).unwrap();
    let found = Sensitivity::of(&bench, &chosen, &wanted, &runner).unwrap();
    (found, runner.made(), runner.found())
}

fn mean() -> Wanted {
    Wanted { shown: vec!["mean".into()], ..Wanted::default() }
}

/// W = 1 / (1/m - λ). At 8/s and 12/s it is 83.3 ms and 125 ms; with 40 ms and 60 ms of work it is 66.7 ms and 150 ms.
#[test]
fn the_mean_time_of_a_station_changes_as_theory_says() {
    let folder = tempfile::tempdir().unwrap();
    let (found, made, _) = found(folder.path(), &[], mean());
    assert_eq!(made, 5 * 6);
    let paths: Vec<&str> = found.inputs.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["service.desk.time", "traffic.all.rate"], "the larger effect first");
    for (path, low, high) in [("traffic.all.rate", -16.7, 25.0), ("service.desk.time", -33.3, 50.0)] {
        let input = found.inputs.iter().find(|it| it.path == path).unwrap();
        for (side, expected) in [(&input.low, low), (&input.high, high)] {
            let change = side.as_ref().unwrap().change("mean").unwrap();
            let interval = change.runs.interval.unwrap();
            assert!(interval.holds(expected), "{path}: {expected} is not in {interval:?}");
            // Under seeds of their own, six runs could not tell it so well: their means differ by some milliseconds each.
            assert!(interval.half_width < 0.4 * f64::abs(expected), "{path}: {interval:?}");
        }
    }
}

/// Of each run its own p99, subtracted from that of the same seed; the p99 of all requests together follows the worst runs, and says something
/// else.
#[test]
fn the_difference_of_a_percentile_is_the_mean_of_those_of_the_runs() {
    let folder = tempfile::tempdir().unwrap();
    let (found, ..) = found(folder.path(), &["service.desk.time"], Wanted::default());
    let p99_of = |set: &[String]| -> Vec<f64> {
        let scenario = scenario::load(&folder.path().join("station.toml"), set).unwrap();
        let of = |seed: &u64| {
            let run = digest(&scenario, *seed, &mut |_| ControlFlow::Continue(())).unwrap();
            run.figures.iter().find(|it| it.name == "p99").unwrap().value.unwrap()
        };
        found.seeds.iter().map(of).collect()
    };
    let (base, high) = (p99_of(&[]), p99_of(&["service.desk.time=exponential 60ms".into()]));
    let differences: Vec<f64> = base.iter().zip(&high).map(|(base, high)| high - base).collect();
    let change = found.inputs[0].high.as_ref().unwrap().change("p99").unwrap();
    let mean = crate::interval::mean(&differences);
    assert_eq!(change.difference(), mean);
    assert!((change.value - change.base - mean).abs() > 0.01 * mean, "{change:?}");
    let spread = (crate::interval::variance(&differences) / 6.0).sqrt();
    let interval = change.runs.interval.unwrap();
    assert!((interval.half_width / (2.570_582 * spread) - 1.0).abs() < 0.01, "{interval:?}");
    assert_eq!(change.runs.word, Word::Worse);
}

/// p99 < 600 ms holds as long as 1/m - λ > ln(100) / 600 ms = 7.675/s: up to λ = 12.32/s, which is 23 % more, and up to m = 56.6 ms, 13 %
/// more.
#[test]
fn a_margin_is_where_theory_has_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted { margin: true, ..Wanted::default() };
    let (found, ..) = found(folder.path(), &["service", "traffic.all.rate ±40%"], wanted);
    assert!(found.objectives[0].met);
    for (path, limit) in [("service.desk.time", 1.132), ("traffic.all.rate", 1.232)] {
        let input = found.inputs.iter().find(|it| it.path == path).unwrap();
        assert!(input.low.as_ref().unwrap().margin.is_none(), "less is never a problem");
        let margin = input.high.as_ref().unwrap().margin.unwrap();
        assert!(margin.fails - margin.holds <= 0.0101, "{margin:?}");
        assert!((margin.holds - limit).abs() < 0.04, "{path}: {margin:?} {limit}");
    }
    let (input, side, flip) = found.flips().next().unwrap();
    assert_eq!((input.path.as_str(), side.factor, flip.met), ("traffic.all.rate", 1.4, false));
}

/// The effects of both inputs on the mean time are those that theory has on the same ways. What has been run is not run again, nor is what
/// the ways have in common with each other.
#[test]
fn the_effects_along_the_ways_are_those_of_theory() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted { trajectories: 4, ..mean() };
    let (first, made, _) = found(folder.path(), &[], wanted.clone());
    let (again, none, all) = found(folder.path(), &[], wanted);
    assert_eq!((none, again == first), (0, true));
    assert!(made <= all && all == 6 * points(2, 4), "{made} {all}");
    let of = first.morris.unwrap().figures.into_iter().find(|it| it.figure == "mean").unwrap();
    // The rate is the first input of the file, and the time the second one.
    let ways = trajectories(2, 4, 1);
    let times = |place: f64| 0.8 + 0.4 * place;
    let mean_ms = |point: &Vec<f64>| Some(1e3 / (20.0 / times(point[1]) - 10.0 * times(point[0])));
    let answers: Vec<Vec<Option<f64>>> =
        ways.iter().map(|it| it.points.iter().map(mean_ms).collect()).collect();
    let theory = elementary(2, &ways, &answers);
    for (path, theory) in ["traffic.all.rate", "service.desk.time"].iter().zip(theory) {
        let input = of.inputs.iter().find(|it| it.path == *path).unwrap();
        let (mu, sigma) = (crate::interval::mean(&theory), crate::interval::variance(&theory).sqrt());
        assert!((input.mu - mu).abs() < 0.12 * mu && input.mu_star == input.mu, "{mu} {input:?}");
        assert!((input.sigma.unwrap() - sigma).abs() < 0.12 * mu, "{sigma} {input:?}");
        assert_eq!(input.effects, 4);
    }
}

#[test]
fn a_value_that_makes_no_scenario_says_so_and_the_others_run() {
    let folder = tempfile::tempdir().unwrap();
    let asked = ["warmup", "service.desk.time"];
    let (found, ..) = found_with(folder.path(), &["warmup=29m", "runs=1"], &asked, Wanted::default());
    let warmup = found.inputs.iter().find(|it| it.path == "warmup").unwrap();
    let high = warmup.high.as_ref().unwrap();
    assert!(high.problem.is_some() && high.figures.is_empty() && !high.loses(), "{high:?}");
    assert!(warmup.low.as_ref().unwrap().problem.is_none());
    let time = found.inputs.iter().find(|it| it.path == "service.desk.time").unwrap();
    assert!(time.sides().all(|it| it.problem.is_none() && it.change("p99").unwrap().runs.interval.is_none()));
}

/// Three servers ± 20 % are two and four, a third more or less. With two of them the queue grows without end; no whole number lies in between.
#[test]
fn whole_numbers_have_moved_by_what_they_are_then() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted { margin: true, ..Wanted::default() };
    let set = ["service.desk.servers=3", "traffic.all.rate=42/s", "runs=2"];
    let (found, made, _) = found_with(folder.path(), &set, &["service.desk.servers"], wanted);
    let [low, high] = [&found.inputs[0].low, &found.inputs[0].high].map(|it| it.as_ref().unwrap());
    assert_eq!([low, high].map(|it| it.text.as_str()), ["2", "4"]);
    assert_eq!((low.factor, high.factor), (2.0 / 3.0, 4.0 / 3.0));
    assert_eq!(low.margin, Some(Margin { holds: 1.0, fails: 2.0 / 3.0 }));
    assert_eq!(made, 3 * 2, "nothing more was run");
}
