//! The state of one database.
//!
//! In: its settings. Out: nodes, locks, replication and counters, as at the start of a run.

use super::acus::Consumed;
use super::aim::Aim;
use super::backup::Backup;
use super::corruption::Corruption;
use super::language;
use super::language::LockOrder;
use super::lazy::Lazy;
use super::lines::Lines;
use super::locks::Locks;
use super::log::Log;
use super::node::{Lacking, Node};
use super::presence::{Did, Presence};
use super::readers::Readers;
use super::region::Region;
use super::replication::Replication;
use super::stale::Stale;
use super::twice::Twice;
use super::volume::Done;
use crate::catalog::zone::Place;
use crate::dist::Sampler;
use crate::flow::mark::Mark;
use crate::flow::trouble::Trouble;
use crate::flow::{Flow, NONE};
use crate::kind::bill::Hourly;
use crate::kind::fleet::language::Pool;
use crate::kind::keys::KeySpace;
use crate::rng::{Stream, stream};

/// One database.
#[derive(Debug)]
pub struct Database {
    /// The writer first, then the replicas, then those in the Region that does not write, if it is read from.
    pub nodes: Vec<Node>,
    /// How many are in the Region that writes.
    pub near: usize,
    /// Reads in the other one.
    pub far_reads: u64,
    /// What its nodes did in the present row before they had that role.
    pub far_did: Did,
    /// Which replicas could be read from in the present row, and for how long.
    pub presence: Presence,
    /// A failover is in progress.
    pub fails_over: bool,
    /// It is one to a new writer, because there is no other node.
    pub anew: bool,
    /// It is one that was asked for, by this strike: the old writer restarts.
    pub told: Option<u32>,
    /// Nodes of which the server starts again, by their processors, and the strikes that ended it.
    pub restarting: Vec<(u32, u32)>,
    /// The replica that is promoted by hand, by its processor, and the strike that asked for it.
    pub promoting: Option<(u32, u32)>,
    /// Law of the time that this takes.
    pub promotion: (Sampler, Stream),
    /// Commits that were answered and that the node which took over did not have.
    pub lost_commits: u64,
    /// How far back they go at most: from the earliest of them to the instant that they were lost, nanoseconds.
    pub lost_span: u64,
    /// Commits of writes that had been committed for the same request or message before.
    pub doubled_commits: u64,
    /// What was committed of late.
    pub twice: Twice,
    /// The replica that is about to be promoted.
    pub promoted: Option<usize>,
    /// What faults do to its nodes, each by the number of its processor.
    pub trouble: Trouble,
    /// Where the standby is, if there is one.
    pub standby: Option<Place>,
    /// The replica to which the reader endpoint led last, of connections without a pool.
    pub turn: u32,
    /// Row locks (on the writer).
    pub locks: Locks,
    /// Lines before its hot rows.
    pub lines: Lines,
    /// Its log, where commits are more than time that passes.
    pub log: Option<Log>,
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
    /// Connections that were made during the run.
    pub made: u64,
    /// The op at which the errands begin that make connections.
    pub dial: u32,
    /// Reads that a replica answered.
    pub replica_reads: u64,
    /// Those of them that missed a write.
    pub stale: Stale,
    /// Pages found in memory, and pages touched.
    pub pages: (u64, u64),
    /// Pages fetched from storage.
    pub storage_reads: u64,
    /// Totals at the end of the last row.
    pub marks: DatabaseMarks,
    /// What the volumes of the writer and of the replicas have done.
    pub volume_io: [Done; 2],
    /// The second Region.
    pub region: Option<Region>,
    /// That one writes now, and what was the first is the second one.
    pub abroad: bool,
    /// Storage I/O by hour, for the bill.
    pub io: Hourly,
    /// What nodes did in another role than they have now.
    pub before: Before,
    /// The capacity that its nodes had.
    pub consumed: Consumed,
    /// What adds and removes replicas.
    pub readers: Option<Readers>,
    /// Law of the time until another node writes.
    pub failover: (Sampler, Stream),
    /// The same where a new writer has to be made.
    pub recreate: (Sampler, Stream),
    /// Law of the time until a server that has crashed answers.
    pub recovery: (Sampler, Stream),
    /// For how long hosts keep the address of a writer.
    pub addresses: Stream,
    /// Commits that were under way when their connection broke.
    pub unknown_commits: u64,
    /// Statements that were to write on a node that only reads.
    pub read_only: u64,
    /// Law of the time to fetch a page from storage.
    pub storage: (Sampler, Stream),
    /// Rows on a page of a population, and the first page of each population.
    pub layout: Vec<(u32, u32)>,
    /// Pages with rows.
    pub data_pages: u32,
    /// Its backups.
    pub backup: Option<Box<Backup>>,
    /// Its volume, while that is filled from a backup.
    pub lazy: Option<Lazy>,
    /// Rows that are wrong.
    pub corruptions: Vec<Corruption>,
}

/// What nodes did in another role than they have now: the totals of a role go on when another node takes it over.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before {
    /// Work of the writer, of the replicas, and in the Region that does not write.
    pub work: [f64; 3],
    /// Percent nanoseconds of the CPU of the writer.
    pub writer_cpu: f64,
}

