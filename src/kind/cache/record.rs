//! What is kept of a cache: its columns, its totals, its figures.
//!
//! In: nothing but types of its own. Out: the tables of a cache, one line a column and one a figure.

use serde::{Deserialize, Serialize};

use super::chart::CHARTS;
use crate::language::shape::Key;
use crate::measure::bounded::{Bounded, Rule};
use crate::measure::chart::Chart;
use crate::measure::column::{self, Column, column};
use crate::measure::figure::{self, Estimated, Figure, Page, Shown, counter, setting, share, share_of_some};
use crate::measure::unit::{Better, Unit};

pub use self::{CacheOutcome as Outcome, CacheSeries as Series, CacheTotals as Totals};

/// One cache.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CacheSeries {
    /// The name that the file gives it.
    pub name: String,
    /// Look-ups per second.
    pub lookups: Vec<f64>,
    /// Look-ups of the row that found the key over all look-ups of the row; empty without look-ups.
    pub hit_ratio: Vec<Option<f64>>,
    /// Evictions per second.
    pub evictions: Vec<f64>,
    /// Live items over items that fit, percent, at the end of the row: held, and not past their time to live.
    pub fill_percent: Vec<f64>,
    /// Busy share of the command threads that execute look-ups, percent.
    pub busy_percent: Vec<f64>,
    /// Busy share of the command threads of the busiest shard, percent.
    #[serde(default)]
    pub busiest_shard_percent: Vec<f64>,
    /// Links of the nodes of the cache, if bytes take time there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkSeries>,
    /// Connections to each node of the cache, if they are counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<ConnectionSeries>,
}

/// Connections of instances to each node of a cache.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectionSeries {
    /// Open connections to each node of the cache, at the end of the row.
    pub open: Vec<f64>,
}

/// Links of the nodes of a cache: of each node the direction that carries more.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkSeries {
    /// Part of the time in which links of nodes carry values, percent, on the mean of the shards; of a shard, that of the busiest node.
    pub busy_percent: Vec<f64>,
    /// Part of the time in which the link of the busiest shard carries values, percent.
    pub busiest_percent: Vec<f64>,
}

/// Totals of a cache.
#[derive(Clone, Debug, Default)]
pub struct CacheTotals {
    /// The name that the file gives it.
    pub name: String,
    /// Look-ups.
    pub lookups: u64,
    /// Look-ups that found their key.
    pub hits: u64,
    /// Items pushed out by newer ones.
    pub evictions: u64,
    /// Items found past their time to live.
    pub expirations: u64,
    /// Items removed by writes.
    pub invalidations: u64,
    /// Look-ups that waited for another request's fill.
    pub coalesced: u64,
    /// Items that found no room and were refused.
    pub refused: u64,
    /// Items removed by a flush.
    pub flushed: u64,
    /// Items fetched anew behind the scenes, at their soft time to live.
    pub refreshed: u64,
    /// Commands of instances that got no connections.
    pub unconnected: u64,
    /// Writes that the replica that took over did not have.
    pub lost_writes: u64,
    /// Items that were gone with the shard that held them.
    pub lost_items: u64,
    /// Live items at the end: held, and not past their time to live.
    pub items: u64,
    /// Items that fit.
    pub capacity: u64,
}

/// Totals of a cache.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CacheOutcome {
    /// The name that the file gives it.
    pub name: String,
    /// Keys that were looked up.
    pub lookups: f64,
    /// Look-ups that found the key.
    pub hits: f64,
    /// Look-ups that found the key over all look-ups; 0 without look-ups.
    pub hit_ratio: f64,
    /// Items pushed out by newer ones.
    pub evictions: f64,
    /// Items that were found when their time to live was over.
    pub expirations: f64,
    /// Items removed by writes.
    pub invalidations: f64,
    /// Look-ups that waited for another request's fill.
    pub coalesced: f64,
    /// Items that found no room and were refused.
    #[serde(default)]
    pub refused: f64,
    /// Items removed by a flush.
    #[serde(default)]
    pub flushed: f64,
    /// Items fetched anew behind the scenes, at their soft time to live.
    #[serde(default)]
    pub refreshed: f64,
    /// Commands of instances that got no connections.
    #[serde(default)]
    pub unconnected: f64,
    /// Writes that the replica that took over did not have.
    #[serde(default)]
    pub lost_writes: f64,
    /// Items that were gone with a lost shard.
    #[serde(default)]
    pub lost_items: f64,
    /// Live items at the end: held, and within their time to live.
    pub items: f64,
    /// Items that fit into the memory.
    pub capacity: u64,
}

