//! `[traffic.NAME]`: an open source of requests. In: a rate curve and a mix. Out: a [`Source`].

use super::ClassId;
use super::client::Client;
use crate::units::{Rate, Time};

/// An open source: a non-homogeneous Poisson process, each arrival of a class drawn from the mix.
#[derive(Clone, Debug)]
pub struct Source {
    /// Name in the file.
    pub name: String,
    /// Arrival rate over time.
    pub rate: RateCurve,
    /// Classes with their weights (any positive scale).
    pub mix: Vec<(ClassId, f64)>,
    /// How the clients of this source behave.
    pub client: Client,
}

/// A piecewise-linear arrival rate.
///
/// Knots are in time order; two knots at one instant make a step. Before the first and after the last knot
/// the rate keeps that knot's value. Steady rates, spikes and daily curves are all resolved to this form.
#[derive(Clone, Debug, PartialEq)]
pub struct RateCurve {
    /// (instant, rate), at least one.
    pub knots: Vec<(Time, Rate)>,
}

impl RateCurve {
    /// The rate at an instant (after the step, where there is one).
    pub fn at(&self, time: Time) -> Rate {
        let after = self.knots.partition_point(|knot| knot.0 <= time);
        match (after.checked_sub(1).map(|i| self.knots[i]), self.knots.get(after)) {
            (None, Some(first)) => first.1,
            (Some((t0, r0)), Some(&(t1, r1))) => {
                Rate(r0.0 + (r1.0 - r0.0) * (time - t0).as_secs_f64() / (t1 - t0).as_secs_f64())
            }
            (Some((_, last)), None) => last,
            (None, None) => Rate(0.0),
        }
    }
}
