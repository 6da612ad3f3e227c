//! A small outcome made by hand, for the tests of everything that reads one.

use std::collections::BTreeMap;

use super::Resource;
use super::estimate::{Better, Unit};
use super::headroom::Load;
use super::timeline::{CacheSeries, DatabaseSeries, FleetSeries, PoolSeries, ServiceSeries};

use super::*;
use crate::interval::{Interval, LEVEL};

/// Rows of the sample's timeline, ten seconds each.
pub(crate) const ROWS: usize = 12;

/// A calm run of a shop: two minutes, one fleet, one pool, one cache, one database, one service.
pub(crate) fn outcome() -> Outcome {
    let failed_by_cause =
        BTreeMap::from([("502 connection reset".into(), 40.0), ("client timeout".into(), 260.0)]);
    let requests =
        Count { arrived: 120_000.0, completed: 119_680.0, failed: 300.0, in_flight: 20.0, failed_by_cause };
    Outcome {
        version: VERSION,
        simcap: "0.1.0".into(),
        scenario: ScenarioSummary {
            name: "Little shop".into(),
            slug: "little-shop".into(),
            file: "little-shop.toml".into(),
            region: "ap-northeast-2".into(),
            duration_s: 120.0,
            warmup_s: 10.0,
            seed: 7,
            overrides: vec!["fleet.web.max=80".into()],
        },
        runs: RunsSummary { count: 1, seeds: vec![7] },
        estimates: Vec::new(),
        partial: None,
        precision: Vec::new(),
        attempts: Count { arrived: 121_450.0, completed: 119_680.0, failed: 1_745.0, ..requests.clone() },
        abandoned: Abandoned { ended: 240.0, in_system: 3.0, cpu_s: 4.25 },
        goodput_per_s: 119_680.0 / 120.0,
        latency_ms: latency(109_700, 31.0),
        distribution: vec![(0.0, 4.0), (50.0, 31.0), (99.0, 124.0), (100.0, 8_003.5)],
        classes: vec![
            ClassOutcome {
                name: "home".into(),
                requests: requests.clone(),
                latency_ms: latency(80_000, 21.0),
                distribution: vec![(50.0, 21.0), (100.0, 84.0)],
            },
            ClassOutcome {
                name: "checkout".into(),
                requests: Count::default(),
                latency_ms: Latency::default(),
                distribution: Vec::new(),
            },
        ],
        requests,
        stages: stages(),
        timeline: timeline(),
        phases: vec![phase(0.0, 40.0, false), phase(40.0, 120.0, true)],
        headroom: headroom(),
        scaling: (0..9).map(activity).collect(),
        incidents: vec![Incident {
            at_s: 52.0,
            resource: "web".into(),
            text: "1 of 4 targets unhealthy".into(),
        }],
        fleets: vec![FleetOutcome {
            name: "web".into(),
            instance: "m6i.large".into(),
            cpu_target: Some(60.0),
            peak_instances: 13,
            launched: 9.0,
            terminated: 0.0,
            never_served: 0.0,
            instance_seconds: 1_021.5,
            cpu_mean: 0.47,
        }],
        caches: vec![CacheOutcome {
            name: "catalog".into(),
            lookups: 90_000.0,
            hits: 81_000.0,
            hit_ratio: 0.9,
            evictions: 12.0,
            expirations: 0.0,
            invalidations: 7.0,
            coalesced: 0.0,
            items: 500_000.0,
            capacity: 2_000_000,
        }],
        databases: vec![DatabaseOutcome {
            name: "orders".into(),
            engine: "aurora-mysql".into(),
            reads: 9_000.0,
            writes: 1_200.0,
            commits: 1_200.0,
            lock_timeouts: 2.0,
            deadlocks: 0.0,
            connections_refused: 0.0,
            peak_connections: 80,
            replica_reads: 9_000.0,
            stale_reads: 14.0,
            lag_ms: Latency { count: 1_000, max: 18.5, ..Latency::default() },
            mean_lock_wait_ms: 3.2,
            buffer_hit_ratio: Some(0.993),
        }],
        work: Work::default(),
        services: vec![ServiceOutcome {
            name: "payment".into(),
            arrived: 1_000.0,
            served: 996.0,
            rejected: 3.0,
            abandoned: 1.0,
            delayed: 200.0,
            mean_wait_ms: 41.0,
            wait_ms: latency(996, 0.0),
            utilisation: 0.71,
            mean_in_station: 9.4,
        }],
        bill: bill(),
        warnings: Vec::new(),
        objectives: vec![
            Verdict {
                objective: "latency p99 < 800ms".into(),
                figure: Some("p99".into()),
                observed: "124ms".into(),
                met: true,
                standing: Standing::Met,
                runs_met: 1,
                runs_missed: 0,
                min: Some(124.0),
                max: Some(124.0),
                by_runs: "met in 1 of 1 run, 124ms".into(),
                interval: None,
            },
            Verdict {
                objective: "errors < 0.1%".into(),
                figure: Some("errors".into()),
                observed: "0.25%".into(),
                met: false,
                standing: Standing::Missed,
                runs_met: 0,
                runs_missed: 1,
                min: Some(0.0025),
                max: Some(0.0025),
                by_runs: "missed in 1 of 1 run, 0.25%".into(),
                interval: None,
            },
        ],
    }
}

