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
    assert_eq!(begins, (10.0, "has grown to 3 Gbit/s and is asked for 6 Gbit/s: rejects the rest"));
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
    assert!(run.requests.failed_by_cause["http_502"] > 100.0);
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
}
