//! Steps at a cache. In: `{ cache = … }`, `{ set = … }`, `{ invalidate = … }`. Out: a [`Use`], and its ops.

use super::deed::{Deed, NO_HIT};
use super::language::{Cache, FLOW};
use super::model::Op;
use crate::flow::draws::DrawId;
use crate::flow::number;
use crate::id::{CacheId, KeySpaceId, Kind, UNKNOWN};
use crate::kind::keyed::{KEYS, SAME_KEY, same};
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Follow, Needs, Scope, Step};
use crate::kind::{self, Settings, keys};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::{Bandwidth, Bytes};

/// What a step does at a cache.
#[derive(Clone, Debug)]
pub enum Use {
    /// Looks a key up, and on a miss does the steps inside and, usually, fills the cache.
    Lookup(Lookup),
    /// Stores a key (a write sets).
    Set(Change),
    /// Removes a key (a write invalidates).
    Invalidate(Change),
}

/// A look-up.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The cache.
    pub cache: CacheId,
    /// The population the key is drawn from.
    pub keys: KeySpaceId,
    /// Whether it is the key that the request drew before, if it has.
    pub same: bool,
    /// A fixed hit ratio instead of simulated keys, for people who only know that.
    pub hit_ratio: Option<f64>,
    /// Whether a miss stores what it has found.
    pub fill: bool,
}

/// A change of a key.
#[derive(Clone, Debug)]
pub struct Change {
    /// The cache.
    pub cache: CacheId,
    /// The population the key is drawn from, if no key has been drawn from it on this path yet.
    pub keys: KeySpaceId,
}

/// Whether a miss stores what it has found: yes.
pub const FILL: Given<bool> =
    Given::new(true, "plain cache-aside, ElastiCache user guide, caching strategies");

const POPULATION: Key =
    Key::optional("keys", KEYS, "required without a fixed hit ratio", "the population the key is drawn from");

/// The language of a look-up.
pub const LOOKUP_SHAPE: Shape = Shape {
    title: "{ cache = … }",
    about: "Look a key up; on a miss do `miss` and fill the cache.",
    keys: &[
        Key::required("cache", "name of a cache", "the cache"),
        POPULATION,
        SAME_KEY,
        Key::optional("hit_ratio", "share", "that of the cache, or it emerges", "a fixed hit ratio"),
        Key::optional("miss", "step or array of steps", "nothing", "what is done on a miss, before the fill"),
        Key::given(
            "fill",
            "true or false",
            || FILL.show(),
            "whether a miss stores what it has found; without it the cache is filled by others",
        ),
    ],
};

/// The language of a store.
pub const SET_SHAPE: Shape = Shape {
    title: "{ set = … }",
    about: "Store a key in a cache, as a write-through does.",
    keys: &[Key::required("set", "name of a cache", "the cache"), POPULATION],
};

/// The language of a removal.
pub const INVALIDATE_SHAPE: Shape = Shape {
    title: "{ invalidate = … }",
    about: "Remove a key from a cache.",
    keys: &[Key::required("invalidate", "name of a cache", "the cache"), POPULATION],
};

