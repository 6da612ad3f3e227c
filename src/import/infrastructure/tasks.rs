//! Services of Amazon ECS. In: services, task definitions, capacity providers. Out: fleets of tasks, on Fargate or on a group.

use std::collections::BTreeSet;

use super::draft::{Draft, Fleet, duration};
use super::group::{limits, zones};
use super::resource::View;
use super::table::{Item, Table};

/// Adds a fleet for each service.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, service) in world.of(&["aws_ecs_service"]) {
        let mut table = draft.table("fleet", i);
        let view = service.view();
        let mut parts = BTreeSet::from([i]);
        let definition = world.link(i, view, &["task_definition"], &["aws_ecs_task_definition"]);
        parts.extend(definition);
        if let Some(at) = definition {
            draft.part(at, &table);
        }
        let task = definition.map(|at| world.resources[at].view());
        let fargate = on_fargate(view, task);
        let (cpu, memory) = size(task);
        let on = (!fargate).then(|| cluster(draft, view)).flatten();
        match (fargate, on) {
            (false, Some(on)) => {
                let item = hardware(cpu.unwrap_or(256.0), memory.unwrap_or(512.0));
                match (cpu, memory) {
                    (Some(_), Some(_)) => table.set("instance", item),
                    (None, Some(_)) => {
                        table.assumed("instance", item, "the files do not say the CPU of a task")
                    }
                    (Some(_), None) => {
                        table.assumed("instance", item, "the files do not say the memory of a task")
                    }
                    (None, None) => {
                        table.assumed("instance", item, "the files do not say the size of a task")
                    }
                };
                let name = draft.fleets[on].table.name().to_owned();
                table.set("tasks", Item::table([("on", name.into())]));
                draft.fleets[on].cluster = true;
                draft.fleets[on].table.set("cluster", Item::table([("orchestrator", "ecs".into())]));
            }
            (fargate, _) => {
                let known = cpu.is_some() && memory.is_some();
                let (fits, cpu, memory) = fit(cpu.unwrap_or(256.0), memory.unwrap_or(512.0));
                match (known, fits && task.is_some_and(|task| task.get(&["cpu"]).is_some())) {
                    (true, true) => table.set("instance", hardware(cpu, memory)),
                    (true, false) => {
                        table.assumed("instance", hardware(cpu, memory), "the nearest size that Fargate has")
                    }
                    (false, _) => table.assumed(
                        "instance",
                        hardware(cpu, memory),
                        "the files do not say all of the size of a task: the least that Fargate has",
                    ),
                };
                table.set("fargate", Item::Table(Vec::new()));
                if !fargate {
                    table.note("its launch type is EC2, and the group of its cluster was not found: ASSUMED on Fargate");
                }
            }
        }
        sizes(draft, i, &mut table, view);
        let network = view.block(&["network_configuration"]);
        let network = network.map(|it| it.block(&["awsvpc_configuration"]).unwrap_or(it));
        if let Some(network) = network {
            zones(world, &mut table, network, &["subnets"]);
        }
        duration(&mut table, "grace", view.number(&["health_check_grace_period_seconds"]), 0.0, 86_400.0);
        if view.text(&["scheduling_strategy"]) == Some("DAEMON") {
            table.note(
                "scheduling_strategy DAEMON: one task on each instance, which the language does not have",
            );
        }
        let mut fleet = Fleet::of(table, parts);
        fleet.tasks = true;
        draft.fleets.push(fleet);
    }
}

fn on_fargate(service: View<'_>, task: Option<View<'_>>) -> bool {
    let strategies = service.blocks(&["capacity_provider_strategy"]);
    let provider =
        |it: &View<'_>| it.text(&["capacity_provider"]).is_some_and(|name| name.starts_with("FARGATE"));
    match service.text(&["launch_type"]) {
        Some(kind) if !kind.is_empty() => kind == "FARGATE",
        _ if !strategies.is_empty() => strategies.iter().any(provider),
        _ => task.is_some_and(|task| task.texts(&["requires_compatibilities"]).contains(&"FARGATE")),
    }
}

