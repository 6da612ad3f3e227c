//! Steps of requests at caches that have more than a plain one: several nodes a shard, values whose bytes take time, writes that set.
//!
//! In: steps of attempts. Out: hits and misses, and when the answer is back.

use super::connections::Admitted;
use super::deep::Soft;
use super::ills::Ill;
use super::model::Caches;
use crate::flow::attempt::NETWORK;
use crate::flow::draws::DrawId;
use crate::flow::event::Event;
use crate::flow::next::Next;
use crate::flow::{Flow, NONE};
use crate::id;
use crate::kind::Kind;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Looks a key up.
    Find { fills: bool },
    /// The same with a given hit ratio.
    Guess { fills: bool },
    /// Stores what a miss has found.
    Keep,
    /// The same without a key.
    Store,
    /// Stores what is written.
    Set,
    /// Removes a key.
    Drop,
}

const OWNER: u8 = Kind::Cache as u8;

impl Caches<'_> {
    /// Does it; the attempt resumes when the answer is back, or when its client has waited in vain for long enough.
    pub(super) fn deed(
        &mut self,
        id: u32,
        index: u16,
        (of, slot): (u16, u8),
        (deed, hit): (Deed, u32),
        draw: DrawId,
        flow: &mut Flow,
    ) -> Next {
        if matches!(deed, Deed::Keep | Deed::Store) && self.was_unanswered(id, hit) {
            return Next::Op;
        }
        let item = match deed {
            Deed::Guess { .. } | Deed::Store => None,
            _ => Some(self.item(id, index, of, slot, flow)),
        };
        let span = flow.draws.of(draw).time();
        if !self.is_connected(id, index, flow) {
            let refused = flow.now.saturating_add(self.each[usize::from(index)].hop);
            return self.in_vain(id, index, (deed, hit), Some(refused), flow);
        }
        let cache = &mut self.each[usize::from(index)];
        let (hop, is_lookup) = (cache.hop, matches!(deed, Deed::Find { .. } | Deed::Guess { .. }));
        let arrival = flow.now.saturating_add(hop);
        let place = cache.place_of(item);
        let Some(deep) = cache.deep.as_deref_mut() else { return Next::Op };
        let size = deep.size(item);
        let node = place.and_then(|shard| {
            let node = if is_lookup { deep.nodes.reader(shard) } else { deep.nodes.shards[shard].primary };
            node.map(|node| (shard, node))
        });
        let Some(node) = node else { return self.in_vain(id, index, (deed, hit), None, flow) };
        let is_unwell = deep.nodes.is_unwell(node);
        let ill = match is_unwell {
            true => {
                let member = deep.nodes.member(node);
                if let Some(strike) = cache.ills.met_at(member) {
                    flow.meets(id, strike);
                }
                cache.ills.at(member, arrival)
            }
            false => Ill::None,
        };
        let is_error = match ill {
            Ill::None => {
                if is_unwell {
                    deep.nodes.recovers(node);
                }
                false
            }
            Ill::Lost => return self.in_vain(id, index, (deed, hit), None, flow),
            Ill::Refused => return self.in_vain(id, index, (deed, hit), Some(arrival), flow),
            Ill::Present { is_error, .. } => is_error,
        };
        let written = if matches!(deed, Deed::Keep | Deed::Store | Deed::Set) { size } else { 0 };
        let executed = deep.nodes.execute(node, span, written, arrival, !is_lookup && !is_error);
        let waits_until = flow.now.saturating_add(self.settings[usize::from(index)].timeout.0);
        if is_error || ill != Ill::None && executed.at.saturating_add(hop) > waits_until {
            return self.in_vain(id, index, (deed, hit), Some(executed.at), flow);
        }
        deep.passed += written;
        let mut back = executed.at;
        let mut found = false;
        match (deed, item) {
            (Deed::Find { .. }, Some(item)) => found = cache.find(item, executed.at),
            (Deed::Guess { .. }, _) => {
                found = flow.draws.ratios[usize::from(of)].hits();
                cache.chance(found);
            }
            (Deed::Keep | Deed::Set, Some(item)) => {
                cache.counts.fills += 1;
                cache.keep(item, executed.at);
            }
            (Deed::Drop, Some(item)) => cache.drop_item(item, executed.at),
            _ => cache.counts.fills += 1,
        }
        let Some(deep) = cache.deep.as_deref_mut() else { return Next::Op };
        let mut goes_on = found.then_some(hit);
        if found {
            back = deep.nodes.answer(executed, size);
            deep.passed += size;
            if let (Some(soft), Some(item), Deed::Find { fills: true }) = (&mut deep.soft, item, deed)
                && soft.is_due(item, executed.at, id)
            {
                // The op before has it fetched anew.
                goes_on = Some(hit - 1);
            }
        }
        if hop > 0 {
            // The travel is network time; the rest of the step was at the cache.
            flow.attempts.book_ahead(id, NETWORK, 2 * hop);
        }
        flow.calendar.at(back.saturating_add(hop), Event::Resume(id));
        Next::wait(goes_on)
    }

    /// Whether the instance that an attempt is on has connections to a cache. Steps outside of all instances need none.
    fn is_connected(&mut self, id: u32, index: u16, flow: &mut Flow) -> bool {
        let cache = &mut self.each[usize::from(index)];
        let Some(connections) = cache.deep.as_deref_mut().and_then(|deep| deep.connections.as_mut()) else {
            return true;
        };
        let Some(tier) = flow.attempts[id].depth.checked_sub(1) else { return true };
        let host = flow.attempts.tier(id, tier).instance;
        let Admitted::No { first } = connections.admits(host) else { return true };
        cache.counts.unconnected += 1;
        if first {
            let number = flow.hosts[host as usize].number;
            let text = format!(
                "instance {number} gets no connections, the first of its kind: its nodes have as many as they take"
            );
            flow.incident(id::Kind::Cache, &self.settings[usize::from(index)].name, text);
        }
        false
    }

    /// Nothing comes of it: the client gets an error that leaves the node at an instant, or has waited for as long as it waits.
    fn in_vain(
        &mut self,
        id: u32,
        index: u16,
        (deed, hit): (Deed, u32),
        error: Option<u64>,
        flow: &mut Flow,
    ) -> Next {
        self.comes_back(id, index, error, flow);
        if let Deed::Find { fills } | Deed::Guess { fills } = deed {
            self.note_unanswered(id, fills, hit);
            self.each[usize::from(index)].unanswered();
        }
        Next::Wait
    }

    /// A look-up is over: if it has found an item too old, that is fetched anew, by an errand inside of the tiers of the attempt. If it is
    /// such an errand that comes here, it has done so.
    pub(super) fn anew(&mut self, id: u32, cache: u16, first: u32, flow: &mut Flow) -> Next {
        let cache = &mut self.each[usize::from(cache)];
        let Some(soft) = cache.deep.as_deref_mut().and_then(|deep| deep.soft.as_mut()) else {
            return Next::Op;
        };
        if soft.of(id).is_none() {
            return Next::Op;
        }
        if flow.errand(id, OWNER).is_some() {
            soft.end(id);
            cache.counts.refreshed += 1;
            flow.attempts.release(id);
            return Next::Gone;
        }
        let hosted = flow.attempts[id].depth > 0;
        let errand = flow.send_try(OWNER, id, first, hosted);
        soft.pass_on(id, errand);
        Next::Op
    }

    /// An attempt does not fetch anything anew any more.
    pub(super) fn forget_refresh(&mut self, id: u32) {
        self.softs().for_each(|soft| soft.end(id));
    }

    pub(super) fn softs(&mut self) -> impl Iterator<Item = &mut Soft> {
        self.each.iter_mut().filter_map(|cache| cache.deep.as_deref_mut()?.soft.as_mut())
    }
}

/// The hit of a deed that finds nothing.
pub(super) const NO_HIT: u32 = NONE;
