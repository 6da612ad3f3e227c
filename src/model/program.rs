//! The program that requests walk through: all classes as one flat list of small steps.
//!
//! In: the output of the `compiler` for a scenario. Out: [`Op`]s for `walk` to interpret, the samplers they draw from,
//! and the stages of time that they belong to. The current op of a request says what it waits for.

use std::ops::Range;
use std::sync::Arc;

use crate::catalog::region::Region;
use crate::catalog::zone::Zone;
use crate::engine::lane::LaneId;
use crate::flow::attempt::Widths;
use crate::flow::draws::{DrawId, Draws};
use crate::kind;
use crate::kind::api;
use crate::kind::balancer;
use crate::kind::fault;
use crate::kind::fleet;
use crate::kind::front::Objects;
use crate::kind::lambda;
use crate::kind::path::PathOwner;
use crate::measure::stage::Stage;

/// One small step. Each either ends at once or leaves the request waiting for an event.
///
/// Its first byte says which it is, also for the steps of kinds: without `repr`, the kinds of step of kinds would be
/// counted in with the others, which costs each choice of an op four instructions.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub enum Op {
    /// A balancer chooses the instance for a tier; includes the hop that follows.
    Pick { balancer: u16, tier: u8, hop: Option<LaneId> },
    /// Network latency of a constant length.
    Hop { lane: LaneId },
    /// The way between a client and a Region, as long as the client's location says.
    Travel { to: Region },
    /// Something goes to another Region, or comes back: see [`Program::crossings`].
    Cross,
    /// Make the recorded value of this request the next draw.
    Recall { draw: DrawId, column: u32 },
    /// Take a thread of the tier's instance; includes the work on its CPU that follows.
    Thread { tier: u8, work: Work },
    /// Share the CPU of the tier's instance.
    Cpu { tier: u8, draw: DrawId },
    /// Queue for a core of the tier's instance, if cores are not shared; includes the draw of the [`Op::Run`] that
    /// follows, unless another op is between them.
    Core { tier: u8, draw: Option<DrawId> },
    /// Run on that core.
    Run { tier: u8, draw: DrawId },
    /// Give the core back.
    Yield,
    /// Pass time.
    Delay { draw: DrawId },
    /// Give the thread back and let the balancer have its answer; includes the hop that follows.
    Leave { tier: u8, hop: Option<LaneId> },
    /// The same, and the answer leaves for the client: [`Op::Leave`] and the [`Op::Respond`] that follows. An op of its own,
    /// because which of the two ways on it is cannot be predicted.
    Home { tier: u8, back: u32 },
    /// Draw a key into a slot.
    Draw { slot: u8, keys: u16 },
    /// The same, unless the request is tried again: then the key of the last time is kept.
    Again { slot: u8, keys: u16 },
    /// A step of a kind.
    Of(kind::Op),
    /// The answer leaves for the client; it is `back` nanoseconds further from there than from the entrance.
    Respond { back: u32 },
}

impl Op {
    /// The op that enters a group of hosts without a balancer, at the host to which it is addressed if something has said so. The group has it, and it is named here alone.
    pub fn direct(fleet: u16, tier: u8, addressed: bool) -> fleet::Op {
        fleet::Op::Direct { fleet, tier, addressed }
    }

    /// An API waits for a tier that has been entered.
    pub fn bound(api: u16, tier: u8) -> api::Op {
        api::Op::Bound { api, tier }
    }

    /// A function is invoked: an environment of it is a tier. The kind has these ops, and they are named here alone.
    pub fn invoke(function: u16, tier: u8) -> lambda::Op {
        lambda::Op::Invoke { function, tier }
    }

    /// That environment connects, if it is new.
    pub fn connect_environment(tier: u8) -> lambda::Op {
        lambda::Op::Connect { tier }
    }

    /// Its handler begins.
    pub fn handle(tier: u8) -> lambda::Op {
        lambda::Op::Handle { tier }
    }

