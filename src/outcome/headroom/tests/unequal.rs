//! Members that are unequal for a known reason: what the pages say of each speed, by hand.

use super::*;

/// Four instances of one vCPU that get a quarter of the requests of 50 ms each, some of them at half the speed.
fn fleet(rate: &str, speeds: &str) -> String {
    format!(
        "duration = \"10m\"\ntraffic.all.rate = \"{rate}\"\n[request.page]\nvia = \"lb\"\n\
         steps = [{{ cpu = \"50ms\" }}]\n[balancer.lb]\ntargets = \"web\"\nrouting = \"round_robin\"\n\
         health_check = {{ unhealthy = 10, interval = \"300s\" }}\n[fleet.web]\n\
         instance = {{ vcpus = 1, memory = \"4 GiB\" }}\ninstances = 4\nspeeds = {speeds}\n"
    )
}

/// 32/s: 8/s × 50 ms are 40 % of a vCPU, and 80 % of one of half the speed. How many there are of each changes nothing.
#[test]
fn instances_of_one_speed_count_together_and_speeds_apart() {
    for (speeds, part, name) in [
        ("[0.5]", Part::Instance(1), "CPU of instance 1 of web"),
        ("[0.5, 0.5]", Part::Slow(2), "CPU of 2 slow instances of web"),
        ("[0.5, 0.5, 0.5]", Part::Slow(3), "CPU of 3 slow instances of web"),
        ("[1, 0.5, 1, 0.5]", Part::Slow(2), "CPU of 2 slow instances of web"),
    ] {
        let outcome = runs(&fleet("32/s", speeds), 2);
        let cpu = of(&outcome, "CPU of web");
        assert_eq!((cpu.fullest, cpu.name().as_str()), (Some(part), name), "{speeds}");
        // Five standard deviations of 4,800 requests to one instance.
        assert!((cpu.limit().unwrap() / 1.25 - 1.0).abs() < 5.0 / 4_800_f64.sqrt(), "{speeds}: {cpu:?}");
        assert!(!cpu.saturated);
        let sentence = &outcome.phases[0].sentence;
        let name = name.replace("of web", "of `web`");
        assert!(sentence.contains(&format!("tightest: {name} ")), "{speeds}: {sentence}");
    }
    let same = runs(&fleet("32/s", "[0.5, 0.5, 0.5, 0.5]"), 2);
    assert_eq!(of(&same, "CPU of web").fullest, None, "all alike");
}

/// 48/s: the one at a tenth of the speed does 2/s of its 12/s and gets out of service. The other three then have 16/s × 50 ms
/// each: 80 %. The mean of all four would be 60 %.
#[test]
fn the_tightest_of_a_calm_phase_is_the_fullest_speed() {
    let text = fleet("48/s", "[0.1]").replace("unhealthy = 10, interval = \"300s\"", "unhealthy = 2");
    // One node checks them, so that its verdict is that of all.
    let text = text.replace("[fleet.web]\n", "[fleet.web]\nazs = 1\n");
    assert!(text.contains("azs = 1"));
    let outcome = run(&text.replace("rate = \"48/s\"", "rate = \"48/s\"\ntraffic.all.interarrival = \"1s\""));
    let calm: Vec<_> = outcome.phases.iter().filter(|phase| !phase.trouble).collect();
    assert!(!calm.is_empty(), "{:?}", outcome.phases);
    for phase in calm {
        let words = "tightest: CPU of 3 fast instances of `web` 80 % busy";
        assert!(phase.sentence.contains(words), "{}", phase.sentence);
        assert!(phase.sentence.contains("full at ×1.25"), "{}", phase.sentence);
    }
    // 12/s × 50 ms of a tenth of a vCPU.
    let cpu = of(&outcome, "CPU of web");
    assert!(cpu.saturated && cpu.fullest == Some(Part::Instance(1)), "{cpu:?}");
    assert!((0.15..0.2).contains(&cpu.limit().unwrap()), "by hand 2 / 12: {cpu:?}");
}

/// 64/s × 50 ms are 3.2 vCPUs, and there are 3 × 0.5 + 1. With one more of full speed there are 3.5.
#[test]
fn a_warning_and_a_phase_need_as_many_instances() {
    let outcome = run(&fleet("64/s", "[0.5, 0.5, 0.5]"));
    let warned = &outcome.warnings.iter().find(|it| it.code == crate::warning::Code::DemandAboveCapacity);
    assert!(warned.as_ref().unwrap().hint.starts_with("about 5 instances would carry it"), "{warned:?}");
    let cause = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert!(cause.text.contains("its load needs about 5)"), "{}", cause.text);
}

