//! What must fit together: sizes, orders, tiers, pools, and the scenario as a whole.
//!
//! In: values that are right one by one, with their places. Out: problems where they cannot be right together.

use std::collections::BTreeSet;

use super::Scenario;
use super::fleet::{Fleet, language::INSTANCES_MAX};
use super::id::{DatabaseId, FleetId, KeySpaceId, Kind, UNKNOWN};
use super::request::steps::World;
use super::request::{POPULATIONS_MAX, Step, Target, TransactionStep};
use super::scaling::{Metric, ScheduledAction, StepAdjustment};
use crate::language::problem::Problem;
use crate::language::reader::{Context, Reader};
use crate::language::source::Span;
use crate::language::value::Value;

/// The three sizes of a fleet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) desired: u32,
}

/// Reads `instances`, or `min`, `max` and `desired`, and checks that they are in order.
pub(super) fn sizes(reader: &Reader) -> Sizes {
    let count = |value: Value| value.count(0..=INSTANCES_MAX);
    let [fixed, min, max, desired] = ["instances", "min", "max", "desired"].map(|key| reader.get(key));
    if let Some(fixed) = fixed {
        for (key, value) in [("min", min), ("max", max), ("desired", desired)] {
            if let Some(value) = value {
                let problem = Problem::at(&value.span(), format!("`{key}` beside `instances`"))
                    .also(&fixed.span(), "this sets all three sizes")
                    .hint("write `instances` for a fixed size, or `min` and `max` for a range");
                reader.cx.push(problem);
            }
        }
        let size = count(fixed).unwrap_or(1);
        return Sizes { min: size, max: size, desired: size };
    }
    match (min, max) {
        (None, None) => reader.missing(&["instances", "min"]),
        (None, _) => reader.missing(&["min"]),
        (_, None) => reader.missing(&["max"]),
        _ => {}
    }
    let low = min.and_then(count);
    let high = max.and_then(count);
    let start = desired.and_then(count);
    if let (Some(low), Some(high), Some(min), Some(max)) = (low, high, min, max)
        && low > high
    {
        let problem = Problem::at(&min.span(), format!("min of {low} above max of {high}"))
            .also(&max.span(), "the largest size")
            .hint(format!("raise `max` to {low} or more, or lower `min`"));
        reader.cx.push(problem);
    } else if let (Some(start), Some(value)) = (start, desired) {
        let bound = match (low, high) {
            (Some(low), _) if start < low => Some(("below min", low, min)),
            (_, Some(high)) if start > high => Some(("above max", high, max)),
            _ => None,
        };
        if let Some((side, bound, Some(other))) = bound {
            let problem = Problem::at(&value.span(), format!("desired of {start} {side} of {bound}"))
                .also(&other.span(), "the bound")
                .hint("desired lies between min and max");
            reader.cx.push(problem);
        }
    }
    let min = low.unwrap_or(1);
    Sizes { min, max: high.unwrap_or(min), desired: start.unwrap_or(min) }
}

/// Scheduled actions, in time order, must never leave min above max.
pub(super) fn schedule(sizes: Sizes, actions: &[(ScheduledAction, Value)]) {
    let (mut min, mut max) = (sizes.min, sizes.max);
    for (action, value) in actions {
        if action.min.is_none() && action.max.is_none() && action.desired.is_none() {
            value.problem("a scheduled action that changes nothing", "set `min`, `max` or `desired`");
        }
        (min, max) = (action.min.unwrap_or(min), action.max.unwrap_or(max));
        if min > max {
            value.problem(
                format!("from {} on, min of {min} is above max of {max}", action.at),
                format!("set `max` to {min} or more in the same action"),
            );
            return;
        }
        if let Some(desired) = action.desired.filter(|desired| !(min..=max).contains(desired)) {
            value.problem(
                format!("desired of {desired} lies outside min of {min} and max of {max}"),
                "set `min` or `max` in the same action",
            );
        }
    }
}

