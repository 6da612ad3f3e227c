//! `simcap explain`: what one word means, of the language and of what a run leaves. In: the word, or a path such as `fleet.web.boot`. Out: a
//! page, or the words that are near.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::schema::{definition_in, definition_of, outcome_schema, referred};
use crate::id::Kind;
use crate::kind;
use crate::language::names::{Named, closest};
use crate::measure::stage::Cause;
use crate::scenario::explain::{Explained, NAME, language};

/// How many meanings a page has; of more it has the places.
const MEANINGS: usize = 8;
/// Deepest path into `outcome.json`.
const DEPTH: usize = 8;
/// How many words are offered for one that is not known.
const NEAR: usize = 5;

/// Everything that can be explained.
pub fn every() -> Vec<Explained> {
    let mut all = language();
    all.extend(causes());
    all.extend(results());
    all
}

/// What can be asked for.
pub fn subjects() -> String {
    let tables: Vec<&str> = Kind::ALL.iter().map(|kind| kind.table()).collect();
    let causes: Vec<&str> = Cause::ALL.iter().map(|cause| cause.name()).collect();
    format!(
        "simcap explain WHAT explains one of\n\
         \n  a key of a scenario     duration, fleet.web.boot, fleet.boot.image, request.order.steps.0.cpu\
         \n  a table of a scenario   {}\
         \n  an objective            objectives.latency, objectives.errors\
         \n  a gauge                 queue.orders.age\
         \n  a column                fleet.web.cpu_percent, offered, latency_ms\
         \n  a field of outcome.json goodput_per_s, requests.failed, estimates\
         \n  a kind of time          thread, pool, lock\
         \n  a cause of failure      {}\
         \n  a warning or a problem  no-price, unknown-key\n\
         \nAll of the language is on the page of `simcap reference`.\n",
        tables.join(", "),
        causes.join(", "),
    )
}

/// What a word or a path means.
///
/// # Errors
/// Nothing is called so: the words that are near.
pub fn explain(what: &str) -> Result<String, Vec<String>> {
    let all = every();
    let is_word = |it: &&str| !is_position(it) && *it != NAME;
    let parts: Vec<&str> = what.trim_matches(['[', ']']).split('.').filter(is_word).collect();
    let mut found: Vec<&Explained> = all.iter().filter(|it| is_whole(&it.path, &parts)).collect();
    if found.is_empty()
        && let [table, _] = parts.as_slice()
    {
        // `fleet.web` is one of the tables below `fleet`.
        let of_file =
            |it: &&Explained| it.path == [*table] && Kind::ALL.iter().any(|kind| kind.table() == *table);
        found = all.iter().filter(of_file).collect();
    }
    if found.is_empty() {
        found = all.iter().filter(|it| is_end(&it.path, &parts)).collect();
    }
    // Steps are inside of steps: what stands before the last one does not matter.
    let mut rest = parts.as_slice();
    while found.is_empty()
        && let Some(at) = rest.iter().position(|part| ["steps", "miss", "try"].contains(part))
    {
        rest = &rest[at + 1..];
        found = all.iter().filter(|it| !rest.is_empty() && is_end(&it.path, rest)).collect();
    }
    match found.as_slice() {
        [] => Err(near(&all, parts.last().copied().unwrap_or_default())),
        found => Ok(page(found)),
    }
}

