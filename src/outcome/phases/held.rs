//! What is held while something else is waited for. In: the paths of a scenario. Out: which resource can fill another.
//!
//! A thread is held while the request waits for a core, a connection or the tier below; a connection while its
//! statement waits for a row lock or for the database's CPU. So what fills deep inside fills everything that leads
//! there, and of two full resources the one that the other waits for is the cause.

use std::collections::{BTreeMap, BTreeSet};

use crate::outcome::{Node, Resource};
use crate::scenario::Scenario;
use crate::scenario::request::{Statement, Step, Target, TransactionStep};

/// Who waits for whom while holding its own place.
#[derive(Debug, Default)]
pub(super) struct Held {
    below: BTreeMap<Resource, BTreeSet<Resource>>,
    /// Zones that are lost at some time: whatever is full meanwhile came of that.
    zones: BTreeSet<Resource>,
}

impl Held {
    pub fn of(scenario: &Scenario) -> Held {
        let mut walk = Walk { scenario, held: Vec::new(), tiers: Vec::new(), found: Held::default() };
        for class in &scenario.classes {
            walk.steps(&class.steps);
        }
        for path in &scenario.paths {
            let fleet = path.fleet.index();
            walk.tiers = vec![fleet];
            walk.held = vec![scenario.kinds.holder(path.of, fleet)];
            walk.steps(&path.steps);
        }
        for fleet in 0..scenario.fleets.len() {
            // A check of health waits for a thread, then for CPU.
            let targets = Resource::Targets { fleet };
            walk.found.add(targets, Resource::Threads { fleet });
            walk.found.add(targets, Resource::Cpu { fleet });
            // An application starts with the connections that its pools must have.
            for pool in scenario.fleets[fleet].pools.iter().filter(|pool| pool.minimum > 0) {
                let connections = Resource::Connections { database: pool.database.index(), node: Node::All };
                walk.found.add(Resource::Instances { fleet }, connections);
            }
        }
        walk.found.zones = (0..scenario.faults.len()).map(|fault| Resource::Zone { fault }).collect();
        walk.found
    }

    fn add(&mut self, holder: Resource, below: Resource) {
        if holder != below {
            self.below.entry(holder).or_default().insert(below);
        }
    }

    /// All that `holder` can be held up by, however deep.
    pub fn below(&self, holder: Resource) -> BTreeSet<Resource> {
        if self.zones.contains(&holder) {
            return BTreeSet::new();
        }
        let mut found = self.zones.clone();
        let mut open = vec![holder];
        while let Some(next) = open.pop() {
            for &below in self.below.get(&next).into_iter().flatten() {
                if below != holder && found.insert(below) {
                    open.push(below);
                }
            }
        }
        found
    }
}

struct Walk<'a> {
    scenario: &'a Scenario,
    held: Vec<Resource>,
    /// Fleets whose threads are held, the innermost last.
    tiers: Vec<usize>,
    found: Held,
}

impl Walk<'_> {
    fn touch(&mut self, resource: Resource) {
        for &holder in &self.held {
            self.found.add(holder, resource);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Call { target, steps } => {
                let fleet = match target {
                    Target::Balancer(id) => self.scenario.balancers[id.index()].targets.index(),
                    Target::Fleet(id) => id.index(),
                };
                let threads = Resource::Threads { fleet };
                self.touch(threads);
                self.held.push(threads);
                self.tiers.push(fleet);
                self.steps(steps);
                self.tiers.pop();
                self.held.pop();
            }
            Step::Cpu(_) => self.cpu(),
            Step::Delay(_) => {}
            Step::Of { step, inside } => {
                if let Some((resource, _)) = step.asks(&self.scenario.kinds).work {
                    self.touch(resource);
                }
                self.steps(inside);
            }
            Step::Lookup { cache, miss, .. } => {
                self.touch(Resource::Cache { cache: cache.index() });
                self.steps(miss);
            }
            Step::Invalidate { cache, .. } => {
                self.touch(Resource::Cache { cache: cache.index() });
            }
            Step::Read(statement) => self.connected(statement.database.index(), false, |walk| {
                walk.statement(statement, false, false);
            }),
            Step::Write(statement) => self.connected(statement.database.index(), true, |walk| {
                walk.statement(statement, true, true);
            }),
            Step::Transaction { database, statements } => self.connected(database.index(), true, |walk| {
                for step in statements {
                    match step {
                        TransactionStep::Read(statement) => walk.statement(statement, false, true),
                        TransactionStep::Write(statement) => walk.statement(statement, true, true),
                        TransactionStep::Cpu(_) => walk.cpu(),
                        TransactionStep::Delay(_) => {}
                    }
                }
            }),
        }
    }

    fn cpu(&mut self) {
        if let Some(&fleet) = self.tiers.last() {
            self.touch(Resource::Cpu { fleet });
        }
    }

    /// What is done on a connection, and on the row locks that it takes meanwhile.
    fn connected(&mut self, database: usize, writer: bool, inside: impl FnOnce(&mut Self)) {
        let held = self.held.len();
        let pools = self.tiers.last().map(|&fleet| (fleet, &self.scenario.fleets[fleet].pools));
        let pool = pools.and_then(|(fleet, pools)| {
            let pool = pools.iter().position(|pool| pool.database.index() == database)?;
            Some(Resource::Pool { fleet, pool, node: self.node(database, writer) })
        });
        if let Some(pool) = pool {
            self.touch(pool);
            self.held.push(pool);
            self.touch(Resource::Connections { database, node: Node::All });
        }
        inside(self);
        self.held.truncate(held);
    }

    fn statement(&mut self, statement: &Statement, write: bool, on_writer: bool) {
        let database = statement.database.index();
        if write && statement.lock && statement.rows.is_some() {
            let locks = Resource::Locks { database };
            self.touch(locks);
            if !self.held.contains(&locks) {
                self.held.push(locks);
            }
        }
        self.touch(Resource::Database { database, node: self.node(database, on_writer) });
    }

    /// Where a statement or a connection goes: without replicas, always to the writer.
    fn node(&self, database: usize, writer: bool) -> Node {
        match writer || self.scenario.databases[database].replicas == 0 {
            true => Node::Writer,
            false => Node::Reader,
        }
    }
}
