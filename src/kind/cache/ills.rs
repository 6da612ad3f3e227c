//! What is wrong with the shards of a cache: lost with their zone, dead, slow, or answering with errors. Where shards have several nodes,
//! it is nodes that are struck, by their numbers.
//!
//! In: zones and faults that strike them. Out: what becomes of a command at a shard that is not well. Nothing asks for it at one that is.

use crate::flow::fact::Impairment;
use crate::flow::slowed::Slowed;
use crate::flow::trouble::{Strike, Trouble};

/// What is wrong with the shards of a cache.
#[derive(Debug)]
pub struct Ills {
    trouble: Trouble,
    /// How many times each shard is lost at present: with its zone, and by faults of its own.
    pub(super) lost: Vec<u32>,
    /// Until when the commands last that a strike has left in the queue of each.
    lingering: Vec<u64>,
    /// The work of each where faults make it slower.
    slowed: Vec<Slowed>,
}

/// What is wrong with a shard when a command comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ill {
    /// Nothing, any more.
    None,
    /// It is gone, and answers nothing.
    Lost,
    /// It turns this command away.
    Refused,
    /// It does it, but not as well as before.
    Present {
        /// It takes so many times as long.
        factor: f64,
        /// It does nothing until then.
        hangs_until: Option<u64>,
        /// It is answered with an error.
        is_error: bool,
    },
}

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Endured {
    /// No answer comes.
    Unanswered,
    /// It leaves its shard at that time.
    Answered {
        /// When.
        done: u64,
        /// It was not done.
        is_error: bool,
    },
}

impl Ills {
    /// So many shards, of which nothing is wrong with any.
    pub(super) fn of(shards: usize, trouble: Trouble) -> Ills {
        Ills {
            trouble,
            lost: vec![0; shards],
            lingering: vec![0; shards],
            slowed: vec![Slowed::default(); shards],
        }
    }

    /// What is wrong with a shard.
    pub(super) fn at(&mut self, shard: usize, now: u64) -> Ill {
        let member = shard as u32;
        if self.lost[shard] > 0 {
            return Ill::Lost;
        }
        if !self.trouble.is_at(member) && now >= self.lingering[shard] {
            return Ill::None;
        }
        if self.trouble.refuses(member).is_some() {
            return Ill::Refused;
        }
        Ill::Present {
            factor: self.trouble.factor(member),
            hangs_until: self.trouble.hangs_until(member).map(|(until, _)| until),
            is_error: self.trouble.fails(member).is_some(),
        }
    }

    /// The strike that a command meets at a shard, if there is one.
    pub(super) fn met_at(&self, shard: usize) -> Option<u32> {
        self.trouble.met_at(shard as u32)
    }

    /// What waits at a shard now is of a strike, until it is done.
    pub(super) fn lingers(&mut self, shard: usize, until: u64) {
        self.lingering[shard] = self.lingering[shard].max(until);
    }

    /// A fault strikes; returns the shards.
    pub(super) fn begins(&mut self, fault: u16, strike: Strike) -> Vec<usize> {
        self.trouble.begins(fault, strike);
        self.struck_by(strike)
    }

    /// A strike is over; returns what it did, and the shards.
    pub(super) fn ends(&mut self, fault: u16) -> Option<(Impairment, Vec<usize>)> {
        let strike = self.trouble.ends(fault)?;
        Some((strike.how, self.struck_by(strike)))
    }

    /// Shards that have died.
    pub(super) fn dead(&self) -> u32 {
        (0..self.lost.len() as u32).map(|shard| u32::from(self.trouble.is_dead(shard))).sum()
    }

    /// How many times as long work takes at a shard, and until when it answers nothing.
    pub(super) fn pace(&self, shard: usize) -> (f64, Option<u64>) {
        let member = shard as u32;
        (self.trouble.factor(member), self.trouble.hangs_until(member).map(|(until, _)| until))
    }

    /// Whether no fault of the file strikes it.
    pub(super) fn are_never(&self) -> bool {
        self.trouble.is_never()
    }

    /// From now on the work of a shard counts by how many times as long it takes at the node that does it; it was busy for so long.
    pub(super) fn slow_down(&mut self, shard: usize, member: usize, busy: u64) {
        let pace = self.trouble.factor(member as u32).recip();
        self.slowed[shard].settle(pace, || busy as f64);
    }

    /// The work that a shard has done, of which it was busy for so long.
    pub(super) fn work(&self, shard: usize, busy: u64) -> f64 {
        self.slowed[shard].work(busy as f64)
    }

    fn struck_by(&self, strike: Strike) -> Vec<usize> {
        (0..self.lost.len()).filter(|&shard| strike.is_at(shard as u32)).collect()
    }
}
