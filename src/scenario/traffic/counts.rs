//! `rate = { file, column, time, per }`: requests that were counted. In: a file with a count for each period. Out: the knots of a
//! rate that is constant in each period and brings as many requests as were counted, on the mean.

use jiff::tz::TimeZone;

use crate::language::cell::{SECONDS, UNITS};
use crate::language::instants::{Clock, Origin};
use crate::language::nature::Nature;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::language::zone;
use crate::text::excerpt;
use crate::units::{RATE_MAX, Rate, Time, UnitError};

/// Most rows: ten weeks of minutes. As many knots as other rates may have.
const ROWS_MAX: usize = 100_000;
/// Latest end of a period, in nanoseconds from the start of the run: some thirty years.
const LATEST: u64 = 1_000_000_000_000_000_000;
/// Times as many requests as were counted.
const FACTOR: Given<f64> = Given::new(1.0, "the traffic of the file as it was");
/// Largest factor.
const FACTOR_MAX: f64 = 1e6;
/// Clock of dates without an offset: UTC.
const ZONE: Given<&str> = Given::new("UTC", "the clock of CloudWatch exports and of load balancer logs");

/// The language of counted requests.
pub const SHAPE: Shape = Shape {
    title: "rate = { … }",
    about: "Requests that were counted, period by period, as CloudWatch, a dashboard or Locust exports them. In each period the \
            rate is constant, and the expected number of arrivals is the count of its row. The rows may stand in any order. Nothing \
            comes before the first period and after the last one.",
    keys: &[
        Key::required(
            "file",
            "name of a .csv or .csv.gz file",
            "relative to the scenario; its first line names the columns, `#` begins a comment",
        ),
        Key::required(
            "column",
            "text",
            "the column with the counts; an empty cell is not known, as if the row were missing",
        ),
        Key::required(
            "time",
            "text",
            "the column with the beginnings of the periods: numbers, such as seconds or Unix time, or dates such as 2026-11-27T09:00:00Z",
        ),
        Key::optional(
            "per",
            "duration",
            "the distance of the rows",
            "how long the period of a count is: 1,200 per \"1m\" are 20/s",
        ),
        Key::optional(
            "every",
            "duration",
            "as `per`",
            "how long a row holds, where that is not the period of its count: a column in requests per second, a row a minute, is per \
             \"1s\" and every \"1m\"",
        ),
        Key::optional(
            "unit",
            "\"ns\", \"us\", \"ms\" or \"s\"",
            "`\"s\"` (assumption: the usual one of exports)",
            "unit of times that are numbers",
        ),
        Key::given(
            "zone",
            "time zone, such as \"Asia/Seoul\"",
            || ZONE.show(),
            "clock of dates without an offset",
        ),
        Key::optional(
            "origin",
            "\"first\", \"start\", a date or a number",
            "`\"first\"` (assumption: a recording begins with the run)",
            "the time that is the start of the run: that of the first row, or the one given here, and what lies before it is left out; \
             with \"start\" numbers count from the start of the run, and dates are on the calendar of `starts`",
        ),
        Key::optional(
            "missing",
            "\"error\" or \"zero\"",
            "`\"error\"` (assumption: a gap is rather a mistake than an hour without requests)",
            "what a period without a row is: a mistake, or one without requests, as CloudWatch leaves them out",
        ),
        Key::given("factor", "number", || FACTOR.show(), "times as many requests as were counted"),
    ],
};

/// What a file of counts is read by.
struct Counts<'a> {
    file: Value<'a>,
    column: Value<'a>,
    time: Value<'a>,
    clock: Clock,
    per: Option<Time>,
    every: Option<Time>,
    missing_is_zero: bool,
    factor: f64,
}

/// A row: when its period begins, in nanoseconds, and its count.
type Row = (i128, f64);

