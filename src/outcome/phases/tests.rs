//! What can fill what, by the paths of a scenario; and where the time of slow requests went.

mod able;
mod limits;
mod steady;

use std::path::Path;

use super::*;
use crate::outcome::{Node, Resource};
use crate::scenario;

const SHOP: &str = r#"
duration = "10s"
traffic.people.rate = "1/s"
[request.buy]
via = "web"
steps = [{ cpu = "1ms" }, { call = "app", steps = [
  { service = "pay" },
  { cache = "store", keys = { count = 10 }, miss = { read = "shop", demand = "1ms" } },
  { transaction = "shop", steps = [
    { read = "1ms" }, { write = "1ms", rows = { count = 10 } }, { cpu = "1ms" },
  ] },
] }]
[fleet.web]
instance = "m5.large"
instances = 1
[fleet.app]
instance = "m5.large"
instances = 1
pools = { shop = { writer = 5, reader = 5 } }
[cache.store]
node = "cache.r6g.large"
[database.shop]
writer = "db.r6g.large"
replicas = 1
[service.pay]
servers = 1
time = "1ms"
"#;

fn held() -> Held {
    let scenario = scenario::parse("shop.toml", SHOP.as_bytes(), Path::new(""), &[]);
    Held::of(&scenario.unwrap_or_else(|error| panic!("{error}")))
}

const WEB: Resource = Resource::Threads { fleet: 0 };
const APP: Resource = Resource::Threads { fleet: 1 };
const TO_WRITER: Resource = Resource::Pool { fleet: 1, pool: 0, node: Node::Writer };
const TO_REPLICA: Resource = Resource::Pool { fleet: 1, pool: 0, node: Node::Reader };
const WRITER: Resource = Resource::Database { database: 0, node: Node::Writer };
const REPLICA: Resource = Resource::Database { database: 0, node: Node::Reader };
const LOCKS: Resource = Resource::Locks { database: 0 };
const PAY: Resource = Resource::Service { service: 0 };

#[test]
fn a_thread_is_held_for_everything_below_it() {
    let below = held().below(WEB);
    for resource in [APP, TO_WRITER, TO_REPLICA, WRITER, REPLICA, LOCKS, PAY] {
        assert!(below.contains(&resource), "{resource:?}");
    }
    assert!(below.contains(&Resource::Cpu { fleet: 1 }), "the CPU of the tier below");
    assert!(held().below(APP).is_disjoint(&[WEB, Resource::Cpu { fleet: 0 }].into()));
}

#[test]
fn a_connection_waits_for_its_own_node_and_for_row_locks() {
    let (to_writer, to_replica) = (held().below(TO_WRITER), held().below(TO_REPLICA));
    assert!(to_writer.contains(&LOCKS) && to_writer.contains(&WRITER) && !to_writer.contains(&REPLICA));
    assert!(to_replica.contains(&REPLICA) && !to_replica.contains(&WRITER) && !to_replica.contains(&LOCKS));
    assert!(to_writer.contains(&Resource::Cpu { fleet: 1 }), "the application thinks meanwhile");
    assert!(!to_writer.contains(&PAY), "paid before the transaction");
}

#[test]
fn a_row_lock_is_held_for_the_database_and_for_nothing_above_it() {
    let below = held().below(LOCKS);
    assert!(below.contains(&WRITER) && !below.contains(&TO_WRITER) && !below.contains(&APP));
}

