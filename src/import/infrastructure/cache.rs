//! Caches. In: clusters and replication groups of ElastiCache, clusters of MemoryDB, accelerators. Out: caches.

use std::collections::BTreeSet;

use super::draft::{Draft, Store, nearest_whole};
use super::hardware;
use super::resource::View;
use super::table::Table;

/// Adds a cache for each cluster.
pub fn read(draft: &mut Draft<'_>) {
    let world = draft.world;
    for (i, group) in world.of(&["aws_elasticache_replication_group"]) {
        let view = group.view();
        let mut table = draft.table("cache", i);
        if view.text(&["engine"]) == Some("valkey") {
            table.note("Valkey: here it is a Redis cache");
        }
        node(&mut table, view);
        let mode = view.block(&["cluster_mode"]);
        let shards = view.count(&["num_node_groups"]).or_else(|| mode?.count(&["num_node_groups"]));
        let each =
            view.count(&["replicas_per_node_group"]).or_else(|| mode?.count(&["replicas_per_node_group"]));
        let all = view.count(&["num_cache_clusters", "number_cache_clusters"]);
        let shards = nearest_whole(&mut table, "shards", shards.unwrap_or(1), 1, 500);
        let replicas = each.or_else(|| all.map(|all| (all / shards).saturating_sub(1))).unwrap_or(0);
        let replicas = nearest_whole(&mut table, "replicas", replicas, 0, 5);
        table.maybe("shards", (shards > 1).then_some(shards));
        table.maybe("replicas", (replicas > 0).then_some(replicas));
        if replicas > 0 {
            takes_over(
                &mut table,
                view.flag(&["multi_az_enabled"]),
                view.flag(&["automatic_failover_enabled"]),
            );
        }
        // Members of a group are clusters of their own in a state.
        let members: Vec<usize> = world
            .of(&["aws_elasticache_cluster"])
            .filter(|(_, it)| {
                world
                    .linked(it.view(), &["replication_group_id"], &["aws_elasticache_replication_group"])
                    .contains(&i)
            })
            .map(|(at, _)| at)
            .collect();
        for member in &members {
            draft.part(*member, &table);
        }
        let mut parts = BTreeSet::from([i]);
        parts.extend(members);
        add(draft, table, parts);
    }
    for (i, cluster) in world.of(&["aws_elasticache_cluster"]) {
        if draft.became.contains_key(&i) {
            continue;
        }
        let view = cluster.view();
        let mut table = draft.table("cache", i);
        if view.text(&["engine"]) == Some("memcached") {
            table.set("engine", "memcached");
        }
        node(&mut table, view);
        let nodes = view.count(&["num_cache_nodes"]).unwrap_or(1);
        let nodes = nearest_whole(&mut table, "shards", nodes, 1, 300);
        table.maybe("shards", (nodes > 1).then_some(nodes));
        add(draft, table, BTreeSet::from([i]));
    }
    for (i, cluster) in world.of(&["aws_memorydb_cluster"]) {
        let view = cluster.view();
        let mut table = draft.table("cache", i);
        table.note("MemoryDB: here it is a Redis cache; writes to its log across zones take no time");
        let stated = view.text(&["node_type"]).map(|name| name.replacen("db.", "cache.", 1));
        named(&mut table, stated.as_deref());
        let shards = nearest_whole(&mut table, "shards", view.count(&["num_shards"]).unwrap_or(1), 1, 500);
        table.maybe("shards", (shards > 1).then_some(shards));
        let replicas = view.count(&["num_replicas_per_shard"]).unwrap_or(1);
        let replicas = nearest_whole(&mut table, "replicas", replicas, 0, 5);
        table.maybe("replicas", (replicas > 0).then_some(replicas));
        add(draft, table, BTreeSet::from([i]));
    }
    for (i, cache) in world.of(&["aws_elasticache_serverless_cache"]) {
        let mut table = draft.table("cache", i);
        if cache.view().text(&["engine"]) == Some("memcached") {
            table.set("engine", "memcached");
        }
        table.assumed(
            "node",
            "cache.r6g.large",
            "serverless caches are not in the language: a node in its place",
        );
        add(draft, table, BTreeSet::from([i]));
    }
}

fn node(table: &mut Table, view: View<'_>) {
    named(table, view.text(&["node_type", "cache_node_type"]));
}

fn named(table: &mut Table, stated: Option<&str>) {
    let Some(stated) = stated else {
        table.assumed("node", "cache.m6g.large", "the files do not say the node type");
        return;
    };
    let (name, remark) = hardware::cache(stated);
    match remark {
        Some(remark) => table.beside("node", name, &remark),
        None => table.set("node", name),
    };
}

fn add(draft: &mut Draft<'_>, table: Table, parts: BTreeSet<usize>) {
    draft.stores.push(Store { table, parts, workers: None });
}

/// Whether a replica takes over, which `multi_az` means here: by automatic failover, also where the nodes may be in one zone.
fn takes_over(table: &mut Table, zones: Option<bool>, failover: Option<bool>) {
    match (zones, failover) {
        (Some(false), Some(true)) => {
            _ = table.beside("multi_az", true, "by automatic failover a replica takes over; Multi-AZ is off");
        }
        (zones, failover) => _ = table.maybe("multi_az", zones.filter(|it| *it).or(failover).or(zones)),
    }
}
