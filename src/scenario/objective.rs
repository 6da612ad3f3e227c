//! `[objectives]`: bounds on the outcome. In: `"p99 < 800ms"`, `"< 0.1%"`, `"< $500"`. Out: [`Objective`]s.

use super::ClassId;
use crate::units::{Time, Usd};

/// One bound on the outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// As written, for the page: `latency p99 < 800ms`.
    pub text: String,
    /// What is bounded.
    pub bound: Bound,
}

/// What an objective bounds; every bound is strict (`<`) or not (`<=`) as `inclusive` says.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A latency percentile, of all requests or one class.
    Latency {
        /// Quantile between 0 and 1; 1 is the maximum.
        quantile: f64,
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit.
        limit: Time,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// Failed requests over arrived requests, of all requests or one class.
    Errors {
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit, between 0 and 1.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// The bill of the event.
    Cost {
        /// The limit.
        limit: Usd,
        /// Whether equality meets it.
        inclusive: bool,
    },
}
