//! What is kept of a function: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a function, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::language::shape::Key;
use crate::measure::bounded::{Bounded, Rule};
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, per_run, setting, share};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;
use crate::measure::unit::{Better, Unit};

pub use self::{LambdaOutcome as Outcome, LambdaSeries as Series, LambdaTotals as Totals};

/// One function.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LambdaSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Invocations a second that got an environment.
    pub invocations: Vec<f64>,
    /// Invocations a second for which an environment was made.
    pub cold: Vec<f64>,
    /// Invocations a second that were throttled.
    pub throttled: Vec<f64>,
    /// Invocations a second that were throttled because of the requests a second that the function may have.
    #[serde(default)]
    pub over_rate: Vec<f64>,
    /// Invocations a second that were throttled because environments are only made so fast.
    #[serde(default)]
    pub over_scaling: Vec<f64>,
    /// Invocations a second that took too long, or whose environment got no connections.
    pub failed: Vec<f64>,
    /// Invocations in progress, mean over the row.
    pub concurrency: Vec<f64>,
    /// The most invocations in progress at once in the row.
    pub most: Vec<f64>,
    /// Environments that are there, at the end of the row.
    pub environments: Vec<f64>,
    /// Provisioned environments that are there, at the end of the row.
    pub provisioned: Vec<f64>,
    /// Concurrency that is taken of what the function may have, percent: of its own, or of what nobody has reserved.
    pub busy_percent: Vec<f64>,
    /// Environments that the function may get at once, at the end of the row.
    pub may_get: Vec<f64>,
    /// Events a second that the function was invoked with asynchronously.
    #[serde(default)]
    pub events: Vec<f64>,
    /// Events a second that were dropped without success, also where they went to the destination of failures before.
    #[serde(default)]
    pub events_dropped: Vec<f64>,
    /// Events that are in the queue or worked on, at the end of the row.
    #[serde(default)]
    pub events_there: Vec<f64>,
    /// Age of the oldest event that is in the queue or worked on, at the end of the row, seconds.
    #[serde(default)]
    pub event_age_s: Vec<f64>,
}

/// Totals of a function.
#[derive(Clone, Debug, Default)]
pub struct LambdaTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Invocations that got an environment.
    pub invocations: u64,
    /// Of these, those that had one made.
    pub cold: u64,
    /// Throttled: too many requests a second.
    pub over_rate: u64,
    /// Throttled: as many in progress as may be.
    pub over_concurrency: u64,
    /// Throttled: environments are made as fast as they may be.
    pub over_scaling: u64,
    /// Invocations that took too long.
    pub timeouts: u64,
    /// Invocations whose environment got no connections.
    pub refused: u64,
    /// Invocations that found a provisioned environment.
    pub provisioned: u64,
    /// Invocations that found none, though some are provisioned.
    pub spilled: u64,
    /// Idle environments that were reclaimed.
    pub reclaimed: u64,
    /// Most invocations in progress, of each run.
    pub most: u64,
    /// Most environments, of each run.
    pub most_environments: u64,
    /// Invocations in progress, time average.
    pub mean_concurrency: f64,
    /// Seconds of environments that are billed by the millisecond.
    pub billed_s: f64,
    /// How long cold invocations waited for their environment, of those after the warm-up.
    pub start: Histogram,
    /// Events that it was invoked with asynchronously: `events == events_done + events_dropped + events_too_old + events_there`.
    pub events: u64,
    /// Of these, those whose invocation succeeded.
    pub events_done: u64,
    /// Those whose invocation failed once more after the last retry.
    pub events_dropped: u64,
    /// Those that grew too old.
    pub events_too_old: u64,
    /// Those that are still in the queue, or worked on.
    pub events_there: u64,
    /// Invocations of events whose invocation had failed before.
    pub events_retried: u64,
    /// Events of which a destination could not be told.
    pub undelivered: u64,
    /// From when an event came to each invocation that it began, of events that came after the warm-up.
    pub event_age: Histogram,
}