    /// The answer of a tier is sent over the link of its host.
    pub fn send(tier: u8, draw: DrawId) -> fleet::Op {
        fleet::Op::Send { tier, draw }
    }

    /// A step on the CPU of the host of a tier begins with the next op, or has ended.
    pub fn crowd(tier: u8, begins: bool) -> fleet::Op {
        fleet::Op::Crowd { tier, begins }
    }

    /// The host of a tier may turn an attempt away, before or after that takes its thread.
    pub fn admit(tier: u8, has_thread: bool) -> fleet::Op {
        match has_thread {
            true => fleet::Op::Admitted { tier },
            false => fleet::Op::Admit { tier },
        }
    }

    /// A call from the host of a tier to a balancer with so many addresses takes a connection.
    pub fn connect_to_balancer(tier: u8, balancer: u16, addresses: u32) -> fleet::Op {
        let addresses = u8::try_from(addresses).unwrap_or(u8::MAX);
        fleet::Op::Connect { tier, to: fleet::To::Balancer { balancer, addresses } }
    }

    /// The same to the host that was chosen.
    pub fn connect_to_host(tier: u8) -> fleet::Op {
        fleet::Op::Connect { tier, to: fleet::To::Host }
    }

    /// Such a call has ended.
    pub fn hang_up(tier: u8) -> fleet::Op {
        fleet::Op::HangUp { tier }
    }

    /// The op at which a balancer chooses a host of a group and looks at who asks. The balancer has it, and it is named here alone.
    pub fn choose(balancer: u16, tier: u8, fleet: u16, at: u32) -> balancer::Op {
        balancer::Op::Choose { balancer, tier, fleet, at }
    }

    /// A request comes to a balancer with a surge queue.
    pub fn line(balancer: u16, past: u32) -> balancer::Op {
        balancer::Op::Line { balancer, past }
    }

    /// It has waited there.
    pub fn called(balancer: u16) -> balancer::Op {
        balancer::Op::Called { balancer }
    }

    /// A connection to a target of such a balancer has ended.
    pub fn freed(balancer: u16) -> balancer::Op {
        balancer::Op::Freed { balancer }
    }

    /// Whether an attempt waits here for a target, and has not entered its tier.
    pub fn is_before_target(self) -> bool {
        matches!(self, Op::Of(kind::Op::Balancer(balancer::Op::Line { .. })))
    }

    /// The caller of a balancer asks for its address, which a fault may have made a wrong one.
    pub fn resolve(balancer: u16) -> fault::Op {
        fault::Op::Resolve { balancer }
    }

    /// It has tried to connect to that address.
    pub fn connect() -> fault::Op {
        fault::Op::Connect
    }

    /// An attempt comes to a service of a Region that may be lost, by a zone that stands for all of that.
    pub fn reach_region(region: Zone) -> fault::Op {
        fault::Op::Reach { region }
    }

    /// The answer of such a service leaves.
    pub fn leave_region(region: Zone) -> fault::Op {
        fault::Op::Leave { region }
    }

    /// A request comes to the target of a tier, whose connection may be closed by now.
    pub fn reach(tier: u8) -> balancer::Op {
        balancer::Op::Reach { tier }
    }

    /// The answer of a tier leaves, and its connection is idle.
    pub fn keep(tier: u8) -> balancer::Op {
        balancer::Op::Keep { tier }
    }

    /// Whether a host takes a connection here for its call to a balancer.
    pub fn dials(self) -> bool {
        matches!(self, Op::Of(kind::Op::Fleet(fleet::Op::Connect { to: fleet::To::Balancer { .. }, .. })))
    }

    /// A request that may be of a user comes to a balancer.
    pub fn comes(balancer: u16) -> balancer::Op {
        balancer::Op::Comes { balancer }
    }

    /// The answer to it goes back.
    pub fn rests(balancer: u16) -> balancer::Op {
        balancer::Op::Rests { balancer }
    }

