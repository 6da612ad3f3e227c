//! The figures of the end of a run of a table, one line each. In: totals. Out: how they add up and how a page shows them.

use super::{CHARTS, DynamoTableOutcome, DynamoTableSeries, DynamoTableTotals};
use crate::kind::dynamodb::deed::HALVES;
use crate::language::shape::Key;
use crate::measure::bounded::{Bounded, Rule};
use crate::measure::chart::Chart;
use crate::measure::figure::{
    self, Estimated, Figure, Page, Shown, counter, per_run, setting, share, share_of_some,
};
use crate::measure::unit::{Better, Unit};
use crate::measure::writes::Writes;

/// Units, of halves: `column = field of halves at PLACE, "title"`.
macro_rules! units {
    ($field:ident of $halves:ident at $place:literal, $title:literal) => {
        Figure {
            name: stringify!($field),
            unit: Unit::Count,
            add: |sum, more| sum.$halves += more.$halves,
            tell: |told, of, runs| told.$field = per_run(of.$halves, runs) / HALVES,
            page: Page::Column {
                place: $place,
                title: $title,
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.$field, Unit::Count),
            },
            estimate: None,
        }
    };
}

impl figure::Totals for DynamoTableTotals {
    type Series = DynamoTableSeries;
    type Told = DynamoTableOutcome;
    const TITLE: &'static str = "DynamoDB tables";
    const CHARTS: &'static [Chart<DynamoTableSeries, DynamoTableOutcome>] = CHARTS;
    const FIGURES: &'static [Figure<DynamoTableTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(reads at 0, "reads"),
        counter!(writes at 1, "writes"),
        units!(read_units of read_halves at 2, "read units"),
        units!(write_units of write_halves at 3, "write units"),
        Figure {
            name: "throttled_by_table",
            unit: Unit::Count,
            add: |sum, more| sum.throttled_by_table += more.throttled_by_table,
            tell: |told, of, runs| told.throttled_by_table = per_run(of.throttled_by_table, runs),
            page: Page::Column {
                place: 4,
                title: "throttled",
                unit: Unit::Count,
                about: "Tries that were throttled, by the limit of the table or by that of a partition.",
                cell: |told| {
                    Shown::Number(told.throttled_by_table + told.throttled_by_partition, Unit::Count)
                },
            },
            estimate: Some(Estimated {
                name: "table_throttled",
                words: "throttled tries of",
                unit: Unit::Share,
                better: Better::Lower,
                of: |of, _| {
                    let throttled = of.throttled() as f64;
                    share_of_some(throttled, (of.reads + of.writes) as f64 + throttled)
                },
            }),
        },
        counter!(throttled_by_partition below, "try", "throttled by a hot partition"),
        counter!(given_up at 5, "given up"),
        counter!(partitions at 6, "partitions"),
        Figure {
            name: "stored_gb",
            unit: Unit::Count,
            add: |sum, more| sum.stored_gb += more.stored_gb,
            tell: |told, of, runs| told.stored_gb = of.stored_gb / runs,
            page: Page::Column {
                place: 7,
                title: "GB stored",
                unit: Unit::Count,
                about: "",
                cell: |told| Shown::Number(told.stored_gb, Unit::Count),
            },
            estimate: None,
        },
        counter!(increases below, "time", "provisioned capacity was raised"),
        counter!(decreases below, "time", "provisioned capacity was lowered"),
        counter!(dax_lookups below, "look-up", "in DAX"),
        counter!(dax_hits below, "look-up", "in DAX that found the item"),
        Figure {
            name: "dax_hit_ratio",
            unit: Unit::Share,
            add: |_, _| {},
            tell: |told, of, _| told.dax_hit_ratio = share(of.dax_hits, of.dax_lookups),
            page: Page::Not("it is the hits of the look-ups"),
            estimate: Some(Estimated {
                name: "dax_hit_ratio",
                words: "DAX hit ratio of",
                unit: Unit::Share,
                better: Better::Higher,
                of: |of, _| share_of_some(of.dax_hits as f64, of.dax_lookups as f64),
            }),
        },
        counter!(dax_evictions below, "item", "evicted from DAX"),
        counter!(copies below, "item", "copied here from the other Region"),
        counter!(behind below, "read", "of an item whose newest version was on its way"),
        counter!(overwritten below, "write", "overwritten by one in the other Region that had not seen it"),
        counter!(lost_writes below, "write", "not in the other Region when the Region was lost"),
        Figure {
            name: "lost_span_s",
            unit: Unit::Seconds,
            add: |sum, more| sum.lost_span += more.lost_span,
            tell: |told, of, runs| told.lost_span_s = per_run(of.lost_span, runs) / 1e9,
            page: Page::Line {
                before: "",
                noun: "",
                after: "of what was written lost with the Region",
                value: |told| told.lost_span_s,
            },
            estimate: None,
        },
    ];
    const BOUNDED: &'static [Bounded<DynamoTableTotals>] = &[Bounded {
        rule: Rule {
            key: Key::optional(
                "table_throttled",
                "\"< 0.1%\" or \"TABLE < 0.1%\"",
                "none",
                "throttled tries over all tries, of all DynamoDB tables together or of one",
            ),
            example: "< 0.1%",
            name: "table_throttled",
            words: "throttled tries",
            unit: Unit::Share,
            better: Better::Lower,
            percentile: false,
            stays: false,
            eased_by_traffic: false,
            nothing: "no request at a table",
        },
        of: |all, _| {
            let sum = |of: fn(&DynamoTableTotals) -> u64| all.iter().copied().map(of).sum::<u64>() as f64;
            let throttled = sum(DynamoTableTotals::throttled);
            share_of_some(throttled, throttled + sum(|it| it.reads) + sum(|it| it.writes))
        },
        in_rows: None,
    }];

    fn name(told: &Self::Told) -> &str {
        &told.name
    }

    fn writes(&self) -> Writes {
        Writes { lost: self.lost_writes, lost_span: self.lost_span, doubled: 0 }
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::Sample;

    impl Sample for DynamoTableTotals {
        fn sample(salt: u64) -> DynamoTableTotals {
            DynamoTableTotals {
                name: "baskets".into(),
                reads: 100 + salt,
                writes: 20 + salt,
                read_halves: 103 + salt,
                write_halves: 40 + salt,
                throttled_by_table: 5 + salt,
                throttled_by_partition: 6 + salt,
                given_up: 3 + salt,
                partitions: 4 + salt,
                stored_gb: 70.5 + salt as f64,
                increases: 2 + salt,
                decreases: 1 + salt,
                dax_lookups: 90 + salt,
                dax_hits: 60 + salt,
                dax_evictions: 7 + salt,
                copies: 8 + salt,
                behind: 9 + salt,
                overwritten: 10 + salt,
                lost_writes: 11 + salt,
                lost_span: 12_500_000_000 + salt,
            }
        }
    }
}
