//! The front door of the library: what it returns is what the modules below it return, and every error is one type.

use std::time::Duration;

use simcap::objective::quantity::Quantity;
use simcap::own::{Arrival, Run};
use simcap::{Error, Simulation};

const DESK: &str = r#"
duration = "10m"
runs = 3
seed = 5
traffic.callers.rate = "20/s"
request.call.steps = [{ service = "desk" }]
service.desk = { servers = 1, time = "exponential 40ms" }
"#;

#[test]
fn a_simulation_runs_as_its_scenario_says_unless_told_otherwise() {
    let scenario = simcap::parse(DESK, &["service.desk.servers=2"]).unwrap();
    let outcome = Simulation::of(&scenario).threads(1).run().unwrap();
    assert_eq!((outcome.runs.count, outcome.scenario.seed), (3, 5));
    let one = Simulation::of(&scenario).runs(1).seed(9).run().unwrap();
    let same = simcap::simulate(&scenario, 9, &mut |_| {});
    assert_eq!(simcap::report::to_json(&one), simcap::report::to_json(&same));
}

#[test]
fn a_page_has_no_colour_and_saved_files_can_be_read_again() {
    let outcome = Simulation::of(&simcap::parse(DESK, &[]).unwrap()).run().unwrap();
    let page = simcap::page(&outcome);
    assert!(page.contains("desk") && !page.contains('\u{1b}'));
    let folder = tempfile::tempdir().unwrap();
    let files = simcap::save(&outcome, folder.path()).unwrap();
    let read = simcap::report::read(&files[0]).unwrap();
    assert_eq!(simcap::page(&read), page);
    assert!(matches!(simcap::save(&outcome, folder.path().join("none/there")), Err(Error::Report(_))));
}

#[test]
fn every_error_is_one_type() {
    let problems = simcap::parse("duration = 3", &[]).unwrap_err();
    assert!(matches!(problems, Error::Scenario(_)) && problems.to_string().contains("duration"));
    assert!(matches!(simcap::load("no such file.toml", &[]), Err(Error::Scenario(_))));
    let scenario = simcap::parse(DESK, &["traffic.callers.rate=\"20000/s\""]).unwrap();
    let ended = Simulation::of(&scenario).max_time(Duration::ZERO).run().unwrap_err();
    assert!(matches!(&ended, Error::Ended { .. }) && ended.to_string().contains("0 of 3 runs are complete"));
}

/// One request each second, of one class after the other.
fn in_turn(run: &Run) -> impl Iterator<Item = Arrival> + use<> {
    let seconds = (1..run.length().as_secs()).map(Duration::from_secs);
    seconds.map(|second| Arrival::at(second).of(if second.as_secs() % 3 == 0 { "report" } else { "call" }))
}

const CLASSES: &str = r#"
duration = "10m"
runs = 2
traffic.callers = { rate = "1/s", requests = { call = 1, report = 1 } }
request.call.steps = [{ service = "desk" }]
request.report.steps = [{ service = "desk" }]
service.desk = { servers = 1, time = "100ms" }
"#;

#[test]
fn a_program_says_when_requests_come_and_what_they_ask_for() {
    let scenario = simcap::parse(CLASSES, &[]).unwrap().with_arrivals("callers", in_turn).unwrap();
    let outcome = Simulation::of(&scenario).run().unwrap();
    let arrived: Vec<f64> = outcome.classes.iter().map(|class| class.requests.arrived).collect();
    assert_eq!(arrived, [400.0, 199.0]);
    // Nobody meets another one, so each takes as long as its service.
    assert_eq!((outcome.latency_ms.max, outcome.requests.completed), (100.0, 599.0));
    let row_s = outcome.timeline.time_s[1];
    assert!((outcome.timeline.offered.iter().sum::<f64>() * row_s - 599.0).abs() < 1e-6);
}

/// A Poisson process of the random numbers of the source is the one of the file, to the nanosecond.
#[test]
fn arrivals_of_a_program_are_those_of_the_file_where_they_are_the_same_process() {
    let file = simcap::parse(DESK, &[]).unwrap();
    let poisson = |run: &Run| {
        let (mut random, mut now) = (run.random(), Duration::ZERO);
        std::iter::repeat_with(move || {
            now += random.exponential(Duration::from_millis(50));
            Arrival::at(now)
        })
    };
    let own = file.clone().with_arrivals("callers", poisson).unwrap();
    let count = |scenario| Simulation::of(scenario).run().unwrap().requests.arrived;
    assert_eq!(count(&own), count(&file));
    let told =
        |threads| simcap::report::to_json(&Simulation::of(&own).runs(5).threads(threads).run().unwrap());
    assert_eq!(told(1), told(4));
    // Under the same seeds both differ by next to nothing, as the gaps are whole nanoseconds here.
    let both = simcap::compare(&file, &own).unwrap();
    let p99 = both.figure(&Quantity::Latency { class: None, quantile: 0.99 }).unwrap();
    assert!((p99.a / p99.b - 1.0).abs() < 0.01, "{} {}", p99.a, p99.b);
}

/// The desk does ten a second, and one comes each second: it is full at ten times that.
#[test]
fn a_search_sends_a_multiple_of_what_a_program_gives() {
    let scenario =
        simcap::parse(CLASSES, &["duration=2m"]).unwrap().with_arrivals("callers", in_turn).unwrap();
    let found = simcap::headroom(&scenario).unwrap();
    let full = found.failing().into_iter().next().expect("the desk is full at some multiple");
    let (holds, fails) = (full.between.holds.unwrap(), full.between.fails.unwrap());
    assert!(holds < 10.5 && fails > 9.5, "{holds} to {fails}");
}

#[test]
fn what_a_program_gives_is_checked() {
    let scenario = simcap::parse(CLASSES, &["users.few={count=1,requests=\"call\",think=\"1s\"}"]).unwrap();
    let none = scenario.clone().with_arrivals("shoppers", in_turn).unwrap_err().to_string();
    assert!(none.contains("no [traffic.shoppers]") && none.contains("there is `callers`"), "{none}");
    let users = scenario.clone().with_arrivals("few", in_turn).unwrap_err().to_string();
    assert!(users.contains("[users.few] cannot be given"), "{users}");
    let back = |_: &Run| [2, 1].map(|second| Arrival::at(Duration::from_secs(second)));
    let back = scenario.clone().with_arrivals("callers", back).unwrap();
    let error = Simulation::of(&back).seed(9).run().unwrap_err();
    assert!(matches!(error, Error::Own(_)));
    assert!(error.to_string().contains("arrival 2 of traffic `callers` under seed 9 comes at 1s"), "{error}");
    let strange = |_: &Run| [Arrival::at(Duration::ZERO).of("order")];
    let strange = scenario.with_arrivals("callers", strange).unwrap();
    let (one, all) = (Simulation::of(&strange).threads(1).run(), Simulation::of(&strange).threads(4).run());
    let (one, all) = (one.unwrap_err().to_string(), all.unwrap_err().to_string());
    assert!(one.contains("`order`, which is no class") && one == all, "{one} {all}");
}
