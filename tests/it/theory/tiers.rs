//! Three tiers behind a balancer, and a crowd without queues under a rate that changes.

use super::confidence::replicate;

/// 20 instances of two cores, the one with the fewest outstanding requests takes the next; then a cache of one
/// server; one request in ten then uses a database of eight servers. The classes are the two paths.
///
/// Expected: an independent program, three runs of 2 × 10^8 requests; the standard error of its mean is 0.0005 ms,
/// those of its percentiles are rounded up from the last digit given.
#[test]
fn three_tiers_take_as_long_as_an_independent_program_says() {
    let text = "duration = \"200s\"\nwarmup = \"5s\"\n[traffic.all]\nrate = \"2000/s\"\n\
         requests = { hit = 9, miss = 1 }\n[request.hit]\nvia = \"public\"\n\
         steps = [{ cpu = \"exponential 12ms\" }, { service = \"cache\" }]\n[request.miss]\nvia = \"public\"\n\
         steps = [{ cpu = \"exponential 12ms\" }, { service = \"cache\" }, { service = \"database\" }]\n\
         [balancer.public]\ntargets = \"app\"\nrouting = \"least_outstanding_requests\"\nhop = \"0s\"\n\
         health_check = { interval = \"300s\", cpu = \"1ns\" }\n[fleet.app]\n\
         instance = { vcpus = 2, memory = \"8 GiB\" }\ninstances = 20\nthreads = \"unlimited\"\n\
         discipline = \"fifo\"\n[service.cache]\nservers = 1\ntime = \"exponential 150us\"\n\
         [service.database]\nservers = 8\ntime = \"exponential 8ms\"\n";
    let runs = replicate(text, 12);
    runs.expect_reference("mean", (13.032, 0.0005), 0.005, |run| run.latency_ms.mean);
    runs.expect_reference("p50", (9.283, 0.001), 0.005, |run| run.latency_ms.p50);
    runs.expect_reference("p95", (37.965, 0.005), 0.005, |run| run.latency_ms.p95);
    runs.expect_reference("p99", (57.52, 0.01), 0.01, |run| run.latency_ms.p99);
}

/// M(t)/G/∞: the number present is Poisson with mean ∫ λ(t - u) P(S > u) du. The rate is 40/s, rises to 400/s
/// in the ten seconds from 60 s, and stays. (Eick, Massey and Whitt 1993.)
#[test]
fn a_crowd_follows_a_changing_rate_as_its_stay_allows() {
    let text = "duration = \"90s\"\nbucket = \"5s\"\n[traffic.all]\nrate = [[\"60s\", \"40/s\"], [\"70s\", \"400/s\"]]\n\
         [request.visit]\nsteps = [{ delay = \"exponential 5s\" }]\n";
    let rate = |time: f64| 40.0 + 36.0 * (time - 60.0).clamp(0.0, 10.0);
    let runs = replicate(text, 60);
    for row in [8, 12, 13, 14, 17] {
        let end = 5.0 * f64::from(row + 1);
        let present = super::formula::integral(0.0, end, 5_000, |ago| rate(end - ago) * (-ago / 5.0).exp());
        runs.expect(&format!("present at {end} s"), present, 0.05, |run| {
            run.timeline.in_flight[row as usize]
        });
    }
}
