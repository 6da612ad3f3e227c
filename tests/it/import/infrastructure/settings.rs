//! Settings that need more than their own property, and those that the language does not have. In: small plans and templates. Out: keys
//! of the scenario, or a remark at their place.

use simcap::import::infrastructure::{Imported, read_text};
use std::path::Path;

/// The scenario of a template, which passes the check.
fn import(template: &str) -> Imported {
    let imported = read_text(template, "template").unwrap();
    super::check(Path::new("template"), &imported);
    imported
}

/// A table of a scenario, from its head to the next one.
fn table(imported: &Imported, head: &str) -> String {
    let lines = imported.scenario.lines().skip_while(|line| *line != head);
    let text = lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    assert!(!text.is_empty(), "no {head}\n{}", imported.scenario);
    text
}

/// Asserts that a text has each of these parts.
fn has(text: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(text.contains(part), "no {part}\n{text}"));
}

#[test]
fn the_writer_of_a_cluster_is_the_one_that_is_next_to_write() {
    let members = |tiers: [&str; 3]| {
        let member = |(i, (class, tier)): (usize, (&str, &str))| {
            format!(
                "  M{i}: {{ Type: AWS::RDS::DBInstance, Properties: {{ DBClusterIdentifier: !Ref C, DBInstanceClass: {class}, {tier} }} }}\n"
            )
        };
        let classes = ["db.r6g.large", "db.r6g.4xlarge", "db.r6g.2xlarge"];
        let all: String = classes.into_iter().zip(tiers).enumerate().map(member).collect();
        let head =
            "Resources:\n  C: { Type: AWS::RDS::DBCluster, Properties: { Engine: aurora-postgresql } }\n";
        table(&import(&format!("{head}{all}")), "[database.c]")
    };
    let known = members(["PromotionTier: 3", "PromotionTier: 0", "PromotionTier: 3"]);
    has(&known, &["writer = \"db.r6g.4xlarge\"", "replicas = 2", "replica = \"db.r6g.large\""]);
    has(&known, &["# - 1 of the readers: db.r6g.2xlarge; the language has one class"]);
    assert!(!known.contains("ASSUMED"), "{known}");
    has(&members(["Writer: false", "Writer: false", "Writer: true"]), &["writer = \"db.r6g.2xlarge\""]);
    has(
        &members(["", "", ""]),
        &["writer = \"db.r6g.large\"", "# - ASSUMED: the files do not say which one writes"],
    );
}

#[test]
fn a_copy_of_a_copy_is_a_reader_too() {
    let template = "
Resources:
  A: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, DBInstanceClass: db.m5.large, AllocatedStorage: 100 } }
  B: { Type: AWS::RDS::DBInstance, Properties: { DBInstanceClass: db.m5.large, SourceDBInstanceIdentifier: !Ref A } }
  C: { Type: AWS::RDS::DBInstance, Properties: { DBInstanceClass: db.m5.large, SourceDBInstanceIdentifier: !Ref B } }
";
    has(&table(&import(template), "[database.a]"), &["replicas = 2"]);
}
