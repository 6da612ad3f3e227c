//! The multiples that can be tried, and the first failing cell among those that were.
//!
//! Multiples are powers of one factor, so that different targets try the same points, and each is run once.
//! In: a precision. Out: points (whole numbers) and their multiples.

use std::collections::BTreeMap;

/// By point, whether the limit fails there.
pub(super) type Seen = BTreeMap<i32, bool>;

/// Powers of `1 + precision`, from 1 / `up_to` to `up_to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lattice {
    factor: f64,
    lowest: i32,
    highest: i32,
}

impl Lattice {
    pub fn new(precision: f64, up_to: f64) -> Lattice {
        let factor = 1.0 + precision;
        let highest = (libm::log(up_to) / libm::log(factor) + 1e-9) as i32;
        Lattice { factor, lowest: -highest, highest }
    }

    /// The same without multiples above `most`, which is 1 at least.
    pub fn at_most(self, most: f64) -> Lattice {
        let highest = match most.is_finite() {
            true => (libm::log(most.max(1.0)) / libm::log(self.factor) + 1e-9) as i32,
            false => i32::MAX,
        };
        Lattice { highest: self.highest.min(highest), ..self }
    }

    /// The largest multiple.
    pub fn highest(&self) -> i32 {
        self.highest
    }

    /// The multiple of a point; ×1 is point 0. Computed by repeated multiplication, so that the bits are the same on
    /// every platform.
    pub fn multiplier(&self, point: i32) -> f64 {
        let power = (0..point.unsigned_abs()).fold(1.0, |power, _| power * self.factor);
        if point < 0 { 1.0 / power } else { power }
    }

    /// The largest point whose multiple is not above this one.
    pub fn at_or_below(&self, multiple: f64) -> i32 {
        (libm::log(multiple) / libm::log(self.factor) + 1e-9).floor() as i32
    }

    /// The smallest multiple.
    pub fn lowest(&self) -> i32 {
        self.lowest
    }

    /// How many points are in a factor, rounded, at least one.
    pub fn points_in(&self, factor: f64) -> i32 {
        ((libm::log(factor) / libm::log(self.factor)).round() as i32).max(1)
    }

    /// Points on the way up: coarse steps from ×1; a pair around an estimate replaces the steps inside it.
    pub fn ladder(&self, step: f64, estimate: Option<[f64; 2]>) -> Vec<i32> {
        let step = self.points_in(step);
        let point = |multiple: f64| (libm::log(multiple.max(1.0)) / libm::log(self.factor)).round() as i32;
        let pair = estimate.map(|pair| pair.map(point)).filter(|pair| pair[1] > 0 && pair[1] < self.highest);
        let mut ladder = vec![0];
        while let Some(&last) = ladder.last().filter(|last| **last < self.highest) {
            let next = (last + step).min(self.highest);
            let closer = pair.into_iter().flatten().find(|point| (last + 1..=next).contains(point));
            // No coarse step is inside the pair.
            let within = pair.filter(|pair| (pair[0]..pair[1]).contains(&last)).map(|pair| pair[1]);
            ladder.push(closer.or(within).unwrap_or(next));
        }
        ladder
    }
}

