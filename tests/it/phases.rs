//! The phases on the page: each trouble as a chain, causes in the order of time and before their effects.
//!
//! Every scenario has one resource that runs out, so the cause is known.

mod causes;

use simcap::outcome::{Node, Outcome, Phase, Resource};

use crate::run::run;

/// The troubles of a run.
pub fn troubles(outcome: &Outcome) -> Vec<&Phase> {
    outcome.phases.iter().filter(|phase| phase.trouble).collect()
}

/// For each link its resource and whether it is a cause; the resource is `None` for an effect.
pub fn kinds(phase: &Phase) -> Vec<(Option<Resource>, bool)> {
    phase.chain.iter().map(|link| (link.resource, link.cause)).collect()
}

/// The only trouble of a run; it begins when the rate rises at 20 s.
pub fn only(outcome: &Outcome) -> &Phase {
    let troubles = troubles(outcome);
    assert_eq!(troubles.len(), 1, "{:#?}", outcome.phases);
    assert!((18.0..=24.0).contains(&troubles[0].from_s), "{}", troubles[0].sentence);
    troubles[0]
}

/// A spike of one class from `calm` to `high` requests/s at 20 s, back at 40 s, and the rest of a scenario.
fn spike(calm: u32, high: u32, rest: &str) -> Outcome {
    let text = format!(
        r#"
        duration = "90s"
        bucket = "1s"
        traffic.people.rate = [["0s", "{calm}/s"], ["20s", "{calm}/s"], ["20s", "{high}/s"], ["40s", "{high}/s"], ["40s", "{calm}/s"]]
        {rest}"#
    );
    run(&text, 7)
}

#[test]
fn cpu_then_backlog_then_failures_then_retries() {
    // Two vCPUs and 10 ms: 200/s; 20/s need a tenth of it.
    let outcome = spike(
        20,
        600,
        r#"
        client = { timeout = "2s", retries = { max = 2, backoff = "200ms" } }
        request.page = { via = "web", steps = [{ cpu = "exponential 10ms" }] }
        fleet.web = { instance = "m5.large", instances = 1, threads = 20, backlog = 20, overflow = "reset" }"#,
    );
    let phase = only(&outcome);
    let expected = [
        (Some(Resource::Cpu { fleet: 0 }), true),
        (Some(Resource::Threads { fleet: 0 }), false),
        (None, false),
        (None, false),
    ];
    assert_eq!(kinds(phase), expected, "{}", phase.sentence);
    let text = &phase.sentence;
    for words in [
        "0:20 CPU of `web` full (1 instance",
        "→ threads and accept backlog of `web` full",
        "of requests failed, http_502",
        "→ retries ×",
        "over",
    ] {
        assert!(text.contains(words), "`{words}` is not in: {text}");
    }
    // 600/s of 10 ms are six vCPUs: three instances, or four if by chance a little more came.
    let needed = ["its load needs about 3)", "its load needs about 4)"];
    assert!(needed.iter().any(|words| text.contains(words)), "{text}");
}

#[test]
fn a_pool_too_small_then_the_threads_that_wait_for_it() {
    // Four connections held 50 ms each: 80/s, with an idle database.
    let outcome = spike(
        20,
        160,
        r#"
        request.page = { via = "web", steps = [{ transaction = "shop", steps = [{ read = "1ms" }, { delay = "50ms" }] }] }
        fleet.web = { instance = "m5.large", instances = 1, threads = 50, backlog = 5000, pools = { shop = { writer = 4, timeout = "30s" } } }
        database.shop = { writer = "db.r6g.large" }"#,
    );
    let phase = only(&outcome);
    let expected = [
        (Some(Resource::Pool { fleet: 0, pool: 0, node: Node::Writer }), true),
        (Some(Resource::Threads { fleet: 0 }), false),
    ];
    assert_eq!(kinds(phase), expected, "{}", phase.sentence);
    assert!(phase.sentence.contains("0:20 pool of `web` to `shop` full"), "{}", phase.sentence);
}

