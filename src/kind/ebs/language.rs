//! `[ebs.NAME]`: the EBS volumes of a fleet. In: type, size, what is provisioned. Out: a [`BlockVolume`].

mod foreign;
pub mod provisioned;
pub mod shapes;

use self::provisioned::{Provisioned, iops, of_instances, size_of_volume, throughput};
use self::shapes::{CREDITS, DELETE, FILE, IO, READ, SHAPE, SIZE, SUB_READ, SUB_WRITE, WRITE};
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, FleetId, Kind, UNKNOWN};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::kind::volume_type::{Burst, VolumeType, gp2_burst};
use crate::kind::way::operations;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes};

/// The volumes of a fleet: each of its instances has one.
#[derive(Clone, Debug)]
pub struct BlockVolume {
    /// Name in the file.
    pub name: String,
    /// The fleet.
    pub fleet: FleetId,
    /// Its type.
    pub of: VolumeType,
    /// Its size.
    pub size: Bytes,
    /// I/Os a second that it always does; it earns as many credits.
    pub iops: f64,
    /// What it does beyond that while it has credits; absent where it does no more.
    pub burst: Option<Burst>,
    /// Bytes a second that it passes, and its instance to EBS.
    pub throughput: Bandwidth,
    /// I/Os a second that are billed.
    pub billed_iops: f64,
    /// MiB a second that are billed.
    pub billed_mib: f64,
    /// Time of an I/O that reads, and of one that writes.
    pub latency: [Law; 2],
    /// The largest I/O.
    pub io: Bytes,
    /// Size of a file, where a step says no other.
    pub file: Bytes,
    /// Whether it ends with its instance.
    pub delete: bool,
}

/// Gauges of volumes, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[Dial {
    kind: Kind::BlockVolume,
    name: "burst_balance",
    own: true,
    about: "burst credits that are left, mean over the volumes, percent; 100 where they have none to spend",
}];

impl BlockVolume {
    /// I/Os a second that it does at most, while it has credits.
    pub fn most(&self) -> f64 {
        self.burst.map_or(self.iops, |burst| burst.iops)
    }

    /// What so many I/Os of so many bytes together take of its time, in nanoseconds: their part of the I/Os of a second, or of the bytes, whichever is more.
    pub fn span(&self, bytes: Bytes, count: u64) -> f64 {
        (1e9 * count as f64 / self.most()).max(8e9 * bytes.0 as f64 / self.throughput.0)
    }

    /// The same of a file.
    pub fn span_of_file(&self, size: Bytes) -> f64 {
        let (whole, count) = (size.0 / self.io.0.max(1), operations(size, self.io));
        let rest = Bytes(size.0 - whole * self.io.0);
        whole as f64 * self.span(self.io, 1) + (count - whole) as f64 * self.span(rest, 1)
    }
}

impl Table<Settings> for BlockVolume {
    const ABOUT: &'static str = "EBS volumes of instances";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> BlockVolume {
        let of = reader.or("type", |value| value.choice(&VolumeType::ALL), VolumeType::Gp3);
        let size = reader.or("size", |value| size_of_volume(value, of), SIZE.value);
        let iops = iops(reader, of, size);
        let throughput = throughput(reader, of, iops);
        let credits = reader.maybe("credits", |value| {
            if of != VolumeType::Gp2 {
                value.problem(format!("{} has no burst credits", of.name()), "remove it");
            }
            value.share()
        });
        let Provisioned { iops, mib, billed_iops, billed_mib } = Provisioned::of(of, size, iops, throughput);
        let bandwidth = Bandwidth(mib * provisioned::MIB);
        let instance = reader.maybe("instance_limit", of_instances);
        let [read, write] = if of == VolumeType::Io2 { [&SUB_READ, &SUB_WRITE] } else { [&READ, &WRITE] };
        BlockVolume {
            name: name.to_owned(),
            fleet: reader.must("fleet", Value::id, FleetId(UNKNOWN)),
            of,
            size,
            iops,
            burst: (of == VolumeType::Gp2)
                .then(|| gp2_burst(size, 1.0, credits.unwrap_or(CREDITS.value)))
                .flatten(),
            throughput: instance.map_or(bandwidth, |instance| Bandwidth(instance.0.min(bandwidth.0))),
            billed_iops,
            billed_mib,
            latency: [("read_latency", read), ("write_latency", write)]
                .map(|(key, given)| reader.or(key, Value::law, given.value.clone())),
            io: reader.or("io", Value::some_bytes, IO.value),
            file: reader.or("file", Value::bytes, FILE.value),
            delete: reader.or("delete_on_termination", Value::flag, DELETE.value),
        }
    }

    fn region(&self, all: &Settings) -> Option<Region> {
        all.region((Kind::Fleet, self.fleet.index()))
    }

    fn uses(&self) -> Vec<(Kind, usize)> {
        vec![(Kind::Fleet, self.fleet.index())]
    }

    fn name(&self) -> &str {
        &self.name
    }
}
