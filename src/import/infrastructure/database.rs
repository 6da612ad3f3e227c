//! Relational databases. In: instances and clusters of RDS and Aurora, proxies. Out: databases.

use std::collections::BTreeSet;

use super::draft::{Draft, in_range, nearest, nearest_whole};
use super::hardware;
use super::proxy::add;
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
            read_instance(draft, i, instance.view(), &copies(i, &replicas));
        }
    }
}

/// The copies of an instance, and those of its copies.
fn copies(of: usize, replicas: &[(usize, usize)]) -> Vec<usize> {
    let mut found = vec![of];
    let mut next = 0;
    while let Some(&at) = found.get(next) {
        let own = replicas.iter().filter(|(_, of)| *of == at).map(|(replica, _)| *replica);
        let more: Vec<usize> = own.filter(|replica| !found.contains(replica)).collect();
        found.extend(more);
        next += 1;
    }
    found.split_off(1)
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
    let (first, others) = writer(draft, members);
    let classes: Vec<&str> =
        first.iter().chain(&others).filter_map(|at| world.resources[*at].view().text(CLASS)).collect();
    let scaling = [
        "serverlessv2_scaling_configuration",
        "serverless_v2_scaling_configuration",
        "scaling_configuration",
    ];
    let serverless = view.block(&scaling).filter(|it| it.number(&["max_capacity"]).is_some());
    let provisioned = classes.iter().find(|class| **class != SERVERLESS).copied();
    let stated = first.and_then(|at| world.resources[at].view().text(CLASS));
    if provisioned.is_some() && stated == Some(SERVERLESS) {
        table.note("its writer is serverless and others are not, which the language does not mix: all are of the class of these");
    }
    match serverless {
        Some(limits) if provisioned.is_none() => {
            let max = limits.number(&["max_capacity"]).unwrap_or(1.0);
            let max = nearest(&mut table, "max of serverless", max, 0.5, 256.0);
            let min = limits.number(&["min_capacity"]).unwrap_or(0.5);
            let min = nearest(&mut table, "min of serverless", min, 0.5, max);
            table.set("serverless", Item::table([("min", min.into()), ("max", max.into())]));
        }
        _ => class(&mut table, "writer", provisioned.or_else(|| view.text(CLASS))),
    }
    if aurora {
        replicas(draft, &mut table, stated.filter(|_| provisioned.is_some()).or(provisioned), &others);
        if let Some(first) = first.filter(|first| is_open(draft, *first, &others)) {
            let text = format!(
                "ASSUMED: the files do not say which one writes, and {} is the first",
                draft.shown(first)
            );
            table.note(text);
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

const SERVERLESS: &str = "db.serverless";

/// The member that writes, and the others: a state says which, else the least promotion tier is next to write.
fn writer(draft: &Draft<'_>, members: &[usize]) -> (Option<usize>, Vec<usize>) {
    let first = members.iter().copied().min_by_key(|at| (!writes(draft, *at), tier_of(draft, *at)));
    (first, members.iter().copied().filter(|at| Some(*at) != first).collect())
}

fn writes(draft: &Draft<'_>, at: usize) -> bool {
    draft.world.resources[at].view().flag(&["writer", "is_cluster_writer"]) == Some(true)
}

fn tier_of(draft: &Draft<'_>, at: usize) -> u64 {
    draft.world.resources[at].view().count(&["promotion_tier"]).unwrap_or(1)
}

/// Whether a reader of another class could write just as well.
fn is_open(draft: &Draft<'_>, first: usize, others: &[usize]) -> bool {
    let class = |at: usize| draft.world.resources[at].view().text(CLASS);
    let equal = |at: &&usize| tier_of(draft, **at) == tier_of(draft, first) && class(**at) != class(first);
    !writes(draft, first) && others.iter().find(equal).is_some()
}

/// Sets how many readers there are and their class, and says what of them the language does not have.
fn replicas(draft: &Draft<'_>, table: &mut Table, writer: Option<&str>, readers: &[usize]) {
    const MOST: usize = 15;
    if readers.is_empty() {
        return;
    }
    if readers.len() > MOST {
        table.note(format!("{} readers: the language has at most {MOST}", readers.len()));
    }
    table.set("replicas", readers.len().min(MOST) as u64);
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in readers.iter().filter_map(|at| draft.world.resources[*at].view().text(CLASS)) {
        match counts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    // The class of most of them; of as many, the one that comes first.
    let usual = counts.iter().filter(|(name, _)| *name != SERVERLESS).rev().max_by_key(|(_, count)| *count);
    let usual = usual.map(|(name, _)| *name);
    if usual.is_some() && usual != writer && !table.has("serverless") {
        class(table, "replica", usual);
    }
    let own = if table.has("serverless") { Some(SERVERLESS) } else { usual.or(writer) };
    for (name, count) in counts.iter().filter(|(name, _)| Some(*name) != own) {
        // A class that no catalog could have is not repeated.
        let name = if hardware::is_plausible(name) { name } else { "another class" };
        table.note(format!("{count} of the readers: {name}; the language has one class for all readers"));
    }
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
    let max = target.view().count(&["max_capacity"]).unwrap_or(1);
    let max = nearest_whole(table, "max of replica_scaling", max, 1, 15);
    let min = target.view().count(&["min_capacity"]).unwrap_or(0);
    let min = nearest_whole(table, "min of replica_scaling", min, 0, max);
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
    let mut table = draft.table("database", of);
    let aurora = engine(view, &mut table, false);
    class(&mut table, "writer", view.text(CLASS));
    self::replicas(draft, &mut table, view.text(CLASS), replicas);
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
        stated => {
            if stated.is_some() {
                table.note("storage: only its size is read, for this type needs at least 20 GiB, and io1 and io2 their IOPS");
            }
            table.set("storage", format!("{size} GiB"));
        }
    }
}

fn backup(table: &mut Table, view: View<'_>) {
    let days = view.number(&["backup_retention_period"]).filter(|days| *days != 0.0);
    if let Some(days) = in_range(table, "retention of backup", days, 1.0, 35.0) {
        table.set("backup", Item::table([("retention", format!("{days}d").into())]));
    }
}
