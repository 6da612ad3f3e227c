//! Buckets: which requests S3 takes, how long they take, and when partitions split.
//!
//! In: steps of attempts; the end of each window in which a partition refused some. Out: requests served, or failed with 503 Slow Down;
//! what is stored.

use super::deed::{Deed, Wide};
use super::language;
use super::partitions::Partitions;
use super::reading::{Counts, Marks};
use super::record::BucketSeries;
use crate::flow::draws::DrawId;
use crate::flow::fact::Reading;
use crate::flow::next::Next;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::bill::Hourly;
use crate::kind::keys::KeySpace;
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::units::Bytes;
use crate::usage::Used;

/// All buckets.
#[derive(Debug)]
pub struct Buckets<'s> {
    pub(super) settings: &'s [language::Bucket],
    key_spaces: &'s [KeySpace],
    pub(super) each: Vec<Bucket>,
    /// Rows so far.
    pub(super) series: Vec<BucketSeries>,
}

/// Steps at a bucket.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// The partition of the object takes the request, or refuses it.
    Ask { bucket: u16, deed: Deed, keys: u16, slot: u8 },
    /// The time to the first byte, and that of all bytes in nanoseconds.
    Serve { draw: DrawId, bytes: Wide },
    /// It is done.
    Done { bucket: u16, deed: Deed, size: Wide },
}

/// The population of a request for any object.
pub(super) const ANY: u16 = u16::MAX;

timers! {
    Kind::Bucket;
    /// The window of a partition that has refused requests is over.
    Window { bucket: u16, partition: u32 } = "split of a partition of a bucket";
}

/// One bucket.
#[derive(Debug)]
pub struct Bucket {
    pub(super) partitions: Partitions,
    pub(super) counts: Counts,
    pub(super) marks: Marks,
    /// Requests that are billed, by hour: those that read, and those that write or list.
    pub(super) billed: [Hourly; 2],
    /// What is stored now.
    pub(super) stored: u64,
    /// Byte-nanoseconds of that so far, and until when.
    pub(super) area: (f64, u64),
    /// The same by hour.
    pub(super) hours: Vec<f64>,
}

impl<'s> Part<'s> for Buckets<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, _flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.buckets;
        let each = settings.iter().map(|settings| Bucket {
            partitions: Partitions::new(settings, plan.seed),
            counts: Counts::default(),
            marks: Marks::default(),
            billed: Default::default(),
            stored: settings.storage.0,
            area: (0.0, 0),
            hours: Vec::new(),
        });
        Buckets { each: each.collect(), settings, key_spaces: plan.key_spaces, series: Vec::new() }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Ask { bucket, deed, .. } => Some((of(bucket.into(), deed), None)),
            Op::Serve { .. } | Op::Done { .. } => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Ask { bucket, deed, keys, slot } => self.ask(id, bucket, deed, (keys, slot), flow),
            Op::Serve { draw, bytes } => {
                let span = flow.draws.of(draw).time();
                flow.pass(span.saturating_add(bytes.value()), id)
            }
            Op::Done { bucket, deed, size } => {
                self.each[usize::from(bucket)].done(deed, Bytes(size.value()), flow.now);
                Next::Op
            }
        }
    }

    /// A partition that goes on refusing requests splits, and is looked at no longer: one that refuses more will be.
    fn fire(&mut self, Timer::Window { bucket, partition }: Timer, flow: &mut Flow) {
        let Some(split) = self.settings[usize::from(bucket)].split else { return };
        let all = &mut self.each[usize::from(bucket)].partitions;
        let it = &mut all.each[partition as usize];
        let (hot, goes_on) = (it.hot, std::mem::take(&mut it.refused));
        match hot {
            Some(since) if goes_on && flow.now < since.saturating_add(split.after.0) => {
                let end = since.saturating_add(split.after.0);
                let next = flow.now.saturating_add(split.window.0).min(end);
                flow.set(Timer::Window { bucket, partition }, next);
            }
            _ => {
                it.hot = None;
                if goes_on {
                    all.split(partition as usize);
                }
            }
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, it) in self.each.iter().enumerate() {
            let [reads, others] = it.billed.each_ref().map(|hourly| hourly.used().hours);
            let used =
                Used { hours: reads, more: vec![others], capacity: it.hours.clone(), ..Used::default() };
            add((id::Kind::Bucket, index), used);
        }
    }

    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        match of {
            Resource::Reads { s3: bucket } => Some(self.each[bucket].counts.taken[Deed::Get.sort()] as f64),
            Resource::Writes { s3: bucket } => Some(self.each[bucket].counts.taken[Deed::Put.sort()] as f64),
            _ => None,
        }
    }

    fn gauge(&self, of: Gauge, _flow: &Flow) -> Option<Reading> {
        let it = (of.kind == id::Kind::Bucket).then(|| &self.each[of.index as usize])?;
        let refused: u64 = it.counts.refused.iter().sum();
        let taken: u64 = it.counts.taken.iter().sum();
        Some(Reading::Integral(match of.name {
            "slow_downs" => refused as f64 * 1e9,
            _ => (taken + refused) as f64 * 1e9,
        }))
    }
}

impl Buckets<'_> {
    /// The partition of the object takes a request or refuses it.
    fn ask(&mut self, id: u32, bucket: u16, deed: Deed, (keys, slot): (u16, u8), flow: &mut Flow) -> Next {
        let it = &mut self.each[usize::from(bucket)];
        let place = match keys {
            ANY => it.partitions.of_any(),
            keys => it.partitions.of_key(flow.attempts.key(id, slot), &self.key_spaces[usize::from(keys)]),
        };
        let partition = it.partitions.at(place);
        let sort = deed.sort();
        if it.partitions.takes(partition, sort, flow.now) {
            it.counts.taken[sort] += 1;
            return Next::Op;
        }
        it.counts.refused[sort] += 1;
        let state = &mut it.partitions.each[partition];
        if let (None, Some(split)) = (state.hot, self.settings[usize::from(bucket)].split) {
            state.hot = Some(flow.now);
            let end = flow.now.saturating_add(split.window.min(split.after).0);
            flow.set(Timer::Window { bucket, partition: number(partition) }, end);
        }
        Next::Fail(Cause::SlowDown)
    }
}

impl Bucket {
    /// A request is done: it is billed, and changes what is stored.
    fn done(&mut self, deed: Deed, size: Bytes, now: u64) {
        let counts = &mut self.counts;
        match deed {
            Deed::Get => {
                counts.gets += 1;
                counts.sent += u128::from(size.0);
            }
            Deed::Put => {
                counts.puts += 1;
                counts.received += u128::from(size.0);
                self.store(self.stored.saturating_add(size.0), now);
            }
            Deed::List => counts.lists += 1,
            Deed::Delete => {
                counts.deletes += 1;
                self.store(self.stored.saturating_sub(size.0), now);
            }
        }
    }

    /// From now on so much is stored.
    fn store(&mut self, bytes: u64, now: u64) {
        self.catch_up(now);
        self.stored = bytes;
    }

    /// Counts what has been stored until now.
    pub(super) fn catch_up(&mut self, now: u64) {
        self.area.0 += self.stored as f64 * (now - self.area.1) as f64;
        self.area.1 = now;
    }
}

/// What a request at a bucket takes a part of.
pub(super) fn of(bucket: usize, deed: Deed) -> Resource {
    match deed.reads() {
        true => Resource::Reads { s3: bucket },
        false => Resource::Writes { s3: bucket },
    }
}
