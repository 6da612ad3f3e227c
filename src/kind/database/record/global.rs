//! Columns of the second Region of a database. In: nothing but types of its own. Out: its columns.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};

/// The second Region of a database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GlobalSeries {
    /// Largest time from a commit of the row until the second Region has it, milliseconds.
    pub lag_ms: Vec<f64>,
    /// Commits a second that are sent to the second Region.
    pub sent: Vec<f64>,
}

impl column::Series for GlobalSeries {
    const KIND: &'static str = "global";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<GlobalSeries>] =
        &[column!(Worst lag_ms, Millis), column!(sent, PerSecond)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}
