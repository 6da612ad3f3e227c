//! `[service.NAME]`: a station that is no AWS building block. In: servers, queue, law. Out: a [`Service`].

use super::fleet::{DISCIPLINES, Discipline};
use super::reader::Reader;
use super::reference::{Given, Key, Shape};
use super::value::Value;
use crate::dist::Law;
use crate::units::Time;

/// A service station: a payment gateway, a search cluster, an appliance.
#[derive(Clone, Debug)]
pub struct Service {
    /// Name in the file.
    pub name: String,
    /// Servers working side by side.
    pub servers: u32,
    /// How requests share the servers.
    pub discipline: Discipline,
    /// Waiting places (FIFO); `None` is unlimited, 0 is a loss system.
    pub queue: Option<u32>,
    /// How long a request waits before it gives up; `None` is for ever.
    pub patience: Option<Law>,
    /// Service time.
    pub time: Law,
    /// One-way network latency.
    pub hop: Time,
}

/// One-way network latency: none.
pub const HOP: Given<Time> = Given::new(
    Time::ZERO,
    "assumption: the measured time of a dependency contains its network, and textbook queues have none",
);
/// Most servers of a station.
const SERVERS_MAX: u32 = 100_000;
/// Most waiting places of a bounded queue.
const QUEUE_MAX: u32 = 10_000_000;

/// The language of a service station.
pub const SHAPE: Shape = Shape {
    title: "[service.NAME]",
    about: "A service station: a payment gateway, a search cluster, an appliance, or any queue of a textbook.",
    keys: &[
        Key::required("servers", "number", "servers working side by side"),
        Key::required("time", "demand", "service time"),
        Key::optional(
            "discipline",
            "\"fifo\" or \"processor_sharing\"",
            "`\"fifo\"`",
            "whether requests wait in order for a server or share all servers",
        ),
        Key::optional(
            "queue",
            "number or \"unlimited\"",
            "`\"unlimited\"`",
            "waiting places; 0 is a loss system",
        ),
        Key::optional(
            "patience",
            "law or \"never\"",
            "`\"never\"`: waits for ever",
            "how long a request waits before it gives up",
        ),
        Key::given("hop", "duration", || HOP.show(), "one-way network latency"),
    ],
};

impl Service {
    pub(super) fn read(name: &str, reader: &Reader) -> Service {
        let discipline = reader.or("discipline", |value| value.choice(&DISCIPLINES), Discipline::Fifo);
        if discipline == Discipline::ProcessorSharing {
            for value in ["queue", "patience"].into_iter().filter_map(|key| reader.get(key)) {
                value.problem("processor sharing has no queue", "remove it, or use discipline = \"fifo\"");
            }
        }
        Service {
            name: name.to_owned(),
            servers: reader.must("servers", |value| value.count(1..=SERVERS_MAX), 1),
            discipline,
            queue: reader.or("queue", |value| value.count_or("unlimited", 0..=QUEUE_MAX), None),
            patience: reader.or("patience", |value| value.law_or("never"), None),
            time: reader.must("time", Value::demand, Law::Constant(Time::ZERO)),
            hop: reader.or("hop", Value::time, HOP.value),
        }
    }
}
