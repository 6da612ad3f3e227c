//! The figures of the end of a run of a stream, one line each. In: totals. Out: how they add up and how a page shows them.

use super::{CHARTS, StreamOutcome, StreamSeries, StreamTotals};
use crate::language::shape::Key;
use crate::measure::bounded::{Bounded, Rule};
use crate::measure::chart::Chart;
use crate::measure::figure::{
    self, Estimated, Figure, Page, Shown, counter, mean_ms, per_run, setting, share_of_some,
};
use crate::measure::histogram::Histogram;
use crate::measure::latency::Latency;
use crate::measure::unit::{Better, Unit};

const MIB: f64 = 1_048_576.0;

/// The 99th percentile of ages; nothing where there was none.
fn shown(ages: &Latency) -> Shown<'static> {
    match ages.count {
        0 => Shown::Nothing,
        _ => Shown::wait(ages.p99),
    }
}

/// Records that were lost to a consumer over those that were put.
fn lost(all: &[&StreamTotals]) -> Option<f64> {
    let sum = |of: fn(&StreamTotals) -> u64| all.iter().copied().map(of).sum::<u64>() as f64;
    share_of_some(sum(|it| it.expired + it.discarded), sum(|it| it.records))
}

impl figure::Totals for StreamTotals {
    type Series = StreamSeries;
    type Told = StreamOutcome;
    const TITLE: &'static str = "Streams";
    const CHARTS: &'static [Chart<StreamSeries, StreamOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<StreamTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(records at 0, "records"),
        Figure {
            name: "mib",
            unit: Unit::Count,
            add: |sum, more| sum.bytes += more.bytes,
            tell: |told, of, runs| told.mib = per_run(of.bytes, runs) / MIB,
            page: Page::Column {
                place: 1,
                title: "MiB",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.mib, Unit::Count),
            },
            estimate: None,
        },
        Figure {
            name: "throttled",
            unit: Unit::Count,
            add: |sum, more| sum.throttled += more.throttled,
            tell: |told, of, runs| told.throttled = per_run(of.throttled, runs),
            page: Page::Column {
                place: 2,
                title: "throttled",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.throttled, Unit::Count),
            },
            estimate: Some(Estimated {
                name: "stream_throttled",
                words: "throttled puts of",
                unit: Unit::Share,
                better: Better::Lower,
                of: |of, _| share_of_some(of.throttled as f64, (of.records + of.throttled) as f64),
            }),
        },
        counter!(given_up at 3, "given up"),
        counter!(reads below, "call", "that read"),
        // It stands after the calls of which it is a part.
        counter!(reads_throttled below, "", "of them throttled"),
        counter!(shards at 4, "shards"),
        counter!(reshards below, "time", "there were other shards"),
        counter!(batches at 5, "batches"),
        counter!(failed below, "invocation", "that failed"),
        counter!(held_off below, "invocation", "that the function did not take"),
        counter!(worked at 6, "worked on"),
        counter!(again below, "record", "given to the function again"),
        counter!(expired below, "record", "lost: older than the retention"),
        counter!(discarded below, "record", "given up"),
        counter!(left at 7, "left"),
        Figure {
            name: "iterator_age_ms",
            unit: Unit::Millis,
            add: |sum, more| sum.age.merge(&more.age),
            tell: |told, of, _| told.iterator_age_ms = (&of.age).into(),
            page: Page::Column {
                place: 8,
                title: "p99 iterator age",
                unit: Unit::Millis,
                about: "99 of 100 batches were sent to the function with a last record that was no older than this; at the end of the run, the oldest record of each shard that the function has not got counts as well.",
                cell: |told| shown(&told.iterator_age_ms),
            },
            estimate: Some(Estimated {
                name: "mean_iterator_age",
                words: "mean iterator age at",
                unit: Unit::Millis,
                better: Better::Lower,
                of: |of, _| mean_ms(&of.age),
            }),
        },
    ];
    const BOUNDED: &'static [Bounded<StreamTotals>] = &[
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "iterator_age",
                    "\"p99 < 10s\" or \"STREAM p99 < 10s\"",
                    "none",
                    "a percentile of the age of the last record of each batch, or part of one, each time that it is sent to its function; what a function has not got at the end counts with the age that \
                     it has; of a minute, the largest iterator age",
                ),
                example: "p99 < 10s",
                name: "iterator_age",
                words: "iterator age",
                unit: Unit::Millis,
                better: Better::Lower,
                percentile: true,
                stays: false,
                eased_by_traffic: false,
                nothing: "no function got a record",
            },
            of: |all, rank| {
                let mut age = Histogram::default();
                all.iter().for_each(|it| age.merge(&it.age));
                rank.of(&age)
            },
            in_rows: Some(|all, rows| {
                let ages =
                    all.iter().flat_map(|series| rows.iter().map(|row| 1e3 * series.iterator_age_s[*row]));
                ages.reduce(f64::max)
            }),
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "stream_throttled",
                    "\"< 0.1%\" or \"STREAM < 0.1%\"",
                    "none",
                    "throttled tries over all tries to put records, of all streams together or of one",
                ),
                example: "< 0.1%",
                name: "stream_throttled",
                words: "throttled puts",
                unit: Unit::Share,
                better: Better::Lower,
                percentile: false,
                stays: false,
                eased_by_traffic: false,
                nothing: "no record was put",
            },
            of: |all, _| {
                let sum = |of: fn(&StreamTotals) -> u64| all.iter().copied().map(of).sum::<u64>() as f64;
                let throttled = sum(|it| it.throttled);
                share_of_some(throttled, throttled + sum(|it| it.records))
            },
            in_rows: None,
        },
        Bounded {
            rule: Rule {
                key: Key::optional(
                    "records_lost",
                    "\"< 0.1%\" or \"STREAM < 0.1%\"",
                    "none",
                    "records that grew older than the retention before a consumer had them, or that were given up, over those that were put",
                ),
                example: "< 0.1%",
                name: "records_lost",
                words: "share of lost records",
                unit: Unit::Share,
                better: Better::Lower,
                percentile: false,
                stays: false,
                eased_by_traffic: false,
                nothing: "no record was put",
            },
            of: |all, _| lost(all),
            in_rows: None,
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

    impl Sample for StreamTotals {
        fn sample(salt: u64) -> StreamTotals {
            StreamTotals {
                name: "scores".into(),
                records: 100 + salt,
                bytes: 2_000_000 + salt,
                throttled: 5 + salt,
                given_up: 3 + salt,
                reads: 60 + salt,
                reads_throttled: 4 + salt,
                shards: 8 + salt,
                reshards: 1 + salt,
                batches: 40 + salt,
                failed: 6 + salt,
                held_off: 7 + salt,
                worked: 80 + salt,
                again: 9 + salt,
                expired: 2 + salt,
                discarded: 10 + salt,
                left: 11 + salt,
                age: tests::times(12 + salt),
            }
        }
    }
}