fn is_position(part: &str) -> bool {
    part.is_empty() || part.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a path is this one, with names of the file in their places, or without them.
fn is_whole(path: &[String], parts: &[&str]) -> bool {
    match (path.split_first(), parts.split_first()) {
        (None, None) => true,
        (Some((first, path)), Some((part, rest))) if first == part => is_whole(path, rest),
        (Some((first, path)), Some((_, rest))) if first == NAME => {
            is_whole(path, rest) || is_whole(path, parts)
        }
        (Some((first, path)), None) if first == NAME => is_whole(path, parts),
        _ => false,
    }
}

/// Whether a path ends so.
fn is_end(path: &[String], parts: &[&str]) -> bool {
    let at_name = |at: &usize| path[*at] != NAME;
    (0..path.len()).filter(at_name).any(|at| is_whole(&path[at..], parts))
}

fn page(found: &[&Explained]) -> String {
    let mut page = String::new();
    let mut seen = BTreeSet::new();
    let all: Vec<&&Explained> = found.iter().filter(|it| seen.insert((&it.is, &it.about))).collect();
    for (at, it) in all.iter().take(MEANINGS).enumerate() {
        if at > 0 {
            page.push('\n');
        }
        // Writing to a string does not fail.
        let _ = writeln!(page, "{}  {}\n  {}", it.path.join("."), it.is, it.about);
        for (word, text) in &it.facts {
            let _ = writeln!(page, "  {word:<11} {text}");
        }
    }
    if all.len() > MEANINGS {
        page.push_str("\nalso:\n");
        for it in &all[MEANINGS..] {
            let _ = writeln!(page, "  {}  {}", it.path.join("."), it.is);
        }
    }
    page
}

/// Words that are like one that is not known.
fn near(all: &[Explained], word: &str) -> Vec<String> {
    let mut words: BTreeSet<&str> = all.iter().filter_map(|it| it.path.last()).map(String::as_str).collect();
    let mut near = Vec::new();
    while near.len() < NEAR
        && let Some(close) = closest(word, words.iter().copied())
    {
        near.push(close.to_owned());
        words.remove(close);
    }
    near
}

fn causes() -> impl Iterator<Item = Explained> {
    Cause::ALL.into_iter().map(|cause| Explained {
        path: vec!["failed".to_owned(), cause.name().to_owned()],
        is: "a cause of failure".to_owned(),
        about: cause.about().to_owned(),
        facts: vec![("column", format!("failed.{}_per_s", cause.name()))],
    })
}

/// The fields of `outcome.json`, the columns of `timeline.csv`, and their words.
fn results() -> Vec<Explained> {
    let schema = outcome_schema();
    let mut all = Vec::new();
    fields(&schema, &schema, &[], &mut all);
    let rows = definition_of(&schema, &["timeline"]).unwrap_or_default();
    for of in kind::units() {
        let Some(series) = definition_in(&schema, &rows, of.list) else { continue };
        let properties = schema.pointer(&format!("/definitions/{series}/properties"));
        for (name, _) in of.columns {
            let about = properties.and_then(|it| it.get(name)?.get("description")?.as_str());
            let path = [of.kind.table(), NAME, name].map(str::to_owned).to_vec();
            all.extend(about.map(|about| Explained {
                path,
                is: format!(
                    "a column of a [{}.NAME], in timeline.csv and in `timeline` of outcome.json",
                    of.kind.table()
                ),
                about: about.to_owned(),
                facts: Vec::new(),
            }));
        }
    }
    for (definition, schema) in schema.get("definitions").and_then(Value::as_object).into_iter().flatten() {
        for word in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            let known = word
                .get("const")
                .and_then(Value::as_str)
                .zip(word.get("description").and_then(Value::as_str));
            let about_all = schema.get("description").and_then(Value::as_str).unwrap_or(definition);
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

/// The fields of a part of the schema, and those inside.
fn fields(schema: &Value, part: &Value, path: &[String], all: &mut Vec<Explained>) {
    if path.len() >= DEPTH {
        return;
    }
    for (name, field) in part.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = [path, std::slice::from_ref(name)].concat();
        let inside = inside(schema, field);
        let about = field.get("description").or_else(|| inside?.get("description")).and_then(Value::as_str);
        all.extend(about.map(|about| Explained {
            path: path.clone(),
            is: "a field of outcome.json".to_owned(),
            about: about.to_owned(),
            facts: Vec::new(),
        }));
        if let Some(inside) = inside {
            fields(schema, inside, &path, all);
        }
    }
}

/// What a field refers to, directly or by its elements.
fn inside<'a>(schema: &'a Value, field: &Value) -> Option<&'a Value> {
    let of_any = || field.get("anyOf")?.as_array()?.iter().find_map(referred);
    schema.get("definitions")?.get(referred(field).or_else(of_any)?)
}