/// The same shop in three runs that differ a little.
pub(crate) fn several() -> Outcome {
    let estimate = |name: &str, value: f64, half_width: f64| Estimate {
        name: name.into(),
        unit: Unit::Millis,
        better: Better::Lower,
        value,
        interval: Some(Interval {
            low: value - half_width,
            high: value + half_width,
            half_width,
            level: LEVEL,
            runs: 3,
        }),
        rounding: 0.0,
        by_run: [value - 1.0, value, value + 1.0].map(Some).to_vec(),
        without: Vec::new(),
        stretch: 1.0,
    };
    let mut outcome = outcome();
    outcome.runs = RunsSummary { count: 3, seeds: vec![7, 8, 9] };
    outcome.requests.failed = 300.0 + 1.0 / 3.0;
    outcome.estimates = vec![
        estimate("p50", 31.0, 0.2),
        estimate("p99", 124.0, 9.0),
        Estimate {
            interval: Some(Interval {
                low: 2_610.0,
                high: 4_730.0,
                half_width: 1_060.0,
                level: LEVEL,
                runs: 3,
            }),
            ..estimate("p99.99", 3_100.0, 450.0)
        },
        estimate("home p99", 84.0, 0.0),
        estimate("errors", 0.0025, 0.0003),
        estimate("arrived", 120_000.0, 412.0),
        estimate("attempts", 121_450.0, 440.0),
        estimate("goodput", 997.3, 3.4),
        estimate("cost", 0.19, 0.004),
        estimate("CPU of web", 0.47, 0.013),
        estimate("instance-hours of web", 0.284, 0.01),
        estimate("hit ratio of catalog", 0.9, 0.0004),
        estimate("stale reads of orders", 14.0, 3.3),
        estimate("wait at payment", 41.0, 2.5),
        estimate("busy share of payment", 0.71, 0.02),
    ];
    let verdicts = &mut outcome.objectives;
    verdicts[0].standing = Standing::CannotTell;
    verdicts[0].observed = "124ms ± 9ms".into();
    (verdicts[0].runs_met, verdicts[0].runs_missed) = (2, 1);
    verdicts[0].by_runs = "missed in 1 of 3 runs, 119ms to 131ms".into();
    (verdicts[1].runs_met, verdicts[1].runs_missed) = (0, 3);
    verdicts[1].observed = "0.25% ± 0.03%".into();
    verdicts[1].by_runs = "missed in 3 of 3 runs, 0.23% to 0.27%".into();
    let asked = |asked: &str, reached, met, runs_needed| Precision {
        asked: asked.into(),
        target: 0.02,
        reached,
        met,
        runs_needed,
    };
    outcome.precision = vec![
        asked("p50 2%", Some(0.006), true, None),
        asked("p99 2%", Some(0.073), false, Some(27)),
        asked("checkout p99 2%", None, false, None),
    ];
    outcome
}

