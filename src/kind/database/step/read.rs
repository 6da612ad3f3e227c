//! Reads steps at a database. In: a table. Out: its statements, with a pool that leads there.

use crate::dist::Law;
use crate::id::{CacheId, DatabaseId, KeySpaceId, Kind, UNKNOWN};
use crate::kind::database::callers::pools_of;
use crate::kind::database::statement::{
    Again, INNER_READ_SHAPE, INNER_WRITE_SHAPE, Statement, Transaction, TransactionStep, Write,
};
use crate::kind::host::GroupId;
use crate::kind::keyed::same;
use crate::kind::step::Scope;
use crate::kind::{Settings, keys, time};
use crate::language::names::Named;
use crate::language::problem::Problem;
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::language::source::Span;
use crate::language::value::Value;
use crate::units::Time;

/// Most statements of one transaction.
const STATEMENTS_MAX: usize = 200;

const NO_LAW: Law = Law::Constant(Time::ZERO);

/// The language of a step of a transaction, one shape for each verb.
const INNER: [&Shape; 4] = [time::SHAPES[0], time::SHAPES[1], &INNER_READ_SHAPE, &INNER_WRITE_SHAPE];

pub(super) fn statement(reader: &Reader, scope: &impl Scope<Settings>) -> Statement {
    let database = database(reader, "read", scope);
    Statement {
        database,
        demand: reader.must("demand", Value::demand, NO_LAW),
        rows: rows(reader, (Kind::Database, database.0), scope),
        same: same(reader, "rows"),
        lock: false,
        line: None,
    }
}

pub(super) fn write(reader: &Reader, scope: &impl Scope<Settings>) -> Write {
    let database = database(reader, "write", scope);
    let change =
        reader.one_of(&CHANGES, false).and_then(|(verb, value)| Some((verb, value.id::<CacheId>()?)));
    // Rows written in place are the keys of the cache that they change.
    let resource = match change {
        Some((_, cache)) => (Kind::Cache, cache.0),
        None => (Kind::Database, database.0),
    };
    let rows = rows(reader, resource, scope);
    let demand = reader.must("demand", Value::demand, NO_LAW);
    let same = same(reader, "rows");
    let lock = lock(reader, rows);
    let statement = Statement { database, demand, rows, same, lock, line: line(reader, lock, true) };
    if change.is_some() && rows.is_none() && reader.get("rows").is_none() {
        reader.missing(&["rows"]);
    }
    let changes = change.zip(rows).map(|((verb, cache), keys)| (verb, cache, keys));
    Write { statement, changes, again: again(reader) }
}

/// What a write can do to a cache after it.
const CHANGES: [&str; 2] = ["invalidate", "set"];

pub(super) fn transaction(reader: &Reader, scope: &impl Scope<Settings>) -> Transaction {
    let database = database(reader, "transaction", scope);
    let inner = |value: Value| {
        let mut statements = Vec::new();
        for entry in value.one_or_more(STATEMENTS_MAX)? {
            if let Some(shape) = scope.verb(entry, &INNER) {
                statements.extend(entry.table(shape, |reader| step(shape.verb(), reader, database, scope)));
            }
        }
        let in_line = |it: &&TransactionStep| matches!(it, TransactionStep::Write(it) if it.line.is_some());
        if statements.iter().filter(in_line).count() > 1 {
            value.problem(
                "a transaction that waits in two lines",
                "leave `in_line` at the write of the hot row only",
            );
        }
        if value.is_empty_array() {
            value.problem(
                "a transaction that does nothing",
                "write { read = \"2ms\" } or { write = \"2ms\" }",
            );
        }
        Some(statements)
    };
    Transaction { database, statements: reader.must("steps", inner, Vec::new()), again: again(reader) }
}

/// What a second commit for the same request does. A file has fewer than four thousand million bytes.
fn again(reader: &Reader) -> Again {
    match reader.or("idempotent", Value::flag, false) {
        true => Again::Nothing,
        false => Again::Doubles(reader.span.start as u32),
    }
}

