//! A cold application, by hand: how much it does while it gets warm.

use simcap::outcome::Outcome;

use crate::run::run;

/// One user that always asks for 10 ms of the only vCPU; the instance is there from the start, or answers at 20 s.
fn busy(fleet: &str) -> Outcome {
    let text = format!(
        "duration = \"2m\"\nbucket = \"5s\"\n\
         [users.all]\ncount = 1\nthink = \"0s\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n\
         [fleet.web]\ninstance = {{ vcpus = 1, memory = \"1 GiB\" }}\nmin = 0\nmax = 1\n\
         boot = {{ decision = \"0s\", launch = \"10s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n{fleet}\n"
    );
    run(&text, 1)
}

/// Half as fast at first, and evenly faster for a minute: 100/s × (0.5 + t / 120 s).
#[test]
fn a_cold_application_gets_evenly_faster() {
    for discipline in ["processor_sharing", "fifo"] {
        let outcome = busy(&format!(
            "cold = {{ speed = \"50%\", for = \"1m\" }}\nschedule = [{{ at = \"10s\", desired = 1 }}]\ndiscipline = \"{discipline}\""
        ));
        for (row, rate) in outcome.timeline.completed.iter().enumerate().skip(4) {
            let middle = (5 * row) as f64 + 2.5 - 20.0;
            let expected = 100.0 * (0.5 + (middle / 120.0).min(0.5));
            assert!((rate - expected).abs() < 0.5, "{discipline} {middle} s: {rate} for {expected}");
        }
        // It is slow, and not held back: all of its CPU is used.
        let cpu = &outcome.timeline.kinds.fleets[0].cpu_percent;
        assert!(cpu[5..].iter().all(|percent| *percent > 99.9), "{cpu:?}");
    }
}

/// The instances of the start have served for long.
#[test]
fn the_instances_of_the_start_are_warm() {
    let outcome = busy("cold = { speed = \"50%\", for = \"1m\" }\ndesired = 1");
    let completed = &outcome.timeline.completed;
    assert!(completed.iter().all(|rate| (rate - 100.0).abs() < 0.3), "{completed:?}");
}

/// Without credits an instance gets a tenth of its CPU, and does half as much with that while it is cold.
#[test]
fn a_cold_application_without_credits_is_slow_twice() {
    let outcome = busy(
        "cold = { speed = \"50%\", for = \"1m\" }\nschedule = [{ at = \"10s\", desired = 1 }]\n\
         credits = { mode = \"standard\", baseline = \"10%\" }",
    );
    let completed = &outcome.timeline.completed;
    // Of the first five seconds 52 %, of the last all, and a tenth of both.
    assert!((completed[5] - 10.0 * 0.5625).abs() < 0.3, "{completed:?}");
    assert!((completed[22] - 10.0).abs() < 0.3, "{completed:?}");
}
