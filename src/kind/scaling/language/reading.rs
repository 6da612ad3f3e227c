//! How a fleet writes its `scaling`. In: policies with their alarms, and what they take from the group. Out: [`Policy`]s.

use super::hpa::{Hpa, SHAPE as HPA_SHAPE};
use super::metric::{label, metric};
use super::predictive::{Load, PREDICTIVE_SHAPE, Predictive};
use super::shapes::{
    ALARM_SHAPE, CONTAINER_COOLDOWN, CONTAINER_LOW_SHARE, CPU_DELAY, GAUGE_DELAY, GAUGE_PERIOD, HIGH_PERIODS,
    LOW_PERIODS, LOW_SHARE, MIN_MAGNITUDE, PERIODS, POLICIES_MAX, REQUESTS_DELAY, REQUESTS_PERIOD, SHAPE,
    SIMPLE_SHAPE, STEP_SHAPE, TARGET_TRACKING_SHAPE,
};
use super::steps::{change, steps};
use super::{AdjustmentType, Alarm, Comparison, Group, Metric, MissingData, Policy, PolicyKind};
use crate::kind::fleet::language::shapes::INSTANCES_MAX;
use crate::language::bounds;
use crate::language::reader::Reader;
use crate::language::value::Value;
use crate::units::Time;

impl Policy {
    pub(crate) fn read_all(value: Value, group: &Group) -> Option<Vec<Policy>> {
        let mut policies: Vec<Policy> = Vec::new();
        for entry in value.elements(POLICIES_MAX)? {
            let policy = entry.table(&SHAPE, |reader| -> Option<Policy> {
                let (kind, value) =
                    reader.one_of(&["target_tracking", "step", "simple", "predictive", "hpa"], true)?;
                match kind {
                    "target_tracking" => value.table(&TARGET_TRACKING_SHAPE, |r| target_tracking(r, group)),
                    "step" => value.table(&STEP_SHAPE, |r| step(r, group)),
                    "hpa" => value.table(&HPA_SHAPE, |r| hpa(r, group)),
                    "predictive" => value.table(&PREDICTIVE_SHAPE, |r| predictive(r, group)),
                    _ => value.table(&SIMPLE_SHAPE, |r| simple(r, group)),
                }
            });
            let Some(mut policy) = policy.flatten() else { continue };
            let same = policies.iter().filter(|other| other.name.starts_with(&policy.name)).count();
            if same > 0 {
                policy.name.push_str(&format!(" ({})", same + 1));
            }
            policies.push(policy);
        }
        Some(policies)
    }
}

/// A value of the metric; the bound of CPU is that it is a percentage.
fn level(value: Value, metric: Metric) -> Option<f64> {
    match metric {
        Metric::Cpu => value.number(0.0..=100.0),
        _ => value.number(0.0..=1e12),
    }
}

fn policy(reader: &Reader, group: &Group, metric: Metric, kind: PolicyKind, name: String) -> Policy {
    Policy {
        name: reader.or("name", |value| value.text().map(str::to_owned), name),
        metric,
        kind,
        warmup: reader.or("warmup", Value::time, group.warmup),
        cooldowns: None,
    }
}

