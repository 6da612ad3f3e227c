//! What is held while something else is waited for. In: the paths of a scenario. Out: which resource can fill another.
//!
//! A thread is held while the request waits for a core, a connection or the tier below; a connection while its
//! statement waits for a row lock or for the database's CPU. So what fills deep inside fills everything that leads
//! there, and of two full resources the one that the other waits for is the cause.

use std::collections::{BTreeMap, BTreeSet};

use crate::dist::Law;
use crate::id::Kind;
use crate::kind::step::Needs;
use crate::measure::resource::Action;
use crate::outcome::{Node, Resource};
use crate::scenario::Scenario;
use crate::scenario::request::{Step, Target};

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
        for queue in (0..scenario.queues.len()).filter(|&queue| scenario.queues[queue].consumer.is_some()) {
            // Messages wait for pollers, and for the calls by which these get and delete them.
            let pollers = scenario.kinds.holder((Kind::Queue, queue), usize::MAX);
            walk.found.add(Resource::Messages { queue }, pollers);
            for limit in [Resource::InFlight { queue }, Resource::Groups { queue }] {
                walk.found.add(Resource::Messages { queue }, limit);
            }
            for action in [Action::Receive, Action::Delete] {
                walk.found.add(Resource::Messages { queue }, Resource::Calls { queue, action });
                walk.found.add(pollers, Resource::Calls { queue, action });
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
                let held = self.held.len();
                step.needs(&self.scenario.kinds, &mut Taken { walk: self, inside });
                self.held.truncate(held);
            }
        }
    }

    fn cpu(&mut self) {
        if let Some(&fleet) = self.tiers.last() {
            self.touch(Resource::Cpu { fleet });
        }
    }
}

/// A step of a kind.
struct Taken<'w, 'a> {
    walk: &'w mut Walk<'a>,
    inside: &'w [Step],
}

impl Needs for Taken<'_, '_> {
    fn fleet(&self) -> Option<usize> {
        self.walk.tiers.last().copied()
    }

    fn waits(&mut self, of: Resource) {
        self.walk.touch(of);
    }

    fn holds(&mut self, of: Resource) {
        self.walk.held.push(of);
    }

    fn cpu(&mut self, _law: &Law) {
        self.walk.cpu();
    }

    fn inside(&mut self, _share: f64) {
        self.walk.steps(self.inside);
    }
}
