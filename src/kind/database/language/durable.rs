//! `group_commit` and `quorum` of a database: what makes a commit durable. Out: a [`GroupCommit`], a [`Quorum`].

use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

const PAPER: &str =
    "Verbitski et al., Amazon Aurora, SIGMOD 2017: six copies in three zones, four of them write";

/// How long a flush waits for more commits: not at all.
pub const DELAY: Given<Time> =
    Given::new(Time::ZERO, "MySQL reference manual, binlog_group_commit_sync_delay");
/// What each commit of a group adds to its flush: nothing.
pub const EACH: Given<Time> =
    Given::new(Time::ZERO, "assumption: a flush of many small commits takes as long as one of a few");
/// Copies of the storage: 6.
pub const COPIES: Given<u32> = Given::new(6, PAPER);
/// Copies that have written when a commit is durable: 4.
pub const ACKS: Given<u32> = Given::new(4, PAPER);

/// What each commit takes of the log before it is sent: nothing.
pub const QUORUM_EACH: Given<Time> =
    Given::new(Time::ZERO, "assumption: the log is never what limits commits");

/// The language of a log that is flushed for many.
pub const GROUP_SHAPE: Shape = Shape {
    title: "group_commit = { delay, each }",
    about: "One flush of the log at a time: whoever commits meanwhile is flushed together by the next one. `commit` is then the time \
            of a flush.",
    keys: &[
        Key::given(
            "delay",
            "duration",
            || DELAY.show(),
            "how long a flush waits for more commits before it begins",
        ),
        Key::given(
            "each",
            "duration",
            || EACH.show(),
            "what each commit of a group adds to the time of its flush",
        ),
    ],
};

/// The language of a storage quorum.
pub const QUORUM_SHAPE: Shape = Shape {
    title: "quorum = { copies, acks, each }",
    about: "A commit is sent to all copies of the storage and is durable when some of them have written it. `commit` is then the time \
            of one copy, drawn for each.",
    keys: &[
        Key::given("copies", "whole number, up to 16", || COPIES.show(), "copies of the storage"),
        Key::given(
            "each",
            "duration",
            || QUORUM_EACH.show(),
            "what each commit takes of the one log before it is sent, one after the other; without `group_commit`",
        ),
        Key::given(
            "acks",
            "whole number, up to 16",
            || ACKS.show(),
            "copies that have written it when it is durable",
        ),
    ],
};

/// One flush of the log at a time, for all that commit meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupCommit {
    /// How long a flush waits for more commits.
    pub delay: Time,
    /// What each commit of a group adds to its flush.
    pub each: Time,
}

/// Copies of the storage, of which some must have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// All copies.
    pub copies: u32,
    /// Those that must have written.
    pub acks: u32,
    /// What each commit takes of the log before it is sent.
    pub each: Time,
}

impl GroupCommit {
    /// Reads the table.
    pub(crate) fn read(reader: &Reader) -> GroupCommit {
        GroupCommit {
            delay: reader.or("delay", Value::time, DELAY.value),
            each: reader.or("each", Value::time, EACH.value),
        }
    }
}

impl Quorum {
    /// Reads the table.
    pub(crate) fn read(value: Value, is_grouped: bool) -> Option<Quorum> {
        let count = |value: Value| value.count(1..=16);
        let quorum = value.table(&QUORUM_SHAPE, |reader| Quorum {
            copies: reader.or("copies", count, COPIES.value),
            acks: reader.or("acks", count, ACKS.value),
            each: reader.or("each", Value::time, QUORUM_EACH.value),
        })?;
        if quorum.acks > quorum.copies {
            let message = format!("{} of {} copies cannot have written", quorum.acks, quorum.copies);
            value.problem(message, "write as many `acks` as there are `copies`, or fewer");
        }
        if is_grouped && quorum.each > Time::ZERO {
            value.problem("`each` of a quorum, and `group_commit`", "write `each` of `group_commit` instead");
        }
        Some(quorum)
    }
}