/// The knots of a rate.
pub(super) fn read(reader: &Reader) -> Option<Vec<(Time, Rate)>> {
    let [file, column, time] = ["file", "column", "time"].map(|key| {
        let value = reader.get(key);
        if value.is_none() {
            reader.missing(&[key]);
        }
        value
    });
    let unit = reader.or("unit", |value| value.choice(&UNITS), SECONDS);
    let clock = Clock { unit, zone: reader.or("zone", zone::read, TimeZone::UTC) };
    let origin = reader.get("origin").map_or(Some(Origin::First), |value| Origin::read(value, &clock));
    let per = reader.maybe("per", Value::span_of_time);
    let every = reader.maybe("every", Value::span_of_time).or(per);
    let missing_is_zero =
        reader.or("missing", |value| value.choice(&[("error", false), ("zero", true)]), false);
    // Without a factor the whole rate is one number that was measured: the file as often as once.
    if reader.get("factor").is_none() {
        reader.cx.note(reader.span.clone(), Nature::Weight);
    }
    let factor = reader.or("factor", |value| value.weight().number(0.0..=FACTOR_MAX), FACTOR.value);
    let counts =
        Counts { file: file?, column: column?, time: time?, clock, per, every, missing_is_zero, factor };
    let (rows, times, dated) = counts.rows()?;
    let every = counts.every(&rows, &times)?;
    let start = counts.start(&rows, dated, origin?)?;
    counts.knots(&rows, start, every)
}

