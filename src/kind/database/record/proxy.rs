//! Columns of the proxy of a database. In: nothing but types of its own. Out: its columns.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// The proxy of a database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProxySeries {
    /// Connections of clients to the proxy, end of the row.
    pub clients: Vec<f64>,
    /// Busy connections of the proxy to the writer, percent of those that it can lend, mean over the row: all that it opens at most but the pinned
    /// ones.
    pub writer_busy_percent: Vec<f64>,
    /// Requests that wait for a connection of the proxy to the writer, mean over the row.
    pub writer_waiting: Vec<f64>,
    /// Busy connections of the proxy to the replicas, percent of those that it can lend, mean over the row: all that it opens at most but the pinned
    /// ones.
    pub reader_busy_percent: Vec<f64>,
    /// Requests that wait for a connection of the proxy to the replicas, mean over the row.
    pub reader_waiting: Vec<f64>,
}

impl column::Series for ProxySeries {
    const KIND: &'static str = "proxy";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<ProxySeries>] = &[
        column!(clients, Count),
        column!(writer_busy_percent, Percent),
        column!(writer_waiting, Count),
        column!(reader_busy_percent, Percent),
        column!(reader_waiting, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}
