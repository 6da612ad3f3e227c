//! What calls with a policy lead to. In: the paths of a scenario. Out: of each policy the tables that the steps under it use.

use std::collections::BTreeSet;

use crate::id::Kind;
use crate::kind::path::PathOwner;
use crate::kind::step::Needs;
use crate::scenario::Scenario;
use crate::scenario::request::{Step, Target};

/// The tables that the steps of each policy use, in the tier of the caller and in those that it calls.
pub(super) fn tried(scenario: &Scenario) -> Vec<BTreeSet<PathOwner>> {
    let policies = scenario.kinds.names(Kind::Resilience).len();
    let mut found = Found { scenario, around: Vec::new(), tables: vec![BTreeSet::new(); policies] };
    if policies > 0 {
        scenario.classes.iter().for_each(|class| found.steps(&class.steps));
        scenario.paths.iter().for_each(|path| found.steps(&path.steps));
    }
    found.tables
}

struct Found<'a> {
    scenario: &'a Scenario,
    /// The policies under which the present step is.
    around: Vec<usize>,
    tables: Vec<BTreeSet<PathOwner>>,
}

impl Found<'_> {
    fn add(&mut self, table: PathOwner) {
        for &policy in &self.around {
            self.tables[policy].insert(table);
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call { target, steps } => {
                    if let Target::Balancer(balancer) = target {
                        self.add((Kind::Balancer, balancer.index()));
                    }
                    let kinds = &self.scenario.kinds;
                    let group = target.group(kinds).and_then(|it| kinds.table_of(it.index()));
                    group.into_iter().for_each(|table| self.add(table));
                    self.steps(steps);
                }
                Step::Cpu(_) | Step::Delay(_) => {}
                Step::Of { step, inside } => {
                    let policies = self.around.len();
                    let scenario = self.scenario;
                    step.needs(&scenario.kinds, &mut Inside { found: self, inside });
                    self.around.truncate(policies);
                }
            }
        }
    }
}

/// A step of a kind, and those inside of it.
struct Inside<'f, 'a> {
    found: &'f mut Found<'a>,
    inside: &'f [Step],
}

impl Needs for Inside<'_, '_> {
    /// What is used is so wherever the step is.
    fn fleet(&self) -> Option<usize> {
        None
    }

    fn uses(&mut self, table: PathOwner) {
        match table {
            (Kind::Resilience, policy) => self.found.around.push(policy),
            _ => self.found.add(table),
        }
    }

    fn inside(&mut self, _share: f64) {
        self.found.steps(self.inside);
    }
}
