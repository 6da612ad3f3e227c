//! What is read of file systems: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates; what is billed, by hour.

use super::model::FileSystems;
use super::record::{FileSystemSeries, FileSystemTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::kind::way::Way;
use crate::usage::hour_of;

/// Nanoseconds of an hour.
const HOUR: f64 = 3_600e9;
const MIB: f64 = 1_048_576.0;
/// Gigabytes as EFS bills them. (Amazon EFS pricing: a GB is 1,073,741,824 bytes.)
const GB: f64 = 1_073_741_824.0;

impl FileSystems<'_> {
    /// Reads a row of every file system.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        let (now, row) = (flow.now as f64, flow.readings.row_start);
        for (index, (settings, it)) in self.settings.iter().zip(&mut self.each).enumerate() {
            if self.series.len() <= index {
                let name = settings.name.clone();
                self.series.push(FileSystemSeries { name, ..FileSystemSeries::default() });
            }
            let series = &mut self.series[index];
            let (marks, counts) = (&mut it.marks, it.counts);
            let seconds = span / 1e9;
            for way in Way::ALL.map(Way::place) {
                let operations = marks.operations[way].grown(counts.operations[way]) as f64;
                let bytes = marks.bytes[way].grown(counts.bytes[way]) as f64;
                let [column, mib] = match way {
                    0 => [&mut series.reads, &mut series.read_mib],
                    _ => [&mut series.writes, &mut series.written_mib],
                };
                column.push(operations / seconds);
                mib.push(bytes / MIB / seconds);
                let metered =
                    counts.metered[way] - std::mem::replace(&mut marks.metered[way], counts.metered[way]);
                *hour_of(&mut it.billed[way], row) += metered / GB;
            }
            let busy = [
                // What waits for the throughput is no work of its way yet.
                counts.worked[0],
                counts.worked[1],
                it.throughput.as_ref().map_or(0.0, |meter| meter.busy(now)),
            ];
            let before = std::mem::replace(&mut marks.busy, busy);
            let columns = [
                &mut series.reads_busy_percent,
                &mut series.writes_busy_percent,
                &mut series.throughput_busy_percent,
            ];
            for (column, (busy, before)) in columns.into_iter().zip(busy.into_iter().zip(before)) {
                column.push((100.0 * (busy - before) / span).clamp(0.0, 100.0));
            }
            series.waiting.push(marks.waited.grown(counts.waited) as f64 / span);
            series.credits_percent.push(100.0 * it.credits(flow.now));
            it.catch_up(flow.now);
            let area = it.area.0 - std::mem::replace(&mut it.marks.area, it.area.0);
            series.stored_gb.push(area / span / GB);
            *hour_of(&mut it.hours, row) += area / HOUR / GB;
        }
    }

    /// Totals of every file system.
    fn totals(&self, now: u64) -> Vec<FileSystemTotals> {
        let totals = self.settings.iter().zip(&self.each).map(|(settings, it)| {
            let counts = it.counts;
            FileSystemTotals {
                name: settings.name.clone(),
                reads: counts.files[0],
                writes: counts.files[1],
                operations: counts.asked,
                waited: counts.waited,
                read_gb: counts.bytes[0] as f64 / GB,
                written_gb: counts.bytes[1] as f64 / GB,
                stored_gb: it.stored as f64 / GB,
                credits_percent: 100.0 * it.credits(now),
            }
        });
        totals.collect()
    }
}

impl Recorded for FileSystems<'_> {
    type Series = FileSystemSeries;
    type Totals = FileSystemTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<FileSystemSeries>, Vec<FileSystemTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow.now))
    }
}