/// The path of a class draws from few enough populations.
pub(super) fn populations(reader: &Reader, steps: &[Step]) {
    let mut found = BTreeSet::new();
    collect_populations(steps, &mut found);
    if found.len() > POPULATIONS_MAX {
        let message = format!("a path that draws keys from {} populations", found.len());
        let hint =
            format!("at most {POPULATIONS_MAX} are possible: name populations in [keys] and share them");
        reader.cx.push(Problem::at(&reader.span, message).hint(hint));
    }
}

fn collect_populations(steps: &[Step], found: &mut BTreeSet<KeySpaceId>) {
    for step in steps {
        match step {
            Step::Call { steps, .. } => collect_populations(steps, found),
            Step::Lookup { keys, miss, .. } => {
                found.insert(*keys);
                collect_populations(miss, found);
            }
            Step::Invalidate { keys, .. } => {
                found.insert(*keys);
            }
            Step::Read(statement) | Step::Write(statement) => found.extend(statement.rows),
            Step::Transaction { statements, .. } => {
                found.extend(statements.iter().filter_map(|step| match step {
                    TransactionStep::Read(statement) | TransactionStep::Write(statement) => statement.rows,
                    _ => None,
                }));
            }
            Step::Cpu(_) | Step::Delay(_) | Step::Service { .. } => {}
        }
    }
}

/// A timetable moves instances by itself, so nothing else may.
pub(super) fn timetable_alone(reader: &Reader, fleet: &Fleet) {
    if fleet.timetable.is_empty() {
        return;
    }
    for (key, used) in [("scaling", !fleet.policies.is_empty()), ("schedule", !fleet.schedule.is_empty())] {
        if let (true, Some(table), Some(other)) = (used, reader.get("timetable"), reader.get(key)) {
            let problem = Problem::at(&table.span(), format!("a timetable beside `{key}`"))
                .also(&other.span(), "this is Auto Scaling")
                .hint("a timetable sets the number of instances without Auto Scaling: keep one of the two");
            reader.cx.push(problem);
        }
    }
}

/// M of N: no more points can breach than are looked at.
pub(super) fn m_of_n(value: Value, periods: u32) -> Option<u32> {
    let datapoints = value.count(1..=1_440)?;
    if datapoints > periods {
        value.problem(
            format!("{datapoints} of {periods} points cannot breach"),
            format!("`datapoints` is at most `periods`, {periods} here"),
        );
        return None;
    }
    Some(datapoints)
}

/// The low alarm of target tracking lies below its target, or the fleet would never rest.
pub(super) fn low_threshold(value: Value, threshold: f64, target: f64) -> Option<f64> {
    if threshold >= target {
        value.problem(
            format!("a low threshold of {threshold} is not below the target of {target}"),
            format!("AWS uses about {} here", target * super::scaling::language::LOW_SHARE),
        );
        return None;
    }
    Some(threshold)
}

/// Steps of a policy follow each other without gap or overlap.
pub(super) fn next_step(value: &Value, last: Option<&StepAdjustment>, step: &StepAdjustment) {
    if step.lower >= step.upper {
        value.problem(
            format!("a step from {} to {} covers nothing", step.lower, step.upper),
            "`from` is below `to`",
        );
    } else if let Some(last) = last.filter(|last| last.upper != step.lower) {
        let fault = if last.upper < step.lower { "leaves a gap after" } else { "overlaps" };
        value.problem(
            format!("this step {fault} the one before, which ends at {}", last.upper),
            format!("let it start with from = {}", last.upper),
        );
    }
}

/// The fleet that a target leads to; `None` if that is broken, which has been said already.
fn fleet_of(world: &World, target: Target) -> Option<FleetId> {
    let fleet = match target {
        Target::Balancer(balancer) => world.balancers.get(balancer.index())?.targets,
        Target::Fleet(fleet) => fleet,
    };
    world.fleets.get(fleet.index()).map(|_| fleet)
}

