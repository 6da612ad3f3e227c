//! Databases: nodes with CPUs and connection limits, pools that open connections, statements, locks, commits.
//!
//! In: borrowed connections and statements. Out: waiting where it arises: for a connection, for CPU, for a page,
//! for a row lock. Every pool opens its connections when its application starts, as pools with a fixed size do, so
//! scaling out takes connections from the node's limit; what the node refuses is missing from the pool.

use super::cache::page_of;
use super::claims::Waiting;
use super::gauges::Mark;
use super::locks::{Locks, Outcome};
use super::lru::Lru;
use super::replication::Replication;
use super::request::NONE;
use super::walk::Flow;
use super::{Event, World, number};
use crate::dist::Sampler;
use crate::engine::station::Admission;
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};
use crate::scenario::database::LockOrder;
use crate::scenario::fleet::Pool;
use crate::units::Time;

/// One database.
#[derive(Debug)]
pub struct Database {
    /// The writer first, then the replicas.
    pub nodes: Vec<Node>,
    /// Row locks (on the writer).
    pub locks: Locks,
    /// Replicas and their lag.
    pub replication: Replication,
    /// Read statements.
    pub reads: u64,
    /// Write statements.
    pub writes: u64,
    /// Commits.
    pub commits: u64,
    /// Transactions that ended by lock wait timeout.
    pub lock_timeouts: u64,
    /// Deadlock victims.
    pub deadlocks: u64,
    /// Connections refused at the limit.
    pub refused: u64,
    /// Reads that a replica answered.
    pub replica_reads: u64,
    /// Of those, stale ones.
    pub stale_reads: u64,
    /// Pages found in memory, and pages touched.
    pub pages: (u64, u64),
    /// Pages fetched from storage.
    pub storage_reads: u64,
    /// Totals at the end of the last row.
    pub marks: DatabaseMarks,
    storage: (Sampler, Stream),
    /// Rows on a page of a population, and the first page of each population.
    layout: Vec<(u32, u32)>,
}

/// Counters of a database at the end of the last row.
#[derive(Clone, Copy, Debug, Default)]
pub struct DatabaseMarks {
    /// Waits for row locks that ended with the lock.
    pub granted: Mark,
    /// Nanoseconds of those waits.
    pub waited: Mark,
    /// Nanoseconds of all waits for row locks, also of those that go on.
    pub waiting: Mark,
    /// Read statements.
    pub reads: Mark,
    /// Write statements.
    pub writes: Mark,
    /// Stale reads.
    pub stale: Mark,
    /// Results that passed the network.
    pub results: Mark,
    /// Storage I/O.
    pub io: Mark,
    /// Connections that were refused.
    pub refused: Mark,
}

/// A node of a database.
#[derive(Debug)]
pub struct Node {
    /// Its processor.
    pub processor: u32,
    /// Connections open.
    pub open: u32,
    /// Most connections open at once.
    pub peak: u32,
    limit: u32,
    buffer: Option<Lru>,
}

impl Database {
    /// Connections that a pool must open and that the nodes would refuse.
    fn lacks(&self, pool: &Pool) -> u32 {
        let room = |node: &Node| node.limit.saturating_sub(node.open);
        let (writer, replicas) = self.nodes.split_at(1);
        let side = |nodes: &[Node], size: u32| match nodes {
            [] => 0,
            _ => pool.minimum.min(size).saturating_sub(nodes.iter().map(room).fold(0, u32::saturating_add)),
        };
        side(writer, pool.writer) + side(replicas, pool.reader)
    }
}

/// InnoDB page. Source: MySQL reference manual, `innodb_page_size` default.
pub(super) const PAGE: u64 = 16 * 1024;
/// Share of memory that RDS and Aurora give the buffer pool. Source: `innodb_buffer_pool_size` default of the
/// RDS parameter groups, `{DBInstanceClassMemory*3/4}`.
pub(super) const BUFFER_POOL_SHARE: f64 = 0.75;

