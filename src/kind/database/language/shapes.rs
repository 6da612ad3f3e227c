//! The keys of a database and of its replication. Out: [`Shape`]s, from which the reference is written.

use super::row_locks;
use super::takeover::{self, DNS_TTL};
use super::{
    APPLIERS, APPLY, APPLY_POSTGRES, IO_OPTIMIZED, LAG_BASE, LAG_PER_WRITE_RATE, MULTI_AZ, REPLICAS, SHIP,
    STORAGE, STORAGE_READ,
};
use crate::kind::network::HOP;
use crate::kind::zones::{AZS, ZONES};
use crate::language::shape::{Key, Shape};

/// The language of a database.
pub const SHAPE: Shape = Shape {
    title: "[database.NAME]",
    about: "A relational database: one writer and any number of read replicas behind a reader endpoint.",
    keys: &[
        Key::optional(
            "engine",
            "\"aurora-mysql\", \"mysql\", \"aurora-postgresql\" or \"postgres\"",
            "`\"aurora-mysql\"` (assumption: the usual one for a load that grows)",
            "MySQL or PostgreSQL, of Aurora, where replicas share the writer's storage, or of RDS, where they apply its log",
        ),
        Key::optional(
            "writer",
            "instance class, such as \"db.r6g.2xlarge\"",
            "required without `serverless`",
            "hardware of the writer",
        ),
        Key::optional(
            "serverless",
            "{ min, max, step, hold }",
            "the classes of `writer` and `replica`",
            "Aurora Serverless v2: the capacity of each node follows its CPU",
        ),
        Key::optional("replica", "instance class", "as the writer", "hardware of each replica"),
        Key::given(
            "replicas",
            "whole number, up to 15",
            || REPLICAS.show(),
            "read replicas; with none, reads go to the writer; a Multi-AZ cluster has two",
        ),
        Key::optional(
            "replica_scaling",
            "{ cpu or connections, min, max, cooldown_out, cooldown_in, scale_in, boot }",
            "none",
            "Aurora Auto Scaling: replicas are added and removed",
        ),
        Key::given(
            "multi_az",
            "true, false or \"cluster\"",
            || MULTI_AZ.show(),
            "a standby in a second zone (billed; serves nothing until it takes over from a lost writer); with `\"cluster\"`, of RDS, two standbys \
             in two more zones, which are replicas: they can be read from, one of them has each commit before it is answered, and one takes \
             over",
        ),
        Key::given(
            "azs",
            ZONES,
            || AZS.show(),
            "zones of the nodes: the writer is in the first, the replicas are in the others in turn",
        ),
        Key::given(
            "failover",
            "law",
            takeover::failovers,
            "from the loss of the writer until an Aurora replica or a standby writes in its place",
        ),
        Key::given(
            "recreate",
            "law",
            || takeover::RECREATE.show(),
            "from the loss of the writer of Aurora until another one writes, while there is no replica: a new writer is made in the same zone, with nothing in memory",
        ),
        Key::given(
            "promotion",
            "law",
            || takeover::PROMOTION.show(),
            "from the order to promote a read replica of RDS (a fault with effect = \"promotes\") until it has restarted and writes",
        ),
        Key::given(
            "recovery",
            "law",
            takeover::recoveries,
            "from the crash of the server of a node until it answers again",
        ),
        Key::given(
            "dns_ttl",
            "duration",
            || DNS_TTL.show(),
            "how long a host keeps the address of the writer, in its resolver or its driver (a JVM: 30 s, or for ever): after a failover it \
             goes on to connect to the old writer for up to so long. No matter with a proxy",
        ),
        Key::optional(
            "max_connections",
            "whole number",
            "as AWS sets it for the class: Aurora MySQL by a published table, MySQL by memory / 12,582,880, both of PostgreSQL by memory / 9,531,392, up to 5,000 (Amazon Aurora and Amazon RDS user guides, maximum number of connections)",
            "connection limit of the writer and of each replica",
        ),
        Key::given(
            "commit",
            "law",
            takeover::commits,
            "time to make a commit durable; row locks are held meanwhile",
        ),
        Key::optional(
            "group_commit",
            "{ delay, each }",
            "each commit takes its own time",
            "one flush of the log at a time, for all that commit meanwhile; may be empty: `{}`",
        ),
        Key::optional(
            "quorum",
            "{ copies, acks, each }",
            "`commit` is the time of all copies",
            "a commit is durable when some copies of the storage of Aurora have written it; may be empty: `{}`",
        ),
        Key::optional(
            "contention",
            "{ sigma, kappa }",
            "statements share the cores, and cost each other nothing else",
            "how statements that run at once on a node slow each other down",
        ),
        Key::given(
            "lock_wait_timeout",
            "duration",
            row_locks::wait_timeouts,
            "a transaction that waits longer for a row lock fails",
        ),
        Key::optional(
            "lock_order",
            "\"fifo\", \"random\" or { overtake }",
            "`\"fifo\"` (assumption: InnoDB queues the requests for a lock); `{ overtake = \"15%\" }` for PostgreSQL (fitted to measured waits, case B3)",
            "which waiting transaction gets a row lock next: the one that has waited longest, a random one, or mostly the first, as measured on PostgreSQL",
        ),
        Key::given(
            "deadlock_check",
            "duration",
            row_locks::checks,
            "CPU of deadlock detection for each waiter already queued on a contended row",
        ),
        Key::given(
            "deadlock_timeout",
            "duration",
            row_locks::deadlock_timeouts,
            "how long a transaction of PostgreSQL waits for a row lock before it looks, once, whether it is in a deadlock; it fails if it is",
        ),
        Key::optional(
            "replication",
            "{ base, per_write_rate } or { ship, apply, appliers }",
            "as measured for the engine: what each key inside has as its default",
            "how writes reach the replicas",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
        Key::optional(
            "connect",
            "{ time, cpu }",
            "what each key inside has as its default",
            "what a connection costs that is opened during the run, by a pool with `minimum_idle` or `max_lifetime`, or by a proxy",
        ),
        Key::optional(
            "proxy",
            "{ max_connections, max_idle, borrow_timeout, pinned, latency, failover }",
            "none",
            "an RDS Proxy between the pools and the database; all of its keys may be left out: `{}`",
        ),
        Key::given(
            "storage",
            "data, or { type, size, iops, throughput, credits, log_writes, write_back }",
            || STORAGE.show(),
            "data volume, billed by GiB; with a type, of RDS, each node has an EBS volume that can run out of I/Os",
        ),
        Key::optional(
            "global",
            "{ nodes, lag, failover, switchover }",
            "none",
            "an Aurora Global Database: a second Region that can take over; all of its keys may be left out: `{}`",
        ),
        Key::optional(
            "backup",
            "{ retention, region, every, … }",
            "nothing that could be restored, nor billed",
            "automated backups, and copies of them in another Region; all of its keys may be left out: `{}`",
        ),
        Key::given(
            "io_optimized",
            "true or false",
            || IO_OPTIMIZED.show(),
            "Aurora I/O-Optimized storage (billing only)",
        ),
        Key::optional(
            "row",
            "data",
            "every page is in memory",
            "mean size of a row: with it, touched rows go through a buffer pool of pages on each node: of 16 KiB for MySQL, 8 KiB for PostgreSQL",
        ),
        Key::given(
            "storage_read",
            "law",
            || STORAGE_READ.show(),
            "time of a storage read on a buffer pool miss",
        ),
    ],
};

/// The language of Aurora replication.
pub const SHARED_STORAGE_SHAPE: Shape = Shape {
    title: "replication = { base, per_write_rate }",
    about: "Replication of `aurora-mysql` and `aurora-postgresql` (measured on the former): the lag of a replica is `base` plus `per_write_rate` for each write per second.",
    keys: &[
        Key::given("base", "duration", || LAG_BASE.show(), "lag of an idle cluster"),
        Key::given(
            "per_write_rate",
            "duration",
            || LAG_PER_WRITE_RATE.show(),
            "further lag for each write per second",
        ),
    ],
};

/// The language of replication by a log.
pub const BINARY_LOG_SHAPE: Shape = Shape {
    title: "replication = { ship, apply, appliers }",
    about: "Replication of `mysql` by its binary log and of `postgres` by its write-ahead log: every write is applied again on each replica, in \
            commit order.",
    keys: &[
        Key::given(
            "ship",
            "law",
            || SHIP.show(),
            "from commit to the replica's copy of the log; writes arrive in commit order",
        ),
        Key::given("apply", "law", applies, "time to apply one write"),
        Key::given(
            "appliers",
            "whole number",
            || APPLIERS.show(),
            "applier threads working side by side; one for `postgres`",
        ),
    ],
};

fn applies() -> (String, &'static str) {
    let (usual, source) = APPLY.show();
    (format!("{usual}, {} for PostgreSQL, an assumption", APPLY_POSTGRES.show().0), source)
}
