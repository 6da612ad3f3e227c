//! `[keys.NAME]` and populations written in place. In: count and skew. Out: the list of [`KeySpace`]s.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::dist::zipf::share_of_first;
use crate::id::{KeySpaceId, Kind};
use crate::language::names::Named;
use crate::language::reader::{Context, Reader};
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;

/// A population of keys, numbered from the most popular.
#[derive(Clone, Debug, PartialEq)]
pub struct KeySpace {
    /// Name in the file, or a made-up one for a population written in place.
    pub name: String,
    /// How many keys.
    pub count: u32,
    /// Zipf exponent: popularity of the k-th key is proportional to 1/k^zipf; 0 is uniform.
    pub zipf: f64,
}

/// Skew of a population: 0.99.
pub const ZIPF: Given<f64> =
    Given::new(0.99, "YCSB, default zipfian constant; production caches: median 1.2");

/// Most keys of one population.
pub const COUNT_MAX: u32 = 50_000_000;
/// Most keys of all populations together, since each may cost memory.
const TOTAL_MAX: u64 = 200_000_000;

/// The language of a population.
pub const SHAPE: Shape = Shape {
    title: "[keys.NAME]",
    about: "A population of keys or rows, numbered from the most popular. Every step that names it draws from the same \
            keys: each a new one, but for those inside a `miss`, the statements of one transaction, an `invalidate`, \
            and steps with `same = true`. Written in place, equal populations of one cache or database \
            are the same population; name those that a cache and a database share.",
    keys: &[
        Key::required("count", "whole number of keys", "how many keys there are"),
        Key::given("zipf", "number", || ZIPF.show(), "popularity of the k-th key is 1/k^zipf; 0 is uniform"),
    ],
};

/// The populations so far: the named ones first.
#[derive(Debug, Default)]
pub(crate) struct Populations {
    spaces: Vec<KeySpace>,
    /// By the resource that they are used with, count, and the bits of the exponent.
    in_place: BTreeMap<(Kind, u32, u32, u64), KeySpaceId>,
    total: u64,
}

impl Populations {
    pub(crate) fn into_spaces(self) -> Vec<KeySpace> {
        self.spaces
    }

    /// The part of the requests for a population that its most popular key gets.
    pub(crate) fn first_share(&self, keys: KeySpaceId) -> f64 {
        self.spaces.get(keys.index()).map_or(0.0, |space| share_of_first(space.count, space.zipf))
    }

    /// Adds a population unless all together have become too many.
    fn add(&mut self, space: KeySpace) -> Option<KeySpaceId> {
        let id = KeySpaceId(u32::try_from(self.spaces.len()).ok()?);
        self.total += u64::from(space.count);
        self.spaces.push(space);
        (self.total <= TOTAL_MAX).then_some(id)
    }

    /// The population of a resource for which only the hit ratio matters: a single key.
    pub(crate) fn single(&mut self, cx: &Context, resource: (Kind, u32)) -> Option<KeySpaceId> {
        self.intern(cx, resource, KeySpace { name: String::new(), count: 1, zipf: 0.0 })
    }

    /// The population of a resource that is like this one.
    fn intern(
        &mut self,
        cx: &Context,
        (kind, index): (Kind, u32),
        mut space: KeySpace,
    ) -> Option<KeySpaceId> {
        let key = (kind, index, space.count, space.zipf.to_bits());
        if let Some(id) = self.in_place.get(&key) {
            return Some(*id);
        }
        // A slash cannot be mistaken for a name of the file by a reader, and keeps random streams apart.
        let resource = cx.names.name(kind, usize::try_from(index).ok()?);
        space.name = format!("{}/{resource}/{}x{}", kind.table(), space.count, space.zipf);
        let id = self.add(space)?;
        self.in_place.insert(key, id);
        Some(id)
    }
}

impl KeySpace {
    /// Reads a population.
    pub(crate) fn read(name: &str, reader: &Reader) -> KeySpace {
        KeySpace {
            name: name.to_owned(),
            count: reader.must("count", |value| value.measured().count(1..=COUNT_MAX), 1),
            zipf: reader.or("zipf", |value| value.measured().number(0.0..=10.0), ZIPF.value),
        }
    }
}

/// Reads a `[keys.NAME]` table.
pub(crate) fn named(name: &str, reader: &Reader, populations: &mut Populations) {
    let space = KeySpace::read(name, reader);
    if populations.add(space).is_none() {
        let problem = reader.problem("too many keys in all populations together");
        reader.cx.push(problem.hint(format!("at most {TOTAL_MAX} keys are possible in one scenario")));
    }
}

/// Reads a population that is written in place of a name; `what` it is made of, in words.
pub(crate) fn in_place(value: Value, what: &str) -> Option<KeySpace> {
    if !value.is_table() {
        let count = value.digits().unwrap_or("1000");
        value.problem(
            format!("expected {what}"),
            format!("write {{ count = {count} }}, with zipf = 0 if all come equally often, or the name of a [keys.NAME] table"),
        );
        return None;
    }
    value.table(&SHAPE, |reader| KeySpace::read("", reader))
}

/// Reads the keys of a step: a name, or a population in place that belongs to a resource.
pub(crate) fn of_step(
    value: Value,
    resource: (Kind, u32),
    populations: &RefCell<Populations>,
) -> Option<KeySpaceId> {
    if value.is_text() {
        return value.id();
    }
    let space = in_place(value, "keys")?;
    let id = populations.borrow_mut().intern(value.cx, resource, space);
    if id.is_none() {
        value.problem(
            "too many keys in all populations together",
            format!("at most {TOTAL_MAX} keys are possible in one scenario"),
        );
    }
    id
}
