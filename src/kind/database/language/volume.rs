//! `storage` of a database: its size, and the EBS volume of each node of RDS. Out: a size, and a [`Volume`].
//!
//! What a volume can do follows from its type and size. (Amazon RDS user guide, "Amazon RDS DB instance storage"; Amazon EBS user guide,
//! "General Purpose SSD volumes".) From 400 GiB on, RDS for MySQL and PostgreSQL stripes four volumes.

use super::Engine;
use crate::kind::volume_type::{Burst, GP3_IOPS, GP3_MIB, VolumeType, gp2_burst, gp2_iops, gp2_mib};
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes, Time};

/// Size from which four volumes are striped: 400 GiB. Source: the guide.
pub const STRIPED_FROM: Bytes = Bytes(400 << 30);
/// Volumes that are striped. Source: the guide.
const STRIPES: f64 = 4.0;
/// The most that can be provisioned of striped gp3. Source: the RDS guide.
const GP3_IOPS_MOST: u32 = 64_000;
const GP3_MIB_MOST: f64 = 4_000.0;
/// Provisioned I/Os of io1 and io2. Source: the RDS guide.
const IO_IOPS: std::ops::RangeInclusive<u32> = 1_000..=256_000;
/// The largest I/O, and the throughput that all of them reach together. Source: the RDS guide.
const IO_SIZE_MIB: f64 = 0.25;
const IO_MIB_MOST: f64 = 4_000.0;
const MIB: f64 = 8.0 * 1_048_576.0;

/// Writes of a commit: 2 of MySQL, 1 of PostgreSQL.
pub const LOG_WRITES: Given<u32> = Given::new(
    2,
    "MySQL reference manual: the redo log is flushed where `innodb_flush_log_at_trx_commit` is 1, the binary log where `sync_binlog` is",
);
const LOG_WRITES_POSTGRES: u32 = 1;
/// From the change of a page until it is written: 30 s.
pub const WRITE_BACK: Given<Time> = Given::new(
    Time::from_secs(30),
    "assumption: dirty pages are written by the page cleaner, or by a checkpoint, long before their memory is needed",
);
/// Credits at the start: all.
pub const CREDITS: Given<f64> = Given::new(1.0, "assumption: the day before was calm");

/// The language of the volumes of a database.
pub const SHAPE: Shape = Shape {
    title: "storage = { type, … }",
    about: "The EBS volume of each node of `mysql` and `postgres`: pages that are not in memory, the log and changed pages take I/Os of it, and wait when it \
            has no more of them. With a size alone, `storage = \"100 GiB\"`, storage never runs out of I/Os.",
    keys: &[
        Key::required("type", "\"gp2\", \"gp3\", \"io1\" or \"io2\"", "the type of the volume"),
        Key::given("size", "data, 20 GiB to 64 TiB", || super::STORAGE.show(), "data volume (billed)"),
        Key::optional(
            "iops",
            "whole number",
            "gp3: 3,000, and 12,000 from 400 GiB on; required of io1 and io2 (Amazon RDS user guide, \"Amazon RDS DB instance storage\")",
            "provisioned I/Os a second (billed: of gp3 what is above the default); gp2 has 3 for each GiB, 100 at least",
        ),
        Key::optional(
            "throughput",
            "bandwidth",
            "gp3: \"125 MiB/s\", and \"500 MiB/s\" from 400 GiB on (Amazon RDS user guide, \"Amazon RDS DB instance storage\")",
            "provisioned bytes a second of gp3 of 400 GiB or more (billed: what is above the default)",
        ),
        Key::given(
            "credits",
            "share",
            || (format!("\"{}%\"", 100.0 * CREDITS.value), CREDITS.source),
            "burst credits of gp2 at the start, of the 5.4 million that a volume has at most",
        ),
        Key::given(
            "log_writes",
            "whole number, up to 16",
            || (format!("{}, {LOG_WRITES_POSTGRES} of PostgreSQL", LOG_WRITES.value), LOG_WRITES.source),
            "I/Os of a commit, or of a flush with `group_commit`, for which it waits",
        ),
        Key::given(
            "write_back",
            "duration",
            || WRITE_BACK.show(),
            "from the first change of a page until it is written to the volume; changes of it meanwhile are written with it",
        ),
    ],
};

/// The volume of each node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Volume {
    /// Its type.
    pub of: VolumeType,
    /// I/Os a second that it always does; it earns as many credits.
    pub iops: f64,
    /// What it does beyond that while it has credits; absent where it does no more.
    pub burst: Option<Burst>,
    /// Bytes a second.
    pub throughput: Bandwidth,
    /// I/Os a second that are billed.
    pub billed_iops: f64,
    /// MiB a second that are billed.
    pub billed_mib: f64,
    /// I/Os of a commit.
    pub log_writes: u32,
    /// From the first change of a page until it is written.
    pub write_back: Time,
}

impl Volume {
    /// I/Os a second that it does at most, while it has credits.
    pub fn most(&self) -> f64 {
        self.burst.map_or(self.iops, |burst| burst.iops)
    }
}

/// Reads the value of the key: a size, or a table.
pub(super) fn read(value: Value, engine: Engine, cluster: bool) -> Option<(Bytes, Option<Volume>)> {
    if !value.is_table() {
        return value.bytes().map(|size| (size, None));
    }
    if engine.is_aurora() {
        let hint =
            format!("write the size alone: storage = \"100 GiB\", or set engine = \"{}\"", engine.on_rds());
        value.problem("Aurora has one storage for all nodes, and no EBS volumes", hint);
        return None;
    }
    value.table(&SHAPE, |reader| of_table(reader, engine, cluster)).map(|(size, volume)| (size, Some(volume)))
}

