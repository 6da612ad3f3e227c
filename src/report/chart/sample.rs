//! An outcome to draw in tests: a shop's spike one hour into four, capacity four minutes late, a cold cache.

use std::collections::BTreeMap;

use crate::outcome::timeline::{CacheSeries, DatabaseSeries, FleetSeries};
use crate::outcome::{
    Activity, Bill, BillItem, CacheOutcome, ClassOutcome, Count, DatabaseOutcome, FleetOutcome, Incident,
    Latency, Outcome, Phase, RunsSummary, ScenarioSummary, Stage, StageKind, Timeline, VERSION,
};

const SPAN: f64 = 14_400.0;
const SPIKE: f64 = 3_600.0;
const RELIEF: f64 = SPIKE + 240.0;

/// Four hours in as many rows as given.
pub fn event(rows: u32) -> Outcome {
    let bucket_s = SPAN / f64::from(rows);
    let time: Vec<f64> = (0..rows).map(|row| f64::from(row) * bucket_s).collect();
    let column =
        |value: &dyn Fn(f64) -> f64| time.iter().map(|t| value(*t) * jitter(*t)).collect::<Vec<f64>>();
    let some = |value: &dyn Fn(f64) -> f64| column(value).into_iter().map(Some).collect::<Vec<Option<f64>>>();
    let whole = |value: &dyn Fn(f64) -> f64| time.iter().map(|t| value(*t).round()).collect::<Vec<f64>>();

    let desired = |t: f64| {
        if t < SPIKE + 60.0 {
            12.0
        } else if t < 10_000.0 {
            46.0
        } else {
            20.0
        }
    };
    let booting = |t: f64| if (SPIKE + 60.0..RELIEF).contains(&t) { 34.0 } else { 0.0 };
    let warming = |t: f64| if (RELIEF..RELIEF + 120.0).contains(&t) { 34.0 } else { 0.0 };
    let draining = |t: f64| if (10_000.0..10_300.0).contains(&t) { 26.0 } else { 0.0 };
    let offered = |t: f64| 900.0 + 7_200.0 * spike(t);
    let failed = |t: f64| offered(t) * (0.03 + 0.35 * trouble(t)) * trouble(t);
    let slow: [&dyn Fn(f64) -> f64; 8] = [
        &|_| 14.0,
        &|t| 900.0 * trouble(t).powi(2),
        &|t| 8.0 + 500.0 * trouble(t),
        &|t| 40.0 + 60.0 * spike(t),
        &|t| 4.0 + 2_200.0 * trouble(t),
        &|_| 2.0,
        &|t| 25.0 + 60.0 * spike(t),
        &|t| 6.0 + 90.0 * spike(t),
    ];
    let kinds = [
        (StageKind::Network, "", "network"),
        (StageKind::Retry, "", "between attempts"),
        (StageKind::Thread, "web", "waiting for a thread of web"),
        (StageKind::Cpu, "web", "CPU of web"),
        (StageKind::Pool, "orders", "waiting for a connection to orders on web"),
        (StageKind::Cache, "sessions", "cache sessions"),
        (StageKind::Database, "orders", "statements on orders"),
        (StageKind::Lock, "orders", "waiting for a row lock on orders"),
    ];
    let latency = Latency {
        count: 41_000_000,
        mean: 88.0,
        p50: 61.0,
        p90: 120.0,
        p95: 170.0,
        p99: 640.0,
        p99_9: 3_900.0,
        p99_99: 5_200.0,
        max: 9_800.0,
    };
    let timeline = Timeline {
        loads: Vec::new(),
        bucket_s,
        offered: column(&offered),
        completed: column(&|t| offered(t) - failed(t)),
        attempts: column(&|t| offered(t) + 1.4 * failed(t)),
        failed: BTreeMap::from([
            ("client_timeout".into(), column(&|t| 0.7 * failed(t))),
            ("pool_timeout".into(), column(&|t| 0.25 * failed(t))),
            ("http_503".into(), column(&|t| 0.05 * failed(t))),
        ]),
        in_flight: vec![0.0; time.len()],
        latency_ms: BTreeMap::from([
            ("p50".into(), some(&|t| 55.0 + 30.0 * spike(t) + 900.0 * trouble(t))),
            ("p95".into(), some(&|t| 130.0 + 60.0 * spike(t) + 2_600.0 * trouble(t))),
            ("p99".into(), some(&|t| 210.0 + 120.0 * spike(t) + 3_900.0 * trouble(t))),
            ("p99_9".into(), some(&|t| 420.0 + 300.0 * spike(t) + 5_200.0 * trouble(t))),
        ]),
        slow_ms: slow.iter().map(|value| column(value)).collect(),
        mean_ms: slow.iter().map(|value| column(&|t| value(t) / 5.0)).collect(),
        cost_usd: time
            .iter()
            .map(|t| {
                (t + bucket_s) / 3_600.0 * 31.0 + (t + bucket_s - SPIKE).clamp(0.0, 6_400.0) / 3_600.0 * 19.0
            })
            .collect(),
        fleets: vec![FleetSeries {
            name: "web".into(),
            pending: whole(&booting),
            warming: whole(&warming),
            in_service: whole(&|t| desired(t) - booting(t) - warming(t)),
            terminating: whole(&draining),
            desired: whole(&desired),
            unhealthy: whole(&|_| 0.0),
            serving: whole(&|t| desired(t) - booting(t) + draining(t)),
            cpu_waiting: column(&|t| 40.0 * trouble(t)),
            refused: column(&|_| 0.0),
            cpu_percent: column(&|t| (12.0 + 50.0 * spike(t) + 40.0 * trouble(t)).min(94.0)),
            threads_busy: column(&|_| 10.0),
            backlog: column(&|t| 900.0 * trouble(t)),
            pools: Vec::new(),
        }],
        caches: vec![CacheSeries {
            name: "sessions".into(),
            lookups: column(&offered),
            hit_ratio: time
                .iter()
                .map(|t| Some(0.96 - 0.6 * (-t / 900.0).exp() - 0.08 * spike(*t)))
                .collect(),
            evictions: column(&|t| if t > 5_000.0 { 240.0 * spike(t) } else { 0.0 }),
            fill_percent: time
                .iter()
                .map(|t| (100.0 * (1.0 - (-t / 1_800.0).exp()) * 1.08).min(100.0))
                .collect(),
            busy_percent: column(&|t| 30.0 * spike(t)),
        }],
        databases: vec![DatabaseSeries {
            name: "orders".into(),
            writer_cpu_percent: column(&|t| 18.0 + 60.0 * spike(t)),
            replica_cpu_percent: column(&|t| 12.0 + 45.0 * spike(t)),
            writer_waiting: column(&|t| 6.0 * spike(t)),
            replica_waiting: column(&|_| 0.0),
            refused: column(&|_| 0.0),
            writer_connections: whole(&|t| 20.0 * (desired(t) - booting(t))),
            replica_connections: whole(&|t| 30.0 * (desired(t) - booting(t))),
            writer_active: column(&|t| 4.0 + 20.0 * spike(t)),
            lock_waiting: column(&|t| 12.0 * spike(t)),
            lock_wait_ms: time
                .iter()
                .map(|t| (spike(*t) > 0.05).then(|| 140.0 * spike(*t) * jitter(*t)))
                .collect(),
            reads: column(&offered),
            writes: column(&|t| offered(t) / 9.0),
            lag_ms: column(&|t| 18.0 + 9_000.0 * spike(t).powi(3)),
            stale_reads: column(&|t| 45.0 * spike(t).powi(3)),
        }],
        services: Vec::new(),
        time_s: time,
    };
    let requests = Count {
        arrived: 41_234_567.0,
        completed: 40_903_567.0,
        failed: 331_000.0,
        in_flight: 0.0,
        failed_by_cause: BTreeMap::from([("client_timeout".into(), 331_000.0)]),
    };
    let class = |name: &str, factor: f64| ClassOutcome {
        name: name.into(),
        requests: requests.clone(),
        latency_ms: Latency {
            p50: latency.p50 * factor,
            p90: latency.p90 * factor,
            p95: latency.p95 * factor,
            p99: latency.p99 * factor,
            p99_9: latency.p99_9 * factor,
            p99_99: latency.p99_99 * factor,
            ..latency.clone()
        },
        distribution: vec![(50.0, latency.p50 * factor), (99.0, latency.p99 * factor)],
    };
    let item = |what: &str, usd: f64| BillItem {
        service: "EC2".into(),
        resource: "web".into(),
        what: what.into(),
        quantity: 1.0,
        unit: "hour".into(),
        unit_price_usd: usd,
        usd,
        month_usd: usd * 182.5,
        source: "price list".into(),
    };
    let activity = |at_s: f64, done_s: f64, from: u32, to: u32| Activity {
        at_s,
        done_s: Some(done_s),
        fleet: "web".into(),
        from,
        to,
        cause: "target tracking".into(),
        launches: to.saturating_sub(from),
        called_off: 0,
    };
    Outcome {
        warnings: Vec::new(),
        headroom: Vec::new(),
        version: VERSION,
        simcap: "0.1.0".into(),
        scenario: ScenarioSummary {
            name: "Black Friday, unprepared".into(),
            slug: "black-friday-unprepared".into(),
            file: "black-friday-unprepared.toml".into(),
            region: "ap-northeast-2".into(),
            duration_s: SPAN,
            warmup_s: 600.0,
            seed: 1,
            overrides: Vec::new(),
        },
        runs: RunsSummary { count: 1, seeds: vec![1] },
        estimates: Vec::new(),
        partial: None,
        precision: Vec::new(),
        requests: requests.clone(),
        attempts: requests.clone(),
        abandoned: Default::default(),
        goodput_per_s: 2_840.0,
        distribution: vec![
            (0.0, 22.0),
            (25.0, 45.0),
            (50.0, latency.p50),
            (75.0, 84.0),
            (90.0, latency.p90),
            (95.0, latency.p95),
            (98.0, 330.0),
            (99.0, latency.p99),
            (99.9, latency.p99_9),
            (99.99, latency.p99_99),
            (99.999, 7_000.0),
            (100.0, latency.max),
        ],
        classes: vec![class("browse", 0.8), class("checkout", 1.9)],
        latency_ms: latency.clone(),
        stages: kinds
            .map(|(kind, resource, label)| Stage {
                label: label.into(),
                kind,
                resource: resource.into(),
                of: None,
            })
            .into(),
        timeline,
        phases: vec![Phase {
            from_s: SPIKE + 20.0,
            to_s: RELIEF + 130.0,
            stage: 4,
            share: 0.61,
            chain: Vec::new(),
            trouble: true,
            sentence: "the pool to orders was full".into(),
        }],
        scaling: vec![
            activity(SPIKE + 60.0, RELIEF, 12, 30),
            activity(SPIKE + 120.0, RELIEF + 60.0, 30, 46),
            activity(10_000.0, 10_300.0, 46, 20),
        ],
        incidents: vec![
            Incident { at_s: SPIKE + 90.0, resource: "web".into(), text: "3 of 12 targets unhealthy".into() },
            Incident {
                at_s: SPIKE + 100.0,
                resource: "web".into(),
                text: "5 of 12 targets unhealthy".into(),
            },
            Incident {
                at_s: 7_300.0,
                resource: "orders".into(),
                text: "connections refused at the limit".into(),
            },
        ],
        fleets: vec![FleetOutcome {
            name: "web".into(),
            instance: "m6i.xlarge".into(),
            cpu_target: Some(60.0),
            peak_instances: 46,
            launched: 34.0,
            terminated: 26.0,
            never_served: 0.0,
            instance_seconds: 400_000.0,
            cpu_mean: 0.4,
        }],
        caches: vec![CacheOutcome {
            name: "sessions".into(),
            lookups: 41_000_000.0,
            hits: 38_300_000.0,
            hit_ratio: 0.934,
            evictions: 310_000.0,
            expirations: 0.0,
            invalidations: 0.0,
            coalesced: 0.0,
            items: 900_000.0,
            capacity: 900_000,
        }],
        databases: vec![DatabaseOutcome {
            name: "orders".into(),
            engine: "mysql".into(),
            reads: 40_000_000.0,
            writes: 4_000_000.0,
            commits: 4_000_000.0,
            lock_timeouts: 12.0,
            deadlocks: 0.0,
            connections_refused: 0.0,
            peak_connections: 920,
            replica_reads: 30_000_000.0,
            stale_reads: 120_000.0,
            lag_ms: Latency { count: 1_000, max: 9_020.0, ..Latency::default() },
            mean_lock_wait_ms: 40.0,
            buffer_hit_ratio: Some(0.99),
        }],
        services: Vec::new(),
        work: Default::default(),
        bill: Bill {
            total_usd: 157.8,
            per_million_requests_usd: Some(3.86),
            month_usd: 22_000.0,
            items: vec![item("m6i.xlarge instance-hours", 71.2), item("db.r6g.2xlarge node-hours", 30.1)],
            price_dates: None,
        },
        objectives: Vec::new(),
    }
}

/// Demand above the usual, 0 to 1: a quick rise at the spike and a slow fall.
fn spike(t: f64) -> f64 {
    if t < SPIKE {
        0.0
    } else {
        ((t - SPIKE) / 60.0).min(1.0) * (-(t - SPIKE - 1_500.0).max(0.0) / 2_400.0).exp()
    }
}

/// How badly capacity is missing, 0 to 1: until the new instances are warm.
fn trouble(t: f64) -> f64 {
    spike(t) * if t < RELIEF { 1.0 } else { (-(t - RELIEF) / 70.0).exp() }
}

/// A repeatable unevenness of a few percent.
fn jitter(t: f64) -> f64 {
    1.0 + 0.06 * (t * 0.731).sin() * (t * 0.0917).cos()
}
