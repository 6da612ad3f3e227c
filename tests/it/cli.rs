//! The command as people and scripts meet it: exit codes, streams, files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A service with one server, half busy for a minute: the smallest scenario that does something.
const SCENARIO: &str = r#"
name = "One server"
region = "ap-northeast-2"
duration = "60s"

[traffic.callers]
rate = "20/s"
requests = { call = 1 }

[request.call]
steps = [ { service = "desk" } ]

[service.desk]
servers = 1
time = "exponential 20ms"
"#;

struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The scenario with an objective that it meets or misses.
    fn scenario(&self, objective: &str) -> PathBuf {
        self.file("shop.toml", &format!("{SCENARIO}\n[objectives]\nlatency = \"{objective}\"\n"))
    }

    fn simcap(&self) -> Command {
        let mut command = Command::cargo_bin("simcap").unwrap();
        command.current_dir(self.dir.path()).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.simcap().args(args).output().unwrap()
    }

    fn outcome(&self) -> PathBuf {
        self.dir.path().join("out/shop/outcome.json")
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn help_and_version_are_fine_and_tell_the_exit_codes() {
    let place = Place::new();
    let help = place.run(&["--help"]);
    assert_eq!(code(&help), Some(0));
    assert!(text(&help.stdout).contains("99  the run missed an objective"));
    let version = place.run(&["--version"]);
    assert_eq!(text(&version.stdout), concat!("simcap ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_bad_command_line_ends_with_2() {
    let place = Place::new();
    for args in [&["fly"][..], &["run"], &["run", "a.toml", "--seed", "soon"], &["check"]] {
        assert_eq!(code(&place.run(args)), Some(2), "{args:?}");
    }
}

#[test]
fn headroom_tells_what_breaks_first() {
    let place = Place::new();
    let file = place.scenario("p99 < 500ms");
    let args = |more: &[&'static str]| {
        let mut args =
            vec!["headroom", file.to_str().unwrap(), "--precision", "20%", "--up-to", "x4", "--runs", "2"];
        args.extend(more);
        args
    };
    let page = place.run(&args(&[]));
    assert_eq!(code(&page), Some(0), "{}", text(&page.stderr));
    for part in ["Breaks first: ", "`latency p99 < 500ms` is missed at ×", "desk saturates at ×", "goodput"]
    {
        assert!(text(&page.stdout).contains(part), "{part}: {}", text(&page.stdout));
    }
    let quiet = place.run(&args(&["--quiet"]));
    assert!(text(&page.stdout).contains(text(&quiet.stdout)) && quiet.stdout.len() < page.stdout.len());
    let json = place.run(&args(&["--format", "json", "--set", "service.desk.servers=40"]));
    let found: simcap::breakpoint::Breakpoints = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(found.scenario.overrides, ["service.desk.servers=40"]);
    assert!(found.failing().is_empty() && found.highest() > 3.0, "{:?}", found.limits);
    assert!(!place.outcome().exists(), "a search leaves no files");
    for bad in [["--precision", "0%"], ["--up-to", "1"], ["--runs", "0"]] {
        assert_eq!(code(&place.run(&[&["headroom", "shop.toml"][..], &bad].concat())), Some(2), "{bad:?}");
    }
    assert_eq!(code(&place.run(&["breakpoint", "none.toml"])), Some(2), "the other name of the command");
}

#[test]
fn a_page_names_the_command_that_finds_the_limits() {
    let place = Place::new();
    let file = place.scenario("p99 < 500ms");
    let page = place.run(&["run", file.to_str().unwrap(), "--no-charts", "--set", "service.desk.servers=2"]);
    let command = text(&page.stdout).lines().last().unwrap().strip_prefix("Limits  simcap ").unwrap();
    let found =
        place.run(&command.split(' ').chain(["--precision", "30%", "--runs", "1"]).collect::<Vec<_>>());
    assert_eq!(code(&found), Some(0), "{command}: {}", text(&found.stderr));
    assert!(text(&found.stdout).contains("--set service.desk.servers=2"));
}

#[test]
fn a_bad_scenario_ends_with_2_and_leaves_nothing() {
    let place = Place::new();
    place.file("bad.toml", &SCENARIO.replace("rate =", "rout ="));
    for args in [["check", "bad.toml"], ["run", "bad.toml"], ["run", "missing.toml"]] {
        let output = place.run(&args);
        assert_eq!(code(&output), Some(2), "{args:?}");
        assert!(output.stdout.is_empty() && text(&output.stderr).contains("error"), "{args:?}");
    }
    assert!(!place.dir.path().join("out").exists());
}

#[test]
fn check_goes_on_after_a_bad_file() {
    let place = Place::new();
    place.file("bad.toml", &SCENARIO.replace("rate =", "rout ="));
    place.scenario("p99 < 10s");
    let output = place.run(&["check", "bad.toml", "shop.toml"]);
    assert_eq!(code(&output), Some(2));
    assert_eq!(text(&output.stdout), "ok  shop.toml\n");
    assert!(text(&output.stderr).contains("rout"));

    let output = place.run(&["check", "--format", "json", "bad.toml", "shop.toml"]);
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&findings[0]["ok"], &findings[1]["ok"]), (&false.into(), &true.into()));
    assert!(findings[0]["problems"].as_str().unwrap().contains("rout"));
    assert!(output.stderr.is_empty());
}

#[test]
fn a_check_of_determinism_runs_twice_and_tells_the_hash() {
    let place = Place::new();
    place.scenario("p99 < 1us");
    place.file("bad.toml", &SCENARIO.replace("rate =", "rout ="));
    let check = |args: &[&str]| place.run(&[&["check", "--determinism"], args].concat());
    let output = check(&["shop.toml"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    let line = text(&output.stdout).to_owned();
    assert!(line.starts_with("ok  shop.toml  identical: ") && line.contains(" events, hash "), "{line}");
    assert!(!place.dir.path().join("out").exists(), "a check leaves nothing");

    let output = check(&["shop.toml", "bad.toml", "--format", "json"]);
    assert_eq!(code(&output), Some(2));
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = &findings[0]["determinism"];
    assert!(found["identical"] == true && found["events"].as_u64() > Some(1_000), "{findings}");
    assert!(line.contains(found["hash"].as_str().unwrap()), "the same hash again");
    assert!(findings[1]["determinism"].is_null());

    // Another seed has other events.
    let other = check(&["shop.toml", "--set", "seed=2", "--format", "json"]);
    let findings: serde_json::Value = serde_json::from_slice(&other.stdout).unwrap();
    assert_ne!(findings[0]["determinism"]["hash"], found["hash"]);
}

#[test]
fn a_run_prints_its_page_and_leaves_its_files() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let output = place.run(&["run", "shop.toml", "--seed", "3"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    let page = text(&output.stdout);
    for part in
        ["Objectives: met", "Latency", "Repeat  simcap run shop.toml --seed 3", "out/shop/timeline.csv"]
    {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains('\u{1b}'), "no colour without a terminal");
    for line in page.lines().filter(|line| line.starts_with("  out/")) {
        assert!(place.dir.path().join(line.trim()).is_file(), "{line}");
    }
    assert!(place.outcome().is_file());
}

#[test]
fn a_missed_objective_ends_with_99_and_quiet_prints_only_the_verdict() {
    let place = Place::new();
    place.scenario("p99 < 1us");
    let output = place.run(&["run", "shop.toml", "--quiet", "--no-charts"]);
    assert_eq!(code(&output), Some(99));
    let lines: Vec<&str> = text(&output.stdout).lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].starts_with("  missed  latency p99 < 1us"), "{lines:?}");
}

#[test]
fn json_on_stdout_is_the_file() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let output = place.run(&["run", "shop.toml", "--format", "json", "--no-charts"]);
    assert_eq!(code(&output), Some(0));
    assert_eq!(output.stdout, fs::read(place.outcome()).unwrap());
}

#[test]
fn a_report_shows_a_stored_run_as_the_run_did() {
    let place = Place::new();
    place.scenario("p99 < 1us");
    let run = place.run(&["run", "shop.toml"]);
    let csv = fs::read(place.dir.path().join("out/shop/timeline.csv")).unwrap();
    fs::remove_file(place.dir.path().join("out/shop/timeline.csv")).unwrap();
    let report = place.run(&["report", "out/shop/outcome.json"]);
    assert_eq!(code(&report), Some(99));
    let without_outcome: String =
        text(&run.stdout).split_inclusive('\n').filter(|line| !line.ends_with("outcome.json\n")).collect();
    assert_eq!(text(&report.stdout), without_outcome);
    assert_eq!(fs::read(place.dir.path().join("out/shop/timeline.csv")).unwrap(), csv);
}

#[test]
fn an_override_is_kept_with_the_run() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let set = "service.desk.servers=2";
    let output = place.run(&["run", "shop.toml", "--set", set, "--format", "json", "--no-charts"]);
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["scenario"]["overrides"], serde_json::json!([set]));
}