impl World<'_> {
    pub(super) fn build_databases(&mut self) {
        for settings in &self.scenario.databases {
            let mut layout = Vec::new();
            let mut pages = 0u32;
            if let Some(row) = settings.row {
                let per_page = (PAGE / row.0.max(1)).max(1) as u32;
                for space in &self.scenario.key_spaces {
                    layout.push((per_page, pages));
                    pages = pages.saturating_add(space.count.div_ceil(per_page));
                }
            }
            let classes = std::iter::once((&settings.writer, settings.writer_connections));
            let replicas = (0..settings.replicas).map(|_| (&settings.replica, settings.replica_connections));
            let nodes = classes.chain(replicas).map(|(class, limit)| {
                let capacity = (class.memory.0 as f64 * BUFFER_POOL_SHARE / PAGE as f64) as u64;
                let buffer = settings.row.map(|_| warm_buffer(pages, capacity));
                let processor = self.add_processor(class.vcpus, class.strength);
                Node { processor, open: 0, peak: 0, limit, buffer }
            });
            let nodes = nodes.collect();
            let name = format!("database.{}/storage", settings.name);
            self.databases.push(Database {
                nodes,
                locks: match settings.lock_order {
                    LockOrder::Fifo => Locks::default(),
                    LockOrder::Random => {
                        Locks::by_lot(stream(self.seed, &format!("database.{}/lock order", settings.name)))
                    }
                },
                replication: Replication::new(settings, self.seed),
                reads: 0,
                writes: 0,
                commits: 0,
                lock_timeouts: 0,
                deadlocks: 0,
                refused: 0,
                replica_reads: 0,
                stale_reads: 0,
                pages: (0, 0),
                storage_reads: 0,
                marks: DatabaseMarks::default(),
                storage: (Sampler::new(&settings.storage_read), stream(self.seed, &name)),
                layout,
            });
        }
    }

    /// Opens the pools of an instance whose application starts; returns whether each opens as much as it must.
    pub(super) fn open_pools(&mut self, instance: u32) -> bool {
        let fleet = self.instances[instance as usize].fleet;
        for pool in &self.scenario.fleets[fleet].pools {
            let lacking = self.databases[pool.database.index()].lacks(pool);
            if lacking > 0 {
                self.cannot_start(instance, pool.database.index(), lacking);
                return false;
            }
        }
        for pool in 0..self.scenario.fleets[fleet].pools.len() {
            self.fill_pool(instance, pool, true);
        }
        true
    }

    /// The node refuses connections that a pool must have: the application ends. Said once for each instance.
    fn cannot_start(&mut self, instance: u32, database: usize, lacking: u32) {
        self.databases[database].refused += u64::from(lacking);
        let state = &mut self.instances[instance as usize];
        if !std::mem::replace(&mut state.failed_start, true) {
            let (fleet, database) =
                (&self.scenario.fleets[state.fleet].name, &self.scenario.databases[database].name);
            let text = format!("an application cannot start: `{database}` refuses its connections");
            self.gauges.incident(self.now, fleet, text);
        }
    }

    /// Opens the connections that a pool lacks, as far as the nodes' limits allow.
    fn fill_pool(&mut self, instance: u32, index: usize, count_refused: bool) {
        let settings = &self.scenario.fleets[self.instances[instance as usize].fleet].pools[index];
        let database = &mut self.databases[settings.database.index()];
        let pool = &mut self.instances[instance as usize].pools[index];
        let replicas = database.nodes.len() as u32 - 1;
        let mut lacking = 0;
        for (node, state) in database.nodes.iter_mut().enumerate() {
            let wanted = match node as u32 {
                0 => settings.writer,
                // The reader endpoint spreads connections over the replicas.
                node => (settings.reader + replicas - node) / replicas.max(1),
            };
            let missing = wanted.saturating_sub(pool.open[node]);
            let opened = missing.min(state.limit.saturating_sub(state.open));
            state.open += opened;
            state.peak = state.peak.max(state.open);
            pool.open[node] += opened;
            lacking += missing - opened;
        }
        let (writer, reader) = (pool.writer, pool.reader);
        let [to_writer, to_readers] = pool.sides();
        pool.changed(self.now);
        if count_refused && lacking > 0 {
            self.databases[settings.database.index()].refused += u64::from(lacking);
            let name = &self.scenario.databases[settings.database.index()].name;
            self.gauges.incident(self.now, name, format!("too many connections: {lacking} refused"));
        }
        self.resize(writer, to_writer);
        self.resize(reader, to_readers);
    }

    /// Closes the pools of an instance that is gone; pools that lack connections get them.
    pub(super) fn close_pools(&mut self, instance: u32) {
        let fleet = self.instances[instance as usize].fleet;
        for (index, settings) in self.scenario.fleets[fleet].pools.iter().enumerate() {
            let pool = &mut self.instances[instance as usize].pools[index];
            for (node, open) in pool.open.iter_mut().enumerate() {
                self.databases[settings.database.index()].nodes[node].open -= std::mem::take(open);
            }
            pool.changed(self.now);
        }
        for fleet in 0..self.fleets.len() {
            if self.scenario.fleets[fleet].pools.is_empty() {
                continue;
            }
            for other in self.fleets[fleet].alive.clone() {
                for pool in 0..self.scenario.fleets[fleet].pools.len() {
                    if self.instances[other as usize].running != u64::MAX {
                        self.fill_pool(other, pool, false);
                    }
                }
            }
        }
    }

    /// Borrows a connection, or waits for one up to the pool's timeout.
    pub(super) fn borrow(&mut self, id: u32, tier: u8, pool: u8, writer: bool) -> Flow {
        let instance = self.attempts.tier(id, tier).instance;
        let state = &mut self.instances[instance as usize];
        let settings = &self.scenario.fleets[state.fleet].pools[usize::from(pool)];
        let pool = &mut state.pools[usize::from(pool)];
        let (station, node) = match writer {
            true => (pool.writer, 0),
            false => (pool.reader, pool.next_replica()),
        };
        let claims = self.attempts.claims_mut(id);
        claims.connection = station;
        claims.node = number(node as usize);
        claims.database = number(settings.database.index());
        match self.stations[station as usize].take(id, self.now, &mut self.links) {
            Admission::Served => Flow::Next,
            Admission::Waiting | Admission::Refused => {
                self.attempts.claims_mut(id).waiting = Waiting::Station(station);
                self.wait_at_most(id, settings.timeout.0);
                Flow::Wait
            }
        }
    }

    /// Gives the borrowed connection back, if there is one.
    pub(super) fn return_connection(&mut self, id: u32) {
        let station = std::mem::replace(&mut self.attempts.claims_mut(id).connection, NONE);
        if station != NONE {
            self.give(station);
        }
    }

    /// Counts a statement and returns the processor that executes it.
    #[inline]
    pub(super) fn count_statement(&mut self, id: u32, database: u16, write: bool) -> u32 {
        let state = &mut self.databases[usize::from(database)];
        match write {
            true => state.writes += 1,
            false => state.reads += 1,
        }
        let node = self.attempts.claims(id).node;
        state.replica_reads += u64::from(node > 0);
        state.nodes[usize::from(node)].processor
    }

    /// Fetches the page of a row from memory, or from storage.
    pub(super) fn fetch_page(&mut self, id: u32, database: u16, keys: u16, slot: u8) -> Flow {
        let (row, node) = (self.attempts.key(id, slot), self.attempts.claims(id).node);
        let state = &mut self.databases[usize::from(database)];
        let (per_page, first) = state.layout[usize::from(keys)];
        let count = self.keys[usize::from(keys)].count().div_ceil(per_page);
        let page = first + page_of(row, count);
        let Some(buffer) = &mut state.nodes[usize::from(node)].buffer else { return Flow::Next };
        state.pages.1 += 1;
        if buffer.touch(page) {
            state.pages.0 += 1;
            return Flow::Next;
        }
        buffer.insert(page);
        state.storage_reads += 1;
        let span = state.storage.0.time(&mut state.storage.1);
        self.calendar.at(self.now.saturating_add(span.0), Event::Resume(id));
        Flow::Wait
    }

    /// The statement has read a row: on a replica it may have missed the row's last write.
    pub(super) fn check_staleness(&mut self, id: u32, database: u16, keys: u16, slot: u8) {
        let node = self.attempts.claims(id).node;
        if node > 0 {
            let row = row_number(keys, self.attempts.key(id, slot));
            let state = &mut self.databases[usize::from(database)];
            let stale = state.replication.is_stale(usize::from(node) - 1, row, self.now);
            state.stale_reads += u64::from(stale);
        }
    }

    /// Locks a row until commit.
    pub(super) fn lock(&mut self, id: u32, database: u16, keys: u16, slot: u8) -> Flow {
        let row = row_number(keys, self.attempts.key(id, slot));
        let mut held = self.attempts.claims(id).locks;
        let attempts = &self.attempts;
        let waits_for = |owner: u32| match attempts.claims(owner).waiting {
            Waiting::Lock { database: other, lock } if other == database => Some(lock),
            _ => None,
        };
        let state = &mut self.databases[usize::from(database)];
        let outcome = state.locks.take(id, row, &mut held, waits_for, self.now, &mut self.links);
        self.attempts.claims_mut(id).locks = held;
        self.attempts.claims_mut(id).database = database;
        match outcome {
            Outcome::Granted => Flow::Next,
            Outcome::Waiting(lock) => {
                self.attempts.claims_mut(id).waiting = Waiting::Lock { database, lock };
                self.wait_at_most(id, self.scenario.databases[usize::from(database)].lock_wait_timeout.0);
                Flow::Wait
            }
            Outcome::Deadlock => {
                state.deadlocks += 1;
                self.fail(id, Cause::Deadlock);
                Flow::Gone
            }
        }
    }

    /// Deadlock detection walks the waiters of the row while the lock is held: the longer the queue, the longer
    /// the hold.
    pub(super) fn detect_deadlocks(&mut self, id: u32, database: u16) -> Flow {
        let check = self.scenario.databases[usize::from(database)].deadlock_check;
        let claims = self.attempts.claims(id);
        let (lock, node) = (claims.locks, claims.node);
        let state = &self.databases[usize::from(database)];
        let waiters = if lock == NONE { 0 } else { state.locks.waiters(lock) };
        if waiters == 0 || check == Time::ZERO {
            return Flow::Next;
        }
        let processor = state.nodes[usize::from(node)].processor;
        self.begin(processor, id, (check * u64::from(waiters)).0 as f64);
        Flow::Wait
    }

    /// A transaction is durable: its locks go, its rows are on their way to the replicas.
    pub(super) fn commit(&mut self, id: u32, database: u16, rows: u32, count: u8) {
        let written = &self.program.written[rows as usize..][..usize::from(count)];
        let attempts = &self.attempts;
        let rows =
            written.iter().map(|&(space, slot)| row_number(number(space.index()), attempts.key(id, slot)));
        let state = &mut self.databases[usize::from(database)];
        state.commits += 1;
        state.replication.commit(rows, self.now);
        self.release_locks(id);
    }

    /// Releases every row lock that the attempt holds; whoever waited longest for each goes on.
    pub(super) fn release_locks(&mut self, id: u32) {
        let database = usize::from(self.attempts.claims(id).database);
        let mut lock = std::mem::replace(&mut self.attempts.claims_mut(id).locks, NONE);
        while lock != NONE {
            let (previous, next) = self.databases[database].locks.release(lock, self.now, &mut self.links);
            if let Some(next) = next {
                let waited = self.now - self.attempts[next].since;
                self.databases[database].locks.hand_over(
                    lock,
                    next,
                    &mut self.attempts.claims_mut(next).locks,
                    waited,
                );
                self.grant(next);
            }
            lock = previous;
        }
    }
}

/// Number of a row among all populations.
#[inline]
fn row_number(keys: u16, key: u32) -> u64 {
    u64::from(keys) << 32 | u64::from(key)
}

/// A buffer pool that holds as many pages as fit: a cluster that has been running.
fn warm_buffer(pages: u32, capacity: u64) -> Lru {
    let mut buffer = Lru::new(pages as usize, capacity);
    for page in 0..pages.min(capacity.min(u64::from(u32::MAX)) as u32) {
        buffer.insert(page);
    }
    buffer
}
