//! Traffic that rises faster than an Application Load Balancer grows by itself, and answers that it does not wait for.
//!
//! In: open traffic, and what answers take at the least. Out: warnings for each balancer. Its growth is not simulated: it never is the
//! bottleneck.

use super::language::Protocol;
use super::mitigation::TARGETS_LEAST;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::demand::Demand;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::limits::scales_in;
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
    found.extend(cut_off(expected));
    found.extend(too_steep(expected));
    found.extend(few_to_mitigate(expected));
    found.extend(nobody_to_bind(expected));
    found.extend(split_in_vain(expected));
    found.extend(closed_early(expected));
    found.extend(too_many(expected));
    found.extend(above_quotas(expected));
    found
}

/// Targets of an Application Load Balancer. Source: Elastic Load Balancing user guide, quotas (2023-06).
const ALB_TARGETS: u32 = 1_000;
/// Targets of a Network Load Balancer in a zone, and in all. Source: user guide, Network Load Balancers, quotas (2023-06).
const NLB_TARGETS: (u32, u32) = (500, 3_000);

/// Application Load Balancers of a Region. Source: Elastic Load Balancing user guide, quotas (2023-06). Their hundred target groups are more than
/// the fleets of a file, and their hundred rules are the most that one reads.
const ALBS: usize = 50;

/// More balancers in a file than a Region may have.
fn above_quotas(expected: &Expected<'_, Settings>) -> Option<Warning> {
    let mut all = expected
        .balancers
        .iter()
        .filter(|it| it.network.is_none() && it.classic.is_none() && it.group_of.is_none());
    let first = all.next()?;
    let count = 1 + all.count();
    (count > ALBS).then(|| {
        let message = format!("{count} Application Load Balancers, and a Region may have {ALBS}");
        let hint = "the run does not stop there: ask AWS for a higher quota";
        Warning::new(Code::BalancersAboveQuota, &["balancer", &first.name], message, hint)
    })
}

/// Fleets that may have more instances than their balancer may have targets.
fn too_many(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let all = expected.balancers.iter().enumerate();
    let many = all.filter_map(|(index, balancer)| {
        let fleet = &expected.fleets[balancer.targets.index()];
        let most = fleet.timetable.iter().map(|change| change.1).fold(fleet.max, u32::max);
        let (quota, of) = match (balancer.network, balancer.classic) {
            (_, Some(_)) => return None,
            (None, None) => (ALB_TARGETS, "an Application Load Balancer"),
            (Some(_), None) => {
                ((NLB_TARGETS.0 * fleet.zones()).min(NLB_TARGETS.1), "a Network Load Balancer in these zones")
            }
        };
        (most > quota).then(|| {
            let name = &expected.balancers[balancer.root(index)].name;
            let message = format!(
                "fleet `{}` may have {} instances, and {of} such as `{name}` may have {} targets",
                fleet.name,
                bounded(most.into()),
                bounded(quota.into())
            );
            let hint =
                "the run does not stop there: ask AWS for a higher quota, or split the fleet over balancers";
            Warning::new(Code::TargetsAboveQuota, &["fleet", &fleet.name, "max"], message, hint)
        })
    });
    many.collect()
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

/// Applications that close connections before their balancer does, or whose connections no balancer keeps.
fn closed_early(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, fleet) in expected.fleets.iter().enumerate() {
        let Some(keep_alive) = fleet.keep_alive else { continue };
        let mut keeping = expected
            .balancers
            .iter()
            .filter(|balancer| balancer.targets.index() == index && balancer.keeps_connections())
            .peekable();
        if keeping.peek().is_none() {
            let message = format!("`keep_alive` of `{}`, to which no balancer keeps connections", fleet.name);
            let hint = "it does nothing: each request has a connection of its own there";
            let path = ["fleet", &fleet.name, "keep_alive"];
            found.push(Warning::new(Code::SettingWithoutEffect, &path, message, hint));
        }
        let early = keeping.filter(|balancer| keep_alive <= balancer.idle_timeout);
        found.extend(early.map(|balancer| {
            let message = format!(
                "the application of `{}` closes a connection that was idle for {keep_alive}, and balancer `{}` keeps it for {}",
                fleet.name, balancer.name, balancer.idle_timeout
            );
            let hint = "a request that is sent as it is closed gets a 502: set `keep_alive` above `idle_timeout`";
            Warning::new(Code::KeepAliveBelowIdle, &["fleet", &fleet.name, "keep_alive"], message, hint)
        }));
    }
    found
}

/// Stickiness for requests of which each is of a new client, and visits where no traffic is open.
fn nobody_to_bind(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, balancer) in expected.balancers.iter().enumerate() {
        let Some(stickiness) = balancer.stickiness.as_ref().filter(|_| balancer.network.is_none()) else {
            continue;
        };
        let (open, closed) = askers(expected, &[index]);
        let (path, message, hint): (&[&str], _, _) = match (open, closed, stickiness.visits) {
            (true, false, None) => (
                &["balancer", &balancer.name, "stickiness"],
                format!(
                    "clients of balancer `{}` have cookies, and each request of its traffic is of a new client",
                    balancer.name
                ),
                "it does nothing: say which requests belong together (`visits`), or send them with `[users]`",
            ),
            (false, true, Some(_)) => (
                &["balancer", &balancer.name, "stickiness", "visits"],
                format!(
                    "`visits` of balancer `{}` are those of open traffic, and only users send requests there",
                    balancer.name
                ),
                "users keep their cookies: remove `visits`",
            ),
            _ => continue,
        };
        found.push(Warning::new(Code::SettingWithoutEffect, path, message, hint));
    }
    found
}

