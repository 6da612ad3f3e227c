//! Attempts in the system: compact records in slots that are used again.
//!
//! An attempt is one try of a request. Its record says where it is in its program and what it holds. What
//! depends on the scenario (the tiers it is inside, the keys it has drawn, the time it has spent in each stage)
//! is in rows beside the records, only as long as this scenario needs, so that a million attempts stay small.

use super::NONE;
use super::claims::Claims;
use super::deadline::Deadline;
use super::event::event_number;
use crate::measure::stage::Spent;

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

/// Stage of the time on the network.
pub const NETWORK: u16 = 0;
/// Stage of the time before the attempt that succeeded.
pub const RETRY: u16 = 1;

/// One attempt: what every step needs, in one cache line.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Attempt {
    /// Its current op.
    pub at: u32,
    /// The op at which it resumes.
    pub next: u32,
    /// The stage to which the time of the current step is booked.
    pub stage: u16,
    /// When its current step began.
    pub since: u64,
    /// When its client sent the request.
    pub request_start: u64,
    /// When its client sent this attempt.
    pub start: u64,
    /// Its state.
    pub state: State,
    /// Retries so far.
    pub retries: u8,
    /// Number of tiers it is inside.
    pub depth: u8,
    /// How many of these, from the outside, it is cut off from: its client or its caller has gone.
    pub floor: u8,
    /// A bit for each tier whose thread it holds.
    pub threads: u8,
    /// What to do at the end of its current step: [`DOOMED`], [`CLOCKED`], [`ENDED`].
    pub marks: u8,
    /// Class.
    pub class: u16,
    /// Source; of an errand, the kind that sent it.
    pub source: u16,
    /// The user that waits for it, in a closed population; of an errand, what its kind knows it by.
    pub user: u32,
    /// When its client times out.
    pub patience: Deadline,
}

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

const _: () = assert!(size_of::<Attempt>() == 64 && size_of::<Tier>() == 32);

impl Tier {
    /// No tier.
    pub const NONE: Tier =
        Tier { instance: NONE, target: NONE, balancer: u16::MAX, cpu: NONE, patience: Deadline::NEVER };
}

impl Attempt {
    const EMPTY: Attempt = Attempt {
        at: 0,
        next: 0,
        stage: 0,
        since: 0,
        request_start: 0,
        start: 0,
        state: State::Free,
        retries: 0,
        depth: 0,
        floor: 0,
        threads: 0,
        marks: 0,
        class: 0,
        source: 0,
        user: NONE,
        patience: Deadline::NEVER,
    };
}

/// Lengths of the rows beside a record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Widths {
    /// Nested tiers.
    pub tiers: usize,
    /// Keys.
    pub keys: usize,
    /// Stages.
    pub stages: usize,
}

/// With 64 bytes for each record and its rows, more than this many no longer fit the caches of a core.
const MANY: usize = 10_000;

/// All attempts.
#[derive(Debug)]
pub struct Attempts {
    slots: Vec<Attempt>,
    claims: Vec<Claims>,
    /// When the deadlines of each record's attempt are next checked; the end of time if no check is planned.
    watched: Vec<u64>,
    free: Vec<u32>,
    widths: Widths,
    /// The binary logarithm of the length of a row of tiers.
    tier_bits: u32,
    tiers: Vec<Tier>,
    keys: Vec<u32>,
    /// Lines of a row of stage times. The times of a free record are zero.
    lines: usize,
    spent: Vec<Spent>,
}

impl Attempts {
    /// No attempts yet.
    pub fn new(widths: Widths) -> Self {
        Attempts {
            slots: Vec::new(),
            claims: Vec::new(),
            watched: Vec::new(),
            free: Vec::new(),
            widths,
            tier_bits: widths.tiers.next_power_of_two().ilog2(),
            tiers: Vec::new(),
            keys: Vec::new(),
            lines: Spent::lines(widths.stages),
            spent: Vec::new(),
        }
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
        self.watched.push(u64::MAX);
        let count = self.slots.len();
        let id = event_number(count - 1);
        if self.widths.tiers > 0 {
            self.tiers.resize(count << self.tier_bits, Tier::NONE);
        }
        self.keys.resize(count * self.widths.keys, 0);
        self.spent.resize(count * self.lines, Spent::NOTHING);
        id
    }

    /// Prepares a record for another attempt of its request.
    pub fn renew(&mut self, id: u32) {
        self.times_mut(id).fill(Spent::NOTHING);
        self.begin(id);
    }

