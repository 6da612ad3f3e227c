//! Which instance a phase names, and fleets without any instance in service.
//!
//! In: scenarios in which one instance is full because of its speed. Out: the cause in the phase.

use simcap::outcome::Resource;

use crate::phases::{kinds, only, troubles};
use crate::run::run;

/// Three instances get requests in turn; the slow one can serve 50/s of its 56/s.
#[test]
fn a_phase_names_the_slow_instance_among_others() {
    let outcome = run(
        r#"
        duration = "60s"
        bucket = "1s"
        traffic.all.rate = "168/s"
        client = { timeout = "2s" }
        request.page = { via = "front", steps = [{ cpu = "exponential 10ms" }] }
        [balancer.front]
        targets = "web"
        routing = "round_robin"
        [fleet.web]
        instance = "m5.large"
        instances = 3
        threads = 1000
        speeds = [1, 0.25, 1]
        "#,
        1,
    );
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    assert_eq!(phase.chain[0].resource, Some(Resource::Cpu { fleet: 0 }), "{}", phase.sentence);
    assert!(phase.sentence.contains("CPU of instance 2 of `web` full"), "{}", phase.sentence);
    assert!(outcome.timeline.fleets[0].cpu_percent.iter().all(|busy| *busy < 95.0));
}

/// The schedule removes the only instance at 20 s, and brings one back at 40 s.
#[test]
fn a_fleet_without_an_instance_in_service_is_named() {
    let outcome = run(
        r#"
        duration = "60s"
        bucket = "1s"
        traffic.people = { rate = "50/s", requests = "page" }
        [request.page]
        via = "front"
        steps = [{ cpu = "1ms" }]
        [request.other]
        via = "side"
        steps = [{ cpu = "1ms" }]
        [balancer.front]
        targets = "web"
        [balancer.side]
        targets = "idle"
        [fleet.web]
        instance = "m5.large"
        instances = 1
        timetable = [["20s", 0], ["40s", 1]]
        [fleet.idle]
        instance = "m5.large"
        instances = 0
        "#,
        1,
    );
    let phase = only(&outcome);
    let instances = Some(Resource::Instances { fleet: 0 });
    let scaled_in = Some(Resource::ScaledIn { fleet: 0 });
    let targets = Some(Resource::NoTargets { fleet: 0 });
    let expected = [(scaled_in, true), (instances, false), (targets, false), (None, false)];
    assert_eq!(kinds(phase), expected, "{}", phase.sentence);
    for words in [
        "0:20 `web` scaled in from 1 to 0 instances",
        "→ no instance of `web` in service → no registered targets of `web`: `front` answers 503 → ",
        "of requests failed, http_503",
    ] {
        assert!(phase.sentence.contains(words), "`{words}` is not in: {}", phase.sentence);
    }
}

/// Each of four instances gets 25/s of 20 ms: a quarter of its two cores, and 96 % for the one at 0.26 times the speed.
#[test]
fn a_calm_phase_names_the_slow_instance_as_the_tightest() {
    let outcome = run(
        r#"
        duration = "10m"
        traffic.a.rate = [["0s", "100/s"], ["9m", "100/s"], ["9m", "1/s"], ["10m", "1/s"]]
        request.r = { via = "lb", steps = [{ cpu = "20ms" }] }
        balancer.lb = { targets = "f", routing = "round_robin" }
        fleet.f = { instance = "m5.large", instances = 4, speeds = [1, 1, 0.26] }"#,
        1,
    );
    let calm = outcome.phases.iter().find(|phase| !phase.trouble).unwrap();
    assert!(calm.sentence.contains("tightest: CPU of instance 3 of `f` 9"), "{:#?}", outcome.phases);
}
