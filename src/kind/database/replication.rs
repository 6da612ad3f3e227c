//! Asynchronous replication: the lag of each replica, and whether a read was stale.
//!
//! In: commits with the rows they wrote. Out: replica lag and stale reads. Aurora replicas share the storage and
//! see a commit milliseconds later; the more is written, the later. Replicas of RDS apply every write again, in
//! commit order, each on a few applier threads (`appliers`). A replica that is lost with its zone applies nothing; when it is
//! back it fetches the log that it lacks and applies that.

mod shipping;

use std::collections::VecDeque;

use super::appliers::{Applied, Appliers};
use super::history::{History, Missed, Writer};
use super::language::{Database, Replication as Law};
use crate::dist::Sampler;
use crate::measure::histogram::Histogram;
use crate::rng::{Stream, stream};

/// Replication of one database.
#[derive(Debug)]
pub struct Replication {
    law: Kind,
    replicas: Vec<Replica>,
    commits: u64,
    /// Writes that some replica may lack.
    history: History,
    purge_at: usize,
    /// Lag of every write that a replica has seen, on each of them.
    lag: Histogram,
    /// Largest lag since the last reading.
    worst: u64,
    /// Nanoseconds that the appliers of all replicas have worked, up to the last reading.
    applied: f64,
    /// Since when there is no writer that ships anything.
    stopped: Option<u64>,
}

#[derive(Debug)]
enum Kind {
    Shared { base: f64, per_write: f64, rate: f64, updated: u64 },
    Log { ship: Sampler, apply: Sampler, mean: f64, shipped: u64 },
}

#[derive(Debug)]
struct Replica {
    /// Commits not yet visible.
    pending: VecDeque<Pending>,
    /// It is lost, and reads no log.
    lost: bool,
    /// It follows a writer that is no part of the database any more: it never gets anything again.
    detached: bool,
    /// The last commit that is visible.
    visible: u64,
    last_end: u64,
    appliers: Appliers,
    shipping: Stream,
    stream: Stream,
    /// Until when its volume has no room for the next commit.
    held: u64,
}

/// A commit that a replica has not applied. While it is lost, or nobody ships it, nobody knows when it will have.
#[derive(Clone, Copy, Debug)]
struct Pending {
    /// Its number.
    number: u64,
    committed: u64,
    /// When the replica has it in its log.
    received: u64,
    visible: u64,
}

/// Time constant of the write rate that Aurora's lag follows; an assumption, about the pace of the page cache.
const RATE_WINDOW: f64 = 1e9;
/// When a commit is visible on a replica that is lost.
pub(in crate::kind::database) const UNKNOWN: u64 = u64::MAX;

impl Replication {
    /// Replication of a database at the start of a run.
    pub fn new(database: &Database, seed: u64) -> Self {
        let (law, appliers) = match &database.replication {
            Law::SharedStorage { base, per_write_rate } => {
                let (base, per_write) = (base.0 as f64, per_write_rate.0 as f64);
                (Kind::Shared { base, per_write, rate: 0.0, updated: 0 }, 1)
            }
            Law::BinaryLog { ship, apply, appliers } => {
                let mean = apply.mean().0 as f64;
                let (sends, shipped) = (Sampler::new(ship), ship.mean().0);
                (Kind::Log { ship: sends, apply: Sampler::new(apply), mean, shipped }, *appliers)
            }
        };
        let replica = |index| Replica {
            pending: VecDeque::new(),
            lost: index >= database.replicas,
            detached: false,
            visible: 0,
            last_end: 0,
            appliers: Appliers::new(appliers),
            shipping: stream(seed, &format!("database.{}/replica {index}/ship", database.name)),
            stream: stream(seed, &format!("database.{}/replica {index}/apply", database.name)),
            held: 0,
        };
        Replication {
            law,
            replicas: (0..database.most_replicas()).map(replica).collect(),
            commits: 0,
            history: History::default(),
            purge_at: 4_096,
            lag: Histogram::default(),
            worst: 0,
            applied: 0.0,
            stopped: None,
        }
    }

