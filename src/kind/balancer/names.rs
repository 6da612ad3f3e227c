//! Which nodes of a balancer its clients come to, where each sends to targets of its own zone only.
//!
//! In: zones that have a healthy target, or none. Out: the zone to which a request comes. The name of the balancer leaves a zone out some time after
//! it has no healthy target, and has it again as long after it has one; clients have looked the name up at random times, and keep what they
//! were told. So the part of them that comes to a zone falls and rises over the time to live. While all zones are in the name, requests come to
//! them in turn.

use super::language::Dns;
use crate::dist::uniform;
use crate::rng::{Stream, stream};

/// The zones of one balancer.
#[derive(Debug)]
pub(super) struct Names {
    dns: Dns,
    each: Vec<Entry>,
    /// The zone of the next request.
    turn: usize,
    stream: Stream,
}

/// A zone in the name.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Whether it has a healthy target now.
    is_good: bool,
    /// Whether it is in the name, from this instant on.
    listed: bool,
    since: u64,
}

impl Names {
    /// Without a target yet, no zone is in the name.
    pub fn new(dns: Dns, zones: usize, seed: u64, name: &str) -> Names {
        let each = vec![Entry { is_good: false, listed: false, since: 0 }; zones];
        Names { dns, each, turn: 0, stream: stream(seed, &format!("balancer.{name}/names")) }
    }

    /// A zone has a healthy target from now on, or none.
    pub fn judge(&mut self, zone: usize, is_good: bool, now: u64) {
        let (detect, entry) = (self.dns.detect.0, &mut self.each[zone]);
        if entry.is_good == is_good {
            return;
        }
        entry.is_good = is_good;
        // What is so at the start was so before. A check that is not over when it is otherwise again has found nothing.
        let (listed, since) = match (now, entry.since > now) {
            (0, _) => (is_good, 0),
            (_, true) => (is_good, 0),
            (_, false) => (is_good, now.saturating_add(detect)),
        };
        (entry.listed, entry.since) = (listed, since);
    }

    /// Whether a zone has no healthy target, and another one has.
    pub fn is_astray(&self, zone: usize) -> bool {
        !self.each[zone].is_good && self.each.iter().any(|it| it.is_good)
    }

    /// The part of the clients that know a zone, of those that would if all were in the name.
    fn known(&self, zone: usize, now: u64) -> f64 {
        let Entry { listed, since, .. } = self.each[zone];
        let later = match (since, now.checked_sub(since)) {
            // It was so before the start.
            (0, _) => 1.0,
            (_, None) => 0.0,
            (_, Some(age)) if age < self.dns.ttl.0 => age as f64 / self.dns.ttl.0 as f64,
            _ => 1.0,
        };
        if listed { later } else { 1.0 - later }
    }

    /// The zone to which a request comes; `may` says which answer at all. If no zone is left, it is any of them.
    pub fn next(&mut self, now: u64, may: impl Fn(usize) -> bool) -> usize {
        let zone = self.turn;
        self.turn = if zone + 1 < self.each.len() { zone + 1 } else { 0 };
        let known = |zone: usize| if may(zone) { self.known(zone, now) } else { 0.0 };
        let own = known(zone);
        if own >= 1.0 {
            return zone;
        }
        // Its other clients know the other zones, each as many as its own clients do.
        let others: Vec<(usize, f64)> =
            (0..self.each.len()).filter(|other| *other != zone).map(|it| (it, known(it))).collect();
        let rest: f64 = others.iter().map(|other| other.1).sum();
        if rest <= 0.0 || (own > 0.0 && uniform(&mut self.stream) < own) {
            return zone;
        }
        let mut left = uniform(&mut self.stream) * rest;
        let drawn = others.into_iter().find(|(_, part)| {
            left -= part;
            left < 0.0
        });
        drawn.map_or(zone, |it| it.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    /// Of ten thousand requests, the part that comes to each zone.
    fn parts(names: &mut Names, now: u64, may: impl Fn(usize) -> bool) -> Vec<f64> {
        let mut counts = vec![0.0; names.each.len()];
        (0..10_000).for_each(|_| counts[names.next(now, &may)] += 1e-4);
        counts
    }

    fn of_zones(count: usize) -> Names {
        let mut names = Names::new(Dns { detect: Time(30), ttl: Time(60) }, count, 1, "test");
        (0..count).for_each(|zone| names.judge(zone, true, 0));
        names
    }

    fn are(found: &[f64], expected: &[f64]) -> bool {
        found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.02)
    }

    /// One of three zones has no healthy target from 100 on: it gets a third until 130, a sixth at 160, nothing from 190 on. Healthy again at
    /// 300, it has half of its part at 360 and all of it at 390.
    #[test]
    fn clients_leave_a_zone_and_come_back_over_the_time_to_live() {
        let mut names = of_zones(3);
        let third = 1.0 / 3.0;
        assert!(are(&parts(&mut names, 99, |_| true), &[third; 3]));
        names.judge(1, false, 100);
        for (now, part) in [(100, third), (130, third), (160, third / 2.0), (190, 0.0), (299, 0.0)] {
            let (found, other) = (parts(&mut names, now, |_| true), (1.0 - part) / 2.0);
            assert!(are(&found, &[other, part, other]), "{now}: {found:?}");
        }
        names.judge(1, true, 300);
        for (now, part) in [(329, 0.0), (360, third / 2.0), (390, third)] {
            let (found, other) = (parts(&mut names, now, |_| true), (1.0 - part) / 2.0);
            assert!(are(&found, &[other, part, other]), "{now}: {found:?}");
        }
    }

    /// What is bad for a moment stays in the name, a zone that does not answer gets nothing at once, and without any good zone all get their part.
    #[test]
    fn a_zone_is_left_out_only_beside_a_good_one() {
        let mut names = of_zones(2);
        names.judge(0, false, 100);
        names.judge(0, true, 120);
        assert!(are(&parts(&mut names, 200, |_| true), &[0.5, 0.5]));
        assert!(are(&parts(&mut names, 200, |zone| zone == 1), &[0.0, 1.0]));
        names.judge(0, false, 300);
        names.judge(1, false, 300);
        assert!(are(&parts(&mut names, 900, |_| true), &[0.5, 0.5]));
    }
}
