//! The validation suite: every case is a good scenario, the model meets them all, and the document says so.

use assert_cmd::Command;
use simcap::guard::Guard;
use simcap::scenario;
use simcap::validate::{self, Comparison, Depth, Verdict};

fn simcap() -> Command {
    Command::cargo_bin("simcap").unwrap()
}

/// The quick comparison, as `simcap validate` makes it. After a change that moves numbers, write the document again:
/// `cargo run --release -- validate --format markdown > src/validate/results.md`.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without --release")]
fn the_model_gives_the_known_answers() {
    let report =
        validate::run(&|_, case| !case.long, Depth::Quick, &Guard::new(None, None), &|_, _| {}).unwrap();
    let text = validate::text(&report, validate::Detail::Misses);
    assert!(report.passed(), "{text}");
    let inside: Vec<bool> = report.comparisons().filter_map(|(_, comparison)| comparison.inside()).collect();
    let share = inside.iter().filter(|&&holds| holds).count() as f64 / inside.len() as f64;
    assert!(inside.len() > 1_000 && share > 0.92, "{share} of {} intervals hold", inside.len());
    // A comparison whose interval is so wide that it cannot miss proves nothing.
    let wide = |comparison: &Comparison| comparison.half_width > 0.1 * comparison.expected.abs();
    let judged = || report.comparisons().filter(|(_, comparison)| comparison.verdict == Verdict::Holds);
    let wide = judged().filter(|(_, comparison)| wide(comparison)).count();
    assert!(wide * 20 < judged().count(), "{wide} of {} intervals are wide", judged().count());
    let document = include_str!("../../src/validate/results.md");
    assert!(
        validate::markdown(&report) == document,
        "src/validate/results.md is of another model; write it anew\n{text}"
    );
}

#[test]
fn every_case_is_a_scenario_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for family in validate::families() {
        for case in &family.cases {
            let path = validate::export(family, case, folder.path()).unwrap();
            if let Err(error) = scenario::load(&path, &[]) {
                panic!("{}: {error}", case.id);
            }
        }
    }
}

#[test]
fn the_command_shows_selects_and_judges() {
    let show = simcap().args(["validate", "--show", "A02.2"]).assert().success();
    let text = String::from_utf8(show.get_output().stdout.clone()).unwrap();
    assert!(text.starts_with("# A02.2") && text.contains("servers = 8"), "{text}");
    let json = simcap().args(["validate", "A14", "A20.1", "--format", "json"]).assert().success();
    let report: serde_json::Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!(report["families"][0]["id"], "A14");
    assert_eq!(report["families"][1]["cases"].as_array().unwrap().len(), 1);
    let table = simcap().args(["validate", "A20.2"]).assert().success();
    assert!(String::from_utf8_lossy(&table.get_output().stdout).contains("5 hold, 0 miss"));
    let coverage =
        simcap().args(["validate", "--coverage", "--bases", "1", "--format", "json"]).assert().success();
    let coverage: serde_json::Value = serde_json::from_slice(&coverage.get_output().stdout).unwrap();
    assert_eq!(coverage["cases"].as_array().unwrap().len(), validate::coverage::cases().len());
    assert_eq!(coverage["cases"][0]["figures"][0]["by_runs"][3]["runs"], 20);
    let unknown = simcap().args(["validate", "A99"]).assert().failure();
    assert!(String::from_utf8_lossy(&unknown.get_output().stderr).contains("no family or case"));
}

/// The page of calibration is of this model. It is written by `cargo run --release -- validate --calibration > src/validate/calibration.md`.
#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without --release")]
fn the_page_of_calibration_is_of_this_model() {
    let guard = Guard::new(None, None);
    let report = validate::run(&|family, _| family.calibration, Depth::Quick, &guard, &|_, _| {}).unwrap();
    assert!(
        validate::calibration(&report) == include_str!("../../src/validate/calibration.md"),
        "write the page anew"
    );
}

/// Its quick cases, in any build: Redis by node type, one row at 512 threads, and the fit of the law, each within what the page says.
#[test]
fn what_is_calibrated_comes_out() {
    let near = ["D2.1", "D2.8", "D2.32", "D3.stock", "D3.line", "D6.m5", "D6.m7g", "D1.mysql.50"];
    let chosen = |_: &validate::Family, case: &validate::Case| near.contains(&case.id.as_str());
    let report = validate::run(&chosen, Depth::Quick, &Guard::new(None, None), &|_, _| {}).unwrap();
    assert_eq!(
        report.comparisons().map(|(case, _)| &case.id).collect::<std::collections::BTreeSet<_>>().len(),
        near.len()
    );
    let throughput = report.comparisons().filter(|(_, it)| it.metric != "sojourn_p50");
    for (case, it) in throughput {
        assert!(it.relative().abs() < 0.055, "{}: {} for {}", case.id, it.simulated, it.expected);
    }
    let page = include_str!("../../src/validate/calibration.md");
    for family in validate::families().iter().filter(|family| family.calibration) {
        let missing = family.cases.iter().find(|case| !page.contains(&format!("| {} |", case.id)));
        assert!(missing.is_none() && page.contains(&family.notes), "{}: write the page anew", family.id);
        assert!(family.cases.iter().all(|case| case.long), "{} is not among the others", family.id);
    }
}
