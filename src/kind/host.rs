//! How a group of hosts runs the CPU steps of a path, whatever kind the group is of. In: the settings of that kind. Out: what
//! demands and the compiler of paths ask for.

use crate::dist::Law;
use crate::units::{Bandwidth, Bytes, Time};

/// A group of hosts, by its number among those of all kinds: those of the first kind of the list come first, each kind in the order of the
/// file. So the group of a fleet has the number of the fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

impl GroupId {
    /// Its number.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A group of hosts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hosts<'a> {
    /// Its name in the file.
    pub name: &'a str,
    /// How many times faster one core is than the one for which demands are written.
    pub strength: f64,
    /// The same of the fastest host that the group may have.
    pub fastest: f64,
    /// One-way latency between a caller and a host, where nothing stands between them.
    pub hop: Time,
    /// Whether all that runs shares the cores; else each step has a core to its end.
    pub shares: bool,
    /// Whether a host has one request at a time, so that nobody waits for its CPU, and a step on it is time that passes.
    pub alone: bool,
    /// Whether a core is slower while more of them are busy, so that each step on the CPU says when it begins and ends.
    pub crowds: bool,
    /// Whether a host turns requests away, so that it looks at each before and after it takes a thread.
    pub sheds: bool,
    /// Whether the ports of its hosts can run out, so that each call says when it begins and ends.
    pub connects: bool,
    /// Whether requests can fail at some of its hosts, so that each says when it is about to begin its steps there.
    pub fails: bool,
    /// What each request takes of the CPU of a host in passing, if it does.
    pub passing: Option<Passing>,
    /// Bandwidth at which each host sends answers while nothing holds it back, if bytes take time there.
    pub link: Option<Bandwidth>,
}

/// The CPU that a request takes of a host that it passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passing {
    /// For each request.
    pub cpu: Time,
    /// For each kilobyte of it and of its answer.
    pub per_kb: Time,
}

impl Passing {
    /// That of a request of so many bytes, answer included.
    pub fn law(&self, bytes: Bytes) -> Law {
        let bytes = self.per_kb.as_secs_f64() * bytes.0 as f64 / 1e3;
        Law::Constant(Time::from_secs_f64(self.cpu.as_secs_f64() + bytes))
    }
}
