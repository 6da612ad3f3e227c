//! Network Load Balancers: connections that stay at their target, resets, new targets, bandwidth, no errors of their own, the bill.

use simcap::outcome::Outcome;
use simcap::scenario::Scenario;
use simcap::units::Time;

use crate::kind::incidents;
use crate::run::{run, scenario};

/// Requests that take 10 ms at one of two instances and 20 ms at the other.
fn text(seconds: u32, traffic: &str, lb: &str, fleet: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"10s\"\n{traffic}\n[client]\nretries = 0\n[request.page]\nvia = \"edge\"\n\
         request_size = \"0 B\"\nresponse_size = \"1 kB\"\nsteps = [{{ cpu = \"10ms\" }}]\n[balancer.edge]\nkind = \"nlb\"\ntargets = \"web\"\n\
         hop = \"0s\"\nhealth_check = {{ interval = \"5s\", timeout = \"5s\", cpu = \"0s\" }}\n{lb}\n[fleet.web]\n\
         instance = {{ vcpus = 64, memory = \"8 GiB\" }}\nspeeds = [1.0, 0.5]\nthreads = \"unlimited\"\nazs = 1\n{fleet}\n"
    )
}

fn nlb(seconds: u32, traffic: &str, lb: &str, seed: u64) -> Outcome {
    run(&text(seconds, traffic, lb, "instances = 2"), seed)
}

const ONE_USER: &str = "[users.one]\ncount = 1\nthink = \"1s\"";

/// A user has one connection, and all its requests are at one target; over seeds both are chosen. Open traffic with connections of many
/// requests has fewer changes of the target than requests.
#[test]
fn requests_of_a_connection_stay_at_its_target() {
    let all: Vec<f64> = (1..=12)
        .map(|seed| {
            let run = nlb(100, ONE_USER, "", seed);
            assert!(run.requests.completed >= 97.0 && run.requests.failed == 0.0);
            assert!((run.latency_ms.mean - run.latency_ms.max).abs() < 1e-6, "{:?}", run.latency_ms);
            run.latency_ms.max
        })
        .collect();
    assert!(all.contains(&10.0) && all.contains(&20.0), "{all:?}");
    // An Application Load Balancer chooses for each request.
    let alb = text(100, ONE_USER, "", "instances = 2").replace("kind = \"nlb\"", "routing = \"random\"");
    let run = run(&alb, 1);
    assert!(run.latency_ms.mean > 11.0 && run.latency_ms.mean < 19.0, "{:?}", run.latency_ms);
}

/// A user thinks for 400 s before each of ten requests. A connection is reset after 350 s, so each second request fails; the one after
/// it has a new connection. Datagrams just go on, and so do connections that may be idle for longer.
#[test]
fn an_idle_connection_is_reset() {
    let counts = |lb: &str| {
        let run = nlb(4_100, "[users.one]\ncount = 1\nthink = \"400s\"", lb, 1);
        let own = &run.balancers[0];
        assert_eq!(own.own_502 + own.own_503 + own.own_504 + own.target_5xx + own.closed_by_client, 0.0);
        (run.requests.arrived, run.requests.failed, own.resets)
    };
    assert_eq!(counts(""), (10.0, 5.0, 5.0));
    assert_eq!(counts("protocol = \"tls\""), (10.0, 5.0, 5.0));
    assert_eq!(counts("protocol = \"udp\""), (10.0, 0.0, 0.0));
    assert_eq!(counts("idle_timeout = \"500s\""), (10.0, 0.0, 0.0));
}

/// One instance, and a second one that is launched at 100 s and is in service a second later.
const JOINS: &str = "min = 1\nmax = 2\ndesired = 1\nschedule = [{ at = \"100s\", desired = 2 }]\n\
                     boot = { decision = \"0s\", launch = \"1s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }";

/// The second instance comes at 100 s, and is healthy within 5 s. It gets its first connection two minutes later.
#[test]
fn a_new_target_waits_for_its_first_connection() {
    let slowest = |seconds: u32, lb: &str| {
        let traffic = "[traffic.all]\ninterarrival = \"100ms\"";
        let lb = format!("requests_per_connection = 1\n{lb}");
        run(&text(seconds, traffic, &lb, JOINS), 1).latency_ms.max
    };
    assert_eq!([slowest(99, ""), slowest(219, ""), slowest(240, "")], [10.0, 10.0, 20.0]);
    assert_eq!([slowest(120, "target_delay = \"0s\""), slowest(240, "target_delay = \"10m\"")], [20.0, 10.0]);
}

