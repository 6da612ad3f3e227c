//! Runs of one multiple of the traffic, each multiple once. In: a point. Out: a [`Probe`]: the results of its runs.

use std::collections::BTreeMap;

use super::enough;
use super::found::{Probe, Subject};
use super::lattice::Lattice;
use super::part;
use super::search::{Search, SearchError, Tell};
use crate::ensemble::{Ensemble, Told};
use crate::guard::Guard;
use crate::outcome::{Headroom, Outcome, Resource, ScenarioSummary, Verdict};
use crate::scenario::Scenario;
use crate::units::Time;

/// Multiples that a search is taken to need until it knows better.
const USUAL: usize = 10;

/// Every multiple that was run.
pub(super) struct Probes<'a> {
    pub scenario: &'a Scenario,
    search: &'a Search,
    lattice: Lattice,
    progress: &'a (dyn Fn(Tell<'_>) + Sync),
    guard: &'a Guard,
    done: BTreeMap<i32, Probe>,
    /// The headroom that the runs of each multiple show.
    estimates: BTreeMap<i32, Vec<Headroom>>,
    /// The part of the event that is run, if not all of it.
    part: Option<Scenario>,
    /// Whether a run takes so long that what is not needed is left out.
    is_thrifty: bool,
    /// Runs that were made, in whole events.
    made: f64,
    /// Estimate of how many more multiples are needed.
    pub left: usize,
    /// Scenario of the runs at ×1.
    pub summary: Option<ScenarioSummary>,
    /// Names of the faults that struck in the first of them.
    pub faults: Vec<String>,
    /// Seeds of the runs of every multiple.
    pub seeds: Vec<u64>,
}

