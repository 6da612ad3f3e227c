//! Nothing is lost count of, whatever is lost: two tiers, a cache, a database, a queue with workers, and zones that come and go.

use proptest::prelude::*;
use simcap::outcome::Count;

use crate::run::{all_are_numbers, run};

fn is_conserved(count: &Count) -> bool {
    count.arrived == count.completed + count.failed + count.in_flight
        && count.failed == count.failed_by_cause.values().sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn requests_and_messages_are_conserved_when_zones_are_lost(
        (rate, timeout_ms, retries, cancel) in (20u32..200, 50u32..4_000, 0u32..3, any::<bool>()),
        (zone_a, at_a, for_a) in (prop::sample::select(vec!["a", "b", "c"]), 2u32..30, 1u32..30),
        (zone_b, at_b, for_b) in (prop::sample::select(vec!["a", "b", "c"]), 2u32..30, 1u32..30),
        (fifo, cross_zone, elb, threads, notice) in (any::<bool>(), any::<bool>(), any::<bool>(), 1u32..30, 0u32..20),
        (replicas, multi_az, mysql, shards) in (0u32..3, any::<bool>(), any::<bool>(), 1u32..4),
        seed in any::<u64>(),
    ) {
        let discipline = if fifo { "fifo" } else { "processor_sharing" };
        let on_timeout = if cancel { "cancel" } else { "keep_working" };
        let health = if elb { "elb" } else { "ec2" };
        let engine = if mysql { "mysql" } else { "aurora-mysql" };
        let text = format!(
            r#"
duration = "60s"
bucket = "1s"
[traffic.people]
rate = "{rate}/s"
requests = {{ browse = 4, buy = 1 }}
[client]
timeout = "{timeout_ms}ms"
retries = {{ max = {retries}, backoff = "100ms" }}
on_timeout = "{on_timeout}"
[request.browse]
via = "public"
steps = [{{ cpu = "exponential 2ms" }}, {{ call = "internal", steps = [
  {{ cache = "store", keys = {{ count = 500, zipf = 0.8 }}, miss = {{ read = "shop", demand = "exponential 10ms" }} }},
  {{ cpu = "exponential 5ms" }},
] }}]
[request.buy]
via = "public"
steps = [{{ call = "internal", steps = [
  {{ transaction = "shop", steps = [{{ write = "exponential 4ms", rows = {{ count = 5, zipf = 0.5 }} }}, {{ delay = "3ms" }}] }},
  {{ send = "orders" }},
] }}]
[balancer.public]
targets = "web"
cross_zone = {cross_zone}
idle_timeout = "5s"
deregistration_delay = "2s"
health_check = {{ interval = "5s", timeout = "2s" }}
[balancer.internal]
targets = "app"
idle_timeout = "3s"
deregistration_delay = "2s"
health_check = {{ interval = "5s", timeout = "2s", steps = {{ read = "shop", demand = "1ms" }} }}
[fleet.web]
instance = "m5.large"
azs = 3
min = 3
max = 6
threads = {threads}
backlog = 5
health = "{health}"
grace = "0s"
status_check = "uniform 0s {notice}s"
boot = {{ decision = "0s", launch = "3s", system = "1s", bootstrap = "1s", application = "1s" }}
[fleet.app]
instance = "m5.large"
azs = ["b", "a"]
instances = 4
discipline = "{discipline}"
threads = {threads}
status_check = "{notice}s"
boot = {{ decision = "0s", launch = "3s", system = "1s", bootstrap = "1s", application = "1s" }}
launch_hook = {{}}
pools = {{ shop = {{ writer = 3, timeout = "1s" }} }}
[fleet.workers]
instance = "m5.large"
instances = 3
timetable = [["40s", 4]]
pools = {{ shop = 2 }}
[cache.store]
node = "cache.r6g.large"
shards = {shards}
coalesce = true
[database.shop]
engine = "{engine}"
writer = "db.r6g.large"
replicas = {replicas}
multi_az = {multi_az}
[queue.orders]
visibility_timeout = "5s"
workers = "workers"
steps = [{{ cpu = "5ms" }}, {{ write = "shop", demand = "2ms" }}, {{ call = "internal", steps = [{{ cpu = "1ms" }}] }}]
[fault.one]
zone = "{zone_a}"
at = "{at_a}s"
for = "{for_a}s"
[fault.two]
zone = "{zone_b}"
at = "{at_b}s"
for = "{for_b}s"
"#
        );
        let run = run(&text, seed);
        prop_assert!(is_conserved(&run.requests), "{:?}", run.requests);
        prop_assert!(is_conserved(&run.attempts), "{:?}", run.attempts);
        for queue in &run.queues {
            let went = queue.deleted + queue.dead_lettered + queue.expired;
            prop_assert_eq!(queue.sent + queue.taken_over, went + queue.delayed + queue.visible + queue.in_flight);
        }
        prop_assert!(all_are_numbers(&run));
    }
}
