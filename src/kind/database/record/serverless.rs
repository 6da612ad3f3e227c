//! Columns of the capacity of a serverless database. In: nothing but types of its own. Out: its columns.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// The capacity of a serverless database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServerlessSeries {
    /// Capacity (ACUs) of the writer, mean over the seconds that ended in the row.
    pub writer: Vec<f64>,
    /// Capacity (ACUs) of all replicas together, mean over the seconds that ended in the row.
    pub replicas: Vec<f64>,
}

impl column::Series for ServerlessSeries {
    const KIND: &'static str = "acus";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<ServerlessSeries>] = &[column!(writer, Count), column!(replicas, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}
