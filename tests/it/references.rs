//! References in files of results. In: outcomes, comparisons and limits as JSON. Out: one form, of what the file lists.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use simcap::comparison::Comparison;
use simcap::ensemble::Ensemble;
use simcap::outcome::estimate::Quantity;
use simcap::outcome::{Kind, Node, Outcome, Resource};
use simcap::report::to_json;

use crate::run::scenario;

/// The stored shop, and the kinds that it lacks: two queues of a topic, a fault, an alarm, a fleet before that of the shop.
fn everything() -> String {
    let shop = std::fs::read_to_string(stored("shop.toml")).unwrap();
    let shop = shop.replace("[{ send = \"mail\" }]", "[{ send = \"news\" }]");
    let shop = shop.replace("min = 2\n", "min = 2\nazs = [\"a\", \"c\"]\n");
    let shop =
        shop.replace("[queue.mail]", "[queue.first]\nworkers = \"early\"\ntime = \"10ms\"\n\n[queue.mail]");
    let shop = shop
        .replace("[fleet.web]", "[fleet.early]\ninstance = \"m6i.large\"\nmin = 1\nmax = 1\n\n[fleet.web]");
    format!(
        "{shop}\n[topic.news]\nqueues = [\"mail\", \"first\"]\n\n[fault.outage]\nzone = \"a\"\nat = \"7m\"\nfor = \"1m\"\n\
         [alarm.any]\nrule = \"TRUE\"\n"
    )
}

fn stored(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stored").join(name)
}

fn outcome(text: &str, runs: usize) -> Outcome {
    let scenario = scenario(text);
    let mut ensemble = Ensemble::new(&scenario, scenario.seed, Some(2), &[], &|_| {}).unwrap();
    ensemble.extend_to(runs);
    ensemble.outcome()
}

/// What a document refers to, and what in it has another form.
#[derive(Default)]
struct Found {
    references: BTreeSet<(String, String)>,
    wrong: Vec<String>,
}

/// Fields that refer to something wherever they are; as text, they are for people.
const FIELDS: [&str; 5] = ["of", "resource", "held_by", "saturated", "class"];
/// Numbers inside of those that are no positions.
const NUMBERS: [&str; 2] = ["quantile", "window_s"];

impl Found {
    fn walk(&mut self, at: &str, value: &Value, refers: bool) {
        match value {
            Value::Object(fields) => {
                if let (Some(kind), Some(name)) = (text(value, "kind"), text(value, "name"))
                    && TABLES.contains(&kind)
                {
                    self.references.insert((kind.into(), name.into()));
                }
                for (key, inner) in fields {
                    let place = format!("{at}.{key}");
                    let position = inner.is_number() && (TABLES.contains(&key.as_str()) || key == "index");
                    let bare = refers && inner.is_number() && !NUMBERS.contains(&key.as_str());
                    if position || bare || (FIELDS.contains(&key.as_str()) && inner.is_number()) {
                        self.wrong.push(format!("{place} = {inner}"));
                    }
                    self.walk(&place, inner, refers || FIELDS.contains(&key.as_str()));
                }
            }
            Value::Array(elements) => {
                elements
                    .iter()
                    .enumerate()
                    .for_each(|(index, it)| self.walk(&format!("{at}[{index}]"), it, refers));
            }
            _ => {}
        }
    }
}

fn text<'a>(of: &'a Value, key: &str) -> Option<&'a str> {
    of.get(key)?.as_str()
}

/// Kinds of table, as files have them.
const TABLES: [&str; 19] = [
    "traffic", "users", "request", "balancer", "fleet", "cache", "database", "service", "queue", "topic",
    "alarm", "fault", "keys", "location", "runbook", "dynamodb", "lambda", "api", "stream",
];

