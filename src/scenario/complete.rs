//! What can be written at a place of a scenario, for editors. In: the text, and the place of the cursor in it. Out: keys, tables and words,
//! each with its meaning; and the keys that lead to a word.
//!
//! It goes by the tables that the reader of the file and the reference go by, so it offers what the language has.

mod choice;
mod cursor;
mod fit;
mod inside;
#[cfg(test)]
mod tests;
mod there;
mod values;

use std::collections::BTreeSet;

use serde::Serialize;

pub use self::choice::Choice;

use self::cursor::{At, Cursor, cursor, is_of_word};
use self::inside::{Inside, at_path};
use self::there::Around;
use self::values::values;
use crate::language::form::{Form, Listed, Table};
use crate::language::shape::{Absent, Key, Shape};
use crate::scenario::{listed, root};

/// What can be written at a place.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Offered {
    /// What is there of the word, up to the cursor: a choice is written in its place.
    pub typed: String,
    /// What is there of it behind the cursor, in whose place a choice is written, too.
    pub rest: String,
    /// In the order of the reference.
    pub choices: Vec<Choice>,
}

/// What can be written at a place: so many bytes into a text.
pub fn complete(text: &str, at: usize) -> Offered {
    let Some(before) = text.get(..at) else { return Offered::default() };
    let mut here = cursor(before);
    // A word with a space behind it is whole, and another begins.
    if !before.ends_with(&here.typed) {
        here.typed.clear();
    }
    let around = Around::new(&here, text, at);
    let choices = match here.at {
        At::Comment => Vec::new(),
        At::Header => headers(&here, &around, text),
        At::Key => keys(&here, &around, text),
        At::Value { quoted } => values(&here, quoted, &around, text),
    };
    let rest = around.rest.to_owned();
    Offered { typed: here.typed, rest, choices }
}

/// Whether a text begins as a scenario does: an editor shows other files of TOML, too. A file that names nothing of the language at its
/// top is none, and neither is a study, which has a scenario of its own.
pub fn is_scenario(text: &str) -> bool {
    let first = |line: &str| line.split(['.', ']', '=']).next().map_or("", str::trim).to_owned();
    let is_known = |name: &str| root::SHAPE.keys.iter().any(|key| key.name == name);
    // Before the first header a line is a key of the top; behind it only headers are.
    let (before, behind): (Vec<&str>, Vec<&str>) = match text.lines().position(|line| line.starts_with('[')) {
        Some(at) => (text.lines().take(at).collect(), text.lines().skip(at).collect()),
        None => (text.lines().collect(), Vec::new()),
    };
    let headers =
        behind.into_iter().filter(|line| line.starts_with('[')).map(|line| line.trim_start_matches('['));
    let tops: Vec<String> = before.into_iter().chain(headers).map(first).collect();
    let has = |name: &str| tops.iter().any(|top| top == name);
    let is_study = has("scenario") && !has("traffic") && !has("request");
    !is_study && tops.iter().any(|top| is_known(top))
}

/// The keys that lead to the word at a place, with names of the file among them: `fleet`, `web`, `boot`. None where there is no word of
/// the language, as in a comment.
pub fn word_at(text: &str, at: usize) -> Option<Vec<String>> {
    let rest = text.get(at..)?;
    let end = at + rest.find(|c| !is_of_word(c) || c == '.').unwrap_or(rest.len());
    let Cursor { at, path, key, typed, .. } = cursor(&text[..end]);
    let last = match at {
        At::Comment => return None,
        At::Header | At::Key => vec![typed],
        At::Value { .. } => key,
    };
    let all = [path, last].concat();
    all.last().is_some_and(|last| !last.is_empty()).then_some(all)
}

