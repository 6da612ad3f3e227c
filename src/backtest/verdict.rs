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

/// Standard errors of a median of sizes of errors, as a part of it and times the root of how many there are: half of a bell curve.
const OF_MEDIAN: f64 = 1.17;
/// Median of the size of an error, in standard deviations of a bell curve.
const MIDDLE: f64 = 0.674;
/// Percentage points that are no difference, of however little: monitoring rounds and samples. An assumption.
const SAME_POINTS: f64 = 0.5;

/// What a prediction may be off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Relative error of the requests of each class: of all of them, and the median one of its periods.
    pub class_requests: f64,
    /// Median difference of CPU and busy shares, as a part of what was measured.
    pub cpu_part: f64,
    /// Relative error of the median and the mean of a class that both have in one direction, on the mean.
    pub latency_bias: f64,
}

/// Limits that nobody has replaced; assumptions.
impl Default for Limits {
    fn default() -> Limits {
        Limits {
            latency: 0.15,
            cpu_points: 5.0,
            throughput: 0.02,
            errors: 0.01,
            periods: 12,
            class_requests: 0.1,
            // As 5 points are of 20 %.
            cpu_part: 0.25,
            latency_bias: 0.1,
        }
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
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn of(all: &[Compared], limits: Limits, has_cpu: bool) -> Verdict {
        let nothing = all.iter().all(|it| it.errors.is_none()) && all.iter().any(|it| !it.pairs.is_empty());
        let rules = match nothing {
            // What was compared is not new to the file.
            true => vec![periods(all, limits)],
            false => vec![
                periods(all, limits),
                throughput(all, limits),
                latency(all, limits),
                cpu(all, limits, has_cpu),
                errors(all, limits),
                class_requests(all, limits),
                bias(all, limits),
            ],
        };
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

/// The requests of each class, in all and period by period: what is too much of one class or at one time is not made good by what is
/// too little of another.
fn class_requests(all: &[Compared], limits: Limits) -> Rule {
    let asks = format!(
        "requests of each class, in all and in its median period: off by at most {}, beyond chance",
        share(limits.class_requests)
    );
    let mut worst: Option<(bool, f64, String)> = None;
    for (figure, errors) in of(all, What::Requests).filter(|it| it.1.measured > 0.0) {
        let in_all = errors.predicted / errors.measured - 1.0;
        let periods = errors.periods.max(1) as f64;
        let deviation = (2.0 * periods / errors.measured).sqrt();
        let chance_in_all = SURE * (2.0 / errors.measured).sqrt();
        let chance = MIDDLE * deviation * (1.0 + SURE * OF_MEDIAN / periods.sqrt());
        let found = [
            (in_all.abs(), chance_in_all, format!("{} in all", signed(in_all))),
            (errors.median, chance, format!("{} in the median period", percent(100.0 * errors.median))),
        ];
        for (size, chance, text) in found {
            let holds = size <= limits.class_requests.max(chance);
            let is_worse = |it: &(bool, f64, String)| (!holds, size) > (!it.0, it.1);
            if worst.as_ref().is_none_or(is_worse) {
                let by_chance =
                    if holds && size > limits.class_requests { ", as by chance of so few" } else { "" };
                worst = Some((holds, size, format!("{text} ({}){by_chance}", figure.words())));
            }
        }
    }
    match worst {
        Some((ok, _, found)) => Rule { asks, found, word: holds(ok) },
        None => Rule { asks, found: "not measured".into(), word: Word::CannotTell },
    }
}

/// Times that are off in one direction: the middle of a class and its mean.
fn bias(all: &[Compared], limits: Limits) -> Rule {
    let asks = format!(
        "mean and p50 of each class: not both off in one direction by more than {}",
        share(limits.latency_bias)
    );
    let mut worst: Option<(f64, String)> = None;
    for (figure, middle) in of(all, What::P50).chain(of(all, What::Mean)) {
        let other = if figure.what == What::P50 { What::Mean } else { What::P50 };
        let other = of(all, other).find(|it| it.0.name == figure.name).map(|it| it.1.bias);
        let one = middle.bias;
        // Of two, what both are off at least.
        let off = match other {
            Some(other) if one * other <= 0.0 => 0.0,
            Some(other) => one.abs().min(other.abs()) * one.signum(),
            None => one,
        };
        if worst.as_ref().is_none_or(|it| off.abs() > it.0.abs()) {
            let class = figure.name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
            let text = match (off == 0.0, other) {
                (true, _) => "none".into(),
                (false, Some(_)) => format!("{} at least (mean and p50{class})", signed(off)),
                (false, None) => format!("{} ({})", signed(off), figure.words()),
            };
            worst = Some((off, text));
        }
    }
    match worst {
        Some((off, found)) => Rule { asks, found, word: holds(off.abs() <= limits.latency_bias) },
        None => Rule { asks, found: "not measured".into(), word: Word::NotAsked },
    }
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
    let asks = format!(
        "CPU: median error at most {} points, and at most {} of what was measured",
        number(limits.cpu_points),
        share(limits.cpu_part)
    );
    // Of little, a few points are much: more load makes as many times more of them.
    let over = |it: &Errors| {
        let part = it.part.filter(|_| it.median > SAME_POINTS).unwrap_or(0.0);
        (it.median / limits.cpu_points.max(1e-9)).max(part / limits.cpu_part.max(1e-9))
    };
    let busy = of(all, What::Cpu).chain(of(all, What::Busy));
    match worst(busy, over) {
        Some((figure, errors)) => {
            let bias = format!("{}{}", if errors.bias < 0.0 { "-" } else { "+" }, number(errors.bias.abs()));
            let part = errors.part.map_or(String::new(), |part| format!(", {} of it", percent(100.0 * part)));
            let found = format!("{} points{part} ({}), bias {bias}", number(errors.median), figure.words());
            Rule { asks, found, word: holds(over(&errors) <= 1.0) }
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
mod tests;
