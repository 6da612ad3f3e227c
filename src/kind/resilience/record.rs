//! What is kept of a policy: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a policy, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Figure, Page, counter, setting};

pub use self::{ResilienceOutcome as Outcome, ResilienceSeries as Series, ResilienceTotals as Totals};

/// One policy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResilienceSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Tries per second, retries included.
    pub tries: Vec<f64>,
    /// Tries per second that were not answered in time.
    pub timeouts: Vec<f64>,
    /// Tries per second that failed in another way than by a timeout.
    pub failures: Vec<f64>,
    /// Calls per second that failed at once, at an open breaker or a full bulkhead.
    pub refused: Vec<f64>,
    /// Instances whose breaker was not closed, at the end of the row.
    pub open: Vec<f64>,
}

/// Totals of a policy.
#[derive(Clone, Debug, Default)]
pub struct ResilienceTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Calls.
    pub calls: u64,
    /// Calls that were answered.
    pub answered: u64,
    /// Calls that failed.
    pub failed: u64,
    /// Calls that failed where the request went on without the answer.
    pub fallbacks: u64,
    /// Calls whose caller has gone meanwhile.
    pub left: u64,
    /// Tries.
    pub tries: u64,
    /// Tries after the first.
    pub retries: u64,
    /// Tries that were not answered in time.
    pub timeouts: u64,
    /// Tries that failed in another way.
    pub failures: u64,
    /// Tries that the budget did not allow.
    pub unretried: u64,
    /// Tries that an open breaker did not let through.
    pub short_circuited: u64,
    /// Tries for which the bulkhead had no room.
    pub bulkhead_full: u64,
    /// Second tries beside a first.
    pub hedges: u64,
    /// Second tries that were answered first.
    pub hedges_won: u64,
    /// Tries that were under way when the one beside them was answered.
    pub outrun: u64,
    /// Times that the breaker of an instance opened, after it had been closed.
    pub opened: u64,
}

/// Totals of a policy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResilienceOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Calls that were made under the policy.
    pub calls: f64,
    /// Calls that were answered.
    pub answered: f64,
    /// Calls that failed.
    pub failed: f64,
    /// Calls that failed where the request went on without the answer.
    pub fallbacks: f64,
    /// Calls whose caller has gone meanwhile.
    pub left: f64,
    /// Tries of calls, retries included.
    pub tries: f64,
    /// Tries after the first.
    pub retries: f64,
    /// Tries that were not answered in time.
    pub timeouts: f64,
    /// Tries that failed in another way than by a timeout.
    pub failures: f64,
    /// Tries that the budget did not allow.
    pub unretried: f64,
    /// Tries that an open breaker did not let through.
    pub short_circuited: f64,
    /// Tries for which the bulkhead had no room.
    pub bulkhead_full: f64,
    /// Second tries beside a first.
    pub hedges: f64,
    /// Second tries that were answered first.
    pub hedges_won: f64,
    /// Tries that were under way when the one beside them was answered.
    pub outrun: f64,
    /// Times that the breaker of an instance opened, after it had been closed.
    pub opened: f64,
}

impl column::Series for ResilienceSeries {
    const KIND: &'static str = "resilience";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<ResilienceSeries>] = &[
        column!(tries, PerSecond),
        column!(timeouts, PerSecond),
        column!(failures, PerSecond),
        column!(refused, PerSecond),
        column!(open, Count),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for ResilienceTotals {
    type Series = ResilienceSeries;
    type Told = ResilienceOutcome;
    const TITLE: &'static str = "Calls between tiers";
    const FIGURES: &'static [Figure<ResilienceTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(calls at 0, "calls"),
        counter!(answered, Page::Not("it is what is left of the calls")),
        counter!(failed at 5, "failed"),
        counter!(fallbacks below, "call", "replaced by a fallback"),
        counter!(left, Page::Not("their requests are counted where they ended")),
        counter!(tries at 1, "tries"),
        counter!(retries at 2, "retries"),
        counter!(timeouts at 3, "timed out"),
        counter!(failures at 4, "try failed"),
        counter!(unretried below, "try", "that the budget did not allow"),
        counter!(short_circuited below, "try", "that an open breaker stopped"),
        counter!(bulkhead_full below, "try", "for which the bulkhead had no room"),
        counter!(hedges below, "second try", "sent beside the first"),
        counter!(hedges_won below, "second try", "answered before the first"),
        counter!(outrun, Page::Not("it is one of each pair of tries of which one was answered")),
        counter!(opened below, "opening", "of the closed breaker of an instance"),
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for ResilienceTotals {
        fn sample(salt: u64) -> ResilienceTotals {
            ResilienceTotals {
                name: "order to payment".into(),
                calls: 100 + salt,
                answered: 80 + salt,
                failed: 15 + salt,
                fallbacks: 4 + salt,
                left: 1 + salt,
                tries: 150 + salt,
                retries: 45 + salt,
                timeouts: 30 + salt,
                failures: 20 + salt,
                unretried: 3 + salt,
                short_circuited: 6 + salt,
                bulkhead_full: 2 + salt,
                hedges: 8 + salt,
                hedges_won: 5 + salt,
                outrun: 7 + salt,
                opened: 9 + salt,
            }
        }
    }
}
