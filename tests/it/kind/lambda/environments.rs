//! Which environment a request gets: an idle one, the one that was used last, or a new one.

use super::{ALONE, asked, at, failed};
use crate::run::run;

/// Work of 50 ms, an initialization of 200 ms, environments that are kept for a second. At 100 and 200 a new one is made; at 400 the first one
/// is idle, since 350; both rest from 450 on. At 1,200 one of them works, the other is reclaimed at 1,450. The one rests from 1,250 on and is
/// reclaimed at 2,250, so the request of 2,500 is cold.
#[test]
fn an_idle_environment_is_used_again_until_it_is_reclaimed() {
    let function = "init = \"200ms\"\nkeep = \"1s\"";
    let outcome = at("again", &[100, 200, 400, 1_200, 2_500], "3s", "{ delay = \"50ms\" }", function);
    let told = &outcome.lambdas[0];
    assert_eq!((told.invocations, told.cold, told.reclaimed), (5.0, 3.0, 2.0));
    assert_eq!((told.most, told.most_environments), (2.0, 2.0));
    assert!(
        (outcome.latency_ms.mean - (3.0 * 250.0 + 2.0 * 50.0) / 5.0).abs() < 0.1,
        "{:?}",
        outcome.latency_ms
    );
    // Rows of 100 ms: two from 200 to 1,450, one to 2,250, none, then one.
    let there = &outcome.timeline.lambdas[0].environments;
    assert_eq!(
        (there[0], there[1], there[2], there[13], there[14], there[21], there[22], there[25]),
        (0.0, 1.0, 2.0, 2.0, 1.0, 1.0, 0.0, 1.0)
    );
    assert_eq!(told.start_ms.max, 200.0);
}

/// Two at once, and then one every half second: the one that was used last works, and the other is reclaimed after its second.
#[test]
fn the_environment_that_was_used_last_is_used_first() {
    let mut instants = vec![1_000, 1_000];
    instants.extend((3..12).map(|it| it * 500));
    let outcome = at("last", &instants, "6s", "{ delay = \"100ms\" }", "init = \"0s\"\nkeep = \"1s\"");
    let there = &outcome.timeline.lambdas[0].environments;
    // Both rest from 1,100 on; at 1,500 one works again, and the other ends at 2,100.
    assert_eq!((there[10], there[20], there[21], there[55]), (2.0, 2.0, 1.0, 1.0));
    assert_eq!((outcome.lambdas[0].cold, outcome.lambdas[0].reclaimed), (2.0, 1.0));
}

/// The same without any time for which they are kept, but the least: each request is cold.
#[test]
fn an_environment_that_is_kept_for_no_time_serves_once() {
    let outcome = asked("\"10/s\"", "10s", "{ delay = \"1ms\" }", "init = \"5ms\"\nkeep = \"1ns\"");
    assert_eq!(outcome.lambdas[0].cold, outcome.lambdas[0].invocations);
    assert!((outcome.latency_ms.mean - 6.0).abs() < 0.01);
}

/// Time before the initialization passes as well, and so does the way there and back.
#[test]
fn a_cold_request_waits_for_the_place_and_the_initialization() {
    let outcome = at("cold", &[0, 1_000], "3s", "{ delay = \"50ms\" }", "init = \"200ms\"");
    assert_eq!(outcome.latency_ms.max, 250.0);
    let text = super::text("\"1/s\"", "10s", "{ delay = \"50ms\" }", "init = \"200ms\"");
    let text = text.replace(ALONE, "[lambda.f]\nhop = \"5ms\"\nplacement = \"100ms\"\n");
    let outcome = run(&text, 1);
    assert!((outcome.latency_ms.max - 360.0).abs() < 0.5, "{:?}", outcome.latency_ms);
    assert!((outcome.latency_ms.p50 - 60.0).abs() < 0.1, "{:?}", outcome.latency_ms);
    let stage = outcome.stages.iter().find(|stage| stage.label.contains("to start"));
    assert!(stage.is_some(), "{:?}", outcome.stages);
}

/// A client that gives up while its environment is made: the work goes on, and the next request finds the environment warm.
#[test]
fn what_was_made_for_a_client_that_has_gone_serves_the_next_one() {
    let text = super::text("\"1/s\"", "5s", "{ delay = \"50ms\" }", "init = \"300ms\"");
    let outcome = run(&text.replace("round_trip = \"0s\"", "round_trip = \"0s\"\ntimeout = \"200ms\""), 1);
    assert_eq!(failed(&outcome, "client_timeout"), 1.0);
    assert_eq!((outcome.lambdas[0].cold, outcome.lambdas[0].most_environments), (1.0, 1.0));
    let cancels = text
        .replace("round_trip = \"0s\"", "round_trip = \"0s\"\ntimeout = \"200ms\"\non_timeout = \"cancel\"");
    let outcome = run(&cancels, 1);
    assert_eq!((outcome.lambdas[0].cold, failed(&outcome, "client_timeout")), (1.0, 1.0));
}

/// The time to start goes by runtime and package.
#[test]
fn the_initialization_goes_by_runtime_and_package() {
    let mean = |function: &str| {
        let function = format!("{function}\nkeep = \"1ns\"");
        asked("\"100/s\"", "100s", "{ delay = \"1ms\" }", &function).lambdas[0].start_ms.mean
    };
    // 98 ms and 10 for the megabyte that a package has; the mean of 10,000 with a spread of 8 % is within 0.4 %.
    for (function, by_hand) in [
        ("", 108.0),
        ("runtime = \"java\"", 269.0),
        ("runtime = \"rust\"\npackage = \"20 MB\"", 215.0),
        ("init = \"40ms\"", 40.0),
    ] {
        let found = mean(function);
        assert!((found / by_hand - 1.0).abs() < 0.004, "{function}: {found} {by_hand}");
    }
}
