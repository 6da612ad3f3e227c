//! Nested resources: the thread of an instance is held while its request waits for a connection of the pool.
//!
//! The query is a transaction that only passes time, so the database's CPU plays no part. Expected values come
//! from the stationary law of the chain (requests present, of them at the pool).

use super::chain::{mean, stationary};
use super::confidence::replicate;

struct Case {
    rate: f64,
    threads: usize,
    local: f64,
    connections: usize,
    query: f64,
    room: usize,
}

fn hold(case: &Case, power: f64) {
    let &Case { rate, threads, local, connections, query, room } = case;
    let most = threads + room;
    let width = threads + 1;
    let share = stationary((most + 1) * width, |state, go| {
        let (present, at_pool) = (state / width, state % width);
        let held = present.min(threads);
        if at_pool > held {
            // Not reachable; any way out will do.
            return go(0, 1.0);
        }
        if present < most {
            go(state + width, rate);
        }
        if held > at_pool {
            go(state + 1, (held - at_pool) as f64 / local);
        }
        if at_pool > 0 {
            go(state - width - 1, at_pool.min(connections) as f64 / query);
        }
    });
    let present = |state: usize| state / width;
    let lost = mean(&share, |state| f64::from(present(state) == most));
    let through = rate * (1.0 - lost);
    let of_through = |f: &dyn Fn(usize) -> f64| 1e3 * mean(&share, f) / through;
    let thread_wait = of_through(&|state| present(state).saturating_sub(threads) as f64);
    let pool_wait = of_through(&|state| (state % width).saturating_sub(connections) as f64);
    let sojourn = of_through(&|state| present(state) as f64);

    let text = format!(
        "duration = \"{}s\"\nwarmup = \"100s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.page]\n\
         via = \"app\"\nsteps = [{{ delay = \"exponential {}ms\" }}, {{ transaction = \"shop\", steps = [\n\
         {{ delay = \"exponential {}ms\" }}] }}]\n[fleet.app]\ninstance = \"m5.large\"\ninstances = 1\n\
         threads = {threads}\nbacklog = {room}\noverflow = \"reset\"\npools = {{ shop = {connections} }}\n\
         [database.shop]\nwriter = \"db.r6g.2xlarge\"\ncommit = \"1ns\"\nhop = \"0s\"\n",
        (200_000.0 / rate) as u64,
        1e3 * local,
        1e3 * query
    );
    let runs = replicate(&text, 12);
    let what = format!("{rate}/s, {threads} threads, {connections} connections");
    runs.expect(&format!("{what}: mean sojourn"), sojourn, power, |run| run.latency_ms.mean);
    runs.expect(&format!("{what}: wait for a thread"), thread_wait, 5.0 * power, |run| {
        1e3 * mean_of(&run.timeline.fleets[0].backlog) / through
    });
    if connections < threads {
        runs.expect(&format!("{what}: wait for a connection"), pool_wait, 3.0 * power, |run| {
            1e3 * mean_of(&run.timeline.fleets[0].pools[0].waiting) / through
        });
    }
    let busy = mean(&share, |state| present(state).min(threads) as f64);
    runs.expect(&format!("{what}: busy threads"), busy, power, |run| {
        mean_of(&run.timeline.fleets[0].threads_busy)
    });
    if lost > 1e-3 {
        runs.expect(&format!("{what}: share refused"), lost, 0.2, |run| {
            run.requests.failed_by_cause["http_502"] / run.requests.arrived
        });
    }
}

fn mean_of(row: &[f64]) -> f64 {
    row.iter().sum::<f64>() / row.len() as f64
}

#[test]
fn threads_wait_with_their_requests_for_connections() {
    hold(&Case { rate: 160.0, threads: 20, local: 0.02, connections: 10, query: 0.05, room: 200 }, 0.03);
    hold(&Case { rate: 300.0, threads: 10, local: 0.01, connections: 10, query: 0.02, room: 100 }, 0.03);
}

#[test]
fn a_full_backlog_refuses_what_the_held_threads_cannot_take() {
    hold(&Case { rate: 380.0, threads: 40, local: 0.05, connections: 20, query: 0.05, room: 50 }, 0.02);
}
