//! Where a model does not fit. In: figures measured and predicted. Out: [`Misfit`]: which figure, from when to when, by how much, in a
//! sentence; the gravest first.
//!
//! A stretch is some periods in a row that are all off to the same side by more than a limit, and together by more than chance: one
//! period between two stretches may be within it.

use serde::{Deserialize, Serialize};

use super::compared::{Compared, Pair, Scale};
use crate::interval::mean;
use crate::measured::{Figure, What};
use crate::number::{clock, counted, number, percent};

/// Fewest periods of a stretch.
const LEAST: usize = 3;
/// Part of all periods from which on the stretch is the whole recording.
const WHOLE: f64 = 0.8;
/// Standard errors by which a stretch is off at least.
const SURE: f64 = 3.0;
/// From which parts and points on a prediction is off.
pub(super) const LIMITS: (f64, f64, f64) = (0.15, 5.0, 0.6);

/// A stretch of the recording where a figure does not fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Misfit {
    /// The figure.
    pub of: Figure,
    /// Its first period.
    pub from: usize,
    /// Its last period.
    pub to: usize,
    /// By how much what was measured is above the prediction, on the mean: a part, points or pieces.
    pub above: f64,
    /// In words.
    pub sentence: String,
}

/// Every stretch, the gravest first; one of each figure.
pub fn misfits(all: &[Compared], start_s: &dyn Fn(usize) -> f64) -> Vec<Misfit> {
    let mut found: Vec<(f64, Misfit)> = Vec::new();
    for compared in all {
        let Some((from, to)) = longest(compared) else { continue };
        let stretch = &compared.pairs[from..=to];
        let above = above(compared, stretch);
        let weight = stretch.len() as f64 * above.abs() / limit(compared.scale);
        let sentence = sentence(all, compared, (from, to), above, start_s);
        let (from, to) = (stretch[0].period, stretch[stretch.len() - 1].period);
        found.push((weight, Misfit { of: compared.of.clone(), from, to, above, sentence }));
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().map(|it| it.1).collect()
}

fn limit(scale: Scale) -> f64 {
    match scale {
        Scale::Relative => LIMITS.0,
        Scale::Points => LIMITS.1,
        Scale::Count => LIMITS.2,
    }
}

/// By how much measured is above predicted: of the prediction, as people say it.
fn off(scale: Scale, pair: &Pair) -> f64 {
    scale.difference(pair.predicted, pair.measured)
}

fn above(compared: &Compared, stretch: &[Pair]) -> f64 {
    mean(&stretch.iter().map(|pair| off(compared.scale, pair)).collect::<Vec<_>>())
}

/// The longest stretch of a figure, as places in its pairs.
fn longest(compared: &Compared) -> Option<(usize, usize)> {
    // Counts of failures say little by period.
    if compared.of.what == What::Errors {
        return None;
    }
    let limit = limit(compared.scale);
    let side = |at: usize| {
        let off = off(compared.scale, &compared.pairs[at]);
        if off.abs() > limit { off.signum() } else { 0.0 }
    };
    let mut best: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < compared.pairs.len() {
        let sign = side(at);
        if sign == 0.0 {
            at += 1;
            continue;
        }
        let (first, mut last) = (at, at);
        // One period may be within the limit.
        let side_of = |at: usize| (at < compared.pairs.len()).then(|| side(at));
        loop {
            last = match (side_of(last + 1), side_of(last + 2)) {
                (Some(next), _) if next == sign => last + 1,
                (Some(0.0), Some(next)) if next == sign => last + 2,
                _ => break,
            };
        }
        at = last + 1;
        let is_longer = best.is_none_or(|(from, to)| last - first > to - from);
        if last + 1 - first >= LEAST && is_longer && is_sure(compared, &compared.pairs[first..=last]) {
            best = Some((first, last));
        }
    }
    best
}

/// Whether a stretch is off by more than chance lets it be.
fn is_sure(compared: &Compared, stretch: &[Pair]) -> bool {
    let noises: Vec<f64> = stretch.iter().filter_map(|it| it.noise).collect();
    if noises.is_empty() {
        return true;
    }
    above(compared, stretch).abs() > SURE * mean(&noises) / (stretch.len() as f64).sqrt()
}

fn sentence(
    all: &[Compared],
    compared: &Compared,
    (from, to): (usize, usize),
    above: f64,
    start_s: &dyn Fn(usize) -> f64,
) -> String {
    let pairs = &compared.pairs;
    let (first, last) = (pairs[from].period, pairs[to].period);
    let size = match compared.scale {
        Scale::Relative => percent(100.0 * above.abs()),
        Scale::Points => format!("{} points", number(above.abs())),
        Scale::Count => number(above.abs()),
    };
    let side = if above > 0.0 { "above" } else { "below" };
    let is_whole = (to + 1 - from) as f64 >= WHOLE * pairs.len() as f64;
    let when = match (is_whole, to + 1 == pairs.len()) {
        (true, _) => "nearly all the time".to_owned(),
        (false, true) => format!("from {} on", clock(start_s(first))),
        (false, false) => format!("from {} to {}", clock(start_s(first)), clock(start_s(last + 1))),
    };
    let periods = counted((to + 1 - from) as u64, "period");
    let why = why(all, compared, (first, last), above, is_whole);
    format!("{} was {size} {side} the prediction {when} ({periods}): {why}", compared.of.words())
}

/// What that may be.
fn why(
    all: &[Compared],
    compared: &Compared,
    (first, last): (usize, usize),
    above: f64,
    whole: bool,
) -> &'static str {
    let is_there = |pair: &&Pair| (first..=last).contains(&pair.period);
    let stands_out = |it: &Compared| {
        let there: Vec<Pair> = it.pairs.iter().filter(is_there).copied().collect();
        !there.is_empty() && self::above(it, &there).abs() > limit(it.scale)
    };
    let others = |what: fn(What) -> bool| all.iter().filter(move |it| what(it.of.what));
    let traffic = others(|it| it == What::Requests).any(stands_out);
    let busy = others(What::is_percent).any(stands_out);
    let knows_busy = others(What::is_percent).count() > 0;
    match compared.of.what {
        What::Requests => "the traffic of the file is not that of the recording",
        _ if traffic => "the traffic of the file is not that of the recording there",
        What::Instances => "the group scales otherwise, or something else changes its size",
        What::Hit => "keys are asked for otherwise, or the cache keeps less or more of them",
        What::Connections => "pools open and close connections otherwise",
        What::Cpu | What::Busy if whole => "a demand of the file is not that of the system",
        What::Cpu | What::Busy => "requests do other work there, or something else takes CPU",
        _ if busy && whole => "a demand of the file is not that of the system",
        _ if busy => "requests do other work there",
        _ if above < 0.0 => "the file has a wait or a demand that the system does not have",
        _ if whole => "the file lacks a delay or a wait that the system has",
        _ if knows_busy => {
            "while CPU is as predicted; something that the file does not have (a lock, a pool, garbage collection, a neighbour) takes that time"
        }
        _ => "something that the file does not have takes that time; without CPU figures nobody can say more",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(what: What, pairs: &[(f64, f64)]) -> Compared {
        let pair = |(period, (measured, predicted)): (usize, &(f64, f64))| Pair {
            period,
            measured: *measured,
            predicted: *predicted,
            band: None,
            noise: Some(0.05),
            judged: true,
        };
        let pairs = pairs.iter().enumerate().map(pair).collect();
        Compared { of: Figure::of(what, "checkout"), scale: Scale::of(what), pairs, few: 0, errors: None }
    }

    /// From the fourth minute on requests take 40 % longer, while the CPU is what it is said to be.
    #[test]
    fn a_stretch_is_told_with_its_begin_and_its_size() {
        let slow = compared(
            What::P99,
            &[
                (100.0, 100.0),
                (99.0, 100.0),
                (104.0, 100.0),
                (140.0, 100.0),
                (141.0, 100.0),
                (110.0, 100.0),
                (139.0, 100.0),
                (140.0, 100.0),
            ],
        );
        let cpu = compared(What::Cpu, &[(50.0, 51.0); 8]);
        let found = misfits(&[slow, cpu], &|period| 60.0 * period as f64);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].from, found[0].to), (3, 7));
        let sentence = &found[0].sentence;
        assert!(
            sentence.starts_with(
                "p99 of checkout was 34 % above the prediction from 3:00 on (5 periods): while CPU"
            ),
            "{sentence}"
        );
    }

    #[test]
    fn what_is_off_by_chance_is_no_misfit() {
        let mut off = compared(
            What::P99,
            &[
                (120.0, 100.0),
                (80.0, 100.0),
                (120.0, 100.0),
                (100.0, 100.0),
                (120.0, 100.0),
                (121.0, 100.0),
                (122.0, 100.0),
            ],
        );
        assert_eq!(longest(&off), Some((2, 6)), "one period between may fit");
        off.pairs.iter_mut().for_each(|it| it.noise = Some(0.5));
        assert_eq!(longest(&off), None);
        assert!(misfits(&[compared(What::P50, &[(10.0, 10.0); 9])], &|_| 0.0).is_empty());
    }
}
