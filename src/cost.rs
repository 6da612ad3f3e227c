//! What AWS charges for and at which price, without any kind of resource or scenario.
//!
//! In: the use of something, a region, the user's own prices. Out: a charge, the
//! [`Quote`](prices::Quote) for it, and the bill as a document.

pub(crate) mod accrual;
pub(crate) mod charge;
pub mod prices;
mod statement;

pub use statement::{Bill, BillItem};

/// Source of an item without a price; [`missing_prices`](crate::bill::missing_prices) names such items before a run.
pub const NO_PRICE: &str = "no price known";

/// Starts from plus zero: the standard sum of nothing is minus zero.
pub(crate) fn sum(amounts: impl Iterator<Item = f64>) -> f64 {
    amounts.fold(0.0, |sum, amount| sum + amount)
}