/// 60/s × 20 ms are 1.2 of six vCPUs, so they carry five times as much, though most of it goes to the first of them. Two at half
/// the speed leave five: ×4.17. With requests in turn it is the fullest that counts.
#[test]
fn instances_that_are_evened_out_fill_together() {
    let text = |routing: &str, speeds: &str| {
        format!(
            "duration = \"20m\"\ntraffic.all.rate = \"60/s\"\n[request.page]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"exponential 20ms\" }}]\n[balancer.lb]\ntargets = \"web\"\nrouting = \"{routing}\"\n\
             health_check = {{ cpu = \"0ms\" }}\n[fleet.web]\ninstance = {{ vcpus = 1, memory = \"4 GiB\" }}\n\
             instances = 6\n{speeds}\n"
        )
    };
    for (routing, speeds, carried) in [
        ("least_outstanding_requests", "", 5.0),
        ("least_outstanding_requests", "speeds = [0.5, 0.5]", 5.0 / 1.2),
        ("two_choices", "", 5.0),
        ("two_choices", "speeds = [0.5, 0.5]", 5.0 / 1.2),
        ("round_robin", "speeds = [0.5, 0.5]", 2.5),
    ] {
        let outcome = run(&text(routing, speeds));
        let cpu = of(&outcome, "CPU of web");
        // Five standard deviations of 72,000 requests of a drawn time each; in turn, a sixth of them.
        let off = 5.0 * (2.0 / if routing == "round_robin" { 24_000.0_f64 } else { 72_000.0 }).sqrt();
        assert!((cpu.limit().unwrap() / carried - 1.0).abs() < off, "{routing} {speeds}: {cpu:?}");
        assert_eq!((cpu.fullest.is_some(), cpu.saturated), (routing == "round_robin", false), "{routing}");
        let sentence = &outcome.phases[0].sentence;
        assert_eq!(sentence.contains("instance"), routing == "round_robin", "{sentence}");
    }
}

/// 400/s × 20 ms are 8 vCPUs for two minutes, and there are four.
#[test]
fn an_overload_of_instances_that_are_evened_out_is_that_of_all() {
    let outcome = run(
        "duration = \"10m\"\ntraffic.all.rate = [[\"0m\", \"100/s\"], [\"4m\", \"100/s\"], [\"4m\", \"400/s\"], \
         [\"6m\", \"400/s\"], [\"6m\", \"100/s\"]]\nclient = { timeout = \"8s\" }\n[request.page]\nvia = \"lb\"\n\
         steps = [{ cpu = \"exponential 20ms\" }]\n[balancer.lb]\ntargets = \"web\"\n\
         routing = \"least_outstanding_requests\"\nhealth_check = { unhealthy = 10 }\n[fleet.web]\n\
         instance = { vcpus = 1, memory = \"4 GiB\" }\ninstances = 4\nthreads = 50\nbacklog = 50\noverflow = \"reset\"\n",
    );
    let cpu = of(&outcome, "CPU of web");
    assert!(cpu.saturated && cpu.fullest.is_none(), "{cpu:?}");
    assert!((cpu.limit().unwrap() / 0.5 - 1.0).abs() < 0.06, "{cpu:?}");
}

/// Targets that fail their checks because all are full leave what was sent to them to the others: that came of the limit.
#[test]
fn targets_that_fail_because_all_are_full_are_no_nearer_limit() {
    let text = |rate: u32, count: u32, more: &str| {
        format!(
            "duration = \"8m\"\ntraffic.a.rate = \"{rate}/s\"\nclient = {{ timeout = \"5s\" }}\n[request.r]\nvia = \"b\"\n\
             steps = [{{ cpu = \"exponential 10ms\" }}]\n[balancer.b]\ntargets = \"w\"\n[fleet.w]\n\
             instance = {{ vcpus = 1, memory = \"4 GiB\" }}\ninstances = {count}\n{more}\n"
        )
    };
    // 300/s × 10 ms on two cores.
    let outcome = run(&text(300, 2, "discipline = \"fifo\""));
    assert!(outcome.incidents.iter().any(|it| it.text.contains("unhealthy")), "{:?}", outcome.incidents);
    let cpu = of(&outcome, "CPU of w");
    // 144,000 requests.
    assert!((cpu.as_it_stood.busy / 1.5 - 1.0).abs() < 0.02 && cpu.fullest.is_none(), "{cpu:?}");
    // 80/s × 10 ms on a core of 0.6 of the pace; the others are at 80 % until they get its part.
    let outcome = run(&text(240, 3, "speeds = [0.6]"));
    assert!(outcome.incidents.iter().any(|it| it.text.contains("unhealthy")), "{:?}", outcome.incidents);
    let cpu = of(&outcome, "CPU of w");
    assert_eq!(cpu.fullest, Some(Part::Instance(1)), "{cpu:?}");
    // The fullest of some windows of 10,000 requests: a third of them are its own.
    assert!((cpu.as_it_stood.busy * 0.75 - 1.0).abs() < 0.05, "{cpu:?}");
}

