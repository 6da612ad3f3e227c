//! The page of a comparison. In: a [`Comparison`]. Out: styled text: first whether the objectives are met, what it costs and what is sure;
//! then what is compared, objectives, and eight figures. If asked for, every figure and how much the common random numbers were worth.

mod availability;
mod caution;
mod choice;
mod colour;
mod few;
mod figures;
mod gate;
mod headline;
mod many;
mod notes;
mod policies;
pub(super) mod values;

pub(super) use caution::caution as caution_on;
pub(super) use choice::choice as decision_of_many;
pub(super) use colour::style as style_of_word;
pub use gate::gate;
pub(super) use gate::words as words_of_rule;
pub(super) use many::title as title_of;
pub(super) use many::{against_first, listed as listed_all, parts as parts_of_many};
pub use many::{comparisons, comparisons_verdicts, side_done};
#[cfg(feature = "charts")]
pub(super) use policies::parts as parts_of_policies;
pub use policies::policies;

use std::path::PathBuf;

use self::caution::caution;
use self::colour::{colour, style};
use self::figures::figures;
use self::values::shown;
use super::changes::with_changes;
use super::recovery;
use super::section::{Paper, Section};
use super::table::{Cell, HEADING, PATH, QUIET, Side, Table, WARNING, paint};
use crate::comparison::{Comparison, Difference, OneSided};
use crate::number::percent;
use crate::outcome::estimate::Quantity;
use crate::outcome::{ScenarioSummary, Verdict};

/// A comparison on a page, or everything about it on a page or two.
pub fn comparison(comparison: &Comparison, paper: Paper) -> String {
    let parts = parts(comparison, paper.whole);
    let narrow = paper.left_out(&parts);
    let parts = parts.iter().map(|part| paper.print(part)).chain(narrow);
    let begin = [
        gate(std::slice::from_ref(comparison)) + &headline::headline(comparison, 'B'),
        title(comparison) + &notes::notes(comparison, 'B'),
    ];
    paper.fold(begin.into_iter().chain(parts).collect::<Vec<_>>().join("\n"))
}

/// What the first lines are about: whether the objectives are met, what it costs and what is sure; then what else differs.
pub(super) fn decision(comparison: &Comparison) -> String {
    gate(std::slice::from_ref(comparison))
        + &headline::headline(comparison, 'B')
        + &notes::notes(comparison, 'B')
}

/// The tables; if all is asked for, also how much the common random numbers were worth, and what only one of them has.
pub(super) fn parts(comparison: &Comparison, all: bool) -> Vec<Section> {
    let parts = [
        gate::section(std::slice::from_ref(comparison)),
        objectives(comparison),
        availability::section(comparison),
        recovered(comparison),
        Some(figures(comparison, all)),
        pairing(comparison).filter(|_| all),
        only(comparison).filter(|_| all),
    ];
    parts.into_iter().flatten().collect()
}

/// How both recovered from their faults.
fn recovered(comparison: &Comparison) -> Option<Section> {
    let cost = comparison.figure(&Quantity::Cost);
    let of = |letter, scenario: &ScenarioSummary, recovery, cost_usd| recovery::Of {
        letter,
        name: scenario.name.clone(),
        recovery,
        cost_usd,
    };
    recovery::of_sides(&[
        of('A', &comparison.a, comparison.recovery_a.as_ref(), cost.map(|it| it.a)),
        of('B', &comparison.b, comparison.recovery_b.as_ref(), cost.map(|it| it.b)),
    ])
}

/// What decides, and nothing else: what else differs, whether the objectives are met, what it costs, and each objective.
pub fn comparison_verdicts(comparison: &Comparison) -> String {
    let tables = [gate::section(std::slice::from_ref(comparison)), objectives(comparison)];
    let tables: String = tables.into_iter().flatten().map(|it| it.to_string()).collect();
    let gate = gate(std::slice::from_ref(comparison));
    notes::notes(comparison, 'B') + &gate + &headline::decision(comparison, 'B') + &tables
}

/// Which files a comparison has left: at most the picture of its policies.
pub fn comparison_files(files: &[PathBuf]) -> String {
    let lines: String = files.iter().map(|file| format!("  {}\n", paint(PATH, file.display()))).collect();
    match lines.is_empty() {
        true => format!("\n{}\n", paint(WARNING, "Nothing is drawn: there is nothing to show.")),
        false => format!("\n{}\n{lines}", paint(HEADING, "Files")),
    }
}

fn title(comparison: &Comparison) -> String {
    heading(&comparison.seeds) + &listed(comparison)
}

