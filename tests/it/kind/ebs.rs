//! Volumes of instances: what they pass, which files they have, and what they cost.

// By hand.
mod billing;
mod files;
mod limits;
mod shown;

use simcap::outcome::Outcome;

use crate::run::run;

/// Requests at equal intervals to a fleet with threads for all, whose steps take no other time.
fn asked(rate: f64, duration: &str, fleet: &str, step: &str, ebs: &str) -> Outcome {
    run(&text(rate, duration, fleet, step, ebs), 1)
}

fn text(rate: f64, duration: &str, fleet: &str, step: &str, ebs: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\nregion = \"ap-northeast-2\"\n\
         [traffic.all]\nrate = \"{rate}/s\"\ninterarrival = \"{}us\"\n[client]\nround_trip = \"0s\"\ntimeout = \"10m\"\n\
         [request.page]\nvia = \"front\"\nsteps = [{step}]\n[balancer.front]\nhop = \"0s\"\ntargets = \"web\"\n\
         [fleet.web]\ninstance = \"m6i.large\"\nazs = 1\nthreads = 5000\n{fleet}\n[ebs.disk]\nfleet = \"web\"\n{ebs}\n",
        1e6 / rate
    )
}

/// Requests that failed by a cause.
fn failed(outcome: &Outcome, cause: &str) -> f64 {
    let causes = outcome.requests.failed_by_cause.iter().filter(|(known, _)| known.name() == cause);
    causes.map(|(_, count)| *count).sum()
}
