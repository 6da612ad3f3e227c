//! Scenarios for the tests of bills and verdicts, built in place: no file, no defaults of the language.

use std::collections::BTreeMap;

use crate::catalog::{InstanceType, cache_node, database_class, instance_type};
use crate::dist::Law;
use crate::scenario::balancer::{Balancer, HealthCheck, Routing, TargetConnections, Ties};
use crate::scenario::cache::{Cache, Eviction};
use crate::scenario::database::{Database, Engine, LockOrder, Replication};
use crate::scenario::fleet::{Boot, Discipline, Fleet, Overflow};
use crate::scenario::{FleetId, Scenario};
use crate::units::{Bytes, Time};

const NOTHING: Law = Law::Constant(Time::ZERO);

/// A scenario without resources.
pub(crate) fn empty(region: &str) -> Scenario {
    Scenario {
        name: "Sample".into(),
        slug: "sample".into(),
        region: region.into(),
        duration: Time::from_secs(3_600),
        bucket: Time::from_secs(10),
        warmup: Time::ZERO,
        seed: 1,
        runs: 1,
        sources: Vec::new(),
        classes: Vec::new(),
        balancers: Vec::new(),
        fleets: Vec::new(),
        caches: Vec::new(),
        databases: Vec::new(),
        services: Vec::new(),
        key_spaces: Vec::new(),
        objectives: Vec::new(),
        allow: Vec::new(),
        prices: BTreeMap::new(),
    }
}

/// A fleet of a type from the catalog, over two zones and without policies.
pub(crate) fn fleet(instance: &str) -> Fleet {
    fleet_of(instance_type(instance).unwrap().clone())
}

/// A fleet of any hardware.
pub(crate) fn fleet_of(instance: InstanceType) -> Fleet {
    Fleet {
        name: "web".into(),
        instance,
        speeds: Vec::new(),
        zones: 2,
        threads: None,
        backlog: 0,
        overflow: Overflow::Drop,
        discipline: Discipline::ProcessorSharing,
        min: 1,
        max: 10,
        desired: 1,
        boot: Boot {
            decision: NOTHING,
            launch: NOTHING,
            system: NOTHING,
            bootstrap: NOTHING,
            application: NOTHING,
            cpu: [0.0; 3],
        },
        launch_hook: None,
        terminate_hook: None,
        warmup: Time::ZERO,
        cooldown: Time::ZERO,
        grace: Time::ZERO,
        elb_health: false,
        metric_period: Time::from_secs(60),
        policies: Vec::new(),
        schedule: Vec::new(),
        pools: Vec::new(),
        timetable: Vec::new(),
    }
}

/// A balancer in front of the first fleet.
pub(crate) fn balancer(internet_facing: bool) -> Balancer {
    Balancer {
        name: "public".into(),
        routing: Routing::RoundRobin,
        ties: Ties::First,
        targets: FleetId(0),
        health_check: HealthCheck {
            interval: Time::from_secs(30),
            timeout: Time::from_secs(5),
            healthy_threshold: 5,
            unhealthy_threshold: 2,
            cpu: NOTHING,
        },
        target_connections: TargetConnections::KeepAlive,
        deregistration_delay: Time::ZERO,
        idle_timeout: Time::from_secs(60),
        connect_timeout: Time::from_secs(10),
        slow_start: Time::ZERO,
        cross_zone: true,
        hop: Time::ZERO,
        requests_per_connection: 1.0,
        internet_facing,
    }
}

/// A cache of a node type from the catalog.
pub(crate) fn cache(node: &str, shards: u32, replicas: u32) -> Cache {
    Cache {
        name: "catalog".into(),
        node: cache_node(node).unwrap().clone(),
        shards,
        replicas,
        memory: Bytes(1 << 30),
        item: Bytes(1_024),
        ttl: None,
        renew: false,
        eviction: Eviction::Lru,
        hit_ratio: None,
        command: NOTHING,
        hop: Time::ZERO,
        coalesce: false,
        warm: 0.0,
    }
}

/// A database whose nodes are all of one class from the catalog, with 200 GB of data.
pub(crate) fn database(engine: Engine, class: &str, replicas: u32) -> Database {
    let class = database_class(class).unwrap();
    Database {
        name: "orders".into(),
        engine,
        writer: class.clone(),
        replica: class.clone(),
        replicas,
        multi_az: false,
        writer_connections: 1_000,
        replica_connections: 1_000,
        commit: NOTHING,
        lock_wait_timeout: Time::from_secs(50),
        lock_order: LockOrder::Fifo,
        deadlock_check: Time::ZERO,
        replication: Replication::SharedStorage { base: Time::ZERO, per_write_rate: Time::ZERO },
        hop: Time::ZERO,
        storage: Bytes(200_000_000_000),
        io_optimized: false,
        row: None,
        storage_read: NOTHING,
    }
}
