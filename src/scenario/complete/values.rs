//! What the value of a key can be. In: the key, and the text of the file. Out: words of the language, names of lists and of the file, and
//! examples of quantities.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::choice::Choice;
use super::cursor::Cursor;
use super::fit::fitting;
use super::inside::of_value;
use super::there::Around;
use super::{names, word};
use crate::id::Kind;
use crate::kind;
use crate::kind::alarm::language::names::Names as Alarms;
use crate::language::form::{Form, List, Listed, Quantity, Text};
use crate::language::law;
use crate::language::names::Named;
use crate::language::shape::{Absent, Key};
use crate::scenario::objective::with_headroom;
use crate::scenario::{listed, load};

/// What a value can be, and whether that is only an example.
struct Value {
    text: String,
    detail: &'static str,
}

/// Words that the value of a key can be, names, and examples: those that fit there.
pub(super) fn values(here: &Cursor, quoted: bool, around: &Around, text: &str) -> Vec<Choice> {
    let Some(key) = of_value(here) else { return Vec::new() };
    let (mut found, mut flags) = (Vec::new(), Vec::new());
    let mut is_gauge = false;
    if let Ok(form) = Form::of(key.value) {
        is_gauge = form.texts.contains(&Text::Listed(Listed::Gauge));
        let place = Place { here, key, text };
        place.of_form(&form, &mut found, &mut flags);
        found.extend(place.of_nouns().map(Value::name));
        found.extend(place.examples(&form));
    }
    let mut known = BTreeSet::new();
    let found = found.into_iter().filter(|it| known.insert(it.text.clone()));
    let mut all: Vec<Choice> =
        found.map(|it| Choice { detail: it.detail.to_owned(), ..word(it.text) }).collect();
    if !quoted {
        all.iter_mut().for_each(|choice| choice.insert = format!("\"{}\"", choice.label));
        all.extend(flags.into_iter().map(|flag: bool| word(flag.to_string())));
    }
    fitting(all, around, is_gauge)
}

impl Value {
    fn name(text: String) -> Value {
        Value { text, detail: "" }
    }

    fn example(text: impl Into<String>) -> Value {
        Value { text: text.into(), detail: "for example" }
    }
}

/// A value of a key in a file.
struct Place<'a> {
    here: &'a Cursor,
    key: &'static Key,
    text: &'a str,
}

impl Place<'_> {
    fn of_form(&self, form: &Form, found: &mut Vec<Value>, flags: &mut Vec<bool>) {
        for text in &form.texts {
            match text {
                Text::Word(word) => found.push(Value::name(word.clone())),
                Text::Listed(list) => found.extend(self.listed(*list).into_iter().map(Value::name)),
                Text::Quantity(_) | Text::Free => {}
            }
        }
        flags.extend(&form.flags);
        if let Some(List::Of(element)) = &form.list {
            self.of_form(element, found, flags);
        }
    }

    /// Names of a list, those of the file among them.
    fn listed(&self, list: Listed) -> Vec<String> {
        match list {
            Listed::Gauge => {
                let gauge = |dial: &crate::id::Dial| {
                    let (table, gauge) = (dial.kind.table(), dial.name);
                    names(table, self.text).into_iter().map(move |name| format!("{table}.{name}.{gauge}"))
                };
                kind::GAUGES.iter().copied().flatten().flat_map(gauge).collect()
            }
            Listed::Entry => self.of_kinds(&kind::Step::entries()),
            Listed::Alarm => self.alarms(),
            Listed::Rule => self.alarms().into_iter().map(|name| format!("ALARM({name})")).collect(),
            Listed::Version => self.versions(),
            _ => listed::names(list),
        }
    }

    /// The names in the table `versions` of the table that the value is in.
    fn versions(&self) -> Vec<String> {
        let (tree, _) = DeTable::parse_recoverable(self.text);
        let mut table = tree.get_ref();
        for key in self.here.path.iter().take(2).map(String::as_str).chain(["versions"]) {
            let Some(DeValue::Table(inside)) = table.get(key).map(|it| it.get_ref()) else {
                return Vec::new();
            };
            table = inside;
        }
        let mut names: Vec<_> =
            table.keys().map(|key| (key.span().start, key.get_ref().to_string())).collect();
        names.sort();
        names.into_iter().map(|(_, name)| name).collect()
    }

    fn alarms(&self) -> Vec<String> {
        Alarms::of(&load::draft(self.text).kinds).all().map(str::to_owned).collect()
    }

    fn of_kinds(&self, kinds: &[Kind]) -> Vec<String> {
        kinds.iter().flat_map(|kind| names(kind.table(), self.text)).collect()
    }

    /// Names of what the words of the key call by its noun.
    fn of_nouns(&self) -> impl Iterator<Item = String> {
        let about = self.key.value.split_once("name").map_or("", |(_, about)| about);
        let is_of = |kind: &Kind| nouns(*kind).iter().any(|noun| has_noun(about, noun));
        self.of_kinds(&Kind::ALL.into_iter().filter(is_of).collect::<Vec<_>>()).into_iter()
    }

    /// What quantities look like: the default first, then what the words of the key show.
    fn examples(&self, form: &Form) -> Vec<Value> {
        let mut quantities = Vec::new();
        quantities_of(form, &mut quantities);
        if quantities.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        if let Absent::Default(show) = self.key.absent
            && let Some(default) = quoted(&show().0).next()
        {
            found.push(Value { text: default.to_owned(), detail: "the default" });
        }
        found.extend(quoted(self.key.value).flat_map(|shown| self.with_names(shown)).map(Value::example));
        for quantity in quantities {
            found.extend(quantity.example().filter(|_| found.is_empty()).map(Value::example));
            match quantity {
                Quantity::Law | Quantity::Demand => found.extend(law::examples().map(Value::example)),
                Quantity::DataLaw => found.extend(laws_of_data().map(Value::example)),
                _ => {}
            }
        }
        found
    }

    /// An example with each name that a word in capitals can stand for: `CLASS p99 < 800ms`.
    fn with_names(&self, shown: &str) -> Vec<String> {
        let is_name = |word: &&str| word.len() > 2 && word.bytes().all(|it| it.is_ascii_uppercase());
        let Some(capitals) = shown.split(' ').find(is_name) else { return vec![shown.to_owned()] };
        let kinds = match capitals {
            "RESOURCE" => with_headroom(),
            _ => {
                let noun = capitals.to_lowercase();
                let is_it = |kind: &Kind| kind.noun().rsplit(' ').next() == Some(&noun);
                Kind::ALL.into_iter().filter(is_it).collect()
            }
        };
        self.of_kinds(&kinds).into_iter().map(|name| shown.replacen(capitals, &name, 1)).collect()
    }
}

/// The quantities that a form has.
fn quantities_of(form: &Form, found: &mut Vec<Quantity>) {
    found.extend(form.texts.iter().filter_map(|text| match text {
        Text::Quantity(quantity) => Some(*quantity),
        _ => None,
    }));
    if let Some(List::Of(element)) = &form.list {
        quantities_of(element, found);
    }
}

/// The texts between quotes.
fn quoted(words: &str) -> impl Iterator<Item = &str> {
    words.split('"').skip(1).step_by(2)
}

/// Laws with amounts of data in the place of times; a file has only times.
fn laws_of_data() -> impl Iterator<Item = String> {
    law::examples().filter(|it| !it.starts_with("empirical")).map(|it| it.replace("ms", " KiB"))
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