/// 200 answers a second of 3.75 MB are 6 Gbit/s. It carries 100 a second, a second of that more in the first row, and a sixth of that more
/// in each row of 10 s, until after a minute it carries all.
#[test]
fn bandwidth_grows_by_three_gigabits_a_minute() {
    let traffic = "[traffic.all]\ninterarrival = \"5ms\"";
    let text = text(100, traffic, "", "instances = 2").replace("1 kB", "3750 kB");
    let run = run(&text, 1);
    let rejected = &run.timeline.balancers[0].rejected;
    for (row, found) in rejected.iter().enumerate() {
        let carries = 100.0 + 100.0 / 6.0 * row as f64;
        let at_first = if row == 0 { 10.0 } else { 0.0 };
        let expected = (200.0 - carries - at_first).max(0.0);
        assert!((found - expected).abs() <= 0.4, "row {row}: {found}, expected {expected}");
    }
    let [begins, ends] = incidents(&run)[..] else { panic!("{:?}", incidents(&run)) };
    assert_eq!(begins, (10.0, "carries 3 Gbit/s and is asked for 6 Gbit/s: rejects the rest"));
    assert!(ends.1.starts_with("has grown to 6 Gbit/s and carries everything again"), "{}", ends.1);
}

/// A target that resets connections is no error of a balancer that knows no HTTP.
#[test]
fn it_has_no_errors_of_its_own() {
    let traffic = "[traffic.all]\ninterarrival = \"100ms\"";
    let fleet = "instances = 2\nbacklog = 0\noverflow = \"reset\"";
    let text = text(60, traffic, "", fleet)
        .replace("threads = \"unlimited\"", "threads = 1")
        .replace("cpu = \"10ms\"", "delay = \"5s\"");
    let run = run(&text, 1);
    let own = &run.balancers[0];
    assert!(run.requests.failed_by_cause["connection_reset"] > 100.0);
    assert_eq!([own.own_502, own.own_503, own.own_504, own.target_5xx], [0.0; 4]);
}

/// 100 connections a second for 36 s, with 1 MB each: 3.6 GB are 3.6 units, new connections 100/800 · 0.01.
#[test]
fn it_is_billed_by_its_own_units() {
    let text =
        text(36, "[traffic.all]\ninterarrival = \"10ms\"", "requests_per_connection = 1", "instances = 2")
            .replace("1 kB", "1 MB");
    let run = run(&text, 1);
    let line = |what: &str| {
        run.bill.items.iter().find(|line| line.resource == "edge" && line.what == what).unwrap().clone()
    };
    let (hours, units) = (line("load balancer hours"), line("load balancer capacity units"));
    assert!((hours.quantity - 0.01).abs() < 1e-9, "{}", hours.quantity);
    let answers = run.requests.completed;
    assert!(
        (units.quantity - answers / 1e3).abs() < 1e-9 && answers >= 3_598.0,
        "{} of {answers}",
        units.quantity
    );
    assert!((units.usd - 0.006 * units.quantity).abs() < 1e-9);
    let own = &run.balancers[0];
    assert!((own.unit_hours_new - own.requests / 3_600.0 / 800.0).abs() < 1e-9, "{}", own.unit_hours_new);
}

#[test]
fn its_defaults_are_those_of_the_user_guide() {
    let of = |lb: &str| -> Scenario { scenario(&text(10, ONE_USER, lb, "instances = 2")) };
    let [tcp, udp] = ["", "protocol = \"udp\""].map(|lb| of(lb).balancers[0].clone());
    assert_eq!([tcp.idle_timeout, udp.idle_timeout], [350, 120].map(Time::from_secs));
    assert!(!tcp.cross_zone && tcp.connect_timeout == Time::from_secs(127));
    assert_eq!(tcp.network.unwrap().bandwidth.0, 3e9);
    // Of HTTP checks; never longer than the interval.
    let checked = |interval: &str| {
        let text = text(10, ONE_USER, "", "instances = 2")
            .replace("interval = \"5s\", timeout = \"5s\"", &format!("interval = \"{interval}\""));
        scenario(&text).balancers[0].health_check.timeout
    };
    assert_eq!(["30s", "5s"].map(checked), [6, 5].map(Time::from_secs));
}

