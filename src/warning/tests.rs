//! Each warning: a scenario that it is said of, and one beside it that is fine.

mod credits;
mod fleets;
mod growth;
mod held;
mod warm;

use std::path::Path;

use super::*;
use crate::number::bounded;
use crate::scenario::{self, parse};

/// Every kind of resource, all of them busy and none of them short of anything.
const HEALTHY: &str = r#"
duration = "1h"
traffic.all = { spike = { base = "100/s", peak = "150/s", at = "30m", hold = "5m" }, requests = "page" }
keys.goods = { count = 10_000, zipf = 0.9 }

[request.page]
via = "lb"
steps = [
  { cpu = "5ms" },
  { cache = "redis", keys = "goods", miss = { read = "db", demand = "2ms", rows = "goods" } },
  { write = "db", demand = "1ms" },
  { service = "pay" },
]

[balancer.lb]
targets = "web"

[fleet.web]
instance = "m5.large"
min = 2
max = 6
pools = { db = 20 }
scaling = [{ target_tracking = { metric = "cpu", target = 60 } }]

[cache.redis]
node = "cache.r6g.large"
ttl = "10m"
warm = "100%"

[database.db]
engine = "mysql"
writer = "db.r6g.large"
replicas = 1

[service.pay]
servers = 20
time = "exponential 50ms"
"#;

fn found(text: &str, overrides: &[&str]) -> Vec<Warning> {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    let scenario = parse("a.toml", text.as_bytes(), Path::new(""), &overrides).unwrap();
    of_scenario(&scenario, scenario.runs)
}

/// The codes and keys of the warnings of the healthy scenario with changes.
fn codes(overrides: &[&str]) -> Vec<(Code, String)> {
    found(HEALTHY, overrides).into_iter().map(|warning| (warning.code, warning.path())).collect()
}

fn only(code: Code, path: &str, overrides: &[&str]) -> Warning {
    let found = found(HEALTHY, overrides);
    let told: Vec<_> = found.iter().map(|it| (it.code, it.path())).collect();
    assert_eq!(told, [(code, path.to_owned())], "{found:?}");
    found.into_iter().next().unwrap()
}

#[test]
fn a_healthy_scenario_has_no_warning() {
    assert_eq!(codes(&[]), []);
    // Every neighbour of a warning below that is still fine.
    for fine in [
        "fleet.web.instance=t3.large", // 150 × 5 ms of 4 to 6 vCPUs at 30 %: about 12 %
        "database.db.max_connections=120", // 6 × 20
        "service.pay.servers=8",       // 150 × 50 ms = 7.5
        "database.db.replication={ apply = '6ms' }", // 150 × 6 ms = 0.9
        "cache.redis.item=100 KiB",    // 164 us of 507; 150/s: 0.12 of 0.75 Gbit/s
        "traffic.all={ rate = '150/s', requests = 'page' }",
        "cache.redis.ttl=2h",
        "fleet.web.scaling=[{ target_tracking = { metric = 'cpu', target = 1 } }]",
        "fleet.web.scaling=[{ target_tracking = { metric = 'requests_per_target', target = 0.5 } }]",
    ] {
        assert_eq!(codes(&[fine]), [], "{fine}");
    }
}

#[test]
fn the_scenarios_of_this_project_are_clean_but_for_the_one_that_was_not_checked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let of = |file: &str| {
        let scenario = scenario::load(&folder.join(file), &[]).unwrap();
        of_scenario(&scenario, scenario.runs).iter().map(|it| it.code).collect::<Vec<_>>()
    };
    for file in [
        "asg-lab",
        "black-friday",
        "decoupled-orders",
        "flash-sale",
        "hot-item",
        "replica-lag",
        "reference/mm8",
        "reference/three-tier",
    ] {
        assert_eq!(of(&format!("{file}.toml")), [], "{file}");
    }
    let unprepared = of("black-friday-unprepared.toml");
    assert_eq!(
        unprepared,
        [
            Code::ConnectionsAboveLimit,
            Code::ConnectionsAboveLimit,
            Code::NetworkAboveBandwidth,
            Code::SteeperThanAlb,
            Code::SteeperThanAlb
        ]
    );
}

