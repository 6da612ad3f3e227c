//! What event buses do. In: calls to topics that are buses. Out: calls that are throttled, queues and functions that get an event later.
//!
//! A call beyond the quota is tried again by the SDK, as one to a FIFO queue is.

use std::cmp::Reverse;

use super::limit::{ATTEMPTS, pause};
use super::op::Timer;
use super::sources::NO_POLLER;
use super::state::{Call, NO_CALL, Queues};
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::kind::Kind;
use crate::measure::stage::Cause;

impl Queues<'_> {
    /// What becomes of a call to a bus that is not taken; nothing where it is.
    pub(super) fn over_quota(&mut self, id: u32, topic: u16, again: u32, flow: &mut Flow) -> Option<Next> {
        let bus = self.buses[usize::from(topic)].as_mut()?;
        let latency = self.topics[usize::from(topic)].bus.as_ref().map_or(0, |bus| bus.put.0);
        let tries = self.calls.of(id).tries + 1;
        let called = flow.called.of_mut(topic.into());
        called.calls += u64::from(tries == 1);
        if self.quotas[bus.quota].puts.take(1.0, flow.now) {
            if tries > 1 {
                *self.calls.of_mut(id) = NO_CALL;
                self.hold_off(id, false, flow);
            }
            return None;
        }
        called.throttled += 1;
        called.given_up += u64::from(tries >= ATTEMPTS);
        let pause = pause(tries, &mut bus.jitter);
        let call = Call { tries };
        if tries >= ATTEMPTS {
            *self.calls.of_mut(id) = NO_CALL;
            return Some(Next::Fail(Cause::Throttled));
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
            flow.set(Timer::Events { topic }, *due);
        }
    }
}
