//! The front door of the library: what it returns is what the modules below it return, and every error is one type.

use std::time::Duration;

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
