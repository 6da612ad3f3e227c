//! `timeline.csv`: one row a bucket, one column a series. In: an [`Outcome`]. Out: CSV text.
//!
//! A column is named by where it stands and what it counts: `fleet.web.cpu_percent`, `failed.client_timeout_per_s`.
//! Where a row has no value (a percentile without requests) the cell is empty.

use std::collections::BTreeSet;

#[cfg(feature = "schema")]
use crate::measure::column::{Declared, Family};
use crate::measure::column::{Key, Listed, Values};
#[cfg(feature = "schema")]
use crate::measure::percentile::Percentile;
#[cfg(feature = "schema")]
use crate::measure::stage::Cause;
use crate::measure::unit::Unit;
use crate::number::digits;
use crate::outcome::Outcome;

/// The timeline as CSV text with a header.
pub(super) fn timeline(outcome: &Outcome) -> String {
    let columns = columns(outcome);
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut write = |cells: Vec<&str>| writer.write_record(cells).expect("a vector takes rows of one length");
    write(columns.iter().map(|column| column.name.as_str()).collect());
    for row in 0..outcome.timeline.time_s.len() {
        write(columns.iter().map(|column| column.cells.get(row).map_or("", String::as_str)).collect());
    }
    let bytes = writer.into_inner().expect("a vector takes every byte");
    String::from_utf8(bytes).expect("cells are UTF-8")
}

struct Column {
    name: String,
    cells: Vec<String>,
}

#[derive(Default)]
struct Columns {
    columns: Vec<Column>,
    names: BTreeSet<String>,
}

impl Columns {
    /// Adds a column; of several that would have one name, as of `a b` and `a-b`, the later ones get a number.
    fn add(&mut self, mut name: String, values: Values<'_>) {
        if self.names.contains(&name) {
            let free = (2..).map(|number| format!("{name}_{number}")).find(|name| !self.names.contains(name));
            name = free.unwrap_or(name);
        }
        self.names.insert(name.clone());
        let cells = match values {
            Values::All(values) => values.iter().copied().map(digits).collect(),
            Values::Gaps(values) => {
                values.iter().map(|value| value.map_or_else(String::new, digits)).collect()
            }
        };
        self.columns.push(Column { name, cells });
    }
}

fn columns(outcome: &Outcome) -> Vec<Column> {
    let mut columns = Columns::default();
    for listed in outcome.timeline.columns() {
        columns.add(name(&listed, outcome), listed.values);
    }
    columns.columns
}

/// The path, the field and its unit: `fleet.web.refused_per_s`; of a family of columns which one stands before the unit.
fn name(listed: &Listed<'_>, outcome: &Outcome) -> String {
    let key = listed.key.map(|key| match key {
        Key::Cause(cause) => slug(cause.name()),
        Key::Percentile(percentile) => slug(percentile.name()),
        Key::Stage(stage) => {
            slug(&outcome.stages.get(stage).map_or_else(|| stage.to_string(), |it| it.label.clone()))
        }
    });
    titled(listed.path.iter().map(|step| step.word), listed.name, key.as_deref(), listed.unit)
}

/// The name of a column, from its parts.
fn titled<'a>(path: impl Iterator<Item = &'a str>, field: &str, key: Option<&str>, unit: Unit) -> String {
    let unit = match unit {
        Unit::Seconds => "_s",
        Unit::Millis => "_ms",
        Unit::PerSecond => "_per_s",
        // The other units stand in the names of the fields, where they have to be said.
        Unit::Share | Unit::Percent | Unit::Count | Unit::Usd | Unit::Hours | Unit::Multiple | Unit::Text => {
            ""
        }
    };
    let field = field.strip_suffix(unit).unwrap_or(field);
    let key = key.map_or_else(String::new, |key| format!(".{key}"));
    let path: String = path.map(|word| format!("{word}.")).collect();
    format!("{path}{field}{key}{unit}")
}

