//! Relational databases. In: instances and clusters of RDS and Aurora, proxies. Out: databases.

use std::collections::BTreeSet;

use super::draft::{Draft, Store};
use super::hardware;
use super::resource::View;
use super::table::{Item, Table};

const CLUSTER: &[&str] = &["aws_rds_cluster"];
const INSTANCE: &[&str] = &["aws_db_instance", "aws_rds_cluster_instance"];

/// Adds a database for each cluster, and for each instance that is in none.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    let mut members: BTreeSet<usize> = BTreeSet::new();
    for (i, cluster) in world.of(CLUSTER) {
        let names = ["cluster_identifier", "db_cluster_identifier"];
        let own: Vec<usize> = world
            .of(INSTANCE)
            .filter(|(_, instance)| world.linked(instance.view(), &names, CLUSTER).contains(&i))
            .map(|(at, _)| at)
            .collect();
        members.extend(&own);
        read_cluster(draft, i, cluster.view(), &own);
    }
    let replicas: Vec<(usize, usize)> = world
        .of(INSTANCE)
        .filter_map(|(i, instance)| {
            let names = ["replicate_source_db", "source_db_instance_identifier"];
            Some((i, *world.linked(instance.view(), &names, INSTANCE).first()?))
        })
        .collect();
    for (i, instance) in world.of(INSTANCE) {
        let copy = replicas.iter().any(|(replica, of)| *replica == i && *of != i);
        if !members.contains(&i) && !copy {
            let own =
                replicas.iter().filter(|(_, of)| *of == i).map(|(replica, _)| *replica).collect::<Vec<_>>();
            read_instance(draft, i, instance.view(), &own);
        }
    }
}

fn engine(view: View<'_>, table: &mut Table, aurora: bool) -> bool {
    let stated = view.text(&["engine"]).unwrap_or_default();
    let name = match stated {
        "aurora-postgresql" => "aurora-postgresql",
        "aurora" | "aurora-mysql" => "aurora-mysql",
        "mysql" | "mariadb" => "mysql",
        "postgres" => "postgres",
        _ if aurora => "aurora-mysql",
        _ => "postgres",
    };
    if stated == "mariadb"
        || !["aurora", "aurora-mysql", "aurora-postgresql", "mysql", "postgres"].contains(&stated)
    {
        table.assumed("engine", name, "the files say another engine, or none: this one is nearest");
    } else {
        table.set("engine", name);
    }
    name.starts_with("aurora")
}

fn class(table: &mut Table, key: &str, stated: Option<&str>) {
    match stated {
        Some(name) => {
            let (name, remark) = hardware::database(name);
            match remark {
                Some(remark) => table.beside(key, name, &remark),
                None => table.set(key, name),
            };
        }
        None => _ = table.assumed(key, "db.r6g.large", "the files do not say the class"),
    }
}

const CLASS: &[&str] = &["instance_class", "db_instance_class", "db_cluster_instance_class"];

fn read_cluster(draft: &mut Draft<'_>, of: usize, view: View<'_>, members: &[usize]) {
    let world = draft.world;
    let mut table = draft.table("database", of);
    let aurora = engine(view, &mut table, true);
    let classes: Vec<&str> =
        members.iter().filter_map(|at| world.resources[*at].view().text(CLASS)).collect();
    let scaling = [
        "serverlessv2_scaling_configuration",
        "serverless_v2_scaling_configuration",
        "scaling_configuration",
    ];
    let serverless = view.block(&scaling).filter(|it| it.number(&["max_capacity"]).is_some());
    let provisioned = classes.iter().find(|class| **class != "db.serverless").copied();
    match serverless {
        Some(limits) if provisioned.is_none() => {
            let max = limits.number(&["max_capacity"]).unwrap_or(1.0).clamp(0.5, 256.0);
            let min = limits.number(&["min_capacity"]).unwrap_or(0.5).clamp(0.5, max);
            table.set("serverless", Item::table([("min", min.into()), ("max", max.into())]));
        }
        _ => class(&mut table, "writer", provisioned.or_else(|| view.text(CLASS))),
    }
    if aurora {
        let replicas = members.len().saturating_sub(1).min(15) as u64;
        table.maybe("replicas", (replicas > 0).then_some(replicas));
        let replica = classes.get(1).filter(|class| Some(**class) != provisioned && serverless.is_none());
        if let Some(other) = replica {
            class(&mut table, "replica", Some(other));
        }
        if view.text(&["storage_type"]) == Some("aurora-iopt1") {
            table.set("io_optimized", true);
        }
    } else {
        table.set("multi_az", "cluster");
        table.set("replicas", 2u64);
        storage(&mut table, view);
    }
    // Aurora keeps data in three zones; its nodes are where the subnets are.
    backup(&mut table, view);
    let mut parts = BTreeSet::from([of]);
    parts.extend(members);
    for at in members {
        draft.part(*at, &table);
    }
    readers(draft, of, &mut table);
    add(draft, table, parts);
}

