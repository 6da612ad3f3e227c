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
