//! Waits for connections of pools: how long requests waited that got one.
//!
//! In: the station of a pool, and the wait of each request that waited there. Out: for each pool its longest wait in a row, and
//! for each database the waits of a run, those that were none included. Only requests that wait cost anything here.

use super::callers::Callers;
use super::pool::SIDES;
use crate::flow::number;
use crate::kind::database::language::Database;
use crate::measure::histogram::Histogram;
use crate::measure::resource::Node as Side;

/// The waits at all pools.
#[derive(Debug, Default)]
pub struct Waits {
    /// For each pool of each fleet two: the writer's side and the readers'. Then the same for each database, of its proxy.
    each: Vec<Waited>,
    /// The first of each fleet, and that of the proxies.
    first: Vec<usize>,
    /// By the number of a station, which of them it belongs to.
    of_station: Vec<u32>,
}

/// The waits at one side of a pool of a fleet, on all of its hosts, or of a proxy.
#[derive(Debug)]
struct Waited {
    /// The fleet and its pool; nothing of a proxy.
    pool: Option<(usize, usize)>,
    side: Side,
    database: usize,
    /// Those that were more than none.
    waits: Histogram,
    /// The longest in the present row, nanoseconds.
    longest: u64,
}

impl Waits {
    /// Before a run.
    pub fn new(fleets: &[Callers<'_>], databases: &[Database]) -> Waits {
        let mut waits = Waits::default();
        for (fleet, settings) in fleets.iter().enumerate() {
            waits.first.push(waits.each.len());
            for (pool, to) in settings.pools.iter().enumerate() {
                let pool = Some((fleet, pool));
                waits.each.extend(SIDES.map(|side| Waited::new(pool, side, to.database.index())));
            }
        }
        waits.first.push(waits.each.len());
        for database in 0..databases.len() {
            waits.each.extend(SIDES.map(|side| Waited::new(None, side, database)));
        }
        waits
    }

    /// A station holds connections of a pool: on its first side or on its second.
    pub fn know(&mut self, station: u32, fleet: usize, pool: usize, side: usize) {
        self.place(station, self.first[fleet] + 2 * pool + side);
    }

    /// A station holds connections of the proxy of a database.
    pub fn know_proxy(&mut self, station: u32, database: usize, side: usize) {
        let first = self.first.last().copied().unwrap_or(0);
        self.place(station, first + 2 * database + side);
    }

    fn place(&mut self, station: u32, place: usize) {
        let at = station as usize;
        if self.of_station.len() <= at {
            self.of_station.resize(at + 1, u32::MAX);
        }
        self.of_station[at] = number(place);
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
        let of_fleet =
            self.each.iter_mut().filter(move |waited| waited.pool.is_some_and(|pool| pool.0 == fleet));
        of_fleet.map(|waited| std::mem::take(&mut waited.longest) as f64 / 1e6)
    }

    /// The waits of a run for connections of pools to a side of a database; `taken` says how many a pool of a fleet gave.
    pub fn of(&self, database: usize, side: Side, taken: impl Fn(usize, usize) -> f64) -> Histogram {
        let mut all = Histogram::default();
        for waited in self.each.iter().filter(|it| it.database == database && it.side == side) {
            if let Some((fleet, pool)) = waited.pool {
                let taken = taken(fleet, pool) as u64;
                all.record_many(0, taken.saturating_sub(waited.waits.count()));
                all.merge(&waited.waits);
            }
        }
        all
    }

    /// The same at the proxy of a database, which gave `taken` connections, on both sides.
    pub fn of_proxy(&self, database: usize, taken: f64) -> Histogram {
        let mut all = Histogram::default();
        for waited in self.each.iter().filter(|it| it.database == database && it.pool.is_none()) {
            all.merge(&waited.waits);
        }
        all.record_many(0, (taken as u64).saturating_sub(all.count()));
        all
    }
}

impl Waited {
    fn new(pool: Option<(usize, usize)>, side: Side, database: usize) -> Waited {
        Waited { pool, side, database, waits: Histogram::default(), longest: 0 }
    }
}
