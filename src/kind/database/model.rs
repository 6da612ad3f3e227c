//! Steps of requests at databases: borrowed connections, statements, locks, commits.
//!
//! In: steps of attempts. Out: waits where they arise: for a connection, for CPU, for a page, for a row lock.

use super::backup::Kept;
use super::callers::Callers;
use super::forwarded::Forwarded;
use super::growth::Adder;
use super::history::Writer;
use super::language;
use super::language::POOLS_BUSY;
use super::lines::LINE;
use super::log::FLUSH;
use super::node::{Dialled, page_of};
use super::op::Op;
use super::pools::Pools;
use super::record::DatabaseSeries;
use super::state::Database;
use super::step::ops;
use crate::catalog::region::Region;
use crate::catalog::zone::Place as Location;
use crate::dist::rounded;
use crate::flow::claims::Waiting;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::trouble::Trouble;
use crate::flow::{Flow, NONE, number};
use crate::id::{self, Gauge};
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::{CompileErrand, PathOwner};
use crate::kind::{self, Kind, Settings};
use crate::measure::resource::{Node as Side, Resource};
use crate::measure::stage::Cause;
use crate::usage::Used;

/// Mean size of a database result that crosses the network; an assumption, a few rows of a few columns.
pub(super) const RESULT: u64 = 1024;

/// What an attempt that waits again has been waiting since, if it does not.
pub(super) const NEVER: u64 = u64::MAX;

/// All databases, and the pools of connections to them.
#[derive(Debug)]
pub struct Databases<'s> {
    pub(super) settings: &'s [language::Database],
    /// The fleets, whose hosts have the pools.
    pub(super) fleets: Vec<Callers<'s>>,
    pub(super) each: Vec<Database>,
    /// The Region of each fleet, if it is not the one of the file.
    pub(super) regions: Vec<Option<Region>>,
    /// The Region of the file.
    pub(super) home: Option<Region>,
    /// Rows so far.
    pub(super) series: Vec<DatabaseSeries>,
    /// The pools of all hosts.
    pub pools: Pools,
    /// Zones that are lost.
    pub(super) lost: Vec<Location>,
    pub(super) sessions: PerAttempt<Session>,
    /// Since when attempts wait that have been told of a connection and found none.
    pub(super) since: PerAttempt<u64>,
    /// What makes connections of pools during the run.
    pub(super) adders: Vec<Adder>,
    /// The connections that errands are making.
    pub(super) dials: PerAttempt<Dialled>,
    /// The connections of proxies that attempts have, or wait for.
    pub(super) lent: PerAttempt<u32>,
    /// What nodes forward for attempts.
    pub(super) forwarded: PerAttempt<Forwarded>,
    pub(super) seed: u64,
    /// The lines in which attempts wait, or into which they have entered.
    pub(super) in_line: PerAttempt<u32>,
    /// Statements slow each other down at some database.
    pub(super) contends: bool,
    /// (population, slot) of the rows that transactions write; [`Op::Commit`] refers to them.
    pub(super) written: Vec<(u16, u8)>,
}

/// What an attempt holds at databases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    /// The pool from which it has borrowed a connection.
    pub(super) connection: u32,
    /// The node at the other end of its connection: 0 is the writer.
    pub(super) node: u16,
    /// The database whose rows it has locked.
    pub(super) database: u16,
    /// The last of the row locks it holds.
    pub(super) locks: u32,
}

impl Session {
    const NONE: Session = Session { connection: NONE, node: 0, database: 0, locks: NONE };
}

timers! {
    Kind::Database;
    /// Another node takes over from a writer that is lost.
    TakesOver { database: u16 } = "failover of database";
    /// A pool that grows tries again.
    Retries { adder: u32 } = "next try of a pool to connect";
    /// A pool that grows looks for connections that are idle.
    Checks { adder: u32 } = "check of the idle connections of a pool";
    /// A connection has reached its age.
    Ages { adder: u32 } = "end of the age of a connection of a pool";
    /// A replica that was promoted by hand writes.
    Promoted { database: u16 } = "promotion of a replica of database";
    /// A database that was made anew is there.
    Rebuilt { database: u16 } = "end of restore of database";
    /// A Region that was left is the second one of a database again.
    Rejoins { database: u16 } = "second Region of database";
    /// The server of a node has started again.
    Restarts { database: u16, processor: u32 } = "restart of a node of database";
    /// A second of a serverless database is over.
    Second { database: u16 } = "capacity of database";
    /// The metrics of the readers of a database have a new point.
    Minute { database: u16 } = "metrics of the readers of database";
    /// A replica that was added serves.
    Serves { database: u16, processor: u32 } = "first request of a new replica of database";
    /// A host looks the address of the writer up again.
    LooksUp { host: u32, database: u16 } = "address of the writer of database";
    /// A flush of the log begins.
    Flushes { database: u16 } = "flush of the log of a database";
    /// It is over.
    Flushed { database: u16 } = "end of a flush of the log of a database";
    /// A job of a node that slows others down was called off.
    Eases { database: u16 } = "new speed of the nodes of a database";
}

