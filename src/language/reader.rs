//! Walks the tables of a scenario: every key is asked for once, and any key not asked for is a problem.
//!
//! In: spanned TOML tables and their [`Shape`]s. Out: what the readers make of the values;
//! reading never stops at a problem, so that one pass finds them all.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeTable;

use super::calendar::Calendar;
use super::law;
use super::names::{KIND_MAX, Named, Names, closest, fault, list};
use super::nature::Nature;
use super::problem::{Problem, Problems};
use super::recordings::Recordings;
use super::shape::Shape;
use super::source::Span;
use super::value::{Name, Value};
use crate::dist::Law;
use crate::units::UnitError;

/// Gives a hint for an unknown key, better than the nearest word, from the table's title and the key.
pub(crate) type Foreign = fn(&str, &str) -> Option<String>;

/// What all readers of one file share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) names: Names,
    /// Values from files.
    pub(crate) recordings: Recordings,
    /// The dates of the run, if the file has them.
    pub(crate) calendar: OnceCell<Calendar>,
    /// Names that stand for others where the file is read at present.
    instead: RefCell<BTreeMap<String, String>>,
    foreign: Foreign,
    problems: RefCell<Problems>,
    /// What numbers were read as, by their places.
    natures: RefCell<Vec<(Span, Nature)>>,
    /// How values were read, to test that the words of each key say so: the place, the key or the reader, and the rest.
    #[cfg(test)]
    pub(crate) trail: RefCell<Vec<(Span, Seen)>>,
    /// The keys asked for, to test that the reference is complete and lists no other keys.
    asked: RefCell<BTreeSet<(&'static str, &'static str)>>,
}

impl Context {
    /// For a file whose `tables` hold names, with its recordings.
    pub(crate) fn new(
        root: &DeTable,
        tables: &[&'static str],
        recordings: Recordings,
        foreign: Foreign,
    ) -> Context {
        Context {
            names: Names::of(root, tables),
            recordings,
            calendar: OnceCell::new(),
            instead: RefCell::default(),
            foreign,
            problems: RefCell::default(),
            natures: RefCell::default(),
            #[cfg(test)]
            trail: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// Notes how a value is read.
    #[cfg(test)]
    pub(crate) fn saw(&self, span: Span, how: Seen) {
        self.trail.borrow_mut().push((span, how));
    }

    /// Notes what a number is. Of a value that is read twice, the first reader says it.
    pub(crate) fn note(&self, span: Span, nature: Nature) {
        self.natures.borrow_mut().push((span, nature));
    }

    /// What numbers were read as, those that were read first at the end.
    pub(crate) fn natures(&self) -> Vec<(Span, Nature)> {
        self.natures.borrow().iter().rev().cloned().collect()
    }

    pub(crate) fn push(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Whether further problems are only counted: then similar words and hints are not needed any more.
    pub(crate) fn is_full(&self) -> bool {
        self.problems.borrow().is_full()
    }

    /// The known word that was most likely meant.
    pub(crate) fn closest<'k>(
        &self,
        word: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<&'k str> {
        if self.is_full() { None } else { closest(word, known) }
    }

    pub(crate) fn has_problems(&self) -> bool {
        !self.problems.borrow().is_empty()
    }

    pub(crate) fn into_problems(self) -> Problems {
        self.problems.into_inner()
    }

    /// Every (table, key) that was asked for.
    #[cfg(test)]
    pub(crate) fn asked(&self) -> BTreeSet<(&'static str, &'static str)> {
        self.asked.borrow().clone()
    }

    pub(crate) fn law(&self, text: &str) -> Result<Law, UnitError> {
        law::parse(text, &self.recordings)
    }

    /// The kind and position of a name that must exist in exactly one of some kinds.
    pub(crate) fn resolve<K: Named>(&self, span: &Span, kinds: &[K], name: &str) -> Option<(K, u32)> {
        let instead = self.instead.borrow();
        let name = instead.get(name).map_or(name, String::as_str);
        let mut found = kinds.iter().filter_map(|kind| Some((*kind, self.names.find(*kind, name)?)));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            (None, _) if self.is_full() => {
                // The nearest name is not searched for any more; the problem still counts.
                self.push(Problem::at(span, "a name that does not exist").code("unknown-name"));
                None
            }
            (None, _) => {
                let (message, hint) = self.names.dangling(kinds, name);
                // What it names may have steps of its own.
                let steps = self.names.other(name).and_then(|other| (self.foreign)("steps", other));
                let hint = steps.map_or(hint.clone(), |steps| format!("{hint}; {steps}"));
                self.push(Problem::at(span, message).hint(hint).code("unknown-name"));
                None
            }
            (Some((first, _)), Some((second, _))) => {
                let message = format!("`{name}` is both a {} and a {}", first.table(), second.table());
                self.push(Problem::at(span, message).hint("give one of the two another name"));
                None
            }
        }
    }

    /// Reads something in which names stand for others.
    pub(crate) fn with_names<T>(&self, instead: &BTreeMap<String, String>, read: impl FnOnce() -> T) -> T {
        let before = self.instead.replace(instead.clone());
        let found = read();
        self.instead.replace(before);
        found
    }

    /// The entries of a table in the order of the file.
    pub(crate) fn entries<'a>(&'a self, table: &'a DeTable<'a>) -> Vec<(Name<'a>, Value<'a>)> {
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| (Name { text: key.get_ref(), span: key.span() }, Value::new(self, value)))
            .collect();
        entries.sort_by_key(|(name, _)| name.span.start);
        entries
    }
}

