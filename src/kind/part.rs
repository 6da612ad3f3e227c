//! The seam between requests and the kinds of resource: what the frame asks of a kind.
//!
//! In: steps of attempts, timers that come, facts from other kinds, attempts that end early. Out: where a walk goes on.
//! A kind touches its own state and the flow, and nothing else: it knows other kinds only by numbers and facts.

use std::collections::BTreeSet;

use super::front::Objects;
use super::keys::KeySpace;
use super::location::Location;
use super::path::{CompileErrand, CompileOwn, PathOwner};
use crate::cost::prices::OwnPrices;
use crate::flow::Flow;
use crate::flow::draws::{DrawId, Draws};
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::timer::Timer;
use crate::id::Gauge;
use crate::kind::{self, Settings};
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::Cause;
use crate::units::{Bytes, Time};
use crate::usage::Used;

/// What a run begins with.
#[derive(Debug)]
pub struct Plan<'s> {
    /// What the file says of every kind.
    pub kinds: &'s Settings,
    /// Populations of keys or rows.
    pub key_spaces: &'s [KeySpace],
    /// Simulated span.
    pub duration: Time,
    /// Width of a row of the timeline.
    pub bucket: Time,
    /// Until when requests are left out of percentiles.
    pub warmup: Time,
    /// The seed of every stream of random numbers.
    pub seed: u64,
    /// The region whose prices apply, and prices of the file, for what goes by price.
    pub region: &'s str,
    pub prices: &'s OwnPrices,
    /// Which populations of keys the paths use at which resource.
    pub keyed: Vec<(PathOwner, u16)>,
    /// (population, slot): the lists that steps have put down, one after the other.
    pub slots: Vec<(u16, u8)>,
    /// Objects that paths ask for at what keeps copies: of each kind in the order of their numbers.
    pub objects: Vec<Objects>,
    /// The ops at which attempts begin on each path that a resource owns.
    pub entries: Vec<(PathOwner, Vec<u32>)>,
    /// Of each fleet, the ops at which one of its hosts is chosen by a balancer.
    pub calls: Vec<Vec<usize>>,
    /// Of each policy for calls, the tables that its steps use, in this tier and in those that it calls.
    pub tried: Vec<BTreeSet<PathOwner>>,
    /// Where something passes a balancer.
    pub borders: Vec<Border>,
    /// Where the requests of each source come from.
    pub origins: Vec<Origin>,
    /// Places where clients are.
    pub locations: &'s [Location],
}

/// Where the requests of a source come from.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// Addresses of which each request has one; nothing where each user or, of open traffic, each request has its own.
    pub addresses: Option<u32>,
    /// Where its clients are, by the position in [`Plan::locations`].
    pub location: Option<usize>,
}

/// A place of a path where something passes a balancer.
#[derive(Clone, Copy, Debug)]
pub struct Border {
    /// The op; how often it was passed is in [`Flow::passed`].
    pub at: usize,
    /// Position of the balancer.
    pub balancer: usize,
    /// Whether it is the answer that passes there, and not the request.
    pub answer: bool,
    /// Size of what passes.
    pub size: Bytes,
    /// Whether it is a request of a host whose connections are counted.
    pub dialed: bool,
}

impl Plan<'_> {
    /// The ops at which attempts begin on the path that a resource owns, if it has one.
    pub fn entries(&self, of: PathOwner) -> Option<&[u32]> {
        self.entries.iter().find(|entry| entry.0 == of).map(|entry| entry.1.as_slice())
    }
}

/// Where a path has come to, while it is followed step by step without anything happening.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The fleet of each tier, or [`Place::NO_FLEET`].
    pub groups: [usize; u8::BITS as usize],
    /// The nodes to which the present connection goes.
    pub node: Node,
}

impl Place {
    /// Stands for a group of hosts that is no fleet.
    pub const NO_FLEET: usize = usize::MAX;
}

