//! Names of Route 53: who is told what, for how long, and what of it is healthy.

mod addresses;
mod checks;
mod language;
mod lost;
mod policies;
mod ttl;

use simcap::outcome::Outcome;

use super::incidents;
use crate::run::run;

/// Two fleets, `a` and `b`, of four idle instances each, and a name that leads to both. Requests come at equal distances.
fn two(seconds: u32, rate: u32, dns: &str, further: &str, seed: u64) -> Outcome {
    let fleet = "instance = \"m5.large\"\ninstances = 4\n";
    let gap = 1e3 / f64::from(rate);
    run(
        &format!(
            "duration = \"{seconds}s\"\nbucket = \"1s\"\n[traffic.all]\nrequests = \"page\"\nrate = \"{rate}/s\"\n\
             interarrival = \"constant {gap}ms\"\n[client]\ntimeout = \"1s\"\n[request.page]\nvia = \"shop\"\n\
             steps = [{{ cpu = \"1ms\" }}]\n[fleet.a]\n{fleet}[fleet.b]\n{fleet}[dns.shop]\n{dns}\n{further}\n"
        ),
        seed,
    )
}

/// Requests in each row that went by the first record.
fn by_first(run: &Outcome) -> &[f64] {
    &run.timeline.domains[0].records[0].requests
}

/// Whether a count of draws is within four standard deviations of its mean.
fn is_near(found: f64, mean: f64, variance: f64) -> bool {
    (found - mean).abs() <= 4.0 * variance.sqrt()
}
