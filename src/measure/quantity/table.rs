//! Quantities of resources: what the tables of their kinds say of them.
//!
//! In: the tables. Out: words, unit, direction and value of a quantity, and which quantities there are.

use super::Quantity;
use crate::measure::figure::{Estimated, Totals};
use crate::measure::totals::{CacheTotals, DatabaseTotals, FleetTotals, ServiceTotals};
use crate::measure::unit::{Better, Unit};
use crate::scenario::objective::Owner;
use crate::scenario::{ClassId, Scenario};

/// Percentiles that every outcome tells.
const PERCENTILES: [f64; 6] = [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999];

impl Quantity {
    /// Everything that an outcome of the scenario tells, its objectives included.
    pub fn all(scenario: &Scenario) -> Vec<Quantity> {
        let classes = || (0..scenario.classes.len()).map(|index| Some(ClassId(index as u32)));
        let everybody = || std::iter::once(None).chain(classes().filter(|_| scenario.classes.len() > 1));
        let mut all = Vec::new();
        for class in everybody() {
            all.extend(PERCENTILES.map(|quantile| Quantity::Latency { class, quantile }));
            all.extend([Quantity::Mean(class), Quantity::Errors(class)]);
        }
        let counts = [Quantity::Arrived, Quantity::Completed, Quantity::Failed, Quantity::Attempts];
        let costs = [Quantity::Cost, Quantity::CostPerMillion, Quantity::CostPerMonth];
        all.extend(counts.into_iter().chain([Quantity::Goodput]).chain(costs));
        all.extend(estimated::<FleetTotals>(scenario.fleets.len()));
        all.extend(estimated::<CacheTotals>(scenario.caches.len()));
        all.extend(estimated::<DatabaseTotals>(scenario.databases.len()));
        all.extend(estimated::<ServiceTotals>(scenario.services.len()));
        for objective in &scenario.objectives {
            let bounded = Quantity::bounded_by(&objective.bound);
            all.extend(bounded.filter(|bounded| !all.contains(bounded)));
        }
        all
    }

    /// The quantity that people call by these words, among those that every outcome of the scenario tells.
    pub fn named(words: &str, scenario: &Scenario) -> Option<Quantity> {
        Quantity::all(scenario).into_iter().find(|quantity| quantity.name(scenario) == words)
    }

    /// What the table of its kind says of a figure of a resource.
    pub(super) fn of_a_resource(&self) -> Option<(Owner, Told)> {
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
pub(super) struct Told {
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
fn estimated<T: Totals>(count: usize) -> impl Iterator<Item = Quantity> {
    (0..count).flat_map(|index| estimates::<T>().map(move |it| (it.quantity)(index)))
}
