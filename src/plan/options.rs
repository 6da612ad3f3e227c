//! What is asked of a plan. In: the command line, or the table `[plan]`. Out: [`Options`].

use serde::{Deserialize, Serialize};

use crate::objective::quantity::Quantity;

/// Confidence if none is asked for: 95 %.
pub const CONFIDENCE: f64 = 0.95;
/// Most runs of a point if nothing else is asked for, and no rare days take more.
pub const MOST_RUNS: usize = 32;

/// What is asked of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// The multiple of the traffic at which objectives have to be met.
    pub headroom: f64,
    /// How sure the answer has to be, as a share.
    pub confidence: f64,
    /// What is to be least.
    pub cost: CostOf,
    /// Most runs of a point, if it is not [`MOST_RUNS`], or as many as rare days take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_runs: Option<usize>,
    /// The share of days that are rare and have to be among the runs, beside what the file says to come by chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rare: Option<f64>,
    /// Whether every cheaper point has runs of its own, whatever others say.
    pub every: bool,
}

impl Default for Options {
    fn default() -> Options {
        let (headroom, cost, every) = (1.0, CostOf::Event, false);
        Options { headroom, confidence: CONFIDENCE, cost, most_runs: None, rare: None, every }
    }
}

/// Which bill is to be least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostOf {
    /// That of the event.
    #[default]
    Event,
    /// That of a month.
    Month,
}

impl CostOf {
    /// The figure that it is.
    pub(super) fn quantity(self) -> Quantity {
        match self {
            CostOf::Event => Quantity::Cost,
            CostOf::Month => Quantity::CostPerMonth,
        }
    }

    /// For people: `the event`.
    pub fn words(self) -> &'static str {
        match self {
            CostOf::Event => "the event",
            CostOf::Month => "a month",
        }
    }
}
