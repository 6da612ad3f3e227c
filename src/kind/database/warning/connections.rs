//! Connections at the largest size. In: pools and sizes of fleets. Out: a warning for a database that takes fewer.

use crate::id::DatabaseId;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::fleet::language::Pool;
use crate::kind::fleet::language::limits::largest;
use crate::kind::warning::Warning;
use crate::number::{agreeing, all_of, bounded};

pub(super) fn warnings(all: &Settings) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, database) in all.databases.iter().enumerate() {
        let id = DatabaseId(index as u32);
        let writer = asked(all, id, |pool| pool.writer);
        found.extend(warning(&database.name, "writer", database.writer_connections, &writer, 1));
        if database.replicas > 0 {
            // The reader endpoint spreads the connections of a pool over the replicas.
            let reader = asked(all, id, |pool| pool.reader);
            let limit = database.replica_connections;
            found.extend(warning(&database.name, "replicas", limit, &reader, database.replicas));
        }
    }
    found
}

/// Fleets with a pool to a database: their names, largest sizes and connections of each instance.
fn asked(all: &Settings, id: DatabaseId, size: impl Fn(&Pool) -> u32) -> Vec<(&str, u32, u32)> {
    let of = all.fleets.iter().map(|fleet| {
        let pools = fleet.pools.iter().filter(|pool| pool.database == id);
        (fleet.name.as_str(), largest(fleet), pools.map(&size).sum())
    });
    of.filter(|(_, _, connections)| *connections > 0).collect()
}

fn warning(
    database: &str,
    node: &str,
    limit: u32,
    asked: &[(&str, u32, u32)],
    nodes: u32,
) -> Option<Warning> {
    let all: u64 = asked.iter().map(|(_, size, each)| u64::from(*size) * u64::from(*each)).sum();
    let takes = u64::from(limit) * u64::from(nodes);
    (all > takes).then(|| {
        let sums: Vec<String> =
            asked.iter().map(|(fleet, size, each)| format!("{size} × {each} of `{fleet}`")).collect();
        let limit = bounded(f64::from(limit));
        let each_takes = match (nodes, node) {
            (1, "writer") => format!("takes {limit}"),
            (1, _) => format!("take {limit}"),
            _ => format!("take {nodes} × {limit}"),
        };
        let message = format!(
            "pools at the largest size open {} ({}), the {node} of database `{database}` {each_takes}",
            agreeing(bounded(all as f64), "connection"),
            all_of(&sums),
        );
        let instances: u64 = asked.iter().map(|(_, size, _)| u64::from(*size)).sum();
        let hint = format!(
            "at most {} for each instance {}, or raise `max_connections`; the last instances get none",
            takes / instances.max(1),
            if takes / instances.max(1) == 1 { "fits" } else { "fit" },
        );
        Warning::new(Code::ConnectionsAboveLimit, &["database", database, "max_connections"], message, hint)
    })
}
