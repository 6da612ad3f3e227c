//! Each warning: a scenario that it is said of, and one beside it that is fine.

mod credits;
mod growth;
mod held;

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

#[test]
fn scaling_needs_room() {
    only(Code::ScalingWithoutRoom, "fleet.web.max", &["fleet.web.max=2"]);
    assert_eq!(codes(&["fleet.web.max=2", "fleet.web.schedule=[{ at = '10m', max = 5 }]"]), []);
    let warning = only(Code::ScalingWithoutRoom, "fleet.web.max", &["fleet.web.scaling=[]"]);
    assert!(warning.message.ends_with("it stays at 2"), "{warning:?}");
}

#[test]
fn a_grace_period_outlasts_the_boot() {
    let late = ["fleet.web.health='elb'", "fleet.web.boot={ bootstrap = '5m' }", "fleet.web.grace='60s'"];
    let warning = only(Code::GraceShorterThanBoot, "fleet.web.grace", &late);
    assert!(warning.message.contains("but its grace period is 1m"), "{warning:?}");
    // EC2's own checks do not see the application, and a hook holds the grace period back until it answers.
    assert_eq!(codes(&late[1..]), []);
    let hook = "fleet.web.launch_hook={}";
    assert_eq!(codes(&[&late[..], &[hook]].concat()), []);
    assert_eq!(codes(&[late[0], late[1], "fleet.web.grace='10m'"]), []);
}

