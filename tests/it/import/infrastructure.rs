//! Imports of infrastructure. In: files of each format, made for this and public ones, and broken ones. Out: the whole scenario as
//! recorded, a check that accepts it, and no secret of the files.

use std::fs;
use std::path::{Path, PathBuf};

use insta::{assert_snapshot, with_settings};
use proptest::prelude::*;
use serde_json::{Map, Value};
use simcap::import::infrastructure::{Error, Imported, is_known, read, read_text};

mod links;
mod settings;

/// Files and folders that were made for these tests: each has canaries where real ones have secrets.
const OWN: [&str; 8] = [
    "plan.json",
    "state.tfstate",
    "shown.json",
    "template.yaml",
    "sam.yaml",
    "cdk.out",
    "nested",
    "mixed.yaml",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/import/infrastructure")
}

fn import(path: &Path) -> Imported {
    read(&[path.to_owned()], "imported").unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The scenario passes the check as it is, and its summary fits a terminal.
fn check(path: &Path, imported: &Imported) -> simcap::Scenario {
    let wide = imported.summary.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None, "{}", path.display());
    let checked = simcap::parse(&imported.scenario, &[]);
    checked.unwrap_or_else(|error| panic!("{}: {error}\n{}", path.display(), imported.scenario))
}

fn recorded(name: &str, text: &str) {
    with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "infrastructure/expected", omit_expression => true }, {
        assert_snapshot!(name, text);
    });
}

#[test]
fn each_format_becomes_the_scenario_that_was_recorded() {
    for name in OWN {
        let path = folder().join(name);
        let imported = import(&path);
        check(&path, &imported);
        recorded(name, &format!("{}\n{}", imported.summary, imported.scenario));
    }
}

#[test]
fn public_files_become_scenarios_that_pass_the_check() {
    let mut names: Vec<_> =
        fs::read_dir(folder().with_file_name("public")).unwrap().map(|it| it.unwrap().path()).collect();
    // The logs among them are for other tests.
    names.retain(|path| path.extension().is_some_and(|end| end != "md" && end != "log"));
    names.sort();
    assert!(names.len() >= 3);
    for path in names {
        let imported = import(&path);
        check(&path, &imported);
        recorded(path.file_name().unwrap().to_str().unwrap(), &imported.summary);
    }
}

#[test]
fn a_proposal_runs_and_answers_its_requests() {
    let imported = import(&folder().join("plan.json"));
    let scenario = simcap::parse(&imported.scenario, &["duration=1m", "runs=1"]).unwrap();
    let outcome = simcap::Simulation::of(&scenario).run().unwrap();
    assert!(outcome.requests.arrived > 400.0);
    assert!(outcome.requests.completed > 0.99 * outcome.requests.arrived);
}

#[test]
fn an_api_that_calls_a_stream_by_itself_is_a_class_that_does_so() {
    let template = r#"
Resources:
  Api: { Type: AWS::ApiGateway::RestApi }
  Role: { Type: AWS::IAM::Role }
  Put: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref Role], PolicyDocument: { Statement: [{ Resource: !GetAtt Clicks.Arn }] } } }
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      Integration: { Type: AWS, Credentials: !GetAtt Role.Arn, Uri: !Sub "arn:aws:apigateway:${AWS::Region}:kinesis:action/PutRecord" }
  Clicks: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 2 } }
  Late:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Kinesis
      MetricName: GetRecords.IteratorAgeMilliseconds
      Dimensions: [{ Name: StreamName, Value: !Ref Clicks }]
      Statistic: Maximum
      ComparisonOperator: GreaterThanThreshold
      Threshold: 60000
      Period: 60
      EvaluationPeriods: 3
"#;
    let imported = read_text(template, "clicks").unwrap();
    check(Path::new("clicks"), &imported);
    for line in ["[request.clicks]", "  { put_record = \"clicks\" },", "above = 60", "shards = 2"] {
        assert!(imported.scenario.lines().any(|other| other == line), "{line}\n{}", imported.scenario);
    }
}

#[test]
fn secrets_of_the_files_are_not_written() {
    for name in OWN {
        let imported = import(&folder().join(name));
        let text = format!("{}{}", imported.scenario, imported.summary).to_lowercase();
        for secret in ["canary", "123456789012", "arn:", "hunter2", "@"] {
            assert!(!text.contains(secret), "{name} leaks {secret}");
        }
    }
}

#[test]
fn every_fixture_has_something_to_leak() {
    let all = |path: &Path| -> String {
        match path.is_dir() {
            true => fs::read_dir(path)
                .unwrap()
                .map(|it| fs::read_to_string(it.unwrap().path()).unwrap())
                .collect(),
            false => fs::read_to_string(path).unwrap(),
        }
    };
    for name in OWN {
        assert!(all(&folder().join(name)).contains("canary"), "{name} has no canary");
    }
}

