//! A cause that is told has an effect: what no request can feel, what was there before and did nothing, and what strikes another path
//! is not where a trouble begins.
//!
//! In: scenarios with two things that happen, of which one is why requests fail. Out: that one, first.

use simcap::outcome::{Node, Outcome, Phase, Purpose, Resource};

use super::{kinds, troubles};
use crate::run::run;

/// `page` uses `web` and the bank, of which half of the requests fail from 30 s to 50 s.
fn with_bank(rest: &str) -> Outcome {
    let text = format!(
        r#"
        duration = "80s"
        bucket = "1s"
        traffic.all = {{ rate = "100/s", requests = "page" }}
        request.page = {{ via = "front", steps = [{{ cpu = "1ms" }}, {{ service = "bank" }}] }}
        balancer.front.targets = "web"
        service.bank = {{ servers = 100, time = "50ms" }}
        fault.bank = {{ service = "bank", effect = "fails", share = "50%", at = "30s", for = "20s" }}
        objectives.errors = "< 1%"
        {rest}"#
    );
    run(&text, 1)
}

const WEB: &str = "fleet.web = { instance = \"m5.large\", instances = 4, azs = [\"a\", \"b\"] }\n";

/// The only trouble, which the bank is the first and only cause of.
fn of_the_bank(outcome: &Outcome, what: &str) {
    let [phase] = troubles(outcome)[..] else { panic!("{what}: {:#?}", outcome.phases) };
    assert_eq!(phase.from_s, 30.0, "{what}: {}", phase.sentence);
    let told: Vec<(&str, bool)> = phase.chain.iter().map(|link| (link.text.as_str(), link.cause)).collect();
    let [(bank, true), (failed, false)] = told[..] else { panic!("{what}: {told:?}") };
    assert!(bank.starts_with("`bank` fails 50 % of its requests"), "{what}: {bank}");
    assert!(failed.ends_with("of requests failed, dependency_failed"), "{what}: {failed}");
}

/// A zone in which nothing is, one in which only a fleet is that no request uses, a service of that sort, and strikes that change nothing.
#[test]
fn what_no_request_can_feel_is_no_cause() {
    let unused = "fleet.batch = { instance = \"m5.large\", instances = 2, azs = [\"c\"], status_check = \"5s\" }\n\
        service.spare = { servers = 1, time = \"50ms\" }\n";
    for (what, fault) in [
        ("an empty zone", "zone = \"d\""),
        ("a zone with what nobody uses", "zone = \"c\""),
        ("a service that nobody uses", "service = \"spare\"\neffect = \"slow\"\nfactor = 10"),
        ("a fleet that nobody uses", "fleet = \"batch\"\neffect = \"hangs\""),
        ("as fast as before", "service = \"bank\"\neffect = \"slow\"\nfactor = 1.04"),
    ] {
        for at in ["10s", "30s"] {
            let text = format!("{WEB}{unused}[fault.a]\n{fault}\nat = \"{at}\"\nfor = \"30s\"\n");
            let outcome = with_bank(&text);
            of_the_bank(&outcome, &format!("{what} at {at}"));
            for phase in &outcome.phases {
                let said = ["zone", "batch", "spare", "times as long"];
                let said = said.iter().find(|word| phase.sentence.contains(**word));
                assert_eq!(said, None, "{what} at {at}: {}", phase.sentence);
            }
        }
    }
}

/// One of four instances at a time is taken out from 10 s on, which the others do not feel: the bank fails later, and that is all.
#[test]
fn what_was_there_before_and_did_nothing_is_no_cause() {
    let fleet = "boot = { application = \"20s\" }\nversions = { v2 = {} }\n\
        deploy = [{ at = \"10s\", strategy = \"rolling\", version = \"v2\", batch = 1 }]\n";
    let outcome = with_bank(&format!(
        "balancer.front.deregistration_delay = \"1s\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 4\n{fleet}"
    ));
    assert!(outcome.deployments[0].done_s.is_none(), "it goes on: the test asks nothing else");
    of_the_bank(&outcome, "a deployment");
}

