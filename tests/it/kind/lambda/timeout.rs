//! Invocations that take too long end with their environments.

use super::{asked, at, failed};
use crate::run::run;

/// Work of five seconds in a function that has three: each fails after three, as its own cause, and each is cold, because its environment was
/// ended. At the very end of its time an answer is in time.
#[test]
fn an_invocation_ends_with_its_environment_when_it_takes_too_long() {
    let outcome = at("timeout", &[100, 4_000], "10s", "{ delay = \"5s\" }", "init = \"0s\"");
    assert_eq!((failed(&outcome, "function_timeout"), outcome.lambdas[0].timeouts), (2.0, 2.0));
    assert_eq!((outcome.lambdas[0].cold, outcome.lambdas[0].most_environments), (2.0, 1.0));
    assert_eq!(outcome.lambdas[0].billed_s, 6.0);
    let there = &outcome.timeline.lambdas[0].environments;
    assert_eq!((there[30], there[31], there[69], there[70]), (1.0, 0.0, 1.0, 0.0));
    let outcome = at("in-time", &[100, 4_000], "10s", "{ delay = \"3s\" }", "init = \"0s\"");
    assert_eq!((outcome.requests.completed, outcome.lambdas[0].cold), (2.0, 1.0));
}

/// The time for its initialization does not count.
#[test]
fn the_initialization_is_no_part_of_the_time_that_an_invocation_has() {
    let outcome = at("init", &[0], "10s", "{ delay = \"900ms\" }", "init = \"2s\"\ntimeout = \"1s\"");
    assert_eq!((outcome.requests.completed, outcome.latency_ms.max), (1.0, 2_900.0));
}

/// What an invocation has asked of a service goes on there, and nothing of the environment is left.
#[test]
fn what_was_asked_elsewhere_is_left_alone() {
    let text = super::text("\"1/s\"", "10s", "{ service = \"slow\" }", "init = \"0s\"\ntimeout = \"500ms\"");
    let outcome = run(&format!("{text}[service.slow]\nservers = 100\ntime = \"2s\"\n"), 1);
    let arrived = outcome.requests.arrived;
    assert!(failed(&outcome, "function_timeout") >= arrived - 1.0, "{:?}", outcome.requests);
    assert!(outcome.services[0].arrived == arrived && outcome.lambdas[0].cold == arrived);
    // One waits for a server: it leaves the queue.
    let text = text.replace("500ms", "300ms");
    let outcome = run(&format!("{text}[service.slow]\nservers = 1\ntime = \"30s\"\n"), 1);
    assert_eq!(outcome.services[0].served, 0.0);
    assert!(outcome.services[0].arrived >= 9.0, "{:?}", outcome.services);
}

/// Without chance, and with many at once: all invocations of a function have the same time, so that they end in the order in which they began.
#[test]
fn many_that_take_too_long_end_one_after_the_other() {
    let outcome = asked("\"200/s\"", "5s", "{ delay = \"2s\" }", "init = \"0s\"\ntimeout = \"1s\"");
    let told = &outcome.lambdas[0];
    assert!((told.most - 200.0).abs() <= 1.0, "{told:?}");
    assert_eq!(told.cold, told.invocations);
    assert!((told.timeouts - 800.0).abs() <= 1.0, "{told:?}");
}
