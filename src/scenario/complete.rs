//! What can be written at a place of a scenario, for editors. In: the text, and the place of the cursor in it. Out: keys, tables and words,
//! each with its meaning; and the keys that lead to a word.
//!
//! It goes by the tables that the reader of the file and the reference go by, so it offers what the language has.

mod cursor;
mod inside;

use std::collections::BTreeSet;

use serde::Serialize;

use self::cursor::{At, Cursor, cursor, is_of_word};
use self::inside::{Inside, at_path};
use crate::id::Kind;
use crate::language::form::{Form, List, Table, Text};
use crate::language::names::Named;
use crate::language::shape::{Absent, Key, Shape};
use crate::scenario::root;

/// What can be written at a place.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Offered {
    /// What is there of the word, up to the cursor: a choice is written in its place.
    pub typed: String,
    /// In the order of the reference.
    pub choices: Vec<Choice>,
}

/// One of them.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// What to write: a key with its `=`, a word with the quotes that are missing.
    pub insert: String,
    /// The kind of value, or where a table stands.
    pub detail: String,
    /// Its meaning, in paragraphs.
    pub about: Vec<String>,
    /// Whether it is a key or a table, and no value.
    pub is_key: bool,
    /// Whether the table is not whole without it.
    pub is_required: bool,
}

