//! Which figures of a comparison a page shows unless all are asked for. In: a [`Comparison`]. Out: eight of them, in their order.
//!
//! The ones that people decide by come first. The rest is filled with those of resources and classes that differ most, by how many times
//! its uncertainty each has moved.

use crate::comparison::{Comparison, Difference, Word};
use crate::outcome::estimate::Quantity;

/// So many are shown.
const MOST: usize = 8;

/// Figures that people decide by: of all requests, and of the bill.
fn decides(of: &Quantity) -> bool {
    match of {
        Quantity::Latency { class: None, quantile } => [0.5, 0.99].contains(quantile),
        Quantity::Errors(None) | Quantity::Goodput | Quantity::Cost => true,
        _ => false,
    }
}

/// Figures that say again what others say.
fn repeats(of: &Quantity) -> bool {
    matches!(
        of,
        Quantity::Latency { class: None, .. }
            | Quantity::Mean(_)
            | Quantity::Arrived
            | Quantity::Completed
            | Quantity::Failed
            | Quantity::Availability(_)
            | Quantity::AttemptAvailability
            | Quantity::Uptime
            | Quantity::InZone(_)
            | Quantity::Recovery(_)
            | Quantity::CostPerMonth
    ) || matches!(of, Quantity::Latency { quantile, .. } if *quantile != 0.99)
}

/// How many times its uncertainty a figure has moved; of one run, by which part.
fn moved(figure: &Difference) -> f64 {
    let by_ratio = figure.ratio.map(|ratio| {
        let (low, high) = (libm::log(ratio.low), libm::log(ratio.high));
        (low + high).abs() / (high - low)
    });
    let by_interval = || figure.interval.map(|interval| figure.difference.abs() / interval.half_width);
    let times = by_ratio.or_else(by_interval).unwrap_or((figure.difference / figure.a).abs());
    if times.is_nan() { 0.0 } else { times }
}

/// The figures that are shown.
pub(super) fn few(comparison: &Comparison) -> Vec<&Difference> {
    let all = &comparison.figures;
    let is = |figure: &Difference, of: fn(&Quantity) -> bool| figure.of.as_ref().is_some_and(of);
    let mut shown: Vec<usize> = (0..all.len()).filter(|&at| is(&all[at], decides)).take(MOST).collect();
    let can = |at: &usize| {
        !shown.contains(at) && !is(&all[*at], repeats) && !matches!(all[*at].word, Word::Same | Word::Unknown)
    };
    let mut rest: Vec<usize> = (0..all.len()).filter(can).collect();
    rest.sort_by(|&a, &b| moved(&all[b]).total_cmp(&moved(&all[a])));
    shown.extend(rest.into_iter().take(MOST - shown.len()));
    shown.sort_unstable();
    shown.into_iter().map(|at| &all[at]).collect()
}
