//! How long transactions wait for row locks, and how deadlocks are found. In: its keys. Out: a [`RowLocks`].

use super::engine::{DEADLOCK_TIMEOUT, Engine};
use super::order::LockOrder;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Show};
use crate::language::value::Value;
use crate::units::Time;

/// A transaction of MySQL that waits longer for a row lock fails: 50 s. One of PostgreSQL waits for as long as it takes
/// (PostgreSQL documentation, client connection defaults: `lock_timeout` is 0).
pub const LOCK_WAIT_TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(50), "MySQL, innodb_lock_wait_timeout (unverified)");
/// CPU of deadlock detection for each waiter already queued: 4 us. PostgreSQL does not search when a lock is granted.
pub const DEADLOCK_CHECK: Given<Time> = Given::new(
    Time::from_micros(4),
    "fitted to 500 transactions/s on one row at 512 threads (Alibaba Cloud, MySQL deadlock detection)",
);

/// Row locks of a database, as its file has them.
#[derive(Clone, Debug, PartialEq)]
pub struct RowLocks {
    /// A transaction that waits longer for a row lock fails; absent where it waits for as long as it takes.
    pub wait_timeout: Option<Time>,
    /// Which transaction gets a row lock next.
    pub order: LockOrder,
    /// CPU of deadlock detection for each waiter already queued on a contended row.
    pub deadlock_check: Time,
    /// A wait that has lasted this long looks once whether it is in a deadlock; absent where whoever would close one fails at once.
    pub deadlock_timeout: Option<Time>,
}

impl RowLocks {
    pub(super) fn read(reader: &Reader, engine: Engine) -> RowLocks {
        let is_postgres = engine.is_postgres();
        let check = |value: Value| {
            let check = value.time()?;
            if is_postgres {
                let hint = "remove it: PostgreSQL looks for a deadlock once a wait, after `deadlock_timeout`";
                value.problem("a search for deadlocks at each lock is of MySQL", hint);
            }
            Some(check)
        };
        let timeout = |value: Value| {
            let timeout = value.span_of_time()?;
            if !is_postgres {
                let hint = "remove it: MySQL finds a deadlock as soon as it is one";
                value.problem("a wait before a deadlock is looked for is of PostgreSQL", hint);
            }
            Some(timeout)
        };
        let usual_timeout = (!is_postgres).then_some(LOCK_WAIT_TIMEOUT.value);
        let usual_check = if is_postgres { Time::ZERO } else { DEADLOCK_CHECK.value };
        RowLocks {
            wait_timeout: reader.maybe("lock_wait_timeout", Value::span_of_time).or(usual_timeout),
            order: reader.or("lock_order", LockOrder::read, engine.lock_order()),
            deadlock_check: reader.or("deadlock_check", check, usual_check),
            deadlock_timeout: reader
                .maybe("deadlock_timeout", timeout)
                .or(is_postgres.then_some(DEADLOCK_TIMEOUT)),
        }
    }
}

pub(super) fn wait_timeouts() -> (String, &'static str) {
    let usual = LOCK_WAIT_TIMEOUT.show().0;
    (
        format!("{usual} for MySQL, none for PostgreSQL"),
        "MySQL, innodb_lock_wait_timeout (unverified); PostgreSQL documentation, client connection defaults: lock_timeout is 0",
    )
}

pub(super) fn checks() -> (String, &'static str) {
    let (usual, source) = DEADLOCK_CHECK.show();
    (format!("{usual} for MySQL, not of PostgreSQL"), source)
}

pub(super) fn deadlock_timeouts() -> (String, &'static str) {
    (
        format!("{} for PostgreSQL, at once for MySQL", DEADLOCK_TIMEOUT.show()),
        "PostgreSQL documentation, lock management: deadlock_timeout is 1 s",
    )
}
