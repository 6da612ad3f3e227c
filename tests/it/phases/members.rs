//! Which shard or instance a phase names, and fleets without any instance in service.
//!
//! In: scenarios in which one member is full because of its keys or its speed. Out: the cause in the phase.

use simcap::outcome::Resource;

use super::{kinds, only, troubles};
use crate::run::run;

/// 2,000/s for one key, 1 ms each or less on the smallest core: one shard of three is full.
#[test]
fn a_phase_names_the_full_one_of_three_shards() {
    let text = |keys: u32| {
        format!(
            r#"
            duration = "100s"
            bucket = "1s"
            traffic.all.rate = [["0s", "100/s"], ["30s", "100/s"], ["30s", "2000/s"], ["60s", "2000/s"], ["60s", "100/s"]]
            request.page.steps = [{{ cache = "store", keys = {{ count = {keys} }}, miss = [{{ delay = "1ms" }}] }}]
            [cache.store]
            node = "cache.r6g.large"
            shards = 3
            command = "1ms"
            "#
        )
    };
    let outcome = run(&text(1), 1);
    let [phase] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    assert!((30.0..=33.0).contains(&phase.from_s), "{}", phase.sentence);
    assert_eq!(phase.chain[0].resource, Some(Resource::Cache { cache: 0 }));
    let fullest = outcome.headroom[0].name();
    let shard = fullest.strip_prefix("command threads of ").unwrap().strip_suffix(" of store").unwrap();
    assert!(shard.starts_with("shard "), "{fullest}");
    let words = format!("command threads of {shard} of `store` full");
    assert!(phase.sentence.contains(&words), "`{words}` is not in: {}", phase.sentence);
    let busy = outcome.timeline.caches[0].busy_percent.iter().copied().fold(0.0, f64::max);
    assert!(busy < 40.0, "the mean of three says nothing: {busy}");
    // The same key, far from full: the page of a calm run names the shard too.
    let calm = run(&text(1).replace("2000/s", "100/s"), 1);
    let [phase] = &calm.phases[..] else { panic!("{:#?}", calm.phases) };
    let words = format!("tightest: {} ", calm.headroom[0].name());
    assert!(words.contains("of shard ") && phase.sentence.contains(&words), "{words}: {}", phase.sentence);
    // The same look-ups for a thousand keys fit.
    let spread = run(&text(1000), 1);
    assert!(troubles(&spread).is_empty(), "{:#?}", spread.phases);
}

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
fn a_fleet_without_an_instance_in_service_is_a_cause() {
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
    assert_eq!(kinds(phase), [(instances, true), (None, false)], "{}", phase.sentence);
    for words in ["0:20 no instance of `web` in service → ", "of requests failed, http_503"] {
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