/// CPU units and MiB of a task, or of its containers together.
fn size(task: Option<View<'_>>) -> (Option<f64>, Option<f64>) {
    let Some(task) = task else { return (None, None) };
    let amount = |names: &[&str], unit: f64| {
        task.number(names).or_else(|| {
            // ".5 vCPU" and "1 GB" are written as well.
            let text = task.text(names)?.to_lowercase();
            let number = text.split(|c: char| !c.is_ascii_digit() && c != '.').next()?.parse::<f64>().ok()?;
            Some(number * unit)
        })
    };
    let containers = task.blocks(&["container_definitions"]);
    let sum = |names: &[&str]| {
        let all: f64 = containers.iter().filter_map(|it| it.number(names)).sum();
        (all > 0.0).then_some(all)
    };
    let cpu = amount(&["cpu"], 1_024.0).or_else(|| sum(&["cpu"]));
    (cpu, amount(&["memory"], 1_024.0).or_else(|| sum(&["memory", "memory_reservation"])))
}

fn hardware(cpu: f64, memory: f64) -> Item {
    let memory = match memory as u64 {
        mib if mib % 1_024 == 0 => format!("{} GiB", mib / 1_024),
        mib => format!("{} MiB", mib.max(4)),
    };
    Item::table([("vcpus", (cpu.clamp(10.0, 196_608.0) / 1_024.0).into()), ("memory", memory.into())])
}

/// The least size of Fargate with as much, and whether it is the one that was asked for.
fn fit(cpu: f64, memory: f64) -> (bool, f64, f64) {
    const SIZES: [(f64, f64, f64, f64); 7] = [
        (256.0, 512.0, 2_048.0, 512.0),
        (512.0, 1_024.0, 4_096.0, 1_024.0),
        (1_024.0, 2_048.0, 8_192.0, 1_024.0),
        (2_048.0, 4_096.0, 16_384.0, 1_024.0),
        (4_096.0, 8_192.0, 30_720.0, 1_024.0),
        (8_192.0, 16_384.0, 61_440.0, 4_096.0),
        (16_384.0, 32_768.0, 122_880.0, 8_192.0),
    ];
    for (vcpu, least, most, step) in SIZES {
        if cpu <= vcpu && memory <= most {
            let mut size = (memory.max(least) / step).ceil() * step;
            // Tasks of a quarter of a vCPU have 0.5, 1 or 2 GB.
            if vcpu == 256.0 && size == 1_536.0 {
                size = 2_048.0;
            }
            return (vcpu == cpu && size == memory, vcpu, size);
        }
    }
    (false, 16_384.0, 122_880.0)
}

fn sizes(draft: &mut Draft<'_>, of: usize, table: &mut Table, view: View<'_>) {
    let desired = view.count(&["desired_count"]).unwrap_or(1);
    match super::scaling::target_of(draft, of) {
        Some(at) => {
            let target = draft.world.resources[at].view();
            draft.part(at, table);
            let min = target.count(&["min_capacity"]).unwrap_or(1);
            let max = target.count(&["max_capacity"]).unwrap_or(min.max(1));
            limits(table, min, max, desired.clamp(min, max.max(min)));
        }
        None => limits(table, desired, desired, desired),
    }
}

/// The fleet whose instances a service of the launch type EC2 runs on.
fn cluster(draft: &Draft<'_>, service: View<'_>) -> Option<usize> {
    let world = draft.world;
    let mut clusters: BTreeSet<usize> =
        world.linked(service, &["cluster"], &["aws_ecs_cluster"]).into_iter().collect();
    let provider =
        service.get(&["capacity_provider_strategy"]).map(|value| world.refs(value)).unwrap_or_default();
    clusters.extend(provider);
    // Providers of the cluster, and then their groups.
    let known = ["aws_ecs_cluster_capacity_providers", "aws_ecs_cluster", "aws_ecs_capacity_provider"];
    for _ in 0..2 {
        let more: Vec<usize> = world
            .of(&known)
            .filter(|(i, it)| clusters.contains(i) || !world.refs(&it.values).is_disjoint(&clusters))
            .flat_map(|(_, it)| world.refs(&it.values))
            .filter(|i| known.contains(&world.resources[*i].kind.as_str()))
            .collect();
        clusters.extend(more);
    }
    let groups: Vec<usize> = clusters.iter().flat_map(|i| world.refs(&world.resources[*i].values)).collect();
    let named = groups.into_iter().find_map(|i| draft.fleet_of(i).filter(|at| !draft.fleets[*at].tasks));
    // The user data of instances names their cluster.
    let by_data = || {
        draft.fleets.iter().position(|fleet| {
            !fleet.tasks
                && fleet.parts.iter().any(|i| !world.refs(&world.resources[*i].values).is_disjoint(&clusters))
        })
    };
    let only = || {
        let mut groups = draft.fleets.iter().enumerate().filter(|(_, fleet)| !fleet.tasks);
        groups.next().filter(|_| groups.next().is_none()).map(|(at, _)| at)
    };
    named.or_else(by_data).or_else(only)
}
