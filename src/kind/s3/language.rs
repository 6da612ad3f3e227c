//! `[s3.NAME]`: an Amazon S3 bucket. In: what it stores, its limits, its times. Out: a [`Bucket`].

mod foreign;
pub mod replica;
pub mod shapes;

use self::replica::{REPLICA_SHAPE, Replica};
use self::shapes::{
    BANDWIDTH, BURST, FIRST_BYTE, HOP, OBJECT, PARTITIONS, PREFIXES, READS, SHAPE, SPLIT_AFTER, SPLIT_SHAPE,
    SPLIT_WINDOW, STORAGE, WRITES,
};
use super::deed::{Deed, SORTS};
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes, Rate, Time};

/// A bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Name in the file.
    pub name: String,
    /// What it stores at the start.
    pub storage: Bytes,
    /// Size of an object, where a step says no other.
    pub object: Bytes,
    /// From when S3 has a request to the first byte of its answer; of a write, from its last byte.
    pub first_byte: Law,
    /// At which the bytes of one request pass.
    pub bandwidth: Bandwidth,
    /// How many prefixes the names of its objects begin with.
    pub prefixes: u32,
    /// Which keys have the same prefix.
    pub layout: Layout,
    /// Partitions of each prefix at the start.
    pub partitions: u32,
    /// Requests a second that each partition takes, of those that read and of those that write; `None` is no limit.
    pub limits: [Option<Rate>; SORTS],
    /// How much of what a partition takes can be saved up: the limit over this time.
    pub burst: Time,
    /// When a partition that refuses requests splits; `None` is never.
    pub split: Option<Split>,
    /// One-way network latency.
    pub hop: Time,
    /// Where what is put is copied to.
    pub replica: Option<Replica>,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Which keys of a population have the same prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// They take the prefixes in turn, by popularity: names begin with a hash.
    Spread,
    /// Those of equal popularity are together: names begin with a date, or with what is in fashion.
    Together,
}

/// How S3 answers load that lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split {
    /// For how long a partition refuses requests before it becomes two.
    pub after: Time,
    /// It goes on refusing as long as it has refused some in each window.
    pub window: Time,
}

/// Gauges of a bucket, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Bucket,
        name: "requests",
        own: true,
        about: "requests a second, refused ones included",
    },
    Dial { kind: Kind::Bucket, name: "slow_downs", own: true, about: "503 Slow Down a second" },
];

/// Most prefixes.
const PREFIXES_MAX: u32 = 10_000;
/// Most partitions of a prefix at the start.
const PARTITIONS_MAX: u32 = 10;

/// Words for the layout.
const LAYOUTS: [(&str, Layout); 2] = [("spread", Layout::Spread), ("together", Layout::Together)];

impl Bucket {
    /// What a partition takes of the requests that do this, a second; `None` is no limit.
    pub fn limit(&self, deed: Deed) -> Option<Rate> {
        self.limits[deed.sort()]
    }

    /// Partitions at the start.
    pub fn at_start(&self) -> u32 {
        self.prefixes * self.partitions
    }
}

impl Table<Settings> for Bucket {
    const ABOUT: &'static str = "S3 buckets";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE, &SPLIT_SHAPE, &REPLICA_SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Bucket {
        let limits = [("reads", READS.value), ("writes", WRITES.value)];
        Bucket {
            name: name.to_owned(),
            storage: reader.or("storage", Value::bytes, STORAGE.value),
            object: reader.or("object", Value::bytes, OBJECT.value),
            first_byte: reader.or("first_byte", Value::law, FIRST_BYTE.value),
            bandwidth: reader.or("bandwidth", Value::bandwidth, BANDWIDTH.value),
            prefixes: reader.or("prefixes", |value| value.count(1..=PREFIXES_MAX), PREFIXES.value),
            layout: reader.or("layout", |value| value.choice(&LAYOUTS), Layout::Spread),
            partitions: reader.or("partitions", |value| value.count(1..=PARTITIONS_MAX), PARTITIONS.value),
            limits: limits.map(|(key, given)| reader.or(key, limit, Some(given))),
            burst: reader.or("burst", Value::span_of_time, BURST.value),
            split: reader.or("split", Split::read, Some(Split::default())),
            hop: reader.or("hop", Value::time, HOP.value),
            replica: reader.maybe("replica", |value| Replica::read(value, name)),
            region: None,
        }
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
        self.replica.iter().map(|replica| (Kind::Bucket, replica.to.index())).collect()
    }

    fn name(&self) -> &str {
        &self.name
    }

    /// Its partitions, where these take only so much.
    fn can_fill(&self) -> bool {
        self.limits.iter().any(Option::is_some)
    }
}

impl Default for Split {
    fn default() -> Split {
        Split { after: SPLIT_AFTER.value, window: SPLIT_WINDOW.value }
    }
}

impl Split {
    /// A table, or the word for none.
    fn read(value: Value) -> Option<Option<Split>> {
        if value.is_text() && value.text() == Some("never") {
            return Some(None);
        }
        let split = value.table(&SPLIT_SHAPE, |reader| Split {
            after: reader.or("after", Value::span_of_time, SPLIT_AFTER.value),
            window: reader.or("window", Value::span_of_time, SPLIT_WINDOW.value),
        });
        split.map(Some)
    }
}

/// Requests a second, or no limit.
fn limit(value: Value) -> Option<Option<Rate>> {
    if value.is_text() && value.text() == Some("unlimited") {
        return Some(None);
    }
    let rate = value.rate()?;
    bounds::positive(value, rate.0)?;
    Some(Some(rate))
}
