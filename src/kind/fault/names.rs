//! Names that lead to a wrong address: callers of a balancer that have looked it up while its record was wrong.
//!
//! In: strikes at the name of a balancer, and requests that are about to connect. Out: requests that are refused, or that hear nothing. An
//! address is kept for the time to live of its record, and looked up again after it. Each caller has looked it up at a random time within that:
//! so the share of callers with a wrong address grows from the begin of a strike over the time to live, and falls from its end over as long.
//! A caller is a user, where users ask; else a request with its retries. When it looks a name up and what it is told follows from its
//! number alone, so nothing has to be kept of it.

use super::language::{Fault, OnName, Target};
use super::nodes::Nodes;
use crate::catalog::zone::Place;
use crate::flow::attempt::State;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::kind::Settings;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::rng::{mixed, stream};
use rand::Rng;

/// The names that faults make wrong.
#[derive(Debug)]
pub struct Names {
    each: Vec<Name>,
    /// Nodes of balancers that are lost with their zone.
    nodes: Nodes,
    /// Zones that are lost at present, and by which strike.
    lost: Vec<(Place, u32)>,
}

/// The name of a balancer, and a fault of it.
#[derive(Debug)]
struct Name {
    fault: u16,
    balancer: u16,
    share: f64,
    effect: OnName,
    ttl: u64,
    /// When its record was wrong, from and until, and by which strike.
    wrong: Vec<(u64, u64, u32)>,
    /// What the random numbers of its callers come from.
    seed: u64,
}

impl Names {
    /// Those of a file.
    pub(super) fn of(faults: &[Fault], kinds: &Settings, seed: u64, flow: &mut Flow) -> Names {
        let name = |(fault, it): (u16, &Fault)| match it.target {
            Target::Name { of, share, effect, ttl } => {
                let seed = stream(seed, &format!("fault.{}/requests", it.name)).next_u64();
                let balancer = crate::flow::number(of.index());
                Some(Name { fault, balancer, share, effect, ttl: ttl.0, wrong: Vec::new(), seed })
            }
            _ => None,
        };
        let each: Vec<Name> = (0..).zip(faults).filter_map(name).collect();
        let nodes = Nodes::of(kinds, seed);
        if !each.is_empty() || !nodes.is_empty() {
            flow.counts_requests = true;
            // Errands count down, requests of clients up.
            flow.errands = (u64::MAX, 1);
        }
        Names { each, nodes, lost: Vec::new() }
    }

    /// A zone is lost, by a strike, or back, with the nodes of balancers there.
    pub(super) fn zone_changes(&mut self, place: Place, lost: Option<u32>, now: u64) {
        self.lost.retain(|(other, _)| *other != place);
        self.lost.extend(lost.map(|strike| (place, strike)));
        self.nodes.changes(place, lost.is_some(), now);
    }

    /// When the check of each node in a zone that is lost now will be over, by its balancer.
    pub(super) fn checks(&self, place: Place, now: u64) -> Vec<(u16, u64)> {
        self.nodes.checks(place, now)
    }

    /// Whether the name of a balancer leaves out its node in a zone from this instant on.
    pub(super) fn leaves_out(&self, balancer: u16, place: Place, now: u64) -> bool {
        self.nodes.leaves_out(balancer, place, now)
    }

    /// What the loss of a zone does to the names of balancers, in words.
    pub(super) fn words(&self, place: Place, kinds: &Settings) -> Vec<String> {
        self.nodes.words(place, kinds)
    }

    /// A record is wrong.
    pub(super) fn begins(&mut self, (fault, strike): (u16, u32), from: u64, until: u64) {
        let its = self.each.iter_mut().filter(|it| it.fault == fault);
        its.for_each(|it| {
            // What nobody remembers any more is forgotten.
            let ttl = it.ttl;
            it.wrong.retain(|(_, until, _)| until.saturating_add(ttl) > from);
            it.wrong.push((from, until, strike));
        });
    }

