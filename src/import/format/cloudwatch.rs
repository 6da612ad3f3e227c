//! Exports of CloudWatch: `get-metric-statistics` and `get-metric-data` as JSON, and CSV of the console. In: a document or records. Out:
//! counts and figures of periods.
//!
//! A sum of requests in a period is a count, from which a rate follows; times are seconds there, and milliseconds here.

mod metric;

use csv::ByteRecord;
use serde_json::Value;

use super::super::counts::Counts;
use super::super::instant;
use super::super::row::Reason;
use super::super::series::{Column, Series, TooMany};
use metric::{STATISTICS, column, is_wanted};

/// Whether a document has metrics.
pub(super) fn fits_json(head: &[u8]) -> bool {
    ["\"Datapoints\"", "\"MetricDataResults\""]
        .iter()
        .any(|mark| memchr::memmem::find(head, mark.as_bytes()).is_some())
}

/// Reads a document; of each value the line is not known, so it counts as a line of its own.
pub(in super::super) fn document(
    text: &[u8],
    series: &mut Series,
    counts: &mut Counts,
) -> Result<(), TooMany> {
    // Several documents may follow each other, as from a loop over metrics.
    for document in serde_json::Deserializer::from_slice(text).into_iter::<Value>() {
        let Ok(document) = document else {
            counts.all_lines += 1;
            counts.dropped(Reason::Malformed, counts.all_lines);
            return Ok(());
        };
        let all = match document {
            Value::Array(all) => all,
            one => vec![one],
        };
        for one in &all {
            statistics(one, series, counts)?;
            data(one, series, counts)?;
        }
    }
    Ok(())
}

/// `{ "Label": …, "Datapoints": [{ "Timestamp": …, "Sum": … }] }`.
fn statistics(document: &Value, series: &mut Series, counts: &mut Counts) -> Result<(), TooMany> {
    let points = document.get("Datapoints").and_then(Value::as_array);
    let label = document.get("Label").and_then(Value::as_str).unwrap_or_default();
    for point in points.into_iter().flatten() {
        let mut values = Vec::new();
        for statistic in STATISTICS {
            values.extend(point.get(statistic).and_then(Value::as_f64).map(|value| (statistic, value)));
        }
        let extended = point.get("ExtendedStatistics").and_then(Value::as_object);
        values.extend(
            extended.into_iter().flatten().filter_map(|(name, value)| Some((&**name, value.as_f64()?))),
        );
        let time = point.get("Timestamp");
        add(label, time, &values, series, counts)?;
    }
    Ok(())
}

/// `{ "MetricDataResults": [{ "Label": …, "Timestamps": […], "Values": […] }] }`.
fn data(document: &Value, series: &mut Series, counts: &mut Counts) -> Result<(), TooMany> {
    let results = document.get("MetricDataResults").and_then(Value::as_array);
    for result in results.into_iter().flatten() {
        let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
        let label = if column(text("Label"), "Average").is_some() { text("Label") } else { text("Id") };
        let list = |name: &str| result.get(name).and_then(Value::as_array).into_iter().flatten();
        for (time, value) in list("Timestamps").zip(list("Values")) {
            let values: Vec<(&str, f64)> = value.as_f64().map(|value| ("", value)).into_iter().collect();
            add(label, Some(time), &values, series, counts)?;
        }
    }
    Ok(())
}

/// Adds what a point has: a sum of what is counted, the mean and the percentiles of what is not.
fn add(
    label: &str,
    time: Option<&Value>,
    values: &[(&str, f64)],
    series: &mut Series,
    counts: &mut Counts,
) -> Result<(), TooMany> {
    counts.all_lines += 1;
    let line = counts.all_lines;
    let at = match time {
        Some(Value::String(text)) => instant::any(text.as_bytes()),
        Some(Value::Number(number)) => instant::unix(number.to_string().as_bytes()),
        _ => None,
    };
    let Some(at) = at else {
        counts.dropped(Reason::NoTime, line);
        return Ok(());
    };
    if !instant::is_believed(at.nanos) {
        counts.dropped(Reason::FarTime, line);
        return Ok(());
    }
    let mut is_used = false;
    for (statistic, value) in values {
        let Some((column, factor)) = column(label, statistic) else { continue };
        let has_mean = values.iter().any(|(other, _)| *other == "Average");
        if is_wanted(&column, statistic, has_mean) && value.is_finite() && *value >= 0.0 {
            series.add(&column, at.nanos, value * factor)?;
            is_used = true;
        }
    }
    match is_used {
        true => counts.used(at.nanos, line),
        false => counts.dropped(Reason::Other, line),
    }
    Ok(())
}

