//! Traffic that rises faster than an Application Load Balancer grows by itself, and answers that it does not wait for.
//!
//! In: open traffic, and what answers take at the least. Out: warnings for each balancer. Its growth is not simulated: it never is the
//! bottleneck.

use super::mitigation::TARGETS_LEAST;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::number::{agreeing, bounded};
use crate::units::Time;

/// A balancer doubles what it can do in this time.
/// Source: AWS Networking & Content Delivery Blog, "Using Load Balancer Capacity Unit Reservation to prepare for sharp
/// increases in traffic" (2025-01).
const DOUBLING: Time = Time::from_secs(300);
/// Capacity units below which nothing can be reserved, and is taken to be there.
/// Source: Elastic Load Balancing user guide, capacity unit reservation: at least 100.
const SMALLEST: f64 = 100.0;

/// Capacity units are counted over this time: what comes in less is no rise that the balancer would have to grow for.
/// Source: Elastic Load Balancing user guide, capacity unit reservation: `PeakLCUs`, by the minute, says how many to reserve.
const COUNTED: Time = Time::from_secs(60);

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = too_late(expected);
    found.extend(too_steep(expected));
    found.extend(few_to_mitigate(expected));
    found
}

/// Anomaly mitigation of a fleet that never has enough targets for it.
fn few_to_mitigate(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mitigates = expected.balancers.iter().filter(|balancer| balancer.weights_every.is_some());
    let few = mitigates.filter_map(|balancer| {
        let fleet = &expected.fleets[balancer.targets.index()];
        let most = fleet.timetable.iter().map(|change| change.1).fold(fleet.max, u32::max);
        (usize::try_from(most).is_ok_and(|most| most < TARGETS_LEAST)).then(|| {
            let message = format!(
                "anomaly mitigation of balancer `{}` needs {TARGETS_LEAST} healthy targets, and `{}` never has more than {most}",
                balancer.name, fleet.name
            );
            let hint = "it does nothing: remove `anomaly_mitigation`, or let the fleet have more instances";
            Warning::new(
                Code::SettingWithoutEffect,
                &["balancer", &balancer.name, "anomaly_mitigation"],
                message,
                hint,
            )
        })
    });
    few.collect()
}

/// Answers that take longer than a balancer keeps a connection on which nothing comes.
fn too_late(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, balancer) in expected.balancers.iter().enumerate() {
        let all = expected.least.iter().filter(|(of, ..)| *of == (Kind::Balancer, index));
        let late = all.filter(|(.., seconds)| *seconds > balancer.idle_timeout.as_secs_f64());
        found.extend(late.map(|(_, class, seconds)| {
            let message = format!(
                "the answer to each request `{class}` takes {} at the least, and balancer `{}` waits for {}",
                Time::from_secs_f64(*seconds),
                balancer.name,
                balancer.idle_timeout
            );
            let hint = "all of them get a 504: raise `idle_timeout`, or look at the times of the path";
            Warning::new(
                Code::WorkOutlastsTimeout,
                &["balancer", &balancer.name, "idle_timeout"],
                message,
                hint,
            )
        }));
    }
    found
}

/// Traffic that comes sooner than a balancer grows.
fn too_steep(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let load = &expected.load;
    let mut found = Vec::new();
    for (index, balancer) in expected.balancers.iter().enumerate() {
        let of = (Kind::Balancer, index);
        let counted = |values: &[f64]| load.over(values, COUNTED);
        let asked = load.per_second(|demand| demand.count(of, "requests"));
        let rates = counted(&asked);
        // What it carries both ways.
        let bytes = counted(&load.per_second(|demand| {
            demand.count(of, "requests") * (demand.request.0 as f64 + demand.response.0 as f64)
        }));
        // Two of the dimensions of a capacity unit: 25 new connections a second, a gigabyte an hour.
        let units =
            |at: usize| (rates[at] / balancer.requests_per_connection / 25.0).max(bytes[at] * 3_600.0 / 1e9);
        let steep = (0..rates.len()).filter(|&at| units(at) > SMALLEST).filter_map(|at| {
            let before = lowest(&load.instants, &rates, at);
            (rates[at] > 2.0 * before).then_some((at, before))
        });
        // The steepest rise, then the highest.
        let times = |(at, before): &(usize, f64)| (rates[*at] / before.max(1e-9), rates[*at]);
        let steepest = steep.reduce(|best, next| match times(&next).partial_cmp(&times(&best)) {
            Some(std::cmp::Ordering::Greater) => next,
            _ => best,
        });
        found.extend(steepest.map(|(at, before)| {
            let mean = if rates[at] < asked[at] { ", the mean of a minute," } else { "" };
            let message = format!(
                "traffic at balancer `{}` rises from {}/s to {}/s{mean} within 5 minutes, by {}; a balancer doubles in that time",
                balancer.name,
                bounded(before),
                bounded(rates[at]),
                load.instants[at]
            );
            let hint = format!(
                "reserve {} before, or meet 5xx that this run does not show: a balancer never is \
                 the bottleneck here",
                agreeing(format!("about {}", bounded(units(at).ceil())), "capacity unit")
            );
            Warning::new(Code::SteeperThanAlb, &["balancer", &balancer.name], message, hint)
        }));
    }
    found
}

/// The lowest rate of the five minutes before an instant; rates are straight between instants. What was there until a
/// step five minutes before is over.
fn lowest(instants: &[Time], rates: &[f64], at: usize) -> f64 {
    let from = instants[at].0.saturating_sub(DOUBLING.0);
    let next = instants.partition_point(|time| time.0 <= from);
    let edge = match (next.checked_sub(1), instants.get(next)) {
        (Some(last), Some(time)) => {
            let (t0, t1) = (instants[last].0 as f64, time.0 as f64);
            rates[last] + (rates[next] - rates[last]) * (from as f64 - t0) / (t1 - t0).max(1.0)
        }
        (Some(last), None) => rates[last],
        (None, _) => rates[at],
    };
    rates[next.min(at)..at].iter().copied().fold(edge, f64::min)
}
