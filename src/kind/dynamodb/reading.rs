//! What is read of tables: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates; what is billed, by hour.

use super::deed::{HALVES, SORTS};
use super::model::Tables;
use super::record::{DynamoTableSeries, DynamoTableTotals};
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::record::Recorded;
use crate::usage::hour_of;

/// Nanoseconds of an hour.
const HOUR: f64 = 3_600e9;
/// A gigabyte of DynamoDB. (Amazon DynamoDB developer guide, "Service, account, and table quotas": 1 GB is 1,024 MB.)
const GB: f64 = (1u64 << 30) as f64;

impl Tables<'_> {
    /// Reads a row of every table.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        for (index, (settings, it)) in self.settings.iter().zip(&mut self.each).enumerate() {
            if self.series.len() <= index {
                let series =
                    DynamoTableSeries { name: settings.name.clone(), ..DynamoTableSeries::default() };
                self.series.push(series);
            }
            it.follow(settings, flow.now);
            let series = &mut self.series[index];
            let (marks, counts) = (&mut it.marks, &it.counts);
            let rate = |mark: &mut Mark, count: u64| mark.grown(count) as f64 * 1e9 / span;
            let consumed: [f64; SORTS] =
                std::array::from_fn(|sort| rate(&mut marks.consumed[sort], counts.consumed[sort]) / HALVES);
            let throttled: [f64; SORTS] =
                std::array::from_fn(|sort| rate(&mut marks.throttled[sort], counts.throttled(sort)));
            let asked: [f64; SORTS] =
                std::array::from_fn(|sort| rate(&mut marks.asked[sort], counts.asked[sort]) / HALVES);
            let fullest = it.partitions.fullest(span / 1e9);
            let limits = it.limits.each_ref().map(|limit| limit.units());
            let percent = |sort: usize| fullest[sort].max(100.0 * asked[sort] / limits[sort]);
            series.read_units.push(consumed[0]);
            series.write_units.push(consumed[1]);
            series.reads_throttled.push(throttled[0]);
            series.writes_throttled.push(throttled[1]);
            series.read_limit.push(limits[0]);
            series.write_limit.push(limits[1]);
            series.reads_asked_percent.push(percent(0));
            series.writes_asked_percent.push(percent(1));
            series.retrying.push(marks.paused.grown(counts.paused) as f64 / span);
            series.partitions.push(it.partitions.count() as f64);
            let (lookups, hits) = (marks.lookups.grown(counts.lookups), marks.hits.grown(counts.hits));
            series.dax_lookups.push(lookups as f64 * 1e9 / span);
            series.dax_hit_ratio.push((lookups > 0).then(|| hits as f64 / lookups as f64));
            let start = flow.readings.row_start;
            let stored = it.stored.read(flow.now) / GB;
            series.stored_gb.push(stored / span);
            *hour_of(&mut it.stored_hours, start) += stored / HOUR;
            for (sort, hourly) in it.billed.iter_mut().enumerate() {
                hourly.read(counts.consumed[sort], flow);
                *hour_of(&mut it.provisioned_hours[sort], start) +=
                    it.provisioned[sort].read(flow.now) / HOUR;
            }
        }
    }

    /// Totals of every table.
    fn totals(&self) -> Vec<DynamoTableTotals> {
        let totals = self.settings.iter().zip(&self.each).map(|(settings, it)| {
            let counts = it.counts;
            let lost = it.replica.as_ref().map_or(Default::default(), |it| it.counts);
            DynamoTableTotals {
                name: settings.name.clone(),
                reads: counts.taken[0],
                writes: counts.taken[1],
                read_halves: counts.consumed[0],
                write_halves: counts.consumed[1],
                throttled_by_table: counts.throttled_by_table.iter().sum(),
                throttled_by_partition: counts.throttled_by_partition.iter().sum(),
                given_up: counts.given_up,
                partitions: it.partitions.count() as u64,
                stored_gb: it.stored.value() / GB,
                increases: counts.increases,
                decreases: counts.decreases,
                dax_lookups: counts.lookups,
                dax_hits: counts.hits,
                dax_evictions: counts.evictions,
                copies: counts.copies,
                behind: counts.behind,
                overwritten: counts.overwritten,
                lost_writes: lost.lost,
                lost_span: lost.span,
            }
        });
        totals.collect()
    }
}

impl Recorded for Tables<'_> {
    type Series = DynamoTableSeries;
    type Totals = DynamoTableTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<DynamoTableSeries>, Vec<DynamoTableTotals>) {
        (std::mem::take(&mut self.series), self.totals())
    }
}