/// What is lost makes what is left of it full, and what comes after it in a path: a miss after a look-up at a lost shard.
#[test]
fn what_is_lost_fills_what_is_left_and_what_comes_after() {
    let held = held();
    let node = |node| Resource::LostNodes { database: 0, node };
    let shards = Resource::LostShards { cache: 0 };
    for of in [WRITER, REPLICA, TO_WRITER, TO_REPLICA, LOCKS, APP, WEB] {
        let below = held.below(of);
        assert!(below.contains(&node(Node::Writer)) && below.contains(&node(Node::Reader)), "{of:?}");
    }
    // Replicas are read after a miss; rows are written in a transaction of its own.
    assert!(held.below(REPLICA).contains(&shards) && held.below(WEB).contains(&shards));
    assert!(!held.below(WRITER).contains(&shards) && !held.below(PAY).contains(&shards));
    for fleet in 0..2 {
        let lost = Resource::LostInstances { fleet };
        for of in [Resource::Cpu { fleet }, Resource::Targets { fleet }, Resource::FailsOpen { fleet }] {
            assert!(held.below(of).contains(&lost), "{of:?}");
        }
    }
    assert!(!held.below(Resource::Cpu { fleet: 0 }).contains(&Resource::LostInstances { fleet: 1 }));
    assert!(held.below(shards).is_empty(), "no zone is ever lost");
}

#[test]
fn one_row_of_thirty_seconds_does_not_rule_the_others() {
    let timeline = Timeline {
        completed: vec![100.0; 10],
        // Stage 1 in one row; stage 0 in all others.
        slow_ms: vec![[vec![0.0], vec![90.0; 9]].concat(), [vec![30_000.0], vec![10.0; 9]].concat()],
        ..Timeline::default()
    };
    let leading = leading_stage(&timeline, 0..10).unwrap();
    assert_eq!(leading.stage, 0);
    assert!((leading.share - 0.81).abs() < 1e-12, "{}", leading.share);
}

/// Reports that take three seconds by design come from the tenth minute on: they are as slow as they are meant to be, unless
/// an objective forbids it.
#[test]
fn a_class_that_is_slow_by_design_is_no_trouble_unless_an_objective_is_missed() {
    let phases = |objectives: &str| {
        let text = format!(
            "duration = \"20m\"\n[traffic.a]\nrate = \"50/s\"\nrequests = \"page\"\n[traffic.b]\n\
             rate = [[\"0m\", \"0/s\"], [\"10m\", \"0/s\"], [\"10m\", \"20/s\"], [\"15m\", \"20/s\"], [\"15m\", \"0/s\"]]\n\
             requests = \"report\"\n[request.page]\nsteps = [{{ delay = \"20ms\" }}]\n[request.report]\n\
             steps = [{{ delay = \"3s\" }}]\n{objectives}"
        );
        let scenario = scenario::parse("reports.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        crate::outcome::simulate(&scenario, 1, &mut |_| {}).phases
    };
    for objectives in ["", "[objectives]\nlatency = \"p50 < 1s\"\n"] {
        let phases = phases(objectives);
        assert!(phases.iter().all(|phase| !phase.trouble), "{objectives}: {phases:?}");
    }
    let missed = phases("[objectives]\nlatency = \"p99 < 2s\"\n");
    let trouble: Vec<_> = missed.iter().filter(|phase| phase.trouble).collect();
    let [trouble] = trouble[..] else { panic!("{missed:?}") };
    assert!(
        (600.0..=612.0).contains(&trouble.from_s) && (895.0..=910.0).contains(&trouble.to_s),
        "{trouble:?}"
    );
    assert!(trouble.sentence.contains("delays written in the path"), "{trouble:?}");
}

/// One request in each row of 5 s, of which one in twenty takes 3 s: half of the rows say 10 ms, and 99 of 100 requests do not.
#[test]
fn the_p99_of_a_phase_is_that_of_its_requests() {
    let text = "duration = \"20m\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"0.5/s\"\nrequests = { quick = 19, long = 1 }\n\
         [request.quick]\nsteps = [{ delay = \"10ms\" }]\n[request.long]\nsteps = [{ delay = \"3s\" }]\n";
    let scenario = scenario::parse("quiet.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    let outcome = crate::outcome::simulate(&scenario, 1, &mut |_| {});
    let p99 = crate::number::millis(outcome.latency_ms.p99);
    assert_eq!(outcome.phases.len(), 1);
    let sentence = &outcome.phases[0].sentence;
    assert!(sentence.contains(&format!("p99 {p99}")) && p99.starts_with('3'), "{p99}: {sentence}");
}
