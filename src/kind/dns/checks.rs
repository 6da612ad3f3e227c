//! Health checks: the endpoints that are checked, and what becomes of a check. In: timers, and the answers to checks. Out: verdicts.
//!
//! A check of an address or of a balancer is a small real request from outside: it connects, waits for a thread, uses some CPU, and must be answered
//! within 2 s. So what is full fails its checks, as it fails its clients. (`probe` sends it.)

use super::address::is_nobody;
use super::language::health::ANSWER;
use super::language::{Check, Protocol};
use super::model::{Names, Timer};
use super::vote::{Endpoint, Vote};
use crate::dist::below;
use crate::flow::fact::{Fact, Sign};
use crate::flow::{Flow, NONE};
use crate::id;
use crate::kind::Kind;
use crate::rng::stream;

const OWNER: u8 = Kind::Dns as u8;

impl Names<'_> {
    /// The check of a record, if checkers decide.
    fn check_of(&self, name: u16, record: u8) -> Option<&Check> {
        let record = &self.settings[usize::from(name)].records[usize::from(record)];
        record.check.as_ref().filter(|it| it.alarm.is_none())
    }

    /// The check of an address begins, if its record has one.
    pub(super) fn check_address(&mut self, address: u32, flow: &mut Flow) {
        let own = self.addresses[address as usize];
        if self.check_of(own.name, own.record).is_some() {
            let endpoint = self.begin_checks(own.name, own.record, address, flow);
            self.addresses[address as usize].endpoint = endpoint;
        }
    }

    /// The checks of an endpoint begin, each checker at a time of its own.
    pub(super) fn begin_checks(&mut self, name: u16, record: u8, address: u32, flow: &mut Flow) -> u32 {
        let number = self.endpoints.len() as u32;
        let settings = &self.settings[usize::from(name)];
        let Some(check) = self.check_of(name, record) else { return NONE };
        let (checkers, interval) = (check.checkers, check.interval.0);
        let vote = Vote::new(checkers, check.threshold);
        let entry = self.entries[usize::from(name)].get(usize::from(record)).copied().flatten();
        let purpose = format!("dns.{}/health check {record} {}", settings.name, address.wrapping_add(1));
        let mut phases = stream(self.seed, &purpose);
        for checker in 0..checkers {
            let phase = below(&mut phases, interval.max(1));
            flow.set(Timer::Check { endpoint: number, checker }, flow.now.saturating_add(phase));
        }
        self.endpoints.push(Endpoint { name, record, address, entry, vote, span: (flow.now, u64::MAX) });
        number
    }

    /// The check of an address ends.
    pub(super) fn check_no_more(&mut self, address: u32, flow: &mut Flow) {
        let endpoint = self.addresses[address as usize].endpoint;
        let Some(own) = self.endpoints.get_mut(endpoint as usize) else { return };
        own.span.1 = own.span.1.min(flow.now);
    }

    /// A checker checks.
    pub(super) fn check(&mut self, endpoint: u32, checker: u32, flow: &mut Flow) {
        let own = &self.endpoints[endpoint as usize];
        if own.span.1 <= flow.now {
            return;
        }
        let Some(check) = self.check_of(own.name, own.record) else { return };
        let (protocol, next) = (check.protocol, flow.now.saturating_add(check.interval.0));
        let host = match own.address {
            NONE => NONE,
            address => self.addresses[address as usize].host,
        };
        let gives_up = |after: u64| flow.now.saturating_add(after);
        let is_address = own.address != NONE;
        let to = self.settings[usize::from(own.name)].records[usize::from(own.record)].to;
        let connected = match is_address {
            // Where requests enter by a balancer they meet its lost nodes themselves.
            false if own.entry.is_none() && self.reach.is_lost(to) => Connection::Silent,
            false => Connection::Made,
            true if is_nobody(host, flow) => Connection::Silent,
            true => Connection::of(host, flow),
        };
        match (connected, own.entry) {
            (Connection::Refused, _) => self.judge(endpoint, checker, false, flow),
            (Connection::Silent, _) => {
                let at = gives_up(protocol.connect().0);
                flow.set(Timer::Unanswered { endpoint, checker }, at);
            }
            // A connection is enough; and what has no hosts always answers.
            (Connection::Made, None) => self.judge(endpoint, checker, true, flow),
            (Connection::Made, Some(_)) if protocol == Protocol::Tcp => {
                self.judge(endpoint, checker, true, flow)
            }
            (Connection::Made, Some(first)) => {
                flow.set(Timer::Unanswered { endpoint, checker }, gives_up(ANSWER.0));
                let id = flow.send_errand(OWNER, endpoint, first);
                if is_address {
                    *flow.addressed.of_mut(id) = host;
                }
                *self.endpoints[endpoint as usize].vote.probe(checker) = id;
            }
        }
        // After the end of this check, which may be due at the same time.
        flow.set(Timer::Check { endpoint, checker }, next);
    }

    /// A check was answered.
    pub(super) fn answered(&mut self, id: u32, flow: &mut Flow) {
        let Some(endpoint) = flow.errand(id, OWNER) else { return };
        flow.attempts.release(id);
        if let Some(checker) = self.endpoints[endpoint as usize].vote.checker_of(id) {
            flow.cancel(Timer::Unanswered { endpoint, checker });
            self.judge(endpoint, checker, true, flow);
        }
    }

    /// A check has come to nothing: an error was answered, or nobody took the connection.
    pub(super) fn check_lost(&mut self, id: u32, is_answer: bool, flow: &mut Flow) {
        let Some(endpoint) = flow.errand(id, OWNER) else { return };
        let own = &mut self.endpoints[endpoint as usize];
        let (name, record, is_address) = (own.name, own.record, own.address != NONE);
        let Some(checker) = own.vote.checker_of(id) else { return };
        *own.vote.probe(checker) = NONE;
        if is_answer {
            flow.cancel(Timer::Unanswered { endpoint, checker });
            return self.judge(endpoint, checker, false, flow);
        }
        // An instance that does not take a connection does not do so for as long as the checker waits. A balancer has taken it.
        if is_address && flow.attempts[id].start == flow.now {
            let connect = self.check_of(name, record).map_or(0, |it| it.protocol.connect().0);
            flow.set(Timer::Unanswered { endpoint, checker }, flow.now.saturating_add(connect));
        }
    }

    /// A check goes on under another number.
    pub(super) fn check_renumbered(&mut self, from: u32, to: u32, flow: &Flow) {
        if let Some(endpoint) = flow.errand(to, OWNER) {
            self.endpoints[endpoint as usize].vote.renumber(from, to);
        }
    }

    /// A check has passed, or failed.
    pub(super) fn judge(&mut self, endpoint: u32, checker: u32, passed: bool, flow: &mut Flow) {
        let own = &mut self.endpoints[endpoint as usize];
        let before = own.vote.is_healthy();
        own.vote.judge(checker, passed);
        let is_healthy = own.vote.is_healthy();
        if is_healthy != before {
            let (name, address) = (own.name, own.address);
            if address != NONE && self.addresses[address as usize].host != NONE {
                let host = self.addresses[address as usize].host;
                let number = flow.hosts[host as usize].number;
                let state = if is_healthy { "healthy" } else { "unhealthy" };
                let text = format!("address of instance {number} is {state}");
                flow.incident(id::Kind::Dns, &self.settings[usize::from(name)].name, text);
                if !is_healthy {
                    flow.tell(Fact::Noticed { of: (id::Kind::Dns, name), by: Sign::Probe(host) });
                }
            }
            self.refresh(name, flow);
        }
    }
}

/// What becomes of a connection to an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Connection {
    /// It is made, if the instance takes it.
    Made,
    /// It is refused: nothing listens there.
    Refused,
    /// Nothing comes back.
    Silent,
}

impl Connection {
    fn of(host: u32, flow: &Flow) -> Connection {
        let host = &flow.hosts[host as usize];
        match host {
            host if host.is_lost() || host.stopped => Connection::Silent,
            host if !host.is_running() => Connection::Refused,
            _ => Connection::Made,
        }
    }
}
