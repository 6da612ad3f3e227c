//! Nodes that are lost with their zone: what they held is gone, or a replica takes over.
//!
//! In: zones that are lost and are back. Out: shards that answer nothing, replicas that are promoted, clients that leave a node out.

use super::language::Engine;
use super::model::{Caches, Timer};
use super::store::Cache;
use crate::catalog::zone::Place;
use crate::flow::{Flow, number};
use crate::id;
use crate::measure::resource::Resource;
use crate::number::things;

impl Caches<'_> {
    /// A zone is lost or is back, and with it the nodes there: they come back empty.
    pub(super) fn zone_changes(&mut self, place: Place, lost: bool, flow: &mut Flow) {
        for index in 0..self.each.len() {
            match self.each[index].deep.is_some() {
                true if lost => self.nodes_lost(index, place, flow),
                true => self.nodes_back(index, place, flow),
                false => self.shards_change(index, place, lost, flow),
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

    fn nodes_lost(&mut self, index: usize, place: Place, flow: &mut Flow) {
        let (settings, cache) = (&self.settings[index], &mut self.each[index]);
        let (mut primaries, mut replicas) = (0, 0);
        for shard in 0..settings.shards.max(1) as usize {
            let Some(deep) = cache.deep.as_deref_mut() else { return };
            let state = &mut deep.nodes.shards[shard];
            for node in 0..state.nodes.len() {
                if settings.place_of_node(shard, node) == place && !state.nodes[node].lost {
                    state.nodes[node].lost = true;
                    replicas += u32::from(state.primary != Some(node));
                }
            }
            let survives = state.nodes.iter().any(|node| !node.lost);
            let primary_lost = state.primary.is_some_and(|node| state.nodes[node].lost);
            if primary_lost {
                (state.primary, state.lost_with) = (None, Some(place.zone));
                primaries += 1;
            }
            if state.primary.is_none() && !(survives && settings.multi_az) {
                cache.lose(shard);
            } else if primary_lost {
                cache.take_over(shard, flow.now);
            }
            if primary_lost && (settings.engine == Engine::Memcached || settings.multi_az && survives) {
                let timer = Timer::Detected { cache: number(index), shard: number(shard) };
                flow.set(timer, flow.now.saturating_add(settings.detect.0));
            }
        }
        for (count, noun) in [(primaries, "shard"), (replicas, "replica")] {
            if count > 0 {
                let text = format!("{} lost with zone {}", things(f64::from(count), noun), place.zone);
                flow.incident(id::Kind::Cache, &settings.name, text);
            }
        }
        self.note(index, flow);
    }

    fn nodes_back(&mut self, index: usize, place: Place, flow: &mut Flow) {
        let (settings, cache) = (&self.settings[index], &mut self.each[index]);
        let mut empty = 0;
        for shard in 0..settings.shards.max(1) as usize {
            let Some(deep) = cache.deep.as_deref_mut() else { return };
            let state = &mut deep.nodes.shards[shard];
            let mut back = None;
            for node in 0..state.nodes.len() {
                if settings.place_of_node(shard, node) == place && state.nodes[node].lost {
                    state.nodes[node].lost = false;
                    back = back.or(Some(node));
                }
            }
            // Where another node has been there all the time, it is that which becomes the primary.
            let others = (0..state.nodes.len())
                .any(|node| !state.nodes[node].lost && settings.place_of_node(shard, node) != place);
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
        if state.primary.is_some() {
            return;
        }
        if settings.engine == Engine::Memcached {
            state.left_out = true;
            let text = format!("clients leave node {} out", shard + 1);
            return flow.incident(id::Kind::Cache, &settings.name, text);
        }
        flow.set(Timer::Promoted { cache, shard }, flow.now.saturating_add(settings.promotion.0));
    }

    /// A replica becomes the primary, if one is left. All are equally far behind.
    pub(super) fn promoted(&mut self, cache: u16, shard: u16, flow: &mut Flow) {
        let index = usize::from(cache);
        let Some(deep) = self.each[index].deep.as_deref_mut() else { return };
        let state = &mut deep.nodes.shards[usize::from(shard)];
        let Some(node) = state.nodes.iter().position(|node| !node.lost) else { return };
        if state.primary.is_none() {
            state.primary = Some(node);
            serves_again(&mut self.each[index], usize::from(shard));
            let text = format!("replica of shard {} promoted", shard + 1);
            flow.incident(id::Kind::Cache, &self.settings[index].name, text);
            self.note(index, flow);
        }
    }

    /// Notes how many shards are lost with each zone.
    fn note(&mut self, index: usize, flow: &mut Flow) {
        let Some(deep) = self.each[index].deep.as_deref() else { return };
        let mut zones = self.settings[index].azs.clone();
        zones.sort();
        zones.dedup();
        for zone in zones {
            let lost = deep.nodes.shards.iter().filter(|shard| shard.lost_with == Some(zone)).count();
            flow.note_lost(Resource::LostShards { cache: index }, Some(zone), number(lost));
        }
    }
}

/// A shard has a primary again. Clients of Memcached take the node back, and do not find what other nodes kept for it meanwhile.
fn serves_again(cache: &mut Cache, shard: usize) {
    let Some(deep) = cache.deep.as_deref_mut() else { return };
    let state = &mut deep.nodes.shards[shard];
    state.lost_with = None;
    if std::mem::take(&mut state.left_out) {
        cache.forget(|cache, item| cache.place(item) == Some(shard));
    }
}
