//! Steps at a database. In: `{ read = … }`, `{ write = … }`, `{ transaction = … }`. Out: a [`Work`], and its ops.

pub(super) mod ops;
mod read;

use super::callers::Callers;
use super::language;
pub use super::statement::{Again, Statement, Transaction, TransactionStep, Write};
use super::statement::{
    BATCH, DEMAND, IDEMPOTENT, IN_LINE, INNER_READ_SHAPE, INNER_WRITE_SHAPE, LOCK, node, pool_of, reads_far,
    rows,
};
use crate::id::{DatabaseId, KeySpaceId, Kind};
use crate::kind::keyed::SAME_KEY;
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Follow, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::{Key, Shape};
use crate::measure::resource::{Node, Resource};
use crate::units::Time;

/// What a step does at a database.
#[derive(Clone, Debug)]
pub enum Work {
    /// One statement outside a transaction: borrow a connection, execute, give it back.
    Read(Statement),
    /// One autocommit write: borrow a connection to the writer, lock, execute, commit, give it back.
    Write(Write),
    /// Several statements on one borrowed connection of the writer; row locks are held until commit.
    Transaction(Transaction),
}

/// The language of a statement outside a transaction.
pub const READ_SHAPE: Shape = Shape {
    title: "{ read = … }",
    about: "One statement outside a transaction: borrow a connection, execute on a replica, give it back.",
    keys: &[
        Key::required("read", "name of a database", "the database"),
        Key::required("demand", "demand", DEMAND),
        rows("the rows it reads: they may be stale on a replica, and take room in the buffer pool"),
        SAME_KEY,
    ],
};

/// The language of a write outside a transaction.
pub const WRITE_SHAPE: Shape = Shape {
    title: "{ write = … }",
    about: "One autocommit write: borrow a connection to the writer, lock, execute, commit, give it back.",
    keys: &[
        Key::required("write", "name of a database", "the database"),
        Key::required("demand", "demand", DEMAND),
        rows(
            "the rows it writes: each is locked until the commit, is stale on replicas until they have it, and takes room in the buffer pool",
        ),
        SAME_KEY,
        LOCK,
        IN_LINE,
        BATCH,
        IDEMPOTENT,
        Key::optional(
            "invalidate",
            "name of a cache",
            "none",
            "short for a following { invalidate } of the same keys",
        ),
        Key::optional(
            "set",
            "name of a cache",
            "none",
            "short for a following { set } of the same keys (write-through); not with `invalidate`",
        ),
    ],
};

/// The language of a transaction.
pub const TRANSACTION_SHAPE: Shape = Shape {
    title: "{ transaction = … }",
    about: "Several statements on one borrowed connection of the writer; row locks are held until commit.",
    keys: &[
        Key::required("transaction", "name of a database", "the database"),
        Key::required(
            "steps",
            "{ read }, { write }, { cpu } or { delay }, or an array of them",
            "what is done inside, in order",
        ),
        IDEMPOTENT,
    ],
};

