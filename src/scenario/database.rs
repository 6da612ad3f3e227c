//! `[database.NAME]`: Aurora MySQL or MySQL with a writer and replicas. Out: a [`Database`].

use crate::catalog::DatabaseClass;
use crate::dist::Law;
use crate::units::{Bytes, Time};

/// A relational database cluster.
#[derive(Clone, Debug)]
pub struct Database {
    /// Name in the file.
    pub name: String,
    /// Which engine.
    pub engine: Engine,
    /// Hardware of the writer.
    pub writer: DatabaseClass,
    /// Hardware of each replica.
    pub replica: DatabaseClass,
    /// Number of read replicas; with none, reads go to the writer.
    pub replicas: u32,
    /// Standby in a second zone (billed, serves nothing).
    pub multi_az: bool,
    /// Connection limit of the writer.
    pub writer_connections: u32,
    /// Connection limit of each replica.
    pub replica_connections: u32,
    /// Time to make a commit durable; row locks are held meanwhile.
    pub commit: Law,
    /// A transaction that waits longer for a row lock fails.
    pub lock_wait_timeout: Time,
    /// CPU of deadlock detection for each waiter already queued on a contended row.
    pub deadlock_check: Time,
    /// How writes reach the replicas.
    pub replication: Replication,
    /// One-way network latency.
    pub hop: Time,
    /// Data volume (billed; with rows and memory it decides buffer pool hits).
    pub storage: Bytes,
    /// Aurora I/O-Optimized storage.
    pub io_optimized: bool,
    /// Mean size of a row: with it, touched rows go through a buffer pool of 16 KiB pages on each node.
    pub row: Option<Bytes>,
    /// Time of a storage read on a buffer pool miss.
    pub storage_read: Law,
}

/// Database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Aurora MySQL: replicas share the writer's storage.
    AuroraMysql,
    /// MySQL on RDS: replicas apply the binary log to storage of their own.
    Mysql,
}

/// How writes reach the replicas.
#[derive(Clone, Debug, PartialEq)]
pub enum Replication {
    /// Lag grows gently with the write rate: `base + slope × writes/s`.
    SharedStorage {
        /// Lag of an idle cluster.
        base: Time,
        /// Further lag for each write per second.
        per_write_rate: Time,
    },
    /// Every write is applied again on each replica, in commit order.
    BinaryLog {
        /// From commit to the replica's relay log.
        ship: Time,
        /// Time to apply one write.
        apply: Law,
        /// Applier threads working side by side; commits stay in order.
        appliers: u32,
    },
}
