//! Workers that are a function: how much of an event source is used, and what is warned of before a run.

use std::path::Path;

use simcap::outcome::Resource;
use simcap::scenario::{ScenarioError, parse};
use simcap::warning::{Code, of_scenario};

use crate::phases::troubles;
use crate::run::{run, scenario};

const POLLERS: Resource = Resource::Pollers { queue: 0 };

/// Messages at equal intervals for a function in which nothing takes time but its work.
fn text(duration: &str, interval: &str, queue: &str, function: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.jobs]\ninterarrival = \"{interval}\"\n[request.job]\n\
         steps = [{{ send = \"jobs\" }}]\n[queue.jobs]\nworkers = \"f\"\n{queue}\n\
         [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n{function}\n"
    )
}

fn warned(text: &str, code: Code) -> Vec<String> {
    let found = of_scenario(&scenario(text), 1).into_iter().filter(|it| it.code == code);
    found.map(|it| format!("{}: {}", it.message, it.hint)).collect()
}

/// A hundred messages a second of 1 s for twenty invocations at once: with two calls of 10 ms each takes 1.02 s, so that 19.6 a second are done, 0.196 of what comes. After three minutes most
/// of the 18,000 messages are still there: that is never worked off.
#[test]
fn invocations_at_once_are_a_capacity() {
    let text = text("3m", "10ms", "time = \"1s\"\nbatch = 1\nmaximum_concurrency = 20", "timeout = \"10s\"");
    let outcome = run(&text, 1);
    let found = outcome.headroom.iter().find(|it| it.of == POLLERS).expect("a capacity");
    let limit = found.limit().unwrap();
    assert!((limit - 20.0 / 1.02 / 100.0).abs() < 0.01, "{found:?}");
    assert!(outcome.headroom.iter().all(|it| it.of == POLLERS || it.limit().is_none_or(|it| it > limit)));
    let phase = troubles(&outcome)[0];
    let cause = phase.chain.iter().find(|link| link.cause).expect("a cause");
    assert_eq!(cause.resource, Some(POLLERS), "{phase:#?}");
    assert!(phase.sentence.contains("20 at once"), "{}", phase.sentence);
    let queue = &outcome.timeline.queues[0];
    assert_eq!(queue.pollers[60], 20.0);
    assert!(queue.pollers_busy_percent[60] > 99.0, "{:?}", queue.pollers_busy_percent);
    let warned = warned(&text, Code::DemandAboveCapacity);
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert!(warned[0].contains("the 20 invocations at once of function `f`"), "{warned:?}");
    assert!(warned[0].contains("5.1 times"), "{warned:?}");
}

/// Four messages a second of 0.98 s and a call that deletes of 10 ms, for twenty at once: some four of them are busy, and five times as much would be done. Idle pollers wait for messages.
#[test]
fn pollers_that_wait_are_idle() {
    let text =
        text("3m", "250ms", "time = \"980ms\"\nbatch = 1\nmaximum_concurrency = 20", "timeout = \"10s\"");
    let outcome = run(&text, 1);
    let found = outcome.headroom.iter().find(|it| it.of == POLLERS).expect("a capacity");
    let limit = found.limit().unwrap();
    assert!((limit / (20.0 / (4.0 * 0.99)) - 1.0).abs() < 0.06, "{found:?}");
    assert!(troubles(&outcome).is_empty());
    assert!(warned(&text, Code::DemandAboveCapacity).is_empty());
}

/// A thousand a second of 5 s ask for 5,000 at once and a little for the calls; Lambda makes 1,250 for one queue. Where the account has fewer, it is that.
#[test]
fn what_an_event_source_has_at_most_is_warned_of() {
    let of = |account: &str| {
        let function = format!("timeout = \"10s\"\n[account]\nlambda_concurrency = {account}");
        warned(&text("4m", "1ms", "time = \"5s\"\nbatch = 1", &function), Code::DemandAboveCapacity)
    };
    let found = of("30000");
    assert!(
        found.iter().any(|it| it.contains("times the 1,250 invocations at once of function `f`")
            && it.contains("4.02 times")),
        "{found:?}"
    );
    assert!(of("1000").iter().all(|it| !it.contains("1,250 invocations")));
}

/// Lambda takes no queue whose messages are visible again before its function must have ended.
#[test]
fn a_visibility_timeout_is_at_least_that_of_the_function() {
    let problems = |visibility: &str| {
        let queue = format!("time = \"45s\"\nbatch = 1\nvisibility_timeout = \"{visibility}\"");
        match parse("a.toml", text("5m", "1s", &queue, "timeout = \"1m\"").as_bytes(), Path::new(""), &[]) {
            Err(ScenarioError::Invalid(report)) => report.render(false),
            _ => String::new(),
        }
    };
    assert!(
        problems("30s").contains("shorter than the `timeout` of its function `f`, 1m"),
        "{}",
        problems("30s")
    );
    assert_eq!(problems("60s"), "");
}

/// A hundred a second of 1 s ask for a hundred at once, of which there are five at first: batches of ten fill, and take 10 s. Two a second come one by one. Where batches are gathered for
/// 20 s by five pollers, they have some nine of two a second.
#[test]
fn batches_that_outlast_their_function_are_warned_of() {
    let of = |interval: &str, queue: &str, timeout: &str| {
        let text =
            text("3m", interval, &format!("time = \"1s\"\n{queue}"), &format!("timeout = \"{timeout}\""));
        warned(&text, Code::WorkOutlastsTimeout)
    };
    let found = of("10ms", "", "3s");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("the 10 messages of a receive from queue `jobs` take 10s of work, longer than the `timeout` of function `f`, 3s"),
        "{found:?}"
    );
    assert!(of("10ms", "", "10s").is_empty());
    assert!(of("10ms", "batch = 3", "3s").is_empty());
    assert!(of("500ms", "", "3s").is_empty());
    assert!(of("500ms", "batching_window = \"20s\"", "3s")[0].contains("the 9 messages"));
    // One message alone.
    assert!(of("10s", "", "900ms")[0].contains("a message of queue `jobs` takes 1s"));
}

/// Ten messages of 1 s in an invocation that ends after 3 s: none is ever deleted, and the page says that their work fails.
#[test]
fn batches_that_never_end_are_trouble() {
    let queue = "time = \"1s\"\nmaximum_concurrency = 2\nvisibility_timeout = \"30s\"";
    let outcome = run(&text("3m", "100ms", queue, "timeout = \"3s\""), 1);
    let told: Vec<&str> = troubles(&outcome).iter().map(|it| it.sentence.as_str()).collect();
    assert!(told.iter().any(|it| it.contains("work failed")), "{told:?}");
}
