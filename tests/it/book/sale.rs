//! What the README says of its sale, and of how sure simcap is. In: the first scenario of the README, which runs. Out: whether its page, its
//! picture and the numbers of the README are those of today.

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

use super::root;

const README: &str = include_str!("../../../README.md");

/// The first block in a language of the README.
fn block(language: &str) -> &'static str {
    README.split_once(&format!("```{language}\n")).unwrap().1.split_once("```").unwrap().0
}

/// A folder with the sale.
fn sale() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sale.toml"), block("toml")).unwrap();
    folder
}

fn simcap(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(folder).args(args).output().unwrap()
}

#[test]
fn the_sale_has_a_cache_a_call_and_a_transaction_and_no_warning() {
    let folder = sale();
    let check = simcap(folder.path(), &["check", "sale.toml", "--deny-warnings"]);
    assert_eq!(check.status.code(), Some(0), "{check:?}");
    for step in ["cache = ", "call = ", "service = ", "transaction = "] {
        assert!(block("toml").contains(&format!("{{ {step}")), "{step}");
    }
}

/// What the README tells of both runs, with the difference of their bills.
#[test]
#[cfg_attr(debug_assertions, ignore = "sixteen runs of 300,000 requests: minutes without optimisation")]
fn the_sale_breaks_and_one_server_more_mends_it() {
    let folder = sale();
    let run = |args: &[&str], results: &str| {
        let run = simcap(folder.path(), &[&["run", "sale.toml"], args].concat());
        let outcome = fs::read(folder.path().join("out").join(results).join("outcome.json")).unwrap();
        let outcome: serde_json::Value = serde_json::from_slice(&outcome).unwrap();
        assert_eq!(outcome["runs"]["count"], 8);
        (run, outcome["bill"]["total_usd"].as_f64().unwrap())
    };
    let (two, dollars) = run(&[], "sale");
    let (three, more) = run(&["--set", "fleet.web.min=3", "--no-charts"], "sale+fleet.web.min=3");
    assert_eq!((two.status.code(), three.status.code()), (Some(99), Some(0)));
    assert_eq!(format!("{:.2}", more - dollars), "0.13", "{more} {dollars}");

    let page = String::from_utf8(two.stdout).unwrap();
    let told = block("console").lines().filter(|line| *line != "…");
    assert_eq!(told.clone().count(), 6);
    for line in told {
        assert!(page.lines().any(|it| it == line), "{line}\n\n{page}");
    }
    let picture = root().join("src/book/sale.png");
    let made = fs::read(folder.path().join("out/sale/summary.png")).unwrap();
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&picture, &made).unwrap();
    }
    assert!(
        fs::read(&picture).unwrap_or_default() == made,
        "another picture: look at it, and write it with INSTA_UPDATE=always"
    );
}

#[test]
fn how_sure_it_is_has_the_numbers_of_the_results() {
    let results = include_str!("../../../src/validate/results.md");
    let judged = "1354 judged comparisons: 1354 hold, 0 miss";
    assert!(results.contains(judged) && README.contains("Of 1,354 comparisons"));
    let stack = include_str!("../../stack/result.md");
    for (row, told) in [("| all | mean |", "0.8 % off"), ("| all | p95 |", "percentile 0.9 %")] {
        let row = stack.lines().find(|line| line.starts_with(row)).unwrap();
        let error = row.split('|').map(str::trim).find(|cell| cell.ends_with(" %")).unwrap();
        assert!(told.contains(error.trim_start_matches(['+', '-'])) && README.contains(told), "{row}");
    }
}