/// The last point that holds before the first one that fails, among the tried points from `start` on; either is absent
/// if there is none.
pub(super) fn first_failing_cell(seen: &Seen, start: i32) -> (Option<i32>, Option<i32>) {
    let fails = seen.range(start..).find(|(_, fails)| **fails).map(|(point, _)| *point);
    let below = seen.range(start..).filter(|(point, _)| fails.is_none_or(|fails| **point < fails));
    (below.map(|(point, _)| *point).next_back(), fails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_a_precision_apart_and_end_at_the_largest() {
        let lattice = Lattice::new(0.02, 16.0);
        assert_eq!(lattice.multiplier(0), 1.0);
        assert!((lattice.multiplier(7) / lattice.multiplier(6) - 1.02).abs() < 1e-12);
        assert!((lattice.multiplier(-7) * lattice.multiplier(7) - 1.0).abs() < 1e-12);
        let highest = lattice.multiplier(-lattice.lowest());
        assert!(highest <= 16.0 && highest * 1.02 > 16.0, "{highest}");
        assert_eq!((lattice.points_in(1.02), lattice.points_in(1.001)), (1, 1));
    }

    #[test]
    fn no_multiple_lies_above_the_most_that_is_possible() {
        let lattice = Lattice::new(0.02, 16.0);
        let few = lattice.at_most(1.79);
        assert!(few.multiplier(few.highest()) <= 1.79 && few.multiplier(few.highest() + 1) > 1.79);
        assert_eq!(few.lowest(), lattice.lowest(), "less traffic is possible");
        assert_eq!(few.ladder(1.5, None).last(), Some(&few.highest()));
        assert_eq!(lattice.at_most(f64::INFINITY).highest(), lattice.highest());
        let none = lattice.at_most(1.0);
        assert_eq!((none.highest(), none.ladder(1.5, None)), (0, vec![0]));
    }

    #[test]
    fn the_ladder_is_coarse_but_around_the_estimate() {
        let lattice = Lattice::new(0.1, 16.0);
        // log 1.5 / log 1.1 is 4.25; of 16 it is 29.09.
        assert_eq!(lattice.ladder(1.5, None), [0, 4, 8, 12, 16, 20, 24, 28, 29]);
        let multiple = |point: i32| lattice.multiplier(point);
        assert_eq!(
            lattice.ladder(1.5, Some([multiple(6), multiple(13)])),
            [0, 4, 6, 13, 17, 21, 25, 29],
            "no coarse step lies between the two"
        );
        assert_eq!(lattice.ladder(1.5, Some([0.9, multiple(2)])), [0, 2, 6, 10, 14, 18, 22, 26, 29]);
        assert_eq!(lattice.ladder(1.5, Some([20.0, 25.0])), lattice.ladder(1.5, None), "out of reach");
    }

    /// Halves the first failing cell as the search does.
    fn found(fails: impl Fn(i32) -> bool, tried: &[i32]) -> Option<(i32, i32)> {
        let mut seen: Seen = tried.iter().map(|&point| (point, fails(point))).collect();
        loop {
            let (Some(low), Some(high)) = first_failing_cell(&seen, 0) else { return None };
            if high - low == 1 {
                return Some((low, high));
            }
            let middle = low + (high - low) / 2;
            seen.insert(middle, fails(middle));
        }
    }

    #[test]
    fn halving_ends_at_the_point_where_it_fails_for_the_first_time() {
        for point in 1..=40 {
            assert_eq!(found(|it| it >= point, &[0, 7, 40]), Some((point - 1, point)));
        }
        assert_eq!(found(|_| false, &[0, 7, 40]), None);
        assert_eq!(found(|_| true, &[0, 7, 40]), None, "nothing holds to begin with");
    }

    #[test]
    fn an_end_that_nobody_saw_is_absent() {
        let of = |points: &[(i32, bool)], start| first_failing_cell(&points.iter().copied().collect(), start);
        assert_eq!(of(&[(0, false), (5, false)], 0), (Some(5), None));
        assert_eq!(of(&[(-9, true), (0, true), (5, false), (7, true)], -9), (None, Some(-9)));
        assert_eq!(of(&[(-9, true), (-4, false), (0, true)], -4), (Some(-4), Some(0)));
    }

    #[test]
    fn of_several_failing_stretches_the_first_that_the_coarse_steps_meet_is_told() {
        // Fails from 10 to 19, holds from 20 to 29, fails from 30 on.
        let fails = |point: i32| (10..20).contains(&point) || point >= 30;
        assert_eq!(found(fails, &[0, 5, 15, 25, 35]), Some((9, 10)));
        assert_eq!(found(fails, &[0, 5, 25, 35]), Some((29, 30)), "what no step meets is not known");
    }
}
