//! How a resource fared over some rows. In: a stage and the series of its resource. Out: words with numbers.
//!
//! A resource is called full or saturated only when its own series says so.

use std::ops::Range;

use crate::outcome::figure::{millis, number, percent};
use crate::outcome::timeline::{CacheSeries, DatabaseSeries, FleetSeries, PoolSeries, ServiceSeries};
use crate::outcome::{Stage, StageKind, Timeline};

/// Percent busy from which a resource counts as saturated.
const SATURATED: f64 = 90.0;
/// Percent of connections in use from which a pool counts as full.
const FULL: f64 = 95.0;

/// What became of the resource behind `stage`: `the pool to `orders` on `web` was full (100 % used, …)`.
pub(super) fn state(timeline: &Timeline, stage: &Stage, rows: &Range<usize>) -> Option<String> {
    let name = stage.resource.as_str();
    let fleet = || timeline.fleets.iter().find(|fleet| fleet.name == name);
    let database = || timeline.databases.iter().find(|database| database.name == name);
    match stage.kind {
        StageKind::Pool => pool_of(timeline, stage, rows).map(|(fleet, pool)| pool_state(fleet, pool, rows)),
        StageKind::Thread => fleet().map(|fleet| threads_state(fleet, rows)),
        StageKind::Cpu => fleet().map(|fleet| cpu_state(fleet, rows)),
        StageKind::Database => database().map(|database| node_state(database, &stage.label, rows)),
        StageKind::Lock => database().map(|database| lock_state(database, rows)),
        StageKind::Cache => {
            timeline.caches.iter().find(|cache| cache.name == name).map(|cache| cache_state(cache, rows))
        }
        StageKind::Service => timeline
            .services
            .iter()
            .find(|service| service.name == name)
            .map(|service| service_state(service, rows)),
        StageKind::Retry => Some(retry_state(timeline, rows)),
        StageKind::Network | StageKind::Delay => None,
    }
}

/// Further resources at their limit over `rows`, the deepest first, without the one behind `told`.
pub(super) fn strained(timeline: &Timeline, told: Option<&Stage>, rows: &Range<usize>) -> Vec<String> {
    let is_told = |kind: StageKind, name: &str| told.is_some_and(|it| it.kind == kind && it.resource == name);
    let mut found = Vec::new();
    for database in &timeline.databases {
        let name = &database.name;
        let nodes = [("writer", &database.writer_cpu_percent), ("replicas", &database.replica_cpu_percent)];
        for (node, cpu) in nodes {
            if !is_told(StageKind::Database, name) && mean(cpu, rows) >= SATURATED {
                found.push(format!("the {node} of `{name}` at {} CPU", percent(mean(cpu, rows))));
            }
        }
        if !is_told(StageKind::Lock, name) && mean(&database.lock_waiting, rows) >= 1.0 {
            let waiting = number(peak(&database.lock_waiting, rows));
            found.push(format!("up to {waiting} transactions of `{name}` waiting for a row lock"));
        }
    }
    for service in &timeline.services {
        let busy = mean(&service.busy_percent, rows);
        if !is_told(StageKind::Service, &service.name) && busy >= FULL {
            found.push(format!("`{}` {} busy", service.name, percent(busy)));
        }
    }
    let told_pool = told.filter(|it| it.kind == StageKind::Pool).and_then(|it| pool_of(timeline, it, rows));
    // Files name the tiers from the entrance inwards.
    for fleet in timeline.fleets.iter().rev() {
        for pool in &fleet.pools {
            let used = mean(&pool.used_percent, rows);
            let is_told = told_pool.is_some_and(|(_, told)| std::ptr::eq(told, pool));
            if !is_told && used >= FULL && mean(&pool.waiting, rows) >= 1.0 {
                found.push(format!("{} {} used", pool_name(fleet, pool), percent(used)));
            }
        }
        let cpu = mean(&fleet.cpu_percent, rows);
        let most = peak(&fleet.cpu_percent, rows);
        // Retries have a cause, which may be gone before they are.
        let behind_retries = told.is_some_and(|it| it.kind == StageKind::Retry) && most >= SATURATED;
        if !is_told(StageKind::Cpu, &fleet.name) && !is_told(StageKind::Thread, &fleet.name) {
            match (cpu >= SATURATED, behind_retries) {
                (true, _) => found.push(format!("CPU of `{}` at {}", fleet.name, percent(cpu))),
                (_, true) => found.push(format!("CPU of `{}` up to {}", fleet.name, percent(most))),
                _ => {}
            }
        }
        let unhealthy = peak(&fleet.unhealthy, rows);
        if unhealthy > 0.0 {
            found.push(format!("up to {} targets of `{}` unhealthy", number(unhealthy), fleet.name));
        }
    }
    found
}