    /// Prepares a record for another attempt. An attempt has given back what it held by its end, so only its state is
    /// cleared.
    #[inline]
    fn begin(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        debug_assert!(attempt.threads == 0 && self.claims[id as usize].are_settled());
        attempt.retries = 0;
        attempt.depth = 0;
        attempt.floor = 0;
        attempt.marks = 0;
        attempt.patience = Deadline::NEVER;
        debug_assert!(self.times_mut(id).iter().all(|line| *line == Spent::NOTHING));
    }

    /// Releases a record.
    pub fn release(&mut self, id: u32) {
        self.times_mut(id).fill(Spent::NOTHING);
        self.release_recorded(id);
    }

    /// Releases a record whose times were taken out.
    #[inline]
    pub fn release_recorded(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        attempt.state = State::Free;
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
        let mut sum = 0;
        for id in ids {
            let spent = self.spent.get(id as usize * self.lines).map_or(0, |line| line.0[0]);
            sum ^= self.slots[id as usize].since ^ spent;
        }
        std::hint::black_box(sum);
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
    #[inline]
    pub fn tier(&self, id: u32, tier: u8) -> &Tier {
        &self.tiers[((id as usize) << self.tier_bits) + usize::from(tier)]
    }

    /// A tier that an attempt is inside, mutable.
    #[inline]
    pub fn tier_mut(&mut self, id: u32, tier: u8) -> &mut Tier {
        &mut self.tiers[((id as usize) << self.tier_bits) + usize::from(tier)]
    }

    /// The earliest of the deadlines of an attempt.
    pub fn deadline(&self, id: u32) -> Deadline {
        let attempt = &self[id];
        let tiers = (attempt.floor..attempt.depth).map(|tier| self.tier(id, tier).patience);
        tiers.fold(attempt.patience.min(self.claims(id).limit), Deadline::min)
    }

    /// Copies the tiers of one attempt to another.
    pub fn copy_tiers(&mut self, from: u32, to: u32) {
        let width = if self.widths.tiers > 0 { 1 << self.tier_bits } else { 0 };
        self.tiers.copy_within(from as usize * width..(from as usize + 1) * width, to as usize * width);
    }

    /// A key that an attempt has drawn.
    #[inline]
    pub fn key(&self, id: u32, slot: u8) -> u32 {
        self.keys[id as usize * self.widths.keys + usize::from(slot)]
    }

    /// A key that an attempt has drawn, mutable.
    #[inline]
    pub fn key_mut(&mut self, id: u32, slot: u8) -> &mut u32 {
        &mut self.keys[id as usize * self.widths.keys + usize::from(slot)]
    }

    /// When the deadlines of an attempt are next checked; the end of time if no check is planned.
    #[inline]
    pub fn watched(&self, id: u32) -> u64 {
        self.watched[id as usize]
    }

    /// When the deadlines of an attempt are next checked, mutable.
    pub fn watched_mut(&mut self, id: u32) -> &mut u64 {
        &mut self.watched[id as usize]
    }

    /// Nanoseconds that an attempt spent in all stages, in lines.
    #[inline]
    pub fn times_mut(&mut self, id: u32) -> &mut [Spent] {
        let first = id as usize * self.lines;
        &mut self.spent[first..first + self.lines]
    }

    /// Nanoseconds that an attempt spent in a stage.
    #[inline(always)]
    pub fn spent_mut(&mut self, id: u32, stage: u16) -> &mut u64 {
        let stage = usize::from(stage);
        &mut self.spent[id as usize * self.lines + stage / Spent::STAGES].0[stage % Spent::STAGES]
    }

    /// Books a part of the step that begins to a stage, in advance.
    #[inline]
    pub fn book_ahead(&mut self, id: u32, stage: u16, span: u64) {
        self.slots[id as usize].since += span;
        *self.spent_mut(id, stage) += span;
    }

    /// Books the time since the current step began to its stage; returns the record.
    #[inline]
    pub fn book(&mut self, id: u32, now: u64) -> &mut Attempt {
        let attempt = &mut self.slots[id as usize];
        let span = now.saturating_sub(attempt.since);
        attempt.since = now;
        let stage = usize::from(attempt.stage);
        self.spent[id as usize * self.lines + stage / Spent::STAGES].0[stage % Spent::STAGES] += span;
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
