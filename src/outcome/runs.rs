//! Runs of one scenario under different seeds, merged as they come.
//!
//! In: what each run measured, in the order of the seeds. Out: [`Runs`]: sums, merged histograms, and for every
//! quantity and objective the value of each run, from which its interval and its verdict come. Beside these a run leaves
//! its latencies packed, a few kilobytes for each class.

use std::cell::OnceCell;

use super::estimate::{Estimate, Quantity};
use super::headroom::{self, Headroom};
use super::tails::Latencies;
use super::{Timeline, assemble, every};
use crate::bill;
use crate::cost::Bill;
use crate::interval::{self, Tail};
use crate::measure::Tally;
use crate::measure::column;
use crate::measure::histogram::Histogram;
use crate::model::Measured;
use crate::objective::OfRun;
use crate::scenario::Scenario;

/// The runs of a scenario so far.
#[derive(Debug)]
pub struct Runs<'s> {
    pub(super) scenario: &'s Scenario,
    quantities: Vec<Quantity>,
    pub(super) seeds: Vec<u64>,
    /// Of each quantity the value of each run.
    samples: Vec<Vec<Option<f64>>>,
    /// Of each objective what each run came to.
    pub(super) objectives: Vec<Vec<OfRun>>,
    latencies: Latencies,
    pub(super) sum: Option<Sum>,
}

/// What runs measured, added up; the histories are those of the first run.
#[derive(Debug)]
pub(super) struct Sum {
    pub runs: usize,
    pub measured: Measured,
    pub bill: Bill,
}

impl Sum {
    /// One run.
    pub fn of(scenario: &Scenario, mut measured: Measured) -> Sum {
        let bill = bill::bill(scenario, &measured.usage);
        measured.recorder.timeline.cost_usd =
            bill::cost_over_time(scenario, &measured.usage, scenario.bucket);
        Sum { runs: 1, measured, bill }
    }

    fn add(&mut self, other: Sum) {
        let Measured {
            recorder,
            stages: _,
            remaining,
            scaling: _,
            incidents: _,
            series,
            kinds,
            work,
            usage: _,
        } = other.measured;
        let sum = &mut self.measured;
        sum.recorder.add(recorder);
        sum.remaining.add(&remaining);
        column::add(&mut sum.series, &series);
        sum.kinds.add(&kinds);
        sum.work.add(&work);
        self.bill.add(other.bill);
        self.runs += other.runs;
    }

    /// What quantities are read from.
    pub fn view(&self) -> View<'_> {
        let recorder = &self.measured.recorder;
        let requests = recorder.requests();
        let runs = self.runs as f64;
        View {
            measured: &self.measured,
            latency: recorder.latency(),
            bill: self.bill.mean(runs, requests.completed),
            requests,
            runs,
            timeline: OnceCell::new(),
            headroom: OnceCell::new(),
            windows: every::Known::default(),
        }
    }
}

/// One run, or the sum of several: what is read from it is a figure of one event.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub measured: &'a Measured,
    /// Of all classes.
    pub requests: Tally,
    /// Of all classes.
    pub latency: Histogram,
    pub bill: Bill,
    pub runs: f64,
    timeline: OnceCell<Timeline>,
    headroom: OnceCell<Vec<Headroom>>,
    pub windows: every::Known,
}

/// What several figures and objectives read, worked out for the first of them.
impl View<'_> {
    /// Row by row.
    pub fn timeline(&self) -> &Timeline {
        self.timeline.get_or_init(|| {
            let mut series = self.measured.series.clone();
            column::divide(&mut series, self.runs);
            self.measured.recorder.mean_timeline(self.runs as usize).with(series)
        })
    }

    /// Of every resource.
    pub fn headroom(&self, scenario: &Scenario) -> &[Headroom] {
        let totals = Some(&self.measured.kinds);
        self.headroom.get_or_init(|| headroom::headroom(scenario, self.timeline(), totals))
    }
}

/// What came has ended or is still there: by counts of what came and ended, and by another of what is there.
fn check_conservation(Measured { recorder, remaining, .. }: &Measured) {
    for (class, &there) in recorder.classes.iter().zip(&remaining.requests) {
        assert_eq!(class.requests.in_flight(), there, "requests are conserved");
    }
    assert_eq!(recorder.attempts.in_flight(), remaining.attempts, "attempts are conserved");
}

impl<'s> Runs<'s> {
    /// No runs yet of a scenario; beside what every outcome tells, `further` quantities are followed.
    pub fn new(scenario: &'s Scenario, further: &[Quantity]) -> Runs<'s> {
        let mut quantities = Quantity::all(scenario);
        for quantity in further {
            if !quantities.contains(quantity) {
                quantities.push(quantity.clone());
            }
        }
        let samples = vec![Vec::new(); quantities.len()];
        let objectives = vec![Vec::new(); scenario.objectives.len()];
        let latencies = Latencies::default();
        Runs { scenario, quantities, seeds: Vec::new(), samples, objectives, latencies, sum: None }
    }

    /// Adds the next run; runs are added in the order of their seeds.
    pub fn add(&mut self, seed: u64, measured: Measured) {
        let run = Sum::of(self.scenario, measured);
        let view = run.view();
        check_conservation(&run.measured);
        for (quantity, samples) in self.quantities.iter().zip(&mut self.samples) {
            samples.push(quantity.of(self.scenario, &view));
        }
        let observed = assemble::observe(self.scenario, &view);
        self.objectives.iter_mut().zip(&observed).for_each(|(runs, observed)| runs.push(observed.into()));
        self.latencies.add(&view);
        self.seeds.push(seed);
        match &mut self.sum {
            Some(sum) => sum.add(run),
            sum => *sum = Some(run),
        }
    }

    /// Number of runs.
    pub fn count(&self) -> usize {
        self.seeds.len()
    }

    /// What is followed, in the order of the outcome.
    pub fn quantities(&self) -> &[Quantity] {
        &self.quantities
    }

    /// The estimate of every quantity that has one.
    pub fn estimates(&self) -> Vec<Estimate> {
        self.sum.as_ref().map_or_else(Vec::new, |sum| self.estimates_of(&sum.view()))
    }

    /// The same from the view of all runs.
    pub(super) fn estimates_of(&self, view: &View<'_>) -> Vec<Estimate> {
        let each = self.quantities.iter().zip(&self.samples);
        each.filter_map(|(quantity, samples)| {
            let value = match quantity {
                _ if quantity.is_extreme() => mean(samples)?,
                _ => quantity.of(self.scenario, view)?,
            };
            let tail = match *quantity {
                Quantity::Latency { class, quantile } => self.latencies.tail(class, quantile, view),
                _ => Tail::default(),
            };
            Some(Estimate::new(quantity, self.scenario, value, samples, tail))
        })
        .collect()
    }
}

/// The mean of the runs that have a value.
fn mean(samples: &[Option<f64>]) -> Option<f64> {
    let values: Vec<f64> = samples.iter().copied().flatten().collect();
    (!values.is_empty()).then(|| interval::mean(&values))
}
