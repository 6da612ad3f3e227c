//! What was measured of a real system, period by period.
//!
//! In: a table such as `measured.csv`, one row a period, and which columns are meant where they have other names. Out: [`Measured`]: of
//! each figure its value in each period, as far as it is known.
//!
//! ```text
//!  at_s,requests of home,p95_ms of home,cpu_percent of web,instances of web
//!  0,1204,48.1,41.2,2
//!  60,1310,,44.8,2
//! ```

mod clock;
mod error;
mod figure;
mod mapping;
mod periods;
mod read;

pub use error::MeasuredError;
pub use figure::{Figure, What};
pub use mapping::Mapping;
pub use read::{parse, read};

/// What was measured, over periods of one width. Periods that the table does not have are known of nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The file, as it was named.
    pub file: String,
    /// Seconds of a period.
    pub width_s: f64,
    /// Number of periods, from the start of the recording to its end.
    pub periods: usize,
    /// Seconds from the start of the recording to the start of the first period.
    pub first_s: f64,
    /// The date of the first period, if the table has dates.
    pub starts: Option<String>,
    /// Each figure, in the order of the table.
    pub columns: Vec<Column>,
    /// What was left out or put right, in sentences.
    pub notes: Vec<String>,
}

/// A figure, period by period.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Which.
    pub of: Figure,
    /// Its values; `None` where it is not known.
    pub values: Vec<Option<f64>>,
}

impl Measured {
    /// The values of a figure, if it was measured.
    pub fn column(&self, of: &Figure) -> Option<&[Option<f64>]> {
        self.columns.iter().find(|it| it.of == *of).map(|it| it.values.as_slice())
    }

    /// The value of a figure in a period, if it is known.
    pub fn at(&self, of: &Figure, period: usize) -> Option<f64> {
        *self.column(of)?.get(period)?
    }

    /// Seconds from the start of the recording to the start of a period.
    pub fn start_s(&self, period: usize) -> f64 {
        self.first_s + period as f64 * self.width_s
    }

    /// Seconds from the start of the recording to the end of the last period.
    pub fn end_s(&self) -> f64 {
        self.start_s(self.periods)
    }
}
