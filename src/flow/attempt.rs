//! Attempts in the system: compact records in slots that are used again.
//!
//! An attempt is one try of a request. Its record says where it is in its program and what it holds: three lines of a
//! cache. Nearly every event touches the first line alone, so what most events need is there, with the time spent in the
//! stages that requests mostly come to. The second line is that of the client; the third is that of the first two tiers.
//! What only some scenarios have (deeper tiers, more keys, more stages) is in rows beside the records, only as
//! long as this scenario needs.

mod beside;

use super::NONE;
use super::claims::Claims;
use super::deadline::Deadline;
use super::event::event_number;
use crate::measure::stage::{NEAR, Spent, Times};
use beside::Beside;

pub use beside::Widths;

/// The current state of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The slot is free.
    Free,
    /// Inside the system; its client waits for it.
    Active,
    /// Inside the system, but its client has gone.
    Orphan,
    /// Answered too late: its client times out before the answer arrives.
    Late,
    /// Failed; the client pauses before it tries again.
    Pausing,
    /// Without a client: sent by a kind, for example as a health check. Its last step reports success to the kind; without
    /// that step the kind hears that it is lost.
    Errand,
    /// Ended while it executed; the processor still has its job in the heap.
    CalledOff,
}

/// Mark: the attempt must stop at its next step.
pub const DOOMED: u8 = 1;
/// Mark: the CPU time of the current step is counted as abandoned.
pub const CLOCKED: u8 = 2;
/// Mark: it was cut off from its caller because it ends with its host or its connection, so it is no abandoned work.
pub const ENDED: u8 = 4;
/// Mark: it is a try of a call that holds something of its caller's host, such as a connection of its pool, and ends with it.
pub const HOSTED: u8 = 8;

/// Place of the time on the network.
pub const NETWORK: u16 = 0;
/// Place of the time before the attempt that succeeded; few requests have some, so it is none of the near ones.
pub const RETRY: u16 = NEAR as u16;

/// Tiers in the record itself.
const NEAR_TIERS: usize = 2;

/// One attempt.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Attempt {
    /// Its current op.
    pub at: u32,
    /// The op at which it resumes.
    pub next: u32,
    /// When its current step began.
    pub since: u64,
    /// The place of the stage to which the time of the current step is booked.
    pub stage: u16,
    /// Its state.
    pub state: State,
    /// Number of tiers it is inside.
    pub depth: u8,
    /// How many of these, from the outside, it is cut off from: its client or its caller has gone.
    pub floor: u8,
    /// A bit for each tier whose thread it holds.
    pub threads: u8,
    /// What to do at the end of its current step: [`DOOMED`], [`CLOCKED`], [`ENDED`].
    pub marks: u8,
    /// Whether it has spent time in stages whose places are not near.
    has_far_times: bool,
    /// The first key that it has drawn.
    key: u32,
    /// Nanoseconds spent in the near stages. Those of a free record are zero.
    times: [u64; NEAR],
    /// When its client sent the request.
    pub request_start: u64,
    /// When its client sent this attempt.
    pub start: u64,
    /// When its client times out.
    pub patience: Deadline,
    /// When the deadlines of this record's attempt are next checked; the end of time if no check is planned.
    watched: u64,
    /// Number of its request among those of its source, if something asks for it. An errand that is no try has a number of its own.
    pub ordinal: u64,
    /// The user that waits for it, in a closed population; of an errand, what its kind knows it by.
    pub user: u32,
    /// Class.
    pub class: u16,
    /// Source; of an errand, the kind that sent it.
    pub source: u16,
    /// The source of the request that has that ordinal, if it is one of a source. A try has that of its caller.
    pub origin: u16,
    /// Retries so far.
    pub retries: u8,
    /// The outermost tiers that it is inside.
    tiers: Pair,
}

/// The two tiers of a record, in one line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Pair([Tier; NEAR_TIERS]);

const _: () = assert!(
    std::mem::offset_of!(Attempt, request_start) == 64 && std::mem::offset_of!(Attempt, tiers) == 128
);
// An odd number of lines: with an even one, the first lines would share only some of the sets of a cache.
const _: () = assert!(size_of::<Attempt>() == 192);

