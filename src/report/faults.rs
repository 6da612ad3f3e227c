//! Faults: when each struck, how long until something noticed it, until requests were as before and until all was back, and how many failed
//! meanwhile. In: strikes of a run, or of each side of a comparison. Out: rows of a table.

use super::section::Section;
use super::table::{Cell, PLAIN, Side, Table, WARNING};
use crate::comparison::Comparisons;
use crate::number::{clock, count, counted};
use crate::outcome::{Outcome, Strike};
use crate::text::Word;
use crate::units::Time;

/// Most strikes that a page lists; `outcome.json` has all.
const MOST: usize = 20;
/// The same of a whole page.
const MOST_OF_ALL: usize = 1_000;

pub(super) const PART: Word = Word::new(
    "Faults",
    "Each strike of a fault: what it took, when it began, how long until something noticed it, until requests were as before and until all was back, and how many requests failed meanwhile.",
);
/// The titles of the columns.
pub(super) const HEADS: [Word; 10] = [
    Word::NONE,
    Word::NONE,
    Word::new("began", "When the strike began, on the clock of the run."),
    Word::new("over after", "How long the fault itself lasted, a span of time."),
    Word::new(
        "detected",
        "How long after the begin of the strike something noticed it, a span of time: a health check, an alarm, a node that takes over.",
    ),
    Word::new(
        "mitigated",
        "How long after the begin of the strike requests failed no more than before it and took at most twice as long (p99), a span of time.",
    ),
    Word::new(
        "recovered",
        "How long after the begin of the strike it was over, and all that it took, or as much in its place, served and passed its checks, a span of time.",
    ),
    Word::new("failed there", "Requests that failed at what the fault held, a count."),
    Word::new(
        "failed meanwhile",
        "Requests that failed while the fault was felt, at nothing that it held, because of it or of something else, a count.",
    ),
    Word::new("detected by", "What noticed the strike first."),
];
const SIDES: [Side; 10] = [
    Side::Left,
    Side::Left,
    Side::Right,
    Side::Right,
    Side::Right,
    Side::Right,
    Side::Right,
    Side::Right,
    Side::Right,
    Side::Left,
];
const REMARK: &str = "times after it began; mitigated: requests fail no more than before and take at most twice as long (p99); recovered: over, and \
                      all that it took, or as much in its place, serves and passes its checks; failed there: requests, at what it held; failed meanwhile: \
                      while it was felt, at nothing that a fault held, because of it or of something else";

/// Those of a run.
pub(super) fn section(outcome: &Outcome, whole: bool) -> Option<Section> {
    let all = &outcome.faults;
    let most = if whole { MOST_OF_ALL } else { MOST };
    let mut table = Table::new(&SIDES);
    table.sparing(&[3, 8, 5, 6]);
    table.heads(&HEADS);
    all.iter().take(most).for_each(|it| table.row(cells(it)));
    let of_run = if outcome.runs.count > 1 { " of the first run" } else { "" };
    let shown = if all.len() > most { format!(", the first {most} shown") } else { String::new() };
    let remark = format!("{}{of_run}{shown}; {REMARK}", counted(all.len() as u64, "strike"));
    (!all.is_empty()).then(|| Section::of(PART, remark).table(table))
}

/// Those of each side.
pub(super) fn of_sides(all: &Comparisons) -> Option<Section> {
    let mut sides = vec![Side::Left, Side::Left];
    sides.extend(SIDES);
    let mut table = Table::new(&sides);
    // Titles of sides stand above; what is struck, and what a page of one side tells as well.
    table.sparing(&[1, 3, 10, 5, 11]);
    table.heads(&[Word::NONE, Word::NONE].into_iter().chain(HEADS).collect::<Vec<_>>());
    for side in &all.sides {
        let (mut letter, mut name) = (side.letter.to_string(), super::comparison::title_of(side, all));
        for it in side.faults.iter().take(MOST) {
            let begins = [std::mem::take(&mut letter).into(), std::mem::take(&mut name).into()];
            table.row(begins.into_iter().chain(cells(it)).collect::<Vec<Cell>>());
        }
    }
    let of_run = if all.seeds.len() > 1 { "of the first run; " } else { "" };
    let any = all.sides.iter().any(|side| !side.faults.is_empty());
    any.then(|| Section::of(PART, format!("{of_run}{REMARK}")).table(table))
}

/// Whole seconds are exact enough; what takes less is said to the millisecond.
fn span(seconds: f64) -> String {
    match seconds >= 1.0 || seconds <= 0.0 {
        true => Time::from_secs(seconds.max(0.0).round() as u64).to_string(),
        false => Time::from_secs_f64((seconds * 1e3).round() / 1e3).to_string(),
    }
}

fn cells(it: &Strike) -> [Cell; 10] {
    let after = |seconds: Option<f64>| match seconds {
        Some(seconds) => Cell::new(span(seconds), PLAIN),
        None => Cell::new("not within the run", WARNING),
    };
    let failed = |requests: u64| Cell::new(count(requests), if requests > 0 { WARNING } else { PLAIN });
    let mitigated = match it.mitigated_after_s {
        Some(0.0) => "not felt".into(),
        other => after(other),
    };
    [
        it.name.as_str().into(),
        it.what.as_str().into(),
        clock(it.at_s.floor()).into(),
        it.until_s.map_or("–".into(), |until| span(until - it.at_s)).into(),
        after(it.detected_after_s),
        mitigated,
        after(it.recovered_after_s),
        failed(it.failed),
        failed(it.failed_meanwhile),
        it.detected_by.clone().unwrap_or_default().into(),
    ]
}
