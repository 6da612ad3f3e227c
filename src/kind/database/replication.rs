//! Asynchronous replication: the lag of each replica, and whether a read was stale.
//!
//! In: commits with the rows they wrote. Out: replica lag and stale reads. Aurora replicas share the storage and
//! see a commit milliseconds later; the more is written, the later. MySQL replicas apply every write again, in
//! commit order, each on a few applier threads (`appliers`).

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::appliers::{Applied, Appliers};
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
    /// Number of the last commit that wrote a row.
    last_write: FxHashMap<u64, u64>,
    purge_at: usize,
    /// Lag of every write on every replica.
    pub lag: Histogram,
    /// Largest lag since the last reading.
    worst: u64,
    /// Nanoseconds that the appliers of all replicas have worked, up to the last reading.
    applied: f64,
}

#[derive(Debug)]
enum Kind {
    Shared { base: f64, per_write: f64, rate: f64, updated: u64 },
    Log { ship: Sampler, apply: Sampler, mean: f64 },
}

#[derive(Debug)]
struct Replica {
    /// Commits not yet visible: (number, committed, visible).
    pending: VecDeque<(u64, u64, u64)>,
    /// The last commit that is visible.
    visible: u64,
    last_end: u64,
    appliers: Appliers,
    shipping: Stream,
    stream: Stream,
}

/// Time constant of the write rate that Aurora's lag follows; an assumption, about the pace of the page cache.
const RATE_WINDOW: f64 = 1e9;

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
                (Kind::Log { ship: Sampler::new(ship), apply: Sampler::new(apply), mean }, *appliers)
            }
        };
        let replica = |index| Replica {
            pending: VecDeque::new(),
            visible: 0,
            last_end: 0,
            appliers: Appliers::new(appliers),
            shipping: stream(seed, &format!("database.{}/replica {index}/ship", database.name)),
            stream: stream(seed, &format!("database.{}/replica {index}/apply", database.name)),
        };
        Replication {
            law,
            replicas: (0..database.replicas).map(replica).collect(),
            commits: 0,
            last_write: FxHashMap::default(),
            purge_at: 4_096,
            lag: Histogram::default(),
            worst: 0,
            applied: 0.0,
        }
    }

    /// A transaction that wrote these rows has committed.
    pub fn commit(&mut self, rows: impl Iterator<Item = u64>, now: u64) {
        if self.replicas.is_empty() {
            return;
        }
        self.commits += 1;
        for row in rows {
            self.last_write.insert(row, self.commits);
        }
        if let Kind::Shared { rate, updated, .. } = &mut self.law {
            // Exponentially weighted rate: it decays with the window, and each write adds its share.
            *rate *= libm::exp(-((now - *updated) as f64) / RATE_WINDOW);
            *rate += 1e9 / RATE_WINDOW;
            *updated = now;
        }
        for replica in &mut self.replicas {
            let end = match &self.law {
                Kind::Shared { base, per_write, rate, .. } => {
                    now.saturating_add((base + per_write * rate) as u64)
                }
                Kind::Log { ship, apply, .. } => {
                    let arrives = now.saturating_add(ship.time(&mut replica.shipping).0);
                    replica.appliers.apply(arrives, apply.time(&mut replica.stream).0)
                }
            };
            // Commits become visible in order, even with several appliers.
            replica.last_end = replica.last_end.max(end);
            replica.pending.push_back((self.commits, now, replica.last_end));
            self.lag.record(replica.last_end - now);
            self.worst = self.worst.max(replica.last_end - now);
        }
        if self.last_write.len() >= self.purge_at {
            self.purge(now);
        }
    }

    /// Whether a read of a row on a replica at this time misses the last write of the row.
    pub fn is_stale(&mut self, replica: usize, row: u64, now: u64) -> bool {
        let Some(&last) = self.last_write.get(&row) else { return false };
        self.replicas[replica].catch_up(now);
        last > self.replicas[replica].visible
    }

    /// Largest lag since the last reading, in nanoseconds: of the writes committed since, and of earlier ones that have
    /// not arrived yet.
    pub fn worst_lag(&mut self, now: u64) -> u64 {
        let mut lag = std::mem::take(&mut self.worst);
        for replica in &mut self.replicas {
            replica.catch_up(now);
            lag = lag.max(replica.pending.front().map_or(0, |(_, committed, _)| now - committed));
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
        self.replicas.iter_mut().for_each(|replica| replica.catch_up(now));
        let seen = self.replicas.iter().map(|replica| replica.visible).min().unwrap_or(u64::MAX);
        self.last_write.retain(|_, last| *last > seen);
        self.purge_at = (2 * self.last_write.len()).max(4_096);
    }
}

impl Replica {
    fn catch_up(&mut self, now: u64) {
        while let Some(&(number, _, visible)) = self.pending.front()
            && visible <= now
        {
            self.visible = number;
            self.pending.pop_front();
        }
    }
}