    /// The balancer that chooses a host here.
    pub fn chosen_by(self) -> Option<u16> {
        match self {
            Op::Pick { balancer, .. } | Op::Of(kind::Op::Balancer(balancer::Op::Choose { balancer, .. })) => {
                Some(balancer)
            }
            _ => None,
        }
    }

    /// A request has a thread of the host of a tier, which may be one that fails some.
    pub fn may_fail(tier: u8) -> fleet::Op {
        fleet::Op::MayFail { tier }
    }

    /// Whether an environment of a function is entered here.
    pub fn invokes(self) -> bool {
        matches!(self, Op::Of(kind::Op::Lambda(lambda::Op::Invoke { .. })))
    }

    /// The group of hosts that this op enters without a balancer.
    pub fn entered(self) -> Option<usize> {
        match self {
            Op::Of(kind::Op::Fleet(fleet::Op::Direct { fleet, .. })) => Some(usize::from(fleet)),
            _ => None,
        }
    }
}

/// The work that begins with a thread.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// None at once.
    None,
    /// That of the [`Op::Cpu`] that follows.
    Cpu(DrawId),
    /// That of the [`Op::Core`] and the [`Op::Run`] that follow.
    Core(DrawId),
}

/// An op, and where the time of its wait is booked: half a line of a cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Line {
    /// The op.
    pub op: Op,
    /// The places of the stage of the time that passes in it, and of those of the two ops after it, which it may begin itself.
    pub stages: [u16; 3],
}

const _: () = assert!(size_of::<Line>() == 32);

impl Line {
    /// The place of the stage of the time that passes in the op.
    pub fn stage(&self) -> u16 {
        self.stages[0]
    }
}

/// What leaves a Region where an attempt passes an op.
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    /// The op; how often it was passed is in [`Flow::passed`](crate::flow::Flow::passed).
    pub at: usize,
    /// Where it comes from, and where it goes.
    pub between: Between,
    /// Bytes; less than none where what was counted before did not go.
    pub bytes: i64,
}

/// Where something leaves a Region, and where it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// From one to another.
    Regions(Region, Region),
    /// To the internet; of nothing, from the Region of the file.
    Internet(Option<Region>),
}

/// Where the answers of a class leave its outermost tier.
#[derive(Clone, Copy, Debug)]
pub struct Exit {
    /// The class.
    pub class: usize,
    /// The op.
    pub at: usize,
    /// The Region of the tier, if it is not the one of the file.
    pub region: Option<Region>,
    /// Whether something stands between it and its clients that sends answers itself.
    pub is_hidden: bool,
    /// Whether what leaves goes to the internet.
    pub is_public: bool,
}

/// All classes, compiled.
#[derive(Debug)]
pub struct Program {
    /// The steps of all classes in a row. Shared, so that the run loop can hold them beside the world: what changes the world
    /// does not change them, and the compiler of the loop knows that.
    pub ops: Arc<[Line]>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// Where the time of each stage lies.
    pub places: Vec<u16>,
    /// First op of each class.
    pub entry: Vec<u32>,
    /// The ops at which attempts begin on each path that a resource owns.
    pub entries: Vec<(PathOwner, Vec<u32>)>,
    /// The ops at which an attempt is in a Region, as far from its client as the location of that says.
    pub away: Vec<(Range<u32>, Region)>,
    /// What leaves a Region.
    pub crossings: Vec<Crossing>,
    /// Where answers leave for clients.
    pub exits: Vec<Exit>,
    /// Lengths of the rows of an attempt.
    pub widths: Widths,
    /// Samplers of the steps.
    pub draws: Draws,
    /// The populations whose keys are used at each resource.
    pub keyed: Vec<(PathOwner, u16)>,
    /// (population, slot): the lists that steps have put down, one after another.
    pub slots: Vec<(u16, u8)>,
    /// Objects of which something keeps copies.
    pub objects: Vec<Objects>,
    /// Something asks for the number of a request among those of its source.
    pub counts_requests: bool,
}
