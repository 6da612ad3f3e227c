//! Event buses: what they take, and when what they took comes to its targets.
//!
//! In: calls to topics that are buses. Out: calls that are throttled, instants at which queues and functions get an event. The quotas of a Region are shared by all of its
//! buses. A call beyond the one is throttled; what is beyond the other one is delayed (Amazon EventBridge user guide, "Amazon EventBridge quotas").

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::limit::pause;
use super::op::Timer;
use super::sources::NO_POLLER;
use super::state::{NO_CALL, Queues};
use crate::catalog::region::Region;
use crate::dist::Sampler;
use crate::engine::bucket::Bucket;
use crate::flow::next::Next;
use crate::flow::{Flow, number};
use crate::id;
use crate::kind::Kind;
use crate::kind::part::Plan;
use crate::kind::topic::language::Topic;
use crate::kind::topic::language::bus::quotas;
use crate::rng::{Stream, stream};

/// A bus of the run.
#[derive(Debug)]
pub struct Bus {
    /// Which quotas it shares.
    quota: usize,
    delivery: (Sampler, Stream),
    jitter: Stream,
    /// When events come to functions, with the number of each and the place of its function.
    coming: BinaryHeap<Reverse<(u64, u64, usize)>>,
    sent: u64,
    /// Of each function, the op at which what brings it an event begins.
    first: Vec<u32>,
}

/// What the buses of a Region share.
#[derive(Debug)]
pub struct Quota {
    puts: Bucket,
    /// Deliveries beyond it are owed: they come later.
    invocations: Bucket,
    rate: f64,
}

impl Bus {
    /// Those of a file, one for each topic that is one, and the quotas that they share.
    pub(super) fn all(plan: &Plan<'_>) -> (Vec<Option<Bus>>, Vec<Quota>) {
        let home = Region::of(plan.region);
        let (mut regions, mut shared) = (Vec::new(), Vec::new());
        let of = |(at, topic): (usize, &Topic)| {
            let bus = topic.bus.as_ref()?;
            let region = topic.region.or(home);
            let quota = regions.iter().position(|known| *known == region).unwrap_or_else(|| {
                regions.push(region);
                let [puts, invocations] = quotas(region, &plan.kinds.account);
                shared.push(Quota {
                    puts: Bucket::new(puts, puts.max(1.0)),
                    invocations: Bucket::new(invocations, invocations.max(1.0)),
                    rate: invocations,
                });
                regions.len() - 1
            });
            let entries = plan.entries.iter().filter(|(of, _)| *of == (id::Kind::Topic, at));
            let purpose = |purpose: &str| stream(plan.seed, &format!("topic.{}/{purpose}", topic.name));
            Some(Bus {
                quota,
                delivery: (Sampler::new(&bus.delivery), purpose("delivery")),
                jitter: purpose("retry"),
                coming: BinaryHeap::new(),
                sent: 0,
                first: entries.filter_map(|(_, entries)| entries.first().copied()).collect(),
            })
        };
        (plan.kinds.topics.iter().enumerate().map(of).collect(), shared)
    }

    /// When an event comes to a target.
    fn due(&mut self, quota: &mut Quota, now: u64) -> u64 {
        let (sampler, stream) = &mut self.delivery;
        let way = sampler.time(stream).0;
        quota.invocations.owe(1.0, now);
        let owed = (-quota.invocations.tokens(now)).max(0.0);
        now.saturating_add(way).saturating_add(crate::dist::rounded(owed / quota.rate * 1e9))
    }
}

impl Queues<'_> {
    /// What becomes of a call to a bus that is not taken; nothing where it is.
    pub(super) fn over_quota(&mut self, id: u32, topic: u16, again: u32, flow: &mut Flow) -> Option<Next> {
        let bus = self.buses[usize::from(topic)].as_mut()?;
        let latency = self.topics[usize::from(topic)].bus.as_ref().map_or(0, |bus| bus.put.0);
        let tries = self.calls.of(id).tries + 1;
        if self.quotas[bus.quota].puts.take(1.0, flow.now) {
            if tries > 1 {
                *self.calls.of_mut(id) = NO_CALL;
                self.hold_off(id, false, flow);
            }
            return None;
        }
        let pause = pause(tries, &mut bus.jitter);
        let call = super::state::Call { tries };
        if tries >= super::limit::ATTEMPTS {
            *self.calls.of_mut(id) = NO_CALL;
            return Some(Next::Fail(crate::measure::stage::Cause::Throttled));
        }
        *self.calls.of_mut(id) = call;
        self.hold_off(id, true, flow);
        flow.pass(latency.saturating_add(pause), id);
        Some(Next::WaitThen(again))
    }

    /// When an event comes to the next target of a topic: at once, if it is no bus.
    pub(super) fn delivery(&mut self, topic: u16, now: u64) -> Option<u64> {
        let bus = self.buses[usize::from(topic)].as_mut()?;
        Some(bus.due(&mut self.quotas[bus.quota], now))
    }

    /// An event is on its way to each function of a bus.
    pub(super) fn send_to_functions(&mut self, topic: u16, messages: u8, flow: &mut Flow) {
        let Some(bus) = &mut self.buses[usize::from(topic)] else { return };
        for _ in 0..messages {
            for place in 0..bus.first.len() {
                let due = bus.due(&mut self.quotas[bus.quota], flow.now);
                bus.coming.push(Reverse((due, bus.sent, place)));
                bus.sent += 1;
            }
        }
        self.expect_delivery(topic, flow);
    }

    /// Events come to functions.
    pub(super) fn deliver_events(&mut self, topic: u16, flow: &mut Flow) {
        let Some(bus) = &mut self.buses[usize::from(topic)] else { return };
        while let Some(Reverse((due, _, place))) = bus.coming.peek().copied()
            && due <= flow.now
        {
            bus.coming.pop();
            flow.send_errand(Kind::Queue as u8, NO_POLLER, bus.first[place]);
        }
        self.expect_delivery(topic, flow);
    }

    fn expect_delivery(&mut self, topic: u16, flow: &mut Flow) {
        let bus = self.buses[usize::from(topic)].as_ref();
        if let Some(Reverse((due, ..))) = bus.and_then(|bus| bus.coming.peek()) {
            flow.set(Timer::Events { topic: number(topic.into()) }, *due);
        }
    }
}
