//! What is read of volumes: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start, and the volumes that are there. Out: what they grew by, as rates; how busy the volumes were, all and each.

use super::model::BlockVolumes;
use super::record::{VolumeSeries, VolumeTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;
use crate::kind::way::Way;
use crate::measure::load::Noted;
use crate::measure::part::Part;
use crate::measure::resource::Resource;

const MIB: f64 = 1_048_576.0;
/// Gigabytes as EBS bills them. (Amazon EBS pricing: a GB is 1,073,741,824 bytes.)
const GB: f64 = 1_073_741_824.0;

impl BlockVolumes<'_> {
    /// Reads a row of the volumes of every fleet.
    pub(super) fn read_all(&mut self, span: f64, flow: &mut Flow) {
        for (index, (settings, it)) in self.settings.iter().zip(&mut self.each).enumerate() {
            if self.series.len() <= index {
                let name = settings.name.clone();
                self.series.push(VolumeSeries { name, ..VolumeSeries::default() });
            }
            let series = &mut self.series[index];
            let seconds = span / 1e9;
            for way in Way::ALL.map(Way::place) {
                let ios = it.marks.ios[way].grown(it.counts.ios[way]) as f64;
                let bytes = it.marks.bytes[way].grown(it.counts.bytes[way]) as f64;
                let [column, mib] = match way {
                    0 => [&mut series.reads, &mut series.read_mib],
                    _ => [&mut series.writes, &mut series.written_mib],
                };
                column.push(ios / seconds);
                mib.push(bytes / MIB / seconds);
            }
            let (mut busy, mut there, mut fullest) = (0.0, 0.0, 0.0f64);
            let mut members = Vec::new();
            for (&host, disk) in &mut it.disks {
                let (of_it, span) = disk.read(span, flow.now);
                (busy, there) = (busy + of_it, there + span);
                if span > 0.0 {
                    fullest = fullest.max(of_it / span);
                }
                let host = &flow.hosts[host as usize];
                members.push(Noted {
                    zone: Some(host.place.zone.0.into()),
                    ..Noted::new(Part::Instance(host.number), of_it, span)
                });
            }
            let percent = |part: f64| (100.0 * part).clamp(0.0, 100.0);
            series.volumes.push(it.disks.len() as f64);
            series.busy_percent.push(if there > 0.0 { percent(busy / there) } else { 0.0 });
            series.fullest_percent.push(percent(fullest));
            series.waiting.push(it.marks.waited.grown(it.counts.waited) as f64 / span);
            series.credits_percent.push(100.0 * it.credits(flow.now));
            series.missing.push(it.marks.missing.grown(it.counts.missing) as f64 / seconds);
            if members.len() > 1 {
                flow.note_members(Resource::BlockIo { ebs: index }, members.into_iter());
            }
        }
    }

    /// Totals of the volumes of every fleet.
    fn totals(&self, now: u64) -> Vec<VolumeTotals> {
        let totals = self.settings.iter().zip(&self.each).map(|(settings, it)| {
            let counts = it.counts;
            VolumeTotals {
                name: settings.name.clone(),
                files_read: counts.files[0],
                files_written: counts.files[1],
                ios: counts.asked,
                waited: counts.waited,
                read_gb: counts.bytes[0] as f64 / GB,
                written_gb: counts.bytes[1] as f64 / GB,
                missing: counts.missing,
                lost: counts.lost,
                lost_span_s: counts.lost_span as f64 / 1e9,
                credits_percent: 100.0 * it.credits(now),
            }
        });
        totals.collect()
    }
}

impl Recorded for BlockVolumes<'_> {
    type Series = VolumeSeries;
    type Totals = VolumeTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<VolumeSeries>, Vec<VolumeTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow.now))
    }
}
