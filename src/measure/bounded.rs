//! Figures that `[objectives]` can bound, as data: each is written down once, in the table of its kind.
//!
//! In: nothing. Out: [`Rule`], by which a bound is read, documented and judged, and [`Bounded`], by which its value is read
//! of one resource or of all of a kind together.

use std::cell::RefCell;

use super::figure::Totals;
use super::histogram::{Histogram, beside};
use super::unit::{Better, Unit};
use crate::language::shape::Key;

/// What there is to say of a figure that can be bounded.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The key in `[objectives]`.
    pub key: Key,
    /// A bound that could stand there, `p99 < 1s`.
    pub example: &'static str,
    /// Its name in `outcome.json`. If the table of figures has an estimate of this name, it is the same figure.
    pub name: &'static str,
    /// Its words: `share of stale reads`.
    pub words: &'static str,
    /// A share, or milliseconds.
    pub unit: Unit,
    /// Which way it should go: what should be higher has a lower bound.
    pub better: Better,
    /// Whether a percentile of it is bounded. Rows keep the largest only.
    pub percentile: bool,
    /// Whether it is how long things stay, each of which may be overdue: [`Stays`](super::stays::Stays) are kept of them.
    pub stays: bool,
    /// Whether more traffic makes it better, so that no search for a breaking point needs to wait for it.
    pub eased_by_traffic: bool,
    /// What is said where nothing happened that it is about; that misses the bound.
    pub nothing: &'static str,
}

impl Rule {
    /// Whether its values must lie above the limit.
    pub const fn is_lower(&self) -> bool {
        matches!(self.better, Better::Higher)
    }
}

/// A figure of one resource, or of all of its kind together, that can be bounded.
#[derive(Debug)]
pub struct Bounded<T: Totals> {
    /// How its bounds are read and judged.
    pub rule: Rule,
    /// Its value over the chosen resources, in its unit; of a percentile, which one. Absent where nothing happened that it is
    /// about.
    pub of: fn(&[&T], Rank<'_>) -> Option<f64>,
    /// The same over some rows of the chosen resources; absent where rows do not have it.
    pub in_rows: Option<InRows<T::Series>>,
}

/// Which percentile is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Rank<'a> {
    /// Between 0 and 1, which is the maximum.
    pub quantile: f64,
    /// The limit, in milliseconds, with which it will be compared.
    pub beside: Option<f64>,
    /// Where the times are left of which it is one, for who wants to add those of other runs.
    pub times: Option<&'a RefCell<Histogram>>,
}

impl Rank<'_> {
    /// That percentile of some times, in milliseconds; the limit where no more is known than that it is about as long.
    pub fn of(self, times: &Histogram) -> Option<f64> {
        if let Some(kept) = self.times {
            kept.borrow_mut().merge(times);
        }
        let millis = |nanos: u64| nanos as f64 / 1e6;
        let (value, (low, high)) = times.located(self.quantile)?;
        let (value, between) = (millis(value), (millis(low), millis(high)));
        Some(self.beside.map_or(value, |limit| beside(value, between, limit)))
    }
}

/// A value over some rows of the chosen resources.
pub type InRows<S> = fn(&[&S], &[usize]) -> Option<f64>;
