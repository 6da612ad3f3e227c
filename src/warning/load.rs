//! The traffic of a scenario over time.
//!
//! In: sources, their mixes, and what a request asks for. Out: a [`Load`], at every instant at which something bends or
//! steps; of a step also a nanosecond before it, which is as short as time gets. People who think longer
//! than they wait count with the requests that they send as long as nothing keeps them waiting; a load test without a
//! pause does not, since it asks for as much as it gets.

use crate::kind::load::{Arrivals, Load, WINDOW, mean};
use crate::scenario::effort::{requests_of, shares};
use crate::scenario::traffic::curve::Area;
use crate::scenario::traffic::{Pattern, Source};
use crate::scenario::{Scenario, demand};
use crate::units::Time;

/// Instants that are looked at, at most.
const INSTANTS_MAX: usize = 2_000;

/// What comes when in a scenario.
pub(super) fn of(scenario: &Scenario) -> Load {
    let instants = instants(scenario);
    let demands = demand::of_classes(scenario);
    let shares: Vec<Vec<f64>> =
        scenario.sources.iter().map(|source| shares(source, scenario.classes.len())).collect();
    let alone: Vec<f64> =
        shares.iter().map(|shares| mean(shares, demands.iter().map(|it| it.alone_s))).collect();
    let sources = || scenario.sources.iter().zip(&alone);
    let at = |time: &Time| sources().map(|(source, alone)| rate(&source.pattern, *time, *alone)).collect();
    let rates = instants.iter().map(at).collect();
    let requests = sources().map(|(source, alone)| requests_of(source, *alone, scenario.duration)).collect();
    Load { demands, shares, requests, instants, rates, arrivals: arrivals(scenario) }
}

/// Nothing comes before the run or after it. Of users, each waits for its answer.
fn arrivals(scenario: &Scenario) -> Arrivals {
    type Until = Box<dyn Fn(Time) -> Option<f64>>;
    let of = |source: &Source| -> Until {
        match source.pattern.clone() {
            Pattern::Users(_) => Box::new(|_| None),
            Pattern::Rate { curve, .. } => {
                let area = Area::of(&curve);
                Box::new(move |until| Some(area.until(until)))
            }
            pattern => Box::new(move |until| Some(pattern.expected(until))),
        }
    };
    let (sources, end): (Vec<Until>, Time) = (scenario.sources.iter().map(of).collect(), scenario.duration);
    Arrivals(Box::new(move |source, until| sources[source](until.min(end))))
}

/// Requests per second of a source at an instant, of which one takes `alone` seconds with nothing waited for.
fn rate(pattern: &Pattern, time: Time, alone: f64) -> f64 {
    match pattern {
        Pattern::Rate { curve, .. } => curve.at(time).0,
        Pattern::Gaps(law) => 1.0 / law.mean().as_secs_f64().max(1e-9),
        Pattern::Replay(replay) => {
            let before = |time: Time| replay.times.partition_point(|arrival| *arrival < time);
            (before(time + WINDOW) - before(time)) as f64 / WINDOW.as_secs_f64()
        }
        Pattern::Users(users) => match users.think.mean().as_secs_f64() {
            think if think >= alone && think > 0.0 => f64::from(users.at(time)) / (think + alone),
            _ => 0.0,
        },
    }
}

/// Where two knots come at one instant the value steps: that instant, and the last one before it.
fn steps<T>(knots: &[(Time, T)]) -> impl Iterator<Item = Time> {
    let steps = knots.windows(2).filter(|pair| pair[0].0 == pair[1].0 && pair[0].0 > Time::ZERO);
    steps.flat_map(|pair| [Time(pair[0].0.0 - 1), pair[0].0])
}

/// Every instant inside the run at which a rate or a size changes its course.
fn instants(scenario: &Scenario) -> Vec<Time> {
    let mut found = vec![Time::ZERO];
    let mut steep = Vec::new();
    for source in &scenario.sources {
        match &source.pattern {
            Pattern::Rate { curve, .. } => {
                found.extend(curve.knots.iter().map(|knot| knot.0));
                steep.extend(steps(&curve.knots));
            }
            Pattern::Replay(_) => {
                let windows = scenario.duration.0.div_ceil(WINDOW.0).min(INSTANTS_MAX as u64);
                let width = scenario.duration.0 / windows.max(1);
                found.extend((0..windows).map(|window| Time(window * width)));
            }
            Pattern::Users(users) => {
                found.extend(users.count.iter().map(|knot| knot.0));
                steep.extend(steps(&users.count));
            }
            Pattern::Gaps(_) => {}
        }
    }
    // The largest rate of each source stays, whatever is thinned out.
    let largest = scenario.sources.iter().filter_map(|source| {
        let rate = |time: Time| rate(&source.pattern, time, 0.0);
        let top = |best: Time, time: &Time| match rate(*time) > rate(best) {
            true => *time,
            false => best,
        };
        (!found.is_empty()).then(|| found.iter().chain(&steep).fold(Time::ZERO, top))
    });
    let largest: Vec<Time> = largest.collect();
    found.sort_unstable();
    let every = found.len().div_ceil(INSTANTS_MAX).max(1);
    let mut kept: Vec<Time> = found.into_iter().step_by(every).chain(largest).collect();
    // A step is both of its sides: of too many, every so many of them.
    let every = steep.len().div_ceil(2 * INSTANTS_MAX).max(1);
    kept.extend(steep.chunks(2).step_by(every).flatten());
    kept.extend(scenario.kinds.changes());
    kept.retain(|time| *time < scenario.duration);
    kept.sort_unstable();
    kept.dedup();
    kept
}