fn latency(count: u64, p50: f64) -> Latency {
    Latency {
        count,
        mean: p50 * 1.2,
        p50,
        p90: p50 * 2.0,
        p95: p50 * 2.5,
        p99: p50 * 4.0,
        p99_9: p50 * 20.0,
        p99_99: p50 * 100.0,
        max: 8_003.5,
    }
}

fn stages() -> Vec<Stage> {
    let stage = |label: &str, kind, resource: &str, of| Stage {
        label: label.into(),
        kind,
        resource: resource.into(),
        of,
    };
    let pool = Some(Resource::Pool { fleet: 0, pool: 0, node: Node::Writer });
    let writer = Some(Resource::Database { database: 0, node: Node::Writer });
    vec![
        stage("network", StageKind::Network, "", None),
        stage("CPU of web", StageKind::Cpu, "web", Some(Resource::Cpu { fleet: 0 })),
        stage("waiting for a connection to orders on web", StageKind::Pool, "web", pool),
        stage("statements on orders", StageKind::Database, "orders", writer),
        stage(
            "waiting for a row lock in orders",
            StageKind::Lock,
            "orders",
            Some(Resource::Locks { database: 0 }),
        ),
    ]
}

/// All calm: 1,000 requests/s, p99 of 40 ms, no failures.
pub(crate) fn timeline() -> Timeline {
    let all = |value: f64| vec![value; ROWS];
    let some = |value: f64| vec![Some(value); ROWS];
    let pool = PoolSeries {
        database: "orders".into(),
        role: "writer".into(),
        used_percent: all(30.0),
        waiting: all(0.0),
    };
    Timeline {
        loads: Vec::new(),
        bucket_s: 10.0,
        time_s: (0..ROWS).map(|row| row as f64 * 10.0).collect(),
        offered: all(1_000.0),
        completed: all(1_000.0),
        attempts: all(1_000.0),
        failed: BTreeMap::from([("client timeout".into(), all(0.0))]),
        in_flight: vec![31.0; ROWS],
        latency_ms: BTreeMap::from([("p50".into(), some(10.0)), ("p99".into(), some(40.0))]),
        slow_ms: [4.0, 20.0, 2.0, 10.0, 4.0].map(all).to_vec(),
        mean_ms: [4.0, 5.0, 0.0, 1.0, 0.0].map(all).to_vec(),
        cost_usd: (0..ROWS).map(|row| row as f64 * 0.01).collect(),
        fleets: vec![FleetSeries {
            name: "web".into(),
            pending: vec![0.0; ROWS],
            warming: vec![0.0; ROWS],
            in_service: vec![4.0; ROWS],
            terminating: vec![0.0; ROWS],
            desired: vec![4.0; ROWS],
            unhealthy: vec![0.0; ROWS],
            serving: all(4.0),
            cpu_percent: all(45.0),
            cpu_waiting: all(0.0),
            threads_busy: all(7.0),
            backlog: all(0.0),
            refused: all(0.0),
            pools: vec![pool],
        }],
        caches: vec![CacheSeries {
            name: "catalog".into(),
            lookups: all(750.0),
            hit_ratio: some(0.9),
            evictions: all(0.0),
            fill_percent: all(25.0),
            busy_percent: all(12.0),
        }],
        databases: vec![DatabaseSeries {
            name: "orders".into(),
            writer_cpu_percent: all(20.0),
            replica_cpu_percent: all(10.0),
            writer_waiting: all(0.1),
            replica_waiting: all(0.0),
            writer_connections: vec![80.0; ROWS],
            replica_connections: vec![0.0; ROWS],
            refused: all(0.0),
            writer_active: all(1.5),
            lock_waiting: all(0.0),
            lock_wait_ms: vec![None; ROWS],
            reads: all(75.0),
            writes: all(10.0),
            lag_ms: all(15.0),
            stale_reads: all(0.1),
        }],
        services: vec![ServiceSeries {
            name: "payment".into(),
            busy_percent: all(71.0),
            waiting: all(0.5),
            refused: all(0.0),
        }],
    }
}

