//! `[dynamodb.NAME]`: an Amazon DynamoDB table. In: its capacity, its items, its times. Out: a [`DynamoTable`].

pub mod capacity;
mod check;
pub mod dax;
mod foreign;
pub mod replica;
pub mod scaling;
pub mod shapes;
pub mod split;
pub mod throughput;

use self::capacity::{Capacity, GROWTH_SHAPE, MAX_SHAPE, PARTITION_SHAPE, QUOTA_SHAPE, WARM_SHAPE};
use self::dax::{DAX_SHAPE, Dax};
use self::replica::{REPLICA_SHAPE, Replica};
use self::scaling::{OF_SORT_SHAPE, SCALING_SHAPE};
use self::shapes::{HOP, ITEM, ITEM_MAX, PARTITION, QUOTA, READ_TIME, RETRIES, SHAPE, STORAGE, WRITE_TIME};
use self::split::{SPLIT_SHAPE, Split};
use self::throughput::Throughput;
use super::deed::{Deed, SORTS};
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::retry::Retries;
use crate::kind::table::{Foreign, Table};
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bytes, Time};

/// A table of DynamoDB.
#[derive(Clone, Debug)]
pub struct DynamoTable {
    /// Name in the file.
    pub name: String,
    /// How many units it takes a second.
    pub capacity: Capacity,
    /// Most of these that AWS lets it have.
    pub quota: Throughput,
    /// How much unused capacity can be saved up: what it takes in this time.
    pub burst: Time,
    /// Units a second that each of its partitions takes.
    pub partition: Throughput,
    /// When a partition that throttles requests splits; `None` is never.
    pub split: Option<Split>,
    /// What it stores at the start.
    pub storage: Bytes,
    /// Size of an item, where a step says no other.
    pub item: Bytes,
    /// From when DynamoDB has a request to its answer, of a read.
    pub read_time: Law,
    /// The same of a write.
    pub write_time: Law,
    /// How the SDK of the caller tries again what was throttled.
    pub retries: Retries,
    /// The cache in front of it.
    pub dax: Option<Dax>,
    /// The table in another Region that has the same items.
    pub replica: Option<Replica>,
    /// One-way network latency.
    pub hop: Time,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Gauges of a table, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::DynamoTable,
        name: "consumed_read_units",
        own: true,
        about: "read units a second that were consumed",
    },
    Dial {
        kind: Kind::DynamoTable,
        name: "consumed_write_units",
        own: true,
        about: "write units a second that were consumed",
    },
    Dial {
        kind: Kind::DynamoTable,
        name: "throttled",
        own: true,
        about: "throttled requests a second, each try by itself",
    },
];

/// What one partition stores.
const PARTITION_BYTES: u64 = 10 << 30;

impl DynamoTable {
    /// The law of the time of a request.
    pub fn time(&self, deed: Deed) -> &Law {
        if deed.reads() { &self.read_time } else { &self.write_time }
    }

    /// Units a second that it can have at once without more partitions: as on-demand capacity takes at the start, or as is provisioned or warm.
    pub fn warm(&self) -> [f64; SORTS] {
        match &self.capacity {
            Capacity::OnDemand(it) => it.warm.each(),
            Capacity::Provisioned(it) => it.largest().each(),
        }
    }

    /// Units a second that it takes at the start, whatever its partitions take.
    pub fn limit(&self) -> [f64; SORTS] {
        let most = match &self.capacity {
            Capacity::OnDemand(it) => {
                let warm = it.warm.each();
                std::array::from_fn(|sort| {
                    it.max[sort].map_or(warm[sort], |most| warm[sort].min(most.into()))
                })
            }
            Capacity::Provisioned(it) => it.units.each(),
        };
        let quota = self.quota.each();
        std::array::from_fn(|sort| most[sort].min(quota[sort]))
    }

    /// Partitions that so many units a second and so many bytes need.
    pub fn partitions(&self, units: [f64; SORTS], stored: u64) -> u32 {
        let each = self.partition.each();
        let by_units = units.into_iter().zip(each).map(|(units, each)| (units / each).ceil());
        let by_bytes = stored.div_ceil(PARTITION_BYTES) as f64;
        by_units.fold(by_bytes, f64::max).clamp(1.0, f64::from(PARTITIONS_MAX)) as u32
    }
}

/// Most partitions of a table. A table with more costs memory, and nobody has one.
pub(super) const PARTITIONS_MAX: u32 = 100_000;

impl Table<Settings> for DynamoTable {
    const ABOUT: &'static str = "DynamoDB tables";
    const SHAPES: &'static [&'static Shape] = &[
        &SHAPE,
        &WARM_SHAPE,
        &MAX_SHAPE,
        &QUOTA_SHAPE,
        &PARTITION_SHAPE,
        &GROWTH_SHAPE,
        &SCALING_SHAPE,
        &OF_SORT_SHAPE,
        &SPLIT_SHAPE,
        &DAX_SHAPE,
        &REPLICA_SHAPE,
    ];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> DynamoTable {
        let capacity = Capacity::read(reader);
        let usual_burst = capacity.burst();
        let quota = |value: Value| Throughput::read(value, &QUOTA_SHAPE, QUOTA.value);
        let partition = |value: Value| Throughput::read(value, &PARTITION_SHAPE, PARTITION.value);
        let table = DynamoTable {
            name: name.to_owned(),
            capacity,
            quota: reader.or("quota", quota, QUOTA.value),
            burst: reader.or("burst", Value::span_of_time, usual_burst),
            partition: reader.or("partition", partition, PARTITION.value),
            split: reader.or("split", Split::read, Some(Split::default())),
            storage: reader.or("storage", Value::bytes, STORAGE.value),
            item: reader.or("item", item, ITEM.value),
            read_time: reader.or("read_time", Value::law, READ_TIME.value),
            write_time: reader.or("write_time", Value::law, WRITE_TIME.value),
            retries: reader.or("retries", |value| Retries::read(value, RETRIES), RETRIES),
            dax: reader.maybe("dax", Dax::read),
            replica: reader.maybe("replica", |value| Replica::read(value, name)),
            hop: reader.or("hop", Value::time, HOP.value),
            region: None,
        };
        check::of_table(&table, reader);
        table
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        true
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        self.replica.iter().map(|replica| (Kind::DynamoTable, replica.to.index())).collect()
    }

    /// Both replicas of a global table copy to each other: the one that says nothing of it does so as the other one.
    fn complete(tables: &mut Vec<DynamoTable>, _: &mut Vec<((Kind, usize), Written<'_>)>) {
        for index in 0..tables.len() {
            check::pair(tables, index);
        }
    }

    fn check(&self, index: usize, all: &Settings, cx: &Context) {
        check::of_replicas(index, &all.dynamo_tables, cx);
    }

    /// A minute of auto scaling is three events, and an empty minute of on-demand capacity none.
    fn own_work(&self, _: &Settings, seconds: f64, _: impl Fn() -> f64) -> crate::kind::effort::Work {
        let scales = matches!(&self.capacity, Capacity::Provisioned(it) if it.scaling.is_some());
        crate::kind::effort::Work::of_events(if scales { seconds / 20.0 } else { 0.0 })
    }
}

/// Size of an item.
pub(super) fn item(value: Value) -> Option<Bytes> {
    let size = value.bytes()?;
    if size > ITEM_MAX {
        value.problem(
            format!("an item of {size}, and DynamoDB takes {ITEM_MAX} at most"),
            "put what is larger into an [s3.NAME], and its key into the table",
        );
        return None;
    }
    Some(size)
}