/// A deployment goes on from 10 s on. From 40 s on the bank has one server in place of 50, which carries a tenth of the traffic: threads
/// wait for the bank, and not for the instance that is missing.
#[test]
fn what_fills_waits_for_what_is_full_and_not_for_what_happened_before() {
    let outcome = run(
        r#"
        duration = "80s"
        bucket = "1s"
        client = { timeout = "60s" }
        traffic.all = { rate = "100/s", requests = "page" }
        request.page = { via = "front", steps = [{ service = "bank" }] }
        balancer.front = { targets = "web", deregistration_delay = "1s" }
        service.bank = { servers = [["0s", 50], ["40s", 1]], time = "100ms" }
        [fleet.web]
        instance = "m5.large"
        instances = 4
        threads = 50
        boot = { application = "20s" }
        versions = { v2 = {} }
        deploy = [{ at = "10s", strategy = "rolling", version = "v2", batch = 1 }]
        "#,
        1,
    );
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    let expected =
        [(Some(Resource::Service { service: 0 }), true), (Some(Resource::Threads { fleet: 0 }), false)];
    assert_eq!(kinds(phase)[..2], expected, "{}", phase.sentence);
    assert!(
        phase.sentence.starts_with("0:40 `bank` full (1 of 50 servers from 0:40 on, "),
        "{}",
        phase.sentence
    );
}

/// Workers hang from 20 s on; nothing of their queue is on the path on which requests are refused from 30 s on.
#[test]
fn a_strike_on_one_path_is_no_cause_on_another() {
    let outcome = run(
        r#"
        duration = "80s"
        bucket = "1s"
        traffic.pages = { rate = "50/s", requests = "page" }
        traffic.puts = { rate = "10/s", requests = "put" }
        request.page = { via = "front", steps = [{ service = "bank" }] }
        request.put.steps = [{ send = "jobs" }]
        balancer.front.targets = "web"
        service.bank = { servers = 50, time = "50ms" }
        queue.jobs = { workers = "workers", steps = [{ cpu = "1ms" }] }
        fleet.web = { instance = "m5.large", instances = 2 }
        fleet.workers = { instance = "m5.large", instances = 1 }
        fault.a = { fleet = "workers", effect = "hangs", at = "20s", for = "40s" }
        fault.b = { service = "bank", effect = "refuses", share = "20%", at = "30s", for = "20s" }
        objectives.errors = "page < 1%"
        "#,
        1,
    );
    let told: Vec<_> = troubles(&outcome).iter().flat_map(|phase| kinds(phase)).collect();
    let strike = |fault| (Some(Resource::Struck { fault }), true);
    let pollers = (Some(Resource::Pollers { queue: 0 }), false);
    assert_eq!(told, [strike(0), pollers, strike(1), (None, false)], "{:#?}", outcome.phases);
}

/// One of two instances leaves at 20 s and stops at 25 s. Of the 5 requests/s that each gets for 10 s those are cut off that came after
/// 15 s: 25. The other leaves when the first is back.
#[test]
fn requests_that_a_restart_cuts_off_are_named() {
    let outcome = run(
        r#"
        duration = "35s"
        bucket = "1s"
        traffic.all = { rate = "10/s", requests = "page" }
        [request.page]
        via = "front"
        steps = [{ delay = "10s" }]
        [balancer.front]
        targets = "web"
        deregistration_delay = "5s"
        routing = "round_robin"
        [fleet.web]
        instance = "m5.large"
        instances = 2
        boot = { application = "60s" }
        versions = { v2 = {} }
        deploy = [{ at = "20s", strategy = "rolling", version = "v2", batch = 1 }]
        "#,
        1,
    );
    assert!((20.0..=32.0).contains(&outcome.requests.failed), "{:?}", outcome.requests);
    let cut = format!("{} requests cut off at instances of `web`", outcome.requests.failed);
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    let expected = [
        (Some(Resource::TakenOut { fleet: 0, by: Purpose::Deployment }), true),
        (Some(Resource::Unfinished { fleet: 0 }), false),
        (None, false),
    ];
    assert_eq!(kinds(phase), expected, "{}", phase.sentence);
    assert!(phase.sentence.contains(&cut), "{cut}: {}", phase.sentence);
}

/// 20 requests/s of a second each want 20 places at an instance that takes ten: from 20 s to 40 s half of them are shed.
#[test]
fn what_sheds_requests_is_named_with_its_limit() {
    let outcome = run(
        r#"
        duration = "60s"
        bucket = "1s"
        [traffic.all]
        rate = [["0s", "5/s"], ["20s", "5/s"], ["20s", "20/s"], ["40s", "20/s"], ["40s", "5/s"]]
        requests = "page"
        [request.page]
        via = "web"
        steps = [{ delay = "1s" }]
        [fleet.web]
        instance = "m5.large"
        instances = 1
        threads = 50
        shed = { concurrency = 10 }
        "#,
        1,
    );
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    assert_eq!(
        kinds(phase),
        [(Some(Resource::Shed { fleet: 0 }), true), (None, false)],
        "{}",
        phase.sentence
    );
    let shed = outcome.requests.failed;
    assert!((120.0..280.0).contains(&shed), "{shed}");
    let words = format!("{shed} requests shed by `web`, as instances had more than 10 inside → ");
    assert!(phase.sentence.contains(&words), "{words}: {}", phase.sentence);
}

