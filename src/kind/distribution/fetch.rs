//! Fetches: what a request does that finds nothing fresh at an edge, until it is back there.
//!
//! In: look-ups that miss. Out: one fetch of an object at each cache, and what it came to for all who wait for it there.

use super::copies::{Found, Verdict, code};
use super::model::{Distributions, OWNER};
use super::objects::{LEVELS, Set};
use super::state::Call;
use crate::flow::Flow;
use crate::flow::claims::Waiting;
use crate::flow::next::Next;

impl Distributions<'_> {
    /// A fetch looks an object up at a cache behind the edge.
    pub(super) fn look(&mut self, id: u32, at: (u16, u8), to: (u32, u32), flow: &mut Flow) -> Next {
        let (set, level) = at;
        let call = self.calls.of(id);
        let own = &mut self.sets[usize::from(set)];
        let state = &mut self.each[usize::from(own.of)];
        own.counts.came[usize::from(level)] += 1;
        let cache = state.cache(level, call.edge);
        if let Some(until) = state.caches[usize::from(level)][cache].hit(call.object, own, flow.now) {
            own.counts.regional_hits += 1;
            self.calls.of_mut(id).verdict = Verdict::Fresh(until);
            return Next::At(to.0);
        }
        self.miss(id, at, to, flow)
    }

    /// Nothing fresh is there: the request fetches it, or waits for the fetch of another.
    #[inline(never)]
    pub(super) fn miss(
        &mut self,
        id: u32,
        (set, level): (u16, u8),
        (hit, joined): (u32, u32),
        flow: &mut Flow,
    ) -> Next {
        let call = self.calls.of_mut(id);
        let own = &mut self.sets[usize::from(set)];
        let state = &mut self.each[usize::from(own.of)];
        let cache = state.cache(level, call.edge);
        let found = state.caches[usize::from(level)][cache].find(call.object, own, id, flow.now);
        let (counts, place) = (&mut own.counts, usize::from(call.place));
        if level == 0 && !matches!(found, Found::Stale(_) | Found::Failed(_)) {
            counts.misses += 1;
        }
        match found {
            Found::Joined => {
                counts.collapsed += u64::from(level == 0);
                call.waits = level;
                flow.attempts.claims_mut(id).waiting =
                    Waiting::Queue { owner: OWNER, place: own.of, item: call.object };
                Next::WaitThen(joined)
            }
            Found::Stale(_) if level == 0 => {
                state.counted.stale += 1;
                own.places[place].0.sent += 1;
                *call = Call::NONE;
                Next::At(hit)
            }
            Found::Failed(cause) if level == 0 => {
                state.counted.kept_errors += 1;
                *call = Call::NONE;
                Next::Fail(cause)
            }
            Found::Stale(cause) => {
                call.verdict = Verdict::Stale(cause);
                Next::At(hit)
            }
            Found::Failed(cause) => {
                call.verdict = Verdict::Failed(cause);
                Next::At(hit)
            }
            Found::Nothing => {
                call.leads |= 1 << level;
                counts.on[usize::from(level)] += 1;
                Next::Op
            }
        }
    }

    /// A fetch is back at a cache, which keeps what has come and gives it to all who wait for it there.
    pub(super) fn fill(&mut self, id: u32, set: u16, level: u8, flow: &mut Flow) -> Next {
        let call = self.calls.of(id);
        if call.leads & 1 << level != 0 {
            self.ends(id, set, level, flow);
        }
        let call = self.calls.of_mut(id);
        call.leads &= !(1 << level);
        if level > 0 {
            return Next::Op;
        }
        let Call { verdict, place, .. } = std::mem::replace(call, Call::NONE);
        let own = &mut self.sets[usize::from(set)];
        let counted = &mut self.each[usize::from(own.of)].counted;
        match verdict {
            Verdict::Failed(cause) => {
                counted.errors += 1;
                return Next::Fail(cause);
            }
            Verdict::Stale(_) => counted.stale += 1,
            Verdict::Fresh(_) => {}
        }
        own.places[usize::from(place)].0.sent += 1;
        Next::Op
    }

    /// A fetch is over at a cache where others may wait for it.
    fn ends(&mut self, id: u32, set: u16, level: u8, flow: &mut Flow) {
        let call = self.calls.of(id);
        let own = &self.sets[usize::from(set)];
        let state = &mut self.each[usize::from(own.of)];
        let behaviour = &self.settings[usize::from(own.of)].behaviours[usize::from(own.behaviour)];
        let kept = match call.verdict {
            Verdict::Failed(cause) | Verdict::Stale(cause) => behaviour.errors.0[code(cause)].0,
            Verdict::Fresh(_) => 0,
        };
        let sets = &self.sets;
        let size_of = |object: u32| {
            let holds = |it: &&Set| it.of == own.of && (it.first..it.first + it.count).contains(&object);
            sets.iter().find(holds).map_or(0, |it| it.size)
        };
        let cache = state.cache(level, call.edge);
        let cache = &mut state.caches[usize::from(level)][cache];
        let verdict = cache.end(call.object, own, call.verdict, (kept, flow.now), size_of);
        let met = flow.met(id).map(|(strike, _)| strike);
        for waiter in cache.waiters(call.object, id) {
            let other = self.calls.of_mut(waiter);
            (other.waits, other.verdict) = (u8::MAX, verdict);
            if let Some(strike) = met {
                flow.meets(waiter, strike);
            }
            flow.grant(waiter);
        }
        self.calls.of_mut(id).verdict = verdict;
    }

    /// An attempt is no more: whoever waits for it goes on in its place, from the cache at which that is.
    #[cold]
    pub(super) fn gone(&mut self, id: u32, flow: &mut Flow) {
        let call = std::mem::replace(self.calls.of_mut(id), Call::NONE);
        self.leave_origin(id, &call, flow);
        let state = &mut self.each[usize::from(self.sets[usize::from(call.set)].of)];
        for level in 0..LEVELS as u8 {
            let (waits, leads) = (call.waits == level, call.leads & 1 << level != 0);
            if !waits && !leads {
                continue;
            }
            let cache = state.cache(level, call.edge);
            let cache = &mut state.caches[usize::from(level)][cache];
            if waits {
                cache.leave(call.object, id);
            }
            let Some(next) = cache.hand_over(call.object, id).filter(|_| leads) else { continue };
            let other = self.calls.of_mut(next);
            (other.waits, other.leads) = (u8::MAX, other.leads | 1 << level);
            // It waits in a look-up, behind which it goes on as one that found nothing.
            let attempt = &mut flow.attempts[next];
            attempt.next = attempt.at + 1;
            flow.grant(next);
        }
    }
}
