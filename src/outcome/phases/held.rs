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
        let mut walk =
            Walk { scenario, held: Vec::new(), tiers: Vec::new(), past: Vec::new(), found: Held::default() };
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
            // With none that is healthy, its balancer fails open.
            for holder in [targets, Resource::FailsOpen { fleet }] {
                walk.found.add(holder, Resource::Threads { fleet });
                walk.found.add(holder, Resource::Cpu { fleet });
            }
            // An application starts with the connections that its pools must have.
            for pool in scenario.fleets[fleet].pools.iter().filter(|pool| pool.minimum > 0) {
                let connections = Resource::Connections { database: pool.database.index(), node: Node::All };
                walk.found.add(Resource::Instances { fleet }, connections);
            }
        }
        for queue in (0..scenario.queues.len()).filter(|&queue| scenario.queues[queue].consumer.is_some()) {
            // Messages wait for pollers, and for the calls by which these get and delete them.
            let pollers = scenario.kinds.holder((Kind::Queue, queue), usize::MAX);
            if let Some(consumer) = &scenario.queues[queue].consumer {
                walk.found.add(pollers, Resource::LostInstances { fleet: consumer.fleet.index() });
            }
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

    /// With zones alone: whatever is lost came of them.
    #[cfg(test)]
    pub fn of_zones(zones: impl IntoIterator<Item = Resource>) -> Held {
        Held { zones: zones.into_iter().collect(), ..Held::default() }
    }

    fn add(&mut self, holder: Resource, below: Resource) {
        if holder != below {
            self.below.entry(holder).or_default().insert(below);
        }
        for of in [holder, below] {
            self.below.entry(of).or_default().extend(of.when_lost());
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
    /// What the steps that are walked come after if something is lost, as a miss comes after the look-up at a lost shard.
    past: Vec<Resource>,
    found: Held,
}

impl Walk<'_> {
    fn touch(&mut self, resource: Resource) {
        for &holder in &self.held {
            self.found.add(holder, resource);
        }
        for &lost in &self.past {
            self.found.add(resource, lost);
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
                let (held, past) = (self.held.len(), self.past.len());
                step.needs(&self.scenario.kinds, &mut Taken { walk: self, inside });
                self.held.truncate(held);
                self.past.truncate(past);
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
        if let Resource::Cache { .. } = of {
            self.walk.past.extend(of.when_lost());
        }
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
