//! Tries of calls, instant by instant.

use simcap::outcome::Outcome;

use super::{bank, policy};
use crate::run::run;

#[test]
fn a_call_that_is_answered_in_time_is_one_try_and_costs_no_time() {
    let users = "count = 1\nthink = \"1s\"";
    let with = bank("9.5s", users, "timeout = \"2s\", retries = 3", "servers = 5\ntime = \"1s\"");
    let of = policy(&with);
    assert_eq!((of.calls, of.answered, of.tries, of.retries), (5.0, 5.0, 5.0, 0.0), "at 0, 2, 4, 6, 8 s");
    assert_eq!(with.latency_ms.max, 1_000.0);
    // Its time is that of the station, as it is without a policy.
    assert!((in_stage(&with, "at bank", 1) - 1_000.0).abs() < 1e-6);
    assert_eq!(in_stage(&with, "in earlier attempts", 1), 0.0);
}

/// Mean time of the requests that ended in a row in the stage of a label, milliseconds.
fn in_stage(run: &Outcome, label: &str, row: usize) -> f64 {
    let all = run.stages.iter().zip(&run.timeline.mean_ms);
    all.filter(|(stage, _)| stage.label.starts_with(label)).map(|(_, rows)| rows[row]).sum()
}

/// Tries at 0, 1.5 and 3.5 s, each given up a second later; the pauses are 0.5 and 1 s. The user thinks for half a second.
#[test]
fn a_call_pauses_twice_as_long_before_each_retry_and_then_fails() {
    let users = "count = 1\nthink = \"500ms\"";
    let retries = "timeout = \"1s\", retries = { max = 2, backoff = \"500ms\", jitter = \"none\" }";
    let run = bank("14.9s", users, retries, "servers = 20\ntime = \"3s\"");
    let of = policy(&run);
    assert_eq!((of.calls, of.failed), (3.0, 3.0), "at 0, 5 and 10 s, 4.5 s each");
    assert_eq!((of.tries, of.timeouts, of.retries, of.failures), (9.0, 9.0, 6.0, 0.0));
    assert_eq!((run.requests.failed, run.requests.failed_by_cause["call_timeout"]), (3.0, 3.0));
    // The station knows nothing of that: only the try of 13.5 s is not served yet.
    assert_eq!((run.services[0].arrived, run.services[0].served), (9.0, 8.0));
    assert_eq!(run.abandoned.ended, 8.0);
}

/// The first try at 0 s is too slow; from 1 s on the station is fast, and the one of 1.5 s is answered at 1.6 s.
#[test]
fn the_time_of_tries_in_vain_is_that_of_the_policy() {
    let users = "count = 1\nthink = \"1m\"";
    let retries = "timeout = \"1s\", retries = { max = 2, backoff = \"500ms\", jitter = \"none\" }";
    let run = bank("10s", users, retries, "servers = [[\"0s\", 0], [\"1.2s\", 5]]\ntime = \"100ms\"");
    assert_eq!(run.latency_ms.max, 1_600.0);
    assert!((in_stage(&run, "at bank", 1) - 100.0).abs() < 1e-6);
    assert!((in_stage(&run, "in earlier attempts", 1) - 1_500.0).abs() < 1e-6);
}

/// With `cancel` a server ends its request, but nobody has anything of it.
#[test]
fn a_try_that_is_cancelled_leaves_its_queue_at_once() {
    let users = "count = 1\nthink = \"1m\"";
    for (on_timeout, arrived, waited) in [("keep_working", 3.0, 2.0), ("cancel", 3.0, 0.0)] {
        let retries = format!(
            "timeout = \"1s\", retries = {{ max = 2, backoff = \"0s\" }}, on_timeout = \"{on_timeout}\""
        );
        // One server is busy for a second with each; the first is taken at 0 s and free at 10 s.
        let run = bank("9s", users, &retries, "servers = 1\ntime = \"10s\"");
        assert_eq!(run.services[0].arrived, arrived, "{on_timeout}");
        let left = run.timeline.services[0].waiting[5];
        assert_eq!(left, waited, "{on_timeout}: tries of 1 and 2 s");
    }
}