/// What a step asks of a resource: work of a mean, or to be held.
pub type Asked = (Resource, Option<DrawId>);

/// A step that leads some attempts past those after it.
#[derive(Clone, Copy, Debug)]
pub struct Skip {
    /// The op at which they go on.
    pub to: u32,
    /// How often.
    pub share: Share,
}

/// The share of the attempts that a step leads past others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// This one.
    Given(f64),
    /// That which a kind counts: [`Part::past`].
    Counted(Counted),
}

/// Where attempts that are led past steps are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// At a resource.
    At(Resource),
    /// At one of several ways: the kind that chooses among them, the number of the choice, and the way.
    Way { kind: crate::id::Kind, choice: u16, way: u8 },
}

/// How often the path that a resource owns was asked for, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offered {
    /// Attempts on it that each row counts with.
    pub attempts: Vec<f64>,
    /// What was waiting meanwhile.
    pub backlog: Vec<Backlog>,
    /// What was asked for and turned away before it came to the path; absent where nothing was.
    pub refused: Option<Refused>,
}

/// What a path was asked for, where a resource before it has turned some away.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The resource that turned it away, such as the calls that send to a queue.
    pub by: Resource,
    /// Attempts on the path for each thing that the resource takes.
    pub each: f64,
    /// Attempts that came by other ways, row by row; nothing where the resource has taken everything.
    pub others: Vec<Option<f64>>,
}

impl Refused {
    /// Counts what was asked of the resource in place of what it took.
    pub fn count(&self, asked: &[f64], attempts: &mut [f64]) {
        for ((attempts, others), asked) in attempts.iter_mut().zip(&self.others).zip(asked) {
            if let Some(others) = others {
                *attempts = others + self.each * asked;
            }
        }
    }
}

/// What waits in a buffer in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backlog {
    /// Next to nothing.
    None,
    /// A backlog that was gone again later: the buffer has spread it over time.
    Gone,
    /// A backlog that was still there at the end, or of which something was lost.
    Stays,
}

