//! Attempts in the system: compact records in slots that are used again.
//!
//! An attempt is one try of a request. Its record holds where it stands in its program, what it holds, and how
//! long it has spent in each stage.

use crate::scenario::request::{POPULATIONS_MAX, TIERS_MAX};

/// Nothing: no instance, no station, no lock.
pub const NONE: u32 = u32::MAX;

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
    /// A health check.
    Probe,
}

/// Where an attempt waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// It does not wait in a queue.
    Nowhere,
    /// For a server of a station.
    Station(u32),
    /// For a row lock of a database.
    Lock {
        /// The database.
        database: u16,
        /// The lock.
        lock: u32,
    },
    /// For another attempt's fill of an item of a cache.
    Fill {
        /// The cache.
        cache: u16,
        /// The item.
        item: u32,
    },
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Attempt {
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
    /// Tries of its connection that were not accepted.
    pub connects: u8,
    /// Whether it must stop at its next step.
    pub doomed: bool,
    /// Class; the balancer, for a probe.
    pub class: u16,
    /// Source.
    pub source: u16,
    /// Where it stands.
    pub at: u32,
    /// Number of this attempt in its slot: events of earlier ones are stale.
    pub serial: u32,
    /// Number of its present wait: timeouts of earlier ones are stale.
    pub wait: u32,
    /// Where it waits.
    pub waiting: Waiting,
    /// The station (core, cache shard, service station) of which it holds a server.
    pub holding: u32,
    /// The item that others wait for it to fill: its cache and number.
    pub filling: (u16, u32),
    /// The pool of which it holds a connection.
    pub connection: u32,
    /// The database node behind that connection: 0 is the writer.
    pub node: u32,
    /// The database whose rows it has locked.
    pub database: u16,
    /// The last of the row locks it holds.
    pub locks: u32,
    /// When its client sent the request.
    pub request_start: u64,
    /// When its client sent this attempt.
    pub start: u64,
    /// When its present step began.
    pub since: u64,
    /// When it joined the queue of a service station.
    pub queued: u64,
    /// Instance of each tier it is inside of.
    pub instance: [u32; TIERS_MAX],
    /// Balancer that picked it and the number of the target there; `u16::MAX` for none.
    pub via: [(u16, u32); TIERS_MAX],
    /// When that balancer stops waiting for the answer.
    pub deadline: [u64; TIERS_MAX],
    /// Keys drawn.
    pub keys: [u32; POPULATIONS_MAX],
}

impl Attempt {
    const EMPTY: Attempt = Attempt {
        state: State::Free,
        retries: 0,
        depth: 0,
        floor: 0,
        threads: 0,
        connects: 0,
        doomed: false,
        class: 0,
        source: 0,
        at: 0,
        serial: 0,
        wait: 0,
        waiting: Waiting::Nowhere,
        holding: NONE,
        filling: (0, NONE),
        connection: NONE,
        node: 0,
        database: 0,
        locks: NONE,
        request_start: 0,
        start: 0,
        since: 0,
        queued: 0,
        instance: [NONE; TIERS_MAX],
        via: [(u16::MAX, 0); TIERS_MAX],
        deadline: [u64::MAX; TIERS_MAX],
        keys: [0; POPULATIONS_MAX],
    };
}

/// All attempts.
#[derive(Debug)]
pub struct Attempts {
    slots: Vec<Attempt>,
    free: Vec<u32>,
    stages: usize,
    spent: Vec<u64>,
}

impl Attempts {
    /// No attempts yet; each will keep the time it spends in so many stages.
    pub fn new(stages: usize) -> Self {
        Attempts { slots: Vec::new(), free: Vec::new(), stages, spent: Vec::new() }
    }

    /// A fresh record; the caller fills it in.
    #[inline]
    pub fn allocate(&mut self) -> u32 {
        let id = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Attempt::EMPTY);
            self.spent.resize(self.slots.len() * self.stages, 0);
            self.slots.len() as u32 - 1
        });
        self.renew(id);
        id
    }

    /// Makes a record ready for another attempt of the same request: what it held is gone.
    #[inline]
    pub fn renew(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        let (serial, wait) = (attempt.serial.wrapping_add(1), attempt.wait.wrapping_add(1));
        *attempt = Attempt { serial, wait, ..Attempt::EMPTY };
        self.spent_mut(id).fill(0);
    }

    /// Gives a record back.
    #[inline]
    pub fn release(&mut self, id: u32) {
        let attempt = &mut self.slots[id as usize];
        attempt.state = State::Free;
        attempt.serial = attempt.serial.wrapping_add(1);
        self.free.push(id);
    }

    /// Slots in use or free.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Nanoseconds spent in each stage.
    #[inline]
    pub fn spent(&self, id: u32) -> &[u64] {
        let first = id as usize * self.stages;
        &self.spent[first..first + self.stages]
    }

    /// The same, to change.
    #[inline]
    pub fn spent_mut(&mut self, id: u32) -> &mut [u64] {
        let first = id as usize * self.stages;
        &mut self.spent[first..first + self.stages]
    }

    /// Books the time since the present step began to a stage.
    #[inline]
    pub fn book(&mut self, id: u32, stage: u16, now: u64) {
        let attempt = &mut self.slots[id as usize];
        let span = now - attempt.since;
        attempt.since = now;
        self.spent[id as usize * self.stages + usize::from(stage)] += span;
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
