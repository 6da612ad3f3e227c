//! `replay = { … }`: arrivals that were recorded. In: a column of a file. Out: a [`Replay`].

use std::sync::Arc;

use crate::id::{ClassId, Kind};
use crate::language::cell::{self, SECONDS, UNITS, Unit};
use crate::language::columns::Table;
use crate::language::names::{closest, list};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::text::excerpt;
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
        Key::optional(
            "unit",
            "\"ns\", \"us\", \"ms\" or \"s\"",
            "`\"s\"` (assumption: the usual one of exports)",
            "unit of the column",
        ),
        Key::optional(
            "origin",
            "\"start\" or \"first\"",
            "`\"start\"` (assumption: arrivals are counted from the start of the run)",
            "whether instants count from the start of the run, or the first row is its start, as for Unix time",
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
        let unit = reader.or("unit", |value| value.choice(&UNITS), SECONDS);
        let from_first =
            reader.or("origin", |value| value.choice(&[("start", false), ("first", true)]), false);
        let classes = reader.get("classes");
        let (file, column) = (file?, column?);
        let times = instants(file, column, unit, from_first)?;
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
    let table = file.accept(file.cx.recordings.table(name))?;
    let index = column.accept(table.find(wanted))?;
    Some((table, index))
}

fn instants(file: Value, column: Value, unit: Unit, from_first: bool) -> Option<Vec<Time>> {
    let (table, index) = open(file, column)?;
    let hint = match from_first {
        true => "is the `unit` right?",
        false => {
            "is the `unit` right? Where only differences count, as in Unix time, write origin = \"first\""
        }
    };
    // Nanoseconds as they are written, of the start and of the row before.
    let (mut origin, mut last) = (if from_first { None } else { Some(0) }, None);
    let mut times: Vec<Time> = Vec::new();
    let read = table.each(index, |cell| {
        let nanos = cell::nanos(cell, unit)?;
        if let Some(time) = times.last().filter(|_| last > Some(nanos) && (from_first || nanos >= 0)) {
            let since = if from_first { " since the first row" } else { "" };
            return Err(UnitError {
                message: format!("{} is earlier than the row before, {time}{since}", excerpt(cell)),
                hint: "sort the rows by arrival".into(),
            });
        }
        last = Some(nanos);
        file.cx.recordings.take_value()?;
        times.push(cell::within(cell, nanos - *origin.get_or_insert(nanos), hint)?);
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
                message: "the class of this row is none of this scenario".into(),
                hint: match closest(cell, known.iter().copied()) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("there is {}", list(&known)),
                },
            });
        };
        file.cx.recordings.take_value()?;
        classes.push(ClassId(class));
        Ok(())
    });
    file.accept(read)?;
    Some(classes)
}
