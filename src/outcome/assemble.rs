//! From what runs measured to the artefact: the bill is made out, the objectives are judged, the phases told.

use std::collections::BTreeMap;

use super::density::density;
use super::estimate::Quantity;
use super::observe::observe;
use super::runs::Runs;
use super::{
    Abandoned, Availability, ClassOutcome, Count, Entry, Headroom, Kind, Outcome, Percentile, Recovery,
    Reference, RunsSummary, ScenarioSummary, Tables, VERSION, phases, utilisation, warnings,
};
use crate::bill;
use crate::cost::{Bill, ServiceCost};
use crate::measure::Tally;
use crate::measure::coarse::CoarseRows;
use crate::measure::figure::per_run;
use crate::measure::histogram::Histogram;
use crate::measure::stage::Cause;
use crate::model;
use crate::objective::{Blame, Standing, Verdict};
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::units::Time;

/// Runs a scenario with a seed and returns its outcome.
///
/// `progress` gets the simulated time now and then. The same scenario, seed and version give the same
/// outcome, on any platform.
///
/// # Panics
/// If requests or attempts were not conserved, which would be a bug of simcap.
pub fn simulate(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(Time)) -> Outcome {
    let mut runs = Runs::new(scenario, &[]);
    runs.add(seed, model::run(scenario, seed, progress));
    runs.outcome()
}

impl Runs<'_> {
    /// The outcome of all runs so far: of one event, with intervals where there is more than one run.
    ///
    /// # Panics
    /// Without a run.
    pub fn outcome(&self) -> Outcome {
        let scenario = self.scenario;
        let sum = self.sum.as_ref().expect("an outcome is that of a run");
        let (view, measured) = (sum.view(), &sum.measured);
        let (recorder, runs) = (&measured.recorder, view.runs);
        let estimates = self.estimates_of(&view);
        let estimate = |bound: &_| {
            let of = Quantity::bounded_by(bound);
            estimates.iter().find(|estimate| of.is_some() && estimate.of == of)
        };
        let nearest = view.headroom(scenario).first().map(Headroom::name);
        let objectives = observe(scenario, &view).into_iter().zip(&scenario.objectives).zip(&self.objectives);
        let objectives = objectives
            .map(|((all, objective), runs)| {
                let estimate = estimate(&objective.bound);
                let figure = estimate.map(|estimate| estimate.name.clone());
                let verdict = Verdict::of(
                    objective,
                    all,
                    runs,
                    figure,
                    estimate.and_then(|estimate| estimate.interval),
                );
                match objective.bound {
                    Bound::Headroom { resource: None, .. } => verdict.about(nearest.as_deref()),
                    _ => verdict,
                }
            })
            .collect();
        let headroom = view.headroom(scenario).iter().cloned();
        let headroom = headroom.map(|it| Headroom { by_runs: self.limit_by_runs(it.of), ..it });
        let availability = Availability::of(scenario, &view, &estimates);
        let orders = bill::orders(scenario, &view.bill, |class| {
            let requests = &recorder.classes[class.index()].requests;
            (per_run(requests.completed, runs), per_run(requests.failures(), runs))
        });
        let recovery = Recovery::of(scenario, &view, &estimates, self.is_over);
        let mut outcome = Outcome {
            version: VERSION,
            simcap: env!("CARGO_PKG_VERSION").into(),
            scenario: ScenarioSummary {
                name: scenario.name.clone(),
                slug: scenario.slug.clone(),
                file: format!("{}.toml", scenario.slug),
                file_from_here: None,
                tables: tables(scenario),
                region: scenario.region.clone(),
                duration_s: scenario.duration.as_secs_f64(),
                warmup_s: scenario.warmup.as_secs_f64(),
                seed: self.seeds[0],
                overrides: Vec::new(),
            },
            runs: RunsSummary { count: self.count(), seeds: self.seeds.clone() },
            goodput_per_s: per_run(view.requests.completed, runs) / scenario.duration.as_secs_f64(),
            requests: count(&view.requests, measured.remaining.requests.iter().sum(), runs),
            attempts: count(&recorder.attempts, measured.remaining.attempts, runs),
            abandoned: Abandoned {
                ended: per_run(recorder.abandoned, runs),
                in_system: per_run(measured.remaining.orphans, runs),
                cpu_s: recorder.abandoned_cpu / 1e9 / runs,
            },
            latency_ms: (&view.latency).into(),
            distribution: distribution(&view.latency),
            availability: Some(availability),
            classes: scenario
                .classes
                .iter()
                .zip(recorder.classes.iter().zip(&measured.remaining.requests))
                .map(|(class, (record, &remaining))| ClassOutcome {
                    name: class.name.clone(),
                    requests: count(&record.requests, remaining, runs),
                    latency_ms: (&record.latency).into(),
                    distribution: distribution(&record.latency),
                    rows_ms: record.curve.as_deref().map_or_else(BTreeMap::new, percentiles_by_row),
                })
                .collect(),
            estimates,
            partial: None,
            precision: Vec::new(),
            stages: measured.stages.clone(),
            timeline: view.timeline().clone(),
            density: density(&recorder.rows, runs),
            phases: Vec::new(),
            spread: (self.count() > 1).then(|| sum.spread.clone()),
            utilisation: Vec::new(),
            headroom: headroom.collect(),
            scaling: measured.scaling.clone(),
            incidents: measured.incidents.clone(),
            alarms: measured.alarms.clone(),
            deployments: measured.deployments.clone(),
            faults: measured.strikes.clone(),
            recovery,
            kinds: measured.kinds.told(runs),
            work: measured.work.clone(),
            bill: Bill { orders, ..view.bill },
            cost_by_service: ServiceCost::mean(&sum.services, runs),
            objectives,
            warnings: Vec::new(),
        };
        outcome.phases = phases::phases(scenario, &outcome, recorder);
        let all = scenario.objectives.iter().zip(&outcome.objectives);
        let cause = |(objective, verdict): (_, &Verdict)| match verdict.standing {
            Standing::Missed => phases::blame(scenario, objective, &outcome, recorder),
            _ => None,
        };
        let causes: Vec<Option<Blame>> = all.map(cause).collect();
        outcome.objectives.iter_mut().zip(causes).for_each(|(verdict, cause)| verdict.cause = cause);
        outcome.utilisation = utilisation::utilisation(scenario, &outcome);
        outcome.warnings = warnings::warnings(scenario, scenario, &outcome);
        outcome
    }
}

