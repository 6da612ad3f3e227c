//! Scenarios for the tests of bills and verdicts: that of `tests/it/stored/shop.toml`, with what a test asks for in it.
//!
//! In: the file, as the language reads it. Out: a scenario without resources, and resources to put into it.

use std::path::Path;

use crate::catalog::zone::Zone;
use crate::catalog::{InstanceType, cache_node, database_class, instance_type};
use crate::kind;
use crate::kind::balancer::language::Balancer;
use crate::kind::cache::language::Cache;
use crate::kind::database::language::{Database, Engine};
use crate::kind::fleet::language::Fleet;
use crate::scenario::{Scenario, parse};
use crate::units::{Bytes, Time};

/// The scenario as it stands in the file.
pub(crate) fn shop() -> Scenario {
    let text = include_bytes!("../../tests/it/stored/shop.toml");
    parse("shop.toml", text, Path::new(""), &[]).expect("the stored scenario is a good one")
}

/// An hour of a scenario without resources.
pub(crate) fn empty(region: &str) -> Scenario {
    Scenario {
        starts: None,
        region: region.into(),
        duration: Time::from_secs(3_600),
        bucket: Time::from_secs(10),
        warmup: Time::ZERO,
        sources: Vec::new(),
        classes: Vec::new(),
        kinds: kind::Settings::default(),
        paths: Vec::new(),
        key_spaces: Vec::new(),
        objectives: Vec::new(),
        ..shop()
    }
}

/// The same with resources.
pub(crate) fn of(region: &str, kinds: kind::Settings) -> Scenario {
    Scenario { kinds, ..empty(region) }
}

/// A fleet of a type from the catalog, over two zones and without policies.
pub(crate) fn fleet(instance: &str) -> Fleet {
    fleet_of(instance_type(instance).unwrap().clone())
}

/// A fleet of any hardware, with basic monitoring.
pub(crate) fn fleet_of(instance: InstanceType) -> Fleet {
    let metric_period = Time::from_secs(300);
    let policies = Vec::new();
    Fleet { instance, azs: Zone::first(2), metric_period, policies, ..shop().kinds.fleets.remove(0) }
}

/// A balancer before the first fleet, with a connection for each request.
pub(crate) fn balancer(internet_facing: bool) -> Balancer {
    Balancer { internet_facing, requests_per_connection: 1.0, ..shop().kinds.balancers.remove(0) }
}

/// A cache of a node type from the catalog.
pub(crate) fn cache(node: &str, shards: u32, replicas: u32) -> Cache {
    Cache { node: cache_node(node).unwrap().clone(), shards, replicas, ..shop().kinds.caches.remove(0) }
}

/// A database whose nodes are all of one class from the catalog, with 200 GB of data.
pub(crate) fn database(engine: Engine, class: &str, replicas: u32) -> Database {
    let class = database_class(class).unwrap();
    Database {
        engine,
        writer: class.clone(),
        replica: class.clone(),
        replicas,
        replica_scaling: None,
        serverless: None,
        multi_az: false,
        cluster: false,
        storage: Bytes(200 << 30),
        io_optimized: false,
        ..shop().kinds.databases.remove(0)
    }
}