fn pool_state(fleet: &FleetSeries, pool: &PoolSeries, rows: &Range<usize>) -> String {
    let (used, most) = (mean(&pool.used_percent, rows), peak(&pool.used_percent, rows));
    let verb = match (used >= FULL, most >= FULL) {
        (true, _) => "was full",
        (false, true) => "was full at times",
        (false, false) => "kept requests waiting",
    };
    let name = pool_name(fleet, pool);
    format!("{name} {verb} ({} used{})", percent(used), up_to(&pool.waiting, rows, "waiting"))
}

fn threads_state(fleet: &FleetSeries, rows: &Range<usize>) -> String {
    let busy = number(mean(&fleet.threads_busy, rows));
    let waiting = up_to(&fleet.backlog, rows, "waiting");
    let cpu = percent(mean(&fleet.cpu_percent, rows));
    format!(
        "requests queued for a thread of `{}` ({busy} busy on each instance{waiting}, CPU {cpu})",
        fleet.name
    )
}

fn cpu_state(fleet: &FleetSeries, rows: &Range<usize>) -> String {
    let name = &fleet.name;
    match (mean(&fleet.cpu_percent, rows), peak(&fleet.cpu_percent, rows)) {
        (cpu, _) if cpu >= SATURATED => format!("CPU of `{name}` was saturated ({})", percent(cpu)),
        (cpu, most) if most >= SATURATED => {
            format!(
                "CPU of `{name}` was saturated at times ({} on average, {} at most)",
                percent(cpu),
                percent(most)
            )
        }
        (cpu, _) => format!("CPU of `{name}` was the largest part ({} busy)", percent(cpu)),
    }
}

fn node_state(database: &DatabaseSeries, label: &str, rows: &Range<usize>) -> String {
    let (writer, replica) = (&database.writer_cpu_percent, &database.replica_cpu_percent);
    let on_replica = label.contains("replica") || label.contains("reader");
    let (node, cpu) = match on_replica || mean(replica, rows) > mean(writer, rows) {
        true if !label.contains("writer") => ("replicas", mean(replica, rows)),
        _ => ("writer", mean(writer, rows)),
    };
    let name = &database.name;
    match cpu >= SATURATED {
        true => format!("the {node} of `{name}` ran at the limit ({} CPU)", percent(cpu)),
        false => format!("statements on `{name}` were the largest part ({node} at {} CPU)", percent(cpu)),
    }
}

fn lock_state(database: &DatabaseSeries, rows: &Range<usize>) -> String {
    let waits = || database.lock_wait_ms.get(rows.clone()).unwrap_or_default().iter().copied().flatten();
    let longest = waits().fold(0.0, f64::max);
    let wait = match longest > 0.0 {
        true => format!(", mean wait up to {}", millis(longest)),
        false => String::new(),
    };
    let waiting = number(peak(&database.lock_waiting, rows));
    format!("hot rows of `{}` were locked (up to {waiting} transactions waiting{wait})", database.name)
}

