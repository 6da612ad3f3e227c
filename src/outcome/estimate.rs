//! The headline figures of an outcome with their error bars.
//!
//! In: one run, or the sum of several. Out: the value of a [`Quantity`], and an [`Estimate`] once the values of all
//! runs are known.

use serde::{Deserialize, Serialize};

use super::availability;
use super::every;
use super::headroom::Headroom;
use super::recovery;
use super::view::View;
use crate::id::ClassId;
use crate::interval::{Interval, Tail};
use crate::measure::Tally;
use crate::measure::bounded::Rank;
use crate::measure::figure::{per_run, share_of_some};
use crate::measure::histogram::{Histogram, ROUNDING};
use crate::measure::users::UsersMet;
use crate::measure::zones::Ended;
use crate::scenario::Scenario;
use crate::units::Time;

pub use crate::measure::unit::{Better, Unit};
pub use crate::objective::quantity::Quantity;

/// Fewest requests, of all runs, that must be slower than a percentile before it has an interval. With fewer it is one of
/// the largest latencies that came, and nothing says how much larger one may come.
const FEWEST_BEYOND: f64 = 5.0;
/// Percentiles beyond this one have an interval from [`FEWEST_RUNS_BEYOND`] runs on.
const LAST_OF_TWO_RUNS: f64 = 0.99;
/// With two runs, Student's t is 12.7: the interval of a far percentile would end many times beyond the largest latency
/// of all runs, and say nothing.
const FEWEST_RUNS_BEYOND: usize = 3;

impl Quantity {
    /// Its value; `None` where nothing happened that it is about.
    pub(super) fn of(&self, scenario: &Scenario, view: &View<'_>) -> Option<f64> {
        self.of_beside(scenario, view, None)
    }

    /// The same as it is compared with a limit, if there is one: of a time, what cannot be told from the limit is the limit.
    pub(super) fn of_beside(&self, scenario: &Scenario, view: &View<'_>, beside: Option<f64>) -> Option<f64> {
        let measured = view.measured;
        let classes = &measured.recorder.classes;
        let latency = |class: Option<ClassId>| -> &Histogram {
            class.map_or(&view.latency, |class| &classes[class.index()].latency)
        };
        let requests = |class: Option<ClassId>| -> &Tally {
            class.map_or(&view.requests, |class| &classes[class.index()].requests)
        };
        let count = |total: u64| Some(per_run(total, view.runs));
        match *self {
            Quantity::Latency { class, quantile } => {
                Rank { quantile, beside, times: None }.of(latency(class))
            }
            Quantity::Mean(class) => {
                let latency = latency(class);
                (latency.count() > 0).then(|| latency.mean() / 1e6)
            }
            Quantity::Errors(class) => {
                share_of_some(requests(class).failures() as f64, requests(class).arrived as f64)
            }
            Quantity::Arrived => count(view.requests.arrived),
            Quantity::Completed => count(view.requests.completed),
            Quantity::Failed => count(view.requests.failures()),
            Quantity::Attempts => count(view.measured.recorder.attempts.arrived),
            Quantity::Goodput => {
                Some(per_run(view.requests.completed, view.runs) / scenario.duration.as_secs_f64())
            }
            Quantity::Cost => Some(view.bill.total_usd),
            Quantity::CostPerMillion => view.bill.per_million_requests_usd,
            Quantity::CostPerMonth => Some(view.bill.month_usd),
            Quantity::Availability(class) => {
                let tally = requests(class);
                share_of_some(tally.completed as f64, (tally.completed + tally.failures()) as f64)
            }
            Quantity::AttemptAvailability => {
                let tally = &measured.recorder.attempts;
                share_of_some(tally.completed as f64, (tally.completed + tally.failures()) as f64)
            }
            Quantity::Uptime => availability::uptime(scenario, view.timeline()),
            Quantity::Down => availability::down_s(scenario, view.timeline()),
            Quantity::Recovery(point) => recovery::value(point, scenario, view),
            Quantity::InZone(zone) => {
                let Ended { completed, failed } = measured.recorder.zones.as_deref()?.of(Some(zone));
                share_of_some(completed as f64, (completed + failed) as f64)
            }
            Quantity::UsersFailing => {
                let met = UsersMet::of_all(&measured.users);
                share_of_some(met.failed as f64, met.asked as f64)
            }
            Quantity::UsersUnanswered => {
                let met = UsersMet::of_all(&measured.users);
                share_of_some(met.unanswered as f64, met.asked as f64)
            }
            Quantity::Figure(ref figure) => measured.kinds.value(figure, view.runs, beside),
            Quantity::Headroom(resource) => view.nearest(scenario, resource).and_then(Headroom::limit),
            Quantity::Worst { window, ref of } => {
                // A window without an answer has no figure.
                every::worst(scenario, view, window, of).filter(|value| value.is_finite())
            }
        }
    }
}