/// 200/s of 20 ms are 4 vCPUs of 8. At a quarter of their speed the new instances have two.
#[test]
fn new_instances_that_are_cold_are_no_slower_version() {
    let outcome = run(
        r#"
        duration = "10m"
        [traffic.t]
        rate = "200/s"
        [client]
        timeout = "5s"
        [request.page]
        via = "front"
        steps = [{ cpu = "exponential 20ms" }, { read = "shop", demand = "1ms" }]
        [balancer.front]
        targets = "app"
        deregistration_delay = "0s"
        health_check = { interval = "10s", timeout = "5s", unhealthy = 2, healthy = 2 }
        [fleet.app]
        instance = "m5.large"
        instances = 4
        boot = { decision = "5s", launch = "20s", system = "10s", bootstrap = "5s", application = "20s" }
        cold = { speed = "25%", for = "1m" }
        pools = { shop = { writer = 10, minimum = 10 } }
        versions = { v2 = {} }
        deploy = [{ at = "2m", strategy = "blue_green", version = "v2", bake = "1m" }]
        [database.shop]
        engine = "aurora-mysql"
        writer = "db.r6g.large"
        [objectives]
        errors = "< 0.1%"
        "#,
        1,
    );
    let trouble = troubles(&outcome)[0];
    let (cold, cpu) = (Some(Resource::Cold { fleet: 0 }), Some(Resource::Cpu { fleet: 0 }));
    let position = |of| kinds(trouble).iter().position(|(resource, _)| *resource == of);
    assert!(position(cold).is_some() && position(cold) < position(cpu), "{}", trouble.sentence);
    assert!(
        trouble
            .sentence
            .contains("4 instances of `app` have just started and are cold (from 25 % of their speed)"),
        "{}",
        trouble.sentence
    );
    assert!(!trouble.sentence.contains("version"), "{}", trouble.sentence);
}

/// Ten servers become one at 20 s. Each try waits for a second, and there are two more: about three times as many as requests, until the
/// end.
#[test]
fn tries_of_a_tier_are_named_beside_what_they_fill() {
    let outcome = run(
        r#"
        duration = "120s"
        bucket = "1s"
        client = { timeout = "60s" }
        traffic.all = { rate = "20/s", requests = "page" }
        request.page = { via = "web", steps = [{ service = "bank", resilience = "bank" }] }
        resilience.bank = { timeout = "1s", retries = { max = 2, backoff = "0s" } }
        fleet.web = { instance = "m5.large", instances = 1, threads = 1000 }
        service.bank = { servers = [["0s", 10], ["20s", 1]], time = "200ms" }
        "#,
        1,
    );
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    let first = &phase.chain[0];
    assert_eq!((first.resource, first.cause), (Some(Resource::Service { service: 0 }), true));
    assert!(first.text.starts_with("`bank` full (1 of 10 servers from 0:20 on, "), "{}", first.text);
    let tries = phase.chain.iter().find_map(|link| link.text.strip_prefix("tries of `bank` ×"));
    let times: f64 = tries.unwrap_or_else(|| panic!("{}", phase.sentence)).parse().unwrap();
    assert!((2.5..3.0).contains(&times), "{}", phase.sentence);
}

/// The name leads to `green` from 20 s to 40 s, and its clients keep that for a minute. `green` answers with errors from 30 s on: with no
/// healthy target it still gets what was sent there by the weights of before.
#[test]
fn requests_that_go_to_a_bad_group_by_earlier_weights_are_named() {
    let outcome = run(
        r#"
        duration = "80s"
        bucket = "1s"
        users.u = { count = 100, think = "exponential 2s" }
        request.page = { via = "front", steps = [{ delay = "100ms" }] }
        [balancer.front]
        targets = [{ fleet = "blue", weight = 0 }, { fleet = "green", weight = 100 }]
        weights = [{ at = "50s", blue = 100, green = 0 }]
        ttl = "60s"
        health_check = { interval = "5s", timeout = "2s", unhealthy = 2, healthy = 2 }
        [fleet.blue]
        instance = "m5.large"
        instances = 2
        [fleet.green]
        instance = "m5.large"
        instances = 2
        [fault.green]
        fleet = "green"
        effect = "fails"
        share = "100%"
        at = "30s"
        for = "60s"
        "#,
        1,
    );
    let said = |phase: &&Phase| {
        phase.sentence.contains("sent by earlier weights of `front`, which clients keep for 1m")
    };
    assert!(outcome.phases.iter().any(|phase| said(&phase)), "{:#?}", outcome.phases);
}

