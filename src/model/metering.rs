//! Metering bytes that cross a border: to the internet, between zones, and between Regions.
//!
//! In: the counters at the end of a row. Out: the usage of the hour in which the row began. What else is billed is counted by
//! the kinds.

use std::collections::BTreeMap;

use super::World;
use super::gauges::{Answers, Gauges};
use super::program::{Between, Exit};
use crate::catalog::region::Region;
use crate::flow::mark::Mark;
use crate::id::Kind;
use crate::scenario::request::Class;
use crate::units::Time;
use crate::usage::{Usage, hour_of};

impl World<'_> {
    /// Whether the answers of a class go to the internet: from a public balancer, from an instance's own address, or from what answers
    /// before all tiers.
    fn is_public(&self, class: &Class) -> bool {
        let mut tiers = class.faces();
        tiers.any(|target| target.faces_the_internet(&self.scenario.kinds))
            || class.is_answered_before_tiers()
    }

    /// Books what the row used to the hour in which it began.
    pub(super) fn read_usage(&mut self) {
        let zones = self.scenario.fleets.iter().map(|fleet| fleet.zones()).max().unwrap_or(1).max(1);
        // Instances are spread evenly over the zones; a node lies in one of them.
        let crossing = 1.0 - 1.0 / f64::from(zones);
        let mut crossed = 0.0;
        self.parts.passed(&mut |bytes| crossed += bytes * crossing);
        let sum = hour_of(&mut self.gauges.usage.cross_zone, self.flow.readings.row_start);
        // Exabytes fill the counter of an hour; it stays full.
        sum.0 = sum.0.saturating_add(crossed as u64);
        self.read_answers();
        self.read_between();
    }

    /// Books answers to the Region from which they went to the internet.
    fn read_answers(&mut self) {
        self.gauges.left.resize_with(self.program.exits.len(), Mark::default);
        let exits = self.program.exits.iter().zip(&mut self.gauges.left);
        let left: Vec<(Exit, f64)> =
            exits.map(|(exit, mark)| (*exit, mark.grown(self.flow.passed[exit.at]) as f64)).collect();
        let mut out = BTreeMap::new();
        for (index, class) in self.scenario.classes.iter().enumerate() {
            let Answers { late, mark } = &mut self.gauges.answers[index];
            let answers = mark.grown(self.flow.recorder.classes[index].requests.completed + *late) as f64;
            if !self.is_public(class) {
                continue;
            }
            let own = || left.iter().filter(|(exit, _)| exit.class == index);
            let of_tiers: f64 = own().map(|(_, count)| count).sum();
            let before = self.scenario.answering(class);
            // Where all of them come from tiers that see the clients, an answer is one that came; else one that left.
            let is_plain = before.is_none() && own().all(|(exit, _)| !exit.is_hidden);
            let scale = if is_plain && of_tiers > 0.0 { answers / of_tiers } else { 1.0 };
            let size = class.response_size.0 as f64;
            for (exit, count) in own().filter(|(exit, _)| exit.is_public) {
                *out.entry(exit.region).or_insert(0.0) += size * scale * count;
            }
            if let Some(region) = before {
                // The others it sends itself, also those of tiers behind it.
                let seen: f64 = own().filter(|(exit, _)| exit.is_public).map(|(_, count)| count).sum();
                *out.entry(region).or_insert(0.0) += size * (answers - seen).max(0.0);
            }
        }
        out.into_iter().for_each(|(region, bytes)| self.book_out(region, bytes));
    }

    /// Bytes go to the internet.
    fn book_out(&mut self, from: Option<Region>, bytes: f64) {
        let hours = self.gauges.usage.internet_out.entry(from).or_default();
        let sum = hour_of(hours, self.flow.readings.row_start);
        sum.0 = sum.0.saturating_add(bytes as u64);
    }

    /// As long as no fault has struck, what was used so far is what stands by.
    pub(super) fn keep_usage(&mut self) {
        if self.flow.met.is_any || self.scenario.names(Kind::Fault).is_empty() {
            return;
        }
        let usage = Usage { duration: Time(self.flow.now), ..self.gauges.usage.clone() };
        self.gauges.before = Some(self.with_counts(usage));
    }

    /// Adds what kinds have counted.
    pub(super) fn with_counts(&mut self, mut usage: Usage) -> Usage {
        self.parts.used(&self.flow, &mut |of, used| {
            usage.counted.insert(of, used);
        });
        usage
    }

    /// Books what went from Region to Region, and what was sent to the internet.
    fn read_between(&mut self) {
        let Gauges { usage, crossed, .. } = &mut self.gauges;
        let mut book = |between, bytes: f64| {
            *hour_of(usage.between.entry(between).or_default(), self.flow.readings.row_start) += bytes;
        };
        let mut out = Vec::new();
        crossed.resize_with(self.program.crossings.len(), Mark::default);
        for (crossing, mark) in self.program.crossings.iter().zip(crossed) {
            let bytes = mark.grown(self.flow.passed[crossing.at]) as f64 * crossing.bytes as f64;
            match crossing.between {
                Between::Regions(from, to) => book((from, to), bytes),
                Between::Internet(from) => out.push((from, bytes)),
            }
        }
        for (between, bytes) in std::mem::take(&mut self.flow.between) {
            book(between, bytes as f64);
        }
        out.into_iter().for_each(|(from, bytes)| self.book_out(from, bytes));
    }
}
