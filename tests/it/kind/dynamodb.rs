//! DynamoDB tables: what they and their partitions take, how capacity grows and scales, how requests are tried again, DAX, copies, and what they cost.

// By hand.
mod billing;
mod dax;
mod growth;
mod hot;
mod limits;
mod replica;
mod retries;
mod said;
mod scaling;
mod times;

use simcap::outcome::{Outcome, Resource};

use crate::run::run;

/// Requests that do one thing at a table, at equal intervals and without chance, from outside of all fleets. What is throttled is not tried again, and nothing
/// takes time.
fn asked(rate: &str, duration: &str, step: &str, table: &str) -> Outcome {
    run(&text(&format!("rate = {rate}"), duration, step, &format!("retries = 0\n{table}")), 1)
}

/// The same as a file, with the traffic as it is written; without the time of the table and of the way there.
fn text(rate: &str, duration: &str, step: &str, table: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\n{rate}\ninterarrival = \"1s\"\n\
         [client]\nround_trip = \"0s\"\ntimeout = \"60s\"\nretries = 0\n[request.page]\nsteps = [{step}]\n\
         [dynamodb.baskets]\nread_time = \"0s\"\nwrite_time = \"0s\"\nhop = \"0s\"\n{table}\n"
    )
}

/// Units of the only table.
const READS: Resource = Resource::ReadUnits { dynamodb: 0 };
const WRITES: Resource = Resource::WriteUnits { dynamodb: 0 };

/// The multiple of the traffic at which a resource is full.
fn full_at(outcome: &Outcome, of: Resource) -> f64 {
    outcome.headroom.iter().find(|it| it.of == of).unwrap().limit().unwrap()
}
