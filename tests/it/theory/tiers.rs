//! Three tiers behind a balancer.

use super::confidence::replicate;

/// 20 instances of two cores, the one with the fewest outstanding requests takes the next; then a cache with one
/// server; one request in ten then uses a database with eight servers. The classes are the two paths.
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
