//! What is read of buckets: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates; what is billed, by hour.

use super::model::Buckets;
use super::record::{BucketSeries, BucketTotals};
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::record::Recorded;
use crate::usage::hour_of;

/// Nanoseconds of an hour.
const HOUR: f64 = 3_600e9;

impl Buckets<'_> {
    /// Reads a row of every bucket.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        for (index, (settings, it)) in self.settings.iter().zip(&mut self.each).enumerate() {
            if self.series.len() <= index {
                self.series.push(BucketSeries { name: settings.name.clone(), ..BucketSeries::default() });
            }
            let series = &mut self.series[index];
            let (marks, counts) = (&mut it.marks, it.counts);
            let rate = |mark: &mut Mark, count: u64| mark.grown(count) as f64 * 1e9 / span;
            let columns = [&mut series.reads, &mut series.writes];
            for (sort, column) in columns.into_iter().enumerate() {
                column.push(rate(&mut marks.taken[sort], counts.taken[sort]));
            }
            let columns = [&mut series.reads_refused, &mut series.writes_refused];
            for (sort, column) in columns.into_iter().enumerate() {
                column.push(rate(&mut marks.refused[sort], counts.refused[sort]));
            }
            let columns = [&mut series.reads_asked_percent, &mut series.writes_asked_percent];
            for (column, percent) in columns.into_iter().zip(it.partitions.fullest(span / 1e9)) {
                column.push(percent);
            }
            series.partitions.push(it.partitions.count() as f64);
            it.catch_up(flow.now);
            let area = it.area.0 - std::mem::replace(&mut it.marks.area, it.area.0);
            series.stored_gb.push(gigabytes(area / span));
            *hour_of(&mut it.hours, flow.readings.row_start) += gigabytes(area / HOUR);
            // What writes and what lists have one price; to delete is free.
            let billed = [counts.gets, counts.puts + counts.lists + counts.copies];
            for (hourly, count) in it.billed.iter_mut().zip(billed) {
                hourly.read(count, flow);
            }
        }
    }

    /// Totals of every bucket.
    fn totals(&self) -> Vec<BucketTotals> {
        let totals = self.settings.iter().zip(&self.each).map(|(settings, it)| {
            let counts = it.counts;
            BucketTotals {
                name: settings.name.clone(),
                gets: counts.gets,
                puts: counts.puts,
                lists: counts.lists,
                deletes: counts.deletes,
                refused: counts.refused.iter().sum(),
                sent_gb: gigabytes(counts.sent as f64),
                received_gb: gigabytes(counts.received as f64),
                stored_gb: gigabytes(it.stored as f64),
                partitions: it.partitions.count() as u64,
                copies: counts.copies,
                behind: counts.behind,
                lost_objects: it.replica.as_ref().map_or(0, |it| it.counts.lost),
                lost_span_s: it.replica.as_ref().map_or(0.0, |it| it.counts.span as f64 / 1e9),
            }
        });
        totals.collect()
    }
}

/// Gigabytes as S3 bills them, which are of 1,024 megabytes. (Amazon S3 FAQs, billing: 1,073,741,824 bytes per GB.)
fn gigabytes(bytes: f64) -> f64 {
    bytes / GB
}

const GB: f64 = (1u64 << 30) as f64;

impl Recorded for Buckets<'_> {
    type Series = BucketSeries;
    type Totals = BucketTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<BucketSeries>, Vec<BucketTotals>) {
        (std::mem::take(&mut self.series), self.totals())
    }
}
