//! The ops of steps at a database. In: reads, and transactions of statements. Out: borrowing, executing, locking, committing.

use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::id::Kind;
use crate::kind::database::callers::{Callers, pools_of};
use crate::kind::database::language::Database;
use crate::kind::database::model::RESULT;
use crate::kind::database::op::{NO_ROWS, Op};
use crate::kind::database::statement::{
    Again, Statement, Transaction, TransactionStep, node, pool_of, reads_far,
};
use crate::kind::fleet::language::Order;
use crate::kind::path::CompileErrand;
use crate::kind::step::Compile;
use crate::kind::{self, Settings};
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::units::Time;

/// Who commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commit {
    /// The client, with a request of its own.
    Asked,
    /// The database, when it has executed the statement: to the client both are one.
    WithStatement,
}

pub(super) fn read(it: &Statement, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let kept = to.kept();
    borrow(it.database.index(), false, all, to);
    lend(it.database.index(), false, all, to);
    statement(it, false, false, Commit::Asked, all, to);
    give_back(it.database.index(), all, to);
    to.forget(kept);
}

/// A statement that commits by itself.
pub(super) fn write(it: &Statement, again: Again, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let statements = vec![TransactionStep::Write(it.clone())];
    commit_after(&Transaction { database: it.database, statements, again }, Commit::WithStatement, all, to);
}

/// Statements between a begin and a commit.
pub(super) fn transaction(it: &Transaction, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    commit_after(it, Commit::Asked, all, to);
}

fn commit_after(it: &Transaction, commit: Commit, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let (index, steps) = (it.database.index(), it.statements.as_slice());
    let settings = &all.databases[index];
    borrow(index, true, all, to);
    lend(index, true, all, to);
    let (kept, mut written, mut writes) = (to.kept(), Vec::new(), 0usize);
    for (part, step) in steps.iter().enumerate() {
        to.part(part, |to| match step {
            TransactionStep::Read(it) => {
                let is_far = forwards(index, all, to) && reads_far(index, to.fleet(), all);
                _ = statement(it, false, !is_far, commit, all, to);
            }
            TransactionStep::Write(it) => {
                writes += 1;
                written.extend(statement(it, true, true, commit, all, to));
            }
            TransactionStep::Cpu(law) => to.cpu(law),
            TransactionStep::Delay(law) => to.delay(law),
        });
    }
    to.forget(kept);
    let stage = stage(index, true, all, to);
    let draw = to.draw(&settings.commit, "commit");
    if commit == Commit::Asked {
        go(index, false, all, to);
        forward(index, false, all, to);
    }
    let database = number(index);
    let (rows, count) = (to.slots(&written), number(written.len()));
    let others = number(writes - written.len());
    if settings.volume.is_some() {
        let stage = volume_stage(index, true, all, to);
        to.ask(Op::Log { database, rows, count, others }, stage);
    }
    let flush = match settings.group_commit.is_some() || settings.quorum.is_some() {
        true => Op::Harden { database },
        false if is_struck(index, all) => Op::EndureFlush { database, draw },
        false => Op::Flush { draw },
    };
    match is_struck(index, all) {
        false => to.ask(flush, stage),
        true => {
            if commit == Commit::Asked {
                to.ask(Op::Knock { database }, stage);
            }
            to.ask(flush, stage);
            to.ask(Op::Hang { database }, stage);
            to.ask(Op::Answer { database }, stage);
        }
    }
    if settings.volume.is_some() && settings.replicas > 0 {
        to.ask(Op::Copy { database, rows, count, others }, stage);
    }
    to.ask(Op::Commit { database, rows, count }, stage);
    let in_line = |it: &TransactionStep| matches!(it, TransactionStep::Write(it) if it.line.is_some());
    if steps.iter().any(in_line) {
        let at = to.label();
        to.ask(Op::Exit { at }, stage);
    }
    // After the end of a line: those that were committed with another one go on there.
    if let Again::Doubles(place) = it.again
        && writes > 0
        && to.comes_again()
    {
        to.ask(Op::Again { database, place }, stage);
    }
    forward(index, true, all, to);
    go(index, commit == Commit::WithStatement, all, to);
    give_back(index, all, to);
}

