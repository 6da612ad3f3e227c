//! The log of a database, where commits become durable together or on a quorum of the storage.
//!
//! In: the times of copies. Out: when a write of the log is done; the groups that wait for it.

use super::language::Database as Settings;
use super::language::durable::{GroupCommit, Quorum};
use crate::dist::Sampler;
use crate::engine::station::{Links, Queue};
use crate::rng::Stream;

/// Marks what an attempt waits for as a flush of the log. The lowest bit says which of two groups it is in.
pub const FLUSH: u32 = 1 << 30;

/// The log of a database, where commits are more than time that passes.
#[derive(Debug)]
pub struct Log {
    law: Sampler,
    stream: Stream,
    quorum: Option<Quorum>,
    pub group: Option<GroupCommit>,
    /// Two groups: one is being flushed, the other gathers.
    pub groups: [Queue; 2],
    pub gathering: u32,
    pub is_busy: bool,
    /// When it has sent all that has been committed.
    free_at: u64,
    /// Times of the copies, kept to be used again.
    copies: Vec<f64>,
}

impl Log {
    /// The log of a database, if its settings ask for one.
    pub fn of(settings: &Settings, stream: impl FnOnce() -> Stream) -> Option<Log> {
        (settings.group_commit.is_some() || settings.quorum.is_some()).then(|| Log {
            law: Sampler::new(&settings.commit),
            stream: stream(),
            quorum: settings.quorum,
            group: settings.group_commit,
            groups: [Queue::default(); 2],
            gathering: 0,
            is_busy: false,
            free_at: 0,
            copies: Vec::new(),
        })
    }

    /// The time of a write of the log, in nanoseconds.
    pub fn write(&mut self) -> f64 {
        let Some(Quorum { copies, acks, .. }) = self.quorum else { return self.law.nanos(&mut self.stream) };
        self.copies.clear();
        for _ in 0..copies {
            self.copies.push(self.law.nanos(&mut self.stream));
        }
        self.copies.sort_by(f64::total_cmp);
        self.copies.get(acks as usize - 1).copied().unwrap_or(0.0)
    }

    /// A commit is sent after those before it: how long that takes, in nanoseconds.
    pub fn send(&mut self, now: u64) -> u64 {
        let each = self.quorum.map_or(0, |quorum| quorum.each.0);
        self.free_at = self.free_at.max(now).saturating_add(each);
        self.free_at - now
    }

    /// An attempt no longer waits for its group.
    pub fn leave(&mut self, item: u32, id: u32, links: &mut Links) {
        self.groups[(item & 1) as usize].remove(id, links);
    }
}
