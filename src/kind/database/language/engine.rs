//! Which engine a database has. In: nothing. Out: an [`Engine`], and what follows from it alone.

use super::order::LockOrder;
use crate::units::{Bytes, Time};

/// Database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Aurora MySQL: replicas share the writer's storage.
    AuroraMysql,
    /// MySQL on RDS: replicas apply the binary log to storage of their own.
    Mysql,
    /// Aurora PostgreSQL: replicas share the writer's storage.
    AuroraPostgresql,
    /// PostgreSQL on RDS: replicas apply the write-ahead log to storage of their own.
    Postgres,
}

/// Most replicas. Source: Aurora user guide, replication; Amazon RDS user guide, read replicas (2023-06).
pub(super) const REPLICAS_MAX: u32 = 15;

/// A page of InnoDB. Source: MySQL reference manual, `innodb_page_size` default.
const PAGE_INNODB: Bytes = Bytes(16 << 10);
/// A page of PostgreSQL. Source: PostgreSQL documentation, `block_size`: 8192 by default.
const PAGE_POSTGRES: Bytes = Bytes(8 << 10);
/// PostgreSQL looks for a deadlock when a wait has lasted this long. Source: PostgreSQL documentation, lock management, `deadlock_timeout`.
pub(super) const DEADLOCK_TIMEOUT: Time = Time::from_secs(1);
/// The chance of each of those behind to get a row lock of PostgreSQL first. Source: fitted to measured waits, case B3.
pub(super) const OVERTAKE: f64 = 0.15;

impl Engine {
    /// All of them, by their names in a file.
    pub(super) const ALL: [(&'static str, Engine); 4] = [
        ("aurora-mysql", Engine::AuroraMysql),
        ("mysql", Engine::Mysql),
        ("aurora-postgresql", Engine::AuroraPostgresql),
        ("postgres", Engine::Postgres),
    ];

    /// The names of all of them in a file.
    pub(crate) fn names() -> [&'static str; 4] {
        Engine::ALL.map(|(name, _)| name)
    }

    /// Its name in a file.
    pub fn name(self) -> &'static str {
        match self {
            Engine::AuroraMysql => "aurora-mysql",
            Engine::Mysql => "mysql",
            Engine::AuroraPostgresql => "aurora-postgresql",
            Engine::Postgres => "postgres",
        }
    }

    /// Whether its nodes share the storage of Aurora; the others are of RDS.
    pub fn is_aurora(self) -> bool {
        matches!(self, Engine::AuroraMysql | Engine::AuroraPostgresql)
    }

    /// Whether it is PostgreSQL; the others are MySQL.
    pub fn is_postgres(self) -> bool {
        matches!(self, Engine::AuroraPostgresql | Engine::Postgres)
    }

    /// The same engine on Aurora, for hints.
    pub(super) fn on_aurora(self) -> &'static str {
        if self.is_postgres() { "aurora-postgresql" } else { "aurora-mysql" }
    }

    /// The same engine on RDS, for hints.
    pub(super) fn on_rds(self) -> &'static str {
        if self.is_postgres() { "postgres" } else { "mysql" }
    }

    /// Bytes of a page.
    pub fn page(self) -> Bytes {
        if self.is_postgres() { PAGE_POSTGRES } else { PAGE_INNODB }
    }

    /// Bytes that it takes to write a page: InnoDB writes it twice, first to its doublewrite buffer. (MySQL reference manual, "Doublewrite
    /// Buffer".) Those first writes are of many pages at once, so they are counted as bytes and not as I/Os.
    pub fn page_write(self) -> f64 {
        self.page().0 as f64 * if self.is_postgres() { 1.0 } else { 2.0 }
    }

    /// Which waiting transaction gets a row lock next, if the file does not say it.
    pub(super) fn lock_order(self) -> LockOrder {
        if self.is_postgres() { LockOrder::Overtaking(OVERTAKE) } else { LockOrder::Fifo }
    }
}
