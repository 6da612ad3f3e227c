//! What is kept of a queue: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a queue, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::language::shape::Key;
use crate::measure::bounded::{Bounded, Rule};
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, mean_ms, setting};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;
use crate::measure::resource::Action;
use crate::measure::unit::{Better, Unit};

pub use self::{QueueOutcome as Outcome, QueueSeries as Series, QueueTotals as Totals};

/// One queue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Messages that can be received, mean over the row.
    pub backlog: Vec<f64>,
    /// Messages received and neither deleted nor visible again, mean over the row.
    pub in_flight: Vec<f64>,
    /// Largest age of a message in the row, seconds, also of those that left in it; 0 without messages.
    pub oldest_s: Vec<f64>,
    /// Messages sent to the queue, per second.
    pub sent: Vec<f64>,
    /// Messages deleted, per second.
    pub deleted: Vec<f64>,
    /// Messages moved to the dead-letter queue, per second.
    #[serde(default)]
    pub dead_lettered: Vec<f64>,
    /// Messages that grew older than the retention period, per second.
    #[serde(default)]
    pub expired: Vec<f64>,
    /// Messages whose work failed on a worker, per second.
    #[serde(default)]
    pub failed: Vec<f64>,
    /// Messages that a worker had when its instance was shut down or lost, per second: each comes back when its visibility timeout ends.
    #[serde(default)]
    pub cut_off: Vec<f64>,
    /// Messages that came from a queue whose dead-letter queue this one is, per second.
    #[serde(default)]
    pub taken_over: Vec<f64>,
    /// Calls that were throttled, per second.
    pub throttled: Vec<f64>,
    /// Calls that send and were throttled, per second.
    #[serde(default)]
    pub sends_throttled: Vec<f64>,
    /// Calls that receive and were throttled, per second.
    #[serde(default)]
    pub receives_throttled: Vec<f64>,
    /// Calls that delete and were throttled, per second.
    #[serde(default)]
    pub deletes_throttled: Vec<f64>,
    /// Calls that send, of as many as the limit of the queue allows, percent; 0 without a limit.
    #[serde(default)]
    pub sends_percent: Vec<f64>,
    /// Calls that receive, of as many as the limit of the queue allows, percent; 0 without a limit.
    #[serde(default)]
    pub receives_percent: Vec<f64>,
    /// Calls that delete, of as many as the limit of the queue allows, percent; 0 without a limit.
    #[serde(default)]
    pub deletes_percent: Vec<f64>,
    /// Time for which a message group had a message in flight, so that no other poller could work on it, percent: the mean of all groups, or that of
    /// the first where it gets more than the others; 0 of a standard queue. The calls of a receive count as if it had been full, and while a poller
    /// works on another group of one receive, it does not count.
    #[serde(default)]
    pub groups_percent: Vec<f64>,
    /// Pollers of the workers of the queue, or of Lambda where a function works on it, mean over the row; pollers that are shared count at each of
    /// their queues.
    #[serde(default)]
    pub pollers: Vec<f64>,
    /// Part of the pollers that receive, work or delete, mean over the row, percent. The others wait for a message, or ask and get nothing. The calls
    /// of a receive count as if it had been full.
    #[serde(default)]
    pub pollers_busy_percent: Vec<f64>,
}

/// Totals of a queue. What came is what went and what is there: `sent + taken_over == deleted + dead_lettered + expired +
/// delayed + visible + in_flight`.
#[derive(Clone, Debug, Default)]
pub struct QueueTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Messages sent to it, copies from topics included.
    pub sent: u64,
    /// Messages moved to it from queues whose dead-letter queue it is.
    pub taken_over: u64,
    /// Deliveries.
    pub received: u64,
    /// Of these, of messages that had been delivered before.
    pub again: u64,
    /// Messages deleted.
    pub deleted: u64,
    /// Messages moved to its dead-letter queue.
    pub dead_lettered: u64,
    /// Messages that grew older than the retention period.
    pub expired: u64,
    /// Messages whose work failed on a worker.
    pub failed: u64,
    /// Messages that a worker had when its instance was shut down or lost.
    pub cut_off: u64,
    /// Receives that got nothing.
    pub empty: u64,
    /// Receives that did not wait and found as many in flight as can be.
    pub over_limit: u64,
    /// Calls that were throttled, each try by itself.
    pub throttled: u64,
    /// Requests to SQS that are billed.
    pub requests: u64,
    /// At the end, messages whose delivery delay is not over.
    pub delayed: u64,
    /// At the end, messages that can be received.
    pub visible: u64,
    /// At the end, messages in flight.
    pub in_flight: u64,
    /// From sending to the first delivery, of messages sent after the warm-up.
    pub wait: Histogram,
    /// From sending to leaving the queue, or to the end of the run, of messages sent after the warm-up.
    pub age: Histogram,
    /// Messages that can be received, time average.
    pub mean_backlog: f64,
}