/// All resources of a kind.
pub trait Part<'s>: Sized {
    /// The steps that an attempt takes here.
    type Op: Copy;
    /// Its control timers.
    type Timer: Timer;

    /// Writes the path that a resource of this kind owns, if the kind has such paths; [`CompileOwn`] inside of it writes what
    /// the file says.
    fn own_path(_index: usize, _all: &Settings, _to: &mut impl CompileOwn<Op = kind::Op>) {}

    /// Writes what errands of this kind do outside of all hosts. [`Plan::entries`] has where they begin.
    fn errands(_all: &Settings, _to: &mut impl CompileErrand<Op = kind::Op>) {}

    /// What each attempt on the path of a table takes a part of, beside its steps.
    fn own_visits(_index: usize, _all: &Settings) -> Vec<Resource> {
        Vec::new()
    }

    /// The resources of a scenario at the start of a run.
    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self;

    /// What a step asks of which resource, on a path that has come to a place; steps may lead the path to another place.
    fn asks(_op: Self::Op, _place: &mut Place) -> Option<Asked> {
        None
    }

    /// How often a step leads past those after it, and how far, if it does.
    fn skips(_op: Self::Op, _draws: &Draws) -> Option<Skip> {
        None
    }

    /// How many attempts so far came to where they may be led past steps, and how many of them were.
    fn past(&self, _of: Counted) -> Option<(u64, u64)> {
        None
    }

    /// Keys of a population will soon be used: reads what this kind keeps of them.
    #[inline]
    fn fetch(&self, _keys: u16, _ahead: &[u32]) {}

    /// Takes a step of an attempt.
    fn step(&mut self, op: Self::Op, id: u32, flow: &mut Flow) -> Next;

    /// A timer is due.
    fn fire(&mut self, _timer: Self::Timer, _flow: &mut Flow) {}

    /// A fact from another kind, or from the frame, is delivered.
    fn hear(&mut self, _fact: &Fact, _flow: &mut Flow) {}

    /// An attempt ends early: takes back what it holds here, and takes it out of the queue in which it waits here.
    fn release(&mut self, _id: u32, _flow: &mut Flow) {}

    /// An attempt that ends early has left the queue of a station; returns whether that is a station of this kind, of which
    /// it will not hold a server then.
    fn left_queue(&mut self, _id: u32, _station: u32) -> bool {
        false
    }

    /// An errand of this kind has come to nothing: a step failed, by a cause if one is known, or its host is gone. What it
    /// holds is taken back next.
    fn lost(&mut self, _id: u32, _cause: Option<Cause>, _flow: &mut Flow) {}

    /// An errand of this kind goes on as another attempt: where it was is cut off from it.
    fn renumbered(&mut self, _from: u32, _to: u32, _flow: &mut Flow) {}

    /// The level at which an attempt waits in the queue of a station that serves by priority.
    fn level(_op: Self::Op) -> u8 {
        0
    }

    /// What a gauge of a resource of this kind shows.
    fn gauge(&self, _of: Gauge, _flow: &Flow) -> Option<Reading> {
        None
    }

    /// The host in which an attempt has a part of its work is gone: takes back what the attempt holds of the host here.
    fn take_back(&mut self, _id: u32, _host: u32, _flow: &mut Flow) {}

    /// Whether anything of a host is in use here.
    fn is_in_use(&self, _host: u32, _flow: &Flow) -> bool {
        false
    }

    /// The connections to a node have broken, which is known by its processor: returns the attempts that are on them, and takes
    /// back what they hold there if they do not wait in a queue.
    fn sever(&mut self, _processor: u32, _flow: &mut Flow) -> Vec<u32> {
        Vec::new()
    }

    /// The connection of an attempt to a node has broken while time passed in one of your steps.
    fn cut(&mut self, _op: Self::Op, _id: u32) {}

    /// The wait of an attempt in a step has reached its limit; returns the cause by which it fails, if it does.
    fn give_up(&mut self, _op: Self::Op, _id: u32, _flow: &mut Flow) -> Option<Cause> {
        None
    }

    /// A row of the timeline ends, which was this many nanoseconds long.
    fn end_row(&mut self, _span: f64, _flow: &mut Flow) {}

    /// At the end of a run: what resources of this kind used that is billed, beside being there.
    fn used(&mut self, _flow: &Flow, _add: &mut impl FnMut(PathOwner, Used)) {}

    /// Bytes that passed between hosts and each resource of this kind since this was last asked.
    fn passed(&mut self, _add: &mut impl FnMut(f64)) {}

    /// Work done, or servers taken, so far by a resource, if it is of this kind; or what is to be added to that, if it is of another one and
    /// counts in other pieces for this one.
    fn counted(&self, _of: Resource, _flow: &Flow) -> Option<f64> {
        None
    }

    /// Times what the paths ask for that is asked of a resource of this kind at present: 0 where there is nobody who would do it, less than 1
    /// where some of it goes past it, more where the paths do not know all of it.
    fn times_asked(&self, _of: Resource) -> f64 {
        1.0
    }

    /// At the end of a run: by which part of itself a piece of work takes longer for each that waits for it, of a resource of this kind.
    fn lengthens(&self, _of: Resource) -> f64 {
        0.0
    }

    /// At the end of a run: how often the path that a resource of this kind owns was asked for. Nothing of a path that is no
    /// work for requests, such as a health check.
    fn offered(&self, _index: usize) -> Option<Offered> {
        None
    }

    /// What waits at its resources beside attempts, in the words of stages.
    fn crowd(&self) -> Vec<(String, u64)> {
        Vec::new()
    }

    /// The processor on which an attempt has a job in a step, if it has one.
    fn processor(&self, _op: Self::Op, _id: u32, _flow: &Flow) -> Option<u32> {
        None
    }
}