/// Counters of a database at the end of the last row.
#[derive(Clone, Copy, Debug, Default)]
pub struct DatabaseMarks {
    /// Waits for row locks that ended with the lock.
    pub granted: Mark,
    /// Nanoseconds of those waits.
    pub waited: Mark,
    /// Nanoseconds of all waits for row locks, including those that go on.
    pub waiting: Mark,
    /// Read statements.
    pub reads: Mark,
    /// Write statements.
    pub writes: Mark,
    /// Stale reads.
    pub stale: Mark,
    /// Stale reads of what the reader had written.
    pub own: Mark,
    /// Reads in the Region that does not write.
    pub far: Mark,
    /// How long the log worked for commits, and how long these waited for it.
    pub log: (f64, f64),
    /// Results sent over the network.
    pub results: Mark,
    /// Connections that were refused.
    pub refused: Mark,
    /// Commits that were sent to the second Region.
    pub sent: Mark,
}

impl Database {
    /// Whether the server of a node starts again.
    pub fn restarts(&self, node: usize) -> bool {
        self.restarting.iter().any(|it| it.0 == self.nodes[node].processor)
    }

    /// So many commits are lost now, of which the earliest was at `since`.
    pub fn lose(&mut self, commits: u64, since: u64, now: u64) {
        if commits > 0 {
            self.lost_commits += commits;
            self.lost_span = self.lost_span.max(now.saturating_sub(since));
            self.backup.iter_mut().for_each(|backup| backup.lose(commits));
        }
    }

    /// Its replicas in the Region that writes.
    pub fn replicas(&self) -> &[Node] {
        &self.nodes[1..self.near]
    }

    /// The connections that a pool must open and cannot. A side of which every node is lost answers nothing; else those that are
    /// left refuse what they have no room for.
    pub fn lacks(&self, pool: &Pool, to: &Aim) -> Lacking {
        let writer = &self.nodes[to.writer as usize..][..1];
        let replicas = &self.nodes[to.readers.clone()];
        let mut lacking = Lacking::default();
        let mut side = |nodes: &[Node], size: u32| {
            let room = nodes.iter().map(Node::room).fold(0, u32::saturating_add);
            let missing = if nodes.is_empty() { 0 } else { pool.minimum.min(size).saturating_sub(room) };
            match nodes.iter().all(|node| node.lost) {
                true => lacking.unanswered += missing,
                false => lacking.refused += missing,
            }
        };
        // While every replica is lost the reader endpoint leads to the writer.
        let readers = match replicas.iter().all(|node| node.lost) && !replicas.is_empty() && to.falls_back() {
            true => writer,
            false => replicas,
        };
        side(writer, pool.writer);
        side(readers, pool.reader);
        lacking
    }

    /// A database at the start of a run.
    pub fn new(
        settings: &language::Database,
        spaces: &[KeySpace],
        trouble: Trouble,
        seed: u64,
        flow: &mut Flow,
    ) -> Database {
        let mut layout = Vec::new();
        let mut pages = 0u32;
        if let Some(row) = settings.row {
            let per_page = (settings.engine.page().0 / row.0.max(1)).max(1) as u32;
            for space in spaces {
                layout.push((per_page, pages));
                pages = pages.saturating_add(space.count.div_ceil(per_page));
            }
        }
        let purpose = |purpose: &str| stream(seed, &format!("database.{}/{purpose}", settings.name));
        Database {
            nodes: Node::of(settings, pages, flow),
            near: 1 + settings.most_replicas() as usize,
            far_reads: 0,
            far_did: Did::default(),
            presence: Presence::of(settings.most_replicas() as usize, settings.replicas as usize),
            fails_over: false,
            anew: false,
            told: None,
            restarting: Vec::new(),
            promoting: None,
            promotion: (Sampler::new(&settings.takeover.promotion), purpose("promotion")),
            lost_commits: 0,
            doubled_commits: 0,
            twice: Twice::default(),
            lost_span: 0,
            promoted: None,
            trouble,
            standby: settings.standby(),
            turn: 0,
            locks: match settings.row_locks.order {
                LockOrder::Fifo => Locks::default(),
                LockOrder::Random => Locks::by_lot(purpose("lock order")),
                LockOrder::Overtaking(chance) => Locks::overtaking(chance, purpose("lock order")),
            },
            lines: Lines::default(),
            log: Log::of(settings, || purpose("log")),
            replication: Replication::new(settings, seed),
            reads: 0,
            writes: 0,
            commits: 0,
            lock_timeouts: 0,
            deadlocks: 0,
            refused: 0,
            made: 0,
            dial: NONE,
            replica_reads: 0,
            stale: Stale::default(),
            pages: (0, 0),
            storage_reads: 0,
            marks: DatabaseMarks::default(),
            volume_io: Default::default(),
            region: settings.global.as_ref().map(|global| Region::of(global, purpose)),
            abroad: false,
            io: Hourly::default(),
            before: Before::default(),
            failover: (Sampler::new(&settings.failover), purpose("failover")),
            consumed: Consumed::default(),
            readers: settings
                .replica_scaling
                .as_ref()
                .map(|it| Readers::new(it, purpose("boot of replicas"))),
            recreate: (Sampler::new(&settings.takeover.recreate), purpose("recreate")),
            recovery: (Sampler::new(&settings.takeover.recovery), purpose("recovery")),
            addresses: purpose("addresses"),
            unknown_commits: 0,
            read_only: 0,
            storage: (Sampler::new(&settings.storage_read), purpose("storage")),
            layout,
            data_pages: pages,
            backup: settings.backup.as_ref().map(|law| Box::new(Backup::of(law, settings, purpose))),
            lazy: None,
            corruptions: Vec::new(),
        }
    }
}
