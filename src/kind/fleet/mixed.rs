//! Groups of several types: which type is launched, and how much of the desired capacity each instance is.
//!
//! In: the order of the types of a group, and a capacity that it is to have. Out: activities of as many instances as it takes. (EC2
//! Auto Scaling user guide, "Configuring instance weighting", "Auto Scaling groups with multiple instance types and purchase
//! options": zones come first, then the allocation strategy, and both before what is too much.)

use super::language::overrides::Allocation;
use super::language::spot::POOLS;
use super::lifecycle::part_done;
use super::model::Fleets;
use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::flow::host::Lifecycle;
use crate::measure::column::the_one;
use crate::units::Time;

impl Fleets<'_> {
    /// Whether the types of a group count for different parts of its capacity, or can do so.
    pub(super) fn is_mixed(&self, fleet: usize) -> bool {
        !self.settings[fleet].overrides.is_empty()
    }

    /// Units of capacity of the instances of a group that stay.
    pub(super) fn staying_capacity(&self, fleet: usize, flow: &Flow) -> u32 {
        flow.capacity_of(self.staying(fleet, flow))
    }

    /// The type of the next launch in a zone; nothing where none can be had. A group of one type has the one that it has then.
    pub(super) fn type_in(&self, fleet: usize, zone: Zone, flow: &Flow) -> Option<usize> {
        let spot = self.is_next_spot(fleet, flow);
        let settings = &self.settings[fleet];
        if !self.is_mixed(fleet) {
            let model = self.each[fleet].model;
            return (!self.lacks(fleet, zone, (spot, model), flow)).then_some(model);
        }
        let order = self.each[fleet].orders.of(spot).iter().copied();
        let mut able = order.filter(|&model| !self.lacks(fleet, zone, (spot, model), flow));
        let pools = settings.spot.as_ref().filter(|_| spot).map_or(1, |of| of.pools.unwrap_or(POOLS.value));
        if pools <= 1 {
            return able.next();
        }
        let of_pool = |model: usize| {
            let own = self.staying(fleet, flow).filter(|&it| {
                let (own, host) = (&self.instances[it as usize], &flow.hosts[it as usize]);
                own.spot && own.model == model && host.place.zone == zone
            });
            flow.capacity_of(own)
        };
        able.take(pools as usize).min_by_key(|&model| of_pool(model))
    }

    /// Launches and ends instances of a group of several types until it has its desired capacity: no launch more than it takes, and no
    /// end that leaves less.
    pub(super) fn fit_mixed(
        &mut self,
        fleet: usize,
        (from, to): (u32, u32),
        (cause, held): (&str, (bool, bool)),
        warmup: Time,
        flow: &mut Flow,
    ) {
        let (mut launched, mut failed, mut ended) = (Vec::new(), 0, Vec::new());
        while !held.0 && self.missing_capacity(fleet, to, flow) > 0 {
            let Some(new) = self.launch(fleet, None, warmup, flow) else {
                failed = 1;
                break;
            };
            launched.push(new);
        }
        if !held.1 {
            loop {
                let surplus = self.staying_capacity(fleet, flow).saturating_sub(to);
                let Some(one) = self.victim_within(fleet, surplus, flow) else { break };
                self.terminate(one, None, flow);
                ended.push(one);
            }
        }
        let change = (launched.len() as u32 + failed, ended.len() as u32);
        if change == (0, 0) && from == to {
            return;
        }
        let name = &self.settings[fleet].name;
        let activity = flow.journal.activity(flow.now, (fleet, name), (from, to), cause.to_owned(), change);
        if change == (0, 0) {
            return;
        }
        flow.groups[fleet].under_way += 1;
        for instance in launched.into_iter().chain(ended) {
            self.instances[instance as usize].activity = Some(activity);
        }
        for _ in 0..failed {
            flow.journal.launch_called_off(activity);
            part_done(fleet, activity, flow);
        }
    }

    /// Units that a group lacks of a capacity, beside those that are to come in place of what ends.
    fn missing_capacity(&self, fleet: usize, wanted: u32, flow: &Flow) -> u32 {
        let alive = flow.groups[fleet].alive.iter().copied();
        let to_come = alive.filter(|&it| {
            flow.hosts[it as usize].lifecycle.is_terminating() && self.instances[it as usize].replaced
        });
        let there = self.staying_capacity(fleet, flow).saturating_add(flow.capacity_of(to_come));
        wanted.saturating_sub(there)
    }

    /// What came in place of an instance may count for less than it: the rest comes now.
    pub(super) fn make_up_for(&mut self, fleet: usize, flow: &mut Flow) {
        let desired = flow.groups[fleet].desired;
        if self.is_mixed(fleet) && self.missing_capacity(fleet, desired, flow) > 0 {
            self.launch_missing(fleet, "another type counts for less".into(), flow);
        }
    }

    /// Of instances that may end, those whose type fits the allocation strategy least. Of on-demand instances AWS heeds no price then.
    pub(super) fn worst_types(&self, fleet: usize, left: &mut Vec<u32>) {
        if !self.is_mixed(fleet) {
            return;
        }
        let by_price = self.settings[fleet].allocation == Allocation::LowestPrice;
        let rank = |it: u32| {
            let own = &self.instances[it as usize];
            let order = self.each[fleet].orders.of(own.spot);
            let heeds = own.spot || !by_price;
            order.iter().position(|&model| model == own.model).filter(|_| heeds).unwrap_or(0)
        };
        let worst = left.iter().map(|&it| rank(it)).max();
        left.retain(|&it| Some(rank(it)) == worst);
    }

    /// The instances that are desired: of several types, as many as have the desired capacity where they are of those that stay.
    pub(super) fn desired_instances(&self, fleet: usize, flow: &Flow) -> f64 {
        let desired = f64::from(flow.groups[fleet].desired);
        let staying = self.staying_capacity(fleet, flow);
        match self.is_mixed(fleet) {
            false => desired,
            true if staying == 0 => desired / f64::from(self.settings[fleet].weight(0)),
            true => desired * self.staying(fleet, flow).count() as f64 / f64::from(staying),
        }
    }

    /// A row of the capacity of a group of several types.
    pub(super) fn read_mixed(&mut self, fleet: usize, work: f64, flow: &Flow) {
        if self.is_mixed(fleet) {
            let in_service = flow.capacity(fleet, |lifecycle| lifecycle == Lifecycle::InService);
            let desired = flow.groups[fleet].desired;
            let series = the_one(&mut self.series[fleet].mixed);
            series.desired.push(desired.into());
            series.in_service.push(in_service.into());
            series.work.push(work);
        }
    }
}