impl<'s> Part<'s> for Databases<'s> {
    type Op = Op;
    type Timer = Timer;

    /// A connection is made: its journeys, its CPU at the node.
    fn errands(all: &Settings, to: &mut impl CompileErrand<Op = kind::Op>) {
        ops::connecting(all, to);
    }

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let one = |(index, settings)| {
            let trouble = Trouble::new(plan.kinds.striking((id::Kind::Database, index)), plan.seed);
            let dial = plan.entries((id::Kind::Database, index)).map_or(NONE, |entries| entries[0]);
            Database { dial, ..Database::new(settings, plan.key_spaces, trouble, plan.seed, flow) }
        };
        let mut databases = Databases {
            settings: &plan.kinds.databases,
            fleets: Callers::all(plan.kinds),
            each: plan.kinds.databases.iter().enumerate().map(one).collect(),
            regions: Callers::all(plan.kinds).iter().map(|it| plan.kinds.region(it.of)).collect(),
            home: Region::of(plan.region),
            series: Vec::new(),
            pools: Pools::new(&Callers::all(plan.kinds), &plan.kinds.databases),
            lost: Vec::new(),
            sessions: PerAttempt::new(Session::NONE),
            since: PerAttempt::new(NEVER),
            adders: Vec::new(),
            dials: PerAttempt::new(Dialled::NONE),
            lent: PerAttempt::new(NONE),
            forwarded: PerAttempt::new(Forwarded::NONE),
            seed: plan.seed,
            in_line: PerAttempt::new(NONE),
            contends: plan.kinds.databases.iter().any(|it| it.contention.is_some()),
            written: std::mem::take(&mut plan.slots),
        };
        databases.place_far();
        databases.add_proxies(flow);
        databases.begin_readers(flow);
        databases.begin_capacities(flow);
        databases
    }

    fn asks(op: Op, place: &mut Place) -> Option<Asked> {
        match op {
            Op::Borrow { tier, pool, writer } | Op::Obtain { tier, pool, writer, .. } => {
                place.node = if writer { Side::Writer } else { Side::Reader };
                let fleet = place.groups[usize::from(tier)];
                if fleet == Place::NO_FLEET {
                    return None;
                }
                Some((Resource::Pool { fleet, pool: pool.into(), node: place.node }, None))
            }
            Op::Lend { database, .. } => {
                Some((Resource::Proxy { database: database.into(), node: place.node }, None))
            }
            Op::Unpooled { writer, .. } => {
                place.node = if writer { Side::Writer } else { Side::Reader };
                None
            }
            Op::See { far, .. } => {
                if far {
                    place.node = Side::Far;
                }
                None
            }
            Op::Forward { .. } => {
                place.node = Side::Writer;
                None
            }
            Op::Execute { database, draw, .. }
            | Op::Endure { database, draw, .. }
            | Op::Contend { database, draw, .. }
            | Op::ExecuteBatch { database, draw } => {
                Some((Resource::Database { database: database.into(), node: place.node }, Some(draw)))
            }
            Op::Fetch { database, .. } => {
                Some((Resource::Volume { database: database.into(), node: place.node }, None))
            }
            Op::Log { database, .. } => {
                Some((Resource::Volume { database: database.into(), node: Side::Writer }, None))
            }
            Op::Copy { database, .. } => {
                Some((Resource::Volume { database: database.into(), node: Side::Reader }, None))
            }
            Op::Lock { database, .. } => Some((Resource::Locks { database: database.into() }, None)),
            Op::Harden { database } => Some((Resource::Log { database: database.into() }, None)),
            // Every commit is applied again on each replica.
            Op::Commit { database, .. } => Some((Resource::Appliers { database: database.into() }, None)),
            _ => None,
        }
    }

    #[inline]
    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Borrow { tier, pool, writer } => self.borrow(id, tier, pool, writer, flow),
            Op::Obtain { tier, pool, writer, at } => self.obtain(id, (tier, pool, writer), at, flow),
            Op::Unpooled { database, writer } => {
                self.connect_without_pool(id, database, writer);
                Next::Op
            }
            Op::Go { database, from, results } => self.go(id, database, (from, results), flow),
            Op::Forward { database, back } => self.forward(id, database, back, flow),
            Op::See { database, .. } => self.see(id, database, flow),
            Op::Return => {
                self.return_connection(id, flow);
                Next::Op
            }
            Op::Leave => {
                self.give_back(id, flow);
                Next::Op
            }
            Op::Lend { database, writer } => self.lend(id, database, writer, flow),
            Op::Repay => {
                self.repay(id, flow);
                Next::Op
            }
            Op::Dial { draw } => {
                let span = flow.draws.of(draw).time();
                flow.pass(span, id)
            }
            Op::Accept { draw } => self.accept(id, draw, flow),
            Op::Connected => self.connected(id, flow),
            Op::Page { database, keys, slot } | Op::Fetch { database, keys, slot } => {
                self.fetch_page(id, database, keys, slot, flow)
            }
            Op::Execute { database, draw, write } => {
                let demand = flow.draws.of(draw).nanos();
                let Some(processor) = self.count_statement(id, database, write) else {
                    return Next::Fail(Cause::DatabaseUnavailable);
                };
                flow.begin(processor, id, demand);
                Next::Wait
            }
            Op::Knock { .. }
            | Op::Endure { .. }
            | Op::EndureFlush { .. }
            | Op::Hang { .. }
            | Op::Answer { .. } => self.endure(op, id, flow),
            Op::Writes { database } => self.writes(id, database),
            Op::Check { database, keys, slot } => self.check(id, database, (keys, slot), flow),
            Op::Seen { database, keys, slot } => {
                self.check_staleness(id, database, keys, slot, flow);
                Next::Op
            }
            Op::Lock { database, keys, slot } => self.lock(id, database, keys, slot, flow),
            Op::Checked { database } => self.detect_deadlocks(id, database, flow),
            Op::Enter { database, keys, slot } => self.enter_line(id, (database, keys, slot), flow),
            Op::Gather { database, batch } => {
                self.gather_riders(id, database, batch, flow);
                Next::Op
            }
            Op::ExecuteBatch { database, draw } => self.execute_batch(id, database, draw, flow),
            Op::Exit { at } => {
                self.exit_line(id, at + 1, flow);
                Next::Op
            }
            Op::Contend { database, draw, write } => {
                let demand = flow.draws.of(draw).nanos();
                let Some(processor) = self.count_statement(id, database, write) else {
                    return Next::Fail(Cause::DatabaseUnavailable);
                };
                flow.begin(processor, id, demand);
                self.ease(database, flow);
                Next::Wait
            }
            Op::Ease { database } => {
                self.ease(database, flow);
                Next::Op
            }
            Op::Harden { database } => self.harden(id, database, flow),
            Op::Flush { draw } => {
                let span = flow.draws.of(draw).time();
                flow.pass(span, id)
            }
            Op::Log { database, rows, count, others } => {
                self.write_log(id, database, (rows, count, others), flow)
            }
            Op::Copy { database, rows, count, others } => {
                self.write_on_replicas(id, database, (rows, count, others), flow);
                Next::Op
            }
            Op::Commit { database, rows, count } => {
                self.commit(id, database, rows, count, flow);
                Next::Op
            }
            Op::Again { database, place } => {
                self.counts_twice(id, database, place, flow);
                Next::Op
            }
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::TakesOver { database } => self.take_over(database.into(), flow),
            Timer::Promoted { database } => self.promoted(database.into(), flow),
            Timer::Rebuilt { database } => self.rebuilt(database.into(), flow),
            Timer::Rejoins { database } => self.rejoins(database.into(), flow),
            Timer::Retries { adder } => self.retry(adder, flow),
            Timer::Checks { adder } => self.check_idle(adder, flow),
            Timer::Ages { adder } => self.retire(adder, flow),
            Timer::Restarts { database, processor } => self.restarted(database.into(), processor, flow),
            Timer::Second { database } => self.measure(database.into(), flow),
            Timer::Minute { database } => self.look_at_readers(database.into(), flow),
            Timer::Serves { database, processor } => self.serve(database.into(), processor, flow),
            Timer::LooksUp { host, database } => self.look_up(host, database.into(), flow),
            Timer::Flushes { database } => self.flush(database, flow),
            Timer::Flushed { database } => self.flushed(database, flow),
            Timer::Eases { database } => self.ease(database, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Launched(host) => self.add_host(host, flow),
            Fact::Starting(host) => {
                let connected = self.open_pools(host, flow);
                flow.tell(if connected { Fact::Connected(host) } else { Fact::Refused(host) });
            }
            // Its connections end with the application.
            Fact::Gone(host) | Fact::Crashed(host) => self.close_pools(host, flow),
            Fact::Lost(host) => self.forget_pools(host, flow),
            Fact::Severed { processor, .. } => self.severed(processor, flow),
            Fact::ZoneLost(place) => self.zone_lost(place, flow),
            Fact::ZoneBack(place) => self.zone_back(place, flow),
            Fact::Impaired { of: (id::Kind::Database, database), member, fault, strike, how, until } => {
                self.impaired(database.into(), member, (fault, strike), (how, until), flow);
            }
            Fact::Ordered { of: (id::Kind::Database, database), order } => {
                self.ordered(database.into(), order, flow);
            }
            Fact::Restored { of: (id::Kind::Database, database), fault } => {
                self.restored(database.into(), fault, flow);
            }
            _ => {}
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        if let Waiting::Queue { owner, place, item } = flow.attempts.claims(id).waiting
            && owner == Kind::Database as u8
        {
            let state = &mut self.each[usize::from(place)];
            match (item & LINE, item & FLUSH, &mut state.log) {
                (0, 0, _) => state.locks.leave(item, id, flow.now, &mut flow.links),
                (0, _, Some(log)) => log.leave(item, id, flow.now, &mut flow.links),
                _ => {}
            }
        }
        if self.in_line.of(id) != NONE {
            self.give_up_line(id, flow);
        }
        self.release_locks(id, flow);
        if self.contends {
            self.ease_soon(flow);
        }
        if self.forwarded.of(id).by != Forwarded::NONE.by {
            *self.forwarded.of_mut(id) = Forwarded::NONE;
        }
        if self.lent.of(id) != NONE {
            self.repay(id, flow);
        }
        self.give_back(id, flow);
        if self.since.of(id) != NEVER {
            *self.since.of_mut(id) = NEVER;
        }
    }

    fn left_queue(&mut self, id: u32, station: u32) -> bool {
        if self.lent.of(id) == station {
            *self.lent.of_mut(id) = NONE;
            return true;
        }
        let waited = self.sessions.of(id).connection == station;
        if waited {
            self.sessions.of_mut(id).connection = NONE;
        }
        waited
    }

    fn is_in_use(&self, host: u32, flow: &Flow) -> bool {
        self.pools.stations(host).any(|station| flow.station(station).busy() != 0)
    }

    fn take_back(&mut self, id: u32, host: u32, flow: &mut Flow) {
        let connection = self.sessions.of(id).connection;
        if connection != NONE && self.pools.has(host, connection) {
            self.give_back(id, flow);
        }
    }

    fn sever(&mut self, processor: u32, flow: &mut Flow) -> Vec<u32> {
        self.let_go_of(processor, flow)
    }

    fn cut(&mut self, op: Op, id: u32) {
        if let Op::Flush { .. } | Op::EndureFlush { .. } = op {
            self.each[usize::from(self.sessions.of(id).database)].unknown_commits += 1;
        }
    }

    fn give_up(&mut self, op: Op, id: u32, flow: &mut Flow) -> Option<Cause> {
        match op {
            Op::Borrow { .. } | Op::Obtain { .. } => Some(Cause::PoolTimeout),
            Op::Lend { database, .. } => {
                self.count_borrow_timeout(database);
                Some(Cause::PoolTimeout)
            }
            Op::Lock { database, .. } => self.give_up_lock(id, database, flow),
            Op::Enter { database, .. } => {
                self.each[usize::from(database)].lock_timeouts += 1;
                Some(Cause::LockTimeout)
            }
            _ => None,
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
        // What strikes a machine that has another role now, or is left behind, counts with the next row.
        (0..self.each.len()).for_each(|database| self.slow_down(database, flow));
        for database in &mut self.each {
            // Every commit writes its log once; storage reads are misses of the buffer pool.
            database.io.read(database.commits + database.storage_reads, flow);
            if let Some(region) = &mut database.region {
                region.hours.read(region.sent, flow);
            }
            database.consumed.hours.read(database.consumed.halves_ms(), flow);
            if let Some(backup) = &mut database.backup {
                backup.read(database.commits, flow);
            }
        }
    }

    /// Storage I/O, and the replicas that were added.
    fn used(&mut self, flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, database) in self.each.iter().enumerate() {
            let spans = database.readers.as_ref().map_or(Vec::new(), |readers| readers.spans(flow.now));
            let Kept { sorts, made, made_abroad } =
                database.backup.as_ref().map_or_else(Kept::default, |backup| backup.used(flow.now));
            add(
                (id::Kind::Database, index),
                Used {
                    spans,
                    sorts,
                    resized: made,
                    spot: made_abroad,
                    capacity: database.consumed.hours.used().hours,
                    abroad: database.region.as_ref().map_or(Vec::new(), |it| it.hours.used().hours),
                    ..database.io.used()
                },
            );
        }
    }

    fn passed(&mut self, add: &mut impl FnMut(f64)) {
        for database in &mut self.each {
            let results = database.marks.results.grown(database.reads + database.writes);
            add(results as f64 * RESULT as f64);
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        if (of.kind, of.name) == (id::Kind::Fleet, POOLS_BUSY) {
            return self.pools.busy_percent(of.index as usize, flow).map(Reading::Level);
        }
        let state = (of.kind == id::Kind::Database).then(|| &self.each[of.index as usize])?;
        let writer = &state.nodes[0];
        Some(match of.name {
            "writer_connections" => Reading::Level(f64::from(writer.open)),
            _ => Reading::Integral(
                100.0 * writer.used(flow) / f64::from(writer.vcpus) + state.before.writer_cpu,
            ),
        })
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        match of {
            Resource::Pool { fleet, pool, node } => Some(self.pools.taken(fleet, pool, node, flow)),
            Resource::Database { database, node } => {
                let state = &self.each[database];
                let done = |nodes: &[super::Node]| -> f64 { nodes.iter().map(|node| node.work(flow)).sum() };
                let writer = || done(&state.nodes[..1]) + state.before.work[0];
                let readers = || done(state.replicas()) + state.before.work[1];
                let far = || done(&state.nodes[state.near..]) + state.before.work[2];
                Some(match node {
                    Side::Writer => writer(),
                    Side::Reader => readers(),
                    Side::Far => far(),
                    Side::All => writer() + readers() + far(),
                })
            }
            Resource::Volume { database, node } => Some(self.io_passed(database, node)),
            Resource::Proxy { database, node } => Some(self.pools.taken_of_proxy(database, node, flow)),
            Resource::Appliers { database } => self.each[database].replication.applied(),
            // What a search for deadlocks takes is time in which others could have had the lock, and none that was asked for.
            Resource::Locks { database } => {
                let locks = &self.each[database].locks;
                Some(locks.taken as f64 + locks.searched)
            }
            Resource::Log { database } => {
                let log = self.each[database].log.as_ref()?;
                Some(log.worked(flow.now) / log.each()?)
            }
            _ => None,
        }
    }

    fn times_asked(&self, of: Resource) -> f64 {
        match of {
            // What is on pinned connections borrows none.
            Resource::Proxy { database, node } => {
                self.pools.proxies[database].as_ref().map_or(1.0, |it| 1.0 - it.pinned_part(node))
            }
            // After a promotion the others follow a writer that is gone.
            Resource::Appliers { database } => {
                let state = &self.each[database];
                let replicas = state.replicas().iter().enumerate();
                let applies = |(replica, node): (usize, &super::Node)| {
                    !node.absent && !state.replication.is_detached(replica)
                };
                f64::from(u8::from(replicas.into_iter().any(applies)))
            }
            _ => 1.0,
        }
    }

    fn lengthens(&self, of: Resource) -> f64 {
        let Resource::Locks { database } = of else { return 0.0 };
        let state = &self.each[database];
        let search = self.settings[database].row_locks.deadlock_check.0 as f64 / state.nodes[0].strength;
        state.locks.alone().map_or(0.0, |alone| search / alone)
    }

    fn processor(&self, op: Op, id: u32, _flow: &Flow) -> Option<u32> {
        match op {
            Op::Execute { database, .. }
            | Op::Endure { database, .. }
            | Op::Contend { database, .. }
            | Op::ExecuteBatch { database, .. }
            | Op::Checked { database } => {
                let node = self.sessions.of(id).node;
                Some(self.each[usize::from(database)].nodes[usize::from(node)].processor)
            }
            _ => None,
        }
    }
}

