//! Deployments that launch: a second set of instances comes beside the first one, which ends when all of the second pass their checks.
//!
//! In: a deployment in progress. Out: launches, of which one or a share comes first; and old instances that end, or are kept for a while.
//! (Elastic Beanstalk developer guide, "Immutable environment updates", "How traffic-splitting deployments work"; CodeDeploy user guide, "Overview of
//! an EC2/On-Premises blue/green deployment"; Amazon ECS API reference, DeploymentConfiguration.)

use super::instance::{Green, Made, Refreshing, Stage};
use super::language::{Deploy, Refresh, Strategy};
use super::model::{Fleets, Timer};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::measure::resource::Purpose;
use crate::number::things;

impl Fleets<'_> {
    /// Launches what may be launched now, and lets the old ones end if all of the new ones serve.
    pub(super) fn go_on_beside(&mut self, fleet: usize, refresh: &Refresh, deploy: &Deploy, flow: &mut Flow) {
        loop {
            let Some(refreshing) = self.each[fleet].refreshing else { return };
            if refreshing.stage != Stage::Replaces || self.brings_blue_back(fleet, refreshing, flow) {
                return;
            }
            let new = self.new_ones(fleet, flow);
            let serving = new.iter().filter(|&&it| self.gets_requests(it, flow)).count() as u32;
            let first = match (deploy.strategy, refreshing.checkpoint) {
                (Strategy::Immutable, 0) => 1,
                (Strategy::Canary, 0) => deploy.batch.of(flow.groups[fleet].desired),
                _ => u32::MAX,
            };
            if serving >= first {
                self.first_serve(fleet, refreshing, refresh, deploy, flow);
                continue;
            }
            if (new.len() as u32) < first
                && let Some(old) = self.next_old(fleet, refreshing, flow)
            {
                match self.launch_beside(old, refreshing, flow) {
                    true => continue,
                    false => return,
                }
            }
            let is_alone = |it| self.is_old_one(fleet, refreshing, it, flow);
            if self.staying(fleet, flow).any(is_alone) {
                return;
            }
            self.open_green(fleet, &new, flow);
            if serving < new.len() as u32 {
                return;
            }
            let keeps = deploy.strategy == Strategy::BlueGreen && refreshing.back_from.is_none();
            return self.switch(fleet, new, keeps && refresh.bake.0 > 0, flow);
        }
    }

    /// Whether an instance was launched while a canary was watched, with the version before.
    pub(super) fn came_beside_canary(&self, fleet: usize, refreshing: Refreshing, made: Made) -> bool {
        let refresh = &self.settings[fleet].refresh[refreshing.which];
        let is_canary = refresh.deploy.as_ref().is_some_and(|deploy| deploy.strategy == Strategy::Canary);
        let to = refresh.version.unwrap_or(self.each[fleet].version);
        is_canary && made.order >= refreshing.before && made.version != to
    }

    /// Instances that stand beside old ones.
    fn new_ones(&self, fleet: usize, flow: &Flow) -> Vec<u32> {
        let alive = flow.groups[fleet].alive.iter().copied();
        alive.filter(|&it| self.instances[it as usize].relieves.is_some()).collect()
    }

    fn launch_beside(&mut self, old: u32, refreshing: Refreshing, flow: &mut Flow) -> bool {
        let (purpose, cause) = match refreshing.back_from {
            None => {
                (Purpose::Deployment, "a deployment launches an instance that takes the place of another one")
            }
            Some(_) => {
                (Purpose::Rollback, "a rollback launches an instance that takes the place of another one")
            }
        };
        self.instances[old as usize].taken_by = Some(purpose);
        self.launch_in_place_of(old, cause, flow)
    }

    /// The first one of a second set serves, or its canary: the rest follows, at once or after a while.
    fn first_serve(
        &mut self,
        fleet: usize,
        refreshing: Refreshing,
        refresh: &Refresh,
        deploy: &Deploy,
        flow: &mut Flow,
    ) {
        if deploy.strategy == Strategy::Immutable {
            self.each[fleet].refreshing = Some(Refreshing { checkpoint: 1, ..refreshing });
            return;
        }
        let count = deploy.batch.of(flow.groups[fleet].desired);
        let (verb, its) = if count == 1 { ("is", "its") } else { ("are", "their") };
        let settings = &self.settings[fleet];
        let with = match settings.versions.is_empty() {
            true => String::new(),
            false => format!(" with {its} version `{}`", settings.version_name(refreshing.version)),
        };
        let text = format!(
            "{} of the canary {verb} in service{with}, and watched for {}",
            things(count.into(), "instance"),
            refresh.delay
        );
        self.say_of_refresh(fleet, text, flow);
        self.each[fleet].refreshing = Some(Refreshing { stage: Stage::Waits, ..refreshing });
        flow.cancel(Timer::GivesUp { fleet: number(fleet) });
        flow.set(Timer::Checkpoint { fleet: number(fleet) }, flow.now.saturating_add(refresh.delay.0));
    }

    /// All of the new ones serve: the old ones leave, and end or are kept.
    fn switch(&mut self, fleet: usize, new: Vec<u32>, keeps: bool, flow: &mut Flow) {
        for instance in new {
            if let Some((old, _)) = self.instances[instance as usize].relieves {
                self.instances[old as usize].kept = keeps;
            }
            self.relieve(instance, flow);
        }
        if let Some(refreshing) = self.each[fleet].refreshing {
            self.end_refresh(fleet, refreshing, flow);
        }
    }

    /// A green instance is ready for its balancers: it is not registered before all of them run.
    pub(super) fn is_held_back(&mut self, instance: u32, flow: &mut Flow) -> bool {
        let fleet = flow.hosts[instance as usize].group;
        let own = &self.instances[instance as usize];
        let is_green = self.strategy(fleet) == Some(Strategy::BlueGreen) && own.relieves.is_some();
        if !is_green || own.green == Some(Green::Opened) {
            return false;
        }
        flow.hosts[instance as usize].lifecycle = Lifecycle::PendingWait;
        self.instances[instance as usize].green = Some(Green::Held);
        self.go_on_refreshing(fleet, flow);
        true
    }

    /// Registers the green instances, if all of them are held back and run.
    fn open_green(&mut self, fleet: usize, new: &[u32], flow: &mut Flow) {
        let is_ready = |&it: &u32| {
            self.instances[it as usize].green == Some(Green::Held) && flow.hosts[it as usize].is_running()
        };
        if self.strategy(fleet) != Some(Strategy::BlueGreen) || new.is_empty() || !new.iter().all(is_ready) {
            return;
        }
        let count = things(new.len() as f64, "green instance");
        let verb = if new.len() == 1 { "is" } else { "are" };
        self.say_of_refresh(fleet, format!("{count} {verb} up and registered"), flow);
        for &instance in new {
            self.instances[instance as usize].green = Some(Green::Opened);
            self.put_in_service(instance, flow);
        }
    }

    /// In a rollback, the blue instances that are kept are registered again, and the green ones end when they pass their checks. Returns
    /// whether there are some.
    fn brings_blue_back(&mut self, fleet: usize, refreshing: Refreshing, flow: &mut Flow) -> bool {
        let Some(until) = refreshing.back_from else { return false };
        let kept = |&it: &u32| self.instances[it as usize].kept && !flow.hosts[it as usize].is_lost();
        let blue: Vec<u32> = flow.groups[fleet].alive.iter().copied().filter(kept).collect();
        for &instance in &blue {
            self.stays_after_all(instance, flow);
        }
        let is_out =
            |it: u32| self.instances[it as usize].out.is_some() && !flow.hosts[it as usize].is_lost();
        if !blue.is_empty() || self.staying(fleet, flow).any(is_out) {
            return true;
        }
        let old = |it: &u32| self.is_old_one(fleet, refreshing, *it, flow);
        let blue = self.staying(fleet, flow).filter(|it| !old(it) && flow.hosts[*it as usize].number < until);
        let green: Vec<u32> = self.staying(fleet, flow).filter(old).collect();
        if green.is_empty() || flow.capacity_of(blue) < flow.groups[fleet].desired {
            return false;
        }
        let desired = flow.groups[fleet].desired;
        let of = (fleet, self.settings[fleet].name.as_str());
        let cause = "a rollback ends the green instances".to_owned();
        let ends = green.len() as u32;
        let activity = flow.journal.activity(flow.now, of, (desired, desired), cause, (0, ends));
        flow.groups[fleet].under_way += 1;
        for instance in green {
            self.instances[instance as usize].taken_by = Some(Purpose::Rollback);
            self.terminate(instance, Some(activity), flow);
        }
        self.end_refresh(fleet, refreshing, flow);
        true
    }

    /// A blue instance that was to end is in service again.
    fn stays_after_all(&mut self, instance: u32, flow: &mut Flow) {
        self.instances[instance as usize].kept = false;
        flow.cancel(Timer::Drained { instance });
        let host = &mut flow.hosts[instance as usize];
        (host.lifecycle, host.draining, host.idle_since) = (Lifecycle::InService, false, u64::MAX);
        self.activity_done(instance, flow);
        self.register_again(instance, flow);
    }

    /// The blue instances are not wanted any more: they end, as soon as they have drained.
    pub(super) fn end_blue(&mut self, fleet: usize, flow: &mut Flow) {
        let kept = |&it: &u32| self.instances[it as usize].kept;
        let blue: Vec<u32> = flow.groups[fleet].alive.iter().copied().filter(kept).collect();
        for instance in blue {
            self.instances[instance as usize].kept = false;
            if flow.hosts[instance as usize].lifecycle == Lifecycle::TerminatingWait {
                self.emptied(instance, flow);
            }
        }
    }
}
