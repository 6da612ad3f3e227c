//! File systems: what they pass, how long files take, what credits do, and what it costs.

// By hand.
mod billing;
mod limits;
mod shown;

use simcap::outcome::Outcome;

use crate::run::run;

/// Requests that do one thing at a file system, at equal intervals and without chance, from outside of all fleets.
fn asked(rate: &str, duration: &str, step: &str, efs: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{duration}\"\nbucket = \"1s\"\nregion = \"ap-northeast-2\"\n[traffic.all]\nrate = \"{rate}\"\ninterarrival = \"1s\"\n\
             [client]\nround_trip = \"0s\"\n[request.page]\nsteps = [{step}]\n[efs.uploads]\n{efs}\n"
        )
        .replace("interarrival = \"1s\"", &interarrival(rate)),
        1,
    )
}

/// Equal intervals at a rate.
fn interarrival(rate: &str) -> String {
    let per_second: f64 = rate.trim_end_matches("/s").parse().unwrap();
    format!("interarrival = \"{}us\"", 1e6 / per_second)
}
