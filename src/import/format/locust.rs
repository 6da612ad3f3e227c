//! Results of Locust: `_stats_history.csv`, `_stats.csv`, and their older names. In: records. Out: counts and times of each period.
//!
//! The history holds totals so far, so what happened in a period is a difference; its percentiles are those of the last ten seconds.

use std::collections::BTreeMap;

use csv::ByteRecord;

use super::super::counts::Counts;
use super::super::instant::{self, SECOND};
use super::super::method::method;
use super::super::names;
use super::super::row::Reason;
use super::super::series::{Column, Series, TooMany};

/// What is read of a row.
const NAMES: [&str; 11] = [
    "Timestamp",
    "User Count",
    "Type",
    "Name",
    "Requests/s",
    "Failures/s",
    "Total Request Count",
    "Total Failure Count",
    "Total Average Response Time",
    "Request Count",
    "Failure Count",
];
/// Percentiles, and their figures.
const PERCENTILES: [(&str, &str); 4] =
    [("50%", "p50_ms"), ("90%", "p90_ms"), ("95%", "p95_ms"), ("99%", "p99_ms")];

/// Where each of them stands.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Columns {
    at: [Option<usize>; NAMES.len()],
    percentiles: [Option<usize>; PERCENTILES.len()],
    average: Option<usize>,
}

impl Columns {
    /// From the first record of a history or of totals.
    pub(in super::super) fn of(header: &ByteRecord) -> Option<Columns> {
        let find = |name: &str| header.iter().position(|cell| cell.trim_ascii() == name.as_bytes());
        let old = |name: &str| match name {
            "Total Request Count" => find("Total Requests"),
            "Request Count" => find("# requests"),
            "Failure Count" => find("# failures"),
            "Failures/s" => find("Requests Failed/s"),
            _ => None,
        };
        let at = NAMES.map(|name| find(name).or_else(|| old(name)));
        let percentiles = PERCENTILES.map(|(name, _)| find(name));
        let average = find("Average Response Time").or_else(|| find("Average response time"));
        let is_one = at[3].is_some() && at[4].is_some() && (at[0].is_some() || at[9].is_some());
        is_one.then_some(Columns { at, percentiles, average })
    }

    /// Whether rows have instants.
    pub(in super::super) fn is_history(&self) -> bool {
        self.at[0].is_some()
    }
}

/// Whether a file is `_failures.csv` or `_exceptions.csv`.
pub(super) fn is_beside(header: &ByteRecord) -> bool {
    let has = |name: &str| header.iter().any(|cell| cell.trim_ascii() == name.as_bytes());
    has("Occurrences") && has("Error") && has("Name") || has("Traceback") && has("Message") && has("Count")
}

/// What has been of one name until a row.
#[derive(Clone, Copy, Default)]
struct Sofar {
    at: i64,
    requests: f64,
    failures: f64,
    /// Milliseconds that all requests took.
    took: f64,
}

/// A number of a record, if it is one.
fn number_of(record: &ByteRecord, index: Option<usize>) -> Option<f64> {
    let text = std::str::from_utf8(record.get(index?)?).ok()?.trim();
    text.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0)
}

/// What reads a file.
pub(in super::super) struct Reader {
    columns: Columns,
    sofar: BTreeMap<Option<String>, Sofar>,
}

impl Reader {
    pub(in super::super) fn new(columns: Columns) -> Reader {
        Reader { columns, sofar: BTreeMap::new() }
    }

    /// Reads a record.
    pub(in super::super) fn record(
        &mut self,
        record: &ByteRecord,
        line: u64,
        series: &mut Series,
        counts: &mut Counts,
    ) -> Result<(), TooMany> {
        if self.columns.at[3].and_then(|index| record.get(index)) == Some(b"Name") {
            counts.dropped(Reason::Other, line);
            return Ok(());
        }
        match self.values(record) {
            Err(reason) => counts.dropped(reason, line),
            Ok((at, name, values)) => {
                counts.used(at, line);
                for (figure, value) in values {
                    series.add(&Column::new(figure, name.as_deref()), at, value)?;
                }
                if !self.columns.is_history() && name.is_none() {
                    let requests = number_of(record, self.columns.at[9]);
                    let rate = number_of(record, self.columns.at[4]).filter(|rate| *rate > 0.0);
                    let seconds =
                        requests.zip(rate).map(|(requests, rate)| (requests / rate).round().clamp(1.0, 1e8));
                    series.whole = seconds.map(|seconds| seconds as i64 * SECOND);
                }
            }
        }
        Ok(())
    }

    #[allow(clippy::type_complexity, reason = "three parts of one row")]
    fn values(
        &mut self,
        record: &ByteRecord,
    ) -> Result<(i64, Option<String>, Vec<(&'static str, f64)>), Reason> {
        let columns = self.columns.clone();
        let text = |place: usize| columns.at[place].and_then(|index| record.get(index)).unwrap_or_default();
        let at = match columns.at[0] {
            Some(_) => instant::any(text(0)).ok_or(Reason::NoTime)?.nanos,
            None => 0,
        };
        if columns.is_history() && !instant::is_believed(at) {
            return Err(Reason::FarTime);
        }
        let name = match (text(3), text(2)) {
            (b"Aggregated" | b"Total", _) | (_, b"Aggregated") => None,
            (b"", _) => return Err(Reason::Malformed),
            (name, verb) => Some(names::of_label(method(verb), name)),
        };
        let number = |place: usize| number_of(record, columns.at[place]);
        let mut values = Vec::new();
        if columns.is_history() {
            let before = self.sofar.get(&name).copied();
            let (requests, failures) = (number(6), number(7).unwrap_or(0.0));
            let took = requests.zip(number(8)).map_or(0.0, |(requests, mean)| requests * mean);
            match (requests, before) {
                // Fewer than before: another test began.
                (Some(requests), Some(before)) if requests >= before.requests => {
                    let more = requests - before.requests;
                    values.push(("requests", more));
                    values.push(("errors", (failures - before.failures).max(0.0)));
                    if more > 0.0 && took > before.took {
                        values.push(("mean_ms", (took - before.took) / more));
                    }
                }
                (Some(requests), _) => {
                    values.push(("requests", requests));
                    values.push(("errors", failures));
                }
                (None, before) => {
                    let seconds =
                        before.map_or(1.0, |before| (at - before.at) as f64 / SECOND as f64).clamp(0.0, 60.0);
                    values.push(("requests", number(4).ok_or(Reason::NoNumber)? * seconds));
                    values.push(("errors", number(5).unwrap_or(0.0) * seconds));
                }
            }
            let sofar = Sofar { at, requests: requests.unwrap_or(0.0), failures, took };
            self.sofar.insert(name.clone(), sofar);
            if let (None, Some(users)) = (&name, number(1)) {
                values.push(("users", users));
            }
        } else {
            values.push(("requests", number(9).ok_or(Reason::NoNumber)?));
            values.push(("errors", number(10).unwrap_or(0.0)));
            values.extend(number_of(record, columns.average).map(|mean| ("mean_ms", mean)));
        }
        for (place, (_, figure)) in PERCENTILES.iter().enumerate() {
            values.extend(
                number_of(record, columns.percentiles[place]).filter(|it| *it > 0.0).map(|it| (*figure, it)),
            );
        }
        Ok((at, name, values))
    }
}
