//! Local ports of instances: how many calls a minute they allow, what fails without one, and what the page says of it.

use simcap::measure::resource::Resource;
use simcap::outcome::Outcome;

use crate::run::{run, scenario};

/// Calls from `web` to `was`, each of which takes a millisecond there.
fn text(seconds: u32, arrivals: &str, web: &str, call: &str, more: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"1s\"\n[traffic.all]\n{arrivals}\n[client]\nretries = 0\n[request.page]\nvia = \"web\"\n\
         steps = [{{ call = \"{call}\", steps = [{{ delay = \"1ms\" }}] }}]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n\
         azs = 1\n{web}\n[fleet.was]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n{more}\n"
    )
}

const TWICE: &str = "interarrival = \"500ms\"";

/// Calls at 0.5 s, 1 s and so on, each with a connection of its own, and 100 ports that are taken for a minute. The hundredth call, at 50 s,
/// takes the last one. The port of the first call is free at 60.501 s, so the next call that finds one is that of 61 s; from then on each
/// finds that of the call 60.5 s before, until that of 110.5 s takes the hundredth again.
#[test]
fn a_hundred_ports_are_a_hundred_connections_a_minute() {
    let run = run(&text(120, TWICE, "sockets = { keep_alive = \"0s\", ports = 100 }", "was", ""), 1);
    for (row, failed) in run.timeline.failed["ports_exhausted"].iter().enumerate() {
        let expected = match row {
            ..50 | 61..111 => 0.0,
            50 => 1.0,
            _ => 2.0,
        };
        assert_eq!(*failed, expected, "row {row}");
    }
    let all = run.requests.failed_by_cause["ports_exhausted"];
    assert_eq!((all, run.requests.failed), (39.0, 39.0));
    let ports = &run.timeline.fleets[0].ports[0];
    assert!((49.0..=50.0).contains(&ports.taken_percent[24]) && ports.taken_percent[55] == 100.0);
}

/// A kept connection needs one port for as many calls as there are, unless it is idle for longer.
#[test]
fn kept_connections_need_few_ports() {
    let failed = |sockets: &str| run(&text(120, TWICE, sockets, "was", ""), 1).requests.failed;
    assert_eq!(failed("sockets = { ports = 1 }"), 0.0);
    assert_eq!(failed("sockets = { keep_alive = \"500ms\", ports = 1 }"), 0.0);
    assert!(failed("sockets = { keep_alive = \"400ms\", ports = 1 }") > 200.0);
    assert_eq!(failed("sockets = { keep_alive = \"400ms\", ports = 1, time_wait = \"0s\" }"), 0.0);
}

/// A balancer has an address in each zone of its targets, and each host of a fleet one of its own.
#[test]
fn each_address_has_ports_of_its_own() {
    let completed = |call: &str, was: &str, more: &str| {
        let text = text(40, TWICE, "sockets = { keep_alive = \"0s\", ports = 10 }", call, more)
            .replace("[fleet.was]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n", was);
        run(&text, 1).requests.completed
    };
    let one = "[fleet.was]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n";
    let three = |azs: u32| one.replace("instances = 1\nazs = 1", &format!("instances = 3\nazs = {azs}"));
    let lb = "[balancer.inner]\ntargets = \"was\"\nhop = \"0s\"";
    assert_eq!(completed("was", one, ""), 10.0);
    assert_eq!(completed("was", &three(1), ""), 30.0);
    assert_eq!(completed("inner", one, lb), 10.0);
    assert_eq!(completed("inner", &three(3), lb), 30.0);
    // A call that fails behind its connection has its port as well.
    let refused = format!("{lb}\n[service.gone]\nservers = 1\nqueue = 0\ntime = \"1h\"");
    let text = text(40, TWICE, "sockets = { keep_alive = \"90s\", ports = 10 }", "inner", &refused)
        .replace("delay = \"1ms\"", "service = \"gone\"");
    let run = run(&text, 1);
    // The first call keeps its own, and nine more fail at the service.
    assert_eq!(run.requests.failed_by_cause["queue_full"], 9.0);
    assert!(run.requests.failed_by_cause["ports_exhausted"] > 60.0);
}

/// With the defaults of Linux, 28,232 ports and a minute, 600 calls a second without kept connections are through with them after 47.05 s.
fn six_hundred() -> Outcome {
    let text = text(
        55,
        "interarrival = \"1666667ns\"",
        "sockets = { keep_alive = \"0s\" }\nthreads = \"unlimited\"",
        "was",
        "",
    );
    run(&text.replace("instances = 1\nazs = 1\n\n", "instances = 1\nazs = 1\nthreads = \"unlimited\"\n"), 1)
}

#[test]
fn the_ports_of_linux_are_470_connections_a_second() {
    let run = six_hundred();
    let failed = &run.timeline.failed["ports_exhausted"];
    assert!(failed[..47].iter().all(|failed| *failed == 0.0) && failed[47] > 500.0, "{:?}", &failed[45..]);
    let until = run.requests.completed + run.requests.in_flight;
    assert_eq!(until, 28_232.0);
    // The page names it, and where a call fails as many as found a port would have done so before.
    let of = Resource::Ports { fleet: 0 };
    let limit = run.headroom.iter().find(|limit| limit.of == of).unwrap();
    assert!(limit.saturated && limit.resource == "local ports of web", "{limit:?}");
    let trouble = run.phases.iter().find(|phase| phase.trouble).unwrap();
    assert_eq!(trouble.chain[0].resource, Some(of), "{}", trouble.sentence);
    assert!(trouble.sentence.contains("local ports of `web` exhausted"), "{}", trouble.sentence);
}

