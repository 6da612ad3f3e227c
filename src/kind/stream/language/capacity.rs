//! `capacity = "…"` of a stream: on demand, or provisioned. In: shards, or a peak. Out: a [`Capacity`].

use super::shard::Shard;
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::number::counted;
use crate::units::{Bandwidth, Time};

/// How many shards a stream has.
#[derive(Clone, Debug, PartialEq)]
pub enum Capacity {
    /// As many as the traffic of before needs.
    OnDemand(OnDemand),
    /// As many as the file says.
    Provisioned(Provisioned),
}

/// On-demand capacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnDemand {
    /// The highest traffic of the last 30 days, bytes a second.
    pub peak: f64,
    /// Times the peak that it takes.
    pub factor: f64,
    /// After which time what was put is a peak of before.
    pub after: Time,
    /// Over which time traffic is a mean.
    pub window: Time,
}

/// Provisioned capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Provisioned {
    /// Shards at the start.
    pub shards: u32,
    /// When an update to so many begins, and when they are there.
    pub updates: Vec<Update>,
}

/// An UpdateShardCount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// When it begins.
    pub at: Time,
    /// When it is done.
    pub done: Time,
    /// Shards from then on.
    pub shards: u32,
}

/// Most shards of a stream. (Kinesis Data Streams API, UpdateShardCount: no more than 10,000.)
pub const SHARDS_MAX: u32 = 10_000;
/// Most updates of a stream in 24 hours. (The same: ten times per rolling 24-hour period.)
const UPDATES_MAX: usize = 10;
/// The rolling period.
const DAY: Time = Time::from_secs(86_400);

/// How long a split or a merge takes: 30 s.
pub const RESHARD_TIME: Given<Time> = Given::new(
    Time::from_secs(30),
    "assumption: some 30 s for each, as the Kinesis FAQ had it; Kinesis Data Streams API, UpdateShardCount: the action could take a few minutes",
);
/// The peak of a new stream: 2 MiB/s, so that it takes 4.
pub const PEAK: Given<Bandwidth> = Given::new(
    Bandwidth(16.0 * 1_048_576.0),
    "Amazon Kinesis Data Streams developer guide, \"Quotas and limits\": a new on-demand stream takes 4 MB/s",
);
/// Times the peak that on-demand capacity takes: 2.
pub const GROWTH_FACTOR: Given<f64> = Given::new(
    2.0,
    "Amazon Kinesis Data Streams developer guide, \"Choose the right mode to stream in\": up to double the peak of the previous 30 days",
);
/// After which time what was put is a peak of before: 15 minutes.
pub const GROWTH_AFTER: Given<Time> = Given::new(
    Time::from_secs(900),
    "Amazon Kinesis Data Streams developer guide, \"Choose the right mode to stream in\": traffic that grows to more than double the previous peak within 15 minutes can be throttled",
);
/// Over which time traffic is a mean: a minute.
pub const GROWTH_WINDOW: Given<Time> =
    Given::new(Time::from_secs(60), "assumption: as CloudWatch has IncomingBytes");

/// Words for the modes.
const MODES: [(&str, bool); 2] = [("on-demand", false), ("provisioned", true)];
/// What belongs to provisioned capacity.
const OF_PROVISIONED: [&str; 3] = ["shards", "reshard", "reshard_time"];
/// What belongs to on-demand capacity.
const OF_ON_DEMAND: [&str; 2] = ["peak", "growth"];

/// The language of growth.
pub const GROWTH_SHAPE: Shape = Shape {
    title: "growth = { … } of a stream",
    about: "How on-demand capacity follows the traffic: a stream takes up to twice its previous peak. What was put within the last 15 minutes is no previous peak.",
    keys: &[
        Key::given(
            "factor",
            "number",
            || GROWTH_FACTOR.show(),
            "times the previous peak that are taken at once",
        ),
        Key::given(
            "after",
            "duration",
            || GROWTH_AFTER.show(),
            "after which time what was put is a previous peak",
        ),
        Key::given("window", "duration", || GROWTH_WINDOW.show(), "over which time traffic is a mean"),
    ],
};

