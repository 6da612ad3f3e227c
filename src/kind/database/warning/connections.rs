//! Connections at the largest size, and while a version is brought to the instances. In: pools and sizes of fleets. Out: a warning for a
//! database that takes fewer.

use crate::id::DatabaseId;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::database::language::{Database, Proxy};
use crate::kind::fleet::language::limits::{largest, largest_deploying};
use crate::kind::fleet::language::{Fleet, Pool};
use crate::kind::warning::Warning;
use crate::number::{agreeing, all_of, bounded};

/// A fleet with a pool to a database: its name, how many instances, and the connections of each.
type Asked<'s> = (&'s str, u32, u32);

pub(super) fn warnings(all: &Settings) -> Vec<Warning> {
    let mut found = Vec::new();
    for (index, database) in all.databases.iter().enumerate() {
        let id = DatabaseId(index as u32);
        found.extend(never_opened(database, id, all));
        if let Some(proxy) = &database.proxy {
            let writer = asked(all, id, |pool| pool.writer);
            found.extend(pinned(
                &database.name,
                proxy,
                ("writer", proxy.limit(database.writer_connections)),
                &writer,
            ));
            if database.replicas > 0 {
                let reader = asked(all, id, |pool| pool.reader);
                let limit = proxy.limit(database.replica_connections) * database.replicas;
                found.extend(pinned(&database.name, proxy, ("replicas", limit), &reader));
            }
            continue;
        }
        let writer = asked(all, id, |pool| pool.writer);
        found.extend(writer.warning(&database.name, "writer", database.writer_connections, 1));
        if database.replicas > 0 {
            // The reader endpoint spreads the connections of a pool over the replicas.
            let reader = asked(all, id, |pool| pool.reader);
            let limit = database.replica_connections;
            found.extend(reader.warning(&database.name, "replicas", limit, database.replicas));
        }
    }
    found
}

/// What new connections cost is felt by nobody, if none is opened during the run.
fn never_opened(database: &Database, id: DatabaseId, all: &Settings) -> Option<Warning> {
    let mut pools = all.fleets.iter().flat_map(|fleet| &fleet.pools);
    let opens = pools.any(|pool| pool.database == id && pool.growth.is_some());
    (database.connect.is_some() && database.proxy.is_none() && !opens).then(|| {
        let name = &database.name;
        let message = format!(
            "no connection to database `{name}` is opened during the run: what that costs is felt nowhere"
        );
        let hint = "set `minimum_idle` or `max_lifetime` of a pool that leads there, or a `proxy`, or remove `connect`";
        Warning::new(Code::SettingWithoutEffect, &["database", name, "connect"], message, hint)
    })
}

/// Sessions that are pinned keep a connection each: the others borrow what is left.
fn pinned(name: &str, proxy: &Proxy, (node, limit): (&str, u32), asked: &AskedOf<'_>) -> Option<Warning> {
    let clients = connections(&asked.at_largest);
    let wanted = (clients as f64 * proxy.pinned).round() as u64;
    (wanted > 0 && wanted >= u64::from(limit)).then(|| {
        let left = if wanted > u64::from(limit) { "that is not enough for them" } else { "none is left for others" };
        let message = format!(
            "{} of {} to the proxy of database `{name}` at the largest size are pinned, and it opens {} to the {node}: {left}",
            bounded(wanted as f64),
            agreeing(bounded(clients as f64), "connection"),
            bounded(f64::from(limit)),
        );
        let hint = "requests that borrow a connection wait until `borrow_timeout`: smaller pools, fewer pinned sessions, or a larger class";
        Warning::new(Code::ConnectionsAboveLimit, &["database", name, "proxy"], message, hint)
    })
}

/// What fleets ask of a database.
struct AskedOf<'s> {
    /// At their largest sizes.
    at_largest: Vec<Asked<'s>>,
    /// With what their deployments and refreshes launch beside that, each with its title.
    deploying: Vec<(Vec<Asked<'s>>, &'static str)>,
    /// That they open them, or may do so, if a pool grows.
    opens: &'static str,
}

fn asked(all: &Settings, id: DatabaseId, size: impl Fn(&Pool) -> u32) -> AskedOf<'_> {
    let of = |fleet: &'_ Fleet| {
        let pools = fleet.pools.iter().filter(|pool| pool.database == id);
        pools.map(&size).sum::<u32>()
    };
    let with: Vec<(&Fleet, u32)> =
        all.fleets.iter().map(|fleet| (fleet, of(fleet))).filter(|(_, each)| *each > 0).collect();
    let at_largest: Vec<Asked> =
        with.iter().map(|(fleet, each)| (fleet.name.as_str(), largest(fleet), *each)).collect();
    // One fleet at a time is deployed to.
    let deploying = with.iter().enumerate().filter_map(|(place, (fleet, _))| {
        let (most, title) = largest_deploying(fleet)?;
        let mut asked = at_largest.clone();
        asked[place].1 = most;
        Some((asked, title))
    });
    let mut pools = all.fleets.iter().flat_map(|fleet| &fleet.pools);
    let grows = pools.any(|pool| pool.database == id && pool.growth.is_some());
    let opens = if grows { "may open" } else { "open" };
    AskedOf { deploying: deploying.collect(), at_largest, opens }
}

impl AskedOf<'_> {
    fn warning(&self, database: &str, node: &str, limit: u32, nodes: u32) -> Option<Warning> {
        let takes = u64::from(limit) * u64::from(nodes);
        let exceeds = |asked: &[Asked]| connections(asked) > takes;
        if exceeds(&self.at_largest) {
            return Some(warning(
                database,
                node,
                (limit, nodes),
                &self.at_largest,
                ("at the largest size", self.opens),
            ));
        }
        let (asked, title) = self.deploying.iter().find(|(asked, _)| exceeds(asked))?;
        let article = if title.starts_with(['a', 'i']) { "an" } else { "a" };
        Some(warning(
            database,
            node,
            (limit, nodes),
            asked,
            (&format!("during {article} {title}"), self.opens),
        ))
    }
}

fn connections(asked: &[Asked]) -> u64 {
    asked.iter().map(|(_, size, each)| u64::from(*size) * u64::from(*each)).sum()
}

fn warning(
    database: &str,
    node: &str,
    (limit, nodes): (u32, u32),
    asked: &[Asked],
    (when, opens): (&str, &str),
) -> Warning {
    let sums: Vec<String> =
        asked.iter().map(|(fleet, size, each)| format!("{size} × {each} of `{fleet}`")).collect();
    let all = connections(asked);
    let takes = u64::from(limit) * u64::from(nodes);
    let limit = bounded(f64::from(limit));
    let each_takes = match (nodes, node) {
        (1, "writer") => format!("takes {limit}"),
        (1, _) => format!("take {limit}"),
        _ => format!("take {nodes} × {limit}"),
    };
    let message = format!(
        "pools {when} {opens} {} ({}), the {node} of database `{database}` {each_takes}",
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
}
