//! Facts: how kinds act on each other. They are few, and never one for each request.
//!
//! In: a fact from a kind. Out: the same fact, delivered to every kind in the order of the list. Facts are delivered
//! first in, first out, as soon as the kind that sent them has returned to the run loop.

use super::host::Host;
use crate::catalog::region::Region;
use crate::catalog::zone::{Place, Zone};
use crate::id::{AlarmOf, Gauge, Kind};
use crate::measure::stage::Cause;
use crate::measure::totals::AlarmState;
use crate::units::Time;

/// Something that other kinds may have to react to. Hosts and groups are given by number.
#[derive(Clone, Debug)]
pub enum Fact {
    /// A run begins, with the first hosts of a group.
    Begin(usize),
    /// The first hosts of a group are ready.
    Begun(usize),
    /// A host has been launched.
    Launched(u32),
    /// The application of a host is about to start: it needs its connections.
    Starting(u32),
    /// A host has the connections that it needs.
    Connected(u32),
    /// A host cannot get the connections that it needs.
    Refused(u32),
    /// A host is in service.
    InService(u32),
    /// A host gets no new requests from now on.
    Leaving(u32),
    /// A host gets no new requests for a while: it stays in service in its group, and its application is restarted.
    Parting(u32),
    /// Such a host may get requests again.
    Returned(u32),
    /// A leaving host is deregistered: no new requests are sent to it.
    Deregistered {
        /// The host.
        host: u32,
        /// Until when connections to it stay open.
        connected_until: u64,
        /// By when its requests must have ended.
        drained_by: u64,
    },
    /// A leaving host has work of its own, which it may go on with until an instant.
    Working {
        /// The host.
        host: u32,
        /// Until when.
        until: u64,
    },
    /// A leaving host has finished its last request.
    Idle(u32),
    /// The time to drain is over: requests still inside the host are cut off.
    Drained(u32),
    /// A host is shut down.
    Gone(u32),
    /// A host has passed its health checks at one node of a balancer, which sends to it from now on; the others may not yet.
    Admitted(u32),
    /// A host has passed its health checks after it had failed them, or for the first time.
    Healthy(u32),
    /// A host has failed its health checks.
    Unhealthy(u32),
    /// A zone is lost: nothing there works or answers any more.
    ZoneLost(Place),
    /// A zone is back.
    ZoneBack(Place),
    /// A Region is lost with all of its zones, which have been told one by one: what is of it as a whole is lost too.
    RegionLost {
        /// The zone that stands for all of it.
        region: Zone,
        /// The strike that took it.
        strike: u32,
    },
    /// Such a Region is back.
    RegionBack {
        /// The zone that stands for all of it.
        region: Zone,
    },
    /// A host has stopped without a word: nothing that is sent to it is answered. It stays where it is in its life cycle
    /// until the kind of its group notices.
    Lost(u32),
    /// The application of a host has ended: what is inside is cut off, and the host refuses connections until its application
    /// runs again.
    Crashed(u32),
    /// A host is ended at once, with what is inside: that fails by a cause.
    Killed {
        /// The host.
        host: u32,
        /// By which its attempts fail.
        cause: Cause,
    },
    /// A host has lost its network: its callers hear nothing more of what is inside. It stays where it is in its life cycle, and may
    /// be back.
    CutOff(u32),
    /// A fault strikes a host.
    Struck {
        /// The host.
        host: u32,
        /// Which strike: there may be several at once.
        strike: u32,
        /// What it does.
        blow: Blow,
    },
    /// A strike at a host is over.
    Relieved {
        /// The host.
        host: u32,
        /// Which strike.
        strike: u32,
    },
    /// A fault strikes what serves requests: a resource, by the kind and the position of its table.
    Impaired {
        /// The resource.
        of: (Kind, u16),
        /// Which of its members.
        member: Member,
        /// The position of the fault among those of the file.
        fault: u16,
        /// Which strike of it.
        strike: u32,
        /// What it does to the requests of the resource.
        how: Impairment,
        /// When it is over; the end of time if it is not.
        until: u64,
    },
    /// A strike of a fault at a resource is over.
    Restored {
        /// The resource.
        of: (Kind, u16),
        /// The position of the fault.
        fault: u16,
    },
    /// A strike that is over by itself is over: what it stopped has started again, or it stopped nothing.
    Resumed {
        /// Which strike.
        strike: u32,
    },
    /// The connections to a node have broken: what attempts do on them fails.
    Severed {
        /// The processor of the node.
        processor: u32,
        /// Why they fail.
        cause: Cause,
    },
    /// Nobody waits for a try of a call any more: it goes on without its caller, or is cancelled.
    GivenUp {
        /// The try.
        attempt: u32,
        /// The attempt that waited for it.
        caller: u32,
        /// Whether it is cancelled.
        cancels: bool,
    },
    /// A part of the system has noticed that something is wrong.
    Noticed {
        /// What it belongs to.
        of: (Kind, u16),
        /// What has noticed it.
        by: Sign,
    },
    /// People order something.
    Ordered {
        /// Of what, by the kind and the position of its table.
        of: (Kind, u16),
        /// What it is to do.
        order: Order,
    },
    /// What somebody has asked to be told of is there.
    Ready {
        /// Who has asked, by a number that they know.
        by: u16,
    },
    /// A gauge is read, at the end of a period of its metric.
    Read {
        /// The gauge.
        gauge: Gauge,
        /// What reads it: a group, and a number that the reader knows.
        by: (u16, u16),
    },
    /// What a gauge shows.
    Shows {
        /// What has read it.
        by: (u16, u16),
        /// The reading; nothing where there is nothing to show.
        reading: Option<Reading>,
    },
    /// An alarm has gone to another state.
    Alarm {
        /// Which.
        of: AlarmOf,
        /// The state after.
        state: AlarmState,
    },
    /// The largest size of a group is raised, if it is below.
    MayGrow {
        /// The group.
        group: usize,
        /// How large it may be from now on.
        max: u32,
    },
    /// A group is to change its size.
    Wanted {
        /// The group.
        group: usize,
        /// Its desired capacity, before the bounds of the group.
        capacity: u32,
        /// The reason.
        cause: String,
        /// How long new hosts stay out of the metrics of the group.
        warmup: Time,
    },
}

