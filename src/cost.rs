//! What AWS charges for and at which price; it knows no kind of resource and no scenario.
//!
//! In: what a run used of something, a region, prices of one's own. Out: a charge, the
//! [`Quote`](prices::Quote) for it, and the bill as a document.

pub(crate) mod accrual;
pub(crate) mod charge;
pub mod prices;
mod statement;

pub use statement::{Bill, BillItem};

/// Source of an item that has no price; [`missing_prices`](crate::bill::missing_prices) names it before a run.
pub const NO_PRICE: &str = "no price known";

/// From plus zero: the standard sum of nothing is minus zero.
pub(crate) fn sum(amounts: impl Iterator<Item = f64>) -> f64 {
    amounts.fold(0.0, |sum, amount| sum + amount)
}
