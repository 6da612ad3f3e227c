//! The way of a request through a distribution. In: a behaviour, and what the request asks for. Out: a [`Fetch`], and its ops.
//!
//! No file writes this step: a request that enters `via` a distribution has one for each origin of its behaviour, one after the other, with
//! the way to the origin inside. The second is taken by requests only of which the first origin failed.

use super::model::Op;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::{DistributionId, KeySpaceId, Kind, UNKNOWN};
use crate::kind::front::{Asked, Lead, Method, Objects};
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::Bytes;

/// Get an object from the caches of a distribution, or from one of the origins of its behaviour.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// The distribution.
    pub distribution: DistributionId,
    /// The number of its behaviour.
    pub behaviour: u16,
    /// Which of its origins.
    pub way: u8,
    /// Whether no other origin comes after it.
    pub is_last: bool,
    /// The path that is asked for.
    pub path: String,
    /// What is done there.
    pub method: Method,
    /// The population of objects, if there are several.
    pub keys: Option<KeySpaceId>,
    /// Mean size of the request.
    pub request: Bytes,
    /// Mean size of the object.
    pub response: Bytes,
}

impl Fetch {
    /// Levels of caches that may have it: none if nobody keeps it.
    fn levels(&self, all: &Settings) -> u8 {
        let distribution = &all.distributions[self.distribution.index()];
        let behaviour = &distribution.behaviours[usize::from(self.behaviour)];
        match self.method.reads() && behaviour.fresh().is_some() {
            true => distribution.levels(),
            false => 0,
        }
    }

    fn objects(&self, all: &Settings) -> Objects {
        let of = self.distribution.index();
        let behaviour = &all.distributions[of].behaviours[usize::from(self.behaviour)];
        Objects {
            of: (Kind::Distribution, of),
            behaviour: self.behaviour,
            path: self.path.clone(),
            method: if self.method.reads() { Method::Get } else { self.method },
            keys: self.keys.map(|keys| number(keys.index())),
            request: self.request,
            size: Bytes((self.response.0 as f64 * behaviour.compress).round() as u64),
        }
    }
}