/// A tier that an attempt is inside: half a line of a cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Tier {
    /// The instance.
    pub instance: u32,
    /// The number of the target at the balancer.
    pub target: u32,
    /// The balancer; `u16::MAX` for none.
    pub balancer: u16,
    /// Where the instance's CPU is: the station of its cores, or its processor.
    pub cpu: u32,
    /// When the balancer times out.
    pub patience: Deadline,
}

const _: () = assert!(size_of::<Tier>() == 32);

impl Tier {
    /// No tier.
    pub const NONE: Tier =
        Tier { instance: NONE, target: NONE, balancer: u16::MAX, cpu: NONE, patience: Deadline::NEVER };
}

impl Attempt {
    /// It is an errand of a kind, for an item of it, which begins at an op.
    #[inline]
    pub fn send(&mut self, (kind, item): (u16, u32), first: u32, now: u64) {
        (self.state, self.source, self.user) = (State::Errand, kind, item);
        (self.since, self.start) = (now, now);
        (self.stage, self.next) = (NETWORK, first);
    }

    const EMPTY: Attempt = Attempt {
        at: 0,
        next: 0,
        since: 0,
        stage: 0,
        state: State::Free,
        depth: 0,
        floor: 0,
        threads: 0,
        marks: 0,
        has_far_times: false,
        key: 0,
        times: [0; NEAR],
        request_start: 0,
        start: 0,
        patience: Deadline::NEVER,
        watched: u64::MAX,
        ordinal: 0,
        user: NONE,
        class: 0,
        source: 0,
        origin: u16::MAX,
        retries: 0,
        tiers: Pair([Tier::NONE; NEAR_TIERS]),
    };
}

/// More records than this, of which events touch two lines, no longer fit the caches of a core.
const MANY: usize = 10_000;

/// All attempts.
#[derive(Debug)]
pub struct Attempts {
    slots: Vec<Attempt>,
    claims: Vec<Claims>,
    free: Vec<u32>,
    beside: Beside,
}

impl Attempts {
    /// No attempts yet.
    pub fn new(widths: Widths) -> Self {
        Attempts { slots: Vec::new(), claims: Vec::new(), free: Vec::new(), beside: Beside::new(widths) }
    }

    /// A fresh record; the caller fills in its fields.
    #[inline]
    pub fn allocate(&mut self) -> u32 {
        let id = match self.free.pop() {
            Some(id) => id,
            None => self.grow(),
        };
        self.begin(id);
        id
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        self.slots.push(Attempt::EMPTY);
        self.claims.push(Claims::EMPTY);
        let count = self.slots.len();
        self.beside.grow(count);
        event_number(count - 1)
    }

    /// Prepares a record for another attempt of its request.
    pub fn renew(&mut self, id: u32) {
        self.forget_times(id);
        self.begin(id);
    }

    /// Prepares a record for another attempt. An attempt has given back what it held by its end, so only its state is
    /// cleared.
    #[inline]
    fn begin(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        debug_assert!(attempt.threads == 0 && self.claims[id as usize].are_settled());
        debug_assert!(attempt.times == [0; NEAR] && !attempt.has_far_times);
        attempt.retries = 0;
        attempt.depth = 0;
        attempt.floor = 0;
        attempt.marks = 0;
        attempt.patience = Deadline::NEVER;
        // It has come to no instance yet.
        attempt.tiers.0[0].instance = NONE;
        debug_assert!(self.beside.times(id).iter().all(|line| *line == Spent::NOTHING));
    }

    /// Releases a record.
    pub fn release(&mut self, id: u32) {
        self.forget_times(id);
        self.release_recorded(id);
    }

    fn forget_times(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        attempt.times = [0; NEAR];
        if std::mem::take(&mut attempt.has_far_times) {
            self.beside.times(id).fill(Spent::NOTHING);
        }
    }