impl Step<Settings, kind::Op> for Use {
    const SHAPES: &'static [&'static Shape] = &[&LOOKUP_SHAPE, &SET_SHAPE, &INVALIDATE_SHAPE];

    fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Use {
        let fixed = |cache: CacheId| scope.all().caches.get(cache.index()).and_then(|cache| cache.hit_ratio);
        match verb {
            "cache" => {
                let cache = reader.must("cache", Value::id, CacheId(UNKNOWN));
                let hit_ratio = reader.maybe("hit_ratio", Value::share).or(fixed(cache));
                Use::Lookup(Lookup {
                    cache,
                    keys: population(reader, cache, hit_ratio.is_some(), scope),
                    same: same(reader, "keys"),
                    hit_ratio,
                    fill: reader.or("fill", Value::flag, FILL.value),
                })
            }
            _ => {
                let key = if verb == "set" { "set" } else { "invalidate" };
                let cache = reader.must(key, Value::id, CacheId(UNKNOWN));
                let keys = population(reader, cache, fixed(cache).is_some(), scope);
                Use::of(verb, Change { cache, keys })
            }
        }
    }

    fn nests(verb: &str) -> Option<&'static str> {
        (verb == "cache").then_some("miss")
    }

    fn following(follow: &Follow) -> Option<Use> {
        let Follow { verb, of, keys } = *follow;
        matches!(verb, "set" | "invalidate").then(|| Use::of(verb, Change { cache: CacheId(of), keys }))
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        match self {
            Use::Lookup(Lookup { cache, keys, .. })
            | Use::Set(Change { cache, keys })
            | Use::Invalidate(Change { cache, keys }) => vec![((Kind::Cache, cache.index()), *keys)],
        }
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        match self {
            Use::Lookup(Lookup { cache, hit_ratio, fill, .. }) => {
                let of = (Kind::Cache, cache.index());
                let hits = hit_ratio.or(all.caches[of.1].hit_ratio).unwrap_or(1.0);
                to.uses(of);
                to.counts(of, "lookups", 1.0);
                to.counts(of, "values sent", hits);
                needs_command(of.1, 1.0, all, to);
                needs_bytes(of.1, hits, all, to);
                if *fill {
                    needs_command(of.1, 1.0 - hits, all, to);
                    needs_bytes(of.1, 1.0 - hits, all, to);
                }
                to.inside(1.0 - hits);
            }
            Use::Set(Change { cache, .. }) | Use::Invalidate(Change { cache, .. }) => {
                to.uses((Kind::Cache, cache.index()));
                needs_command(cache.index(), 1.0, all, to);
                if matches!(self, Use::Set(_)) {
                    needs_bytes(cache.index(), 1.0, all, to);
                }
            }
        }
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        match self {
            Use::Lookup(lookup) => lookup.compile(all, to),
            Use::Set(change) => change.compile(Deed::Set, all, to),
            Use::Invalidate(change) => change.compile(Deed::Drop, all, to),
        }
    }
}

impl Use {
    /// The change that a verb means.
    fn of(verb: &str, change: Change) -> Use {
        if verb == "set" { Use::Set(change) } else { Use::Invalidate(change) }
    }
}

impl Change {
    /// The key is the one that this path has drawn, if it has drawn one.
    fn compile(&self, deed: Deed, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.cache.index();
        let slot = to.key(self.keys, true);
        let (stage, draw) = command(index, all, to);
        to.keyed((Kind::Cache, index), self.keys);
        let (cache, keys) = (number(index), number(self.keys.index()));
        let op = match deed {
            _ if all.caches[index].is_deep(index, all) => {
                Op::Deep { cache, of: keys, slot, deed, draw, hit: NO_HIT }
            }
            // What a miss does with what it has found, without a miss.
            Deed::Set => Op::Fill { cache, keys, slot, draw, hit: NO_HIT },
            _ => Op::Invalidate { cache, keys, slot, draw },
        };
        if deed == Deed::Set {
            to.carries(all.caches[index].item.0 as i64, 0);
        }
        to.ask(op, stage);
    }
}

