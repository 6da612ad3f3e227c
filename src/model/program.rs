//! The program that requests walk through: all classes as one flat list of small steps.
//!
//! In: what the `compiler` made of the scenario. Out: [`Op`]s for `step` to interpret, the samplers they draw from,
//! and the stages of time that they belong to. The op at which a request stands tells what it waits for.

use crate::engine::lane::LaneId;
use crate::flow::attempt::Widths;
use crate::flow::draws::{DrawId, Draws};
use crate::kind;
use crate::kind::path::PathOwner;
use crate::measure::stage::Stage;

/// One small step. Each either ends at once or leaves the request waiting for an event.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// A balancer picks the instance for a tier; with the hop that follows.
    Pick { balancer: u16, tier: u8, hop: Option<LaneId> },
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
    /// A step at a resource of a kind.
    Of(kind::Op),
    /// The answer leaves for the client, which is so many nanoseconds further than the entrance.
    Respond { back: u32 },
}

/// All classes, compiled.
#[derive(Debug)]
pub struct Program {
    /// The steps of all classes, one after the other, each with the stage of the time that passes in it.
    pub ops: Vec<(Op, u16)>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// First op of each class.
    pub entry: Vec<u32>,
    /// The ops at which attempts begin on each path that a resource owns.
    pub entries: Vec<(PathOwner, Vec<u32>)>,
    /// What an attempt needs room for.
    pub widths: Widths,
    /// What the steps draw from.
    pub draws: Draws,
    /// The populations that are looked up, filled or invalidated at each cache: (cache, population).
    pub cached: Vec<(u16, u16)>,
    /// (population, slot) of the rows that transactions write, one transaction after the other.
    pub written: Vec<(u16, u8)>,
}
