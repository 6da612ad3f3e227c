//! Instance refresh: a group replaces every instance that it has, a few at a time.
//!
//! In: instants of the file. Out: activities that replace instances, as many at once as the percentages leave; the next ones
//! follow when the new ones have warmed up. (EC2 Auto Scaling user guide, "Use an instance refresh to update instances in an Auto
//! Scaling group".)

use super::instance::Refreshing;
use super::language::{Process, Refresh};
use super::model::{Fleets, Timer};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::resource::Purpose;
use crate::number::setting;

/// Why an instance is replaced.
const CAUSE: &str = "an instance refresh replaces an instance";

impl Fleets<'_> {
    /// The refreshes of the file.
    pub(super) fn plan_refreshes(&self, fleet: usize, flow: &mut Flow) {
        for (which, refresh) in self.settings[fleet].refresh.iter().enumerate() {
            flow.set(Timer::Refresh { fleet: number(fleet), which: number(which) }, refresh.at.0);
        }
    }

    /// A refresh begins, unless one is in progress.
    pub(super) fn begin_refresh(&mut self, fleet: u16, which: u16, flow: &mut Flow) {
        let index = usize::from(fleet);
        let text = match self.each[index].refreshing {
            Some(_) => "an instance refresh is in progress: another one does not begin",
            None => "an instance refresh begins",
        };
        flow.incident(id::Kind::Fleet, &self.settings[index].name, text.into());
        if self.each[index].refreshing.is_none() {
            let before = self.each[index].created + 1;
            self.each[index].refreshing =
                Some(Refreshing { which: which.into(), before, checkpoint: 0, waits: false });
            self.go_on_refreshing(index, flow);
        }
    }

    /// Replaces as many old instances as may be, and ends the refresh if none is left and the new ones are warm.
    pub(super) fn go_on_refreshing(&mut self, fleet: usize, flow: &mut Flow) {
        let held = [Process::InstanceRefresh, Process::Launch, Process::Terminate];
        while let Some(refreshing) = self.each[fleet].refreshing {
            if self.is_any_suspended(fleet, held, flow) {
                return;
            }
            let settings = self.settings;
            let refresh = &settings[fleet].refresh[refreshing.which];
            let desired = flow.groups[fleet].desired;
            if refreshing.waits || self.are_enough_new(fleet, refreshing, refresh, flow) {
                return self.reach_checkpoint(fleet, refreshing, refresh, flow);
            }
            let Some(old) = self.oldest_old(fleet, refreshing, flow) else {
                return self.end_refresh(fleet, refreshing, flow);
            };
            self.instances[old as usize].taken_by = Some(Purpose::Refresh);
            let (fewest, most) = (refresh.healthy.fewest(desired), refresh.healthy.most(desired));
            if most > desired {
                let there = flow.count(fleet, |lifecycle| !lifecycle.is_terminating());
                if there >= most || !self.launch_in_place_of(old, CAUSE, flow) {
                    return;
                }
                continue;
            }
            let ready = self.that_count(fleet, refreshing, refresh, flow);
            // One at a time goes on whatever the percentage is.
            if ready <= fewest && ready < desired {
                return;
            }
            self.replace(old, CAUSE, flow);
        }
    }

    /// The oldest instance in service of those that were there when a refresh began.
    fn oldest_old(&self, fleet: usize, refreshing: Refreshing, flow: &Flow) -> Option<u32> {
        self.unprotected(fleet, flow).find(|&it| {
            let host = &flow.hosts[it as usize];
            host.number < refreshing.before && host.lifecycle == Lifecycle::InService && !host.is_lost()
        })
    }

    /// Instances in service that count: old ones, and new ones that are warm.
    fn that_count(&self, fleet: usize, refreshing: Refreshing, refresh: &Refresh, flow: &Flow) -> u32 {
        let warmup = refresh.warmup.unwrap_or(self.settings[fleet].warmup).0;
        let staying = self.staying(fleet, flow).filter(|&it| {
            let host = &flow.hosts[it as usize];
            let warm = host.number < refreshing.before || host.in_service.saturating_add(warmup) <= flow.now;
            host.lifecycle == Lifecycle::InService && !host.is_lost() && warm
        });
        staying.count() as u32
    }

    fn end_refresh(&mut self, fleet: usize, refreshing: Refreshing, flow: &mut Flow) {
        let refresh = &self.settings[fleet].refresh[refreshing.which];
        let alive = flow.groups[fleet].alive.iter();
        let hosts = alive.map(|&it| &flow.hosts[it as usize]);
        let stays = hosts.filter(|host| !host.lifecycle.is_terminating()).map(|host| host.number);
        // Those on standby are waited for.
        let is_old = |number: u32| number < refreshing.before;
        let any_old = stays.chain(self.numbers_on_standby(fleet, flow)).any(is_old);
        let count = self.that_count(fleet, refreshing, refresh, flow);
        if !any_old && count >= flow.groups[fleet].desired {
            self.each[fleet].refreshing = None;
            let text = "the instance refresh has replaced every instance".to_owned();
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
        }
    }

    /// Whether so many old instances have left or been relieved that the next checkpoint is reached once their successors are warm.
    /// That all are replaced is no checkpoint.
    fn are_enough_new(&self, fleet: usize, refreshing: Refreshing, refresh: &Refresh, flow: &Flow) -> bool {
        let desired = flow.groups[fleet].desired;
        let wanted = refresh.new_at(refreshing.checkpoint, desired);
        let old = self.staying(fleet, flow).filter(|&it| flow.hosts[it as usize].number < refreshing.before);
        let is_last = refreshing.checkpoint == refresh.checkpoints.len();
        !(is_last && refresh.last >= 1.0) && desired.saturating_sub(old.count() as u32) >= wanted
    }

    /// The instances of a checkpoint are new: when they are warm, the refresh waits, or ends at its last one.
    fn reach_checkpoint(&mut self, fleet: usize, refreshing: Refreshing, refresh: &Refresh, flow: &mut Flow) {
        let (checkpoint, desired) = (refreshing.checkpoint, flow.groups[fleet].desired);
        let old = self.staying(fleet, flow).filter(|&it| {
            let host = &flow.hosts[it as usize];
            host.number < refreshing.before && host.lifecycle == Lifecycle::InService && !host.is_lost()
        });
        let old = old.count() as u32;
        let warm = self.that_count(fleet, refreshing, refresh, flow).saturating_sub(old);
        if refreshing.waits || warm < refresh.new_at(checkpoint, desired) {
            return;
        }
        let share = setting(refresh.checkpoints.get(checkpoint).copied().unwrap_or(refresh.last));
        let is_last = checkpoint == refresh.checkpoints.len();
        let text = match is_last {
            true => format!("the instance refresh ends: {share} of the instances are replaced"),
            false => format!(
                "the instance refresh waits {} at a checkpoint: {share} of the instances are replaced",
                refresh.delay
            ),
        };
        flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
        self.each[fleet].refreshing = (!is_last).then_some(Refreshing { waits: true, ..refreshing });
        if !is_last {
            flow.set(Timer::Checkpoint { fleet: number(fleet) }, flow.now.saturating_add(refresh.delay.0));
        }
    }

    /// The wait at a checkpoint is over.
    pub(super) fn pass_checkpoint(&mut self, fleet: usize, flow: &mut Flow) {
        if let Some(refreshing) = &mut self.each[fleet].refreshing {
            (refreshing.waits, refreshing.checkpoint) = (false, refreshing.checkpoint + 1);
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
    /// a refresh follow.
    pub(super) fn is_warm(&mut self, instance: u32, flow: &mut Flow) {
        let host = &flow.hosts[instance as usize];
        let fleet = host.group;
        if host.lifecycle == Lifecycle::InService && !host.is_lost() {
            self.relieve(instance, flow);
        }
        self.go_on_refreshing(fleet, flow);
    }
}
