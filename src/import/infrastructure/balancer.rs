//! Load balancers. In: Application, Network and Classic Load Balancers with their listeners, rules and target groups. Out: balancers
//! before fleets.

use std::collections::BTreeSet;

use super::draft::{Balancer, Draft, duration, whole};
use super::resource::View;
use super::table::{Item, Table};

const GROUP: &[&str] = &["aws_lb_target_group"];
const LISTENER: &[&str] = &["aws_lb_listener"];

/// Adds a balancer for each one that stands before a fleet.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, lb) in world.of(&["aws_lb"]) {
        let view = lb.view();
        let kind = view.text(&["load_balancer_type", "type"]).unwrap_or("application");
        if kind == "gateway" {
            draft.remark(i, "a Gateway Load Balancer: see `forwards` of a fleet");
            continue;
        }
        let application = kind == "application";
        let names = ["load_balancer_arn"];
        let mut listeners: Vec<usize> = world
            .of(LISTENER)
            .filter(|(_, listener)| world.linked(listener.view(), &names, &["aws_lb"]).contains(&i))
            .map(|(at, _)| at)
            .collect();
        listeners.sort_by_key(|at| importance(world.resources[*at].view()));
        let found = listeners.iter().find_map(|at| Some((*at, ways(draft, *at)?)));
        let Some((listener, ways)) = found.or_else(|| Some((i, lonely(draft)?))) else {
            draft.remark(i, "no fleet was found behind this balancer");
            continue;
        };
        let mut table = draft.table("balancer", i);
        let mut parts = BTreeSet::from([i]);
        if listener == i {
            table.note("ASSUMED: no target of it was found, and this fleet is the only one that could be one");
        }
        if !application {
            table.set("kind", "nlb");
            let listener = world.resources[listener].view();
            match listener.text(&["protocol"]) {
                Some("TLS") => _ = table.set("protocol", "tls"),
                Some("UDP" | "TCP_UDP") => _ = table.set("protocol", "udp"),
                _ => {}
            }
        }
        for at in &listeners {
            draft.part(*at, &table);
            parts.insert(*at);
            if *at != listener && ways_of(draft, *at) {
                table.note(format!("{}: one listener is read, and this is another one", draft.shown(*at)));
            }
        }
        let default = targets(draft, &mut table, &ways.default);
        let rules = if application { rules(draft, &mut table, &mut parts, listener) } else { Vec::new() };
        let groups: Vec<usize> = ways.default.iter().map(|(group, ..)| *group).collect();
        parts.extend(&groups);
        for group in &groups {
            draft.part(*group, &table);
        }
        if let Some(first) = groups.first() {
            target_group(&mut table, world.resources[*first].view(), application);
        }
        if let Some(sticky) = ways.sticky.filter(|_| application) {
            duration(&mut table, "group_stickiness", Some(sticky), 1.0, 604_800.0);
        }
        attributes(&mut table, view, application);
        let internal = view.flag(&["internal"]) == Some(true) || view.text(&["scheme"]) == Some("internal");
        draft.balancers.push(Balancer { table, parts, internal, default, rules });
    }
    classic(draft);
}

/// The listener that people use comes first: HTTPS, then HTTP.
fn importance(listener: View<'_>) -> u64 {
    match listener.count(&["port"]) {
        Some(443) => 0,
        Some(80) => 1,
        _ => 2,
    }
}

/// Where a listener sends what no rule takes: target group, its fleets and its weight.
struct Ways {
    default: Vec<(usize, Vec<usize>, u64)>,
    sticky: Option<f64>,
}

fn ways(draft: &Draft<'_>, listener: usize) -> Option<Ways> {
    let view = draft.world.resources[listener].view();
    let actions = view.blocks(&["default_action", "default_actions"]);
    let found = actions.into_iter().find_map(|action| forwards(draft, action));
    // A listener that answers by itself sends on what its rules take.
    found.or_else(|| {
        let rules = rules_of(draft, listener);
        rules.into_iter().find_map(|rule| {
            let actions = draft.world.resources[rule].view().blocks(&["action", "actions"]);
            actions.into_iter().find_map(|action| forwards(draft, action))
        })
    })
}