/// Of the pools of a database that no request uses nothing is said either.
#[test]
fn a_dead_database_that_nobody_asks_is_no_cause() {
    let outcome = with_bank(&format!(
        "{WEB}database.archive = {{ engine = \"mysql\", writer = \"db.r6g.large\" }}\n\
         fault.a = {{ database = \"archive\", effect = \"crashes\", at = \"20s\" }}\n"
    ));
    of_the_bank(&outcome, "a database");
    let lost = Resource::LostNodes { database: 0, node: Node::Writer };
    assert!(outcome.phases.iter().all(|phase| phase.chain.iter().all(|link| link.resource != Some(lost))));
}

/// Two classes that share instances; the bank has a server for half of what comes from 60 s to 120 s. Ten seconds before, something happens on the
/// same path that moves no work there.
#[test]
fn what_shares_a_path_and_moves_no_work_is_no_cause() {
    let text = |fault: &str| {
        format!(
            r#"
            duration = "180s"
            bucket = "1s"
            client.timeout = "2s"
            [traffic.a]
            rate = [["0s", "100/s"], ["60s", "100/s"], ["60s", "400/s"], ["120s", "400/s"], ["120s", "100/s"]]
            requests = "pay"
            [traffic.b]
            interarrival = "1s"
            requests = "write"
            [request.pay]
            via = "web"
            steps = [{{ cpu = "100us" }}, {{ service = "bank" }}]
            [request.write]
            via = "web"
            steps = [{{ cpu = "100us" }}, {{ service = "mail" }}, {{ call = "side", steps = [{{ cpu = "100us" }}] }}]
            [fleet.web]
            instance = "m5.large"
            instances = 2
            azs = ["a"]
            threads = 2000
            [fleet.side]
            instance = "m5.large"
            instances = 2
            azs = ["a", "b"]
            [service.bank]
            servers = 20
            time = "100ms"
            [service.mail]
            servers = 20
            time = "10ms"
            [fault.f]
            {fault}
            at = "50s"
            for = "120s"
            [objectives]
            errors = "< 1%"
            "#
        )
    };
    for fault in [
        "service = \"mail\"\neffect = \"slow\"\nfactor = 5",
        "service = \"mail\"\neffect = \"fails\"\nshare = \"100%\"",
        "fleet = \"web\"\neffect = \"slow\"\nspeed = \"50%\"",
        "fleet = \"side\"\neffect = \"slow\"\nspeed = \"5%\"",
        "zone = \"b\"",
    ] {
        let outcome = run(&text(fault), 1);
        let heaviest = outcome.phases.iter().filter(|it| it.trouble && it.to_s > 100.0).collect::<Vec<_>>();
        let [trouble] = heaviest[..] else { panic!("{fault}: {:#?}", outcome.phases) };
        let full = trouble.chain.iter().position(|it| it.resource == Some(Resource::Service { service: 0 }));
        let full = full.unwrap_or_else(|| panic!("{fault}: {}", trouble.sentence));
        assert!(trouble.chain[full].cause, "{fault}: {}", trouble.sentence);
        let failed = trouble.chain.iter().position(|it| it.text.contains("of requests failed")).unwrap();
        let between = trouble.chain.get(full + 1..failed).unwrap_or_else(|| panic!("{}", trouble.sentence));
        assert!(between.iter().all(|it| !it.cause), "{fault}: {}", trouble.sentence);
        let blame = outcome.objectives[0].cause.unwrap();
        let before = trouble.chain[..=full].iter().skip(1).filter(|it| it.cause).count();
        assert_eq!(outcome.phases[blame.phase].from_s, trouble.from_s, "{fault}");
        assert_eq!(blame.story, before, "{fault}: {}", trouble.sentence);
    }
}

