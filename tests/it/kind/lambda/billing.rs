//! The bill of functions, by hand.

use super::{asked, text};
use crate::run::run;

/// What is billed of Lambda: (unit price, quantity).
fn billed(outcome: &simcap::outcome::Outcome) -> Vec<(f64, f64)> {
    let items = outcome.bill.items.iter().filter(|item| item.service == "Lambda");
    items.map(|item| (item.unit_price_usd, item.quantity)).collect()
}

/// One a second for an hour: 3,600 invocations, or one less, of 100.4 ms in 1,024 MB. Each is billed as 101 ms, and the first one with the 200 ms of its
/// initialization as 301.
#[test]
fn invocations_are_billed_by_the_millisecond() {
    let outcome = asked("\"1/s\"", "1h", "{ delay = \"100400us\" }", "memory = 1024\ninit = \"200ms\"");
    let count = outcome.lambdas[0].invocations;
    let all = billed(&outcome);
    let of = |price: f64| all.iter().find(|(unit, _)| *unit == price).unwrap().1;
    assert!((of(0.2) - count * 1e-6).abs() < 1e-12, "{all:?}");
    // The last one has just begun at the end: a millisecond.
    let ended = outcome.requests.completed;
    assert_eq!(count - ended, 1.0);
    assert!((of(0.0000166667) - (0.101 * ended + 0.2 + 0.001)).abs() < 1e-9, "{all:?} {ended}");
    let usd: f64 = all.iter().map(|(price, quantity)| price * quantity).sum();
    assert!((usd - (0.0007198 + 0.00606)).abs() < 1e-4, "{usd}");
}

/// On Graviton a GB-second costs less, and half the memory half as much.
#[test]
fn memory_and_processor_are_in_the_price() {
    let of = |function: &str| billed(&asked("\"10/s\"", "10m", "{ delay = \"10ms\" }", function))[1];
    let (x86, arm) =
        (of("memory = 1024\ninit = \"0s\""), of("memory = 512\narchitecture = \"arm64\"\ninit = \"0s\""));
    assert_eq!((x86.0, arm.0), (0.0000166667, 0.0000133334));
    assert!((x86.1 / arm.1 - 2.0).abs() < 1e-9);
}

/// Throttled invocations are free.
#[test]
fn a_throttled_invocation_is_free() {
    let outcome =
        asked("\"10/s\"", "1m", "{ delay = \"1s\" }", "init = \"0s\"\n[account]\nlambda_concurrency = 5");
    let told = &outcome.lambdas[0];
    assert!(told.over_concurrency > 100.0 && (billed(&outcome)[0].1 * 1e6 - told.invocations).abs() < 1e-6);
}

/// Two are provisioned for an hour with 2,048 MB: 14,400 GB-seconds, and what is done in them at a price of its own. They are paid for without any
/// request, too.
#[test]
fn provisioned_concurrency_is_billed_whether_it_is_used_or_not() {
    let function = "memory = 2048\ninit = \"0s\"\nprovisioned_concurrency = 2";
    let seoul = |text: &str| run(&format!("region = \"ap-northeast-2\"\n{text}"), 1);
    let outcome = seoul(&text("\"1/s\"", "1h", "{ delay = \"50ms\" }", function));
    let all = billed(&outcome);
    let of = |price: f64| all.iter().find(|(unit, _)| *unit == price).unwrap().1;
    assert!((of(0.0000051254) - 14_400.0).abs() < 1e-6, "{all:?}");
    assert!(all.iter().all(|(unit, _)| *unit != 0.0000166667), "nothing was done in others: {all:?}");
    let ended = outcome.requests.completed;
    let done = outcome.bill.items.iter().find(|item| item.what.contains("duration in provisioned")).unwrap();
    let begun = outcome.lambdas[0].invocations - ended;
    assert!((done.quantity - 2.0 * (0.05 * ended + 0.001 * begun)).abs() < 1e-9, "{done:?}");
}

/// What still runs when the run ends is paid for up to then: an invocation from 0.1 s on, and one whose environment initializes since 4.1 s.
#[test]
fn what_still_runs_at_the_end_is_billed() {
    let long = "timeout = \"900s\"\nmemory = 1024\n";
    let outcome =
        super::at("running", &[100, 4_100], "10s", "{ delay = \"60s\" }", &format!("{long}init = \"0s\""));
    assert_eq!(outcome.lambdas[0].billed_s, 9.9 + 5.9);
    assert!((billed(&outcome)[1].1 - 15.8).abs() < 1e-9, "{:?}", billed(&outcome));
    let cold = super::at("cold-end", &[4_100], "10s", "{ delay = \"1s\" }", &format!("{long}init = \"60s\""));
    assert_eq!(cold.lambdas[0].billed_s, 5.9);
    // What has ended is billed once, and what waits for nothing not at all.
    let ended = super::at("ended", &[100], "10s", "{ delay = \"1s\" }", &format!("{long}init = \"0s\""));
    assert_eq!(ended.lambdas[0].billed_s, 1.0);
}
