//! Clients: they send requests, time out, try again, and get the result.
//!
//! In: arrivals of the sources. Out: attempts at the entrance, and for every request exactly one end. A request
//! counts once, each of its attempts counts by itself. After a client has given up, the work goes on inside the system.

use super::World;
use super::source::{Request, SourceState};
use super::traffic::Arrivals;
use crate::catalog::region::Region;
use crate::flow::NONE;
use crate::flow::attempt::{NETWORK, RETRY, State};
use crate::flow::event::Event;
use crate::flow::number;
use crate::measure::stage::Cause;
use crate::rng::stream;
use crate::scenario::client::OnTimeout;

impl World<'_> {
    pub(super) fn build_sources(&mut self) {
        for source in &self.scenario.sources {
            let half = source.client.round_trip.0 / 2;
            let timeout = source.client.timeout.map(|timeout| timeout.0);
            let mut arrivals = Arrivals::new(source, self.seed, self.scenario.duration);
            let next = arrivals.next().saturating_add(half);
            let jitter = stream(self.seed, &format!("{}.{}/jitter", source.table(), source.name));
            self.sources.push(SourceState { arrivals, next, half, timeout, jitter });
        }
        for (index, source) in self.scenario.sources.iter().enumerate() {
            self.add_crowd(index, source);
        }
        self.find_next_arrival();
    }

    fn find_next_arrival(&mut self) {
        let times = self.sources.iter().enumerate().map(|(index, source)| (source.next, index));
        self.arrival = times.min().unwrap_or((u64::MAX, 0));
        // An event from this instant on comes after that arrival, or not at all.
        self.flow.calendar.stop_before(self.arrival.0.min(self.last).saturating_add(1));
    }

    /// A new request arrives at the entrance; returns its attempt, which resumes at once.
    pub(super) fn arrive(&mut self, index: usize) -> u32 {
        let source = &mut self.sources[index];
        let (class, ordinal) = (source.arrivals.class(), source.arrivals.ordinal());
        let sent = self.flow.now - source.half.min(self.flow.now);
        source.next = source.arrivals.next().saturating_add(source.half);
        self.find_next_arrival();
        self.begin_request(Request { source: number(index), class, ordinal, user: NONE, sent })
    }

    /// The first attempt of a request arrives at the entrance; returns it.
    #[inline(always)]
    pub(super) fn begin_request(&mut self, request: Request) -> u32 {
        let Request { source, class, ordinal, user, sent } = request;
        let id = self.flow.new_attempt();
        let attempt = &mut self.flow.attempts[id];
        attempt.class = class;
        attempt.source = source;
        attempt.user = user;
        attempt.request_start = sent;
        attempt.start = sent;
        if self.flow.counts_requests {
            let attempt = &mut self.flow.attempts[id];
            (attempt.ordinal, attempt.origin) = (ordinal, source);
        }
        self.flow.recorder.arrived(class);
        self.enter(id);
        id
    }

    /// A retry arrives at the entrance.
    #[inline(never)]
    pub(super) fn enter_again(&mut self, id: u32) {
        self.enter(id);
    }

    /// An attempt arrives at the entrance, where its program begins.
    #[inline(always)]
    fn enter(&mut self, id: u32) {
        self.flow.recorder.attempts.arrived += 1;
        let attempt = &mut self.flow.attempts[id];
        attempt.state = State::Active;
        // The time so far was spent on the network.
        attempt.since = attempt.start;
        attempt.stage = NETWORK;
        attempt.next = self.program.entry[usize::from(attempt.class)];
        let SourceState { timeout, half, .. } = self.sources[usize::from(attempt.source)];
        let before = attempt.start - attempt.request_start;
        if before > 0 {
            *self.flow.attempts.spent_mut(id, RETRY) = before;
        }
        if let Some(timeout) = timeout {
            // Counted from now: the attempt was sent half a round trip ago.
            self.flow.attempts[id].patience = self.flow.deadline(id, timeout.saturating_sub(half));
        }
    }

    /// The answer leaves the system, `back` nanoseconds from the entrance.
    pub(super) fn respond(&mut self, id: u32, back: u32) {
        let attempt = &self.flow.attempts[id];
        if attempt.state == State::Orphan {
            return self.vanish(id);
        }
        let source = &self.sources[usize::from(attempt.source)];
        let received = self.flow.now + u64::from(back) + source.half;
        if source.timeout.is_some_and(|timeout| received > attempt.start.saturating_add(timeout)) {
            // The client times out before the answer arrives.
            self.flow.attempts[id].state = State::Late;
            let class = usize::from(self.flow.attempts[id].class);
            self.gauges.answers[class].late += 1;
            return;
        }
        self.flow.attempts[id].stage = NETWORK;
        self.flow.attempts.book(id, received);
        self.flow.recorder.attempts.completed += 1;
        let attempt = &self.flow.attempts[id];
        let (class, sent, user, retries) =
            (attempt.class, attempt.request_start, attempt.user, attempt.retries);
        self.flow.recorder.completed(class, sent, received - sent, self.flow.attempts.times_mut(id));
        if self.flow.recorder.zones.is_some() {
            self.ends_in_zone(id, true);
        }
        self.flow.attempts.release_recorded(id);
        self.heard(user, sent, received, retries, true);
    }

    /// The timeout of the client for an attempt has expired.
    pub(super) fn client_timeout(&mut self, id: u32) {
        match self.flow.attempts[id].state {
            State::Late => self.attempt_failed(id, Cause::ClientTimeout, 0),
            State::Active => {
                self.closed(id);
                let client = self.cut_off(id, 0);
                self.attempt_failed(client, Cause::ClientTimeout, 0);
                let source = usize::from(self.flow.attempts[id].source);
                if self.scenario.sources[source].client.on_timeout == OnTimeout::Cancel {
                    self.cancel(id);
                }
            }
            _ => {}
        }
    }

    /// An attempt has failed; its client learns of it after `delay`, and tries again or gives up.
    pub(super) fn attempt_failed(&mut self, id: u32, cause: Cause, delay: u64) {
        self.flow.recorder.attempts.failed[cause as usize] += 1;
        let attempt = &self.flow.attempts[id];
        let (class, source, retries) = (attempt.class, attempt.source, attempt.retries);
        let (request_start, heard) = (attempt.request_start, self.flow.now.saturating_add(delay));
        let client = &self.scenario.sources[usize::from(source)].client;
        let is_last = u32::from(retries) >= client.retries.max;
        if self.flow.met.is_any {
            self.charge(id, is_last);
        }
        if is_last {
            let attempt = &self.flow.attempts[id];
            let user = attempt.user;
            self.flow.recorder.failed(class, cause, heard.saturating_sub(request_start));
            self.ends_in_zone(id, false);
            self.flow.attempts.release(id);
            return self.heard(user, request_start, heard, retries, false);
        }
        let state = &mut self.sources[usize::from(source)];
        let sent = heard.saturating_add(client.retries.pause(retries, &mut state.jitter));
        self.flow.attempts.renew(id);
        let attempt = &mut self.flow.attempts[id];
        attempt.state = State::Pausing;
        attempt.retries = retries + 1;
        attempt.class = class;
        attempt.source = source;
        attempt.request_start = request_start;
        attempt.start = sent;
        self.flow.calendar.at(sent.saturating_add(state.half), Event::Enter(id));
    }

    /// How long it takes one way between the location of a client and a Region, beside its round trip to what is nearest; nothing where it
    /// is near.
    #[cold]
    pub(super) fn way_to(&self, id: u32, region: Region) -> Option<u64> {
        let source = usize::from(self.flow.attempts[id].source);
        let location = &self.scenario.locations[self.scenario.sources[source].client.from?.index()];
        Some(location.round_trip(region).0 / 2).filter(|span| *span > 0)
    }

    /// How long a result takes from the system to the client of an attempt.
    pub(super) fn way_back(&self, id: u32) -> u64 {
        let attempt = &self.flow.attempts[id];
        let away = self.program.away.iter().find(|(ops, _)| ops.contains(&attempt.at));
        let far = away.and_then(|(_, region)| self.way_to(id, *region)).unwrap_or(0);
        self.one_way(usize::from(attempt.source)) + far
    }

    /// One-way delay between the clients of a source and the entrance.
    pub(super) fn one_way(&self, source: usize) -> u64 {
        self.sources[source].half
    }
}
