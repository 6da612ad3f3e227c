//! Whether a model is good enough to bet on. In: figures measured and predicted, and [`Limits`]. Out: a [`Verdict`] with every rule that it
//! comes of, each with its limit and what was found.
//!
//! Every limit is an assumption: what a bet may be off depends on what hangs on it, so each can be replaced.

use serde::{Deserialize, Serialize};

use super::compared::{Compared, Errors};
use crate::measured::{Figure, What};
use crate::number::{number, percent, share};

/// Standard errors by which two counts are surely apart.
const SURE: f64 = 2.0;

/// What a prediction may be off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Median size of the relative error of the 95th percentile, of each class.
    pub latency: f64,
    /// Median difference of CPU and busy shares, in percentage points.
    pub cpu_points: f64,
    /// Relative error of all requests together.
    pub throughput: f64,
    /// The share of errors of which measured and predicted lie on the same side.
    pub errors: f64,
    /// Fewest periods that are judged.
    pub periods: usize,
}

/// Limits that nobody has replaced; assumptions.
impl Default for Limits {
    fn default() -> Limits {
        Limits { latency: 0.15, cpu_points: 5.0, throughput: 0.02, errors: 0.01, periods: 12 }
    }
}

/// What became of a rule, or of all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// What was measured does not tell.
    CannotTell,
    /// It is about something that was not measured or is not there, and nothing hangs on it.
    NotAsked,
}

/// A rule, and what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What is asked, with its limit.
    pub asks: String,
    /// What was found.
    pub found: String,
    /// What became of it.
    pub word: Word,
}

/// Whether a model is good enough to bet on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Yes, no, or cannot tell.
    pub word: Word,
    /// The limits.
    pub limits: Limits,
    /// Every rule.
    pub rules: Vec<Rule>,
}

impl Verdict {
    /// Judges figures; `has_cpu` says whether the scenario has a CPU that could have been measured, `counts` gives of each class its
    /// requests and failures as they are predicted over the judged periods.
    pub fn of(all: &[Compared], limits: Limits, has_cpu: bool) -> Verdict {
        let rules = vec![
            periods(all, limits),
            throughput(all, limits),
            latency(all, limits),
            cpu(all, limits, has_cpu),
            errors(all, limits),
        ];
        let has = |word: Word| rules.iter().any(|rule| rule.word == word);
        let word = match (has(Word::No), has(Word::CannotTell)) {
            (true, _) => Word::No,
            (false, true) => Word::CannotTell,
            (false, false) => Word::Yes,
        };
        Verdict { word, limits, rules }
    }
}

fn holds(holds: bool) -> Word {
    if holds { Word::Yes } else { Word::No }
}

fn of(all: &[Compared], what: What) -> impl Iterator<Item = (&Figure, Errors)> {
    all.iter().filter(move |it| it.of.what == what).filter_map(|it| Some((&it.of, it.errors?)))
}

/// The errors of a figure that are worst by a measure.
fn worst<'a>(
    all: impl Iterator<Item = (&'a Figure, Errors)>,
    of: impl Fn(&Errors) -> f64,
) -> Option<(&'a Figure, Errors)> {
    all.reduce(|one, other| if of(&other.1) > of(&one.1) { other } else { one })
}

fn periods(all: &[Compared], limits: Limits) -> Rule {
    let found = all.iter().filter_map(|it| it.errors).map(|it| it.periods).max().unwrap_or(0);
    Rule {
        asks: format!("at least {} periods are judged", limits.periods),
        found: found.to_string(),
        word: if found >= limits.periods { Word::Yes } else { Word::CannotTell },
    }
}

fn throughput(all: &[Compared], limits: Limits) -> Rule {
    let asks = format!("requests: off by at most {}", share(limits.throughput));
    let (whole, classes): (Vec<_>, Vec<_>) = of(all, What::Requests).partition(|it| it.0.name.is_none());
    let counted = if whole.is_empty() { classes } else { whole };
    let sum = |of: fn(&Errors) -> f64| counted.iter().map(|it| of(&it.1)).sum::<f64>();
    let (measured, predicted) = (sum(|it| it.measured), sum(|it| it.predicted));
    if measured <= 0.0 {
        return Rule { asks, found: "not measured".into(), word: Word::CannotTell };
    }
    let off = predicted / measured - 1.0;
    let by_chance = SURE * (2.0 / measured).sqrt();
    let word = match off.abs() {
        off if off <= limits.throughput => Word::Yes,
        off if off <= by_chance => Word::CannotTell,
        _ => Word::No,
    };
    let chance = if word == Word::CannotTell { ", which so few may be by chance" } else { "" };
    Rule { asks, found: format!("{}{chance}", signed(off)), word }
}

/// A part with its sign.
pub fn signed(off: f64) -> String {
    let sign = if off < 0.0 { '-' } else { '+' };
    format!("{sign}{}", percent(100.0 * off.abs()))
}

