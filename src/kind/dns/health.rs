//! Which records of a name are healthy. In: alarms, verdicts of checkers, and what aliases lead to. Out: the records as Route 53 answers them, and
//! signs that something is wrong.

use super::address::Address;
use super::answer::Value;
use super::model::{Names, Timer};
use super::vote::Endpoint;
use crate::catalog::zone::Place;
use crate::flow::fact::{Fact, Sign};
use crate::flow::{Flow, NONE, number};
use crate::id::{self, AlarmOf};
use crate::kind::path::PathOwner;
use crate::measure::totals::AlarmState;

impl Names<'_> {
    /// An alarm has gone to another state. One without data is as it was.
    pub(super) fn alarm(&mut self, of: AlarmOf, state: AlarmState, flow: &mut Flow) {
        let is_on = match state {
            AlarmState::Alarm => true,
            AlarmState::Ok => false,
            _ => return,
        };
        let mut changed = Vec::new();
        for (alarm, name, _, known) in &mut self.alarms {
            if *alarm == of && *known != is_on {
                *known = is_on;
                changed.push(*name);
            }
        }
        changed.into_iter().for_each(|name| self.refresh(name, flow));
    }

    /// A zone or a Region is lost, or back: what aliases lead to there does not answer, or does again.
    pub(super) fn reach_changes(&mut self, place: Place, lost: bool, flow: &mut Flow) {
        for (spot, at) in self.reach.changes(place, lost, flow.now) {
            flow.set(Timer::Found { spot }, at);
        }
    }

    /// Targets may be healthy that were not.
    pub(super) fn evaluate(&mut self, flow: &mut Flow) {
        for name in 0..self.each.len() {
            if self.each[name].evaluates {
                self.refresh(number(name), flow);
            }
        }
    }

    /// The health of the records of a name, and their addresses, as they are now; and of the names that lead to this one.
    pub(super) fn refresh(&mut self, name: u16, flow: &mut Flow) {
        let index = usize::from(name);
        if flow.now > 0 {
            self.remember(index);
        }
        let settings = &self.settings[index];
        let mut changes = false;
        for (number, record) in (0u8..).zip(&settings.records) {
            let at = usize::from(number);
            if record.to.0 == id::Kind::Fleet {
                let of = |it: &&Address| it.name == name && it.record == number && it.listed;
                let all = (0u32..).zip(&self.addresses).filter(|(_, it)| of(it));
                let is_well =
                    |it: &Address| self.endpoints.get(it.endpoint as usize).is_none_or(Endpoint::is_healthy);
                self.each[index].shown[at].addresses = Some(all.map(|(at, it)| (at, is_well(it))).collect());
            }
            let healthy = self.is_healthy(name, number, flow);
            let before = std::mem::replace(&mut self.each[index].shown[at].healthy, healthy);
            changes |= before != healthy;
            // What is so at the start was so before.
            if before != healthy && flow.now > 0 {
                let state = if healthy { "healthy" } else { "unhealthy" };
                let of = &self.all.names(record.to.0)[record.to.1];
                flow.incident(id::Kind::Dns, &settings.name, format!("record of {of} is {state}"));
                let counted = &mut self.each[index].counted;
                match healthy {
                    true => counted.recovered += 1,
                    false => counted.failed += 1,
                }
                // An alarm is a sign by itself.
                if !healthy && !self.is_alarmed(name, number) {
                    let by = Sign::Record { of: record.to.0, index: crate::flow::number(record.to.1) };
                    flow.tell(Fact::Noticed { of: (id::Kind::Dns, name), by });
                }
            }
        }
        if changes {
            let to = (id::Kind::Dns, index);
            let leads = |it: &super::language::Dns| it.records.iter().any(|it| it.to == to && it.evaluates);
            for (other, settings) in (0u16..).zip(self.settings) {
                if other != name && leads(settings) {
                    self.refresh(other, flow);
                }
            }
        }
    }

    /// Whether an alarm holds a record for unhealthy.
    fn is_alarmed(&self, name: u16, record: u8) -> bool {
        self.alarms.iter().any(|&(_, of, at, on)| of == name && at == record && on)
    }

    /// Whether a record is healthy: by its check, by its alarm, and by its target.
    fn is_healthy(&self, name: u16, record: u8, flow: &Flow) -> bool {
        let index = usize::from(name);
        let settings = &self.settings[index].records[usize::from(record)];
        let checked = match &self.each[index].shown[usize::from(record)].addresses {
            Some(addresses) => addresses.is_empty() || addresses.iter().any(|(_, healthy)| *healthy),
            None => {
                let own = |it: &&Endpoint| it.name == name && it.record == record;
                self.endpoints.iter().find(own).is_none_or(Endpoint::is_healthy)
            }
        };
        let evaluated = !settings.evaluates || self.is_target_well(settings.to, flow);
        !self.is_alarmed(name, record) && checked && evaluated
    }

    /// Whether the target of an alias is healthy: every group of targets of a balancer has a healthy one at a node that answers, a name has a healthy
    /// record, and the Region of a bucket is not lost. Whatever else it leads to is always there.
    fn is_target_well(&self, (kind, index): PathOwner, flow: &Flow) -> bool {
        match kind {
            id::Kind::Balancer => self.groups(index).all(|(at, group, is_shared)| {
                let alive = &flow.groups[group].alive;
                alive.iter().map(|&host| &flow.hosts[host as usize]).any(|host| {
                    // Of which node a target passes its checks: of any, or of that of its zone.
                    let node = (!is_shared).then_some(host.place);
                    host.rotation.is_trusted() && self.reach.answers((kind, at), node)
                })
            }),
            id::Kind::Dns => self.each[index].shown.iter().any(|it| it.is_there() && it.healthy),
            _ => self.reach.answers((kind, index), None),
        }
    }

    /// The groups of targets of a balancer: their positions among balancers, their fleets, and whether all nodes check each target.
    fn groups(&self, index: usize) -> impl Iterator<Item = (usize, usize, bool)> {
        let all = self.all.balancers.iter().enumerate();
        all.filter(move |(at, it)| it.root(*at) == index)
            .map(|(at, it)| (at, it.targets.index(), it.cross_zone))
    }

    /// Whether what a value leads to serves requests in truth, whatever checks have found so far.
    pub(super) fn serves(&self, name: usize, value: Value, flow: &Flow) -> bool {
        match value.address {
            NONE => self.does_serve(self.settings[name].records[usize::from(value.record)].to, flow),
            address => {
                let host = &flow.hosts[self.addresses[address as usize].host as usize];
                host.is_running() && !host.does_nothing()
            }
        }
    }

    /// Whether the target of a record serves requests: each group of targets of a balancer has an instance that gets them and answers, also one that has
    /// not passed its checks yet.
    fn does_serve(&self, (kind, index): PathOwner, flow: &Flow) -> bool {
        match kind {
            id::Kind::Balancer => self.groups(index).all(|(_, group, _)| {
                let alive = flow.groups[group].alive.iter().map(|&host| &flow.hosts[host as usize]);
                alive.into_iter().any(|it| it.is_running() && !it.does_nothing() && it.rotation.gets())
            }),
            id::Kind::Dns => {
                let all = self.each[index].shown.iter().zip(&self.settings[index].records);
                all.into_iter().any(|(shown, record)| {
                    shown.is_there() && shown.healthy && self.does_serve(record.to, flow)
                })
            }
            id::Kind::Fleet => {
                let alive = flow.groups[index].alive.iter().map(|&host| &flow.hosts[host as usize]);
                alive.into_iter().any(|it| it.is_running() && !it.does_nothing())
            }
            _ => !self.reach.is_lost((kind, index)),
        }
    }
}
