//! A rate over time as stages of a ramp, in whole numbers. In: knots. Out: a [`Ramp`], as k6 has it.
//!
//! k6 takes rates as whole numbers per unit of time. So the unit is the shortest of a second, a minute, an hour and a day in which rounding
//! changes next to nothing.

use crate::units::{Rate, Time};

/// Units of time of a rate, in seconds, with the words of k6.
const UNITS: [(u32, &str); 4] = [(1, "1s"), (60, "1m"), (3_600, "1h"), (86_400, "24h")];
/// How much rounding may change of the requests of a ramp: one in ten thousand.
const ROUNDED: f64 = 1e-4;

/// A straight way to a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// How long it takes; nothing for a step.
    pub duration: Time,
    /// The rate at its end, per unit of the ramp.
    pub target: u64,
}

/// A rate over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ramp {
    /// Unit of time of its rates, in seconds.
    pub unit_s: u32,
    /// The same as k6 writes it.
    pub unit: &'static str,
    /// The rate at the start.
    pub start: u64,
    /// How it goes on.
    pub stages: Vec<Stage>,
}

impl Ramp {
    /// The stages of a rate.
    pub fn of(knots: &[(Time, Rate)]) -> Ramp {
        let exact =
            |pair: &[(Time, Rate)]| (pair[0].1.0 + pair[1].1.0) / 2.0 * (pair[1].0 - pair[0].0).as_secs_f64();
        let expected: f64 = knots.windows(2).map(exact).sum();
        let ramps = UNITS.map(|(unit_s, unit)| rounded(knots, unit_s, unit));
        let is_near =
            |ramp: &&Ramp| (ramp.expected() - expected).abs() <= ROUNDED * expected && ramp.is_near(knots);
        let near = ramps.iter().find(is_near).cloned();
        let [_, _, _, finest] = ramps;
        near.unwrap_or(finest)
    }

    /// Requests of the whole ramp: the integral of its stages.
    pub fn expected(&self) -> f64 {
        let mut before = self.start as f64;
        let of = |stage: &Stage| {
            let after = stage.target as f64;
            let mean = (before + after) / 2.0;
            before = after;
            mean / f64::from(self.unit_s) * stage.duration.as_secs_f64()
        };
        self.stages.iter().map(of).sum()
    }

    /// The rate at the start if nothing ever changes.
    pub fn steady(&self) -> Option<(u64, Time)> {
        let same = self.stages.iter().all(|stage| stage.target == self.start);
        same.then(|| (self.start, self.stages.iter().fold(Time::ZERO, |sum, stage| sum + stage.duration)))
    }

    /// Whether each rate is nearly that of its knot: errors that cancel out are errors.
    fn is_near(&self, knots: &[(Time, Rate)]) -> bool {
        let most = knots.iter().map(|knot| knot.1.0).fold(0.0, f64::max);
        let half = 0.5 / f64::from(self.unit_s);
        let is_whole = |rate: f64| {
            let times = rate * f64::from(self.unit_s);
            (times - times.round()).abs() < 1e-9 * times.max(1.0)
        };
        half <= ROUNDED * most || knots.iter().all(|knot| is_whole(knot.1.0))
    }
}

fn rounded(knots: &[(Time, Rate)], unit_s: u32, unit: &'static str) -> Ramp {
    let whole = |rate: Rate| (rate.0 * f64::from(unit_s)).round() as u64;
    let mut legs: Vec<(u64, Stage)> = Vec::new();
    for pair in knots.windows(2) {
        let (from, target) = (whole(pair[0].1), whole(pair[1].1));
        let duration = pair[1].0 - pair[0].0;
        let is_level = from == target;
        match legs.last_mut() {
            // A level that goes on is one stage.
            Some((start, last)) if is_level && *start == target && last.target == target => {
                last.duration += duration;
            }
            _ if is_level && duration == Time::ZERO => {}
            _ => legs.push((from, Stage { duration, target })),
        }
    }
    let start = legs.first().map_or(0, |leg| leg.0);
    Ramp { unit_s, unit, start, stages: legs.into_iter().map(|leg| leg.1).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knots(of: &[(f64, f64)]) -> Vec<(Time, Rate)> {
        of.iter().map(|&(time, rate)| (Time::from_secs_f64(time), Rate(rate))).collect()
    }

    fn of(list: &[(f64, f64)]) -> Ramp {
        Ramp::of(&knots(list))
    }

    #[test]
    fn straight_lines_and_steps_are_stages() {
        let ramp =
            of(&[(0.0, 50.0), (300.0, 50.0), (330.0, 600.0), (630.0, 600.0), (630.0, 50.0), (900.0, 50.0)]);
        let secs = |duration: u64, target| Stage { duration: Time::from_secs(duration), target };
        assert_eq!((ramp.unit, ramp.start), ("1s", 50));
        assert_eq!(ramp.stages, [secs(300, 50), secs(30, 600), secs(300, 600), secs(0, 50), secs(270, 50)]);
        assert_eq!(ramp.expected(), 50.0 * 570.0 + 325.0 * 30.0 + 600.0 * 300.0);
        assert_eq!(ramp.steady(), None);
        let steady = of(&[(0.0, 20.0), (60.0, 20.0), (60.0, 20.0), (90.0, 20.0)]);
        assert_eq!(steady.steady(), Some((20, Time::from_secs(90))));
    }

    #[test]
    fn the_unit_is_as_long_as_rounding_needs() {
        assert_eq!(of(&[(0.0, 0.5), (60.0, 0.5)]).unit, "1m");
        assert_eq!(of(&[(0.0, 1.0 / 3.0), (60.0, 1.0 / 3.0)]).unit, "1m");
        assert_eq!(of(&[(0.0, 7.123_4), (60.0, 7.123_4)]).unit, "1h");
        assert_eq!(of(&[(0.0, 0.012_3), (3_600.0, 0.045_6)]).unit, "24h");
        // Nearly whole is not enough: 100.4/s for an hour would lose 1,440 requests.
        assert_eq!(of(&[(0.0, 100.4), (3_600.0, 100.4)]).unit, "1m");
    }

    #[test]
    fn rounding_loses_next_to_nothing() {
        for list in [
            vec![(0.0, 0.37), (100.0, 12.9), (100.0, 3.3), (1_000.0, 0.0)],
            vec![(0.0, 1_234.567), (3_600.0, 0.001)],
            vec![(0.0, 0.0), (0.0, 2.5), (7.25, 2.5), (7.25, 0.0), (60.0, 0.0)],
        ] {
            let exact: f64 = list.windows(2).map(|it| (it[0].1 + it[1].1) / 2.0 * (it[1].0 - it[0].0)).sum();
            let found = of(&list).expected();
            assert!((found - exact).abs() <= 2e-4 * exact, "{list:?}: {found} and {exact}");
        }
    }
}
