//! Rebalancing: a group spreads its instances evenly over its zones again.
//!
//! In: a zone that is back. Out: activities that launch where there are few and terminate where there are many. New instances
//! come first: meanwhile the group may be larger than its maximum by a tenth or one instance, whichever is more. (EC2 Auto
//! Scaling user guide, "Amazon EC2 Auto Scaling benefits", "Rebalancing activities".)

use super::language::Process;
use super::lifecycle::part_done;
use super::model::{Fleets, Timer};
use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::flow::host::Lifecycle;
use crate::measure::resource::Purpose;

impl Fleets<'_> {
    /// Launches instances in the zones with too few, as many as there may be beyond the maximum.
    pub(super) fn rebalance(&mut self, fleet: usize, flow: &mut Flow) {
        if self.leaves_uneven(fleet, flow) {
            return;
        }
        let most = self.most_meanwhile(fleet);
        while flow.capacity(fleet, |lifecycle| !lifecycle.is_terminating()) < most {
            let Some(old) = self.one_too_many(fleet, flow) else { return };
            if !self.launch_in_place_of(old, "instances are spread evenly over the zones again", flow) {
                return;
            }
            self.instances[old as usize].taken_by = Some(Purpose::Rebalancing);
        }
    }

    /// The most instances that a group may have while new ones come before old ones end.
    pub(super) fn most_meanwhile(&self, fleet: usize) -> u32 {
        self.each[fleet].max.saturating_add((self.each[fleet].max / 10).max(1))
    }

    /// Launches an instance in whose favour another one ends as soon as it serves; returns whether it could.
    pub(super) fn launch_in_place_of(&mut self, old: u32, cause: &str, flow: &mut Flow) -> bool {
        let fleet = flow.hosts[old as usize].group;
        if self.is_suspended(fleet, Process::Launch, flow) {
            return false;
        }
        let settings = &self.settings[fleet];
        let desired = flow.groups[fleet].desired;
        let sizes = (desired, desired);
        let activity = flow.journal.activity(flow.now, (fleet, &settings.name), sizes, cause.into(), (1, 1));
        flow.groups[fleet].under_way += 1;
        // Marked first, so that it does not count in the choice of the zone.
        self.instances[old as usize].relieved = true;
        match self.launch_anew(fleet, Some(activity), settings.warmup, flow) {
            Some(new) => {
                self.instances[new as usize].relieves = Some((old, activity));
                true
            }
            None => {
                self.instances[old as usize].relieved = false;
                part_done(fleet, activity, flow);
                false
            }
        }
    }

    /// EC2 has capacity again: instances are spread evenly.
    pub(super) fn spread_again(&mut self, fleet: usize, flow: &mut Flow) {
        self.each[fleet].uneven = true;
        self.rebalance(fleet, flow);
    }

    /// The oldest instance in service in the zone with the most, if another open zone with capacity has at least two fewer.
    fn one_too_many(&self, fleet: usize, flow: &Flow) -> Option<u32> {
        let size = |zone: Zone| self.in_zone(fleet, zone, flow);
        let fullest = self.open_zones(fleet).max_by_key(|&zone| size(zone))?;
        let able = self.open_zones(fleet).filter(|&zone| !self.lacks_capacity(fleet, zone, flow));
        let emptiest = able.min_by_key(|&zone| size(zone))?;
        if size(fullest) < size(emptiest) + 2 {
            return None;
        }
        let in_service = |&it: &u32| {
            let host = &flow.hosts[it as usize];
            host.place.zone == fullest && host.lifecycle == Lifecycle::InService && !host.is_lost()
        };
        self.unprotected(fleet, flow).find(in_service)
    }

    /// An instance serves: it is in service, or, where the balancer's verdict counts, it is healthy there.
    pub(super) fn serves(&mut self, instance: u32, healthy: bool, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let is_judged = self.settings[fleet].elb_health && !flow.groups[fleet].calls.is_empty();
        // In a refresh the others end when it is warm.
        if self.each[fleet].refreshing.is_some() {
            return;
        }
        if is_judged == healthy && (self.each[fleet].uneven || self.relieves(instance)) {
            match self.warm_at(instance, flow) {
                Some(at) => flow.set(Timer::Warm { instance }, at),
                None => self.relieve(instance, flow),
            }
            if self.each[fleet].uneven {
                self.rebalance(fleet, flow);
            }
        }
    }

    /// Whether another instance ends once this one serves.
    fn relieves(&self, instance: u32) -> bool {
        self.instances[instance as usize].relieves.is_some()
    }

    /// When an instance is warm, if it is not and its predecessor waits for that.
    fn warm_at(&self, instance: u32, flow: &Flow) -> Option<u64> {
        let (old, _) = self.instances[instance as usize].relieves?;
        let host = &flow.hosts[instance as usize];
        let at = host.in_service.saturating_add(self.settings[host.group].warmup.0);
        (self.instances[old as usize].until_warm && at > flow.now).then_some(at)
    }

    /// An instance that was launched to spread the others serves: the one that it stands in for ends.
    pub(super) fn relieve(&mut self, instance: u32, flow: &mut Flow) {
        let Some((old, activity)) = self.instances[instance as usize].relieves.take() else { return };
        let fleet = flow.hosts[instance as usize].group;
        // It may have ended otherwise meanwhile, and another one in its place be one too many.
        (self.instances[old as usize].relieved, self.instances[old as usize].until_warm) = (false, false);
        let stays = self.staying(fleet, flow).any(|it| it == old);
        let surplus = self.staying_capacity(fleet, flow).saturating_sub(flow.groups[fleet].desired);
        let one = if stays { Some(old) } else { self.victim_within(fleet, surplus, flow) };
        match one {
            Some(one) => self.terminate(one, Some(activity), flow),
            None => part_done(fleet, activity, flow),
        }
        self.make_up_for(fleet, flow);
        self.go_on_ahead(fleet, flow);
    }
}