/// Makes a connection, at each database to which a pool leads that grows.
pub(in crate::kind::database) fn connecting(all: &Settings, to: &mut impl CompileErrand<Op = kind::Op>) {
    for (index, database) in all.databases.iter().enumerate() {
        let pools = all.fleets.iter().flat_map(|fleet| &fleet.pools);
        let grows = pools.into_iter().any(|pool| pool.database.index() == index && pool.growth.is_some());
        if !grows && database.proxy.is_none() {
            continue;
        }
        let connect = database.connect();
        to.errand((Kind::Database, index), format!("database.{}/connect", database.name));
        let draw = to.draw(&connect.time, "time");
        to.ask(Op::Dial { draw }, NETWORK);
        let draw = to.draw(&connect.cpu, "cpu");
        to.ask(Op::Accept { draw }, NETWORK);
        if database.contention.is_some() {
            to.ask(Op::Ease { database: number(index) }, NETWORK);
        }
        to.ask(Op::Connected, NETWORK);
    }
}

/// One way to the database or back, through its proxy if there is one. One that may move to another Region is as far as it is then.
/// The way back of a statement has its results.
fn go(index: usize, results: bool, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let database = &all.databases[index];
    let proxy = database.proxy.as_ref().filter(|_| to.fleet().is_some());
    let hop = proxy.map_or(database.hop, |proxy| database.hop + Time(proxy.latency.0 / 2));
    if database.elsewhere().is_none() {
        to.carries(0, if results { RESULT as i64 } else { 0 });
        return to.hop(hop);
    }
    to.hop_within(hop);
    let from = to.fleet().and_then(|group| all.region(all.table_of(group)?));
    to.ask(Op::Go { database: number(index), from, results }, NETWORK);
}

/// Borrows a connection to the database from its proxy, if there is one.
fn lend(database: usize, writer: bool, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let settings = &all.databases[database];
    if settings.proxy.is_none() || to.fleet().is_none() {
        return;
    }
    let label = format!("waiting for a connection of the proxy of {}", settings.name);
    let of = Resource::Proxy { database, node: node(database, writer, to.fleet(), all) };
    let stage = to.stage(StageKind::Pool, Some(of), &settings.name, &label);
    let writer = writer || settings.replicas == 0;
    to.ask(Op::Lend { database: number(database), writer }, stage);
}

fn give_back(database: usize, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let pool = to.fleet().and_then(|fleet| Some(&pools_of(fleet, all)[pool_of(fleet, database, all)?]));
    if all.databases[database].proxy.is_some() && to.fleet().is_some() {
        to.ask(Op::Repay, NETWORK);
    }
    match pool.map(|pool| pool.order) {
        Some(Order::Newcomers(_)) => to.ask(Op::Leave, NETWORK),
        _ => to.ask(Op::Return, NETWORK),
    }
}

fn borrow(database: usize, writer: bool, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    let Some(fleet) = to.fleet() else {
        let writer = writer || all.databases[database].replicas == 0;
        return to.ask(Op::Unpooled { database: number(database), writer }, NETWORK);
    };
    let Some(pool) = pool_of(fleet, database, all) else { return };
    let Some(settings) = Callers::of(fleet, all) else { return };
    let name = &all.databases[database].name;
    let label = format!("waiting for a connection to {name} on {}", settings.name);
    let side = node(database, writer, Some(fleet), all);
    let writer = side == Node::Writer;
    let of = settings.resource(pool, side);
    let stage = to.stage(StageKind::Pool, of, settings.name, &label);
    let tier = to.tier();
    match settings.pools[pool].is_special() {
        true => {
            let at = to.label();
            to.ask(Op::Obtain { tier, pool: number(pool), writer, at }, stage);
        }
        false => to.ask(Op::Borrow { tier, pool: number(pool), writer }, stage),
    }
}

/// Whether nodes in the Region that does not write forward what their callers write.
fn forwards(index: usize, all: &Settings, to: &impl Compile) -> bool {
    to.fleet().is_some() && all.databases[index].global.as_ref().is_some_and(|it| it.forwarding.is_some())
}

/// The way of a statement that such a node forwards, or back.
fn forward(index: usize, back: bool, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
    if forwards(index, all, to) {
        to.ask(Op::Forward { database: number(index), back }, NETWORK);
    }
}

