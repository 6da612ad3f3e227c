//! The forms of a page: one HTML file, Markdown.

use std::fs;

use super::{Place, SCENARIO, code, text};

/// A run and its report write the same page, but for what is said of the scenario.
#[test]
fn a_run_and_its_report_write_one_html_file() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let run = place.run(&["run", "shop.toml", "--no-charts", "--html", "run.html"]);
    assert_eq!(code(&run), Some(0), "{}", text(&run.stderr));
    assert!(text(&run.stdout).contains("  run.html\n"), "it is among the files: {}", text(&run.stdout));
    let report = place.run(&["report", "out/shop/outcome.json", "--html", "report.html"]);
    assert!(text(&report.stdout).contains("  report.html\n"));
    let read = |name: &str| fs::read_to_string(place.dir.path().join(name)).unwrap();
    let (run, report) = (read("run.html"), read("report.html"));
    assert!(
        run.starts_with("<!doctype html>")
            && run.contains("[request.call]")
            && report.contains("[request.call]")
    );
    let (now, then) =
        ("the file as it is now: the run may have read an earlier one", "the file that was run");
    assert!(report.contains(now) && run.contains(then));
    assert!(run == report.replace(now, then));
    // A report of a scenario that is gone has everything else.
    fs::remove_file(place.dir.path().join("shop.toml")).unwrap();
    place.run(&["report", "out/shop/outcome.json", "--html", "alone.html"]);
    let alone = read("alone.html");
    assert!(alone.contains("id=\"charts\"") && !alone.contains("id=\"scenario\""));
}

/// A folder that is not there is noticed before the run, and nothing is left.
#[test]
fn a_page_that_cannot_be_written_is_noticed_at_once() {
    let place = Place::new();
    place.file("shop.toml", SCENARIO);
    let refused = place.run(&["run", "shop.toml", "--no-charts", "--html", "nowhere/run.html"]);
    assert_eq!((code(&refused), text(&refused.stdout)), (Some(1), ""));
    assert!(text(&refused.stderr).contains("cannot write nowhere/run.html"), "{}", text(&refused.stderr));
    assert!(!place.dir.path().join("out").exists());
}

/// What the page says in the terminal stands in the file as well.
#[test]
fn a_comparison_and_a_search_write_one_html_file() {
    let place = Place::new();
    place.scenario("p99 < 10s");
    let read = |name: &str| fs::read_to_string(place.dir.path().join(name)).unwrap();
    let compare =
        ["compare", "shop.toml", "--set-b", "service.desk.servers=2", "--runs", "2", "--html", "both.html"];
    let page = place.run(&compare);
    assert_eq!(code(&page), Some(0), "{}", text(&page.stderr));
    let both = read("both.html");
    assert!(both.starts_with("<!doctype html>") && both.contains("<h2 id=\"figures-title\">"));
    let decision = text(&page.stdout).lines().find(|line| line.starts_with("B meets")).unwrap();
    assert!(both.contains(&format!("<p>{decision}</p>")), "{decision}");
    let limits = [
        "headroom",
        "shop.toml",
        "--runs",
        "1",
        "--precision",
        "50%",
        "--up-to",
        "4",
        "--html",
        "limits.html",
    ];
    let page = place.run(&limits);
    assert_eq!(code(&page), Some(0), "{}", text(&page.stderr));
    let first = text(&page.stdout).lines().find(|line| line.starts_with("Breaks first")).unwrap();
    assert!(read("limits.html").contains(&format!("<p>{}</p>", first.replace('<', "&lt;"))), "{first}");
    let refused = place.run(&["headroom", "shop.toml", "--html", "nowhere/limits.html"]);
    assert_eq!((code(&refused), text(&refused.stdout)), (Some(1), ""));
}

#[test]
fn a_pull_request_gets_markdown() {
    let place = Place::new();
    place.scenario("p99 < 1ms");
    let run = place.run(&["run", "shop.toml", "--no-charts", "--format", "markdown"]);
    assert_eq!(code(&run), Some(99));
    assert!(text(&run.stdout).starts_with("## One server\n"), "{}", text(&run.stdout));
    assert!(text(&run.stdout).contains("**Objectives: missed**\n"));
    let report = place.run(&["report", "out/shop/outcome.json", "--format", "markdown"]);
    assert_eq!((code(&report), text(&report.stdout)), (Some(99), text(&run.stdout)));
}
