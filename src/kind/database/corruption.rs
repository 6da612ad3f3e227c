//! Which rows one strike has made wrong, and which nodes have them.
//!
//! In: the share of the rows, and when each copy gets what is written. Out: whether a statement at a node meets a wrong row.

use crate::dist::uniform;
use crate::rng::{Stream, mixed};

/// Rows that one strike has made wrong.
#[derive(Debug)]
pub struct Corruption {
    /// The position of the fault.
    pub fault: u16,
    /// The strike of it.
    pub strike: u32,
    /// When it was.
    pub at: u64,
    /// The share of the rows.
    pub share: f64,
    /// What says which rows these are.
    pub salt: u64,
    /// Random numbers of statements that name no row.
    pub chance: Stream,
    /// When each replica has it too.
    pub replicas: Vec<u64>,
    /// When the second Region has it.
    pub abroad: u64,
}

impl Corruption {
    /// Whether a node has it: 0 is the writer.
    fn is_at(&self, node: usize, now: u64) -> bool {
        node == 0 || self.replicas.get(node - 1).is_some_and(|has| *has <= now)
    }

    /// Whether a statement meets a wrong row, at a node and a row if it names one.
    pub fn meets(&mut self, node: usize, row: Option<u64>, now: u64) -> bool {
        self.is_at(node, now)
            && match row {
                Some(row) => self.has(row),
                None => uniform(&mut self.chance) < self.share,
            }
    }

    /// Whether a row is wrong.
    fn has(&self, row: u64) -> bool {
        // 53 random bits as a number below one.
        ((mixed(self.salt, row) >> 11) as f64) * (1.0 / (1u64 << 53) as f64) < self.share
    }
}

/// What a replica has.
pub(super) fn on_replica(replica: usize, now: u64) -> impl Fn(&Corruption) -> bool {
    move |it| it.is_at(replica + 1, now)
}

/// What the second Region has.
pub(super) fn in_second_region(now: u64) -> impl Fn(&Corruption) -> bool {
    move |it| it.abroad <= now
}