/// 400 users who think for 2 s ask for 1.04 times two instances of two vCPUs: the CPU is busy for 98 or 99 % of every row, and
/// requests wait all the time.
#[test]
fn what_is_full_but_for_chance_is_one_story() {
    let text = r#"
        duration = "30m"
        users.u = { count = 400, think = "exponential 2s" }
        request.page = { via = "door", steps = [{ cpu = "20ms" }] }
        balancer.door.targets = "app"
        fleet.app = { instance = "t3.medium", instances = 2 }"#;
    for seed in 1..=3 {
        let outcome = run(text, seed);
        let [phase] = &outcome.phases[..] else { panic!("seed {seed}: {:#?}", outcome.phases) };
        assert_eq!(kinds(phase), [(Some(Resource::Cpu { fleet: 0 }), true)], "{}", phase.sentence);
    }
}

/// Names of the file stand in backticks, as in every other sentence.
#[test]
fn the_tightest_resource_is_named_as_in_other_sentences() {
    let service = "duration = \"10m\"\ntraffic.a.rate = \"5/s\"\nrequest.r.steps = [{ service = \"pay\" }]\n\
                   service.pay = { servers = 1, time = \"100ms\" }\n";
    let sentence = &run(service, 1).phases[0].sentence;
    assert!(sentence.contains("tightest: `pay` "), "{sentence}");
}

#[test]
fn one_hot_row_then_the_pool_that_waits_for_it() {
    // A row held for at least 2 ms of statement and a commit: fewer than 400/s, for any pool.
    let outcome = spike(
        20,
        500,
        r#"
        request.page = { via = "web", steps = [{ transaction = "shop", steps = [{ write = "2ms", rows = { count = 1, zipf = 0 } }] }] }
        fleet.web = { instance = "m5.4xlarge", instances = 1, threads = 1000, pools = { shop = { writer = 40, timeout = "60s" } } }
        database.shop = { writer = "db.r6g.4xlarge", lock_wait_timeout = "50s" }"#,
    );
    let phase = only(&outcome);
    assert_eq!(
        kinds(phase)[..2],
        [
            (Some(Resource::Locks { database: 0 }), true),
            (Some(Resource::Pool { fleet: 0, pool: 0, node: Node::Writer }), false)
        ],
        "{}",
        phase.sentence
    );
    assert!(phase.sentence.contains("row locks of `shop` contended (up to "), "{}", phase.sentence);
    assert_eq!(phase.chain.iter().filter(|link| link.cause).count(), 1, "{}", phase.sentence);
}

#[test]
fn the_database_then_the_pool_then_the_threads() {
    // Two vCPUs and 10 ms: about 200/s.
    let outcome = spike(
        20,
        400,
        r#"
        request.page = { via = "web", steps = [{ read = "shop", demand = "exponential 10ms" }] }
        fleet.web = { instance = "m5.large", instances = 1, threads = 60, backlog = 5000, pools = { shop = { writer = 20, timeout = "60s" } } }
        database.shop = { writer = "db.r6g.large" }"#,
    );
    let phase = only(&outcome);
    let expected = [
        (Some(Resource::Database { database: 0, node: Node::Writer }), true),
        (Some(Resource::Pool { fleet: 0, pool: 0, node: Node::Writer }), false),
        (Some(Resource::Threads { fleet: 0 }), false),
    ];
    assert_eq!(kinds(phase), expected, "{}", phase.sentence);
    assert!(phase.sentence.contains("CPU of the writer of `shop` full"), "{}", phase.sentence);
}

