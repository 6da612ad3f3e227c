//! Interrupted runs: how the command ends, and what it keeps and reports.

use std::fs;
use std::process::Output;
use std::time::Duration;

use simcap::outcome::Outcome;
use simcap::report;

use super::{Place, SCENARIO, code, text};

/// A year of requests, more than any test can wait for.
fn endless() -> String {
    SCENARIO.replace("60s", "365d").replace("20/s", "20000/s").replace("exponential 20ms", "20us")
}

/// Runs a command that must end by itself; otherwise the test stops it.
fn run(place: &Place, args: &[&str]) -> Output {
    place.simcap().args(args).timeout(Duration::from_secs(120)).output().unwrap()
}

fn stored(place: &Place, folder: &str) -> Outcome {
    report::read(&place.dir.path().join("out").join(folder).join("outcome.json")).unwrap()
}

#[test]
fn memory_has_a_budget_and_the_queue_that_grew_is_named() {
    let place = Place::new();
    // One server of 1 ms cannot serve 100,000 requests a second, and no request times out.
    let overload = endless().replace("20000/s", "100000/s").replace("20us", "1ms");
    place.file("shop.toml", &overload);
    let output = run(&place, &["run", "shop.toml", "--no-charts", "--runs", "1", "--max-memory", "60 MiB"]);
    let said = text(&output.stderr);
    assert_eq!(code(&output), Some(1), "{said}");
    for part in ["of memory, and 60 MiB are allowed", "0 of 1 run is complete", "at desk", "--max-memory"] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let outcome = stored(&place, "shop");
    assert!(text(&output.stdout).contains("Partial"), "{}", text(&output.stdout));
    let partial = outcome.partial.unwrap();
    assert_eq!((partial.runs_planned, partial.duration_planned_s), (1, 365.0 * 86_400.0));
    assert!(outcome.scenario.duration_s > 0.0 && outcome.scenario.duration_s < 3_600.0);
    let requests = outcome.requests;
    assert!(requests.in_flight > 0.9 * requests.arrived && requests.arrived > 100_000.0, "{requests:?}");
    // All unfinished requests are reported where they are.
    let told = said.lines().find_map(|line| line.trim().strip_suffix(" at desk")).unwrap();
    assert_eq!(told.replace(',', "").parse::<f64>().unwrap(), requests.in_flight, "{said}");
}

#[test]
fn what_does_not_fit_is_not_begun() {
    let place = Place::new();
    let text_of_many = "duration = \"1m\"\nusers.all = { count = 10000000, think = \"10s\" }\n\
                        request.r.steps = [{ delay = \"1ms\" }]\n";
    place.file("shop.toml", text_of_many);
    let output = run(&place, &["run", "shop.toml", "--max-memory", "100 MB", "--runs", "2"]);
    let said = text(&output.stderr);
    assert_eq!(code(&output), Some(1), "{said}");
    assert!(said.contains("0 of 2 runs are complete; the next one was not begun"), "{said}");
    assert!(!place.dir.path().join("out").exists(), "nothing is left, not even a folder");
}

#[test]
fn time_has_a_limit_for_every_command_that_runs_for_long() {
    let place = Place::new();
    place.file("shop.toml", &format!("{}\n[objectives]\nlatency = \"p99 < 10s\"\n", endless()));
    for args in [
        &["run", "shop.toml", "--no-charts", "--quiet"][..],
        &["compare", "shop.toml", "--set-b", "seed=2"],
        &["headroom", "shop.toml"],
    ] {
        let output = run(&place, &[args, &["--max-time", "200ms"]].concat());
        let said = text(&output.stderr);
        assert_eq!(code(&output), Some(1), "{args:?}: {said}");
        assert!(
            said.contains("it takes longer than the 200ms allowed") && said.contains("of 8760h"),
            "{said}"
        );
    }
    assert!(stored(&place, "shop").partial.unwrap().reason.contains("longer than the 200ms"));
    // What is met in a part of it is not decided.
    for args in [&["report", "out/shop", "--quiet"][..], &["report", "out/shop"]] {
        let report = run(&place, args);
        let page = text(&report.stdout);
        assert!(page.contains("Objectives: met so far, in the first "), "{page}");
        assert_eq!(code(&report), Some(1), "{page}");
    }
    for wrong in [["--max-time", "soon"], ["--max-memory", "much"]] {
        assert_eq!(code(&run(&place, &[&["run", "shop.toml"], &wrong[..]].concat())), Some(2), "{wrong:?}");
    }
}