/// Executes a statement; returns the row that it has written.
fn statement(
    it: &Statement,
    write: bool,
    on_writer: bool,
    commit: Commit,
    all: &Settings,
    to: &mut impl Compile<Op = kind::Op>,
) -> Option<(u16, u8)> {
    let settings = &all.databases[it.database.index()];
    let stage = stage(it.database.index(), on_writer, all, to);
    let row = it.rows.map(|keys| {
        let slot = to.key(keys, it.same);
        to.keep(keys);
        (number(keys.index()), slot)
    });
    go(it.database.index(), false, all, to);
    let database = number(it.database.index());
    let is_struck = is_struck(it.database.index(), all);
    if write {
        forward(it.database.index(), false, all, to);
    } else {
        let far = !on_writer && reads_far(it.database.index(), to.fleet(), all);
        if far || forwards(it.database.index(), all, to) {
            to.ask(Op::See { database, far }, stage);
        }
    }
    if is_struck {
        to.ask(Op::Knock { database }, stage);
    }
    if write && may_stray(it.database.index(), all) {
        to.ask(Op::Writes { database }, stage);
    }
    if let Some((keys, slot)) = row {
        if write && it.lock {
            let label = format!("waiting for a row lock of {}", settings.name);
            let of = Resource::Locks { database: it.database.index() };
            let lock = to.stage(StageKind::Lock, Some(of), &settings.name, &label);
            if it.line.is_some() {
                to.ask(Op::Enter { database, keys, slot }, lock);
            }
            to.ask(Op::Lock { database, keys, slot }, lock);
            match it.line {
                Some(batch) if batch > 1 => to.ask(Op::Gather { database, batch }, stage),
                None if settings.row_locks.deadlock_check > Time::ZERO => {
                    to.ask(Op::Checked { database }, stage);
                    ease(database, settings, stage, to);
                }
                _ => {}
            }
        }
        if settings.row.is_some() {
            match settings.volume {
                Some(_) => {
                    let stage = volume_stage(it.database.index(), on_writer, all, to);
                    to.ask(Op::Fetch { database, keys, slot }, stage);
                }
                None => to.ask(Op::Page { database, keys, slot }, stage),
            }
        }
    }
    let draw = to.draw(&it.demand, "demand");
    to.recall(&it.demand, draw, stage);
    let is_batch = it.line.is_some_and(|batch| batch > 1);
    let execute = match is_struck {
        _ if is_batch => Op::ExecuteBatch { database, draw },
        true => Op::Endure { database, draw, write },
        false if settings.contention.is_some() => Op::Contend { database, draw, write },
        false => Op::Execute { database, draw, write },
    };
    to.ask(execute, stage);
    ease(database, settings, stage, to);
    match is_struck {
        false => {}
        true => {
            to.ask(Op::Hang { database }, stage);
            // One that commits by itself is answered when it has.
            if commit == Commit::Asked {
                to.ask(Op::Answer { database }, stage);
            }
        }
    }
    if may_be_wrong(it.database.index(), all) {
        let (keys, slot) = row.unwrap_or((NO_ROWS, 0));
        to.ask(Op::Check { database, keys, slot }, stage);
    }
    if let Some((keys, slot)) = row.filter(|_| !write) {
        to.ask(Op::Seen { database, keys, slot }, stage);
    }
    // What commits by itself goes on at the database: the way back is after the commit.
    if commit == Commit::Asked {
        if write {
            forward(it.database.index(), true, all, to);
        }
        go(it.database.index(), true, all, to);
    }
    row.filter(|_| write)
}

/// After a job on a node where those that run slow each other down.
fn ease(database: u16, settings: &Database, stage: u16, to: &mut impl Compile<Op = kind::Op>) {
    if settings.contention.is_some() {
        to.ask(Op::Ease { database }, stage);
    }
}

/// Whether a fault may strike a database.
fn is_struck(index: usize, all: &Settings) -> bool {
    !all.striking((Kind::Database, index)).is_empty()
}

/// Whether a fault may make rows of a database wrong.
fn may_be_wrong(index: usize, all: &Settings) -> bool {
    all.faults.iter().any(|fault| fault.corrupts((Kind::Database, index)))
}

/// Whether connections may lead to a node that has been the writer: something may be lost, and hosts keep addresses.
fn may_stray(index: usize, all: &Settings) -> bool {
    let database = &all.databases[index];
    let is_lossy = is_struck(index, all) || all.faults.iter().any(|fault| fault.place().is_some());
    is_lossy && database.proxy.is_none() && database.takeover.dns_ttl > Time::ZERO
}

/// Waiting for the volume of a node, and for what is read from it.
fn volume_stage(index: usize, on_writer: bool, all: &Settings, to: &mut impl Compile) -> u16 {
    let database = &all.databases[index];
    let of = Resource::Volume { database: index, node: node(index, on_writer, None, all) };
    let label = format!("reading and writing the volume of {}", database.name);
    to.stage(StageKind::Database, Some(of), &database.name, &label)
}

fn stage(index: usize, on_writer: bool, all: &Settings, to: &mut impl Compile) -> u16 {
    let database = &all.databases[index];
    let at = match !on_writer && reads_far(index, to.fleet(), all) {
        true => Node::Far,
        false => node(index, on_writer, None, all),
    };
    let of = Resource::Database { database: index, node: at };
    let label = format!("executing in the database {}", database.name);
    to.stage(StageKind::Database, Some(of), &database.name, &label)
}
