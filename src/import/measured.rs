//! `rates.csv` and `measured.csv`. In: what was counted and measured. Out: rows of periods, for a scenario to replay and for a comparison.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::coarse::Coarse;
use super::row::End;
use super::series::{Column, Series};
use super::tally::{Cell, Tally};

/// Percentiles of a period.
const PERCENTILES: [(&str, f64); 4] = [("p50_ms", 0.5), ("p90_ms", 0.9), ("p95_ms", 0.95), ("p99_ms", 0.99)];
const MILLI: f64 = 1e6;

/// Where rows begin and how long they are, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub from: i64,
    pub period: i64,
    pub count: i64,
}

impl Rows {
    /// When a row begins, in seconds from the start.
    fn at(&self, row: i64) -> String {
        plain((row * self.period) as f64 / 1e9)
    }
}

/// The table of a file: for each column its values by row.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<(Column, BTreeMap<i64, f64>)>,
}

impl Table {
    fn has(&self, column: &Column) -> bool {
        self.columns.iter().any(|(own, _)| own == column)
    }

    fn push(&mut self, figure: &str, of: Option<&str>, values: BTreeMap<i64, f64>) {
        if !values.is_empty() {
            self.columns.push((Column::new(figure, of), values));
        }
    }

    /// The values of a figure.
    pub(super) fn column(&self, figure: &str, of: Option<&str>) -> Option<&BTreeMap<i64, f64>> {
        let column = Column::new(figure, of);
        self.columns.iter().find(|(own, _)| *own == column).map(|(_, values)| values)
    }

    /// As CSV, by the headers of the columns, with as many rows as there are.
    pub(super) fn csv(&self, rows: &Rows, header: impl Fn(&Column) -> String, empty: &str) -> String {
        let mut text = String::from("at_s");
        for (column, _) in &self.columns {
            let name = header(column);
            let quoted = name.contains([',', '"', '\n']);
            let _ = if quoted {
                write!(text, ",\"{}\"", name.replace('"', "\"\""))
            } else {
                write!(text, ",{name}")
            };
        }
        text.push('\n');
        for row in 0..rows.count {
            text.push_str(&rows.at(row));
            for (_, values) in &self.columns {
                text.push(',');
                match values.get(&row) {
                    Some(value) => text.push_str(&plain(*value)),
                    None => text.push_str(empty),
                }
            }
            text.push('\n');
        }
        text
    }
}

