//! A volume that is filled from a snapshot while its database works.
//!
//! In: pages that are read, and when the filling began. Out: what the first read of a block takes that is not there yet. The blocks are filled one after the other
//! at a rate, and one that is asked for before its turn is fetched at once. (Amazon RDS user guide, "Restoring to a DB instance", lazy loading; blocks of a snapshot are
//! 512 KiB: Amazon EBS user guide, "EBS direct APIs".)

use super::language::Database;
use crate::dist::{Law, Sampler};
use crate::rng::{Stream, stream};
use crate::units::{Bandwidth, Time};

/// A block of a snapshot.
const BLOCK: u64 = 512 << 10;

/// The volume of a database that was made anew.
#[derive(Debug)]
pub struct Lazy {
    /// Blocks with rows that have been asked for.
    asked: Vec<bool>,
    /// Pages in a block.
    pages: u32,
    /// When the filling began, and how long it takes.
    begun: u64,
    takes: Time,
    law: (Sampler, Stream),
}

impl Lazy {
    /// A volume of which nothing is there yet, with rows on so many pages.
    pub fn of(
        settings: &Database,
        pages: u32,
        (first, rate): (&Law, Bandwidth),
        (seed, now): (u64, u64),
    ) -> Lazy {
        let in_block = (BLOCK / settings.engine.page().0).max(1) as u32;
        Lazy {
            asked: vec![false; pages.div_ceil(in_block) as usize],
            pages: in_block,
            begun: now,
            takes: rate.time_of(settings.storage),
            law: (Sampler::new(first), stream(seed, &format!("database.{}/first touch", settings.name))),
        }
    }

    /// A page is read that is not in memory: what is to be added to that.
    pub fn touch(&mut self, page: u32, now: u64) -> u64 {
        let block = (page / self.pages) as usize;
        let all = self.asked.len();
        let Some(asked) = self.asked.get_mut(block) else { return 0 };
        // Blocks with rows are spread evenly over the volume.
        let filled = (now - self.begun) as f64 * all as f64 >= self.takes.0 as f64 * (block + 1) as f64;
        match std::mem::replace(asked, true) || filled {
            true => 0,
            false => self.law.0.time(&mut self.law.1).0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000_000;

    /// Four blocks of 32 pages, filled within 4 s from 1 s on. A page of the third is not there at 2 s, another one of it then is; the last one is there at 5 s.
    #[test]
    fn a_block_is_fetched_once_and_not_at_all_when_it_has_been_filled() {
        let mut lazy = Lazy {
            asked: vec![false; 4],
            pages: 32,
            begun: 1_000 * MS,
            takes: Time::from_secs(4),
            law: (Sampler::new(&Law::Constant(Time::from_millis(30))), stream(1, "first touch")),
        };
        let mut touch = |page: u32, at: u64| lazy.touch(page, at * MS) / MS;
        assert_eq!([touch(0, 1_999), touch(1, 1_999), touch(32, 2_000), touch(70, 2_000)], [30, 0, 30, 30]);
        assert_eq!([touch(64, 2_001), touch(95, 3_000), touch(96, 5_000)], [0, 0, 0]);
    }
}
