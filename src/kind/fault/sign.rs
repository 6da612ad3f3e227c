//! What has noticed a strike: a sign about what it struck itself.
//!
//! In: names of balancers that leave a node out, and facts of checks, failovers, circuit breakers and alarms. Out: the first sign of each strike. A
//! sign about an instance is of the strikes that hold it, and if none does any more, of the last that took it. Alarms are kept for the end.

use super::language::{Member, OnHosts, OnRequests, Target};
use super::model::Faults;
use super::strike::{Change, Strike};
use crate::flow::Flow;
use crate::flow::fact::{Fact, Sign};
use crate::id::{AlarmOf, Kind};
use crate::measure::totals::AlarmState;

impl Faults<'_> {
    /// Something has been heard: it may be a sign of what is wrong, and what was lost may be back.
    pub(super) fn look(&mut self, fact: &Fact, flow: &Flow) {
        if let Fact::Alarm { of: AlarmOf::Own(alarm), state } = *fact
            && !self.settings.is_empty()
        {
            self.alarms.push(Change { at: flow.now, alarm, is_on: state == AlarmState::Alarm });
        }
        // What one node of a balancer sends to again fails the checks of others for a while: that is no return yet.
        if self.open.is_empty() || matches!(fact, Fact::Admitted(_)) {
            return;
        }
        if matches!(fact, Fact::Unhealthy(_) | Fact::Noticed { .. }) {
            for strike in self.those_of(fact, flow) {
                if self.strikes[strike as usize].noticed.is_none() {
                    self.strikes[strike as usize].noticed = Some((flow.now, self.words(fact, flow)));
                }
            }
        }
        self.look_for_what_is_back(flow);
    }

    /// A check of a lost node of a balancer is over: if its name leaves the node out now, that is a sign of the loss of its zone.
    pub(super) fn leaves_out(&mut self, balancer: u16, fault: u16, flow: &Flow) {
        let Some(lost) = self.settings[usize::from(fault)].place() else { return };
        if !self.names.leaves_out(balancer, lost, flow.now) {
            return;
        }
        let words = format!("name of {}", self.named(Kind::Balancer, balancer.into()));
        for &strike in &self.open {
            let strike = &mut self.strikes[strike as usize];
            let is_its = self.settings[usize::from(strike.fault)].place() == Some(lost);
            if is_its && strike.noticed.is_none() {
                strike.noticed = Some((flow.now, words.clone()));
            }
        }
    }

    /// The strikes that a sign is about.
    fn those_of(&self, fact: &Fact, flow: &Flow) -> Vec<u32> {
        let of = |it: u32| &self.strikes[it as usize];
        let mut its: Vec<u32> =
            self.open.iter().copied().filter(|&it| self.is_about(fact, of(it), flow)).collect();
        match *fact {
            Fact::Unhealthy(host)
            | Fact::Noticed {
                by: Sign::StatusCheck(host) | Sign::Anomaly(host) | Sign::Probe(host), ..
            } => {
                // What stops it fails its checks rather than what slows it.
                let stops = |&it: &u32| !self.is_slow(of(it));
                if its.iter().any(stops) {
                    its.retain(stops);
                }
                let holds = |&it: &u32| self.holds(of(it), host, flow);
                match its.iter().any(holds) {
                    true => its.retain(holds),
                    false => drop(its.drain(..its.len().saturating_sub(1))),
                }
            }
            // It opens by the last call that has failed. If that met nothing, it may be of the only strike at what its calls lead to.
            Fact::Noticed { by: Sign::Breaker { met }, .. } => match met {
                Some(met) => its.retain(|it| *it == met),
                None if its.len() > 1 => its.clear(),
                None => {}
            },
            Fact::Noticed { by: Sign::Record { .. }, .. } => {
                let stops = |&it: &u32| !self.is_slow(of(it));
                if its.iter().any(stops) {
                    its.retain(stops);
                }
            }
            _ => {}
        }
        its
    }

    fn is_slow(&self, strike: &Strike) -> bool {
        let target = &self.settings[usize::from(strike.fault)].target;
        matches!(target, Target::Hosts { effect: OnHosts::Slow(_), .. })
    }

    /// Whether a sign can be about what a strike has struck.
    fn is_about(&self, fact: &Fact, strike: &Strike, flow: &Flow) -> bool {
        let target = &self.settings[usize::from(strike.fault)].target;
        match *fact {
            Fact::Unhealthy(host)
            | Fact::Noticed {
                by: Sign::StatusCheck(host) | Sign::Anomaly(host) | Sign::Probe(host), ..
            } => strike.took.contains(&host),
            Fact::Noticed { of: (kind, index), by: Sign::Failover { from, shard } } => match *target {
                Target::Zone(place) => from.is_in(place),
                Target::Requests { of, member, effect: OnRequests::Dies | OnRequests::FailsOver } => {
                    let is_its = match member {
                        Member::All => true,
                        Member::Writer => shard == 0,
                        Member::Shard(number) => shard == number,
                        Member::Replica => false,
                    };
                    of == (kind, index.into()) && is_its
                }
                _ => false,
            },
            Fact::Noticed { by: Sign::Record { of, index }, .. } => self.hits(strike, (of, index.into())),
            Fact::Noticed { of: (_, policy), by: Sign::Breaker { met } } => {
                let leads_to = &self.tried[usize::from(policy)];
                met.is_some_and(|met| std::ptr::eq(&self.strikes[met as usize], strike))
                    || target.of().is_some_and(|of| leads_to.contains(&of))
                    || strike
                        .took
                        .iter()
                        .any(|&host| leads_to.contains(&(Kind::Fleet, flow.hosts[host as usize].group)))
            }
            _ => false,
        }
    }

    /// A sign in words.
    fn words(&self, fact: &Fact, flow: &Flow) -> String {
        match *fact {
            Fact::Unhealthy(host) => {
                format!("health check of {}", self.named(Kind::Fleet, flow.hosts[host as usize].group))
            }
            Fact::Noticed { of: (kind, index), by } => {
                let words = match by {
                    Sign::StatusCheck(_) => "status check of",
                    Sign::Breaker { .. } => "circuit breaker of",
                    Sign::Failover { .. } => "failover of",
                    Sign::Anomaly(_) => "anomaly detection of",
                    Sign::Probe(_) | Sign::Record { .. } => "health check of",
                };
                format!("{words} {}", self.named(kind, index.into()))
            }
            _ => String::new(),
        }
    }

    pub(super) fn named(&self, kind: Kind, index: usize) -> String {
        let names = self.kinds.names(kind);
        names.get(index).map_or(String::new(), |name| format!("`{name}`"))
    }
}