/// The tier that a call enters; a request must not come back into a fleet it is still inside of.
pub(super) fn enter(
    world: &World,
    span: &Span,
    target: Target,
    tiers: &[Option<FleetId>],
) -> Option<FleetId> {
    let fleet = fleet_of(world, target)?;
    if tiers.contains(&Some(fleet)) {
        let name = |fleet: &FleetId| world.cx.names.name(Kind::Fleet, fleet.index()).to_owned();
        let mut path: Vec<String> = tiers.iter().flatten().map(name).collect();
        path.push(name(&fleet));
        let problem = Problem::at(span, format!("cycle between tiers: {}", path.join(" -> ")));
        let hint = format!(
            "the request still holds a thread of `{}` there, and could wait for itself; \
             end its steps before, or call another fleet",
            name(&fleet)
        );
        world.cx.push(problem.hint(hint));
    }
    Some(fleet)
}

/// A statement inside a fleet needs a pool of that fleet to its database.
pub(super) fn pool(world: &World, span: &Span, database: DatabaseId, tiers: &[Option<FleetId>]) {
    let Some(fleet) = tiers.last().copied().flatten().and_then(|fleet| world.fleets.get(fleet.index()))
    else {
        return;
    };
    let fits = |other: DatabaseId| other == database || other == DatabaseId(UNKNOWN);
    if database != DatabaseId(UNKNOWN) && !fleet.pools.iter().any(|pool| fits(pool.database)) {
        let database = world.cx.names.name(Kind::Database, database.index());
        let message = format!("fleet `{}` has no pool of connections to `{database}`", fleet.name);
        let hint = format!("add pools = {{ {database} = 20 }} to [fleet.{}]", fleet.name);
        world.cx.push(Problem::at(span, message).hint(hint));
    }
}

/// CPU belongs to an instance.
pub(super) fn inside_a_tier(value: &Value, tiers: &[Option<FleetId>]) {
    if tiers.is_empty() {
        value.problem(
            "a cpu step outside any tier",
            "CPU is that of an instance: give the request a `via`, or put the step inside a `call`",
        );
    }
}

/// Rows of the timeline times resources; a wider bucket costs less.
const CELLS_MAX: u64 = 5_000_000;

/// What only the whole scenario shows.
pub(super) fn whole(cx: &Context, scenario: &Scenario) {
    if scenario.sources.is_empty() {
        let problem = Problem::of_file("no traffic");
        cx.push(problem.hint("add [traffic.shoppers] with rate = \"100/s\" and requests = \"NAME\""));
    } else if scenario.sources.iter().all(|source| source.pattern.is_silent()) {
        let (message, hint) = match cx.names.count(Kind::Traffic) {
            0 => ("no traffic: there is never a user", "write a count above 0"),
            _ => ("no traffic: every rate is zero at every moment", "write a rate above \"0/s\""),
        };
        let span = cx.names.span(Kind::Traffic, 0).or_else(|| cx.names.span(Kind::Users, 0));
        let problem = match span {
            Some(span) => Problem::at(span, message),
            None => Problem::of_file(message),
        };
        cx.push(problem.hint(hint));
    }
    let rows = scenario.duration.0.div_ceil(scenario.bucket.0.max(1));
    let resources: usize = Kind::ALL.iter().map(|kind| cx.names.count(*kind)).sum();
    if rows.saturating_mul(resources.max(1) as u64) > CELLS_MAX {
        let problem =
            Problem::of_file(format!("a timeline of {rows} rows for {resources} resources is too large"));
        cx.push(problem.hint("widen `bucket`, or shorten `duration`"));
    }
    for (index, fleet) in scenario.fleets.iter().enumerate() {
        let counts = |policy: &super::scaling::Policy| policy.metric == Metric::RequestsPerTarget;
        let targeted = scenario.balancers.iter().any(|balancer| balancer.targets.index() == index);
        if fleet.policies.iter().any(counts)
            && !targeted
            && let Some(span) = cx.names.span(Kind::Fleet, index)
        {
            let message =
                format!("fleet `{}` scales on requests per target, but no balancer targets it", fleet.name);
            let hint = format!("add [balancer.NAME] with targets = \"{}\", or scale on cpu", fleet.name);
            cx.push(Problem::at(span, message).hint(hint));
        }
    }
}
