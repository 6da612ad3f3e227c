//! `replay = { … }`: arrivals that were recorded. In: a column of a file. Out: a [`Replay`].

use std::sync::Arc;

use crate::scenario::ClassId;
use crate::scenario::columns::{self, Table, UNITS};
use crate::scenario::names::{Kind, closest, list};
use crate::scenario::reader::Reader;
use crate::scenario::reference::{Key, Shape};
use crate::scenario::value::Value;
use crate::units::{Time, UnitError};

/// Recorded arrivals; every run shares them.
#[derive(Clone, Debug)]
pub struct Replay {
    /// When each request came, in order.
    pub times: Arc<[Time]>,
    /// The class of each; without it classes are drawn from the mix.
    pub classes: Option<Arc<[ClassId]>>,
}

/// The language of recorded arrivals.
pub const SHAPE: Shape = Shape {
    title: "replay = { … }",
    about: "Arrivals that were recorded: one request for each row of a CSV file, in order of time. The k-th request \
            belongs to the k-th row: `\"replay FILE column NAME unit us\"` as a demand gives it its own recorded \
            service time. Rows beyond the end of the run do not come.",
    keys: &[
        Key::required(
            "file",
            "name of a .csv or .csv.gz file",
            "relative to the scenario; its first line names the columns, `#` begins a comment",
        ),
        Key::required("column", "text", "the column with the instants of arrival"),
        Key::optional("unit", "\"ns\", \"us\", \"ms\" or \"s\"", "`\"s\"`", "unit of the column"),
        Key::optional(
            "origin",
            "\"start\" or \"first\"",
            "`\"start\"`",
            "whether instants count from the start of the run, or the first row is its start",
        ),
        Key::optional(
            "classes",
            "text",
            "classes are drawn from `requests`",
            "a column with the name of each row's request class",
        ),
    ],
};

impl Replay {
    pub(super) fn read(reader: &Reader) -> Option<Replay> {
        let file = reader.get("file");
        let column = reader.get("column");
        for (key, value) in [("file", file), ("column", column)] {
            if value.is_none() {
                reader.missing(&[key]);
            }
        }
        let unit = reader.or("unit", |value| value.choice(&UNITS), columns::SECONDS);
        let from_first =
            reader.or("origin", |value| value.choice(&[("start", false), ("first", true)]), false);
        let classes = reader.get("classes");
        let (file, column) = (file?, column?);
        let mut times = instants(file, column, unit)?;
        if from_first && let Some(&first) = times.first() {
            times.iter_mut().for_each(|time| *time = *time - first);
        }
        let classes = match classes {
            Some(value) => Some(Arc::from(classes_of(file, value)?)),
            None => None,
        };
        Some(Replay { times: Arc::from(times), classes })
    }
}

/// The table of a file with the place of a column in it.
fn open(file: Value, column: Value) -> Option<(Table, usize)> {
    let (name, wanted) = (file.text()?, column.text()?);
    let table = file.accept(file.cx.table(name))?;
    let index = column.accept(table.find(wanted))?;
    Some((table, index))
}

fn instants(file: Value, column: Value, unit: f64) -> Option<Vec<Time>> {
    let (table, index) = open(file, column)?;
    let mut times: Vec<Time> = Vec::new();
    let read = table.each(index, |cell| {
        let time = columns::time(cell, unit)?;
        if let Some(last) = times.last().filter(|last| **last > time) {
            return Err(UnitError {
                message: format!("`{cell}` is earlier than the row before, {last}"),
                hint: "sort the rows by arrival".into(),
            });
        }
        times.push(time);
        Ok(())
    });
    file.accept(read)?;
    Some(times)
}

fn classes_of(file: Value, column: Value) -> Option<Vec<ClassId>> {
    let (table, index) = open(file, column)?;
    let names = &file.cx.names;
    let mut classes = Vec::new();
    let read = table.each(index, |cell| {
        let Some(class) = names.find(Kind::Class, cell) else {
            let known: Vec<&str> = names.iter(Kind::Class).collect();
            return Err(UnitError {
                message: format!("`{cell}` is not a request class of this scenario"),
                hint: match closest(cell, known.iter().copied()) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("there is {}", list(&known)),
                },
            });
        };
        classes.push(ClassId(class));
        Ok(())
    });
    file.accept(read)?;
    Some(classes)
}
