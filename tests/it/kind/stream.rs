//! Streams: time lines worked out by hand, what shards take and give, how functions work on records, and what it costs.

// By hand.
mod billing;
mod functions;
mod limits;
mod reads;
mod reshard;
mod said;

use simcap::outcome::{Outcome, StreamOutcome};

use crate::run::run;

/// A function without cold starts, and nothing else that takes time.
const FUNCTION: &str =
    "[lambda.update]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\ntimeout = \"900s\"\n";

/// Records that are put at equal intervals, the first after one of these, and without chance; puts take no time.
fn scenario(interval: &str, duration: &str, step: &str, stream: &str) -> String {
    let function = if stream.contains("workers") { FUNCTION } else { "" };
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\ninterarrival = \"{interval}\"\n\
         [client]\nround_trip = \"0s\"\nretries = 0\n[request.play]\nsteps = [{step}]\n\
         [stream.scores]\nwrite_time = \"0s\"\nhop = \"0s\"\n{stream}\n{function}"
    )
}

fn put(interval: &str, duration: &str, step: &str, stream: &str) -> Outcome {
    run(&scenario(interval, duration, step, stream), 1)
}

const STEP: &str = "{ put_record = \"scores\" }";

/// Records that a function works on, each for 10 ms, of one shard.
fn worked(interval: &str, duration: &str, more: &str) -> Outcome {
    put(interval, duration, STEP, &format!("shards = 1\nworkers = \"update\"\ntime = \"10ms\"\n{more}"))
}

/// What was put is done, lost or left.
fn is_conserved(it: &StreamOutcome) -> bool {
    it.records == it.worked + it.expired + it.discarded + it.left
}