/// Totals of a queue.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueueOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Messages sent to the queue, copies from topics included.
    pub sent: f64,
    /// Messages that came from a queue whose dead-letter queue this one is.
    pub taken_over: f64,
    /// Deliveries of messages.
    pub received: f64,
    /// Deliveries of messages that had been delivered before.
    pub again: f64,
    /// Messages deleted.
    pub deleted: f64,
    /// Messages moved to the dead-letter queue.
    pub dead_lettered: f64,
    /// Messages that grew older than the retention period.
    pub expired: f64,
    /// Messages whose work failed on a worker.
    pub failed: f64,
    /// Messages that a worker had when its instance was shut down or lost.
    #[serde(default)]
    pub cut_off: f64,
    /// Receives that got nothing.
    pub empty: f64,
    /// Receives that did not wait and found as many messages in flight as can be.
    pub over_limit: f64,
    /// Calls that were throttled, each try by itself.
    pub throttled: f64,
    /// Requests to SQS that are billed.
    pub requests: f64,
    /// At the end, messages whose delivery delay is not over.
    pub delayed: f64,
    /// At the end, messages that can be received.
    pub visible: f64,
    /// At the end, messages in flight.
    pub in_flight: f64,
    /// From sending to the first delivery, of messages sent after the warm-up.
    pub wait_ms: Latency,
    /// From sending to leaving the queue, or to the end of the run, of messages sent after the warm-up.
    pub age_ms: Latency,
    /// Messages that can be received, time average.
    pub mean_backlog: f64,
}

impl QueueSeries {
    /// Calls of an action that were throttled, per second.
    pub(super) fn throttled_by(&self, action: Action) -> &[f64] {
        match action {
            Action::Send => &self.sends_throttled,
            Action::Receive => &self.receives_throttled,
            Action::Delete => &self.deletes_throttled,
        }
    }
}

impl column::Series for QueueSeries {
    const KIND: &'static str = "queue";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<QueueSeries>] = &[
        column!(backlog, Count),
        column!(in_flight, Count),
        column!(oldest_s, Seconds),
        column!(sent, PerSecond),
        column!(deleted, PerSecond),
        column!(dead_lettered, PerSecond),
        column!(expired, PerSecond),
        column!(failed, PerSecond),
        column!(cut_off, PerSecond),
        column!(taken_over, PerSecond),
        column!(throttled, PerSecond),
        column!(sends_throttled, PerSecond),
        column!(receives_throttled, PerSecond),
        column!(deletes_throttled, PerSecond),
        column!(sends_percent, Percent),
        column!(receives_percent, Percent),
        column!(deletes_percent, Percent),
        column!(groups_percent, Percent),
        column!(pollers, Count),
        column!(Shared pollers_busy_percent, Percent, by pollers),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

/// Messages that were lost in some way over those that came into their queue. Of all queues together each message counts
/// once: where it was sent.
fn lost(all: &[&QueueTotals], way: fn(&QueueTotals) -> u64) -> Option<f64> {
    let came = match all {
        [one] => one.sent + one.taken_over,
        all => all.iter().map(|it| it.sent).sum(),
    };
    let lost: u64 = all.iter().copied().map(way).sum();
    (came > 0).then(|| lost as f64 / came as f64)
}

/// The 99th percentile of times; nothing where there was none.
fn shown(times: &Latency) -> Shown<'static> {
    match times.count {
        0 => Shown::Nothing,
        _ => Shown::wait(times.p99),
    }
}