#[test]
fn pools_at_the_largest_size_are_multiplied_out() {
    let warning = only(
        Code::ConnectionsAboveLimit,
        "database.db.max_connections",
        &[
            "database.db.max_connections=110",
            "database.db.replicas=0",
            "database.db.replication={ apply = '6ms' }",
        ],
    );
    assert!(warning.message.contains("120 connections (6 × 20 of `web`)"), "{warning:?}");
    assert!(warning.hint.starts_with("at most 18 for each instance"), "{warning:?}");
    // Six at most, and twelve while a second set is there; with a batch of three more there are nine.
    let deploy = |strategy: &str| {
        only(
            Code::ConnectionsAboveLimit,
            "database.db.max_connections",
            &[
                "database.db.max_connections=170",
                "database.db.replicas=0",
                "database.db.replication={ apply = '6ms' }",
                &format!("fleet.web.deploy=[{{ at = '5m', strategy = '{strategy}' }}]"),
            ],
        )
    };
    let warning = deploy("blue_green', bake = '1m");
    let expected = "during a blue/green deployment open 240 connections (12 × 20 of `web`)";
    assert!(warning.message.contains(expected), "{warning:?}");
    let warning = deploy("rolling_with_extra_batch', batch = 3, install = '20s");
    assert!(warning.message.contains("180 connections (9 × 20 of `web`)"), "{warning:?}");
    // A scheduled action may raise the largest size.
    let action = "fleet.web.schedule=[{ at = '10m', max = 80 }]";
    assert!(codes(&[action]).iter().all(|(code, _)| *code == Code::ConnectionsAboveLimit));
    assert_eq!(codes(&[action]).len(), 2, "the writer and the replica");
}

#[test]
fn the_peak_is_held_against_everything_that_may_be_there() {
    let code = Code::DemandAboveCapacity;
    // 150/s × 100 ms = 15 of 6 × 2 vCPUs.
    let cpu = "request.page.steps=[{ cpu = '100ms' }, { cache = 'redis', keys = 'goods', miss = { read = 'db', demand = '2ms' } }, { service = 'pay' }]";
    let warning = only(code, "fleet.web.max", &[cpu]);
    assert!(warning.message.contains("at 30m30s asks for 1.25 times the CPU of fleet `web`"), "{warning:?}");
    assert!(warning.hint.contains("about 8 instances"), "{warning:?}");
    // 150/s × 50 ms = 7.5 servers.
    only(code, "service.pay.servers", &["service.pay.servers=7"]);
    // A timetable that is down to 7 when the peak comes.
    only(code, "service.pay.servers", &["service.pay.servers=[['0s', 20], ['20m', 7]]"]);
    assert_eq!(codes(&["service.pay.servers=[['0s', 20], ['50m', 7]]"]), []);
    only(code, "database.db.replication", &["database.db.replication={ apply = '7ms' }"]);
    assert_eq!(codes(&["database.db.replication={ apply = '7ms', appliers = 2 }"]), []);
    // Appliers take a commit at a time, however many statements it has: 150 × 6 ms = 0.9, and no 1.8 for two writes.
    let two = "{ transaction = 'db', steps = [{ write = '1ms' }, { write = '1ms' }] }";
    let step = HEALTHY.replace("{ write = \"db\", demand = \"1ms\" }", &two.replace('\'', "\""));
    assert_ne!(step, HEALTHY);
    assert_eq!(found(&step, &["database.db.replication={ apply = '6ms' }"]), []);
    let above = found(&step, &["database.db.replication={ apply = '7ms' }"]);
    assert_eq!(above.iter().map(Warning::path).collect::<Vec<_>>(), ["database.db.replication"]);
    // Who scales by nothing has no more than it starts with.
    let still = ["fleet.web.scaling=[]", "fleet.web.min=1", "fleet.web.max=1"];
    assert_eq!(
        codes(
            &[&still[..], &["fleet.web.instance={ vcpus = 1, memory = '1 GiB', name = 'm5.large' }"]]
                .concat()
        ),
        []
    );
    let short = "fleet.web.instance={ vcpus = 1, memory = '1 GiB', strength = 0.5, name = 'm5.large' }";
    assert_eq!(codes(&[&still[..], &[short]].concat()), [(code, "fleet.web.instances".into())]);
    // People who think for longer than they wait come as open traffic does: 8,000 / 10 s, of 8 ms and more each.
    let people = "users.crowd={ count = [['0m', 0], ['10m', 8000]], think = '10s', requests = 'page' }";
    assert!(codes(&[people]).iter().any(|found| *found == (code, "service.pay.servers".to_owned())));
    // A load test without a pause asks for as much as it gets.
    let users = "users.crowd={ count = 1000, think = '0s', requests = 'page' }";
    assert_eq!(codes(&[users]), []);
}

