//! The step at a stream: `{ put_record = … }`. In: stream, size, keys. Out: a [`Put`], and its ops.

use super::key::ANY;
use super::language::Stream;
use super::model::Op;
use super::warning::{HOT_BYTES, HOT_RECORDS};
use crate::dist::Law;
use crate::flow::number;
use crate::id::{KeySpaceId, Kind, StreamId, UNKNOWN};
use crate::kind::keyed::{KEYS, SAME_KEY, same};
use crate::kind::path::{Leaves, PathOwner};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings, keys};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::{Bytes, Time};

/// A record is put.
#[derive(Clone, Copy, Debug)]
pub struct Put {
    /// The stream.
    pub stream: StreamId,
    /// Size of the record, if not that of the stream.
    pub size: Option<Bytes>,
    /// The population of which its partition key is one; any key without.
    pub keys: Option<KeySpaceId>,
    /// The share of the records that the most popular key gets.
    pub first_share: f64,
    /// Whether it is the key that the request drew before, if it has.
    pub same: bool,
}

/// The language of the step.
pub const PUT_SHAPE: Shape = Shape {
    title: "{ put_record = … }",
    about: "Put a record into a Kinesis data stream, and wait until it is there.",
    keys: &[
        Key::required("put_record", "name of a stream", "the stream"),
        Key::optional(
            "size",
            "amount of data, up to `max_record` of the stream",
            "`record` of the stream",
            "size of the record with its partition key",
        ),
        Key::optional(
            "keys",
            KEYS,
            "any key: all shards get alike",
            "the population of which the partition key is one: records of one key go to the shard that has it, and stay in order",
        ),
        SAME_KEY,
    ],
};

impl Step<Settings, kind::Op> for Put {
    const SHAPES: &'static [&'static Shape] = &[&PUT_SHAPE];
    const GOES: bool = true;

    fn read(_verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Put {
        let stream = reader.must("put_record", Value::id, StreamId(UNKNOWN));
        let keys =
            reader.maybe("keys", |value| keys::of_step(value, (Kind::Stream, stream.0), scope.populations()));
        let largest = scope.all().streams.get(stream.index()).map_or(Bytes(u64::MAX), |it| it.max_record);
        Put {
            stream,
            size: reader.maybe("size", |value| super::language::record(value, largest)),
            keys,
            first_share: keys.map_or(0.0, |keys| scope.populations().borrow().first_share(keys)),
            same: same(reader, "keys"),
        }
    }

    fn varies<'t>(&'t self, all: &'t Settings) -> Option<&'t Law> {
        Some(&all.streams.get(self.stream.index())?.write_time)
    }

    /// Headers are no bytes to speak of.
    fn leaves(&self, all: &Settings) -> Option<Leaves> {
        let request = self.size_of(all.streams.get(self.stream.index())?);
        let to = (Kind::Stream, self.stream.index());
        Some(Leaves { to, by_endpoint: false, request, response: Bytes(0), outlives: false })
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        self.keys.map(|keys| ((Kind::Stream, self.stream.index()), keys)).into_iter().collect()
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let index = self.stream.index();
        let (stream, owner) = (&all.streams[index], (Kind::Stream, index));
        let bytes = self.size_of(stream).0 as f64;
        // A part of a second of all shards at the start.
        let [of_bytes, of_records] = stream.takes_at_first();
        to.uses(owner);
        to.works(Resource::ShardBytes { stream: index }, bytes / of_bytes);
        to.works(Resource::ShardRecords { stream: index }, 1.0 / of_records);
        to.counts(owner, HOT_RECORDS, self.first_share);
        to.counts(owner, HOT_BYTES, bytes * self.first_share);
        to.passes(stream.write_time.mean().as_secs_f64() + 2.0 * stream.hop.as_secs_f64(), 4.0);
        if stream.source.is_some() {
            to.later(owner, 1.0);
        }
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.stream.index();
        let settings = &all.streams[index];
        let slot = self.keys.map_or(0, |keys| to.key(keys, self.same));
        let keys = self.keys.map_or(ANY, |keys| number(keys.index()));
        let (stream, owner) = (number(index), (Kind::Stream, index));
        let of = Some(Resource::ShardRecords { stream: index });
        let label = format!("puts into the stream {}", settings.name);
        let stage = to.stage(StageKind::Storage, of, &settings.name, &label);
        let label = format!("puts throttled by the stream {}, until the next try", settings.name);
        let paused = to.stage(StageKind::Retry, of, &settings.name, &label);
        let size = self.size_of(settings);
        // What it asks for is a number, which the estimate of the headroom knows by a draw.
        let weight = to.draw(&Law::Constant(Time(size.0)), "bytes");
        let begin = to.label();
        let op = |start| Op::Begin { stream, keys, slot, start };
        to.ask(op(0), stage);
        let again = to.label();
        to.hop(settings.hop);
        to.ask(Op::Pause { stream }, paused);
        let start = to.label();
        to.patch(begin, op(start));
        to.hop(settings.hop);
        to.reaches(owner);
        to.ask(Op::Weigh { stream, bytes: weight }, stage);
        if settings.sharing() > 0 {
            let all = size.0.saturating_mul(settings.sharing().into());
            let bytes = to.draw(&Law::Constant(Time(all)), "reads");
            to.ask(Op::Share { stream, bytes }, stage);
        }
        let bytes = u32::try_from(size.0).unwrap_or(u32::MAX);
        to.ask(Op::Put { stream, bytes, again }, stage);
        let draw = to.draw(&settings.write_time, "time");
        to.ask(Op::Serve { draw }, stage);
        to.answers(owner);
        to.carries(size.0 as i64, 0);
        to.hop(settings.hop);
    }
}

impl Put {
    fn size_of(&self, stream: &Stream) -> Bytes {
        self.size.unwrap_or(stream.record)
    }
}
