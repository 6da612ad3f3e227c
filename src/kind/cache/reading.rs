//! What is read of caches: a row of the timeline when it ends, totals at the end.
//!
//! In: counters since the start. Out: what they grew by, as rates and shares.

use super::model::Caches;
use super::record::{CacheSeries, CacheTotals};
use crate::flow::Flow;
use crate::flow::mark::Mark;
use crate::kind::record::Recorded;
use crate::measure::column::the_one;
use crate::measure::load::Noted;
use crate::measure::part::Part;
use crate::measure::resource::Resource;

impl Caches<'_> {
    /// Reads a row of every cache.
    pub(super) fn read_all(&mut self, span: f64, flow: &mut Flow) {
        for index in 0..self.each.len() {
            self.read(index, span, flow);
        }
    }

    fn read(&mut self, index: usize, span: f64, flow: &mut Flow) {
        let (settings, cache) = (&self.settings[index], &mut self.each[index]);
        let arrival = flow.now.saturating_add(cache.hop);
        let lookups = cache.marks.lookups.grown(cache.counts.lookups);
        let hits = cache.marks.hits.grown(cache.counts.hits);
        let evictions = cache.marks.evictions.grown(cache.counts.evictions);
        let shards: Vec<u64> = cache.busy_areas(arrival).collect();
        cache.marks.shards.resize(shards.len(), Mark::default());
        let shards: Vec<u64> =
            cache.marks.shards.iter_mut().zip(shards).map(|(mark, busy)| mark.grown(busy)).collect();
        let busy: u64 = shards.iter().sum();
        let busiest = shards.iter().copied().max().unwrap_or(0);
        note_shards(Resource::Cache { cache: index }, shards, span, flow);
        let capacity = settings.capacity().max(1) as f64;
        if self.series.len() <= index {
            let name = settings.name.clone();
            self.series.push(CacheSeries { name, ..CacheSeries::default() });
        }
        let series = &mut self.series[index];
        series.lookups.push(lookups as f64 * 1e9 / span);
        series.hit_ratio.push((lookups > 0).then(|| hits as f64 / lookups as f64));
        series.evictions.push(evictions as f64 * 1e9 / span);
        series.fill_percent.push(100.0 * cache.live(flow.now) as f64 / capacity);
        series.busy_percent.push(100.0 * busy as f64 / (span * f64::from(settings.shards.max(1))));
        series.busiest_shard_percent.push(100.0 * busiest as f64 / span);
        if let Some(connections) = cache.deep.as_deref().and_then(|deep| deep.connections.as_ref()) {
            the_one(&mut series.connections).open.push(connections.open() as f64);
        }
        if settings.bytes_take_time() {
            self.read_links(index, span, arrival, flow);
        }
    }

    /// A row of the links of a cache. Each shard has that of the node and the direction which carries most.
    fn read_links(&mut self, index: usize, span: f64, arrival: u64, flow: &mut Flow) {
        let cache = &mut self.each[index];
        let Some(deep) = &cache.deep else { return };
        let count = deep.nodes.shards.len();
        let mut shards = vec![0; count];
        cache.marks.links.resize(count, Vec::new());
        for (shard, (fullest, marks)) in shards.iter_mut().zip(&mut cache.marks.links).enumerate() {
            let carried: Vec<u64> = deep.nodes.carried(shard, arrival).collect();
            marks.resize(carried.len(), Mark::default());
            *fullest =
                marks.iter_mut().zip(carried).map(|(mark, carried)| mark.grown(carried)).max().unwrap_or(0);
        }
        let percent = |nanos: f64| 100.0 * nanos / span;
        let (busy, busiest) = (shards.iter().sum::<u64>(), shards.iter().copied().max().unwrap_or(0));
        let series = the_one(&mut self.series[index].links);
        series.busy_percent.push(percent(busy as f64 / count.max(1) as f64));
        series.busiest_percent.push(percent(busiest as f64));
        note_shards(Resource::Links { cache: index }, shards, span, flow);
    }

    /// Totals of every cache.
    fn totals(&mut self, flow: &Flow) -> Vec<CacheTotals> {
        let totals = self.settings.iter().zip(&mut self.each).map(|(settings, state)| {
            let counts = state.counts;
            CacheTotals {
                name: settings.name.clone(),
                lookups: counts.lookups,
                hits: counts.hits,
                evictions: counts.evictions,
                expirations: counts.expirations,
                invalidations: counts.invalidations,
                coalesced: counts.coalesced,
                refused: counts.refused,
                flushed: counts.flushed,
                refreshed: counts.refreshed,
                unconnected: counts.unconnected,
                lost_writes: counts.lost_writes,
                lost_items: counts.lost_items,
                items: state.live(flow.now),
                capacity: settings.capacity(),
            }
        });
        totals.collect()
    }
}

/// Notes for how long each shard was busy, where there are several.
fn note_shards(of: Resource, busy: Vec<u64>, span: f64, flow: &mut Flow) {
    if busy.len() > 1 {
        let shards = busy.into_iter().zip(1..);
        let shards = shards.map(|(busy, number)| Noted::new(Part::Shard(number), busy as f64, span));
        flow.note_members(of, shards);
    }
}

impl Recorded for Caches<'_> {
    type Series = CacheSeries;
    type Totals = CacheTotals;

    fn close(&mut self, flow: &mut Flow) -> (Vec<CacheSeries>, Vec<CacheTotals>) {
        (std::mem::take(&mut self.series), self.totals(flow))
    }
}
