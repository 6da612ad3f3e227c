//! Steps at the volume of a host: `{ read_volume = … }` and `{ write_volume = … }`. In: volume, size and file. Out: a [`Use`], and its ops.

use super::language::BlockVolume;
use super::model::{ANY, Op};
use crate::dist::Law;
use crate::flow::number;
use crate::id::{BlockVolumeId, KeySpaceId, Kind, UNKNOWN};
use crate::kind::keyed::{KEYS, SAME_KEY, same};
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::way::{Way, operations};
use crate::kind::wide::Wide;
use crate::kind::{self, Settings, keys};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::{Bytes, Time};

/// A file is read or written.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The volumes.
    pub ebs: BlockVolumeId,
    /// Which way.
    pub way: Way,
    /// Size of the file, if not that of the volumes.
    pub size: Option<Bytes>,
    /// The population of the files, if it matters which one it is.
    pub keys: Option<KeySpaceId>,
    /// Whether it is the file that the request drew before, if it has.
    pub same: bool,
}

const SIZE: Key = Key::optional("size", "amount of data", "`file` of the volume", "size of the file");

/// The language of a read.
pub const READ_SHAPE: Shape = Shape {
    title: "{ read_volume = … }",
    about: "Read a file of the EBS volume of the instance. With `keys`, a file that another instance has written since the start is not there: the request \
            fails with http_404.",
    keys: &[
        Key::required("read_volume", "name of a volume", "the volume"),
        SIZE,
        Key::optional("keys", KEYS, "none: it is there", "which file"),
        SAME_KEY,
    ],
};

/// The language of a write.
pub const WRITE_SHAPE: Shape = Shape {
    title: "{ write_volume = … }",
    about: "Write a file to the EBS volume of the instance. With `keys`, from then on only this instance has it.",
    keys: &[
        Key::required("write_volume", "name of a volume", "the volume"),
        SIZE,
        Key::optional("keys", KEYS, "none: nobody looks for it", "which file"),
        SAME_KEY,
    ],
};

impl Step<Settings, kind::Op> for Use {
    const SHAPES: &'static [&'static Shape] = &[&READ_SHAPE, &WRITE_SHAPE];
    const GOES: bool = true;

    fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Use {
        let (verb, way) =
            if verb == "write_volume" { ("write_volume", Way::Write) } else { ("read_volume", Way::Read) };
        let ebs = reader.must(verb, Value::id, BlockVolumeId(UNKNOWN));
        if let Some((settings, value)) = scope.all().block_volumes.get(ebs.index()).zip(reader.get(verb)) {
            check_place(settings, value, scope);
        }
        let of = (Kind::BlockVolume, ebs.0);
        Use {
            ebs,
            way,
            size: reader.maybe("size", Value::bytes),
            keys: reader.maybe("keys", |value| keys::of_step(value, of, scope.populations())),
            same: same(reader, "keys"),
        }
    }

    fn varies<'t>(&'t self, all: &'t Settings) -> Option<&'t Law> {
        Some(&all.block_volumes.get(self.ebs.index())?.latency[self.way.place()])
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        self.keys.map(|keys| ((Kind::BlockVolume, self.ebs.index()), keys)).into_iter().collect()
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let index = self.ebs.index();
        let it = &all.block_volumes[index];
        let size = self.size_of(it);
        let count = operations(size, it.io) as f64;
        to.uses((Kind::BlockVolume, index));
        to.works(Resource::BlockIo { ebs: index }, it.span_of_file(size) / 1e9);
        let bytes = it.throughput.time_of(size).as_secs_f64();
        to.passes(count * it.latency[self.way.place()].mean().as_secs_f64() + bytes, count + 1.0);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.ebs.index();
        let it = &all.block_volumes[index];
        let (size, way, ebs, tier) = (self.size_of(it), self.way, number(index), to.tier());
        let slot = self.keys.map_or(0, |keys| to.key(keys, self.same));
        let keys = self.keys.map_or(ANY, |keys| number(keys.index()));
        if let Some(keys) = self.keys {
            to.keyed((Kind::BlockVolume, index), keys);
        }
        let label = format!("at the volume {}", it.name);
        let stage = to.stage(StageKind::Storage, Some(Resource::BlockIo { ebs: index }), &it.name, &label);
        let latency = to.draw(&it.latency[way.place()], "latency");
        // What the whole file asks of the volume, which is known beforehand.
        let whole = Law::Constant(Time::from_secs_f64(it.span_of_file(size) / 1e9));
        let work = to.draw(&whole, "operations");
        if way == Way::Read && self.keys.is_some() {
            to.ask(Op::Find { ebs, tier, slot, keys }, stage);
        }
        to.ask(Op::Open { bytes: Wide::new(size.0) }, stage);
        let first = to.label();
        to.ask(Op::Io { ebs, way, tier, work }, stage);
        to.ask(Op::Serve { latency, first }, stage);
        to.ask(Op::Close { ebs, way, tier, slot, keys }, stage);
    }
}

/// A volume is attached to the instances of its fleet, and to nothing else.
fn check_place(settings: &BlockVolume, value: Value, scope: &impl Scope<Settings>) {
    let fleet = scope.all().fleets.get(settings.fleet.index());
    let (Some(fleet), false) = (fleet, scope.group().map(|it| it.index()) == Some(settings.fleet.index()))
    else {
        return;
    };
    let message = match scope.caller() {
        Some(caller) => format!(
            "the volume `{}` is attached to instances of `{}`, not of `{caller}`",
            settings.name, fleet.name
        ),
        None => {
            format!("a volume of no instance: `{}` is attached to those of `{}`", settings.name, fleet.name)
        }
    };
    value.problem(
        message,
        format!(
            "do it in a request that `{}` serves, or name another fleet in [ebs.{}]",
            fleet.name, settings.name
        ),
    );
}

impl Use {
    fn size_of(&self, it: &BlockVolume) -> Bytes {
        self.size.unwrap_or(it.file)
    }
}
