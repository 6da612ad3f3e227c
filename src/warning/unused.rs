//! What no request uses. In: the paths of the classes that traffic asks for. Out: warnings.

use std::collections::BTreeSet;

use super::found::Warning;
use crate::id::{ClassId, Kind};
use crate::kind;
use crate::language::names::Named;
use crate::scenario::Scenario;
use crate::scenario::code::Code;
use crate::scenario::request::{Statement, Step, Target, TransactionStep};
use crate::scenario::traffic::Pattern;

/// What is used.
#[derive(Default)]
struct Used {
    /// Tables of every kind, by position.
    tables: BTreeSet<(Kind, usize)>,
    /// Databases that something reads from outside a transaction: only such statements go to replicas.
    read: BTreeSet<usize>,
    /// Populations by the cache that they are looked up in.
    looked_up: BTreeSet<(usize, usize)>,
}

pub(super) fn warnings(scenario: &Scenario) -> Vec<Warning> {
    let used = used(scenario);
    let mut found = Vec::new();
    let mut look = |kind: Kind, what: &str, names: Vec<&str>, billed: bool| {
        let unused =
            names.into_iter().enumerate().filter(|(index, _)| !used.tables.contains(&(kind, *index)));
        for (_, name) in unused {
            let but = if billed { ", but it is billed" } else { "" };
            let hint = "remove it, or look for a step or a weight that should lead there";
            let message = format!("{what} `{name}`{but}");
            found.push(Warning::new(Code::Unused, &[kind.table(), name], message, hint));
        }
    };
    let classes = scenario.classes.iter().map(|class| class.name.as_str());
    look(Kind::Class, "no traffic asks for class", classes.collect(), false);
    for words in kind::TABLES.iter().filter(|words| !words.acts) {
        let what = format!("no request uses {}", words.kind.table());
        look(words.kind, &what, scenario.names(words.kind), words.billed);
    }
    // A population that is written in place is used where it stands, and has a slash in its name.
    let named = scenario.key_spaces.iter().take_while(|space| !space.name.contains('/'));
    look(Kind::Keys, "no step uses keys", named.map(|space| space.name.as_str()).collect(), false);
    let databases = scenario.databases.iter().enumerate();
    let idle = databases.filter(|(index, database)| {
        database.replicas > 0 && used.tables.contains(&(Kind::Database, *index)) && !used.read.contains(index)
    });
    found.extend(idle.map(|(_, database)| {
        let name = &database.name;
        let message = format!("nothing reads from the replicas of database `{name}`, but they are billed");
        let hint = "statements of a transaction run on the writer: remove `replicas`, or `read` outside of transactions";
        Warning::new(Code::Unused, &["database", name, "replicas"], message, hint)
    }));
    found
}

/// The sizes of the populations that are looked up in a cache.
pub(super) fn populations(scenario: &Scenario, cache: usize) -> impl Iterator<Item = u32> {
    let looked_up = used(scenario).looked_up.into_iter().filter(move |pair| pair.0 == cache);
    looked_up.filter_map(|(_, keys)| Some(scenario.key_spaces.get(keys)?.count))
}

fn used(scenario: &Scenario) -> Used {
    let mut used = Used::default();
    let mut asked: BTreeSet<usize> = BTreeSet::new();
    for source in &scenario.sources {
        let mixed = source.mix.iter().filter(|(_, weight)| *weight > 0.0).map(|(class, _)| *class);
        asked.extend(mixed.map(ClassId::index));
        if let Pattern::Replay(replay) = &source.pattern {
            asked.extend(replay.classes.iter().flat_map(|classes| classes.iter()).map(|class| class.index()));
        }
    }
    for (index, class) in scenario.classes.iter().enumerate().filter(|(index, _)| asked.contains(index)) {
        used.add(Kind::Class, index);
        used.steps(scenario, &class.steps);
    }
    // What is used may own a path, which may use what owns another.
    let mut paths: Vec<_> = scenario.paths.iter().collect();
    loop {
        let before = used.tables.len();
        let leads = used
            .tables
            .iter()
            .flat_map(|&(kind, index)| scenario.kinds.uses(kind, index))
            .collect::<Vec<_>>();
        used.tables.extend(leads);
        while let Some(next) = paths.iter().position(|path| used.tables.contains(&path.of)) {
            let path = paths.swap_remove(next);
            used.add(Kind::Fleet, path.fleet.index());
            used.steps(scenario, &path.steps);
        }
        if used.tables.len() == before {
            break;
        }
    }
    used
}

impl Used {
    fn add(&mut self, kind: Kind, index: usize) {
        self.tables.insert((kind, index));
    }

    fn steps(&mut self, scenario: &Scenario, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call { target, steps } => {
                    let fleet = match target {
                        Target::Fleet(fleet) => *fleet,
                        Target::Balancer(balancer) => {
                            self.add(Kind::Balancer, balancer.index());
                            scenario.balancers[balancer.index()].targets
                        }
                    };
                    self.add(Kind::Fleet, fleet.index());
                    self.steps(scenario, steps);
                }
                Step::Cpu(_) | Step::Delay(_) => {}
                Step::Of { step, inside } => {
                    let (kind, index) = step.asks(&scenario.kinds).of;
                    self.add(kind, index);
                    self.steps(scenario, inside);
                }
                Step::Lookup { cache, keys, miss, .. } => {
                    self.add(Kind::Cache, cache.index());
                    self.looked_up.insert((cache.index(), keys.index()));
                    self.add(Kind::Keys, keys.index());
                    self.steps(scenario, miss);
                }
                Step::Invalidate { cache, keys } => {
                    self.add(Kind::Cache, cache.index());
                    self.add(Kind::Keys, keys.index());
                }
                Step::Read(statement) => {
                    self.read.insert(statement.database.index());
                    self.statement(statement);
                }
                Step::Write(statement) => self.statement(statement),
                Step::Transaction { database, statements } => {
                    self.add(Kind::Database, database.index());
                    for statement in statements {
                        if let TransactionStep::Read(it) | TransactionStep::Write(it) = statement {
                            self.statement(it);
                        }
                    }
                }
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.add(Kind::Database, statement.database.index());
        if let Some(keys) = statement.rows {
            self.add(Kind::Keys, keys.index());
        }
    }
}
