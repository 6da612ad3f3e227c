//! The capacity of a node of Aurora Serverless v2.
//!
//! In: how much of it was used in a second. Out: the capacity of the next one. The step is a part of the present capacity, so a small node grows
//! slowly at first. (Aurora user guide, "How Aurora Serverless v2 works".)

use super::language::Serverless;
use crate::kind::bill::Hourly;

/// Capacity is measured, and billed, once a second. Source: Aurora user guide, Aurora Serverless v2, capacity.
pub(super) const SECOND: u64 = 1_000_000_000;
/// The CPU above which it grows, and below which it shrinks. Assumption: AWS gives no numbers.
const GROW_ABOVE: f64 = 0.8;
const SHRINK_BELOW: f64 = 0.5;

/// The capacity of a node.
#[derive(Clone, Copy, Debug)]
pub struct Paced {
    /// Half ACUs that it has now.
    pub halves: u32,
    /// Part of its largest capacity.
    pub(super) part: f64,
    /// Busy-core nanoseconds up to the last second, and the same at the speed of its largest capacity.
    pub(super) busy: f64,
    pub(super) done: f64,
    /// Since when it is idle.
    idle_since: Option<u64>,
}

/// What a database keeps of its capacity.
#[derive(Debug, Default)]
pub struct Consumed {
    /// Half-ACU seconds.
    pub halves: u64,
    /// By hour, for the bill.
    pub hours: Hourly,
    /// Half-ACU seconds of the writer and of the replicas in the present row, and seconds of it.
    pub in_row: [u64; 3],
}

impl Paced {
    /// The least capacity.
    pub fn of(settings: &Serverless) -> Paced {
        Paced {
            halves: (2.0 * settings.min) as u32,
            part: settings.min / settings.max,
            busy: 0.0,
            done: 0.0,
            idle_since: None,
        }
    }

    /// Busy-core nanoseconds at the speed of its largest capacity, where it was busy for so many in all.
    pub fn done(&self, busy: f64) -> f64 {
        self.done + (busy - self.busy) * self.part
    }

    /// A second is over, and this was its use: the capacity of the next one, in half ACUs.
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