fn headroom() -> Vec<Headroom> {
    let load = |at_s, busy: f64, instances| Load {
        at_s,
        busy,
        multiplier: (busy > 0.0).then(|| 1.0 / busy),
        instances,
    };
    let of = |resource: &str, kind, as_it_stood, at_maximum| Headroom {
        of: Resource::Service { service: 0 },
        fullest: None,
        held_by: None,
        resource: resource.into(),
        kind,
        as_it_stood,
        at_maximum,
        saturated: false,
    };
    let small = |name: &str, busy| of(name, StageKind::Cache, load(60.0, busy, None), None);
    vec![
        Headroom {
            saturated: true,
            ..of("pool of web to orders (writer)", StageKind::Pool, load(40.0, 0.999, Some(4.0)), None)
        },
        of("payment", StageKind::Service, load(60.0, 0.71, None), None),
        of("CPU of web", StageKind::Cpu, load(50.0, 0.62, Some(6.4)), Some(load(60.0, 0.4, Some(13.0)))),
        small("one", 0.12),
        small("two", 0.11),
        small("three", 0.02),
        small("four", 0.005),
        small("five", 0.0),
    ]
}

fn phase(from_s: f64, to_s: f64, trouble: bool) -> Phase {
    let sentence = match trouble {
        true => {
            "0:40 pool of `web` to `orders` full (up to 310 waiting) → 3.1 % of requests failed, pool_timeout → \
                 retries ×1.3 · 1:05 CPU of the writer of `orders` full (up to 41 waiting); p99 up to 2.4s"
        }
        false => "normal: p99 around 40ms; tightest: payment 71 % busy at 1:00, full at ×1.41",
    };
    let link =
        |at_s, resource, cause, text: &str| Link { at_s, until_s: to_s, resource, cause, text: text.into() };
    let pool = Some(Resource::Pool { fleet: 0, pool: 0, node: Node::Writer });
    let chain = vec![
        link(40.0, pool, true, "pool of `web` to `orders` full (up to 310 waiting)"),
        link(40.0, None, false, "3.1 % of requests failed, pool_timeout"),
    ];
    Phase {
        from_s,
        to_s,
        stage: 1 + usize::from(trouble),
        share: 0.61,
        trouble,
        chain: if trouble { chain } else { Vec::new() },
        sentence: sentence.into(),
    }
}

fn activity(position: u32) -> Activity {
    Activity {
        at_s: 60.0 + f64::from(position),
        done_s: (position < 8).then(|| 100.0 + f64::from(position)),
        fleet: "web".into(),
        from: 4 + position,
        to: 5 + position,
        cause: "alarm `cpu-high` on CPU 71.2 above 60".into(),
        launches: 1,
        called_off: 0,
    }
}

fn bill() -> Bill {
    let item = |service: &str, resource: &str, what: &str, quantity: f64, unit: &str, price: f64| BillItem {
        service: service.into(),
        resource: resource.into(),
        what: what.into(),
        quantity,
        unit: unit.into(),
        unit_price_usd: price,
        usd: quantity * price,
        month_usd: 730.0 * price,
        source: "AWS price list, 2026-10-01".into(),
    };
    let items = vec![
        item("EC2", "web", "m6i.large instance-hours", 0.283_75, "hour", 0.118),
        item("ELB", "public", "load balancer hours", 0.033_333_333_333_333_33, "hour", 0.0225),
        item("DataTransfer", "", "internet egress", 1.234_567, "GB", 0.126),
    ];
    let total_usd = items.iter().map(|item| item.usd).sum();
    Bill {
        total_usd,
        per_million_requests_usd: Some(total_usd / 0.119_68),
        month_usd: items.iter().map(|item| item.month_usd).sum(),
        items,
        price_dates: Some(("2026-10-01".into(), "2026-11-01".into())),
    }
}
