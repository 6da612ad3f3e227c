//! Metering what is billed: capacity units, storage I/O, bytes that cross a border.
//!
//! In: the counters at the end of a row. Out: the usage of the hour in which the row began.

use super::World;
use crate::scenario::request::{Step, Target};
use crate::usage::BalancerHour;

/// Mean size of a database result that crosses the network; an assumption, a few rows of a few columns.
const RESULT: u64 = 1024;

impl World<'_> {
    /// Books what the row used to the hour in which it began.
    pub(super) fn read_usage(&mut self, span: f64, counter: &mut usize) {
        let hour = (self.gauges.row_start / 3_600_000_000_000) as usize;
        let zones = self.scenario.fleets.iter().map(|fleet| fleet.zones).max().unwrap_or(1).max(1);
        // Instances are spread evenly over the zones; a node lies in one of them.
        let crossing = 1.0 - 1.0 / f64::from(zones);
        let mut balancer_bytes = vec![0.0; self.balancers.len()];
        let mut internet = 0.0;
        for (index, class) in self.scenario.classes.iter().enumerate() {
            let requests = &self.recorder.classes[index].requests;
            let now = (requests.arrived, requests.completed);
            let before = std::mem::replace(&mut self.gauges.class_counts[index], now);
            let (sent, answered) = ((now.0 - before.0) as f64, (now.1 - before.1) as f64);
            let bytes = sent * class.request_size.0 as f64 + answered * class.response_size.0 as f64;
            for &balancer in &self.gauges.paths[index] {
                balancer_bytes[balancer] += bytes;
            }
            // By a public balancer, or straight to an instance's own address.
            let public = match class.steps.first() {
                Some(Step::Call { target: Target::Balancer(id), .. }) => {
                    self.scenario.balancers[id.index()].internet_facing
                }
                Some(Step::Call { target: Target::Fleet(_), .. }) => true,
                _ => false,
            };
            if public {
                internet += answered * class.response_size.0 as f64;
            }
        }
        let mut crossed = 0.0;
        for (index, settings) in self.scenario.caches.iter().enumerate() {
            let hits = self.gauges.grown(counter, self.caches[index].counts.hits);
            crossed += hits as f64 * settings.item.0 as f64 * crossing;
        }
        for index in 0..self.databases.len() {
            let statements = self.databases[index].reads + self.databases[index].writes;
            crossed += self.gauges.grown(counter, statements) as f64 * RESULT as f64 * crossing;
            // Every commit writes its log once; storage reads are those that missed the buffer pool.
            let io = self.databases[index].commits + self.gauges.storage_reads[index];
            let io = self.gauges.grown(counter, io);
            *hour_of(&mut self.gauges.usage.database_io[index], hour) += io;
        }
        for (index, bytes) in balancer_bytes.into_iter().enumerate() {
            let requests = self.gauges.grown(counter, self.balancers[index].requests);
            let settings = &self.scenario.balancers[index];
            let connections = requests as f64 / settings.requests_per_connection;
            let hours = span / 3.6e12;
            let entry: &mut BalancerHour = hour_of(&mut self.gauges.usage.balancers[index], hour);
            // A connection is held until the idle timeout after its last request.
            let active = connections * 1e9 / span * settings.idle_timeout.as_secs_f64();
            entry.active_connections =
                (entry.active_connections * entry.hours + active * hours) / (entry.hours + hours).max(1e-12);
            entry.hours += hours;
            entry.new_connections += connections;
            entry.bytes += bytes;
        }
        // Exabytes fill the counter of an hour; it stays full.
        for (hours, bytes) in
            [(&mut self.gauges.usage.internet_out, internet), (&mut self.gauges.usage.cross_zone, crossed)]
        {
            let sum = hour_of(hours, hour);
            sum.0 = sum.0.saturating_add(bytes as u64);
        }
    }
}

/// Balancers on a path, each as often as it is passed.
pub(super) fn balancers_of(steps: &[Step], path: &mut Vec<usize>) {
    for step in steps {
        match step {
            Step::Call { target, steps } => {
                if let Target::Balancer(id) = target {
                    path.push(id.index());
                }
                balancers_of(steps, path);
            }
            Step::Lookup { miss, .. } => balancers_of(miss, path),
            _ => {}
        }
    }
}

fn hour_of<T: Default + Clone>(hours: &mut Vec<T>, hour: usize) -> &mut T {
    if hours.len() <= hour {
        hours.resize(hour + 1, T::default());
    }
    &mut hours[hour]
}
