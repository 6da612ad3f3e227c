//! The floor: each reference workload as one loop that can do nothing else. In: `floor mm8|three-tier N SEED`.
//! Out: one line with the requests and their latency in milliseconds.
//!
//! Its parts are the fastest known to us for so few events; a general tool can come near it, but hardly below.

mod heap;
mod histogram;
mod least_loaded;
mod mm8;
mod random;
mod ring;
mod three_tier;

use std::env;

use histogram::Histogram;
use random::Random;

/// The result of a run: every latency, in seconds.
#[derive(Default)]
struct Latency {
    requests: u64,
    sum: f64,
    histogram: Histogram,
}

impl Latency {
    #[inline(always)]
    fn record(&mut self, seconds: f64) {
        self.requests += 1;
        self.sum += seconds;
        self.histogram.record(seconds);
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let [_, workload, requests, seed] = &arguments[..] else { panic!("floor mm8|three-tier N SEED") };
    let requests = requests.parse().expect("a number of requests");
    let random = Random::new(seed.parse().expect("a seed"));
    let latency = match workload.as_str() {
        "mm8" => mm8::run(requests, random),
        "three-tier" => three_tier::run(requests, random),
        _ => panic!("no workload {workload}"),
    };
    let mean = 1e3 * latency.sum / latency.requests as f64;
    let [p50, p95, p99] = [0.5, 0.95, 0.99].map(|share| 1e3 * latency.histogram.quantile(share));
    let requests = latency.requests;
    println!("requests={requests} mean_ms={mean:.6} p50_ms={p50:.6} p95_ms={p95:.6} p99_ms={p99:.6}");
}