impl Step<Settings, kind::Op> for Fetch {
    const SHAPES: &'static [&'static Shape] = &[];
    const ENTERED: bool = true;

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Fetch {
        // No verb stands for it.
        Fetch {
            distribution: DistributionId(UNKNOWN),
            behaviour: 0,
            way: 0,
            is_last: true,
            path: String::new(),
            method: Method::Get,
            keys: None,
            request: Bytes(0),
            response: Bytes(0),
        }
    }

    fn leads(index: usize, all: &Settings, asked: &Asked) -> Vec<Lead<Fetch>> {
        let Some(distribution) = all.distributions.get(index) else { return Vec::new() };
        let (path, _) = asked.look();
        let number_of = distribution.behaviour_for(path);
        let behaviour = &distribution.behaviours[number_of];
        let keeps = asked.method.reads() && behaviour.fresh().is_some();
        let keys = if keeps { asked.objects() } else { None };
        let fails_over = asked.method.reads() || asked.method == Method::Options;
        let origins: Vec<PathOwner> = behaviour.origins().take(if fails_over { 2 } else { 1 }).collect();
        let lead = |(way, to): (usize, &PathOwner)| Lead {
            step: Fetch {
                distribution: DistributionId(number::<u32>(index)),
                behaviour: number(number_of),
                way: number(way),
                is_last: way + 1 == origins.len(),
                path: path.to_owned(),
                method: asked.method,
                keys,
                request: asked.request,
                response: asked.response,
            },
            to: Some(*to),
        };
        origins.iter().enumerate().map(lead).collect()
    }

    /// An origin works on for what nobody waits for any more.
    fn outlives_caller(&self) -> bool {
        true
    }

    fn is_way(&self) -> bool {
        true
    }

    fn hides_clients(&self) -> bool {
        true
    }

    fn asks_for(&self) -> Option<(PathOwner, &str)> {
        Some(((Kind::Distribution, self.distribution.index()), &self.path))
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        self.keys.map(|keys| ((Kind::Distribution, self.distribution.index()), keys)).into_iter().collect()
    }

    /// What may be kept counts as a hit, and an origin as one that does not fail.
    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let of = (Kind::Distribution, self.distribution.index());
        to.uses(of);
        let distribution = &all.distributions[of.1];
        if self.way > 0 {
            return to.inside(0.0);
        }
        to.counts(of, "requests", 1.0);
        to.passes(distribution.edge_time.as_secs_f64(), 0.0);
        if self.levels(all) > 0 {
            return to.inside(0.0);
        }
        to.passes(2.0 * distribution.hop_to_origin(0).as_secs_f64(), 4.0);
        to.inside(1.0);
    }

    /// Past the caches, level by level, to the origin, and back the same way: each level on the way keeps a copy.
    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.distribution.index();
        let distribution = &all.distributions[index];
        let of = Resource::Distribution { distribution: index };
        let label = format!("waiting for a fetch of {}", distribution.name);
        let stage = to.stage(StageKind::Cache, Some(of), &distribution.name, &label);
        let (levels, set) = (self.levels(all), to.objects(self.objects(all)));
        let slot = match self.keys {
            Some(keys) if levels > 0 => to.key(keys, self.way > 0),
            _ => 0,
        };
        let start = to.label();
        let mut looks = Vec::new();
        let over = |past| Op::Over { set, past };
        match (self.way, levels) {
            (0, 0) => to.ask(Op::Pass { of: number(index), set, first: 0, then: 0 }, NETWORK),
            (0, _) => {
                for level in 0..levels {
                    looks.push(to.label());
                    to.ask(Op::Look { of: number(index), set, level, slot, hit: 0, joined: 0 }, stage);
                    if level + 1 < levels {
                        to.hop(distribution.hop_from(level));
                    }
                }
            }
            _ => to.ask(over(0), NETWORK),
        }
        let (first, verdict) = self.fetch(all, set, levels, to);
        let mut fills = Vec::new();
        for level in (0..levels).rev() {
            fills.insert(0, to.label());
            to.ask(Op::Fill { set, level }, NETWORK);
            if level > 0 {
                to.hop(distribution.hop_from(level - 1));
            }
        }
        let past = to.label();
        for (level, at) in (0u8..).zip(looks) {
            let joined = fills[usize::from(level)];
            let hit = if level == 0 { past } else { joined };
            to.patch(at, Op::Look { of: number(index), set, level, slot, hit, joined });
        }
        to.patch(verdict, Op::Verdict { set, over: if self.is_last { u32::MAX } else { past } });
        match (self.way, levels) {
            (0, 0) => to.patch(start, Op::Pass { of: number(index), set, first, then: verdict }),
            (0, _) => {}
            _ => to.patch(start, over(past)),
        }
        if self.is_last {
            to.hop(distribution.edge_time);
        }
    }
}

impl Fetch {
    /// One origin is asked; returns the positions of the ops at which the try begins and at which the request goes on then.
    fn fetch(
        &self,
        all: &Settings,
        set: u16,
        levels: u8,
        to: &mut impl Compile<Op = kind::Op>,
    ) -> (u32, u32) {
        let distribution = &all.distributions[self.distribution.index()];
        let hop = distribution.hop_to_origin(levels.saturating_sub(1));
        let stage = to.stage(StageKind::Retry, None, "", "in earlier attempts and the pauses before a retry");
        let (begin, way) = (to.label(), self.way);
        to.ask(Op::Begin { set, way, first: begin + 1, then: 0 }, stage);
        to.ask(Op::Connect { set, way }, NETWORK);
        to.hop(hop);
        to.inside();
        // One journey with the last one inside.
        to.hop(hop);
        to.label();
        to.ask(Op::Back { set, way }, NETWORK);
        to.ask(Op::Answered { set }, NETWORK);
        let then = to.label();
        to.ask(Op::Verdict { set, over: u32::MAX }, NETWORK);
        to.patch(begin, Op::Begin { set, way, first: begin + 1, then });
        (begin + 1, then)
    }
}
