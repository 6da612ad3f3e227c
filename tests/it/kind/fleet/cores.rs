//! Two vCPUs that are the threads of one core, by hand: how much they do alone and together.

use simcap::outcome::{Outcome, Resource};

use crate::run::run;

/// Users that always ask for 10 ms of a vCPU, on one instance.
fn busy(users: u32, fleet: &str) -> Outcome {
    let text = format!(
        "duration = \"60s\"\nbucket = \"5s\"\n[users.all]\ncount = {users}\nthink = \"0s\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n\
         [fleet.web]\nthreads = \"unlimited\"\n{fleet}\n{}",
        if fleet.contains("max") { "" } else { "instances = 1" }
    );
    run(&text, 1)
}

/// Answers a second in the middle of the run.
fn rate(outcome: &Outcome) -> f64 {
    outcome.timeline.completed[6]
}

const TWO: &str = "instance = { vcpus = 2, memory = \"1 GiB\" }\nthreads_per_core = 2";

/// Alone a thread does 100 of these a second. Two on one core do 1.3 times as much, however many there are.
#[test]
fn two_busy_threads_of_a_core_do_less_than_twice_one() {
    for (users, cpu, expected) in [(1, 50.0, 100.0), (2, 100.0, 130.0), (5, 100.0, 130.0)] {
        let outcome = busy(users, TWO);
        assert!((rate(&outcome) - expected).abs() < 0.6, "{users}: {} for {expected}", rate(&outcome));
        let seen = outcome.timeline.fleets[0].cpu_percent[6];
        assert!((seen - cpu).abs() < 0.1, "{users}: {seen} % of CPU");
        // Work done is work asked for.
        let load = outcome.timeline.loads.iter().find(|load| load.of == Resource::Cpu { fleet: 0 }).unwrap();
        assert!(
            (load.served[6] / load.asked[6] - 1.0).abs() < 0.02,
            "{users}: {} {}",
            load.served[6],
            load.asked[6]
        );
    }
    assert!((rate(&busy(2, "instance = { vcpus = 2, memory = \"1 GiB\" }")) - 200.0).abs() < 0.6);
}

/// Four vCPUs are two cores: three users have one core alone and share the other, 2.3 times one.
#[test]
fn a_second_thread_is_used_when_each_core_has_one() {
    let four = "instance = { vcpus = 4, memory = \"1 GiB\" }\nthreads_per_core = 2";
    for (users, expected) in [(2, 200.0), (3, 230.0), (4, 260.0), (9, 260.0)] {
        let found = rate(&busy(users, four));
        assert!((found - expected).abs() < 2.0, "{users}: {found} for {expected}");
    }
}

/// The part that a second thread adds is the user's to say; types with one thread per core do not have the key.
#[test]
fn what_a_second_thread_adds_can_be_set() {
    for (second, expected) in [("0%", 100.0), ("50%", 150.0), ("100%", 200.0)] {
        let found = rate(&busy(2, &format!("{TWO}\nsecond_thread = \"{second}\"")));
        assert!((found - expected).abs() < 0.6, "{second}: {found} for {expected}");
    }
    let m5 = busy(2, "instance = \"m5.large\"\nthreads_per_core = 2");
    assert!((rate(&m5) - 130.0).abs() < 0.6);
}

/// Half as fast at first while it is cold, and 1.3 times one thread at that.
#[test]
fn a_cold_application_shares_its_cores_as_well() {
    let outcome = busy(
        2,
        "instance = { vcpus = 2, memory = \"1 GiB\" }\nthreads_per_core = 2\nmin = 0\nmax = 1\n\
         cold = { speed = \"50%\", for = \"10h\" }\nschedule = [{ at = \"10s\", desired = 1 }]\n\
         boot = { decision = \"0s\", launch = \"10s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }",
    );
    assert!((rate(&outcome) - 65.0).abs() < 0.6, "{}", rate(&outcome));
}

/// Four cores with a second thread of 30 % do 5.2 times one thread. 200/s × 10 ms ask for 2 of it, 400/s for 4, and 780/s for 7.8.
#[test]
fn the_headroom_counts_what_two_threads_of_a_core_do_together() {
    let text = |rate: u32, more: &str| {
        format!(
            "duration = \"10m\"\ntraffic.all.rate = \"{rate}/s\"\nclient = {{ timeout = \"5s\" }}\n[request.page]\nvia = \"web\"\n\
             steps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\ninstance = \"m5.2xlarge\"\ninstances = 1\nthreads = 200\n{more}"
        )
    };
    for (rate, exact) in [(200, 2.6), (400, 1.3), (780, 2.0 / 3.0)] {
        let outcome = run(&text(rate, "threads_per_core = 2"), 1);
        let cpu = outcome.headroom.iter().find(|it| it.of == Resource::Cpu { fleet: 0 }).unwrap();
        // Of 120,000 requests and more, five standard deviations are 1.5 %.
        assert!((cpu.limit().unwrap() / exact - 1.0).abs() < 0.015, "{rate}/s: {cpu:?}");
        assert_eq!(cpu.saturated, exact < 1.0, "{rate}/s: {cpu:?}");
        let cores = &outcome.timeline.fleets[0].cores[0];
        assert!((cores.most[6] - 5.2).abs() < 1e-9, "{:?}", cores.most);
    }
    // With a core for each vCPU there are eight.
    let outcome = run(&text(400, ""), 1);
    let cpu = outcome.headroom.iter().find(|it| it.of == Resource::Cpu { fleet: 0 }).unwrap();
    assert!((cpu.limit().unwrap() / 2.0 - 1.0).abs() < 0.015, "{cpu:?}");
    assert!(outcome.timeline.fleets[0].cores.is_empty());
}
