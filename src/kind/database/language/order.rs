//! `lock_order` of a database: which waiting transaction gets a row lock next. Out: a [`LockOrder`].

use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// The language of an order in which those behind overtake.
pub const SHAPE: Shape = Shape {
    title: "lock_order = { overtake }",
    about: "All that wait for a row are woken when it is free, and the first of them mostly has it: each one behind is faster with some \
            chance. With \"15%\" the waits are those that were measured on PostgreSQL, with 4, 16 and 32 clients.",
    keys: &[Key::required(
        "overtake",
        "share",
        "the chance of each waiting transaction behind the first to come before it",
    )],
};

/// Which waiting transaction gets a row lock next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LockOrder {
    /// The one that has waited longest.
    Fifo,
    /// Any, each equally likely.
    Random,
    /// The one that has waited longest, unless one of the others is faster, each with this chance.
    Overtaking(f64),
}

impl LockOrder {
    /// Reads the value of the key.
    pub(crate) fn read(value: Value) -> Option<LockOrder> {
        if value.is_table() {
            let share = |reader: &Reader| reader.must("overtake", Value::share, 0.0);
            return value.table(&SHAPE, share).map(LockOrder::Overtaking);
        }
        value.choice(&[("fifo", LockOrder::Fifo), ("random", LockOrder::Random)])
    }
}
