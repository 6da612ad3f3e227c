//! Functions that are called by others, and that call others.

use super::failed;
use crate::run::run;

const FRONT: &str = "[client]\nround_trip = \"0s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"1s\"\n[request.page]\nvia = \"f\"\n";

/// A function calls another one and waits for it: both are in use meanwhile, and the time of the inner one is part of that of the outer one.
#[test]
fn a_function_waits_for_the_one_that_it_calls() {
    let text = format!(
        "duration = \"20s\"\n{FRONT}steps = [{{ delay = \"10ms\" }}, {{ call = \"g\", steps = [{{ delay = \"100ms\" }}] }}]\n\
         [lambda.f]\nhop = \"0s\"\ninit = \"0s\"\nplacement = \"0s\"\n[lambda.g]\nhop = \"5ms\"\ninit = \"0s\"\nplacement = \"0s\"\n"
    );
    let outcome = run(&text, 1);
    assert!((outcome.latency_ms.max - 120.0).abs() < 0.1, "{:?}", outcome.latency_ms);
    let [outer, inner] = &outcome.lambdas[..] else { panic!("two") };
    // Little's law: ten a second for 120 ms, and for 100.
    assert!((outer.mean_concurrency / 1.2 - 1.0).abs() < 0.02, "{outer:?}");
    assert!((inner.mean_concurrency / 1.0 - 1.0).abs() < 0.02, "{inner:?}");
}

/// It ends while it waits: what it called goes on, and nothing is left of either.
#[test]
fn a_function_that_ends_leaves_the_one_that_it_called() {
    let text = format!(
        "duration = \"20s\"\n{FRONT}steps = [{{ call = \"g\", steps = [{{ delay = \"1s\" }}] }}]\n\
         [lambda.f]\nhop = \"0s\"\ninit = \"0s\"\nplacement = \"0s\"\ntimeout = \"300ms\"\n[lambda.g]\nhop = \"0s\"\ninit = \"0s\"\nplacement = \"0s\"\n"
    );
    let outcome = run(&text, 1);
    let [outer, inner] = &outcome.lambdas[..] else { panic!("two") };
    assert_eq!(failed(&outcome, "function_timeout"), outer.timeouts);
    assert!(outer.timeouts >= 190.0, "{outer:?}");
    // Those of the inner one serve again, though their callers have gone.
    assert!(inner.cold <= 11.0 && inner.invocations >= 199.0 && inner.timeouts == 0.0, "{inner:?}");
}

/// Between a fleet and a function, and the other way round.
#[test]
fn functions_and_fleets_call_each_other() {
    let fleet = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n[balancer.lb]\ntargets = \"web\"\n";
    let function = "[lambda.f]\nhop = \"0s\"\ninit = \"0s\"\nplacement = \"0s\"\nmemory = 1769\n";
    let text = |via: &str, to: &str| {
        format!(
            "duration = \"20s\"\n{}steps = [{{ cpu = \"5ms\" }}, {{ call = \"{to}\", steps = [{{ cpu = \"5ms\" }}] }}]\n{function}{fleet}",
            FRONT.replace("via = \"f\"", &format!("via = \"{via}\""))
        )
    };
    for (via, to) in [("lb", "f"), ("f", "lb"), ("web", "f"), ("f", "web")] {
        let outcome = run(&text(via, to), 1);
        assert_eq!(
            (outcome.requests.failed, outcome.lambdas[0].invocations),
            (0.0, outcome.requests.arrived),
            "{via}"
        );
        assert!(outcome.timeline.fleets[0].cpu_percent.iter().any(|cpu| *cpu > 0.5), "{via}");
    }
}