impl Capacity {
    /// Without `capacity` it is provisioned where the file says how many shards there are.
    pub(super) fn read(reader: &Reader) -> Capacity {
        let stated = reader.maybe("capacity", |value| value.choice(&MODES));
        let is_provisioned =
            stated.unwrap_or_else(|| OF_PROVISIONED.into_iter().any(|key| reader.get(key).is_some()));
        let others: &[&'static str] = if is_provisioned { &OF_ON_DEMAND } else { &OF_PROVISIONED };
        let (mode, other) =
            if is_provisioned { ("provisioned", "on-demand") } else { ("on-demand", "provisioned") };
        for (key, value) in others.iter().filter_map(|key| Some((*key, reader.get(key)?))) {
            value.problem(
                format!("`{key}` is for capacity = \"{other}\""),
                format!("remove it: the stream has capacity = \"{mode}\""),
            );
        }
        reader.excludes(others.iter().copied());
        match is_provisioned {
            true => Capacity::Provisioned(Provisioned::read(reader)),
            false => Capacity::OnDemand(OnDemand::read(reader)),
        }
    }

    /// Shards at the start.
    pub fn first(&self, shard: Shard) -> u32 {
        match self {
            Capacity::OnDemand(it) => shards_of(it.factor * it.peak / shard.bytes),
            Capacity::Provisioned(it) => it.shards,
        }
    }

    /// The shards that it has at an instant, as far as the file says so.
    pub fn most_at(&self, at: Time, shard: Shard) -> u32 {
        match self {
            Capacity::OnDemand(_) => self.first(shard),
            Capacity::Provisioned(it) => {
                it.updates.iter().rev().find(|update| update.done <= at).map_or(it.shards, |it| it.shards)
            }
        }
    }

    /// When it has another size.
    pub(super) fn changes(&self) -> Vec<Time> {
        match self {
            Capacity::OnDemand(_) => Vec::new(),
            Capacity::Provisioned(it) => it.updates.iter().map(|update| update.done).collect(),
        }
    }
}

/// Whole shards for so much of them, from one to as many as there can be.
pub(in crate::kind::stream) fn shards_of(load: f64) -> u32 {
    // What rounding leaves is no shard.
    (load - 1e-9).ceil().clamp(1.0, f64::from(SHARDS_MAX)) as u32
}

impl OnDemand {
    fn read(reader: &Reader) -> OnDemand {
        let usual = OnDemand {
            peak: PEAK.value.0 / 8.0,
            factor: GROWTH_FACTOR.value,
            after: GROWTH_AFTER.value,
            window: GROWTH_WINDOW.value,
        };
        let peak = |value: Value| Some(bounds::positive(value, value.bandwidth()?.0)? / 8.0);
        let peak = reader.or("peak", peak, usual.peak);
        let growth = |value: Value| {
            value.table(&GROWTH_SHAPE, |reader| OnDemand {
                peak,
                factor: reader.or("factor", |value| value.number(1.0..=100.0), usual.factor),
                after: reader.or("after", Value::time, usual.after),
                window: reader.or(
                    "window",
                    |value| value.time_within(Time::from_secs(1)..=DAY),
                    usual.window,
                ),
            })
        };
        reader.or("growth", growth, OnDemand { peak, ..usual })
    }
}

impl Provisioned {
    fn read(reader: &Reader) -> Provisioned {
        let mut known = None;
        let count = |value: Value| {
            known = value.count(1..=SHARDS_MAX);
            known
        };
        let shards = reader.must("shards", count, 1);
        let each = reader.or("reshard_time", Value::time, RESHARD_TIME.value);
        if let (Some(value), None) = (reader.get("reshard_time"), reader.get("reshard")) {
            value.problem("no `reshard` that takes this time", "add reshard = [[\"10m\", 8]], or remove it");
        }
        let updates = reader.maybe("reshard", |value| updates(value, known, each));
        Provisioned { shards, updates: updates.unwrap_or_default() }
    }
}

/// Updates in order, each as far as Kinesis takes it; what the first one changes is not known where the shards of the start have a problem.
fn updates(value: Value, shards: Option<u32>, each: Time) -> Option<Vec<Update>> {
    let mut found: Vec<Update> = Vec::new();
    for change in value.elements(10_000)? {
        let (at, count) = change.pair("[\"10m\", 8]")?;
        let (time, wanted) = (at.time()?, count.count(1..=SHARDS_MAX)?);
        let had = found.last().map(|last| last.shards).or(shards).unwrap_or(wanted);
        bounds::in_order(found.last().map(|last| last.at), time, &at);
        if let Some(last) = found.last().filter(|last| last.done > time && last.at <= time) {
            let message = format!("the update of {} is under way until {}", last.at, last.done);
            at.problem(message, "a stream has one update at a time: begin this one later");
        }
        if wanted > had.saturating_mul(2) || u64::from(wanted) * 2 < u64::from(had) {
            let message = format!("from {} to {wanted} in one update", counted(had.into(), "shard"));
            count.problem(
                message,
                "an UpdateShardCount goes to double or half at most: write several, one after the other",
            );
        }
        let recent = found.iter().filter(|it| it.at.0.saturating_add(DAY.0) > time.0).count();
        if recent == UPDATES_MAX {
            at.problem("more than ten updates within 24 hours", "Kinesis takes ten in any 24 hours");
        }
        let span = each.0.saturating_mul(u64::from(wanted.abs_diff(had)));
        found.push(Update { at: time, done: Time(time.0.saturating_add(span)), shards: wanted });
    }
    Some(found)
}