/// One step of how a value was read.
#[cfg(test)]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Seen {
    /// As the value of this key of this table.
    Key(&'static str, &'static str),
    /// As a table of this shape.
    Table(&'static str),
    /// As something else.
    As(String),
}

/// Reads one table.
pub(crate) struct Reader<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) span: Span,
    table: &'a DeTable<'a>,
    shape: &'static Shape,
    /// Keys that a table may have beside its own.
    beside: Option<&'static Shape>,
    asked: RefCell<Vec<&'static str>>,
    /// Keys that do not go with one that is here.
    excluded: RefCell<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    /// Reads a table and then reports the keys that were not asked for.
    pub(crate) fn read<T>(
        cx: &'a Context,
        table: &'a DeTable<'a>,
        span: Span,
        shape: &'static Shape,
        beside: Option<&'static Shape>,
        read: impl FnOnce(&Reader<'a>) -> T,
    ) -> T {
        let (asked, excluded) = (RefCell::default(), RefCell::default());
        let reader = Reader { cx, span, table, shape, beside, asked, excluded };
        let value = read(&reader);
        reader.finish();
        value
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &'static str) -> Option<Value<'a>> {
        let shape = self.beside.filter(|_| !self.shape.has(key)).unwrap_or(self.shape);
        debug_assert!(shape.has(key), "{} is read but not listed in {}", key, shape.title);
        self.asked.borrow_mut().push(key);
        self.cx.asked.borrow_mut().insert((shape.title, key));
        let value = self.table.get(key).map(|value| Value::new(self.cx, value));
        #[cfg(test)]
        if let Some(value) = &value {
            self.cx.saw(value.span(), Seen::Key(shape.title, key));
        }
        value
    }

    /// Reads the value of a key; `None` if it is absent or wrong.
    pub(crate) fn maybe<T>(&self, key: &'static str, read: impl FnOnce(Value<'a>) -> Option<T>) -> Option<T> {
        self.get(key).and_then(read)
    }

    /// Reads the value of a key that has a default.
    pub(crate) fn or<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'a>) -> Option<T>,
        default: T,
    ) -> T {
        self.maybe(key, read).unwrap_or(default)
    }

    /// Reads the value of a required key; the placeholder is never used, because the file then has a problem.
    pub(crate) fn must<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'a>) -> Option<T>,
        placeholder: T,
    ) -> T {
        match self.get(key) {
            Some(value) => read(value).unwrap_or(placeholder),
            None => {
                self.missing(&[key]);
                placeholder
            }
        }
    }

    /// Reports that one of some keys is required.
    pub(crate) fn missing(&self, keys: &[&'static str]) {
        self.missing_with(keys, None);
    }

    /// The same with a hint of its own.
    fn missing_with(&self, keys: &[&'static str], hint: Option<String>) {
        if self.cx.is_full() {
            return self.cx.push(self.problem("a missing key"));
        }
        let unknown = || self.table.iter().map(|(key, _)| key.get_ref()).filter(|key| !self.shape.has(key));
        if keys.iter().any(|key| closest(key, unknown().map(AsRef::as_ref)).is_some()) {
            return; // misspelt, and already reported as an unknown key
        }
        let mut problem =
            self.problem(format!("missing key {}", list(keys).replace(", ", " or "))).code("missing-key");
        if let Some(hint) = hint {
            problem = problem.hint(hint);
        } else if let Some(key) = self.shape.keys.iter().find(|known| keys.first() == Some(&known.name)) {
            problem = problem.hint(format!("add `{}`: {} ({})", key.name, key.value, key.about));
        }
        self.cx.push(problem);
    }

    /// Which of some keys that exclude each other is present; exactly one must be if `required`.
    pub(crate) fn one_of(
        &self,
        keys: &'static [&'static str],
        required: bool,
    ) -> Option<(&'static str, Value<'a>)> {
        let found: Vec<_> = keys.iter().filter_map(|key| Some((*key, self.get(key)?))).collect();
        match found.as_slice() {
            [] if required => self.missing(keys),
            [(_, first), (key, second), ..] => {
                let problem =
                    Problem::at(&second.span(), format!("`{key}` does not go with `{}`", found[0].0))
                        .also(&first.span(), format!("`{}` is already here", found[0].0))
                        .hint(format!("keep one of {}", list(keys)));
                self.cx.push(problem);
            }
            [(kept, _)] => self.excludes(keys.iter().copied().filter(|key| key != kept)),
            _ => {}
        }
        found.into_iter().next()
    }

    /// These keys do not go with one that is here: no hint offers them.
    pub(crate) fn excludes(&self, keys: impl IntoIterator<Item = &'static str>) {
        self.excluded.borrow_mut().extend(keys);
    }

    /// Reads one of several words that a key which is required may have here.
    pub(crate) fn must_choose<T: Copy>(&self, key: &'static str, choices: &[(&str, T)], placeholder: T) -> T {
        if let Some(value) = self.get(key) {
            return value.choice(choices).unwrap_or(placeholder);
        }
        let words: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let hint = format!("add `{key}`: {}", words.join(" or "));
        self.missing_with(&[key], Some(hint));
        placeholder
    }

    /// Reads the named tables of a kind in the order of the file.
    pub(crate) fn tables<T>(
        &self,
        kind: impl Named,
        shape: &'static Shape,
        read: impl FnMut(&str, &Reader<'a>) -> T,
    ) -> Vec<T> {
        self.tables_beside(kind, shape, None, read)
    }

    /// The same, of tables that may have other keys beside their own.
    pub(crate) fn tables_beside<T>(
        &self,
        kind: impl Named,
        shape: &'static Shape,
        beside: Option<&'static Shape>,
        mut read: impl FnMut(&str, &Reader<'a>) -> T,
    ) -> Vec<T> {
        let entries = self.maybe(kind.table(), |value| value.entries(shape.title, KIND_MAX));
        let mut list = Vec::new();
        for (name, value) in entries.unwrap_or_default() {
            if let Some(fault) = fault(name.text) {
                self.cx.push(Problem::at(&name.span, fault).hint("give it another name"));
            }
            list.extend(value.table_with(shape, beside, |reader| read(name.text, reader)));
        }
        list
    }

    /// A problem of the whole table.
    pub(crate) fn problem(&self, message: impl Into<String>) -> Problem {
        match self.span.is_empty() {
            true => Problem::of_file(message),
            false => Problem::at(&self.span, message),
        }
    }

    fn finish(&self) {
        let asked = self.asked.borrow();
        for (name, _) in self.cx.entries(self.table) {
            if asked.contains(&name.text) {
                continue;
            }
            let is_known = self.shape.has(name.text) || self.beside.is_some_and(|shape| shape.has(name.text));
            let message = match is_known {
                true => format!("key `{}` has no meaning beside the others here", name.text),
                false => format!("unknown key `{}` in {}", name.text, self.shape.title),
            };
            if self.cx.is_full() {
                // Only counted from here on: the hint is never shown.
                self.cx.push(Problem::at(&name.span, message));
                continue;
            }
            let known = || self.shape.keys.iter().map(|key| key.name);
            let beside = || self.beside.into_iter().flat_map(|shape| shape.keys).map(|key| key.name);
            let unused = || known().filter(|key| !self.table.contains_key(*key));
            // What was asked for has a meaning beside the others, unless one of them excludes it.
            let excluded = self.excluded.borrow();
            let possible = || unused().filter(|key| asked.contains(key) && !excluded.contains(key));
            let foreign =
                (self.cx.foreign)(self.shape.title, name.text).filter(|_| !self.shape.has(name.text));
            let close = closest(name.text, unused()).or_else(|| closest(name.text, known()));
            let hint = match close.or_else(|| closest(name.text, beside())) {
                _ if foreign.is_some() => foreign.unwrap_or_default(),
                Some(close) if close != name.text => format!("did you mean `{close}`?"),
                _ => match possible().collect::<Vec<_>>().as_slice() {
                    [] => "remove it".to_owned(),
                    possible => format!("possible here: {}", list(possible)),
                },
            };
            self.cx.push(Problem::at(&name.span, message).hint(hint).code("unknown-key"));
        }
    }
}