    /// Releases a record whose times were taken out.
    #[inline]
    pub fn release_recorded(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        attempt.state = State::Free;
        attempt.has_far_times = false;
        attempt.patience = Deadline::NEVER;
        self.free.push(id);
    }

    /// Releases the record of an attempt that was called off; returns whether it was one.
    pub fn bury(&mut self, id: u32) -> bool {
        let called_off = self[id].state == State::CalledOff;
        if called_off {
            self.release(id);
        }
        called_off
    }

    /// Whether there are too many records for the caches.
    #[inline]
    pub fn are_many(&self) -> bool {
        self.slots.len() > MANY
    }

    /// Reads records that will soon be needed. Read one by one when needed, each read would wait for memory; read
    /// together, the waits overlap.
    pub fn fetch(&self, ids: impl Iterator<Item = u32>) {
        // One field of each line that an answer needs.
        let read = |attempt: &Attempt| attempt.since ^ attempt.request_start;
        std::hint::black_box(ids.fold(0, |sum, id| sum ^ read(&self.slots[id as usize])));
    }

    /// Slots in use or free.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// What an attempt waits for and holds.
    #[inline]
    pub fn claims(&self, id: u32) -> &Claims {
        &self.claims[id as usize]
    }

    /// What an attempt waits for and holds, mutable.
    #[inline]
    pub fn claims_mut(&mut self, id: u32) -> &mut Claims {
        &mut self.claims[id as usize]
    }

    /// A tier that an attempt is inside; 0 is the outermost.
    #[inline(always)]
    pub fn tier(&self, id: u32, tier: u8) -> &Tier {
        let near = self.slots[id as usize].tiers.0.get(usize::from(tier));
        near.unwrap_or_else(|| self.beside.tier(id, tier))
    }

    /// A tier that an attempt is inside, mutable.
    #[inline(always)]
    pub fn tier_mut(&mut self, id: u32, tier: u8) -> &mut Tier {
        let near = self.slots[id as usize].tiers.0.get_mut(usize::from(tier));
        near.unwrap_or_else(|| self.beside.tier_mut(id, tier))
    }

    /// An attempt, and a tier that it is inside.
    #[inline(always)]
    pub fn in_tier(&mut self, id: u32, tier: u8) -> (&mut Attempt, Tier) {
        let attempt = &mut self.slots[id as usize];
        let near = attempt.tiers.0.get(usize::from(tier));
        let inside = *near.unwrap_or_else(|| self.beside.tier(id, tier));
        (attempt, inside)
    }

    /// An attempt enters a tier, which is its innermost one now.
    #[inline(always)]
    pub fn enter(&mut self, id: u32, tier: u8, inside: Tier) {
        let attempt = &mut self.slots[id as usize];
        attempt.depth = tier + 1;
        let near = attempt.tiers.0.get_mut(usize::from(tier));
        *near.unwrap_or_else(|| self.beside.tier_mut(id, tier)) = inside;
    }

    /// The earliest of the deadlines of an attempt.
    pub fn deadline(&self, id: u32) -> Deadline {
        let attempt = &self[id];
        let tiers = (attempt.floor..attempt.depth).map(|tier| self.tier(id, tier).patience);
        tiers.fold(attempt.patience.min(self.claims(id).limit), Deadline::min)
    }

    /// The tiers on whose hosts an attempt is: those that it is inside of and, for a try that holds something there, that of its
    /// caller.
    pub fn on_hosts(&self, id: u32) -> std::ops::Range<u8> {
        let attempt = &self[id];
        attempt.floor - u8::from(attempt.marks & HOSTED != 0)..attempt.depth
    }

    /// Copies the tiers of one attempt to another.
    pub fn copy_tiers(&mut self, from: u32, to: u32) {
        self.slots[to as usize].tiers = self.slots[from as usize].tiers;
        self.beside.copy_tiers(from, to);
    }

