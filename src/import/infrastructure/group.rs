//! Auto Scaling groups and node groups of EKS. In: groups, launch templates, launch configurations. Out: fleets.

use std::collections::BTreeSet;

use super::draft::{Draft, Fleet, duration, nearest_whole, seconds};
use super::hardware;
use super::resource::View;
use super::table::{Item, Table};
use super::world::World;

const TEMPLATES: &[&str] = &["aws_launch_template", "aws_launch_configuration"];

/// Adds a fleet for each group.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, group) in world.of(&["aws_autoscaling_group"]) {
        let mut table = draft.table("fleet", i);
        let view = group.view();
        let mut parts = BTreeSet::from([i]);
        let mixed = view.block(&["mixed_instances_policy"]);
        let specification = mixed.and_then(|mixed| mixed.block(&["launch_template"]));
        let from = specification
            .map_or(view, |mixed| mixed.block(&["launch_template_specification"]).unwrap_or(mixed));
        let named = ["launch_template", "launch_configuration", "launch_configuration_name"];
        let within = ["launch_template_id", "launch_template_name"];
        let template =
            (world.link(i, view, &named, TEMPLATES)).or_else(|| world.link(i, from, &within, TEMPLATES));
        parts.extend(template);
        let launch = template.map(|at| launch_data(world.resources[at].view()));
        if let Some(at) = template {
            draft.part(at, &table);
        }
        hardware_of(&mut table, launch, specification);
        sizes(&mut table, view);
        spot(&mut table, launch, mixed);
        if let Some(launch) = launch {
            launched(&mut table, launch, template.is_some_and(|at| world.resources[at].kind == TEMPLATES[0]));
        }
        zones(world, &mut table, view, &["vpc_zone_identifier", "availability_zones"]);
        health(&mut table, view, group.of_template);
        extras(draft, i, &mut table, view);
        draft.fleets.push(Fleet::of(table, parts));
    }
    nodes(draft);
}

impl Fleet {
    /// A fleet without policies.
    pub fn of(table: Table, parts: BTreeSet<usize>) -> Fleet {
        Fleet { table, parts, tasks: false, cluster: false, policies: Vec::new(), schedule: Vec::new() }
    }
}

