//! How a path uses caches.
//!
//! In: look-ups with their misses, invalidations. Out: the ops of commands, of fills, and of waiting for a fill.

use super::Compiler;
use crate::flow::draws::{DrawId, Ratio};
use crate::flow::number;
use crate::id::KeySpaceId;
use crate::kind::cache;
use crate::kind::step::Compile;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::model::program::Op;
use crate::rng::stream;
use crate::scenario::request::Step;

impl Compiler<'_> {
    pub(super) fn lookup(
        &mut self,
        index: usize,
        (keys, same): (KeySpaceId, bool),
        hit_ratio: Option<f64>,
        miss: &[Step],
        fill: bool,
    ) {
        let settings = &self.scenario.caches[index];
        let fixed = hit_ratio.or(settings.hit_ratio);
        // Inside the miss of another look-up, the key of that population is the one looked up there.
        let slot = match self.bound.contains(&keys) {
            true => self.slot(keys),
            false if same => self.same_key(keys),
            false => self.fresh_key(keys),
        };
        let (cache, space) = (number(index), number(keys.index()));
        let (stage, draw) = self.command(index);
        match fixed {
            Some(ratio) => {
                let stream = stream(self.seed, &format!("{}/hit", self.path));
                self.program.draws.ratios.push(Ratio::new(ratio, stream));
                let ratio = number(self.program.draws.ratios.len() - 1);
                self.emit(Op::Chance { cache, ratio, draw, hit: 0 }, stage);
            }
            None => {
                self.program.cached.push((cache, space));
                self.emit(Op::Lookup { cache, keys: space, slot, draw, hit: 0 }, stage);
            }
        }
        let decision = self.program.ops.len() - 1;
        let join = (fixed.is_none() && settings.coalesce && fill).then(|| {
            self.ask(cache::Op::JoinFill { cache, keys: space, slot, filled: 0 }, stage);
            self.program.ops.len() - 1
        });
        // Inside the miss, the key is the one that was looked up.
        let drawn = self.drawn.len();
        self.bound.push(keys);
        self.steps(miss);
        self.bound.pop();
        self.drawn.truncate(drawn);
        if fill {
            let (_, draw) = self.command(index);
            match fixed {
                Some(_) => self.ask(cache::Op::Store { cache, draw }, stage),
                None => self.ask(cache::Op::Fill { cache, keys: space, slot, draw }, stage),
            }
        }
        if join.is_some() {
            self.ask(cache::Op::Filled { cache, keys: space, slot }, stage);
        }
        let end = self.label();
        if let Op::Lookup { hit, .. } | Op::Chance { hit, .. } = &mut self.program.ops[decision].0 {
            *hit = end;
        }
        if let Some(at) = join {
            self.program.ops[at].0 =
                Op::Of(cache::Op::JoinFill { cache, keys: space, slot, filled: end }.into());
        }
    }

    pub(super) fn invalidate(&mut self, index: usize, keys: KeySpaceId) {
        let slot = self.same_key(keys);
        let (stage, draw) = self.command(index);
        let (cache, keys) = (number(index), number(keys.index()));
        self.program.cached.push((cache, keys));
        self.ask(cache::Op::Invalidate { cache, keys, slot, draw }, stage);
    }

    /// Stage and execution time of a cache command.
    fn command(&mut self, index: usize) -> (u16, DrawId) {
        let cache = &self.scenario.caches[index];
        let of = Resource::Cache { cache: index };
        let stage =
            self.stage(StageKind::Cache, Some(of), &cache.name, &format!("at the cache {}", cache.name));
        (stage, self.draw_for(&cache.command, cache.node.strength, "command"))
    }
}
