//! Runs of one scenario under different seeds, merged as they come.
//!
//! In: what each run measured, in the order of the seeds. Out: [`Runs`]: sums, merged histograms, and for every
//! quantity and objective the value of each run, from which its interval and its verdict come. Beside these a run leaves
//! its latencies packed, a few kilobytes for each class.

use super::estimate::Estimate;
use super::observe::observe;
use super::recovery;
use super::tails::Latencies;
use super::view::{Sum, View};
use crate::interval::{self, Interval, Tail};
use crate::measure::resource::Resource;
use crate::model::Measured;
use crate::objective::OfRun;
use crate::objective::quantity::Quantity;
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
    /// Of each run, how much each resource carried.
    limits: Vec<Vec<(Resource, f64)>>,
    latencies: Latencies,
    /// What saturated in each run, if that is wanted.
    saturated: Option<Vec<Vec<Resource>>>,
    pub(super) sum: Option<Sum>,
    /// Whether each run has recovered from its faults.
    pub(super) is_over: bool,
}

/// What came has ended or is still there: by counts of what came and ended, and by another of what is there.
pub(super) fn check_conservation(Measured { recorder, remaining, .. }: &Measured) {
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
        let (latencies, limits) = (Latencies::default(), Vec::new());
        let (seeds, saturated) = (Vec::new(), None);
        Runs {
            scenario,
            quantities,
            seeds,
            samples,
            objectives,
            limits,
            latencies,
            saturated,
            sum: None,
            is_over: true,
        }
    }

    /// Also keeps what saturated in each run; see [`Runs::saturated`].
    pub fn keep_saturated(&mut self) {
        self.saturated.get_or_insert_default();
    }

    /// For each run the resources that saturated in it; nothing unless [`Runs::keep_saturated`] was called before them.
    pub fn saturated(&self) -> &[Vec<Resource>] {
        self.saturated.as_deref().unwrap_or_default()
    }

    /// Adds the next run; runs are added in the order of their seeds.
    pub fn add(&mut self, seed: u64, measured: Measured) {
        let run = Sum::of(self.scenario, measured);
        let view = run.view();
        check_conservation(&run.measured);
        for (quantity, samples) in self.quantities.iter().zip(&mut self.samples) {
            samples.push(quantity.of(self.scenario, &view));
        }
        let observed = observe(self.scenario, &view);
        self.objectives.iter_mut().zip(&observed).for_each(|(runs, observed)| runs.push(observed.into()));
        let limits = view.headroom(self.scenario).iter().filter_map(|it| Some((it.of, it.limit()?)));
        self.limits.push(limits.collect());
        self.latencies.add(&view);
        if let Some(saturated) = &mut self.saturated {
            let of_run = view.headroom(self.scenario).iter().filter(|it| it.saturated);
            saturated.push(of_run.map(|it| it.of).collect());
        }
        self.is_over &= recovery::is_over(self.scenario, &view);
        self.seeds.push(seed);
        match &mut self.sum {
            Some(sum) => sum.add(run),
            sum => *sum = Some(run),
        }
    }

    /// Where the mean of what a resource carried in each run lies.
    pub(super) fn limit_by_runs(&self, of: Resource) -> Option<Interval> {
        let of_run = |run: &Vec<(Resource, f64)>| run.iter().find(|it| it.0 == of).map(|it| it.1);
        let values: Vec<f64> = self.limits.iter().map(of_run).collect::<Option<_>>()?;
        Interval::around(interval::mean(&values), &values, 0.0).map(Interval::at_least_zero)
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
                _ if quantity.is_mean_of_runs() => mean(samples)?,
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
