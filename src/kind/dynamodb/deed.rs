//! What a request does with items, and how many capacity units that takes.
//!
//! In: what it does, sizes. Out: units, in halves: the smallest part of one that anything takes. (Amazon DynamoDB developer guide, "Read/write
//! capacity mode": a unit reads 4 KB with strong consistency, or writes 1 KB; eventually consistent reads take half of it, transactions twice.)

use crate::units::Bytes;

/// What a request does; the words of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// `GetItem`.
    Get,
    /// `PutItem`.
    Put,
    /// `UpdateItem`.
    Update,
    /// `DeleteItem`.
    Delete,
    /// `Query`: items that share a partition key.
    Query,
    /// `TransactGetItems`.
    TransactGet,
    /// `TransactWriteItems`.
    TransactWrite,
}

/// Reads and writes, which have limits of their own.
pub const SORTS: usize = 2;
/// What a read unit reads.
const READ_BLOCK: u64 = 4_096;
/// What a write unit writes.
const WRITE_BLOCK: u64 = 1_024;
/// Halves of a unit.
pub const HALVES: f64 = 2.0;

impl Deed {
    /// Whether it takes read units; else write units.
    pub fn reads(self) -> bool {
        matches!(self, Deed::Get | Deed::Query | Deed::TransactGet)
    }

    /// The place of its limit.
    pub fn sort(self) -> usize {
        usize::from(!self.reads())
    }

    /// Whether it is a transaction.
    pub fn transacts(self) -> bool {
        matches!(self, Deed::TransactGet | Deed::TransactWrite)
    }

    /// Halves of units that each of its items takes; of a query, all of them together.
    pub fn halves(self, size: Bytes, items: u32, strong: bool) -> u32 {
        let block = if self.reads() { READ_BLOCK } else { WRITE_BLOCK };
        let together = if self == Deed::Query { u64::from(items) } else { 1 };
        let blocks = size.0.saturating_mul(together).div_ceil(block).max(1);
        let each = match self {
            Deed::TransactGet | Deed::TransactWrite => 4,
            Deed::Get | Deed::Query if !strong => 1,
            _ => 2,
        };
        u32::try_from(blocks.saturating_mul(each)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the developer guide: 8 KB are read with two units, one if eventually consistent, four in a transaction; writes of 1.5 KB take two, and
    /// four in a transaction.
    #[test]
    fn units_are_those_of_the_guide() {
        let kb = |kb: f64| Bytes((kb * 1_024.0) as u64);
        let units = |deed: Deed, size, strong| f64::from(deed.halves(size, 1, strong)) / HALVES;
        assert_eq!([true, false].map(|strong| units(Deed::Get, kb(8.0), strong)), [2.0, 1.0]);
        assert_eq!(units(Deed::TransactGet, kb(8.0), false), 4.0);
        assert_eq!([Deed::Put, Deed::Update, Deed::Delete].map(|it| units(it, kb(1.5), false)), [2.0; 3]);
        assert_eq!(units(Deed::TransactWrite, kb(1.5), false), 4.0);
        // What is not there takes the least as well, and a byte more a whole block.
        assert_eq!(
            [kb(0.0), kb(4.0), Bytes(4_097)].map(|size| units(Deed::Get, size, true)),
            [1.0, 1.0, 2.0]
        );
    }

    /// A query rounds the sum of its items, not each of them: ten of 1 KB are three blocks.
    #[test]
    fn a_query_rounds_the_sum() {
        assert_eq!(Deed::Query.halves(Bytes(1_024), 10, true), 6);
        assert_eq!(Deed::Query.halves(Bytes(1_024), 10, false), 3);
        assert_eq!(Deed::Query.halves(Bytes(u64::MAX), 10, true), u32::MAX);
    }
}
