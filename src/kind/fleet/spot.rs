//! Spot instances: which launch is one, how EC2 takes them back, and what the group does then.
//!
//! In: the settings of a mixed group, and instants. Out: notices, replacements, and instances that are gone two minutes after
//! their notice, whether they have drained or not. (EC2 user guide, "Spot Instance interruption notices"; EC2 Auto Scaling user
//! guide, "Auto Scaling groups with multiple instance types and purchase options", "Capacity Rebalancing".)

use super::instance::Life;
use super::language::spot::{Amount, NOTICE, OnNotice, Spot};
use super::lifecycle::{leave_hook, part_done};
use super::model::{Fleets, Timer};
use crate::dist::{Law, Sampler};
use crate::flow::host::Lifecycle;
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::column::the_one;
use crate::measure::resource::Resource;
use crate::number::things;
use crate::units::Time;

/// Why an instance is replaced that has its notice.
const NOTICED: &str = "a Spot instance got its interruption notice";
/// Why one is replaced that is gone.
const GONE: &str = "a Spot instance was interrupted";

impl Fleets<'_> {
    /// Whether the next instance of a group is a Spot instance: it has the on-demand instances that it is to have.
    pub(super) fn is_next_spot(&self, fleet: usize, flow: &Flow) -> bool {
        self.settings[fleet]
            .spot
            .as_ref()
            .is_some_and(|spot| self.on_demand(fleet, flow) >= spot.on_demand_of(flow.groups[fleet].desired))
    }

    /// Whether one Spot instance or one on-demand instance is too many in a group that is to lose one; nothing if it has one
    /// market.
    pub(super) fn has_too_much_spot(&self, fleet: usize, flow: &Flow) -> Option<bool> {
        let spot = self.settings[fleet].spot.as_ref()?;
        let left = self.staying_capacity(fleet, flow).saturating_sub(1);
        Some(self.on_demand(fleet, flow) <= spot.on_demand_of(left))
    }

    fn on_demand(&self, fleet: usize, flow: &Flow) -> u32 {
        flow.capacity_of(self.staying(fleet, flow).filter(|&it| !self.instances[it as usize].spot))
    }

    /// The notices of the timetable.
    pub(super) fn plan_interruptions(&mut self, fleet: usize, flow: &mut Flow) {
        for (wave, planned) in self.settings[fleet].spot.iter().flat_map(|spot| spot.waves.iter().enumerate())
        {
            flow.set(Timer::Wave { fleet: number(fleet), wave: number(wave) }, planned.at.0);
        }
    }

    /// EC2 runs an instance: if it is Spot and some are taken by chance, it is decided when.
    pub(super) fn plan_interruption(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        if let Some(spot) = &self.settings[fleet].spot
            && spot.rate > 0.0
            && self.instances[instance as usize].spot
        {
            let law = Law::Exponential { mean: Time::from_secs_f64(3_600.0 / spot.rate) };
            let span = Sampler::new(&law).time(&mut self.each[fleet].interruptions);
            flow.set(Timer::Notice { instance }, flow.now.saturating_add(span.0));
        }
    }

    /// EC2 takes instances back, as the timetable says: the oldest ones.
    pub(super) fn wave(&mut self, fleet: u16, wave: u16, flow: &mut Flow) {
        let index = usize::from(fleet);
        let Some(wave) = self.settings[index].spot.as_ref().map(|spot| spot.waves[usize::from(wave)]) else {
            return;
        };
        let taken = |&instance: &u32| {
            let (state, host) = (&self.instances[instance as usize], &flow.hosts[instance as usize]);
            let there = wave.zone.is_none_or(|zone| zone == host.place.zone);
            state.spot && there && state.ends_at == u64::MAX && host.lifecycle != Lifecycle::TerminatingWait
        };
        let mut hosts: Vec<u32> = flow.groups[index].alive.iter().copied().filter(taken).collect();
        hosts.truncate(match wave.amount {
            Amount::Share(share) => (share * hosts.len() as f64).round() as usize,
            Amount::Count(count) => count as usize,
        });
        let place = wave.zone.map_or(String::new(), |zone| format!(" in zone {zone}"));
        let verb = if hosts.len() == 1 { "gets its" } else { "get their" };
        let text = format!("{}{place} {verb} two-minute notice", things(hosts.len() as f64, "Spot instance"));
        flow.incident(id::Kind::Fleet, &self.settings[index].name, text);
        for instance in hosts {
            self.give_notice(instance, flow);
        }
    }

    /// EC2 takes an instance back by chance.
    pub(super) fn taken_by_chance(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        if self.instances[instance as usize].ends_at == u64::MAX {
            let text = "1 Spot instance gets its two-minute notice".to_owned();
            flow.incident(id::Kind::Fleet, &self.settings[fleet].name, text);
            self.give_notice(instance, flow);
        }
    }

    fn give_notice(&mut self, instance: u32, flow: &mut Flow) {
        let fleet = flow.hosts[instance as usize].group;
        let ends_at = flow.now.saturating_add(NOTICE.0);
        self.instances[instance as usize].ends_at = ends_at;
        self.each[fleet].interrupted += 1;
        self.each[fleet].lacks_spot = true;
        flow.set(Timer::Reclaimed { instance }, ends_at);
        let lifecycle = flow.hosts[instance as usize].lifecycle;
        let on_notice = self.settings[fleet].spot.as_ref().map_or(OnNotice::Nothing, |spot| spot.on_notice);
        match on_notice {
            _ if lifecycle.is_terminating() || self.instances[instance as usize].relieved => {}
            OnNotice::Rebalance if lifecycle == Lifecycle::InService => self.launch_ahead(instance, flow),
            OnNotice::Drain | OnNotice::Rebalance => self.replace(instance, NOTICED, flow),
            OnNotice::Nothing => {}
        }
        self.note_interrupted(fleet, flow);
    }

    /// Records how many instances are missing since some were interrupted, until the group has what it is to have.
    pub(super) fn note_interrupted(&mut self, fleet: usize, flow: &mut Flow) {
        if !self.each[fleet].lacks_spot {
            return;
        }
        let leaves = |it: u32| self.instances[it as usize].ends_at != u64::MAX;
        let serves = |it: u32| flow.hosts[it as usize].lifecycle == Lifecycle::InService;
        let alive = flow.groups[fleet].alive.iter().copied();
        let there = alive.filter(|&it| serves(it) && (!leaves(it) || self.heeds_nothing(fleet)));
        let missing = flow.groups[fleet].desired.saturating_sub(flow.capacity_of(there));
        let missing = self.settings[fleet].instances_of(missing);
        let expects = flow.groups[fleet].alive.iter().any(|&it| leaves(it));
        self.each[fleet].lacks_spot = missing > 0 || expects;
        flow.note_lost(Resource::Interrupted { fleet }, None, missing);
    }

    /// Whether instances work on after their notice.
    fn heeds_nothing(&self, fleet: usize) -> bool {
        self.settings[fleet].spot.as_ref().is_some_and(|spot| spot.on_notice != OnNotice::Drain)
    }

    /// Launches an instance in place of one that will be gone, as far as the group may be larger than its maximum meanwhile.
    fn launch_ahead(&mut self, old: u32, flow: &mut Flow) {
        let fleet = flow.hosts[old as usize].group;
        if flow.capacity(fleet, |lifecycle| !lifecycle.is_terminating()) < self.most_meanwhile(fleet) {
            self.launch_in_place_of(old, NOTICED, flow);
        }
    }

    /// There may be room again for an instance in place of one that has its notice: those that had to wait are next.
    pub(super) fn go_on_ahead(&mut self, fleet: usize, flow: &mut Flow) {
        let ahead = |spot: &Spot| spot.on_notice == OnNotice::Rebalance;
        if !self.each[fleet].lacks_spot || !self.settings[fleet].spot.as_ref().is_some_and(ahead) {
            return;
        }
        let waits = |&it: &u32| {
            let state = &self.instances[it as usize];
            let serves = flow.hosts[it as usize].lifecycle == Lifecycle::InService;
            serves && !state.relieved && state.ends_at != u64::MAX && state.ends_at > flow.now
        };
        let waiting: Vec<u32> = flow.groups[fleet].alive.iter().copied().filter(waits).collect();
        waiting.into_iter().for_each(|old| self.launch_ahead(old, flow));
    }

    /// Two minutes after its notice an instance is shut down, whatever it does.
    pub(super) fn reclaimed(&mut self, instance: u32, flow: &mut Flow) {
        let lifecycle = flow.hosts[instance as usize].lifecycle;
        match lifecycle {
            Lifecycle::Terminated => {}
            Lifecycle::TerminatingWait => {
                leave_hook(instance, flow);
                self.end_instance(instance, flow);
            }
            Lifecycle::Terminating => flow.set(Timer::Drained { instance }, flow.now),
            _ if self.instances[instance as usize].relieved => {
                // Another one is on its way already.
                self.relieved_too_late(instance, flow);
                self.terminate(instance, None, flow);
            }
            _ => self.replace(instance, GONE, flow),
        }
        self.note_interrupted(flow.hosts[instance as usize].group, flow);
    }

    /// The instance that was launched in place of another one stands for itself: that one is gone before it.
    fn relieved_too_late(&mut self, old: u32, flow: &mut Flow) {
        self.instances[old as usize].relieved = false;
        let fleet = flow.hosts[old as usize].group;
        let mut alive = flow.groups[fleet].alive.iter().copied();
        let new =
            alive.find(|&it| self.instances[it as usize].relieves.is_some_and(|(other, _)| other == old));
        if let Some((_, activity)) = new.and_then(|it| self.instances[it as usize].relieves.take()) {
            part_done(fleet, activity, flow);
        }
    }

    /// An instance ends: EC2 has nothing to take back.
    pub(super) fn cancel_interruption(&self, instance: u32, flow: &mut Flow) {
        if self.instances[instance as usize].spot {
            flow.cancel(Timer::Notice { instance });
            flow.cancel(Timer::Reclaimed { instance });
        }
    }

    /// Whether EC2 has taken an instance back, so that it waits for no hook.
    pub(super) fn is_gone(&self, instance: u32, flow: &Flow) -> bool {
        self.instances[instance as usize].ends_at <= flow.now
    }

    /// When EC2 shuts an instance down, at the latest; a time by which something else would end is bounded by it.
    pub(super) fn at_most_until_gone(&self, instance: u32, at: u64, flow: &Flow) -> u64 {
        at.min(self.instances[instance as usize].ends_at.max(flow.now))
    }

    /// A row of the Spot instances of a fleet, if it has some.
    pub(super) fn read_spot(&mut self, fleet: usize, flow: &Flow) {
        if self.settings[fleet].spot.is_none() {
            return;
        }
        let count = |part: &dyn Fn(u32) -> bool| {
            let alive = flow.groups[fleet].alive.iter().copied();
            alive.filter(|&it| self.instances[it as usize].spot && part(it)).count() as f64
        };
        let serving = count(&|it| flow.hosts[it as usize].lifecycle == Lifecycle::InService);
        let noticed = count(&|it| self.instances[it as usize].ends_at != u64::MAX);
        let series = the_one(&mut self.series[fleet].spot);
        series.in_service.push(serving);
        series.noticed.push(noticed);
    }

    /// When the Spot instances of a fleet were there, in a run up to an instant, by their type.
    pub(super) fn spot_spans(&self, fleet: usize, flow: &Flow) -> Vec<Vec<(Time, Time)>> {
        let of_type = |model: usize| self.lives(fleet, (true, model), flow).collect();
        (0..self.settings[fleet].types()).map(of_type).collect()
    }

    /// When the instances of one market and one type were there.
    pub(super) fn lives<'a>(
        &'a self,
        fleet: usize,
        of: (bool, usize),
        flow: &'a Flow,
    ) -> impl Iterator<Item = (Time, Time)> + 'a {
        let lives = self.all_lives(fleet, flow);
        lives.filter(move |life| (life.spot, life.model) == of).map(|life| life.span)
    }

    /// When the instances of a fleet were there, one span each.
    pub(super) fn all_lives<'a>(&'a self, fleet: usize, flow: &'a Flow) -> impl Iterator<Item = Life> + 'a {
        let own = flow.hosts.iter().zip(&self.instances);
        let own = own.filter(move |(host, state)| host.group == fleet && !state.went_on);
        let lives = own.filter_map(|(host, state)| {
            let (launched, ended) = host.billed(flow.end)?;
            Some(Life { span: (Time(launched), Time(ended)), spot: state.spot, model: state.model })
        });
        let standing = self.each[fleet].standing.iter().map(|it| {
            let span = (Time(it.launched), Time(flow.end));
            Life { span, spot: it.made.spot, model: it.made.model }
        });
        lives.chain(standing)
    }
}