/// Three tiers that try three times each: the last one is called nine times for one request. (The retry storm of the Google SRE
/// book, "Addressing Cascading Failures": retries at several layers multiply.)
#[test]
fn retries_of_tiers_multiply() {
    let run = run(
        "duration = \"20s\"\nbucket = \"1s\"\n[users.all]\ncount = 1\nthink = \"1m\"\nstart = \"request\"\n\
         [request.buy]\nvia = \"order\"\nsteps = [{ call = \"payment\", timeout = \"5s\", retries = { max = 2, backoff = \"0s\" }, \
         steps = [{ service = \"bank\", timeout = \"1s\", retries = { max = 2, backoff = \"0s\" } }] }]\n\
         [fleet.order]\ninstance = \"m5.large\"\ninstances = 1\n[fleet.payment]\ninstance = \"m5.large\"\ninstances = 1\n\
         [service.bank]\nservers = 100\ntime = \"30s\"\n",
        1,
    );
    let named = |name: &str| run.kinds.resiliences.iter().find(|it| it.name == name).expect("it has a name");
    let (outer, inner) = (named("order to payment"), named("payment to bank"));
    assert_eq!((outer.calls, outer.tries, outer.failures, outer.failed), (1.0, 3.0, 3.0, 1.0));
    assert_eq!((inner.calls, inner.tries, inner.timeouts, inner.failed), (3.0, 9.0, 9.0, 3.0));
    assert_eq!(run.services[0].arrived, 9.0);
    assert_eq!(run.requests.failed_by_cause["call_timeout"], 1.0);
}

/// The second try is sent after 0.4 s; the first is answered at 1 s, and the second goes on to 1.4 s.
#[test]
fn a_hedge_is_sent_beside_the_first_try_and_the_first_answer_counts() {
    let users = "count = 1\nthink = \"1m\"";
    let run = bank("10s", users, "hedge = \"400ms\"", "servers = 5\ntime = \"1s\"");
    let of = policy(&run);
    assert_eq!((of.tries, of.hedges, of.hedges_won, of.outrun, of.answered), (2.0, 1.0, 0.0, 1.0, 1.0));
    assert_eq!((run.services[0].served, run.latency_ms.max), (2.0, 1_000.0));
    assert_eq!(run.abandoned.ended, 1.0);
    // With a timeout behind it: both are given up at 0.8 s.
    let run = bank("10s", users, "hedge = \"400ms\", timeout = \"800ms\"", "servers = 5\ntime = \"1s\"");
    let of = policy(&run);
    assert_eq!((of.tries, of.timeouts, of.failed), (2.0, 2.0, 1.0));
    assert_eq!(run.requests.failed, 1.0);
}

#[test]
fn a_fallback_lets_the_request_go_on_without_the_answer() {
    let users = "count = 1\nthink = \"1s\"";
    let run = bank("9.5s", users, "timeout = \"1s\", fallback = true", "servers = 20\ntime = \"3s\"");
    let of = policy(&run);
    assert_eq!((of.fallbacks, of.failed, run.requests.completed), (5.0, 0.0, 5.0), "at 0, 2, 4, 6 and 8 s");
    assert_eq!(run.latency_ms.max, 1_000.0);
}

/// Steps that are tried together: the first of them, which is fast, is done again.
#[test]
fn steps_are_tried_together() {
    let run = run(
        "duration = \"20s\"\nbucket = \"1s\"\n[users.all]\ncount = 1\nthink = \"1m\"\nstart = \"request\"\n\
         [request.buy]\nvia = \"order\"\nsteps = [{ try = [{ service = \"fast\" }, { service = \"slow\" }], timeout = \"1s\", retries = { max = 1, backoff = \"0s\" } }]\n\
         [fleet.order]\ninstance = \"m5.large\"\ninstances = 1\n[service.fast]\nservers = 1\ntime = \"100ms\"\n\
         [service.slow]\nservers = 9\ntime = \"2s\"\n",
        1,
    );
    let of = policy(&run);
    assert_eq!((of.calls, of.tries, of.failed), (1.0, 2.0, 1.0));
    assert_eq!((run.services[0].served, run.services[1].arrived), (2.0, 2.0));
}
