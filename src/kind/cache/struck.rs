//! Shards that faults strike.
//!
//! In: faults that come and go, and commands to shards that are not well. Out: shards that answer nothing and come back empty, or
//! that answer late or with errors, and clients that give up.

use super::ills::Endured;
use super::model::Caches;
use crate::flow::attempt::NETWORK;
use crate::flow::event::Event;
use crate::flow::fact::Impairment;
use crate::flow::trouble::Strike;
use crate::flow::Flow;
use crate::id;
use crate::measure::resource::Resource;
use crate::number::things;

impl Caches<'_> {
    /// A fault strikes shards of a cache.
    pub(super) fn impaired(&mut self, index: usize, fault: u16, strike: Strike, flow: &mut Flow) {
        let cache = &mut self.each[index];
        for shard in cache.ills.begins(fault, strike) {
            match strike.how {
                Impairment::Dies => cache.lose(shard),
                _ => cache.struck(shard),
            }
        }
        if strike.how == Impairment::Dies {
            flow.note_lost(Resource::LostShards { cache: index }, None, cache.ills.dead());
        }
    }

    /// A strike at shards of a cache is over: those that died are back and empty.
    pub(super) fn restored(&mut self, index: usize, fault: u16, flow: &mut Flow) {
        let cache = &mut self.each[index];
        let Some((how, shards)) = cache.ills.ends(fault) else { return };
        for &shard in &shards {
            match how {
                Impairment::Dies => cache.restore(shard),
                _ => cache.struck(shard),
            }
        }
        if how == Impairment::Dies {
            flow.note_lost(Resource::LostShards { cache: index }, None, cache.ills.dead());
            let text = format!("{} back and empty", things(shards.len() as f64, "shard"));
            flow.incident(id::Kind::Cache, &self.settings[index].name, text);
        }
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
        let (state, timeout) =
            (&mut self.each[usize::from(cache)], self.settings[usize::from(cache)].timeout.0);
        let hop = state.hop;
        match state.endure(shard, span, flow.now.saturating_add(hop)) {
            Endured::Answered { done, is_error }
                if done.saturating_add(hop) <= flow.now.saturating_add(timeout) =>
            {
                if hop > 0 {
                    flow.attempts.book_ahead(id, NETWORK, 2 * hop);
                }
                flow.calendar.at(done.saturating_add(hop), Event::Resume(id));
                (!is_error).then_some(done)
            }
            _ => {
                flow.pass(timeout, id);
                None
            }
        }
    }
}