impl<'a> Probes<'a> {
    pub fn new(
        scenario: &'a Scenario,
        search: &'a Search,
        lattice: Lattice,
        progress: &'a (dyn Fn(Tell<'_>) + Sync),
        guard: &'a Guard,
    ) -> Probes<'a> {
        let (summary, faults, seeds, estimates) = Default::default();
        let done = BTreeMap::new();
        Probes {
            scenario,
            search,
            lattice,
            progress,
            guard,
            done,
            estimates,
            part: None,
            is_thrifty: false,
            made: 0.0,
            left: USUAL,
            summary,
            faults,
            seeds,
        }
    }

    /// Runs the whole event at ×1. Returns when the other multiples may end, if before the event does.
    pub fn begin(&mut self) -> Result<Option<Time>, SearchError> {
        let (probe, outcome) = self.run(0)?;
        self.keep(0, probe);
        self.seeds.clone_from(&outcome.runs.seeds);
        self.summary = Some(outcome.scenario.clone());
        self.faults = outcome.faults.iter().map(|strike| strike.name.clone()).collect();
        self.faults.sort_unstable();
        self.faults.dedup();
        self.is_thrifty = !self.search.whole && enough::is_long(&outcome);
        let end = match self.is_thrifty {
            true => part::end(self.scenario, &outcome, self.search.up_to),
            false => None,
        };
        self.estimates.insert(0, outcome.headroom);
        Ok(end)
    }

    /// Ends the runs of all multiples early, ×1 again among them. Where that comes to another verdict than the whole event, all
    /// multiples run the whole event.
    pub fn shorten(&mut self, end: Option<Time>) -> Result<(), SearchError> {
        self.part = end.map(|end| self.scenario.until(end));
        if self.part.is_none() {
            return Ok(());
        }
        match self.run(0) {
            Ok((of_part, _)) if of_part.agrees_with(&self.done[&0]) => {
                self.done.insert(0, of_part);
                Ok(())
            }
            other => {
                self.part = None;
                other.map(|_| ())
            }
        }
    }

    /// Whether a run takes so long that what is not needed is left out.
    pub fn is_thrifty(&self) -> bool {
        self.is_thrifty
    }

    /// When the runs end, if before the event does.
    pub fn until(&self) -> Option<Time> {
        self.part.as_ref().map(|part| part.duration)
    }

    fn keep(&mut self, point: i32, probe: Probe) {
        let about = self.about();
        self.done.insert(point, probe);
        self.left = self.left.saturating_sub(1);
        (self.progress)(Tell::Multiple { probe: &self.done[&point], done: self.done.len(), about });
    }

    /// The probe of a point; runs it if it was not run before.
    pub fn at(&mut self, point: i32) -> Result<&Probe, SearchError> {
        if !self.done.contains_key(&point) {
            let (probe, outcome) = self.run(point)?;
            self.estimates.insert(point, outcome.headroom);
            self.keep(point, probe);
        }
        Ok(&self.done[&point])
    }

    /// About how many multiples there are in all, with one that is not done yet.
    fn about(&self) -> usize {
        self.done.len() + 1 + self.left
    }

    /// Makes the runs of a point.
    fn run(&mut self, point: i32) -> Result<(Probe, Outcome), SearchError> {
        let Search { seed, runs, threads, .. } = *self.search;
        let multiplier = self.lattice.multiplier(point);
        let event = self.part.as_ref().unwrap_or(self.scenario);
        let scaled = event.with_traffic(multiplier);
        let progress = self.progress;
        // Report the runs of all multiples that are likely to be needed, counted in whole events.
        let share = event.duration.as_secs_f64() / self.scenario.duration.as_secs_f64();
        let planned = (self.made + ((1 + self.left) * runs) as f64 * share).ceil() as usize;
        let tell = |told: Told| {
            progress(Tell::Run(match told {
                Told::Planned(_) => Told::Planned(planned),
                told => told,
            }))
        };
        let mut ensemble =
            Ensemble::new(&scaled, seed, threads, &[], &tell)?.guarded(self.guard).keeping_saturated();
        let first = enough::FIRST.value as usize;
        let mut decided = None;
        if self.is_thrifty && runs > first {
            ensemble.extend_to(first);
            let known = (ensemble.interruption().is_none() && ensemble.broken().is_none())
                .then(|| ensemble.outcome());
            decided = known.filter(|it| enough::is_decided(it, ensemble.runs().saturated()));
        }
        if decided.is_none() {
            ensemble.extend_to(runs);
        }
        if let Some(broken) = ensemble.broken() {
            return Err(SearchError::Own(Box::new(broken.clone())));
        }
        if let Some(interruption) = ensemble.interruption() {
            let interruption = Box::new(interruption.clone());
            return Err(SearchError::Interrupted { interruption, known: None });
        }
        let outcome = decided.unwrap_or_else(|| ensemble.outcome());
        let probe = Probe::of(multiplier, &outcome, ensemble.runs().saturated());
        self.made += ensemble.runs().count() as f64 * share;
        Ok((probe, outcome))
    }

    /// The probe of a point that was run.
    pub fn known(&self, point: i32) -> Option<&Probe> {
        self.done.get(&point)
    }

    /// Headroom of the runs of the whole event at ×1.
    pub fn headroom(&self) -> &[Headroom] {
        self.estimates.get(&0).map_or(&[], Vec::as_slice)
    }

    /// The multiple at which a resource fills, as the runs at a point where it is not yet full estimate it.
    pub fn estimate(&self, point: i32, of: Resource) -> Option<f64> {
        let headroom = self.estimates.get(&point)?.iter().find(|it| it.of == of && !it.saturated)?;
        Some(self.lattice.multiplier(point) * headroom.limit()?)
    }

    /// Whether more instances or nodes could end what is full at a point: nothing is full there that cannot grow.
    pub fn may_pass_again(&self, point: i32) -> bool {
        let grows = |of: &Resource| self.headroom().iter().any(|it| it.of == *of && it.at_maximum.is_some());
        self.done.get(&point).is_none_or(|probe| probe.saturated.iter().all(grows))
    }

    /// What can break; ×1 has been run. An objective that is unknown there, because a price is missing, is not looked for.
    pub fn subjects(&self) -> Vec<Subject> {
        let is_unknown = |index: usize| {
            let verdicts = self.known(0).map(|probe| &probe.objectives);
            verdicts.and_then(|it| it.get(index)).is_some_and(Verdict::is_unknown)
        };
        let objectives = self.scenario.objectives.iter().enumerate().filter(|(index, _)| !is_unknown(*index));
        let objectives =
            objectives.map(|(index, objective)| Subject::Objective { index, text: objective.text.clone() });
        // Demand for connections follows from the size of the fleets, not from the traffic: a lack of them shows in the
        // pools.
        let resources = self.headroom().iter().filter(|it| it.of.follows_traffic());
        let resources = resources.map(|it| Subject::Saturation { of: it.of, resource: it.resource.clone() });
        objectives.chain(resources).chain([Subject::Goodput]).collect()
    }

    /// Points that were run, smallest first.
    pub fn points(&self) -> Vec<i32> {
        self.done.keys().copied().collect()
    }

    /// Points with the results of their runs.
    pub fn all(&self) -> impl Iterator<Item = (i32, &Probe)> {
        self.done.iter().map(|(point, probe)| (*point, probe))
    }

    pub fn into_probes(self) -> Vec<Probe> {
        self.done.into_values().collect()
    }
}