#[test]
fn colour_comes_when_asked_for() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let args = ["run", "shop.toml", "--no-charts"];
    let coloured = |command: &mut Command| text(&command.output().unwrap().stdout).contains('\u{1b}');
    assert!(coloured(place.simcap().args(args).args(["--color", "always"])));
    assert!(coloured(place.simcap().args(args).env("CLICOLOR_FORCE", "1")));
    assert!(!coloured(place.simcap().args(args).args(["--color", "never"]).env("CLICOLOR_FORCE", "1")));
    assert!(!coloured(place.simcap().args(args).env("NO_COLOR", "1")));
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_1_before_the_run() {
    let place = Place::new();
    // A year takes longer than any test may.
    let text_of_a_year = SCENARIO.replace("60s", "365d").replace("20/s", "20000/s");
    place.file("shop.toml", &text_of_a_year);
    let blocker = place.file("blocker", "");
    let output = place
        .simcap()
        .args(["run", "shop.toml", "--out"])
        .arg(&blocker)
        .timeout(std::time::Duration::from_secs(20))
        .output()
        .unwrap();
    assert_eq!(code(&output), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("cannot write") && error.contains("hint: choose another folder"), "{error}");
}

#[test]
fn a_file_that_is_no_outcome_ends_with_1_and_a_hint() {
    let place = Place::new();
    place.file("shop.json", "{}");
    let output = place.run(&["report", "shop.json"]);
    assert_eq!(code(&output), Some(1));
    assert!(text(&output.stderr).contains("hint: give the outcome.json"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::new();
    place.scenario("p99 < 1us");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = std::process::Command::new(binary(&place))
        .args(["run", "shop.toml", "--no-charts"])
        .current_dir(place.dir.path())
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(std::io::read_to_string(child.stderr.take().unwrap()).unwrap(), "");
}

#[cfg(unix)]
fn binary(place: &Place) -> PathBuf {
    Path::new(place.simcap().get_program()).to_path_buf()
}

#[test]
fn several_runs_have_intervals_and_one_run_says_that_it_has_none() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let page = |args: &[&str]| {
        let output = place.run(&[&["run", "shop.toml", "--no-charts"], args].concat());
        assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
        text(&output.stdout).to_owned()
    };
    let one = page(&["--runs", "1"]);
    assert!(one.contains("one run: no intervals") && !one.contains('±'), "{one}");
    let four = page(&["--runs", "4", "--threads", "3"]);
    assert!(four.contains("4 runs from seed 1") && four.contains("± "), "{four}");
    assert!(four.contains("Repeat  simcap run shop.toml --seed 1 --runs 4"));
    assert_eq!(four, page(&["--runs", "4", "--threads", "1"]));
    // 1,200 requests: as many runs as there ever are by default.
    assert!(page(&[]).contains("8 runs from seed 1"));
    assert!(page(&["--set", "runs=3"]).contains("3 runs from seed 1"));
    assert!(page(&["--set", "runs=3", "--runs", "2"]).contains("2 runs from seed 1"));
    let json = place.run(&["run", "shop.toml", "--no-charts", "--runs", "3", "--format", "json"]);
    let outcome: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&outcome["runs"]["count"], outcome["runs"]["seeds"].as_array().unwrap().len()),
        (&3.into(), 3)
    );
    let p99 = outcome["estimates"].as_array().unwrap().iter().find(|it| it["name"] == "p99").unwrap();
    let end = |end: &str| p99["interval"][end].as_f64().unwrap();
    assert!(end("low") < p99["value"].as_f64().unwrap() && p99["value"].as_f64().unwrap() < end("high"));
    assert_eq!(
        (end("level"), &p99["interval"]["runs"], &p99["value"]),
        (0.95, &3.into(), &outcome["latency_ms"]["p99"])
    );
}

