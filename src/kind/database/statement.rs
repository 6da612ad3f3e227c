//! Statements: what steps at a database are made of. In: nothing. Out: their settings, and the language of those inside of
//! a transaction.

use super::callers::pools_of;
use crate::dist::Law;
use crate::id::{CacheId, DatabaseId, KeySpaceId};
use crate::kind::Settings;
use crate::kind::keyed::{KEYS, SAME_KEY};
use crate::language::shape::{Key, Shape};
use crate::measure::resource::Node;

/// One SQL statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The database.
    pub database: DatabaseId,
    /// CPU demand on one vCPU of strength 1.
    pub demand: Law,
    /// Row population the statement touches, if rows matter (locks, staleness, buffer pool).
    pub rows: Option<KeySpaceId>,
    /// Whether it is the row that the request drew before, if it has.
    pub same: bool,
    /// Whether the touched row is locked until commit (writes only).
    pub lock: bool,
    /// Whether it waits in line for its row, and how many are done in one commit then.
    pub line: Option<u16>,
}

/// What a commit does that comes a second time for the same request, or the same message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It writes once more. The step begins at this byte of the file: it is the same one on each way that a request may take.
    Doubles(u32),
    /// Nothing: the database knows the request, as by a unique key.
    Nothing,
}

/// A write that is a transaction of its own.
#[derive(Clone, Debug)]
pub struct Write {
    /// What it is.
    pub statement: Statement,
    /// What a step that follows does with the rows, at which cache, and these.
    pub changes: Option<(&'static str, CacheId, KeySpaceId)>,
    /// What a second one for the same request does.
    pub again: Again,
}

/// Several statements that become durable together.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// The database.
    pub database: DatabaseId,
    /// What is done inside, in order.
    pub statements: Vec<TransactionStep>,
    /// What a second one for the same request does.
    pub again: Again,
}

/// One step of a transaction.
#[derive(Clone, Debug)]
pub enum TransactionStep {
    /// `SELECT` on the writer.
    Read(Statement),
    /// `UPDATE`, `INSERT`, `DELETE`, or `SELECT … FOR UPDATE` when `demand` is that of a read.
    Write(Statement),
    /// The application thinks while it holds connection and locks (CPU of its instance).
    Cpu(Law),
    /// Time passes while connection and locks are held.
    Delay(Law),
}

/// What a demand of a statement is.
pub(super) const DEMAND: &str = "CPU demand on one vCPU of strength 1";
/// The key for a lock.
pub(super) const LOCK: Key = Key::optional(
    "lock",
    "true or false",
    "`true` with `rows` (assumption: a write of a row locks it)",
    "whether the row is locked until commit",
);

/// The key for a line before a row.
pub(super) const IN_LINE: Key = Key::optional(
    "in_line",
    "true or false",
    "`false` (assumption: callers do not wait for each other before they ask)",
    "whether it waits in line before it asks for the lock of its row: one enters at a time, and no search for deadlocks (the inventory hint \
     of AliSQL)",
);
/// The key for statements that are done together.
pub(super) const BATCH: Key = Key::optional(
    "batch",
    "whole number, up to 1,000",
    "1 (assumption: each write by itself)",
    "statements that wait in line for a row and are done in one commit, at most; it implies `in_line`",
);

/// The key for a write that is done once.
pub(super) const IDEMPOTENT: Key = Key::optional(
    "idempotent",
    "true or false",
    "`false` (assumption: nothing tells a second try from another write)",
    "whether a second commit for the same request or message changes nothing, as with a unique key that comes with the request; else it is a doubled \
     write, and counted",
);

/// The rows of a statement.
pub(super) const fn rows(about: &'static str) -> Key {
    Key::optional("rows", KEYS, "rows do not matter", about)
}

/// The language of a statement of a transaction that reads.
pub const INNER_READ_SHAPE: Shape = Shape {
    title: "{ read = … } in a transaction",
    about: "A `SELECT` on the writer.",
    keys: &[Key::required("read", "demand", DEMAND), rows("the rows it touches"), SAME_KEY],
};

/// The language of a statement of a transaction that writes.
pub const INNER_WRITE_SHAPE: Shape = Shape {
    title: "{ write = … } in a transaction",
    about: "An `UPDATE`, `INSERT` or `DELETE`, or `SELECT … FOR UPDATE` with the demand of a read.",
    keys: &[Key::required("write", "demand", DEMAND), rows("the rows it touches"), SAME_KEY, LOCK, IN_LINE],
};

/// The position of the pool of a fleet that leads to a database.
pub(super) fn pool_of(fleet: usize, database: usize, all: &Settings) -> Option<usize> {
    pools_of(fleet, all).iter().position(|pool| pool.database.index() == database)
}

/// Whether a fleet is in the second Region of a database, and reads there.
pub(super) fn reads_far(database: usize, fleet: Option<usize>, all: &Settings) -> bool {
    fleet.is_some_and(|fleet| {
        all.databases[database].reads_far(all.table_of(fleet).and_then(|table| all.region(table)))
    })
}

/// The side of a pool by which a statement of a fleet goes: without replicas, always that of the writer.
pub(super) fn node(database: usize, writer: bool, fleet: Option<usize>, all: &Settings) -> Node {
    match writer || all.databases[database].replicas == 0 && !reads_far(database, fleet, all) {
        true => Node::Writer,
        false => Node::Reader,
    }
}