/// A target that refuses, resets or never accepts a connection, and one that has gone, each by the name that the caller sees.
#[test]
fn failures_are_named_for_what_becomes_of_the_connection() {
    let causes = |fleet: &str, more: &str, seconds: u32| {
        let traffic = "[traffic.all]\ninterarrival = \"1s\"";
        let text = text(seconds, traffic, "requests_per_connection = 1", fleet)
            .replace("threads = \"unlimited\"", "threads = 1")
            .replace("cpu = \"10ms\"", "delay = \"1000s\"");
        let run = run(&format!("{text}\n{more}"), 1);
        let own = &run.balancers[0];
        assert_eq!([own.own_502, own.own_503, own.own_504, own.target_5xx, own.closed_by_client], [0.0; 5]);
        let causes: Vec<(String, f64)> = run
            .requests
            .failed_by_cause
            .iter()
            .map(|(cause, count)| (cause.name().to_owned(), *count))
            .collect();
        (causes, own.target_resets)
    };
    // Two threads take two requests, and then each second one is reset.
    let reset = causes("instances = 2\nbacklog = 0\noverflow = \"reset\"", "", 30);
    assert_eq!(reset, (vec![("connection_reset".into(), 27.0)], 27.0));
    // Dropped packets are sent again for 127 s: of those that came in the first 73 s, two are inside.
    let (dropped, resets) = causes("instances = 2\nbacklog = 0", "", 200);
    assert_eq!((&dropped[0].0[..], resets), ("connection_timeout", 0.0));
    assert_eq!(dropped.len(), 1);
    assert!((dropped[0].1 - 70.0).abs() <= 1.0, "{dropped:?}");
    // Both applications end at 10 s: what is inside is reset, and what comes while they start again is refused.
    let crash = "[fault.crash]\nfleet = \"web\"\neffect = \"crashes\"\ninstances = 2\nat = \"10500ms\"";
    let (crashed, resets) = causes("instances = 2\nbacklog = 0\noverflow = \"reset\"", crash, 12);
    let names: Vec<&str> = crashed.iter().map(|(cause, _)| &cause[..]).collect();
    assert_eq!(names, ["connection_refused", "connection_reset"], "{crashed:?}");
    assert_eq!(resets, crashed.iter().map(|(_, count)| count).sum::<f64>());
}

/// 40 users, of whom each thinks for 1 s: 40 connections are opened and stay open, whatever the requests are. One of them whose request
/// takes 400 s, and who thinks for 300 s, keeps his connection: it is not idle while he waits with a longer timeout, and after that for 350 s.
#[test]
fn active_connections_are_those_of_users_in_use_and_idle() {
    let of = |seconds: u32, traffic: &str, lb: &str, delay: &str| {
        let text = text(seconds, traffic, lb, "instances = 2")
            .replace("cpu = \"10ms\"", &format!("delay = \"{delay}\""));
        run(&text, 1)
    };
    let forty = of(100, "[users.all]\ncount = 40\nthink = \"1s\"", "", "50ms");
    let own = &forty.timeline.balancers[0];
    assert_eq!(forty.balancers[0].new_connections, 40.0);
    // In the first row each begins at 1 s: 9 of 10 s.
    assert!((own.active_connections[0] - 36.0).abs() < 1.0, "{:?}", own.active_connections);
    assert!(own.active_connections[1..].iter().all(|open| *open == 40.0), "{:?}", own.active_connections);
    let one = "[users.one]\ncount = 1\nthink = \"300s\"";
    let slow = of(2_000, one, "idle_timeout = \"410s\"", "400s");
    assert_eq!((slow.balancers[0].new_connections, slow.balancers[0].resets), (1.0, 0.0));
    assert_eq!(slow.timeline.balancers[0].active_connections[199], 1.0);
    // Open traffic, a request a second with a connection of its own that takes 20 s and is idle for 60 s: 80 of them are open.
    let open = of(
        200,
        "[traffic.all]\ninterarrival = \"1s\"",
        "requests_per_connection = 1\nidle_timeout = \"60s\"",
        "20s",
    );
    let own = &open.timeline.balancers[0];
    assert!(
        own.active_connections[10..].iter().all(|open| (open - 80.0).abs() < 1.5),
        "{:?}",
        own.active_connections
    );
    assert!(own.new_connections[1..].iter().all(|new| *new == 1.0), "{:?}", own.new_connections);
}