#[test]
fn precision_takes_more_runs_or_says_why_not() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let run = |args: &[&str]| place.run(&[&["run", "shop.toml", "--quiet", "--no-charts"], args].concat());
    let output = run(&["--precision", "mean 10%", "--precision", "call p99 1%", "--max-runs", "10"]);
    assert_eq!(code(&output), Some(0));
    let page = text(&output.stdout);
    assert!(page.contains("Precision") && page.contains("reached      mean 10%"), "{page}");
    assert!(page.contains("not reached  call p99 1%") && page.contains("the most allowed; about "), "{page}");
    let output = run(&["--precision", "errors 5%"]);
    assert!(text(&output.stdout).contains("no such figure above zero"));
    for asked in ["p99", "basket p99 2%", "speed 2%"] {
        let output = run(&["--precision", asked]);
        assert_eq!(code(&output), Some(2), "{asked}");
        assert!(text(&output.stderr).contains("hint"), "{}", text(&output.stderr));
    }
    for args in [&["--runs", "0"][..], &["--runs", "1001"], &["--threads", "0"], &["--max-runs", "9"]] {
        assert_eq!(code(&run(args)), Some(2), "{args:?}");
    }
}

#[test]
fn a_comparison_tells_two_scenarios_apart() {
    let place = Place::new();
    place.scenario("p99 < 50ms");
    let compare = |args: &[&str]| place.run(&[&["compare", "shop.toml", "--runs", "6"], args].concat());
    let output = compare(&["--set-b", "service.desk.time=exponential 5ms"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    let page = text(&output.stdout);
    for part in [
        "6 runs of each from seed 1",
        "  better  latency p99 < 50ms  missed",
        "  better       mean",
        "  same         arrived",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert_eq!(
        page,
        text(&compare(&["--set-b", "service.desk.time=exponential 5ms", "--threads", "1"]).stdout)
    );

    place.file("other.toml", &format!("{SCENARIO}\n[cache.spare]\nnode = \"cache.r6g.large\"\n"));
    let output = compare(&["other.toml", "--format", "json"]);
    let comparison: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |name: &str| {
        let figures = comparison["figures"].as_array().unwrap();
        figures.iter().find(|figure| figure["name"] == name).unwrap()["word"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (word("p99").as_str(), word("cost").as_str()),
        ("same", "more"),
        "a spare cache costs more and does nothing"
    );

    let output = compare(&[]);
    assert_eq!(code(&output), Some(2));
    assert!(text(&output.stderr).contains("hint: name a second file"));
    assert_eq!(code(&compare(&["--set-b", "service.desk.sevrers=2"])), Some(2));
}
