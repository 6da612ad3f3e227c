//! What is read of streams: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates; what is billed, by hour; how old records are.

use super::record::{StreamSeries, StreamTotals};
use super::state::Streams;
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::record::Recorded;
use crate::usage::hour_of;

/// Nanoseconds of an hour.
const HOUR: f64 = 3_600e9;
const MIB: f64 = 1_048_576.0;
/// Standard deviations of the records of a lane that chance may explain, of a Poisson law.
const CHANCE: f64 = 5.0;

impl Streams<'_> {
    /// Records that no function is done with and no batch has, and the largest age of a record that waits for a consumer, in nanoseconds.
    pub(super) fn waiting(&self, stream: usize, now: u64) -> (u64, u64) {
        let (mut count, mut age) = (0, 0);
        for reader in self.each[stream].readers.iter().map(|it| &self.readers[*it as usize]) {
            if reader.is_done {
                continue;
            }
            let shard = &self.shards[reader.shard as usize];
            let lanes = reader.lanes.clone().filter_map(|lane| self.lanes[lane as usize].oldest());
            let oldest = lanes.chain(shard.at(reader.next).map(|record| record.at)).min();
            age = age.max(oldest.map_or(0, |at| now.saturating_sub(at)));
            if !reader.lanes.is_empty() {
                count += shard.end() - reader.next + reader.buffered as u64;
            }
        }
        (count, age)
    }

    /// Reads a row of every stream.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        let now = flow.now;
        for index in 0..self.settings.len() {
            if self.series.len() <= index {
                let name = self.settings[index].name.clone();
                self.series.push(StreamSeries { name, ..StreamSeries::default() });
            }
            for place in 0..self.each[index].readers.len() {
                let reader = self.each[index].readers[place];
                if !self.readers[reader as usize].is_done {
                    self.forget_expired(reader, now);
                }
            }
            let (count, age) = self.waiting(index, now);
            let (asked, given) = self.fullest(index, span);
            let [busiest, busy] = self.busy(index, span, now);
            let it = &mut self.each[index];
            let series = &mut self.series[index];
            let (marks, counts) = (&mut it.marks, &it.counts);
            let rate = |mark: &mut Mark, count: u64| mark.grown(count) as f64 * 1e9 / span;
            series.records.push(rate(&mut marks.put, counts.put));
            series.mib.push(rate(&mut marks.bytes, counts.bytes) / MIB);
            series.throttled.push(rate(&mut marks.throttled, counts.throttled));
            series.throttled_by_bytes.push(rate(&mut marks.throttled_by_bytes, counts.throttled_by_bytes));
            series.retrying.push(marks.paused.grown(counts.paused) as f64 / span);
            series.bytes_percent.push(asked[0]);
            series.records_percent.push(asked[1]);
            series.read_mib.push(rate(&mut marks.given, counts.read_bytes + counts.pushed_bytes) / MIB);
            series.reads_percent.push(given);
            series.reads_throttled.push(rate(&mut marks.reads_throttled, counts.reads_throttled));
            series.shards.push(it.open.len() as f64);
            series.waiting.push(count as f64);
            series.iterator_age_s.push(std::mem::take(&mut it.oldest).max(age) as f64 / 1e9);
            series.worked.push(rate(&mut marks.worked, counts.worked));
            series.failed.push(rate(&mut marks.failed, counts.failed));
            series.lost.push(rate(&mut marks.lost, counts.expired + counts.discarded));
            series.batches.push(marks.busy.grown(it.busy.at(now)) as f64 / span);
            series.batches_percent.push(busiest);
            series.lanes_percent.push(busy);
            let start = flow.readings.row_start;
            let shards = marks.shards.grown(it.there.at(now)) as f64;
            *hour_of(&mut it.bills.shards, start) += shards / HOUR;
            it.bills.units.read(counts.units, flow);
            it.bills.kilobytes.read(counts.kilobytes, flow);
            it.bills.read.read(counts.read_bytes, flow);
            it.bills.pushed.read(counts.pushed_bytes, flow);
        }
    }

    /// Of the fullest shard in a row, in percent: what was asked of the bytes and records that it takes; what was read, of the bytes or calls that it gives, by all who share
    /// it or by one with a fan-out.
    fn fullest(&mut self, stream: usize, span: f64) -> ([f64; 2], f64) {
        let limits = self.settings[stream].shard;
        let seconds = span / 1e9;
        let (mut asked, mut given) = ([0.0f64; 2], 0.0f64);
        let it = &self.each[stream];
        let percent = |count: u64, limit: f64| 100.0 * count as f64 / (limit * seconds);
        for shard in &it.shards {
            let own = &mut self.shards[*shard as usize];
            let [bytes, records] = std::mem::take(&mut own.asked);
            asked =
                [asked[0].max(percent(bytes, limits.bytes)), asked[1].max(percent(records, limits.records))];
            let [bytes, calls] = std::mem::take(&mut own.read);
            given = given.max(percent(bytes, limits.read)).max(percent(calls, limits.calls));
        }
        for reader in &it.readers {
            let own = &mut self.readers[*reader as usize];
            given = given.max(percent(std::mem::take(&mut own.pushed), limits.read));
        }
        (asked, given)
    }

    /// How busy the busiest lane was in a row, and all of them together, in percent: the latter is that of the lane with the most records so far where chance does not make it
    /// that, because a hot key is in one lane however many there are. Those of a shard that is not read yet, or no more, do not count.
    fn busy(&mut self, stream: usize, span: f64, now: u64) -> [f64; 2] {
        let (mut most, mut sum, mut lanes) = (0.0f64, 0.0, 0.0f64);
        let (mut records, mut hot) = (0.0, (0.0, 0.0));
        for reader in self.each[stream].readers.iter().map(|it| &self.readers[*it as usize]) {
            for lane in reader.lanes.clone() {
                let lane = &mut self.lanes[lane as usize];
                let until = lane.busy.at(now);
                let busy = (until - std::mem::replace(&mut lane.busy_mark, until)) as f64;
                if reader.is_done || reader.parents > 0 {
                    continue;
                }
                let got = lane.got as f64;
                (most, sum, lanes, records) = (most.max(busy), sum + busy, lanes + 1.0, records + got);
                if got > hot.0 {
                    hot = (got, busy);
                }
            }
        }
        let mean = records / lanes.max(1.0);
        let is_hot = hot.0 > mean + CHANCE * mean.sqrt();
        let of_all = if is_hot { hot.1 } else { sum / lanes.max(1.0) };
        [most, of_all].map(|busy| 100.0 * busy / span)
    }

    /// Totals of every stream. Records that no batch has at the end count with the age that the oldest of each shard has.
    fn totals(&self, now: u64) -> Vec<StreamTotals> {
        let totals = self.settings.iter().zip(&self.each).enumerate().map(|(index, (settings, it))| {
            let counts = it.counts;
            let mut age = it.age.clone();
            for reader in it.readers.iter().map(|it| &self.readers[*it as usize]) {
                let shard = &self.shards[reader.shard as usize];
                let lanes = reader.lanes.clone().filter_map(|lane| self.lanes[lane as usize].oldest());
                let unread =
                    shard.at(reader.next).map(|record| record.at).filter(|_| !reader.lanes.is_empty());
                let oldest = lanes.chain(unread).min().filter(|at| *at >= self.warmup);
                oldest.into_iter().for_each(|at| age.record(now - at));
            }
            StreamTotals {
                name: settings.name.clone(),
                records: counts.put,
                bytes: counts.bytes,
                throttled: counts.throttled,
                given_up: counts.given_up,
                reads: counts.reads,
                reads_throttled: counts.reads_throttled,
                shards: it.open.len() as u64,
                reshards: counts.reshards,
                batches: counts.batches,
                failed: counts.failed,
                held_off: counts.held_off,
                worked: counts.worked,
                again: counts.again,
                expired: counts.expired,
                discarded: counts.discarded,
                left: self.waiting(index, now).0 + self.in_batches(index),
                age,
            }
        });
        totals.collect()
    }

    /// Records of batches that are worked on.
    fn in_batches(&self, stream: usize) -> u64 {
        let readers = self.each[stream].readers.iter().map(|it| &self.readers[*it as usize]);
        let lanes = readers.flat_map(|reader| reader.lanes.clone());
        let batches = lanes.filter_map(|lane| self.lanes[lane as usize].batch.as_ref());
        batches.map(|batch| batch.len() as u64).sum()
    }
}

impl Recorded for Streams<'_> {
    type Series = StreamSeries;
    type Totals = StreamTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<StreamSeries>, Vec<StreamTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow.now))
    }
}