fn step(verb: &str, reader: &Reader, database: DatabaseId, scope: &impl Scope<Settings>) -> TransactionStep {
    let rows = || rows(reader, (Kind::Database, database.0), scope);
    match verb {
        "cpu" => TransactionStep::Cpu(reader.must("cpu", |value| scope.cpu(value), NO_LAW)),
        "delay" => TransactionStep::Delay(reader.must("delay", Value::demand, NO_LAW)),
        "read" => TransactionStep::Read(Statement {
            database,
            demand: reader.must("read", Value::demand, NO_LAW),
            rows: rows(),
            same: same(reader, "rows"),
            lock: false,
            line: None,
        }),
        _ => {
            let rows = rows();
            let demand = reader.must("write", Value::demand, NO_LAW);
            let same = same(reader, "rows");
            let lock = lock(reader, rows);
            TransactionStep::Write(Statement {
                database,
                demand,
                rows,
                same,
                lock,
                line: line(reader, lock, false),
            })
        }
    }
}

fn database(reader: &Reader, key: &'static str, scope: &impl Scope<Settings>) -> DatabaseId {
    let database = |value: Value| {
        let database = value.id()?;
        pool(&value, &value.span(), database, scope);
        Some(database)
    };
    reader.must(key, database, DatabaseId(UNKNOWN))
}

/// A statement inside a fleet needs a pool of that fleet to its database.
fn pool(value: &Value, span: &Span, database: DatabaseId, scope: &impl Scope<Settings>) {
    let all = scope.all();
    let Some((kind, index)) = scope.group().and_then(|group| all.table_of(group.index())) else {
        return;
    };
    let pools = pools_of(scope.group().map_or(usize::MAX, GroupId::index), all);
    let fits = |other: DatabaseId| other == database || other == DatabaseId(UNKNOWN);
    if database != DatabaseId(UNKNOWN) && !pools.iter().any(|pool| fits(pool.database)) {
        let database = value.cx.names.name(Kind::Database, database.index());
        let (name, table) = (value.cx.names.name(kind, index), kind.table());
        let message = format!("{table} `{name}` has no pool of connections to `{database}`");
        let hint = format!("add pools = {{ {database} = {} }} to [{table}.{name}]", pool_hint(kind));
        value.cx.push(Problem::at(span, message).hint(hint));
    }
}

/// A size of a pool that is usual in the hosts of a kind.
fn pool_hint(kind: Kind) -> u32 {
    if kind == Kind::Fleet { 20 } else { 1 }
}

fn rows(reader: &Reader, resource: (Kind, u32), scope: &impl Scope<Settings>) -> Option<KeySpaceId> {
    reader.maybe("rows", |value| keys::of_step(value, resource, scope.populations()))
}

/// Whether a write locks its row; without rows there is nothing to lock.
fn lock(reader: &Reader, rows: Option<KeySpaceId>) -> bool {
    reader.or(
        "lock",
        |value| {
            let lock = value.flag()?;
            if lock && reader.get("rows").is_none() {
                value.problem("nothing to lock", "name the `rows` that the write touches");
            }
            Some(lock)
        },
        rows.is_some(),
    )
}

/// Whether a write waits in line for the lock of its row, and how many are done in one commit then.
fn line(reader: &Reader, lock: bool, alone: bool) -> Option<u16> {
    let needs_lock = |value: &Value| {
        if !lock {
            value.problem("a line for a row that is not locked", "name the `rows` that the write locks");
        }
    };
    let in_line = reader.maybe("in_line", |value| {
        let flag = value.flag()?;
        if flag {
            needs_lock(&value);
        }
        Some(flag)
    });
    let batch = |value: Value| {
        let batch = value.count(1..=1_000)?;
        needs_lock(&value);
        if in_line == Some(false) {
            value.problem("a batch of statements that do not wait in line", "remove `in_line = false`");
        }
        Some(batch as u16)
    };
    let batch = if alone { reader.maybe("batch", batch) } else { None };
    batch.or_else(|| (in_line == Some(true)).then_some(1))
}