impl figure::Totals for QueueTotals {
    type Series = QueueSeries;
    type Told = QueueOutcome;
    const TITLE: &'static str = "Queues";
    const FIGURES: &'static [Figure<QueueTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(sent at 0, "sent"),
        counter!(taken_over below, "message", "moved here from other queues"),
        counter!(received, Page::Not("it is what was deleted and what was delivered again")),
        counter!(deleted at 1, "deleted"),
        counter!(again at 2, "again"),
        counter!(dead_lettered at 3, "dead letters"),
        counter!(expired at 4, "expired"),
        counter!(failed below, "message", "whose work failed"),
        counter!(cut_off below, "message", "cut off: their instance was shut down or lost"),
        counter!(empty below, "receive", "that got nothing"),
        // It stands after the receives of which it is a part.
        counter!(over_limit below, "", "of them because too many messages were in flight"),
        counter!(throttled below, "call", "throttled"),
        counter!(requests, Page::Not("it is on the bill")),
        counter!(delayed below, "message", "whose delay is not over"),
        counter!(visible at 5, "left"),
        counter!(in_flight at 6, "in flight"),
        Figure {
            name: "wait_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.wait.merge(&more.wait),
            tell: |told, of, _| told.wait_ms = (&of.wait).into(),
            page: Page::Column {
                place: 7,
                title: "p99 wait",
                unit: Unit::Millis,
                about: "99 of 100 messages that were sent after the warm-up were delivered for the first time no later than this after they had been sent.",
                cell: |told| shown(&told.wait_ms),
            },
            estimate: None,
        },
        Figure {
            name: "age_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.age.merge(&more.age),
            tell: |told, of, _| told.age_ms = (&of.age).into(),
            page: Page::Column {
                place: 8,
                title: "p99 age",
                unit: Unit::Millis,
                about: "99 of 100 messages that were sent after the warm-up left the queue, or were in it at the end of the run, at no greater age than this.",
                cell: |told| shown(&told.age_ms),
            },
            estimate: Some(Estimated {
                name: "mean_age",
                words: "mean age at",
                unit: Unit::Millis,
                better: Better::Lower,
                of: |of, _| mean_ms(&of.age),
            }),
        },
        Figure {
            name: "mean_backlog",
            unit: Unit::Count,
            add: |sum, more| sum.mean_backlog += more.mean_backlog,
            tell: |told, of, runs| told.mean_backlog = of.mean_backlog / runs,
            page: Page::Not("it follows from the others, by Little's law"),
            estimate: None,
        },
    ];

    const BOUNDED: &'static [Bounded<QueueTotals>] = &[
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "age",
                    "\"p99 < 5m\" or \"QUEUE p99 < 5m\"",
                    "none",
                    "a percentile of the age at which messages leave their queue, by whatever way; those that are still there at the \
                 end count with the age that they have; of a minute, the largest age of the oldest message",
                ),
                example: "p99 < 5m",
                name: "age",
                words: "age",
                unit: Unit::Millis,
                better: Better::Lower,
                percentile: true,
                stays: true,
                eased_by_traffic: false,
                nothing: "no message was sent",
            },
            of: |all, rank| {
                let mut age = Histogram::default();
                all.iter().for_each(|it| age.merge(&it.age));
                rank.of(&age)
            },
            in_rows: Some(|all, rows| {
                let oldest = all.iter().flat_map(|series| rows.iter().map(|row| 1e3 * series.oldest_s[*row]));
                oldest.reduce(f64::max)
            }),
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "dead_lettered",
                    "\"< 0.1%\" or \"QUEUE < 0.1%\"",
                    "none",
                    "messages moved to a dead-letter queue over the messages that were sent, of all queues together; of one queue, over those that came into it",
                ),
                example: "< 0.1%",
                name: "dead_letter_share",
                words: "share of dead letters",
                unit: Unit::Share,
                better: Better::Lower,
                percentile: false,
                stays: false,
                eased_by_traffic: false,
                nothing: "no message was sent",
            },
            of: |all, _| lost(all, |it| it.dead_lettered),
            in_rows: None,
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "expired",
                    "\"< 0.1%\" or \"QUEUE < 0.1%\"",
                    "none",
                    "messages that grew older than the retention period over the messages that were sent, of all queues together; of one queue, over those that came into it",
                ),
                example: "< 0.1%",
                name: "expired_share",
                words: "share of expired messages",
                unit: Unit::Share,
                better: Better::Lower,
                percentile: false,
                stays: false,
                eased_by_traffic: false,
                nothing: "no message was sent",
            },
            of: |all, _| lost(all, |it| it.expired),
            in_rows: None,
        },
    ];
    const CHARTS: &'static [Chart<QueueSeries, QueueOutcome>] = CHARTS;

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for QueueTotals {
        fn sample(salt: u64) -> QueueTotals {
            QueueTotals {
                name: "orders".into(),
                sent: 100 + salt,
                taken_over: 1 + salt,
                received: 90 + salt,
                again: 2 + salt,
                deleted: 80 + salt,
                dead_lettered: 3 + salt,
                expired: 4 + salt,
                failed: 5 + salt,
                cut_off: 15 + salt,
                empty: 6 + salt,
                over_limit: 7 + salt,
                throttled: 8 + salt,
                requests: 300 + salt,
                delayed: 9 + salt,
                visible: 10 + salt,
                in_flight: 11 + salt,
                wait: tests::times(12 + salt),
                age: tests::times(13 + salt),
                mean_backlog: 14.0 + salt as f64,
            }
        }
    }
}
