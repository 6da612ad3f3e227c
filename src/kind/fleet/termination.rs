//! Which instance a scale-in ends: a lost one, else one of the zone with the most, by the termination policies in their order.
//!
//! In: the instances of a group. Out: one of them. (EC2 Auto Scaling user guide, "Control which Auto Scaling instances terminate
//! during scale in": zones are kept even first, whatever the policies; unhealthy instances go by no policy.)

use super::language::Termination;
use super::model::Fleets;
use crate::catalog::zone::Zone;
use crate::flow::Flow;

/// Nanoseconds of an hour that is billed.
const HOUR: u64 = 3_600_000_000_000;

impl Fleets<'_> {
    /// The instance that a scale-in terminates; nothing if all are protected from it.
    pub(super) fn victim(&self, fleet: usize, flow: &Flow) -> Option<u32> {
        self.victim_within(fleet, u32::MAX, flow)
    }

    /// The same of those that count for so many units at most.
    pub(super) fn victim_within(&self, fleet: usize, most: u32, flow: &Flow) -> Option<u32> {
        let fits = |&it: &u32| flow.hosts[it as usize].weight <= most;
        let is_lost = |&it: &u32| {
            let known = !self.lost.is_empty() || self.instances[it as usize].died;
            known && flow.hosts[it as usize].is_lost()
        };
        if let Some(lost) = self.staying(fleet, flow).filter(fits).find(is_lost) {
            return Some(lost);
        }
        let zone_of = |instance: u32| flow.hosts[instance as usize].place.zone;
        let size =
            |zone: Zone| self.unprotected(fleet, flow).filter(|&instance| zone_of(instance) == zone).count();
        let able = |zone: &Zone| self.unprotected(fleet, flow).any(|it| fits(&it) && zone_of(it) == *zone);
        let zones = self.settings[fleet].azs.iter().copied().rev();
        let fullest = zones.filter(able).max_by_key(|&zone| size(zone))?;
        let mut left: Vec<u32> =
            self.unprotected(fleet, flow).filter(fits).filter(|&it| zone_of(it) == fullest).collect();
        for &policy in &self.settings[fleet].termination {
            self.narrow(policy, fleet, &mut left, flow);
        }
        // AWS would go by chance now; these are all alike.
        left.first().copied()
    }

    /// Leaves those that fit a policy best.
    fn narrow(&self, policy: Termination, fleet: usize, left: &mut Vec<u32>, flow: &Flow) {
        let keep_least = |left: &mut Vec<u32>, key: &dyn Fn(u32) -> u64| {
            let least = left.iter().map(|&it| key(it)).min();
            left.retain(|&it| Some(key(it)) == least);
        };
        let number = |it: u32| flow.hosts[it as usize].number;
        match policy {
            Termination::Default => {
                self.narrow(Termination::AllocationStrategy, fleet, left, flow);
                self.narrow(Termination::ClosestToNextInstanceHour, fleet, left, flow);
            }
            Termination::AllocationStrategy => {
                let spot = self.has_too_much_spot(fleet, flow);
                if let Some(spot) = spot
                    && left.iter().any(|&it| self.instances[it as usize].spot == spot)
                {
                    left.retain(|&it| self.instances[it as usize].spot == spot);
                }
                self.worst_types(fleet, left);
            }
            Termination::OldestInstance => keep_least(left, &|it| number(it).into()),
            Termination::NewestInstance => keep_least(left, &|it| u64::MAX - u64::from(number(it))),
            Termination::ClosestToNextInstanceHour => {
                let age = |it: u32| flow.now.saturating_sub(flow.hosts[it as usize].launched);
                keep_least(left, &|it| HOUR - age(it) % HOUR);
            }
        }
    }
}
