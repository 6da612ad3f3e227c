//! One table in a run. In: its settings; units that requests ask for. Out: whether it takes them, and what it consumed.

use super::area::Area;
use super::counts::{Counts, Marks};
use super::dax::Dax;
use super::deed::SORTS;
use super::growth::Growth;
use super::item::Placed;
use super::language::DynamoTable;
use super::language::capacity::Capacity;
use super::limit::Limit;
use super::partitions::Partitions;
use super::replica::Replica;
use super::scaling::Scaler;
use crate::catalog::zone::Zone;
use crate::kind::bill::Hourly;
use crate::rng::{Stream, stream};

/// One table.
#[derive(Debug)]
pub(super) struct Table {
    /// The Region that it may be lost with, and whether it is.
    pub region: Option<Zone>,
    pub is_lost: bool,
    pub limits: [Limit; SORTS],
    /// How its limits follow the traffic, on demand.
    growth: Option<[Growth; SORTS]>,
    /// Units a second for which it has partitions.
    carries: [f64; SORTS],
    pub partitions: Partitions,
    pub scaler: Option<Scaler>,
    pub dax: Option<Dax>,
    pub replica: Option<Replica>,
    pub counts: Counts,
    pub marks: Marks,
    /// Units consumed, in halves, by hour.
    pub billed: [Hourly; SORTS],
    /// Bytes that are stored, and GB-hours of that by hour.
    pub stored: Area,
    pub stored_hours: Vec<f64>,
    /// Units that are provisioned, and hours of these by hour.
    pub provisioned: [Area; SORTS],
    pub provisioned_hours: [Vec<f64>; SORTS],
    /// Where items are that are no keys.
    pub chance: Stream,
    /// Pauses before a request is tried again.
    pub jitter: Stream,
}

/// By what a request is throttled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Throttle {
    /// The limit of the table.
    Table,
    /// That of a partition.
    Partition(usize),
}

impl Table {
    pub fn new(settings: &DynamoTable, region: Option<Zone>, seed: u64) -> Table {
        let (limit, warm) = (settings.limit(), settings.warm());
        let stored = settings.storage.0;
        let burst = settings.burst.as_secs_f64();
        let streams = |purpose: &str| stream(seed, &format!("dynamodb.{}/{purpose}", settings.name));
        let (growth, scaling, provisioned) = match &settings.capacity {
            Capacity::OnDemand(it) => (Some([0; SORTS].map(|_| Growth::new(it.growth))), None, [0.0; SORTS]),
            Capacity::Provisioned(it) => (None, it.scaling, it.units.each()),
        };
        Table {
            region,
            is_lost: false,
            limits: limit.map(|units| Limit::new(units, burst)),
            growth,
            carries: warm,
            partitions: Partitions::new(settings.partitions(warm, stored), settings.partition.each()),
            scaler: scaling.map(Scaler::new),
            dax: None,
            replica: settings.replica.as_ref().map(|replica| Replica::new(replica, streams("replica"))),
            counts: Counts::default(),
            marks: Marks::default(),
            billed: Default::default(),
            stored: Area::of(stored as f64),
            stored_hours: Vec::new(),
            provisioned: provisioned.map(Area::of),
            provisioned_hours: Default::default(),
            chance: streams("item"),
            jitter: streams("retry"),
        }
    }

    /// Lets on-demand capacity grow as far as it has until now.
    pub fn follow(&mut self, settings: &DynamoTable, now: u64) {
        let (Some(growth), Capacity::OnDemand(it)) = (&mut self.growth, &settings.capacity) else { return };
        let mut grown = false;
        for (sort, growth) in growth.iter_mut().enumerate() {
            while let Some((at, units)) = growth.next(now) {
                let units = units.min(settings.quota.each()[sort]);
                self.carries[sort] = self.carries[sort].max(units);
                let takes = it.max[sort].map_or(units, |most| units.min(most.into()));
                if takes > self.limits[sort].units() {
                    self.limits[sort].set(takes, at);
                }
                grown = true;
            }
        }
        if grown {
            self.spread(settings);
        }
    }

    /// There are as many partitions as it needs for what it carries and stores.
    fn spread(&mut self, settings: &DynamoTable) {
        self.partitions.grow(settings.partitions(self.carries, self.stored.value() as u64));
    }

    /// From now on it takes so many units a second of a sort, which are provisioned.
    pub fn provision(&mut self, settings: &DynamoTable, sort: usize, units: u32, now: u64) {
        let units = f64::from(units);
        self.provisioned[sort].set(units, now);
        self.limits[sort].set(units.min(settings.quota.each()[sort]), now);
        self.carries[sort] = self.carries[sort].max(units);
        self.spread(settings);
    }

    /// Takes so many halves of units for each of some items, or none at all.
    pub fn take(&mut self, sort: usize, halves: u32, items: &[Placed], now: u64) -> Result<(), Throttle> {
        let each = f64::from(halves);
        let all = each * items.len() as f64;
        for placed in items {
            let partition = self.partitions.at(*placed);
            self.partitions.each[partition].notice(*placed);
        }
        if !self.limits[sort].has(all, now) {
            return Err(Throttle::Table);
        }
        if let Some(partition) = self.lacking(sort, each, items, now) {
            return Err(Throttle::Partition(partition));
        }
        items.iter().for_each(|placed| self.consume(sort, halves, *placed, now));
        Ok(())
    }

    /// Consumes units for an item, however many there are.
    pub fn consume(&mut self, sort: usize, halves: u32, placed: Placed, now: u64) {
        let partition = self.partitions.at(placed);
        self.partitions.each[partition].take(sort, halves.into(), now);
        self.limits[sort].take(halves.into(), now);
        self.counts.consumed[sort] += u64::from(halves);
        if let Some(growth) = &mut self.growth {
            growth[sort].consume(halves.into());
        }
    }

    /// A partition that has not as much as some items ask of it; what several ask of one adds up.
    fn lacking(&self, sort: usize, each: f64, items: &[Placed], now: u64) -> Option<usize> {
        let lacks = |partition: usize, halves: f64| !self.partitions.each[partition].has(sort, halves, now);
        if let [one] = items {
            return Some(self.partitions.at(*one)).filter(|partition| lacks(*partition, each));
        }
        let mut asked: Vec<(usize, f64)> = Vec::with_capacity(items.len());
        for placed in items {
            let partition = self.partitions.at(*placed);
            match asked.iter_mut().find(|it| it.0 == partition) {
                Some(it) => it.1 += each,
                None => asked.push((partition, each)),
            }
        }
        asked.into_iter().find(|(partition, halves)| lacks(*partition, *halves)).map(|it| it.0)
    }

    /// Counts units that a request asks for, the first time that it does.
    pub fn asks(&mut self, sort: usize, halves: u32, items: &[Placed]) {
        for placed in items {
            let partition = self.partitions.at(*placed);
            self.partitions.each[partition].asked[sort] += u64::from(halves);
        }
        self.counts.asked[sort] += u64::from(halves) * items.len() as u64;
    }

    /// So many bytes more, or less, are stored from now on.
    pub fn store(&mut self, settings: &DynamoTable, bytes: i64, now: u64) {
        if bytes != 0 {
            self.stored.set((self.stored.value() + bytes as f64).max(0.0), now);
            self.spread(settings);
        }
    }
}