/// Which scenario each letter stands for, a line each.
pub(super) fn listed(comparison: &Comparison) -> String {
    let side = |letter: char, scenario: &ScenarioSummary| {
        named(letter, &scenario.name, &scenario.file, &scenario.overrides)
    };
    side('A', &comparison.a) + &side('B', &comparison.b)
}

/// How many runs there are, and what intervals mean.
fn heading(seeds: &[u64]) -> String {
    format!("{}  {}\n", paint(HEADING, "Comparison"), paint(QUIET, runs(seeds)))
}

/// `5 runs of each from seed 1, ± is half a 95 % interval`.
pub(super) fn runs(seeds: &[u64]) -> String {
    match seeds {
        [seed] => format!("one run of each, seed {seed}: no intervals"),
        seeds => format!(
            "{} runs of each from seed {}, ± is half a 95 % interval, (a to b) a whole one of the change",
            seeds.len(),
            seeds[0]
        ),
    }
}

/// Which scenario a letter stands for.
fn named(letter: char, name: &str, file: &str, overrides: &[String]) -> String {
    format!("  {letter}  {name}  {}\n", with_changes(file, overrides))
}

fn objectives(comparison: &Comparison) -> Option<Section> {
    let mut table = Table::new(&[Side::Left]);
    table.titles(&["", "", "A", "", "B", ""]);
    table.sparing(&[3, 5]);
    let standing = |verdict: &Verdict| Cell::new(verdict.standing.text(), colour(verdict.standing));
    // Of one run there is nothing to count.
    let seen = |verdict: &Verdict| match verdict.runs() {
        0 | 1 => Cell::from(verdict.observed.as_str()),
        _ => verdict.by_runs.as_str().into(),
    };
    let absent = |one: &OneSided| {
        let value = one.other.zip(one.unit).map(|(value, unit)| shown(unit, value));
        [Cell::new("no objective", QUIET), Cell::new(value.unwrap_or_default(), QUIET)]
    };
    for both in &comparison.objectives {
        table.row([
            Cell::new(both.word.text(), style(both.word)),
            both.objective.as_str().into(),
            standing(&both.a),
            seen(&both.a),
            standing(&both.b),
            seen(&both.b),
        ]);
    }
    let only = &comparison.objectives_only;
    for one in &only.a {
        let [none, value] = absent(one);
        let (verdict, objective) = (&one.verdict, one.verdict.objective.as_str());
        let only = Cell::new("only A", QUIET);
        table.row([only, objective.into(), standing(verdict), seen(verdict), none, value]);
    }
    for one in &only.b {
        let [none, value] = absent(one);
        let (verdict, objective) = (&one.verdict, one.verdict.objective.as_str());
        let only = Cell::new("only B", QUIET);
        table.row([only, objective.into(), none, value, standing(verdict), seen(verdict)]);
    }
    let none = comparison.objectives.is_empty() && only.a.is_empty() && only.b.is_empty();
    (!none).then(|| Section::new("Objectives", "").table(table))
}

/// What the pairing was worth: the median over the figures that differ, and the 99th percentile by name.
fn pairing(comparison: &Comparison) -> Option<Section> {
    let mut gains: Vec<f64> = comparison.figures.iter().filter_map(Difference::gain).collect();
    gains.sort_by(f64::total_cmp);
    let median = *gains.get(gains.len() / 2)?;
    let of_p99 = comparison.figure(&Quantity::Latency { class: None, quantile: 0.99 }).and_then(|p99| {
        let (gain, correlation) = (p99.gain()?, p99.correlation?);
        Some(format!("; that of the p99 is {} as wide, at a correlation of {correlation:.2}", part(gain)))
    });
    let remark = format!(
        "paired intervals of differences are {} as wide as with seeds of their own, in the median{}",
        part(median),
        of_p99.unwrap_or_default()
    );
    Some(Section::new("Common random numbers", remark))
}

/// One over a gain, in percent.
fn part(gain: f64) -> String {
    percent(100.0 / gain)
}

fn only(comparison: &Comparison) -> Option<Section> {
    let side = |letter: &str, names: &[String]| {
        (!names.is_empty()).then(|| format!("{letter}  {}", names.join(", ")))
    };
    let (a, b) = (side("A", &comparison.only.a), side("B", &comparison.only.b));
    let lines: Vec<String> = [a, b].into_iter().flatten().collect();
    (!lines.is_empty()).then(|| Section::new("Only in one of them", "").lines(lines))
}
