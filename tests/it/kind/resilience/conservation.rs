//! Nothing is lost count of, whatever the policies are and whatever is lost.

use proptest::prelude::*;

use crate::run::{all_are_numbers, is_conserved, run};

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn requests_and_calls_are_conserved(
        (rate, timeout_ms, retries, cancel) in (20u32..200, 100u32..4_000, 0u32..3, any::<bool>()),
        (outer_ms, inner_ms, read_ms, tries) in (20u32..2_000, 10u32..1_000, 2u32..200, 0u32..3),
        (hedge, fallback, breaker, bulkhead, backoff_ms) in
            (any::<bool>(), any::<bool>(), any::<bool>(), prop::option::of(1u32..20), 0u32..300),
        (keeps, try_ms, write_ms) in (any::<bool>(), 10u32..500, 2u32..100),
        (zone, at, lasts, notice) in (prop::sample::select(vec!["a", "b", "c"]), 2u32..30, 1u32..30, 0u32..10),
        (threads, elb, fifo, servers) in (1u32..30, any::<bool>(), any::<bool>(), 1u32..10),
        seed in any::<u64>(),
    ) {
        let client = if cancel { "cancel" } else { "keep_working" };
        let on_timeout = if keeps { "keep_working" } else { "cancel" };
        let hedge = if hedge { format!(", hedge = \"{}ms\"", (outer_ms / 3).max(1)) } else { String::new() };
        let breaker = if breaker { ", breaker = { window = 10, open = \"3s\", probes = 2 }" } else { "" };
        let bulkhead = bulkhead.map_or(String::new(), |most| format!(", bulkhead = {most}"));
        let retries_of = format!("retries = {{ max = {tries}, backoff = \"{backoff_ms}ms\" }}");
        let discipline = if fifo { "fifo" } else { "processor_sharing" };
        let health = if elb { "elb" } else { "ec2" };
        let text = format!(
            r#"
duration = "50s"
bucket = "1s"
[traffic.people]
rate = "{rate}/s"
requests = {{ browse = 4, buy = 1 }}
[client]
timeout = "{timeout_ms}ms"
retries = {{ max = {retries}, backoff = "100ms" }}
on_timeout = "{client}"
[request.browse]
via = "public"
steps = [{{ cpu = "exponential 2ms" }}, {{ call = "internal", timeout = "{outer_ms}ms", {retries_of}{hedge}{breaker}, on_timeout = "{on_timeout}", fallback = {fallback}, steps = [
  {{ cache = "store", keys = {{ count = 500, zipf = 0.8 }}, miss = {{ read = "shop", demand = "exponential 10ms", timeout = "{read_ms}ms", {retries_of} }} }},
  {{ cpu = "exponential 5ms" }},
  {{ service = "bank", timeout = "{inner_ms}ms", {retries_of}{bulkhead} }},
] }}]
[request.buy]
via = "public"
steps = [{{ call = "internal", resilience = "shared", steps = [
  {{ try = [
    {{ transaction = "shop", steps = [{{ write = "exponential 4ms", rows = {{ count = 5, zipf = 0.5 }} }}] }},
    {{ service = "bank", timeout = "{write_ms}ms" }},
    {{ cpu = "1ms" }},
  ], timeout = "{try_ms}ms", {retries_of} }},
] }}]
[resilience.shared]
timeout = "{outer_ms}ms"
{retries_of}
[balancer.public]
targets = "web"
idle_timeout = "5s"
deregistration_delay = "2s"
health_check = {{ interval = "5s", timeout = "2s" }}
[balancer.internal]
targets = "app"
idle_timeout = "3s"
deregistration_delay = "2s"
health_check = {{ interval = "5s", timeout = "2s", steps = {{ read = "shop", demand = "1ms", timeout = "{read_ms}ms" }} }}
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
min = 4
max = 4
discipline = "{discipline}"
threads = {threads}
status_check = "{notice}s"
refresh = [{{ at = "20s" }}]
boot = {{ decision = "0s", launch = "3s", system = "1s", bootstrap = "1s", application = "1s" }}
pools = {{ shop = {{ writer = 3, timeout = "1s" }} }}
[cache.store]
node = "cache.r6g.large"
coalesce = true
[database.shop]
engine = "aurora-mysql"
writer = "db.r6g.large"
replicas = 1
[service.bank]
servers = {servers}
time = "exponential 20ms"
[fault.one]
zone = "{zone}"
at = "{at}s"
for = "{lasts}s"
"#
        );
        let run = run(&text, seed);
        prop_assert!(is_conserved(&run.requests), "{:?}", run.requests);
        prop_assert!(is_conserved(&run.attempts), "{:?}", run.attempts);
        for of in &run.kinds.resiliences {
            let ended = of.answered + of.failed + of.fallbacks + of.left;
            prop_assert!(ended <= of.calls, "{of:?}");
            prop_assert!(of.tries >= of.answered, "{of:?}");
            let tries_ended = of.answered + of.timeouts + of.failures + of.outrun;
            prop_assert!(tries_ended <= of.tries, "{of:?}");
            prop_assert_eq!(of.tries - of.retries - of.hedges + of.short_circuited + of.bulkhead_full >= of.calls - of.left, true);
        }
        prop_assert!(all_are_numbers(&run));
    }
}
