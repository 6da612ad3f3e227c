//! Steps of requests at databases, as the compiler writes them. In: nothing. Out: the steps.

use crate::catalog::region::Region;
use crate::flow::draws::DrawId;

/// No rows.
pub(super) const NO_ROWS: u16 = u16::MAX;

/// Steps at a database.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Borrow a connection of a pool of the tier's instance.
    Borrow { tier: u8, pool: u8, writer: bool },
    /// The same at a pool that opens connections for those who wait, or lets newcomers overtake. `at` is this op.
    Obtain { tier: u8, pool: u8, writer: bool, at: u32 },
    /// Connect to the writer, or by the reader endpoint, without a pool, outside every tier.
    Unpooled { database: u16, writer: bool },
    /// One way between a caller and a database that may be in another Region by now.
    Go { database: u16, from: Option<Region>, results: bool },
    /// A statement that writes goes to the writer, or comes `back`, if it came to a node in another Region.
    Forward { database: u16, back: bool },
    /// A read at such a node waits for what it must see; `far` says that it is one.
    See { database: u16, far: bool },
    /// Give the connection back.
    Return,
    /// The same at a pool that lets newcomers overtake.
    Leave,
    /// Borrow a connection to the database from its proxy.
    Lend { database: u16, writer: bool },
    /// Give that back.
    Repay,
    /// A connection that is being made is on its way to a node.
    Dial { draw: DrawId },
    /// It is there.
    Accept { draw: DrawId },
    /// It is made.
    Connected,
    /// Fetch the page of a row into the buffer pool of the node, from storage if it is not there.
    Page { database: u16, keys: u16, slot: u8 },
    /// The same where the node has a volume of its own.
    Fetch { database: u16, keys: u16, slot: u8 },
    /// A statement executes on the CPU of the node.
    Execute { database: u16, draw: DrawId, write: bool },
    /// Ask a node that a fault may strike: it may turn the statement away.
    Knock { database: u16 },
    /// A statement executes on such a node.
    Endure { database: u16, draw: DrawId, write: bool },
    /// Such a node makes a transaction durable.
    EndureFlush { database: u16, draw: DrawId },
    /// Such a node may not answer for a while.
    Hang { database: u16 },
    /// Such a node answers, maybe with an error.
    Answer { database: u16 },
    /// A statement that writes: the connection may lead to a node that only reads.
    Writes { database: u16 },
    /// The statement has been executed where rows may be wrong: those of it may be. Its rows are [`NO_ROWS`] where it names none.
    Check { database: u16, keys: u16, slot: u8 },
    /// The statement has read this row: check whether it was up to date.
    Seen { database: u16, keys: u16, slot: u8 },
    /// Lock a row until commit.
    Lock { database: u16, keys: u16, slot: u8 },
    /// Wait in line before a hot row, without asking for its lock.
    Enter { database: u16, keys: u16, slot: u8 },
    /// Those that wait there are done with this one.
    Gather { database: u16, batch: u16 },
    /// The statements of all of them execute.
    ExecuteBatch { database: u16, draw: DrawId },
    /// They are committed, and go on after this op, which is `at`; the next one enters.
    Exit { at: u32 },
    /// A statement executes on a node where those that run slow each other down.
    Contend { database: u16, draw: DrawId, write: bool },
    /// A job on such a node has ended.
    Ease { database: u16 },
    /// Make the transaction durable with others, or on a quorum of the storage.
    Harden { database: u16 },
    /// The time of deadlock detection for the lock just granted is over.
    Checked { database: u16 },
    /// The transaction has changed pages, those of `count` rows from `rows` on and of `others`, and its log is written to the volume.
    Log { database: u16, rows: u32, count: u8, others: u8 },
    /// Its replicas write it too.
    Copy { database: u16, rows: u32, count: u8, others: u8 },
    /// Make the transaction durable.
    Flush { draw: DrawId },
    /// The transaction is committed: its locks are released, `count` written rows from `rows` on replicate.
    Commit { database: u16, rows: u32, count: u8 },
    /// It is a write of which another try may come, and that begins at this place of the file.
    Again { database: u16, place: u32 },
}