#[test]
fn a_comparison_that_is_ended_tells_what_is_known_of_each() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    // A is done at once, B never ends.
    let both = ["compare", "shop.toml", "--set-b", "duration=365d", "--runs", "2", "--max-time", "3s"];
    let output = run(&place, &both);
    let page = text(&output.stdout);
    assert_eq!(code(&output), Some(1), "{}", text(&output.stderr));
    let (a, b) = page.split_once("\nB  ").expect("both are there");
    assert!(a.contains("\nA  ") && !a.contains("Partial"), "{a}");
    assert!(b.contains("Partial") && b.contains("of 365d") | b.contains("of 8760h"), "{b}");
    let output = run(&place, &[&both[..], &["--format", "json"]].concat());
    let known: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(known["a"]["runs"]["count"], 2);
    assert!(known["a"].get("partial").is_none() && known["b"]["partial"]["runs_planned"] == 2, "{known}");
    let output = run(&place, &[&both[..], &["--set-a", "duration=365d"]].concat());
    let (page, said) = (text(&output.stdout), text(&output.stderr));
    assert!(page.contains("Partial") && page.contains("\nB  no results yet"), "{page}{said}");
}

#[test]
fn a_search_that_is_ended_tells_what_is_known_so_far() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    // Each multiple ends by itself; together they take far longer than the limit.
    let args = ["headroom", "shop.toml", "--set", "duration=20h", "--runs", "1", "--precision", "0.1%"];
    let output = run(&place, &[&args[..], &["--up-to", "4", "--max-time", "6s"]].concat());
    let (page, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(code(&output), Some(1), "{said}");
    assert!(
        page.contains("Partial  the search was ended early: it takes longer than the 6s allowed"),
        "{page}"
    );
    assert!(page.contains("Multiples that were run"), "{page}");
}

#[test]
fn limits_that_are_not_reached_change_no_byte() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let plain = run(&place, &["run", "shop.toml", "--format", "json"]);
    let limited = ["run", "shop.toml", "--format", "json", "--max-memory", "100 GiB", "--max-time", "1h"];
    assert_eq!(plain.stdout, run(&place, &limited).stdout);
    assert_eq!(plain.stdout, run(&place, &[&limited[..4], &["--max-memory", "none"]].concat()).stdout);
}

#[cfg(target_os = "linux")]
mod signals {
    use rustix::process::{Pid, Signal, kill_process};

    use super::*;
    use crate::cli::binary;
    use crate::signals::{is_caught, is_ignored};

    /// Sends a signal to a command once it catches the signal, and waits for its end.
    fn signalled(place: &Place, args: &[&str], signal: Signal) -> (Option<i32>, String, String) {
        let child = std::process::Command::new(binary(place))
            .args(args)
            .current_dir(place.dir.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        while !is_caught(child.id(), signal) {
            std::thread::sleep(Duration::from_millis(5));
        }
        kill_process(Pid::from_child(&child), signal).unwrap();
        let output = child.wait_with_output().unwrap();
        let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| text(bytes).to_owned());
        (output.status.code(), stdout, stderr)
    }

    const RUN: [&str; 5] = ["run", "shop.toml", "--no-charts", "--runs", "3"];

    /// The two numbers in `0 of 2 files` (or cases).
    fn counted(said: &str, what: &str) -> [usize; 2] {
        let before = said.split(what).next().unwrap();
        let words: Vec<&str> = before.split_whitespace().rev().take(3).collect();
        [words[2], words[0]]
            .map(|word| word.parse().unwrap_or_else(|_| panic!("no count of {what} in {said}")))
    }

