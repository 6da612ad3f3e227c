//! What AWS charges for and at which price, without any kind of resource or scenario.
//!
//! In: the use of something, a region, the user's own prices. Out: a charge, the
//! [`Quote`](prices::Quote) for it, and the bill as a document.

pub(crate) mod accrual;
pub(crate) mod charge;
pub mod month;
pub mod offers;
pub mod prices;
mod statement;

pub use prices::PriceSource;
pub use statement::{Bill, BillItem, BillPart, MonthOf, Orders, ServiceCost};

/// Starts from plus zero: the standard sum of nothing is minus zero.
pub(crate) fn sum(amounts: impl Iterator<Item = f64>) -> f64 {
    amounts.fold(0.0, |sum, amount| sum + amount)
}