    /// A request is about to connect to a balancer.
    pub(super) fn resolve(&mut self, balancer: u16, id: u32, flow: &mut Flow) -> Next {
        let caller = caller(id, flow);
        for name in self.each.iter().filter(|it| it.balancer == balancer) {
            if let Some(strike) = name.wrong_for(caller, flow.now) {
                flow.meets(id, strike);
                return match name.effect {
                    OnName::Refuses => Next::Fail(Cause::ConnectionRefused),
                    OnName::Unreachable => flow.try_in_vain(id),
                };
            }
        }
        match self.nodes.lost_for(balancer, caller, flow.now) {
            Some(place) => {
                if let Some((_, strike)) = self.lost.iter().find(|(other, _)| *other == place) {
                    flow.meets(id, *strike);
                }
                flow.note_happened(Resource::OldAddress { balancer: balancer.into() }, 1);
                flow.try_in_vain(id)
            }
            None => Next::Op,
        }
    }
}

/// Who looks a name up: the user who waits, or a request of a class. A call comes from an instance, for a request.
fn caller(id: u32, flow: &Flow) -> u64 {
    let attempt = &flow.attempts[id];
    let is_user = attempt.state == State::Active && attempt.depth == 0 && attempt.user != NONE;
    match is_user {
        true => mixed(u64::from(attempt.user), u64::MAX),
        false => mixed(flow.attempts[id].ordinal, attempt.class.into()),
    }
}

impl Name {
    /// The strike by which a caller has a wrong address now: it has looked the name up for the last time when its record was wrong, and is
    /// one of those that got the wrong one.
    fn wrong_for(&self, caller: u64, now: u64) -> Option<u32> {
        let (number, looked) = self.last_look(caller, now)?;
        let wrong = self.wrong.iter().find(|&&(from, until, _)| (from..until).contains(&looked))?;
        (part(mixed(self.seed ^ caller, number)) < self.share).then_some(wrong.2)
    }

    /// The last time that a caller has looked it up, and which one it was in the run, if it was in the run. It does so each time to live
    /// from a random instant on.
    fn last_look(&self, caller: u64, now: u64) -> Option<(u64, u64)> {
        let ttl = self.ttl.max(1);
        let phase = (part(mixed(self.seed ^ caller, 0)) * ttl as f64) as u64;
        let number = now.checked_sub(phase)? / ttl;
        Some((number + 1, number * ttl + phase))
    }
}

/// Random bits as a number from 0 to 1.
pub(super) fn part(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(share: f64) -> Name {
        let wrong = vec![(100, 130, 0)];
        Name { fault: 0, balancer: 0, share, effect: OnName::Refuses, ttl: 60, wrong, seed: 7 }
    }

    /// Of ten thousand callers, those that have the wrong address.
    fn known(name: &Name, now: u64) -> f64 {
        (0..10_000).filter(|&ordinal| name.wrong_for(mixed(ordinal, 0), now).is_some()).count() as f64 / 1e4
    }

    /// Wrong from 100 to 130, known for 60: half of the callers know it at 130, and the last of them at 190. Within four standard
    /// deviations of at most 0.005.
    #[test]
    fn callers_come_to_know_a_wrong_address_and_forget_it() {
        let all = name(1.0);
        for (now, share) in [(99, 0.0), (114, 0.25), (129, 0.5), (159, 0.5), (174, 0.25), (190, 0.0)] {
            assert!((known(&all, now) - share).abs() <= 0.02, "{now}: {}", known(&all, now));
        }
        assert!((known(&name(0.4), 140) - 0.2).abs() < 0.016);
    }

    /// A caller keeps what it has been told for 60, whatever is true meanwhile.
    #[test]
    fn a_caller_keeps_its_address() {
        let name = name(0.5);
        for caller in (0..1_000).map(|ordinal| mixed(ordinal, 3)) {
            let (_, looked) = name.last_look(caller, 140).unwrap();
            let told = name.wrong_for(caller, 140);
            assert!((81..=140).contains(&looked), "{looked}");
            assert!((140..looked + 60).all(|now| name.wrong_for(caller, now) == told));
            assert_eq!(name.last_look(caller, looked + 60).map(|it| it.1), Some(looked + 60));
        }
    }
}
