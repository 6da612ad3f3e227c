//! Names that lead to a wrong address: callers of a balancer that have looked it up while its record was wrong.
//!
//! In: strikes at the name of a balancer, and requests that are about to connect. Out: requests that are refused, or that hear nothing. An
//! address is kept for the time to live of its record, and looked up again after it. Each caller has looked it up at a random time within that:
//! so the share of callers with a wrong address grows from the begin of a strike over the time to live, and falls from its end over as long.

use super::language::{Fault, OnName, Target};
use crate::dist::uniform;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};
use crate::units::Time;

/// A client tries to connect for so long. Source: Linux kernel, ip-sysctl documentation, `tcp_syn_retries` default 6.
const CONNECT_TIMEOUT: Time = Time::from_secs(127);

/// The names that faults make wrong.
#[derive(Debug)]
pub struct Names {
    each: Vec<Name>,
    /// Attempts that try to connect to nothing.
    vain: PerAttempt<bool>,
}

/// The name of a balancer, and a fault of it.
#[derive(Debug)]
struct Name {
    fault: u16,
    balancer: u16,
    share: f64,
    effect: OnName,
    ttl: u64,
    /// When its record was wrong, from and until.
    wrong: Vec<(u64, u64)>,
    chance: Stream,
}

impl Names {
    /// Those of a file.
    pub(super) fn of(faults: &[Fault], seed: u64) -> Names {
        let name = |(fault, it): (u16, &Fault)| match it.target {
            Target::Name { of, share, effect, ttl } => {
                let chance = stream(seed, &format!("fault.{}/requests", it.name));
                let balancer = crate::flow::number(of.index());
                Some(Name { fault, balancer, share, effect, ttl: ttl.0, wrong: Vec::new(), chance })
            }
            _ => None,
        };
        Names { each: (0..).zip(faults).filter_map(name).collect(), vain: PerAttempt::new(false) }
    }

    /// A record is wrong.
    pub(super) fn begins(&mut self, fault: u16, from: u64, until: u64) {
        let its = self.each.iter_mut().filter(|it| it.fault == fault);
        its.for_each(|it| {
            // What nobody remembers any more is forgotten.
            let ttl = it.ttl;
            it.wrong.retain(|(_, until)| until.saturating_add(ttl) > from);
            it.wrong.push((from, until));
        });
    }

    /// A request is about to connect to a balancer.
    pub(super) fn resolve(&mut self, balancer: u16, id: u32, flow: &mut Flow) -> Next {
        for name in self.each.iter_mut().filter(|it| it.balancer == balancer) {
            let share = name.share * name.known_wrong(flow.now);
            if share > 0.0 && uniform(&mut name.chance) < share {
                return match name.effect {
                    OnName::Refuses => Next::Fail(Cause::BadGateway),
                    OnName::Unreachable => {
                        *self.vain.of_mut(id) = true;
                        flow.pass(CONNECT_TIMEOUT.0, id)
                    }
                };
            }
        }
        Next::Op
    }

    /// It has connected, or has tried for as long as it does.
    pub(super) fn connect(&mut self, id: u32) -> Next {
        match self.vain.of(id) {
            true => {
                *self.vain.of_mut(id) = false;
                Next::Fail(Cause::BadGateway)
            }
            false => Next::Op,
        }
    }

    /// An attempt has ended.
    pub(super) fn forget(&mut self, id: u32) {
        if !self.each.is_empty() {
            *self.vain.of_mut(id) = false;
        }
    }
}

impl Name {
    /// The part of the time to live before now in which the record was wrong.
    fn known_wrong(&self, now: u64) -> f64 {
        let since = now.saturating_sub(self.ttl);
        let overlap = |&(from, until): &(u64, u64)| until.min(now).saturating_sub(from.max(since));
        let sum: u64 = self.wrong.iter().map(overlap).sum();
        (sum as f64 / self.ttl.max(1) as f64).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wrong from 100 to 130, known for 60: half of the callers know it at 130, and the last of them at 190.
    #[test]
    fn callers_come_to_know_a_wrong_address_and_forget_it() {
        let wrong = vec![(100, 130)];
        let chance = stream(1, "test");
        let name =
            Name { fault: 0, balancer: 0, share: 1.0, effect: OnName::Refuses, ttl: 60, wrong, chance };
        let known = [100, 115, 130, 160, 175, 190].map(|now| name.known_wrong(now));
        assert_eq!(known, [0.0, 0.25, 0.5, 0.5, 0.25, 0.0]);
    }
}
