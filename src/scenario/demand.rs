//! What one request of a class asks of each resource, on the mean and at the least.
//!
//! In: the path of a class. Out: [`Demand`]: visits and busy time of every resource. A look-up counts as a hit where
//! nothing fixes its hit ratio, so misses never make a demand larger than it is: what is too much here is too much.

use super::Scenario;
use super::distance::Way;
use super::request::language::RESPONSE_SIZE;
use super::request::{Class, OwnPath, Step, Target};
use crate::dist::Law;
use crate::id::{FleetId, Kind};
use crate::kind;
use crate::kind::demand::Demand;
use crate::kind::host::GroupId;
use crate::kind::path::PathOwner;
use crate::kind::step::Needs;
use crate::measure::resource::Resource;
use crate::units::Bytes;

/// Events of a request beside those of its steps: it arrives, and it is answered.
const OWN_EVENTS: f64 = 2.0;

/// The demand of each class, in the order of the scenario.
pub fn of_classes(scenario: &Scenario) -> Vec<Demand> {
    let of = |class: &Class| {
        let answers = class.entrance().and_then(|target| target.fleet(&scenario.kinds)).map(FleetId::index);
        let (request, response) = (class.request_size, class.response_size);
        let mut demand = Demand { events: OWN_EVENTS, request, response, answers, ..Demand::default() };
        Walk { scenario, demand: &mut demand, answer: response, inside: Vec::new() }.steps(
            &class.steps,
            1.0,
            None,
        );
        demand
    };
    scenario.classes.iter().map(of).collect()
}

/// The demand of the steps of a path that a resource owns, each time that it is walked.
pub fn of_path(scenario: &Scenario, path: &OwnPath) -> Demand {
    let mut demand = Demand::default();
    let answer = RESPONSE_SIZE.value;
    let mut walk = Walk { scenario, demand: &mut demand, answer, inside: vec![path.of] };
    walk.steps(&path.steps, 1.0, Some(path.fleet.index()));
    demand
}

struct Walk<'a> {
    scenario: &'a Scenario,
    demand: &'a mut Demand,
    /// Size of the answers of its tiers.
    answer: Bytes,
    /// Whose paths are being walked: one that leads back to itself is counted once.
    inside: Vec<PathOwner>,
}

impl Walk<'_> {
    /// Adds steps that a request takes with a probability, inside a fleet or outside of all.
    fn steps(&mut self, steps: &[Step], often: f64, fleet: Option<usize>) {
        steps.iter().for_each(|step| self.step(step, often, fleet));
    }

    fn step(&mut self, step: &Step, often: f64, fleet: Option<usize>) {
        let scenario = self.scenario;
        match step {
            Step::Call { target, steps } => {
                let caller = fleet;
                if let Some(caller) = caller {
                    self.counts(of_group(scenario, caller), "calls", often);
                }
                let Some(fleet) = target.group(&scenario.kinds).map(GroupId::index) else { return };
                if let Target::Balancer(balancer) = *target {
                    self.counts((Kind::Balancer, balancer.index()), "requests", often);
                }
                self.counts(of_group(scenario, fleet), "entries", often);
                self.passes(0.0, 2.0 * often);
                if let Some(caller) = caller {
                    self.passes(often * there_and_back(scenario.far_to(Some(caller), *target)), 0.0);
                }
                let before = self.demand.alone_s;
                self.steps(steps, often, Some(fleet));
                self.sends(often, fleet);
                let held = match *target {
                    Target::Function(function) => Resource::Concurrency { lambda: function.index() },
                    Target::Balancer(_) | Target::Fleet(_) => Resource::Threads { fleet },
                };
                self.works(kind::shared(&scenario.kinds, held), self.demand.alone_s - before);
            }
            Step::Cpu(law) => self.cpu(law, often, fleet),
            Step::Delay(law) => self.passes(often * law.mean().as_secs_f64(), often),
            Step::Of { step, inside } => {
                self.passes(often * there_and_back(scenario.far_from(fleet, step)), 0.0);
                let mut taken = Taken { walk: self, often, fleet, inside, held: Vec::new() };
                step.needs(&scenario.kinds, &mut taken);
                for (of, before) in taken.held {
                    self.works(of, self.demand.alone_s - before);
                }
            }
        }
    }

    /// A path that a resource owns is walked when there is time for it: of what it asks for, only the events belong to the
    /// request.
    fn later(&mut self, of: PathOwner, often: f64) {
        let Some(path) = self.scenario.paths.iter().find(|path| path.of == of) else { return };
        if self.inside.contains(&of) {
            return;
        }
        let mut demand = Demand::default();
        let inside = self.inside.iter().copied().chain([of]).collect();
        let answer = RESPONSE_SIZE.value;
        let mut walk = Walk { scenario: self.scenario, demand: &mut demand, answer, inside };
        let fleet = Some(path.fleet.index());
        path.cpu.iter().for_each(|law| walk.cpu(law, 1.0, fleet));
        walk.steps(&path.steps, 1.0, fleet);
        self.demand.events += often * demand.events;
        *self.demand.walks.entry(of).or_default() += often;
        for (of, times) in demand.walks {
            *self.demand.walks.entry(of).or_default() += often * times;
        }
    }

    fn passes(&mut self, seconds: f64, events: f64) {
        self.demand.alone_s += seconds;
        self.demand.events += events;
    }

    fn cpu(&mut self, law: &Law, often: f64, fleet: Option<usize>) {
        let Some((fleet, hosts)) = fleet.and_then(|fleet| Some((fleet, self.scenario.kinds.hosts(fleet)?)))
        else {
            return;
        };
        let seconds = law.mean().as_secs_f64();
        if !hosts.alone {
            self.works(Resource::Cpu { fleet }, often * seconds);
        }
        // A shared processor plans its next end anew when somebody joins.
        let events = if hosts.shares && !hosts.alone { 1.5 } else { 1.0 };
        self.passes(often * seconds / hosts.strength, often * events);
    }

    /// The answer of a fleet takes time on the link of its instance, if bytes do.
    fn sends(&mut self, often: f64, fleet: usize) {
        let Some(link) = self.scenario.kinds.hosts(fleet).and_then(|hosts| hosts.link) else { return };
        let seconds = often * link.time_of(self.answer).as_secs_f64();
        self.works(Resource::Network { fleet }, seconds);
        self.passes(seconds, 1.5 * often);
    }

    fn counts(&mut self, of: PathOwner, what: &'static str, times: f64) {
        *self.demand.counts.entry((of, what)).or_default() += times;
    }

    fn works(&mut self, of: Resource, seconds: f64) {
        *self.demand.work_s.entry(of).or_default() += seconds;
    }
}

