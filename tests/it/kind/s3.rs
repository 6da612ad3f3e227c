//! Buckets: what partitions take, how they split, how long requests take, and what they cost.

// By hand.
mod billing;
mod entrance;
mod limits;
mod replica;
mod split;
mod times;

use simcap::outcome::{Outcome, Resource};

use crate::run::run;

/// Requests that do one thing at a bucket, at equal intervals and without chance, from outside of all fleets.
fn asked(rate: &str, duration: &str, step: &str, bucket: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"{rate}\"\ninterarrival = \"1s\"\n\
             [client]\nround_trip = \"0s\"\n[request.page]\nsteps = [{step}]\n[s3.assets]\n{bucket}\n"
        ),
        1,
    )
}

/// Reads of the only bucket.
const READS: Resource = Resource::Reads { s3: 0 };
