//! `[efs.NAME]`: an Amazon EFS file system. In: what it stores, its throughput mode, its limits. Out: a [`FileSystem`].

mod foreign;
pub mod shapes;

use self::shapes::{CREDITS, FILE, HOP, IO, MODES, READ, SHAPE, STORAGE, WRITE};
use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::kind::way::Way;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::units::{Bandwidth, Bytes, Rate, Time};

/// A file system.
#[derive(Clone, Debug)]
pub struct FileSystem {
    /// Name in the file.
    pub name: String,
    /// What it stores at the start.
    pub storage: Bytes,
    /// Size of a file, where a step says no other.
    pub file: Bytes,
    /// How its throughput is limited.
    pub mode: Mode,
    /// What is provisioned, in that mode.
    pub provisioned: Option<Bandwidth>,
    /// Part of the burst credits that it has at the start.
    pub credits: f64,
    /// Time of an operation that reads, and of one that writes.
    pub latency: [Law; 2],
    /// Operations a second of each way.
    pub iops: [Rate; 2],
    /// Bytes a second of each way.
    pub throughput: [Bandwidth; 2],
    /// Bytes a second of each client, both ways together.
    pub client: Bandwidth,
    /// The largest operation.
    pub io: Bytes,
    /// One-way network latency.
    pub hop: Time,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
}

/// Throughput modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As much as is asked for, billed by the byte.
    Elastic,
    /// As much as is provisioned.
    Provisioned,
    /// By what is stored, and more while there are burst credits.
    Bursting,
}

impl Mode {
    const ALL: [(&'static str, Mode); 3] =
        [("elastic", Mode::Elastic), ("provisioned", Mode::Provisioned), ("bursting", Mode::Bursting)];

    /// `elastic`.
    pub fn name(self) -> &'static str {
        Mode::ALL.iter().find(|(_, it)| *it == self).map_or("", |(name, _)| name)
    }
}

/// Gauges of a file system, as CloudWatch has them.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::FileSystem,
        name: "percent_io_limit",
        own: true,
        about: "part of the operations that it can do, of reads or of writes, whichever is more, percent",
    },
    Dial {
        kind: Kind::FileSystem,
        name: "burst_credit_balance",
        own: true,
        about: "burst credits that are left, percent; 100 where it has none to spend",
    },
];

/// What may be provisioned. (Amazon EFS user guide, "Quotas": 1 MiB/s up to the most of a file system.)
const PROVISIONED: std::ops::RangeInclusive<f64> = 8.0 * 1_048_576.0..=10.0 * 8.0 * 1_073_741_824.0;

impl FileSystem {
    /// What is metered: bytes a second at the fastest, in the modes in which that has an end.
    pub fn metered(&self) -> Option<f64> {
        match self.mode {
            Mode::Elastic => None,
            Mode::Provisioned => {
                self.provisioned.map(|it| (it.0 / 8.0).max(super::limits::baseline(self.storage)))
            }
            Mode::Bursting => Some(super::limits::burst(self.storage)),
        }
    }

    /// What an operation of so many bytes takes of the limits of its way, in nanoseconds.
    pub fn span(&self, way: Way, bytes: f64, operations: f64) -> f64 {
        let place = way.place();
        (8e9 * bytes / self.throughput[place].0).max(1e9 * operations / self.iops[place].0)
    }
}

impl Table<Settings> for FileSystem {
    const ABOUT: &'static str = "EFS file systems";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> FileSystem {
        let mode = reader.or("throughput", |value| value.choice(&Mode::ALL), Mode::Elastic);
        let usual = MODES[mode as usize];
        let provisioned = reader.maybe("provisioned", |value| provisioned(value, mode));
        if mode == Mode::Provisioned && reader.get("provisioned").is_none() {
            reader.missing(&["provisioned"]);
        }
        let credits = reader.maybe("credits", |value| {
            if mode != Mode::Bursting {
                value.problem("only `throughput = \"bursting\"` has burst credits", "remove it");
            }
            value.share()
        });
        let laws = [("read_latency", &READ), ("write_latency", &WRITE)];
        FileSystem {
            name: name.to_owned(),
            storage: reader.or("storage", Value::bytes, STORAGE.value),
            file: reader.or("file", Value::bytes, FILE.value),
            mode,
            provisioned,
            credits: credits.unwrap_or(CREDITS.value),
            latency: laws.map(|(key, given)| reader.or(key, Value::law, given.value.clone())),
            iops: [("read_iops", 0), ("write_iops", 1)]
                .map(|(key, way)| reader.or(key, some_rate, Rate(usual.iops[way]))),
            throughput: [("read_limit", 0), ("write_limit", 1)]
                .map(|(key, way)| reader.or(key, Value::bandwidth, usual.limits[way])),
            client: reader.or("client", Value::bandwidth, usual.client),
            io: reader.or("io", Value::some_bytes, IO.value),
            hop: reader.or("hop", Value::time, HOP.value),
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

    fn name(&self) -> &str {
        &self.name
    }
}

fn provisioned(value: Value, mode: Mode) -> Option<Bandwidth> {
    if mode != Mode::Provisioned {
        value.problem(
            format!("nothing is provisioned of `throughput = \"{}\"`", mode.name()),
            "remove it, or write throughput = \"provisioned\"",
        );
        return None;
    }
    let found = value.bandwidth()?;
    if !PROVISIONED.contains(&found.0) {
        value.problem("a throughput that EFS does not have", "write \"1 MiB/s\" to \"10240 MiB/s\"");
        return None;
    }
    Some(found)
}

/// A rate that is not nothing.
fn some_rate(value: Value) -> Option<Rate> {
    let rate = value.rate()?;
    crate::language::bounds::positive(value, rate.0)?;
    Some(rate)
}