/// The data of a launch template, which CloudFormation keeps one level deeper.
pub fn launch_data(template: View<'_>) -> View<'_> {
    template.block(&["launch_template_data"]).unwrap_or(template)
}

fn hardware_of(table: &mut Table, launch: Option<View<'_>>, mixed: Option<View<'_>>) {
    let overrides = mixed.map(|mixed| mixed.blocks(&["override", "overrides"])).unwrap_or_default();
    let typed: Vec<(&str, Option<f64>)> = overrides
        .iter()
        .filter_map(|it| Some((it.text(&["instance_type"])?, it.number(&["weighted_capacity"]))))
        .collect();
    if !typed.is_empty() {
        let mut items = Vec::new();
        for (name, weight) in typed {
            let (item, remark) = hardware::instance(name);
            let entry = Item::table([("instance", item)]);
            let weight = weight.filter(|weight| (1.0..=999.0).contains(weight));
            items.push((
                weight.map_or(entry.clone(), |weight| entry.with("weight", weight.round() as u64)),
                remark,
            ));
        }
        table.lines("overrides", items);
        return;
    }
    let stated = launch.and_then(|launch| launch.text(&["instance_type"]));
    match stated {
        Some(name) => {
            let (item, remark) = hardware::instance(name);
            match remark {
                Some(remark) => table.beside("instance", item, &remark),
                None => table.set("instance", item),
            };
        }
        None => _ = table.assumed("instance", "m5.large", "the files do not say the instance type"),
    }
}

fn sizes(table: &mut Table, view: View<'_>) {
    let min = view.count(&["min_size"]).unwrap_or(0);
    let max = view.count(&["max_size"]).unwrap_or(min.max(1));
    limits(table, min, max, view.count(&["desired_capacity"]).unwrap_or(min));
}

/// Sets the sizes; a fleet that the files leave empty gets one instance, so that something answers.
pub fn limits(table: &mut Table, min: u64, max: u64, desired: u64) {
    const MOST: u64 = 10_000;
    let min = nearest_whole(table, "min", min, 0, MOST);
    let max = nearest_whole(table, "max", max, min, MOST);
    let desired = nearest_whole(table, "desired", desired, min, max);
    table.set("min", min);
    match max {
        0 => table.assumed("max", 1u64, "the files say 0, and nothing could answer"),
        _ => table.set("max", max),
    };
    match desired {
        0 => _ = table.assumed("desired", 1u64, "the files say 0, and nothing would answer"),
        _ if desired != min => _ = table.set("desired", desired),
        _ => {}
    }
}

fn spot(table: &mut Table, launch: Option<View<'_>>, mixed: Option<View<'_>>) {
    // An old launch configuration asks for Spot by a price.
    if launch.is_some_and(|launch| launch.get(&["spot_price"]).is_some()) {
        table.set("spot", Item::table([("on_demand_share", "0%".into())]));
    }
    let market = launch.and_then(|launch| launch.block(&["instance_market_options"]));
    if market.is_some_and(|market| market.text(&["market_type"]) == Some("spot")) {
        table.set("spot", Item::table([("on_demand_share", "0%".into())]));
    }
    let Some(distribution) = mixed.and_then(|mixed| mixed.block(&["instances_distribution"])) else { return };
    let share = distribution.number(&["on_demand_percentage_above_base_capacity"]).unwrap_or(100.0);
    if !(0.0..100.0).contains(&share) {
        return;
    }
    let mut item = Item::table([("on_demand_share", format!("{share}%").into())]);
    if let Some(base) = distribution.count(&["on_demand_base_capacity"]).filter(|base| *base > 0) {
        let most = table.shown("max").and_then(|most| most.parse().ok());
        if most.is_some_and(|most: u64| base >= most) {
            table.note("spot: left out, for the group is never larger than its on-demand base");
            return;
        }
        item = item.with("on_demand_base", base);
    }
    table.set("spot", item);
    let strategy = distribution.text(&["spot_allocation_strategy"]);
    if strategy.is_some_and(|strategy| strategy != "lowest-price") {
        table.note("spot_allocation_strategy: left out, for it goes by the spare capacity of EC2, which nobody publishes");
    }
}

fn launched(table: &mut Table, launch: View<'_>, template: bool) {
    let monitoring = launch.block(&["monitoring"]).and_then(|block| block.flag(&["enabled"]));
    let detailed = monitoring.or_else(|| launch.flag(&["enable_monitoring", "instance_monitoring"]));
    match detailed {
        Some(true) => {}
        Some(false) => _ = table.set("monitoring", "basic"),
        // EC2 user guide: basic by default; a launch configuration made by the API has detailed monitoring.
        None if template => _ = table.beside("monitoring", "basic", "the default of a launch template"),
        None => {}
    }
    let credits = launch.block(&["credit_specification"]).and_then(|block| block.text(&["cpu_credits"]));
    set_credits(table, launch.text(&["instance_type"]), credits);
    if launch.get(&["user_data", "user_data_base64"]).is_some() {
        table.note("it has user data: say in `boot` how long an instance takes, such as boot = { image = \"user_data\" }");
    }
}

/// Sets how CPU credits are spent, which only T types have.
pub fn set_credits(table: &mut Table, instance: Option<&str>, mode: Option<&str>) {
    let burstable = instance.is_some_and(|name| name.starts_with('t'));
    if let Some(mode @ ("standard" | "unlimited")) = mode.filter(|_| burstable && !table.has("overrides")) {
        table.set("credits", Item::table([("mode", mode.into())]));
    }
}

/// How many zones there are, by subnets or names.
pub fn zones(world: &World, table: &mut Table, view: View<'_>, names: &[&str]) {
    let subnets = |name: &&str| world.linked(view, &[*name], &["aws_subnet"]).len().max(parts_of(view, name));
    let zones = names.iter().map(subnets).find(|zones| *zones > 0);
    if let Some(zones) = zones {
        let zones = nearest_whole(table, "azs", zones as u64, 1, 6);
        table.set("azs", zones);
    }
}

/// How many things a property lists; what comes from another list has as many as that had.
fn parts_of(view: View<'_>, name: &str) -> usize {
    let texts = view.texts(&[name]);
    let literal = texts.iter().filter(|text| !super::mark::is_in(text)).count();
    literal + usize::from(literal < texts.len())
}

fn health(table: &mut Table, view: View<'_>, template: bool) {
    match view.text(&["health_check_type"]) {
        Some(kind) if kind.contains("ELB") => _ = table.set("health", "elb"),
        Some("EC2") => _ = table.set("health", "ec2"),
        _ => {}
    }
    let grace = view.number(&["health_check_grace_period"]);
    duration(table, "grace", grace, 0.0, 86_400.0);
    if grace.is_none() && table.text("health") == Some("elb") {
        // EC2 Auto Scaling API, CreateAutoScalingGroup, HealthCheckGracePeriod: "Default: 0 seconds". Terraform provider for AWS,
        // aws_autoscaling_group: "Defaults to 300".
        let (own, of) = if template { ("0s", "the API of EC2 Auto Scaling") } else { ("5m", "Terraform") };
        table.beside("grace", own, &format!("not in the files: the default of {of}"));
    }
    duration(table, "cooldown", view.number(&["default_cooldown", "cooldown"]), 0.0, 86_400.0);
    let warmup = view.number(&["default_instance_warmup"]).filter(|warmup| *warmup > 0.0);
    duration(table, "warmup", warmup, 0.0, 86_400.0);
    let lifetime = view.number(&["max_instance_lifetime"]).filter(|lifetime| *lifetime > 0.0);
    duration(table, "max_lifetime", lifetime, 86_400.0, 31_536_000.0);
}

fn extras(draft: &mut Draft<'_>, of: usize, table: &mut Table, view: View<'_>) {
    const KNOWN: [&str; 5] =
        ["Default", "AllocationStrategy", "OldestInstance", "NewestInstance", "ClosestToNextInstanceHour"];
    let policies = view.texts(&["termination_policies"]);
    if !policies.is_empty() && policies.iter().all(|policy| KNOWN.contains(policy)) {
        table.set("termination", Item::list(policies));
    } else if !policies.is_empty() {
        table.note("termination_policies: one of them is not in the language");
    }
    if !view.texts(&["suspended_processes"]).is_empty() {
        table.note("suspended_processes: write them as suspend = [{ at = \"0s\", processes = [...] }]");
    }
    let world = draft.world;
    let apart = world.of(&["aws_autoscaling_warm_pool"]).find(|(_, pool)| {
        world.linked(pool.view(), &["auto_scaling_group_name"], &["aws_autoscaling_group"]).contains(&of)
    });
    if let Some((at, _)) = apart {
        draft.part(at, table);
    }
    let pool = view.block(&["warm_pool"]).or(apart.map(|(_, pool)| pool.view()));
    if let Some(pool) = pool.filter(|pool| pool.value().as_object().is_some_and(|keys| !keys.is_empty())) {
        let state = pool.text(&["pool_state"]).unwrap_or("Stopped").to_lowercase();
        let mut item = Item::Table(Vec::new());
        if ["stopped", "running", "hibernated"].contains(&state.as_str()) {
            item = item.with("state", state);
        }
        if let Some(min) = pool.count(&["min_size"]).filter(|min| *min > 0) {
            item = item.with("min", min);
        }
        if let Some(most) = pool.count(&["max_group_prepared_capacity"]).filter(|most| *most > 0) {
            item = item.with("max_prepared", most);
        }
        // EC2 Auto Scaling user guide, limitations of warm pools: no group with Spot Instances or several types.
        match table.has("spot") || table.has("overrides") {
            true => table.note(
                "warm_pool: left out, for a group with Spot Instances or several types cannot have one",
            ),
            false => table.set("warm_pool", item),
        };
    }
    let hooks: Vec<usize> = world
        .of(&["aws_autoscaling_lifecycle_hook"])
        .filter(|(_, hook)| {
            let names = ["autoscaling_group_name", "auto_scaling_group_name"];
            world.linked(hook.view(), &names, &["aws_autoscaling_group"]).contains(&of)
        })
        .map(|(i, _)| i)
        .collect();
    for hook in hooks {
        draft.part(hook, table);
        let beat = world.resources[hook].view().number(&["heartbeat_timeout"]).unwrap_or(3_600.0);
        let text = format!("{}: a lifecycle hook of at most {}", draft.shown(hook), seconds(beat));
        table.note(format!(
            "{text}; how long it takes is not in these files: see launch_hook and terminate_hook"
        ));
    }
}

/// Node groups of EKS: their pods are in no file.
fn nodes(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, group) in world.of(&["aws_eks_node_group"]) {
        let mut table = draft.table("fleet", i);
        let view = group.view();
        let stated =
            view.texts(&["instance_types"]).first().copied().filter(|text| !super::mark::is_in(text));
        let (item, remark) = hardware::instance(stated.unwrap_or("t3.medium"));
        match remark {
            Some(remark) => table.beside("instance", item, &remark),
            None => table.set("instance", item),
        };
        let scaling = view.block(&["scaling_config"]).unwrap_or(view);
        let min = scaling.count(&["min_size"]).unwrap_or(1);
        let max = scaling.count(&["max_size"]).unwrap_or(min.max(1));
        limits(&mut table, min, max, scaling.count(&["desired_size"]).unwrap_or(min));
        zones(world, &mut table, view, &["subnet_ids", "subnets"]);
        if view.text(&["capacity_type"]) == Some("SPOT") {
            table.set("spot", Item::table([("on_demand_share", "0%".into())]));
        }
        table.note("pods are in no file of this kind: here the nodes serve requests themselves; see cluster and tasks");
        draft.fleets.push(Fleet::of(table, BTreeSet::from([i])));
    }
}
