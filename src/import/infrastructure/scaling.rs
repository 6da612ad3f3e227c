//! Scaling policies and scheduled actions. In: those of EC2 Auto Scaling and of Application Auto Scaling, with their alarms. Out: the
//! `scaling` and the `schedule` of fleets, and the `alarm` tables of what is left.

use std::collections::BTreeSet;

use super::draft::{Draft, seconds};
use super::metric::{self, Metric};
use super::resource::View;
use super::table::Item;

/// How policies and actions name their group.
pub const GROUP: &[&str] = &["autoscaling_group_name", "auto_scaling_group_name"];

/// Adds policies, actions and alarms to fleets that exist.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    let mut used = BTreeSet::new();
    for (i, policy) in world.of(&["aws_autoscaling_policy"]) {
        let group = world.link(i, policy.view(), GROUP, &["aws_autoscaling_group"]);
        match group.and_then(|group| draft.fleet_of(group)) {
            Some(fleet) => used.append(&mut add(draft, i, fleet, policy.view())),
            None => draft.remark(i, "the group of this policy was not found"),
        }
    }
    for (i, policy) in world.of(&["aws_appautoscaling_policy"]) {
        let view = policy.view();
        match service_of(draft, view).and_then(|service| draft.fleet_of(service)) {
            Some(fleet) => {
                let step = view.block(&["step_scaling_policy_configuration"]);
                let inner = view.block(&["target_tracking_scaling_policy_configuration"]);
                used.append(&mut add_task(draft, i, fleet, inner, step));
            }
            None => {
                draft.remark(i, "a policy of something that is no service of tasks, or that was not found")
            }
        }
    }
    super::alarm::read(draft, &used);
}

/// The scalable target of a service.
pub fn target_of(draft: &Draft<'_>, service: usize) -> Option<usize> {
    let mut targets = draft.world.of(&["aws_appautoscaling_target"]);
    targets.find(|(_, target)| service_of(draft, target.view()) == Some(service)).map(|(at, _)| at)
}

/// The service that a target, or a policy, is of: its id says `service/CLUSTER/NAME`.
pub fn service_of(draft: &Draft<'_>, view: View<'_>) -> Option<usize> {
    let world = draft.world;
    let kinds = ["aws_ecs_service"];
    let names = ["resource_id", "scaling_target_id", "scalable_target_id"];
    if let Some(found) = world.linked(view, &names, &kinds).first() {
        return Some(*found);
    }
    let targets = world.linked(view, &names, &["aws_appautoscaling_target"]);
    if let Some(found) = targets.iter().find_map(|at| service_of_id(draft, world.resources[*at].view())) {
        return Some(found);
    }
    service_of_id(draft, view)
}

fn service_of_id(draft: &Draft<'_>, view: View<'_>) -> Option<usize> {
    let world = draft.world;
    if let Some(found) = world.linked(view, &["resource_id"], &["aws_ecs_service"]).first() {
        return Some(*found);
    }
    let name = view.get(&["resource_id"])?.as_str()?.strip_prefix("service/")?.rsplit('/').next()?;
    let mut services = world.of(&["aws_ecs_service"]);
    services.find(|(_, it)| it.view().text(&["name", "service_name"]) == Some(name)).map(|(at, _)| at)
}

fn add(draft: &mut Draft<'_>, of: usize, fleet: usize, view: View<'_>) -> BTreeSet<usize> {
    let warmup = view.number(&["estimated_instance_warmup"]).filter(|warmup| *warmup > 0.0);
    let tracking = view.block(&["target_tracking_configuration"]);
    let predictive = view.block(&["predictive_scaling_configuration"]);
    let mut used = BTreeSet::new();
    if let Some(tracking) = tracking {
        track(draft, of, fleet, tracking, warmup, &[]);
    } else if predictive.is_some() {
        let text = "a predictive policy needs the load before the run: write it as predictive = { metric, target, history }";
        note(draft, of, fleet, text);
    } else {
        let kind = view.text(&["policy_type"]);
        let steps = view.blocks(&["step_adjustment", "step_adjustments"]);
        let simple =
            view.number(&["scaling_adjustment"]).filter(|_| kind != Some("StepScaling") && steps.is_empty());
        used = react(draft, of, fleet, view, simple, &steps, warmup);
    }
    let table = &draft.fleets[fleet].table;
    let name = format!("fleet {}", table.name());
    draft.became.entry(of).or_insert(name);
    used
}