impl Fact {
    /// The group of hosts that it is about, or that of its host.
    pub fn group(&self, hosts: &[Host]) -> Option<usize> {
        match *self {
            Fact::Begin(group) | Fact::Begun(group) => Some(group),
            Fact::Launched(host)
            | Fact::Starting(host)
            | Fact::Connected(host)
            | Fact::Refused(host)
            | Fact::InService(host)
            | Fact::Leaving(host)
            | Fact::Idle(host)
            | Fact::Drained(host)
            | Fact::Gone(host) => hosts.get(host as usize).map(|host| host.group),
            _ => None,
        }
    }
}

/// What notices that something is wrong, other than the health check of a target and an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The status check of a host.
    StatusCheck(u32),
    /// A circuit breaker, which opens.
    Breaker {
        /// The strike that the call met whose failure has opened it.
        met: Option<u32>,
    },
    /// A failover from a node: by now it must have noticed.
    Failover {
        /// Where the node was.
        from: Place,
        /// The shard, from 1, that it was the primary of; 0 for the writer of a database.
        shard: u32,
    },
    /// A host of which more requests fail than of the others of its balancer.
    Anomaly(u32),
    /// A check from outside of a host.
    Probe(u32),
    /// A record of a name that is unhealthy from now on, by checks from outside or because of what it leads to.
    Record {
        /// What it leads to, by kind.
        of: Kind,
        /// And the position of its table.
        index: u16,
    },
}

/// What is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Other sizes of a group.
    Size {
        /// The smallest.
        min: Option<u32>,
        /// The largest.
        max: Option<u32>,
        /// The desired capacity.
        desired: Option<u32>,
    },
    /// A copy that may be behind takes over.
    Promote,
    /// A copy takes over as soon as it has everything.
    SwitchOver,
    /// It is made anew from its backups.
    Restore {
        /// As it was when.
        to: Point,
        /// In another Region, from the copy there.
        region: Option<Region>,
        /// What there is of it ends at once, and not when the new one is there.
        stop: bool,
    },
    /// It is to say when a copy is there that can take over.
    Report {
        /// To whom: a number that they know.
        by: u16,
    },
}

/// A point in time as of which something is made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// The last one that there is.
    Latest,
    /// This one.
    At(Time),
    /// Before the last strike of a fault, by the position of that.
    Before(u16),
}

/// What a fault does to a host.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Blow {
    /// It stops without a word, and does not come back.
    Dies,
    /// Its application ends, and is started again.
    Crashes,
    /// It accepts connections, and does nothing.
    Hangs,
    /// It works at this part of its speed.
    Slow(f64),
    /// Nothing reaches it, and nothing comes from it.
    Unreachable,
    /// It answers every request with an error.
    Fails,
}

/// Which members of a resource a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// All of it.
    All,
    /// The node that writes at that instant.
    Writer,
    /// The first replica that is there at that instant.
    Replica,
    /// A shard, by its number from 0.
    Shard(u16),
}

/// What a fault does to the requests of a resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Impairment {
    /// Their work takes so many times as long.
    Slow(f64),
    /// This share of them is answered with an error, after its work.
    Fails(f64),
    /// This share of them is turned away at once.
    Refuses(f64),
    /// They are not answered until it is over.
    Hangs,
    /// What serves them is gone, and comes back with nothing in memory.
    Dies,
    /// What serves them ends, and starts again by itself. With the number of the strike.
    Crashes(u32),
    /// What serves them is told to hand over to another member, and starts again. With the number of the strike.
    FailsOver(u32),
    /// A copy that may be behind takes the place of what serves them, for good. With the number of the strike.
    Promotes(u32),
    /// A copy elsewhere takes their place, as soon as it has all that they had. With the number of the strike.
    SwitchesOver(u32),
    /// A share of its data is wrong, until it is made anew as it was before.
    Corrupts {
        /// The share.
        share: f64,
        /// The number of the strike.
        strike: u32,
    },
}

/// What a gauge shows at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Its value.
    Level(f64),
    /// A value that is an average over the instances of a group that are in service; nothing without instances.
    PerInstance {
        /// The sum over all of them.
        sum: f64,
        /// The group.
        group: usize,
    },
    /// Its integral over time since the start of the run, in nanoseconds: the value of a period is what it grew by, over its
    /// length.
    Integral(f64),
    /// The same of a sum over the instances of a group: the value of a period is an average over those past their warm-up.
    IntegralPerInstance {
        /// The integral over all of them.
        area: f64,
        /// The group.
        group: usize,
    },
    /// A percentile of the latency of a class: the value of a period is that of the requests that were answered in it; nothing
    /// where none was.
    Percentile {
        /// The class.
        class: usize,
        /// The quantile, 0 to 1.
        quantile: f64,
    },
    /// A sum over what was counted since the start of the run: the value of a period is the mean of what was counted in it;
    /// nothing where nothing was.
    Mean {
        /// The sum.
        sum: f64,
        /// How many it is of.
        count: u64,
    },
}
