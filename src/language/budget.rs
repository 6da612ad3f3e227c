//! How much may be read for a scenario, from all its files together. In: bytes and values as they are read. Out: an
//! error above the limit.

use std::cell::Cell;

use crate::units::UnitError;

/// Most recorded values of a scenario, over all columns: 0.8 GB. An assumption: two columns of the longest file.
pub(super) const VALUES_MAX: u64 = 100_000_000;
/// Most bytes read for a scenario, uncompressed: two of the largest files. An assumption.
const BYTES_MAX: u64 = 8 << 30;

/// What may still be read for a scenario.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes, uncompressed.
    pub(super) bytes: Cell<u64>,
    /// Recorded values.
    pub(super) values: Cell<u64>,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { bytes: Cell::new(BYTES_MAX), values: Cell::new(VALUES_MAX) }
    }
}

impl Budget {
    /// Counts one value against the budget.
    pub(super) fn take_value(&self) -> Result<(), UnitError> {
        let left = self.values.get().checked_sub(1).ok_or_else(|| {
            error(
                "too many recorded values in all files together",
                format!("at most {VALUES_MAX} are kept for a scenario"),
            )
        })?;
        self.values.set(left);
        Ok(())
    }
}

pub(super) fn error(message: impl Into<String>, hint: impl Into<String>) -> UnitError {
    UnitError { message: message.into(), hint: hint.into() }
}

/// Why a file cannot be read.
pub(super) fn unreadable(name: &str, reason: impl std::fmt::Display) -> UnitError {
    error(format!("cannot read `{name}`: {reason}"), "the file name is relative to the scenario")
}
