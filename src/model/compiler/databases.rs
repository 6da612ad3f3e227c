//! How a path uses databases.
//!
//! In: reads, and transactions of statements. Out: the ops of borrowing, executing, locking and committing.

use super::Compiler;
use crate::flow::attempt::NETWORK;
use crate::flow::number;
use crate::kind::database;
use crate::kind::step::Compile;
use crate::measure::resource::{Node, Resource};
use crate::measure::stage::StageKind;
use crate::scenario::request::{Statement, TransactionStep};
use crate::units::Time;

impl Compiler<'_> {
    pub(super) fn read(&mut self, statement: &Statement) {
        let database = statement.database.index();
        let bound = self.bound.len();
        self.borrow(database, false);
        self.statement(statement, false, false);
        self.ask(database::Op::Return, NETWORK);
        self.bound.truncate(bound);
    }

    pub(super) fn transaction(&mut self, database: usize, statements: &[TransactionStep]) {
        self.borrow(database, true);
        let bound = self.bound.len();
        let written = self.program.written.len();
        let path = self.path.len();
        for (index, step) in statements.iter().enumerate() {
            self.path.push_str(&format!("/{index}"));
            match step {
                TransactionStep::Read(statement) => self.statement(statement, false, true),
                TransactionStep::Write(statement) => self.statement(statement, true, true),
                TransactionStep::Cpu(law) => self.cpu(law),
                TransactionStep::Delay(law) => self.delay(law),
            }
            self.path.truncate(path);
        }
        self.bound.truncate(bound);
        let settings = &self.scenario.databases[database];
        let stage = self.database_stage(database, true);
        let draw = self.draw(&settings.commit, "commit");
        self.hop(settings.hop);
        self.ask(database::Op::Flush { draw }, stage);
        let count = number(self.program.written.len() - written);
        self.ask(database::Op::Commit { database: number(database), rows: number(written), count }, stage);
        self.hop(settings.hop);
        self.ask(database::Op::Return, NETWORK);
    }

    fn borrow(&mut self, database: usize, writer: bool) {
        let Some(fleet) = self.fleet() else { return self.ask(database::Op::Unpooled, NETWORK) };
        let settings = &self.scenario.fleets[fleet];
        let Some(pool) = settings.pools.iter().position(|pool| pool.database.index() == database) else {
            return;
        };
        let name = &self.scenario.databases[database].name;
        let label = format!("waiting for a connection to {name} on {}", settings.name);
        let writer = writer || self.scenario.databases[database].replicas == 0;
        let of = Resource::Pool { fleet, pool, node: node(writer) };
        let stage = self.stage(StageKind::Pool, Some(of), &settings.name, &label);
        self.ask(
            database::Op::Borrow { tier: number(self.tiers.len() - 1), pool: number(pool), writer },
            stage,
        );
    }

    fn statement(&mut self, statement: &Statement, write: bool, on_writer: bool) {
        let index = statement.database.index();
        let database = &self.scenario.databases[index];
        let stage = self.database_stage(index, on_writer);
        let row = statement.rows.map(|keys| match self.bound.contains(&keys) {
            true => (keys, self.slot(keys)),
            false => {
                self.bound.push(keys);
                (keys, if statement.same { self.same_key(keys) } else { self.fresh_key(keys) })
            }
        });
        self.hop(database.hop);
        let index = number(index);
        if let Some((keys, slot)) = row {
            let keys = number(keys.index());
            if write && statement.lock {
                let label = format!("waiting for a row lock of {}", database.name);
                let of = Resource::Locks { database: usize::from(index) };
                let lock = self.stage(StageKind::Lock, Some(of), &database.name, &label);
                self.ask(database::Op::Lock { database: index, keys, slot }, lock);
                if database.deadlock_check > Time::ZERO {
                    self.ask(database::Op::Checked { database: index }, stage);
                }
            }
            if database.row.is_some() {
                self.ask(database::Op::Page { database: index, keys, slot }, stage);
            }
        }
        let draw = self.draw(&statement.demand, "demand");
        self.recall(&statement.demand, draw, stage);
        self.ask(database::Op::Execute { database: index, draw, write }, stage);
        match row {
            Some((keys, slot)) if write => self.program.written.push((number(keys.index()), slot)),
            Some((keys, slot)) => {
                self.ask(database::Op::Seen { database: index, keys: number(keys.index()), slot }, stage)
            }
            None => {}
        }
        self.hop(database.hop);
    }

    fn database_stage(&mut self, index: usize, on_writer: bool) -> u16 {
        let database = &self.scenario.databases[index];
        let of = Resource::Database { database: index, node: node(on_writer || database.replicas == 0) };
        let label = format!("executing in the database {}", database.name);
        self.stage(StageKind::Database, Some(of), &database.name, &label)
    }
}

/// The nodes of a database that a statement or a connection may be on.
fn node(writer: bool) -> Node {
    if writer { Node::Writer } else { Node::Reader }
}
