//! The log of a database, where commits become durable together or on a quorum of the storage.
//!
//! In: the times of copies. Out: when a write of the log is done; the groups that wait for it; how busy the log was with what each commit
//! takes of it. What a write takes however many commit is for all of them, so it is no limit of their rate.

use super::language::Database as Settings;
use super::language::durable::{GroupCommit, Quorum};
use crate::dist::Sampler;
use crate::engine::station::{Integral, Links, Queue};
use crate::rng::Stream;
use crate::units::Time;

/// Marks what an attempt waits for as a flush of the log. The lowest bit says which of two groups it is in.
pub const FLUSH: u32 = 1 << 30;

/// How many wait, and the integral of that number over time.
#[derive(Debug, Default)]
struct Queued {
    now: u32,
    area: Integral,
}

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
    /// What each commit takes of it.
    takes: Time,
    /// What the commits so far take of it, each by itself, nanoseconds.
    work: f64,
    /// How long those that are sent one after the other wait for that, nanoseconds.
    waits: f64,
    /// Commits that wait for the next flush, and the integral of their number over time.
    waiting: Queued,
    /// The flush in progress: when it began, when it ends, and what its commits take of it.
    flush: (u64, u64, f64),
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
            takes: settings.log_takes(),
            work: 0.0,
            waits: 0.0,
            waiting: Queued::default(),
            flush: (0, 0, 0.0),
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
        let begins = self.free_at.max(now);
        self.waits += (begins - now) as f64;
        self.work += each as f64;
        self.free_at = begins.saturating_add(each);
        self.free_at - now
    }

    /// A commit waits for the next flush. Returns its group.
    pub fn join(&mut self, id: u32, now: u64, links: &mut Links) -> u32 {
        self.groups[self.gathering as usize].push(id, links);
        self.waiting.now += 1;
        self.waiting.area.grow(now);
        self.gathering
    }

    /// A flush of all that wait begins, of which the commits take a part, each by itself.
    pub fn begin(&mut self, now: u64, span: u64, part: f64) {
        let flushed = i64::from(std::mem::take(&mut self.waiting.now));
        self.waiting.area.change(-flushed, now);
        self.work += part;
        self.flush = (now, now.saturating_add(span), part);
    }

    /// An attempt no longer waits for its group.
    pub fn leave(&mut self, item: u32, id: u32, now: u64, links: &mut Links) {
        let group = item & 1;
        self.groups[group as usize].remove(id, links);
        if group == self.gathering {
            self.waiting.now -= 1;
            self.waiting.area.shrink(now);
        }
    }

    /// What each commit takes of the log, nanoseconds; nothing where their rate has no limit here.
    pub fn each(&self) -> Option<f64> {
        (self.takes > Time::ZERO).then_some(self.takes.0 as f64)
    }

    /// How long it has worked for commits up to `now`, nanoseconds.
    pub fn worked(&self, now: u64) -> f64 {
        let (from, to, part) = self.flush;
        let left = match self.group {
            None => self.free_at.saturating_sub(now) as f64,
            Some(_) if to > now => part * (to - now) as f64 / (to - from) as f64,
            Some(_) => 0.0,
        };
        self.work - left
    }

    /// How long commits have waited for it up to `now`, all together, nanoseconds.
    pub fn waited(&self, now: u64) -> f64 {
        match (self.group, self.each()) {
            (Some(_), _) => self.waiting.area.up_to(now, self.waiting.now),
            (None, None) => 0.0,
            (None, Some(each)) => {
                // The first of those that are left is being sent; each of the others waits for all before it.
                let left = self.free_at.saturating_sub(now) as f64;
                let behind = ((left / each).ceil() - 1.0).max(0.0);
                let first = left - behind * each;
                self.waits - behind * (first + each * (behind - 1.0) / 2.0)
            }
        }
    }
}
