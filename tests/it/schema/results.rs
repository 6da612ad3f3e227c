//! The schemas of what commands write, by a validator that is not ours: of a stored outcome, of a new one, and of every problem of every bad file.

use std::fs;

use assert_cmd::Command;
use serde_json::Value;
use simcap::report;

use crate::language::folder;

fn errors(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::draft7::new(schema).unwrap();
    validator.iter_errors(document).map(|it| format!("{}: {it}", it.instance_path())).take(20).collect()
}

fn json(args: &[&str]) -> Value {
    let output = Command::cargo_bin("simcap").unwrap().args(args).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_stored_outcome_is_valid_and_one_that_is_cut_is_not() {
    let schema = report::outcome_schema();
    let stored = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(folder("stored").join(name)).unwrap()).unwrap()
    };
    assert_eq!(errors(&schema, &stored("shop-1-run.json")), Vec::<String>::new());
    let mut outcome = stored("shop-3-runs.json");
    assert_eq!(errors(&schema, &outcome), Vec::<String>::new());
    outcome["requests"]["completed"] = "many".into();
    outcome.as_object_mut().unwrap().remove("goodput_per_s");
    let told = errors(&schema, &outcome).join("\n");
    assert!(told.contains("/requests/completed") && told.contains("goodput_per_s"), "{told}");
}

#[test]
fn what_a_run_writes_is_valid() {
    let shop = folder("stored/shop.toml");
    let outcome = json(&["run", shop.to_str().unwrap(), "--runs", "1", "--format", "json"]);
    assert_eq!(errors(&report::outcome_schema(), &outcome), Vec::<String>::new());
}

#[test]
fn every_problem_of_every_bad_file_is_valid() {
    let schema = json(&["schema", "check"]);
    let mut files: Vec<String> = fs::read_dir(folder("bad"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "toml"))
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    files.sort();
    files.push(folder("good/everything.toml").to_str().unwrap().to_owned());
    let args = [vec!["check", "--format", "json"], files.iter().map(String::as_str).collect()].concat();
    let mut findings = json(&args);
    assert_eq!(errors(&schema, &findings), Vec::<String>::new());

    let known: Vec<&str> = simcap::language::problem::CODES.iter().map(|(code, _)| *code).collect();
    let mut problems = 0;
    for finding in findings.as_array().unwrap() {
        for problem in finding["problems"].as_array().unwrap() {
            let code = problem["code"].as_str().unwrap();
            assert!(known.contains(&code) || problem["level"] == "warning", "{code} is not explained");
            // What is somewhere in the file says where, and what is in no place says so of the whole file.
            assert_eq!(problem.get("line").is_some(), problem.get("column").is_some(), "{problem}");
            problems += 1;
        }
    }
    assert!(problems > 500, "{problems}");
    findings[0]["problems"][0]["line"] = "first".into();
    findings[0].as_object_mut().unwrap().remove("ok");
    assert_eq!(errors(&schema, &findings).len(), 2);
}
