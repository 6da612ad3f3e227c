//! Attempts in the system: compact records in slots that are used again.
//!
//! An attempt is one try of a request. Its record holds where it stands in its program and what it holds. What
//! depends on the scenario (the tiers it is inside of, the keys it has drawn, the time it has spent in each stage)
//! lies in rows beside the records, as long as this scenario needs them, so that a million attempts stay small.

use super::NONE;
use super::claims::Claims;
use super::deadline::Deadline;
use super::event::event_number;

/// What an attempt is at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The slot is free.
    Free,
    /// Inside the system, its client waiting.
    Active,
    /// Inside the system, but the client has gone.
    Orphan,
    /// Answered too late: the client's timeout will fire before the answer reaches it.
    Late,
    /// Failed; the client pauses before it tries again.
    Pausing,
    /// Without a client: a kind has sent it, such as a health check, and hears of its end: by its last step that it has come
    /// through, else that it is lost.
    Errand,
    /// Ended while it executed; the processor still lists its job.
    CalledOff,
}

/// A mark of an attempt: it must stop at its next step.
pub const DOOMED: u8 = 1;
/// A mark of an attempt: the CPU time of its present step is counted as abandoned.
pub const CLOCKED: u8 = 2;

/// Stage of the time on the network.
pub const NETWORK: u16 = 0;
/// Stage of the time before the attempt that succeeded.
pub const RETRY: u16 = 1;

/// One attempt: what every step needs, in one line of a processor's cache.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Attempt {
    /// The op that it is in.
    pub at: u32,
    /// The op at which it goes on.
    pub next: u32,
    /// The stage of the time that passes in its present step.
    pub stage: u16,
    /// When its present step began.
    pub since: u64,
    /// When its client sent the request.
    pub request_start: u64,
    /// When its client sent this attempt.
    pub start: u64,
    /// What it is.
    pub state: State,
    /// Retries so far.
    pub retries: u8,
    /// Tiers it is inside of.
    pub depth: u8,
    /// Of those, the outer ones that it has been cut off from: its client, or its caller, has gone.
    pub floor: u8,
    /// A bit for each tier whose thread it holds.
    pub threads: u8,
    /// What is to be done at the end of its present step, beside going on: [`DOOMED`], [`CLOCKED`].
    pub marks: u8,
    /// Class.
    pub class: u16,
    /// Source; of an errand, the kind that sent it.
    pub source: u16,
    /// The user who waits for it, in a closed population; of an errand, what its kind knows it by.
    pub user: u32,
    /// The end of its client's patience.
    pub patience: Deadline,
}

/// A tier that an attempt is inside of.
#[derive(Clone, Copy, Debug)]
pub struct Tier {
    /// The instance.
    pub instance: u32,
    /// The number of the target at the balancer.
    pub target: u32,
    /// The balancer; `u16::MAX` for none.
    pub balancer: u16,
    /// Station of the instance's threads.
    pub threads: u32,
    /// Where the instance's CPU is: the station of its cores, or its processor.
    pub cpu: u32,
    /// The end of the balancer's patience.
    pub patience: Deadline,
}

impl Tier {
    /// Not entered.
    pub const NONE: Tier = Tier {
        instance: NONE,
        target: NONE,
        balancer: u16::MAX,
        threads: NONE,
        cpu: NONE,
        patience: Deadline::NEVER,
    };
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

/// How long the rows beside a record are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Widths {
    /// Tiers inside each other.
    pub tiers: usize,
    /// Keys.
    pub keys: usize,
    /// Stages.
    pub stages: usize,
}

/// Records of 64 bytes and rows beside them: beyond so many they no longer fit the caches of a core.
const MANY: usize = 10_000;

/// All attempts.
#[derive(Debug)]
pub struct Attempts {
    slots: Vec<Attempt>,
    claims: Vec<Claims>,
    free: Vec<u32>,
    widths: Widths,
    tiers: Vec<Tier>,
    keys: Vec<u32>,
    spent: Vec<u64>,
}

impl Attempts {
    /// No attempts yet.
    pub fn new(widths: Widths) -> Self {
        Attempts {
            slots: Vec::new(),
            claims: Vec::new(),
            free: Vec::new(),
            widths,
            tiers: Vec::new(),
            keys: Vec::new(),
            spent: Vec::new(),
        }
    }

