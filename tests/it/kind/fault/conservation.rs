//! Nothing is lost count of, whatever is lost: two tiers, a cache, a database, a queue with workers, and zones that come and go.

use proptest::prelude::*;

use crate::run::{all_are_numbers, is_conserved, run};

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
        // Aurora has no standby.
        let multi_az = multi_az && mysql;
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

/// One fault of any sort, at a random time, once or again and again.
fn fault() -> impl Strategy<Value = String> {
    let hosts = prop::sample::select(vec!["dies", "crashes", "hangs", "slow", "unreachable", "fails"]);
    let of_fleet = (hosts, prop::sample::select(vec!["web", "app"]), 1u32..100);
    let of_fleet = of_fleet.prop_map(|(effect, fleet, share)| {
        let speed = if effect == "slow" { "speed = \"20%\"\n" } else { "" };
        let lasts = !matches!(effect, "dies" | "crashes");
        (format!("fleet = \"{fleet}\"\neffect = \"{effect}\"\nshare = \"{share}%\"\n{speed}"), lasts)
    });
    let effects = prop::sample::select(vec!["slow", "fails", "refuses", "hangs"]);
    let of_service = (effects, 1u32..100).prop_map(|(effect, share)| {
        let more = match effect {
            "slow" => "factor = 7\n".to_owned(),
            "hangs" => String::new(),
            _ => format!("share = \"{share}%\"\n"),
        };
        (format!("service = \"bank\"\neffect = \"{effect}\"\n{more}"), true)
    });
    let effects = prop::sample::select(vec!["slow", "fails", "refuses", "hangs", "dies"]);
    let members = prop::sample::select(vec![
        "cache = \"store\"",
        "cache = \"store\"\nshard = 2",
        "database = \"shop\"",
        "database = \"shop\"\nnode = \"writer\"",
        "database = \"shop\"\nnode = \"replica\"",
    ]);
    let of_store = (members, effects, 1u32..100).prop_map(|(member, effect, share)| {
        let more = match effect {
            "slow" => "factor = 40\n".to_owned(),
            "hangs" | "dies" => String::new(),
            _ => format!("share = \"{share}%\"\n"),
        };
        (format!("{member}\neffect = \"{effect}\"\n{more}"), true)
    });
    let names = (prop::sample::select(vec!["public", "internal"]), any::<bool>(), 1u32..100);
    let of_name = names.prop_map(|(balancer, refuses, share)| {
        let effect = if refuses { "refuses" } else { "unreachable" };
        (
            format!("balancer = \"{balancer}\"\neffect = \"{effect}\"\nshare = \"{share}%\"\nttl = \"7s\"\n"),
            true,
        )
    });
    let of_zone = Just(("zone = \"b\"\n".to_owned(), true));
    (
        prop_oneof![4 => of_fleet, 2 => of_service, 4 => of_store, 2 => of_name, 1 => of_zone],
        1u32..40,
        1u32..20,
        any::<bool>(),
    )
        .prop_map(|((what, lasts), at, length, again)| {
            let every =
                if again { format!("every = \"exponential {}s\"\n", 2 + at / 2) } else { String::new() };
            let length = if lasts { format!("for = \"{length}s\"\n") } else { String::new() };
            format!("{what}at = \"{at}s\"\n{every}{length}")
        })
}