#[test]
fn bytes_are_held_against_networks() {
    let code = Code::NetworkAboveBandwidth;
    // Such a value takes its time in a run; 150/s of 1 MiB are 1.26 of 0.75 Gbit/s.
    let large = codes(&["cache.redis.item=1 MiB"]);
    assert_eq!(large, [(code, "cache.redis.item".to_owned())]);
    let warning = &found(HEALTHY, &["cache.redis.item=1 MiB"])[0];
    assert!(warning.hint.contains("its values queue in a run"), "{warning:?}");
    // Only what is found is sent: half of that is 0.63 Gbit/s.
    assert_eq!(codes(&["cache.redis.item=1 MiB", "cache.redis.hit_ratio=50%"]), []);
    // 150/s × 5 MiB = 6.3 of 6 × 0.75 Gbit/s.
    only(code, "fleet.web.max", &["request.page.response_size=5 MiB", "allow=['steeper-than-alb']"]);
}

#[test]
fn what_no_request_uses_is_named() {
    let more = format!(
        "{HEALTHY}\n[fleet.idle]\ninstance = \"m5.large\"\ninstances = 1\n[balancer.side]\ntargets = \"idle\"\n\
         [keys.old]\ncount = 5\n[request.never]\nsteps = [{{ service = \"lost\" }}]\n\
         [service.lost]\nservers = 1\ntime = \"1ms\"\n[cache.c]\nnode = \"cache.r6g.large\"\n\
         [database.d]\nwriter = \"db.r6g.large\"\n"
    );
    let told: Vec<String> =
        found(&more, &[]).iter().map(|it| format!("{} {}", it.code.name(), it.path())).collect();
    assert_eq!(
        told,
        [
            "unused request.never",
            "unused balancer.side",
            "unused fleet.idle",
            "unused cache.c",
            "unused database.d",
            "unused service.lost",
            "unused keys.old",
        ]
    );
    assert_eq!(found(&more, &["allow=unused"]), [], "what is allowed is not said");
}

#[test]
fn replicas_that_nothing_reads_from_are_named() {
    let text = |step: &str| {
        format!(
            "duration = \"1m\"\ntraffic.a.rate = \"1/s\"\nrequest.r = {{ via = \"w\", steps = [{step}] }}\n\
             [fleet.w]\ninstance = \"m5.large\"\ninstances = 1\npools = {{ db = 5 }}\n\
             [database.db]\nwriter = \"db.r6g.large\"\nreplica = \"db.r6g.large\"\nreplicas = 2\n"
        )
    };
    let told = |step: &str| found(&text(step), &[]);
    let idle = told("{ transaction = \"db\", steps = [{ read = \"1ms\" }] }");
    assert_eq!(idle.iter().map(|it| it.path()).collect::<Vec<_>>(), ["database.db.replicas"]);
    assert_eq!(told("{ read = \"db\", demand = \"1ms\" }"), []);
}

#[test]
fn a_share_in_place_of_a_percentage_is_seen() {
    let warning = only(
        Code::TargetBelowOne,
        "fleet.web.scaling.0.target_tracking.target",
        &["fleet.web.scaling=[{ target_tracking = { metric = 'cpu', target = 0.6 } }]"],
    );
    assert_eq!(warning.hint, "for 60 % write 60");
}

/// Workers poll a queue, which is billed, whether it ever gets a message or not.
#[test]
fn an_unused_queue_says_whether_it_is_billed() {
    let message = |queue: &str| {
        let text = format!("{HEALTHY}\n[queue.jobs]\n{queue}");
        let found = found(&text, &[]);
        found.iter().find(|it| it.code == Code::Unused).map(|it| it.message.clone())
    };
    let polled = message("workers = \"web\"\nsteps = [{ cpu = \"1ms\" }]\n");
    assert_eq!(polled.as_deref(), Some("no request uses queue `jobs`, but it is billed"));
    assert_eq!(message("").as_deref(), Some("no request uses queue `jobs`"), "nothing polls it");
}

