//! Resources that have ended do not affect later ones.

use crate::run::run;

#[test]
fn a_balancers_patience_with_one_request_never_ends_another() {
    let text = r#"
        duration = "5m"
        traffic.a = { rate = "20/s", requests = "a" }
        traffic.b = { rate = "20/s", requests = "b" }
        request.a = { via = "pub", steps = [{ call = "int", steps = [{ delay = "2s" }] }] }
        request.b.steps = [{ delay = "20s" }]
        balancer.pub = { targets = "web", idle_timeout = "10s" }
        balancer.int = { targets = "was", idle_timeout = "1s" }
        fleet.web = { instance = "m6i.large", instances = 2 }
        fleet.was = { instance = "m6i.large", instances = 2 }
    "#;
    let outcome = run(text, 1);
    assert!(outcome.classes[0].requests.failed_by_cause["http_504"] > 1_000.0);
    assert_eq!(outcome.classes[1].requests.failed, 0.0, "class b never meets a balancer");
}

#[test]
fn an_instance_that_drops_its_requests_is_terminated_once() {
    let text = r#"
        duration = "2m"
        traffic.a.rate = "5/s"
        request.r = { via = "f", steps = [{ cpu = "10s" }] }
        fleet.f = { instance = "m6i.large", instances = 3, timetable = [["0s", 3], ["1m", 1]] }
    "#;
    assert_eq!(run(text, 1).fleets[0].terminated, 2.0);
}

#[test]
fn a_launch_that_is_called_off_does_not_hold_up_simple_scaling() {
    let text = r#"
        duration = "30m"
        traffic.a.rate = [["0s", "10/s"], ["5m", "10/s"], ["5m", "60/s"]]
        request.r = { via = "lb", steps = [{ cpu = "60ms" }] }
        balancer.lb.targets = "f"
        [fleet.f]
        instance = "m6i.large"
        min = 1
        max = 10
        desired = 2
        warmup = "0s"
        schedule = [{ at = "1m", desired = 4 }, { at = "70s", desired = 1 }]
        scaling = [{ simple = { metric = "cpu", above = 70, change = "+1", cooldown = "1m" } }]
    "#;
    let outcome = run(text, 1);
    assert!(outcome.scaling.iter().take(2).all(|activity| activity.done_s.is_some()));
    assert!(outcome.scaling.len() > 2, "the policy acts on the load of the fifth minute");
}

#[test]
fn a_check_that_may_last_until_the_next_one_still_fails() {
    let text = r#"
        duration = "2m"
        traffic.a.rate = "20/s"
        request.r = { via = "lb", steps = [{ delay = "100s" }] }
        balancer.lb = { targets = "f", health_check = { interval = "5s", timeout = "5s" } }
        fleet.f = { instance = "m6i.large", instances = 2, threads = 2 }
    "#;
    assert!(run(text, 1).incidents.iter().any(|incident| incident.text.contains("2 of 2 targets unhealthy")));
}

#[test]
fn work_of_centuries_ends_the_run_on_time() {
    let text = r#"
        duration = "2s"
        traffic.a.rate = "5/s"
        request.r = { via = "f", steps = [{ cpu = "36500d" }] }
        fleet.f = { instance = { vcpus = 1, memory = "1 GiB", strength = 0.001 }, instances = 1 }
    "#;
    let requests = run(text, 1).requests;
    assert_eq!(requests.arrived, requests.in_flight);
}
