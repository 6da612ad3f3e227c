//! The tables of the language, for completion. In: nothing. Out: what `simcap reference` shows of each key.

use serde::Serialize;
use simcap::language::shape::{Absent, Key, Shape};
use simcap::scenario::reference::shapes;

/// A table.
#[derive(Serialize)]
pub struct Table {
    /// Its header: `[fleet.NAME]`, or where it stands: `retries = { … }`.
    title: &'static str,
    about: &'static str,
    keys: Vec<Entry>,
}

/// A key of a table.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    /// The kind of value.
    value: &'static str,
    about: &'static str,
    required: bool,
    /// What applies when it is absent.
    default: String,
    /// Where that is from.
    source: &'static str,
}

/// All tables, in reading order: those inside of a table come after it.
pub fn language() -> Vec<Table> {
    let table = |shape: &'static Shape| Table {
        title: shape.title,
        about: shape.about,
        keys: shape.keys.iter().map(entry).collect(),
    };
    shapes().map(table).collect()
}

fn entry(key: &Key) -> Entry {
    let (default, source) = match key.absent {
        Absent::Required => (String::new(), ""),
        Absent::Default(show) => show(),
        Absent::Words(words) => (words.to_owned(), ""),
    };
    let required = matches!(key.absent, Absent::Required);
    Entry { name: key.name, value: key.value, about: key.about, required, default, source }
}
