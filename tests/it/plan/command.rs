//! The command: what it prints and leaves, how it exits, and that it repeats nothing.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// A shop whose file says what there is to choose, with a fault.
const SHOP: &str = r#"
duration = "1m"
traffic.all.rate = "100/s"
request.call = { via = "front", steps = [{ cpu = "exponential 20ms" }] }
balancer.front.targets = "web"
fleet.web = { instance = "m6i.large", instances = 2 }
fault.late = { fleet = "web", effect = "slow", speed = "50%", at = "20s", for = "20s" }
objectives.latency = "p99 < 150ms"

[plan]
axes = ["fleet.web.instances=1..8"]
confidence = "90%"
"#;

fn simcap(folder: &Path, args: &[&str]) -> std::process::Output {
    Command::cargo_bin("simcap").unwrap().current_dir(folder).args(args).output().unwrap()
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

/// The files below a folder.
fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

fn shop(changed: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = changed.iter().fold(SHOP.to_owned(), |text, (from, to)| text.replace(from, to));
    fs::write(folder.path().join("shop.toml"), text).unwrap();
    folder
}

/// What has no price would be the cheapest.
#[test]
fn without_a_price_there_is_no_plan() {
    let folder = shop(&[]);
    let types = "fleet.web.instance=m6i.large,m7a.large";
    let output =
        simcap(folder.path(), &["plan", "shop.toml", "--set", "region=ap-northeast-2", "--set", types]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("m7a.large") && said.contains("no price known") && said.contains("[prices]"),
        "{said}"
    );
    let price = "prices.\"EC2/m7a.large\"=0.14";
    let args = ["plan", "shop.toml", "--set", "region=ap-northeast-2", "--set", types, "--set", price];
    assert_eq!(simcap(folder.path(), &args).status.code(), Some(0));
}

#[test]
fn a_plan_of_the_file_is_found_and_made_once() {
    let folder = shop(&[]);
    let first = simcap(folder.path(), &["plan", "shop.toml"]);
    let page = text(&first.stdout);
    assert_eq!(first.status.code(), Some(0), "{page}{}", text(&first.stderr));
    for words in [
        "fleet.web.instances = ",
        "sure to 90 %",
        "Second best of what was run: ",
        "What binds: latency p99 < 150ms",
        "Without its faults: ",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let out = folder.path().join("out/shop/sweep");
    for file in ["plan.json", "plan.csv", "plan.png"] {
        assert!(page.contains(file) || file == "plan.png", "{page}");
    }
    assert!(out.join("plan.json").exists() && out.join("plan.csv").exists());
    let (kept, json) = (files(&out.join("runs")), fs::read(out.join("plan.json")).unwrap());
    let again = simcap(folder.path(), &["plan", "shop.toml", "--threads", "1"]);
    assert_eq!((text(&again.stdout), files(&out.join("runs"))), (page, kept), "nothing is run twice");
    assert_eq!(fs::read(out.join("plan.json")).unwrap(), json, "the same bytes on any number of threads");
}

#[test]
fn a_plan_repeats_nothing_of_a_sweep() {
    let folder = shop(&[("fault.late", "# fault.late")]);
    let swept =
        simcap(folder.path(), &["sweep", "shop.toml", "--set", "fleet.web.instances=1..8", "--runs", "32"]);
    assert_eq!(swept.status.code(), Some(0), "{}", text(&swept.stderr));
    let runs = folder.path().join("out/shop/sweep/runs");
    let kept = files(&runs);
    let found = simcap(folder.path(), &["plan", "shop.toml", "--format", "json"]);
    assert_eq!(files(&runs), kept);
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).unwrap();
    assert!(found["runs"].as_u64().unwrap() < 8 * 32 && found["best"].is_u64());
    // A headroom is another traffic, and the same bill.
    let more = simcap(folder.path(), &["plan", "shop.toml", "--headroom", "4", "--format", "json"]);
    let more: serde_json::Value = serde_json::from_slice(&more.stdout).unwrap();
    assert!(more["best"].as_u64() > found["best"].as_u64(), "{more:#}");
    assert!(files(&runs) > kept);
}

#[test]
fn what_cannot_be_planned_says_so() {
    let folder = shop(&[]);
    let code = |args: &[&str]| {
        let output = simcap(folder.path(), args);
        (output.status.code(), text(&output.stderr) + &text(&output.stdout))
    };
    let (exit, said) = code(&[
        "plan",
        "shop.toml",
        "--set",
        "fleet.web.instances=1..2",
        "--set",
        "objectives.latency=p99 < 30ms",
    ]);
    assert!(exit == Some(99) && said.contains("No point meets every objective"), "{said}");
    let (exit, said) = code(&["plan", "shop.toml", "--set", "fleet.web.instances=3"]);
    assert!(exit == Some(2) && said.contains("nothing to choose from"), "{said}");
    let (exit, said) = code(&["plan", "shop.toml", "--set", "objectives={}"]);
    assert!(exit == Some(2) && said.contains("no objective"), "{said}");
    let (exit, said) = code(&["plan", "shop.toml", "--confidence", "100%"]);
    assert!(exit == Some(2) && said.contains("between 50% and 99.99%"), "{said}");
    // The least cost is too much.
    let (exit, said) = code(&["plan", "shop.toml", "--set", "objectives.cost=< $0.0001"]);
    assert!(exit == Some(99) && said.contains("No point meets cost < $0.0001"), "{said}");
}

/// A fault that strikes on one day in twelve has to be among the days; one that nearly never strikes cannot be, and is named.
#[test]
fn what_comes_by_chance_is_seen_or_told() {
    let often = |every: &str| shop(&[("at = \"20s\"", &format!("every = \"exponential {every}\""))]);
    let (folder, args) = (often("690s"), ["plan", "shop.toml", "--no-fault-cost", "--confidence", "95%"]);
    let json = simcap(folder.path(), &[&args[..], &["--format", "json"]].concat());
    let found: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let best = found["best"].as_u64().unwrap() as usize;
    assert_eq!(found["points"][best]["runs"], 43, "1 - exp(-60/690) of the days have it");
    let few = simcap(folder.path(), &[&args[..], &["--max-runs", "20"]].concat());
    let said = text(&few.stdout);
    assert!(said.contains("fault.late comes on 8.3 % of all days, and 43 runs would surely have"), "{said}");
    let rare = simcap(often("1000h").path(), &args);
    assert!(text(&rare.stdout).contains("this is a plan for the others"), "{}", text(&rare.stdout));
    let folder = shop(&[]);
    let asked = simcap(folder.path(), &[&args[..], &["--rare", "20%", "--max-runs", "8"]].concat());
    let said = text(&asked.stderr);
    assert!(
        asked.status.code() == Some(2) && said.contains("8 runs of a point are too few: it takes 17"),
        "{said}"
    );
    let surer = simcap(folder.path(), &["plan", "shop.toml", "--confidence", "99.99%", "-q"]);
    assert!(text(&surer.stdout).contains("sure to 99.99 %"), "{}", text(&surer.stdout));
}

#[test]
fn every_format_has_the_answer() {
    let folder = shop(&[]);
    let html = ["plan", "shop.toml", "--format", "markdown", "--html", "plan.html", "--out", "plan"];
    let page = text(&simcap(folder.path(), &html).stdout);
    assert!(page.starts_with("## Plan of shop\n\n**fleet.web.instances"), "{page}");
    let csv = text(&simcap(folder.path(), &["plan", "shop.toml", "--format", "csv"]).stdout);
    assert!(
        csv.starts_with("fleet.web.instances,fate,runs,cost_usd,p99_ms,front\n") && csv.contains(",best,"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 9, "{csv}");
    let html = fs::read_to_string(folder.path().join("plan.html")).unwrap();
    assert!(html.contains("<svg") || html.contains("Decision"), "a page");
    let quiet = text(&simcap(folder.path(), &["plan", "shop.toml", "-q"]).stdout);
    assert!(quiet.lines().count() <= 6 && quiet.contains("sure to 90 %"), "{quiet}");
}

#[test]
fn the_chart_has_the_points_the_front_and_the_limit() {
    let folder = shop(&[]);
    let drawn = ["plan", "shop.toml", "-q", "--no-fault-cost", "--out", "plan", "--charts", "both"];
    assert_eq!(simcap(folder.path(), &drawn).status.code(), Some(0));
    assert!(folder.path().join("plan/plan.png").exists());
    let svg = fs::read_to_string(folder.path().join("plan/plan.svg")).unwrap();
    for words in ["limit of p99", "best: ", "front: none is", "fails, or seems to", "cost of the event"] {
        assert!(svg.contains(words), "{words}");
    }
}
