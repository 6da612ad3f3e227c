//! The forms of a page: one HTML file, Markdown, CSV.

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
    let limits = read("limits.html").replace("<code>", "").replace("</code>", "");
    let words = first.replace('<', "&lt;").replace('`', "");
    assert!(limits.contains(&format!("<p>{words}</p>")), "{first}");
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

/// The rows of CSV text, by the name in a column of each.
fn by_name(csv: &str, column: &str) -> std::collections::BTreeMap<String, Vec<String>> {
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let name = header.iter().position(|it| it == column).expect("the column");
    let rows: Vec<Vec<String>> = lines.collect();
    assert!(rows.iter().all(|row| row.len() == header.len()), "{csv}");
    rows.into_iter().map(|row| (row[name].clone(), row)).collect()
}

#[test]
fn a_spreadsheet_gets_the_figures_of_a_run_and_of_a_comparison() {
    let place = Place::new();
    place.scenario("p99 < 1s");
    let run = place.run(&["run", "shop.toml", "--no-charts", "--runs", "2", "--format", "csv"]);
    assert_eq!(code(&run), Some(0), "{}", text(&run.stderr));
    let report = place.run(&["report", "out/shop/outcome.json", "--format", "csv"]);
    assert_eq!(text(&report.stdout), text(&run.stdout));
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(place.outcome()).unwrap()).unwrap();
    let figures = by_name(text(&run.stdout), "figure");
    let estimates = json["estimates"].as_array().unwrap();
    assert_eq!(figures.len(), estimates.len());
    for estimate in estimates {
        let row = &figures[estimate["name"].as_str().unwrap()];
        let number = |cell: usize| row[cell].parse::<f64>().ok();
        assert_eq!(
            (row[1].as_str(), number(2)),
            (estimate["unit"].as_str().unwrap(), estimate["value"].as_f64())
        );
        let of_runs = estimate["by_run"].as_array().unwrap().iter().filter_map(serde_json::Value::as_f64);
        assert_eq!((number(6), number(7)), (of_runs.clone().reduce(f64::min), of_runs.reduce(f64::max)));
    }
    let compare = place.run(&[
        "compare",
        "shop.toml",
        "--set-b",
        "service.desk.servers=2",
        "--runs",
        "2",
        "--format",
        "csv",
    ]);
    assert_eq!(code(&compare), Some(0), "{}", text(&compare.stderr));
    let sides = by_name(text(&compare.stdout), "figure");
    let p99 = &sides["p99"];
    let number = |cell: usize| p99[cell].parse::<f64>().unwrap();
    assert_eq!((p99[0].as_str(), p99[1].as_str()), ("shop", "service.desk.servers=2"));
    assert!(number(5) < number(4) && (number(5) - number(4) - number(6)).abs() < 1e-9, "{p99:?}");
    assert_eq!(p99[4], figures["p99"][2], "the first is the run above");
}

#[test]
fn a_spreadsheet_gets_the_limits_of_a_search() {
    let place = Place::new();
    place.scenario("p99 < 1s");
    let search = ["headroom", "shop.toml", "--runs", "1", "--precision", "50%", "--up-to", "4", "--format"];
    let csv = place.run(&[search.as_slice(), &["csv"]].concat());
    assert_eq!(code(&csv), Some(0), "{}", text(&csv.stderr));
    let json = place.run(&[search.as_slice(), &["json"]].concat());
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let limits = by_name(text(&csv.stdout), "name");
    assert_eq!(limits.len(), json["limits"].as_array().unwrap().len());
    let goodput = json["limits"].as_array().unwrap().iter().find(|it| it["subject"] == "goodput").unwrap();
    let of = |cell: usize| limits["goodput"][cell].parse::<f64>().ok();
    assert_eq!((of(2), of(3)), (goodput["between"]["holds"].as_f64(), goodput["between"]["fails"].as_f64()));
}
