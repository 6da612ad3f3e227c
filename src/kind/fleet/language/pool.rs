//! `pools` of a fleet: connections of each instance to databases. Out: a [`Pool`] for each.

use super::shapes::{POOL, POOL_MINIMUM, POOL_SHAPE, POOL_TIMEOUT, THREADS_MAX};
use crate::id::{DatabaseId, Kind, UNKNOWN};
use crate::language::names::KIND_MAX;
use crate::language::value::Value;
use crate::number::counted;
use crate::units::Time;

/// A bounded pool of database connections in every instance of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// The database.
    pub database: DatabaseId,
    /// Connections to the writer.
    pub writer: u32,
    /// Connections to the reader endpoint.
    pub reader: u32,
    /// A request that gets no connection within this time fails.
    pub timeout: Time,
    /// Connections on each side that must open, or the application does not start.
    pub minimum: u32,
}

impl Pool {
    fn read(database: DatabaseId, value: Value) -> Option<Pool> {
        let size = |value: Value| value.count(1..=THREADS_MAX);
        let (timeout, minimum) = (POOL_TIMEOUT.value, POOL_MINIMUM.value);
        if !value.is_table() {
            let size = size(value)?;
            return Some(Pool { database, writer: size, reader: size, timeout, minimum });
        }
        value.table(&POOL_SHAPE, |reader| {
            let writer = reader.or("writer", size, POOL.value);
            Pool {
                database,
                writer,
                reader: reader.or("reader", size, writer),
                timeout: reader.or("timeout", Value::span_of_time, timeout),
                minimum: reader.or("minimum", |value| minimum_of(value, writer), minimum),
            }
        })
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