fn found(document: &str) -> Found {
    let mut document: Value = serde_json::from_str(document).unwrap();
    // An objective has its place in the list of verdicts.
    if let Some(limits) = document.get_mut("limits").and_then(Value::as_array_mut) {
        limits.iter_mut().filter_map(|it| it.pointer_mut("/subject/objective")).for_each(|it| {
            it.as_object_mut().unwrap().remove("index");
        });
    }
    let mut found = Found::default();
    found.walk("", &document, false);
    found
}

fn listed(document: &str, at: &str) -> BTreeSet<(String, String)> {
    let document: Value = serde_json::from_str(document).unwrap();
    let tables = document.pointer(at).unwrap().as_array().unwrap();
    let pair = |it: &Value| (text(it, "kind").unwrap().into(), text(it, "name").unwrap().into());
    tables.iter().map(pair).collect()
}

#[test]
fn every_reference_of_an_outcome_has_kind_and_name_and_is_of_a_table_of_the_scenario() {
    let outcome = outcome(&everything(), 2);
    let document = to_json(&outcome);
    let (found, tables) = (found(&document), listed(&document, "/scenario/tables"));
    assert_eq!(found.wrong, [""; 0]);
    assert!(found.references.is_subset(&tables), "{:?}", found.references.difference(&tables));
    let kinds: BTreeSet<&str> = tables.iter().map(|(kind, _)| kind.as_str()).collect();
    let without = ["traffic", "users", "keys", "location", "runbook"];
    assert!(TABLES.iter().filter(|it| !without.contains(it)).all(|it| kinds.contains(it)), "{kinds:?}");
    // Each place that can refer to something does so in this run.
    let value: Value = serde_json::from_str(&document).unwrap();
    for (place, refers) in [
        ("stages", "/of/name"),
        ("estimates", "/of/latency/class/name"),
        ("estimates", "/of/cpu/name"),
        ("headroom", "/of/name"),
        ("headroom", "/of/to/name"),
        ("scaling", "/of/name"),
        ("incidents", "/of/name"),
        ("objectives", "/bound/of/age/of/name"),
    ] {
        assert!(
            value[place].as_array().unwrap().iter().any(|it| it.pointer(refers).is_some()),
            "{place}{refers}"
        );
    }
    assert!(value["bill"]["items"].as_array().unwrap().iter().any(|it| it.pointer("/of/name").is_some()));
    let links = value["phases"].as_array().unwrap().iter().filter_map(|it| it["chain"].as_array()).flatten();
    let links: BTreeSet<&str> = links.filter_map(|it| it.pointer("/resource/kind")?.as_str()).collect();
    assert!(links.contains("fault") && links.contains("service"), "{links:?}");
}

