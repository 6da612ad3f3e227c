//! Rules that hold for every run, tested on random scenarios without a reference value.
//!
//! Other modules hold: requests are conserved over shops with every resource, and no request is faster than its parts
//! (`properties`); threads and charts change nothing (`determinism`); a slower boot recovers later (`kind::fleet::boot`).

mod order;
mod queueing;
mod relations;

use proptest::prelude::*;

/// A fixed seed, so that the tests repeat themselves.
fn fixed(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(11),
        ..ProptestConfig::with_cases(cases)
    }
}

/// Laws of a service time with a mean of 50 ms.
fn laws() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "50ms",
        "erlang-4 50ms",
        "exponential 50ms",
        "lognormal 50ms cv 2",
        "hyperexponential 50ms cv 3",
        "uniform 10ms 90ms",
    ])
}

/// One station that every request visits; in the second half of the run the requests still inside can end.
fn station(rate: f64, seconds: u32, service: &str) -> String {
    format!(
        "duration = \"{}s\"\n[traffic.all]\nrate = [[\"{seconds}s\", \"{rate}/s\"], [\"{seconds}s\", \"0/s\"]]\n\
         [request.call]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\n{service}\n",
        2 * seconds
    )
}

/// A scenario of instances behind a balancer; each works on one request at a time, 50 ms each.
fn instances(count: u32, routing: &str, rate: f64, seconds: u32) -> String {
    format!(
        "duration = \"{seconds}s\"\nwarmup = \"20s\"\n[traffic.all]\nrate = \"{rate}/s\"\n[request.page]\n\
         via = \"public\"\nsteps = [{{ delay = \"exponential 50ms\" }}]\n[balancer.public]\ntargets = \"web\"\n\
         routing = \"{routing}\"\nhop = \"0s\"\n\
         health_check = {{ interval = \"300s\", timeout = \"120s\", cpu = \"1ns\" }}\n[fleet.web]\n\
         instance = \"m5.large\"\ninstances = {count}\nthreads = 1\nbacklog = 100000\n"
    )
}
