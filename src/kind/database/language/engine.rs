//! Which engine a database has. In: nothing. Out: an [`Engine`], and what holds for both.

/// Database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Aurora MySQL: replicas share the writer's storage.
    AuroraMysql,
    /// MySQL on RDS: replicas apply the binary log to storage of their own.
    Mysql,
}

/// Most replicas. Source: Aurora user guide, replication; Amazon RDS user guide, read replicas (2023-06).
pub(super) const REPLICAS_MAX: u32 = 15;
