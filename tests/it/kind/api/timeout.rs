//! How long an API waits for an answer.

use super::{asked, failed, text};
use crate::run::run;

/// 29 s: a function that takes 40 is answered by a 504, and works on, which is billed. What takes 29 s to the instant is in time.
#[test]
fn an_api_waits_for_29_seconds_while_its_function_works_on() {
    let of = |delay: &str, api: &str| {
        let text = text("\"1/s\"", "2m", &format!("{{ delay = \"{delay}\" }}"), api);
        run(&text.replace("memory = 1769", "memory = 1769\ntimeout = \"2m\""), 1)
    };
    let outcome = of("40s", "");
    assert_eq!(outcome.requests.completed, 0.0);
    assert!(failed(&outcome, "http_504") >= 90.0, "{:?}", outcome.requests);
    let told = &outcome.lambdas[0];
    assert!(told.most >= 40.0 && told.most <= 41.0 && told.timeouts == 0.0, "{told:?}");
    // 80 have ended, and those of the last 40 s run since 0 s, 1 s, … 39 s, and the rest of a millisecond.
    assert!((told.billed_s - (40.0 * 80.0 + 780.0 + 40.0 * 1e-3)).abs() < 1e-6, "{told:?}");
    let outcome = of("29s", "");
    assert_eq!(outcome.requests.failed, 0.0);
    // Another limit, and the one of an HTTP API.
    assert!(failed(&of("6s", "timeout = \"5s\""), "http_504") > 100.0);
    assert_eq!(of("30s", "kind = \"http\"").requests.failed, 0.0);
    assert!(failed(&of("31s", "kind = \"http\""), "http_504") > 80.0);
}

/// The time in which an environment is made counts.
#[test]
fn the_start_of_an_environment_is_part_of_that_time() {
    let outcome = run(
        &text("\"1/s\"", "1m", "{ delay = \"1s\" }", "timeout = \"3s\"")
            .replace("init = \"0s\"", "init = \"2500ms\"\nkeep = \"1ns\""),
        1,
    );
    assert_eq!(outcome.requests.completed, 0.0);
    assert!(failed(&outcome, "http_504") >= 55.0, "{:?}", outcome.requests);
}

/// Before a balancer the sooner of the two limits counts.
#[test]
fn an_api_waits_for_what_a_balancer_leads_to() {
    let fleet = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n[balancer.lb]\ntargets = \"web\"\nhop = \"0s\"\n";
    let of = |delay: &str| {
        let text = text("\"1/s\"", "2m", &format!("{{ delay = \"{delay}\" }}"), "")
            .replace("integration = \"f\"", "integration = \"lb\"");
        run(&format!("{text}{fleet}"), 1)
    };
    assert_eq!(of("28s").requests.failed, 0.0);
    let outcome = of("40s");
    assert!(
        failed(&outcome, "http_504") >= 90.0 && outcome.requests.completed == 0.0,
        "{:?}",
        outcome.requests
    );
    let longest = outcome.timeline.fleets[0].threads_busy.iter().copied().fold(0.0, f64::max);
    assert!((39.0..=41.0).contains(&longest), "the instance works on: {longest}");
}

/// A function may work for longer than its API waits: that is warned of.
#[test]
fn a_function_that_may_outlast_its_api_is_warned_of() {
    let found = |timeout: &str| {
        let text = text("\"1/s\"", "1m", "{ delay = \"1ms\" }", "");
        let outcome =
            run(&text.replace("memory = 1769", &format!("memory = 1769\ntimeout = \"{timeout}\"")), 1);
        outcome.warnings.iter().any(|warning| warning.message.contains("may take"))
    };
    assert!(found("30s") && !found("29s"));
    // So is too much traffic.
    let outcome =
        asked("\"100/s\"", "1m", "{ delay = \"1ms\" }", "throttle = { rate = \"50/s\", burst = 20 }");
    assert!(
        outcome.warnings.iter().any(|warning| warning.message.contains("that API `front` takes")),
        "{:?}",
        outcome.warnings
    );
}