    /// The volume of a replica writes the next commit no earlier than this.
    pub fn hold(&mut self, replica: usize, until: u64) {
        self.replicas[replica].held = until;
    }

    /// A transaction that wrote these rows has committed.
    pub fn commit(&mut self, rows: impl Iterator<Item = u64>, by: Writer, now: u64) {
        if self.replicas.is_empty() {
            return;
        }
        self.commits += 1;
        for row in rows {
            self.history.wrote(row, self.commits, now, by);
        }
        if let Kind::Shared { rate, updated, .. } = &mut self.law {
            // Exponentially weighted rate: it decays with the window, and each write adds its share.
            *rate *= libm::exp(-((now - *updated) as f64) / RATE_WINDOW);
            *rate += 1e9 / RATE_WINDOW;
            *updated = now;
        }
        for replica in &mut self.replicas {
            let (received, end) = match &self.law {
                // It reads the storage when it is back.
                Kind::Shared { .. } if replica.lost => {
                    replica.visible = self.commits;
                    continue;
                }
                Kind::Shared { base, per_write, rate, .. } => {
                    (now, now.saturating_add((base + per_write * rate) as u64))
                }
                Kind::Log { .. } if replica.lost => {
                    let (received, visible) = (UNKNOWN, UNKNOWN);
                    replica.pending.push_back(Pending {
                        number: self.commits,
                        committed: now,
                        received,
                        visible,
                    });
                    continue;
                }
                Kind::Log { ship, apply, .. } => replica.apply(ship, apply, now),
            };
            // Commits become visible in order, even with several appliers.
            replica.last_end = replica.last_end.max(end);
            let visible = replica.last_end;
            replica.pending.push_back(Pending { number: self.commits, committed: now, received, visible });
            self.worst = self.worst.max(replica.last_end - now);
        }
        if self.history.len() >= self.purge_at {
            self.purge(now);
        }
    }

    /// When each replica has what is written now, after all before. One that is lost has it when it is back.
    pub fn arrivals(&self, now: u64) -> Vec<u64> {
        let lag = match &self.law {
            Kind::Shared { base, per_write, rate, .. } => (base + per_write * rate) as u64,
            Kind::Log { shipped, mean, .. } => shipped.saturating_add(*mean as u64),
        };
        let of = |replica: &Replica| match (replica.detached, replica.lost) {
            (true, _) => UNKNOWN,
            (false, true) => 0,
            (false, false) => replica.last_end.max(now.saturating_add(lag)),
        };
        self.replicas.iter().map(of).collect()
    }

    /// A replica is lost: it applies nothing more. What of a commit was done is done again.
    pub fn lose(&mut self, replica: usize, now: u64) {
        let replica = &mut self.replicas[replica];
        replica.catch_up(now, &mut self.lag);
        replica.lost = true;
        match self.law {
            Kind::Shared { .. } => {
                replica.pending.clear();
                replica.visible = self.commits;
            }
            Kind::Log { .. } => {
                replica.pending.iter_mut().for_each(|it| (it.received, it.visible) = (UNKNOWN, UNKNOWN));
                replica.appliers.stop(now);
            }
        }
    }

    /// When a replica will have applied all that it has of the log; at once where replicas share the storage, and at no known time for one
    /// that was away while the writer was lost: nobody ships it what it lacks.
    pub fn applied_by(&self, replica: usize) -> u64 {
        match self.law {
            Kind::Shared { .. } => 0,
            Kind::Log { .. } => self.replicas[replica].pending.back().map_or(0, |it| it.visible),
        }
    }

    /// Whether a replica follows a writer that is gone, and so gets nothing any more.
    pub fn is_detached(&self, replica: usize) -> bool {
        self.replicas[replica].detached
    }