impl column::Series for CacheSeries {
    const KIND: &'static str = "cache";
    const LABELS: &'static [&'static str] = &["name"];
    const COLUMNS: &'static [Column<CacheSeries>] = &[
        column!(lookups, PerSecond),
        column!(hit_ratio, Share, by lookups),
        column!(evictions, PerSecond),
        column!(fill_percent, Percent),
        column!(busy_percent, Percent),
        column!(busiest_shard_percent, Percent),
        column!(parts links),
        column!(parts connections),
    ];

    fn labels(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

impl column::Series for ConnectionSeries {
    const KIND: &'static str = "connections";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<ConnectionSeries>] = &[column!(open, Count)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl column::Series for LinkSeries {
    const KIND: &'static str = "links";
    const LABELS: &'static [&'static str] = &[];
    const COLUMNS: &'static [Column<LinkSeries>] =
        &[column!(busy_percent, Percent), column!(busiest_percent, Percent)];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl figure::Totals for CacheTotals {
    type Series = CacheSeries;
    type Told = CacheOutcome;
    const TITLE: &'static str = "Caches";
    const FIGURES: &'static [Figure<CacheTotals>] = &[
        setting!(name, Text, Page::Not("it begins the row")),
        counter!(lookups at 1, "look-ups"),
        counter!(hits, Page::Not("it is the hit ratio of the look-ups")),
        Figure {
            name: "hit_ratio",
            unit: Unit::Share,
            add: |_, _| {},
            tell: |told, of, _| told.hit_ratio = share(of.hits, of.lookups),
            page: Page::Column {
                place: 0,
                title: "hit ratio",
                unit: Unit::Share,
                about: "",
                cell: |told| match told.lookups > 0.0 {
                    true => Shown::Number(told.hit_ratio, Unit::Share),
                    false => Shown::Nothing,
                },
            },
            estimate: Some(Estimated {
                name: "hit_ratio",
                words: "hit ratio of",
                unit: Unit::Share,
                better: Better::Higher,
                of: |of, _| share_of_some(of.hits as f64, of.lookups as f64),
            }),
        },
        counter!(evictions at 3, "evicted"),
        counter!(expirations at 4, "expired"),
        counter!(invalidations at 5, "invalidated"),
        counter!(coalesced at 6, "coalesced"),
        counter!(refused below, "item", "refused for want of memory"),
        counter!(flushed below, "item", "flushed"),
        counter!(refreshed below, "item", "fetched anew behind the scenes"),
        counter!(unconnected below, "command", "of instances that got no connections"),
        counter!(lost_writes below, "write", "lost, which the replica that took over did not have"),
        counter!(lost_items below, "item", "gone with the shard that held it"),
        counter!(
            items,
            Page::Column {
                place: 2,
                title: "filled",
                unit: Unit::Percent,
                about: "Live items at the end, of as many as fit into the memory.",
                cell: |told| match told.capacity {
                    0 => Shown::Nothing,
                    capacity => Shown::Whole(told.items / capacity as f64),
                },
            }
        ),
        setting!(capacity, Count, Page::Not("it is what the cache is filled of")),
    ];
    const BOUNDED: &'static [Bounded<CacheTotals>] = &[Bounded {
        rule: Rule {
            key: Key::optional(
                "hit_ratio",
                "\">= 90%\" or \"CACHE >= 90%\"",
                "none",
                "hits over look-ups, of all caches together or of one",
            ),
            example: ">= 90%",
            name: "hit_ratio",
            words: "hit ratio",
            unit: Unit::Share,
            better: Better::Higher,
            percentile: false,
            stays: false,
            eased_by_traffic: true,
            nothing: "no look-up",
        },
        of: |all, _| {
            let sum = |of: fn(&CacheTotals) -> u64| all.iter().copied().map(of).sum::<u64>() as f64;
            share_of_some(sum(|it| it.hits), sum(|it| it.lookups))
        },
        in_rows: Some(hit_ratio_in_rows),
    }];
    const CHARTS: &'static [Chart<CacheSeries, CacheOutcome>] = CHARTS;

    fn name(told: &Self::Told) -> &str {
        &told.name
    }
}

/// Hits over look-ups in some rows.
fn hit_ratio_in_rows(all: &[&CacheSeries], rows: &[usize]) -> Option<f64> {
    let (mut hits, mut lookups) = (0.0, 0.0);
    for series in all {
        for row in rows {
            hits += series.lookups[*row] * series.hit_ratio[*row].unwrap_or(0.0);
            lookups += series.lookups[*row];
        }
    }
    share_of_some(hits, lookups)
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::kind::tests::{self, Sample};

    impl Sample for CacheTotals {
        fn sample(salt: u64) -> CacheTotals {
            CacheTotals {
                name: "catalog".into(),
                lookups: 50 + salt,
                hits: 20 + salt,
                evictions: 3 + salt,
                expirations: 4 + salt,
                invalidations: 5 + salt,
                coalesced: 6 + salt,
                refused: 8 + salt,
                flushed: 9 + salt,
                refreshed: 10 + salt,
                unconnected: 12 + salt,
                lost_writes: 11 + salt,
                lost_items: 13 + salt,
                items: 7 + salt,
                capacity: 100,
            }
        }

        fn add_parts(series: &mut CacheSeries, salt: u32) {
            series.links = vec![tests::filled(salt)];
            series.connections = vec![tests::filled(salt)];
        }
    }
}
