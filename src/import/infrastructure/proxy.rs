//! Proxies of databases. In: a database and the resources that it is made of. Out: the database, with its pool of connections, in the draft.

use std::collections::BTreeSet;

use super::draft::{Draft, Store, in_range};
use super::table::{Item, Table};

/// Adds a database to the draft, with the proxy that leads to it.
pub fn add(draft: &mut Draft<'_>, mut table: Table, mut parts: BTreeSet<usize>) {
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
            let most = pool.number(&["max_connections_percent"]);
            if let Some(most) = in_range(&mut table, "max_connections of proxy", most, 1.0, 100.0) {
                item = item.with("max_connections", format!("{most}%"));
            }
            let idle = pool.number(&["max_idle_connections_percent"]);
            if let Some(idle) = in_range(&mut table, "max_idle of proxy", idle, 0.0, 100.0) {
                item = item.with("max_idle", format!("{idle}%"));
            }
            let wait = pool.number(&["connection_borrow_timeout"]);
            if let Some(wait) = in_range(&mut table, "borrow_timeout of proxy", wait, 1.0, 3_600.0) {
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