impl Step<Settings, kind::Op> for Work {
    const SHAPES: &'static [&'static Shape] = &[&READ_SHAPE, &WRITE_SHAPE, &TRANSACTION_SHAPE];
    const GOES: bool = true;
    const INNER: &'static [&'static Shape] = &[&INNER_READ_SHAPE, &INNER_WRITE_SHAPE];

    fn read(verb: &str, reader: &Reader, scope: &impl Scope<Settings>) -> Work {
        match verb {
            "read" => Work::Read(read::statement(reader, scope)),
            "write" => Work::Write(read::write(reader, scope)),
            _ => Work::Transaction(read::transaction(reader, scope)),
        }
    }

    fn follow(&self) -> Option<Follow> {
        let Work::Write(Write { changes: Some((verb, cache, keys)), .. }) = self else { return None };
        Some(Follow { verb, of: cache.0, keys: *keys })
    }

    fn keys(&self) -> Vec<(PathOwner, KeySpaceId)> {
        let of = (Kind::Database, self.database().index());
        self.statements().filter_map(|statement| Some((of, statement.rows?))).collect()
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let index = self.database().index();
        let of = (Kind::Database, index);
        to.uses(of);
        connection(index, !matches!(self, Work::Read(_)), all, to);
        let database = &all.databases[index];
        match self {
            Work::Read(statement) => {
                to.counts(of, "reads", 1.0);
                // It goes to the replicas, if there are some, or to nodes in its own Region.
                let at = match reads_far(index, to.fleet(), all) {
                    true => Node::Far,
                    false if database.replicas == 0 => Node::Writer,
                    false => Node::Reader,
                };
                statement.needs(database, at, to);
            }
            Work::Write(write) => write.statement.needs_of_write(database, to),
            Work::Transaction(transaction) => {
                for step in &transaction.statements {
                    match step {
                        TransactionStep::Read(statement) => statement.needs(database, Node::Writer, to),
                        TransactionStep::Write(statement) => statement.needs_of_write(database, to),
                        TransactionStep::Cpu(law) => to.cpu(law),
                        TransactionStep::Delay(law) => to.delay(law),
                    }
                }
            }
        }
        if !matches!(self, Work::Read(_)) {
            to.counts(of, "commits", 1.0);
            if database.volume.is_some() {
                to.waits(Resource::Volume { database: index, node: Node::Writer });
            }
            if database.log_takes() > Time::ZERO {
                to.waits(Resource::Log { database: self.database().index() });
            }
            to.passes(database.commit.mean().as_secs_f64(), 1.0);
        }
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        match self {
            Work::Read(statement) => ops::read(statement, all, to),
            Work::Write(Write { statement, again, .. }) => ops::write(statement, *again, all, to),
            Work::Transaction(it) => ops::transaction(it, all, to),
        }
    }
}

impl Work {
    fn database(&self) -> DatabaseId {
        match self {
            Work::Read(statement) => statement.database,
            Work::Write(write) => write.statement.database,
            Work::Transaction(transaction) => transaction.database,
        }
    }

    fn statements(&self) -> impl Iterator<Item = &Statement> {
        let (one, many) = match self {
            Work::Read(statement) => (Some(statement), &[][..]),
            Work::Write(write) => (Some(&write.statement), &[][..]),
            Work::Transaction(transaction) => (None, transaction.statements.as_slice()),
        };
        one.into_iter().chain(many.iter().filter_map(|step| match step {
            TransactionStep::Read(statement) | TransactionStep::Write(statement) => Some(statement),
            TransactionStep::Cpu(_) | TransactionStep::Delay(_) => None,
        }))
    }
}

impl Statement {
    fn needs(&self, database: &language::Database, node: Node, to: &mut impl Needs) {
        let index = self.database.index();
        let strength = match node {
            Node::Reader => database.replica.strength,
            _ => database.writer.strength,
        };
        let seconds = self.demand.mean().as_secs_f64();
        to.works(Resource::Database { database: index, node }, seconds);
        let proxy = database.proxy.as_ref().map_or(0.0, |proxy| proxy.latency.as_secs_f64());
        if database.volume.is_some() && self.rows.is_some() && database.row.is_some() {
            to.waits(Resource::Volume { database: index, node });
        }
        to.passes(seconds / strength + 2.0 * database.hop.as_secs_f64() + proxy, 1.5);
    }

    fn needs_of_write(&self, database: &language::Database, to: &mut impl Needs) {
        let index = self.database.index();
        if self.lock && self.rows.is_some() {
            let locks = Resource::Locks { database: index };
            to.waits(locks);
            to.holds(locks);
        }
        self.needs(database, Node::Writer, to);
    }
}

/// What is done on a connection holds it.
fn connection(database: usize, writer: bool, all: &Settings, to: &mut impl Needs) {
    let Some((fleet, pool)) = to.fleet().and_then(|fleet| Some((fleet, pool_of(fleet, database, all)?)))
    else {
        return;
    };
    let pool = Callers::of(fleet, all)
        .and_then(|callers| callers.resource(pool, node(database, writer, Some(fleet), all)));
    if let Some(pool) = pool {
        to.waits(pool);
        to.holds(pool);
    }
    match all.databases[database].proxy {
        None => {
            to.waits(Resource::Connections { database, node: Node::All });
            if all.databases[database].takeover.dns_ttl > Time::ZERO {
                to.waits(Resource::OldAddresses { database });
            }
        }
        Some(_) => {
            let proxy = Resource::Proxy { database, node: node(database, writer, Some(fleet), all) };
            to.waits(proxy);
            to.holds(proxy);
        }
    }
}
