//! Instance refresh: a group replaces every instance that it has, a few at a time, by those of a version.
//!
//! In: instants of the file. Out: activities that replace instances, as many at once as the percentages leave; the next ones
//! follow when the new ones have warmed up. How it ends is in `ending`. (EC2 Auto Scaling user guide, "Use an instance refresh to
//! update instances in an Auto Scaling group".)

use super::instance::{Made, Out, Refreshing, Stage};
use super::language::{Process, Refresh};
use super::model::{Fleets, Timer};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::measure::resource::Purpose;
use crate::number::setting;

impl Fleets<'_> {
    /// The refreshes of the file.
    pub(super) fn plan_refreshes(&self, fleet: usize, flow: &mut Flow) {
        for (which, refresh) in self.settings[fleet].refresh.iter().enumerate() {
            let (fleet, which) = (number(fleet), number(which));
            flow.set(Timer::Refresh { fleet, which }, refresh.at.0);
            if let Some(at) = refresh.cancel {
                flow.set(Timer::Cancel { fleet, which }, at.0);
            }
        }
    }

    /// A refresh begins, unless one is in progress, or an alarm is on by which it would fail.
    pub(super) fn begin_refresh(&mut self, fleet: u16, which: u16, flow: &mut Flow) {
        let (index, which) = (usize::from(fleet), usize::from(which));
        let (own, settings) = (&self.each[index], &self.settings[index]);
        let refresh = &settings.refresh[which];
        let (article, title) = self.title(index, which);
        if let Some(refreshing) = own.refreshing {
            let (of, other) = self.title(index, refreshing.which);
            let second = if other == title { "another one".into() } else { format!("{article} {title}") };
            let text = format!("{of} {other} is in progress: {second} does not begin");
            return self.say_of_refresh(index, text, flow);
        }
        if let Some(why) = self.alarm_on(index, which) {
            return self.say_of_refresh(index, format!("{article} {title} does not begin: {why}"), flow);
        }
        let version = refresh.version.unwrap_or(own.version);
        let entry = self.record(index, which, version, flow);
        let own = &mut self.each[index];
        own.serial += 1;
        let refreshing = Refreshing {
            which,
            version,
            before: own.created + 1,
            checkpoint: 0,
            stage: Stage::Replaces,
            back_from: None,
            serial: own.serial,
            takes_back: 0,
            extra: 0,
            entry,
        };
        self.each[index].refreshing = Some(refreshing);
        self.say_of_refresh(
            index,
            format!("{article} {title}{} begins", self.to_version(index, refreshing)),
            flow,
        );
        if let Some(deploy) = &settings.refresh[which].deploy {
            self.launch_extra(index, deploy, flow);
        }
        self.steps_forward(index, flow);
        self.go_on_refreshing(index, flow);
    }

    /// Replaces as many old instances as may be, and ends the refresh if none is left and the new ones are warm.
    pub(super) fn go_on_refreshing(&mut self, fleet: usize, flow: &mut Flow) {
        let held = [Process::InstanceRefresh, Process::Launch, Process::Terminate];
        while let Some(refreshing) = self.each[fleet].refreshing {
            let settings = self.settings;
            let refresh = &settings[fleet].refresh[refreshing.which];
            let in_place = refresh.deploy.as_ref().filter(|deploy| deploy.strategy.is_in_place());
            if refreshing.stage == Stage::Bakes {
                return;
            }
            if let Some(deploy) = in_place {
                return self.go_on_in_place(fleet, refreshing, deploy, flow);
            }
            if self.is_any_suspended(fleet, held, flow) {
                return;
            }
            if let Some(deploy) = &refresh.deploy {
                return self.go_on_beside(fleet, refresh, deploy, flow);
            }
            let desired = flow.groups[fleet].desired;
            if refreshing.stage == Stage::Waits || self.are_enough_new(fleet, refreshing, refresh, flow) {
                return self.reach_checkpoint(fleet, refreshing, refresh, flow);
            }
            let Some(old) = self.next_old(fleet, refreshing, flow) else {
                return self.end_refresh(fleet, refreshing, flow);
            };
            let (purpose, cause) = match refreshing.back_from {
                None => (Purpose::Refresh, "an instance refresh replaces an instance"),
                Some(_) => (Purpose::Rollback, "a rollback replaces an instance"),
            };
            self.instances[old as usize].taken_by = Some(purpose);
            let (fewest, most) = (refresh.healthy.fewest(desired), refresh.healthy.most(desired));
            let weight = flow.hosts[old as usize].weight;
            if most > desired {
                let there = flow.capacity(fleet, |lifecycle| !lifecycle.is_terminating());
                let is_full = there.saturating_add(weight) > most && self.has_no_turn(fleet, flow);
                if is_full || !self.launch_in_place_of(old, cause, flow) {
                    return;
                }
                continue;
            }
            let ready = self.that_count(fleet, refreshing, refresh, flow);
            // One at a time goes on whatever the percentage is, and what fails its checks is no part of it.
            if ready < fewest.saturating_add(weight) && ready < desired && self.passes(old, flow) {
                return;
            }
            self.replace(old, cause, flow);
        }
    }

    /// Whether no instance may come now beyond what there may be: of several types one at a time may, whatever it counts for.
    fn has_no_turn(&self, fleet: usize, flow: &Flow) -> bool {
        let mut alive = flow.groups[fleet].alive.iter();
        !self.is_mixed(fleet) || alive.any(|&it| self.instances[it as usize].relieves.is_some())
    }

    /// Whether a refresh is to replace what was made so: what was there when it began, or in a rollback what it has brought since.
    pub(super) fn is_old(&self, fleet: usize, refreshing: Refreshing, made: Made) -> bool {
        let skips = self.settings[fleet].refresh[refreshing.which].skip_matching;
        match refreshing.back_from {
            None => {
                let has_it =
                    made.restarted_by == refreshing.serial || skips && made.version == refreshing.version;
                (made.order < refreshing.before || self.came_beside_canary(fleet, refreshing, made))
                    && !has_it
            }
            // What the rollback has restarted is not of what it takes back.
            Some(_) if made.restarted_by == refreshing.serial => false,
            Some(until) => {
                let has_come = (refreshing.before..until).contains(&made.order);
                has_come && !self.came_beside_canary(fleet, refreshing, made)
                    || made.restarted_by == refreshing.takes_back
            }
        }
    }

    /// Whether it is to replace an instance.
    pub(super) fn is_old_one(
        &self,
        fleet: usize,
        refreshing: Refreshing,
        instance: u32,
        flow: &Flow,
    ) -> bool {
        self.is_old(fleet, refreshing, self.made(instance, flow))
    }

    /// Whether an instance passes the checks by which its group judges it. What was there before the run passes until it fails.
    fn passes(&self, instance: u32, flow: &Flow) -> bool {
        let host = &flow.hosts[instance as usize];
        let is_judged = match self.strategy(host.group) {
            Some(_) => self.each[host.group].checked,
            None => self.settings[host.group].elb_health && !flow.groups[host.group].calls.is_empty(),
        };
        !is_judged || host.unregistered || self.instances[instance as usize].passes.unwrap_or(host.seasoned)
    }

    /// The next instance in service to be replaced: one that fails its checks, else the oldest.
    pub(super) fn next_old(&self, fleet: usize, refreshing: Refreshing, flow: &Flow) -> Option<u32> {
        let old = || {
            self.unprotected(fleet, flow).filter(|&it| {
                let host = &flow.hosts[it as usize];
                let is_there = host.lifecycle == Lifecycle::InService && !host.is_lost();
                is_there && self.is_old_one(fleet, refreshing, it, flow)
            })
        };
        old().find(|&it| !self.passes(it, flow)).or_else(|| old().next())
    }

    /// Instances in service that count: old ones, and new ones that are warm, if they pass their checks.
    pub(super) fn that_count(
        &self,
        fleet: usize,
        refreshing: Refreshing,
        refresh: &Refresh,
        flow: &Flow,
    ) -> u32 {
        let warmup = refresh.warmup.unwrap_or(self.settings[fleet].warmup).0;
        let staying = self.staying(fleet, flow).filter(|&it| {
            let host = &flow.hosts[it as usize];
            let answers = refresh.deploy.is_none() || self.gets_requests(it, flow);
            let is_up = host.lifecycle == Lifecycle::InService && !host.is_lost() && answers;
            let is_there = is_up && self.passes(it, flow);
            let is_warm = || host.seasoned || host.in_service.saturating_add(warmup) <= flow.now;
            is_there
                && (is_warm()
                    || host.number < refreshing.before
                    || self.is_old_one(fleet, refreshing, it, flow))
        });
        flow.capacity_of(staying)
    }

    /// Whether so many old instances have left or been relieved that the next checkpoint is reached once their successors are warm.
    /// That all are replaced is no checkpoint, and a rollback has none.
    fn are_enough_new(&self, fleet: usize, refreshing: Refreshing, refresh: &Refresh, flow: &Flow) -> bool {
        let desired = flow.groups[fleet].desired;
        let wanted = refresh.new_at(refreshing.checkpoint, desired);
        let old = self.staying(fleet, flow).filter(|&it| self.is_old_one(fleet, refreshing, it, flow));
        let is_last = refreshing.checkpoint == refresh.checkpoints.len();
        let is_one = !(is_last && refresh.last >= 1.0) && refreshing.back_from.is_none();
        is_one && desired.saturating_sub(flow.capacity_of(old)) >= wanted
    }

    /// The instances of a checkpoint are new: when they are warm, the refresh waits, or ends at its last one.
    fn reach_checkpoint(&mut self, fleet: usize, refreshing: Refreshing, refresh: &Refresh, flow: &mut Flow) {
        let (checkpoint, desired) = (refreshing.checkpoint, flow.groups[fleet].desired);
        let old = self.staying(fleet, flow).filter(|&it| {
            let host = &flow.hosts[it as usize];
            let is_there = host.lifecycle == Lifecycle::InService && !host.is_lost() && self.passes(it, flow);
            is_there && self.is_old_one(fleet, refreshing, it, flow)
        });
        let old = flow.capacity_of(old);
        let warm = self.that_count(fleet, refreshing, refresh, flow).saturating_sub(old);
        if refreshing.stage == Stage::Waits || warm < refresh.new_at(checkpoint, desired) {
            return;
        }
        let share = setting(refresh.checkpoints.get(checkpoint).copied().unwrap_or(refresh.last));
        if checkpoint == refresh.checkpoints.len() {
            let text = format!("the instance refresh ends: {share} of the instances are replaced");
            return self.all_replaced(fleet, refreshing, text, flow);
        }
        let text = format!(
            "the instance refresh waits {} at a checkpoint: {share} of the instances are replaced",
            refresh.delay
        );
        self.say_of_refresh(fleet, text, flow);
        self.each[fleet].refreshing = Some(Refreshing { stage: Stage::Waits, ..refreshing });
        flow.cancel(Timer::GivesUp { fleet: number(fleet) });
        flow.set(Timer::Checkpoint { fleet: number(fleet) }, flow.now.saturating_add(refresh.delay.0));
    }

    /// The wait at a checkpoint is over.
    pub(super) fn pass_checkpoint(&mut self, fleet: usize, flow: &mut Flow) {
        if let Some(refreshing) = &mut self.each[fleet].refreshing {
            (refreshing.stage, refreshing.checkpoint) = (Stage::Replaces, refreshing.checkpoint + 1);
            self.steps_forward(fleet, flow);
            self.go_on_refreshing(fleet, flow);
        }
    }

    /// An instance comes into service while its group is refreshed: it counts when it is warm.
    pub(super) fn watch_refresh(&self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        if let Some(refreshing) = self.each[fleet].refreshing {
            let settings = &self.settings[fleet];
            let warmup = settings.refresh[refreshing.which].warmup.unwrap_or(settings.warmup);
            flow.set(Timer::Warm { instance }, flow.now.saturating_add(warmup.0));
        }
    }

    /// A new instance is warm, in a refresh or under a maintenance policy: the one that it stands in for ends, and the next ones of
    /// a refresh follow. In a refresh it passes its checks as well, or all of this waits until it does.
    pub(super) fn is_warm(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        let is_there = host.lifecycle == Lifecycle::InService && !host.is_lost();
        let counts = match self.each[fleet].refreshing {
            None => is_there,
            Some(_) => is_there && self.passes(instance, flow),
        };
        match self.strategy(fleet) {
            Some(strategy) if counts && self.gets_requests(instance, flow) => {
                // Beside each other, the old ones end together.
                if strategy.is_in_place() {
                    self.relieve(instance, flow);
                }
                self.steps_forward(fleet, flow);
            }
            Some(_) => {}
            None if counts => {
                self.relieve(instance, flow);
                self.steps_forward(fleet, flow);
            }
            None => {}
        }
        self.go_on_refreshing(fleet, flow);
    }

    /// An instance passes its checks while its group is refreshed: it counts if it is warm by now.
    pub(super) fn passes_checks(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        if self.instances[instance as usize].out == Some(Out::Unproven) {
            return self.is_back_in(instance, flow);
        }
        let Some(refreshing) = self.each[host.group].refreshing else { return };
        let settings = &self.settings[host.group];
        let warmup = settings.refresh[refreshing.which].warmup.unwrap_or(settings.warmup);
        let is_judged = settings.elb_health || self.strategy(host.group).is_some();
        if is_judged && host.in_service.saturating_add(warmup.0) <= flow.now {
            self.is_warm(instance, flow);
        }
    }

    /// The application of an instance answers while there is a deployment: it counts, if it passes its checks.
    pub(super) fn answers_in_deployment(&mut self, instance: u32, flow: &mut Flow) {
        if self.strategy(flow.hosts[instance as usize].group).is_some() {
            self.is_warm(instance, flow);
        }
    }
}
