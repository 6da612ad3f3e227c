//! What a study keeps of one run: some kilobytes that runs of the same scenario are put together from, in another process or on another
//! machine.
//!
//! In: what a run measured. Out: a [`Digest`], which can be stored; of several, a [`Together`] (`together`). Latencies, counts and
//! other times are added up exactly. Every other figure is known of each run by its value, and of several runs is their mean.

mod together;

use serde::{Deserialize, Serialize};

use super::Tables;
use super::assemble::tables;
use super::estimate::longest;
use super::headroom::Headroom;
use super::observe::observe;
use super::view::Sum;
use crate::cost::PriceSource;
use crate::id::document;
use crate::measure::Tally;
use crate::measure::histogram::Packed;
use crate::model::{self, Measured};
use crate::objective::Limit;
use crate::objective::quantity::Quantity;
use crate::scenario::Scenario;

pub use together::{Nearest, Together};

/// What a study keeps of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(remote = "Self")]
pub struct Digest {
    /// The tables of the scenario, to which the figures refer.
    pub tables: Tables,
    /// The seed of the run.
    pub seed: u64,
    /// Every figure that an outcome of the scenario has.
    pub figures: Vec<FigureOfRun>,
    /// What the run came to under each objective, in the order of the file.
    pub objectives: Vec<ObjectiveOfRun>,
    /// The requests of each class.
    pub classes: Vec<Counted>,
    /// The attempts of all classes.
    pub attempts: Counted,
    /// The latencies of each class.
    pub latencies: Vec<Packed>,
    /// What was full, the nearest limit first.
    pub full: Vec<String>,
    /// The nearest limit, in words.
    pub first: Option<String>,
    /// What is full first as the traffic grows, and at which multiple of it; absent where nothing is known to fill.
    pub nearest: Option<(String, f64)>,
    /// What has no known price.
    pub unpriced: Vec<String>,
    /// Events that it took to simulate.
    pub events: u64,
}

document!(Digest, tables);

/// A figure of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FigureOfRun {
    /// Which.
    pub of: Quantity,
    /// In words.
    pub name: String,
    /// The longest that a request can have taken, in milliseconds, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_ms: Option<f64>,
    /// Its value; absent where nothing happened that it is about.
    pub value: Option<f64>,
    /// Of a percentile of a resource: all the times of which it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Packed>,
}

/// What a run came to under one objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObjectiveOfRun {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// What it bounds.
    pub bound: Limit,
    /// Its value; absent where nothing happened that it is about.
    pub value: Option<f64>,
    /// In words.
    pub text: String,
    /// Whether it is known to be within the bound or not.
    pub known: bool,
    /// Whether it is within the bound.
    pub met: bool,
}

/// Counts of requests or of attempts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counted {
    /// Entered.
    pub arrived: u64,
    /// Ended well.
    pub completed: u64,
    /// Ended badly.
    pub failed: u64,
}

impl From<&Tally> for Counted {
    fn from(tally: &Tally) -> Counted {
        Counted { arrived: tally.arrived, completed: tally.completed, failed: tally.failures() }
    }
}

impl Digest {
    /// Runs a scenario under a seed, and keeps what a study needs.
    pub(crate) fn of(scenario: &Scenario, seed: u64, measured: Measured) -> Digest {
        let run = Sum::of(scenario, measured);
        let view = run.view();
        super::runs::check_conservation(&run.measured);
        let figure = |of: Quantity| FigureOfRun {
            name: of.name(scenario),
            longest_ms: longest(&of, scenario),
            value: of.of(scenario, &view).map(|value| value + 0.0),
            times: match &of {
                Quantity::Figure(figure) => run.measured.kinds.times(figure).map(|it| Packed::of(&it)),
                _ => None,
            },
            of,
        };
        let objective = |(observed, objective): (crate::objective::Observed, &_)| {
            let crate::scenario::objective::Objective { text, bound } = objective;
            ObjectiveOfRun {
                objective: text.clone(),
                bound: Limit::new(bound),
                value: observed.value,
                text: observed.text,
                known: observed.known,
                met: observed.met,
            }
        };
        let recorder = &run.measured.recorder;
        let full = view.headroom(scenario).iter().filter(|it| it.saturated);
        let nearest = view.nearest(scenario, None);
        let unpriced = view.bill.items.iter().filter(|it| it.source == PriceSource::Unknown);
        Digest {
            tables: tables(scenario),
            seed,
            figures: Quantity::all(scenario).into_iter().map(figure).collect(),
            objectives: observe(scenario, &view)
                .into_iter()
                .zip(&scenario.objectives)
                .map(objective)
                .collect(),
            classes: recorder.classes.iter().map(|class| (&class.requests).into()).collect(),
            attempts: (&recorder.attempts).into(),
            latencies: recorder.classes.iter().map(|class| Packed::of(&class.latency)).collect(),
            full: full.map(|it| it.resource.clone()).collect(),
            first: view.headroom(scenario).first().map(Headroom::name),
            nearest: nearest.and_then(|it| Some((it.resource.clone(), it.limit()?))),
            unpriced: unpriced.map(|it| format!("{}: {}", it.what, it.source)).collect(),
            events: run.measured.work.events,
        }
    }
}

/// Runs a scenario under a seed as long as `watch` lets it, and keeps what a study needs; nothing of a run that was ended early.
pub fn digest(
    scenario: &Scenario,
    seed: u64,
    watch: &mut dyn FnMut(crate::units::Time) -> std::ops::ControlFlow<()>,
) -> Option<Digest> {
    let (measured, cut) = model::run_while(scenario, seed, watch);
    cut.is_none().then(|| Digest::of(scenario, seed, measured))
}
