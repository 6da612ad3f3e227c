//! The runs of a plan. In: a study, and which runs of which points. Out: samples of them, from the store where they are there.

use std::collections::BTreeMap;

use super::contest::{Ask, Field, Sample};
use super::error::PlanError;
use super::options::Options;
use super::sure::distance;
use crate::id::ClassId;
use crate::measure::unit::Unit;
use crate::objective::quantity::Quantity;
use crate::outcome::digest::{Digest, ObjectiveOfRun, Together};
use crate::rng::seed_of_run;
use crate::scenario::Scenario;
use crate::study::{Key, Runner, RunnerError, Study};

/// Runs of a point at its own traffic, for the bill: it hardly depends on chance.
const RUNS_OF_BILL: usize = 4;

/// A scenario and the key of its runs.
struct Keyed {
    scenario: Scenario,
    key: Key,
}

/// The scenarios of a point.
struct Point {
    /// With all the traffic that it has to take.
    asked: Keyed,
    /// With its own traffic, if that is another one.
    usual: Option<Keyed>,
}

/// The runs of a plan.
pub(super) struct Play<'a> {
    study: &'a Study,
    runner: &'a Runner<'a>,
    options: &'a Options,
    /// Called with the number of all runs so far, before they are made.
    planned: &'a dyn Fn(usize),
    points: BTreeMap<usize, Point>,
    /// What is kept of the runs with all the traffic.
    pub asked: BTreeMap<usize, Vec<Digest>>,
    /// What is kept of the runs with the traffic of the scenario; empty if it is the same.
    pub usual: BTreeMap<usize, Vec<Digest>>,
    runs: usize,
}

impl<'a> Play<'a> {
    pub fn new(
        study: &'a Study,
        runner: &'a Runner<'a>,
        options: &'a Options,
        planned: &'a dyn Fn(usize),
    ) -> Play<'a> {
        let (points, asked, usual) = Default::default();
        Play { study, runner, options, planned, points, asked, usual, runs: 0 }
    }

    /// All runs, those for the bill among them.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// So many runs of a point, and those for its bill.
    pub fn with_bill(&self, runs: usize) -> usize {
        if self.options.headroom == 1.0 { runs } else { runs + runs.min(RUNS_OF_BILL) }
    }

    fn load(&mut self, at: usize) -> Result<(), RunnerError> {
        if self.points.contains_key(&at) {
            return Ok(());
        }
        let point = &self.study.points[at];
        let scenario = self.study.scenario(point).map_err(Box::new)?;
        let keyed = |scenario: Scenario| Keyed { key: Key::of_scenario(&scenario), scenario };
        let usual = keyed(scenario);
        if point.key.as_ref() != Ok(&usual.key) {
            return Err(RunnerError::Changed { file: self.study.file.display().to_string() });
        }
        let headroom = self.options.headroom;
        let point = match headroom == 1.0 {
            true => Point { asked: usual, usual: None },
            false => Point { asked: keyed(usual.scenario.with_traffic(headroom)), usual: Some(usual) },
        };
        self.points.insert(at, point);
        Ok(())
    }

    /// What a run cost.
    pub fn cost(&self, run: &Digest) -> Option<f64> {
        let of = self.options.cost.quantity();
        run.figures.iter().find(|it| it.of == of)?.value
    }

    /// The runs that say what a point costs.
    pub fn of_bill(&self, point: usize) -> &[Digest] {
        let runs = if self.options.headroom == 1.0 { &self.asked } else { &self.usual };
        runs.get(&point).map_or(&[], Vec::as_slice)
    }
}

/// Whether a plan is to meet an objective by its values. What something costs is what it looks for the least of.
pub(super) fn is_to_be_met(objective: &ObjectiveOfRun) -> bool {
    objective.bound.of != Quantity::Cost
}

