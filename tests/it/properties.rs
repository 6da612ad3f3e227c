//! Rules for every scenario: over random small shops, and between two runs that differ in one setting.

use proptest::prelude::*;
use simcap::measure::load::Member;
use simcap::outcome::{Action, Node, Outcome, Resource};

use crate::run::{all_are_numbers, is_conserved, run};

/// A shop with everything that can run out: two tiers, a cache, a database, small pools and stations.
#[derive(Clone, Debug)]
struct Shop {
    rate: u32,
    timeout_ms: u32,
    retries: u32,
    cancel: bool,
    threads: u32,
    backlog: u32,
    reset: bool,
    fifo: bool,
    routing: &'static str,
    pool: u32,
    pool_timeout_ms: u32,
    memory_kib: u32,
    coalesce: bool,
    rows: u32,
    replicas: u32,
    queue: u32,
    patience: &'static str,
    leaves_at: u32,
    seed: u64,
}

prop_compose! {
    fn shops()(
        (rate, timeout_ms, retries, cancel) in (20u32..300, 20u32..3_000, 0u32..4, any::<bool>()),
        (threads, backlog, reset, fifo) in (1u32..30, 0u32..20, any::<bool>(), any::<bool>()),
        routing in prop::sample::select(vec!["round_robin", "least_outstanding_requests", "random", "two_choices"]),
        (pool, pool_timeout_ms) in (1u32..6, 10u32..2_000),
        (memory_kib, coalesce, rows, replicas) in (4u32..400, any::<bool>(), 1u32..50, 0u32..3),
        (queue, patience) in (0u32..5, prop::sample::select(vec!["never", "50ms", "exponential 80ms"])),
        (leaves_at, seed) in (5u32..25, any::<u64>()),
    ) -> Shop {
        Shop { rate, timeout_ms, retries, cancel, threads, backlog, reset, fifo, routing, pool, pool_timeout_ms,
            memory_kib, coalesce, rows, replicas, queue, patience, leaves_at, seed }
    }
}

/// Least time of a `quick` request: 20 ms on the network, 7 ms of delay, four hops of 0.25 ms.
const QUICK_MS: f64 = 28.0;

impl Shop {
    fn text(&self) -> String {
        let Shop { rate, timeout_ms, retries, threads, backlog, routing, pool, pool_timeout_ms, .. } = self;
        let Shop { memory_kib, coalesce, rows, replicas, queue, patience, leaves_at, .. } = self;
        let discipline = if self.fifo { "fifo" } else { "processor_sharing" };
        let overflow = if self.reset { "reset" } else { "drop" };
        let on_timeout = if self.cancel { "cancel" } else { "keep_working" };
        format!(
            r#"
duration = "30s"
bucket = "1s"
[traffic.people]
rate = [["0s", "{rate}/s"], ["15s", "{rate}/s"], ["15s", "10/s"]]
requests = {{ quick = 2, browse = 4, buy = 1 }}
[client]
timeout = "{timeout_ms}ms"
retries = {{ max = {retries}, backoff = "100ms" }}
round_trip = "20ms"
on_timeout = "{on_timeout}"
[request.quick]
via = "public"
steps = [{{ delay = "7ms" }}, {{ call = "internal", steps = [] }}]
[request.browse]
via = "public"
steps = [
  {{ cpu = "exponential 2ms" }},
  {{ call = "internal", steps = [
    {{ cache = "store", keys = {{ count = 500, zipf = 0.8 }}, miss = {{ read = "shop", demand = "exponential 10ms" }} }},
    {{ cpu = "exponential 5ms" }},
    {{ service = "search" }},
  ] }},
]
[request.buy]
via = "public"
steps = [{{ call = "internal", steps = [{{ transaction = "shop", steps = [
  {{ write = "exponential 4ms", rows = {{ count = {rows}, zipf = 0.5 }} }}, {{ delay = "3ms" }},
  {{ write = "exponential 4ms", rows = {{ count = 3, zipf = 0 }} }},
] }}, {{ invalidate = "store", keys = {{ count = 500, zipf = 0.8 }} }}] }}]
[balancer.public]
targets = "web"
routing = "{routing}"
deregistration_delay = "1s"
[balancer.internal]
targets = "app"
routing = "{routing}"
idle_timeout = "2s"
deregistration_delay = "1s"
[fleet.web]
instance = "m5.large"
instances = 2
threads = {threads}
backlog = {backlog}
overflow = "{overflow}"
timetable = [["{leaves_at}s", 1]]
[fleet.app]
instance = "m5.large"
instances = 2
threads = {threads}
backlog = {backlog}
overflow = "{overflow}"
discipline = "{discipline}"
timetable = [["{leaves_at}s", 3], ["28s", 1]]
pools = {{ shop = {{ writer = {pool}, timeout = "{pool_timeout_ms}ms" }} }}
[cache.store]
node = "cache.r6g.large"
memory = "{memory_kib} KiB"
item = "2 KiB"
coalesce = {coalesce}
[database.shop]
writer = "db.r6g.large"
replicas = {replicas}
lock_wait_timeout = "1s"
[service.search]
servers = 3
queue = {queue}
time = "exponential 20ms"
patience = "{patience}"
"#
        )
    }
}

