//! Auto scaling of provisioned capacity: what its alarms see, and what they want.
//!
//! In: what was consumed in each minute. Out: other units, as far as bounds and the quota on decreases allow.
//!
//! Two minutes in a row above the target add units, 15 in a row of 20 points below it take some away. (Amazon DynamoDB developer guide, "Managing
//! throughput capacity automatically with DynamoDB auto scaling"; AWS re:Post, "How does auto scaling work in DynamoDB?".)

use std::collections::VecDeque;

use super::deed::SORTS;
use super::language::scaling::{Bounds, Scaling};

/// Minutes in a row above the target that add units.
const HIGH: usize = 2;
/// Minutes in a row below it that take some away.
const LOW: usize = 15;
/// How far below the target that is.
const BELOW: f64 = 0.2;
/// A part of a unit that is forgiven: what rounding leaves.
const TOLERANCE: f64 = 1e-9;

const HOUR: u64 = 3_600_000_000_000;
/// Decreases in the first hour of a day.
const FIRST_DECREASES: usize = 4;

/// Auto scaling of one table.
#[derive(Debug)]
pub(super) struct Scaler {
    pub settings: Scaling,
    /// Units a second that were consumed in the minutes that alarms have seen, the last one at the end.
    minutes: VecDeque<[f64; SORTS]>,
    /// Minutes that they will see, and when.
    coming: VecDeque<(u64, [f64; SORTS])>,
    /// Halves of units consumed until the last minute ended.
    pub consumed: [u64; SORTS],
    /// Units of the update that is under way.
    pub update: Option<[Option<u32>; SORTS]>,
    quota: Decreases,
}

impl Scaler {
    pub fn new(settings: Scaling) -> Scaler {
        Scaler {
            settings,
            minutes: VecDeque::new(),
            coming: VecDeque::new(),
            consumed: [0; SORTS],
            update: None,
            quota: Decreases { starts: settings.starts.0, day: 0, done: Vec::new() },
        }
    }

    /// A minute has ended, in which so many units a second were consumed; returns when the alarms see it.
    pub fn minute(&mut self, units: [f64; SORTS], now: u64) -> u64 {
        let seen = now.saturating_add(self.settings.delay.0);
        self.coming.push_back((seen, units));
        self.coming[0].0
    }

    /// The alarms see what has come until now; returns when they will see more.
    pub fn see(&mut self, now: u64) -> Option<u64> {
        while let Some(&(_, units)) = self.coming.front().filter(|next| next.0 <= now) {
            self.coming.pop_front();
            self.minutes.push_back(units);
            if self.minutes.len() > LOW {
                self.minutes.pop_front();
            }
        }
        self.coming.front().map(|next| next.0)
    }

    /// The units that it wants in place of those that are provisioned, if it may change any.
    pub fn wants(&mut self, provisioned: [u32; SORTS], now: u64) -> Option<[Option<u32>; SORTS]> {
        if self.update.is_some() {
            return None;
        }
        let minutes = &self.minutes;
        let mut wanted = std::array::from_fn(|sort| {
            let of_sort = || minutes.iter().rev().map(move |units| units[sort]);
            self.settings.of[sort].and_then(|bounds| bounds.wants(provisioned[sort], of_sort))
        });
        let is_less = |sort: usize| wanted[sort].is_some_and(|units| units < provisioned[sort]);
        if (0..SORTS).any(is_less) && !self.quota.takes(now) {
            let less: [bool; SORTS] = std::array::from_fn(is_less);
            wanted.iter_mut().zip(less).filter(|(_, less)| *less).for_each(|(wanted, _)| *wanted = None);
        }
        (wanted != [None; SORTS]).then_some(wanted)
    }
}

