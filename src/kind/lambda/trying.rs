//! What Lambda does with events. In: events that come, tries that succeed or fail, timers. Out: errands that invoke functions, events that
//! are dropped.
//!
//! Lambda keeps no order: each event is tried as soon as it is there, and again after a pause of its own. What is tried is an errand, known by
//! the number of its event. Events are counted one by one: what came has succeeded, was dropped, or is still there.

use super::event::{Event, State};
use super::op::Timer;
use super::state::Lambdas;
use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::kind::Kind;

impl Lambdas<'_> {
    /// The event whose errand an attempt is.
    pub(super) fn event_of(&self, id: u32, flow: &Flow) -> Option<u32> {
        if self.events.all.is_empty() {
            return None;
        }
        flow.errand(id, Kind::Lambda as u8).filter(|event| self.events.all.contains_key(event))
    }

    /// Events come, and are tried at once.
    pub(super) fn take_events(&mut self, function: u16, count: u8, flow: &mut Flow) {
        for _ in 0..count {
            let event = Event {
                function,
                sent: flow.now,
                next: flow.now,
                failed: 0,
                throttled: 0,
                state: State::Waits,
            };
            let number = self.events.add(event);
            let queue = &mut self.events.each[usize::from(function)];
            queue.counts.received += 1;
            queue.by_age.insert((flow.now, number));
            self.try_event(number, flow);
        }
    }

    /// An event is on its way to its function.
    fn try_event(&mut self, number: u32, flow: &mut Flow) {
        let Some(event) = self.events.all.get_mut(&number) else { return };
        let queue = &mut self.events.each[usize::from(event.function)];
        if queue.is_lost {
            event.state = State::Waits;
            queue.waiting.insert((flow.now, number));
            return;
        }
        event.state = State::Asks;
        if let Some([invoke, _]) = queue.path {
            flow.send_errand(Kind::Lambda as u8, number, invoke);
        }
    }

    /// An event has an environment.
    pub(super) fn event_runs(&mut self, number: u32, flow: &Flow) {
        let warmup = self.warmup;
        let Some(event) = self.events.all.get_mut(&number) else { return };
        event.state = State::Runs;
        let queue = &mut self.events.each[usize::from(event.function)];
        queue.counts.retried += u64::from(event.failed > 0);
        queue.counts.taken += u64::from(event.failed == 0);
        event.throttled = 0;
        if event.sent >= warmup {
            queue.age.record(flow.now - event.sent);
        }
    }

    /// The invocation of an event has succeeded.
    pub(super) fn event_succeeds(&mut self, id: u32, flow: &mut Flow) -> Next {
        if let Some(number) = self.event_of(id, flow)
            && let Some(event) = self.leaves_queue(number)
        {
            self.events.each[usize::from(event.function)].counts.succeeded += 1;
            return Next::Op;
        }
        // It is that of a Region that was lost: the event is tried again, and nobody is told.
        self.told(id, flow)
    }

    /// A destination has been told, or there was none.
    pub(super) fn told(&mut self, id: u32, flow: &mut Flow) -> Next {
        if let Some(number) = self.event_of(id, flow) {
            self.events.all.remove(&number);
        }
        flow.attempts.release(id);
        Next::Gone
    }

    /// The errand of an event has come to nothing.
    pub(super) fn event_failed(&mut self, id: u32, flow: &mut Flow) {
        let Some(number) = self.event_of(id, flow) else { return };
        let Some(event) = self.events.all.get_mut(&number) else { return };
        let function = event.function;
        let settings = self.settings[usize::from(function)].asynchronous;
        match event.state {
            State::Leaves => {
                self.events.each[usize::from(function)].counts.undelivered += 1;
                self.events.all.remove(&number);
                return;
            }
            State::Runs => {
                event.failed += 1;
                if event.failed > settings.retries {
                    self.events.each[usize::from(function)].counts.dropped += 1;
                    return self.drop_event(number, flow);
                }
                event.next = flow.now.saturating_add(event.pause_after_failure());
            }
            State::Asks | State::Waits => {
                event.throttled += 1;
                event.next = flow.now.saturating_add(event.pause_after_throttle());
                self.events.each[usize::from(function)].held += 1;
            }
        }
        event.state = State::Waits;
        let due = event.next.min(event.sent.saturating_add(settings.maximum_age.0)).max(flow.now);
        self.events.each[usize::from(function)].waiting.insert((due, number));
        self.expect_events(function, flow);
    }

    /// Events whose pause is over are tried again, and those that are too old are dropped.
    pub(super) fn look_at_events(&mut self, function: u16, flow: &mut Flow) {
        let index = usize::from(function);
        while let Some(&(due, number)) = self.events.each[index].waiting.first()
            && due <= flow.now
            && !self.events.each[index].is_lost
        {
            self.events.each[index].waiting.pop_first();
            let Some(event) = self.events.all.get(&number) else { continue };
            let queue = &mut self.events.each[index];
            queue.held -= u64::from(event.throttled > 0);
            let end = event.sent.saturating_add(self.settings[index].asynchronous.maximum_age.0);
            // One that is tried at the very end of its time is in time.
            if event.next > flow.now || flow.now > end {
                queue.counts.too_old += 1;
                self.drop_event(number, flow);
            } else {
                self.try_event(number, flow);
            }
        }
        self.expect_events(function, flow);
    }

    /// The timer of a function is set to what comes next.
    fn expect_events(&mut self, function: u16, flow: &mut Flow) {
        let queue = &self.events.each[usize::from(function)];
        if let Some((due, _)) = queue.waiting.first()
            && !queue.is_lost
        {
            flow.set(Timer::Event { function }, *due);
        }
    }

    /// An event is tried no more: its destination is told, if it has one.
    fn drop_event(&mut self, number: u32, flow: &mut Flow) {
        let Some(event) = self.leaves_queue(number) else { return };
        let index = usize::from(event.function);
        match (self.settings[index].asynchronous.on_failure, self.events.each[index].path) {
            (Some(_), Some([_, tell])) => {
                flow.send_errand(Kind::Lambda as u8, number, tell);
            }
            _ => drop(self.events.all.remove(&number)),
        }
    }

    /// An event is no longer in the queue; nothing if it had left it before.
    fn leaves_queue(&mut self, number: u32) -> Option<Event> {
        let event = self.events.all.get_mut(&number).filter(|event| event.state != State::Leaves)?;
        event.state = State::Leaves;
        self.events.each[usize::from(event.function)].by_age.remove(&(event.sent, number));
        Some(*event)
    }

    /// A Region is lost: what was tried there is tried again when it is back.
    pub(super) fn region_lost(&mut self, region: Zone, now: u64) {
        for index in 0..self.events.each.len() {
            let queue = &mut self.events.each[index];
            if queue.region != Some(region) {
                continue;
            }
            queue.is_lost = true;
            let tried = |(number, event): (&u32, &Event)| {
                let is_its = usize::from(event.function) == index;
                (is_its && matches!(event.state, State::Asks | State::Runs)).then_some(*number)
            };
            let tried: Vec<u32> = self.events.all.iter().filter_map(tried).collect();
            for number in tried {
                // The errand that is under way knows it no more.
                let Some(event) = self.events.all.remove(&number) else { continue };
                let event = Event { state: State::Waits, next: now, throttled: 0, ..event };
                let again = self.events.add(event);
                let queue = &mut self.events.each[index];
                queue.by_age.remove(&(event.sent, number));
                queue.by_age.insert((event.sent, again));
                queue.waiting.insert((now, again));
            }
        }
    }

    /// It is back.
    pub(super) fn region_back(&mut self, region: Zone, flow: &mut Flow) {
        for index in 0..self.events.each.len() {
            if self.events.each[index].region == Some(region) {
                self.events.each[index].is_lost = false;
                self.look_at_events(crate::flow::number(index), flow);
            }
        }
    }
}