#[test]
fn ports_of_a_fleet_that_calls_nobody_are_warned_of() {
    let warned = |web: &str, was: &str| {
        let text = text(1, TWICE, web, "was", was);
        let found = simcap::simulate(&scenario(&text), 1, &mut |_| {}).warnings;
        found.iter().filter(|it| it.code.name() == "setting-without-effect").count()
    };
    assert_eq!((warned("sockets = {}", ""), warned("", "sockets = {}")), (0, 1));
}

/// A balancer has the connections that its callers really open: one for each call, open for as long as the call is, 51 ms here; or one in
/// all, which stays open. Without `sockets` nobody knows, and ten requests share one.
#[test]
fn a_balancer_counts_the_connections_that_instances_open() {
    for kind in ["alb", "nlb"] {
        let of = |web: &str| {
            let lb = format!("[balancer.inner]\ntargets = \"was\"\nhop = \"0s\"\nkind = \"{kind}\"");
            let text = text(40, "interarrival = \"100ms\"", web, "inner", &lb).replace("1ms", "50ms");
            let run = run(&text, 1);
            let open = run.timeline.balancers[0].active_connections[1..].iter().sum::<f64>() / 39.0;
            (run.balancers[0].requests, run.balancers[0].new_connections, open)
        };
        let (requests, opened, open) = of("sockets = { keep_alive = \"0s\" }");
        assert!(requests >= 399.0 && opened == requests, "{kind} {requests} {opened}");
        assert!((open - 0.5).abs() < 0.02, "{kind} {open}");
        let (_, opened, open) = of("sockets = {}");
        assert_eq!((opened, open), (1.0, 1.0), "{kind}");
    }
}

/// A hundred calls a second are four capacity units of new connections where each opens one, and next to nothing where one is kept; a
/// balancer of one unit rejects three quarters of them, or none.
#[test]
fn a_balancer_grows_by_the_connections_that_instances_open() {
    let failed = |web: &str| {
        let lb = "[balancer.inner]\ntargets = \"was\"\nhop = \"0s\"\nrequests_per_connection = 1\ngrowth = { initial = 1 }";
        let text = text(10, "interarrival = \"10ms\"", web, "inner", lb)
            .replace("[request.page]\n", "[request.page]\nrequest_size = \"0 B\"\nresponse_size = \"0 B\"\n");
        run(&text, 1).requests.failed
    };
    // A second of 25 more is there at first: 1,000 less 275.
    assert!((failed("sockets = { keep_alive = \"0s\" }") - 725.0).abs() <= 3.0);
    assert_eq!(failed("sockets = {}"), 0.0);
    assert!((failed("") - 725.0).abs() <= 3.0);
}

/// A pool of one connection has one target at a Network Load Balancer. One that is kept for longer than the 350 s of the balancer is reset: of
/// calls each 360 s, the second one fails, the third has a new connection, and so on.
#[test]
fn calls_on_a_kept_connection_stay_at_its_target() {
    let lb = "[balancer.inner]\ntargets = \"was\"\nhop = \"0s\"\nkind = \"nlb\"";
    let of = |arrivals: &str, seconds: u32, keep_alive: &str, protocol: &str| {
        let web = format!("sockets = {{ keep_alive = \"{keep_alive}\" }}");
        let text = text(seconds, arrivals, &web, "inner", &format!("{lb}\n{protocol}"))
            .replace("bucket = \"1s\"", "bucket = \"10s\"");
        let run = run(&text, 1);
        (run.requests.completed, run.balancers[0].resets, run.balancers[0].new_connections)
    };
    assert_eq!(of("interarrival = \"360s\"", 1_500, "400s", ""), (2.0, 2.0, 2.0));
    assert_eq!(of("interarrival = \"360s\"", 1_500, "300s", ""), (4.0, 0.0, 4.0));
    assert_eq!(of("interarrival = \"340s\"", 1_500, "400s", ""), (4.0, 0.0, 1.0));
}

/// 80 calls a second of a second each, for which 60 ports are there: 80 would be in use at once, 133 %. A tenth of that is 13 %, however
/// many connections are kept after a rush.
#[test]
fn kept_connections_need_as_many_ports_as_are_in_use_at_once() {
    let limit = |arrivals: &str| {
        let web = "sockets = { keep_alive = \"5m\", ports = 60 }\nthreads = \"unlimited\"";
        let text = text(120, arrivals, web, "was", "threads = \"unlimited\"")
            .replace("delay = \"1ms\"", "delay = \"1s\"");
        let run = run(&text, 1);
        let limit = run.headroom.iter().find(|limit| limit.of == Resource::Ports { fleet: 0 }).unwrap();
        (limit.saturated, limit.as_it_stood.multiplier.unwrap())
    };
    let (saturated, full_at) = limit("interarrival = \"12500us\"");
    assert!(saturated && (full_at - 0.75).abs() < 0.01, "{full_at}");
    let (saturated, full_at) = limit("interarrival = \"125ms\"");
    assert!(!saturated && (full_at - 7.5).abs() < 0.2, "{full_at}");
}
