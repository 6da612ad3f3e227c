//! The state of all streams. In: settings. Out: what their parts change.

use super::area::Area;
use super::counts::{Bills, Counts, Marks};
use super::key::Asking;
use super::language::Stream as Settings;
use super::language::capacity::Capacity;
use super::peak::Growth;
use super::reader::{Lane, Reader};
use super::record::StreamSeries;
use super::shard::Shard;
use crate::catalog::zone::Zone;
use crate::flow::per_attempt::PerAttempt;
use crate::measure::histogram::Histogram;
use crate::rng::{Stream as Random, stream};

/// All streams.
#[derive(Debug)]
pub struct Streams<'s> {
    pub(super) settings: &'s [Settings],
    pub(super) each: Vec<State>,
    pub(super) shards: Vec<Shard>,
    pub(super) readers: Vec<Reader>,
    pub(super) lanes: Vec<Lane>,
    /// Records that are being put.
    pub(super) asking: PerAttempt<Asking>,
    /// Rows so far.
    pub(super) series: Vec<StreamSeries>,
    /// Records before this are not counted in ages.
    pub(super) warmup: u64,
}

/// One stream.
#[derive(Debug)]
pub(super) struct State {
    /// The Region that it may be lost with, and whether it is.
    pub region: Option<Zone>,
    pub is_lost: bool,
    /// The shards that take records, in the order of their hashes.
    pub open: Vec<u32>,
    /// All shards and readers so far, those at the end included.
    pub shards: Vec<u32>,
    pub readers: Vec<u32>,
    /// How it follows the traffic, on demand.
    pub growth: Option<Growth>,
    /// The op at which the errand of a batch begins.
    pub path: Option<u32>,
    pub counts: Counts,
    pub marks: Marks,
    pub bills: Bills,
    /// Open shards, and batches that are worked on.
    pub there: Area,
    pub busy: Area,
    /// The largest age at which a record was handed over in this row.
    pub oldest: u64,
    /// Ages of the last record of what the function was sent, each time.
    pub age: Histogram,
    /// Hashes of records without a key, on which the function fails, and pauses before a put is tried again.
    pub chance: Random,
    pub poison: Random,
    pub jitter: Random,
}

impl State {
    pub fn new(settings: &Settings, region: Option<Zone>, path: Option<u32>, seed: u64) -> State {
        let purpose = |purpose: &str| stream(seed, &format!("stream.{}/{purpose}", settings.name));
        let growth = match settings.capacity {
            Capacity::OnDemand(it) => {
                Some(Growth::new(it, settings.shard, settings.capacity.first(settings.shard)))
            }
            Capacity::Provisioned(_) => None,
        };
        State {
            region,
            is_lost: false,
            open: Vec::new(),
            shards: Vec::new(),
            readers: Vec::new(),
            growth,
            path,
            counts: Counts::default(),
            marks: Marks::default(),
            bills: Bills::default(),
            there: Area::of(0),
            busy: Area::of(0),
            oldest: 0,
            age: Histogram::default(),
            chance: purpose("record"),
            poison: purpose("poison"),
            jitter: purpose("retry"),
        }
    }
}