    #[test]
    fn a_check_of_determinism_that_is_ended_says_how_far_it_came() {
        for (signal, expected) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            if is_ignored(signal) {
                continue;
            }
            let place = Place::new();
            place.scenario("p99 < 10s");
            place.file("long.toml", &endless());
            let args = ["check", "--determinism", "shop.toml", "long.toml", "shop.toml", "-q"];
            let (code, page, said) = signalled(&place, &args, signal);
            assert_eq!(code, Some(expected), "{said}");
            assert!(said.contains("the check was ended: the process got the signal"), "{said}");
            let [checked, of] = counted(&said, " files ");
            assert!(checked <= 1 && of == 3, "{said}");
            let verdicts = page.lines().filter(|line| line.starts_with("ok  shop.toml")).count();
            assert_eq!((page.lines().count(), verdicts), (checked, checked), "{page}");
            assert!(said.contains("the two runs of ") && said.contains(" equal events up to "), "{said}");
            // The results of the other files are still a whole document.
            let args = ["check", "--determinism", "long.toml", "--format", "json"];
            let (code, page, said) = signalled(&place, &args, signal);
            assert_eq!((code, page.trim()), (Some(expected), "[]"), "{said}");
        }
    }

    #[test]
    fn a_validation_that_is_ended_shows_the_cases_that_are_judged() {
        for (signal, expected) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            if is_ignored(signal) {
                continue;
            }
            let place = Place::new();
            for args in [&["validate"][..], &["validate", "--coverage"]] {
                let (code, page, said) = signalled(&place, args, signal);
                assert_eq!(code, Some(expected), "{args:?}: {said}");
                assert!(said.contains("the validation was ended: the process got the signal"), "{said}");
                assert!(page.contains("Partial  ended early: the process got the signal"), "{page}");
            }
            let (code, page, said) = signalled(&place, &["validate", "--format", "json"], signal);
            let known: serde_json::Value = serde_json::from_str(&page).unwrap();
            let [cases, planned] = counted(&said, " cases ");
            assert_eq!(code, Some(expected), "{said}");
            assert_eq!(known["partial"]["cases"], cases);
            assert_eq!(known["partial"]["cases_planned"], planned);
            let families = known["families"].as_array().unwrap();
            let judged: usize = families.iter().map(|family| family["cases"].as_array().unwrap().len()).sum();
            assert!(judged == cases && planned > 200 && cases < planned, "{said}");
        }
    }

    #[test]
    fn a_signal_keeps_what_is_there() {
        for (signal, expected, word) in [
            (Signal::INT, 130, "the process got the signal SIGINT, as from Ctrl-C"),
            (Signal::TERM, 143, "the process got the signal SIGTERM"),
            (Signal::HUP, 129, "the process got the signal SIGHUP"),
        ] {
            if is_ignored(signal) {
                continue;
            }
            let place = Place::new();
            place.file("shop.toml", &endless());
            let (code, page, said) = signalled(&place, &RUN, signal);
            assert_eq!(code, Some(expected), "{said}");
            assert!(said.contains(word) && said.contains("0 of 3 runs are complete"), "{said}");
            assert!(page.contains("Partial") && page.contains(word), "{page}");
            let outcome = stored(&place, "shop");
            assert!(outcome.partial.unwrap().reason == word && outcome.requests.arrived > 0.0);
        }
    }

    #[test]
    fn a_whole_outcome_is_not_replaced_by_a_part() {
        let place = Place::new();
        place.scenario("p99 < 10s");
        run(&place, &["run", "shop.toml", "--no-charts"]);
        let whole = fs::read(place.outcome()).unwrap();
        place.file("shop.toml", &endless());
        let (code, page, _) = signalled(&place, &RUN, Signal::TERM);
        assert_eq!(code, Some(143));
        assert!(page.contains("out/shop+partial/: outcome.json"), "{page}");
        assert_eq!(fs::read(place.outcome()).unwrap(), whole);
        assert!(stored(&place, "shop+partial").partial.is_some());
    }
}
