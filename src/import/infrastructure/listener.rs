//! Where a listener sends requests. In: listeners, rules and target groups. Out: fleets with weights.

use std::collections::BTreeSet;

use super::draft::Draft;
use super::resource::View;
use super::table::Item;

const GROUP: &[&str] = &["aws_lb_target_group"];
const LISTENER: &[&str] = &["aws_lb_listener"];

/// The listener that people use comes first: HTTPS, then HTTP.
pub fn importance(listener: View<'_>) -> u64 {
    match listener.count(&["port"]) {
        Some(443) => 0,
        Some(80) => 1,
        _ => 2,
    }
}

/// Where a listener sends what no rule takes: target group, its fleets and its weight.
pub struct Ways {
    pub default: Vec<(usize, Vec<usize>, u64)>,
    pub sticky: Option<f64>,
    /// Whether this is what a rule says, and not the default.
    pub by_rule: bool,
}

pub fn ways(draft: &Draft<'_>, listener: usize) -> Option<Ways> {
    let view = draft.world.resources[listener].view();
    let actions = view.blocks(&["default_action", "default_actions"]);
    let found = actions.into_iter().find_map(|action| forwards(draft, action));
    // A listener that answers by itself sends on what its rules take.
    found.or_else(|| {
        let (all, some): (Vec<usize>, Vec<usize>) = rules_of(draft, listener).into_iter().partition(|rule| {
            let view = draft.world.resources[*rule].view();
            let any = |condition: &View<'_>| {
                let inner = condition.block(&["path_pattern", "path_pattern_config"]).unwrap_or(*condition);
                inner.texts(&["values"]).iter().any(|path| matches!(*path, "*" | "/*"))
            };
            view.blocks(&["condition", "conditions"]).iter().all(any)
        });
        all.into_iter().chain(some).find_map(|rule| {
            let actions = draft.world.resources[rule].view().blocks(&["action", "actions"]);
            let found = actions.into_iter().find_map(|action| forwards(draft, action));
            found.map(|ways| Ways { by_rule: true, ..ways })
        })
    })
}

pub fn ways_of(draft: &Draft<'_>, listener: usize) -> bool {
    ways(draft, listener).is_some()
}

/// The groups that an action forwards to, as far as fleets are in them.
pub fn forwards(draft: &Draft<'_>, action: View<'_>) -> Option<Ways> {
    let world = draft.world;
    let forward = action.block(&["forward", "forward_config"]);
    let mut default = Vec::new();
    for entry in forward.map(|it| it.blocks(&["target_group", "target_groups"])).unwrap_or_default() {
        let weight = entry.count(&["weight"]).unwrap_or(1).min(999);
        for group in world.linked(entry, &["arn", "target_group_arn"], GROUP) {
            default.push((group, fleets_of(draft, group), weight));
        }
    }
    if default.is_empty() {
        for group in world.linked(action, &["target_group_arn"], GROUP) {
            default.push((group, fleets_of(draft, group), 1));
        }
    }
    default.retain(|(_, fleets, _)| !fleets.is_empty());
    let stick = forward.and_then(|it| it.block(&["stickiness", "target_group_stickiness_config"]));
    let stick = stick.filter(|it| it.flag(&["enabled"]) == Some(true));
    let sticky = stick.and_then(|it| it.number(&["duration", "duration_seconds"]));
    (!default.is_empty()).then_some(Ways { default, sticky, by_rule: false })
}

/// The fleets whose instances are in a target group.
pub fn fleets_of(draft: &Draft<'_>, group: usize) -> Vec<usize> {
    let world = draft.world;
    let mut found = BTreeSet::new();
    for (i, resource) in world.resources.iter().enumerate() {
        let view = resource.view();
        let names: &[&str] = match resource.kind.as_str() {
            "aws_autoscaling_group" => &["target_group_arns", "traffic_source"],
            "aws_ecs_service" => &["load_balancer", "load_balancers"],
            "aws_autoscaling_attachment" => &["lb_target_group_arn", "alb_target_group_arn"],
            "aws_autoscaling_traffic_source_attachment" => &["traffic_source"],
            "aws_lb_target_group_attachment" => &["target_group_arn"],
            _ => continue,
        };
        // Each name by itself: a resource may have several of them.
        if !names.iter().any(|name| world.linked(view, &[name], GROUP).contains(&group)) {
            continue;
        }
        found.extend(draft.fleet_of(i));
        if resource.kind.ends_with("attachment") {
            let of = ["autoscaling_group_name", "target_id"];
            let refs = of.iter().filter_map(|name| view.get(&[name])).flat_map(|value| world.refs(value));
            found.extend(refs.filter_map(|at| draft.fleet_of(at)));
        }
    }
    if let Some(targets) = world.resources[group].view().get(&["targets"]) {
        found.extend(world.refs(targets).into_iter().filter_map(|at| draft.fleet_of(at)));
    }
    found.into_iter().collect()
}

/// The fleet that is likely to be behind a balancer of which no target was found: the only one that is checked by a balancer or names
/// target groups, else the only one at all that no other balancer has.
pub fn lonely(draft: &Draft<'_>) -> Option<Ways> {
    let taken: BTreeSet<usize> =
        draft.balancers.iter().flat_map(|balancer| balancer.default.clone()).collect();
    let free: Vec<usize> =
        (0..draft.fleets.len()).filter(|at| !taken.contains(at) && !draft.fleets[*at].cluster).collect();
    let asks = |at: &&usize| {
        let fleet = &draft.fleets[**at];
        let names = ["target_group_arns", "load_balancer", "load_balancers", "load_balancer_names"];
        let mut values = fleet.parts.iter().map(|part| draft.world.resources[*part].view());
        fleet.table.text("health") == Some("elb") || values.any(|view| view.get(&names).is_some())
    };
    let asking: Vec<usize> = free.iter().filter(asks).copied().collect();
    let only = match (asking.as_slice(), free.as_slice()) {
        ([only], _) | ([], [only]) => *only,
        _ => return None,
    };
    Some(Ways { default: vec![(usize::MAX, vec![only], 1)], sticky: None, by_rule: false }.named(draft))
}

impl Ways {
    fn named(mut self, draft: &Draft<'_>) -> Ways {
        // There is no target group: the parts of the fleet stand for it.
        for (group, fleets, _) in &mut self.default {
            let first = fleets.first().and_then(|fleet| draft.fleets[*fleet].parts.first());
            *group = first.copied().unwrap_or(0);
        }
        self
    }
}

pub fn item(draft: &Draft<'_>, weights: &[(usize, u64)]) -> Item {
    let name = |fleet: usize| Item::from(draft.fleets[fleet].table.name());
    match weights {
        [(only, _)] => name(*only),
        several => {
            let all = several.iter().all(|(_, weight)| *weight == 0);
            let entry = |(fleet, weight): &(usize, u64)| {
                Item::table([("fleet", name(*fleet)), ("weight", if all { 1u64 } else { *weight }.into())])
            };
            Item::List(several.iter().map(entry).collect())
        }
    }
}

pub fn rules_of(draft: &Draft<'_>, listener: usize) -> Vec<usize> {
    let world = draft.world;
    let rules = world.of(&["aws_lb_listener_rule"]);
    let own =
        rules.filter(|(_, rule)| world.linked(rule.view(), &["listener_arn"], LISTENER).contains(&listener));
    let mut own: Vec<usize> = own.map(|(at, _)| at).collect();
    own.sort_by_key(|at| world.resources[*at].view().count(&["priority"]).unwrap_or(u64::MAX));
    own
}