/// A deployment of any sort at a random time, of a version that may be bad.
fn deployment() -> impl Strategy<Value = String> {
    let strategies = prop::sample::select(vec![
        "all_at_once",
        "rolling",
        "rolling_with_extra_batch",
        "immutable",
        "blue_green",
    ]);
    (strategies, 1u32..45, 0u32..60).prop_map(|(strategy, at, errors)| {
        let bake = if strategy == "blue_green" { ", bake = \"5s\"" } else { "" };
        format!(
            "versions = {{ v2 = {{ errors = \"{errors}%\" }} }}\n\
             deploy = [{{ at = \"{at}s\", strategy = \"{strategy}\", version = \"v2\"{bake} }}]"
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn requests_and_messages_are_conserved_whatever_strikes(
        faults in prop::collection::vec(fault(), 1..5),
        (rate, timeout_ms, cancel) in (20u32..200, 50u32..4_000, any::<bool>()),
        (fifo, threads, elb) in (any::<bool>(), 1u32..30, any::<bool>()),
        (replicas, multi_az, mysql) in (1u32..3, any::<bool>(), any::<bool>()),
        deploys in prop::option::of(deployment()),
        seed in any::<u64>(),
    ) {
        let discipline = if fifo { "fifo" } else { "processor_sharing" };
        let on_timeout = if cancel { "cancel" } else { "keep_working" };
        let health = if elb { "elb" } else { "ec2" };
        let engine = if mysql { "mysql" } else { "aurora-mysql" };
        // Aurora has no standby.
        let multi_az = multi_az && mysql;
        let deploys = deploys.unwrap_or_default();
        let faults: String = faults.iter().enumerate().map(|(at, it)| format!("[fault.f{at}]\n{it}")).collect();
        let text = format!(
            r#"
duration = "60s"
bucket = "1s"
[traffic.people]
rate = "{rate}/s"
requests = {{ browse = 4, buy = 1 }}
[client]
timeout = "{timeout_ms}ms"
retries = {{ max = 2, backoff = "100ms" }}
on_timeout = "{on_timeout}"
[request.browse]
via = "public"
steps = [{{ cpu = "exponential 2ms" }}, {{ call = "internal", steps = [{{ cache = "store", keys = {{ count = 500, zipf = 0.8 }}, miss = {{ read = "shop", demand = "exponential 5ms" }} }}, {{ cpu = "exponential 5ms" }}] }}]
[request.buy]
via = "public"
steps = [{{ call = "internal", steps = [{{ service = "bank" }}, {{ send = "orders" }}] }}]
[balancer.public]
targets = "web"
idle_timeout = "5s"
deregistration_delay = "2s"
health_check = {{ interval = "5s", timeout = "2s" }}
[balancer.internal]
targets = "app"
idle_timeout = "3s"
deregistration_delay = "2s"
health_check = {{ interval = "5s", timeout = "2s", steps = {{ service = "bank" }} }}
[fleet.web]
instance = "m5.large"
instances = 4
threads_per_core = 2
threads = {threads}
backlog = 5
health = "{health}"
grace = "0s"
status_check = "uniform 0s 20s"
boot = {{ decision = "0s", launch = "3s", system = "1s", bootstrap = "1s", application = "1s" }}
[fleet.app]
instance = "m5.large"
min = 4
max = 12
{deploys}
discipline = "{discipline}"
threads = {threads}
status_check = "10s"
cold = {{ speed = "50%", for = "10s" }}
boot = {{ decision = "0s", launch = "3s", system = "1s", bootstrap = "1s", application = "1s" }}
pools = {{ shop = {{ writer = 3, reader = 2, timeout = "1s" }} }}
[cache.store]
node = "cache.r6g.large"
shards = 2
timeout = "500ms"
coalesce = true
[database.shop]
engine = "{engine}"
writer = "db.r6g.large"
replicas = {replicas}
multi_az = {multi_az}
failover = "5s"
[service.bank]
servers = 20
time = "exponential 50ms"
queue = 50
[queue.orders]
visibility_timeout = "5s"
workers = "app"
steps = [{{ cpu = "5ms" }}, {{ write = "shop", demand = "2ms" }}, {{ service = "bank" }}]
{faults}"#
        );
        let run = run(&text, seed);
        prop_assert!(is_conserved(&run.requests), "{:?}", run.requests);
        prop_assert!(is_conserved(&run.attempts), "{:?}", run.attempts);
        for queue in &run.queues {
            let went = queue.deleted + queue.dead_lettered + queue.expired;
            prop_assert_eq!(queue.sent + queue.taken_over, went + queue.delayed + queue.visible + queue.in_flight);
        }
        for (fleet, totals) in run.timeline.fleets.iter().zip(&run.fleets) {
            // Every instance that was ever there has ended or is there: four at the start.
            let last = fleet.pending.len() - 1;
            let there = fleet.pending[last] + fleet.warming[last] + fleet.in_service[last] + fleet.terminating[last];
            prop_assert_eq!(4.0 + totals.launched, totals.terminated + there, "{}", fleet.name);
            prop_assert!(fleet.serving.iter().all(|serving| *serving >= 0.0));
            prop_assert!(fleet.cpu_percent.iter().all(|percent| (-1e-6..=100.0 + 1e-6).contains(percent)), "{:?}", fleet.cpu_percent);
        }
        // No connection outlives its pool: each instance of `app` has three to the writer, and two more if that reads as well.
        let (app, shop) = (&run.timeline.fleets[1], &run.timeline.databases[0]);
        for row in 0..app.pending.len() {
            let hosts = app.pending[row] + app.warming[row] + app.in_service[row] + app.terminating[row];
            prop_assert!(shop.writer_connections[row] + shop.replica_connections[row] <= 5.0 * hosts + 1e-9, "row {row}");
        }
        // Each strike is over or not, and nothing comes before its begin.
        for strike in &run.faults {
            let times = [strike.detected_after_s, strike.mitigated_after_s, strike.recovered_after_s];
            prop_assert!(times.into_iter().flatten().all(|after| (0.0..=60.0).contains(&after)), "{strike:?}");
            prop_assert!(strike.until_s.is_none_or(|until| until >= strike.at_s), "{strike:?}");
        }
        prop_assert!(all_are_numbers(&run));
    }
}