#[test]
fn an_outcome_reads_back_to_the_same_positions_whatever_the_order_of_its_fields() {
    let outcome = outcome(&everything(), 1);
    let pool = Resource::Pool { fleet: 1, pool: 0, node: Node::Writer };
    assert!(outcome.headroom.iter().any(|it| it.of == pool), "the second fleet has the pool");
    let written = to_json(&outcome);
    assert!(written.contains(r#""name": "web""#));
    // A value sorts its fields by name: `estimates` come before `scenario` with the tables.
    let sorted = serde_json::from_str::<Value>(&written).unwrap().to_string();
    assert!(sorted.find("\"estimates\"") < sorted.find("\"scenario\""));
    for text in [&written, &sorted] {
        let back: Outcome = serde_json::from_str(text).unwrap();
        assert_eq!(back.headroom, outcome.headroom);
        assert_eq!(back.scaling, outcome.scaling);
        assert_eq!(to_json(&back), written);
    }
    let unknown = written.replace(r#""name": "payment""#, r#""name": "nothing""#);
    assert_ne!(unknown, written);
    let gone = unknown.replacen(r#""name": "nothing""#, r#""name": "payment""#, 1);
    assert!(serde_json::from_str::<Outcome>(&gone).is_err(), "what is referred to must be listed");
}

/// Both scenarios have a `desk` in another place, and the second has one that the first lacks.
#[test]
fn a_comparison_refers_to_the_tables_of_each_side() {
    let text = |services: &[&str], objectives: &str| {
        let steps: Vec<String> = services.iter().map(|name| format!("{{ service = \"{name}\" }}")).collect();
        let tables =
            services.iter().map(|name| format!("service.{name} = {{ servers = 9, time = \"10ms\" }}\n"));
        format!(
            "duration = \"1m\"\ntraffic.all.rate = \"5/s\"\nrequest.call.steps = [{}]\n{}\n[objectives]\n{objectives}\n",
            steps.join(", "),
            tables.collect::<String>()
        )
    };
    let a = outcome(&text(&["front", "desk"], "headroom = [\"of desk > 2\"]"), 2);
    let b = outcome(&text(&["desk", "back"], "headroom = [\"of desk > 2\", \"of back > 3\"]"), 2);
    let comparison = Comparison::of(&a, &b);
    let document: Value = serde_json::from_str(&to_json(&comparison)).unwrap();
    let name = |at: &str| document.pointer(at).and_then(Value::as_str).unwrap_or("missing").to_owned();
    assert_eq!(name("/objectives/0/a/bound/of/headroom/name"), "desk");
    assert_eq!(name("/objectives/0/b/bound/of/headroom/name"), "desk");
    assert_eq!(name("/objectives_only/b/0/verdict/bound/of/headroom/name"), "back");
    let back: Comparison = serde_json::from_str(&document.to_string()).unwrap();
    assert_eq!(to_json(&back), to_json(&comparison));
    assert!(found(&to_json(&comparison)).wrong.is_empty());
}

#[test]
fn limits_refer_by_kind_and_name() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("shop.toml");
    let text = "duration = \"1m\"\ntraffic.all.rate = \"5/s\"\nrequest.call.steps = [{ service = \"desk\" }]\n\
                service.desk = { servers = 1, time = \"exponential 60ms\" }\n[objectives]\nlatency = \"p99 < 1s\"\n";
    std::fs::write(&file, text).unwrap();
    let mut command = assert_cmd::Command::cargo_bin("simcap").unwrap();
    let args = ["--precision", "30%", "--runs", "2", "--format", "json", "--no-progress"];
    let output = command.arg("headroom").arg(&file).args(args).output().unwrap();
    let document = String::from_utf8(output.stdout).unwrap();
    let found = found(&document);
    assert!(found.wrong.is_empty(), "{:?}", found.wrong);
    assert!(found.references.is_subset(&listed(&document, "/scenario/tables")));
    assert!(found.references.contains(&("service".into(), "desk".into())), "{document}");
}

/// Layout 3 has positions.
#[test]
fn a_file_of_an_earlier_version_is_read_to_the_same_resources() {
    let old = simcap::report::read(&stored("layout-3.json")).unwrap();
    assert_eq!((old.version, old.scenario.tables.0.len()), (3, 0));
    assert!(old.estimates.iter().all(|estimate| estimate.of.is_some()));
    assert!(old.objectives.iter().all(|verdict| verdict.bound.is_some()));
    let cpu = Quantity::figure("cpu", Some(0), None).unwrap();
    assert_eq!(old.estimate(&cpu).unwrap().name, "CPU of web");
    let of: Vec<Resource> = old.headroom.iter().map(|it| it.of).collect();
    let pool = Resource::Pool { fleet: 0, pool: 0, node: Node::Writer };
    let writer = Resource::Database { database: 0, node: Node::Writer };
    for resource in [Resource::Cpu { fleet: 0 }, pool, writer, Resource::Service { service: 0 }] {
        assert!(of.contains(&resource), "{resource:?} is not among {of:?}");
    }
    assert_eq!(old.incidents[0].of.as_ref().unwrap().kind, Kind::Balancer);
    assert_eq!(old.scaling[0].of.unwrap().index(), 0);
    assert!(
        old.phases.iter().flat_map(|it| &it.chain).any(|it| it.resource == Some(Resource::Cpu { fleet: 0 }))
    );
}
