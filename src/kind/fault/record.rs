//! What is kept of a fault: how often it strikes at present, and how long it took to notice, to mitigate and to recover.
//!
//! In: nothing but types of its own. Out: the tables of a fault, one line a column and one a figure. Each strike for itself is in the list of
//! strikes of the outcome.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, counter, setting};
use crate::measure::unit::{Better, Unit};

pub use self::{FaultOutcome as Outcome, FaultSeries as Series, FaultTotals as Totals};

/// One fault.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FaultSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Strikes of the fault that are not over, at the end of the row.
    pub present: Vec<f64>,
    /// Requests a second that failed at what the fault held.
    pub failed: Vec<f64>,
}

/// Times of strikes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// How many strikes have one.
    pub count: u64,
    /// All of them together, seconds.
    pub seconds: f64,
}

impl Times {
    /// Adds one.
    pub fn note(&mut self, seconds: Option<f64>) {
        if let Some(seconds) = seconds {
            self.add(&Times { count: 1, seconds });
        }
    }

    fn add(&mut self, more: &Times) {
        self.count += more.count;
        self.seconds += more.seconds;
    }

    fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.seconds / self.count as f64)
    }
}

/// Totals of a fault.
#[derive(Clone, Debug, Default)]
pub struct FaultTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Strikes.
    pub strikes: u64,
    /// Until something noticed it.
    pub detected: Times,
    /// Until requests were as before.
    pub mitigated: Times,
    /// Until it was over and all that it took, or as much in its place, served.
    pub recovered: Times,
    /// Requests that failed at what it held.
    pub failed: u64,
    /// Requests that failed while it was felt, at nothing that a fault held.
    pub failed_meanwhile: u64,
}

/// Totals of a fault: means over its strikes, of those that came to it within the run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FaultOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// How often the fault struck.
    pub strikes: f64,
    /// Seconds until something noticed the fault; absent where nothing did.
    pub detected_after_s: Option<f64>,
    /// Seconds until requests were as before the fault.
    pub mitigated_after_s: Option<f64>,
    /// Seconds until the fault was over and all that it took, or as much in its place, served.
    pub recovered_after_s: Option<f64>,
    /// Requests that failed at what the fault held.
    pub failed: f64,
    /// Requests that failed while the fault was felt, at nothing that a fault held.
    pub failed_meanwhile: f64,
}

impl column::Series for FaultSeries {
    const KIND: &'static str = "fault";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<FaultSeries>] = &[column!(present, Count), column!(failed, PerSecond)];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

const SAID: Page<FaultOutcome> = Page::Not("the list of faults says it");

impl figure::Totals for FaultTotals {
    type Series = FaultSeries;
    type Told = FaultOutcome;
    const TITLE: &'static str = "Faults";
    const FIGURES: &'static [Figure<FaultTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(strikes, SAID),
        Figure {
            name: "detected_after_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.detected.add(&more.detected),
            tell: |told, of, _| told.detected_after_s = of.detected.mean(),
            page: SAID,
            estimate: Some(Estimated {
                name: "detected_after",
                words: "time to detect fault",
                unit: Unit::Seconds,
                better: Better::Lower,
                of: |of, _| of.detected.mean(),
            }),
        },
        Figure {
            name: "mitigated_after_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.mitigated.add(&more.mitigated),
            tell: |told, of, _| told.mitigated_after_s = of.mitigated.mean(),
            page: SAID,
            estimate: Some(Estimated {
                name: "mitigated_after",
                words: "time to mitigate fault",
                unit: Unit::Seconds,
                better: Better::Lower,
                of: |of, _| of.mitigated.mean(),
            }),
        },
        Figure {
            name: "recovered_after_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.recovered.add(&more.recovered),
            tell: |told, of, _| told.recovered_after_s = of.recovered.mean(),
            page: SAID,
            estimate: Some(Estimated {
                name: "recovered_after",
                words: "time to recover from fault",
                unit: Unit::Seconds,
                better: Better::Lower,
                of: |of, _| of.recovered.mean(),
            }),
        },
        Figure {
            name: "failed",
            unit: Unit::Count,
            add: |sum, more| sum.failed += more.failed,
            tell: |told, of, runs| told.failed = figure::per_run(of.failed, runs),
            page: SAID,
            estimate: Some(Estimated {
                name: "failed_by_fault",
                words: "requests failed at what was struck by fault",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| (of.strikes > 0).then(|| figure::per_run(of.failed, runs)),
            }),
        },
        Figure {
            name: "failed_meanwhile",
            unit: Unit::Count,
            add: |sum, more| sum.failed_meanwhile += more.failed_meanwhile,
            tell: |told, of, runs| told.failed_meanwhile = figure::per_run(of.failed_meanwhile, runs),
            page: SAID,
            estimate: Some(Estimated {
                name: "failed_meanwhile",
                words: "requests failed elsewhere during fault",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| (of.strikes > 0).then(|| figure::per_run(of.failed_meanwhile, runs)),
            }),
        },
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for FaultTotals {
        fn sample(salt: u64) -> FaultTotals {
            let times = |seconds: u64| Times { count: 1 + salt, seconds: (seconds + salt) as f64 };
            FaultTotals {
                name: "outage".into(),
                strikes: 1 + salt,
                detected: times(20),
                mitigated: times(90),
                recovered: times(600),
                failed: 500 + salt,
                failed_meanwhile: 70 + salt,
            }
        }
    }
}
