//! Routing rules of a balancer, over instances that work on one or two requests at once.

use crate::theory::chain::{mean, stationary};
use crate::theory::confidence::replicate;
use crate::theory::formula::{Mmc, bisect};

const SERVICE: f64 = 0.05;

/// Rate, mean sojourn in milliseconds and its standard error: four servers of two threads, the first of which takes
/// twice the time, fewest outstanding requests with random ties; an independent event simulation.
const SLOW_HOST: [(f64, (f64, f64)); 2] = [(60.0, (59.421, 0.028)), (75.0, (60.806, 0.030))];

/// Instances whose threads are the servers: a request takes 50 ms in one. Health checks take no time.
fn fleet(routing: &str, rate: f64, instances: u32, threads: u32) -> String {
    format!(
        "duration = \"{}s\"\nwarmup = \"100s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.page]\n\
         via = \"public\"\nsteps = [{{ delay = \"exponential 50ms\" }}]\n[balancer.public]\n\
         targets = \"web\"\nrouting = \"{routing}\"\nhop = \"0s\"\n\
         health_check = {{ interval = \"300s\", timeout = \"120s\", cpu = \"1ns\" }}\n[fleet.web]\n\
         instance = \"m5.large\"\ninstances = {instances}\nthreads = {threads}\nbacklog = 100000\n",
        (150_000.0 / rate) as u64
    )
}

/// A Poisson process split at random is Poisson: each instance is an M/M/c of its own.
#[test]
fn random_routing_makes_separate_queues() {
    let runs = replicate(&fleet("random", 120.0, 4, 2), 12);
    let queue = Mmc { servers: 2, rate: 30.0, service: SERVICE };
    runs.expect("mean", 1e3 * queue.sojourn(), 0.03, |run| run.latency_ms.mean);
    runs.expect_percentile("p95", 1e3 * queue.sojourn_quantile(0.95), 0.04, |run| run.latency_ms.p95);
}

/// Every n-th request of a Poisson process: an E_n/M/1 queue at each instance. Its sojourn is exponential with
/// mean s / (1 - σ), σ the root of σ = (λ / (λ + (1 - σ) / s))^n.
#[test]
fn round_robin_is_an_erlang_arrival_queue() {
    let (rate, instances) = (64.0, 4);
    let sigma =
        bisect(0.0, 0.999, |sigma| (rate / (rate + (1.0 - sigma) / SERVICE)).powi(instances as i32) > sigma);
    let mean = 1e3 * SERVICE / (1.0 - sigma);
    let runs = replicate(&fleet("round_robin", rate, instances, 1), 12);
    runs.expect("mean", mean, 0.04, |run| run.latency_ms.mean);
    runs.expect_percentile("p95", mean * 20f64.ln(), 0.05, |run| run.latency_ms.p95);
}

/// Two instances, the emptier one takes the request: the chain of both numbers present, cut at 60.
#[test]
fn the_fewest_outstanding_requests_join_the_shorter_queue() {
    const MOST: usize = 60;
    for threads in [1u32, 2] {
        let rate = 30.0 * f64::from(threads);
        let leaving = |present: usize| present.min(threads as usize) as f64 / SERVICE;
        let share = stationary((MOST + 1) * (MOST + 1), |state, go| {
            let (one, two) = (state / (MOST + 1), state % (MOST + 1));
            let to_one = if one < two {
                1.0
            } else if one == two {
                0.5
            } else {
                0.0
            };
            if one < MOST {
                go(state + MOST + 1, rate * to_one);
            }
            if two < MOST {
                go(state + 1, rate * (1.0 - to_one));
            }
            if one > 0 {
                go(state - MOST - 1, leaving(one));
            }
            if two > 0 {
                go(state - 1, leaving(two));
            }
        });
        let present = mean(&share, |state| (state / (MOST + 1) + state % (MOST + 1)) as f64);
        // With two instances, "two choices" always compares both.
        for routing in ["least_outstanding_requests", "two_choices"] {
            let runs = replicate(&fleet(routing, rate, 2, threads), 12);
            let what = format!("{routing}, {threads} threads");
            runs.expect(&what, 1e3 * present / rate, 0.04, |run| run.latency_ms.mean);
        }
    }
}

/// Four instances of two threads at 80 % load. Expected: independent event simulations, with standard errors.
#[test]
fn rules_of_choice_over_four_instances_rank_as_they_should() {
    for (routing, mean, p95, p99) in [
        ("round_robin", (98.936, 0.241), (277.55, 0.765), (412.88, 1.434)),
        ("two_choices", (74.814, 0.116), (201.89, 0.320), (291.17, 0.461)),
        ("least_outstanding_requests", (67.515, 0.103), (187.74, 0.286), (274.95, 0.403)),
    ] {
        let runs = replicate(&fleet(routing, 128.0, 4, 2), 12);
        runs.expect_reference(&format!("{routing}: mean"), mean, 0.03, |run| run.latency_ms.mean);
        runs.expect_reference(&format!("{routing}: p95"), p95, 0.03, |run| run.latency_ms.p95);
        runs.expect_reference(&format!("{routing}: p99"), p99, 0.04, |run| run.latency_ms.p99);
    }
}

/// Four instances of two cores, one of which takes twice the time, at 60 and 75 requests/s. Expected for the fewest
/// outstanding requests: independent event simulations, with standard errors; for random routing: an M/M/2 at each.
#[test]
fn one_slow_host_counts_by_how_often_it_is_chosen() {
    let slow_fleet = |routing: &str, rate: f64| {
        format!(
            "duration = \"{}s\"\nwarmup = \"100s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.page]\n\
             via = \"public\"\nsteps = [{{ cpu = \"exponential 50ms\" }}]\n[balancer.public]\ntargets = \"web\"\n\
             {routing}\nhop = \"0s\"\nhealth_check = {{ interval = \"300s\", timeout = \"120s\", cpu = \"1ns\" }}\n\
             [fleet.web]\ninstance = {{ vcpus = 2, memory = \"4 GiB\" }}\ninstances = 4\nspeeds = [0.5]\n\
             discipline = \"fifo\"\nthreads = \"unlimited\"\n",
            (150_000.0 / rate) as u64
        )
    };
    let rate = 60.0;
    let runs = replicate(&slow_fleet("routing = \"random\"", rate), 12);
    let mean_of = |service: f64| Mmc { servers: 2, rate: rate / 4.0, service }.sojourn();
    let mean = (mean_of(2.0 * SERVICE) + 3.0 * mean_of(SERVICE)) / 4.0;
    runs.expect("random: mean", 1e3 * mean, 0.03, |run| run.latency_ms.mean);
    for (rate, reference) in SLOW_HOST {
        let routing = "routing = \"least_outstanding_requests\"\nties = \"random\"";
        let runs = replicate(&slow_fleet(routing, rate), 12);
        runs.expect_reference(&format!("{rate}/s: mean"), reference, 0.03, |run| run.latency_ms.mean);
    }
}