/// The utilisation in every row of every resource that can be busy.
fn busy_percents(run: &Outcome) -> Vec<(String, &[f64])> {
    let rows = &run.timeline;
    let mut all: Vec<(String, &[f64])> = Vec::new();
    for fleet in &rows.fleets {
        all.push((format!("CPU of {}", fleet.name), &fleet.cpu_percent));
        for pool in &fleet.pools {
            all.push((
                format!("pool of {} to {} {}", fleet.name, pool.database, pool.role.name()),
                &pool.used_percent,
            ));
        }
    }
    for cache in &rows.caches {
        all.push((format!("shards of {}", cache.name), &cache.busy_percent));
    }
    for database in &rows.databases {
        all.push((format!("writer of {}", database.name), &database.writer_cpu_percent));
        all.push((format!("replicas of {}", database.name), &database.replica_cpu_percent));
    }
    for service in &rows.services {
        all.push((format!("servers of {}", service.name), &service.busy_percent));
    }
    all
}

/// Whether a member was present and 99 % busy over 9 to 61 consecutive rows, one of which is `row`. Rows are few enough
/// to be distinct.
fn has_nothing_left(member: &Member, row: usize) -> bool {
    (9..=61).any(|width| {
        (row.saturating_sub(width - 1)..=row).any(|first| {
            let rows = first..first + width;
            let spent = member.over(&rows);
            member.is_there(&rows) && spent.busy >= 0.99 * spent.capacity
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(2),
        ..ProptestConfig::with_cases(96)
    })]

    #[test]
    fn every_run_adds_up(shop in shops()) {
        let run = run(&shop.text(), shop.seed);
        prop_assert!(is_conserved(&run.requests), "{:?}", run.requests);
        prop_assert!(is_conserved(&run.attempts), "{:?}", run.attempts);
        prop_assert!(run.requests.arrived <= run.attempts.arrived);
        prop_assert!(run.attempts.arrived <= run.requests.arrived * f64::from(shop.retries + 1));
        prop_assert_eq!(run.requests.completed, run.attempts.completed, "a request completes by one attempt");

        let classes = || run.classes.iter().map(|class| &class.requests);
        prop_assert!(classes().all(is_conserved));
        prop_assert_eq!(classes().map(|count| count.arrived).sum::<f64>(), run.requests.arrived);
        prop_assert_eq!(classes().map(|count| count.completed).sum::<f64>(), run.requests.completed);
        for (cause, failed) in &run.requests.failed_by_cause {
            let sum: f64 = classes().filter_map(|count| count.failed_by_cause.get(cause)).sum();
            prop_assert_eq!(sum, *failed, "{}", cause);
        }
        prop_assert_eq!(run.latency_ms.count as f64, run.requests.completed);

        let total: f64 = run.bill.items.iter().map(|item| item.usd).sum();
        prop_assert!((run.bill.total_usd - total).abs() <= 1e-12 * total.max(1.0), "{} {}", run.bill.total_usd, total);
        for item in &run.bill.items {
            prop_assert!((item.usd - item.quantity * item.unit_price_usd).abs() <= 1e-9 * item.usd.max(1.0));
        }
    }

    #[test]
    fn every_run_keeps_to_time_and_number(shop in shops()) {
        let run = run(&shop.text(), shop.seed);
        let rows = &run.timeline;
        prop_assert!(rows.time_s.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(rows.cost_usd.windows(2).all(|pair| pair[0] <= pair[1]));
        prop_assert!(run.scaling.windows(2).all(|pair| pair[0].at_s <= pair[1].at_s));
        prop_assert!(run.incidents.windows(2).all(|pair| pair[0].at_s <= pair[1].at_s));
        prop_assert!(run.goodput_per_s <= run.requests.arrived / run.scenario.duration_s);
        let sum = |series: &[f64]| series.iter().sum::<f64>().round();
        prop_assert_eq!(sum(&rows.offered), run.requests.arrived, "rows of a second hold every arrival");
        prop_assert_eq!(sum(&rows.completed), run.requests.completed);
        prop_assert_eq!(*rows.in_flight.last().unwrap(), run.requests.in_flight);
        let latency = &run.latency_ms;
        let ladder = [latency.p50, latency.p90, latency.p95, latency.p99, latency.p99_9, latency.p99_99, latency.max];
        prop_assert!(ladder.windows(2).all(|pair| pair[0] <= pair[1]), "{:?}", ladder);
        if run.requests.completed > 0.0 {
            // The histogram rounds the median by 0.05 % at most.
            prop_assert!(run.classes[0].requests.completed == 0.0 || run.classes[0].latency_ms.p50 >= QUICK_MS * 0.999);
            prop_assert!(latency.mean <= latency.max);
        }
        let share = 0.0..=1.0 + 1e-9;
        prop_assert!(run.services.iter().all(|service| share.contains(&service.utilisation)));
        prop_assert!(run.caches.iter().all(|cache| share.contains(&cache.hit_ratio) && cache.items <= cache.capacity as f64));
        prop_assert!(run.fleets.iter().all(|fleet| share.contains(&fleet.cpu_mean)));
        for (what, series) in busy_percents(&run) {
            let most = series.iter().copied().fold(0.0, f64::max);
            prop_assert!(most <= 100.0 + 1e-6, "{what}: {most} %");
        }
        for fleet in &rows.fleets {
            let most = fleet.threads_busy.iter().copied().fold(0.0, f64::max);
            prop_assert!(most <= f64::from(shop.threads) + 1e-6, "threads of {}: {most}", fleet.name);
        }
        prop_assert!(all_are_numbers(&run));
    }

    /// No sentence contradicts a count.
    #[test]
    fn sentences_agree_with_counts(shop in shops()) {
        let run = run(&shop.text(), shop.seed);
        let rows = &run.timeline;
        prop_assert_eq!(run.phases[0].from_s, 0.0);
        prop_assert_eq!(run.phases.last().unwrap().to_s, run.scenario.duration_s);
        prop_assert!(run.phases.windows(2).all(|pair| pair[0].to_s == pair[1].from_s));
        for phase in &run.phases {
            let text = &phase.sentence;
            let inside = |row: &usize| rows.time_s[*row] >= phase.from_s && rows.time_s[*row] < phase.to_s;
            let within: Vec<usize> = (0..rows.time_s.len()).filter(inside).collect();
            // Rows of a second: a rate is a number of requests.
            let total = |series: &[f64]| within.iter().map(|row| series[*row].round()).sum::<f64>();
            let (offered, completed, attempts) = (total(&rows.offered), total(&rows.completed), total(&rows.attempts));
            let failed: f64 = rows.failed.values().map(|series| total(series)).sum();
            prop_assert_eq!(text.contains("no request"), completed == 0.0, "{}", text);
            prop_assert_eq!(text.contains("p99"), completed > 0.0, "{}", text);
            prop_assert_eq!(text.contains("of requests failed"), failed > 0.0, "{} failed: {}", failed, text);
            if failed > 0.0 {
                let share = simcap::number::share(failed / (failed + completed));
                let said = format!("{} of requests failed", share);
                prop_assert!(text.contains(&said), "{}: {}", said, text);
            }
            prop_assert_eq!(text.contains("retries ×"), phase.trouble && attempts > 1.05 * offered, "{}", text);
            prop_assert!(!text.starts_with("held") || failed == 0.0, "{}", text);
            prop_assert!(phase.trouble || phase.chain.is_empty());
            let causes: Vec<f64> = phase.chain.iter().filter(|link| link.cause).map(|link| link.at_s).collect();
            prop_assert!(causes.windows(2).all(|pair| pair[0] <= pair[1]), "not in the order of time: {}", text);
            for link in &phase.chain {
                // What is lost may have been lost long before it is felt.
                let since = if link.resource.is_some_and(Resource::is_event) { 0.0 } else { phase.from_s };
                prop_assert!(since <= link.at_s && link.at_s < link.until_s && link.until_s <= phase.to_s);
                let row = rows.time_s.iter().position(|time| *time == link.at_s).unwrap();
                let Some(of) = link.resource else { continue };
                // It was full in its first row: almost never idle while a request waited or was rejected.
                let full = |busy: &[f64], waiting: &[f64]| busy[row] >= 95.0 && waiting[row] >= 1.0;
                let is_full = match of {
                    Resource::Zone { .. } => continue,
                    Resource::ScaledIn { fleet } => {
                        let desired = &rows.fleets[fleet].desired;
                        desired[..row].iter().any(|before| *before > desired[row])
                    }
                    of if of.is_event() => {
                        let lost = rows.lost.iter().find(|series| series.of == of);
                        lost.is_some_and(|series| series.rows[row] > 0.0)
                    }
                    Resource::Cpu { fleet } => full(&rows.fleets[fleet].cpu_percent, &rows.fleets[fleet].cpu_waiting),
                    Resource::Threads { fleet } => {
                        let fleet = &rows.fleets[fleet];
                        fleet.refused[row] > 0.0
                            || (fleet.threads_busy[row] >= 0.95 * f64::from(shop.threads) && fleet.backlog[row] >= 1.0)
                    }
                    Resource::Pool { fleet, node, .. } => {
                        let pool = &rows.fleets[fleet].pools[usize::from(node == Node::Reader)];
                        full(&pool.used_percent, &pool.waiting)
                    }
                    Resource::Database { database, node } => {
                        let database = &rows.databases[database];
                        match node {
                            Node::Reader => full(&database.replica_cpu_percent, &database.replica_waiting),
                            _ => full(&database.writer_cpu_percent, &database.writer_waiting),
                        }
                    }
                    Resource::Locks { database } => rows.databases[database].lock_waiting[row] >= 1.0,
                    Resource::Service { service } => {
                        let service = &rows.services[service];
                        service.refused[row] > 0.0 || full(&service.busy_percent, &service.waiting)
                    }
                    Resource::Instances { fleet } => rows.fleets[fleet].in_service[row] + rows.fleets[fleet].warming[row] == 0.0,
                    Resource::Targets { fleet } => rows.fleets[fleet].unhealthy[row] > 0.0,
                    Resource::Cache { cache } => rows.caches[cache].busy_percent[row] >= 95.0,
                    Resource::Connections { database, .. } => rows.databases[database].refused[row] > 0.0,
                    Resource::Appliers { database } => {
                        full(&rows.databases[database].apply_percent, &rows.databases[database].apply_waiting)
                    }
                    Resource::Calls { queue, action } => {
                        let queue = &rows.queues[queue];
                        match action {
                            Action::Send => full(&queue.sends_percent, &queue.sends_throttled),
                            Action::Receive => full(&queue.receives_percent, &queue.receives_throttled),
                            Action::Delete => full(&queue.deletes_percent, &queue.deletes_throttled),
                        }
                    }
                    Resource::Messages { queue } => {
                        let queue = &rows.queues[queue];
                        let lost = queue.dead_lettered[row] + queue.expired[row] + queue.failed[row];
                        lost > 0.0 || queue.backlog[row] >= 1.0
                    }
                    Resource::InFlight { queue } => rows.queues[queue].in_flight[row] >= 1.0,
                    Resource::Groups { queue } => rows.queues[queue].groups_percent[row] >= 94.0,
                    Resource::Pollers { queue } => {
                        let queue = &rows.queues[queue];
                        queue.pollers_busy_percent[row] >= 94.0 || queue.pollers[row] < 0.01
                    }
                    _ => false,
                };
                // Or one of its members was full, however idle the others: a request waited, and the member was 99 %
                // busy over at least nine consecutive rows that include this one.
                let waiting = match of {
                    Resource::Cpu { fleet } => rows.fleets[fleet].cpu_waiting[row],
                    Resource::Threads { fleet } => rows.fleets[fleet].backlog[row],
                    Resource::Pool { fleet, node, .. } => {
                        rows.fleets[fleet].pools[usize::from(node == Node::Reader)].waiting[row]
                    }
                    Resource::Database { database, .. } => rows.databases[database].replica_waiting[row],
                    Resource::Appliers { database } => rows.databases[database].apply_waiting[row],
                    Resource::Cache { .. } => f64::INFINITY,
                    _ => 0.0,
                };
                let load = rows.loads.iter().find(|load| load.of == of && load.members.len() > 1);
                let a_member = load.is_some_and(|load| load.members.iter().any(|it| has_nothing_left(it, row)));
                prop_assert!(is_full || waiting >= 1.0 && a_member, "not full in row {}: {}", row, link.text);
            }
        }
    }

    /// With common random numbers, one more server never lengthens any wait at a FIFO station.
    #[test]
    fn more_servers_never_raise_the_mean_wait(
        servers in 1u32..6, load in 0.3f64..1.2, seed in any::<u64>(),
        law in prop::sample::select(vec!["exponential 50ms", "lognormal 50ms cv 2", "50ms", "hyperexponential 50ms cv 3"]),
    ) {
        let wait = |count: u32| {
            let rate = 20.0 * load * f64::from(servers);
            let text = format!(
                "duration = \"90s\"\n[traffic.all]\nrate = [[\"60s\", \"{rate}/s\"], [\"60s\", \"0/s\"]]\n[request.call]\n\
                 steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {count}\ntime = \"{law}\"\n"
            );
            let run = run(&text, seed);
            // Only runs that end empty have the same requests in both means.
            (run.requests.in_flight == 0.0).then_some((run.services[0].mean_wait_ms, run.latency_ms.max))
        };
        if let (Some(few), Some(more)) = (wait(servers), wait(servers + 1)) {
            prop_assert!(more.0 <= few.0 && more.1 <= few.1 * 1.000_001, "{few:?} {more:?}");
        }
    }

    /// With more memory LRU keeps all keys that it keeps with less.
    #[test]
    fn more_memory_never_lowers_the_hit_ratio(
        items in 1u32..300, more in 1u32..100, zipf in 0.0f64..1.5, seed in any::<u64>(),
    ) {
        let hits = |items: u32| {
            let text = format!(
                "duration = \"60s\"\n[traffic.all]\nrate = \"100/s\"\n[request.look]\nsteps = [{{ cache = \"store\", \
                 keys = {{ count = 400, zipf = {zipf} }} }}]\n[cache.store]\nnode = \"cache.r6g.large\"\n\
                 item = \"1 KiB\"\nmemory = \"{items} KiB\"\ncommand = \"1ns\"\nhop = \"0s\"\n"
            );
            run(&text, seed).caches[0].hits
        };
        prop_assert!(hits(items) <= hits(items + more));
    }
}

/// With a pool of 2, requests wait for a connection and leave the database half idle; with 40 all get one, and they
/// wait for its two vCPUs instead.
#[test]
fn a_bigger_pool_moves_the_wait_from_the_pool_to_the_database() {
    let waits = |pool: u32| {
        let text = format!(
            "duration = \"5m\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"180/s\"\n[request.page]\nvia = \"app\"\n\
             steps = [{{ write = \"shop\", demand = \"exponential 10ms\" }}]\n[fleet.app]\ninstance = \"m5.large\"\n\
             instances = 1\nthreads = \"unlimited\"\npools = {{ shop = {{ writer = {pool}, timeout = \"1h\" }} }}\n\
             [database.shop]\nwriter = \"db.m5.large\"\n"
        );
        let run = run(&text, 5);
        let mean = |series: &[f64]| series.iter().sum::<f64>() / series.len() as f64;
        (mean(&run.timeline.fleets[0].pools[0].waiting), mean(&run.timeline.databases[0].writer_active))
    };
    let sizes: Vec<(f64, f64)> = [2, 4, 8, 40].map(waits).to_vec();
    assert!(sizes.windows(2).all(|pair| pair[0].0 > pair[1].0), "waiting for the pool falls: {sizes:?}");
    assert!(sizes.windows(2).all(|pair| pair[0].1 < pair[1].1), "waiting in the database rises: {sizes:?}");
    assert!(sizes[0].0 > 100.0 && sizes[3].0 < 1.0 && sizes[3].1 > 5.0, "{sizes:?}");
}

/// Latency without waits: with one class whose parts are all constant and no other request, it is their sum.
#[test]
fn a_lonely_request_takes_exactly_the_sum_of_its_parts() {
    let text = "duration = \"1h\"\n[traffic.all]\nrate = \"0.05/s\"\n[client]\nround_trip = \"20ms\"\n[request.page]\n\
         via = \"public\"\nsteps = [{ cpu = \"6ms\" }, { delay = \"5ms\" }, { service = \"desk\" }, \
         { cache = \"store\", hit_ratio = \"100%\" }]\n[balancer.public]\ntargets = \"web\"\n[fleet.web]\n\
         instance = { vcpus = 2, memory = \"8 GiB\", strength = 1.5 }\ninstances = 1\n[cache.store]\n\
         node = \"cache.m5.large\"\ncommand = \"100us\"\n[service.desk]\nservers = 3\ntime = \"9ms\"\nhop = \"1ms\"\n";
    let run: Outcome = run(text, 1);
    // Network 20 ms, two hops to the balancer and two to the cache of 0.25 ms, 6/1.5 ms, 5 ms, 2 + 9 ms, a command.
    let without_command = 20.0 + 1.0 + 4.0 + 5.0 + 11.0;
    let command = run.latency_ms.mean - without_command;
    assert!(run.latency_ms.count > 100);
    assert!((run.latency_ms.max - run.latency_ms.mean).abs() < 1e-6, "{:?}", run.latency_ms);
    assert!(command > 0.05 && command < 0.2, "one command, by the strength of the node: {command}");
}
