//! Weighted random: targets that fail more than the others get fewer requests.

use simcap::outcome::Outcome;

use crate::kind::incidents;
use crate::run::{run, scenario};

/// 400/s over four instances, of which the last one never answers: it has one thread and five places in the backlog, and resets
/// the rest. Checks are too rare to see it.
fn one_of_four_fails(lb: &str) -> Outcome {
    run(
        &format!(
            "duration = \"80s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"400/s\"\n[request.page]\nvia = \"public\"\n\
             steps = [{{ cpu = \"100us\" }}]\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\nidle_timeout = \"1h\"\n\
             health_check = {{ interval = \"300s\", timeout = \"120s\" }}\nrouting = \"weighted_random\"\n{lb}\n[fleet.web]\n\
             instance = {{ vcpus = 1, memory = \"8 GiB\" }}\ninstances = 4\nspeeds = [1, 1, 1, 0.000001]\nthreads = 1\n\
             backlog = 5\noverflow = \"reset\"\n"
        ),
        1,
    )
}

/// Failures in each row of 5 s.
fn failures(run: &Outcome) -> Vec<f64> {
    let rows = &run.timeline.failed["http_502"];
    assert_eq!(run.requests.failed, run.requests.failed_by_cause["http_502"]);
    rows.iter().map(|rate| rate * 5.0).collect()
}

/// Weights of 128 for the others, and 128, 64, 32, … 1 for the one that fails: 2,000 requests in 5 s are split by them.
#[test]
fn a_target_that_fails_everything_gets_half_as_much_in_each_period() {
    let mitigated = one_of_four_fails("anomaly_mitigation = true");
    for (row, found) in failures(&mitigated).into_iter().enumerate() {
        let weight = f64::from((128u32 >> row.min(7)).max(1));
        let mean = 2_000.0 * weight / (384.0 + weight);
        // Six hang there from the start.
        let expected = if row == 0 { mean - 6.0 } else { mean };
        assert!((found - expected).abs() <= 4.0 * mean.sqrt(), "row {row}: {found} of {expected}");
    }
    let [(at, text)] = incidents(&mitigated)[..] else { panic!("{:?}", incidents(&mitigated)) };
    assert_eq!(at, 5.0);
    assert!(text.starts_with("instance 4 failed ") && text.contains(", the others 0 of "), "{text}");
    // Every ten seconds instead of every five.
    let slower = failures(&one_of_four_fails("anomaly_mitigation = true\nweights_every = \"10s\""));
    for (row, found) in slower.into_iter().enumerate() {
        let weight = f64::from((128u32 >> (row / 2).min(7)).max(1));
        let mean = 2_000.0 * weight / (384.0 + weight);
        assert!((found - mean).abs() <= 4.0 * mean.sqrt() + 6.0, "row {row}: {found} of {mean}");
    }
}

#[test]
fn without_mitigation_weights_stay_equal() {
    let run = one_of_four_fails("");
    for found in failures(&run) {
        assert!((found - 500.0).abs() <= 4.0 * 375f64.sqrt() + 6.0, "{found}");
    }
    assert!(incidents(&run).is_empty());
}

/// All four fail alike: none of them is an anomaly.
#[test]
fn targets_that_fail_alike_keep_their_weights() {
    let text = "duration = \"60s\"\n[traffic.all]\nrate = \"400/s\"\n[request.page]\nvia = \"public\"\nsteps = [{ cpu = \"100ms\" }]\n\
                [balancer.public]\ntargets = \"web\"\nhop = \"0s\"\nrouting = \"weighted_random\"\nanomaly_mitigation = true\n\
                health_check = { interval = \"300s\", timeout = \"120s\" }\n[fleet.web]\ninstance = { vcpus = 1, memory = \"8 GiB\" }\n\
                instances = 4\nthreads = 1\nbacklog = 5\noverflow = \"reset\"\n";
    let run = run(text, 1);
    assert!(run.requests.failed > 0.8 * run.requests.arrived);
    assert!(incidents(&run).iter().all(|(_, text)| !text.contains("fewer of them")), "{:?}", incidents(&run));
}

#[test]
fn a_fleet_of_two_is_warned_of_and_one_of_three_is_not() {
    let warned = |instances: u32| {
        let text = format!(
            "duration = \"1m\"\ntraffic.all.rate = \"1/s\"\nrequest.a = {{ via = \"lb\", steps = [{{ cpu = \"1ms\" }}] }}\n\
             balancer.lb = {{ targets = \"web\", routing = \"weighted_random\", anomaly_mitigation = true }}\n\
             fleet.web = {{ instance = \"m5.large\", instances = {instances} }}\n"
        );
        let found = simcap::simulate(&scenario(&text), 1, &mut |_| {}).warnings;
        found.iter().any(|it| it.code.name() == "setting-without-effect")
    };
    assert!(warned(2) && !warned(3));
}