    /// A fresh record; the caller fills it in.
    #[inline]
    pub fn allocate(&mut self) -> u32 {
        let id = match self.free.pop() {
            Some(id) => id,
            None => self.grow(),
        };
        self.renew(id);
        id
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        self.slots.push(Attempt::EMPTY);
        self.claims.push(Claims::EMPTY);
        let count = self.slots.len();
        let id = event_number(count - 1);
        self.tiers.resize(count * self.widths.tiers, Tier::NONE);
        self.keys.resize(count * self.widths.keys, 0);
        self.spent.resize(count * self.widths.stages, 0);
        id
    }

    /// Makes a record ready for another attempt. What an attempt holds it has given back by its end, so only
    /// what it was remains to be wiped out.
    #[inline]
    pub fn renew(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        debug_assert!(attempt.threads == 0 && self.claims[id as usize].are_settled());
        attempt.retries = 0;
        attempt.depth = 0;
        attempt.floor = 0;
        attempt.marks = 0;
        attempt.patience = Deadline::NEVER;
        self.spent_mut(id).fill(0);
    }

    /// Gives a record back.
    #[inline]
    pub fn release(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        attempt.state = State::Free;
        attempt.patience = Deadline::NEVER;
        self.free.push(id);
    }

    /// Gives the record of an attempt that was called off back; says whether it was one.
    pub fn bury(&mut self, id: u32) -> bool {
        let called_off = self[id].state == State::CalledOff;
        if called_off {
            self.release(id);
        }
        called_off
    }

    /// Whether there are so many that hardly any record lies in a cache.
    #[inline]
    pub fn are_many(&self) -> bool {
        self.slots.len() > MANY
    }

    /// Reads records that will soon be needed. One after the other, each when it is needed, they would be waited for
    /// one by one; side by side their ways from memory overlap.
    pub fn fetch(&self, ids: impl Iterator<Item = u32>) {
        let mut sum = 0;
        for id in ids {
            let spent = self.spent.get(id as usize * self.widths.stages).copied().unwrap_or(0);
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

    /// The same, to change.
    #[inline]
    pub fn claims_mut(&mut self, id: u32) -> &mut Claims {
        &mut self.claims[id as usize]
    }

    /// A tier that an attempt is inside of, 0 being the outermost.
    #[inline]
    pub fn tier(&self, id: u32, tier: u8) -> &Tier {
        &self.tiers[id as usize * self.widths.tiers + usize::from(tier)]
    }

    /// The same, to change.
    #[inline]
    pub fn tier_mut(&mut self, id: u32, tier: u8) -> &mut Tier {
        &mut self.tiers[id as usize * self.widths.tiers + usize::from(tier)]
    }

    /// The earliest of the deadlines of an attempt.
    pub fn deadline(&self, id: u32) -> Deadline {
        let attempt = &self[id];
        let tiers = (attempt.floor..attempt.depth).map(|tier| self.tier(id, tier).patience);
        tiers.fold(attempt.patience.min(self.claims(id).limit), Deadline::min)
    }

    /// Copies the tiers of one attempt to another.
    pub fn copy_tiers(&mut self, from: u32, to: u32) {
        let width = self.widths.tiers;
        self.tiers.copy_within(from as usize * width..(from as usize + 1) * width, to as usize * width);
    }

    /// A key that an attempt has drawn.
    #[inline]
    pub fn key(&self, id: u32, slot: u8) -> u32 {
        self.keys[id as usize * self.widths.keys + usize::from(slot)]
    }

    /// The same, to change.
    #[inline]
    pub fn key_mut(&mut self, id: u32, slot: u8) -> &mut u32 {
        &mut self.keys[id as usize * self.widths.keys + usize::from(slot)]
    }

    /// Nanoseconds spent in each stage.
    #[inline]
    pub fn spent(&self, id: u32) -> &[u64] {
        let first = id as usize * self.widths.stages;
        &self.spent[first..first + self.widths.stages]
    }

    /// The same, to change.
    #[inline]
    pub fn spent_mut(&mut self, id: u32) -> &mut [u64] {
        let first = id as usize * self.widths.stages;
        &mut self.spent[first..first + self.widths.stages]
    }

    /// Books a part of the step that begins to a stage, before it has passed.
    #[inline]
    pub fn book_ahead(&mut self, id: u32, stage: u16, span: u64) {
        self.slots[id as usize].since += span;
        self.spent[id as usize * self.widths.stages + usize::from(stage)] += span;
    }

    /// Books the time since the present step began to its stage; returns the record.
    #[inline]
    pub fn book(&mut self, id: u32, now: u64) -> &mut Attempt {
        let attempt = &mut self.slots[id as usize];
        let span = now.saturating_sub(attempt.since);
        attempt.since = now;
        self.spent[id as usize * self.widths.stages + usize::from(attempt.stage)] += span;
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
