//! The schema of scenarios, by a validator that is not ours: it holds of every good file, and of no bad one whose shape is wrong.

mod places;
mod results;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use simcap::scenario::{self, ScenarioError};

use crate::language::folder;

/// Bad files whose shape is right: what is wrong in them is what they mean, such as a name that does not exist.
const BY_MEANING: [&str; 9] = [
    "backups",
    "cycle_between_tiers",
    "no_traffic",
    "nobody",
    "schedule_without_date",
    "silent_traffic",
    "sizes",
    "too_deep",
    "zones",
];

/// Lines whose form is wrong only by what stands elsewhere: the policy of a name, the engine of a database.
const BY_OTHER_KEYS: [(&str, usize); 3] = [("dns.toml", 34), ("postgres.toml", 30), ("ranges.toml", 40)];

/// Bad files that are no TOML.
const NO_TOML: [&str; 1] = ["syntax"];

fn validator() -> Validator {
    jsonschema::draft7::new(&scenario::schema::schema()).unwrap()
}

/// The `.toml` files of a folder and of those in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.extension().is_some_and(|it| it == "toml") => found.push(path),
            false => {}
        }
    }
    found.sort();
    found
}

/// A file as an editor hands it to a validator: a date is a text.
fn document(text: &str) -> Option<Value> {
    fn json(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(all) => all.into_iter().map(json).collect(),
            toml::Value::Table(all) => {
                Value::Object(all.into_iter().map(|(key, value)| (key, json(value))).collect())
            }
            other => serde_json::to_value(other).unwrap(),
        }
    }
    text.parse::<toml::Table>().ok().map(|table| json(toml::Value::Table(table)))
}

