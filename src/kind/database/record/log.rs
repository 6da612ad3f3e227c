//! Columns of the log of a database. In: nothing but types of its own. Out: its columns.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// The log of a database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogSeries {
    /// Part of the row for which the log worked for commits, each by itself, percent.
    pub busy_percent: Vec<f64>,
    /// Commits that waited until the log had done those before them, mean over the row.
    pub waiting: Vec<f64>,
}

impl column::Series for LogSeries {
    const KIND: &'static str = "log";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<LogSeries>] = &[column!(busy_percent, Percent), column!(waiting, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}
