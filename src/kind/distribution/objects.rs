//! Objects of one path: how many there are, how large each is, which of them are purged. In: what classes ask for. Out: a [`Set`] for
//! each.

use super::language::{Behaviour, Distribution, Purge};
use crate::flow::mark::Mark;
use crate::kind::front::Objects;
use crate::kind::pattern::fits;
use crate::rng::{Stream, mixed, stream};
use crate::units::Time;

/// Levels of caches at most: an edge, a regional cache, the Origin Shield.
pub(super) const LEVELS: usize = 3;

/// The objects of one path.
#[derive(Debug)]
pub(super) struct Set {
    /// The distribution.
    pub of: u16,
    /// The number of its behaviour.
    pub behaviour: u16,
    /// The number of the first object among those of the distribution, and how many there are, variants included.
    pub first: u32,
    pub count: u32,
    /// How many variants of each the cache key tells apart.
    pub variants: u32,
    /// Which of them a request asks for.
    pub chance: Stream,
    /// Bytes of an object as it is sent, and of the request that is sent to the origin.
    pub size: u64,
    pub request: u64,
    /// How long a copy is fresh, in nanoseconds; 0 where none is kept.
    pub fresh: u64,
    /// Whether simultaneous requests wait for one fetch.
    pub collapses: bool,
    /// Whether a request may be sent again that was not answered.
    pub is_read: bool,
    /// What was purged so far.
    pub purged: Purged,
    /// What has happened so far.
    pub counts: Counts,
    /// The same by the place of the clients, with what it was at the end of the last row.
    pub places: Vec<(Place, (Mark, Mark))>,
    /// The same at the end of the last row.
    pub marks: Marks,
}

/// What has become of the requests for the objects of one path.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Answered by a copy of an edge.
    pub hits: u64,
    /// Of those that may be: not answered by one at once.
    pub misses: u64,
    /// Of these, those that waited for the fetch of another.
    pub collapsed: u64,
    /// Of the fetches, those that a cache behind the edge answered.
    pub regional_hits: u64,
    /// Requests to an origin.
    pub origin: u64,
    /// How many requests came to each level, and how many went on from there.
    pub came: [u64; LEVELS],
    pub on: [u64; LEVELS],
    /// Requests that came to where those go on to the second origin of which the first failed, and those that went past that.
    pub over: (u64, u64),
}

/// Requests of clients of one place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// Those that were taken.
    pub requests: u64,
    /// Of these, those that were answered with an object.
    pub sent: u64,
}

/// Counters at the end of the last row.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub hits: Mark,
    pub misses: Mark,
    pub origin: Mark,
}

/// What was purged of a set.
#[derive(Debug, Default)]
pub(super) struct Purged {
    /// When all of it was purged last.
    all: u64,
    /// When parts of it were purged: the share, and what tells which.
    parts: Vec<(u64, f64, u64)>,
}

impl Purged {
    /// Something is purged.
    pub fn add(&mut self, share: f64, seed: u64, now: u64) {
        match share < 1.0 {
            true => self.parts.push((now, share, seed)),
            false => *self = Purged { all: now, parts: Vec::new() },
        }
    }

    /// Whether a copy of an object was removed that is as old as this instant.
    #[inline]
    pub fn has(&self, object: u32, made: u64) -> bool {
        made < self.all || (!self.parts.is_empty() && self.has_part(object, made))
    }

    fn has_part(&self, object: u32, made: u64) -> bool {
        let is_in = |share: f64, seed: u64| (mixed(seed, object.into()) as f64) < share * u64::MAX as f64;
        self.parts.iter().any(|&(at, share, seed)| made < at && is_in(share, seed))
    }
}

impl Set {
    /// The sets of all distributions, each behind those of its distribution before it.
    pub fn all(
        objects: &[Objects],
        keys: impl Fn(u16) -> u32,
        all: &[Distribution],
        (places, seed): (usize, u64),
    ) -> Vec<Set> {
        let mut ends = vec![0u32; all.len()];
        let set = |(number, of): (usize, &Objects)| {
            let distribution = &all[of.of.1];
            let behaviour: &Behaviour = &distribution.behaviours[usize::from(of.behaviour)];
            let kept = behaviour.fresh().filter(|_| of.method.reads());
            let variants = if kept.is_some() { behaviour.variants } else { 1 };
            let count = of.keys.filter(|_| kept.is_some()).map_or(1, &keys).saturating_mul(variants);
            let first = ends[of.of.1];
            ends[of.of.1] = first.saturating_add(count);
            let name = format!("distribution.{}/variants {number}", distribution.name);
            Set {
                of: of.of.1 as u16,
                behaviour: of.behaviour,
                first,
                count,
                variants,
                chance: stream(seed, &name),
                size: of.size.0,
                request: of.request.0,
                fresh: kept.unwrap_or(Time::ZERO).0,
                collapses: behaviour.collapses(),
                is_read: of.method.reads(),
                purged: Purged::default(),
                counts: Counts::default(),
                places: (0..places).map(|_| Default::default()).collect(),
                marks: Marks::default(),
            }
        };
        objects.iter().enumerate().map(set).collect()
    }
}

impl Set {
    /// Requests that were taken.
    pub fn requests(&self) -> u64 {
        self.places.iter().map(|(place, _)| place.requests).sum()
    }
}

/// Whether a purge is one of the objects of a path.
pub(super) fn is_purged_by(purge: &Purge, path: &str) -> bool {
    purge.path.as_deref().is_none_or(|pattern| fits(pattern, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_purge_is_gone() {
        let mut purged = Purged::default();
        assert!(!purged.has(7, 0));
        purged.add(1.0, 1, 100);
        assert!(purged.has(7, 99) && !purged.has(7, 100));
        purged.add(0.3, 1, 200);
        let gone = (0..10_000).filter(|object| purged.has(*object, 150)).count();
        assert!((2_800..3_200).contains(&gone), "{gone}: 4.4 standard deviations are 200");
        assert!((0..10_000).all(|object| !purged.has(object, 200)));
    }
}
