//! The program that requests walk through: all classes as one flat list of small steps.
//!
//! In: what the `compiler` made of the scenario. Out: [`Op`]s for `step` to interpret, the samplers they draw from,
//! and the stages of time that they belong to. The op at which a request stands tells what it waits for.

use std::sync::Arc;

use crate::dist::batch::Batch;
use crate::dist::{Law, Sampler, rounded, uniform};
use crate::engine::lane::LaneId;
use crate::measure::stage::Stage;
use crate::rng::Stream;
use crate::scenario::KeySpaceId;
use crate::units::Time;

use super::request::Widths;

/// A sampler of [`Program::draws`]. A path of many transactions has more than 65,536 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrawId(pub u32);

impl DrawId {
    /// Its position.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One small step. Each either ends at once or leaves the request waiting for an event.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A balancer picks the instance for a tier; with the hop that follows.
    Pick { balancer: u16, tier: u8, hop: Option<LaneId> },
    /// An instance of a fleet without balancer, each in turn.
    Direct { fleet: u16, tier: u8 },
    /// Network latency of constant length.
    Hop { lane: LaneId },
    /// The next draw is what was recorded for this request.
    Recall { draw: DrawId, column: u32 },
    /// Take a thread of the tier's instance; with the draw of the [`Op::Cpu`] that follows.
    Thread { tier: u8, cpu: Option<DrawId> },
    /// Share the CPU of the tier's instance.
    Cpu { tier: u8, draw: DrawId },
    /// Queue for a core of the tier's instance, where cores are not shared; with the draw of the [`Op::Run`] that
    /// follows, unless something stands between.
    Core { tier: u8, draw: Option<DrawId> },
    /// Run on that core.
    Run { tier: u8, draw: DrawId },
    /// Give the core back.
    Yield,
    /// Pass time.
    Delay { draw: DrawId },
    /// Give the thread back; the balancer has its answer; with the hop that follows.
    Leave { tier: u8, hop: Option<LaneId> },
    /// Draw a key into a slot.
    Draw { slot: u8, keys: u16 },
    /// A look-up travels to its shard, waits its turn, executes, and travels back; on a hit the walk goes on at `hit`.
    Lookup { cache: u16, keys: u16, slot: u8, draw: DrawId, hit: u32 },
    /// The same with a hit ratio given.
    Chance { cache: u16, ratio: u16, draw: DrawId, hit: u32 },
    /// After a miss, wait for a fill of the same key that is under way, then go on at `filled`.
    JoinFill { cache: u16, keys: u16, slot: u8, filled: u32 },
    /// A fill, with the journey and the wait.
    Fill { cache: u16, keys: u16, slot: u8, draw: DrawId },
    /// A fill that concerns no key (fixed hit ratio).
    Store { cache: u16, draw: DrawId },
    /// The fill is done: whoever waited for it goes on.
    Filled { cache: u16, keys: u16, slot: u8 },
    /// Removes the key, with the journey and the wait.
    Invalidate { cache: u16, keys: u16, slot: u8, draw: DrawId },
    /// Borrow a connection of a pool of the tier's instance.
    Borrow { tier: u8, pool: u8, writer: bool },
    /// Go to the writer without a pool, outside every tier.
    Unpooled,
    /// Give the connection back.
    Return,
    /// Fetch the page of a row into the buffer pool of the node, from storage if it is not there.
    Page { database: u16, keys: u16, slot: u8 },
    /// A statement executes on the CPU of the node.
    Execute { database: u16, draw: DrawId, write: bool },
    /// The statement read this row: was it up to date?
    Seen { database: u16, keys: u16, slot: u8 },
    /// Lock a row until commit.
    Lock { database: u16, keys: u16, slot: u8 },
    /// Time of deadlock detection spent for the lock just granted.
    Checked { database: u16 },
    /// Make the transaction durable.
    Flush { draw: DrawId },
    /// The transaction is committed: locks go, the rows `rows..rows + count` of [`Program::written`] replicate.
    Commit { database: u16, rows: u32, count: u8 },
    /// Queue for a server of a station.
    Queue { service: u16 },
    /// The same, where classes have a priority.
    Line { service: u16, level: u8 },
    /// A server of the station works.
    Serve { service: u16, draw: DrawId },
    /// Give the server back.
    Depart { service: u16 },
    /// The same, where classes have a priority.
    DepartLine { service: u16 },
    /// Share the servers of a processor-sharing station.
    Share { service: u16, draw: DrawId },
    /// The answer leaves for the client, which is so many nanoseconds further than the entrance.
    Respond { back: u32 },
    /// A health check ends.
    Probed,
}