#[test]
fn a_service_then_the_threads_of_both_tiers_from_the_inside() {
    let outcome = spike(
        20,
        200,
        r#"
        request.page = { via = "web", steps = [{ call = "app", steps = [{ service = "pay" }] }] }
        fleet.web = { instance = "m5.large", instances = 1, threads = 120, backlog = 5000 }
        fleet.app = { instance = "m5.large", instances = 1, threads = 60, backlog = 5000 }
        service.pay = { servers = 10, time = "exponential 100ms" }"#,
    );
    let phase = only(&outcome);
    let names: Vec<&str> = phase.chain.iter().map(|link| link.text.split(" full").next().unwrap()).collect();
    assert_eq!(names, ["`pay`", "threads of `app`", "threads of `web`"], "{}", phase.sentence);
    assert!(phase.chain[0].cause && !phase.chain[1].cause && !phase.chain[2].cause);
}

#[test]
fn what_fills_later_is_told_later() {
    // The CPU of `web` from 20 s on; from 40 s on also the service of another class.
    let outcome = run(
        r#"
        duration = "80s"
        bucket = "1s"
        [traffic.pages]
        rate = [["0s", "20/s"], ["20s", "20/s"], ["20s", "400/s"]]
        requests = "page"
        [traffic.payments]
        rate = [["0s", "5/s"], ["40s", "5/s"], ["40s", "60/s"]]
        requests = "pay"
        [client]
        timeout = "5s"
        [request.page]
        via = "web"
        steps = [{ cpu = "exponential 10ms" }]
        [request.pay]
        steps = [{ service = "gateway" }]
        [fleet.web]
        instance = "m5.large"
        instances = 1
        [service.gateway]
        servers = 2
        time = "exponential 100ms"
        "#,
        3,
    );
    let phase = only(&outcome);
    let causes: Vec<(f64, Resource)> = phase
        .chain
        .iter()
        .filter(|link| link.cause)
        .map(|link| (link.at_s, link.resource.unwrap()))
        .collect();
    assert_eq!(causes.len(), 2, "{}", phase.sentence);
    assert_eq!((causes[0].1, causes[1].1), (Resource::Cpu { fleet: 0 }, Resource::Service { service: 0 }));
    assert!((40.0..=43.0).contains(&causes[1].0), "{}", phase.sentence);
    assert!(phase.sentence.contains(" · 0:4"), "{}", phase.sentence);
}

#[test]
fn refused_connections_are_a_cause_with_their_number() {
    // Three instances with pools of 40 are 120 connections; the database takes 100.
    let outcome = run(
        r#"
        duration = "80s"
        bucket = "1s"
        traffic.people.rate = [["0s", "50/s"], ["20s", "50/s"], ["20s", "2600/s"]]
        [request.page]
        via = "front"
        steps = [{ transaction = "shop", steps = [{ read = "0.1ms" }, { delay = "50ms" }] }]
        [balancer.front]
        targets = "web"
        [fleet.web]
        instance = "m5.4xlarge"
        instances = 1
        threads = 1000
        timetable = [["20s", 3]]
        pools = { shop = { writer = 40, timeout = "2s" } }
        [database.shop]
        writer = "db.r6g.4xlarge"
        max_connections = 100
        "#,
        3,
    );
    let phase = only(&outcome);
    let first = &phase.chain[0];
    assert_eq!(
        first.resource.unwrap(),
        Resource::Connections { database: 0, node: Node::All },
        "{}",
        phase.sentence
    );
    assert!(
        first.text.starts_with("connections of `shop` at their limit (100, 20 refused"),
        "{}",
        first.text
    );
    assert!(
        phase.chain.iter().any(|link| matches!(link.resource, Some(Resource::Pool { .. })) && !link.cause)
    );
    assert_eq!(outcome.timeline.databases[0].refused.iter().sum::<f64>(), 20.0);
}

/// 800/s for threads that can serve 400/s, from the first second on.
#[test]
fn saturated_from_the_start_is_no_normal_operation() {
    let outcome = run(
        r#"
        duration = "5m"
        traffic.a.rate = "800/s"
        request.r = { via = "app", steps = [{ cpu = "1ms" }, { delay = "500ms" }] }
        fleet.app = { instance = "m5.4xlarge", instances = 1 }
        "#,
        1,
    );
    assert_eq!(outcome.phases.len(), 1, "{:#?}", outcome.phases);
    let phase = &outcome.phases[0];
    assert!(phase.trouble);
    assert!(phase.sentence.contains("threads and accept backlog of `app` full"), "{}", phase.sentence);
    assert!(!phase.sentence.contains("over"), "{}", phase.sentence);
}

