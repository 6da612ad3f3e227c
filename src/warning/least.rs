//! What a request takes at the least, with nothing waited for, against those who wait for it. In: the paths of the classes that traffic asks
//! for. Out: warnings of clients that give up before, and what calls through a balancer take.
//!
//! Only what surely passes counts: a constant, the least of a range or of recorded values. What a law may make as short as it likes, and
//! what not every request does, is nothing.

use std::collections::BTreeSet;

use crate::dist::Law;
use crate::id::Kind;
use crate::kind::code::Code;
use crate::kind::host::GroupId;
use crate::kind::path::PathOwner;
use crate::kind::step::Needs;
use crate::kind::warning::Warning;
use crate::language::names::Named;
use crate::scenario::Scenario;
use crate::scenario::request::{Step, Target};
use crate::scenario::traffic::{Pattern, Source};
use crate::units::Time;

/// Clients that give up before any answer can come.
pub(super) fn of_clients(scenario: &Scenario) -> Vec<Warning> {
    let mut found: Vec<Warning> = Vec::new();
    for source in &scenario.sources {
        let Some(timeout) = source.client.timeout else { continue };
        for class in classes(source) {
            let class = &scenario.classes[class];
            let mut walk = Walk { scenario, class: &class.name, calls: Vec::new() };
            let least = walk.steps(&class.steps, None);
            if least > timeout.as_secs_f64() {
                let message = format!(
                    "each request `{}` takes {} at the least, and the clients of `{}` wait for {timeout}",
                    class.name,
                    Time::from_secs_f64(least),
                    source.name
                );
                let hint =
                    "all of them fail: raise the `timeout` of the client, or look at the times of the path";
                let table =
                    if matches!(source.pattern, Pattern::Users(_)) { "users" } else { Kind::Traffic.table() };
                found.push(Warning::new(
                    Code::WorkOutlastsTimeout,
                    &[table, &source.name, "client"],
                    message,
                    hint,
                ));
            }
        }
    }
    found
}

/// Each call of a class through a table that waits for its answer, with the seconds that it takes at the least.
pub(super) fn of_calls(scenario: &Scenario) -> Vec<(PathOwner, &str, f64)> {
    let asked: BTreeSet<usize> = scenario.sources.iter().flat_map(classes).collect();
    let calls = asked.into_iter().flat_map(|class| {
        let class = &scenario.classes[class];
        let mut walk = Walk { scenario, class: &class.name, calls: Vec::new() };
        walk.steps(&class.steps, None);
        walk.calls
    });
    calls.collect()
}

/// The classes that a source asks for.
fn classes(source: &Source) -> Vec<usize> {
    let mixed = source.mix.iter().filter(|(_, weight)| *weight > 0.0).map(|(class, _)| class.index());
    let mut all: Vec<usize> = mixed.collect();
    if let Pattern::Replay(replay) = &source.pattern {
        all.extend(replay.classes.iter().flat_map(|classes| classes.iter()).map(|class| class.index()));
    }
    all.sort_unstable();
    all.dedup();
    all
}

struct Walk<'a> {
    scenario: &'a Scenario,
    class: &'a str,
    calls: Vec<(PathOwner, &'a str, f64)>,
}

impl<'a> Walk<'a> {
    /// Seconds that steps take at the least, inside a fleet or outside of all.
    fn steps(&mut self, steps: &'a [Step], fleet: Option<usize>) -> f64 {
        steps.iter().map(|step| self.step(step, fleet)).sum()
    }

    fn step(&mut self, step: &'a Step, fleet: Option<usize>) -> f64 {
        let scenario = self.scenario;
        match step {
            Step::Call { target, steps } => {
                let seconds = self.steps(steps, target.group(&scenario.kinds).map(GroupId::index));
                if let Target::Balancer(balancer) = target {
                    self.calls.push(((Kind::Balancer, balancer.index()), self.class, seconds));
                }
                seconds
            }
            Step::Cpu(law) => on_cpu(scenario, fleet, law),
            Step::Delay(law) => law.least().as_secs_f64(),
            Step::Of { step, inside } => {
                let own = step.varies(&scenario.kinds).map_or(0.0, |law| law.least().as_secs_f64());
                let mut taken = Taken { walk: self, fleet, inside, seconds: own };
                step.needs(&scenario.kinds, &mut taken);
                taken.seconds
            }
        }
    }
}

/// CPU of an instance of a fleet, of the fastest that it may have.
fn on_cpu(scenario: &Scenario, fleet: Option<usize>, law: &Law) -> f64 {
    let fastest = fleet.and_then(|fleet| scenario.kinds.hosts(fleet)).map_or(1.0, |hosts| hosts.fastest);
    law.least().as_secs_f64() / fastest.max(f64::MIN_POSITIVE)
}

/// A step of a kind.
struct Taken<'w, 'a> {
    walk: &'w mut Walk<'a>,
    fleet: Option<usize>,
    inside: &'a [Step],
    seconds: f64,
}

impl Needs for Taken<'_, '_> {
    fn fleet(&self) -> Option<usize> {
        self.fleet
    }

    fn cpu(&mut self, law: &Law) {
        self.seconds += on_cpu(self.walk.scenario, self.fleet, law);
    }

    fn delay(&mut self, law: &Law) {
        self.seconds += law.least().as_secs_f64();
    }

    fn inside(&mut self, share: f64) {
        let seconds = self.walk.steps(self.inside, self.fleet);
        self.seconds += if share >= 1.0 { seconds } else { 0.0 };
    }
}
