//! What the numbers of a file have to be so that runs do what was measured: known numbers of simulated logs are found.

mod coverage;
pub mod log;
mod page;

use log::Log;
use simcap::calibrate::{CalibrateError, Calibration, HoldOut, Number, Wanted};
use simcap::guard::Guard;
use simcap::scenario;

/// A shop of two classes whose traffic moves apart: its demands are guesses.
pub const SHOP: &str = r#"
name = "Shop"
duration = "20m"
[traffic.people]
rate = [["0s", "10/s"], ["10m", "30/s"], ["20m", "12/s"]]
requests = "home"
[traffic.buyers]
rate = [["0s", "8/s"], ["5m", "3/s"], ["15m", "9/s"], ["20m", "5/s"]]
requests = "order"
[request.home]
via = "web"
steps = [{ cpu = "exponential 5ms" }, { delay = "lognormal 30ms cv 0.5" }]
[request.order]
via = "web"
steps = [{ cpu = "exponential 30ms" }]
[fleet.web]
instance = { vcpus = 1, memory = "4 GiB", strength = 1 }
instances = 1
"#;

/// What is true of it.
pub const TRUTH: [&str; 3] = [
    "request.home.steps.0.cpu=exponential 10ms",
    "request.home.steps.1.delay=lognormal 20ms cv 0.5",
    "request.order.steps.0.cpu=exponential 24ms",
];

pub const CPU: [&str; 3] = ["requests of home", "requests of order", "cpu_percent of web"];

/// Fits a log.
pub fn calibrate(
    log: &Log,
    inputs: &[&str],
    hold_out: &str,
    runs: u64,
) -> Result<Calibration, CalibrateError> {
    let scenario = scenario::load(&log.file(), &[]).unwrap();
    let wanted = Wanted {
        file: log.file(),
        overrides: Vec::new(),
        inputs: inputs.iter().map(|it| (*it).to_owned()).collect(),
        hold_out: hold_out.parse::<HoldOut>().unwrap(),
        seeds: (1..=runs).collect(),
        threads: None,
    };
    Calibration::of(&scenario, &log.measured, &wanted, &Guard::new(None, None), &|_| {})
}

pub fn number<'a>(found: &'a Calibration, path: &str) -> &'a Number {
    found
        .numbers
        .iter()
        .find(|it| it.path == path)
        .unwrap_or_else(|| panic!("no {path}: {:?}", found.numbers))
}

/// The utilisation law alone: 10 ms are twice 5 ms, and 24 ms are 0.8 times 30 ms.
#[test]
fn demands_come_out_of_cpu_and_requests() {
    let log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_001);
    let found = calibrate(&log, &[], "25%", 1).unwrap();
    for (path, expected) in [("request.home.steps.0.cpu", 2.0), ("request.order.steps.0.cpu", 0.8)] {
        let factor = number(&found, path).factor.unwrap();
        assert!(factor.low < expected && expected < factor.high, "{path}: {factor:?}");
        assert!((factor.value / expected - 1.0).abs() < 0.1, "{path}: {factor:?}");
    }
    assert_eq!(found.numbers.len(), 2, "nothing tells of the delay");
    assert!(found.notes.iter().any(|it| it.contains("`request.home.steps.1.delay`")), "{:?}", found.notes);
    assert_eq!(found.held_out, (30..40).collect::<Vec<_>>());
    let cpu = found.figures.iter().find(|it| it.of.to_string() == "cpu_percent of web").unwrap();
    let (before, after) = (cpu.before.unwrap().mean, cpu.held_out.unwrap().mean);
    assert!(after < 0.75 * before && after < 4.0, "{before} {after}");
    assert!(found.utilisation[0].explained > 0.8);
}

/// Both classes come at the same times: only what they take together is known.
#[test]
fn classes_that_come_together_are_not_told_apart() {
    let together = SHOP.replace(
        "[\"0s\", \"8/s\"], [\"5m\", \"3/s\"], [\"15m\", \"9/s\"], [\"20m\", \"5/s\"]",
        "[\"0s\", \"5/s\"], [\"10m\", \"15/s\"], [\"20m\", \"6/s\"]",
    );
    let mut log = Log::of(&together, &TRUTH, &CPU, 30.0, 1_002);
    let home = log.measured.columns[0].values.clone();
    log.measured.columns[1].values = home.iter().map(|it| it.map(|it| it / 2.0)).collect();
    let found = calibrate(&log, &[], "none", 1).unwrap();
    let note = found.notes.iter().find(|it| it.contains("cannot be told apart")).unwrap();
    assert!(note.contains("`request.home.steps.0.cpu` and `request.order.steps.0.cpu`"), "{note}");
    let (home, order) =
        (number(&found, "request.home.steps.0.cpu"), number(&found, "request.order.steps.0.cpu"));
    assert_eq!(home.factor, order.factor);
    assert_eq!(home.together, ["request.order.steps.0.cpu"]);
    // 2 × 10 ms + 24 ms are 1.1 times 2 × 5 ms + 30 ms.
    let factor = home.factor.unwrap();
    assert!((factor.value / 1.1 - 1.0).abs() < 0.08, "{factor:?}");
}