/// The cooldowns of a policy of Application Auto Scaling; those of EC2 Auto Scaling have warm-ups.
fn cooldowns(reader: &Reader, keys: [&'static str; 2], group: &Group) -> Option<[Time; 2]> {
    if group.containers {
        return Some(keys.map(|key| reader.or(key, Value::time, CONTAINER_COOLDOWN.value)));
    }
    for (key, value) in keys.into_iter().filter_map(|key| Some((key, reader.get(key)?))).take(1) {
        value.problem(
            format!("`{key}` is of Application Auto Scaling, which scales tasks"),
            "a group of EC2 instances has `warmup` instead; tasks have `fargate` or `tasks`",
        );
    }
    None
}

/// The alarm that a policy gets when the file says nothing about it.
fn usual(group: &Group, metric: Metric, periods: u32, comparison: Comparison, threshold: f64) -> Alarm {
    let (period, delivery_delay) = match metric {
        Metric::Cpu => (group.metric_period, CPU_DELAY.value),
        Metric::RequestsPerTarget => (REQUESTS_PERIOD, REQUESTS_DELAY.value),
        Metric::Gauge(gauge) if gauge.is_network() => (group.metric_period, CPU_DELAY.value),
        Metric::Math(_, gauges) if gauges.iter().any(|gauge| gauge.is_network()) => {
            (group.metric_period.max(GAUGE_PERIOD), GAUGE_DELAY.value)
        }
        Metric::Gauge(_) | Metric::Math(..) => (GAUGE_PERIOD, GAUGE_DELAY.value),
    };
    Alarm {
        period,
        evaluation_periods: periods,
        datapoints: periods,
        threshold,
        comparison,
        missing: MissingData::Missing,
        delivery_delay,
    }
}

/// Reads what the file says about an alarm.
fn alarm(reader: &Reader, usual: Alarm) -> Alarm {
    let periods = reader.or("periods", |value| value.count(1..=1_440), usual.evaluation_periods);
    let missing = [
        ("missing", MissingData::Missing),
        ("not_breaching", MissingData::NotBreaching),
        ("breaching", MissingData::Breaching),
        ("ignore", MissingData::Ignore),
    ];
    Alarm {
        period: reader.or("period", alarm_period, usual.period),
        evaluation_periods: periods,
        datapoints: reader.or("datapoints", |value| m_of_n(value, periods), periods),
        missing: reader.or("missing", |value| value.choice(&missing), usual.missing),
        delivery_delay: reader.or("delay", Value::time, usual.delivery_delay),
        ..usual
    }
}

/// M of N: no more points can breach than are looked at.
fn m_of_n(value: Value, periods: u32) -> Option<u32> {
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

fn alarm_period(value: Value) -> Option<Time> {
    let period = value.time()?;
    let minute = Time::from_secs(60);
    let short = [10, 20, 30].map(Time::from_secs).contains(&period);
    if !short && (period == Time::ZERO || !period.0.is_multiple_of(minute.0) || period > minute * 1_440) {
        value.problem(
            format!("an alarm cannot have a period of {period}"),
            "periods are 10s, 20s, 30s, or whole minutes up to a day",
        );
        return None;
    }
    Some(period)
}

/// The low alarm of target tracking lies below its target, or the fleet would never rest.
fn low_threshold(value: Value, threshold: f64, target: f64) -> Option<f64> {
    if threshold >= target {
        value.problem(
            format!("a low threshold of {threshold} is not below the target of {target}"),
            format!("AWS uses about {} here", target * LOW_SHARE),
        );
        return None;
    }
    Some(threshold)
}

fn target_tracking(reader: &Reader, group: &Group) -> Policy {
    let metric = metric(reader, group);
    let target = reader.must("target", |value| bounds::positive(value, level(value, metric)?), 1.0);
    let high = usual(group, metric, HIGH_PERIODS.value, Comparison::Above, target);
    let share = if group.containers { CONTAINER_LOW_SHARE } else { LOW_SHARE };
    let low = usual(group, metric, LOW_PERIODS.value, Comparison::Below, target * share);
    let high = reader
        .maybe("high", |value| value.table(&ALARM_SHAPE, |reader| alarm(reader, high.clone())))
        .unwrap_or(high);
    let low_value = reader.get("low");
    let low = low_value
        .and_then(|value| {
            value.table(&ALARM_SHAPE, |reader| {
                let threshold = |value| low_threshold(value, level(value, metric)?, target);
                let threshold = reader.or("threshold", threshold, low.threshold);
                alarm(reader, Alarm { threshold, ..low.clone() })
            })
        })
        .unwrap_or(low);
    let scale_in = reader.or("scale_in", Value::flag, true);
    if let (false, Some(value)) = (scale_in, low_value) {
        value.problem("a low alarm without scale-in", "remove it, or set scale_in = true");
    }
    let kind = PolicyKind::TargetTracking { target, high, low: scale_in.then_some(low) };
    let name = format!("{} target {target}", label(reader, metric, group));
    let cooldowns = cooldowns(reader, ["scale_out_cooldown", "scale_in_cooldown"], group);
    Policy { cooldowns, ..policy(reader, group, metric, kind, name) }
}

/// The side and value of the threshold of an alarm of one's own.
fn threshold(reader: &Reader, metric: Metric) -> (Comparison, f64) {
    let Some((key, value)) = reader.one_of(&["above", "at_least", "below", "at_most"], true) else {
        return (Comparison::Above, 0.0);
    };
    let comparison = match key {
        "above" => Comparison::Above,
        "at_least" => Comparison::AtLeast,
        "below" => Comparison::Below,
        _ => Comparison::AtMost,
    };
    (comparison, level(value, metric).unwrap_or(0.0))
}

fn side(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Above => "above",
        Comparison::AtLeast => "at least",
        Comparison::Below => "below",
        Comparison::AtMost => "at most",
    }
}

pub(super) fn own_alarm(reader: &Reader, group: &Group, metric: Metric) -> Alarm {
    let (comparison, threshold) = threshold(reader, metric);
    alarm(reader, usual(group, metric, PERIODS.value, comparison, threshold))
}

fn min_magnitude(reader: &Reader, adjustment: AdjustmentType) -> u32 {
    reader.or(
        "min_magnitude",
        |value| {
            if adjustment != AdjustmentType::PercentChangeInCapacity {
                value.problem(
                    "a smallest change is for percentages only",
                    "remove it, or write changes such as \"+10%\"",
                );
            }
            value.count(1..=INSTANCES_MAX)
        },
        MIN_MAGNITUDE.value,
    )
}

fn step(reader: &Reader, group: &Group) -> Policy {
    let metric = metric(reader, group);
    let alarm = own_alarm(reader, group, metric);
    let (adjustment, steps) = reader.must("steps", steps, (AdjustmentType::ChangeInCapacity, Vec::new()));
    let name =
        format!("{} step {} {}", label(reader, metric, group), side(alarm.comparison), alarm.threshold);
    let min_magnitude = min_magnitude(reader, adjustment);
    let kind = PolicyKind::Step { alarm, adjustment, steps, min_magnitude };
    let cooldowns = cooldowns(reader, ["cooldown"; 2], group);
    Policy { cooldowns, ..policy(reader, group, metric, kind, name) }
}

fn simple(reader: &Reader, group: &Group) -> Policy {
    if let (true, Some(value)) = (group.containers, reader.get("change")) {
        value.problem(
            "Application Auto Scaling has no simple scaling",
            "tasks scale with target_tracking, step or predictive policies",
        );
    }
    let metric = metric(reader, group);
    let alarm = own_alarm(reader, group, metric);
    let (adjustment, change) = reader.must("change", change, (AdjustmentType::ChangeInCapacity, 0.0));
    let name =
        format!("{} simple {} {}", label(reader, metric, group), side(alarm.comparison), alarm.threshold);
    let kind = PolicyKind::Simple {
        alarm,
        adjustment,
        change,
        min_magnitude: min_magnitude(reader, adjustment),
        cooldown: reader.or("cooldown", Value::time, group.cooldown),
    };
    policy(reader, group, metric, kind, name)
}

fn predictive(reader: &Reader, group: &Group) -> Policy {
    let settings = Predictive::read(reader);
    let metric = match settings.load {
        Load::Requests => Metric::RequestsPerTarget,
        Load::Cpu => Metric::Cpu,
    };
    policy(reader, group, metric, PolicyKind::Predictive(settings), "predictive".into())
}

fn hpa(reader: &Reader, group: &Group) -> Policy {
    let metric = metric(reader, group);
    let hpa = Hpa::read(reader, group.containers, metric.gauges().next().is_some());
    let name = format!("HPA, {}", label(reader, metric, group));
    Policy { name, metric, kind: PolicyKind::Hpa(hpa), warmup: Time::ZERO, cooldowns: None }
}
