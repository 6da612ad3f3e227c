//! What requests hold and for how long: threads, connections of pools, and the patience of those who wait.

use super::*;

const TEXT: &str = r#"
duration = "6m"
traffic.shop = { rate = [["0m", "9/s"], ["2m", "9/s"], ["2m", "30/s"], ["3m", "30/s"], ["3m", "9/s"]], requests = "buy" }
client = { timeout = "5s" }

[request.buy]
via = "door"
steps = [{ transaction = "db", steps = [{ read = "1ms" }, { delay = "198ms" }] }]

[balancer.door]
targets = "web"

[fleet.web]
instance = "m5.large"
instances = 1
pools = { db = { writer = 7, reader = 1 } }

[database.db]
writer = "db.r6g.large"
hop = "0s"
commit = "1ms"
"#;

fn told(overrides: &[&str]) -> Vec<(Code, String, String)> {
    found(TEXT, overrides).into_iter().map(|it| (it.code, it.path(), it.message)).collect()
}

/// 30/s of 200 ms hold six connections, and the threads as long.
#[test]
fn more_connections_than_a_pool_has_are_named_before_the_run() {
    assert_eq!(told(&[]), []);
    let found = told(&["fleet.web.pools={ db = { writer = 3, reader = 1 } }"]);
    let [(code, path, message)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((*code, path.as_str()), (Code::DemandAboveCapacity, "fleet.web.pools"));
    let expected = "the traffic at 2m asks for 2 times the connections of the writer pool of fleet `web` to `db` at its largest, \
                    1 instance of 3";
    assert_eq!(message, expected);
    assert_eq!(told(&["fleet.web.pools={ db = { writer = 3, reader = 1 } }", "fleet.web.instances=3"]), []);
}

#[test]
fn more_requests_than_threads_are_named_before_the_run() {
    assert_eq!(told(&["fleet.web.threads=7"]), []);
    let found = told(&["fleet.web.threads=2"]);
    let [(code, path, message)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((*code, path.as_str()), (Code::DemandAboveCapacity, "fleet.web.threads"));
    assert!(
        message.starts_with("the traffic at 2m asks for 3 times the threads of fleet `web`"),
        "{message}"
    );
    assert_eq!(told(&["fleet.web.threads='unlimited'"]), []);
}

/// 198 ms of delay pass in each request; the statement is a law of its own, which counts as nothing.
#[test]
fn a_time_that_outlasts_who_waits_for_it_is_named_before_the_run() {
    assert_eq!(told(&["client.timeout=200ms"]), []);
    let found = told(&["client.timeout=197ms"]);
    let [(code, path, message)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((*code, path.as_str()), (Code::WorkOutlastsTimeout, "traffic.shop.client"));
    assert_eq!(
        message,
        "each request `buy` takes 198ms at the least, and the clients of `shop` wait for 197ms"
    );
    // Laws that may be short, and traffic that does not ask for it, are no such time.
    let steps = |steps: &str| format!("request.buy.steps=[{{ {steps} }}]");
    let (ten, pools) = (steps("delay = 'exponential 10s'"), "fleet.web.pools={ db = 400 }");
    let codes: Vec<Code> =
        told(&[&ten, pools, "fleet.web.threads=1000"]).into_iter().map(|it| it.0).collect();
    assert!(!codes.contains(&Code::WorkOutlastsTimeout), "{codes:?}");
    // The least of a range is 6 s of CPU on cores of strength 1.
    let cpu = told(&[&steps("cpu = 'uniform 6s 7s'"), "client.timeout=5500ms"]);
    assert!(cpu.iter().any(|it| it.0 == Code::WorkOutlastsTimeout && it.2.contains("takes 6s")), "{cpu:?}");
}

#[test]
fn an_answer_that_a_balancer_does_not_wait_for_is_named_before_the_run() {
    let slow =
        ["request.buy.steps=[{ delay = '70s' }]", "client.timeout=never", "fleet.web.threads='unlimited'"];
    let found = told(&slow);
    let late: Vec<_> = found.iter().filter(|it| it.0 == Code::WorkOutlastsTimeout).collect();
    let [(_, path, message)] = late[..] else { panic!("{found:?}") };
    assert_eq!(path, "balancer.door.idle_timeout");
    assert_eq!(
        message,
        "the answer to each request `buy` takes 1m10s at the least, and balancer `door` waits for 1m"
    );
    let patient = told(&[&slow[..], &["balancer.door.idle_timeout=70s"]].concat());
    assert!(patient.iter().all(|it| it.0 != Code::WorkOutlastsTimeout), "{patient:?}");
}

/// A request takes 198 ms at the least. It is cut off where targets leave and have less than that, which is no matter while all stay.
#[test]
fn work_that_a_leaving_target_cannot_finish_is_named_before_the_run() {
    let short = "balancer.door.deregistration_delay=190ms";
    let refresh = "fleet.web.refresh=[{ at = '2m' }]";
    let late = |overrides: &[&str]| {
        let found = told(overrides).into_iter().filter(|it| it.0 == Code::WorkOutlastsDraining);
        found.map(|it| (it.1, it.2)).collect::<Vec<_>>()
    };
    let [(path, message)] = &late(&[short, refresh])[..] else { panic!("{:?}", told(&[short, refresh])) };
    assert_eq!(path, "balancer.door.deregistration_delay");
    assert_eq!(
        message,
        "each request `buy` takes 198ms at the least, a target of balancer `door` that leaves has 190ms to finish it, and fleet `web` \
         changes its instances"
    );
    assert_eq!(late(&[short]), []);
    assert_eq!(late(&[refresh, "balancer.door.deregistration_delay=198ms"]), []);
}