/// Every table of the scenario to which its outcome can refer.
pub(super) fn tables(scenario: &Scenario) -> Tables {
    let reference = |kind, name: &str| Reference { kind, name: name.into() };
    let plain = |kind, name: &str| Entry { of: reference(kind, name), pools: Vec::new() };
    let classes = scenario.classes.iter().map(|class| plain(Kind::Class, &class.name));
    let of_kind = |kind: Kind| {
        let names = scenario.kinds.names(kind).into_iter().enumerate();
        names.map(move |(index, name)| {
            let pools = scenario.kinds.pools(kind, index).into_iter();
            let pools =
                pools.filter_map(|(kind, to)| Some(reference(kind, scenario.kinds.names(kind).get(to)?)));
            Entry { of: reference(kind, name), pools: pools.collect() }
        })
    };
    Tables(classes.chain(Kind::ALL.into_iter().flat_map(of_kind)).collect())
}

/// What a tally counted, and what was counted as still there.
fn count(tally: &Tally, remaining: u64, runs: f64) -> Count {
    let by_cause: BTreeMap<Cause, f64> = Cause::ALL
        .iter()
        .map(|&cause| (cause, tally.failed[cause as usize]))
        .filter(|(_, failed)| *failed > 0)
        .map(|(cause, failed)| (cause, per_run(failed, runs)))
        .collect();
    Count {
        arrived: per_run(tally.arrived, runs),
        completed: per_run(tally.completed, runs),
        failed: per_run(tally.failures(), runs),
        in_flight: per_run(remaining, runs),
        failed_by_cause: by_cause,
    }
}

/// The percentiles of a class that its chart shows, row by row, in milliseconds to a microsecond.
fn percentiles_by_row(rows: &CoarseRows) -> BTreeMap<Percentile, Vec<Option<f64>>> {
    let millis = |nanos: f64| (nanos / 1e3).round() / 1e3;
    let of = |it: Percentile| {
        (it, rows.quantiles(it.quantile()).into_iter().map(|value| value.map(millis)).collect())
    };
    [Percentile::P50, Percentile::P99].map(of).into()
}

/// The percentile curve: ninety points to every nine, up to where the sample still has a say. So a step of two modes has hardly more
/// than a hundredth of the requests.
fn distribution(latency: &Histogram) -> Vec<(f64, f64)> {
    let mut curve = Vec::new();
    let count = latency.count() as f64;
    for tail in [1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5] {
        // From 1 - tail in ninety equal steps of the tail towards the next nine.
        let steps: [f64; 90] = std::array::from_fn(|step| 1.0 - tail * (1.0 - step as f64 / 100.0));
        let found = latency.quantiles(steps).into_iter().flatten();
        let known = steps.into_iter().zip(found).take_while(|(quantile, _)| count * (1.0 - quantile) >= 1.0);
        curve.extend(known.map(|(quantile, nanos)| (100.0 * quantile, nanos as f64 / 1e6)));
    }
    if let Some(nanos) = latency.quantile(1.0) {
        curve.push((100.0, nanos as f64 / 1e6));
    }
    curve
}