/// The names that a column can have, each with which of its family it is; `any` stands for what a scenario names.
#[cfg(feature = "schema")]
pub(super) fn names(declared: &Declared, any: &str) -> Vec<(String, Option<Key>)> {
    let name = |key: Option<&str>| {
        let path = declared.place.path.iter().map(|word| word.unwrap_or(any));
        titled(path, declared.name, key, declared.unit)
    };
    match declared.family {
        None => vec![(name(None), None)],
        Some(Family::Cause) => {
            let of = |cause: Cause| (name(Some(&slug(cause.name()))), Some(Key::Cause(cause)));
            Cause::ALL.into_iter().map(of).collect()
        }
        Some(Family::Percentile) => {
            let of = |it: Percentile| (name(Some(&slug(it.name()))), Some(Key::Percentile(it)));
            Percentile::ALL.into_iter().map(of).collect()
        }
        Some(Family::Stage) => vec![(name(Some(any)), None)],
    }
}

/// Words for a column name: `502 connection reset` becomes `502_connection_reset`.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    /// Lists of plain values: what outcome.json has of columns.
    fn columns_of(value: &serde_json::Value) -> usize {
        match value {
            serde_json::Value::Array(values) if values.iter().all(|it| it.is_number() || it.is_null()) => 1,
            serde_json::Value::Array(values) => values.iter().map(columns_of).sum(),
            serde_json::Value::Object(fields) => fields.values().map(columns_of).sum(),
            _ => 0,
        }
    }

    #[test]
    fn every_row_has_a_cell_for_every_column() {
        let text = timeline(&sample::outcome());
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let names: BTreeSet<&str> = header.iter().collect();
        assert_eq!(names.len(), header.len(), "two columns have one name");
        for name in [
            "time_s",
            "failed.client_timeout_per_s",
            "latency.p99_ms",
            "slow.waiting_for_a_connection_to_orders_on_web_ms",
            "fleet.web.cpu_percent",
            "fleet.web.pool.orders.writer.waiting",
            "cache.catalog.hit_ratio",
            "database.orders.lag_ms",
            "service.payment.busy_percent",
        ] {
            assert!(names.contains(name), "{name}");
        }
        // The reader refuses rows of another length than the header's.
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
        let outcome = sample::outcome();
        assert_eq!(rows.len(), outcome.timeline.time_s.len());
        assert_eq!(&rows[11][0], "330", "rows of half a minute");
        let columns = columns_of(&serde_json::to_value(&outcome.timeline).unwrap());
        assert_eq!(header.len(), columns, "columns of the file and of outcome.json");
    }

    #[test]
    fn names_that_would_be_one_are_told_apart() {
        let mut outcome = sample::outcome();
        for (index, service) in ["a b", "a-b", "a_b", "a b 2 ms"].into_iter().enumerate() {
            outcome.stages[index].label = format!("at {service}");
        }
        let text = timeline(&outcome);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let names: BTreeSet<&str> = header.iter().collect();
        assert_eq!(names.len(), header.len(), "two columns have one name: {header:?}");
        for name in ["slow.at_a_b_ms", "slow.at_a_b_ms_2", "slow.at_a_b_ms_3", "mean.at_a_b_ms_3"] {
            assert!(names.contains(name), "{name} in {header:?}");
        }
    }

    #[test]
    fn a_missing_value_is_an_empty_cell() {
        let mut outcome = sample::outcome();
        outcome.timeline.latency_ms.get_mut("p99").unwrap()[2] = None;
        let text = timeline(&outcome);
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let p99 = reader.headers().unwrap().iter().position(|name| name == "latency.p99_ms").unwrap();
        let cells: Vec<String> = reader.records().map(|row| row.unwrap()[p99].to_string()).collect();
        let empty: Vec<usize> = (0..cells.len()).filter(|&row| cells[row].is_empty()).collect();
        assert_eq!(empty, [2]);
    }
}
