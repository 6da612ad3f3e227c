//! `[service.NAME]`: a station that is no AWS building block. In: servers, queue, law. Out: a [`Service`].

mod foreign;

use crate::catalog::region::Region;
use crate::dist::Law;
use crate::id::{Dial, Kind};
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::table::{Foreign, Table};
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::own::Stations;
use crate::units::Time;

/// A service station: a payment gateway, a search cluster, an appliance.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name in the file.
    pub name: String,
    /// Servers working side by side at the start.
    pub servers: u32,
    /// Later changes of their number, in time order. A server that leaves finishes its request first.
    pub changes: Vec<(Time, u32)>,
    /// How requests share the servers.
    pub discipline: Discipline,
    /// Waiting places (FIFO); `None` is unlimited, 0 is a loss system.
    pub queue: Option<u32>,
    /// How long a request waits before it gives up; `None` is no limit.
    pub patience: Option<Law>,
    /// Service time.
    pub time: Law,
    /// One-way network latency.
    pub hop: Time,
    /// Whether it is outside of the VPC of its callers.
    pub outside: bool,
    /// Whether it is in an AWS Region, and lost with it; nobody knows where one outside is unless the file says so.
    pub in_region: bool,
    /// Its Region, if that is not the one of the file.
    pub region: Option<Region>,
    /// What stands in its place, if a program makes that: then the servers are what is expected of it before a run.
    pub(crate) own: Option<Stations>,
}

/// How requests share the servers of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discipline {
    /// In order of arrival.
    Fifo,
    /// The highest priority first, in order of arrival inside a priority; a request in service is never interrupted.
    Priority,
    /// All present share all servers.
    ProcessorSharing,
}

/// Gauges of a station.
pub(crate) const GAUGES: &[Dial] = &[
    Dial {
        kind: Kind::Service,
        name: "busy",
        own: true,
        about: "busy servers in percent of those at the start, mean of the period",
    },
    Dial { kind: Kind::Service, name: "waiting", own: true, about: "requests that wait, mean of the period" },
];

/// One-way network latency: none.
pub const HOP: Given<Time> = Given::new(
    Time::ZERO,
    "assumption: the measured time of a dependency contains its network, and textbook queues have none",
);
/// Whether it is outside of the VPC: no.
pub const OUTSIDE: Given<bool> = Given::new(false, "assumption: most dependencies are beside their callers");
/// Most servers of a station.
const SERVERS_MAX: u32 = 100_000;
/// Most changes of their number.
const CHANGES_MAX: usize = 10_000;
/// Most waiting places of a bounded queue.
const QUEUE_MAX: u32 = 10_000_000;

