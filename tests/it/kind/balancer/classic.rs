//! Classic Load Balancers: the surge queue and what spills over, the choice of a target, no fail-open, the bill.

use simcap::outcome::Outcome;
use simcap::scenario::Scenario;
use simcap::units::Time;

use crate::run::{run, scenario};

/// Requests of 1 s at instances with one thread and no backlog.
fn text(seconds: u32, traffic: &str, lb: &str, fleet: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"1s\"\n{traffic}\n[client]\nretries = 0\n[request.page]\nvia = \"edge\"\n\
         request_size = \"0 B\"\nresponse_size = \"1 kB\"\nsteps = [{{ delay = \"1s\" }}]\n[balancer.edge]\nkind = \"classic\"\n\
         targets = \"web\"\nhop = \"0s\"\nhealth_check = {{ interval = \"300s\", timeout = \"5s\", cpu = \"0s\" }}\n{lb}\n\
         [fleet.web]\ninstance = {{ vcpus = 2, memory = \"8 GiB\" }}\nthreads = 1\nbacklog = 0\nazs = 1\n{fleet}\n"
    )
}

/// About ten requests that come at once, a millisecond apart.
fn ten_at_once(lb: &str, fleet: &str) -> Outcome {
    let text = text(
        30,
        "[traffic.all]\nrate = [[\"0s\", \"1000/s\"], [\"10ms\", \"1000/s\"], [\"10ms\", \"0/s\"]]\ninterarrival = \"1ms\"",
        lb,
        fleet,
    );
    run(&text, 1)
}

/// Requests come each millisecond, 9 or 10 in all, and two instances serve two of them a second: the others wait in the surge queue and
/// are answered in the order in which they came, the last one when the fifth pair is through.
#[test]
fn requests_wait_in_the_surge_queue_and_none_fails() {
    let run = ten_at_once("", "instances = 2");
    let count = run.requests.arrived;
    assert!((9.0..=10.0).contains(&count) && run.requests.completed == count && run.requests.failed == 0.0);
    let rounds = (count / 2.0).ceil();
    assert!((run.latency_ms.max - 1_000.0 * rounds).abs() < 15.0, "{:?}", run.latency_ms);
    let mean = (0..count as u32).map(|nth| 1.0 + f64::from(nth / 2)).sum::<f64>() / count;
    assert!((run.latency_ms.mean - 1_000.0 * mean).abs() < 15.0, "{:?}", run.latency_ms);
    let queue = &run.timeline.balancers[0].surge[0];
    // Until the first second ends all but two wait; in each second two less.
    for (row, waiting) in queue.waiting.iter().take(4).enumerate() {
        let expected = (count - 2.0 - 2.0 * row as f64).max(0.0);
        assert!((waiting - expected).abs() < 0.1, "row {row}: {waiting}, expected {expected}");
    }
    assert!(queue.spilled.iter().all(|spilled| *spilled == 0.0));
}

/// With three places in the queue two are served, three wait, and the others get a 503.
#[test]
fn what_a_full_surge_queue_does_not_take_is_503() {
    let run = ten_at_once("surge_queue = 3", "instances = 2");
    assert_eq!((run.requests.completed, run.balancers[0].spilled), (5.0, run.requests.arrived - 5.0));
    assert_eq!(run.requests.failed_by_cause["http_503"], run.requests.arrived - 5.0);
    // With protocol = "tcp" there is no answer.
    let tcp =
        ten_at_once("surge_queue = 3\nprotocol = \"tcp\"\nrequests_per_connection = 1", "instances = 2");
    assert_eq!(tcp.requests.failed_by_cause["connection_refused"], tcp.requests.arrived - 5.0);
}

/// A target takes as many connections as it has threads and places in its backlog; what waits there is not in the surge queue.
#[test]
fn the_backlog_of_targets_comes_before_the_surge_queue() {
    let run = ten_at_once("surge_queue = 0", "instances = 2\n").requests.completed;
    assert_eq!(run, 2.0);
    let text = text(30, "[traffic.all]\nrate = [[\"0s\", \"1000/s\"], [\"10ms\", \"1000/s\"], [\"10ms\", \"0/s\"]]\ninterarrival = \"1ms\"", "surge_queue = 0", "instances = 2")
        .replace("backlog = 0", "backlog = 2");
    assert_eq!(crate::run::run(&text, 1).requests.completed, 6.0);
}

/// Nobody waits longer than the idle timeout: 504.
#[test]
fn a_wait_as_long_as_the_idle_timeout_is_504() {
    let run = ten_at_once("idle_timeout = \"2500ms\"", "instances = 2");
    // Those that begin at 0, 1 and 2 s are answered.
    assert_eq!(run.requests.completed, 6.0);
    assert_eq!(run.requests.failed_by_cause["http_504"], run.requests.arrived - 6.0);
    assert_eq!(run.balancers[0].own_504, run.requests.arrived - 6.0);
}

/// A client that has gone waits no more: its place is free, and it takes no thread.
#[test]
fn clients_that_time_out_leave_the_queue() {
    let text = text(30, "[traffic.all]\nrate = [[\"0s\", \"1000/s\"], [\"10ms\", \"1000/s\"], [\"10ms\", \"0/s\"]]\ninterarrival = \"1ms\"", "", "instances = 2")
        .replace("retries = 0", "retries = 0\ntimeout = \"1500ms\"");
    let run = run(&text, 1);
    // Two are answered at 1 s, two more begin then and are too late.
    assert_eq!(run.requests.completed, 2.0);
    assert_eq!(run.requests.failed_by_cause["client_timeout"], run.requests.arrived - 2.0);
    let busy: f64 = run.timeline.fleets[0].threads_busy.iter().sum();
    assert!((busy - 2.0).abs() < 0.1, "four requests of 1 s at two instances: {busy}");
    assert!(run.timeline.balancers[0].surge[0].waiting[2..].iter().all(|waiting| *waiting == 0.0));
}

