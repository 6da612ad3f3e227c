//! `simcap import` as people use it.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

use super::lines::alb;

fn log() -> String {
    let line = |second: u32| {
        alb(
            second % 600,
            "192.0.2.1",
            "0.001 0.020 0.001",
            "200 200",
            &format!("GET https://h:443/items/{second}"),
            "a",
        )
    };
    (0..1_200).map(line).collect()
}

fn simcap(folder: &TempDir) -> Command {
    let mut command = Command::cargo_bin("simcap").unwrap();
    command.current_dir(folder.path());
    command
}

#[test]
fn a_log_becomes_a_scenario_that_runs() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("access.log"), log()).unwrap();
    let output = simcap(&folder).args(["import", "access.log"]).output().unwrap();
    let (page, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && page.contains("items-id") && page.contains("Next: simcap run"),
        "{page}{error}"
    );
    let scenario = "out/import/access/scenario.toml";
    let check = simcap(&folder).args(["check", scenario]).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
    let run = simcap(&folder).args(["run", scenario, "--runs", "1", "--format", "json"]).output().unwrap();
    let outcome: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    // 1,200 arrivals by chance: within four standard deviations.
    let arrived = outcome["requests"]["arrived"].as_f64().unwrap();
    assert!((arrived - 1_200.0).abs() < 4.0 * 1_200f64.sqrt(), "{arrived}");
}

#[test]
fn standard_input_and_errors() {
    let folder = TempDir::new().unwrap();
    let output =
        simcap(&folder).args(["import", "-", "--out", "o", "--quiet"]).write_stdin(log()).output().unwrap();
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        fs::read_to_string(folder.path().join("o/rates.csv")).unwrap().starts_with("at_s,items-id\n0,120\n")
    );
    for (args, code, text) in [
        (vec!["import", "missing.log"], 1, "cannot read missing.log"),
        (vec!["import", "-", "--format", "xml"], 2, "one of alb"),
        (vec!["import", "-", "--classes", "a=b"], 2, "is no pattern"),
    ] {
        let output = simcap(&folder).args(&args).write_stdin("nothing\n").output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(code) && error.contains(text), "{args:?}: {error}");
    }
}

/// A template has to be a file: what comes in is taken for a log.
#[test]
fn infrastructure_on_standard_input_gets_a_hint() {
    let folder = TempDir::new().unwrap();
    let template = "Resources:\n  Q: { Type: AWS::SQS::Queue }\n";
    let plan = r#"{"format_version":"1.2","planned_values":{"root_module":{}}}"#;
    for text in [template, plan] {
        let output = simcap(&folder).args(["import", "-"]).write_stdin(text).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && error.contains("write it to a file, such as plan.json"),
            "{error}"
        );
    }
}

/// What people have changed is not replaced.
#[test]
fn edited_files_stay() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.log"), log()).unwrap();
    let import =
        || simcap(&folder).args(["import", "a.log", "--out", "o"]).output().unwrap().status.success();
    assert!(import() && import() && !folder.path().join("o/classes.new.toml").exists());
    for file in ["o/classes.toml", "o/scenario.toml"] {
        fs::write(folder.path().join(file), "mine = true\n").unwrap();
    }
    assert!(
        import()
            && folder.path().join("o/classes.new.toml").exists()
            && folder.path().join("o/scenario.new.toml").exists()
    );
    assert_eq!(fs::read_to_string(folder.path().join("o/classes.toml")).unwrap(), "mine = true\n");
}

/// A folder with both kinds: infrastructure is read, and the page names the log; two files are one kind too many.
#[test]
fn logs_beside_infrastructure_are_not_silent() {
    let folder = TempDir::new().unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/import/infrastructure/plan.json");
    let both = folder.path().join("both");
    fs::create_dir_all(&both).unwrap();
    fs::copy(fixture, both.join("plan.json")).unwrap();
    fs::write(both.join("access.log"), log()).unwrap();
    let import = |args: &[&str]| simcap(&folder).arg("import").args(args).output().unwrap();
    let page = String::from_utf8(import(&["both"]).stdout).unwrap();
    assert!(page.contains("Not used: 1 log, such as both/access.log."), "{page}");
    let two = import(&["both/plan.json", "both/access.log"]);
    let error = String::from_utf8_lossy(&two.stderr);
    assert!(two.status.code() == Some(2) && error.contains("give one kind at a time"), "{error}");
    let log = import(&["both", "--format", "alb", "--no-progress"]);
    assert!(log.status.success(), "{}", String::from_utf8_lossy(&log.stderr));
}

/// What describes a system is told from what logs it, and what people have changed of the scenario stays.
#[test]
fn a_plan_of_terraform_becomes_a_scenario_that_runs() {
    let folder = TempDir::new().unwrap();
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/import/infrastructure/plan.json");
    fs::copy(fixture, folder.path().join("plan.json")).unwrap();
    let import = || simcap(&folder).args(["import", "plan.json", "--out", "shop"]).output().unwrap();
    let page = String::from_utf8(import().stdout).unwrap();
    assert!(
        page.contains("Terraform plan") && page.contains("Next: simcap run shop/scenario.toml"),
        "{page}"
    );
    let file = folder.path().join("shop/scenario.toml");
    let run = ["run", "shop/scenario.toml", "--set", "duration=1m", "--runs", "1", "--no-charts", "-q"];
    let run = simcap(&folder).args(run).output().unwrap();
    assert!(matches!(run.status.code(), Some(0 | 99)), "{}", String::from_utf8_lossy(&run.stderr));
    let changed = fs::read_to_string(&file).unwrap() + "# ours\n";
    fs::write(&file, &changed).unwrap();
    let page = String::from_utf8(import().stdout).unwrap();
    assert!(page.contains("shop/scenario.new.toml"), "{page}");
    assert_eq!(fs::read_to_string(&file).unwrap(), changed);
    // A file of none of these formats is a mistake of the command line.
    fs::write(folder.path().join("main.tf"), "resource \"aws_instance\" \"a\" {}\n").unwrap();
    let source = simcap(&folder).args(["import", "main.tf"]).output().unwrap();
    let said = String::from_utf8_lossy(&source.stderr).into_owned();
    assert!(source.status.code() == Some(2) && said.contains("terraform show -json"), "{said}");
}
