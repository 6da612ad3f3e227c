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
