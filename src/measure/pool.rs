//! What is kept of a connection pool of a group of hosts, row by row.
//!
//! In: what the kind counts that the pool leads to. Out: a series, which the kind of the hosts shows as a part of its own.

use serde::{Deserialize, Serialize};

use super::column::{self, Column, column};
use super::resource::Node;
use crate::id::DatabaseId;

/// One connection pool of a group of hosts (all hosts together).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PoolSeries {
    /// The name of the database that it leads to, for people.
    pub database: String,
    /// The database that the pool leads to; absent in files of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<DatabaseId>,
    /// Which nodes of the database the pool leads to: the writer, the replicas, or all.
    pub role: Node,
    /// Open connections, mean over the row.
    #[serde(default)]
    pub open: Vec<f64>,
    /// Connections that it may have: its size for each host whose application runs, mean over the row. Absent in files of older versions.
    #[serde(default)]
    pub most: Vec<f64>,
    /// Share of the open connections in use, mean over the row and over the time for which each was open, percent.
    pub used_percent: Vec<f64>,
    /// Requests waiting for a connection, mean over the row.
    pub waiting: Vec<f64>,
    /// The longest wait for a connection that ended with one in the row, milliseconds; the longest of all runs.
    #[serde(default)]
    pub longest_wait_ms: Vec<f64>,
}

impl column::Series for PoolSeries {
    const KIND: &'static str = "pool";
    const LABELS: &'static [&'static str] = &["database", "role"];
    const COLUMNS: &'static [Column<PoolSeries>] = &[
        column!(open, Count),
        column!(most, Count),
        column!(Shared used_percent, Percent, by open),
        column!(waiting, Count),
        column!(Worst longest_wait_ms, Millis),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.database, self.role.name()]
    }
}
