//! What a run keeps of a distribution, and of each attempt that is there. In: its settings, and where clients are. Out: its caches, empty.

use super::connections::Connections;
use super::copies::{Copies, Verdict};
use super::edges::Edges;
use super::hours::{Hours, Marks};
use super::language::Distribution;
use super::quota::Quota;
use super::record::DistributionTotals;
use crate::catalog::region::Region;
use crate::flow::attempt;
use crate::flow::{Flow, NONE, number};
use crate::kind::location::Location;
use crate::kind::part::Plan;
use crate::kind::path::PathOwner;

/// One distribution.
#[derive(Debug)]
pub(super) struct State {
    edges: Edges,
    pub(super) quota: Quota,
    /// The caches of each level.
    pub(super) caches: Vec<Vec<Copies>>,
    /// Connections of the caches that ask origins: those of the last level, and those of the edges.
    pub(super) connections: Connections,
    /// What has happened so far.
    pub(super) counted: DistributionTotals,
    pub(super) marks: Marks,
    pub(super) used: Hours,
}

/// What an attempt keeps from its first look-up to its answer: a line of a cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Call {
    /// The object; `NONE` where nobody keeps it.
    pub object: u32,
    /// The try under way at the origin.
    pub errand: u32,
    /// Its set of objects; `u16::MAX` for an attempt that is not here.
    pub set: u16,
    /// The edge, and the place of the client.
    pub edge: u16,
    pub place: u16,
    /// A bit for each level at whose cache it fetches.
    pub leads: u8,
    /// The level at which it waits for the fetch of another; `u8::MAX` for none.
    pub waits: u8,
    /// Tries so far at the present origin.
    pub tries: u8,
    /// Whether it goes on to the second origin.
    pub is_over: bool,
    /// Which of the caches that ask has sent it, and to which origin of the distribution.
    pub asker: u32,
    pub origin: u32,
    /// When it was sent.
    pub begun: u64,
    /// How far that origin is from the place of the client, one way, beside `origin_hop`.
    pub far: u64,
    /// What has come of it.
    pub verdict: Verdict,
}

const _: () = assert!(size_of::<Call>() == 64);

impl Call {
    /// Of an attempt that is not here.
    pub(super) const NONE: Call = Call {
        object: NONE,
        errand: NONE,
        set: u16::MAX,
        edge: 0,
        place: 0,
        leads: 0,
        waits: u8::MAX,
        tries: 0,
        is_over: false,
        asker: 0,
        origin: 0,
        begun: 0,
        far: 0,
        verdict: Verdict::Fresh(0),
    };
}

/// How far each origin of a distribution is from each place, one way.
pub(super) fn far(plan: &Plan<'_>, settings: &Distribution, near: &[Option<&Location>]) -> Vec<Vec<u64>> {
    let home = Region::of(plan.region);
    let of = |origin: PathOwner| {
        let to = plan.kinds.region(origin).or(home);
        let way = |place: &Option<&Location>| match (place, home, to) {
            (Some(location), _, Some(to)) => location.round_trip(to).0 / 2,
            (None, Some(home), Some(to)) => home.round_trip(to).0 / 2,
            _ => 0,
        };
        near.iter().map(way).collect()
    };
    // Each behaviour has a number for a second one.
    let origins = settings.behaviours.iter().flat_map(|it| [it.origin, it.failover.unwrap_or(it.origin)]);
    origins.map(of).collect()
}

/// The place of the clients of each source, and of each place its price group and where it is.
pub(super) fn places<'s>(plan: &Plan<'s>) -> (Vec<u16>, Vec<&'static str>, Vec<Option<&'s Location>>) {
    let home = Region::of(plan.region);
    let (mut known, mut of, mut groups, mut near) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for origin in &plan.origins {
        let at = known.iter().position(|it| *it == origin.location).unwrap_or_else(|| {
            let location = origin.location.map(|it| &plan.locations[it]);
            known.push(origin.location);
            let region = location.map(|it| it.near).or(home);
            groups.push(region.map_or("north-america", Region::group));
            near.push(location);
            known.len() - 1
        });
        of.push(number(at));
    }
    (of, groups, near)
}

impl State {
    pub fn new(settings: &Distribution, objects: u32, (all, places): (usize, &[u16]), seed: u64) -> State {
        let all = all as u32;
        let levels = [
            (all * settings.edges, settings.edge_cache),
            (all * settings.regional_caches, settings.regional_cache),
            (u32::from(settings.shield), settings.regional_cache),
        ];
        let caches = levels
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, size)| (0..count).map(|_| Copies::new(objects, size.0)).collect::<Vec<_>>());
        let caches: Vec<_> = caches.collect();
        let origins = 2 * settings.behaviours.len();
        let askers = caches.first().map_or(0, Vec::len) + caches.last().map_or(0, Vec::len);
        State {
            edges: Edges::new(settings.edges, places.to_vec(), seed, &settings.name),
            quota: Quota::new(settings.requests.0, settings.bandwidth.0 / 8.0),
            connections: Connections::new(settings.keep_alive.0, askers, origins),
            caches,
            counted: DistributionTotals { name: settings.name.clone(), ..DistributionTotals::default() },
            marks: Marks::default(),
            used: Hours::default(),
        }
    }

    /// The edge of a request, and the place of its client.
    #[inline]
    pub fn edge_of(&mut self, id: u32, flow: &Flow) -> (u16, u16) {
        let attempt = &flow.attempts[id];
        match attempt.state {
            // What another distribution asks for comes from anywhere.
            attempt::State::Errand => self.edges.of(0, NONE),
            _ => self.edges.of(attempt.source, attempt.user),
        }
    }

    /// The cache of a level that an edge asks: each is asked by as many.
    pub(super) fn cache(&self, level: u8, edge: u16) -> usize {
        let level = &self.caches[usize::from(level)];
        usize::from(edge) * level.len() / self.caches[0].len()
    }
}
