//! Waits for connections of pools: how long requests waited that got one.
//!
//! In: the station of a pool, and the wait of each request that waited there. Out: for each pool its longest wait in a row, and
//! for each database the waits of a run, those that were none included. Only requests that wait cost anything here.

use super::pool::Pools;
use crate::flow::Flow;
use crate::kind::fleet::language::Fleet;
use crate::measure::histogram::Histogram;
use crate::measure::resource::Node as Side;

/// The waits at all pools.
#[derive(Debug, Default)]
pub struct Waits {
    /// For each pool of each fleet two: the writer's side and the readers'.
    each: Vec<Waited>,
    /// The first of each fleet.
    first: Vec<usize>,
    /// By the number of a station, which of them it belongs to.
    of_station: Vec<u32>,
}

/// The waits at one side of a pool of a fleet, on all of its hosts.
#[derive(Debug)]
struct Waited {
    fleet: usize,
    pool: usize,
    side: Side,
    database: usize,
    /// Those that were more than none.
    waits: Histogram,
    /// The longest in the present row, nanoseconds.
    longest: u64,
}

impl Waits {
    /// Before a run.
    pub fn new(fleets: &[Fleet]) -> Waits {
        let mut waits = Waits::default();
        for (fleet, settings) in fleets.iter().enumerate() {
            waits.first.push(waits.each.len());
            for (pool, to) in settings.pools.iter().enumerate() {
                for side in [Side::Writer, Side::Reader] {
                    let database = to.database.index();
                    let (waits_of, longest) = (Histogram::default(), 0);
                    waits.each.push(Waited { fleet, pool, side, database, waits: waits_of, longest });
                }
            }
        }
        waits
    }

    /// A station holds connections of a pool: on its first side or on its second.
    pub fn know(&mut self, station: u32, fleet: usize, pool: usize, side: usize) {
        let at = station as usize;
        if self.of_station.len() <= at {
            self.of_station.resize(at + 1, u32::MAX);
        }
        self.of_station[at] = (self.first[fleet] + 2 * pool + side) as u32;
    }

    /// A request has got a connection of a station after a wait.
    pub fn note(&mut self, station: u32, nanos: u64) {
        let Some(&place) = self.of_station.get(station as usize) else { return };
        let Some(waited) = self.each.get_mut(place as usize) else { return };
        waited.waits.record(nanos);
        waited.longest = waited.longest.max(nanos);
    }

    /// The longest wait at each side of each pool of a fleet in the row that ends, milliseconds.
    pub fn longest_in_row(&mut self, fleet: usize) -> impl Iterator<Item = f64> {
        let of_fleet = self.each.iter_mut().filter(move |waited| waited.fleet == fleet);
        of_fleet.map(|waited| std::mem::take(&mut waited.longest) as f64 / 1e6)
    }

    /// The waits of a run for connections to a side of a database.
    pub fn of(&self, database: usize, side: Side, pools: &Pools, flow: &Flow) -> Histogram {
        let mut all = Histogram::default();
        for waited in self.each.iter().filter(|it| it.database == database && it.side == side) {
            let taken = pools.taken(waited.fleet, waited.pool, side, flow) as u64;
            all.record_many(0, taken.saturating_sub(waited.waits.count()));
            all.merge(&waited.waits);
        }
        all
    }
}