/// From 7:00 on 360/s × 10 ms for 80 s on two of four instances of two vCPUs: 90 %. The other two have been up since 6:40, and each is healthy
/// after five checks, at 8:40 at the earliest. In the rows of a run the multiple is 4 / 3.6.
#[test]
fn targets_that_are_not_healthy_yet_are_no_capacity() {
    let text = "duration = \"12m\"\ntraffic.v.rate = [[\"0m\", \"200/s\"], [\"7m\", \"200/s\"], [\"7m\", \"360/s\"], [\"500s\", \"360/s\"], \
        [\"500s\", \"200/s\"]]\ntraffic.v.interarrival = \"1s\"\nrequest.p = { via = \"lb\", steps = [{ cpu = \"10ms\" }] }\n\
        balancer.lb = { targets = \"w\", health_check = { first_passes = 5 } }\n[fleet.w]\ninstance = \"m5.large\"\nmin = 2\nmax = 4\nschedule = [{ at = \"5m\", desired = 4 }]\n\
        boot = { decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"60s\", application = \"10s\" }\n";
    let outcome = runs(text, 2);
    let cpu = of(&outcome, "CPU of w");
    assert!((cpu.limit().unwrap() / (4.0 / 3.6) - 1.0).abs() < 0.02, "{cpu:?}");
    let fleet = &outcome.timeline.fleets[0];
    assert_eq!((fleet.serving[450], fleet.in_rotation[450], fleet.in_rotation[600]), (4.0, 2.0, 4.0));
    // With one check they are healthy at 7:10 at the latest.
    let soon = runs(&text.replace(", health_check = { first_passes = 5 }", ""), 2);
    assert!(of(&soon, "CPU of w").limit().unwrap() > 1.1 * cpu.limit().unwrap(), "{:?}", soon.headroom);
}

/// 310/s × 10 ms on two instances of two vCPUs, and from 6:40 on four: 77.5 %, and half of that. The balancer has little for the new ones until they
/// are healthy, and other callers have as much as for the others.
#[test]
fn targets_that_are_called_directly_are_capacity_before_they_are_healthy() {
    let text = "duration = \"12m\"\ntraffic.v = { rate = \"10/s\", interarrival = \"1s\", requests = \"p\" }\n\
        traffic.d = { rate = \"300/s\", interarrival = \"1s\", requests = \"q\" }\nrequest.p = { via = \"lb\", steps = [{ cpu = \"10ms\" }] }\n\
        request.q = { via = \"w\", steps = [{ cpu = \"10ms\" }] }\nbalancer.lb = { targets = \"w\", health_check = { first_passes = 5 } }\n[fleet.w]\ninstance = \"m5.large\"\nmin = 2\n\
        max = 4\nschedule = [{ at = \"5m\", desired = 4 }]\n\
        boot = { decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"60s\", application = \"10s\" }\n";
    let outcome = runs(text, 2);
    let cpu = of(&outcome, "CPU of w");
    assert!(!cpu.saturated && (cpu.as_it_stood.busy / 0.775 - 1.0).abs() < 0.02, "{cpu:?}");
    assert!(outcome.phases.iter().all(|phase| !phase.trouble), "{:?}", outcome.phases);
}

/// 540/s × 10 ms on four instances of two vCPUs: 67.5 %, and 90 % while one of them hangs, and until it is healthy again. Its threads, which hold what
/// came before it was unhealthy, are no capacity.
#[test]
fn a_target_that_hangs_is_no_capacity_until_it_is_healthy_again() {
    let text = "duration = \"12m\"\ntraffic.v = { rate = \"540/s\", interarrival = \"1s\" }\nclient.timeout = \"3s\"\n\
        request.p = { via = \"lb\", steps = [{ cpu = \"10ms\" }] }\nbalancer.lb.targets = \"w\"\n\
        fleet.w = { instance = \"m5.large\", instances = 4 }\n\
        fault.x = { fleet = \"w\", effect = \"hangs\", at = \"3m\", for = \"2m\" }\n";
    let outcome = runs(text, 2);
    let cpu = of(&outcome, "CPU of w");
    assert!((cpu.limit().unwrap() * 0.9 - 1.0).abs() < 0.02, "{cpu:?}");
    assert_eq!(outcome.headroom[0].resource, "CPU of w", "{:?}", outcome.headroom);
}
