//! How much work a simulation will be. In: a scenario. Out: an [`Effort`]: requests, events and time, about.
//!
//! Requests come from the traffic, events of a request from its path, and beside them run the timers: rows, health
//! checks, metrics and alarms. Retries and overload add to that, a fast machine takes away: it is an estimate, for the
//! question whether to wait for it, not a promise.

use super::Scenario;
use super::demand;
use super::traffic::replay::Replay;
use super::traffic::{Pattern, Source};
use crate::id::ClassId;
use crate::kind::demand::Demand;
use crate::kind::effort::{EVENT, Work, often};
use crate::kind::load::mean;
use crate::language::shape::Given;
use crate::units::Time;

/// Time to end a row of the timeline, for each resource: 1 us.
pub const ROW: Given<Time> =
    Given::new(Time::from_micros(1), "assumption: some dozens of numbers are written for each resource");

/// About how much work all runs of a scenario are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Runs.
    pub runs: u32,
    /// Requests of one run; users count as if nothing kept them waiting.
    pub requests: f64,
    /// Events of one run, timers included.
    pub events: f64,
    /// Seconds on one core of one run.
    pub run_s: f64,
}

impl Effort {
    /// Seconds of all runs, on a number of cores.
    pub fn seconds(&self, cores: usize) -> f64 {
        let waves = f64::from(self.runs) / cores.max(1) as f64;
        self.run_s * waves.max(1.0)
    }
}

/// Estimates the work of a number of runs of a scenario.
pub fn effort(scenario: &Scenario, runs: u32) -> Effort {
    let demands = demand::of_classes(scenario);
    let (mut requests, mut events) = (0.0, 0.0);
    for source in &scenario.sources {
        let shares = shares(source, demands.len());
        let alone = alone_s(&shares, &demands);
        let sent = requests_of(source, alone, scenario.duration);
        requests += sent;
        events += sent * mean(&shares, demands.iter().map(|demand| demand.events));
    }
    let timers = timers(scenario);
    Effort {
        runs,
        requests,
        events: events + timers.events,
        run_s: events * EVENT.value.as_secs_f64() + timers.seconds,
    }
}

/// Seconds that a request of a source takes if nothing is waited for, by the shares of its classes.
pub(crate) fn alone_s(shares: &[f64], demands: &[Demand]) -> f64 {
    mean(shares, demands.iter().map(|demand| demand.alone_s))
}

/// The share of each class in the requests of a source.
pub(crate) fn shares(source: &Source, classes: usize) -> Vec<f64> {
    let mut shares = vec![0.0; classes];
    let mut add = |class: ClassId, weight: f64| {
        if let Some(share) = shares.get_mut(class.index()) {
            *share += weight;
        }
    };
    match &source.pattern {
        Pattern::Replay(Replay { classes: Some(recorded), .. }) => {
            recorded.iter().for_each(|class| add(*class, 1.0));
        }
        _ => source.mix.iter().for_each(|(class, weight)| add(*class, *weight)),
    }
    let all: f64 = shares.iter().sum();
    shares.iter().map(|share| if all > 0.0 { share / all } else { 0.0 }).collect()
}

/// About how many requests a source sends in a run, if one takes `alone` seconds with nothing waited for.
pub(crate) fn requests_of(source: &Source, alone: f64, duration: Time) -> f64 {
    match &source.pattern {
        Pattern::Users(users) => {
            let cycle = users.think.mean().as_secs_f64() + alone;
            let steps: Vec<_> = users.count.iter().map(|knot| (knot.0.min(duration), knot.1)).collect();
            user_seconds(&steps, duration) / cycle.max(1e-3)
        }
        pattern => pattern.expected(duration),
    }
}

/// The integral of a number of users that is straight between knots.
fn user_seconds(knots: &[(Time, u32)], duration: Time) -> f64 {
    let (Some(first), Some(last)) = (knots.first(), knots.last()) else { return 0.0 };
    let between = knots.windows(2).map(|pair| {
        let mean = (f64::from(pair[0].1) + f64::from(pair[1].1)) / 2.0;
        mean * (pair[1].0 - pair[0].0).as_secs_f64()
    });
    f64::from(first.1) * first.0.as_secs_f64()
        + between.sum::<f64>()
        + f64::from(last.1) * (duration - last.0.min(duration)).as_secs_f64()
}

/// The work beside the requests.
fn timers(scenario: &Scenario) -> Work {
    let span = scenario.duration.as_secs_f64();
    let row_s = ROW.value.as_secs_f64() * scenario.resources() as f64;
    let mut work = Work::of(often(scenario.bucket, span), row_s);
    work.add(scenario.kinds.own_work(span, |of| {
        let own = scenario.paths.iter().filter(|path| path.of == of);
        own.map(|path| demand::of_path(scenario, path).events).sum()
    }));
    work
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn scenario(check: &str) -> Scenario {
        let text = format!(
            "duration = \"1h\"\n[traffic.all]\nrate = \"1/s\"\n[request.a]\nvia = \"lb\"\nsteps = [{{ cpu = \"6ms\" }}]\n\
             [balancer.lb]\ntargets = \"web\"\nhealth_check = {{ interval = \"30s\"{check} }}\n[fleet.web]\n\
             instance = \"m5.large\"\ninstances = 2\n[service.pay]\nservers = 1\ntime = \"100ms\"\n"
        );
        crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap()
    }

    /// 2 targets, 120 checks of each by the nodes of two zones, and two visits a check; what a request asks for stays as it was.
    #[test]
    fn the_steps_of_a_check_are_work_of_the_checks_alone() {
        let (plain, deep) =
            (scenario(""), scenario(", steps = [{ service = \"pay\" }, { service = \"pay\" }]"));
        let (before, after) = (effort(&plain, 1), effort(&deep, 1));
        assert!((after.events - before.events - 960.0).abs() < 1e-6, "{before:?} {after:?}");
        assert_eq!(before.requests, after.requests);
        assert_eq!(demand::of_classes(&plain), demand::of_classes(&deep));
        let check = demand::of_path(&deep, &deep.paths[0]);
        assert!(
            (check.work_s.values().sum::<f64>() - 0.2).abs() < 1e-12 && check.work_s.len() == 1,
            "{check:?}"
        );
    }

    /// Two instances with three pollers each ask every two seconds of an hour, three events each time; those that wait for 20 s
    /// ask a tenth as often.
    #[test]
    fn pollers_ask_whether_there_are_messages_or_not() {
        let events = |poll: &str| {
            let text = format!(
                "duration = \"1h\"\n[traffic.all]\nrate = \"1/s\"\n[request.a]\nsteps = [{{ send = \"q\" }}]\n\
                 [fleet.w]\ninstance = \"m5.large\"\ninstances = 2\n[queue.q]\n{poll}\n"
            );
            let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
            effort(&scenario, 1).events
        };
        let worker = "workers = \"w\"\ntime = \"1s\"\npollers = 3\n";
        let short = events(&format!("{worker}poll_interval = \"2s\""));
        let long = events(&format!("{worker}wait = \"20s\""));
        assert!((short - long - 3.0 * 6.0 * (1_800.0 - 180.0)).abs() < 1e-6, "{short} {long}");
        assert!(long > events(""), "the work on the messages counts as well");
    }
}