    /// How many commits a replica has not applied.
    pub fn behind(&mut self, replica: usize, now: u64) -> usize {
        let replica = &mut self.replicas[replica];
        replica.catch_up(now, &mut self.lag);
        replica.pending.len()
    }

    /// A replica has become the writer, and the old writer has its place: it has all that was committed so far.
    pub fn exchange(&mut self, replica: usize, now: u64) {
        let replica = &mut self.replicas[replica];
        replica.catch_up(now, &mut self.lag);
        replica.pending.clear();
        replica.visible = self.commits;
        replica.last_end = now;
    }

    /// Lag of every write on every replica until now: of one that no replica has seen yet, until it will have, or the time that it has
    /// waited so far where nobody ships it. What a replica lacks that cannot be read from is none, unless it comes back.
    pub fn lag(&self, now: u64, can_be_read: impl Fn(usize) -> bool) -> Histogram {
        let mut lag = self.lag.clone();
        let read = self.replicas.iter().enumerate().filter(|(replica, _)| can_be_read(*replica));
        for it in read.flat_map(|(_, replica)| &replica.pending) {
            lag.record(if it.visible == UNKNOWN { now } else { it.visible } - it.committed);
        }
        lag
    }

    /// What a read of a row on a replica at this time misses.
    pub fn missed(&mut self, replica: usize, row: u64, reader: Writer, now: u64) -> Option<Missed> {
        self.replicas[replica].catch_up(now, &mut self.lag);
        self.history.missed(row, self.replicas[replica].visible, reader)
    }

    /// Largest lag since the last reading, in nanoseconds: of the writes committed since, and of earlier ones that have
    /// not arrived yet, on the replicas that can be read from.
    pub fn worst_lag(&mut self, now: u64, can_be_read: impl Fn(usize) -> bool) -> u64 {
        let mut lag = std::mem::take(&mut self.worst);
        for (number, replica) in self.replicas.iter_mut().enumerate() {
            replica.catch_up(now, &mut self.lag);
            if !can_be_read(number) {
                continue;
            }
            lag = lag.max(replica.pending.front().map_or(0, |it| now - it.committed));
        }
        lag
    }

    /// What the appliers of each replica did since the last reading; nothing where replicas share the storage.
    pub fn read_appliers(&mut self, now: u64) -> Vec<Applied> {
        let Kind::Log { .. } = self.law else { return Vec::new() };
        let read: Vec<Applied> = self.replicas.iter_mut().map(|replica| replica.appliers.read(now)).collect();
        self.applied += read.iter().map(|it| it.busy).sum::<f64>();
        read
    }

    /// Commits that were applied up to the last reading, on the mean of the replicas: work done over the work of one.
    pub fn applied(&self) -> Option<f64> {
        let Kind::Log { mean, .. } = self.law else { return None };
        let each = mean * self.replicas.len() as f64;
        (each > 0.0).then(|| self.applied / each)
    }

    /// Forgets writes that every replica has seen, so that memory grows with the backlog and not with the run.
    fn purge(&mut self, now: u64) {
        self.replicas.iter_mut().for_each(|replica| replica.catch_up(now, &mut self.lag));
        let seen = self.replicas.iter().map(|replica| replica.visible).min().unwrap_or(u64::MAX);
        self.history.forget(seen);
        self.purge_at = (2 * self.history.len()).max(4_096);
    }
}

impl Replica {
    /// A commit is shipped now. Returns when it has arrived, and when it is applied.
    fn apply(&mut self, ship: &Sampler, apply: &Sampler, now: u64) -> (u64, u64) {
        let arrives = now.saturating_add(ship.time(&mut self.shipping).0).max(self.held);
        self.appliers.apply(arrives, apply.time(&mut self.stream).0)
    }

    fn catch_up(&mut self, now: u64, lag: &mut Histogram) {
        while let Some(&Pending { number, committed, visible, .. }) = self.pending.front()
            && visible <= now
        {
            self.visible = number;
            lag.record(visible - committed);
            self.pending.pop_front();
        }
    }
}