fn ways_of(draft: &Draft<'_>, listener: usize) -> bool {
    ways(draft, listener).is_some()
}

/// The groups that an action forwards to, as far as fleets are in them.
fn forwards(draft: &Draft<'_>, action: View<'_>) -> Option<Ways> {
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
    (!default.is_empty()).then_some(Ways { default, sticky })
}

/// The fleets whose instances are in a target group.
fn fleets_of(draft: &Draft<'_>, group: usize) -> Vec<usize> {
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
fn lonely(draft: &Draft<'_>) -> Option<Ways> {
    let taken: BTreeSet<usize> = draft.balancers.iter().flat_map(|balancer| balancer.default.clone()).collect();
    let free: Vec<usize> = (0..draft.fleets.len()).filter(|at| !taken.contains(at) && !draft.fleets[*at].cluster).collect();
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
    Some(Ways { default: vec![(usize::MAX, vec![only], 1)], sticky: None }.named(draft))
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

fn targets(draft: &Draft<'_>, table: &mut Table, ways: &[(usize, Vec<usize>, u64)]) -> Vec<usize> {
    let mut weights: Vec<(usize, u64)> = Vec::new();
    for (_, fleets, weight) in ways {
        for fleet in fleets {
            if !weights.iter().any(|(other, _)| other == fleet) {
                weights.push((*fleet, *weight));
            }
        }
    }
    table.set("targets", item(draft, &weights));
    weights.iter().filter(|(_, weight)| *weight > 0).map(|(fleet, _)| *fleet).collect()
}

fn item(draft: &Draft<'_>, weights: &[(usize, u64)]) -> Item {
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

fn rules_of(draft: &Draft<'_>, listener: usize) -> Vec<usize> {
    let world = draft.world;
    let rules = world.of(&["aws_lb_listener_rule"]);
    let own = rules.filter(|(_, rule)| world.linked(rule.view(), &["listener_arn"], LISTENER).contains(&listener));
    let mut own: Vec<usize> = own.map(|(at, _)| at).collect();
    own.sort_by_key(|at| world.resources[*at].view().count(&["priority"]).unwrap_or(u64::MAX));
    own
}

type Rules = Vec<(Option<String>, Option<String>, Vec<usize>)>;

fn rules(draft: &mut Draft<'_>, table: &mut Table, parts: &mut BTreeSet<usize>, listener: usize) -> Rules {
    let (mut items, mut rules) = (Vec::new(), Vec::new());
    for at in rules_of(draft, listener) {
        draft.part(at, table);
        parts.insert(at);
        let view = draft.world.resources[at].view();
        let found = view.blocks(&["action", "actions"]).into_iter().find_map(|action| forwards(draft, action));
        let Some(ways) = found else {
            table.note(format!("{}: a rule that forwards to no fleet that was found", draft.shown(at)));
            continue;
        };
        let (paths, hosts, others) = conditions(view);
        if others || (paths.is_empty() && hosts.is_empty()) {
            table.note(format!("{}: a rule that looks at more than path and host", draft.shown(at)));
            continue;
        }
        let mut weights: Vec<(usize, u64)> = Vec::new();
        for (group, fleets, weight) in &ways.default {
            draft.part(*group, table);
            parts.insert(*group);
            weights.extend(fleets.iter().map(|fleet| (*fleet, *weight)));
        }
        weights.sort_unstable();
        weights.dedup_by_key(|(fleet, _)| *fleet);
        let or_any = |list: Vec<String>| match list.is_empty() {
            true => vec![None],
            false => list.into_iter().map(Some).collect::<Vec<_>>(),
        };
        let hosts = or_any(hosts);
        for path in or_any(paths) {
            for host in &hosts {
                let mut rule = Item::Table(Vec::new());
                if let Some(path) = &path {
                    rule = rule.with("path", path);
                }
                if let Some(host) = host {
                    rule = rule.with("host", host);
                }
                items.push((rule.with("targets", item(draft, &weights)), None));
                let fleets = weights.iter().map(|(fleet, _)| *fleet).collect();
                rules.push((path.clone(), host.clone(), fleets));
            }
        }
    }
    if !items.is_empty() {
        table.lines("rules", items);
    }
    rules
}

/// Paths and hosts of a rule, and whether it looks at anything else. Names of hosts are those of somebody: they become examples.
fn conditions(rule: View<'_>) -> (Vec<String>, Vec<String>, bool) {
    let (mut paths, mut hosts, mut others) = (Vec::new(), Vec::new(), false);
    for condition in rule.blocks(&["condition", "conditions"]) {
        let values = |names: &[&str]| {
            let inner = condition.block(names).map(|inner| inner.texts(&["values", "regex_values"]));
            inner.unwrap_or_default().into_iter().map(str::to_owned).collect::<Vec<String>>()
        };
        let plain = condition.texts(&["values"]).into_iter().map(str::to_owned).collect::<Vec<String>>();
        let field = condition.text(&["field"]);
        let mut path = values(&["path_pattern", "path_pattern_config"]);
        let mut host = values(&["host_header", "host_header_config"]);
        match field {
            Some("path-pattern") => path.extend(plain),
            Some("host-header") => host.extend(plain),
            _ => {}
        }
        path.retain(|path| is_pattern(path) && path.starts_with(['/', '*']));
        host.retain(|host| is_pattern(host));
        others |= path.is_empty() && host.is_empty();
        paths.extend(path);
        hosts.extend(host);
    }
    (paths, hosts, others)
}

fn is_pattern(text: &str) -> bool {
    let long = text.chars().filter(char::is_ascii_digit).count() >= 10;
    let fits = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '@'));
    !text.is_empty() && text.len() <= 128 && fits && !long
}

/// Keys of a target group.
fn target_group(table: &mut Table, view: View<'_>, application: bool) {
    let attribute = |key: &str| view.attribute(&["target_group_attributes"], key);
    let number = |name: &str, key: &str| view.number(&[name]).or_else(|| attribute(key)?.parse().ok());
    let check = view.block(&["health_check"]).unwrap_or(view);
    let enabled = check.flag(&["enabled"]).unwrap_or(true);
    let mut health = Table::new("x", "");
    if enabled {
        let stated = |names: &[&str]| check.number(names);
        duration(&mut health, "interval", stated(&["interval", "health_check_interval_seconds"]), 5.0, 300.0);
        duration(&mut health, "timeout", stated(&["timeout", "health_check_timeout_seconds"]), 2.0, 120.0);
        whole(&mut health, "healthy", stated(&["healthy_threshold", "healthy_threshold_count"]), 2, 10);
        whole(&mut health, "unhealthy", stated(&["unhealthy_threshold", "unhealthy_threshold_count"]), 2, 10);
    }
    if let Some(item) = health.inline() {
        table.set("health_check", item);
    }
    let delay = number("deregistration_delay", "deregistration_delay.timeout_seconds");
    duration(table, "deregistration_delay", delay, 0.0, 3_600.0);
    if !application {
        return;
    }
    let slow = number("slow_start", "slow_start.duration_seconds").filter(|slow| *slow > 0.0);
    duration(table, "slow_start", slow, 30.0, 900.0);
    let routing = view.text(&["load_balancing_algorithm_type"]).or_else(|| attribute("load_balancing.algorithm.type"));
    match routing {
        Some(rule @ ("least_outstanding_requests" | "weighted_random")) => _ = table.set("routing", rule),
        _ => {}
    }
    let sticky = view.block(&["stickiness"]);
    let on = sticky.is_some_and(|it| it.flag(&["enabled"]).unwrap_or(true)) || attribute("stickiness.enabled") == Some("true");
    if on {
        let kind = sticky.and_then(|it| it.text(&["type"])).or_else(|| attribute("stickiness.type"));
        let kind = if kind == Some("app_cookie") { "app_cookie" } else { "lb_cookie" };
        let lasts = sticky.and_then(|it| it.number(&["cookie_duration"])).or_else(|| {
            attribute("stickiness.lb_cookie.duration_seconds")?.parse().ok()
        });
        let item = Item::table([("kind", kind.into())]);
        let lasts = lasts.filter(|it| (1.0..=604_800.0).contains(it));
        table.set("stickiness", lasts.map_or(item.clone(), |it| item.with("duration", super::draft::seconds(it))));
    }
}

fn attributes(table: &mut Table, view: View<'_>, application: bool) {
    let attribute = |key: &str| view.attribute(&["load_balancer_attributes", "load_balancer_attribute"], key);
    let idle = view.number(&["idle_timeout"]).or_else(|| attribute("idle_timeout.timeout_seconds")?.parse().ok());
    if application {
        duration(table, "idle_timeout", idle, 1.0, 4_000.0);
    }
    let cross = view.flag(&["enable_cross_zone_load_balancing"]);
    let cross = cross.or_else(|| attribute("load_balancing.cross_zone.enabled").map(|text| text == "true"));
    // An Application Load Balancer always does, and Terraform says false.
    if let Some(cross) = cross.filter(|_| !application) {
        table.set("cross_zone", cross);
    }
}

/// Classic Load Balancers, which groups and services name themselves.
fn classic(draft: &mut Draft<'_>) {
    let world = draft.world;
    const KIND: &[&str] = &["aws_elb"];
    for (i, lb) in world.of(KIND) {
        let view = lb.view();
        let names = ["load_balancers", "load_balancer_names", "load_balancer", "elb", "elb_name"];
        let mut fleets = BTreeSet::new();
        for (at, resource) in world.resources.iter().enumerate() {
            let own = resource.view();
            if names.iter().any(|name| world.linked(own, &[name], KIND).contains(&i)) {
                fleets.extend(draft.fleet_of(at));
                let of = own.get(&["autoscaling_group_name"]).map(|value| world.refs(value)).unwrap_or_default();
                fleets.extend(of.into_iter().filter_map(|at| draft.fleet_of(at)));
            }
        }
        let instances = view.get(&["instances"]).map(|value| world.refs(value)).unwrap_or_default();
        fleets.extend(instances.into_iter().filter_map(|at| draft.fleet_of(at)));
        if fleets.is_empty() {
            draft.remark(i, "no fleet was found behind this balancer");
            continue;
        }
        let mut table = draft.table("balancer", i);
        table.set("kind", "classic");
        let weights: Vec<(usize, u64)> = fleets.iter().map(|fleet| (*fleet, 1)).collect();
        if let [(only, _)] = weights.as_slice() {
            table.set("targets", draft.fleets[*only].table.name());
        } else {
            table.set("targets", draft.fleets[weights[0].0].table.name());
            table.note("several groups are behind it: the first one was taken");
        }
        target_group(&mut table, view, false);
        let drain = view.block(&["connection_draining_policy"]);
        let draining = view.flag(&["connection_draining"]).or_else(|| drain?.flag(&["enabled"]));
        if draining == Some(true) {
            let lasts = view.number(&["connection_draining_timeout"]).or_else(|| drain?.number(&["timeout"]));
            duration(&mut table, "deregistration_delay", Some(lasts.unwrap_or(300.0)), 0.0, 3_600.0);
        }
        let settings = view.block(&["connection_settings"]);
        let idle = view.number(&["idle_timeout"]).or_else(|| settings?.number(&["idle_timeout"]));
        duration(&mut table, "idle_timeout", idle, 1.0, 4_000.0);
        if let Some(cross) = view.flag(&["cross_zone_load_balancing", "cross_zone"]) {
            table.set("cross_zone", cross);
        }
        let internal = view.flag(&["internal"]) == Some(true) || view.text(&["scheme"]) == Some("internal");
        let default = weights.iter().take(1).map(|(fleet, _)| *fleet).collect();
        draft.balancers.push(Balancer { table, parts: BTreeSet::from([i]), internal, default, rules: Vec::new() });
    }
}
