//! What the resources went through, a table for each kind. In: an [`Outcome`]. Out: tables, none without resources.

use super::{heading, margin_of};
use crate::outcome::figure::{
    amount, count, margin, millis, millis_margin, number, share, supported, tenths,
};
use crate::outcome::{DatabaseOutcome, Outcome};
use crate::report::table::{Cell, PLAIN, Side, Table, WARNING};

/// A figure and, with several runs, its interval in the same unit; `show` gives the figure.
fn known(
    outcome: &Outcome,
    name: &str,
    value: f64,
    show: impl Fn(f64) -> String,
    margin: impl Fn(f64) -> String,
) -> Cell {
    let estimate = outcome.estimate(name);
    let interval = estimate.and_then(|estimate| estimate.interval);
    let value = interval.map_or(value, |interval| supported(value, &interval));
    format!("{}{}", show(value), margin_of(estimate, margin)).into()
}

/// A margin of a share, in percentage points.
fn points(half_width: f64) -> String {
    margin(100.0 * half_width)
}

/// A name, then numbers.
const NAMED: [Side; 2] = [Side::Left, Side::Right];
/// A name, what it is, then numbers.
const DESCRIBED: [Side; 3] = [Side::Left, Side::Left, Side::Right];

pub(super) fn fleets(outcome: &Outcome) -> Option<String> {
    let mut table = Table::new(&DESCRIBED);
    table.titles(&[
        "",
        "instance",
        "at most",
        "launched",
        "terminated",
        "CPU mean",
        "target",
        "instance-hours",
    ]);
    for fleet in &outcome.fleets {
        table.row([
            fleet.name.as_str().into(),
            fleet.instance.as_str().into(),
            count(fleet.peak_instances.into()).into(),
            amount(fleet.launched).into(),
            amount(fleet.terminated).into(),
            known(outcome, &format!("CPU of {}", fleet.name), fleet.cpu_mean, tenths, points),
            fleet.cpu_target.map_or_else(|| "–".into(), |target| share(target / 100.0)).into(),
            known(
                outcome,
                &format!("instance-hours of {}", fleet.name),
                fleet.instance_seconds / 3_600.0,
                number,
                margin,
            ),
        ]);
    }
    (!outcome.fleets.is_empty()).then(|| format!("{}{table}", heading("Fleets", "")))
}

pub(super) fn caches(outcome: &Outcome) -> Option<String> {
    let mut table = Table::new(&NAMED);
    table.titles(&["", "hit ratio", "look-ups", "evicted", "expired", "invalidated", "coalesced", "filled"]);
    for cache in &outcome.caches {
        let filled = match cache.capacity {
            0 => "–".into(),
            capacity => share(cache.items / capacity as f64),
        };
        table.row([
            cache.name.as_str().into(),
            match cache.lookups > 0.0 {
                true => {
                    known(outcome, &format!("hit ratio of {}", cache.name), cache.hit_ratio, tenths, points)
                }
                false => "–".into(),
            },
            amount(cache.lookups).into(),
            amount(cache.evictions).into(),
            amount(cache.expirations).into(),
            amount(cache.invalidations).into(),
            amount(cache.coalesced).into(),
            filled.into(),
        ]);
    }
    (!outcome.caches.is_empty()).then(|| format!("{}{table}", heading("Caches", "")))
}

pub(super) fn databases(outcome: &Outcome) -> Option<String> {
    let mut table = Table::new(&DESCRIBED);
    let titles =
        ["", "engine", "reads", "writes", "on replicas", "stale reads", "worst lag", "connections", "buffer"];
    table.titles(&titles);
    for database in &outcome.databases {
        table.row([
            database.name.as_str().into(),
            database.engine.as_str().into(),
            amount(database.reads).into(),
            amount(database.writes).into(),
            amount(database.replica_reads).into(),
            stale(outcome, database),
            millis(database.lag_ms.max).into(),
            format!("≤ {}", count(database.peak_connections.into())).into(),
            database.buffer_hit_ratio.map_or_else(|| "–".into(), tenths).into(),
        ]);
    }
    let troubles: String = outcome.databases.iter().map(troubles).collect();
    (!outcome.databases.is_empty()).then(|| format!("{}{table}{troubles}", heading("Databases", "")))
}

pub(super) fn services(outcome: &Outcome) -> Option<String> {
    let mut table = Table::new(&NAMED);
    table.titles(&[
        "",
        "arrived",
        "served",
        "rejected",
        "gave up",
        "waited",
        "mean wait",
        "p99 wait",
        "busy",
    ]);
    for service in &outcome.services {
        table.row([
            service.name.as_str().into(),
            amount(service.arrived).into(),
            amount(service.served).into(),
            amount(service.rejected).into(),
            amount(service.abandoned).into(),
            amount(service.delayed).into(),
            known(outcome, &format!("wait at {}", service.name), service.mean_wait_ms, millis, |width| {
                millis_margin(service.mean_wait_ms, width)
            }),
            millis(service.wait_ms.p99).into(),
            known(outcome, &format!("busy share of {}", service.name), service.utilisation, tenths, points),
        ]);
    }
    (!outcome.services.is_empty()).then(|| format!("{}{table}", heading("Services", "")))
}

fn stale(outcome: &Outcome, database: &DatabaseOutcome) -> Cell {
    let name = format!("stale reads of {}", database.name);
    let stale = known(outcome, &name, database.stale_reads, amount, margin);
    let style = if database.stale_reads > 0.0 { WARNING } else { PLAIN };
    match database.replica_reads {
        0.0 => stale.styled(style),
        all => stale.followed(&format!(" ({})", share(database.stale_reads / all))).styled(style),
    }
}

/// A line on locks and refusals, where there were any.
fn troubles(database: &DatabaseOutcome) -> String {
    let mut parts = Vec::new();
    if database.mean_lock_wait_ms > 0.0 {
        parts.push(format!("row locks waited {} on average", millis(database.mean_lock_wait_ms)));
    }
    let counts = [
        (database.lock_timeouts, "lock wait timeouts"),
        (database.deadlocks, "deadlock victims"),
        (database.connections_refused, "connections refused"),
    ];
    parts.extend(
        counts.iter().filter(|it| it.0 > 0.0).map(|(times, what)| format!("{} {what}", amount(*times))),
    );
    match parts.is_empty() {
        true => String::new(),
        false => format!("  {}: {}\n", database.name, parts.join(", ")),
    }
}