fn add_task(
    draft: &mut Draft<'_>,
    of: usize,
    fleet: usize,
    tracking: Option<View<'_>>,
    step: Option<View<'_>>,
) -> BTreeSet<usize> {
    let mut used = BTreeSet::new();
    if let Some(tracking) = tracking {
        let cooldowns = ["scale_out_cooldown", "scale_in_cooldown"];
        let stated: Vec<(&str, f64)> =
            cooldowns.into_iter().filter_map(|name| Some((name, tracking.number(&[name])?))).collect();
        track(draft, of, fleet, tracking, None, &stated);
    } else if let Some(step) = step {
        let steps = step.blocks(&["step_adjustment", "step_adjustments"]);
        used = react(draft, of, fleet, step, None, &steps, None);
    } else {
        note(draft, of, fleet, "a policy of a kind that is not known");
    }
    let name = format!("fleet {}", draft.fleets[fleet].table.name());
    draft.became.entry(of).or_insert(name);
    used
}

/// Says of a fleet what of a policy could not be taken over.
pub fn note(draft: &mut Draft<'_>, of: usize, fleet: usize, why: &str) {
    let text = format!("{}: {why}", draft.shown(of));
    draft.fleets[fleet].table.note(text);
}

fn track(
    draft: &mut Draft<'_>,
    of: usize,
    fleet: usize,
    tracking: View<'_>,
    warmup: Option<f64>,
    cooldowns: &[(&str, f64)],
) {
    let named = tracking.block(&["predefined_metric_specification"]);
    let kind = named.and_then(|named| named.text(&["predefined_metric_type"]));
    let own = tracking.block(&["customized_metric_specification"]);
    let metric = match (kind, own) {
        (Some(kind), _) => match metric::predefined(kind) {
            Some(name) => Ok(name.to_owned()),
            None if kind.ends_with("MemoryUtilization") => {
                Err("memory: give the fleet `memory` and track the gauge fleet.NAME.memory_used".to_owned())
            }
            None => Err("a predefined metric that the language does not have".to_owned()),
        },
        (None, Some(own)) => metric::of(draft, own, Some(fleet)).map(|metric| metric.name),
        (None, None) => Err("its metric is not known".to_owned()),
    };
    let metric = metric.and_then(|metric| behind(draft, fleet, metric));
    let target = tracking.number(&["target_value"]).filter(|target| *target > 0.0);
    match (metric, target) {
        (Ok(metric), Some(target)) => {
            let mut item = Item::table([("metric", metric.into()), ("target", target.into())]);
            if tracking.flag(&["disable_scale_in"]) == Some(true) {
                item = item.with("scale_in", false);
            }
            for (name, value) in cooldowns.iter().filter(|(_, value)| (0.0..=86_400.0).contains(value)) {
                item = item.with(name, seconds(*value));
            }
            if let Some(warmup) = warmup.filter(|warmup| *warmup <= 86_400.0) {
                item = item.with("warmup", seconds(warmup));
            }
            draft.fleets[fleet].policies.push(Item::table([("target_tracking", item)]));
        }
        (Err(why), _) => {
            note(draft, of, fleet, &format!("target tracking of a metric that is not here: {why}"))
        }
        (_, None) => note(draft, of, fleet, "target tracking without a target that is known"),
    }
}

/// A metric that balancers measure needs one.
fn behind(draft: &Draft<'_>, fleet: usize, metric: String) -> Result<String, String> {
    let measured = matches!(metric.as_str(), "requests_per_target" | "network_in" | "network_out");
    let targeted = draft.balancers.iter().any(|balancer| {
        balancer.default.contains(&fleet) || balancer.rules.iter().any(|(.., fleets)| fleets.contains(&fleet))
    });
    match measured && !targeted {
        true => Err(format!("{metric}, and no balancer before this fleet was found")),
        false => Ok(metric),
    }
}

