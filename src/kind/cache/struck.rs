//! Shards that faults strike.
//!
//! In: faults that come and go, and commands to shards that are not well. Out: shards that answer nothing and come back empty, or
//! that answer late or with errors, and clients that give up. Where shards have several nodes, it is the primary that is struck.

use super::ills::Endured;
use super::model::Caches;
use super::store::Cache;
use crate::flow::Flow;
use crate::flow::attempt::NETWORK;
use crate::flow::event::Event;
use crate::flow::fact::Impairment;
use crate::flow::number;
use crate::flow::trouble::Strike;
use crate::id;
use crate::measure::resource::Resource;
use crate::number::things;

impl Caches<'_> {
    /// A fault strikes shards of a cache.
    pub(super) fn impaired(&mut self, index: usize, fault: u16, strike: Strike, flow: &mut Flow) {
        let cache = &mut self.each[index];
        let struck = cache.ills.begins(fault, aimed(cache, strike));
        cache.slow_down(flow.now.saturating_add(cache.hop));
        if strike.how != Impairment::Dies {
            return struck.into_iter().for_each(|member| cache.struck(member));
        }
        if cache.deep.is_some() {
            return self.nodes_lost(index, None, &struck, flow);
        }
        struck.into_iter().for_each(|shard| cache.lose(shard));
        flow.note_lost(Resource::LostShards { cache: index }, None, cache.ills.dead());
    }

    /// A strike at shards of a cache is over: those that died are back and empty.
    pub(super) fn restored(&mut self, index: usize, fault: u16, flow: &mut Flow) {
        let cache = &mut self.each[index];
        let Some((how, struck)) = cache.ills.ends(fault) else { return };
        cache.slow_down(flow.now.saturating_add(cache.hop));
        if how != Impairment::Dies {
            return struck.into_iter().for_each(|member| cache.struck(member));
        }
        if cache.deep.is_some() {
            return self.nodes_back(index, &struck, flow);
        }
        struck.iter().for_each(|&shard| cache.restore(shard));
        flow.note_lost(Resource::LostShards { cache: index }, None, cache.ills.dead());
        let text = format!("{} back and empty", things(struck.len() as f64, "shard"));
        flow.incident(id::Kind::Cache, &self.settings[index].name, text);
    }

    /// Sends a command to a shard that is not well. A client that waits longer than its timeout gives up, as one does whose command is
    /// answered with an error.
    #[cold]
    #[inline(never)]
    pub(super) fn endure(
        &mut self,
        id: u32,
        cache: u16,
        shard: usize,
        span: u64,
        flow: &mut Flow,
    ) -> Option<u64> {
        let state = &mut self.each[usize::from(cache)];
        let arrival = flow.now.saturating_add(state.hop);
        if let Some(strike) = state.ills.met_at(shard) {
            flow.meets(id, strike);
        }
        match state.endure(shard, span, arrival) {
            Endured::Unanswered => {
                self.comes_back(id, cache, None, flow);
                None
            }
            Endured::Answered { done, is_error } => {
                let is_in_time = self.comes_back(id, cache, Some(done), flow);
                (is_in_time && !is_error).then_some(done)
            }
        }
    }

    /// The answer to an attempt leaves its shard at an instant, or never; returns whether its client waits for it. If not, it goes on when
    /// it has waited for as long as it waits.
    pub(super) fn comes_back(&mut self, id: u32, cache: u16, leaves: Option<u64>, flow: &mut Flow) -> bool {
        let index = usize::from(cache);
        let (hop, timeout) = (self.each[index].hop, self.settings[index].timeout.0);
        let is_back = leaves.map(|leaves| leaves.saturating_add(hop));
        let Some(is_back) = is_back.filter(|&at| at <= flow.now.saturating_add(timeout)) else {
            flow.pass(timeout, id);
            return false;
        };
        if hop > 0 {
            flow.attempts.book_ahead(id, NETWORK, 2 * hop);
        }
        flow.calendar.at(is_back, Event::Resume(id));
        true
    }
}

/// A strike at one shard is one at its primary, where shards have several nodes.
fn aimed(cache: &Cache, strike: Strike) -> Strike {
    let Some(deep) = cache.deep.as_deref() else { return strike };
    let at = strike.at.map(|shard| number(deep.nodes.primary(shard as usize)));
    Strike { at, ..strike }
}
