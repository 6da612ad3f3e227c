//! Columns of the nodes of a database in the Region that does not write. In: nothing but types of its own. Out: its columns.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// The nodes in the Region that does not write, if callers there read at them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FarSeries {
    /// CPU utilisation of the nodes in the second Region over the row, mean of the nodes, percent.
    pub cpu_percent: Vec<f64>,
    /// Statements on the nodes in the second Region beyond their cores, mean over the row.
    pub waiting: Vec<f64>,
    /// Connections open on the nodes in the second Region, end of the row.
    pub connections: Vec<f64>,
    /// Reads a second on the nodes in the second Region.
    pub reads: Vec<f64>,
}

impl column::Series for FarSeries {
    const KIND: &'static str = "far";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<FarSeries>] = &[
        column!(cpu_percent, Percent),
        column!(waiting, Count),
        column!(connections, Count),
        column!(reads, PerSecond),
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}
