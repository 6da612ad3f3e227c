//! What one request of a class asks of each resource, on the mean and at the least.
//!
//! In: the path of a class. Out: [`Demand`]: visits and busy time of every resource. A look-up counts as a hit where
//! nothing fixes its hit ratio, so misses never make a demand larger than it is: what is too much here is too much.

use std::collections::BTreeMap;

use super::Scenario;
use super::request::{OwnPath, Statement, Step, Target, TransactionStep};
use crate::id::DatabaseId;
use crate::kind::fleet::language::Discipline;
use crate::kind::path::PathOwner;
use crate::measure::resource::Resource;
use crate::units::Bytes;

/// The demand of one request. Every list is in the order of the scenario's list of that kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Seconds on a vCPU of strength 1, by fleet.
    pub cpu_s: Vec<f64>,
    /// Entries, by fleet.
    pub entries: Vec<f64>,
    /// Requests passed on, by balancer.
    pub balanced: Vec<f64>,
    /// Look-ups, by cache.
    pub lookups: Vec<f64>,
    /// Seconds of a command thread of strength 1, by cache.
    pub command_s: Vec<f64>,
    /// Seconds on a vCPU of strength 1 of the writer, by database.
    pub writer_s: Vec<f64>,
    /// The same of all replicas together.
    pub replica_s: Vec<f64>,
    /// Writes that replicas apply, by database.
    pub writes: Vec<f64>,
    /// Seconds for which it occupies one unit of a resource, of the kinds whose steps are in their folder.
    pub work_s: BTreeMap<Resource, f64>,
    /// How often it has paths of other resources walked, such as that of a worker.
    pub(crate) walks: BTreeMap<PathOwner, f64>,
    /// Seconds of all its parts in a row, with nothing waited for.
    pub alone_s: f64,
    /// Events of the simulation.
    pub events: f64,
    /// Bytes of the answer.
    pub response: Bytes,
}

/// Events of a request beside those of its steps: it arrives, and it is answered.
const OWN_EVENTS: f64 = 2.0;

impl Demand {
    fn none(scenario: &Scenario) -> Demand {
        let of = |count: usize| vec![0.0; count];
        Demand {
            cpu_s: of(scenario.fleets.len()),
            entries: of(scenario.fleets.len()),
            balanced: of(scenario.balancers.len()),
            lookups: of(scenario.caches.len()),
            command_s: of(scenario.caches.len()),
            writer_s: of(scenario.databases.len()),
            replica_s: of(scenario.databases.len()),
            writes: of(scenario.databases.len()),
            work_s: BTreeMap::new(),
            walks: BTreeMap::new(),
            alone_s: 0.0,
            events: OWN_EVENTS,
            response: Bytes(0),
        }
    }

    /// Seconds for which it occupies one unit of a resource.
    pub fn of(&self, resource: Resource) -> f64 {
        self.work_s.get(&resource).copied().unwrap_or(0.0)
    }

    /// How often it has the path of a resource walked.
    pub(crate) fn walked(&self, of: PathOwner) -> f64 {
        self.walks.get(&of).copied().unwrap_or(0.0)
    }

    /// The demand of each class, in the order of the scenario.
    pub fn of_classes(scenario: &Scenario) -> Vec<Demand> {
        let of = |class: &super::request::Class| {
            let mut demand = Demand { response: class.response_size, ..Demand::none(scenario) };
            Walk { scenario, demand: &mut demand, inside: Vec::new() }.steps(&class.steps, 1.0, None);
            demand
        };
        scenario.classes.iter().map(of).collect()
    }

    /// The demand of the steps of a path that a resource owns, each time that it is walked.
    pub fn of_path(scenario: &Scenario, path: &OwnPath) -> Demand {
        let mut demand = Demand { events: 0.0, ..Demand::none(scenario) };
        let mut walk = Walk { scenario, demand: &mut demand, inside: vec![path.of] };
        walk.steps(&path.steps, 1.0, Some(path.fleet.index()));
        demand
    }
}