fn cache_state(cache: &CacheSeries, rows: &Range<usize>) -> String {
    let (busy, name) = (mean(&cache.busy_percent, rows), &cache.name);
    let verb = match busy >= SATURATED {
        true => "was saturated",
        false => "was the largest part",
    };
    let (hits, lookups) = rows
        .clone()
        .filter_map(|row| Some((cache.hit_ratio.get(row).copied().flatten()?, *cache.lookups.get(row)?)))
        .fold((0.0, 0.0), |sum, (ratio, lookups)| (sum.0 + ratio * lookups, sum.1 + lookups));
    let hits = match lookups > 0.0 {
        true => format!(", hit ratio {}", percent(100.0 * hits / lookups)),
        false => String::new(),
    };
    format!("the cache `{name}` {verb} ({} busy{hits})", percent(busy))
}

fn service_state(service: &ServiceSeries, rows: &Range<usize>) -> String {
    let (busy, name) = (mean(&service.busy_percent, rows), &service.name);
    let verb = match busy >= FULL {
        true => "was saturated",
        false => "was the largest part",
    };
    format!("`{name}` {verb} ({} busy{})", percent(busy), up_to(&service.waiting, rows, "waiting"))
}

fn retry_state(timeline: &Timeline, rows: &Range<usize>) -> String {
    let offered = mean(&timeline.offered, rows);
    match offered > 0.0 {
        true => {
            let attempts = number(mean(&timeline.attempts, rows) / offered);
            format!("clients had to try again ({attempts} attempts for each request that arrived)")
        }
        false => "clients had to try again".into(),
    }
}

fn pool_name(fleet: &FleetSeries, pool: &PoolSeries) -> String {
    let twins = fleet.pools.iter().filter(|twin| twin.database == pool.database).count();
    match twins > 1 {
        true => format!("the {} pool to `{}` on `{}`", pool.role, pool.database, fleet.name),
        false => format!("the pool to `{}` on `{}`", pool.database, fleet.name),
    }
}

/// The pool that fits the stage's names best; among equals the one with the longest queue.
fn pool_of<'a>(
    timeline: &'a Timeline,
    stage: &Stage,
    rows: &Range<usize>,
) -> Option<(&'a FleetSeries, &'a PoolSeries)> {
    let named = |name: &str| stage.label.split_whitespace().any(|word| word.trim_matches('`') == name);
    let fit = |fleet: &FleetSeries, pool: &PoolSeries| {
        let owned = stage.resource == fleet.name || stage.resource == pool.database;
        [owned, named(&fleet.name), named(&pool.database), named(&pool.role)].iter().filter(|it| **it).count()
    };
    timeline
        .fleets
        .iter()
        .flat_map(|fleet| fleet.pools.iter().map(move |pool| (fleet, pool)))
        .map(|(fleet, pool)| ((fit(fleet, pool), peak(&pool.waiting, rows)), (fleet, pool)))
        .filter(|((fit, _), _)| *fit > 0)
        .max_by(|(a, _), (b, _)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, pool)| pool)
}

fn up_to(series: &[f64], rows: &Range<usize>, what: &str) -> String {
    match peak(series, rows) {
        most if most >= 0.5 => format!(", up to {} {what}", number(most)),
        _ => String::new(),
    }
}

/// Mean of a series over `rows`, 0 where it has none of them.
pub(super) fn mean(series: &[f64], rows: &Range<usize>) -> f64 {
    let (sum, count) =
        finite(series, rows).fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

/// Largest value of a series over `rows`, 0 where it has none of them.
pub(super) fn peak(series: &[f64], rows: &Range<usize>) -> f64 {
    finite(series, rows).fold(0.0, f64::max)
}

fn finite(series: &[f64], rows: &Range<usize>) -> impl Iterator<Item = f64> {
    series.iter().copied().take(rows.end).skip(rows.start).filter(|value| value.is_finite())
}