/// 50 users without think time on two vCPUs: full, but all requests are answered.
#[test]
fn a_closed_load_test_is_full_and_fails_nobody() {
    let outcome = run(
        r#"
        duration = "5m"
        users.people = { count = 50, think = "0s" }
        request.page = { via = "web", steps = [{ cpu = "exponential 17ms" }] }
        fleet.web = { instance = "c5.large", instances = 1, threads = 5 }
        "#,
        1,
    );
    let [phase] = &outcome.phases[..] else { panic!("{:#?}", outcome.phases) };
    assert!(phase.trouble && outcome.requests.failed == 0.0);
    assert!(phase.sentence.contains("CPU of `web` full (1 instance) from the start"), "{}", phase.sentence);
    assert!(
        !phase.sentence.contains("no request") && !phase.sentence.contains("failed"),
        "{}",
        phase.sentence
    );
}

/// The diagnosis does not depend on names: the same file with other names gives the same page, except for these.
#[test]
fn names_decide_nothing() {
    let told = |database: &str| {
        let text = format!(
            r#"
            duration = "100s"
            traffic.all.rate = [["0s","50/s"],["30s","50/s"],["40s","260/s"]]
            request.page.steps = [{{ write = "{database}", demand = "10ms" }}]
            [database.{database}]
            writer = "db.r6g.large"
            replicas = 1
            [objectives]
            latency = "p99 < 300ms"
            "#
        );
        let outcome = run(&text, 1);
        let phases = outcome.phases.iter();
        let told = phases.map(|phase| (phase.trouble, phase.sentence.replace(database, "NAME"), phase.stage));
        (told.collect::<Vec<_>>(), outcome.stages.iter().map(|stage| stage.of).collect::<Vec<_>>())
    };
    let plain = told("orders");
    assert!(
        plain
            .0
            .iter()
            .any(|(trouble, text, _)| *trouble && text.contains("CPU of the writer of `NAME` full")),
        "{plain:?}"
    );
    for other in ["reader-shop", "replica", "writer-pool", "cpu"] {
        assert_eq!(told(other), plain, "{other}");
    }
}

/// Far from any limit, with the p99 of a row above its objective by chance now and then.
#[test]
fn a_healthy_run_is_never_shaded() {
    for seed in 1..=20 {
        let outcome = run(
            r#"
            duration = "10m"
            bucket = "5s"
            traffic.people.rate = "150/s"
            request.page = { via = "web", steps = [{ cpu = "exponential 2ms" }, { delay = "exponential 100ms" }] }
            fleet.web = { instance = "m5.xlarge", instances = 2 }
            objectives.latency = "p99 < 478ms"
            "#,
            seed,
        );
        let above = outcome.timeline.latency_ms["p99"].iter().flatten().filter(|p99| **p99 > 478.0).count();
        assert!(above >= 10, "{above} rows above the objective: the test asks nothing");
        let [phase] = &outcome.phases[..] else { panic!("seed {seed}: {:#?}", outcome.phases) };
        assert!(!phase.trouble, "seed {seed}: {}", phase.sentence);
        if outcome.objectives_met() {
            assert!(phase.sentence.starts_with("held: p99 "), "{}", phase.sentence);
            assert!(phase.sentence.contains("; tightest: "), "{}", phase.sentence);
            assert!(phase.sentence.contains(", full at ×"), "{}", phase.sentence);
        }
    }
}