/// Runs find what no regression sees: a delay and how it is spread.
#[test]
fn delays_and_their_spread_come_out_of_latencies() {
    let figures = [&CPU[..], &["mean_ms of home", "p50_ms of home", "p95_ms of home"]].concat();
    let truth = [TRUTH[0], "request.home.steps.1.delay=lognormal 20ms cv 0.8", TRUTH[2]];
    let log = Log::of(SHOP, &truth, &figures, 30.0, 1_003);
    let found = calibrate(&log, &["request.home.steps.1.delay"], "25%", 2);
    // The demands of the file are wrong, and are not fitted here.
    assert!(found.is_ok());
    let found = calibrate(&log, &["request.home", "request.order"], "25%", 2).unwrap();
    let delay = number(&found, "request.home.steps.1.delay");
    let (factor, cv) = (delay.factor.unwrap(), delay.cv.unwrap());
    assert!((factor.value * 1.5 - 1.0).abs() < 0.15, "{factor:?}");
    assert!((cv.value / 0.8 - 1.0).abs() < 0.3, "{cv:?}");
    assert!(delay.text.as_ref().unwrap().starts_with("lognormal "), "{delay:?}");
    assert_eq!(delay.from, ["latencies of home"]);
    let off = |of: &str| {
        let it = found.figures.iter().find(|it| it.of.to_string() == of).unwrap();
        (it.before.unwrap().mean, it.held_out.unwrap().mean)
    };
    let (before, after) = off("p50_ms of home");
    assert!(after < 0.1 && after < before, "{before} {after}");
}

/// A quarter of the recording has an incident, of which the file knows nothing: numbers are as without it, and it is named.
#[test]
fn an_incident_in_the_recording_does_not_bend_numbers() {
    let figures = [&CPU[..], &["mean_ms of home", "p50_ms of home", "p95_ms of home"]].concat();
    let mut log = Log::of(SHOP, &TRUTH, &figures, 30.0, 1_005);
    for of in ["mean_ms of home", "p50_ms of home", "p95_ms of home"] {
        log.change(of, 12, |ms| 3.0 * ms);
        log.change(of, 20, |ms| ms / 3.0);
    }
    let found = calibrate(&log, &["request.home", "request.order"], "none", 2).unwrap();
    let delay = number(&found, "request.home.steps.1.delay").factor.unwrap();
    assert!((0.5..0.85).contains(&delay.value), "{delay:?}");
    let note = found.notes.iter().find(|it| it.contains("count less in the fit"));
    assert!(note.is_some_and(|it| it.contains("6:00–10:00")), "{:?}", found.notes);
}

/// Latencies in seconds, and CPU as a share of one.
#[test]
fn other_units_are_doubted() {
    let figures = [&CPU[..], &["mean_ms of home", "p50_ms of home"]].concat();
    let mut log = Log::of(SHOP, &TRUTH, &figures, 30.0, 1_006);
    log.change("mean_ms of home", 0, |ms| ms / 1e3);
    log.change("cpu_percent of web", 0, |percent| percent / 100.0);
    let found = calibrate(&log, &["request.home", "request.order"], "none", 1).unwrap();
    let doubts = |of: &str| found.notes.iter().any(|it| it.contains(of) && it.ends_with('?'));
    assert!(doubts("mean_ms of home") && doubts("cpu_percent of web"), "{:?}", found.notes);
    assert!(!doubts("p50_ms of home"), "{:?}", found.notes);
}

/// From the twentieth period on requests wait for something that the file does not have.
#[test]
fn what_the_file_does_not_have_is_told_with_its_begin() {
    let figures = [&CPU[..], &["mean_ms of home", "p50_ms of home"]].concat();
    let mut log = Log::of(SHOP, &TRUTH, &figures, 30.0, 1_004);
    log.change("p50_ms of home", 30, |ms| 1.6 * ms);
    log.change("mean_ms of home", 30, |ms| 1.6 * ms);
    let found = calibrate(&log, &[], "25%", 2).unwrap();
    let told: Vec<&str> = found.misfits.iter().map(|it| it.sentence.as_str()).collect();
    let of_home =
        told.iter().find(|it| it.starts_with("p50 of home was ")).unwrap_or_else(|| panic!("{told:?}"));
    assert!(of_home.contains(" above the prediction from 15:00 on"), "{of_home}");
    assert!(of_home.contains("something that the file does not have"), "{of_home}");
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 1_005);
    let unknown = calibrate(&log, &["request.home.steps.0.cpus"], "25%", 1).unwrap_err();
    assert_eq!(unknown.hint().unwrap(), "did you mean `request.home.steps.0.cpu`?");
    for path in ["traffic.people.rate", "traffic.people"] {
        let curve = calibrate(&log, &[path], "25%", 1).unwrap_err();
        assert!(matches!(curve, CalibrateError::Curve { .. }), "{path}: {curve}");
    }
    let only_requests = Log::of(SHOP, &TRUTH, &CPU[..2], 30.0, 1_005);
    assert!(matches!(calibrate(&only_requests, &[], "25%", 1), Err(CalibrateError::Nothing { .. })));
    let few = Log::of(SHOP, &TRUTH, &CPU, 200.0, 1_005);
    assert!(matches!(calibrate(&few, &[], "50%", 1), Err(CalibrateError::Few { periods: 3 })));
}
