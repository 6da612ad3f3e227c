//! The fullest of unequal members. In: how busy each shard, replica or instance was. Out: which one, and by how much
//! it is fuller than the mean of all.
//!
//! Members differ by chance too: of n requests each, the work that comes to them varies by √(2/n) of itself (Poisson
//! arrivals, exponential demands). Only what exceeds the mean by five such standard deviations is named.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::measure::load::{LoadSeries, rows_in_stretch};
use crate::measure::resource::Resource;

/// Share of its capacity from which a member has nothing left to give.
const FULL: f64 = 0.99;
/// Standard deviations that chance may explain.
const CHANCE: f64 = 5.0;

/// A member of a resource, or several that lie together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A shard of a cache, from 1.
    Shard(u32),
    /// A replica of a database, from 1.
    Replica(u32),
    /// An instance of a fleet, from 1, in the order of their launch in the first run.
    Instance(u32),
    /// All instances in an Availability Zone, from 0.
    Zone(u32),
}

impl Part {
    /// What all members of its kind are called.
    pub fn plural(self) -> &'static str {
        match self {
            Part::Shard(_) => "shards",
            Part::Replica(_) => "replicas",
            Part::Instance(_) | Part::Zone(_) => "instances",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Shard(number) => write!(f, "shard {number}"),
            Part::Replica(number) => write!(f, "replica {number}"),
            Part::Instance(number) => write!(f, "instance {number}"),
            Part::Zone(zone) => write!(f, "zone {}", char::from(b'a' + (zone % 26) as u8)),
        }
    }
}

/// A member over some rows.
#[derive(Clone, Copy)]
struct Seen {
    part: Part,
    busy: f64,
    capacity: f64,
}

impl Seen {
    fn share(&self) -> f64 {
        self.busy / self.capacity
    }
}

fn stretches(load: &LoadSeries, rows: &Range<usize>) -> Range<usize> {
    let each = rows_in_stretch(load.asked.len());
    rows.start / each..rows.end.div_ceil(each)
}

/// The fullest member over `rows`, and how many times the mean of all its share is; absent where chance explains it.
/// `factor` is what was asked for over what was served.
pub fn fullest(
    load: &LoadSeries,
    rows: Range<usize>,
    factor: f64,
    requests: f64,
) -> Option<(Part, f64)> {
    let seen = seen(load, &stretches(load, &rows));
    let total = seen.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.busy, sum.1 + it.capacity));
    let most = seen.iter().map(|it| it.capacity).fold(0.0, f64::max);
    // Who was there for a part of the time only, warming up or draining, says little.
    let there = || seen.iter().filter(move |it| it.capacity >= most / 2.0);
    let fullest = *there().max_by(|a, b| a.share().total_cmp(&b.share()).then(order(b).cmp(&order(a))))?;
    let mean = total.0 / total.1;
    let chance = CHANCE * (2.0 * seen.len() as f64 / requests.max(1.0)).sqrt();
    let exceeds = |share: f64, chance: f64| mean > 0.0 && share > mean * (1.0 + chance);
    if seen.len() < 2 || !exceeds(fullest.share(), chance) {
        return None;
    }
    let full = there().filter(|it| it.share() >= FULL).count();
    let lacking = (factor - 1.0) * total.0;
    let asked = match (full, load.of) {
        (0, _) => fullest.share() * factor,
        // A key belongs to one shard: what was not served, the full ones could not serve.
        (_, Resource::Cache { .. }) => (fullest.busy + lacking / full as f64) / fullest.capacity,
        // What one instance or replica could not serve, any of them might have.
        _ => fullest.share().max(mean * factor),
    };
    if asked <= mean * factor {
        return None;
    }
    let part = match zone_of(load, &seen, &fullest, chance) {
        Some(zone) => zone,
        None => fullest.part,
    };
    Some((part, asked / (mean * factor)))
}

fn order(seen: &Seen) -> u32 {
    match seen.part {
        Part::Shard(number) | Part::Replica(number) | Part::Instance(number) | Part::Zone(number) => number,
    }
}

/// The members over some stretches.
fn seen(load: &LoadSeries, stretches: &Range<usize>) -> Vec<Seen> {
    let of = |member: &crate::measure::load::Member| {
        let (busy, capacity) = member.over(stretches);
        let part = match load.of {
            Resource::Cache { .. } => Part::Shard(member.number),
            Resource::Database { .. } => Part::Replica(member.number),
            _ => Part::Instance(member.number),
        };
        Seen { part, busy, capacity }
    };
    load.members.iter().map(of).filter(|it| it.capacity > 0.0).collect()
}