/// What can be written at a place: so many bytes into a text.
pub fn complete(text: &str, at: usize) -> Offered {
    let Some(before) = text.get(..at) else { return Offered::default() };
    let here = cursor(before);
    let choices = match here.at {
        At::Comment => Vec::new(),
        At::Header => headers(&here, text),
        At::Key => keys(&here, text),
        At::Value { quoted } => values(&here, quoted, text),
    };
    Offered { typed: here.typed, choices }
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

/// Tables that a header can have.
fn headers(here: &Cursor, text: &str) -> Vec<Choice> {
    match at_path(&here.path) {
        Inside::Tables(tables) => {
            let keys = tables.iter().flat_map(|of| of.keys());
            keys.filter_map(|key| {
                let dot = match Form::of(key.value).ok()?.table? {
                    Table::Named(_) => ".",
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

/// Keys that are not there yet.
fn keys(here: &Cursor, text: &str) -> Vec<Choice> {
    let is_new = |name: &str| !here.seen.iter().any(|seen| seen == name);
    match at_path(&here.path) {
        Inside::Tables(tables) => {
            let all = tables.iter().flat_map(|of| of.keys());
            all.filter(|key| is_new(key.name)).map(of_key).collect()
        }
        Inside::Steps { shapes, beside } => {
            // A verb can be a key of another step, which is then the one that is meant.
            let verbs = shapes.iter().filter(|shape| here.seen.iter().any(|seen| seen == shape.verb()));
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
    }
}

/// Words that the value of a key can be, and names of the file.
fn values(here: &Cursor, quoted: bool, text: &str) -> Vec<Choice> {
    let Some((name, before)) = here.key.split_last() else { return Vec::new() };
    let tables = at_path(&[here.path.as_slice(), before].concat());
    let Some(key) = tables.key(name) else { return Vec::new() };
    let mut words: Vec<String> = Vec::new();
    let mut flags = Vec::new();
    if let Ok(form) = Form::of(key.value) {
        words_of(&form, &mut words, &mut flags);
    }
    if let Some((_, about)) = key.value.split_once("name") {
        let is_of = |kind: &&Kind| nouns(**kind).iter().any(|noun| has_noun(about, noun));
        let named = Kind::ALL.iter().filter(is_of).flat_map(|kind| names(kind.table(), text));
        words.extend(named);
    }
    let mut known = BTreeSet::new();
    let mut all: Vec<Choice> = words.into_iter().filter(|it| known.insert(it.clone())).map(word).collect();
    if !quoted {
        all.iter_mut().for_each(|choice| choice.insert = format!("\"{}\"", choice.label));
        all.extend(flags.into_iter().map(|flag| word(flag.to_string())));
    }
    all
}

fn words_of(form: &Form, words: &mut Vec<String>, flags: &mut Vec<bool>) {
    words.extend(form.texts.iter().filter_map(|text| match text {
        Text::Word(word) => Some(word.clone()),
        _ => None,
    }));
    flags.extend(&form.flags);
    if let Some(List::Of(element)) = &form.list {
        words_of(element, words, flags);
    }
}

/// What the words of a key call a table of a kind.
fn nouns(kind: Kind) -> Vec<&'static str> {
    let noun = kind.noun();
    let noun = noun.strip_prefix("a ").or_else(|| noun.strip_prefix("an ")).unwrap_or(noun);
    let short: &[&str] = match kind {
        Kind::Class => &["class"],
        Kind::Keys => &["population", "[keys.NAME]"],
        Kind::Location => &["location"],
        Kind::BlockVolume => &["volume"],
        Kind::Resilience => &["[resilience.NAME]"],
        Kind::Traffic | Kind::Users => &["source"],
        _ => &[],
    };
    [&[noun], short].concat()
}

/// Whether words have a noun, or several of what it calls, as words of their own.
fn has_noun(words: &str, noun: &str) -> bool {
    words.match_indices(noun).any(|(at, _)| {
        let after = words[at + noun.len()..].trim_start_matches("es").trim_start_matches('s');
        words[..at].ends_with(' ') && !after.starts_with(|c: char| c.is_alphanumeric())
    })
}

/// The names of the tables of a kind in a file, in their order.
fn names(kind: &str, text: &str) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "duration = \"1m\"\nservice.desk = { servers = 1 }\n[fleet.web]\nmax = 3\n[fleet.was]\n\
        [request.home]\nsteps = []\n[database.shop]\nengine = \"mysql\"\n[keys.items]\ncount = 3\n";

    fn labels(text: &str) -> Vec<String> {
        let text = format!("{FILE}{text}");
        complete(&text, text.len()).choices.into_iter().map(|choice| choice.label).collect()
    }

    #[track_caller]
    fn offers(text: &str, wanted: &[&str]) {
        let found = labels(text);
        let missing: Vec<_> = wanted.iter().filter(|it| !found.iter().any(|label| label == **it)).collect();
        assert!(missing.is_empty(), "{text:?} lacks {missing:?}, and has {found:?}");
    }

    #[test]
    fn headers_are_the_tables_of_the_language() {
        offers("[", &["fleet.", "client", "traffic.", "objectives"]);
        assert_eq!(labels("[fleet."), ["web", "was"]);
        offers("[fleet.web.", &["boot", "pools."]);
    }

    #[test]
    fn keys_are_those_of_the_table_that_are_not_there_yet() {
        offers("[fleet.api]\n", &["instance", "max", "scaling"]);
        assert!(!labels("[fleet.api]\nmax = 3\n").contains(&"max".to_owned()));
        offers("[fleet.api]\nboot = { ", &["image", "bootstrap"]);
        offers("[fleet.api]\nboot.", &["image", "bootstrap"]);
        assert_eq!(labels("[nothing.such]\n"), [""; 0]);
        assert_eq!(labels("# [fleet"), [""; 0]);
    }

    #[test]
    fn a_step_has_the_keys_of_its_verb() {
        offers("[request.c]\nsteps = [{ ", &["cpu", "cache", "transaction"]);
        offers("[request.c]\nsteps = [{ cache = \"r\", ", &["miss", "timeout"]);
        offers("[request.c]\nsteps = [{ cache = \"r\", miss = [{ ", &["read", "transaction"]);
        offers("[request.c]\nsteps = [{ transaction = \"shop\", steps = [{ ", &["read", "write"]);
        assert!(
            !labels("[request.c]\nsteps = [{ transaction = \"shop\", steps = [{ ")
                .contains(&"service".to_owned())
        );
    }

    #[test]
    fn values_are_words_and_names_of_the_file() {
        offers("[balancer.b]\nkind = \"", &["alb", "nlb"]);
        assert_eq!(labels("[balancer.b]\ntargets = \""), ["web", "was"]);
        assert_eq!(labels("[balancer.b]\ntargets = [\"web\", \""), ["web", "was"]);
        assert_eq!(labels("[request.c]\nsteps = [{ transaction = \""), ["shop"]);
        assert_eq!(labels("[traffic.t]\nrequests = { "), ["home"]);
        assert_eq!(labels("[traffic.t]\nrequests = \""), ["home"]);
        assert_eq!(labels("[request.c]\nsteps = [{ service = \""), ["desk"]);
        let text = format!("{FILE}[balancer.b]\nkind = al");
        let offered = complete(&text, text.len());
        assert_eq!((offered.typed.as_str(), offered.choices[0].insert.as_str()), ("al", "\"alb\""));
    }

    #[test]
    fn a_word_is_known_by_the_keys_that_lead_to_it() {
        let text = "[fleet.web]\nboot = { image = \"golden\" } # boot\n";
        let word =
            |of: &str, after: usize| word_at(text, text.find(of).unwrap() + after).map(|path| path.join("."));
        assert_eq!(word("fleet", 2).as_deref(), Some("fleet"));
        assert_eq!(word("web", 0).as_deref(), Some("fleet.web"));
        assert_eq!(word("boot", 1).as_deref(), Some("fleet.web.boot"));
        assert_eq!(word("image", 5).as_deref(), Some("fleet.web.boot.image"));
        assert_eq!(word("golden", 3).as_deref(), Some("fleet.web.boot.image"));
        assert_eq!(word("# boot", 4), None);
        assert_eq!(word_at("", 0), None);
    }
}