/// Two banks, of which each fails the requests of one class: for a minute the one that many ask, later or at the same time the other one.
#[test]
fn an_objective_of_a_class_was_missed_by_what_that_class_uses() {
    for (at, together) in [("120s", false), ("40s", true)] {
        let text = format!(
            r#"
            duration = "200s"
            bucket = "1s"
            traffic.a = {{ rate = "100/s", requests = "pay" }}
            traffic.b = {{ rate = "10/s", requests = "write" }}
            request.pay = {{ steps = [{{ service = "bank" }}] }}
            request.write = {{ steps = [{{ service = "mail" }}] }}
            service.bank = {{ servers = 100, time = "50ms" }}
            service.mail = {{ servers = 100, time = "50ms" }}
            fault.bank = {{ service = "bank", effect = "fails", share = "50%", at = "30s", for = "60s" }}
            fault.mail = {{ service = "mail", effect = "fails", share = "50%", at = "{at}", for = "40s" }}
            objectives.errors = ["< 1%", "write < 1%"]
            "#
        );
        let outcome = run(&text, 1);
        let told = |objective: usize| {
            let blame = outcome.objectives[objective].cause.unwrap();
            let mut stories = outcome.phases[blame.phase].sentence.split(" · ");
            stories.nth(blame.story).unwrap().to_owned()
        };
        assert!(told(0).contains("`bank` fails"), "{}", told(0));
        assert!(told(1).contains("`mail` fails"), "{}", told(1));
        assert_eq!(troubles(&outcome).len(), if together { 1 } else { 2 });
    }
}

/// At 60 s the weights send all to the one instance of `green`, which has half the cores that they need. Ten seconds before, an instance of `blue`
/// becomes a little slower. Where both groups are large enough, the change is told nowhere.
#[test]
fn weights_that_send_all_to_a_small_group_are_the_cause() {
    let of = |green: u32| {
        let text = format!(
            r#"
            duration = "150s"
            bucket = "1s"
            client.timeout = "2s"
            traffic.all = {{ rate = "100/s", requests = "page" }}
            request.page = {{ via = "front", steps = [{{ cpu = "40ms" }}] }}
            [balancer.front]
            targets = [{{ fleet = "blue", weight = 1 }}, {{ fleet = "green", weight = 0 }}]
            weights = [{{ at = "60s", blue = 0, green = 1 }}]
            [fleet.blue]
            instance = "m5.large"
            instances = 4
            [fleet.green]
            instance = "m5.large"
            instances = {green}
            [fault.f]
            fleet = "blue"
            effect = "slow"
            speed = "90%"
            at = "50s"
            [objectives]
            errors = "< 1%"
            "#
        );
        run(&text, 1)
    };
    let small = of(1);
    let trouble = troubles(&small)[0];
    assert_eq!(trouble.chain[0].resource, Some(Resource::Reweighted { balancer: 0 }), "{}", trouble.sentence);
    let begin = "1:00 weights of `front` are blue 0, green 1 → CPU of `green` full";
    assert!(trouble.sentence.starts_with(begin), "{}", trouble.sentence);
    let large = of(4);
    assert!(troubles(&large).is_empty(), "{:#?}", large.phases);
    assert!(large.phases.iter().all(|it| !it.sentence.contains("weights")), "{:#?}", large.phases);
}

/// From 60 s on four instances have to do the work of eight, while a deployment has one of them out: three or four, they are full. With three quarters of
/// their work they are full because one is missing.
#[test]
fn what_would_be_full_anyway_is_not_full_because_an_instance_is_missing() {
    let of = |rate: u32| {
        let text = format!(
            r#"
            duration = "120s"
            bucket = "1s"
            client.timeout = "2s"
            [traffic.all]
            rate = [["0s", "100/s"], ["60s", "100/s"], ["60s", "{rate}/s"]]
            [request.page]
            via = "front"
            steps = [{{ cpu = "10ms" }}]
            [balancer.front]
            targets = "web"
            deregistration_delay = "2s"
            [fleet.web]
            instance = "m5.large"
            instances = 4
            versions = {{ v2 = {{}} }}
            deploy = [{{ at = "55s", strategy = "rolling", version = "v2", install = "120s" }}]
            [objectives]
            errors = "< 1%"
            "#
        );
        let outcome = run(&text, 1);
        let trouble = *troubles(&outcome).last().unwrap_or_else(|| panic!("{:#?}", outcome.phases));
        trouble.chain.iter().find(|link| link.cause).unwrap().resource
    };
    assert_eq!(of(1_600), Some(Resource::Cpu { fleet: 0 }));
    assert_eq!(of(700), Some(Resource::TakenOut { fleet: 0, by: Purpose::Deployment }));
}
