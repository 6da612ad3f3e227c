//! A ladder queue (Tang, Goh and Thng, ACM TOMACS 15(3), 2005): far events are unsorted, near ones are in rungs of
//! buckets that get finer until a bucket is small enough to be sorted.

use super::{Pending, Queue};

/// A bucket with no more events than this is sorted.
const SORTED: usize = 50;

/// The top, the rungs from coarse to fine, and the bottom.
#[derive(Default)]
pub struct Ladder {
    /// Unsorted: everything from `top_start` on.
    top: Vec<Pending>,
    top_start: u64,
    rungs: Vec<Rung>,
    /// Everything before the current bucket of the last rung, latest first.
    bottom: Vec<Pending>,
    /// Emptied buckets, kept for their memory.
    spare: Vec<Vec<Pending>>,
}

struct Rung {
    start: u64,
    width: u64,
    /// The first bucket that is not yet spread out.
    next: usize,
    buckets: Vec<Vec<Pending>>,
}

impl Rung {
    fn begins(&self) -> u64 {
        self.start + self.next as u64 * self.width
    }
}

impl Ladder {
    /// Spreads events in `start..=last` over a new rung with about one event in each bucket.
    fn add_rung(&mut self, mut entries: Vec<Pending>, start: u64, last: u64) {
        let width = ((last - start) / entries.len() as u64).max(1);
        let count = ((last - start) / width) as usize + 1;
        let mut buckets: Vec<Vec<Pending>> = Vec::with_capacity(count);
        buckets.extend((0..count).map(|_| self.spare.pop().unwrap_or_default()));
        for entry in entries.drain(..) {
            buckets[((entry.time() - start) / width) as usize].push(entry);
        }
        self.spare.push(entries);
        self.rungs.push(Rung { start, width, next: 0, buckets });
    }

    /// Sorts the next bucket that is not empty into the empty bottom.
    fn refill(&mut self) {
        loop {
            let Some(rung) = self.rungs.last_mut() else {
                let Some(first) = self.top.iter().map(|entry| entry.time()).min() else { return };
                let last = self.top.iter().map(|entry| entry.time()).max().unwrap_or(first);
                let top = std::mem::take(&mut self.top);
                self.add_rung(top, first, last);
                if let Some(rung) = self.rungs.last() {
                    self.top_start = rung.start + rung.buckets.len() as u64 * rung.width;
                }
                continue;
            };
            let Some(bucket) = rung.buckets[rung.next..].iter().position(|bucket| !bucket.is_empty()) else {
                if let Some(rung) = self.rungs.pop() {
                    self.spare.extend(rung.buckets);
                }
                continue;
            };
            rung.next += bucket;
            let (start, width) = (rung.begins(), rung.width);
            let mut entries = std::mem::take(&mut rung.buckets[rung.next]);
            rung.next += 1;
            if entries.len() > SORTED && width > 1 {
                self.add_rung(entries, start, start + width - 1);
                continue;
            }
            self.bottom.append(&mut entries);
            self.spare.push(entries);
            self.bottom.sort_unstable_by_key(|entry| std::cmp::Reverse(*entry));
            return;
        }
    }
}

impl Queue for Ladder {
    fn push(&mut self, entry: Pending) {
        if entry.time() >= self.top_start {
            return self.top.push(entry);
        }
        for rung in &mut self.rungs {
            if entry.time() >= rung.begins() {
                let bucket = ((entry.time() - rung.start) / rung.width) as usize;
                return rung.buckets[bucket].push(entry);
            }
        }
        let at = self.bottom.partition_point(|other| *other > entry);
        self.bottom.insert(at, entry);
    }

    fn pop(&mut self) -> Option<Pending> {
        if self.bottom.is_empty() {
            self.refill();
        }
        self.bottom.pop()
    }
}
