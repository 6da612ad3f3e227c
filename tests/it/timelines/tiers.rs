//! Paths through many tiers: threads of all outer tiers are held while the innermost works.

use simcap::scenario::{self, ScenarioError};

use crate::run::run;

/// One request at 10 s, which works for 10 ms in each of a number of fleets, each called from inside the one before.
fn nested(tiers: usize, client: &str) -> String {
    let call = |steps: String, tier: usize| match tier {
        1 => format!("via = \"tier1\"\nsteps = [{steps}]"),
        tier => format!("{{ call = \"tier{tier}\", steps = [{steps}] }}"),
    };
    let work = "{ cpu = \"10ms\" }".to_owned();
    let path = (1..tiers)
        .rev()
        .fold(call(work.clone(), tiers), |inner, tier| call(format!("{work}, {inner}"), tier));
    let fleet = |tier| {
        format!(
            "[fleet.tier{tier}]\ninstances = 1\nthreads = 1\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}\n"
        )
    };
    let fleets: String = (1..=tiers).map(fleet).collect();
    format!(
        "duration = \"15s\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"10s\"\n[client]\n{client}\n\
         [request.go]\n{path}\n{fleets}"
    )
}

/// The thread of tier k is taken after 10 ms in each tier before it and given back when the last has worked: it is held
/// for 80 − 10 (k − 1) ms, whether or not the client still waits at 75 ms.
#[test]
fn eight_tiers_hold_their_threads_until_the_innermost_has_worked() {
    for (client, failed) in [("round_trip = \"0s\"", 0.0), ("round_trip = \"0s\"\ntimeout = \"75ms\"", 1.0)] {
        let run = run(&nested(8, client), 1);
        assert_eq!((run.requests.arrived, run.requests.failed), (1.0, failed));
        for (index, fleet) in run.timeline.fleets.iter().enumerate() {
            let held = 0.080 - 0.010 * index as f64;
            assert!((fleet.threads_busy[10] - held).abs() < 1e-9, "{client}: {} holds {held}", fleet.name);
        }
        if failed == 0.0 {
            assert!((run.latency_ms.mean - 80.0).abs() < 1e-6, "{}", run.latency_ms.mean);
        }
    }
}

#[test]
fn a_ninth_tier_is_refused() {
    let text = nested(9, "round_trip = \"0s\"");
    let refused = scenario::parse("test.toml", text.as_bytes(), std::path::Path::new(""), &[]);
    let Err(ScenarioError::Invalid(report)) = refused else { panic!("nine tiers are too many") };
    assert!(
        report.render(false).contains("a path through more than 8 tiers at once"),
        "{}",
        report.render(false)
    );
}
