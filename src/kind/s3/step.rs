//! Steps at a bucket: `{ get = … }`, `{ put = … }`, `{ list = … }`, `{ delete = … }`. In: bucket, size, keys. Out: a [`Use`], and its
//! ops.

use super::deed::Deed;
use super::language::Bucket;
use super::model::{ANY, Op, of};
use crate::flow::number;
use crate::id::{BucketId, KeySpaceId, Kind, UNKNOWN};
use crate::kind::front::{Asked, Lead, Method};
use crate::kind::keyed::{KEYS, SAME_KEY, same};
use crate::kind::path::{Leaves, PathOwner};
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::wide::Wide;
use crate::kind::{self, Settings, keys};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::language::value::Value;
use crate::measure::stage::StageKind;
use crate::units::Bytes;

/// A request to a bucket.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    /// The bucket.
    pub bucket: BucketId,
    /// What it does.
    pub deed: Deed,
    /// Size of the object, if not that of the bucket.
    pub size: Option<Bytes>,
    /// The population of which its object is one; any object without.
    pub keys: Option<KeySpaceId>,
    /// Whether it is the key that the request drew before, if it has.
    pub same: bool,
    /// Whether a client asks the bucket itself.
    pub entered: bool,
}

const SIZE: Key = Key::optional("size", "amount of data", "`object` of the bucket", "size of the object");
const OBJECT: Key = Key::optional(
    "keys",
    KEYS,
    "any object: all prefixes are asked alike",
    "the population of which the object is one: requests for one key go to the partition that has it",
);

/// The language of a read.
pub const GET_SHAPE: Shape = Shape {
    title: "{ get = … }",
    about: "Read an object of a bucket. A `size` of 0 is a HEAD.",
    keys: &[Key::required("get", "name of a bucket", "the bucket"), SIZE, OBJECT, SAME_KEY],
};

/// The language of a write.
pub const PUT_SHAPE: Shape = Shape {
    title: "{ put = … }",
    about: "Write a new object to a bucket.",
    keys: &[Key::required("put", "name of a bucket", "the bucket"), SIZE, OBJECT, SAME_KEY],
};

/// The language of a list.
pub const LIST_SHAPE: Shape = Shape {
    title: "{ list = … }",
    about: "List objects of a bucket, of one prefix. It counts as a read, and is billed as a write.",
    keys: &[Key::required("list", "name of a bucket", "the bucket"), OBJECT, SAME_KEY],
};

/// The language of a deletion.
pub const DELETE_SHAPE: Shape = Shape {
    title: "{ delete = … }",
    about: "Delete an object of a bucket, which is free.",
    keys: &[Key::required("delete", "name of a bucket", "the bucket"), SIZE, OBJECT, SAME_KEY],
};

/// The verbs.
const VERBS: [(&str, Deed); 4] =
    [("get", Deed::Get), ("put", Deed::Put), ("list", Deed::List), ("delete", Deed::Delete)];

impl Step<Settings, kind::Op> for Use {
    const GOES: bool = true;
    const ENTERED: bool = true;
    const SHAPES: &'static [&'static Shape] = &[&GET_SHAPE, &PUT_SHAPE, &LIST_SHAPE, &DELETE_SHAPE];

    fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Use {
        let (verb, deed) = VERBS.into_iter().find(|(known, _)| *known == verb).unwrap_or(VERBS[0]);
        let bucket = reader.must(verb, Value::id, BucketId(UNKNOWN));
        let of = (Kind::Bucket, bucket.0);
        Use {
            bucket,
            deed,
            size: if deed == Deed::List { None } else { reader.maybe("size", Value::bytes) },
            keys: reader.maybe("keys", |value| keys::of_step(value, of, scope.populations())),
            same: same(reader, "keys"),
            entered: false,
        }
    }

    /// It answers by itself what it is asked for: a website, or the origin of a distribution.
    fn leads(index: usize, _all: &Settings, asked: &Asked) -> Vec<Lead<Use>> {
        let (deed, size) = match asked.method {
            Method::Get => (Deed::Get, Some(asked.response)),
            Method::Head | Method::Options => (Deed::Get, Some(Bytes(0))),
            Method::Post | Method::Put | Method::Patch => (Deed::Put, Some(asked.request)),
            Method::Delete => (Deed::Delete, None),
        };
        let bucket = BucketId(number(index));
        let step = Use { bucket, deed, size, keys: asked.objects(), same: true, entered: true };
        vec![Lead { step, to: None }]
    }

    fn answers_clients(&self) -> bool {
        self.entered
    }

    /// Headers are no bytes to speak of.
    fn leaves(&self, all: &Settings) -> Option<Leaves> {
        let bytes = self.passing_bytes(all.buckets.get(self.bucket.index())?);
        let (request, response) = if self.deed == Deed::Put { (bytes, Bytes(0)) } else { (Bytes(0), bytes) };
        let to = (Kind::Bucket, self.bucket.index());
        Some(Leaves { to, by_endpoint: true, request, response, outlives: false })
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        self.keys.map(|keys| ((Kind::Bucket, self.bucket.index()), keys)).into_iter().collect()
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let index = self.bucket.index();
        let bucket = &all.buckets[index];
        to.uses((Kind::Bucket, index));
        if let Some(limit) = bucket.limit(self.deed) {
            // A part of a second of all partitions, as if all had as much to do.
            to.works(of(index, self.deed), 1.0 / (limit.0 * f64::from(bucket.at_start())));
        }
        let bytes = bucket.bandwidth.time_of(self.passing_bytes(bucket)).as_secs_f64();
        let first = bucket.first_byte.mean().as_secs_f64();
        to.passes(first + bytes + 2.0 * bucket.hop.as_secs_f64(), 3.0);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let index = self.bucket.index();
        let bucket = &all.buckets[index];
        let slot = self.keys.map_or(0, |keys| to.key(keys, self.same));
        let keys = self.keys.map_or(ANY, |keys| number(keys.index()));
        let label = format!("at the bucket {}", bucket.name);
        let stage = to.stage(StageKind::Storage, Some(of(index, self.deed)), &bucket.name, &label);
        let draw = to.draw(&bucket.first_byte, "first byte");
        let (id, deed) = (number(index), self.deed);
        let table = (Kind::Bucket, index);
        to.hop(bucket.hop);
        to.reaches(table);
        to.ask(Op::Ask { bucket: id, deed, keys, slot }, stage);
        let bytes = Wide::new(bucket.bandwidth.time_of(self.passing_bytes(bucket)).0);
        to.ask(Op::Serve { draw, bytes }, stage);
        to.answers(table);
        let passing = self.passing_bytes(bucket).0 as i64;
        match self.deed {
            Deed::Put => to.carries(passing, 0),
            _ => to.carries(0, passing),
        }
        to.ask(Op::Done { bucket: id, deed, size: Wide::new(self.size_of(bucket).0) }, stage);
        to.hop(bucket.hop);
    }
}

impl Use {
    /// Size of its object.
    fn size_of(&self, bucket: &Bucket) -> Bytes {
        self.size.unwrap_or(bucket.object)
    }

    /// The bytes that pass.
    fn passing_bytes(&self, bucket: &Bucket) -> Bytes {
        match self.deed {
            Deed::Get | Deed::Put => self.size_of(bucket),
            Deed::List | Deed::Delete => Bytes(0),
        }
    }
}