/// Step and simple policies: each alarm that starts one makes an entry.
fn react(
    draft: &mut Draft<'_>,
    of: usize,
    fleet: usize,
    view: View<'_>,
    simple: Option<f64>,
    steps: &[View<'_>],
    warmup: Option<f64>,
) -> BTreeSet<usize> {
    let world = draft.world;
    let starts = |view: View<'_>| {
        view.get(&["alarm_actions", "ok_actions"]).is_some_and(|it| world.refs(it).contains(&of))
    };
    let alarms: Vec<usize> = world
        .of(&["aws_cloudwatch_metric_alarm"])
        .filter(|(_, alarm)| starts(alarm.view()))
        .map(|(at, _)| at)
        .collect();
    let unit = view.text(&["adjustment_type"]).unwrap_or("ChangeInCapacity");
    let tasks = draft.fleets[fleet].tasks;
    if alarms.is_empty() {
        note(draft, of, fleet, "no alarm was found that starts this policy");
    }
    for at in &alarms {
        let alarm = world.resources[*at].view();
        let metric = metric::of(draft, alarm, Some(fleet));
        let metric =
            metric.and_then(|it| behind(draft, it.fleet.unwrap_or(fleet), it.name.clone()).map(|_| it));
        let made = metric.and_then(|metric| entry(alarm, &metric, unit, simple, steps));
        match made {
            Ok(mut item) => {
                let cooldown = view.number(&["cooldown"]).filter(|it| (0.0..=86_400.0).contains(it));
                // Step policies of groups have no cooldown of their own.
                if let Some(cooldown) = cooldown.filter(|_| simple.is_some() || tasks) {
                    item = item.with("cooldown", seconds(cooldown));
                }
                if let Some(warmup) = warmup.filter(|warmup| *warmup <= 86_400.0) {
                    item = item.with("warmup", seconds(warmup));
                }
                if let Some(least) = view.count(&["min_adjustment_magnitude"]).filter(|least| *least > 0) {
                    item = item.with("min_magnitude", least);
                }
                let key = if simple.is_some() { "simple" } else { "step" };
                draft.fleets[fleet].policies.push(Item::table([(key, item)]));
            }
            Err(why) => note(draft, of, fleet, &format!("its alarm {} is not here: {why}", draft.shown(*at))),
        }
        let name = format!("fleet {}", draft.fleets[fleet].table.name());
        draft.became.entry(*at).or_insert(name);
    }
    alarms.into_iter().collect()
}

fn entry(
    alarm: View<'_>,
    metric: &Metric,
    unit: &str,
    simple: Option<f64>,
    steps: &[View<'_>],
) -> Result<Item, String> {
    let mut item = Item::table([("metric", metric.name.clone().into())]);
    for (key, value) in metric::alarm(alarm, metric)? {
        item = item.with(&key, value);
    }
    let change = |amount: f64| match unit {
        "PercentChangeInCapacity" => format!("{amount:+}%"),
        "ExactCapacity" => format!("={amount}"),
        _ => format!("{amount:+}"),
    };
    if let Some(amount) = simple {
        return Ok(item.with("change", change(amount)));
    }
    let mut list = Vec::new();
    let bound = |step: &View<'_>, name: &str, open: f64| step.number(&[name]).unwrap_or(open);
    let mut spans: Vec<(f64, f64)> = steps
        .iter()
        .map(|step| {
            let from = bound(step, "metric_interval_lower_bound", f64::NEG_INFINITY);
            (from, bound(step, "metric_interval_upper_bound", f64::INFINITY))
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    if spans.iter().any(|(from, to)| from >= to) || spans.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        return Err("its steps overlap, or end before they start".to_owned());
    }
    for step in steps {
        let Some(amount) = step.number(&["scaling_adjustment"]) else { continue };
        let mut one = Item::Table(Vec::new());
        if let Some(from) = step.number(&["metric_interval_lower_bound"]) {
            one = one.with("from", from);
        }
        if let Some(to) = step.number(&["metric_interval_upper_bound"]) {
            one = one.with("to", to);
        }
        list.push(one.with("change", change(amount)));
    }
    if list.is_empty() {
        Err("its steps are not known".to_owned())
    } else {
        Ok(item.with("steps", Item::List(list)))
    }
}
