//! APIs of API Gateway: what they take, what they answer from their caches, how long they wait, and what they cost.

// By hand.
mod billing;
mod cache;
mod limits;
mod plans;
mod timeout;
// Against a reference.
mod buckets;

use simcap::outcome::Outcome;

use crate::run::run;

/// Requests that enter an API before a function at equal intervals and without chance; no time passes beside the steps.
fn asked(rate: &str, duration: &str, steps: &str, api: &str) -> Outcome {
    run(&text(rate, duration, steps, api), 1)
}

fn text(rate: &str, duration: &str, steps: &str, api: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\nrate = {rate}\ninterarrival = \"1s\"\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nvia = \"front\"\nsteps = [{steps}]\n\
         [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\nmemory = 1769\nscaling = {{ burst = 1000000 }}\n\
         [api.front]\nintegration = \"f\"\nlatency = \"0s\"\n{api}\n"
    )
}

/// How many requests failed by a cause.
fn failed(outcome: &Outcome, cause: &str) -> f64 {
    let causes = outcome.requests.failed_by_cause.iter().filter(|(known, _)| known.name() == cause);
    causes.map(|(_, count)| *count).sum()
}
