//! Launches of tasks on AWS Fargate.
//!
//! In: launches that a service decides on. Out: when Fargate takes each, and each stage of its start. The account has a bucket of
//! launches in each Region, one for tasks on demand and one for Spot, which all of its services share. A launch beyond it waits for
//! its turn. (Amazon ECS developer guide, "AWS Fargate throttling quotas", "Amazon ECS task lifecycle".)

use super::language::{On, Tasks};
use super::launch_rate::FargateRate;
use super::model::Fleets;
use super::prepared::Start;
use crate::catalog::zone::Place;
use crate::dist::Sampler;
use crate::flow::Flow;
use crate::units::Time;

impl Fleets<'_> {
    /// Launches a task or a pod.
    pub(super) fn launch_task(
        &mut self,
        fleet: usize,
        activity: Option<usize>,
        place: Place,
        warmup: Time,
        flow: &mut Flow,
    ) -> u32 {
        let spans = self.stages_of_task(fleet);
        let [decision, provisioning, pull, start, application] = spans;
        let asked = flow.now.saturating_add(decision);
        let taken = match self.settings[fleet].tasks.as_ref().map(|tasks| &tasks.on) {
            Some(On::Fargate) => self.fargate_takes(fleet, asked, flow),
            _ => asked,
        };
        // The bill begins with the pull; a task is RUNNING, and registered, once its container has started.
        let pulls = taken.saturating_add(provisioning);
        let runs = pulls.saturating_add(pull).saturating_add(start);
        let answers = runs.saturating_add(application);
        let start = Start { place, billed: pulls, runs, stages: [runs; 3], answers, account: None };
        self.begin_launch(fleet, activity, warmup, &start, flow)
    }

    /// How long each stage of the start of a task takes.
    pub(super) fn stages_of_task(&mut self, fleet: usize) -> [u64; 5] {
        let boot = &self.settings[fleet].boot;
        let (bootstrap, application) = self.settings[fleet].version_boot(self.wanted_version(fleet));
        let stages = [&boot.decision, &boot.launch, &boot.system, bootstrap, application];
        let mut streams = self.each[fleet].boot.iter_mut();
        stages.map(|law| streams.next().map_or(0, |stream| Sampler::new(law).time(stream).0))
    }

    /// When Fargate takes a launch of a fleet that asks for it at an instant.
    fn fargate_takes(&mut self, fleet: usize, asked: u64, flow: &Flow) -> u64 {
        let region = self.settings[fleet].azs.first().and_then(|zone| zone.region());
        let spot = self.is_next_spot(fleet, flow);
        let own = self.fargate.iter().position(|rate| (rate.region, rate.spot) == (region, spot));
        let own = own.unwrap_or_else(|| {
            self.fargate.push(FargateRate { region, spot, full: 0 });
            self.fargate.len() - 1
        });
        self.fargate[own].take(asked)
    }
}

impl Tasks {
    /// Whether they are on AWS Fargate.
    pub fn is_fargate(&self) -> bool {
        self.on == On::Fargate
    }
}
