//! What is kept of a waiting room: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a room, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, mean_ms, per_run, setting};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;
use crate::measure::unit::{Better, Unit};

pub use self::{WaitingRoomOutcome as Outcome, WaitingRoomSeries as Series, WaitingRoomTotals as Totals};

/// One waiting room.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitingRoomSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Visitors waiting, mean over the row.
    pub waiting: Vec<f64>,
    /// Visitors per second that were let in.
    pub let_in: Vec<f64>,
    /// Visitors per second that gave up.
    pub left: Vec<f64>,
    /// Visitors inside, at the end of the row.
    pub inside: Vec<f64>,
    /// Visitors that were let in, percent of those that the rate of the waiting room allows; 0 without a rate.
    pub busy_percent: Vec<f64>,
    /// The part of the row in which somebody waited, percent.
    pub held_percent: Vec<f64>,
}

/// Totals of a waiting room.
#[derive(Clone, Debug, Default)]
pub struct WaitingRoomTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that came to it.
    pub came: u64,
    /// Of these, those of visitors who were inside already.
    pub again: u64,
    /// Visitors that were let in at once.
    pub at_once: u64,
    /// Visitors that had to wait.
    pub waited: u64,
    /// Of these, those that were let in.
    pub admitted: u64,
    /// Of these, those that gave up.
    pub left: u64,
    /// Of these, those that wait at the end.
    pub waiting: u64,
    /// Most that waited at once, of each run.
    pub most: u64,
    /// Times that a page asked whether its visitor may go in.
    pub polls: f64,
    /// Times from coming to going in, of those that waited and came after the warm-up.
    pub wait: Histogram,
}

impl WaitingRoomTotals {
    /// Visitors that were let in.
    pub fn let_in(&self) -> u64 {
        self.at_once + self.admitted
    }
}

/// Totals of a waiting room.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitingRoomOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Requests that came to the waiting room.
    pub came: f64,
    /// Requests of visitors who were inside already.
    pub again: f64,
    /// Visitors that were let in at once.
    pub at_once: f64,
    /// Visitors that had to wait.
    pub waited: f64,
    /// Visitors that had to wait and were let in.
    pub admitted: f64,
    /// Visitors that had to wait and gave up.
    pub left: f64,
    /// Visitors that still wait at the end.
    pub waiting: f64,
    /// The most visitors that waited at once.
    pub most: f64,
    /// Times that a page asked whether its visitor may go in.
    pub polls: f64,
    /// Mean time from coming to going in, of visitors that waited and came after the warm-up.
    pub mean_wait_ms: f64,
    /// Time from coming to going in, of visitors that waited and came after the warm-up.
    pub wait_ms: Latency,
}

impl column::Series for WaitingRoomSeries {
    const KIND: &'static str = "waiting_room";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<WaitingRoomSeries>] = &[
        column!(waiting, Count),
        column!(let_in, PerSecond),
        column!(left, PerSecond),
        column!(inside, Count),
        column!(busy_percent, Percent),
        column!(held_percent, Percent),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl figure::Totals for WaitingRoomTotals {
    type Series = WaitingRoomSeries;
    type Told = WaitingRoomOutcome;
    const TITLE: &'static str = "Waiting rooms";
    const REMARK: &'static str = "waits of those that had to wait and were let in";
    const CHARTS: &'static [Chart<WaitingRoomSeries, WaitingRoomOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<WaitingRoomTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(came at 0, "came"),
        counter!(again below, "request", "of visitors who were inside already"),
        counter!(at_once at 1, "in at once"),
        counter!(waited at 2, "waited"),
        counter!(admitted, Page::Not("it is what is left of those that waited")),
        Figure {
            name: "left",
            unit: Unit::Count,
            add: |sum, more| sum.left += more.left,
            tell: |told, of, runs| told.left = per_run(of.left, runs),
            page: Page::Column {
                place: 3,
                title: "gave up",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.left, Unit::Count),
            },
            estimate: Some(Estimated {
                name: "left_waiting_room",
                words: "visitors that gave up in waiting room",
                unit: Unit::Count,
                better: Better::Lower,
                of: |of, runs| (of.waited > 0).then(|| per_run(of.left, runs)),
            }),
        },
        counter!(waiting at 4, "at the end"),
        counter!(most at 5, "most at once"),
        Figure {
            name: "polls",
            unit: Unit::Count,
            add: |sum, more| sum.polls += more.polls,
            tell: |told, of, runs| told.polls = of.polls / runs,
            page: Page::Line {
                before: "",
                noun: "request",
                after: "of waiting pages whether they may go in",
                value: |told| told.polls,
            },
            estimate: None,
        },
        Figure {
            name: "mean_wait_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.wait.merge(&more.wait),
            tell: |told, of, _| told.mean_wait_ms = of.wait.mean() / 1e6,
            page: Page::Column {
                place: 6,
                title: "mean wait",
                unit: Unit::Millis,
                about: "",
                cell: |told| Shown::wait(told.mean_wait_ms),
            },
            estimate: Some(Estimated {
                name: "wait_in_room",
                words: "wait in waiting room",
                unit: Unit::Millis,
                better: Better::Lower,
                of: |of, _| mean_ms(&of.wait),
            }),
        },
        Figure {
            name: "wait_ms",
            unit: Unit::Millis,
            add: |_, _| {},
            tell: |told, of, _| told.wait_ms = (&of.wait).into(),
            page: Page::Column {
                place: 7,
                title: "p99 wait",
                unit: Unit::Millis,
                about: "99 of 100 visitors that had to wait, were let in and came after the warm-up waited no longer than this.",
                cell: |told| Shown::wait(told.wait_ms.p99),
            },
            estimate: None,
        },
    ];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for WaitingRoomTotals {
        fn sample(salt: u64) -> WaitingRoomTotals {
            WaitingRoomTotals {
                name: "launch".into(),
                came: 1_000 + salt,
                again: 100 + salt,
                at_once: 200 + salt,
                waited: 700 + salt,
                admitted: 500 + salt,
                left: 120 + salt,
                waiting: 80 + salt,
                most: 300 + salt,
                polls: (4_000 + salt) as f64,
                wait: tests::times(60 + salt),
            }
        }
    }
}
