//! Few targets that take all traffic, while the others are held for unhealthy, are a cause of their own.

use simcap::outcome::{Link, Outcome, Resource};

use crate::phases::troubles;
use crate::run::run;

const FEW: Resource = Resource::FewTargets { fleet: 0 };
const THREADS: Resource = Resource::Threads { fleet: 0 };

fn link(outcome: &Outcome, of: Resource, from_s: f64) -> &Link {
    let found =
        troubles(outcome).into_iter().filter(|phase| phase.from_s >= from_s).flat_map(|phase| &phase.chain);
    found
        .into_iter()
        .find(|link| link.resource == Some(of))
        .unwrap_or_else(|| panic!("{:#?}", outcome.phases))
}

/// Threads carry 40/s of which 30/s come; 60/s for five minutes fill them, checks fail, and the balancer fails open. Long after
/// that one target is healthy again, and takes all traffic until the other one is: 30/s of the 20/s that it carries. One zone has one node.
const AFTER_FAILING_OPEN: &str = r#"
    duration = "20m"
    bucket = "1s"
    traffic.all.rate = [["0m", "30/s"], ["5m", "30/s"], ["5m", "60/s"], ["10m", "60/s"], ["10m", "30/s"]]
    request.page = { via = "public", steps = [{ cpu = "2ms" }, { service = "pay" }] }
    client.timeout = "20s"
    service.pay = { servers = 1000, time = "exponential 1s" }
    balancer.public.targets = "web"
    fleet.web = { instance = { vcpus = 2, memory = "4 GiB" }, azs = 1, instances = 2, threads = 20 }
"#;

/// Six instances whose pools a database of 100 connections fills for three and a third: at 900/s of 80 ms, threads are full and
/// checks fail, of one target and then of more.
#[test]
fn targets_are_unhealthy_before_few_of_them_are_left() {
    let run = run(
        r#"
        duration = "10m"
        bucket = "5s"
        traffic.t.rate = [["0m", "200/s"], ["4m", "200/s"], ["4m", "900/s"], ["7m", "900/s"], ["7m", "100/s"]]
        client.timeout = "4s"
        request.page = { via = "door", steps = [{ cpu = "2ms" }, { transaction = "db", steps = [{ read = "300us" }, { delay = "80ms" }] }] }
        balancer.door = { targets = "app", health_check = { interval = "10s" } }
        database.db = { engine = "mysql", writer = "db.r6g.large", max_connections = 100 }
        [fleet.app]
        instance = "m5.large"
        azs = 1
        min = 3
        max = 6
        boot = { decision = "5s", launch = "20s", system = "5s", bootstrap = "0s", application = "5s" }
        schedule = [{ at = "3m", desired = 6 }]
        pools = { db = { writer = 30, minimum = 0, timeout = "2s" } }"#,
        1,
    );
    let phase = troubles(&run)[0];
    let at = |of: Resource| phase.chain.iter().position(|link| link.resource == Some(of)).unwrap();
    let (unhealthy, few) = (at(Resource::Targets { fleet: 0 }), at(FEW));
    assert!(unhealthy < few && phase.chain[unhealthy].at_s <= phase.chain[few].at_s, "{}", phase.sentence);
    // One is left out first, and then more of them: the number is that of the worst time, not of all of it.
    assert!(phase.chain[few].text.starts_with("as few as "), "{}", phase.sentence);
}

#[test]
fn one_target_that_takes_all_traffic_is_why_it_fills() {
    let run = run(AFTER_FAILING_OPEN, 2);
    // From the first healthy target to the second one.
    let at = |text: &str| run.incidents.iter().find(|it| it.text.contains(text)).map(|it| it.at_s).unwrap();
    let (from, to) = (at("has a healthy target again"), at("all 2 targets healthy again"));
    assert!(to - from > 10.0, "{:?}", run.incidents);
    let few = link(&run, FEW, 660.0);
    assert!(few.cause && few.text.starts_with("1 of 2 targets of `web` takes all traffic until "), "{few:?}");
    assert_eq!((few.at_s, few.until_s), (from.floor(), to.floor() + 1.0));
    let phase = troubles(&run).into_iter().find(|phase| phase.from_s >= 660.0).unwrap();
    let causes: Vec<_> = phase.chain.iter().filter(|link| link.cause).map(|link| link.resource).collect();
    assert_eq!(causes, [Some(FEW)], "{}", phase.sentence);
    assert!(phase.chain.iter().any(|link| link.resource == Some(THREADS)), "{}", phase.sentence);
    // In the spike the threads were there first, and it is said how many were left, in one way.
    let spike = troubles(&run)[0];
    let order: Vec<_> = spike.chain.iter().map(|link| (link.resource, link.cause)).collect();
    let expected = [
        (Some(THREADS), true),
        (Some(Resource::Targets { fleet: 0 }), false),
        (Some(FEW), false),
        (Some(Resource::FailsOpen { fleet: 0 }), false),
    ];
    assert_eq!(order[..4], expected, "{}", spike.sentence);
    assert!(spike.sentence.contains("→ targets of `web` unhealthy → 1 of 2 targets"), "{}", spike.sentence);
}