struct Walk<'a> {
    scenario: &'a Scenario,
    demand: &'a mut Demand,
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
                let fleet = match *target {
                    Target::Fleet(fleet) => fleet.index(),
                    Target::Balancer(balancer) => {
                        self.demand.balanced[balancer.index()] += often;
                        scenario.balancers[balancer.index()].targets.index()
                    }
                };
                self.demand.entries[fleet] += often;
                self.passes(0.0, 2.0 * often);
                self.steps(steps, often, Some(fleet));
            }
            Step::Cpu(law) => self.cpu(law.mean().as_secs_f64(), often, fleet),
            Step::Delay(law) => self.passes(often * law.mean().as_secs_f64(), often),
            Step::Of { step, inside } => {
                let asks = step.asks(&scenario.kinds);
                if let Some((resource, seconds)) = asks.work {
                    *self.demand.work_s.entry(resource).or_default() += often * seconds;
                }
                self.passes(often * asks.alone_s, often * asks.events);
                for (of, times) in asks.walks {
                    self.later(of, often * times);
                }
                self.steps(inside, often, fleet);
            }
            Step::Lookup { cache, hit_ratio, miss, fill, .. } => {
                let hits = hit_ratio.or(scenario.caches[cache.index()].hit_ratio).unwrap_or(1.0);
                self.command(cache.index(), often);
                self.demand.lookups[cache.index()] += often;
                if *fill {
                    self.command(cache.index(), often * (1.0 - hits));
                }
                self.steps(miss, often * (1.0 - hits), fleet);
            }
            Step::Invalidate { cache, .. } => self.command(cache.index(), often),
            Step::Read(statement) => self.statement(statement, often, fleet, false),
            Step::Write(statement) => {
                self.statement(statement, often, fleet, true);
                self.commit(statement.database, often);
            }
            Step::Transaction { database, statements } => {
                for statement in statements {
                    match statement {
                        TransactionStep::Read(statement) => self.on_writer(statement, often),
                        TransactionStep::Write(statement) => self.statement(statement, often, fleet, true),
                        TransactionStep::Cpu(law) => self.cpu(law.mean().as_secs_f64(), often, fleet),
                        TransactionStep::Delay(law) => {
                            self.passes(often * law.mean().as_secs_f64(), often);
                        }
                    }
                }
                self.commit(*database, often);
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
        let mut demand = Demand { events: 0.0, ..Demand::none(self.scenario) };
        let inside = self.inside.iter().copied().chain([of]).collect();
        let mut walk = Walk { scenario: self.scenario, demand: &mut demand, inside };
        let fleet = Some(path.fleet.index());
        path.cpu.iter().for_each(|law| walk.cpu(law.mean().as_secs_f64(), 1.0, fleet));
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

    fn cpu(&mut self, seconds: f64, often: f64, fleet: Option<usize>) {
        let Some(fleet) = fleet else { return };
        let settings = &self.scenario.fleets[fleet];
        self.demand.cpu_s[fleet] += often * seconds;
        // A shared processor plans its next end anew when somebody joins.
        let events = if settings.discipline == Discipline::Fifo { 1.0 } else { 1.5 };
        self.passes(often * seconds / settings.instance.strength, often * events);
    }

    fn command(&mut self, cache: usize, often: f64) {
        let settings = &self.scenario.caches[cache];
        let seconds = settings.command.mean().as_secs_f64();
        self.demand.command_s[cache] += often * seconds;
        let alone = seconds / settings.node.strength + 2.0 * settings.hop.as_secs_f64();
        self.passes(often * alone, 1.5 * often);
    }

    fn statement(&mut self, statement: &Statement, often: f64, fleet: Option<usize>, writes: bool) {
        let database = &self.scenario.databases[statement.database.index()];
        // A pool leads to the replicas; who has none goes to the writer.
        if writes || database.replicas == 0 || fleet.is_none() {
            self.on_writer(statement, often);
        } else {
            let seconds = statement.demand.mean().as_secs_f64();
            self.demand.replica_s[statement.database.index()] += often * seconds;
            let hops = 2.0 * database.hop.as_secs_f64();
            self.passes(often * (seconds / database.replica.strength + hops), 1.5 * often);
        }
        if writes {
            self.demand.writes[statement.database.index()] += often;
        }
    }

    fn on_writer(&mut self, statement: &Statement, often: f64) {
        let database = &self.scenario.databases[statement.database.index()];
        let seconds = statement.demand.mean().as_secs_f64();
        self.demand.writer_s[statement.database.index()] += often * seconds;
        let hops = 2.0 * database.hop.as_secs_f64();
        self.passes(often * (seconds / database.writer.strength + hops), 1.5 * often);
    }

    fn commit(&mut self, database: DatabaseId, often: f64) {
        let commit = self.scenario.databases[database.index()].commit.mean().as_secs_f64();
        self.passes(often * commit, often);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

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
        let demand = Demand::of_classes(&scenario).remove(0);
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(demand.cpu_s[0], 0.007);
        near(demand.cpu_s[1], 0.003);
        assert_eq!((demand.entries.as_slice(), demand.balanced[0]), ([1.0, 1.0].as_slice(), 1.0));
        near(demand.lookups[0], 1.0);
        near(demand.command_s[0], 12.5e-6); // a quarter of the look-ups are followed by a fill
        near(demand.replica_s[0], 0.002); // a quarter of 8 ms
        near(demand.writer_s[0], 0.003);
        near(demand.writes[0], 1.0);
        near(demand.of(Resource::Service { service: 0 }), 0.1);
        assert!(demand.alone_s > 0.1 && demand.events > 10.0, "{demand:?}");
    }
}
