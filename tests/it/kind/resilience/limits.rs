//! What keeps calls back: budgets, breakers, bulkheads.

use super::{bank, policy};

/// Requests a second apart, each given up after 0.1 s: after four failures the breaker is open for 10 s. Then two probes fail as
/// well, and it is open again.
#[test]
fn a_breaker_opens_lets_probes_through_and_opens_again() {
    let breaker = "timeout = \"100ms\", breaker = { window = 4, least = 4, failures = \"50%\", open = \"10s\", probes = 2 }";
    let run = bank("16s", "count = 1\nthink = \"900ms\"", breaker, "servers = 100\ntime = \"1s\"");
    let of = policy(&run);
    // At 0, 1, 2, 3 s; it opens at 3.1 s. From 4 s on calls fail at once, every 0.9 s, up to 13 s; probes at 13.9 and 14.9 s.
    // It is open again from 15 s on, without having been closed, and the call of 15.9 s fails at once.
    assert_eq!((of.tries, of.timeouts), (6.0, 6.0));
    assert_eq!((of.short_circuited, of.opened), (12.0, 1.0));
    assert_eq!(run.requests.failed_by_cause["circuit_open"], 12.0);
    assert_eq!(run.services[0].arrived, 6.0, "the station is spared");
    let texts: Vec<(f64, &str)> = run.incidents.iter().map(|it| (it.at_s, it.text.as_str())).collect();
    assert_eq!(texts, [(3.1, "circuit breaker opens on instance 1")]);
    assert_eq!(run.timeline.kinds.resiliences[0].open[2..5], [0.0, 1.0, 1.0]);
}

/// The station recovers while the breaker is open: both probes are answered, and it closes.
#[test]
fn a_breaker_closes_when_probes_are_answered() {
    let breaker = "timeout = \"100ms\", breaker = { window = 4, open = \"10s\", probes = 2 }";
    let station = "servers = [[\"0s\", 0], [\"5s\", 100]]\ntime = \"50ms\"";
    let run = bank("20s", "count = 1\nthink = \"900ms\"", breaker, station);
    let of = policy(&run);
    assert_eq!((of.timeouts, of.opened), (4.0, 1.0));
    let texts: Vec<&str> = run.incidents.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["circuit breaker opens on instance 1", "all circuit breakers are closed"]);
    assert_eq!(of.failed, 4.0 + of.short_circuited);
}

/// Three users at once, and room for two calls: the third fails at once.
#[test]
fn a_bulkhead_has_room_for_so_many_calls() {
    let run = bank("5s", "count = 3\nthink = \"1m\"", "bulkhead = 2", "servers = 100\ntime = \"1s\"");
    let of = policy(&run);
    assert_eq!((of.calls, of.answered, of.bulkhead_full, of.failed), (3.0, 2.0, 1.0, 1.0));
    assert_eq!(run.requests.failed_by_cause["bulkhead_full"], 1.0);
}

/// Four tokens; each failed try takes one, and there are no retries at two or below: the first call has one.
#[test]
fn a_budget_bounds_retries_and_successes_fill_it() {
    let budget = |ratio: f64| {
        format!(
            "timeout = \"100ms\", retries = {{ max = 5, backoff = \"0s\" }}, budget = {{ tokens = 4, ratio = {ratio} }}"
        )
    };
    let users = "count = 1\nthink = \"900ms\"";
    let run = bank("3.5s", users, &budget(0.0), "servers = 100\ntime = \"1s\"");
    let of = policy(&run);
    // The first ends at 0.2 s, so the others begin at 1.1, 2.1 and 3.1 s.
    assert_eq!((of.calls, of.tries, of.retries, of.unretried), (4.0, 5.0, 1.0, 4.0));

    // From 5 s on all is answered: a call each 0.95 s, each of which gives a token.
    let station = "servers = [[\"0s\", 0], [\"4.9s\", 100], [\"9s\", 0]]\ntime = \"50ms\"";
    let run = bank("12s", users, &budget(1.0), station);
    // The bucket is empty from 2.2 s on, and full again after the calls of 5.1, 6.05, 7 and 7.95 s. The one of 9.85 s has a retry
    // again, and the one of 10.95 s has none.
    let of = policy(&run);
    assert_eq!(of.retries, 2.0);
}

/// One thread, a second each, and three requests at once: with room for two the third is turned away at once.
#[test]
fn an_instance_turns_away_what_is_too_many() {
    let shed = |shed: &str| {
        crate::run::run(
            &format!(
                "duration = \"9s\"\nbucket = \"1s\"\n[users.all]\ncount = 3\nthink = \"1m\"\nstart = \"request\"\n\
                 [request.page]\nvia = \"web\"\nsteps = [{{ delay = \"1s\" }}]\n\
                 [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nthreads = 1\nshed = {{ {shed} }}\n"
            ),
            1,
        )
    };
    let run = shed("concurrency = 2");
    assert_eq!((run.requests.completed, run.requests.failed_by_cause["shed"]), (2.0, 1.0));
    assert_eq!(run.latency_ms.max, 2_000.0);
    // The second waits for a second and the third, after it was turned away, has the thread at the same instant.
    let run = shed("queue_time = \"900ms\"");
    assert_eq!((run.requests.completed, run.requests.failed_by_cause["shed"]), (1.0, 2.0));
    let run = shed("queue_time = \"1s\"");
    assert_eq!((run.requests.completed, run.requests.failed_by_cause["shed"]), (2.0, 1.0));
}