/// What reads a CSV export: lines of labels, then a row for each period.
#[derive(Debug, Default)]
pub(in super::super) struct Records {
    /// The label of each column, and its statistic.
    labels: Vec<(String, String)>,
    /// The metric that the name of the file states.
    of_file: String,
}

/// Names of a column of times.
fn is_time(cell: &[u8]) -> bool {
    [&b"timestamp"[..], b"time", b"date", b"timebucket"]
        .iter()
        .any(|name| cell.trim_ascii().eq_ignore_ascii_case(name))
}

/// Whether records are such an export: lines of labels before rows of instants and numbers.
pub(super) fn fits_records(records: &[ByteRecord]) -> bool {
    let first = |record: &ByteRecord| record.get(0).unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let starts: Vec<Vec<u8>> = records.iter().map(first).collect();
    let has_label = starts.iter().any(|cell| matches!(&cell[..], b"label" | b"full label"));
    let has_time = starts.iter().any(|cell| instant::any(cell).is_some());
    let header = records.first();
    let is_statistics = header.is_some_and(|header| {
        header
            .iter()
            .any(|cell| STATISTICS.iter().any(|it| cell.trim_ascii().eq_ignore_ascii_case(it.as_bytes())))
            && header.iter().any(is_time)
    });
    let names_metric = header.is_some_and(|header| {
        header.get(0).is_some_and(is_time)
            && header.iter().any(|cell| column(&String::from_utf8_lossy(cell), "Average").is_some())
    });
    has_time && has_label || is_statistics || names_metric && has_time
}

impl Records {
    /// Of a file whose name may state a metric.
    pub(in super::super) fn new(of_file: String) -> Records {
        Records { of_file, ..Records::default() }
    }

    /// Reads a record.
    pub(in super::super) fn record(
        &mut self,
        record: &ByteRecord,
        line: u64,
        series: &mut Series,
        counts: &mut Counts,
    ) -> Result<(), TooMany> {
        let time = record.iter().enumerate().find_map(|(index, cell)| {
            let is_there =
                index == 0 || self.labels.get(index).is_some_and(|(label, _)| is_time(label.as_bytes()));
            instant::iso(cell.trim_ascii())
                .or_else(|| instant::unix(cell.trim_ascii()))
                .filter(|it| is_there && instant::is_believed(it.nanos))
        });
        let Some(at) = time else {
            self.header(record);
            counts.dropped(if self.labels.is_empty() { Reason::Malformed } else { Reason::Other }, line);
            return Ok(());
        };
        let mut is_used = false;
        let has_mean = self.labels.iter().any(|(label, _)| label.eq_ignore_ascii_case("Average"));
        for (index, cell) in record.iter().enumerate() {
            let Some((label, statistic)) = self.labels.get(index) else { continue };
            let value: Option<f64> = std::str::from_utf8(cell).ok().and_then(|text| text.trim().parse().ok());
            let known = STATISTICS.iter().find(|it| label.eq_ignore_ascii_case(it));
            let found = match known {
                // The file has a column for each statistic of one metric.
                Some(statistic) => {
                    let column = column(&self.of_file, statistic)
                        .or_else(|| (*statistic == "Sum").then(|| (Column::new("requests", None), 1.0)));
                    column.filter(|(column, _)| is_wanted(column, statistic, has_mean))
                }
                None => column(label, statistic),
            };
            if let (Some((column, factor)), Some(value)) =
                (found, value.filter(|it| it.is_finite() && *it >= 0.0))
            {
                series.add(&column, at.nanos, value * factor)?;
                is_used = true;
            }
        }
        match is_used {
            true => counts.used(at.nanos, line),
            false => counts.dropped(Reason::NoNumber, line),
        }
        Ok(())
    }

    /// A line before the values: labels, or more about them.
    fn header(&mut self, record: &ByteRecord) {
        let text =
            |index: usize| String::from_utf8_lossy(record.get(index).unwrap_or_default()).trim().to_owned();
        let first = text(0).to_ascii_lowercase();
        let is_about = matches!(&*first, "statistic" | "stat");
        let is_label = matches!(&*first, "label" | "full label") || record.iter().any(is_time);
        if self.labels.len() < record.len() {
            self.labels.resize(record.len(), (String::new(), "Average".into()));
        }
        for (index, (label, statistic)) in self.labels.iter_mut().enumerate() {
            let cell = text(index);
            if is_about && index > 0 && !cell.is_empty() {
                *statistic = cell;
            } else if is_label
                && !cell.is_empty()
                && (label.is_empty() || first == "label" || column(label, "").is_none())
            {
                *label = cell;
            }
        }
    }
}
