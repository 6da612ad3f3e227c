//! Nodes that are lost, with their zone or by a fault of their own: what they held is gone, or a replica takes over.
//!
//! In: zones and nodes that are lost and are back. Out: shards that answer nothing, replicas that are promoted, clients that leave a node out.

use super::language::Engine;
use super::model::{Caches, Timer};
use super::node::Loss;
use super::store::Cache;
use crate::catalog::zone::{Place, Zone};
use crate::flow::fact::{Fact, Sign};
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::resource::Resource;
use crate::number::things;

impl Caches<'_> {
    /// A zone is lost or is back, and with it the nodes there: they come back empty.
    pub(super) fn zone_changes(&mut self, place: Place, lost: bool, flow: &mut Flow) {
        for index in 0..self.each.len() {
            let settings = &self.settings[index];
            let Some(deep) = self.each[index].deep.as_deref() else {
                self.shards_change(index, place, lost, flow);
                continue;
            };
            let all = (0..deep.nodes.shards.len())
                .flat_map(|shard| (0..settings.nodes()).map(move |node| (shard, node)));
            let there = all.filter(|&(shard, node)| settings.place_of_node(shard, node) == place);
            let there: Vec<usize> = there.map(|of| deep.nodes.member(of)).collect();
            match lost {
                true => self.nodes_lost(index, Some(place.zone), &there, flow),
                false => self.nodes_back(index, &there, flow),
            }
        }
    }

    /// The same for a cache whose shards are one node each, of which none takes over.
    fn shards_change(&mut self, index: usize, place: Place, lost: bool, flow: &mut Flow) {
        let (settings, cache) = (&self.settings[index], &mut self.each[index]);
        let shards = 0..settings.shards.max(1) as usize;
        let there: Vec<usize> = shards.filter(|&shard| settings.place_of(shard) == place).collect();
        if there.is_empty() {
            return;
        }
        let what = things(there.len() as f64, "shard");
        let text = match lost {
            true => format!("{what} lost with zone {}", place.zone),
            false => format!("{what} back and empty"),
        };
        let count = if lost { number(there.len()) } else { 0 };
        there.into_iter().for_each(|shard| match lost {
            true => cache.lose(shard),
            false => cache.restore(shard),
        });
        flow.note_lost(Resource::LostShards { cache: index }, Some(place.zone), count);
        flow.incident(id::Kind::Cache, &settings.name, text);
    }

    /// Nodes are lost, with a zone or each by itself.
    pub(super) fn nodes_lost(
        &mut self,
        index: usize,
        zone: Option<Zone>,
        members: &[usize],
        flow: &mut Flow,
    ) {
        let (settings, cache) = (&self.settings[index], &mut self.each[index]);
        let (mut primaries, mut replicas) = (0, 0);
        for shard in 0..settings.shards.max(1) as usize {
            let Some(deep) = cache.deep.as_deref_mut() else { return };
            for node in deep.nodes.of_shard(shard, members) {
                let state = &mut deep.nodes.shards[shard];
                replicas += u32::from(state.primary != Some(node) && !state.nodes[node].is_lost());
                state.nodes[node].lost += 1;
            }
            let state = &mut deep.nodes.shards[shard];
            let survives = state.nodes.iter().any(|node| !node.is_lost());
            let lost = state.primary.filter(|&node| state.nodes[node].is_lost());
            if let Some(node) = lost {
                (state.primary, state.loss) = (None, Some(Loss { node, at: flow.now, zone }));
                primaries += 1;
            }
            if state.primary.is_none() && !(survives && settings.multi_az) {
                cache.empty(shard);
            } else if lost.is_some() {
                cache.take_over(shard, flow.now);
            }
            if lost.is_some() && (settings.engine == Engine::Memcached || settings.multi_az && survives) {
                let timer = Timer::Detected { cache: number(index), shard: number(shard) };
                flow.set(timer, flow.now.saturating_add(settings.detect.0));
            }
        }
        // Of a node that is lost by itself, its fault has told.
        for (count, noun) in [(primaries, "shard"), (replicas, "replica")] {
            if let Some(zone) = zone.filter(|_| count > 0) {
                let text = format!("{} lost with zone {zone}", things(f64::from(count), noun));
                flow.incident(id::Kind::Cache, &settings.name, text);
            }
        }
        self.note(index, flow);
    }

    /// Nodes are back.
    pub(super) fn nodes_back(&mut self, index: usize, members: &[usize], flow: &mut Flow) {
        let (settings, cache) = (&self.settings[index], &mut self.each[index]);
        let mut empty = 0;
        for shard in 0..settings.shards.max(1) as usize {
            let Some(deep) = cache.deep.as_deref_mut() else { return };
            let returning = deep.nodes.of_shard(shard, members);
            let state = &mut deep.nodes.shards[shard];
            // Where another node has been there all the time, it is that which becomes the primary.
            let others = state.nodes.iter().any(|node| !node.is_lost());
            for &node in &returning {
                state.nodes[node].lost = state.nodes[node].lost.saturating_sub(1);
            }
            let back = returning.into_iter().find(|&node| !state.nodes[node].is_lost());
            let Some(node) = back.filter(|_| state.primary.is_none() && !(others && settings.multi_az))
            else {
                continue;
            };
            state.primary = Some(node);
            empty += 1;
            serves_again(cache, shard);
        }
        if empty > 0 {
            let text = format!("{} back and empty", things(f64::from(empty), "shard"));
            flow.incident(id::Kind::Cache, &settings.name, text);
        }
        self.note(index, flow);
    }
}

