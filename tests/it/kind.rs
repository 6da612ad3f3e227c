//! What each kind of resource does, one module for each folder of `src/kind`.
//!
//! In a kind, first its language, then what is worked out by hand, then what theory says. What joins several kinds is in
//! `timelines`, `theory` and `invariants`.

mod alarm;
mod api;
mod balancer;
mod cache;
mod database;
mod distribution;
mod dns;
mod dynamodb;
mod ebs;
mod efs;
mod fault;
mod firewall;
mod fleet;
mod lambda;
mod nat;
mod queue;
mod resilience;
mod runbook;
mod s3;
mod scaling;
mod service;
mod stream;
mod topic;
mod waiting_room;

use simcap::outcome::Outcome;

/// Auto Scaling activities as (decided, finished, from, to).
fn activities(run: &Outcome) -> Vec<(f64, Option<f64>, u32, u32)> {
    run.scaling.iter().map(|activity| (activity.at_s, activity.done_s, activity.from, activity.to)).collect()
}

/// Auto Scaling activities as (decided, from, to).
fn decisions(run: &Outcome) -> Vec<(f64, u32, u32)> {
    run.scaling.iter().map(|activity| (activity.at_s, activity.from, activity.to)).collect()
}

/// Incidents as (instant, text).
fn incidents(run: &Outcome) -> Vec<(f64, &str)> {
    run.incidents.iter().map(|incident| (incident.at_s, incident.text.as_str())).collect()
}

/// A fleet without balancer whose instances serve 100 requests/s each: one vCPU, 10 ms per request. Requests beyond
/// that are reset, so that an overload leaves no backlog. Points are visible at the end of their minute.
fn hundred_a_second(rate: &str, seconds: u32, fleet: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"60s\"\n[traffic.all]\nrate = {rate}\n[request.page]\n\
         via = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\n\
         instance = {{ vcpus = 1, memory = \"8 GiB\" }}\nthreads = 20\nbacklog = 1\noverflow = \"reset\"\n{fleet}\n"
    )
}