/// A step of a kind, taken with a probability, inside a fleet or outside of all.
struct Taken<'w, 'a> {
    walk: &'w mut Walk<'a>,
    often: f64,
    fleet: Option<usize>,
    inside: &'w [Step],
    /// What it holds to its end, and how long the request had taken when it got that.
    held: Vec<(Resource, f64)>,
}

impl Needs for Taken<'_, '_> {
    fn fleet(&self) -> Option<usize> {
        self.fleet
    }

    fn works(&mut self, of: Resource, seconds: f64) {
        self.walk.works(of, self.often * seconds);
    }

    fn holds(&mut self, of: Resource) {
        self.held.push((of, self.walk.demand.alone_s));
    }

    fn passes(&mut self, seconds: f64, events: f64) {
        self.walk.passes(self.often * seconds, self.often * events);
    }

    fn counts(&mut self, of: PathOwner, what: &'static str, times: f64) {
        self.walk.counts(of, what, self.often * times);
    }

    fn later(&mut self, path: PathOwner, times: f64) {
        self.walk.later(path, self.often * times);
    }

    fn cpu(&mut self, law: &Law) {
        self.walk.cpu(law, self.often, self.fleet);
    }

    fn delay(&mut self, law: &Law) {
        self.passes(law.mean().as_secs_f64(), 1.0);
    }

    fn inside(&mut self, share: f64) {
        self.walk.steps(self.inside, self.often * share, self.fleet);
    }
}

/// The table of a group of hosts.
fn of_group(scenario: &Scenario, group: usize) -> PathOwner {
    scenario.kinds.table_of(group).unwrap_or((Kind::Fleet, group))
}

/// Seconds of a way to another Region and back.
fn there_and_back(way: Option<Way>) -> f64 {
    way.map_or(0.0, |way| 2.0 * way.half().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::measure::resource::Node;

    #[test]
    fn a_path_is_added_up_by_resource() {
        let text = r#"
            duration = "1h"
            traffic.all.rate = "1/s"
            [request.a]
            via = "lb"
            steps = [
              { cpu = "6ms" },
              { cache = "c", hit_ratio = "75%", miss = { read = "db", demand = "8ms" } },
              { transaction = "db", steps = [{ read = "1ms" }, { write = "2ms" }, { cpu = "1ms" }] },
              { service = "pay" },
              { call = "was", steps = [{ cpu = "3ms" }] },
            ]
            [balancer.lb]
            targets = "web"
            [fleet.web]
            instance = { vcpus = 2, memory = "8 GiB", strength = 2 }
            instances = 1
            pools = { db = 5 }
            [fleet.was]
            instance = "m5.large"
            instances = 1
            [cache.c]
            node = "cache.r6g.large"
            command = "10us"
            [database.db]
            writer = "db.r6g.large"
            replicas = 1
            [service.pay]
            servers = 1
            time = "exponential 100ms"
        "#;
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let demand = of_classes(&scenario).remove(0);
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(demand.of(Resource::Cpu { fleet: 0 }), 0.007);
        near(demand.of(Resource::Cpu { fleet: 1 }), 0.003);
        let entries = |fleet| demand.count((Kind::Fleet, fleet), "entries");
        assert_eq!((entries(0), entries(1)), (1.0, 1.0));
        assert_eq!((demand.count((Kind::Balancer, 0), "requests"), demand.answers), (1.0, Some(0)));
        near(demand.count((Kind::Cache, 0), "lookups"), 1.0);
        near(demand.of(Resource::Cache { cache: 0 }), 12.5e-6); // a quarter of the look-ups are followed by a fill
        near(demand.of(Resource::Database { database: 0, node: Node::Reader }), 0.002); // a quarter of 8 ms
        near(demand.of(Resource::Database { database: 0, node: Node::Writer }), 0.003);
        near(demand.count((Kind::Database, 0), "commits"), 1.0);
        near(demand.of(Resource::Service { service: 0 }), 0.1);
        // A thread of the first fleet is held until the answer, one of the second for its CPU.
        near(demand.of(Resource::Threads { fleet: 1 }), 0.003);
        let of_web = demand.of(Resource::Threads { fleet: 0 });
        assert!(of_web > 0.1 && of_web <= demand.alone_s, "{demand:?}");
        // The transaction: 1 ms and 2 ms of statements, 1 ms of CPU on vCPUs twice as fast, its commit and the ways there and back.
        let pool = Resource::Pool { fleet: 0, pool: 0, node: Node::Writer };
        assert!(demand.of(pool) >= 0.0035 && demand.of(pool) < 0.05, "{}", demand.of(pool));
        assert!(demand.alone_s > 0.1 && demand.events > 10.0, "{demand:?}");
    }
}
