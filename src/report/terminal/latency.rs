//! Percentiles of all requests and of each class. In: an [`Outcome`]. Out: one table; below each row its margins.

use crate::id::ClassId;
use crate::interval::{HELD, HELD_BEYOND_P99};
use crate::number::{beside, count, millis, millis_margin, supported};
use crate::outcome::estimate::Quantity;
use crate::outcome::{Latency, Outcome};
use crate::report::section::Section;
use crate::report::table::{Cell, QUIET, Side, Table};
use crate::text::Word;
use crate::units::Time;

/// The title of this part of the page.
pub(in crate::report) const TITLE: &str = PART.text;

pub(in crate::report) const PART: Word = Word::new(
    "Latency",
    "How long completed requests took, of all and of each class: from the first sending to the last byte, with retries and their pauses.",
);
const REQUESTS: Word =
    Word::new("requests", "Completed requests that the row is made of, a count of all runs.");
const ALL: Word = Word::new("all", "Completed requests of every class.");

/// The words of this part.
pub(in crate::report) fn words() -> Vec<Word> {
    COLUMNS.iter().map(|column| column.title).chain([REQUESTS, ALL]).collect()
}

/// A column: its title, how its value is read, and its estimate for a class or all.
struct Column {
    title: Word,
    read: fn(&Latency) -> f64,
    quantity: fn(Option<ClassId>) -> Option<Quantity>,
}

impl Column {
    const fn new(
        title: &'static str,
        about: &'static str,
        read: fn(&Latency) -> f64,
        quantity: fn(Option<ClassId>) -> Option<Quantity>,
    ) -> Column {
        Column { title: Word::new(title, about), read, quantity }
    }
}

/// The columns. The largest latency of all runs has no interval.
const COLUMNS: [Column; 8] = [
    Column::new(
        "p50",
        "The median: half of the completed requests took no longer. A span of time.",
        |latency| latency.p50,
        |class| quantile(class, 0.5),
    ),
    Column::new(
        "p90",
        "Nine of ten completed requests took no longer. A span of time.",
        |latency| latency.p90,
        |class| quantile(class, 0.9),
    ),
    Column::new(
        "p95",
        "95 of 100 completed requests took no longer. A span of time.",
        |latency| latency.p95,
        |class| quantile(class, 0.95),
    ),
    Column::new(
        "p99",
        "99 of 100 completed requests took no longer. A span of time.",
        |latency| latency.p99,
        |class| quantile(class, 0.99),
    ),
    Column::new(
        "p99.9",
        "999 of 1,000 completed requests took no longer. A span of time.",
        |latency| latency.p99_9,
        |class| quantile(class, 0.999),
    ),
    Column::new(
        "p99.99",
        "9,999 of 10,000 completed requests took no longer. A span of time.",
        |latency| latency.p99_99,
        |class| quantile(class, 0.9999),
    ),
    Column::new(
        "max",
        "The longest of the completed requests of all runs. A span of time.",
        |latency| latency.max,
        |_| None,
    ),
    Column::new(
        "mean",
        "The mean of the completed requests of all runs. A span of time.",
        |latency| latency.mean,
        |class| Some(Quantity::Mean(class)),
    ),
];

fn quantile(class: Option<ClassId>, quantile: f64) -> Option<Quantity> {
    Some(Quantity::Latency { class, quantile })
}

pub(super) fn section(outcome: &Outcome) -> Section {
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.sparing(&[6, 2, 7, 5, 3]);
    let heads = [Word::NONE].into_iter().chain(COLUMNS.iter().map(|column| column.title)).chain([REQUESTS]);
    table.heads(&heads.collect::<Vec<_>>());
    add(&mut table, outcome, ALL.text, None, &outcome.latency_ms);
    if outcome.classes.len() > 1 {
        for (index, class) in outcome.classes.iter().enumerate() {
            add(&mut table, outcome, &class.name, Some(ClassId(index as u32)), &class.latency_ms);
        }
    }
    let mut remark = match outcome.runs.count {
        1 => "of completed requests".to_owned(),
        runs => format!("of completed requests of all {runs} runs"),
    };
    if outcome.scenario.warmup_s > 0.0 {
        remark.push_str(&format!(", without the first {}", Time::from_secs_f64(outcome.scenario.warmup_s)));
    }
    Section::of(PART, remark).table(table).styled(held(outcome.runs.count), QUIET, None)
}

/// How far the intervals of several runs can be trusted, as measured.
fn held(runs: usize) -> Vec<String> {
    let remark = [
        format!("intervals held {HELD} or more of 100 times in hard cases with exact answers,"),
        format!("beyond the p99 {HELD_BEYOND_P99} or more (simcap validate --coverage)"),
    ];
    if runs > 1 { remark.into() } else { Vec::new() }
}

/// Adds a row, and a row of margins if there are any, in the units of the values above them.
fn add(table: &mut Table, outcome: &Outcome, name: &str, class: Option<ClassId>, latency: &Latency) {
    let estimate = |column: &Column| outcome.estimate(&(column.quantity)(class)?);
    let values = COLUMNS.iter().map(|column| match latency.count {
        0 => "–".into(),
        _ => {
            let interval = estimate(column).and_then(|estimate| estimate.interval);
            let value = (column.read)(latency);
            millis(interval.map_or(value, |interval| supported(value, &interval)))
        }
    });
    table.row(std::iter::once(name.to_owned()).chain(values).chain([count(latency.count)]).map(Cell::from));
    let margin = |column: &Column| {
        let estimate = estimate(column)?;
        let unit_of = (column.read)(latency);
        Some(beside(estimate.value, &estimate.interval?, |width| millis_margin(unit_of, width)))
    };
    let margins: Vec<Option<String>> = COLUMNS.iter().map(margin).collect();
    if margins.iter().any(Option::is_some) {
        let cells = margins.into_iter().map(|margin| Cell::new(margin.unwrap_or_default(), QUIET));
        table.row(std::iter::once(Cell::from("")).chain(cells));
    }
}