#[test]
fn every_good_file_is_valid() {
    let validator = validator();
    let good =
        [files(&folder("good")), files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"))].concat();
    assert!(good.len() > 60);
    for path in good {
        let document = document(&fs::read_to_string(&path).unwrap()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn every_bad_file_of_a_wrong_shape_is_invalid() {
    let validator = validator();
    let (mut by_meaning, mut no_toml) = (Vec::new(), Vec::new());
    for path in files(&folder("bad")) {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        match document(&fs::read_to_string(&path).unwrap()) {
            None => no_toml.push(name),
            Some(document) if validator.is_valid(&document) => by_meaning.push(name),
            Some(_) => {}
        }
    }
    assert_eq!(by_meaning, BY_MEANING);
    assert_eq!(no_toml, NO_TOML);
}

/// An editor marks the line of what is wrong, and not the table around it.
#[test]
fn what_has_a_wrong_shape_is_marked_in_the_line_in_which_it_is() {
    let validator = validator();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut not_marked = Vec::new();
    for path in files(&folder("bad")) {
        let text = fs::read_to_string(&path).unwrap();
        let Some(document) = document(&text) else { continue };
        let marked: BTreeSet<usize> = validator
            .iter_errors(&document)
            .filter_map(|error| places::line(&text, error.instance_path().as_str()))
            .collect();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Err(ScenarioError::Invalid(report)) =
            scenario::parse(name, text.as_bytes(), Path::new("nowhere"), &[])
        else {
            panic!("{name} was not refused")
        };
        for problem in report.problems().iter().filter(|it| ["unknown-key", "wrong-type"].contains(&it.code))
        {
            // What does not go with other keys there is a known key, and has the right form.
            if problem.message.contains("has no meaning beside") {
                continue;
            }
            let line = report.place(problem).unwrap().line;
            if !marked.contains(&line) {
                not_marked.push((name.to_owned(), line));
            }
            *told.entry(problem.code).or_default() += 1;
        }
    }
    let known: Vec<(String, usize)> = BY_OTHER_KEYS.map(|(file, line)| (file.to_owned(), line)).to_vec();
    assert_eq!(not_marked, known);
    assert!(told["unknown-key"] > 70 && told["wrong-type"] > 30, "{told:?}");
}

/// A good file with something in another's place, and whether it is read, and valid.
fn judged(before: &str, after: &str) -> (bool, bool) {
    let good = fs::read_to_string(folder("good").join("shop.toml")).unwrap();
    assert!(good.contains(before), "{before}");
    // A schedule needs the date of the run.
    let dated = "duration = \"4h\"\nstarts = \"2026-11-27T09:00:00+09:00\"";
    let text = good.replacen(before, after, 1).replacen("duration = \"4h\"", dated, 1);
    let read = scenario::parse("shop.toml", text.as_bytes(), &folder("good"), &[]).is_ok();
    (read, validator().is_valid(&document(&text).unwrap()))
}

#[test]
fn names_of_lists_and_ranges_are_in_the_schema() {
    for (before, after) in [
        ("\"m6i.large\"", "\"m6i.larg\""),
        ("\"cache.r6g.large\"", "\"cache.r6g\""),
        ("\"db.r6g.2xlarge\"", "\"db.r6g.2\""),
        ("\"ap-northeast-2\"", "\"seoul\""),
        ("duration = \"4h\"", "duration = \"4h\"\nallow = [\"unused\", \"unsued\"]"),
        ("azs = 2", "azs = 7"),
        ("\"alb\"", "\"ablb\""),
    ] {
        assert_eq!(judged(before, after), (false, false), "{after}");
    }
    assert_eq!(judged("\"m6i.large\"", "{ vcpus = 2, memory = \"8 GiB\" }"), (true, true));
    assert_eq!(judged("duration = \"4h\"", "duration = \"4h\"\nallow = \"unused\""), (true, true));
}

/// The table of the chapter on editors: what is refused, and what the schema takes all the same.
#[test]
fn what_the_schema_does_not_check_is_in_the_book() {
    let chapter = include_str!("../../src/book/editor.md");
    let policy = "metric = \"cpu\"";
    let schedule = "schedule = [{ cron = \"0 9 * * *\", min = 5, time_zone = \"Asia/Soul\" }]\nboot = { image = \"golden\" }";
    for (shown, before, after) in [
        ("`\"0s\"`", "timeout = \"8s\"", "timeout = \"0s\""),
        ("`max = 0`", "max = 40", "max = 0"),
        ("`targets = \"wbe\"`", "targets = \"web\"", "targets = \"wbe\""),
        ("a class in `requests`", "{ home = 30,", "{ hom = 30,"),
        ("`metric = \"fleet.web.instancess\"`", policy, "metric = \"fleet.web.instancess\""),
        ("`time_zone = \"Asia/Soul\"`", "boot = { image = \"golden\" }", schedule),
        ("`latency = \"p99 < 800\"`", "latency = \"p99 < 800ms\"", "latency = \"p99 < 800\""),
        ("`instances` of a fleet with `min`", "max = 40", "max = 40\ninstances = 4"),
        (
            "a circle of tiers",
            "steps = [{ cpu = \"4ms\" }]",
            "steps = [{ call = \"public\", steps = [{ call = \"public\", steps = [] }] }]",
        ),
    ] {
        assert!(chapter.contains(shown), "{shown}");
        assert_eq!(judged(before, after), (false, true), "{after}");
    }
}

/// Every key under `properties` that is explained, with what is said of it first.
fn explained(schema: &Value, found: &mut BTreeSet<(String, String)>) {
    match schema {
        Value::Object(parts) => {
            if let Some(Value::Object(properties)) = parts.get("properties") {
                for (key, value) in properties {
                    let about = value.get("description").and_then(Value::as_str);
                    found.extend(about.map(|it| (key.clone(), it.split("\n\n").next().unwrap().to_owned())));
                }
            }
            parts.values().for_each(|part| explained(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| explained(part, found)),
        _ => {}
    }
}

#[test]
fn the_schema_explains_every_key_of_the_reference_and_no_other() {
    let mut schema = BTreeSet::new();
    explained(&scenario::schema::schema(), &mut schema);
    let mut reference = BTreeSet::new();
    let mut in_language = false;
    for line in scenario::reference().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            in_language = title.starts_with('`');
        }
        let cells: Vec<String> =
            line.replace("\\|", "\u{1}").split('|').map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        if let (true, [_, key, _, _, about, ..]) = (in_language && line.starts_with("| `"), cells.as_slice())
        {
            reference.insert((key.trim_matches('`').to_owned(), about.clone()));
        }
    }
    assert!(reference.len() > 700, "{}", reference.len());
    assert_eq!(reference.difference(&schema).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    assert_eq!(schema.difference(&reference).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
}

/// What an editor can point to without the program.
#[test]
fn the_file_at_the_root_is_what_the_command_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenario.schema.json");
    let printed = serde_json::to_string_pretty(&scenario::schema::schema()).unwrap() + "\n";
    let known = fs::read_to_string(path).unwrap();
    assert!(known == printed, "write it again: simcap schema > scenario.schema.json");
}
