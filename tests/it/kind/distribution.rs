//! Distributions: copies near the clients, one fetch for many, and what happens when origins fail.

// By hand.
mod copies;
mod failures;
mod limits;
mod money;
mod places;

// What is said of a file.
mod language;

// Theory.
mod theory;

// Whatever happens.
mod conservation;

use simcap::outcome::{DistributionOutcome, Outcome};

use crate::run::run;

/// One request a second at 1 s, 2 s and so on, `count` of them, for `request` through a distribution with these settings; the origin takes
/// `work`. There is no network but where the settings say it.
fn every_second(count: u32, request: &str, settings: &str, work: &str) -> String {
    format!(
        "region = \"ap-northeast-2\"\nduration = \"{}s\"\nbucket = \"1s\"\n[traffic.all]\n\
         rate = [[\"0s\", \"1/s\"], [\"{count}500ms\", \"1/s\"], [\"{count}500ms\", \"0/s\"]]\ninterarrival = \"1s\"\n\
         [client]\nround_trip = \"0s\"\ntimeout = \"1h\"\nretries = 0\n{}",
        count + 60,
        shop(request, settings, work)
    )
}

/// A class of requests, the distribution that they enter, and its origin, a fleet without a balancer.
fn shop(request: &str, settings: &str, work: &str) -> String {
    format!(
        "[request.page]\nvia = \"cdn\"\npath = \"/page\"\n{request}\nsteps = [{work}]\n[distribution.cdn]\nedges = 1\n{settings}\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\nthreads = 10000\n"
    )
}

/// No network at all.
const NEAR: &str = "edge_time = \"0s\"\nregional_hop = \"0s\"\norigin_hop = \"0s\"\n";

/// The one distribution of a run.
fn cdn(run: &Outcome) -> &DistributionOutcome {
    let [only] = &run.kinds.distributions[..] else {
        panic!("{} distributions", run.kinds.distributions.len())
    };
    only
}

/// Its requests, hits, misses, and requests to the origin.
fn counts(run: &Outcome) -> [f64; 4] {
    let it = cdn(run);
    [it.requests, it.hits, it.misses, it.origin]
}