#[test]
fn a_long_run_is_announced_with_its_cause() {
    let year = "duration = \"366d\"\nruns = 1000\ntraffic.t.rate = \"10000k/s\"\nrequest.a.steps = [{ delay = \"1ms\" }]";
    let warning = found(year, &[]).remove(0);
    assert_eq!(warning.code, Code::LongRun);
    assert!(warning.message.contains("years of one core for 1,000 runs"), "{warning:?}");

    let policy = "{ simple = { metric = 'cpu', above = 90, change = '+1', period = '10s', periods = 1440 } }";
    let fleets: String = (0..90)
        .map(|i| {
            let policies = vec![policy; 50].join(",");
            format!("[fleet.f{i}]\ninstance = \"m5.large\"\nmin = 1\nmax = 4\nscaling = [{policies}]\n")
        })
        .collect();
    let control = format!(
        "duration = \"366d\"\nruns = 1\ntraffic.t.rate = \"1/day\"\nrequest.a.via = \"f0\"\n\
         request.a.steps = [{{ cpu = \"1ms\" }}]\n{fleets}"
    )
    .replace("1/day", "1/min");
    let warning = found(&control, &[]).remove(0);
    assert!(warning.message.starts_with("about 39 h of one core for 1 run"), "{warning:?}");
    let tenth = found(&control, &["duration=3d"]);
    assert!(tenth.iter().all(|it| it.code != Code::LongRun), "{:?}", tenth.first());
}

#[test]
fn prices_that_are_missing_or_for_nothing_are_told() {
    let codes = codes(&[
        "prices.\"EC2/m6i.lagre\"=0.1",
        "fleet.web.instance={ vcpus = 2, memory = '8 GiB', name = 'own' }",
    ]);
    let expected =
        [(Code::NoPrice, "region".to_owned()), (Code::UnusedPrice, "prices.EC2/m6i.lagre".to_owned())];
    assert_eq!(codes, expected);
}

#[test]
fn figures_are_short() {
    let texts = [0.0284, 1.0, 2.5, 69.04, 1_234_567.0].map(bounded);
    assert_eq!(texts, ["0.0284", "1", "2.5", "69", "1,234,567"]);
    assert_eq!(bounded(f64::INFINITY), "more than 1,000,000,000", "of hosts that do next to nothing");
}

#[test]
fn work_that_outlasts_the_visibility_timeout_is_told() {
    // Messages of a call that sends.
    let found = |messages: u32, queue: &str| {
        let text = format!(
            "duration = \"1m\"\ntraffic.a.rate = \"1/min\"\nrequest.r.steps = [{{ send = \"q\", messages = {messages} }}]\n\
             fleet.w = {{ instance = \"m6i.large\", instances = 1 }}\n[queue.q]\nworkers = \"w\"\n{queue}\n"
        );
        let scenario = parse("q.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        of_scenario(&scenario, 1).into_iter().map(|it| (it.code, it.message, it.hint)).collect::<Vec<_>>()
    };
    assert_eq!(found(10, "time = \"3s\"\nbatch = 10"), []);
    assert_eq!(found(1, "time = \"4s\"\nbatch = 10"), [], "a receive gets one message");
    let text = "the 10 messages of a receive from queue `q` take 40s of work, longer than its visibility timeout of 30s";
    let long = &found(10, "time = \"4s\"\nbatch = 10")[..];
    let [(Code::WorkOutlastsVisibility, message, hint)] = long else { panic!("{long:?}") };
    assert_eq!(message, text);
    // The eighth is done after 32 s.
    let said = "at least 30 % of the messages of such a receive are visible again before they are deleted, and can be delivered again: ";
    assert!(hint.starts_with(said), "{hint}");
    // What may be received once is not delivered again.
    let once = "time = \"4s\"\nbatch = 10\ndead_letter = \"d\"\nmax_receive_count = 1\n[queue.d]";
    let hint = &found(10, once)[0].2;
    assert!(
        hint.contains("before they are deleted, and can be moved to `d` (`max_receive_count = 1`): "),
        "{hint}"
    );
    assert_eq!(found(1, "steps = [{ delay = \"20s\" }, { delay = \"11s\" }]").len(), 1);
}
