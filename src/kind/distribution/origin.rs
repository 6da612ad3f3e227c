//! What a distribution does at an origin: tries, their connections, and what comes of them.
//!
//! In: requests that no cache could answer. Out: for each try an attempt of its own, which walks the way to the origin; the caller waits for it.
//! An origin that does not answer is asked again, and then another one, as the settings say.

use super::copies::Verdict;
use super::model::{Distributions, OWNER};
use super::state::Call;
use crate::flow::attempt::RETRY;
use crate::flow::claims::Waiting;
use crate::flow::fact::Fact;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE, number};
use crate::measure::stage::Cause;

/// Round trips of a new connection. Source: RFC 9293 (TCP), RFC 8446 (TLS 1.3): one each.
const ROUND_TRIPS: u64 = 2;

impl Distributions<'_> {
    /// The try under way of an attempt.
    pub fn try_of(&self, id: u32) -> Option<u32> {
        Some(self.calls.read(id).errand).filter(|id| *id != NONE)
    }

    /// A try is sent to an origin, and the caller waits for it at the op before. The try connects at once, unless others are ready
    /// before it.
    pub(super) fn begin(
        &mut self,
        id: u32,
        (set, way): (u16, u8),
        (first, then): (u32, u32),
        flow: &mut Flow,
    ) -> Next {
        let errand = flow.new_try(OWNER, id, first);
        let own = &mut self.sets[usize::from(set)];
        own.counts.origin += 1;
        let of = own.of;
        flow.attempts.claims_mut(id).waiting = Waiting::Queue { owner: OWNER, place: of, item: NONE };
        let settings = &self.settings[usize::from(of)];
        flow.wait_at_most(id, settings.connect_timeout.min(settings.response_timeout).0);
        let attempt = &mut flow.attempts[id];
        (attempt.at, attempt.next, attempt.stage) = (first - 1, then, RETRY);
        let call = self.calls.of_mut(id);
        (call.errand, call.begun, call.tries) = (errand, flow.now, call.tries + 1);
        if !flow.ready.is_empty() {
            flow.ready.push(errand);
            return Next::Gone;
        }
        let attempt = &mut flow.attempts[errand];
        (attempt.at, attempt.next) = (first, first + 1);
        match self.connection(id, (set, way), flow.now) {
            0 => Next::Hand(errand),
            span => {
                flow.pass(span, errand);
                Next::Gone
            }
        }
    }

    /// A try takes a connection; it goes on when it is there.
    pub(super) fn connect(&mut self, id: u32, set: u16, way: u8, flow: &mut Flow) -> Next {
        let caller = flow.errand(id, OWNER).filter(|&caller| self.calls.read(caller).errand == id);
        let Some(caller) = caller else {
            return Next::Fail(Cause::CallTimeout);
        };
        match self.connection(caller, (set, way), flow.now) {
            0 => Next::Op,
            span => flow.pass(span, id),
        }
    }

    /// The try of a caller takes an idle connection, or makes one; returns how long that takes, with the way from the place of the client.
    fn connection(&mut self, caller: u32, (set, way): (u16, u8), now: u64) -> u64 {
        let Call { edge, place, .. } = *self.calls.read(caller);
        let (asker, origin) = (self.asker(set, edge), self.origin(set, way));
        let far = self.far(set, origin, place);
        let call = self.calls.of_mut(caller);
        (call.asker, call.origin, call.far) = (number(asker), number(origin), far);
        let own = &self.sets[usize::from(set)];
        let of = usize::from(own.of);
        let state = &mut self.each[of];
        if state.connections.take(asker, origin, now) {
            return far;
        }
        state.counted.connections += 1;
        let level = if own.fresh == 0 { 0 } else { state.caches.len() as u8 - 1 };
        far + 2 * ROUND_TRIPS * (self.settings[of].hop_to_origin(level).0 + far)
    }

    /// The cache that asks: an edge where nobody keeps the object, else one of the last level.
    fn asker(&self, set: u16, edge: u16) -> usize {
        let own = &self.sets[usize::from(set)];
        let state = &self.each[usize::from(own.of)];
        let last = state.caches.len() as u8 - 1;
        match own.fresh {
            0 => usize::from(edge),
            _ => state.caches[0].len() + state.cache(last, edge),
        }
    }

    /// The number of an origin among all of a distribution.
    fn origin(&self, set: u16, way: u8) -> usize {
        2 * usize::from(self.sets[usize::from(set)].behaviour) + usize::from(way)
    }

    /// The answer travels back to the place of the client, and is there at once if the origin is near.
    pub(super) fn back(&mut self, id: u32, set: u16, way: u8, flow: &mut Flow) -> Next {
        let far = match flow.errand(id, OWNER) {
            Some(caller) => self.calls.read(caller).far,
            None => self.far(set, self.origin(set, way), 0),
        };
        if far == 0 { self.answered(id, set, flow) } else { flow.pass(far, id) }
    }

    /// A try has come through: its caller has the answer, and with it the times of the stages in which the try was.
    pub(super) fn answered(&mut self, id: u32, set: u16, flow: &mut Flow) -> Next {
        let caller = flow.errand(id, OWNER).filter(|&caller| self.calls.read(caller).errand == id);
        let Some(caller) = caller else {
            // Nobody waits for it any more.
            return Next::Fail(Cause::CallTimeout);
        };
        let own = &self.sets[usize::from(set)];
        let call = self.calls.of_mut(caller);
        call.errand = NONE;
        call.verdict = Verdict::Fresh(flow.now.saturating_add(own.fresh));
        let connections = &mut self.each[usize::from(own.of)].connections;
        connections.give(call.asker as usize, call.origin as usize, flow.now);
        flow.attempts.take_times(id, caller);
        flow.attempts.release_recorded(id);
        flow.end_wait(caller);
        let next = flow.hand_to(caller);
        if own.fresh == 0 && matches!(next, Next::Hand(_)) {
            // What nobody keeps is with the client, and the op of the verdict has no more to say. A caller that waits is never
            // to end at its next step, so it comes that far.
            self.deliver(caller, set);
            flow.attempts[caller].next += 1;
        }
        next
    }

    /// A try has failed.
    pub(super) fn try_lost(&mut self, id: u32, caller: u32, cause: Option<Cause>, flow: &mut Flow) {
        let call = self.calls.of_mut(caller);
        if call.errand != id {
            return;
        }
        call.errand = NONE;
        let (cause, set) = (cause.unwrap_or(Cause::BadGateway), call.set);
        // Without a connection nothing was asked; a connection that broke has not answered.
        let again = match cause {
            Cause::ConnectionRefused | Cause::ConnectionTimeout => true,
            Cause::ConnectionReset => self.sets[usize::from(set)].is_read,
            _ => false,
        };
        self.failed(caller, set, cause, again, flow);
    }

    /// An origin has accepted no connection, or has not answered, in time. A try may wait for longer where it waits for the other of the two.
    pub(super) fn unanswered(&mut self, id: u32, set: u16, flow: &mut Flow) {
        let call = self.calls.of(id);
        let settings = &self.settings[usize::from(self.sets[usize::from(set)].of)];
        let is_connected = call.errand == NONE || !flow.is_unconnected(call.errand);
        let limit = if is_connected { settings.response_timeout } else { settings.connect_timeout };
        let until = call.begun.saturating_add(limit.0);
        if until > flow.now {
            return flow.wait_at_most(id, until - flow.now);
        }
        self.leave_origin(id, &call, flow);
        self.calls.of_mut(id).errand = NONE;
        let own = &self.sets[usize::from(set)];
        self.each[usize::from(own.of)].counted.timeouts += 1;
        match is_connected {
            true => self.failed(id, set, Cause::GatewayTimeout, own.is_read, flow),
            // Nothing was asked.
            false => self.failed(id, set, Cause::ConnectionTimeout, true, flow),
        }
    }

    /// Nobody waits for a try any more: the origin works on.
    pub(super) fn leave_origin(&mut self, id: u32, call: &Call, flow: &mut Flow) {
        if call.errand != NONE {
            flow.tell(Fact::GivenUp { attempt: call.errand, caller: id, cancels: false });
        }
    }

    /// A try has come to nothing: the origin is asked again, or the caller goes on with an error.
    fn failed(&mut self, id: u32, set: u16, cause: Cause, again: bool, flow: &mut Flow) {
        let of = usize::from(self.sets[usize::from(set)].of);
        let counted = &mut self.each[of].counted;
        let call = self.calls.of_mut(id);
        counted.origin_errors += 1;
        if again && u32::from(call.tries) < self.settings[of].connect_attempts {
            counted.retries += 1;
            // It begins again.
            let attempt = &mut flow.attempts[id];
            attempt.next = attempt.at;
        } else {
            call.verdict = Verdict::Failed(match cause {
                Cause::ConnectionRefused | Cause::ConnectionReset => Cause::BadGateway,
                Cause::ConnectionTimeout => Cause::GatewayTimeout,
                other => other,
            });
        }
        flow.grant(id);
    }

    /// The caller goes on: to the second origin, to the caches on its way, or to the client.
    pub(super) fn verdict(&mut self, id: u32, set: u16, over: u32) -> Next {
        let own = &self.sets[usize::from(set)];
        let call = self.calls.of_mut(id);
        let has_failed = matches!(call.verdict, Verdict::Failed(_));
        if has_failed && over != u32::MAX {
            call.is_over = true;
            return Next::At(over);
        }
        if own.fresh > 0 {
            return Next::Op;
        }
        // Nobody keeps it.
        if let Verdict::Failed(cause) = call.verdict {
            *call = Call::NONE;
            self.each[usize::from(own.of)].counted.errors += 1;
            return Next::Fail(cause);
        }
        self.deliver(id, set);
        Next::Op
    }

    /// What nobody keeps goes to the client.
    fn deliver(&mut self, id: u32, set: u16) {
        let Call { place, .. } = std::mem::replace(self.calls.of_mut(id), Call::NONE);
        self.sets[usize::from(set)].places[usize::from(place)].0.sent += 1;
    }
}