fn latency(all: &[Compared], limits: Limits) -> Rule {
    let has = |what: What| of(all, what).next().is_some();
    let what = [What::P95, What::P99, What::P90, What::Mean, What::P50].into_iter().find(|it| has(*it));
    let name = what.unwrap_or(What::P95).name();
    let asks = format!("{name}: median error of each class at most {}", share(limits.latency));
    let Some((figure, errors)) = what.and_then(|what| worst(of(all, what), |it| it.median)) else {
        return Rule { asks, found: "not measured, or of too few requests".into(), word: Word::CannotTell };
    };
    let found =
        format!("{} ({}), bias {}", percent(100.0 * errors.median), figure.words(), signed(errors.bias));
    Rule { asks, found, word: holds(errors.median <= limits.latency) }
}

fn cpu(all: &[Compared], limits: Limits, has_cpu: bool) -> Rule {
    let asks = format!("CPU: median error at most {} points", number(limits.cpu_points));
    let busy = of(all, What::Cpu).chain(of(all, What::Busy));
    match worst(busy, |it| it.median) {
        Some((figure, errors)) => {
            let bias = format!("{}{}", if errors.bias < 0.0 { "-" } else { "+" }, number(errors.bias.abs()));
            let found = format!("{} points ({}), bias {bias}", number(errors.median), figure.words());
            Rule { asks, found, word: holds(errors.median <= limits.cpu_points) }
        }
        None if has_cpu => Rule { asks, found: "not measured".into(), word: Word::CannotTell },
        None => Rule { asks, found: "nothing in the file has one".into(), word: Word::NotAsked },
    }
}

fn errors(all: &[Compared], limits: Limits) -> Rule {
    let asks = format!("errors: on the same side of {}", share(limits.errors));
    let mut worst: Option<(bool, String)> = None;
    for (figure, failed) in of(all, What::Errors) {
        let requests = Figure { what: What::Requests, name: figure.name.clone() };
        let Some(all) = all.iter().find(|it| it.of == requests).and_then(|it| it.errors) else { continue };
        let part = |failed: f64, all: f64| if all > 0.0 { failed / all } else { 0.0 };
        let (measured, predicted) =
            (part(failed.measured, all.measured), part(failed.predicted, all.predicted));
        let same = (measured < limits.errors) == (predicted < limits.errors);
        if worst.is_none() || !same && worst.as_ref().is_some_and(|it| it.0) {
            let text =
                format!("{} measured, {} predicted ({})", share(measured), share(predicted), figure.words());
            worst = Some((same, text));
        }
    }
    match worst {
        Some((same, found)) => Rule { asks, found, word: holds(same) },
        None => Rule { asks, found: "not measured".into(), word: Word::NotAsked },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::compared::Scale;

    fn compared(what: What, name: Option<&str>, median: f64, sums: (f64, f64)) -> Compared {
        let errors = Errors {
            periods: 20,
            mean: median,
            median,
            bias: -median,
            worst: 0,
            largest: median,
            measured: sums.0,
            predicted: sums.1,
        };
        let of = Figure { what, name: name.map(str::to_owned) };
        Compared { of, scale: Scale::of(what), pairs: Vec::new(), few: 0, errors: Some(errors) }
    }

    fn all() -> Vec<Compared> {
        vec![
            compared(What::Requests, Some("home"), 0.01, (600_000.0, 606_000.0)),
            compared(What::Errors, Some("home"), 0.0, (3_000.0, 1_000.0)),
            compared(What::P95, Some("home"), 0.08, (1.0, 1.0)),
            compared(What::Cpu, Some("web"), 2.0, (1.0, 1.0)),
        ]
    }

    #[test]
    fn a_model_that_is_near_is_good_enough() {
        let found = Verdict::of(&all(), Limits::default(), true);
        assert_eq!(found.word, Word::Yes, "{found:?}");
        let latency = &found.rules[2];
        assert_eq!(latency.found, "8 % (p95 of home), bias -8 %");
    }

    #[test]
    fn one_rule_that_fails_is_a_no_and_what_is_not_measured_leaves_it_open() {
        let word = |change: &dyn Fn(&mut Vec<Compared>), limits: Limits| {
            let mut figures = all();
            change(&mut figures);
            Verdict::of(&figures, limits, true).word
        };
        let usual = Limits::default();
        assert_eq!(word(&|_| {}, Limits { latency: 0.05, ..usual }), Word::No);
        assert_eq!(word(&|_| {}, Limits { cpu_points: 1.0, ..usual }), Word::No);
        assert_eq!(word(&|_| {}, Limits { throughput: 0.009, ..usual }), Word::No);
        assert_eq!(word(&|_| {}, Limits { errors: 0.003, ..usual }), Word::No);
        assert_eq!(word(&|_| {}, Limits { periods: 21, ..usual }), Word::CannotTell);
        assert_eq!(word(&|it| drop(it.remove(3)), usual), Word::CannotTell, "no CPU");
        assert_eq!(word(&|it| drop(it.remove(2)), usual), Word::CannotTell, "no latency");
        assert_eq!(
            word(&|it| drop(it.remove(1)), usual),
            Word::Yes,
            "errors are asked for if there are some"
        );
        let few = |it: &mut Vec<Compared>| it[0] = compared(What::Requests, None, 0.0, (1_000.0, 1_030.0));
        assert_eq!(word(&few, usual), Word::CannotTell, "so few requests may be off by 9 %");
    }
}
