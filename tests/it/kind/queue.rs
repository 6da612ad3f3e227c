//! Queues: time lines worked out by hand, what must hold for any, and what queueing theory says.

// By hand.
pub mod billing;
mod conservation;
mod cycle;
mod delivery;
mod fifo;
mod filling;
mod functions;
mod headroom;
mod hosts;
mod limits;
mod long_work;
mod lost;
mod pollers;
mod said;
mod steps;
mod trouble;
mod withheld;
mod words;
mod workers;

// Theory.
mod theory;

use simcap::outcome::{Outcome, QueueOutcome};

use crate::run::run;

/// The only instance of a fleet, without chance.
const WORKER: &str = "[fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n";

/// A message every ten seconds, the first at 10 s, for so long. Calls take no time, unless `queue` says so.
fn every_ten_seconds(duration: &str, queue: &str) -> Outcome {
    run(&sent("10s", duration, 1, queue), 1)
}

/// A scenario in which messages are sent at equal intervals.
fn sent(interval: &str, duration: &str, messages: u32, queue: &str) -> String {
    let latency = if queue.contains("latency") { "" } else { "latency = \"0s\"\n" };
    format!(
        "duration = \"{duration}\"\n[traffic.all]\ninterarrival = \"{interval}\"\n\
         [request.order]\nsteps = [{{ send = \"orders\", messages = {messages} }}]\n\
         {WORKER}[queue.orders]\n{latency}{queue}\n"
    )
}

/// A worker that waits for messages, and what it does with one.
fn waiting(work: &str) -> String {
    format!("workers = \"worker\"\nwait = \"20s\"\n{work}\n")
}

/// Messages that are there at the end, by where they are: delayed, visible, in flight.
pub fn left(queue: &QueueOutcome) -> (f64, f64, f64) {
    (queue.delayed, queue.visible, queue.in_flight)
}
