//! Two scenarios under the same seeds, figure by figure.
//!
//! In: two outcomes of the same seeds. Out: a [`Comparison`]: the verdicts of each on its objectives; for each figure
//! the difference with its paired interval, and a word. Run k of both has the same arrivals and demands as far as the
//! two have the same random streams, so the difference is taken run by run: variation that both share through the seed
//! cancels out. The correlation shows how much that was. More than two are [`Comparisons`]: each with the first. A [`Rule`] makes a
//! gate of a comparison.

mod bills;
mod difference;
mod gate;
mod letter;
mod many;
mod note;
mod objectives;
mod paired;
mod policy;
mod rule;
mod seen;
mod summary;
mod word;

use serde::{Deserialize, Serialize};

use self::bills::Bills;
use crate::id::document;
use crate::language::shape::Given;
use crate::outcome::estimate::{Estimate, Quantity};
use crate::outcome::{Availability, Outcome, Recovery, ScenarioSummary, Standing};

pub use difference::{Difference, FEWEST_PAIRS};
pub use gate::{Moved, Ruled, Ruling, Unsure};
pub use letter::{MOST_SIDES, letter};
pub use many::Comparisons;
pub use note::{Letter, Note};
pub use objectives::{Objectives, OneSided, OnlyObjectives};
pub use paired::Paired;
pub use policy::{Act, FleetSummary, Target};
pub use rule::{Figures, Rule, RuleError};
pub use seen::Seen;
pub use summary::{Judged, Summary};
pub use word::Word;

/// Fewest runs of a comparison by default: 5.
pub const FEWEST_RUNS: Given<u32> = Given::new(
    5,
    "assumption: with 2 runs an interval is 13 standard errors wide to either side, with 5 it is 3",
);

/// Version of the layout of a comparison as JSON; raised when a field changes its meaning or goes away.
pub const VERSION: u32 = 4;

/// How two scenarios differ.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Comparison {
    /// Version of the layout.
    pub version: u32,
    /// Version of simcap that made it.
    pub simcap: String,
    /// The first scenario, which the other is compared with.
    pub a: ScenarioSummary,
    /// The second scenario.
    pub b: ScenarioSummary,
    /// Seeds of the runs of both.
    pub seeds: Vec<u64>,
    /// Verdicts on all objectives of the first, counted.
    pub score_a: Score,
    /// Verdicts on all objectives of the second, counted.
    pub score_b: Score,
    /// What else the two differ in, to be known before any figure is read.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Rules of `--fail-if`, and what became of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Ruled>,
    /// Objectives that both have, in the order of the first file.
    pub objectives: Vec<Objectives>,
    /// Objectives that only one of them has, or has with another limit.
    #[serde(default)]
    pub objectives_only: OnlyObjectives,
    /// How available the first was; absent in results of an earlier simcap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_a: Option<Availability>,
    /// How available the second was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_b: Option<Availability>,
    /// How the first recovered from its faults; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_a: Option<Recovery>,
    /// How the second recovered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_b: Option<Recovery>,
    /// Figures that both have, in the order of the outcome.
    pub figures: Vec<Difference>,
    /// Names of the figures that only one of them has.
    pub only: Only,
    /// What has no known price in each of them. Unless both lack the same price for as much, a difference in cost is
    /// unknown.
    #[serde(default)]
    pub unpriced: Only,
}

document!(Comparison, a.tables, b.tables);

/// Number of objectives of a scenario by verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Met.
    pub met: usize,
    /// Missed.
    pub missed: usize,
    /// Neither met nor missed for sure.
    pub cannot_tell: usize,
}

/// Figures that only one scenario has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Only {
    /// Only in the first.
    pub a: Vec<String>,
    /// Only in the second.
    pub b: Vec<String>,
}

impl Comparison {
    /// Compares two outcomes of the same seeds.
    ///
    /// # Panics
    /// If the seeds differ.
    pub fn of(a: &Outcome, b: &Outcome) -> Comparison {
        assert_eq!(a.runs.seeds, b.runs.seeds, "only runs of the same seeds are pairs");
        let names = |outcome: &Outcome, other: &Outcome| {
            let alone = outcome.estimates.iter().filter(|it| partner(outcome, other, it).is_none());
            alone.map(|it| it.name.clone()).collect()
        };
        let bills = Bills::of(a, b);
        let objectives = objectives::both(a, b, &bills);
        let as_long = a.scenario.duration_s == b.scenario.duration_s;
        let figures = a.estimates.iter().filter_map(|estimate| {
            let figure = Difference::of(estimate, partner(a, b, estimate)?, as_long);
            let is_known = estimate.of.as_ref().is_none_or(|of| bills.know(of));
            Some(if is_known { figure.agreeing_with(&objectives) } else { figure.unknown() })
        });
        let figures: Vec<Difference> = figures.collect();
        Comparison {
            version: VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            a: a.scenario.clone(),
            b: b.scenario.clone(),
            seeds: a.runs.seeds.clone(),
            score_a: Score::of(a),
            score_b: Score::of(b),
            notes: note::between(a, b, &figures),
            rules: Vec::new(),
            availability_a: a.availability.clone(),
            availability_b: b.availability.clone(),
            recovery_a: a.recovery.clone(),
            recovery_b: b.recovery.clone(),
            figures,
            objectives,
            objectives_only: objectives::only(a, b),
            only: Only { a: names(a, b), b: names(b, a) },
            unpriced: Only { a: bills.lacking_a, b: bills.lacking_b },
        }
    }

    /// The difference of a figure, given as one of the first scenario.
    pub fn figure(&self, of: &Quantity) -> Option<&Difference> {
        self.figures.iter().find(|figure| figure.of.as_ref() == Some(of))
    }
}

/// The estimate of the same figure in the other outcome.
fn partner<'o>(own: &Outcome, other: &'o Outcome, estimate: &Estimate) -> Option<&'o Estimate> {
    other.estimate(&own.same_in(other, estimate.of.as_ref()?)?)
}

impl Score {
    fn of(outcome: &Outcome) -> Score {
        let count = |standing| outcome.objectives.iter().filter(|it| it.standing == standing).count();
        Score {
            met: count(Standing::Met),
            missed: count(Standing::Missed),
            cannot_tell: count(Standing::CannotTell),
        }
    }

    /// All objectives.
    pub fn all(&self) -> usize {
        self.met + self.missed + self.cannot_tell
    }
}