impl Counts<'_> {
    /// The rows that have a count in order of time, the times of all rows, and whether these are dates.
    fn rows(&self) -> Option<(Vec<Row>, Vec<i128>, bool)> {
        let recordings = &self.file.cx.recordings;
        let table = self.file.accept(recordings.table(self.file.text()?))?;
        let count = self.column.accept(table.find(self.column.text()?))?;
        let time = self.time.accept(table.find(self.time.text()?))?;
        let (mut rows, mut times, mut dated): (Vec<Row>, Vec<i128>, bool) = (Vec::new(), Vec::new(), false);
        let read = table.each_of([time, count], |[time, count]| {
            if count.is_empty() {
                // A period that nobody knows is as long as the others; a line without a time, such as a sum, is none.
                times.extend(self.clock.read(time).ok().map(|it| it.0));
                return Ok(());
            }
            recordings.take_value()?;
            if rows.len() == ROWS_MAX {
                return Err(UnitError {
                    message: "too many counts for a rate".into(),
                    hint: format!("at most {ROWS_MAX}: take longer periods"),
                });
            }
            let (at, is_date) = self.clock.read(time)?;
            dated |= is_date;
            rows.push((at, number(count)?));
            times.push(at);
            Ok(())
        });
        self.file.accept(read)?;
        if rows.is_empty() {
            self.column.problem("no cell of this column has a count", "name another column");
            return None;
        }
        rows.sort_by_key(|row| row.0);
        times.sort_unstable();
        times.dedup();
        Some((rows, times, dated))
    }

    /// How long each row holds, in nanoseconds.
    fn every(&self, rows: &[Row], times: &[i128]) -> Option<i128> {
        let gaps = || rows.windows(2).map(|pair| pair[1].0 - pair[0].0);
        let since = |row: usize| span(rows[row].0 - rows[0].0);
        if let Some(row) = gaps().position(|gap| gap == 0) {
            self.file.problem(
                format!("two rows of one time, {} after the first one", since(row)),
                "every period has one row: add them up, or name a file of one series; of clocks that went back, write `zone`",
            );
            return None;
        }
        let shortest = times.windows(2).map(|pair| pair[1] - pair[0]).min();
        let Some(every) = self.every.map(|every| i128::from(every.0)).or(shortest) else {
            self.file
                .problem("one row does not say how long its period is", "add `per`, such as per = \"1m\"");
            return None;
        };
        let faulty = |gap: i128| gap < every || (gap > every && !self.missing_is_zero);
        let Some((row, gap)) = gaps().enumerate().find(|(_, gap)| faulty(*gap)) else { return Some(every) };
        let [gap, every] = [gap, every].map(span);
        let (message, hint) = match gap < every {
            true => (
                format!(
                    "a row comes {gap} after the one before, in periods of {every}, {} after the first one",
                    since(row)
                ),
                "is `per` right? Where it is not how long a row holds, add `every`".to_owned(),
            ),
            false => (
                format!("no row for {} from {} after the first one on", gap - every, since(row) + every),
                format!(
                    "if nothing came in a period without a row, write missing = \"zero\"; if a period is longer than {every}, write `per`"
                ),
            ),
        };
        self.file.problem(message, hint);
        None
    }

    /// The instant of the file that is the start of the run.
    fn start(&self, rows: &[Row], dated: bool, origin: Origin) -> Option<i128> {
        match origin {
            Origin::First => Some(rows[0].0),
            Origin::At(nanos) => Some(nanos),
            Origin::Start if !dated => Some(0),
            Origin::Start => {
                let starts = self.file.cx.calendar.get().map(|calendar| calendar.starts.as_nanosecond());
                if starts.is_none() {
                    self.time.problem(
                        "these dates count from the start of the run, which has none",
                        "write at the top of the file when the run starts, such as starts = \"2026-11-27T00:00:00Z\", or leave out `origin`",
                    );
                }
                starts
            }
        }
    }

    /// A level for each period, and nothing where there is none.
    fn knots(&self, rows: &[Row], start: i128, every: i128) -> Option<Vec<(Time, Rate)>> {
        let per = self.per.map_or(every as f64, |per| per.0 as f64) / 1e9;
        let time =
            |nanos: i128| u64::try_from((nanos - start).max(0)).ok().filter(|it| *it <= LATEST).map(Time);
        // From when on there is which rate: nothing follows a period unless the next one does.
        let mut levels = vec![(Time::ZERO, Rate(0.0))];
        for &(at, count) in rows.iter().filter(|row| row.0 + every > start) {
            let (Some(from), Some(until)) = (time(at), time(at + every)) else {
                let hint = "is `origin` right, and `unit`?";
                self.time.problem("a row lies too far after the start of the run", hint);
                return None;
            };
            let rate = Rate(count * self.factor / per);
            if rate > RATE_MAX {
                let message = format!("a count of {count} makes a rate of {rate}, which is too much");
                self.column.problem(message, format!("at most {RATE_MAX} is possible: is `per` right?"));
                return None;
            }
            let _nothing = levels.pop_if(|level| level.0 == from);
            levels.extend([(from, rate), (until, Rate(0.0))]);
        }
        if levels.len() == 1 {
            let hint = "is `origin` right, and the clock of dates without an offset, `zone`?";
            self.time.problem("every row lies before the start of the run", hint);
            return None;
        }
        levels.dedup_by_key(|level| level.1);
        let before = [levels[0].1].into_iter().chain(levels.iter().map(|level| level.1));
        let corners = before.zip(&levels).flat_map(|(before, &(at, rate))| [(at, before), (at, rate)]);
        // Nothing steps at the start.
        Some(corners.skip(1).collect())
    }
}

/// A distance of two rows.
fn span(nanos: i128) -> Time {
    u64::try_from(nanos).map_or(Time::NEVER, Time)
}

/// A count: a number from zero on, which a mean over several days may leave with a fraction.
fn number(cell: &str) -> Result<f64, UnitError> {
    let wrong = |what: &str| {
        let hint = "a plain number without a unit or a separator of thousands".into();
        Err(UnitError { message: format!("{} {what}", excerpt(cell)), hint })
    };
    match cell.parse::<f64>() {
        Ok(count) if count < 0.0 => wrong("is negative"),
        Ok(count) if count.is_finite() && cell.contains(|it: char| it.is_ascii_digit()) => Ok(count),
        _ => wrong("is not a count"),
    }
}
