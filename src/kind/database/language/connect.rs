//! `connect` of a database: what a new connection costs. Out: a [`Connect`].

use super::engine::Engine;
use crate::dist::Law;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// Round trips until a connection can be used: 5.
/// Source: PlanetScale, "Faster MySQL with HTTP/3" (2023-01): one for TCP, one for the greeting, two for TLS 1.2, one or two for
/// `caching_sha2_password`; where its cache knows the user, one.
const ROUND_TRIPS: u64 = 5;
/// The same of PostgreSQL: 7.
/// Source: PostgreSQL documentation, frontend/backend protocol: one for TCP, one for SSLRequest, two for TLS 1.2, and three for the
/// startup message and the two messages of SCRAM.
const ROUND_TRIPS_POSTGRES: u64 = 7;

/// CPU of the node for a new connection: 1 ms.
pub const CPU: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(1)),
    "assumption: a local MySQL took 2 ms for a request with a connection of its own and 1 ms without (prayagupa/rdb, db/mysql)",
);
/// The same of PostgreSQL, where a connection is a process: 3 ms.
pub const CPU_POSTGRES: Given<Law> = Given::new(
    Law::Constant(Time::from_millis(3)),
    "jfrost, pgbouncer benchmark: 4.3 ms against 1.3 ms for a request with a connection of its own and without; that all of it is CPU is \
     an assumption",
);

/// The language of a new connection.
pub const SHAPE: Shape = Shape {
    title: "connect = { time, cpu }",
    about: "What a connection costs that is opened during the run, by a pool with `minimum_idle` or `max_lifetime`, or by a proxy.",
    keys: &[
        Key::optional(
            "time",
            "law",
            "five round trips of `hop` (PlanetScale, Faster MySQL with HTTP/3: TCP, greeting, TLS 1.2, authentication); seven for PostgreSQL (its \
             documentation, protocol: TCP, SSLRequest, TLS 1.2, startup, SCRAM)",
            "time on the network until it can be used",
        ),
        Key::given(
            "cpu",
            "demand",
            cpus,
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
    pub fn usual(engine: Engine, hop: Time) -> Connect {
        let (trips, cpu) = match engine.is_postgres() {
            false => (ROUND_TRIPS, CPU),
            true => (ROUND_TRIPS_POSTGRES, CPU_POSTGRES),
        };
        Connect { time: Law::Constant(hop * (2 * trips)), cpu: cpu.value }
    }

    /// Reads the table.
    pub(crate) fn read(reader: &Reader, engine: Engine, hop: Time) -> Connect {
        let usual = Connect::usual(engine, hop);
        Connect {
            time: reader.or("time", Value::law, usual.time),
            cpu: reader.or("cpu", Value::demand, usual.cpu),
        }
    }
}

fn cpus() -> (String, &'static str) {
    let source = "assumption: prayagupa/rdb, db/mysql (2 ms against 1 ms); jfrost, pgbouncer benchmark (4.3 ms against 1.3 ms)";
    (format!("{}, {} for PostgreSQL", CPU.show().0, CPU_POSTGRES.show().0), source)
}
