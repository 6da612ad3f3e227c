//! Quantities of resources: what the tables of their kinds say of them.
//!
//! In: the tables. Out: words, unit, direction and value of a quantity, and which quantities there are.

use super::Quantity;
use crate::id::Owner;
use crate::measure::figure::{Estimated, Totals};
use crate::measure::totals::{CacheTotals, DatabaseTotals, FleetTotals, ServiceTotals};
use crate::measure::unit::{Better, Unit};

impl Quantity {
    /// What the table of its kind says of a figure of a resource.
    pub(crate) fn of_a_resource(&self) -> Option<(Owner, Told)> {
        let owner = self.owner()?;
        let told = match owner {
            Owner::Fleet(index) => Told::find::<FleetTotals>(self, index),
            Owner::Cache(index) => Told::find::<CacheTotals>(self, index),
            Owner::Database(index) => Told::find::<DatabaseTotals>(self, index),
            Owner::Service(index) => Told::find::<ServiceTotals>(self, index),
        };
        Some((owner, told?))
    }

    /// Its value in the totals of its kind, which are the sum of so many runs.
    pub fn of_totals<T: Totals>(&self, all: &[T], index: usize, runs: f64) -> Option<f64> {
        (entry::<T>(self, index)?.of)(all.get(index)?, runs)
    }
}

/// What the table of a kind says of an estimate.
pub(crate) struct Told {
    pub words: &'static str,
    pub unit: Unit,
    pub better: Better,
}

impl Told {
    fn find<T: Totals>(quantity: &Quantity, index: usize) -> Option<Told> {
        entry::<T>(quantity, index).map(|&Estimated { words, unit, better, .. }| Told { words, unit, better })
    }
}

/// The estimates in the table of a kind.
fn estimates<T: Totals>() -> impl Iterator<Item = &'static Estimated<T>> {
    T::FIGURES.iter().filter_map(|figure| figure.estimate.as_ref())
}

/// The entry of a quantity in the table of its kind.
fn entry<T: Totals>(quantity: &Quantity, index: usize) -> Option<&'static Estimated<T>> {
    estimates::<T>().find(|it| (it.quantity)(index) == *quantity)
}

/// What is estimated of so many resources of a kind.
pub(crate) fn estimated<T: Totals>(count: usize) -> impl Iterator<Item = Quantity> {
    (0..count).flat_map(|index| estimates::<T>().map(move |it| (it.quantity)(index)))
}