/// A number without needless digits: six significant ones.
fn plain(value: f64) -> String {
    if value == value.trunc() && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let whole = value.abs().log10_floor();
    let decimals = (5 - whole).clamp(0, 9) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

trait Floor {
    fn log10_floor(self) -> i32;
}

impl Floor for f64 {
    /// The power of ten below a number.
    fn log10_floor(self) -> i32 {
        if self > 0.0 { libm::log10(self).floor() as i32 } else { 0 }
    }
}

/// The counts of each class in each period, with zeros: what a scenario replays.
pub(super) fn rates(measured: &Table, classes: &[String]) -> Table {
    let mut table = Table::default();
    for class in classes {
        let of = measured.column("requests", Some(class));
        // All together is a class of its own where there is no other.
        let of = of.or_else(|| (classes.len() == 1).then(|| measured.column("requests", None)).flatten());
        table.columns.push((Column::new("requests", Some(class)), of.cloned().unwrap_or_default()));
    }
    table
}

/// Everything that was measured.
pub(super) fn measured(tally: &Tally, names: &[Option<&str>], series: &Series, rows: &Rows) -> Table {
    let mut table = Table::default();
    let first = rows.from.div_euclid(rows.period);
    let mut all: BTreeMap<i64, Cell> = BTreeMap::new();
    let named = || tally.classes.iter().zip(names).filter_map(|(tallied, name)| Some((tallied, (*name)?)));
    for (period, cell) in named().flat_map(|(tallied, _)| &tallied.cells) {
        all.entry(period - first).or_default().merge(cell);
    }
    let span = all.keys().next().copied().zip(all.keys().next_back().copied());
    of_requests(&mut table, None, &all.iter().map(|(row, cell)| (*row, cell)).collect(), span);
    for (tallied, name) in named() {
        let cells = tallied.cells.iter().map(|(period, cell)| (period - first, cell)).collect();
        of_requests(&mut table, Some(name), &cells, span);
    }
    let targets = tally.targets.iter().map(|(period, targets)| (period - first, targets.len() as f64));
    table.push("targets", None, targets.collect());
    for column in series.columns().filter(|column| !table.has(column)).cloned().collect::<Vec<_>>() {
        let values = series.in_periods(&column, rows.from, rows.period);
        table.push(&column.figure, column.of.as_deref(), values);
    }
    add_errors(&mut table);
    table
}

/// Figures of requests, of a class or of all. Between the first and the last row of the logs there were none where none is logged.
fn of_requests(
    table: &mut Table,
    name: Option<&str>,
    cells: &BTreeMap<i64, &Cell>,
    span: Option<(i64, i64)>,
) {
    let count = |of: &dyn Fn(&Cell) -> u64| -> BTreeMap<i64, f64> {
        let rows = span.into_iter().flat_map(|(first, last)| first..=last);
        rows.map(|row| (row, cells.get(&row).map_or(0.0, |cell| of(cell) as f64))).collect()
    };
    let some = |values: BTreeMap<i64, f64>| {
        if values.values().any(|it| *it > 0.0) { values } else { BTreeMap::new() }
    };
    table.push("requests", name, count(&Cell::requests));
    table.push("errors", name, count(&Cell::errors));
    for end in End::ALL.into_iter().filter(|end| *end != End::Answered) {
        table.push(end.figure(), name, some(count(&|cell| u64::from(cell.ends[end as usize]))));
    }
    let times = |of: &dyn Fn(&Cell) -> Option<f64>| -> BTreeMap<i64, f64> {
        cells.iter().filter_map(|(row, cell)| Some((*row, of(cell)? / MILLI))).collect()
    };
    table.push("mean_ms", name, times(&|cell| (cell.total.count > 0).then(|| cell.total.mean())));
    for (figure, quantile) in PERCENTILES {
        let of = |times: &Coarse| times.quantile(quantile);
        table.push(figure, name, times(&|cell| of(&cell.times)));
    }
    table.push("service_ms", name, times(&|cell| (cell.service.count > 0).then(|| cell.service.mean())));
    let hits = |cell: &Cell| {
        let all = f64::from(cell.hits) + f64::from(cell.misses);
        (all > 0.0).then(|| 100.0 * f64::from(cell.hits) / all * MILLI)
    };
    table.push("hit_percent", name, times(&hits));
}

/// Where only the parts of the errors are known, their sum.
fn add_errors(table: &mut Table) {
    let mut sums: BTreeMap<Option<String>, BTreeMap<i64, f64>> = BTreeMap::new();
    for (column, values) in table.columns.iter().filter(|(column, _)| column.figure.starts_with("errors_")) {
        let sum = sums.entry(column.of.clone()).or_default();
        values.iter().for_each(|(row, value)| *sum.entry(*row).or_default() += value);
    }
    for (of, values) in sums {
        if !table.has(&Column::new("errors", of.as_deref())) {
            table.push("errors", of.as_deref(), values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::Row;
    use super::*;

    #[test]
    fn rows_have_counts_times_and_what_else_was_measured() {
        let second = 1_000_000_000;
        let mut tally = Tally::new(2, 60 * second);
        let row = |at: i64, ms: u64, end: End| Row {
            at: at * second,
            end,
            total: Some(ms * 1_000_000),
            ..Row::default()
        };
        for it in [row(600, 10, End::Answered), row(610, 30, End::Answered), row(721, 50, End::ByTarget)] {
            tally.add(0, &it).unwrap();
        }
        tally.add(1, &row(600, 1, End::Answered)).unwrap();
        let mut series = Series::default();
        series.add(&Column::new("cpu_percent", Some("web")), 600 * second, 61.25).unwrap();
        let rows = Rows { from: 600 * second, period: 60 * second, count: 3 };
        let table = measured(&tally, &[Some("home"), None], &series, &rows);
        let text = table.csv(&rows, Column::header, "");
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].starts_with(
                "at_s,requests,errors,errors_target,mean_ms,p50_ms,p90_ms,p95_ms,p99_ms,requests of home,"
            ),
            "{text}"
        );
        assert!(lines[1].starts_with("0,2,0,0,20,") && lines[1].ends_with(",61.25"), "{text}");
        assert!(lines[2].starts_with("60,0,0,0,,") && lines[3].starts_with("120,1,1,1,,,,"), "{text}");
        let rates =
            rates(&table, &["home".into()]).csv(&rows, |column| column.of.clone().unwrap_or_default(), "0");
        assert_eq!(rates, "at_s,home\n0,2\n60,0\n120,1\n");
        assert_eq!(
            (plain(0.000_123_456_78), plain(123_456.789), plain(2.5)),
            ("0.000123457".into(), "123457".into(), "2.5".into())
        );
    }
}
