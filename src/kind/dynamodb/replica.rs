//! What a replica of a global table copies to the other one.
//!
//! In: items that are written, and Regions that are lost. Out: items that are in the other replica, writes that another one overwrote without having
//! seen them, and what was not there when the Region of the first replica was lost. Items come each by itself, so a later one may be there before an
//! earlier one. (Amazon DynamoDB developer guide, "Global tables: How it works": the last writer wins.)

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rustc_hash::FxHashMap;

use super::item::{Item, NO_ITEM};
use super::language::replica::Replica as Settings;
use crate::dist::Sampler;
use crate::rng::Stream;

/// What a table copies.
#[derive(Debug)]
pub(super) struct Replica {
    /// The other table.
    pub to: usize,
    law: (Sampler, Stream),
    /// Items on their way: when each is there, its number and what it is.
    coming: BinaryHeap<Reverse<(u64, u64, Copy)>>,
    /// Those that were written and not all of whose predecessors are there, from number `first` on: when, and whether it is there.
    written: VecDeque<(u64, bool)>,
    first: u64,
    /// When the newest item was written that is there with all before it.
    complete: u64,
    /// The items that are on their way.
    flights: FxHashMap<Item, Flight>,
    /// Since when nothing goes because the Region of the table is lost.
    pub lost: Option<u64>,
    pub counts: Copies,
}

/// An item of which versions are on their way.
#[derive(Clone, Copy, Debug, Default)]
struct Flight {
    versions: u32,
    /// Whether the other replica has written the item since the newest of them.
    is_beaten: bool,
}

/// An item on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Copy {
    /// Units that it takes where it comes to, in halves.
    pub halves: u32,
    /// Bytes on the way.
    pub bytes: u32,
    /// Bytes more, or less, that are stored.
    pub stored: i64,
    pub item: Item,
    /// By which its partition is found, which is the same in both replicas.
    pub bits: u64,
}

/// What became of items so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Copies {
    /// Not there when the Region of the table was lost.
    pub lost: u64,
    /// Nanoseconds from the newest item that was there with all before it to that loss.
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
            flights: FxHashMap::default(),
            lost: None,
            counts: Copies::default(),
        }
    }

    /// An item is written.
    pub fn write(&mut self, copy: Copy, now: u64) {
        let due = now.saturating_add(self.law.0.time(&mut self.law.1).0);
        let number = self.first + self.written.len() as u64;
        self.written.push_back((now, false));
        self.coming.push(Reverse((due, number, copy)));
        if copy.item != NO_ITEM {
            let flight = self.flights.entry(copy.item).or_default();
            *flight = Flight { versions: flight.versions + 1, is_beaten: false };
        }
    }

    pub fn next(&self) -> Option<u64> {
        self.coming.peek().map(|Reverse(next)| next.0)
    }

    /// The next item, if it is there by now.
    pub fn come(&mut self, now: u64) -> Option<Copy> {
        self.next().filter(|due| *due <= now)?;
        let Reverse((_, number, copy)) = self.coming.pop()?;
        self.written[(number - self.first) as usize].1 = true;
        while let Some(&(at, true)) = self.written.front() {
            self.written.pop_front();
            self.first += 1;
            self.complete = at;
        }
        if let Some(flight) = self.flights.get_mut(&copy.item) {
            flight.versions -= 1;
            if flight.versions == 0 {
                self.flights.remove(&copy.item);
            }
        }
        Some(copy)
    }

    /// Whether an item has been written that is not there.
    pub fn lacks(&self, item: Item) -> bool {
        self.flights.contains_key(&item)
    }

    /// The other replica writes an item; returns whether it has not seen the newest version from here, which it overwrites.
    pub fn is_overwritten(&mut self, item: Item) -> bool {
        let Some(flight) = self.flights.get_mut(&item) else { return false };
        !std::mem::replace(&mut flight.is_beaten, true)
    }

    /// The Region of the table is lost: nothing that is not there comes any more.
    pub fn cut_off(&mut self, now: u64) {
        self.lost = Some(now);
        let missing = self.coming.len() as u64;
        self.counts.lost += missing;
        if missing > 0 {
            self.counts.span += now - self.complete;
        }
    }

    /// It is back with all its items, which go on.
    pub fn go_on(&mut self, now: u64) {
        let Some(since) = self.lost.take() else { return };
        let later = |Reverse((due, number, copy)): Reverse<(u64, u64, Copy)>| {
            Reverse((due.saturating_add(now - since), number, copy))
        };
        self.coming = std::mem::take(&mut self.coming).into_iter().map(later).collect();
    }
}