impl Databases<'_> {
    /// Counts a statement and returns the processor that executes it.
    #[inline]
    pub(super) fn count_statement(&mut self, id: u32, database: u16, write: bool) -> Option<u32> {
        let node = self.node_of(id, database)?;
        let state = &mut self.each[usize::from(database)];
        match write {
            true => state.writes += 1,
            false => state.reads += 1,
        }
        state.replica_reads += u64::from(node > 0);
        state.far_reads += u64::from(usize::from(node) >= state.near);
        Some(state.nodes[usize::from(node)].processor)
    }

    /// The node at the other end of the connection of an attempt, if there is one that is not lost.
    #[inline]
    pub(super) fn node_of(&mut self, id: u32, database: u16) -> Option<u16> {
        let node = self.sessions.of(id).node;
        match self.each[usize::from(database)].nodes[usize::from(node)].lost {
            false => Some(node),
            true => self.another_node(id, database),
        }
    }

    /// A connection of its own, for which the reader endpoint chooses each replica in turn, and the writer while there is none.
    fn connect_without_pool(&mut self, id: u32, database: u16, writer: bool) {
        let readers = self.readers_of_home(database.into());
        let state = &mut self.each[usize::from(database)];
        let count = state.nodes.len() as u32;
        let turns = (1..=count).map(|step| (state.turn + step) % count);
        let mut replicas =
            turns.filter(|node| readers.contains(&(*node as usize)) && !state.nodes[*node as usize].lost);
        let node = if writer { 0 } else { replicas.next().unwrap_or(0) };
        if node > 0 {
            state.turn = node;
        }
        let session = self.sessions.of_mut(id);
        (session.database, session.node) = (database, number(node as usize));
    }

    /// Fetches the page of a row from memory, or from storage.
    fn fetch_page(&mut self, id: u32, database: u16, keys: u16, slot: u8, flow: &mut Flow) -> Next {
        let Some(node) = self.node_of(id, database) else { return Next::Fail(Cause::DatabaseUnavailable) };
        let row = flow.attempts.key(id, slot);
        let state = &mut self.each[usize::from(database)];
        let (per_page, first) = state.layout[usize::from(keys)];
        let count = flow.keys[usize::from(keys)].count().div_ceil(per_page);
        let page = first + page_of(row, count);
        let Some(buffer) = &mut state.nodes[usize::from(node)].buffer else { return Next::Op };
        state.pages.1 += 1;
        if buffer.touch(page) {
            state.pages.0 += 1;
            state.nodes[usize::from(node)].volume.iter_mut().for_each(super::volume::Volume::pass);
            return Next::Op;
        }
        buffer.insert(page);
        state.storage_reads += 1;
        let span = state.storage.0.time(&mut state.storage.1);
        let factor = state.trouble.factor(state.nodes[usize::from(node)].processor);
        let first = state.lazy.as_mut().map_or(0, |lazy| lazy.touch(page, flow.now));
        let (database, node) = (usize::from(database), usize::from(node));
        let page = (self.settings[database].engine.page().0 as f64, 1.0);
        let wait = self.ask_volume(database, node, page, flow);
        flow.pass(wait.saturating_add(rounded(span.0 as f64 * factor)).saturating_add(first), id)
    }

    /// The statement has read a row: on a replica it may have missed the last write of the row.
    fn check_staleness(&mut self, id: u32, database: u16, keys: u16, slot: u8, flow: &Flow) {
        let node = self.sessions.of(id).node;
        if node > 0 {
            let row = row_number(keys, flow.attempts.key(id, slot));
            let state = &mut self.each[usize::from(database)];
            let reader = Writer::of(id, &flow.attempts[id]);
            let missed = match (usize::from(node) >= state.near, &mut state.region) {
                (true, Some(region)) => region.missed(row, reader, flow.now),
                _ => state.replication.missed(usize::from(node) - 1, row, reader, flow.now),
            };
            if let Some(missed) = missed {
                state.stale.read(missed, flow.now);
            }
        }
    }
}

/// Number of a row among all populations.
#[inline]
pub(super) fn row_number(keys: u16, key: u32) -> u64 {
    u64::from(keys) << 32 | u64::from(key)
}
