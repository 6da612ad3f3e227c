//! Processor sharing on c cores: means do not depend on the law of the demand (Kelly 1979, symmetric queues).

use crate::theory::confidence::{replicate, sojourn};
use crate::theory::formula::Mmc;

const LAWS: [&str; 2] = ["50ms", "lognormal 50ms cv 2"];

#[test]
fn the_cpu_of_an_instance_is_shared() {
    for law in LAWS {
        let text = format!(
            "duration = \"10000s\"\nwarmup = \"200s\"\n[traffic.all]\nrate = \"28/s\"\n[request.page]\n\
             via = \"web\"\nsteps = [{{ cpu = \"{law}\" }}]\n[fleet.web]\n\
             instance = {{ vcpus = 2, memory = \"8 GiB\" }}\ninstances = 1\nthreads = \"unlimited\"\n"
        );
        let queue = Mmc { servers: 2, rate: 28.0, service: 0.05 };
        let runs = replicate(&text, 10);
        runs.expect(&format!("2 vCPU, {law}"), 1e3 * queue.sojourn(), 0.03, sojourn);
        runs.expect(&format!("2 vCPU, {law}: utilisation"), 0.7, 0.02, |run| run.fleets[0].cpu_mean);
    }
}

/// A vCPU of strength 2 halves every demand.
#[test]
fn a_fleet_without_sharing_is_mmc_at_its_strength() {
    let text = "duration = \"10000s\"\nwarmup = \"200s\"\n[traffic.all]\nrate = \"28/s\"\n[request.page]\n\
         via = \"web\"\nsteps = [{ cpu = \"exponential 100ms\" }]\n[fleet.web]\n\
         instance = { vcpus = 2, memory = \"8 GiB\", strength = 2 }\ninstances = 1\nthreads = \"unlimited\"\n\
         discipline = \"fifo\"\n";
    let queue = Mmc { servers: 2, rate: 28.0, service: 0.05 };
    let runs = replicate(text, 10);
    runs.expect("mean", 1e3 * queue.sojourn(), 0.03, sojourn);
    runs.expect_percentile("p95", 1e3 * queue.sojourn_quantile(0.95), 0.03, |run| run.latency_ms.p95);
}

/// M/G/1-PS: a job of size x takes x / (1 - ρ) on average, for any other jobs present.
#[test]
fn sharing_slows_small_and_large_jobs_down_alike() {
    let text = "duration = \"20000s\"\nwarmup = \"200s\"\n[traffic.all]\nrate = \"14/s\"\n\
         requests = { small = 5, large = 3 }\n[request.small]\nvia = \"web\"\nsteps = [{ cpu = \"20ms\" }]\n\
         [request.large]\nvia = \"web\"\nsteps = [{ cpu = \"100ms\" }]\n[fleet.web]\n\
         instance = { vcpus = 1, memory = \"8 GiB\" }\ninstances = 1\nthreads = \"unlimited\"\n";
    let runs = replicate(text, 10);
    let load = 14.0 * 0.05;
    for (class, size) in [(0, 20.0), (1, 100.0)] {
        runs.expect(&format!("{size} ms"), size / (1.0 - load), 0.03, |run| {
            run.classes[class].latency_ms.mean
        });
    }
}
