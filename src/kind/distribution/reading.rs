//! What is read of distributions: a row of the timeline when it ends, totals at the end, and what is billed.
//!
//! In: counters of each set of objects. Out: what they grew by, as rates and shares, and by hour and place of the clients.

use super::hours::{OUT, REQUESTS, TO_ORIGIN};
use super::model::Distributions;
use super::record::{DistributionSeries, DistributionTotals};
use crate::flow::Flow;
use crate::kind::record::Recorded;

/// What one row of a distribution adds up to.
#[derive(Default)]
struct Row {
    requests: u64,
    hits: u64,
    misses: u64,
    origin: u64,
    bytes: f64,
}

impl Distributions<'_> {
    /// Reads a row of every distribution.
    pub(super) fn read_all(&mut self, span: f64, flow: &Flow) {
        for index in 0..self.each.len() {
            let row = self.read(index, flow);
            let (settings, state) = (&self.settings[index], &mut self.each[index]);
            let throttled = state.marks.throttled.grown(state.counted.throttled);
            if self.series.len() <= index {
                let name = settings.name.clone();
                self.series.push(DistributionSeries { name, ..DistributionSeries::default() });
            }
            let series = &mut self.series[index];
            let per_second = |count: f64| count * 1e9 / span;
            let (requests, bits) = (per_second(row.requests as f64), per_second(8.0 * row.bytes));
            let lookups = row.hits + row.misses;
            series.requests.push(requests);
            series.lookups.push(per_second(lookups as f64));
            series.hit_ratio.push((lookups > 0).then(|| row.hits as f64 / lookups as f64));
            series.origin.push(per_second(row.origin as f64));
            series.megabits.push(bits / 1e6);
            let used = (requests / settings.requests.0).max(bits / settings.bandwidth.0);
            series.quota_percent.push((100.0 * used).min(100.0));
            series.throttled.push(per_second(throttled as f64));
        }
    }

    /// What the sets of a distribution have grown by; books what is billed of it.
    fn read(&mut self, index: usize, flow: &Flow) -> Row {
        let (mut row, state) = (Row::default(), &mut self.each[index]);
        for set in self.sets.iter_mut().filter(|set| usize::from(set.of) == index) {
            row.hits += set.marks.hits.grown(set.counts.hits);
            row.misses += set.marks.misses.grown(set.counts.misses);
            let origin = set.marks.origin.grown(set.counts.origin);
            row.origin += origin;
            for (group, (counts, marks)) in set.places.iter_mut().enumerate() {
                let (requests, sent) = (marks.0.grown(counts.requests), marks.1.grown(counts.sent));
                let bytes = sent as f64 * set.size as f64;
                row.requests += requests;
                row.bytes += bytes;
                let group = &self.groups[group];
                state.used.add(group, REQUESTS, requests as f64, flow);
                state.used.add(group, OUT, bytes / 1e9, flow);
                // AWS charges for what is sent to an origin with methods that do not only read.
                let written = if set.is_read { 0.0 } else { requests as f64 * set.request as f64 };
                state.used.add(group, TO_ORIGIN, written / 1e9, flow);
            }
        }
        row
    }

    /// Totals of every distribution.
    fn totals(&self) -> Vec<DistributionTotals> {
        let totals = self.each.iter().enumerate().map(|(index, state)| {
            let mut totals = state.counted.clone();
            totals.evictions = state.caches[0].iter().map(|cache| cache.evicted).sum();
            for set in self.sets.iter().filter(|set| usize::from(set.of) == index) {
                totals.hits += set.counts.hits;
                totals.misses += set.counts.misses;
                totals.collapsed += set.counts.collapsed;
                totals.regional_hits += set.counts.regional_hits;
                totals.origin += set.counts.origin;
                for (counts, _) in &set.places {
                    totals.requests += counts.requests;
                    totals.bytes += counts.sent * set.size;
                }
            }
            totals
        });
        totals.collect()
    }
}

impl Recorded for Distributions<'_> {
    type Series = DistributionSeries;
    type Totals = DistributionTotals;

    fn close(&mut self, _flow: &mut Flow) -> (Vec<DistributionSeries>, Vec<DistributionTotals>) {
        (std::mem::take(&mut self.series), self.totals())
    }
}
