//! What a bucket copies to another one.
//!
//! In: objects that are written, and Regions that are lost. Out: objects that are in the other bucket, and what was not when the Region of the first
//! one was lost. Objects come each by itself, so a later one may be there before an earlier one.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rustc_hash::FxHashMap;

use super::language::replica::Replica as Settings;
use super::model::{ANY, Buckets, Timer};
use crate::catalog::zone::Zone;
use crate::dist::Sampler;
use crate::flow::{Flow, number};
use crate::rng::Stream;
use crate::usage::hour_of;

/// An object of a population, or any object.
pub(super) type Object = (u16, u32);
/// No key.
pub(super) const NO_KEY: Object = (ANY, 0);

/// What a bucket copies.
#[derive(Debug)]
pub struct Replica {
    /// The other bucket.
    pub to: usize,
    law: (Sampler, Stream),
    /// Objects on their way: when each is there, its number and what it is.
    coming: BinaryHeap<Reverse<(u64, u64, Copy)>>,
    /// Those that were written and not all of whose predecessors are there, from number `first` on: when, and whether it is there.
    written: VecDeque<(u64, bool)>,
    first: u64,
    /// When the newest object was written that is there with all before it.
    complete: u64,
    /// How many objects of each key are on their way.
    keys: FxHashMap<Object, u32>,
    /// Since when nothing goes because the Region of the bucket is lost.
    lost: Option<u64>,
    pub counts: Counts,
    /// Bytes that came, by hour.
    pub hours: Vec<f64>,
}

/// An object on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Copy {
    size: u64,
    of: Object,
}

/// What became of objects so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// In the other bucket.
    pub there: u64,
    /// Not there when the Region of the first one was lost.
    pub lost: u64,
    /// Nanoseconds from the newest object that was there with all before it to that loss.
    pub span: u64,
}

impl Replica {
    pub fn new(settings: &Settings, stream: Stream) -> Replica {
        Replica {
            to: settings.to.index(),
            law: (Sampler::new(&settings.lag), stream),
            coming: BinaryHeap::new(),
            written: VecDeque::new(),
            first: 0,
            complete: 0,
            keys: FxHashMap::default(),
            lost: None,
            counts: Counts::default(),
            hours: Vec::new(),
        }
    }

    /// An object is written; returns when it will be in the other bucket.
    fn write(&mut self, size: u64, of: Object, now: u64) {
        let due = now.saturating_add(self.law.0.time(&mut self.law.1).0);
        let number = self.first + self.written.len() as u64;
        self.written.push_back((now, false));
        self.coming.push(Reverse((due, number, Copy { size, of })));
        if of.0 != ANY {
            *self.keys.entry(of).or_default() += 1;
        }
    }

    fn next(&self) -> Option<u64> {
        self.coming.peek().map(|Reverse(next)| next.0)
    }

    /// The next object, if it is there by now.
    fn come(&mut self, now: u64) -> Option<Copy> {
        self.next().filter(|due| *due <= now)?;
        let Reverse((_, number, copy)) = self.coming.pop()?;
        self.written[(number - self.first) as usize].1 = true;
        while let Some(&(at, true)) = self.written.front() {
            self.written.pop_front();
            self.first += 1;
            self.complete = at;
        }
        if let Some(count) = self.keys.get_mut(&copy.of) {
            *count -= 1;
            if *count == 0 {
                self.keys.remove(&copy.of);
            }
        }
        self.counts.there += 1;
        Some(copy)
    }

    /// Whether an object has been written that is not there.
    pub fn lacks(&self, of: Object) -> bool {
        self.keys.contains_key(&of)
    }

    /// The Region of the bucket is lost: nothing that is not there comes any more.
    fn cut_off(&mut self, now: u64) {
        self.lost = Some(now);
        let missing = self.coming.len() as u64;
        self.counts.lost += missing;
        if missing > 0 {
            self.counts.span += now - self.complete;
        }
    }

    /// It is back with all its objects, which go on.
    fn go_on(&mut self, now: u64) {
        let Some(since) = self.lost.take() else { return };
        let later = |Reverse((due, number, copy))| Reverse((due + (now - since), number, copy));
        self.coming = std::mem::take(&mut self.coming).into_iter().map(later).collect();
    }
}

impl Buckets<'_> {
    /// An object was written to a bucket that is copied.
    pub(super) fn copy(&mut self, bucket: u16, size: u64, of: Object, flow: &mut Flow) {
        if let Some(replica) = &mut self.each[usize::from(bucket)].replica {
            replica.write(size, of, flow.now);
            self.expect(usize::from(bucket), flow);
        }
    }

    /// The timer of a bucket is set to the next copy, unless nothing goes.
    fn expect(&mut self, bucket: usize, flow: &mut Flow) {
        let Some(replica) = &self.each[bucket].replica else { return };
        let is_lost = replica.lost.is_some() || self.each[replica.to].is_lost;
        if let Some(due) = replica.next().filter(|_| !is_lost) {
            flow.set(Timer::Copied { bucket: number(bucket) }, due.max(flow.now));
        }
    }

    /// Copies have come to another bucket.
    pub(super) fn copied(&mut self, bucket: u16, flow: &mut Flow) {
        let index = usize::from(bucket);
        let Some(mut replica) = self.each[index].replica.take() else { return };
        let to = replica.to;
        if replica.lost.is_none() && !self.each[to].is_lost {
            let way = self.region_of(index).zip(self.region_of(to));
            while let Some(Copy { size, .. }) = replica.come(flow.now) {
                let there = &mut self.each[to];
                there.counts.copies += 1;
                there.store(there.stored.saturating_add(size), flow.now);
                *hour_of(&mut replica.hours, flow.now) += size as f64;
                if let Some((from, to)) = way {
                    flow.sends(from, to, size);
                }
            }
        }
        self.each[index].replica = Some(replica);
        self.expect(index, flow);
    }

    /// A Region is lost, or back.
    pub(super) fn region_changes(&mut self, region: Zone, is_lost: bool, flow: &mut Flow) {
        for it in self.each.iter_mut().filter(|it| it.region == Some(region)) {
            it.is_lost = is_lost;
            match (&mut it.replica, is_lost) {
                (Some(replica), true) => replica.cut_off(flow.now),
                (Some(replica), false) => replica.go_on(flow.now),
                (None, _) => {}
            }
        }
        for bucket in 0..self.each.len() {
            self.expect(bucket, flow);
        }
    }
}