/// Aurora Auto Scaling of readers.
fn readers(draft: &mut Draft<'_>, of: usize, table: &mut Table) {
    let world = draft.world;
    let target = world.of(&["aws_appautoscaling_target"]).find(|(_, target)| {
        let view = target.view();
        let dimension = view.text(&["scalable_dimension"]) == Some("rds:cluster:ReadReplicaCount");
        let refs = view.get(&["resource_id"]).map(|value| world.refs(value)).unwrap_or_default();
        dimension && (refs.contains(&of) || world.of(CLUSTER).count() == 1)
    });
    let Some((at, target)) = target else { return };
    draft.part(at, table);
    let max = target.view().count(&["max_capacity"]).unwrap_or(1).clamp(1, 15);
    let min = target.view().count(&["min_capacity"]).unwrap_or(0).min(max);
    for (i, policy) in world.of(&["aws_appautoscaling_policy"]) {
        let view = policy.view();
        let Some(tracking) = view.block(&["target_tracking_scaling_policy_configuration"]) else { continue };
        let named = tracking.block(&["predefined_metric_specification"]);
        let key = match named.and_then(|it| it.text(&["predefined_metric_type"])) {
            Some("RDSReaderAverageCPUUtilization") => "cpu",
            Some("RDSReaderAverageDatabaseConnections") => "connections",
            _ => continue,
        };
        let Some(value) = tracking.number(&["target_value"]) else { continue };
        draft.part(i, table);
        let item = Item::table([(key, value.into()), ("min", min.into()), ("max", max.into())]);
        if !table.has("replicas") && min > 0 {
            table.set("replicas", min);
        }
        table.set("replica_scaling", item);
    }
}

fn read_instance(draft: &mut Draft<'_>, of: usize, view: View<'_>, replicas: &[usize]) {
    let world = draft.world;
    let mut table = draft.table("database", of);
    let aurora = engine(view, &mut table, false);
    class(&mut table, "writer", view.text(CLASS));
    let count = replicas.len().min(15) as u64;
    table.maybe("replicas", (count > 0).then_some(count));
    let other = replicas.first().and_then(|at| world.resources[*at].view().text(CLASS));
    if other.is_some() && other != view.text(CLASS) {
        class(&mut table, "replica", other);
    }
    if !aurora {
        if let Some(standby) = view.flag(&["multi_az"]) {
            table.set("multi_az", standby);
        }
        storage(&mut table, view);
    }
    backup(&mut table, view);
    let mut parts = BTreeSet::from([of]);
    parts.extend(replicas);
    for at in replicas {
        draft.part(*at, &table);
    }
    add(draft, table, parts);
}

fn storage(table: &mut Table, view: View<'_>) {
    let Some(size) = view.number(&["allocated_storage"]).filter(|size| *size >= 1.0) else { return };
    let size = size.round() as u64;
    let kind = view.text(&["storage_type"]).filter(|kind| ["gp2", "gp3", "io1", "io2"].contains(kind));
    let iops = view.count(&["iops"]).filter(|iops| *iops > 0);
    let needs = matches!(kind, Some("io1" | "io2")) && iops.is_none();
    match kind {
        Some(kind) if (20..=65_536).contains(&size) && !needs => {
            let mut item = Item::table([("type", kind.into()), ("size", format!("{size} GiB").into())]);
            let own = matches!(kind, "io1" | "io2") || (kind == "gp3" && size >= 400);
            if let Some(iops) = iops.filter(|_| own) {
                item = item.with("iops", iops);
            }
            let throughput = view.count(&["storage_throughput"]).filter(|it| *it > 125);
            if let Some(throughput) = throughput.filter(|_| kind == "gp3" && size >= 400) {
                item = item.with("throughput", format!("{throughput} MiB/s"));
            }
            table.set("storage", item);
        }
        _ => _ = table.set("storage", format!("{size} GiB")),
    }
}

fn backup(table: &mut Table, view: View<'_>) {
    let days = view.count(&["backup_retention_period"]).filter(|days| (1..=35).contains(days));
    if let Some(days) = days {
        table.set("backup", Item::table([("retention", format!("{days}d").into())]));
    }
}

fn add(draft: &mut Draft<'_>, mut table: Table, mut parts: BTreeSet<usize>) {
    let world = draft.world;
    let names = [
        "db_cluster_identifier",
        "db_instance_identifier",
        "db_cluster_identifiers",
        "db_instance_identifiers",
    ];
    for (i, target) in world.of(&["aws_db_proxy_target"]) {
        let view = target.view();
        if !names
            .iter()
            .filter_map(|name| view.get(&[name]))
            .any(|value| !world.refs(value).is_disjoint(&parts))
        {
            continue;
        }
        draft.part(i, &table);
        let proxies = world.linked(view, &["db_proxy_name"], &["aws_db_proxy"]);
        let mut item = Item::Table(Vec::new());
        let pool = view.block(&["connection_pool_configuration_info"]);
        let group = world.of(&["aws_db_proxy_default_target_group"]).find(|(_, group)| {
            let own = world.linked(group.view(), &["db_proxy_name"], &["aws_db_proxy"]);
            own.iter().any(|proxy| proxies.contains(proxy))
        });
        if let Some((at, _)) = group {
            draft.part(at, &table);
        }
        let pool = pool.or_else(|| group?.1.view().block(&["connection_pool_config"]));
        if let Some(pool) = pool {
            if let Some(most) =
                pool.number(&["max_connections_percent"]).filter(|it| (1.0..=100.0).contains(it))
            {
                item = item.with("max_connections", format!("{most}%"));
            }
            if let Some(idle) =
                pool.number(&["max_idle_connections_percent"]).filter(|it| (0.0..=100.0).contains(it))
            {
                item = item.with("max_idle", format!("{idle}%"));
            }
            if let Some(wait) =
                pool.number(&["connection_borrow_timeout"]).filter(|it| (1.0..=3_600.0).contains(it))
            {
                item = item.with("borrow_timeout", super::draft::seconds(wait));
            }
        }
        table.set("proxy", item);
        for proxy in proxies {
            draft.part(proxy, &table);
            parts.insert(proxy);
        }
    }
    draft.stores.push(Store { table, parts, workers: None });
}
