//! Deployments: when each began and ended, how many instances served meanwhile, which requests failed, and how it ended. In: deployments of
//! a run, or of each side of a comparison. Out: rows of a table.

use super::section::Section;
use super::table::{Cell, PLAIN, Side, Table, WARNING};
use crate::comparison::Comparisons;
use crate::number::{clock, count, counted};
use crate::outcome::{Deployment, Ended, Outcome};
use crate::text::Word;
use crate::units::Time;

pub(super) const PART: Word = Word::new(
    "Deployments",
    "Each deployment of a version: how it was done, when it began, how long it took, how many instances served meanwhile, which requests failed, and how it ended.",
);
/// The titles of the columns.
pub(super) const HEADS: [Word; 7] = [
    Word::NONE,
    Word::NONE,
    Word::new("began", "When the deployment began, on the clock of the run."),
    Word::new("took", "How long the deployment took, a span of time."),
    Word::new(
        "fewest in service",
        "The fewest instances that answered and passed their checks while the deployment lasted, of how many before it, two counts.",
    ),
    Word::new(
        "failed requests",
        "Requests of the whole system that failed while the deployment lasted, and those that it cut off, a count.",
    ),
    Word::NONE,
];
const SIDES: [Side; 7] =
    [Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Right, Side::Left];
const REMARK: &str = "in service: answers and passes its checks; failed requests: of all, while it lasted, and those that it cut off";

/// Those of a run.
pub(super) fn section(outcome: &Outcome) -> Option<Section> {
    let all = &outcome.deployments;
    let mut table = Table::new(&SIDES);
    table.sparing(&[3, 2]);
    table.heads(&HEADS);
    all.iter().for_each(|it| table.row(cells(it)));
    let of_run = if outcome.runs.count > 1 { " of the first run" } else { "" };
    let remark = format!("{}{of_run}; {REMARK}", counted(all.len() as u64, "deployment"));
    (!all.is_empty()).then(|| Section::of(PART, remark).table(table))
}

/// Those of each side.
pub(super) fn of_sides(all: &Comparisons) -> Option<Section> {
    let mut sides = vec![Side::Left, Side::Left];
    sides.extend(SIDES);
    let mut table = Table::new(&sides);
    table.heads(&[Word::NONE, Word::NONE].into_iter().chain(HEADS).collect::<Vec<_>>());
    for side in &all.sides {
        let (mut letter, mut name) = (side.letter.to_string(), super::comparison::title_of(side, all));
        for it in &side.deployments {
            let begins = [std::mem::take(&mut letter).into(), std::mem::take(&mut name).into()];
            table.row(begins.into_iter().chain(cells(it)).collect::<Vec<Cell>>());
        }
    }
    let of_run = if all.seeds.len() > 1 { "of the first run; " } else { "" };
    let any = all.sides.iter().any(|side| !side.deployments.is_empty());
    any.then(|| Section::of(PART, format!("{of_run}{REMARK}")).table(table))
}

fn cells(it: &Deployment) -> [Cell; 7] {
    let versions = match (&it.from, &it.to) {
        (Some(from), Some(to)) => format!(", {from} → {to}"),
        _ => String::new(),
    };
    // Whole seconds are exact enough.
    let took = it.done_s.map(|done| Time::from_secs((done - it.at_s).max(0.0).round() as u64));
    let turned = it.turned_s.map_or(String::new(), |at| format!(" at {}", clock(at.floor())));
    let why = it.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
    let style = if it.ended == Ended::Complete { PLAIN } else { WARNING };
    let unfinished = match it.ended {
        Ended::RolledBack if it.done_s.is_none() => ", not done by the end",
        _ => "",
    };
    [
        it.fleet.as_str().into(),
        format!("{}{versions}", it.strategy).into(),
        clock(it.at_s.floor()).into(),
        took.map_or("–".into(), |took| took.to_string()).into(),
        Cell::new(
            format!("{} of {}", it.least, it.before),
            if it.least < it.before { WARNING } else { PLAIN },
        ),
        Cell::new(count(it.failed), if it.failed > 0 { WARNING } else { PLAIN }),
        Cell::new(format!("{}{turned}{why}{unfinished}", it.ended.word()), style),
    ]
}