/// Totals of a function.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LambdaOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Invocations that got an environment.
    pub invocations: f64,
    /// Invocations for which an environment was made.
    pub cold: f64,
    /// Invocations for which an environment was made, over all that got one.
    pub cold_share: f64,
    /// Invocations that were throttled because there were too many requests a second.
    pub over_rate: f64,
    /// Invocations that were throttled because as many were in progress as may be.
    pub over_concurrency: f64,
    /// Invocations that were throttled because environments are only made so fast.
    pub over_scaling: f64,
    /// Invocations that took too long.
    pub timeouts: f64,
    /// Invocations whose environment got no connections.
    pub refused: f64,
    /// Invocations that found a provisioned environment.
    pub provisioned: f64,
    /// Invocations that found no provisioned environment, though some are provisioned.
    pub spilled: f64,
    /// Idle environments that were reclaimed.
    pub reclaimed: f64,
    /// The most invocations that were in progress at once.
    pub most: f64,
    /// The most environments that there were at once.
    pub most_environments: f64,
    /// Invocations in progress, time average.
    pub mean_concurrency: f64,
    /// Seconds of environments that are billed by the millisecond.
    pub billed_s: f64,
    /// How long invocations that came after the warm-up waited for an environment that was made for them.
    pub start_ms: Latency,
    /// Events that the function was invoked with asynchronously.
    #[serde(default)]
    pub events: f64,
    /// Events whose invocation succeeded.
    #[serde(default)]
    pub events_done: f64,
    /// Events that were dropped because the invocation failed once more after the last retry.
    #[serde(default)]
    pub events_dropped: f64,
    /// Events that were dropped because they grew too old.
    #[serde(default)]
    pub events_too_old: f64,
    /// Events that are still in the queue, or worked on, at the end.
    #[serde(default)]
    pub events_there: f64,
    /// Invocations of events whose invocation had failed before.
    #[serde(default)]
    pub events_retried: f64,
    /// Events of which a destination could not be told.
    #[serde(default)]
    pub undelivered: f64,
    /// From when an event came to each invocation that it began, of events that came after the warm-up.
    #[serde(default)]
    pub event_age_ms: Latency,
}

impl LambdaOutcome {
    /// All that were throttled.
    pub fn throttled(&self) -> f64 {
        self.over_rate + self.over_concurrency + self.over_scaling
    }
}

impl column::Series for LambdaSeries {
    const KIND: &'static str = "lambda";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<LambdaSeries>] = &[
        column!(invocations, PerSecond),
        column!(cold, PerSecond),
        column!(throttled, PerSecond),
        column!(over_rate, PerSecond),
        column!(over_scaling, PerSecond),
        column!(failed, PerSecond),
        column!(concurrency, Count),
        column!(most, Count),
        column!(environments, Count),
        column!(provisioned, Count),
        column!(busy_percent, Percent),
        column!(may_get, Count),
        column!(events, PerSecond),
        column!(events_dropped, PerSecond),
        column!(events_there, Count),
        column!(event_age_s, Seconds),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for LambdaTotals {
    type Series = LambdaSeries;
    type Told = LambdaOutcome;
    const TITLE: &'static str = "Functions";
    const CHARTS: &'static [Chart<LambdaSeries, LambdaOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<LambdaTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(invocations at 0, "invocations"),
        counter!(cold at 1, "cold"),
        Figure {
            name: "cold_share",
            unit: Unit::Share,
            add: |_, _| {},
            tell: |told, of, _| told.cold_share = share(of.cold, of.invocations),
            page: Page::Column {
                place: 2,
                title: "cold share",
                unit: Unit::Share,
                about: "",
                cell: |told| Shown::Number(told.cold_share, Unit::Share),
            },
            estimate: Some(Estimated {
                name: "cold_share",
                words: "cold share of the invocations of",
                unit: Unit::Share,
                better: Better::Lower,
                of: |of, _| (of.invocations > 0).then(|| share(of.cold, of.invocations)),
            }),
        },
        Figure {
            name: "over_rate",
            unit: Unit::Count,
            add: |sum, more| sum.over_rate += more.over_rate,
            tell: |told, of, runs| told.over_rate = per_run(of.over_rate, runs),
            page: Page::Column {
                place: 3,
                title: "throttled",
                unit: Unit::Count,
                about: "Invocations that were throttled: too many requests a second, too many in progress at once, or more new environments than are made at a time.",
                cell: |told| Shown::Number(told.throttled(), Unit::Count),
            },
            estimate: Some(Estimated {
                name: "throttled",
                words: "throttled invocations of",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| Some(per_run(of.over_rate + of.over_concurrency + of.over_scaling, runs)),
            }),
        },
        counter!(over_concurrency below, "invocation", "throttled by the concurrency that there is"),
        counter!(over_scaling below, "invocation", "throttled by the rate at which environments are made"),
        counter!(timeouts at 4, "timed out"),
        counter!(refused below, "invocation", "in environments that got no connection to a database"),
        counter!(provisioned below, "invocation", "in provisioned environments"),
        counter!(spilled below, "invocation", "that found no provisioned environment"),
        counter!(reclaimed, Page::Not("it is what follows from the time for which environments are kept")),
        counter!(most at 5, "most at once"),
        counter!(most_environments at 6, "environments"),
        Figure {
            name: "mean_concurrency",
            unit: Unit::Count,
            add: |sum, more| sum.mean_concurrency += more.mean_concurrency,
            tell: |told, of, runs| told.mean_concurrency = of.mean_concurrency / runs,
            page: Page::Not("it follows from the others, by Little's law"),
            estimate: None,
        },
        Figure {
            name: "billed_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.billed_s += more.billed_s,
            tell: |told, of, runs| told.billed_s = of.billed_s / runs,
            page: Page::Not("the bill has it"),
            estimate: None,
        },
        Figure {
            name: "start_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.start.merge(&more.start),
            tell: |told, of, _| told.start_ms = (&of.start).into(),
            page: Page::Column {
                place: 7,
                title: "p99 start",
                unit: Unit::Millis,
                about: "99 of 100 cold invocations after the warm-up waited no longer than this for an environment.",
                cell: |told| Shown::wait(told.start_ms.p99),
            },
            estimate: None,
        },
        counter!(events below, "event", "that invoked it asynchronously"),
        counter!(events_done, Page::Not("it is what was not dropped and is not there")),
        Figure {
            name: "events_dropped",
            unit: Unit::Count,
            add: |sum, more| sum.events_dropped += more.events_dropped,
            tell: |told, of, runs| told.events_dropped = per_run(of.events_dropped, runs),
            page: Page::Line {
                before: "",
                noun: "event",
                after: "dropped after the last retry",
                value: |told| told.events_dropped,
            },
            estimate: Some(Estimated {
                name: "lost_events",
                words: "dropped events of",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| (of.events > 0).then(|| per_run(of.events_dropped + of.events_too_old, runs)),
            }),
        },
        counter!(events_too_old below, "event", "dropped because of its age"),
        counter!(events_there below, "event", "still there at the end"),
        counter!(events_retried below, "retry", "of events whose invocation failed"),
        counter!(undelivered below, "event", "of which a destination could not be told"),
        Figure {
            name: "event_age_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.event_age.merge(&more.event_age),
            tell: |told, of, _| told.event_age_ms = (&of.event_age).into(),
            page: Page::Not("the chart has it row by row"),
            estimate: None,
        },
    ];

