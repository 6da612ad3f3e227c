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
         lock_order = {order}\n"
    )
}

#[test]
fn in_order_everyone_waits_for_a_whole_round() {
    let runs = replicate(&hot_row("\"fifo\""), 2);
    let round = f64::from(USERS) * HOLD - OUTSIDE;
    runs.expect_percentile("mean", round, 0.001, |run| run.latency_ms.mean);
    runs.expect_percentile("p99.9", round, 0.001, |run| run.latency_ms.p99_9);
}

#[test]
fn by_lot_the_wait_is_geometric_and_its_mean_the_same() {
    let runs = replicate(&hot_row("\"random\""), 10);
    let missed = 1.0 - 1.0 / f64::from(USERS - 1);
    let quantile = |q: f64| HOLD * (1.0 + ((1.0 - q).ln() / missed.ln()).ceil()) - OUTSIDE;
    runs.expect_percentile("mean", f64::from(USERS) * HOLD - OUTSIDE, 0.001, |run| run.latency_ms.mean);
    runs.expect_percentile("transactions a second", 1e3 / HOLD, 0.001, |run| run.goodput_per_s);
    runs.expect_percentile("p50", quantile(0.50), 0.001, |run| run.latency_ms.p50);
    runs.expect_percentile("p95", quantile(0.95), 0.001, |run| run.latency_ms.p95);
}

/// Seven wait at each release, in their order. The first has the lock with the chance 0.9^6, and any of the others else. What is known
/// of one at the place `i` from the front is the mean time until it is the first: with `a` the chance that one before it is taken and `b`
/// that it is taken itself, it moves up, is served, or stays. The mean wait is that of any order; the place of the last follows from it.
#[test]
fn who_is_behind_overtakes_with_a_chance() {
    let runs = replicate(&hot_row("{ overtake = \"10%\" }"), 10);
    let others = f64::from(USERS - 2);
    let first = 0.9_f64.powf(others);
    let each = (1.0 - first) / others;
    // The law of the rounds until the one at each place is served, from the first place on; a newcomer takes the last place.
    let places = USERS as usize - 1;
    let mut at = vec![0.0; places];
    at[places - 1] = 1.0;
    let (mut served, mut rounds) = (Vec::new(), 0);
    while rounds < 400 {
        let mut next = vec![0.0; places];
        let mut now = 0.0;
        for (place, chance) in at.iter().enumerate() {
            let taken = if place == 0 { first } else { each };
            let before = if place == 0 { 0.0 } else { first + each * (place as f64 - 1.0) };
            now += chance * taken;
            if place > 0 {
                next[place - 1] += chance * before;
            }
            next[place] += chance * (1.0 - taken - before);
        }
        served.push(now);
        at = next;
        rounds += 1;
    }
    let quantile = |q: f64| {
        let mut sum = 0.0;
        let round = served.iter().position(|chance| {
            sum += chance;
            sum >= q
        });
        HOLD * (round.unwrap() as f64 + 2.0) - OUTSIDE
    };
    runs.expect_percentile("mean", f64::from(USERS) * HOLD - OUTSIDE, 0.001, |run| run.latency_ms.mean);
    runs.expect_percentile("p50", quantile(0.50), 0.001, |run| run.latency_ms.p50);
    runs.expect_percentile("p95", quantile(0.95), 0.001, |run| run.latency_ms.p95);
    runs.expect_percentile("p90", quantile(0.90), 0.001, |run| run.latency_ms.p90);
}
