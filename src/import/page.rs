//! The page of an import on a terminal of 80 columns. In: a summary and a row for each class. Out: text.

use super::summary::Summary;
use crate::number::{compact, millis, percent};

/// Columns of a name.
const NAME: usize = 24;

/// A class on the page.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub name: String,
    pub requests: u64,
    /// Of all requests.
    pub part: f64,
    pub errors: u64,
    /// p50, p95 and p99 in milliseconds.
    pub percentiles: [Option<f64>; 3],
}

/// The text.
pub(super) fn text(summary: &Summary, rows: &[Row]) -> String {
    let mut text = summary.lines().join("\n") + "\n";
    if rows.is_empty() {
        return text;
    }
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by(|one, other| other.requests.cmp(&one.requests).then_with(|| one.name.cmp(&other.name)));
    text.push_str("Classes\n");
    let line = |cells: [String; 7]| {
        let [name, requests, part, errors, p50, p95, p99] = cells;
        let name: String = match name.chars().count() > NAME {
            true => name.chars().take(NAME - 1).chain(['…']).collect(),
            false => name,
        };
        format!("  {name:NAME$}{requests:>12}{part:>8}{errors:>8}{p50:>8}{p95:>8}{p99:>8}")
            .trim_end()
            .to_owned()
            + "\n"
    };
    text.push_str(&line(["", "requests", "part", "errors", "p50", "p95", "p99"].map(str::to_owned)));
    for row in rows {
        let [p50, p95, p99] = row.percentiles.map(|it| it.map_or("–".into(), millis));
        let cells = [
            row.name.clone(),
            compact(row.requests as f64),
            percent(100.0 * row.part),
            compact(row.errors as f64),
            p50,
            p95,
            p99,
        ];
        text.push_str(&line(cells));
    }
    text
}