/// How far a run is from the limit of each objective.
pub(super) fn distances(run: &Digest) -> Vec<f64> {
    let objectives = run.objectives.iter().filter(|it| is_to_be_met(it));
    let of = |it: &ObjectiveOfRun| {
        // Nothing happened that it is about, or nobody knows.
        let Some(value) = it.value.filter(|_| it.known || it.met) else { return f64::NAN };
        let is_of_factors = matches!(it.bound.of.unit(), Unit::Millis | Unit::Seconds | Unit::Multiple);
        distance(value, it.bound.limit, is_of_factors, it.met)
    };
    objectives.map(of).collect()
}

/// Of each objective on a share of requests, how many more of them may fail before a run misses it.
fn rooms(run: &Digest) -> Vec<f64> {
    let requests = |class: Option<ClassId>| {
        let own = run.classes.iter().enumerate().filter(|(at, _)| class.is_none_or(|it| it.index() == *at));
        own.map(|(_, it)| (it.completed + it.failed) as f64).sum::<f64>()
    };
    let of = |it: &ObjectiveOfRun| {
        let requests = match it.bound.of {
            Quantity::Errors(class) | Quantity::Availability(class) => requests(class),
            Quantity::AttemptAvailability => requests(None),
            _ => return f64::INFINITY,
        };
        let side = if it.met { 1.0 } else { -1.0 };
        it.value.map_or(0.0, |value| side * (value - it.bound.limit).abs() * requests)
    };
    run.objectives.iter().filter(|it| is_to_be_met(it)).map(of).collect()
}

impl Field for Play<'_> {
    type Error = PlanError;

    fn runs(&mut self, asks: &[Ask]) -> Result<Vec<Sample>, PlanError> {
        asks.iter().try_for_each(|ask| self.load(ask.point))?;
        let first = self.study.seeds[0];
        let of_bill = |ask: &Ask| ask.run < RUNS_OF_BILL && self.points[&ask.point].usual.is_some();
        let mut jobs: Vec<(Ask, bool)> = asks.iter().map(|ask| (*ask, false)).collect();
        jobs.extend(asks.iter().filter(|ask| of_bill(ask)).map(|ask| (*ask, true)));
        self.runs += jobs.len();
        (self.planned)(self.runs);
        let runs = self.runner.each(&jobs, |(ask, is_of_bill)| {
            let point = &self.points[&ask.point];
            let keyed = point.usual.as_ref().filter(|_| *is_of_bill).unwrap_or(&point.asked);
            self.runner.run(&keyed.scenario, &keyed.key, seed_of_run(first, ask.run))
        })?;
        // Without a price it would be the cheapest.
        let unpriced = jobs.iter().zip(&runs).find_map(|((ask, _), run)| Some((ask, run.unpriced.first()?)));
        if let Some((ask, what)) = unpriced {
            let values = self.study.labels(&self.study.points[ask.point]).join(", ");
            return Err(PlanError::Unpriced { values, what: what.clone() });
        }
        let mut bills: BTreeMap<Ask, Option<f64>> = BTreeMap::new();
        let mut samples = Vec::new();
        for ((ask, is_of_bill), run) in jobs.into_iter().zip(runs) {
            let cost = self.cost(&run);
            if is_of_bill {
                bills.insert(ask, cost);
                self.usual.entry(ask.point).or_default().push(run);
            } else {
                samples.push(Sample { cost, distances: distances(&run), rooms: rooms(&run) });
                self.asked.entry(ask.point).or_default().push(run);
            }
        }
        if self.options.headroom != 1.0 {
            let each = asks.iter().zip(&mut samples);
            each.for_each(|(ask, sample)| sample.cost = bills.get(ask).copied().flatten());
        }
        Ok(samples)
    }

    fn met(&self, point: usize) -> Vec<bool> {
        let Some(runs) = self.asked.get(&point) else { return Vec::new() };
        let together = Together::of(runs).map_or(Vec::new(), |it| it.objectives);
        let is_asked = runs.iter().take(1).flat_map(|run| run.objectives.iter().map(is_to_be_met));
        together.iter().zip(is_asked).filter(|(_, asked)| *asked).map(|(verdict, _)| verdict.met).collect()
    }

    fn reach(&self, point: usize) -> Option<f64> {
        Some(self.asked.get(&point)?.first()?.nearest.as_ref()?.1)
    }
}
