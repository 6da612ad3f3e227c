//! One scenario of a comparison by itself. In: its outcome. Out: a [`Summary`]: what decides about it, and how its fleets
//! went.

use serde::{Deserialize, Serialize};

use super::Score;
use super::bills::lacking;
use super::policy::{Act, FleetSummary, Target, rows};
use crate::measure::percentile::Percentile;
use crate::objective::quantity::Quantity;
use crate::outcome::availability::Share;
use crate::outcome::{Deployment, Outcome, Recovery, Standing, Strike, Verdict};

/// What one scenario comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Its letter on the page.
    pub letter: char,
    /// Its title: that of its variant, or of its file.
    pub name: String,
    /// The file.
    pub file: String,
    /// Its overrides.
    pub overrides: Vec<String>,
    /// Simulated span.
    pub duration_s: f64,
    /// Verdicts on all its objectives, counted.
    pub score: Score,
    /// Verdict on each, in the order of its file.
    pub objectives: Vec<Judged>,
    /// The bill of what has a price.
    pub cost_usd: f64,
    /// What has no known price.
    pub unpriced: Vec<String>,
    /// 99th percentile of the latency of completed requests; absent if none completed.
    pub p99_ms: Option<f64>,
    /// Failed over arrived requests.
    pub errors: f64,
    /// How available it was to its clients; absent if no request ended, and in results of an earlier simcap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Share>,
    /// What was full, the nearest limit first; empty in results of an earlier simcap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saturated: Vec<String>,
    /// How long its phases of trouble are together, seconds.
    pub trouble_s: f64,
    /// Its fleets, in the order of its file.
    pub fleets: Vec<FleetSummary>,
    /// What Auto Scaling did in the first run, in the order of time.
    pub activities: Vec<Act>,
    /// Its deployments in the first run, in the order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deployments: Vec<Deployment>,
    /// How it recovered from its faults; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// Its strikes of faults in the first run, in the order of time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Strike>,
}

/// An objective of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// As written: `latency p99 < 800ms`.
    pub objective: String,
    /// What the runs say together.
    pub standing: Standing,
    /// What all runs came to together, in words.
    pub observed: String,
    /// The runs in words; empty with a single run.
    pub by_runs: String,
    /// For how long rows of the timeline broke the bound, seconds. Only of a bound on the latency of all requests, or on
    /// their errors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_s: Option<f64>,
}

impl Summary {
    pub(super) fn of(letter: char, outcome: &Outcome, targets: &[Target]) -> Summary {
        let scenario = &outcome.scenario;
        let requests = &outcome.requests;
        let trouble = outcome.phases.iter().filter(|phase| phase.trouble);
        let quantile = Quantity::Latency { class: None, quantile: 0.99 };
        Summary {
            letter,
            name: scenario.name.clone(),
            file: scenario.file.clone(),
            overrides: scenario.overrides.clone(),
            duration_s: scenario.duration_s,
            score: Score::of(outcome),
            objectives: outcome.objectives.iter().map(|verdict| Judged::of(outcome, verdict)).collect(),
            cost_usd: outcome.bill.total_usd,
            unpriced: lacking(outcome).into_iter().map(|(what, _)| what).collect(),
            p99_ms: outcome.estimate(&quantile).map(|it| it.value),
            errors: if requests.arrived > 0.0 { requests.failed / requests.arrived } else { 0.0 },
            availability: outcome.availability.as_ref().and_then(|it| it.requests),
            saturated: outcome
                .headroom
                .iter()
                .filter(|it| it.saturated)
                .map(|it| it.resource.clone())
                .collect(),
            trouble_s: trouble.map(|phase| phase.to_s - phase.from_s).sum(),
            fleets: FleetSummary::all(outcome, targets),
            activities: outcome.scaling.iter().map(Act::of).collect(),
            deployments: outcome.deployments.clone(),
            recovery: outcome.recovery.clone(),
            faults: outcome.faults.clone(),
        }
    }

    /// When Auto Scaling first acted, in the first run.
    pub fn first_acted_s(&self) -> Option<f64> {
        self.activities.first().map(|act| act.at_s)
    }
}

impl Judged {
    fn of(outcome: &Outcome, verdict: &Verdict) -> Judged {
        let several = verdict.runs() > 1;
        Judged {
            objective: verdict.objective.clone(),
            standing: verdict.standing,
            observed: verdict.observed.clone(),
            by_runs: if several { verdict.by_runs.clone() } else { String::new() },
            broken_s: broken(outcome, verdict),
        }
    }
}

/// For how long the rows of the timeline broke a bound; nothing for what rows do not show.
fn broken(outcome: &Outcome, verdict: &Verdict) -> Option<f64> {
    let bound = verdict.bound.as_ref()?;
    let timeline = &outcome.timeline;
    let values: Vec<Option<f64>> = match bound.of {
        Quantity::Latency { class: None, quantile } => {
            let percentile = Percentile::ALL.into_iter().find(|it| it.quantile() == quantile)?;
            timeline.latency_ms.get(&percentile)?.clone()
        }
        Quantity::Errors(None) => {
            let share = |row: usize| {
                let failed = timeline.failed_in(row);
                let ended = failed + timeline.completed[row];
                (ended > 0.0).then_some(failed / ended)
            };
            (0..timeline.completed.len()).map(share).collect()
        }
        _ => return None,
    };
    let breaks = |value: f64| value > bound.limit || (value == bound.limit && !bound.inclusive);
    let rows = rows(outcome).zip(values).filter(|(_, value)| value.is_some_and(breaks));
    Some(rows.map(|(width, _)| width).sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Limit, sample};

    /// Three rows above a bound of 100 ms, one of them exactly at it, and the last row shorter.
    #[test]
    fn rows_that_break_a_bound_are_timed() {
        let mut outcome = sample::outcome();
        let rows = outcome.timeline.time_s.len();
        outcome.timeline.latency_ms.insert(Percentile::P99, vec![Some(50.0); rows]);
        let column = outcome.timeline.latency_ms.get_mut(&Percentile::P99).unwrap();
        (column[0], column[1], column[2]) = (Some(150.0), Some(100.0), None);
        let of = Quantity::Latency { class: None, quantile: 0.99 };
        let mut verdict = outcome.objectives[0].clone();
        let mut judged = |inclusive| {
            verdict.bound = Some(Limit { of: of.clone(), limit: 100.0, inclusive });
            Judged::of(&outcome, &verdict).broken_s
        };
        let bucket = outcome.timeline.bucket_s;
        assert_eq!((judged(false), judged(true)), (Some(2.0 * bucket), Some(bucket)));
        verdict.bound = Some(Limit { of: Quantity::Cost, limit: 1.0, inclusive: false });
        assert_eq!(Judged::of(&outcome, &verdict).broken_s, None, "no row has a bill of its own");
    }
}
