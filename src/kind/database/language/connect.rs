//! `connect` of a database: what a new connection costs. Out: a [`Connect`].

use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Round trips until a connection can be used: 5.
/// Source: PlanetScale, "Faster MySQL with HTTP/3" (2023-01): one for TCP, one for the greeting, two for TLS 1.2, one or two for
/// `caching_sha2_password`; where its cache knows the user, one.
const ROUND_TRIPS: u64 = 5;

/// CPU of the node for a new connection: 1 ms.
pub const CPU: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(1)),
    "assumption: a local MySQL took 2 ms for a request with a connection of its own and 1 ms without (prayagupa/rdb, db/mysql); for a \
     process of PostgreSQL it is 3 ms (jfrost, pgbouncer benchmark: 4.3 ms against 1.3 ms)",
);

/// The language of a new connection.
pub const SHAPE: Shape = Shape {
    title: "connect = { time, cpu }",
    about: "What a connection costs that is opened during the run, by a pool with `minimum_idle` or `max_lifetime`, or by a proxy.",
    keys: &[
        Key::optional(
            "time",
            "law",
            "five round trips of `hop` (PlanetScale, Faster MySQL with HTTP/3: TCP, greeting, TLS 1.2, authentication)",
            "time on the network until it can be used",
        ),
        Key::given(
            "cpu",
            "demand",
            || CPU.show(),
            "CPU of the node for it: TLS, authentication, a thread or a process; on one vCPU of strength 1",
        ),
    ],
};

/// What a new connection costs.
#[derive(Clone, Debug)]
pub struct Connect {
    /// Time on the network.
    pub time: Law,
    /// CPU demand on one vCPU of strength 1.
    pub cpu: Law,
}

impl Connect {
    /// What it costs if the file does not say it.
    pub fn usual(hop: Time) -> Connect {
        Connect { time: Law::Constant(hop * (2 * ROUND_TRIPS)), cpu: CPU.value }
    }

    /// Reads the table.
    pub(crate) fn read(reader: &Reader, hop: Time) -> Connect {
        let usual = Connect::usual(hop);
        Connect {
            time: reader.or("time", Value::law, usual.time),
            cpu: reader.or("cpu", Value::demand, usual.cpu),
        }
    }
}
