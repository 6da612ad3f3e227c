//! `pools` of a fleet: connections of each instance to databases. Out: a [`Pool`] for each.

use super::shapes::THREADS_MAX;
use crate::id::{DatabaseId, Kind, UNKNOWN};
use crate::language::names::KIND_MAX;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::number::counted;
use crate::units::Time;

/// Connections of a pool: 10.
pub const SIZE: Given<u32> = Given::new(10, "HikariCP README (2024-10), maximumPoolSize");
/// A request fails if it gets no connection within this time: 30 s.
pub const TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(30), "HikariCP README (2024-10), connectionTimeout");
/// Connections that must open for an application to start: 1.
pub const MINIMUM: Given<u32> = Given::new(
    1,
    "HikariCP README (2024-10), initializationFailTimeout: without a first connection the pool fails at once",
);
/// A connection beyond `minimum_idle` is closed when it was idle for this long: 10 min.
pub const IDLE_TIMEOUT: Given<Time> =
    Given::new(Time::from_secs(600), "HikariCP README (2024-10), idleTimeout");
/// And not earlier than after this time. Source: the same.
const IDLE_TIMEOUT_MIN: Time = Time::from_secs(10);
/// Age at which a connection is replaced: 30 min.
pub const MAX_LIFETIME: Given<Time> =
    Given::new(Time::from_secs(1_800), "HikariCP README (2024-10), maxLifetime");
/// And not earlier than after this time. Source: the same.
const MAX_LIFETIME_MIN: Time = Time::from_secs(30);
/// From the return of a connection until the request that was told of it asks for it: 100 us.
pub const WAKE: Given<Time> = Given::new(
    Time::from_micros(100),
    "assumption: what an event loop does before it comes to the request, a few steps of other requests",
);
/// The longest duration that these keys take: a day.
const LONGEST: Time = Time::from_secs(86_400);

/// The language of a connection pool.
pub const SHAPE: Shape = Shape {
    title: "pools = { DATABASE = { … } }",
    about: "A bounded pool of connections to a database in every instance of the fleet. With `minimum_idle` or `max_lifetime` it opens \
            and closes connections during the run, as HikariCP does; without them it opens all of them when the application starts.",
    keys: &[
        Key::given("writer", "whole number", || SIZE.show(), "connections to the writer, at most"),
        Key::optional("reader", "whole number", "as `writer`", "connections to the reader endpoint, at most"),
        Key::given(
            "timeout",
            "duration",
            || TIMEOUT.show(),
            "a request that gets no connection within it fails",
        ),
        Key::given(
            "minimum",
            "whole number",
            || MINIMUM.show(),
            "connections of each side that must open before the application starts; with 0 it starts without any",
        ),
        Key::optional(
            "minimum_idle",
            "whole number",
            "as many as the pool has (HikariCP README, minimumIdle)",
            "idle connections that each side keeps; it opens more, one after the other, when requests wait",
        ),
        Key::given(
            "idle_timeout",
            "duration",
            || IDLE_TIMEOUT.show(),
            "a connection beyond `minimum_idle` is closed when it was idle for this long",
        ),
        Key::optional(
            "max_lifetime",
            "duration, or \"none\"",
            "`\"30m\"` with `minimum_idle` (HikariCP README, maxLifetime), else none",
            "age at which a connection is closed, less up to 2.5 %",
        ),
        Key::optional(
            "order",
            "\"fifo\" or \"newcomers\"",
            "`\"fifo\"` (HikariCP hands a connection to whoever waits)",
            "who gets a connection that comes back: the one that has waited longest, or whoever asks first. Then a request that waits is \
             told, and asks after `wake`; if another was faster, it waits again behind all others, as in asyncpg",
        ),
        Key::given(
            "wake",
            "duration",
            || WAKE.show(),
            "with `order = \"newcomers\"`: from the return of a connection until the request that was told of it asks for it",
        ),
    ],
};

/// A bounded pool of database connections in every instance of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// The database.
    pub database: DatabaseId,
    /// Connections to the writer, at most.
    pub writer: u32,
    /// Connections to the reader endpoint, at most.
    pub reader: u32,
    /// A request that gets no connection within this time fails.
    pub timeout: Time,
    /// Connections on each side that must open, or the application does not start.
    pub minimum: u32,
    /// How it opens and closes connections during a run, if it does.
    pub growth: Option<Growth>,
    /// Who gets a connection that comes back.
    pub order: Order,
}

/// How a pool opens and closes connections.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// Idle connections that each side keeps; absent where it keeps all.
    pub minimum_idle: Option<u32>,
    /// Others are closed when they were idle for this long.
    pub idle_timeout: Time,
    /// Age at which a connection is closed.
    pub max_lifetime: Option<Time>,
}

/// Who gets a connection that comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The request that has waited longest.
    Fifo,
    /// Whoever asks first. The request that has waited longest asks after this time.
    Newcomers(Time),
}

impl Pool {
    /// A pool that opens all of its connections at once.
    fn fixed(database: DatabaseId, size: u32) -> Pool {
        Pool {
            database,
            writer: size,
            reader: size,
            timeout: TIMEOUT.value,
            minimum: MINIMUM.value,
            growth: None,
            order: Order::Fifo,
        }
    }