/// A sampler with its own stream of random numbers.
#[derive(Debug)]
pub struct Draw {
    sampler: Sampler,
    stream: Stream,
    ready: Batch<f64>,
    /// What the law is for is done as many times faster.
    strength: f64,
    /// Mean of what is drawn, nanoseconds.
    mean: f64,
}

impl Draw {
    /// Draws from a law for a strength of 1; what is drawn is done by who has this strength.
    pub fn new(law: &Law, strength: f64, stream: Stream) -> Self {
        let mean = law.mean().0 as f64 / strength;
        Draw { sampler: Sampler::new(law), stream, ready: Batch::default(), strength, mean }
    }

    /// A value in nanoseconds.
    #[inline]
    pub fn nanos(&mut self) -> f64 {
        self.ready.next(|values| {
            self.sampler.fill(values, &mut self.stream);
            values.iter_mut().for_each(|value| *value /= self.strength);
        })
    }

    /// A value rounded to the nanosecond.
    #[inline]
    pub fn time(&mut self) -> u64 {
        rounded(self.nanos())
    }

    /// Mean of what is drawn, nanoseconds.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Makes a recorded value the next one.
    pub fn recall(&mut self, value: Time) {
        self.ready.put(value.0 as f64 / self.strength);
    }
}

/// A hit ratio that is given.
#[derive(Debug)]
pub struct Ratio {
    ratio: f64,
    stream: Stream,
    ready: Batch<bool>,
}

impl Ratio {
    /// Hits with this probability.
    pub fn new(ratio: f64, stream: Stream) -> Self {
        Ratio { ratio, stream, ready: Batch::default() }
    }

    /// The part of look-ups that hit.
    pub fn probability(&self) -> f64 {
        self.ratio
    }

    /// Whether the next look-up is a hit.
    #[inline]
    pub fn hits(&mut self) -> bool {
        let Ratio { ratio, stream, ready } = self;
        ready.next(|hits| hits.fill_with(|| uniform(stream) < *ratio))
    }
}

/// Stage of the time on the network.
pub const NETWORK: u16 = 0;
/// Stage of the time before the attempt that succeeded.
pub const RETRY: u16 = 1;

/// All classes, compiled.
#[derive(Debug)]
pub struct Program {
    /// The steps of all classes, one after the other, each with the stage of the time that passes in it.
    pub ops: Vec<(Op, u16)>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// First op of each class.
    pub entry: Vec<u32>,
    /// First op of the health check of each balancer.
    pub probe: Vec<u32>,
    /// What an attempt needs room for.
    pub widths: Widths,
    /// Samplers.
    pub draws: Vec<Draw>,
    /// Recorded values, referred to by [`Op::Recall`].
    pub columns: Vec<(Arc<[Time]>, Time)>,
    /// Hit ratios that are given.
    pub ratios: Vec<Ratio>,
    /// (population, slot) of rows written, referred to by [`Op::Commit`].
    pub written: Vec<(KeySpaceId, u8)>,
}

impl Program {
    /// A sampler.
    #[inline]
    pub fn draw(&mut self, id: DrawId) -> &mut Draw {
        &mut self.draws[id.0 as usize]
    }

    /// Whether something that was recorded for each request is replayed.
    #[inline]
    pub fn replays(&self) -> bool {
        !self.columns.is_empty()
    }
}