/// What bandwidth does not carry is named for it, in errors, phases and headroom.
#[test]
fn bandwidth_is_a_limit_by_its_name() {
    let text =
        text(100, "[traffic.all]\ninterarrival = \"5ms\"", "", "instances = 2").replace("1 kB", "3750 kB");
    let run = run(&text, 1);
    let causes: Vec<&str> = run.requests.failed_by_cause.keys().map(|cause| cause.name()).collect();
    assert_eq!(causes, ["bandwidth_exceeded"]);
    assert_eq!(run.headroom[0].resource, "bandwidth of edge");
    assert!(run.phases[0].sentence.contains("bandwidth of `edge` full"), "{}", run.phases[0].sentence);
    assert!(run.phases[0].sentence.contains("bandwidth_exceeded"), "{}", run.phases[0].sentence);
}

/// With the balancer's own address before targets, it has so many ports for each of them: connections that are open, and those of the last
/// minute. 20 ports for each of two targets are gone after 40 connections, and then each next one fails until the first of them end.
#[test]
fn connections_to_a_target_take_a_port() {
    let of = |lb: &str| {
        let lb = format!("requests_per_connection = 1\n{lb}");
        nlb(100, "[traffic.all]\ninterarrival = \"1s\"", &lb, 1)
    };
    let run = of("preserve_client_ip = false\nports_per_target = 20");
    let failed = run.requests.failed_by_cause["ports_exhausted"];
    assert_eq!(failed, run.balancers[0].port_errors);
    // One target may have all of its 20 before the other one has.
    assert!((59.0..=60.0).contains(&failed), "{failed}");
    assert_eq!(of("").requests.failed, 0.0);
    assert_eq!(of("preserve_client_ip = false").requests.failed, 0.0);
    // Idle for 60 s at most, 30 at each target end in time for as many new ones: a port is taken for a minute after it was opened.
    let short = of("idle_timeout = \"60s\"\npreserve_client_ip = false\nports_per_target = 60");
    assert_eq!(short.requests.failed, 0.0);
    let defaults = scenario(&text(10, ONE_USER, "preserve_client_ip = false", "instances = 2"));
    assert_eq!(defaults.balancers[0].network.unwrap().ports, Some(55_000));
}

/// A connection a second that is idle for 60 s needs 30 ports at each of two targets. With 20 the ports are what fails, and two thirds of the
/// traffic would need all of them; with 60 it is twice as much.
#[test]
fn ports_to_targets_are_a_limit_by_their_name() {
    use simcap::outcome::Resource;
    let of = |ports: u32| {
        let lb = format!(
            "requests_per_connection = 1\nidle_timeout = \"60s\"\npreserve_client_ip = false\nports_per_target = {ports}"
        );
        let run = nlb(400, "[traffic.all]\ninterarrival = \"1s\"", &lb, 1);
        let limit =
            run.headroom.iter().find(|it| it.of == Resource::TargetPorts { balancer: 0 }).unwrap().clone();
        assert_eq!(limit.resource, "ports of edge to a target");
        (run, limit)
    };
    let (run, limit) = of(20);
    assert!(limit.saturated && (limit.as_it_stood.multiplier.unwrap() - 2.0 / 3.0).abs() < 0.1, "{limit:?}");
    let trouble = run.phases.iter().find(|phase| phase.trouble).unwrap();
    assert!(trouble.sentence.contains("ports to targets of `edge` exhausted"), "{}", trouble.sentence);
    let (run, limit) = of(60);
    // The target with more of them by chance has up to 40.
    assert!(!limit.saturated && (1.5..=2.0).contains(&limit.as_it_stood.multiplier.unwrap()), "{limit:?}");
    assert_eq!(run.requests.failed, 0.0);
}

/// Connections for which there is no target are counted, and the page has them; a wait for an answer that ends the flow is no 504.
#[test]
fn what_it_refuses_and_outlasts_is_said_by_its_name() {
    let none = "min = 0\nmax = 1\ndesired = 0";
    let text = text(10, "[traffic.all]\ninterarrival = \"1s\"", "", none);
    let run = run(&text, 1);
    assert_eq!(run.requests.failed_by_cause["connection_refused"], run.balancers[0].refused);
    assert!(run.balancers[0].refused >= 9.0);
    let hint = |lb: &str| {
        let slow =
            self::text(10, ONE_USER, lb, "instances = 1").replace("cpu = \"10ms\"", "delay = \"400s\"");
        let found = simcap::simulate(&scenario(&slow), 1, &mut |_| {}).warnings;
        found.into_iter().find(|it| it.code.name() == "work-outlasts-timeout").unwrap().hint
    };
    assert!(hint("").starts_with("all of them get a reset"), "{}", hint(""));
    assert!(hint("protocol = \"udp\"").starts_with("all of them fail, because their flow has ended"));
}
