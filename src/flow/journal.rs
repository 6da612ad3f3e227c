//! What happened in a run and is shown on the page: scaling activities and incidents.
//!
//! In: events worth showing. Out: lists in the order of time.

use crate::id::{FleetId, Kind, Reference};
use crate::measure::deployment::{Deployment, Ended};
use crate::measure::strike::Strike;
use crate::measure::totals::{Activity, AlarmChange, Incident};

/// Most incidents that are kept.
const MOST_INCIDENTS: usize = 10_000;
/// Most changes of alarms that are kept.
const MOST_CHANGES: usize = 10_000;

/// Activities and incidents so far.
#[derive(Debug, Default)]
pub struct Journal {
    /// Activities, and how many of their instances are still in transition.
    activities: Vec<(Activity, u32)>,
    incidents: Vec<Incident>,
    alarms: Vec<AlarmChange>,
    /// Deployments, and how many requests had failed when each began.
    deployments: Vec<(Deployment, u64)>,
    strikes: Vec<Strike>,
}

/// A journal that is complete.
#[derive(Debug)]
pub struct Written {
    /// Auto Scaling activities.
    pub activities: Vec<Activity>,
    /// Other incidents.
    pub incidents: Vec<Incident>,
    /// Alarms that have gone to another state.
    pub alarms: Vec<AlarmChange>,
    /// Deployments, refreshes included.
    pub deployments: Vec<Deployment>,
    /// Strikes of faults.
    pub strikes: Vec<Strike>,
}

impl Journal {
    /// Records an incident at a resource.
    pub fn incident(&mut self, now: u64, (kind, name): (Kind, &str), text: String) {
        if self.incidents.len() < MOST_INCIDENTS {
            let (resource, of) = (name.to_owned(), Some(Reference { kind, name: name.into() }));
            self.incidents.push(Incident { at_s: now as f64 / 1e9, resource, of, text });
        }
    }

    /// Records a scaling activity from one desired capacity to another, which launches and terminates this many
    /// instances; returns its number.
    pub fn activity(
        &mut self,
        now: u64,
        (index, fleet): (usize, &str),
        (from, to): (u32, u32),
        cause: String,
        (launches, terminations): (u32, u32),
    ) -> usize {
        let at_s = now as f64 / 1e9;
        let instances = launches + terminations;
        let done_s = (instances == 0).then_some(at_s);
        let (fleet, of) = (fleet.into(), Some(FleetId(index as u32)));
        let activity = Activity { at_s, done_s, fleet, of, from, to, cause, launches, called_off: 0 };
        self.activities.push((activity, instances));
        self.activities.len() - 1
    }

    /// A launch of an activity is called off before the instance is in service.
    pub fn launch_called_off(&mut self, activity: usize) {
        self.activities[activity].0.called_off += 1;
    }

    /// One instance of an activity has reached its target state; returns whether that was the last one.
    pub fn activity_done(&mut self, activity: usize, now: u64) -> bool {
        let (activity, left) = &mut self.activities[activity];
        *left = left.saturating_sub(1);
        if *left == 0 {
            activity.done_s = Some(now as f64 / 1e9);
        }
        *left == 0
    }

    /// Records that an alarm has gone to another state; returns its number, if there is room for it.
    pub fn alarm(&mut self, change: AlarmChange) -> Option<usize> {
        let number = Some(self.alarms.len()).filter(|&number| number < MOST_CHANGES);
        self.alarms.extend(number.map(|_| change));
        number
    }

    /// An alarm notifies of a change that was recorded.
    pub fn notified(&mut self, change: Option<usize>, now: u64) {
        if let Some(change) = change.and_then(|number| self.alarms.get_mut(number)) {
            change.notified_s = Some(now as f64 / 1e9);
        }
    }

    /// A deployment begins, when so many requests have failed; returns its number.
    pub fn deployment(&mut self, begun: Deployment, failed: u64) -> usize {
        self.deployments.push((begun, failed));
        self.deployments.len() - 1
    }

    /// So many instances serve while a deployment is in progress, and so many requests have failed.
    pub fn deploying(&mut self, number: usize, serving: u32, failed: u64) {
        let (deployment, before) = &mut self.deployments[number];
        deployment.least = deployment.least.min(serving);
        deployment.failed = failed - *before;
    }

    /// A deployment does not come to its end, and why.
    pub fn deployment_turned(&mut self, number: usize, ended: Ended, reason: Option<String>, now: u64) {
        let (deployment, _) = &mut self.deployments[number];
        if deployment.turned_s.is_none() {
            (deployment.turned_s, deployment.reason) = (Some(now as f64 / 1e9), reason);
        }
        deployment.ended = ended;
    }

    /// Nothing more comes of a deployment; it is complete unless it has turned.
    pub fn deployment_over(&mut self, number: usize, now: u64) {
        let (deployment, _) = &mut self.deployments[number];
        deployment.done_s = Some(now as f64 / 1e9);
        if deployment.ended == Ended::Open {
            deployment.ended = Ended::Complete;
        }
    }

    /// So many requests have failed because of a deployment. Up to its end all that fail are counted anyway.
    pub fn failed_after(&mut self, number: usize, failed: u64) {
        let (deployment, _) = &mut self.deployments[number];
        if deployment.done_s.is_some() {
            deployment.failed += failed;
        }
    }

    /// The deployments so far.
    pub fn deployments(&self) -> impl Iterator<Item = &Deployment> {
        self.deployments.iter().map(|(deployment, _)| deployment)
    }

    /// What became of the strikes of faults.
    pub fn strikes(&mut self, all: Vec<Strike>) {
        self.strikes = all;
    }

    /// All that was recorded.
    pub fn close(self) -> Written {
        let activities = self.activities.into_iter().map(|(activity, _)| activity).collect();
        let deployments = self.deployments.into_iter().map(|(deployment, _)| deployment).collect();
        let (incidents, alarms, strikes) = (self.incidents, self.alarms, self.strikes);
        Written { activities, incidents, alarms, deployments, strikes }
    }
}
