//! The event row by row: equally wide time buckets, each series a column.
//!
//! Of several runs, a value is the mean over the runs, a percentile is that of all their requests in the row, and a
//! mean or a ratio weighs each run by its requests, look-ups or writes.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::column::{Cells, Column, Listed, Parts, Series, column, list};
use super::figure::share_of_some;
use super::histogram::Histogram;
use super::load::LoadSeries;
use super::lost::{self, LostSeries};
use super::percentile::Percentile;
use super::stage::Cause;
use super::unit::Unit;

/// Columns over equally wide rows; every vector below has one value a row.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Timeline<K = ()> {
    /// Width of a row; the last row may be shorter.
    pub bucket_s: f64,
    /// Start of each row.
    pub time_s: Vec<f64>,
    /// Requests that arrived, per second.
    pub offered: Vec<f64>,
    /// Requests that completed, per second.
    pub completed: Vec<f64>,
    /// Attempts sent (retries included), per second.
    pub attempts: Vec<f64>,
    /// Failed requests by cause, per second.
    pub failed: BTreeMap<Cause, Vec<f64>>,
    /// Requests that completed over requests that ended; empty where none ended.
    #[serde(default)]
    pub availability: Vec<Option<f64>>,
    /// Requests in flight at the end of the row.
    pub in_flight: Vec<f64>,
    /// Latency percentiles of requests that completed in the row, milliseconds; empty where none completed.
    pub latency_ms: BTreeMap<Percentile, Vec<Option<f64>>>,
    /// Mean time that the slowest requests of the row (at or above its 99th percentile) spent in a stage. Here: a list of rows for each stage, in
    /// the order of `stages`.
    pub slow_ms: Vec<Vec<f64>>,
    /// Mean time that the requests that completed in the row spent in a stage. Here: a list of rows for each stage, in the order of `stages`.
    pub mean_ms: Vec<Vec<f64>>,
    /// Cost so far, US dollars, at the end of the row. What is metered by the hour (traffic, capacity units) is spread
    /// evenly over its hour.
    pub cost_usd: Vec<f64>,
    /// What is kept of each kind of resource: nothing while a run records, since each kind keeps its own rows.
    #[serde(flatten)]
    pub kinds: K,
    /// What was asked of each resource that a path leads to; not part of `outcome.json`.
    #[serde(skip)]
    pub loads: Vec<LoadSeries>,
    /// What was lost for a time; not part of `outcome.json`.
    #[serde(skip)]
    pub lost: Vec<LostSeries>,
}

impl<K: Series> Series for Timeline<K> {
    const KIND: &'static str = "";
    const LABELS: &'static [&'static str] = &["bucket_s"];
    const COLUMNS: &'static [Column<Timeline<K>>] = &[
        column!(Same time_s, Seconds),
        column!(offered, PerSecond),
        column!(completed, PerSecond),
        column!(attempts, PerSecond),
        column!(Causes failed, PerSecond),
        column!(Derived availability, Share),
        column!(in_flight, Count),
        column!(Percentiles latency_ms, Millis),
        column!(Stages slow_ms, Millis, by completed),
        column!(Stages mean_ms, Millis, by completed),
        column!(cost_usd, Usd),
        column!(flat kinds),
        column!(hidden parts loads),
        Column {
            name: "lost",
            unit: Unit::Text,
            cells: Cells::Parts(Parts {
                add: |sum, more| lost::add(&mut sum.lost, &more.lost),
                divide: |sum, runs| lost::divide(&mut sum.lost, runs),
                clear: |it| it.lost.clear(),
                list: None,
                declare: None,
            }),
        },
    ];

    fn labels(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// Of [`Percentile::ALL`], the one from which on requests are slow.
pub(super) const SLOW: usize = Percentile::P99 as usize;

/// The rows of the resources are those of the timeline: `timeline.caches`. The list of kinds makes them, so their fields
/// cannot be written out here.
impl<K> Deref for Timeline<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.kinds
    }
}

impl<K> DerefMut for Timeline<K> {
    fn deref_mut(&mut self) -> &mut K {
        &mut self.kinds
    }
}

impl<K> Timeline<K> {
    /// Failed requests of a row per second, all causes.
    pub fn failed_in(&self, row: usize) -> f64 {
        self.failed.values().filter_map(|column| column.get(row)).fold(0.0, |sum, rate| sum + rate)
    }

    /// The same of each row.
    pub fn failed_per_s(&self) -> Vec<f64> {
        (0..self.time_s.len()).map(|row| self.failed_in(row)).collect()
    }
}

#[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
impl<K: Series> Timeline<K> {
    /// Every column of the whole system and of its resources.
    pub fn columns(&self) -> Vec<Listed<'_>> {
        let mut columns = Vec::new();
        list(self, &[], &mut columns);
        columns
    }
}

impl Timeline {
    /// The same with the rows of the resources.
    pub fn with<K>(self, kinds: K) -> Timeline<K> {
        Timeline {
            bucket_s: self.bucket_s,
            time_s: self.time_s,
            offered: self.offered,
            completed: self.completed,
            attempts: self.attempts,
            failed: self.failed,
            availability: self.availability,
            in_flight: self.in_flight,
            latency_ms: self.latency_ms,
            slow_ms: self.slow_ms,
            mean_ms: self.mean_ms,
            cost_usd: self.cost_usd,
            kinds,
            loads: self.loads,
            lost: self.lost,
        }
    }

    /// Derives what rows say together.
    pub(super) fn derive(&mut self) {
        let failed = self.failed_per_s();
        let ended = self.completed.iter().zip(failed);
        self.availability =
            ended.map(|(completed, failed)| share_of_some(*completed, completed + failed)).collect();
    }

    /// Columns of percentiles without rows.
    pub(super) fn begin_percentiles(&mut self) {
        self.latency_ms = Percentile::ALL.into_iter().map(|it| (it, Vec::new())).collect();
    }

    /// Adds a row to the columns of percentiles, and returns them in nanoseconds.
    pub(super) fn push_percentiles(&mut self, latency: &Histogram) -> Option<[u64; Percentile::ALL.len()]> {
        let found = latency.quantiles(Percentile::ALL.map(Percentile::quantile));
        for (index, percentile) in Percentile::ALL.into_iter().enumerate() {
            let millis = found.map(|values| values[index] as f64 / 1e6);
            self.latency_ms.entry(percentile).or_default().push(millis);
        }
        found
    }
}
