//! Runs of a multiple of the traffic, each multiple once. In: a point. Out: a [`Probe`]: what its runs came to.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::{Deserialize, Serialize};

use super::lattice::Lattice;
use super::limit::Subject;
use super::{Search, SearchError};
use crate::ensemble::{Ensemble, Told};
use crate::guard::Guard;
use crate::outcome::{Headroom, Outcome, ScenarioSummary, Verdict};
use crate::scenario::Scenario;

/// What the runs of one multiple came to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// Times the traffic of the scenario.
    pub multiplier: f64,
    /// Requests that arrived, per second.
    pub offered_per_s: f64,
    /// Requests that completed, per second.
    pub goodput_per_s: f64,
    /// Completed over arrived requests.
    pub answered: f64,
    /// Verdicts on the objectives, in the order of the file.
    pub objectives: Vec<Verdict>,
    /// Resources that had nothing left to give for a while.
    pub saturated: Vec<String>,
}

impl Probe {
    fn of(multiplier: f64, outcome: &Outcome) -> Probe {
        let saturated = outcome.headroom.iter().filter(|it| it.saturated).map(|it| it.resource.clone());
        Probe {
            multiplier,
            offered_per_s: outcome.requests.arrived / outcome.scenario.duration_s,
            goodput_per_s: outcome.goodput_per_s,
            answered: outcome.requests.completed / outcome.requests.arrived.max(1.0),
            objectives: outcome.objectives.clone(),
            saturated: saturated.collect(),
        }
    }
}

/// Every multiple that was run.
pub(super) struct Probes<'a> {
    pub scenario: &'a Scenario,
    search: &'a Search,
    lattice: Lattice,
    progress: &'a (dyn Fn(Told) + Sync),
    guard: &'a Guard,
    done: BTreeMap<i32, Probe>,
    /// Of the runs at ×1.
    pub headroom: Vec<Headroom>,
    /// Of the runs at ×1.
    pub summary: Option<ScenarioSummary>,
    /// Of every multiple.
    pub seeds: Vec<u64>,
}

impl<'a> Probes<'a> {
    pub fn new(
        scenario: &'a Scenario,
        search: &'a Search,
        lattice: Lattice,
        progress: &'a (dyn Fn(Told) + Sync),
        guard: &'a Guard,
    ) -> Probes<'a> {
        let (headroom, summary, seeds) = Default::default();
        Probes { scenario, search, lattice, progress, guard, done: BTreeMap::new(), headroom, summary, seeds }
    }

    /// The probe of a point; runs it if nobody has.
    pub fn at(&mut self, point: i32) -> Result<&Probe, SearchError> {
        let before = self.done.len() * self.search.runs;
        let slot = match self.done.entry(point) {
            Entry::Occupied(slot) => return Ok(slot.into_mut()),
            Entry::Vacant(slot) => slot,
        };
        let Search { seed, runs, threads, .. } = *self.search;
        let multiplier = self.lattice.multiplier(point);
        let scaled = self.scenario.with_traffic(multiplier);
        let progress = self.progress;
        // Of all multiples so far.
        let tell = |told: Told| {
            progress(match told {
                Told::Planned(runs) => Told::Planned(before + runs),
                told => told,
            })
        };
        let mut ensemble = Ensemble::new(&scaled, seed, threads, &[], &tell)?.guarded(self.guard);
        ensemble.extend_to(runs);
        if let Some(interruption) = ensemble.interruption() {
            return Err(Box::new(interruption.clone()).into());
        }
        let outcome = ensemble.outcome();
        if point == 0 {
            self.headroom.clone_from(&outcome.headroom);
            self.seeds.clone_from(&outcome.runs.seeds);
            self.summary = Some(outcome.scenario.clone());
        }
        Ok(slot.insert(Probe::of(multiplier, &outcome)))
    }

    /// What can break, once ×1 was run.
    pub fn subjects(&self) -> Vec<Subject> {
        let objectives = self.scenario.objectives.iter().enumerate();
        let objectives =
            objectives.map(|(index, objective)| Subject::Objective { index, text: objective.text.clone() });
        let resources = self.headroom.iter().map(|it| Subject::Saturation { resource: it.resource.clone() });
        objectives.chain(resources).chain([Subject::Goodput]).collect()
    }

    /// Points that were run, from the smallest.
    pub fn points(&self) -> Vec<i32> {
        self.done.keys().copied().collect()
    }

    /// Points with what their runs came to.
    pub fn all(&self) -> impl Iterator<Item = (i32, &Probe)> {
        self.done.iter().map(|(point, probe)| (*point, probe))
    }

    pub fn into_probes(self) -> Vec<Probe> {
        self.done.into_values().collect()
    }
}
