//! Shards that are not well: lost, or struck by a fault.
//!
//! In: losses, strikes, and commands that come meanwhile. Out: when such a command is done, if it is, and what is not held any more.

use super::super::ills::{Endured, Ill};
use super::Cache;
use crate::dist::rounded;

impl Cache {
    /// Executes a command at a shard that is not well.
    pub(in super::super) fn endure(&mut self, place: usize, span: u64, arrival: u64) -> Endured {
        let shard = &mut self.shards[place];
        match self.ills.at(place, arrival) {
            Ill::Lost => Endured::Unanswered,
            Ill::Refused => Endured::Answered { done: arrival, is_error: true },
            Ill::None => {
                shard.unwell = false;
                Endured::Answered { done: shard.execute(span, arrival), is_error: false }
            }
            Ill::Present { factor, hangs_until, is_error } => {
                if let Some(until) = hangs_until {
                    shard.free = shard.free.max(until);
                    shard.stopped = shard.stopped.max(until);
                }
                let done = shard.execute(rounded(span as f64 * factor), arrival);
                Endured::Answered { done, is_error }
            }
        }
    }

    /// A fault strikes a shard, or no longer does; or a node of one, where shards have several.
    pub(in super::super) fn struck(&mut self, member: usize) {
        let busy_until = match self.deep.as_deref_mut() {
            Some(deep) => {
                let (factor, hangs_until) = self.ills.pace(member);
                deep.nodes.struck(member, factor, hangs_until)
            }
            None => {
                self.shards[member].unwell = true;
                self.shards[member].free
            }
        };
        self.ills.lingers(member, busy_until);
    }

    /// A shard is lost, and all that it held.
    pub fn lose(&mut self, shard: usize) {
        self.shards[shard].unwell = true;
        self.ills.lost[shard] += 1;
        self.empty(shard);
    }

    /// A shard holds nothing any more.
    pub fn empty(&mut self, shard: usize) {
        self.counts.lost_items += self.forget(|cache, item| cache.place(item) == Some(shard));
    }

    /// A shard is back, and empty.
    pub fn restore(&mut self, shard: usize) {
        self.ills.lost[shard] = self.ills.lost[shard].saturating_sub(1);
    }
}
