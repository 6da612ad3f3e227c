//! From what was measured to the artefact: the bill is made out, the objectives are judged, the phases told.

use std::collections::BTreeMap;

use super::{Abandoned, Bill, ClassOutcome, Count, Outcome, ScenarioSummary, VERSION, phases};
use crate::measure::histogram::Histogram;
use crate::measure::stage::Cause;
use crate::measure::{Recorder, Tally};
use crate::model::{self, Measured};
use crate::scenario::{ClassId, Scenario};
use crate::units::Time;
use crate::{cost, objective};

/// Runs a scenario with a seed and returns its outcome.
///
/// `progress` is told the simulated time now and then. The same scenario, seed and version give the same
/// outcome, on any platform.
///
/// # Panics
/// If requests or attempts were not conserved, which would be a bug of simcap.
pub fn simulate(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(Time)) -> Outcome {
    let measured = model::run(scenario, seed, progress);
    Outcome::assemble(scenario, seed, measured)
}

impl Outcome {
    pub(super) fn assemble(scenario: &Scenario, seed: u64, measured: Measured) -> Outcome {
        let Recorder { classes, attempts, abandoned, abandoned_cpu, mut timeline, .. } = measured.recorder;
        let mut requests = Tally::default();
        let mut latency = Histogram::default();
        for class in &classes {
            requests.add(&class.requests);
            latency.merge(&class.latency);
        }
        assert_eq!(requests.in_flight(), measured.requests_in_system, "requests are conserved");
        let bill = cost::bill(scenario, &measured.usage);
        timeline.cost_usd = cost::cost_over_time(scenario, &measured.usage, scenario.bucket);
        let objectives = judge(scenario, &classes, &latency, &requests, &bill);
        let mut outcome = Outcome {
            version: VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            scenario: ScenarioSummary {
                name: scenario.name.clone(),
                slug: scenario.slug.clone(),
                file: format!("{}.toml", scenario.slug),
                region: scenario.region.clone(),
                duration_s: scenario.duration.as_secs_f64(),
                warmup_s: scenario.warmup.as_secs_f64(),
                seed,
                overrides: Vec::new(),
            },
            goodput_per_s: requests.completed as f64 / scenario.duration.as_secs_f64(),
            requests: count(&requests),
            attempts: count(&attempts),
            abandoned: Abandoned {
                ended: abandoned,
                in_system: measured.orphans,
                cpu_s: abandoned_cpu / 1e9,
            },
            latency_ms: (&latency).into(),
            distribution: distribution(&latency),
            classes: scenario
                .classes
                .iter()
                .zip(&classes)
                .map(|(class, record)| ClassOutcome {
                    name: class.name.clone(),
                    requests: count(&record.requests),
                    latency_ms: (&record.latency).into(),
                    distribution: distribution(&record.latency),
                })
                .collect(),
            stages: measured.stages,
            timeline,
            phases: Vec::new(),
            scaling: measured.scaling,
            incidents: measured.incidents,
            fleets: measured.fleets,
            caches: measured.caches,
            databases: measured.databases,
            services: measured.services,
            work: measured.work,
            bill,
            objectives,
        };
        outcome.phases = phases::phases(&outcome);
        outcome
    }
}

fn count(tally: &Tally) -> Count {
    let by_cause: BTreeMap<String, u64> = Cause::ALL
        .iter()
        .map(|&cause| (cause.name().to_string(), tally.failed[cause as usize]))
        .filter(|(_, failed)| *failed > 0)
        .collect();
    Count {
        arrived: tally.arrived,
        completed: tally.completed,
        failed: tally.failures(),
        in_flight: tally.in_flight(),
        failed_by_cause: by_cause,
    }
}

fn judge(
    scenario: &Scenario,
    classes: &[crate::measure::ClassRecord],
    latency: &Histogram,
    requests: &Tally,
    bill: &Bill,
) -> Vec<super::Verdict> {
    let histogram = |class: Option<ClassId>| class.map_or(latency, |class| &classes[class.index()].latency);
    let tally = |class: Option<ClassId>| class.map_or(requests, |class| &classes[class.index()].requests);
    let quantile = |class, quantile| histogram(class).quantile(quantile).map(Time);
    let errors = |class| {
        let tally = tally(class);
        tally.failures() as f64 / tally.arrived.max(1) as f64
    };
    objective::judge(scenario, &quantile, &errors, bill)
}

/// The percentile curve: ten points to every nine, up to where the sample still has a say.
fn distribution(latency: &Histogram) -> Vec<(f64, f64)> {
    let mut curve = Vec::new();
    let count = latency.count() as f64;
    for tail in [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5] {
        for step in 0..9 {
            // From 1 - tail in nine equal steps of the tail towards the next nine.
            let quantile = 1.0 - tail * (1.0 - f64::from(step) / 10.0);
            if count * (1.0 - quantile) < 1.0 {
                break;
            }
            if let Some(nanos) = latency.quantile(quantile) {
                curve.push((100.0 * quantile, nanos as f64 / 1e6));
            }
        }
    }
    if let Some(nanos) = latency.quantile(1.0) {
        curve.push((100.0, nanos as f64 / 1e6));
    }
    curve
}
