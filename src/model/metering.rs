//! Metering what is billed: capacity units, storage I/O, bytes that cross a border.
//!
//! In: the counters at the end of a row. Out: the usage of the hour in which the row began. What passed is counted where
//! it passes: a request at each choice of a target, on every attempt; an answer where its tier sends it, unless the
//! caller has gone by then. Each has the size that its class has for clients; answers of errors have none.

use super::World;
use super::gauges::Answers;
use crate::scenario::request::language::{REQUEST_SIZE, RESPONSE_SIZE};
use crate::scenario::request::{Class, Step, Target};
use crate::usage::BalancerHour;

impl World<'_> {
    /// Whether the answers of a class go to the internet: from a public balancer, or from an instance's own address.
    fn is_public(&self, class: &Class) -> bool {
        match class.steps.first() {
            Some(Step::Call { target: Target::Balancer(id), .. }) => {
                self.scenario.balancers[id.index()].internet_facing
            }
            Some(Step::Call { target: Target::Fleet(_), .. }) => true,
            _ => false,
        }
    }

    /// Books what the row used to the hour in which it began.
    pub(super) fn read_usage(&mut self, span: f64) {
        let hour = (self.flow.readings.row_start / 3_600_000_000_000) as usize;
        let zones = self.scenario.fleets.iter().map(|fleet| fleet.zones()).max().unwrap_or(1).max(1);
        // Instances are spread evenly over the zones; a node lies in one of them.
        let crossing = 1.0 - 1.0 / f64::from(zones);
        let mut passed = vec![(0, 0.0); self.scenario.balancers.len()];
        for border in &mut self.gauges.borders {
            let count = border.mark.grown(self.flow.passed[border.at]);
            let class = border.class.map(|class| &self.scenario.classes[class]);
            let (requests, bytes) = &mut passed[border.balancer];
            match border.answer {
                false => {
                    let size = class.map_or(REQUEST_SIZE.value, |class| class.request_size);
                    *requests += count;
                    *bytes += count as f64 * size.0 as f64;
                }
                true => {
                    let size = class.map_or(RESPONSE_SIZE.value, |class| class.response_size);
                    *bytes += count as f64 * size.0 as f64;
                }
            }
        }
        let mut internet = 0.0;
        for (index, class) in self.scenario.classes.iter().enumerate() {
            let Answers { late, mark } = &mut self.gauges.answers[index];
            let answers = mark.grown(self.flow.recorder.classes[index].requests.completed + *late);
            if self.is_public(class) {
                internet += answers as f64 * class.response_size.0 as f64;
            }
        }
        let mut crossed = 0.0;
        self.parts.passed(&mut |bytes| crossed += bytes * crossing);
        for (hours, io) in self.gauges.usage.database_io.iter_mut().zip(self.parts.database.io()) {
            *hour_of(hours, hour) += io;
        }
        let usage = &mut self.gauges.usage;
        self.parts.billed(&mut |of, count| *hour_of(usage.counted.entry(of).or_default(), hour) += count);
        for (index, (requests, bytes)) in passed.into_iter().enumerate() {
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

fn hour_of<T: Default + Clone>(hours: &mut Vec<T>, hour: usize) -> &mut T {
    if hours.len() <= hour {
        hours.resize(hour + 1, T::default());
    }
    &mut hours[hour]
}