/// The zone of an instance, if the others there are as full as it is and there are others.
fn zone_of(load: &LoadSeries, seen: &[Seen], fullest: &Seen, chance: f64) -> Option<Part> {
    let zone = |part: Part| {
        let member = load.members.iter().find(|member| Part::Instance(member.number) == part)?;
        member.zone
    };
    let at = zone(fullest.part)?;
    let (near, far): (Vec<&Seen>, Vec<&Seen>) = seen.iter().partition(|it| zone(it.part) == Some(at));
    let alike = near.iter().all(|it| it.share() >= fullest.share() * (1.0 - 2.0 * chance).max(0.5));
    let lower = far.iter().all(|it| it.share() < near.iter().map(|it| it.share()).fold(f64::MAX, f64::min));
    (near.len() > 1 && !far.is_empty() && alike && lower).then_some(Part::Zone(at))
}

/// Marks the rows in which a member was full all the time, over so many rows. One that was not there for all of them,
/// just launched or about to go, had no such time.
pub fn mark_full(load: &LoadSeries, window: usize, full: &mut [bool]) {
    let each = rows_in_stretch(full.len());
    let wide = window.div_ceil(each);
    for member in &load.members {
        let end = full.len().div_ceil(each);
        for first in 0..(end + 1).saturating_sub(wide) {
            let stretches = first..first + wide;
            let (busy, capacity) = member.over(&stretches);
            if member.is_there(&stretches) && busy >= FULL * capacity {
                let rows = (first * each).min(full.len())..((first + wide) * each).min(full.len());
                full[rows].fill(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::load::Member;

    /// Ten rows in which each member has 1 of capacity a row.
    fn load(of: Resource, busy: &[(f64, Option<u32>)]) -> LoadSeries {
        let mut load = LoadSeries::new(of);
        load.asked = vec![0.0; 10];
        for (number, (busy, zone)) in (1..).zip(busy) {
            let mut member = Member::new(number, *zone);
            (0..10).for_each(|row| member.add(row, *busy, 1.0));
            load.members.push(member);
        }
        load
    }

    #[test]
    fn the_full_one_of_three_shards_is_named_with_all_that_was_not_served() {
        let load = load(Resource::Cache { cache: 0 }, &[(0.2, None), (1.0, None), (0.3, None)]);
        // Of the mean, 0.5, the full shard has twice as much.
        assert_eq!(fullest(&load, 0..10, 1.0, 1e6), Some((Part::Shard(2), 2.0)));
        // 1.4 times as much was asked for as the 1.5 that was served: 0.6 more of the full one, so 1.6 of 0.7.
        let (part, factor) = fullest(&load, 0..10, 1.4, 1e6).unwrap();
        assert_eq!(part, Part::Shard(2));
        assert!((factor - 1.6 / 0.7).abs() < 1e-9, "{factor}");
        let mut full = vec![false; 10];
        mark_full(&load, 9, &mut full);
        assert_eq!(full, [true; 10]);
    }

    #[test]
    fn who_was_not_there_for_all_of_the_rows_was_not_full_in_them() {
        let mut late = load(Resource::Cpu { fleet: 0 }, &[(0.3, None), (0.3, None)]);
        let mut member = Member::new(3, None);
        (4..10).for_each(|row| member.add(row, 1.0, 1.0));
        late.members.push(member);
        let mut full = vec![false; 10];
        mark_full(&late, 9, &mut full);
        assert_eq!(full, [false; 10], "six rows are not nine");
        mark_full(&late, 6, &mut full);
        assert_eq!(full, [false, false, false, false, true, true, true, true, true, true]);
    }

    #[test]
    fn what_chance_explains_names_nobody() {
        let load = load(Resource::Cache { cache: 0 }, &[(0.50, None), (0.54, None), (0.51, None)]);
        // √(2 · 3 / 10,000) is 2.4 %, and 0.54 is 4.5 % above the mean.
        assert_eq!(fullest(&load, 0..10, 1.0, 10_000.0), None);
        assert!(fullest(&load, 0..10, 1.0, 1e7).is_some());
        let mut full = vec![false; 10];
        mark_full(&load, 9, &mut full);
        assert_eq!(full, [false; 10]);
    }

    #[test]
    fn a_zone_is_named_where_all_in_it_are_as_full() {
        let cpu = Resource::Cpu { fleet: 0 };
        let zones =
            load(cpu, &[(0.3, Some(0)), (0.9, Some(1)), (0.3, Some(0)), (0.9, Some(1)), (0.3, Some(0))]);
        let named = |load| fullest(load, 0..10, 1.0, 1e6).unwrap().0.to_string();
        assert_eq!(named(&zones), "zone b");
        let one = load(cpu, &[(0.3, Some(0)), (0.9, Some(1)), (0.3, Some(0)), (0.3, Some(1))]);
        assert_eq!(named(&one), "instance 2");
    }
}