/// Rows of 10 ms, a service that rejects half of all requests: one trouble, reported once.
#[test]
fn a_trouble_of_many_rows_is_one_story() {
    let outcome = run(
        r#"
        duration = "60s"
        bucket = "10ms"
        traffic.t.rate = "1000/s"
        request.a.steps = [{ service = "p" }, { service = "q" }, { service = "r" }]
        service.p = { servers = 100, time = "exponential 4.5ms" }
        service.q = { servers = 100, time = "exponential 4.5ms" }
        service.r = { servers = 1, time = "exponential 1ms", queue = 0 }
        "#,
        1,
    );
    let [phase] = &outcome.phases[..] else { panic!("{:#?}", outcome.phases) };
    assert!(phase.trouble);
    assert!(phase.sentence.contains("`r` full"), "{}", phase.sentence);
    assert!(phase.sentence.contains("of requests failed, queue_full"), "{}", phase.sentence);
}

/// 75 % of four vCPUs, for ten minutes, in rows of 2 s: queues form by chance and end by themselves.
#[test]
fn a_steady_load_is_no_trouble_whatever_its_queues_do_by_chance() {
    for seed in 1..=6 {
        let outcome = run(
            r#"
            duration = "10m"
            bucket = "2s"
            traffic.a.rate = "100/s"
            request.r = { via = "lb", steps = [{ cpu = "30ms" }] }
            balancer.lb.targets = "f"
            fleet.f = { instance = "m5.large", instances = 2 }"#,
            seed,
        );
        assert!(troubles(&outcome).is_empty(), "seed {seed}: {:#?}", outcome.phases);
    }
}

/// The same load, but all requests wait at one server of 50/s for 20 s: that is not chance.
#[test]
fn a_short_slow_spell_is_trouble() {
    let outcome = run(
        r#"
        duration = "10m"
        bucket = "2s"
        traffic.a.rate = "100/s"
        request.r = { via = "lb", steps = [{ cpu = "10ms" }, { service = "pay" }] }
        balancer.lb.targets = "f"
        fleet.f = { instance = "m5.large", instances = 2 }
        service.pay = { time = "20ms", servers = [["0s", 8], ["5m", 1], ["5m20s", 8]] }"#,
        1,
    );
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    assert!((298.0..=304.0).contains(&phase.from_s), "{}", phase.sentence);
    assert!((320.0..=340.0).contains(&phase.to_s), "{}", phase.sentence);
}

/// Who waits for a server where there are none waits for something full, however idle the row before was.
#[test]
fn a_station_without_servers_is_full_while_requests_wait_for_it() {
    let station =
        r#"service.s = { servers = [["0s", 8], ["60s", 0], ["90s", 8]], time = "exponential 100ms" }"#;
    let alone = r#"request.r.steps = [{ service = "s" }]"#;
    let nested = r#"
        request.r = { via = "f", steps = [{ cpu = "1ms" }, { service = "s" }] }
        fleet.f = { instance = "m5.large", instances = 1, threads = 50 }"#;
    for path in [alone, nested] {
        let text = format!(
            "duration = \"150s\"\nbucket = \"1s\"\ntraffic.a.rate = \"40/s\"\nclient.timeout = \"5s\"\n{path}\n{station}"
        );
        let outcome = run(&text, 7);
        let troubles = troubles(&outcome);
        let first = &troubles[0].chain[0];
        let desk = Resource::Service { service: 0 };
        assert_eq!(
            (first.resource, first.cause, first.at_s),
            (Some(desk), true, 60.0),
            "{:#?}",
            outcome.phases
        );
        assert!(
            troubles[0].sentence.starts_with("1:00 `s` without a server until 1:30"),
            "{}",
            troubles[0].sentence
        );
        let nearest = &outcome.headroom[0];
        assert_eq!(
            (nearest.of, nearest.saturated, nearest.held_by),
            (desk, true, None),
            "{:#?}",
            outcome.headroom
        );
        assert!(nearest.limit().unwrap() <= 1.0);
        // Threads that are held meanwhile would have been enough.
        let threads = outcome.headroom.iter().find(|it| matches!(it.of, Resource::Threads { .. }));
        assert!(threads.is_none_or(|it| it.held_by == Some(desk)), "{:#?}", outcome.headroom);
    }
}
