//! Buckets: which requests S3 takes, how long they take, and when partitions split.
//!
//! In: steps of attempts; the end of each window in which a partition refused some. Out: requests served, or failed with 503 Slow Down;
//! what is stored.

use super::counts::{Counts, Marks};
use super::deed::Deed;
use super::language;
use super::partitions::Partitions;
use super::record::BucketSeries;
use super::replica::{NO_KEY, Object, Replica};
use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::flow::draws::DrawId;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::bill::Hourly;
use crate::kind::keys::KeySpace;
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::PathOwner;
use crate::kind::wide::Wide;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::rng::stream;
use crate::units::Bytes;
use crate::usage::Used;

/// All buckets.
#[derive(Debug)]
pub struct Buckets<'s> {
    pub(super) settings: &'s [language::Bucket],
    key_spaces: &'s [KeySpace],
    pub(super) each: Vec<Bucket>,
    /// What an attempt puts into a bucket that is copied.
    puts: PerAttempt<Object>,
    /// The Region of the file.
    home: Option<Region>,
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
    /// Copies come to another bucket.
    Copied { bucket: u16 } = "copies of bucket";
}

/// One bucket.
#[derive(Debug)]
pub struct Bucket {
    /// The Region that it may be lost with, and whether it is.
    pub(super) region: Option<Zone>,
    pub(super) is_lost: bool,
    /// What it copies to another one, and those whose copies it has.
    pub(super) replica: Option<Replica>,
    copied_from: Vec<usize>,
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
        let copied_from = |index: usize| {
            let copies = |it: &language::Bucket| it.replica.as_ref().is_some_and(|it| it.to.index() == index);
            (0..settings.len()).filter(|&from| copies(&settings[from])).collect()
        };
        let each = settings.iter().enumerate().map(|(index, settings)| Bucket {
            region: plan.kinds.lost_with((id::Kind::Bucket, index)),
            is_lost: false,
            replica: settings.replica.as_ref().map(|replica| {
                Replica::new(replica, stream(plan.seed, &format!("s3.{}/replica", settings.name)))
            }),
            copied_from: copied_from(index),
            partitions: Partitions::new(settings, plan.seed),
            counts: Counts::default(),
            marks: Marks::default(),
            billed: Default::default(),
            stored: settings.storage.0,
            area: (0.0, 0),
            hours: Vec::new(),
        });
        Buckets {
            each: each.collect(),
            settings,
            key_spaces: plan.key_spaces,
            puts: PerAttempt::new(NO_KEY),
            home: Region::of(plan.region),
            series: Vec::new(),
        }
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
                let it = &mut self.each[usize::from(bucket)];
                it.done(deed, Bytes(size.value()), flow.now);
                if deed == Deed::Put && it.replica.is_some() {
                    self.copy(bucket, size.value(), self.puts.of(id), flow);
                }
                Next::Op
            }
        }
    }

    /// A partition that goes on refusing requests splits, and is looked at no longer: one that refuses more will be.
    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        let (bucket, partition) = match timer {
            Timer::Window { bucket, partition } => (bucket, partition),
            Timer::Copied { bucket } => return self.copied(bucket, flow),
        };
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

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::RegionLost { region, .. } => self.region_changes(region, true, flow),
            Fact::RegionBack { region } => self.region_changes(region, false, flow),
            _ => {}
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, it) in self.each.iter().enumerate() {
            let [reads, others] = it.billed.each_ref().map(|hourly| hourly.used().hours);
            let copied = it.replica.as_ref().map_or(&[][..], |replica| &replica.hours);
            let used = Used {
                hours: reads,
                more: vec![others],
                capacity: it.hours.clone(),
                abroad: copied.iter().map(|bytes| Bytes(*bytes as u64).as_gb()).collect(),
                ..Used::default()
            };
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
        let is_copied = it.replica.is_some() || !it.copied_from.is_empty();
        let is_behind = is_copied && {
            let of = if keys == ANY { NO_KEY } else { (keys, flow.attempts.key(id, slot)) };
            if deed == Deed::Put {
                *self.puts.of_mut(id) = of;
            }
            deed == Deed::Get && self.is_behind(bucket, of)
        };
        let it = &mut self.each[usize::from(bucket)];
        let partition = it.partitions.at(place);
        let sort = deed.sort();
        if it.partitions.takes(partition, sort, flow.now) {
            it.counts.taken[sort] += 1;
            it.counts.behind += u64::from(is_behind);
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

    /// Whether another bucket has a newer version of an object, which is on its way.
    fn is_behind(&self, bucket: u16, of: Object) -> bool {
        let from = self.each[usize::from(bucket)].copied_from.iter();
        from.filter_map(|&from| self.each[from].replica.as_ref()).any(|replica| replica.lacks(of))
    }

    /// The Region of a bucket.
    pub(super) fn region_of(&self, bucket: usize) -> Option<Region> {
        self.settings[bucket].region.or(self.home)
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
    pub(super) fn store(&mut self, bytes: u64, now: u64) {
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
