//! Streams in a run: which records they take, and who reads them.
//!
//! In: steps of attempts, timers. Out: records put, tried again, or failed as throttled; batches that functions work on.

use super::errand;
use super::key::NOT_ASKING;
use super::state::State;
use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::id::{self, Gauge};
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::kind::path::{CompileOwn, PathOwner};
use crate::kind::{self, Settings};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::usage::Used;

pub use super::op::{Op, Timer};
pub use super::state::Streams;

impl<'s> Part<'s> for Streams<'s> {
    type Op = Op;
    type Timer = Timer;

    fn own_path(index: usize, all: &Settings, to: &mut impl CompileOwn<Op = kind::Op>) {
        errand::write(index, all, to);
    }

    /// A record takes a part of the batches of its shard.
    fn own_visits(index: usize, _all: &Settings) -> Vec<Resource> {
        vec![Resource::Batches { stream: index }]
    }

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.streams;
        let each = settings.iter().enumerate().map(|(index, settings)| {
            let of = (id::Kind::Stream, index);
            let path = plan.entries(of).and_then(|entries| entries.first().copied());
            State::new(settings, plan.kinds.lost_with(of), path, plan.seed)
        });
        let mut streams = Streams {
            each: each.collect(),
            settings,
            shards: Vec::new(),
            readers: Vec::new(),
            lanes: Vec::new(),
            asking: PerAttempt::new(NOT_ASKING),
            series: Vec::new(),
            warmup: plan.warmup.0,
        };
        streams.open_all(flow);
        streams
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Weigh { stream, bytes } => {
                Some((Resource::ShardBytes { stream: stream.into() }, Some(bytes)))
            }
            Op::Share { stream, bytes } => {
                Some((Resource::ShardReads { stream: stream.into() }, Some(bytes)))
            }
            Op::Put { stream, .. } => Some((Resource::ShardRecords { stream: stream.into() }, None)),
            _ => None,
        }
    }

    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Begin { stream, keys, slot, start } => {
                self.begin(id, stream, (keys, slot), flow);
                Next::At(start)
            }
            Op::Pause { stream } => self.pause(id, stream, flow),
            Op::Weigh { .. } | Op::Share { .. } | Op::Invoke => Next::Op,
            Op::Put { stream, bytes, again } => self.put(id, stream, bytes, again, flow),
            Op::Serve { draw } => {
                let span = flow.draws.of(draw).time();
                flow.pass(span, id)
            }
            Op::Take => {
                self.take(id, flow);
                Next::Op
            }
            Op::Each { first } => self.each(id, first, flow),
            Op::Done => {
                self.done(id, flow);
                Next::Gone
            }
        }
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Read { reader } => self.read(reader, flow),
            Timer::Window { lane } => self.make_batch(lane, flow),
            Timer::Retry { lane } => self.retry(lane, flow),
            Timer::Reshard { stream, update } => self.updated(stream, update, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::RegionLost { region, .. } => self.region_changes(region, true, flow),
            Fact::RegionBack { region } => self.region_changes(region, false, flow),
            _ => {}
        }
    }

    fn lost(&mut self, id: u32, _cause: Option<Cause>, flow: &mut Flow) {
        self.failed(id, flow);
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn used(&mut self, _flow: &Flow, add: &mut impl FnMut(PathOwner, Used)) {
        for (index, it) in self.each.iter().enumerate() {
            let hours = |hourly: &kind::bill::Hourly| hourly.used().hours;
            let used = Used {
                hours: hours(&it.bills.units),
                more: vec![hours(&it.bills.kilobytes), hours(&it.bills.read), hours(&it.bills.pushed)],
                capacity: it.bills.shards.clone(),
                ..Used::default()
            };
            add((id::Kind::Stream, index), used);
        }
    }

    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        match of {
            Resource::ShardRecords { stream } => Some(self.each[stream].counts.put as f64),
            Resource::ShardBytes { stream } => Some(self.each[stream].counts.bytes as f64),
            Resource::ShardReads { stream } => {
                Some(self.each[stream].counts.bytes as f64 * f64::from(self.settings[stream].sharing()))
            }
            Resource::Batches { stream } => Some(self.each[stream].counts.worked as f64),
            _ => None,
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        (of.kind == id::Kind::Stream).then_some(())?;
        let (index, counts) = (of.index as usize, self.each[of.index as usize].counts);
        Some(match of.name {
            "incoming_bytes" => Reading::Integral(counts.bytes as f64 * 1e9),
            "incoming_records" => Reading::Integral(counts.put as f64 * 1e9),
            "write_throttled" => Reading::Integral(counts.throttled as f64 * 1e9),
            _ => Reading::Level(self.waiting(index, flow.now).1 as f64 / 1e9),
        })
    }

    fn crowd(&self) -> Vec<(String, u64)> {
        let words = |name: &str| format!("as records in the stream {name}");
        let all = self.settings.iter().enumerate();
        all.map(|(index, settings)| (words(&settings.name), self.waiting(index, 0).0)).collect()
    }
}

impl Streams<'_> {
    /// A Region is lost with its streams, or there again with all records.
    fn region_changes(&mut self, region: Zone, is_lost: bool, flow: &mut Flow) {
        for index in 0..self.each.len() {
            if self.each[index].region != Some(region) {
                continue;
            }
            self.each[index].is_lost = is_lost;
            if !is_lost {
                for reader in self.each[index].readers.clone() {
                    self.plan(reader, flow);
                }
            }
        }
    }
}
