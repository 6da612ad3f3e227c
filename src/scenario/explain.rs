//! What each word of the language means: its keys, gauges and warnings, one by one. In: the tables that the reference is made of. Out: an
//! [`Explained`] for each.

use super::reference;
use super::schema::shapes::{Placed, in_a_transaction, in_its_group, steps};
use crate::kind::code::Code;
use crate::kind::{self, policy};
use crate::language::form::{Form, List, Table};
use crate::language::law;
use crate::language::names::Named;
use crate::language::problem::CODES;
use crate::language::shape::{Absent, Key, Shape};

/// Stands in a path where the file has a name.
pub const NAME: &str = "NAME";

/// What there is to say of a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Where it stands: `fleet`, [`NAME`], `boot`.
    pub path: Vec<String>,
    /// What it is: `a key of [fleet.NAME]`.
    pub is: String,
    /// What it means.
    pub about: String,
    /// What else there is to know, each with its word: its value, its default and where that comes from.
    pub facts: Vec<(&'static str, String)>,
}

/// Every word of the language.
pub fn language() -> Vec<Explained> {
    let mut all = Vec::new();
    walk(Placed::root(), &[], &mut all);
    let of_path = ["request", NAME, "steps"].map(str::to_owned);
    for shape in steps().into_iter().chain(in_a_transaction()).chain([&policy::BESIDE_SHAPE]) {
        walk(in_its_group(shape), &of_path, &mut all);
    }
    // Tables that only the reference has by themselves.
    let known =
        |all: &[Explained], shape: &Shape| all.iter().any(|it| it.is.contains(&format!("`{}`", shape.title)));
    let lost: Vec<&'static Shape> = reference::shapes().filter(|shape| !known(&all, shape)).collect();
    lost.into_iter().for_each(|shape| walk(in_its_group(shape), &[], &mut all));
    for dial in kind::GAUGES.iter().copied().flatten() {
        let by = if dial.own { "you: it is on the bill as a custom metric" } else { "AWS" };
        all.push(Explained {
            path: vec![dial.kind.table().to_owned(), NAME.to_owned(), dial.name.to_owned()],
            is: format!("a gauge of a [{}.NAME], which policies and alarms can go by", dial.kind.table()),
            about: dial.about.to_owned(),
            facts: vec![
                ("written", format!("metric = \"{}.NAME.{}\"", dial.kind.table(), dial.name)),
                ("published", format!("by {by}")),
            ],
        });
    }
    all.extend(law::words().map(|word| Explained {
        path: vec![word.text.to_owned()],
        is: "a word of laws of time".to_owned(),
        about: word.about.to_owned(),
        facts: Vec::new(),
    }));
    all.extend(Code::ALL.iter().map(|code| Explained {
        path: vec![code.name().to_owned()],
        is: "a warning".to_owned(),
        about: code.about().to_owned(),
        facts: vec![("accepted by", format!("allow = [\"{}\"]", code.name()))],
    }));
    all.extend(CODES.iter().map(|(code, about)| Explained {
        path: vec![(*code).to_owned()],
        is: "a code of a problem, as `check --format json` has it".to_owned(),
        about: (*about).to_owned(),
        facts: Vec::new(),
    }));
    all
}

/// The keys of a table, and those of the tables inside.
fn walk(of: Placed, path: &[String], all: &mut Vec<Explained>) {
    for key in of.keys() {
        let path = [path, &[key.name.to_owned()]].concat();
        let inside = if is_table(key) { of.inside(key) } else { Vec::new() };
        all.push(explained(of, key, path.clone(), &inside));
        let named = if is_named(key) { vec![NAME.to_owned()] } else { Vec::new() };
        inside.into_iter().for_each(|shape| walk(shape, &[path.as_slice(), &named].concat(), all));
    }
}

fn explained(of: Placed, key: &Key, path: Vec<String>, inside: &[Placed]) -> Explained {
    let mut facts = vec![("value", key.value.to_owned())];
    match key.absent {
        Absent::Required => facts.push(("default", "none: it is required".to_owned())),
        Absent::Default(show) => {
            let (value, source) = show();
            facts.extend([("default", value), ("source", source.to_owned())]);
        }
        Absent::Words("") => {}
        Absent::Words(words) => {
            let (value, source) = key.absent.sourced();
            facts.push(("default", if source.is_some() { value } else { words }.to_owned()));
            facts.extend(source.map(|source| ("source", source.to_owned())));
        }
    }
    let is_verb = of.shape.title.starts_with('{') && of.shape.verb() == key.name;
    if is_verb {
        facts.push(("step", of.shape.about.to_owned()));
        facts.push(("keys", keys_of(of.shape)));
    }
    for inside in inside {
        facts.push(("table", format!("`{}`: {}", inside.shape.title, inside.shape.about)));
        facts.push(("keys", keys_of(inside.shape)));
    }
    Explained { path, is: format!("a key of `{}`", of.shape.title), about: about(key), facts }
}

/// What a key means; of one without words its value says it.
fn about(key: &Key) -> String {
    if key.about.is_empty() { key.value.to_owned() } else { key.about.to_owned() }
}

fn keys_of(shape: &Shape) -> String {
    shape.keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
}

/// Whether a key can have a table of a shape.
fn is_table(key: &Key) -> bool {
    fn in_form(form: &Form) -> bool {
        let in_table = match &form.table {
            Some(Table::Shape) => true,
            Some(Table::Named(of)) => in_form(of),
            _ => false,
        };
        in_table || matches!(&form.list, Some(List::Of(element)) if in_form(element))
    }
    Form::of(key.value).is_ok_and(|form| in_form(&form))
}

/// Whether the file gives names to what a key has.
fn is_named(key: &Key) -> bool {
    Form::of(key.value).is_ok_and(|form| matches!(form.table, Some(Table::Named(_))))
}