    fn read(database: DatabaseId, value: Value) -> Option<Pool> {
        let size = |value: Value| value.count(1..=THREADS_MAX);
        if !value.is_table() {
            return Some(Pool::fixed(database, size(value)?));
        }
        value.table(&SHAPE, |reader| {
            let writer = reader.or("writer", size, SIZE.value);
            let pool = Pool::fixed(database, writer);
            Pool {
                reader: reader.or("reader", size, writer),
                timeout: reader.or("timeout", Value::span_of_time, pool.timeout),
                minimum: reader.or("minimum", |value| minimum_of(value, writer), pool.minimum),
                growth: Growth::read(reader, writer),
                order: Order::read(reader),
                ..pool
            }
        })
    }

    /// Connections that one side keeps when nothing asks for them, of at most so many.
    pub fn kept(&self, size: u32) -> u32 {
        self.growth.as_ref().and_then(|growth| growth.minimum_idle).map_or(size, |idle| idle.min(size))
    }

    /// Whether its requests ask for connections in another way than by a queue in order of a fixed size.
    pub fn is_special(&self) -> bool {
        self.growth.is_some() || self.order != Order::Fifo
    }

    /// Pools of hosts that have one request at a time: each is a number of connections, which are there as long as the host is.
    pub(in crate::kind) fn read_small(value: Value) -> Option<Vec<Pool>> {
        let entries = value.entries("pools = { orders = 1 }", KIND_MAX)?;
        let pools = entries.into_iter().filter_map(|(name, value)| {
            let found = value.cx.resolve(&name.span, &[Kind::Database], name.text);
            let database = DatabaseId(found.map_or(UNKNOWN, |(_, index)| index));
            let size = value.count(1..=THREADS_MAX)?;
            Some(Pool { minimum: size, ..Pool::fixed(database, size) })
        });
        Some(pools.collect())
    }

    /// Pools of a fleet. A pool to a database that does not exist is kept, so that steps do not report it again.
    pub(super) fn read_all(value: Value) -> Option<Vec<Pool>> {
        let entries = value.entries("pools = { orders = 20 }", KIND_MAX)?;
        Some(
            entries
                .into_iter()
                .filter_map(|(name, value)| {
                    let found = value.cx.resolve(&name.span, &[Kind::Database], name.text);
                    Pool::read(DatabaseId(found.map_or(UNKNOWN, |(_, index)| index)), value)
                })
                .collect(),
        )
    }
}

impl Growth {
    fn read(reader: &Reader, writer: u32) -> Option<Growth> {
        let minimum_idle = reader.maybe("minimum_idle", |value| minimum_idle(value, writer));
        let idle = |value: Value| value.time_within(IDLE_TIMEOUT_MIN..=LONGEST);
        let idle_timeout = reader.maybe("idle_timeout", idle);
        let lifetime = reader.maybe("max_lifetime", max_lifetime);
        if let (Some(value), Some(_)) = (reader.get("idle_timeout"), idle_timeout)
            && minimum_idle.is_none_or(|idle| idle >= writer)
        {
            let hint = format!("set `minimum_idle` to less than {writer}, or remove `idle_timeout`");
            value.problem("a pool that keeps all of its connections closes none that is idle", hint);
        }
        let grows = minimum_idle.is_some() || lifetime.flatten().is_some();
        grows.then(|| Growth {
            minimum_idle,
            idle_timeout: idle_timeout.unwrap_or(IDLE_TIMEOUT.value),
            max_lifetime: lifetime.unwrap_or(Some(MAX_LIFETIME.value)),
        })
    }
}

impl Order {
    fn read(reader: &Reader) -> Order {
        let wake = reader.maybe("wake", |value| value.time_within(Time::ZERO..=LONGEST));
        let choices = [("fifo", Order::Fifo), ("newcomers", Order::Newcomers(wake.unwrap_or(WAKE.value)))];
        let order = reader.or("order", |value| value.choice(&choices), Order::Fifo);
        if let (Some(value), Order::Fifo) = (reader.get("wake"), order) {
            let hint = "set order = \"newcomers\", or remove `wake`";
            value.problem(
                "a connection that comes back goes to the request that has waited longest, at once",
                hint,
            );
        }
        order
    }
}

fn minimum_idle(value: Value, writer: u32) -> Option<u32> {
    let idle = value.count(0..=THREADS_MAX)?;
    if idle > writer {
        value.problem(
            format!("a pool of {writer} never has {} that are idle", counted(idle.into(), "connection")),
            format!("`minimum_idle` is at most the size of the pool, {writer} here"),
        );
        return None;
    }
    Some(idle)
}

fn max_lifetime(value: Value) -> Option<Option<Time>> {
    let lifetime = value.time_or("none")?;
    let Some(given) = lifetime else { return Some(None) };
    if !(MAX_LIFETIME_MIN..=LONGEST).contains(&given) {
        let hint = format!("from {MAX_LIFETIME_MIN} to {LONGEST} is possible, or \"none\"");
        value.problem(format!("{given} is out of range"), hint);
        return None;
    }
    Some(lifetime)
}

fn minimum_of(value: Value, writer: u32) -> Option<u32> {
    let minimum = value.count(0..=THREADS_MAX)?;
    if minimum > writer {
        value.problem(
            format!("a pool of {writer} never opens {}", counted(minimum.into(), "connection")),
            format!("`minimum` is at most the size of the pool, {writer} here"),
        );
        return None;
    }
    Some(minimum)
}
