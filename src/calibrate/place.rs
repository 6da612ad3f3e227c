//! Where a fit stands. In: what is fitted to what, and values. Out: misses, steps, the sums that least squares needs; and at the end
//! [`Found`].

use super::bench::Bench;
use super::matrix::{Symmetric, dot};
use super::parameter::Parameter;
use super::rows::{Row, misses};
use crate::backtest::Prediction;
use crate::measured::Figure;

/// Farthest that a parameter goes in a step, on its scale.
const FARTHEST: f64 = 0.7;

/// What a fit has found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// The value of each parameter, on its scale.
    pub(super) values: Vec<f64>,
    /// Covariance of these values; absent where they cannot be told apart at all.
    pub(super) covariance: Option<Symmetric>,
    /// Sums of squares of slopes: what the rows say of each value.
    pub(super) information: Symmetric,
    /// Periods less parameters.
    pub(super) freedom: usize,
    /// Mean square of misses, in units of what chance does.
    pub(super) misfit: f64,
    /// Periods that are missed by far more than the others, and count less.
    pub(super) trouble: Vec<usize>,
}

/// What is fitted to what.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) bench: &'a Bench<'a>,
    pub(super) parameters: &'a [Parameter],
    /// The parameters that move.
    pub(super) moving: &'a [usize],
    pub(super) rows: &'a [Row],
}

impl Place<'_> {
    /// By how much each row is missed by a prediction with these values.
    pub(super) fn misses(&self, values: &[f64], prediction: &Prediction) -> Vec<f64> {
        misses(self.rows, prediction, &background(self.parameters, values))
    }

    /// Values after a step of those that move, which is not farther than the model can be trusted.
    pub(super) fn moved(&self, values: &[f64], step: &[f64]) -> Vec<f64> {
        let mut moved = values.to_vec();
        for (step, at) in step.iter().zip(self.moving) {
            let parameter = &self.parameters[*at];
            let (low, high) = parameter.sort.ends();
            let far = if parameter.of.is_some() { 10.0 * FARTHEST } else { FARTHEST };
            moved[*at] = (values[*at] + step.clamp(-far, far)).clamp(low, high);
        }
        moved
    }
}

/// The points of a resource that are always busy, by values of parameters.
pub(super) fn background<'p>(parameters: &'p [Parameter], values: &'p [f64]) -> impl Fn(&Figure) -> f64 + 'p {
    move |of: &Figure| {
        let found = parameters.iter().zip(values).find(|(it, _)| it.of.as_ref() == Some(of));
        found.map_or(0.0, |(_, value)| *value)
    }
}

/// The sum of squares of misses.
pub(super) fn square(misses: &[f64]) -> f64 {
    dot(misses, misses)
}

/// Sums of squares of slopes, and how the misses fall by them.
pub(super) fn products(slopes: &[Vec<f64>], now: &[f64], size: usize) -> (Symmetric, Vec<f64>) {
    let mut square_of = Symmetric::zero(size);
    let mut gradient = vec![0.0; size];
    for (slope, miss) in slopes.iter().zip(now) {
        square_of.add_square(slope, 1.0);
        gradient.iter_mut().zip(slope).for_each(|(sum, slope)| *sum += slope * miss);
    }
    (square_of, gradient)
}