impl Bounds {
    /// Other units than are provisioned, by what was consumed in the last minutes, the last one first.
    fn wants<I: Iterator<Item = f64>>(&self, provisioned: u32, minutes: impl Fn() -> I) -> Option<u32> {
        let had = f64::from(provisioned);
        let last = |count: usize, is: &dyn Fn(f64) -> bool| {
            minutes().take(count).filter(|units| is(*units)).count() == count
        };
        let latest = minutes().next()?;
        let units = ((latest / self.target - TOLERANCE).ceil().max(0.0) as u32).clamp(self.min, self.max);
        let high = last(HIGH, &|units| units > self.target * had + TOLERANCE);
        let low = last(LOW, &|units| units < (self.target - BELOW) * had - TOLERANCE);
        match (high, low) {
            (true, _) if units > provisioned => Some(units),
            (_, true) if units < provisioned => Some(units),
            _ => None,
        }
    }
}

/// How often provisioned capacity may be lowered: four times in the first hour in which it is on a day, by UTC, and then once an hour. (Amazon DynamoDB
/// developer guide, "Service, account, and table quotas".)
#[derive(Debug)]
struct Decreases {
    /// Time of the day at which the run starts.
    starts: u64,
    day: u64,
    /// Decreases of that day.
    done: Vec<u64>,
}

impl Decreases {
    /// Whether there may be one now; if so, it is done.
    fn takes(&mut self, now: u64) -> bool {
        let day = self.starts.saturating_add(now) / (24 * HOUR);
        if day != self.day {
            (self.day, self.done) = (day, Vec::new());
        }
        let may = match (self.done.first(), self.done.last()) {
            (Some(first), Some(last)) => {
                (self.done.len() < FIRST_DECREASES && now - first < HOUR) || now - last >= HOUR
            }
            _ => true,
        };
        if may {
            self.done.push(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = HOUR / 60;

    fn wants(provisioned: u32, minutes: &[f64]) -> Option<u32> {
        let bounds = Bounds { min: 50, max: 1_000, target: 0.7 };
        bounds.wants(provisioned, || minutes.iter().rev().copied())
    }

    /// 100 units and a target of 70 %: two minutes above 70 want 1/0.7 of the last one, 15 below 50 as well.
    #[test]
    fn alarms_see_two_minutes_above_and_fifteen_far_below() {
        assert_eq!(wants(100, &[71.0]), None, "one minute");
        assert_eq!(wants(100, &[71.0, 140.0]), Some(200));
        assert_eq!(wants(100, &[140.0, 70.0]), None, "not above");
        assert_eq!(wants(100, &[900.0, 900.0]), Some(1_000), "as far as max");
        assert_eq!(wants(100, &[49.0; 14]), None);
        assert_eq!(wants(100, &[49.0; 15]), Some(70));
        assert_eq!(wants(100, &[50.0; 15]), None, "not below");
        assert_eq!(wants(100, &[0.0; 15]), Some(50), "as far as min");
        assert_eq!(wants(50, &[0.0; 15]), None);
        assert_eq!(wants(1_000, &[999.0, 999.0]), None);
    }

    /// Four in the first hour, one in each of the other 23: 27 on a day that begins with them.
    #[test]
    fn there_are_27_decreases_on_a_day() {
        let mut quota = Decreases { starts: 0, day: 0, done: Vec::new() };
        let done: Vec<u64> = (0..48 * 60).filter(|minute| quota.takes(minute * MINUTE)).collect();
        let first_day = done.iter().filter(|minute| **minute < 24 * 60).count();
        assert_eq!(first_day, 27);
        assert_eq!(&done[..6], [0, 1, 2, 3, 63, 123]);
        assert_eq!(done[27], 24 * 60, "another day");
        // In Seoul the day of UTC begins at nine.
        let mut quota = Decreases { starts: 23 * HOUR, day: 0, done: Vec::new() };
        let done: Vec<u64> = (0..120).filter(|minute| quota.takes(minute * MINUTE)).collect();
        assert_eq!(done, [0, 1, 2, 3, 60, 61, 62, 63]);
    }
}
