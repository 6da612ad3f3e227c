//! Steps at a file system: `{ read_file = … }` and `{ write_file = … }`. In: file system and size. Out: a [`Use`], and its ops.

use super::file::metered;
use super::language::FileSystem;
use super::model::{OUTSIDE, Op, of};
use crate::dist::Law;
use crate::flow::number;
use crate::id::{FileSystemId, Kind, UNKNOWN};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::way::{Way, operations};
use crate::kind::wide::Wide;
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::{Bytes, Time};

/// A file is read or written.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The file system.
    pub efs: FileSystemId,
    /// Which way.
    pub way: Way,
    /// Size of the file, if not that of the file system.
    pub size: Option<Bytes>,
}

const SIZE: Key = Key::optional("size", "amount of data", "`file` of the file system", "size of the file");

/// The language of a read.
pub const READ_SHAPE: Shape = Shape {
    title: "{ read_file = … }",
    about: "Read a file of an EFS file system.",
    keys: &[Key::required("read_file", "name of a file system", "the file system"), SIZE],
};

/// The language of a write.
pub const WRITE_SHAPE: Shape = Shape {
    title: "{ write_file = … }",
    about: "Write a new file to an EFS file system.",
    keys: &[Key::required("write_file", "name of a file system", "the file system"), SIZE],
};

impl Step<Settings, kind::Op> for Use {
    const SHAPES: &'static [&'static Shape] = &[&READ_SHAPE, &WRITE_SHAPE];
    const GOES: bool = true;

    fn read(verb: &str, reader: &Reader, _scope: &impl Scope<Settings>) -> Use {
        let (verb, way) =
            if verb == "write_file" { ("write_file", Way::Write) } else { ("read_file", Way::Read) };
        Use {
            efs: reader.must(verb, Value::id, FileSystemId(UNKNOWN)),
            way,
            size: reader.maybe("size", Value::bytes),
        }
    }

    fn varies<'t>(&'t self, all: &'t Settings) -> Option<&'t Law> {
        Some(&all.file_systems.get(self.efs.index())?.latency[self.way.place()])
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let index = self.efs.index();
        let it = &all.file_systems[index];
        let size = self.size_of(it);
        let count = operations(size, it.io) as f64;
        to.uses((Kind::FileSystem, index));
        if let Some(most) = it.metered() {
            to.works(Resource::FileThroughput { efs: index }, metered(self.way, size, it.io) / most);
        }
        to.works(of(index, self.way), it.span(self.way, size.0 as f64, count) / 1e9);
        let bytes = it.client.time_of(size).as_secs_f64();
        let each = it.latency[self.way.place()].mean().as_secs_f64();
        to.passes(count * each + bytes + 2.0 * it.hop.as_secs_f64(), count + 1.0);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.efs.index();
        let it = &all.file_systems[index];
        let (size, way, efs) = (self.size_of(it), self.way, number(index));
        let label = format!("at the file system {}", it.name);
        let by = of(index, way);
        let stage = to.stage(StageKind::Storage, Some(by), &it.name, &label);
        let latency = to.draw(&it.latency[way.place()], "latency");
        // What the whole file asks of a limit, which is known beforehand.
        let mut work =
            |nanos: f64, purpose: &str| to.draw(&Law::Constant(Time::from_secs_f64(nanos / 1e9)), purpose);
        let whole = work(it.span(way, size.0 as f64, operations(size, it.io) as f64), "operations");
        let limited = it.metered().map(|most| work(1e9 * metered(way, size, it.io) / most, "throughput"));
        let table = (Kind::FileSystem, index);
        to.hop(it.hop);
        to.reaches(table);
        to.ask(Op::Open { bytes: Wide::new(size.0) }, stage);
        let first = to.label();
        if let Some(work) = limited {
            to.ask(Op::Meter { efs, way, work }, stage);
        }
        let tier = if to.fleet().is_some() { to.tier() } else { OUTSIDE };
        to.ask(Op::Io { efs, way, tier, work: whole }, stage);
        to.ask(Op::Serve { latency, first }, stage);
        to.answers(table);
        let bytes = size.0 as i64;
        match way {
            Way::Read => to.carries(0, bytes),
            Way::Write => to.carries(bytes, 0),
        }
        to.ask(Op::Close { efs, way, bytes: Wide::new(size.0) }, stage);
        to.hop(it.hop);
    }
}

impl Use {
    fn size_of(&self, it: &FileSystem) -> Bytes {
        self.size.unwrap_or(it.file)
    }
}
