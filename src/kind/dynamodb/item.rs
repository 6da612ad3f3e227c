//! Which item a request is for. In: keys, or none. Out: [`Item`]s, and where among the partitions they are.

use crate::kind::keys::KeySpace;
use crate::rng::mixed;

/// The population of an item that is no key of any.
pub(super) const ANY: u16 = u16::MAX;
/// Tells the places of keys from other uses of their numbers.
const PLACES: u64 = 0x4444_4254;

/// An item: the population and the number of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Item {
    pub keys: u16,
    pub key: u32,
}

/// No key.
pub(super) const NO_ITEM: Item = Item { keys: ANY, key: 0 };

/// An item, and the bits by which its partition is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub item: Item,
    pub bits: u64,
}

pub(super) const NOWHERE: Placed = Placed { item: NO_ITEM, bits: 0 };

impl Placed {
    /// A key: DynamoDB hashes it, so that keys that are alike are far from each other.
    pub fn of_key(keys: u16, key: u32) -> Placed {
        Placed { item: Item { keys, key }, bits: mixed(PLACES, u64::from(keys) << 32 | u64::from(key)) }
    }

    /// Any item.
    pub fn any(bits: u64) -> Placed {
        Placed { item: NO_ITEM, bits }
    }
}

/// A population from which a transaction draws its further items.
pub(super) fn name_of(table: &str, keys: &KeySpace) -> String {
    format!("dynamodb.{table}/items/{}", keys.name)
}

/// What is kept of a request at a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking {
    /// Its item; of a transaction the first one.
    pub placed: Placed,
    /// Tries so far.
    pub tries: u32,
}

pub(super) const NOT_ASKING: Asking = Asking { placed: NOWHERE, tries: 0 };