impl Caches<'_> {
    /// It is known that the primary of a shard is lost: a replica is promoted, or clients leave the node out.
    pub(super) fn detected(&mut self, cache: u16, shard: u16, flow: &mut Flow) {
        let settings = &self.settings[usize::from(cache)];
        let Some(deep) = self.each[usize::from(cache)].deep.as_deref_mut() else { return };
        let state = &mut deep.nodes.shards[usize::from(shard)];
        // It may have come back, and be lost anew.
        if state.loss.is_none_or(|loss| loss.at.saturating_add(settings.detect.0) > flow.now) {
            return;
        }
        let node = state.loss.map_or(0, |loss| loss.node);
        let from = settings.place_of_node(shard.into(), node);
        let by = Sign::Failover { from, shard: u32::from(shard) + 1 };
        flow.tell(Fact::Noticed { of: (id::Kind::Cache, cache), by });
        if settings.engine == Engine::Memcached {
            state.left_out = true;
            let text = format!("clients leave node {} out", shard + 1);
            return flow.incident(id::Kind::Cache, &settings.name, text);
        }
        flow.set(Timer::Promoted { cache, shard }, flow.now.saturating_add(settings.promotion.0));
    }

    /// A replica becomes the primary, if one is left, and else the node that was it, if that is back. All are equally far behind.
    pub(super) fn promoted(&mut self, cache: u16, shard: u16, flow: &mut Flow) {
        let index = usize::from(cache);
        let settings = &self.settings[index];
        let Some(deep) = self.each[index].deep.as_deref_mut() else { return };
        let state = &mut deep.nodes.shards[usize::from(shard)];
        let takes = settings.detect.0.saturating_add(settings.promotion.0);
        let Some(loss) = state.loss.filter(|loss| loss.at.saturating_add(takes) <= flow.now) else { return };
        let left = (0..state.nodes.len()).filter(|&node| !state.nodes[node].is_lost());
        if let Some(node) = left.min_by_key(|&node| node == loss.node) {
            state.primary = Some(node);
            serves_again(&mut self.each[index], usize::from(shard));
            let text = format!("replica of shard {} promoted", shard + 1);
            flow.incident(id::Kind::Cache, &settings.name, text);
            self.note(index, flow);
        }
    }

    /// Notes how many shards are lost with each zone, and by faults of their own.
    fn note(&mut self, index: usize, flow: &mut Flow) {
        let Some(deep) = self.each[index].deep.as_deref() else { return };
        let mut zones: Vec<Option<Zone>> = self.settings[index].azs.iter().copied().map(Some).collect();
        zones.sort();
        zones.dedup();
        zones.push(None);
        for zone in zones {
            let losses = deep.nodes.shards.iter().filter_map(|shard| shard.loss);
            let lost = losses.filter(|loss| loss.zone == zone).count();
            flow.note_lost(Resource::LostShards { cache: index }, zone, number(lost));
        }
    }
}

/// A shard has a primary again. Clients of Memcached take the node back, and do not find what other nodes kept for it meanwhile.
fn serves_again(cache: &mut Cache, shard: usize) {
    let Some(deep) = cache.deep.as_deref_mut() else { return };
    let state = &mut deep.nodes.shards[shard];
    state.loss = None;
    if std::mem::take(&mut state.left_out) {
        cache.forget(|cache, item| cache.place(item) == Some(shard));
    }
}
