//! What one cache of a distribution keeps: copies of objects, errors, and fetches under way.
//!
//! In: look-ups, and what fetches came to. Out: whether a copy is there and fresh, who fetches, who waits for that. A cache has so many
//! bytes, and gives up the least recently used copy first.

use rustc_hash::FxHashMap;

use super::objects::Set;
use crate::engine::lru::Lru;
use crate::measure::stage::Cause;

/// One cache.
#[derive(Debug)]
pub(super) struct Copies {
    /// Copies, each with the instant at which it is fresh no more.
    held: Lru<u64>,
    bytes: u64,
    capacity: u64,
    /// Errors that are kept: until when, and which.
    errors: FxHashMap<u32, (u64, Cause)>,
    /// Fetches under way.
    fetches: FxHashMap<u32, Fetching>,
    /// Copies that were given up for others.
    pub evicted: u64,
}

/// A fetch that others may wait for.
#[derive(Debug)]
struct Fetching {
    /// Who fetches.
    leader: u32,
    /// Who waits, in order.
    waiters: Vec<u32>,
}

/// What a request finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Found {
    /// The origin has failed a short while ago, by this cause: a copy that is not fresh is there.
    Stale(Cause),
    /// The same, and there is none.
    Failed(Cause),
    /// Somebody fetches it, and the request waits for that.
    Joined,
    /// The request has to fetch it.
    Nothing,
}

/// The place of the HTTP code of an error among those of which a behaviour says how long they are kept: 500, 502, 503, 504.
pub(super) fn code(cause: Cause) -> usize {
    match cause {
        Cause::BadGateway | Cause::ConnectionReset | Cause::ConnectionRefused => 1,
        Cause::ServiceUnavailable | Cause::Shed | Cause::Throttled => 2,
        Cause::GatewayTimeout | Cause::ConnectionTimeout => 3,
        _ => 0,
    }
}

/// What a fetch came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// An object that is fresh until then.
    Fresh(u64),
    /// A copy that is not fresh, because the origin failed by this cause.
    Stale(Cause),
    /// An error.
    Failed(Cause),
}

impl Copies {
    /// An empty cache of so many bytes, for so many objects.
    pub fn new(objects: u32, capacity: u64) -> Copies {
        Copies {
            held: Lru::new(objects as usize, u64::MAX),
            bytes: 0,
            capacity,
            errors: FxHashMap::default(),
            fetches: FxHashMap::default(),
            evicted: 0,
        }
    }

    /// A request looks an object up: what is fresh is found by this alone.
    #[inline]
    pub fn hit(&mut self, object: u32, set: &Set, now: u64) -> Option<u64> {
        if !self.held.touch(object) {
            return None;
        }
        let until = *self.held.note(object);
        (until > now && !set.purged.has(object, until - set.fresh)).then_some(until)
    }

    /// The same where nothing is fresh.
    pub fn find(&mut self, object: u32, set: &Set, id: u32, now: u64) -> Found {
        let is_there = self.is_there(object, set);
        if let Some(&(until, cause)) = self.errors.get(&object) {
            if until > now {
                return if is_there { Found::Stale(cause) } else { Found::Failed(cause) };
            }
            self.errors.remove(&object);
        }
        if !set.collapses {
            return Found::Nothing;
        }
        match self.fetches.get_mut(&object) {
            Some(fetching) => {
                fetching.waiters.push(id);
                Found::Joined
            }
            None => {
                self.fetches.insert(object, Fetching { leader: id, waiters: Vec::new() });
                Found::Nothing
            }
        }
    }

    /// Whether a copy is there, fresh or not: one that was purged is removed.
    fn is_there(&mut self, object: u32, set: &Set) -> bool {
        if !self.held.holds(object) {
            return false;
        }
        let made = self.held.note(object).saturating_sub(set.fresh);
        if !set.purged.has(object, made) {
            return true;
        }
        self.held.remove(object);
        self.bytes -= set.size;
        false
    }

    /// A fetch has come to an end; `kept` is for how long an error of it is kept. Returns what those get who wait for it.
    pub fn end(
        &mut self,
        object: u32,
        set: &Set,
        verdict: Verdict,
        (kept, now): (u64, u64),
        size_of: impl Fn(u32) -> u64,
    ) -> Verdict {
        match verdict {
            Verdict::Fresh(until) => {
                self.hold(object, set.size, until, size_of);
                verdict
            }
            Verdict::Failed(cause) | Verdict::Stale(cause) => {
                let is_there = self.is_there(object, set);
                // What gives the copy of another cache on asks it again.
                if kept > 0 && (is_there || matches!(verdict, Verdict::Failed(_))) {
                    self.errors.insert(object, (now.saturating_add(kept), cause));
                }
                // A copy that is not fresh is better than an error.
                if is_there { Verdict::Stale(cause) } else { verdict }
            }
        }
    }

    fn hold(&mut self, object: u32, size: u64, until: u64, size_of: impl Fn(u32) -> u64) {
        if size > self.capacity {
            return;
        }
        if !self.held.holds(object) {
            self.bytes += size;
        }
        self.held.insert(object);
        *self.held.note(object) = until;
        while self.bytes > self.capacity {
            let Some(victim) = self.held.evict() else { break };
            self.bytes -= size_of(victim);
            self.evicted += 1;
        }
    }

    /// Those who wait for a fetch of this leader, which has come to an end.
    pub fn waiters(&mut self, object: u32, leader: u32) -> Vec<u32> {
        match self.fetches.get(&object) {
            Some(fetching) if fetching.leader == leader => {}
            _ => return Vec::new(),
        }
        self.fetches.remove(&object).map_or_else(Vec::new, |it| it.waiters)
    }

    /// One who waits has gone.
    pub fn leave(&mut self, object: u32, id: u32) {
        if let Some(fetching) = self.fetches.get_mut(&object) {
            fetching.waiters.retain(|waiter| *waiter != id);
        }
    }

    /// The leader of a fetch has gone: the first one who waits goes on in its place, and is returned.
    pub fn hand_over(&mut self, object: u32, leader: u32) -> Option<u32> {
        let fetching = self.fetches.get_mut(&object).filter(|it| it.leader == leader)?;
        if fetching.waiters.is_empty() {
            self.fetches.remove(&object);
            return None;
        }
        fetching.leader = fetching.waiters.remove(0);
        Some(fetching.leader)
    }
}
