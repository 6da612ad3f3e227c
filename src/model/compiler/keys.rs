//! Which keys a path draws, and where a request keeps them.
//!
//! In: the populations that the steps of a class name. Out: a slot for each, and the ops that draw.

use super::Compiler;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::KeySpaceId;
use crate::model::program::Op;

impl Compiler<'_> {
    /// The slot of a population, made if the class has none for it yet. The first is never written: it stands for the
    /// only key of every population that has no more.
    pub(super) fn slot(&mut self, keys: KeySpaceId) -> u8 {
        let slot = match self.is_single(keys) {
            true => 0,
            false => {
                self.slots.iter().position(|&space| space == keys).unwrap_or_else(|| {
                    self.slots.push(keys);
                    self.slots.len() - 1
                }) + 1
            }
        };
        let needed = &mut self.program.widths.keys;
        *needed = (*needed).max(slot + 1);
        number(slot)
    }

    fn is_single(&self, keys: KeySpaceId) -> bool {
        self.scenario.key_spaces[keys.index()].count <= 1
    }

    /// The key that the request has drawn before, or a new one.
    pub(super) fn same_key(&mut self, keys: KeySpaceId) -> u8 {
        match self.drawn.contains(&keys) {
            true => self.slot(keys),
            false => self.fresh_key(keys),
        }
    }

    pub(super) fn fresh_key(&mut self, keys: KeySpaceId) -> u8 {
        let slot = self.slot(keys);
        self.drawn.push(keys);
        if !self.is_single(keys) {
            let keys = number(keys.index());
            // Where rows can be wrong, a second try asks for the same ones.
            let draw = match self.scenario.kinds.spoils_data() {
                true => Op::Again { slot, keys },
                false => Op::Draw { slot, keys },
            };
            self.emit(draw, NETWORK);
        }
        slot
    }
}
