//! Metering bytes that cross a border: to the internet, between zones, and between Regions.
//!
//! In: the counters at the end of a row. Out: the usage of the hour in which the row began. What else is billed is counted by
//! the kinds.

use super::World;
use super::gauges::{Answers, Gauges};
use crate::flow::mark::Mark;
use crate::scenario::request::{Class, Target};
use crate::usage::hour_of;

impl World<'_> {
    /// Whether the answers of a class go to the internet: from a public balancer, from an instance's own address, or from what answers
    /// before all tiers.
    fn is_public(&self, class: &Class) -> bool {
        let mut tiers = class.faces().map(|target| match target {
            Target::Balancer(id) => self.scenario.balancers[id.index()].internet_facing,
            Target::Fleet(_) => true,
        });
        tiers.any(|is_public| is_public) || class.is_answered_before_tiers()
    }

    /// Books what the row used to the hour in which it began.
    pub(super) fn read_usage(&mut self) {
        let zones = self.scenario.fleets.iter().map(|fleet| fleet.zones()).max().unwrap_or(1).max(1);
        // Instances are spread evenly over the zones; a node lies in one of them.
        let crossing = 1.0 - 1.0 / f64::from(zones);
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
        // Exabytes fill the counter of an hour; it stays full.
        for (hours, bytes) in
            [(&mut self.gauges.usage.internet_out, internet), (&mut self.gauges.usage.cross_zone, crossed)]
        {
            let sum = hour_of(hours, self.flow.readings.row_start);
            sum.0 = sum.0.saturating_add(bytes as u64);
        }
        self.read_between();
    }

    /// Books what went from Region to Region.
    fn read_between(&mut self) {
        let Gauges { usage, crossed, .. } = &mut self.gauges;
        let mut book = |between, bytes: f64| {
            *hour_of(usage.between.entry(between).or_default(), self.flow.readings.row_start) += bytes;
        };
        crossed.resize_with(self.program.crossings.len(), Mark::default);
        for (crossing, mark) in self.program.crossings.iter().zip(crossed) {
            book(crossing.between, mark.grown(self.flow.passed[crossing.at]) as f64 * crossing.bytes as f64);
        }
        for (between, bytes) in std::mem::take(&mut self.flow.between) {
            book(between, bytes as f64);
        }
    }
}
