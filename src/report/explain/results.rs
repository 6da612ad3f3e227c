//! What a run leaves: the columns of `timeline.csv`, the fields of `outcome.json` and the words in them. In: the tables of columns, and the
//! schema, which has the docs of every field. Out: an explanation of each.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::csv;
use super::super::schema::{IN, outcome_schema};
use super::fields::{self, Number};
use crate::measure::column::{Declared, Family, Key, Place, declare};
use crate::measure::unit::Unit;
use crate::outcome::Timeline;
use crate::scenario::explain::{Explained, NAME};

/// The part of `outcome.json` that has the columns.
const ROWS: &str = "timeline";
const COLUMN: &str = "a column of timeline.csv";
/// Where the docs of a field go on with how it stands in the document, which is not how a column stands in its file.
const HERE: &str = " Here: ";

/// The columns of `timeline.csv`, by their whole names and by their fields.
pub(super) fn columns() -> Vec<Explained> {
    let schema = outcome_schema();
    let fields = fields::of(&schema).into_iter().map(|it| (it.path.join("."), split_unit(&it.about).0));
    let abouts: BTreeMap<String, String> = fields.collect();
    let mut declared = Vec::new();
    declare::<Timeline>(None, &Place::default(), &mut declared);
    declared.iter().flat_map(|column| explained(column, &abouts)).collect()
}

fn explained(column: &Declared, abouts: &BTreeMap<String, String>) -> Vec<Explained> {
    let field = format!("{ROWS}.{}", column.place.fields.join("."));
    let about_all = abouts.get(&field).cloned().unwrap_or_default();
    let mut about_all = about_all.split(HERE).next().unwrap_or_default().to_owned();
    let mut facts =
        vec![("unit", column.unit.words_of(column.name)), ("field", format!("{field} of outcome.json"))];
    if let Some(table) = column.place.path.first().copied().flatten() {
        facts.insert(0, ("of", format!("each `[{table}.NAME]`")));
    }
    if column.family == Some(Family::Stage) {
        about_all.push_str(" One figure a row, of the stage that the name of the column says.");
        facts.push(("NAME", "the label of a stage, as in `stages` of outcome.json".to_owned()));
    }
    let mut all = Vec::new();
    for (name, key) in csv::names(column, NAME) {
        let about = match key {
            Some(Key::Cause(cause)) => format!("{about_all} `{}`: {}", cause.name(), cause.about()),
            Some(Key::Percentile(of)) => format!("{about_all} `{}`: {}", of.name(), of.about()),
            _ => about_all.clone(),
        };
        let explained = Explained { path: split(&name), is: COLUMN.to_owned(), about, facts: facts.clone() };
        all.push(explained);
    }
    // By its field, without the unit that only the name of the column has.
    let path = column.place.path.iter().map(|word| word.unwrap_or(NAME)).chain([column.name]);
    let path: Vec<String> = path.map(str::to_owned).collect();
    if all.iter().all(|it| it.path != path) {
        all.push(Explained { path, is: COLUMN.to_owned(), about: about_all, facts });
    }
    all
}

fn split(name: &str) -> Vec<String> {
    name.split('.').map(str::to_owned).collect()
}

/// The fields of `outcome.json`, each with what it is a part of.
pub(super) fn fields() -> Vec<Explained> {
    let all = fields::of(&outcome_schema());
    let abouts: BTreeMap<Vec<String>, String> =
        all.iter().rev().map(|it| (it.path.clone(), split_unit(&it.about).0)).collect();
    let explained = |it: fields::Field| {
        let (about, unit) = split_unit(&it.about);
        // By its own name, or, of a number, by that of what it is in: `latency_ms`.
        let within = if it.number.is_some() { it.path.len() } else { 1 };
        let of_name = || it.path.iter().rev().take(within).find_map(|name| unit_of(name));
        let unit = unit.or_else(|| of_name().map(str::to_owned));
        // What is whole and has no other unit is counted, but for what only tells one from another.
        let is_count =
            it.number == Some(Number::Whole) && !LABELS.contains(&it.path.last().map_or("", String::as_str));
        let unit =
            unit.or_else(|| is_count.then(|| Unit::Count.words().to_owned())).map(|unit| ("unit", unit));
        // Of something that has a name, the list that it stands in.
        let within = it.path.split_last().map(|(_, within)| within);
        let whole = within.and_then(|within| Some((within.join("."), abouts.get(within)?)));
        let whole = whole.filter(|(_, whole)| **whole != about);
        let part_of = whole.map(|(path, whole)| ("part of", format!("`{path}`: {whole}")));
        Explained {
            is: "a field of outcome.json".to_owned(),
            facts: unit.into_iter().chain(part_of).collect(),
            path: it.path,
            about,
        }
    };
    all.into_iter().map(explained).collect()
}

/// What a field means, and what it is counted in, which stands within where that is known.
fn split_unit(about: &str) -> (String, Option<String>) {
    let unit = about.split_once(IN).and_then(|(before, rest)| Some((before, rest.split_once('.')?)));
    match unit {
        Some((before, (unit, behind))) => (format!("{before}{behind}"), Some(unit.to_owned())),
        None => (about.to_owned(), None),
    }
}

/// Whole numbers that count nothing: they say which one it is.
pub(super) const LABELS: [&str; 6] = ["version", "seed", "seeds", "phase", "story", "stage"];

/// What a number is counted in, by how its name ends.
fn unit_of(name: &str) -> Option<&'static str> {
    let ends = [
        ("_per_s", Unit::PerSecond.words()),
        ("_ms", Unit::Millis.words()),
        ("_s", Unit::Seconds.words()),
        ("usd", Unit::Usd.words()),
        ("_percent", Unit::Percent.words()),
        ("_minutes", "minutes"),
        ("nines", "nines: 3 are 99.9 %"),
    ];
    ends.into_iter().find(|(end, _)| name.ends_with(end)).map(|(_, unit)| unit)
}

/// The words that fields of `outcome.json` have as their values.
pub(super) fn words() -> Vec<Explained> {
    let schema = outcome_schema();
    let mut all = Vec::new();
    for (definition, schema) in schema.get("definitions").and_then(Value::as_object).into_iter().flatten() {
        let forms = ["oneOf", "anyOf"].into_iter().filter_map(|of| schema.get(of)?.as_array()).flatten();
        let about_all = schema.get("description").and_then(Value::as_str).unwrap_or(definition);
        for word in forms {
            let about = word.get("description").and_then(Value::as_str);
            let known = word.get("const").and_then(Value::as_str).zip(about);
            all.extend(known.map(|(word, about)| Explained {
                path: vec![word.to_owned()],
                is: format!("a word of results: {}", about_all.trim_end_matches('.').to_lowercase()),
                about: about.to_owned(),
                facts: Vec::new(),
            }));
        }
    }
    all
}