/// Tables that a header can have, and that the file has not.
fn headers(here: &Cursor, around: &Around, text: &str) -> Vec<Choice> {
    match at_path(here) {
        Inside::Tables(tables) => {
            let keys = tables.iter().flat_map(|of| of.keys());
            keys.filter_map(|key| {
                let dot = match Form::of(key.value).ok()?.table? {
                    Table::Named(_) if around.has_value() => "",
                    Table::Named(_) => ".",
                    Table::Shape if around.has_table(key.name) => return None,
                    Table::Shape => "",
                    Table::Step => return None,
                };
                let label = format!("{}{dot}", key.name);
                Some(Choice { insert: label.clone(), label, ..of_key(key) })
            })
            .collect()
        }
        // A table that is there already can have others inside.
        Inside::Names { .. } => here.path.last().map_or_else(Vec::new, |kind| plain(names(kind, text))),
        Inside::Steps { .. } | Inside::Nothing => Vec::new(),
    }
}

/// Keys that are not there yet, neither before nor behind the cursor; with their `=`, unless that is there.
fn keys(here: &Cursor, around: &Around, text: &str) -> Vec<Choice> {
    let known = around.keys();
    let is_new = |name: &str| !known.iter().any(|known| known == name);
    let mut choices = match at_path(here) {
        Inside::Tables(tables) => {
            let all = tables.iter().flat_map(|of| of.keys());
            all.filter(|key| is_new(key.name)).map(of_key).collect()
        }
        Inside::Steps { shapes, beside } => {
            // A verb can be a key of another step, which is then the one that is meant.
            let verbs = shapes.iter().filter(|shape| !is_new(shape.verb()));
            match verbs.max_by_key(|shape| shape.keys.iter().filter(|key| !is_new(key.name)).count()) {
                Some(shape) => {
                    let beside =
                        beside.iter().flat_map(|shape| shape.keys).filter(|key| !shape.has(key.name));
                    shape.keys.iter().chain(beside).filter(|key| is_new(key.name)).map(of_key).collect()
                }
                None => {
                    let verb = |shape: &&Shape| {
                        let first = shape.keys.first()?;
                        Some(Choice {
                            about: vec![shape.about.to_owned()],
                            is_required: false,
                            ..of_key(first)
                        })
                    };
                    shapes.iter().filter_map(verb).collect()
                }
            }
        }
        Inside::Names { of } => {
            let known = names(&of, text).into_iter().filter(|name| is_new(name));
            known.map(|name| Choice { is_key: true, insert: format!("{name} = "), ..word(name) }).collect()
        }
        Inside::Nothing => Vec::new(),
    };
    if around.has_value() {
        choices.iter_mut().for_each(|choice| choice.insert.clone_from(&choice.label));
    }
    choices
}

/// The names of the tables of a kind in a file, in their order; of Regions, which a file only uses, their codes.
fn names(kind: &str, text: &str) -> Vec<String> {
    if kind == "region" {
        return listed::names(Listed::Region);
    }
    let mut known = BTreeSet::new();
    let name = |line: &str| {
        let rest =
            line.trim_start().trim_start_matches('[').trim_start().strip_prefix(kind)?.strip_prefix('.')?;
        let end = rest.find(|c| !is_of_word(c) || c == '.').unwrap_or(rest.len());
        Some(rest[..end].to_owned()).filter(|name| !name.is_empty())
    };
    text.lines().filter_map(name).filter(|name| known.insert(name.clone())).collect()
}

fn of_key(key: &Key) -> Choice {
    let mut about: Vec<String> =
        [key.about].into_iter().filter(|it| !it.is_empty()).map(str::to_owned).collect();
    about.push(format!("Value: {}", key.value));
    about.extend(match key.absent {
        Absent::Required => Some("It is required.".to_owned()),
        Absent::Words("") => None,
        Absent::Words(words) => Some(format!("If it is absent: {words}")),
        Absent::Default(show) => {
            let (value, source) = show();
            Some(format!("If it is absent: {value} ({source})"))
        }
    });
    Choice {
        label: key.name.to_owned(),
        insert: format!("{} = ", key.name),
        detail: key.value.to_owned(),
        about,
        is_key: true,
        is_required: matches!(key.absent, Absent::Required),
    }
}

fn plain(words: Vec<String>) -> Vec<Choice> {
    words.into_iter().map(|name| Choice { is_key: true, ..word(name) }).collect()
}

fn word(label: String) -> Choice {
    let insert = label.clone();
    Choice { label, insert, detail: String::new(), about: Vec::new(), is_key: false, is_required: false }
}