/// Whether open traffic asks some target groups, and whether users do.
fn askers(expected: &Expected<'_, Settings>, groups: &[usize]) -> (bool, bool) {
    let load = &expected.load;
    let count = |demand: &Demand| -> f64 {
        groups.iter().map(|group| demand.count((Kind::Balancer, *group), "requests")).sum()
    };
    let asks = |shares: &Vec<f64>| {
        let mut counts = load.demands.iter().map(count);
        shares.iter().any(|share| counts.next().is_some_and(|count| *share > 0.0 && count > 0.0))
    };
    let (mut open, mut closed) = (false, false);
    for (source, _) in load.shares.iter().enumerate().filter(|(_, shares)| asks(shares)) {
        let is_open = (load.arrivals.0)(source, expected.duration).is_some();
        (open, closed) = (open || is_open, closed || !is_open);
    }
    (open, closed)
}

/// Weights that change after the end, target groups that never have one, and cookies of target groups where no user asks.
fn split_in_vain(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for balancer in &expected.balancers {
        for split in balancer.splits() {
            let late = split.changes.iter().find(|(at, _)| *at >= expected.duration);
            found.extend(late.map(|(at, _)| {
                let message =
                    format!("weights of balancer `{}` change at {at}, when the run has ended", balancer.name);
                let path = ["balancer", &balancer.name, "weights"];
                Warning::new(
                    Code::SettingWithoutEffect,
                    &path,
                    message,
                    "remove this change, or let the run last longer",
                )
            }));
            for (way, to) in split.ways.iter().enumerate() {
                let never = to.weight == 0 && split.changes.iter().all(|(_, weights)| weights[way] == 0);
                found.extend(never.then(|| {
                    let fleet = &expected.fleets[to.fleet.index()].name;
                    let message = format!("balancer `{}` never gives `{fleet}` a weight", balancer.name);
                    let hint = "it gets no request: remove it from `targets`, or change its weight at some time (`weights`)";
                    Warning::new(Code::SettingWithoutEffect, &["balancer", &balancer.name, "targets"], message, hint)
                }));
            }
            let groups: Vec<usize> = split.ways.iter().map(|way| way.group.index()).collect();
            if split.sticky.is_some() && askers(expected, &groups) == (true, false) {
                let message = format!(
                    "clients of balancer `{}` have cookies of its target groups, and each request of its traffic is of a new client",
                    balancer.name
                );
                let hint = "it does nothing: remove `group_stickiness`, or send the requests with `[users]`";
                let path = ["balancer", &balancer.name, "group_stickiness"];
                found.push(Warning::new(Code::SettingWithoutEffect, &path, message, hint));
            }
        }
    }
    found
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
            let ends = match balancer.network.map(|network| network.protocol) {
                _ if balancer.knows_http() => "all of them get a 504",
                Some(Protocol::Udp) => "all of them fail, because their flow has ended",
                _ => "all of them get a reset",
            };
            let hint = format!("{ends}: raise `idle_timeout`, or look at the times of the path");
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

/// Answers that take longer than a target that leaves may go on with them.
fn cut_off(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, balancer) in expected.balancers.iter().enumerate() {
        let fleet = &expected.fleets[balancer.targets.index()];
        let delay = balancer.deregistration_delay;
        let leave = scales_in(fleet, expected.duration)
            || !fleet.refresh.is_empty()
            || !fleet.resize.is_empty()
            || fleet.max_lifetime.is_some();
        let all = expected.least.iter().filter(|(of, ..)| leave && *of == (Kind::Balancer, index));
        let long = all.filter(|(.., seconds)| *seconds > delay.as_secs_f64());
        found.extend(long.map(|(_, class, seconds)| {
            let message = format!(
                "each request `{class}` takes {} at the least, a target of balancer `{}` that leaves has {delay} to finish it, and fleet \
                 `{}` changes its instances",
                Time::from_secs_f64(*seconds),
                balancer.name,
                fleet.name
            );
            let hint = "what is at an instance when it leaves is cut off, and fails: raise `deregistration_delay`";
            let path = ["balancer", &balancer.name, "deregistration_delay"];
            Warning::new(Code::WorkOutlastsDraining, &path, message, hint)
        }));
    }
    found
}

/// Traffic that comes sooner than a balancer grows.
fn too_steep(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let load = &expected.load;
    let mut found = Vec::new();
    // One that grows shows it in the run.
    for (index, balancer) in expected
        .balancers
        .iter()
        .enumerate()
        .filter(|(_, it)| it.growth.is_none() && it.group_of.is_none() && it.network.is_none())
    {
        let groups = || (0..expected.balancers.len()).filter(|&at| expected.balancers[at].root(at) == index);
        let count =
            |demand: &Demand| groups().map(|at| demand.count((Kind::Balancer, at), "requests")).sum::<f64>();
        let counted = |values: &[f64]| load.over(values, COUNTED);
        let asked = load.per_second(count);
        let rates = counted(&asked);
        // What it carries both ways.
        let bytes = counted(
            &load.per_second(|demand| count(demand) * (demand.request.0 as f64 + demand.response.0 as f64)),
        );
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
                "reserve {} before, or meet 5xx that this run does not show: without `growth` a balancer \
                 never is the bottleneck here",
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