/// Least outstanding requests with HTTP, turns with TCP.
#[test]
fn the_choice_of_a_target_is_by_the_listener() {
    let slow = "instances = 2\nspeeds = [1.0, 0.1]";
    let share = |protocol: &str| {
        let text = text(
            60,
            "[traffic.all]\ninterarrival = \"100ms\"",
            &format!("protocol = \"{protocol}\"\nrequests_per_connection = 1"),
            slow,
        )
        .replace("delay = \"1s\"", "cpu = \"90ms\"")
        .replace("threads = 1\nbacklog = 0", "threads = 64");
        run(
            &text.replace(
                "requests_per_connection = 1",
                if protocol == "tcp" { "requests_per_connection = 1" } else { "" },
            ),
            1,
        )
        .latency_ms
        .p50
    };
    // The fast one is free whenever a request comes.
    assert!((share("http") - 90.0).abs() < 1.0, "{}", share("http"));
    assert!(share("tcp") > 90.0);
}

/// Without a healthy target it answers 503, where an Application Load Balancer sends to all.
#[test]
fn it_does_not_fail_open() {
    let causes = |kind: &str| {
        let slow = "instances = 1\n[service.slow]\nservers = 9\ntime = \"20s\"";
        let check = "interval = \"5s\", timeout = \"5s\", steps = { service = \"slow\" }";
        let text = text(100, "[traffic.all]\ninterarrival = \"2s\"", "", slow)
            .replace("interval = \"300s\", timeout = \"5s\"", check)
            .replace("threads = 1", "threads = 64")
            .replace("kind = \"classic\"", kind);
        run(&text, 1).requests.failed_by_cause.keys().map(|cause| cause.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(causes("kind = \"classic\""), ["http_503"]);
    assert!(causes("").is_empty());
}

/// By the hour and by the gigabyte: 36 s, 10 answers a second of 1 MB.
#[test]
fn it_is_billed_by_hours_and_gigabytes() {
    let text = text(36, "[traffic.all]\ninterarrival = \"100ms\"", "", "instances = 1")
        .replace("1 kB", "1 MB")
        .replace("delay = \"1s\"", "delay = \"1ms\"");
    let run = run(&text, 1);
    let line = |what: &str| {
        run.bill.items.iter().find(|line| line.resource == "edge" && line.what == what).unwrap().clone()
    };
    let (hours, data) = (line("load balancer hours"), line("load balancer data"));
    assert!((hours.usd - 0.025 * 0.01).abs() < 1e-9, "{}", hours.usd);
    assert!(
        (data.quantity - run.requests.completed / 1e3).abs() < 1e-9 && data.quantity > 0.35,
        "{}",
        data.quantity
    );
    assert!((data.usd - 0.008 * data.quantity).abs() < 1e-9);
}

#[test]
fn its_defaults_are_those_of_its_guide() {
    let of = |lb: &str| -> Scenario {
        let text = text(10, "[traffic.all]\nrate = \"1/s\"", lb, "instances = 2");
        scenario(
            &text.replace("health_check = { interval = \"300s\", timeout = \"5s\", cpu = \"0s\" }\n", ""),
        )
    };
    let classic = of("").balancers[0].clone();
    assert_eq!((classic.idle_timeout, classic.deregistration_delay), (Time::from_secs(60), Time::ZERO));
    assert!(!classic.cross_zone && classic.classic.unwrap().surge_queue == 1_024);
    assert_eq!((classic.health_check.healthy_threshold, classic.health_check.unhealthy_threshold), (10, 2));
    assert_eq!(classic.health_check.timeout, Time::from_secs(5));
}

/// 60 requests come within 60 ms at two instances that serve one a second each: they wait for half a minute, of which the page says where.
#[test]
fn a_surge_queue_in_which_requests_wait_is_a_cause() {
    let rush = "[traffic.all]\nrate = [[\"0s\", \"1000/s\"], [\"60ms\", \"1000/s\"], [\"60ms\", \"0/s\"]]\ninterarrival = \"1ms\"";
    let slow = "[client]\ntimeout = \"20s\"";
    let text = text(60, rush, "", "instances = 2").replace("[client]", slow);
    let run = run(&text, 1);
    let said: Vec<&str> = run.phases.iter().map(|phase| &phase.sentence[..]).collect();
    assert!(
        said.iter().any(|it| it.contains("requests wait in the surge queue of `edge` (up to 5")),
        "{said:?}"
    );
}

/// Both instances do nothing for two minutes: none is healthy, and the balancer answers 503 itself.
#[test]
fn no_healthy_target_is_why_it_fails() {
    let hangs = "instances = 2\n[fault.stop]\nfleet = \"web\"\neffect = \"hangs\"\nshare = \"100%\"\nat = \"2m\"\nfor = \"2m\"";
    let text = text(360, "[traffic.all]\ninterarrival = \"50ms\"", "", hangs)
        .replace("delay = \"1s\"", "delay = \"1ms\"")
        .replace("interval = \"300s\"", "interval = \"10s\"")
        .replace("threads = 1\nbacklog = 0", "threads = 64");
    let run = run(&text, 1);
    assert!(run.requests.failed_by_cause["http_503"] > 1_000.0, "{:?}", run.requests.failed_by_cause);
    let said: Vec<&str> = run.phases.iter().map(|phase| &phase.sentence[..]).collect();
    let link = "no healthy targets of `web`: `edge` sends to none";
    assert!(said.iter().any(|it| it.contains(link)), "{said:?}");
}