/// Targets that boot fail their checks too, and take nothing from the others.
#[test]
fn targets_that_boot_are_none_that_are_left_out() {
    let text = r#"
        duration = "10m"
        bucket = "1s"
        traffic.all.rate = "20/s"
        request.page = { via = "public", steps = [{ cpu = "2ms" }] }
        balancer.public = { targets = "web", health_check = { interval = "5s", timeout = "2s", unhealthy = 2 } }
        fleet.web = { instance = "m5.large", min = 1, max = 4, desired = 1, schedule = [{ at = "1m", desired = 4 }], boot = { launch = "10s", system = "30s", bootstrap = "30s", application = "30s" } }
    "#;
    let run = run(text, 1);
    assert!(run.timeline.fleets[0].unhealthy.iter().any(|count| *count >= 3.0), "they fail their checks");
    for phase in &run.phases {
        assert!(!phase.sentence.contains("all traffic"), "{}", phase.sentence);
    }
}

/// One of three instances is lost with its zone, is held for unhealthy, and is taken away in the end: two are left all the time.
#[test]
fn a_target_that_is_taken_away_was_there_while_it_was_left_out() {
    let text = r#"
        duration = "30m"
        bucket = "5s"
        traffic.all.rate = "180/s"
        request.page = { via = "public", steps = [{ cpu = "10ms" }] }
        balancer.public.targets = "web"
        fault.zone = { zone = "b", at = "10m", for = "10m" }
        [fleet.web]
        instance = { vcpus = 2, memory = "4 GiB" }
        instances = 3
        azs = ["a", "b"]
        status_check = "30s"
        suspend = [{ at = "1m", until = "25m", processes = ["ReplaceUnhealthy"] }]
    "#;
    let run = run(text, 1);
    assert!(run.phases.iter().any(|phase| phase.sentence.contains("target")), "{:#?}", run.phases);
    for phase in &run.phases {
        assert!(!phase.sentence.contains("all traffic"), "{}", phase.sentence);
    }
}

/// 450/s of 10 ms are too much for one instance, and for the two that there are later: all targets are unhealthy again and again, and in between one is
/// healthy.
#[test]
fn a_balancer_that_fails_open_now_and_then_does_so_at_times() {
    let text = "duration = \"12m\"\nbucket = \"10s\"\n[traffic.shop]\nrate = [[\"0m\", \"90/s\"], [\"4m\", \"90/s\"], [\"4m\", \"450/s\"]]\n\
                client = { timeout = \"3s\" }\n[request.buy]\nvia = \"door\"\nsteps = [{ cpu = \"10ms\" }]\n[balancer.door]\ntargets = \"web\"\n\
                [fleet.web]\ninstance = \"m5.large\"\nazs = 1\nmin = 1\nmax = 2\nwarmup = \"60s\"\nboot = { decision = \"5s\", launch = \"20s\", \
                system = \"10s\", bootstrap = \"0s\", application = \"10s\" }\nscaling = [{ target_tracking = { metric = \"cpu\", target = 50 } }]\n";
    let outcome = run(text, 1);
    let open = link(&outcome, Resource::FailsOpen { fleet: 0 }, 0.0);
    let again = outcome.incidents.iter().filter(|it| it.text.contains("fails open")).count();
    assert!(again >= 2, "{:?}", outcome.incidents);
    assert!(open.text.contains("`door` sends to all (fails open) at times"), "{}", open.text);
}

/// Two of three crash at 60 s and are up again at 150 s: they are unhealthy from their second check on, and the third takes all of the traffic, 100/s
/// of the 80/s that it carries.
#[test]
fn a_target_whose_application_has_ended_is_one_of_all() {
    let text = r#"
        duration = "5m"
        bucket = "1s"
        traffic.all = { rate = "100/s", interarrival = "10ms" }
        request.page = { via = "public", steps = [{ cpu = "25ms" }] }
        balancer.public = { targets = "web", health_check = { interval = "5s", timeout = "2s" } }
        fleet.web = { instance = "m5.large", azs = 1, instances = 3, boot = { application = "90s" } }
        fault.bug = { fleet = "web", effect = "crashes", instances = 2, at = "60s" }
        objectives.latency = "p99 < 30ms"
    "#;
    let run = run(text, 1);
    let told: String = run.phases.iter().map(|phase| phase.sentence.as_str()).collect();
    assert!(told.contains("1 of 3 targets of `web` takes all traffic"), "{:#?}", run.phases);
    assert!(!told.contains("1 of 2") && !told.contains("1 of 1"), "{told}");
}
