//! Firewalls in a run: each request passes the rules in their order, until one blocks it.
//!
//! In: requests of clients; checks of rate rules. Out: requests that go on, and 403s.

use rand::Rng;

use super::address::Addresses;
use super::language::{self, Look, Source};
use super::rate::{Changes, Rate};
use super::record::{FirewallSeries, FirewallTotals};
use crate::flow::attempt::State;
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id;
use crate::kind::Kind;
use crate::kind::bill::Hourly;
use crate::kind::part::{Part, Plan};
use crate::kind::path::PathOwner;
use crate::measure::stage::Cause;
use crate::rng::{mixed, stream};
use crate::usage::Used;

/// All firewalls.
#[derive(Debug)]
pub struct Firewalls<'s> {
    each: Vec<Firewall<'s>>,
    /// All rules, those of the first firewall first.
    rules: Vec<Rule<'s>>,
    addresses: Addresses,
    pub(super) counted: Counted,
}

/// What is kept of each firewall and each source, in that order.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// What has passed and what has not, so far.
    pub totals: Vec<FirewallTotals>,
    /// Of these, in rows that have ended: that came, and that were blocked.
    pub marks: Vec<[Mark; 2]>,
    /// Rows so far.
    pub series: Vec<FirewallSeries>,
}

/// One firewall.
#[derive(Debug)]
pub(super) struct Firewall<'s> {
    settings: &'s language::Firewall,
    /// Its first rule.
    first: usize,
    /// Requests that it has looked at, and those at which a managed group of rules has.
    looked: [u64; 2],
    hours: [Hourly; 2],
}

/// One rule.
#[derive(Debug)]
struct Rule<'s> {
    settings: &'s language::Rule,
    /// By which it draws whether a request matches.
    salt: u64,
    rate: Option<Rate>,
    /// What its last checks have changed that is not felt yet, the oldest first.
    changes: Vec<(u32, Changes)>,
    /// Checks so far.
    checks: u32,
}

/// Steps at a firewall.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// These rules look at the request, a bit each.
    Inspect { firewall: u16, rules: u32 },
}

timers! {
    Kind::Firewall;
    /// A rate rule looks back.
    Check { rule: u16 } = "check of rate rule";
    /// What a check has seen is felt.
    Feel { rule: u16, check: u32 } = "end of the reaction of rate rule";
}

impl<'s> Part<'s> for Firewalls<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.firewalls;
        let sources: &[Source] = settings.first().map_or(&[], |firewall| &firewall.sources);
        let mut built = Firewalls {
            each: Vec::new(),
            rules: Vec::new(),
            addresses: Addresses::of(plan, sources),
            counted: Counted::default(),
        };
        for own in settings {
            // Its address, and what matches of it, go by the number of a request.
            flow.counts_requests = true;
            built.each.push(Firewall {
                settings: own,
                first: built.rules.len(),
                looked: [0; 2],
                hours: Default::default(),
            });
            for (index, rule) in own.rules.iter().enumerate() {
                let at: u16 = number(built.rules.len());
                built.rules.push(Rule::new(own, index, rule, plan.seed));
                if let Look::Rate { check_every, .. } = rule.look {
                    flow.set_first(Timer::Check { rule: at }, check_every.0);
                }
            }
            built.counted.add(&own.name, sources);
        }
        built
    }

    fn step(&mut self, Op::Inspect { firewall, rules }: Op, id: u32, flow: &mut Flow) -> Next {
        let own = &mut self.each[usize::from(firewall)];
        own.looked[0] += 1;
        // What something else sends in the place of a client is of no source, and of no address that comes again.
        if flow.attempts[id].state == State::Errand {
            return Next::Op;
        }
        let source = usize::from(flow.attempts[id].source);
        let address = self.addresses.find(id, flow);
        let counted = &mut self.counted.totals[usize::from(firewall) * own.settings.sources.len() + source];
        counted.requests += 1;
        for index in 0..own.settings.rules.len() {
            let rule = &mut self.rules[own.first + index];
            if rules & 1 << index == 0 {
                continue;
            }
            own.looked[1] += u64::from(rule.settings.managed);
            if !rule.finds(source, address, id, flow) {
                continue;
            }
            match (rule.settings.blocks, &rule.settings.look) {
                (false, _) => counted.noted += 1,
                (true, Look::Rate { .. }) => counted.over_limit += 1,
                (true, Look::Match { .. }) => counted.matched += 1,
            }
            if rule.settings.blocks {
                return Next::Fail(Cause::Forbidden);
            }
        }
        Next::Op
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Check { rule } => self.rules[usize::from(rule)].check(rule, flow),
            Timer::Feel { rule, check } => self.rules[usize::from(rule)].feel(check),
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.counted.end_row(span);
        for firewall in &mut self.each {
            for (hours, looked) in firewall.hours.iter_mut().zip(firewall.looked) {
                hours.read(looked, flow);
            }
        }
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, firewall) in self.each.iter().enumerate() {
            let [requests, managed] = &firewall.hours;
            let used = Used { twice: managed.used().hours, ..requests.used() };
            add((id::Kind::Firewall, index), used);
        }
    }
}

impl<'s> Rule<'s> {
    fn new(firewall: &language::Firewall, index: usize, settings: &'s language::Rule, seed: u64) -> Rule<'s> {
        let rate = match settings.look {
            Look::Rate { limit, window, check_every, .. } => {
                Some(Rate::new(limit, number::<u32>((window.0 / check_every.0.max(1)) as usize) as usize))
            }
            Look::Match { .. } => None,
        };
        let salt = stream(seed, &format!("firewall.{}/rule {index}", firewall.name)).next_u64();
        Rule { settings, salt, rate, changes: Vec::new(), checks: 0 }
    }

    /// Whether it finds something in a request.
    fn finds(&mut self, source: usize, address: Option<u64>, id: u32, flow: &Flow) -> bool {
        match (&self.settings.look, &mut self.rate) {
            // What never comes again is under every limit.
            (Look::Rate { .. }, Some(rate)) => address.is_some_and(|address| rate.count(address)),
            (Look::Match { shares }, _) => {
                let share = shares.get(source).copied().unwrap_or(0.0);
                share > 0.0 && self.draws(source, id, flow) < share
            }
            _ => false,
        }
    }

    /// A number from 0 to 1 for a request, the same for its retries.
    fn draws(&self, source: usize, id: u32, flow: &Flow) -> f64 {
        let ordinal = flow.attempts[id].ordinal;
        let bits = mixed(mixed(self.salt, source as u64), ordinal);
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }

    /// It looks back over its window, and looks again later.
    fn check(&mut self, rule: u16, flow: &mut Flow) {
        let (Look::Rate { check_every, reaction, .. }, Some(rate)) = (&self.settings.look, &mut self.rate)
        else {
            return;
        };
        let changes = rate.check();
        flow.set_first(Timer::Check { rule }, flow.now.saturating_add(check_every.0));
        if changes.is_empty() {
            return;
        }
        let check = self.checks;
        self.checks = self.checks.wrapping_add(1);
        self.changes.push((check, changes));
        match reaction.0 {
            0 => self.feel(check),
            span => flow.set_first(Timer::Feel { rule, check }, flow.now.saturating_add(span)),
        }
    }

    /// What a check has seen is felt.
    fn feel(&mut self, check: u32) {
        let Some(at) = self.changes.iter().position(|(number, _)| *number == check) else { return };
        let (_, changes) = self.changes.remove(at);
        if let Some(rate) = &mut self.rate {
            rate.apply(&changes);
        }
    }
}
