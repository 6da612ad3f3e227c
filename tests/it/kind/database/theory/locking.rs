//! One hot row and a closed population: the order in which a lock is granted.
//!
//! A lock is held for `HOLD` by one of `USERS`; a user who has had it comes back after `OUTSIDE`, before it is free
//! again. So all others wait whenever it becomes free. In order, a round serves each user once. At random, each of the
//! others has the same chance at every release, so the number of releases until a user's turn is geometric.

use crate::theory::confidence::replicate;

const USERS: u32 = 8;
const HOLD: f64 = 20.0;
const OUTSIDE: f64 = 0.3;

fn hot_row(order: &str) -> String {
    format!(
        "duration = \"4000s\"\nwarmup = \"10s\"\n[users.all]\ncount = {USERS}\nthink = \"{OUTSIDE}ms\"\n\
         [request.update]\nsteps = [{{ transaction = \"shop\", steps = [\n\
         {{ write = \"0s\", rows = {{ count = 1, zipf = 0 }} }}, {{ delay = \"{HOLD}ms\" }}] }}]\n\
         [database.shop]\nwriter = \"db.r6g.large\"\ncommit = \"0s\"\nhop = \"0s\"\ndeadlock_check = \"0s\"\n\
         lock_order = \"{order}\"\n"
    )
}

#[test]
fn in_order_everyone_waits_for_a_whole_round() {
    let runs = replicate(&hot_row("fifo"), 2);
    let round = f64::from(USERS) * HOLD - OUTSIDE;
    runs.expect_percentile("mean", round, 0.001, |run| run.latency_ms.mean);
    runs.expect_percentile("p99.9", round, 0.001, |run| run.latency_ms.p99_9);
}

#[test]
fn by_lot_the_wait_is_geometric_and_its_mean_the_same() {
    let runs = replicate(&hot_row("random"), 10);
    let missed = 1.0 - 1.0 / f64::from(USERS - 1);
    let quantile = |q: f64| HOLD * (1.0 + ((1.0 - q).ln() / missed.ln()).ceil()) - OUTSIDE;
    runs.expect_percentile("mean", f64::from(USERS) * HOLD - OUTSIDE, 0.001, |run| run.latency_ms.mean);
    runs.expect_percentile("transactions a second", 1e3 / HOLD, 0.001, |run| run.goodput_per_s);
    runs.expect_percentile("p50", quantile(0.50), 0.001, |run| run.latency_ms.p50);
    runs.expect_percentile("p95", quantile(0.95), 0.001, |run| run.latency_ms.p95);
}
