//! Lines of a grid: the points that differ in one number only, in the order of their cost. In: a grid, and what was tried. Out: lines, and
//! what a point that was not tried may cost.

use rustc_hash::FxHashMap;

use super::contest::{Contest, Tried};
use super::sure::Pooled;
use crate::study::Axis;

/// Costs that differ by less on each of several days are the same: a failed request more or less.
const SAME_COST: f64 = 0.005;
/// The same of one day, on which a group may have grown a little sooner or later.
const SAME_ON_A_DAY: f64 = 0.03;
/// How many standard errors apart two distances are that chance does not explain. A false alarm takes more runs, and no more.
pub(super) const APART: f64 = 3.0;
/// The same where nothing meets: then it is worth more runs.
pub(super) const APART_WITHOUT: f64 = 2.0;

/// Points that differ in one number only.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// The points, the cheapest first as far as that is known.
    pub points: Vec<usize>,
    /// The number of each.
    pub numbers: Vec<f64>,
}

impl Line {
    /// The lines of a grid: along the axis with most numbers, if one has at least three; else each point is a line.
    pub fn all_of(axes: &[Axis], points: &[(usize, &[usize])]) -> Vec<Line> {
        let length = |axis: &Axis| axis.numbers().map_or(0, |it| it.len());
        let main = (0..axes.len()).max_by_key(|at| (length(&axes[*at]), usize::MAX - at));
        let main = main.filter(|at| length(&axes[*at]) >= 3);
        let numbers = main.and_then(|at| axes[at].numbers());
        let mut lines: Vec<Vec<(f64, usize)>> = Vec::new();
        let mut known: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
        for (point, choices) in points {
            let mut others = choices.to_vec();
            let number = match (main, &numbers) {
                (Some(main), Some(numbers)) => numbers[others.remove(main)],
                _ => 0.0,
            };
            let line = *known.entry(others).or_insert(lines.len());
            lines.resize(lines.len().max(line + 1), Vec::new());
            lines[line].push((number, *point));
        }
        let line = |mut line: Vec<(f64, usize)>| {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            Line {
                points: line.iter().map(|it| it.1).collect(),
                numbers: line.iter().map(|it| it.0).collect(),
            }
        };
        lines.into_iter().map(line).collect()
    }

    /// With the dearest first.
    pub fn turn(&mut self) {
        self.points.reverse();
        self.numbers.reverse();
    }

    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// The positions that have runs.
    pub fn tried<'a>(&'a self, all: &'a Contest) -> impl DoubleEndedIterator<Item = (usize, &'a Tried)> {
        self.points.iter().enumerate().filter_map(|(at, point)| Some((at, all.tried(*point)?)))
    }

    /// What a position costs: as its runs have it, or on a straight line between those next to it; nothing where too little is known.
    pub fn cost(&self, at: usize, all: &Contest, like: Option<&Line>) -> Option<f64> {
        let known: Vec<(usize, f64)> = self.tried(all).map(|(at, it)| (at, it.cost())).collect();
        if let Some((_, cost)) = known.iter().find(|(other, _)| *other == at) {
            return Some(*cost);
        }
        match known.as_slice() {
            [] => None,
            // As much dearer as on another line.
            [(other, cost)] => {
                let like = like.filter(|it| it.len() == self.len() && it.tried(all).nth(1).is_some())?;
                Some(cost * like.cost(at, all, None)? / like.cost(*other, all, None)?)
            }
            several => {
                let after = several.iter().position(|(other, _)| *other > at).unwrap_or(several.len());
                let first = after.saturating_sub(1).min(several.len() - 2);
                let ((a, cost_a), (b, cost_b)) = (several[first], several[first + 1]);
                let (a, b, at) = (self.numbers[a], self.numbers[b], self.numbers[at]);
                Some(cost_a + (cost_b - cost_a) * (at - a) / (b - a))
            }
        }
    }

    /// Whether what was tried contradicts that what costs more is no worse: the cost falls, or a missed objective is missed by more.
    pub fn is_refuted(&self, all: &Contest, pooled: &[Pooled], apart: f64) -> bool {
        let tried: Vec<(usize, &Tried)> = self.tried(all).collect();
        let pairs =
            tried.iter().enumerate().flat_map(|(nth, a)| tried[nth + 1..].iter().map(move |b| (a, b)));
        pairs.into_iter().any(|((_, a), (_, b))| is_cheaper(b, a) || is_worse(b, a, pooled, apart))
    }
}

/// Whether what should cost more costs less, on every day that both have had.
fn is_cheaper(dear: &Tried, cheap: &Tried) -> bool {
    let days = dear.costs.len().min(cheap.costs.len());
    let least = if days > 1 { SAME_COST } else { SAME_ON_A_DAY };
    let mut both = dear.costs.iter().zip(&cheap.costs);
    days > 0 && both.all(|(dear, cheap)| *dear < cheap * (1.0 - least))
}

/// Whether the dearer point misses what it misses most by more than the cheaper one.
fn is_worse(dear: &Tried, cheap: &Tried, pooled: &[Pooled], apart: f64) -> bool {
    // The same days of both, so that most of the chance is the same.
    let runs = dear.runs().min(cheap.runs());
    let (dear_means, cheap_means) = (dear.means_of(runs), cheap.means_of(runs));
    let least = |means: &[f64]| means.iter().copied().fold(f64::INFINITY, f64::min);
    let Some(worst) = (0..dear_means.len()).min_by(|a, b| dear_means[*a].total_cmp(&dear_means[*b])) else {
        return false;
    };
    let noise = pooled.get(worst).and_then(Pooled::variance).unwrap_or(0.0);
    let noise = apart * (noise * 2.0 / runs as f64).sqrt() + 1e-9;
    dear_means[worst] < 0.0
        && cheap_means[worst] > dear_means[worst] + noise
        && least(&cheap_means) > least(&dear_means)
}
