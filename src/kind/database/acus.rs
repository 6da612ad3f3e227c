//! The capacity of a node of Aurora Serverless v2.
//!
//! In: how much of it was used in a second. Out: the capacity of the next one, and its cores. The step is a part of the present capacity, so a small node grows
//! slowly at first. (Aurora user guide, "How Aurora Serverless v2 works".)

use super::language::{Serverless, serverless};
use crate::kind::bill::Hourly;

/// Capacity is measured, and billed, once a second. Source: Aurora user guide, Aurora Serverless v2, capacity.
pub(super) const SECOND: u64 = 1_000_000_000;
/// The CPU above which it grows, and below which it shrinks. Assumption: AWS gives no numbers.
const GROW_ABOVE: f64 = 0.8;
const SHRINK_BELOW: f64 = 0.5;

/// The capacity of a node.
#[derive(Clone, Copy, Debug)]
pub struct Acus {
    /// Half ACUs that it has now.
    pub halves: u32,
    /// Its cores, and the strength of each.
    pub cores: u32,
    pub strength: f64,
    /// Busy-core nanoseconds up to the last second; nanoseconds of its whole capacity that they were; the work that was done in them.
    busy: f64,
    used: f64,
    work: f64,
    /// Nanoseconds of its whole capacity up to the present row.
    in_row: f64,
    /// Since when it is idle.
    idle_since: Option<u64>,
}

/// What a database keeps of its capacity.
#[derive(Debug, Default)]
pub struct Consumed {
    /// Half-ACU nanoseconds, up to when.
    halves: u128,
    at: u64,
    /// By hour, for the bill.
    pub hours: Hourly,
    /// Half-ACU nanoseconds of the writer and of the replicas in the present row.
    pub in_row: [u128; 2],
}

impl Consumed {
    /// Up to now, nodes in this order, the writer first, had so many half ACUs each.
    pub fn pass(&mut self, halves: impl Iterator<Item = (usize, u32)>, now: u64) {
        let span = u128::from(now - std::mem::replace(&mut self.at, now));
        for (place, halves) in halves {
            self.halves += u128::from(halves) * span;
            self.in_row[place.min(1)] += u128::from(halves) * span;
        }
    }

    /// Half-ACU milliseconds so far.
    pub fn halves_ms(&self) -> u64 {
        (self.halves / 1_000_000) as u64
    }
}

impl Acus {
    /// The least capacity.
    pub fn of(settings: &Serverless) -> Acus {
        let (cores, strength) = serverless::cores(settings.min);
        Acus {
            halves: (2.0 * settings.min) as u32,
            cores,
            strength,
            busy: 0.0,
            used: 0.0,
            work: 0.0,
            in_row: 0.0,
            idle_since: None,
        }
    }

    /// Nanoseconds of its whole capacity that were used, where it was busy for so many core nanoseconds in all.
    pub fn used(&self, busy: f64) -> f64 {
        self.used + (busy - self.busy) / f64::from(self.cores)
    }

    /// The work that was done in them.
    pub fn work(&self, busy: f64) -> f64 {
        self.work + (busy - self.busy) * self.strength
    }

    /// Nanoseconds of its whole capacity that were used in the row that ends.
    pub fn used_in_row(&mut self, busy: f64) -> f64 {
        let used = self.used(busy);
        used - std::mem::replace(&mut self.in_row, used)
    }

    /// A second is over, up to which it was busy for so many core nanoseconds: the part of its capacity that was used in it.
    pub(super) fn end_second(&mut self, busy: f64) -> f64 {
        let (used, work) = (self.used(busy), self.work(busy));
        let in_second = used - self.used;
        (self.busy, self.used, self.work) = (busy, used, work);
        in_second / SECOND as f64
    }

    /// It has another role: how idle it was in its old one says nothing.
    pub(super) fn begin_anew(&mut self) {
        self.idle_since = None;
    }

    /// From now on, at the start of a second, it has so many half ACUs.
    pub(super) fn set(&mut self, halves: u32) {
        self.halves = halves;
        (self.cores, self.strength) = serverless::cores(f64::from(halves) / 2.0);
    }

    /// This was its use in the second that is over: the capacity of the next one, in half ACUs.
    pub(super) fn next(&mut self, used: f64, settings: &Serverless, now: u64) -> u32 {
        let step = ((f64::from(self.halves) * settings.step) as u32).max(1);
        let (least, most) = ((2.0 * settings.min) as u32, (2.0 * settings.max) as u32);
        if used >= SHRINK_BELOW {
            self.idle_since = None;
        }
        let is_idle = used < SHRINK_BELOW && {
            let since = *self.idle_since.get_or_insert(now.saturating_sub(SECOND));
            now - since >= settings.hold.0
        };
        if used > GROW_ABOVE {
            (self.halves + step).min(most)
        } else if is_idle {
            self.halves.saturating_sub(step).max(least)
        } else {
            self.halves
        }
    }
}