/// The longest that a request of which this is a latency can have taken, in milliseconds: the timeout of clients that
/// send it and do not try again. With retries its latency is that of all attempts, and has no such end.
pub(super) fn longest(of: &Quantity, scenario: &Scenario) -> Option<f64> {
    let class = match of {
        Quantity::Latency { class, .. } | Quantity::Mean(class) => *class,
        Quantity::Worst { of, .. } => return longest(of, scenario),
        _ => return None,
    };
    // A recording that names the class of each request has no mix.
    let sends = |mix: &[(ClassId, f64)]| {
        class.is_none_or(|class| mix.is_empty() || mix.iter().any(|(of, _)| *of == class))
    };
    let sources = scenario.sources.iter().filter(|source| sends(&source.mix));
    let each = sources.map(|source| source.client.timeout.filter(|_| source.client.retries.max == 0));
    each.collect::<Option<Vec<Time>>>()?.into_iter().max().map(Time::as_millis_f64)
}

/// A headline figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// Which figure it is, by positions in the scenario; absent in a file that an earlier simcap wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Quantity>,
    /// Which figure it is, in words: `checkout p99`.
    pub name: String,
    /// What the figure is counted in.
    pub unit: Unit,
    /// Which way the figure should go.
    pub better: Better,
    /// Of all runs: percentiles from the merged histogram, shares over all requests, else the mean over the runs. In: the unit of the figure.
    pub value: f64,
    /// Where the expectation lies; absent with a single run.
    pub interval: Option<Interval>,
    /// What the value of a run may be off by because a histogram rounds it. In: the unit of the figure.
    pub rounding: f64,
    /// The value of each run, absent where nothing happened that the figure is about. In: the unit of the figure.
    pub by_run: Vec<Option<f64>>,
    /// Of a percentile: the value of all runs but one, for each run; absent in a file that an earlier simcap wrote. In: the unit of the figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<f64>,
    /// Of a percentile: how many times longer an interval has to be for the worst runs; absent if it is 1, and in a file
    /// that an earlier simcap wrote. In: times the length.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub stretch: f64,
}

const fn once() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_once(stretch: &f64) -> bool {
    *stretch == once()
}

impl Estimate {
    pub(super) fn new(
        quantity: &Quantity,
        scenario: &Scenario,
        value: f64,
        samples: &[Option<f64>],
        tail: Tail,
    ) -> Estimate {
        let name = (quantity.name(scenario), longest(quantity, scenario));
        Estimate::named(quantity, name, value, samples, tail)
    }

    /// The same of a scenario that is not at hand: with the name of the quantity, and the longest that a request can have taken.
    pub(super) fn named(
        quantity: &Quantity,
        (name, longest): (String, Option<f64>),
        value: f64,
        samples: &[Option<f64>],
        tail: Tail,
    ) -> Estimate {
        let values: Vec<f64> = samples.iter().copied().flatten().collect();
        let rounding = if quantity.quantile().is_some() { value * ROUNDING } else { 0.0 };
        let interval = match (quantity, quantity.unit()) {
            // The mean of the worst windows of all runs; of some it would be another figure.
            (Quantity::Worst { .. }, _) if values.len() < samples.len() => None,
            (Quantity::Latency { .. }, _) if tail.beyond < FEWEST_BEYOND => None,
            _ if values.len() < FEWEST_RUNS_BEYOND && quantity.quantile() > Some(LAST_OF_TWO_RUNS) => None,
            (_, Unit::Millis) => Interval::above_zero(value, &values, rounding, &tail),
            (_, Unit::Share) => Interval::around(value, &values, rounding).map(Interval::of_a_share),
            _ => Interval::around(value, &values, rounding).map(Interval::at_least_zero),
        };
        let interval = match longest {
            Some(longest) => interval.map(|it| it.at_most(longest.max(value))),
            None => interval,
        };
        Estimate {
            of: Some(quantity.clone()),
            name,
            unit: quantity.unit(),
            better: quantity.better(),
            // Nothing is 0, also where it was found as what is missing of all: -0.
            value: value + 0.0,
            interval,
            rounding,
            by_run: samples.iter().map(|value| value.map(|value| value + 0.0)).collect(),
            stretch: tail.stretch(value, &values),
            without: tail.without,
        }
    }

    /// Half the width of the interval over the value; none without an interval or of nothing.
    pub fn relative_half_width(&self) -> Option<f64> {
        self.interval.filter(|_| self.value > 0.0).map(|interval| interval.half_width / self.value)
    }
}