fn of_table(reader: &Reader, engine: Engine, cluster: bool) -> (Bytes, Volume) {
    let of = reader.must_choose("type", &VolumeType::ALL, VolumeType::Gp3);
    if cluster
        && of == VolumeType::Gp2
        && let Some(value) = reader.get("type")
    {
        value.problem("a Multi-AZ cluster has no gp2 volumes", "write \"gp3\", \"io1\" or \"io2\"");
    }
    let size = reader.or("size", size_of_volume, super::STORAGE.value);
    let stripes = if size >= STRIPED_FROM { STRIPES } else { 1.0 };
    let iops = iops(reader, of, size);
    let throughput = throughput(reader, of, size);
    let credits = reader.maybe("credits", |value| {
        if of != VolumeType::Gp2 {
            value.problem(format!("{} has no burst credits", of.name()), "remove it");
        }
        value.share()
    });
    let each = Bytes((size.0 as f64 / stripes) as u64);
    let provisioned = f64::from(iops.unwrap_or(0));
    let (iops, mib, billed_iops) = match of {
        VolumeType::Gp2 => (gp2_iops(each) * stripes, gp2_mib(each) * stripes, 0.0),
        VolumeType::Gp3 => {
            let usual = GP3_IOPS * stripes;
            (provisioned.max(usual), GP3_MIB * stripes, (provisioned - usual).max(0.0))
        }
        VolumeType::Io1 | VolumeType::Io2 => {
            (provisioned, (IO_SIZE_MIB * provisioned).min(IO_MIB_MOST), provisioned)
        }
    };
    let usual = Bandwidth(mib * MIB);
    let bursts = (of == VolumeType::Gp2).then(|| gp2_burst(each, stripes, credits.unwrap_or(CREDITS.value)));
    let burst = bursts.flatten();
    let usual_writes = if engine.is_postgres() { LOG_WRITES_POSTGRES } else { LOG_WRITES.value };
    let volume = Volume {
        of,
        iops,
        burst,
        throughput: throughput.unwrap_or(usual),
        billed_iops,
        billed_mib: throughput.map_or(0.0, |it| (it.0 - usual.0) / MIB),
        log_writes: reader.or("log_writes", |value| value.count(0..=16), usual_writes),
        write_back: reader.or("write_back", Value::time, WRITE_BACK.value),
    };
    (size, volume)
}

fn size_of_volume(value: Value) -> Option<Bytes> {
    let size = value.bytes()?;
    if !(Bytes(20 << 30)..=Bytes(64 << 40)).contains(&size) {
        value.problem("a volume of this size", "write a size from \"20 GiB\" to \"64 TiB\"");
        return None;
    }
    Some(size)
}

/// What is provisioned.
fn iops(reader: &Reader, of: VolumeType, size: Bytes) -> Option<u32> {
    let gib = size.as_gib();
    // I/Os a second for each GiB, at least and at most. Source: the RDS guide.
    let (range, each) = match of {
        VolumeType::Gp2 | VolumeType::Gp3 => (STRIPES as u32 * GP3_IOPS as u32..=GP3_IOPS_MOST, 0.0..=500.0),
        VolumeType::Io1 => (IO_IOPS, 0.5..=50.0),
        VolumeType::Io2 => (IO_IOPS, 0.5..=1_000.0),
    };
    let found = reader.maybe("iops", |value| {
        match of {
            VolumeType::Gp2 => {
                let hint = "remove it, or write type = \"gp3\"";
                value.problem("the I/Os of gp2 follow from its size: 3 a second for each GiB", hint);
                return None;
            }
            VolumeType::Gp3 if size < STRIPED_FROM => {
                let hint = "remove it, or write a size of \"400 GiB\" or more";
                value.problem("gp3 of less than 400 GiB has 3,000 I/Os a second, and no more", hint);
                return None;
            }
            _ => {}
        }
        let iops = value.count(range)?;
        let per_gib = f64::from(iops) / gib;
        if !each.contains(&per_gib) {
            let message = format!("{iops} I/Os a second of a volume of {size}: {per_gib:.1} for each GiB");
            let hint = format!("{} takes {} to {} for each GiB", of.name(), each.start(), each.end());
            value.problem(message, hint);
        }
        Some(iops)
    });
    if matches!(of, VolumeType::Io1 | VolumeType::Io2) && reader.get("iops").is_none() {
        reader.missing(&["iops"]);
    }
    found
}

fn throughput(reader: &Reader, of: VolumeType, size: Bytes) -> Option<Bandwidth> {
    let most = Bandwidth(GP3_MIB_MOST * MIB);
    let least = Bandwidth(GP3_MIB * STRIPES * MIB);
    reader.maybe("throughput", |value| {
        if of != VolumeType::Gp3 || size < STRIPED_FROM {
            let hint = "remove it: it follows from the type, the size and the I/Os";
            value.problem("throughput can be provisioned of gp3 of 400 GiB or more", hint);
            return None;
        }
        let throughput = value.bandwidth()?;
        if !(least..=most).contains(&throughput) {
            value.problem("a throughput that gp3 does not have", "write \"500 MiB/s\" to \"4000 MiB/s\"");
            return None;
        }
        Some(throughput)
    })
}