    /// Lets an attempt begin inside of the tiers that another one is inside of, for its request and with the keys that it has drawn.
    /// The tiers stay those of the other one: it is cut off from them. Returns its record.
    #[inline]
    pub fn begin_inside(&mut self, caller: u32, id: u32) -> &mut Attempt {
        let Attempt { depth, key, class, ordinal, origin, .. } = self.slots[caller as usize];
        if depth > 0 {
            self.copy_tiers(caller, id);
        }
        self.beside.copy_keys(caller, id);
        let attempt = &mut self.slots[id as usize];
        (attempt.depth, attempt.floor, attempt.key, attempt.class) = (depth, depth, key, class);
        (attempt.ordinal, attempt.origin) = (ordinal, origin);
        attempt
    }

    /// Books the times of an attempt in its stages to another one, in the place of as much time of its present step. The first one
    /// has none then.
    #[inline]
    pub fn take_times(&mut self, from: u32, to: u32) {
        let Attempt { times, has_far_times, .. } = &mut self.slots[from as usize];
        let (near, has_far) = (std::mem::take(times), std::mem::take(has_far_times));
        let attempt = &mut self.slots[to as usize];
        attempt.times.iter_mut().zip(near).for_each(|(time, span)| *time += span);
        let mut all: u64 = near.into_iter().sum();
        if has_far {
            attempt.has_far_times = true;
            all += self.beside.move_times(from, to);
        }
        self.slots[to as usize].since += all;
    }

    /// A key that an attempt has drawn. Slot 0 stands for the only key of every population that has no more.
    #[inline]
    pub fn key(&self, id: u32, slot: u8) -> u32 {
        match slot {
            1 => self.slots[id as usize].key,
            0 => 0,
            _ => self.beside.key(id, slot),
        }
    }

    /// A key that an attempt draws into a slot from 1 on.
    #[inline]
    pub fn key_mut(&mut self, id: u32, slot: u8) -> &mut u32 {
        if slot == 1 { &mut self.slots[id as usize].key } else { self.beside.key_mut(id, slot) }
    }

    /// When the deadlines of an attempt are next checked; the end of time if no check is planned.
    #[inline]
    pub fn watched(&self, id: u32) -> u64 {
        self.slots[id as usize].watched
    }

    /// When the deadlines of an attempt are next checked, mutable.
    pub fn watched_mut(&mut self, id: u32) -> &mut u64 {
        &mut self.slots[id as usize].watched
    }

    /// Nanoseconds that an attempt spent in all stages.
    #[inline]
    pub fn times_mut(&mut self, id: u32) -> Times<'_> {
        let attempt = &mut self.slots[id as usize];
        let far = if attempt.has_far_times { self.beside.times(id) } else { &mut [] };
        Times { near: &mut attempt.times, far }
    }

    /// Nanoseconds that an attempt spent in the stage of a place.
    #[inline(always)]
    pub fn spent_mut(&mut self, id: u32, place: u16) -> &mut u64 {
        self.beside.time_of(id, &mut self.slots[id as usize], place)
    }

    /// Books a part of the step that begins to a stage, in advance.
    #[inline]
    pub fn book_ahead(&mut self, id: u32, place: u16, span: u64) {
        let attempt = &mut self.slots[id as usize];
        attempt.since += span;
        *self.beside.time_of(id, attempt, place) += span;
    }

    /// Books the time since the current step began to its stage; returns the record.
    #[inline(always)]
    pub fn book(&mut self, id: u32, now: u64) -> &mut Attempt {
        let attempt = &mut self.slots[id as usize];
        let span = now.saturating_sub(attempt.since);
        attempt.since = now;
        let place = attempt.stage;
        match attempt.times.get_mut(usize::from(place)) {
            Some(time) => *time += span,
            // Many steps take no time, and most attempts then need no row.
            None if span == 0 => {}
            None => *self.beside.time_of(id, attempt, place) += span,
        }
        attempt
    }
}

impl std::ops::Index<u32> for Attempts {
    type Output = Attempt;
    #[inline]
    fn index(&self, id: u32) -> &Attempt {
        &self.slots[id as usize]
    }
}

impl std::ops::IndexMut<u32> for Attempts {
    #[inline]
    fn index_mut(&mut self, id: u32) -> &mut Attempt {
        &mut self.slots[id as usize]
    }
}
