//! Files that are no scenario, or cannot be read more than once: they are called what they are, and nothing waits for ever.

use std::fs;
use std::time::Duration;

use super::{Place, text};

/// A command that has to end by itself; its exit code, and what it says.
fn said(place: &Place, args: &[&str]) -> (Option<i32>, String) {
    let command = place.simcap();
    let mut command = assert_cmd::Command::from_std(command);
    let output = command.args(args).timeout(Duration::from_secs(60)).output().unwrap();
    (output.status.code(), text(&output.stderr))
}

#[test]
fn a_study_that_is_given_as_a_scenario_says_what_runs_it() {
    let place = Place::new();
    fs::write(place.path("study.toml"), "scenario = \"shop.toml\"\naxes = [\"service.desk.servers=2..3\"]\n")
        .unwrap();
    for args in [
        &["run", "study.toml"][..],
        &["check", "study.toml"],
        &["compare", "study.toml"],
        &["compare", "shop.toml", "study.toml"],
        &["headroom", "study.toml"],
        &["sensitivity", "study.toml"],
    ] {
        let (code, said) = said(&place, args);
        assert_eq!(code, Some(2), "{args:?}: {said}");
        assert!(
            said.contains("this is a study of a scenario") && said.contains("`simcap sweep study.toml`"),
            "{said}"
        );
        assert!(!said.contains("missing key"), "{said}");
    }
    // What has traffic of its own is a scenario with a key that it cannot have.
    let shop = fs::read_to_string(place.path("shop.toml")).unwrap();
    fs::write(place.path("odd.toml"), format!("scenario = \"shop.toml\"\n{shop}")).unwrap();
    assert!(said(&place, &["check", "odd.toml"]).1.contains("unknown key `scenario`"));
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_ends_at_once() {
    let place = Place::new();
    let made = std::process::Command::new("mkfifo").arg(place.path("pipe.toml")).status();
    assert!(made.unwrap().success());
    for args in [&["run", "pipe.toml"][..], &["check", "pipe.toml"]] {
        let (code, said) = said(&place, args);
        assert!(code == Some(2) && said.contains("it is a pipe with a name"), "{args:?}: {said}");
    }
    fs::write(place.path("study.toml"), "scenario = \"pipe.toml\"\n").unwrap();
    for args in [
        &["sweep", "pipe.toml", "--set", "service.desk.servers=2..3"][..],
        &["plan", "pipe.toml", "--set", "service.desk.servers=2..3"],
        &["sensitivity", "pipe.toml"],
        &["sweep", "study.toml"],
        &["sweep", "/dev/stdin"],
    ] {
        let (code, said) = said(&place, args);
        assert!(code == Some(2) && said.contains("is no file"), "{args:?}: {said}");
        assert!(said.contains("it is read again for each point"), "{said}");
    }
    // What an axis names is read as a scenario reads it.
    let set = "service.desk.time=empirical pipe.toml,exponential 20ms";
    let (code, _) = said(&place, &["sweep", "shop.toml", "--runs", "1", "--set", set]);
    let table = fs::read_to_string(place.path("out/shop/sweep/sweep.csv")).unwrap();
    assert!(code == Some(0) && table.contains("not a file"), "{table}");
}
