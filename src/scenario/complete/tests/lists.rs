//! Every list that a value is looked up in is offered. In: a file with every key of the language, in which one word after the other is replaced
//! by one that nobody knows. Out: what is missing of the lists in which the reader of the file then looked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;

use toml::de::{DeTable, DeValue};

use super::super::{Choice, complete};
use crate::language::names::looked_up;
use crate::language::problem::Problem;
use crate::language::reader::Seen;
use crate::language::source::Span;
use crate::scenario::{Scenario, ScenarioError, load};

const EVERYTHING: &str = include_str!("../../../../tests/it/good/everything.toml");

/// A word that is like no other.
const STRANGE: &str = "zzqqxxzz";

/// Values of each key that are looked at.
const OF_EACH: u32 = 2;

/// The key of which a value is offered that is refused: a step of that request reads a file, which completion does not look at, so that it
/// does not know of the circle.
const UNSEEN: &str = "{ call = … } call";

/// So many values of a place are tried in this file before they are offered.
const TRIED: usize = 70;

/// Keys of which something is not offered: columns are in another file.
const NOT_OFFERED: [&str; 4] = [
    "rate = { … } column: Sum, Timestamp, Unit",
    "rate = { … } time: Timestamp, Unit",
    "replay = { … } classes: arrival_ms, class, cpu_us",
    "replay = { … } column: arrival_ms, class, cpu_us",
];

/// Keys of which an example is right, and other keys do not go with it.
const NOT_AS_LARGE: [&str; 1] = ["maintenance = { min_healthy, max_healthy } max_healthy"];

/// The texts of the file, with their places.
fn texts(value: &DeValue, span: Span, found: &mut Vec<(Span, String)>) {
    match value {
        DeValue::String(text) => found.push((span, text.to_string())),
        DeValue::Array(all) => all.iter().for_each(|it| texts(it.get_ref(), it.span(), found)),
        DeValue::Table(all) => all.iter().for_each(|(_, it)| texts(it.get_ref(), it.span(), found)),
        _ => {}
    }
}

/// The texts, each with its key and the title of the table that has it; some of each.
fn some_of_each() -> Vec<(String, Span, String)> {
    let table = DeTable::parse(EVERYTHING).unwrap();
    let mut all = Vec::new();
    table.get_ref().iter().for_each(|(_, it)| texts(it.get_ref(), it.span(), &mut all));
    let trail = load::trail_of_everything().into_iter();
    let keys: Vec<(Span, String)> = trail
        .filter_map(|(span, seen)| match seen {
            Seen::Key(title, key) => Some((span, format!("{title} {key}"))),
            _ => None,
        })
        .collect();
    let mut times: BTreeMap<&str, u32> = BTreeMap::new();
    let of_key = |(span, text): (Span, String)| {
        let around = keys.iter().filter(|(outer, _)| outer.start <= span.start && span.end <= outer.end);
        let (_, key) = around.min_by_key(|(outer, _)| outer.len())?;
        let times = times.entry(key).or_default();
        *times += 1;
        (*times <= OF_EACH).then(|| (key.clone(), span, text))
    };
    all.into_iter().filter_map(of_key).collect()
}

/// The file with another text at a place.
fn with(span: &Span, text: &str) -> Result<Scenario, ScenarioError> {
    let file = format!("{}'{text}'{}", &EVERYTHING[..span.start], &EVERYTHING[span.end..]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/good");
    load::parse("everything.toml", file.as_bytes(), &folder, &[])
}

/// What is offered at a place; each is asked for once, as it takes time.
fn offered(span: &Span) -> Vec<Choice> {
    static KNOWN: Mutex<BTreeMap<usize, Vec<Choice>>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    let choices = known.entry(span.start).or_insert_with(|| complete(EVERYTHING, span.start + 1).choices);
    choices.clone()
}

/// What is wrong at a place if another text is there.
fn refused(span: &Span, text: &str) -> Option<String> {
    let Err(ScenarioError::Invalid(report)) = with(span, text) else { return None };
    let there = span.start..span.start + text.len() + 2;
    let at = |problem: &&Problem| problem.span.as_ref().is_some_and(|it| there.contains(&it.start));
    report.problems().iter().find(at).map(|problem| problem.message.clone())
}

/// The words of a text that may be names.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', ' ', '(', ')', '"']).filter(|word| !word.is_empty())
}

#[test]
fn every_list_that_a_value_is_looked_up_in_is_offered() {
    let mut lists = 0;
    let mut lacks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, span, text) in some_of_each() {
        let mut is_missing = |strange: &str| {
            looked_up::take();
            let _ = with(&span, strange);
            let looked: Vec<_> = looked_up::take().into_iter().filter(|(word, _)| word == STRANGE).collect();
            lists += looked.len();
            let choices = offered(&span);
            let is_there = |name: &String| {
                let has = |label: &str| {
                    let is_inside = label.contains(&format!("({name})"));
                    label == name || is_inside || words(label).any(|word| word == name)
                };
                choices.iter().any(|it| has(&it.label))
            };
            let was_looked_up = !looked.is_empty();
            let missing = looked.into_iter().flat_map(|(_, list)| list).filter(|name| {
                !is_there(name) && refused(&span, &strange.replacen(STRANGE, name, 1)).is_none()
            });
            let missing: BTreeSet<String> = missing.collect();
            if !missing.is_empty() {
                lacks.entry(key.clone()).or_default().extend(missing);
            }
            was_looked_up
        };
        if !is_missing(STRANGE) {
            // It may be a part of the text that is looked up, as in `queue.orders.age`.
            for part in words(&text).filter(|word| word.starts_with(char::is_alphabetic)) {
                is_missing(&text.replacen(part, STRANGE, 1));
            }
        }
    }
    let lacks = lacks.into_iter().map(|(key, names)| format!("{key}: {}", Vec::from_iter(names).join(", ")));
    assert_eq!(lacks.collect::<Vec<_>>(), NOT_OFFERED);
    assert!(lists > 350, "{lists}");
}

#[test]
fn what_is_offered_as_an_example_is_read() {
    let (mut known, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for (key, span, _) in some_of_each() {
        let examples = offered(&span).into_iter().filter(|choice| choice.detail == "for example");
        for Choice { label, .. } in examples.filter(|it| known.insert(it.label.clone())) {
            if with(&span, &label).is_err() {
                refused.insert(key.clone());
            }
        }
    }
    assert_eq!(Vec::from_iter(refused), NOT_AS_LARGE);
    assert!(known.len() > 120, "{}", known.len());
}

/// Whatever is offered at a value of the file can be written there.
#[test]
fn what_is_offered_is_taken() {
    let (mut seen, mut tried) = (BTreeSet::new(), 0);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (key, span, _) in some_of_each().into_iter().filter(|(key, ..)| seen.insert(key.clone())) {
        let choices = offered(&span);
        // Of a long list not all are tried before they are offered.
        for Choice { label, .. } in choices.iter().take(if choices.len() > TRIED { 1 } else { TRIED }) {
            tried += 1;
            if let Some(why) = refused(&span, label) {
                found.insert(key.clone(), format!("{label}: {why}"));
            }
        }
    }
    assert_eq!(found.keys().collect::<Vec<_>>(), [UNSEEN], "{found:?}");
    assert!(tried > 1_000, "{tried}");
}