    const BOUNDED: &'static [Bounded<LambdaTotals>] = &[Bounded {
        rule: Rule {
            key: Key::optional(
                "dropped_events",
                "\"< 0.1%\" or \"FUNCTION < 0.1%\"",
                "none",
                "events that were dropped without success, also where they went to the `on_failure` of their function before, over those that came, of all functions together or of one",
            ),
            example: "< 0.1%",
            name: "dropped_events",
            words: "share of dropped events",
            unit: Unit::Share,
            better: Better::Lower,
            percentile: false,
            stays: false,
            eased_by_traffic: false,
            nothing: "no event came",
        },
        of: |all, _| {
            let sum = |of: fn(&LambdaTotals) -> u64| all.iter().copied().map(of).sum::<u64>();
            let dropped = sum(|it| it.events_dropped) + sum(|it| it.events_too_old);
            let came = sum(|it| it.events);
            (came > 0).then(|| share(dropped, came))
        },
        in_rows: None,
    }];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for LambdaTotals {
        fn sample(salt: u64) -> LambdaTotals {
            LambdaTotals {
                name: "checkout".into(),
                invocations: 900 + salt,
                cold: 40 + salt,
                over_rate: 3 + salt,
                over_concurrency: 20 + salt,
                over_scaling: 10 + salt,
                timeouts: 5 + salt,
                refused: 2 + salt,
                provisioned: 300 + salt,
                spilled: 60 + salt,
                reclaimed: 30 + salt,
                most: 70 + salt,
                most_environments: 80 + salt,
                mean_concurrency: 12.5 + salt as f64,
                billed_s: 140.5 + salt as f64,
                start: tests::times(40 + salt),
                events: 200 + salt,
                events_done: 150 + salt,
                events_dropped: 6 + salt,
                events_too_old: 7 + salt,
                events_there: 8 + salt,
                events_retried: 9 + salt,
                undelivered: 4 + salt,
                event_age: tests::times(90 + salt),
            }
        }
    }
}