/// It answers after 315 s, and then has to pass five checks: half an interval and four more make 450 s; with one check it is 330 s.
#[test]
fn a_grace_period_outlasts_the_checks_that_a_new_target_has_to_pass() {
    let boot = "fleet.web.boot={ system = '10s', bootstrap = '5m', application = '5s' }";
    let with = |grace: &str| {
        let checks = "balancer.lb.health_check.first_passes=5";
        [
            "fleet.web.health='elb'".to_owned(),
            boot.to_owned(),
            checks.to_owned(),
            format!("fleet.web.grace='{grace}'"),
        ]
    };
    let found = |grace: &str| {
        let set = with(grace);
        codes(&set.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let set = with("7m");
    let warning = only(
        Code::GraceShorterThanBoot,
        "fleet.web.grace",
        &set.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert!(warning.message.contains("finds it healthy 7m30s after EC2 runs it"), "{warning:?}");
    assert_eq!(found("451s"), []);
    assert_eq!(codes(&["fleet.web.health='elb'", boot, "fleet.web.grace='331s'"]), []);
}

#[test]
fn a_launch_hook_waits_at_least_until_the_application_is_up() {
    let boot = "fleet.web.boot={ system = '15s', bootstrap = '60s', application = '10s' }";
    let hook = |hook: &str| format!("fleet.web.launch_hook={{ {hook} }}");
    let warning = only(
        Code::HookShorterThanBoot,
        "fleet.web.launch_hook.heartbeat",
        &[boot, &hook("heartbeat = '40s'")],
    );
    assert!(warning.message.contains("completed 1m25s after EC2 runs an instance"), "{warning:?}");
    let action = hook("heartbeat = '40s', complete = '41s'");
    only(Code::HookShorterThanBoot, "fleet.web.launch_hook.heartbeat", &[&action]);
    for fine in [
        "heartbeat = '85s'",
        "heartbeat = '40s', default_result = 'continue'",
        "heartbeat = '40s', complete = '40s'",
    ] {
        assert_eq!(codes(&[boot, &hook(fine)]), [], "{fine}");
    }
}

/// Of three actions the last one is at 2 h, an hour after the end, and one at the very end.
#[test]
fn a_scheduled_action_after_the_end_never_comes() {
    let schedule = |at: &str| {
        format!(
            "fleet.web.schedule=[{{ at = '10m', min = 3 }}, {{ at = '{at}', max = 60 }}, {{ at = '30m', max = 7 }}]"
        )
    };
    let warning = only(Code::ScheduleAfterEnd, "fleet.web.schedule.1.at", &[&schedule("2h")]);
    assert_eq!(warning.message, "a scheduled action of fleet `web` at 2h never comes: the run ends at 1h");
    only(Code::ScheduleAfterEnd, "fleet.web.schedule.1.at", &[&schedule("1h")]);
    assert_eq!(codes(&[&schedule("59m")]), []);
    // 600/s of 5 ms are three vCPUs, and what makes room only after the end is no key to look at.
    let much = ["traffic.all={ rate = '600/s', requests = 'page' }", "fleet.web.max=1", "fleet.web.min=1"];
    let late = "fleet.web.schedule=[{ at = '2h', max = 60 }]";
    let asked = found(HEALTHY, &[&much[..], &[late]].concat());
    let asked = asked
        .iter()
        .find(|it| it.code == Code::DemandAboveCapacity && it.path().starts_with("fleet"))
        .unwrap();
    assert_eq!(asked.path(), "fleet.web.max");
    assert!(!asked.hint.contains("comes late"), "{asked:?}");
}

/// Whatever has an `at` never comes after the end; each entry has its own place.
#[test]
fn no_action_of_a_fleet_comes_after_the_end() {
    let late =
        |key: &str, entry: &str| format!("fleet.web.{key}=[{{ at = '10m'{entry} }}, {{ at = '1h'{entry} }}]");
    for (key, entry, what) in [
        ("standby", ", until = '2h'", "a span of standby"),
        ("refresh", "", "an instance refresh"),
        ("deploy", ", strategy = 'rolling'", "a deployment"),
        ("suspend", ", processes = ['Launch']", "a suspension"),
        ("launch_failures", "", "a span of failed launches"),
    ] {
        let warning = only(Code::ScheduleAfterEnd, &format!("fleet.web.{key}.1.at"), &[&late(key, entry)]);
        assert_eq!(warning.message, format!("{what} of fleet `web` at 1h never comes: the run ends at 1h"));
        assert_eq!(codes(&[&late(key, entry), "duration=90m"]), [], "{key}");
    }
    let spot = "fleet.web.spot={ on_demand_share = '50%', interruptions = [{ at = '3h' }] }";
    only(Code::ScheduleAfterEnd, "fleet.web.spot.interruptions.0.at", &[spot]);
    let resize = [
        "fleet.web={ instance = 'm5.large', instances = 2, pools = { db = 20 }, resize = [{ at = '2h', instance = 'm5.xlarge' }] }",
    ];
    only(Code::ScheduleAfterEnd, "fleet.web.resize.0.at", &resize);
}

/// 2026-11-27 is a Friday. The run has the hour from 9:00 on.
#[test]
fn a_version_that_is_felt_nowhere_is_warned_of() {
    let versions = "fleet.web.versions={ v2 = { health = false }, v3 = {} }";
    let refresh = "fleet.web.refresh=[{ at = '1s', version = 'v2' }]";
    let warning = only(Code::Unused, "fleet.web.versions.v3", &[versions, refresh]);
    assert_eq!(warning.message, "no refresh and no deployment brings version `v3` of fleet `web`");
    let unchecked =
        HEALTHY.replace("via = \"lb\"", "via = \"web\"").replace("[balancer.lb]\ntargets = \"web\"\n", "");
    let found = found(&unchecked, &["fleet.web.versions={ v2 = { health = false } }", refresh]);
    let told: Vec<String> = found.iter().map(|it| it.path()).collect();
    assert_eq!(told, ["fleet.web.versions.v2"], "{found:?}");
}

#[test]
fn a_bake_time_that_no_alarm_watches_is_warned_of() {
    let deploy = |more: &str| format!("fleet.web.deploy=[{{ at = '1s', {more} }}]");
    let warning = only(Code::Unused, "fleet.web.deploy.0.bake", &[&deploy("strategy = 'canary'")]);
    assert_eq!(
        warning.message,
        "the canary deployment of fleet `web` at 1s waits 10m before it goes on, and no alarm can stop it"
    );
    only(Code::Unused, "fleet.web.deploy.0.bake", &[&deploy("strategy = 'rolling', bake = '5m'")]);
    // Blue instances are kept for that time.
    assert_eq!(codes(&[&deploy("strategy = 'blue_green', bake = '5m'")]), []);
    assert_eq!(codes(&[&deploy("strategy = 'rolling'")]), []);
}

#[test]
fn a_cron_without_a_time_of_the_run_is_warned_of() {
    let cron = |text: &str| {
        format!("fleet.web.schedule=[{{ at = '10m', min = 3 }}, {{ cron = '{text}', min = 3 }}]")
    };
    let with = |text: &str| {
        only(
            Code::ScheduleAfterEnd,
            "fleet.web.schedule.1.cron",
            &["starts='2026-11-27T09:00:00Z'", &cron(text)],
        )
    };
    let saturday = with("30 9 * * SAT");
    assert_eq!(
        saturday.message,
        "`30 9 * * SAT` of a scheduled action of fleet `web` names no time of the run"
    );
    assert!(saturday.hint.starts_with("it comes next at 2026-11-28 09:30: "), "{saturday:?}");
    let never = with("0 0 30 2 *");
    assert_eq!(
        never.message,
        "`0 0 30 2 *` of a scheduled action of fleet `web` names a time that never comes"
    );
    assert_eq!(codes(&["starts='2026-11-27T09:00:00Z'", &cron("30 9 * * FRI")]), []);
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
fn a_warm_cache_is_still_warm_at_the_peak_or_filled_anew() {
    let many = ["keys.goods.count=2000000", "cache.redis.ttl=30m"];
    let warning = only(Code::WarmCacheExpires, "cache.redis.ttl", &many);
    assert!(warning.message.starts_with("100 % of what cache `redis` holds"), "{warning:?}");
    // Few look-ups until the peak comes at once.
    let step = "traffic.all={ rate = [['0m', '5/s'], ['30m', '5/s'], ['30m', '150/s']], requests = 'page' }";
    let warning = only(Code::WarmCacheExpires, "cache.redis.ttl", &["cache.redis.ttl=30m", step]);
    assert!(
        warning.hint.ends_with("in the 30m before, traffic alone looks up each of its items 0.9 times"),
        "{warning:?}"
    );
    // Of the ttl of 5 minutes: 4 at 50/s and a slope of one to 200/s, 12,000 and 7,500 look-ups of 10,000 items; before that, they
    // have expired again.
    let slope =
        "traffic.all={ rate = [['0m', '50/s'], ['10m', '50/s'], ['11m', '200/s']], requests = 'page' }";
    let warning = only(Code::WarmCacheExpires, "cache.redis.ttl", &["cache.redis.ttl=5m", slope]);
    assert!(
        warning.hint.ends_with("in the 5m before, traffic alone looks up each of its items 1.95 times"),
        "{warning:?}"
    );
    assert_eq!(codes(&["keys.goods.count=2000000", "cache.redis.ttl=2h"]), [], "a quarter has expired");
    assert_eq!(codes(&["keys.goods.count=2000000", "cache.redis.ttl=30m", "cache.redis.renew=true"]), []);
    assert_eq!(codes(&["keys.goods.count=2000000", "cache.redis.ttl=30m", "cache.redis.warm=0%"]), []);
}

/// Ten thousand items and next to no look-ups before: whatever the shape of the rise, misses of a cold cache come on the way.
#[test]
fn a_warm_cache_expires_before_a_peak_of_any_shape() {
    let warned = |traffic: &str| {
        let traffic = format!("traffic.all={{ {traffic}, requests = 'page' }}");
        let found = found(HEALTHY, &["cache.redis.ttl=10m", &traffic]);
        found
            .into_iter()
            .find(|warning| warning.code == Code::WarmCacheExpires)
            .map(|warning| warning.message)
    };
    for (shape, peak) in [
        ("rate = [['0m', '0.5/s'], ['50m', '0.5/s'], ['50m', '3000/s']]", "50m"),
        ("spike = { base = '0.5/s', peak = '3000/s', at = '50m', hold = '2m' }", "50m30s"),
        ("spike = { base = '0.5/s', peak = '3000/s', at = '50m', ramp = '1m', hold = '2m' }", "51m"),
        ("rate = [['0m', '0.5/s'], ['50m', '0.5/s'], ['51m', '3000/s'], ['52m', '10/s']]", "51m"),
    ] {
        let message = warned(shape).unwrap_or_else(|| panic!("{shape}"));
        let ending = format!("when the peak comes at {peak} (ttl = \"10m\")");
        // A slope is at nine tenths of the peak at its end at the latest.
        assert!(
            message.starts_with("100 % of what cache `redis` holds") && message.ends_with(&ending),
            "{message}"
        );
    }
    // By hand: on a slope of a/s² to N items, at most √(a·N)/√e look-ups a second miss. Over an hour to 3,000/s that are
    // 3000 / 3600 and so 55/s, less than 5 % of 3,000.
    assert_eq!(warned("rate = [['0m', '0.5/s'], ['60m', '3000/s']]"), None);
    assert_eq!(
        warned("spike = { base = '100/s', peak = '3000/s', at = '50m', hold = '2m' }"),
        None,
        "refilled"
    );
}

#[test]
fn a_peak_of_a_recording_is_one_as_well() {
    use std::fmt::Write as _;

    let mut rows = String::from("t\n");
    // One request each 2 s, and after 3,000 s ten seconds of a thousand a second.
    (0..1_500).for_each(|at| writeln!(rows, "{}", 2 * at).unwrap());
    (0..10_000).for_each(|at| writeln!(rows, "{:.3}", 3_000.0 + f64::from(at) / 1_000.0).unwrap());
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("recorded.csv"), rows).unwrap();
    let replay = "traffic.all={ replay = { file = 'recorded.csv', column = 't' }, requests = 'page' }";
    let changes = ["cache.redis.ttl=10m", replay].map(String::from);
    let scenario = parse("shop.toml", HEALTHY.as_bytes(), place.path(), &changes).unwrap();
    let found = of_scenario(&scenario, scenario.runs);
    assert!(found.iter().any(|warning| warning.code == Code::WarmCacheExpires), "{found:?}");
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