/// The language of a service station.
pub const SHAPE: Shape = Shape {
    title: "[service.NAME]",
    about: "A service station: a payment gateway, a search cluster, an appliance, or any queue of a textbook.",
    keys: &[
        Key::required(
            "servers",
            "whole number or array of [duration, whole number]",
            "servers working side by side, or their number from each instant on, the first one \"0s\"; a server that leaves \
             finishes its request first",
        ),
        Key::required("time", "demand", "service time"),
        Key::optional(
            "discipline",
            "\"fifo\", \"priority\" or \"processor_sharing\"",
            "`\"fifo\"` (assumption: first come, first served)",
            "whether requests wait in order for a server, the highest `priority` of their class first (in order inside a \
             priority; a request in service is never interrupted), or share all servers",
        ),
        Key::optional(
            "queue",
            "whole number or \"unlimited\"",
            "`\"unlimited\"` (assumption: a limit is to be said, since services differ)",
            "waiting places; 0 is a loss system",
        ),
        Key::optional(
            "patience",
            "law or \"never\"",
            "`\"never\"`: waits as long as it takes (assumption: a limit is to be said, since services differ)",
            "how long a request waits before it gives up",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
        Key::given(
            "outside",
            "true or false",
            || OUTSIDE.show(),
            "whether it is outside of the VPC, such as a payment provider: hosts of a fleet with a NAT gateway go through that, and it is lost with no Region unless it has a `region`",
        ),
    ],
};

impl Service {
    /// Server-nanoseconds between two instants.
    pub fn server_nanos(&self, from: Time, to: Time) -> f64 {
        let ends = self.changes.iter().map(|change| change.0).chain([Time(u64::MAX)]);
        let counts = [self.servers].into_iter().chain(self.changes.iter().map(|change| change.1));
        let mut start = Time::ZERO;
        let mut sum = 0.0;
        for (count, end) in counts.zip(ends) {
            let (low, high) = (start.0.max(from.0), end.0.min(to.0));
            sum += high.saturating_sub(low) as f64 * f64::from(count);
            start = end;
        }
        sum
    }
}

impl Table<Settings> for Service {
    const ABOUT: &'static str = "service stations";
    const SHAPES: &'static [&'static Shape] = &[&SHAPE];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;
    const PLACED: bool = true;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Service {
        let disciplines = [
            ("fifo", Discipline::Fifo),
            ("priority", Discipline::Priority),
            ("processor_sharing", Discipline::ProcessorSharing),
        ];
        let discipline = reader.or("discipline", |value| value.choice(&disciplines), Discipline::Fifo);
        let changes = reader.must("servers", servers, vec![(Time::ZERO, 1)]);
        if discipline == Discipline::ProcessorSharing {
            for value in ["queue", "patience"].into_iter().filter_map(|key| reader.get(key)) {
                value.problem("processor sharing has no queue", "remove it, or use discipline = \"fifo\"");
            }
            if let (Some(value), 2..) = (reader.get("servers"), changes.len()) {
                value.problem(
                    "with processor sharing the number of servers cannot change",
                    "write one number, or use discipline = \"fifo\"",
                );
            }
        }
        let outside = reader.or("outside", Value::flag, OUTSIDE.value);
        Service {
            name: name.to_owned(),
            servers: changes.first().map_or(1, |first| first.1),
            changes: changes.into_iter().skip(1).collect(),
            discipline,
            queue: reader.or("queue", |value| value.count_or("unlimited", 0..=QUEUE_MAX), None),
            patience: reader.or("patience", |value| value.law_or("never"), None),
            time: reader.must("time", Value::demand, Law::Constant(Time::ZERO)),
            hop: reader.or("hop", Value::time, HOP.value),
            outside,
            in_region: !outside || reader.get("region").is_some(),
            region: None,
            own: None,
        }
    }

    fn move_to(&mut self, region: Region) {
        self.region = Some(region);
    }

    fn region(&self, _all: &Settings) -> Option<Region> {
        self.region
    }

    fn is_regional(&self) -> bool {
        self.in_region
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn changes(&self) -> Vec<Time> {
        self.changes.iter().map(|change| change.0).collect()
    }
}

/// The number of servers from each instant on, the first at the start.
fn servers(value: Value) -> Option<Vec<(Time, u32)>> {
    if !value.is_array() {
        return Some(vec![(Time::ZERO, value.count(1..=SERVERS_MAX)?)]);
    }
    let mut changes: Vec<(Time, u32)> = Vec::new();
    for change in value.elements(CHANGES_MAX)? {
        let (at, count) = change.pair("[\"50s\", 10]")?;
        let (time, count) = (at.time()?, count.count(0..=SERVERS_MAX)?);
        if changes.is_empty() && time > Time::ZERO {
            at.problem(
                format!("nothing says how many servers there are before {time}"),
                "let the first instant be \"0s\"",
            );
            return None;
        }
        bounds::in_order(changes.last().map(|last| last.0), time, &at);
        changes.push((time, count));
    }
    if changes.is_empty() {
        value.problem("servers without a number", "write [[\"0s\", 5], [\"50s\", 10]], or a number");
        return None;
    }
    Some(changes)
}