#[test]
fn what_cannot_be_read_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let error = |path: PathBuf| *read(&[path], "x").unwrap_err();
    assert!(matches!(error(file("main.tf", "resource \"aws_lb\" \"a\" {}")), Error::Source { .. }));
    assert!(matches!(error(file("a.json", "{ \"a\": ")), Error::Parse { .. }));
    assert!(matches!(error(file("b.json", "{ \"a\": 1 }")), Error::Unknown { .. }));
    assert!(matches!(error(dir.path().join("none")), Error::Read { .. }));
    let empty = file("c.tfstate", "{ \"version\": 4, \"terraform_version\": \"1.9.5\", \"resources\": [] }");
    assert!(matches!(error(empty.clone()), Error::Empty { .. }));
    fs::remove_file(empty).unwrap();
    assert!(matches!(error(dir.path().to_owned()), Error::Nothing { .. }));
}

#[test]
fn files_are_known_by_their_start() {
    for (name, start, known) in [
        ("plan.json", "{\"format_version\":\"1.2\",", true),
        ("App.template.json", "{\n \"Resources\": {", true),
        ("template.yml", "# a\nAWSTemplateFormatVersion: 2010-09-09\n", true),
        ("terraform.tfstate", "", true),
        ("results.json", "{\"metrics\":{", false),
        ("access.log", "2026-01-01 Resources:", false),
    ] {
        assert_eq!(is_known(Path::new(name), start), known, "{name}");
    }
}

#[test]
fn utf_16_of_powershell_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(folder().join("shown.json")).unwrap();
    let bytes: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let path = dir.path().join("shown.json");
    fs::write(&path, bytes).unwrap();
    assert_eq!(import(&path).scenario, import(&folder().join("shown.json")).scenario);
}

/// Any JSON, with the words of plans and templates among its keys and texts.
fn json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "Resources",
        "Type",
        "Properties",
        "Ref",
        "Fn::GetAtt",
        "Fn::If",
        "Fn::Join",
        "Fn::Sub",
        "values",
        "root_module",
        "resources",
        "address",
        "type",
        "name",
        "AWS::AutoScaling::AutoScalingGroup",
        "aws_lb",
        "aws_rds_cluster",
        "AWS::CloudFormation::Stack",
        "TemplateURL",
        "Parameters",
        "MinSize",
        "${A}",
        "a",
        "*",
        "\"\n]",
        "Events",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|entries| {
                Value::Object(Map::from_iter(entries.into_iter().map(|(key, value)| (key.to_owned(), value))))
            }),
        ]
    })
}

/// The places of a value, counted from its root.
fn replace(value: &mut Value, at: &mut usize, with: &Value) {
    if *at == 0 {
        *value = with.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Array(list) => list.iter_mut().for_each(|inner| replace(inner, at, with)),
        Value::Object(table) => table.values_mut().for_each(|inner| replace(inner, at, with)),
        _ => {}
    }
}

fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(places).sum(),
        Value::Object(table) => table.values().map(places).sum(),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_refused_or_becomes_toml(value in json(), resources in json()) {
        let whole = serde_json::json!({ "Resources": { "A": { "Type": "AWS::EC2::Instance" }, "B": resources } });
        for text in [value.to_string(), whole.to_string()] {
            if let Ok(imported) = read_text(&text, "any") {
                prop_assert!(imported.scenario.parse::<toml::Table>().is_ok(), "{}", imported.scenario);
            }
        }
    }

    #[test]
    fn a_fixture_with_some_values_replaced_becomes_toml(
        which in 0_usize..3,
        changes in prop::collection::vec((any::<prop::sample::Index>(), json()), 1..8),
    ) {
        let text = fs::read_to_string(folder().join(OWN[which])).unwrap();
        let mut value: Value = serde_json::from_str(&text).unwrap();
        for (at, with) in &changes {
            let mut at = at.index(places(&value));
            replace(&mut value, &mut at, with);
        }
        if let Ok(imported) = read_text(&value.to_string(), "changed") {
            prop_assert!(imported.scenario.parse::<toml::Table>().is_ok(), "{}", imported.scenario);
            let wide = imported.summary.lines().find(|line| line.chars().count() > 80);
            prop_assert_eq!(wide, None);
        }
    }

    #[test]
    fn any_text_is_refused_or_becomes_toml(text in "(?s)[ -~\n]{0,80}(Resources:\n  A: \\{ Type: AWS::SQS::Queue \\}\n)?(?s)[!&*<>:\\-{}\\[\\]a-z\n ]{0,60}") {
        if let Ok(imported) = read_text(&text, "text") {
            prop_assert!(imported.scenario.parse::<toml::Table>().is_ok());
        }
    }
}
