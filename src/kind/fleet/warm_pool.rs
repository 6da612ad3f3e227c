//! Warm pools: prepared instances beside a group, which a scale-out takes before it launches others.
//!
//! In: sizes of the group, launches, instances that come back. Out: hosts that begin with what their preparation has left to
//! do. What waits in a pool is no host: nothing of the group counts it.
//! (EC2 Auto Scaling user guide, "Warm pools for Amazon EC2 Auto Scaling".)

use super::account::Account;
use super::language::{Process, Waiting};
use super::model::{Fleets, Timer};
use super::prepared::{Member, Start};
use crate::catalog::zone::{Place, Zone};
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::column::the_one;
use crate::units::Time;

impl Fleets<'_> {
    /// The pool of a group that has existed for long: full, and everything in it is ready.
    pub(super) fn fill_pool(&mut self, fleet: usize, flow: &Flow) {
        for _ in 0..self.pool_size(fleet, flow) {
            let Some(place) = self.pool_place(fleet, true, flow) else { return };
            let account = self.settings[fleet].credits.as_ref().map(|credits| {
                let account =
                    Account::waiting(credits, self.settings[fleet].instance.vcpus, false, [0, 0], 0.0);
                if self.runs_in_pool(fleet) { account } else { account.stopped(credits).0 }
            });
            let Some(pool) = &mut self.each[fleet].pool else { return };
            pool.add(Member {
                number: 0,
                place,
                called: 0,
                runs: 0,
                spans: [0; 3],
                prepared: 0,
                ready: 0,
                account,
                served: false,
            });
        }
    }

    /// Whether the instances of a pool run while they wait.
    pub(super) fn runs_in_pool(&self, fleet: usize) -> bool {
        self.settings[fleet].warm_pool.as_ref().is_some_and(|pool| pool.state == Waiting::Running)
    }

    /// How many instances the pool of a group is to have.
    fn pool_size(&self, fleet: usize, flow: &Flow) -> u32 {
        let pool = self.settings[fleet].warm_pool.as_ref();
        pool.map_or(0, |pool| pool.size(flow.groups[fleet].desired, self.each[fleet].max))
    }

    /// Where the next instance of a pool is launched: where it has the fewest; nothing if every zone is lost or lacks
    /// capacity. Those of the start were launched before.
    fn pool_place(&self, fleet: usize, at_start: bool, flow: &Flow) -> Option<Place> {
        let pool = self.each[fleet].pool.as_ref()?;
        let there = |zone: Zone| pool.members.iter().filter(|member| member.place.zone == zone).count();
        let zones =
            self.open_zones(fleet).filter(|&zone| at_start || !self.lacks_capacity(fleet, zone, flow));
        zones.min_by_key(|&zone| (there(zone), self.in_zone(fleet, zone, flow))).map(Place::at_home)
    }

    /// The instances of a pool that a launch can take, by their position: EC2 needs capacity to start one that is stopped.
    fn ready<'a>(&'a self, fleet: usize, flow: &'a Flow) -> impl Iterator<Item = (usize, &'a Member)> {
        let runs = self.runs_in_pool(fleet);
        let members = self.each[fleet].pool.as_ref().map_or(&[][..], |pool| &pool.members);
        members.iter().enumerate().filter(move |(_, member)| {
            member.is_ready(flow.now) && (runs || !self.lacks_capacity(fleet, member.place.zone, flow))
        })
    }

    /// How many instances of a pool a launch can take.
    pub(super) fn ready_in_pool(&self, fleet: usize, flow: &Flow) -> u32 {
        self.ready(fleet, flow).count() as u32
    }

    /// Takes an instance from the pool that is ready, in the zone where the group has the fewest.
    pub(super) fn take_from_pool(&mut self, fleet: usize, flow: &Flow) -> Option<Start> {
        let in_zone = |member: &Member| self.in_zone(fleet, member.place.zone, flow);
        let (at, _) = self.ready(fleet, flow).min_by_key(|(_, member)| in_zone(member))?;
        let pool = self.each[fleet].pool.as_mut()?;
        pool.taken += 1;
        let member = pool.members.remove(at);
        Some(pool.start(member, &self.settings[fleet], flow.now))
    }

    /// Launches what the pool lacks, and ends what it has too many: first what is not ready.
    pub(super) fn fit_pool(&mut self, fleet: usize, flow: &mut Flow) {
        if self.each[fleet].pool.is_none() {
            return;
        }
        let wanted = self.pool_size(fleet, flow);
        let alive = flow.groups[fleet].alive.iter();
        let back = alive.filter(|&&it| self.instances[it as usize].returns).count() as u32;
        let there = |fleets: &Self| fleets.each[fleet].pool.as_ref().map_or(0, |it| it.members.len() as u32);
        while there(self) > 0 && there(self) + back > wanted {
            self.end_in_pool(fleet, flow);
        }
        let held = self.is_suspended(fleet, Process::Launch, flow);
        let lacks = wanted.saturating_sub(there(self) + back);
        for _ in 0..if held { 0 } else { lacks } {
            let place = self.pool_place(fleet, false, flow);
            let Some(place) = place.filter(|_| self.tokens.take(1.0, flow.now)) else {
                return self.try_later(fleet, flow);
            };
            let Some(pool) = &mut self.each[fleet].pool else { return };
            let member = pool.count;
            let given_up = pool.prepare(&self.settings[fleet], place, flow.now);
            self.stop_account(fleet);
            if let Some(at) = given_up {
                flow.set(Timer::WarmHook { fleet: number(fleet), member }, at);
            }
        }
    }

    /// Ends the instance of a pool that has the longest way to go.
    fn end_in_pool(&mut self, fleet: usize, flow: &mut Flow) {
        let Some(pool) = &mut self.each[fleet].pool else { return };
        let last = pool.members.iter().enumerate().max_by_key(|(_, member)| member.ready);
        if let Some((at, _)) = last {
            self.drop_member(fleet, at, flow);
        }
    }

    fn drop_member(&mut self, fleet: usize, at: usize, flow: &mut Flow) {
        let state = self.settings[fleet].warm_pool.as_ref().map_or(Waiting::Stopped, |pool| pool.state);
        let Some(pool) = &mut self.each[fleet].pool else { return };
        let member = pool.members.remove(at);
        pool.billed.push(member.billed(state, flow.now));
        self.each[fleet].terminated += u32::from(member.served);
        self.charge_member(fleet, member.account, flow.now);
        flow.cancel(Timer::WarmHook { fleet: number(fleet), member: member.number });
    }

    /// The launch hook of an instance that is prepared for a pool has timed out: the launch is abandoned, and made again.
    pub(super) fn abandon_in_pool(&mut self, fleet: u16, member: u32, flow: &mut Flow) {
        let index = usize::from(fleet);
        let Some(pool) = &self.each[index].pool else { return };
        let Some(at) = pool.members.iter().position(|it| it.number == member) else { return };
        self.drop_member(index, at, flow);
        let text = "launch hook timed out on the way into the warm pool: launch abandoned";
        flow.incident(id::Kind::Fleet, &self.settings[index].name, text.into());
        self.fit_pool(index, flow);
    }

    /// An instance that has left its group is terminated, or goes back into the pool if a scale-in has taken it out of service.
    pub(super) fn leave_group(&mut self, instance: u32, flow: &mut Flow) {
        let (fleet, now) = (flow.hosts[instance as usize].group, flow.now);
        let account = self.instances[instance as usize].brought.take();
        let (place, is_lost) = (flow.hosts[instance as usize].place, flow.hosts[instance as usize].is_lost());
        if std::mem::take(&mut self.instances[instance as usize].returns)
            && !is_lost
            && let Some(pool) = &mut self.each[fleet].pool
        {
            let ready = now.saturating_add(pool.stop_span(&self.settings[fleet]));
            pool.add(Member {
                number: 0,
                place,
                called: now,
                runs: now,
                spans: [0; 3],
                prepared: now,
                ready,
                account,
                served: true,
            });
        } else {
            self.each[fleet].terminated += 1;
        }
        self.fit_pool(fleet, flow);
    }

    /// What waits in a zone that is lost is lost with it: the pool is filled in the others.
    pub(super) fn pool_loses_zone(&mut self, fleet: usize, place: Place, flow: &mut Flow) {
        let there = |fleets: &Self| {
            let pool = fleets.each[fleet].pool.as_ref();
            pool.and_then(|pool| pool.members.iter().position(|member| member.place == place))
        };
        while let Some(at) = there(self) {
            self.drop_member(fleet, at, flow);
        }
        self.fit_pool(fleet, flow);
    }

    /// A row of the pool of a fleet, if it has one.
    pub(super) fn read_pool(&mut self, fleet: usize, flow: &Flow) {
        let Some(pool) = &self.each[fleet].pool else { return };
        let launched = pool.members.iter().filter(|member| member.called <= flow.now).count();
        let ready = pool.members.iter().filter(|member| member.is_ready(flow.now)).count();
        let series = the_one(&mut self.series[fleet].warm_pool);
        series.pending.push((launched - ready) as f64);
        series.ready.push(ready as f64);
    }

    /// What the pool of a fleet is billed for, in a run up to an instant.
    pub(super) fn pool_spans(&self, fleet: usize, end: u64) -> impl Iterator<Item = (Time, Time)> + '_ {
        let pool = self.each[fleet].pool.as_ref();
        let spans = pool.into_iter().flat_map(move |pool| pool.spans(&self.settings[fleet], end));
        spans.map(|(from, to)| (Time(from), Time(to)))
    }
}
