//! The command as people and scripts use it: exit codes, streams, files.

mod comparing;
mod ending;
mod folders;
mod gating;
mod next;
mod pages;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// A service with one server, half busy for a minute: the smallest scenario with any load.
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
        command.current_dir(self.dir.path());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "GITHUB_STEP_SUMMARY"] {
            command.env_remove(name);
        }
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
    assert!(text(&help.stdout).contains("99   the run missed an objective"));
    let version = place.run(&["--version"]);
    assert_eq!(text(&version.stdout), concat!("simcap ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_bad_command_line_ends_with_2() {
    let place = Place::new();
    let unknown = [&["validate", "NOPE"][..], &["validate", "--show", "A99.1"]];
    for args in
        [&["fly"][..], &["run"], &["run", "a.toml", "--seed", "soon"], &["check"]].into_iter().chain(unknown)
    {
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
    for part in ["Breaks first: ", "`latency p99 < 500ms` is missed", "desk saturates", "goodput"] {
        assert!(text(&page.stdout).contains(part), "{part}: {}", text(&page.stdout));
    }
    let quiet = place.run(&args(&["--quiet"]));
    assert!(text(&page.stdout).contains(text(&quiet.stdout)) && quiet.stdout.len() < page.stdout.len());
    // A pipe gets a line for each multiple when it is done, with an estimate of how many there will be.
    let lines: Vec<&str> = text(&page.stderr).lines().filter(|line| line.contains(" of about ")).collect();
    let multiples = text(&page.stdout).lines().next().unwrap().to_owned();
    assert!(multiples.contains(&format!("{} multiples", lines.len())), "{multiples}: {lines:?}");
    assert!(lines[0].starts_with("×1: ") && lines[0].contains("(1 of about "), "{lines:?}");
    assert_eq!(text(&quiet.stderr), "", "-q is heard");
    let drawn = place.run(&args(&["--out", "pictures"]));
    assert!(text(&drawn.stdout).trim_end().ends_with("pictures/headroom.png"), "{}", text(&drawn.stdout));
    assert!(std::fs::read(place.dir.path().join("pictures/headroom.png")).unwrap().starts_with(b"\x89PNG"));
    let drawn = place.run(&args(&["--out", "vectors", "--charts", "svg"]));
    assert!(text(&drawn.stdout).trim_end().ends_with("vectors/headroom.svg"), "{}", text(&drawn.stdout));
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
    let command = text(&page.stdout).lines().last().unwrap().strip_prefix("Next  simcap ").unwrap();
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
fn check_warns_and_ends_with_0_unless_warnings_are_denied() {
    let place = Place::new();
    let idle = "[fleet.idle]\ninstance = \"m5.large\"\ninstances = 1\n";
    place.file("idle.toml", &format!("{SCENARIO}\n{idle}"));
    place.file("fine.toml", SCENARIO);
    let output = place.run(&["check", "idle.toml"]);
    assert_eq!((code(&output), text(&output.stdout)), (Some(0), "ok  idle.toml  1 warning\n"));
    for part in [
        "warning[unused]: no request uses fleet `idle`, but it is billed",
        "idle.toml:17:8",
        "hint: remove it",
    ] {
        assert!(text(&output.stderr).contains(part), "{part}: {}", text(&output.stderr));
    }
    let denied = place.run(&["check", "idle.toml", "fine.toml", "--deny-warnings"]);
    assert_eq!((code(&denied), text(&denied.stdout)), (Some(2), "no  idle.toml  1 warning\nok  fine.toml\n"));
    let allowed = place.run(&["check", "idle.toml", "--deny-warnings", "--set", "allow=unused"]);
    assert_eq!((code(&allowed), text(&allowed.stderr)), (Some(0), ""));
    let quiet = place.run(&["check", "idle.toml", "-q"]);
    assert_eq!(
        (code(&quiet), text(&quiet.stdout), text(&quiet.stderr)),
        (Some(0), "ok  idle.toml  1 warning\n", "")
    );
    let verbose = place.run(&["check", "fine.toml", "-v"]);
    let words = text(&verbose.stdout).strip_prefix("ok  fine.toml  about ").unwrap().trim_end();
    assert!(words.contains(" of one core: ") && words.ends_with(" events each"), "{words}");
}

#[test]
fn each_problem_and_warning_of_a_check_is_an_object() {
    let place = Place::new();
    place.file("bad.toml", &SCENARIO.replace("rate =", "rat ="));
    place.file("idle.toml", &format!("{SCENARIO}\n[keys.idle]\ncount = 5\n"));
    let output = place.run(&["check", "--format", "json", "bad.toml", "idle.toml", "none.toml"]);
    assert_eq!(code(&output), Some(2));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let bad = &found[0]["problems"];
    let unknown = bad.as_array().unwrap().iter().find(|it| it["code"] == "unknown-key").unwrap();
    assert_eq!((&found[0]["ok"], &unknown["level"]), (&false.into(), &"error".into()));
    assert_eq!(unknown["message"], "unknown key `rat` in [traffic.NAME]");
    assert_eq!(unknown["hint"], "did you mean `rate`?");
    let place_of =
        |it: &serde_json::Value| (it["line"].as_u64(), it["column"].as_u64(), it["end_column"].as_u64());
    assert_eq!(
        (unknown["file"].as_str(), place_of(unknown)),
        (Some("bad.toml"), (Some(7), Some(1), Some(4)))
    );
    assert!(found[0].get("effort").is_none());
    let idle = &found[1];
    assert_eq!(idle["ok"], true);
    let warning = &idle["problems"][0];
    assert_eq!((&warning["level"], &warning["code"]), (&"warning".into(), &"unused".into()));
    assert_eq!(place_of(warning), (Some(17), Some(7), Some(11)));
    // 20/s for a minute, a few events each, in 8 runs.
    assert_eq!((&idle["effort"]["runs"], &idle["effort"]["requests"]), (&8.into(), &1200.0.into()));
    assert!(idle["effort"]["core_seconds"].as_f64().unwrap() < 1.0);
    let none = &found[2]["problems"][0];
    assert_eq!((&none["code"], none.get("line")), (&"unreadable".into(), None));
    // A value from the command line is shown as such.
    let output = place.run(&["check", "--format", "json", "idle.toml", "--set", "duration=soon"]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found[0]["problems"][0]["file"], "--set");
}

#[test]
fn a_run_warns_of_its_length_before_it_begins_and_of_the_rest_on_its_page() {
    let place = Place::new();
    let idle = "[fleet.idle]\ninstance = \"m5.large\"\ninstances = 1\n";
    place.file("idle.toml", &format!("{SCENARIO}\n{idle}"));
    let output = place.run(&["run", "idle.toml", "--no-charts", "--runs", "1"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    assert!(
        text(&output.stdout).contains(
            "\nWarnings  the scenario runs, but this is rarely intended\n  unused  no request uses"
        )
    );
    let outcome: serde_json::Value =
        serde_json::from_slice(&fs::read(place.dir.path().join("out/idle/outcome.json")).unwrap()).unwrap();
    assert_eq!(outcome["warnings"][0]["code"], "unused");
    assert_eq!(outcome["warnings"][0]["at"], serde_json::json!(["fleet", "idle"]));
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
    assert!(findings[0]["problems"].to_string().contains("rout"));
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
    for part in [
        "Objectives: met",
        "Latency",
        "Repeat  simcap run shop.toml --seed 3",
        "  out/shop/: outcome.json, timeline.csv, ",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains('\u{1b}'), "no colour without a terminal");
    let files = page.lines().find_map(|line| line.strip_prefix("  out/shop/: ")).unwrap();
    for name in files.split(", ") {
        assert!(place.dir.path().join("out/shop").join(name).is_file(), "{name}");
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
    let report = place.run(&["report", "out/shop/outcome.json", "--out", "out/shop"]);
    assert_eq!(code(&report), Some(99));
    let without_outcome = text(&run.stdout).replace("out/shop/: outcome.json, ", "out/shop/: ");
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

/// Runs a command whose stdout is closed before it starts; returns its exit code and its stderr.
#[cfg(unix)]
fn unread(place: &Place, args: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = std::process::Command::new(binary(place))
        .args(args)
        .current_dir(place.dir.path())
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let code = child.wait().unwrap().code();
    (code, std::io::read_to_string(child.stderr.take().unwrap()).unwrap())
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_silences_and_never_changes_the_exit_code() {
    let place = Place::new();
    place.scenario("p99 < 1us");
    let silent = String::new();
    for format in ["text", "json"] {
        let args = ["run", "shop.toml", "--no-charts", "--format", format];
        assert_eq!(unread(&place, &args), (Some(99), silent.clone()), "run as {format}");
        let args = ["report", "out/shop/outcome.json", "--format", format];
        assert_eq!(unread(&place, &args), (Some(99), silent.clone()), "report as {format}");
        let args = ["validate", "A02.1", "--format", format];
        assert_eq!(unread(&place, &args), (Some(0), silent.clone()), "validate as {format}");
    }
    place.file("bad.toml", "rate = 1");
    let (code, said) = unread(&place, &["check", "bad.toml", "--format", "json"]);
    assert_eq!((code, said), (Some(2), silent.clone()));
    place.scenario("p99 < 10s");
    assert_eq!(unread(&place, &["run", "shop.toml", "--quiet"]), (Some(0), silent));
}

#[cfg(unix)]
#[test]
fn a_stderr_that_is_gone_changes_nothing() {
    let place = Place::new();
    place.scenario("p99 < 1us");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = std::process::Command::new(binary(&place))
        .args(["run", "shop.toml", "--no-charts", "--stats", "--quiet"])
        .current_dir(place.dir.path())
        .stdout(std::process::Stdio::null())
        .stderr(writer)
        .status();
    assert_eq!(status.unwrap().code(), Some(99));
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
    // 1,200 requests: the largest default number of runs.
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
    assert!(text(&output.stdout).contains("the figure is absent or zero"));
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
    assert_eq!(code(&output), Some(0));
    // In a pipe, what each came to is told as it comes.
    let said: Vec<&str> = text(&output.stderr).lines().collect();
    assert!(
        said[0].starts_with("A  One server: misses its objective, p99 ") && said[0].contains(" (1 of 2)")
    );
    assert!(
        said[1].starts_with("B  One server: meets its objective, p99 ") && said[1].ends_with(" (2 of 2)")
    );
    let silent = compare(&["--set-b", "service.desk.time=exponential 5ms", "--no-progress"]);
    assert_eq!((text(&silent.stderr), silent.stdout == output.stdout), ("", true));
    let page = text(&output.stdout);
    for part in [
        "6 runs of each from seed 1",
        "  better  latency p99 < 50ms  missed",
        "  better       p99",
        "more figures with --all",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let all = compare(&["--set-b", "service.desk.time=exponential 5ms", "--all"]);
    for part in ["  better       mean", "  same         arrived", "Common random numbers"] {
        assert!(text(&all.stdout).contains(part) && !page.contains(part), "{part} in {}", text(&all.stdout));
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