impl Lookup {
    /// Inside the miss, the key is the one that was looked up.
    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.cache.index();
        let settings = &all.caches[index];
        let slot = to.key(self.keys, self.same);
        let (cache, keys) = (number(index), number(self.keys.index()));
        let (stage, draw) = command(index, all, to);
        let ratio = self.hit_ratio.or(settings.hit_ratio).map(|ratio| to.ratio(ratio));
        if ratio.is_none() {
            to.keyed((Kind::Cache, index), self.keys);
        }
        let fills = self.fill;
        let is_deep = settings.is_deep(index, all);
        let look_up = |hit| match ratio {
            Some(ratio) if is_deep => {
                Op::Deep { cache, of: ratio, slot, deed: Deed::Guess { fills }, draw, hit }
            }
            None if is_deep => Op::Deep { cache, of: keys, slot, deed: Deed::Find { fills }, draw, hit },
            Some(ratio) => Op::Chance { cache, ratio, fills, draw, hit },
            None => Op::Lookup { cache, keys, slot, fills, draw, hit },
        };
        // A hit brings a value; what is missed brings none, and sends one if it fills.
        let item = settings.item.0 as i64;
        to.carries(0, item);
        let decision = to.label();
        to.ask(look_up(0), stage);
        let join = (ratio.is_none() && settings.coalesce && self.fill).then(|| {
            let at = to.label();
            to.ask(Op::JoinFill { cache, keys, slot, filled: 0 }, stage);
            at
        });
        let kept = to.kept();
        to.keep(self.keys);
        to.inside();
        to.forget(kept);
        to.carries(if self.fill { item } else { 0 }, -item);
        let fill = self.fill.then(|| {
            let (_, draw) = command(index, all, to);
            let fill = move |hit| match ratio {
                Some(_) if is_deep => Op::Deep { cache, of: keys, slot, deed: Deed::Store, draw, hit },
                None if is_deep => Op::Deep { cache, of: keys, slot, deed: Deed::Keep, draw, hit },
                Some(_) => Op::Store { cache, draw, hit },
                None => Op::Fill { cache, keys, slot, draw, hit },
            };
            let at = to.label();
            to.ask(fill(0), stage);
            (at, fill)
        });
        if join.is_some() {
            to.ask(Op::Filled { cache, keys, slot }, stage);
        }
        let joined = to.label();
        if settings.soft_ttl.is_some() && self.fill && ratio.is_none() {
            // A hit that is too old comes here, and an errand that has fetched it anew ends here.
            to.ask(Op::Anew { cache, first: decision + 1 }, stage);
        }
        let end = to.label();
        to.patch(decision, look_up(end));
        if let Some((at, fill)) = fill {
            to.patch(at, fill(end));
        }
        if let Some(at) = join {
            to.patch(at, Op::JoinFill { cache, keys, slot, filled: joined });
        }
    }
}

/// The keys of a step; where the hit ratio is fixed they do not matter.
fn population(reader: &Reader, cache: CacheId, fixed: bool, scope: &impl Scope<Settings>) -> KeySpaceId {
    let resource = (Kind::Cache, cache.0);
    let keys = match reader.get("keys") {
        Some(value) => keys::of_step(value, resource, scope.populations()),
        None if fixed || cache == CacheId(UNKNOWN) => {
            scope.populations().borrow_mut().single(reader.cx, resource)
        }
        None => {
            reader.missing(&["keys"]);
            None
        }
    };
    keys.unwrap_or(KeySpaceId(UNKNOWN))
}

/// What a command needs that is sent with this probability.
fn needs_command(cache: usize, share: f64, all: &Settings, to: &mut impl Needs) {
    let settings = &all.caches[cache];
    let seconds = settings.command.mean().as_secs_f64();
    to.works(Resource::Cache { cache }, share * seconds);
    let alone = seconds / settings.node.strength + 2.0 * settings.hop.as_secs_f64();
    to.passes(share * alone, 1.5 * share);
}

/// What the bytes of a value need, on a node with nothing else to do.
fn needs_bytes(cache: usize, share: f64, all: &Settings, to: &mut impl Needs) {
    let settings: &Cache = &all.caches[cache];
    if !settings.bytes_take_time() {
        return;
    }
    to.waits(Resource::Links { cache });
    let bytes = if settings.item.0 > settings.free_bytes() { settings.item } else { Bytes(0) };
    let copy = settings.copy.time_of(bytes).as_secs_f64();
    let link = settings.bandwidth().map_or(FLOW, |bandwidth| Bandwidth(bandwidth.0.min(FLOW.0)));
    to.works(Resource::Cache { cache }, share * copy * settings.node.strength);
    to.passes(share * (copy + link.time_of(bytes).as_secs_f64()), 0.0);
}

/// Stage and execution time of a command.
fn command(index: usize, all: &Settings, to: &mut impl Compile) -> (u16, DrawId) {
    let cache = &all.caches[index];
    let of = Resource::Cache { cache: index };
    let stage = to.stage(StageKind::Cache, Some(of), &cache.name, &format!("at the cache {}", cache.name));
    (stage, to.draw_on(cache.node.strength, &cache.command, "command"))
}
