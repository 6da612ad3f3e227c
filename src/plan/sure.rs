//! When a point surely meets the objectives, and when it surely does not. In: how far each run of it is from each limit. Out: a
//! [`Standing`].
//!
//! What is asked of a point is its **mean distance from each limit over all days**, of which the runs are a sample: above zero for
//! every objective, and it meets; below zero for one, and it does not. Distances of latencies are of factors (`distance`).
//!
//! A plan looks at many points, and at each of them again and again. So that all of it together is wrong with no more than the risk that
//! is left by the confidence:
//!
//! * The risk is shared out to **all points of the grid** alike, tried or not (Bonferroni): which of them are tried depends on chance.
//!   A point either meets or does not, so it can be wrong in one way only.
//! * The share of a point is spent **over its looks**: the k-th look has 1 / (k (k + 1)) of it, and the sum of these is 1.
//! * To meet, all objectives must pass (an intersection-union test: no correction). To fail, one is enough, so they share.
//!
//! That a point meets is decided by Student's t of its own runs, and there must be enough of them that a coin would not have met every
//! time. That it fails is decided with at least two runs, all of which missed; its spread is taken as no smaller than that of
//! all points together, whose runs then count as well (after Smyth 2004, who moderates t statistics so).

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::interval::{mean, variance};

/// Numbers of runs of a point at which it is looked at. One run decides nothing.
pub(super) const LOOKS: [usize; 14] = [1, 2, 3, 5, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192];
/// Runs of other points that count at most: no two points have quite the same spread.
const MOST_KNOWN: usize = 12;

/// What is known of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// More runs are needed.
    Open,
    /// It surely meets every objective.
    Meets,
    /// It surely misses one.
    Fails,
    /// All runs that it may have are made, and did not decide.
    Unsure,
}

/// The spread of distances of all points together: a variance, and how many runs it is from beyond the first of each point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pooled {
    sum: f64,
    freedom: usize,
}

impl Pooled {
    /// Adds the runs of a point.
    pub fn add(&mut self, values: &[f64]) {
        let variance = variance(values);
        if values.len() >= 2 && variance.is_finite() {
            self.sum += variance * (values.len() - 1) as f64;
            self.freedom += values.len() - 1;
        }
    }

    pub fn variance(&self) -> Option<f64> {
        (self.freedom > 0).then(|| self.sum / self.freedom as f64)
    }
}

/// The rule by which points are judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sure {
    /// The risk of each point.
    risk: f64,
    /// Fewest runs of a point that meets.
    pub fewest: usize,
}

impl Sure {
    pub fn new(confidence: f64, points: usize) -> Sure {
        let risk = 1.0 - confidence;
        Sure { risk: risk / points.max(1) as f64, fewest: libm::log2(1.0 / risk).ceil().max(2.0) as usize }
    }

    /// What the runs of a point say: of each objective the distance in each run. `met` says of each objective whether the runs, put
    /// together as everywhere, meet it; a verdict that says otherwise keeps the point open.
    pub fn judge(&self, distances: &[Vec<f64>], met: &[bool], pooled: &[Pooled]) -> Standing {
        let runs = distances.first().map_or(0, Vec::len);
        let Some(look) = LOOKS.iter().position(|it| *it == runs).filter(|it| *it > 0) else {
            return Standing::Open;
        };
        let risk = self.risk / (look * (look + 1)) as f64;
        let each = || distances.iter().zip(met).zip(pooled);
        if runs >= self.fewest && each().all(|((values, met), _)| *met && is_above(values, risk)) {
            return Standing::Meets;
        }
        let share = risk / distances.len() as f64;
        if each().any(|((values, met), pooled)| !met && is_below(values, share, pooled)) {
            return Standing::Fails;
        }
        Standing::Open
    }
}

/// Whether the mean is surely above zero.
fn is_above(values: &[f64], risk: f64) -> bool {
    let (mean, error) = (mean(values), (variance(values) / values.len() as f64).sqrt());
    mean > 0.0 && by_chance(mean / error, values.len() - 1) <= risk
}

/// Whether the mean is surely below zero.
fn is_below(values: &[f64], risk: f64, pooled: &Pooled) -> bool {
    // A run in which nothing happened that the objective is about has no distance, and has missed it.
    let known: Vec<f64> = values.iter().copied().filter(|it| !it.is_nan()).collect();
    if known.is_empty() {
        return true;
    }
    let mean = mean(&known);
    if mean >= 0.0 || values.len() == 2 && known.iter().any(|it| *it >= 0.0) || known.len() < 2 {
        return false;
    }
    let least = pooled.variance().unwrap_or(f64::INFINITY);
    let error = (variance(&known).max(least) / known.len() as f64).sqrt();
    by_chance(-mean / error, known.len() - 1 + pooled.freedom.min(MOST_KNOWN)) <= risk
}

/// How likely Student's t is to be so large.
fn by_chance(t: f64, freedom: usize) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom as f64) {
        Ok(student) if t.is_finite() => student.sf(t),
        // Nothing varies.
        _ if t == f64::INFINITY => 0.0,
        _ => 1.0,
    }
}

/// How far a run is from a limit: above zero where it is met. Factors where both are above zero, else parts of the limit.
pub(super) fn distance(value: f64, limit: f64, is_of_factors: bool, met: bool) -> f64 {
    /// Twenty times e: what is further away says no more.
    const MOST: f64 = 20.0;
    let apart = match is_of_factors && value > 0.0 && limit > 0.0 {
        true => libm::log(value / limit).abs(),
        false => (value - limit).abs() / limit.abs().max(1e-9),
    };
    // The limit itself is no distance, on whichever side it counts.
    let apart = if apart.is_nan() { MOST } else { apart.min(MOST) };
    if met { apart } else { -apart }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
    use rand_distr::{Distribution, Normal};

    use super::*;

    #[test]
    fn risks_of_all_looks_are_the_risk_of_the_point() {
        let spent: f64 = (1..LOOKS.len()).map(|look| 1.0 / (look * (look + 1)) as f64).sum();
        assert!(spent < 1.0 && spent > 0.9, "{spent}");
        assert_eq!((Sure::new(0.95, 1).fewest, Sure::new(0.99, 1).fewest), (5, 7));
    }

    /// Points at a hair from their limit, looked at up to the end: no more are wrong than the confidence lets be.
    #[test]
    fn who_is_nearly_at_the_limit_is_hardly_ever_judged_wrongly() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let (confidence, points) = (0.8, 1);
        let sure = Sure::new(confidence, points);
        let (mut accepted, mut rejected) = (0, 0);
        let trials = 1_000;
        for _ in 0..trials {
            let spread = random.random_range(0.02..0.5);
            for sign in [-1.0, 1.0] {
                let law = Normal::new(sign * 1e-6, spread).unwrap();
                let all: Vec<f64> = (0..64).map(|_| law.sample(&mut random)).collect();
                let stands = LOOKS.iter().filter(|it| **it <= 64).map(|runs| {
                    let values = all[..*runs].to_vec();
                    let mut pooled = Pooled::default();
                    pooled.add(&values);
                    let met = mean(&values) > 0.0;
                    sure.judge(&[values], &[met], &[pooled])
                });
                match stands.into_iter().find(|it| *it != Standing::Open) {
                    Some(Standing::Meets) if sign < 0.0 => accepted += 1,
                    Some(Standing::Fails) if sign > 0.0 => rejected += 1,
                    _ => {}
                }
            }
        }
        // 200 are allowed, with a spread of 12.6; the looks overlap, so there are fewer.
        assert!(
            accepted > 0 && rejected > 0,
            "{accepted} {rejected}: a test that cannot be wrong tells nothing"
        );
        assert!(accepted < 200 && rejected < 200, "{accepted} {rejected}");
    }

    #[test]
    fn what_is_far_is_decided_soon() {
        let sure = Sure::new(0.95, 100);
        let mut pooled = Pooled::default();
        pooled.add(&[0.0, 0.02, 0.04, 0.05, 0.03]);
        pooled.add(&[0.0, 0.02, 0.04, 0.05, 0.03]);
        let of = |values: &[f64]| sure.judge(&[values.to_vec()], &[values[0] > 0.0], &[pooled]);
        assert_eq!(of(&[-1.0]), Standing::Open, "one run decides nothing");
        assert_eq!(of(&[-1.0, -1.03]), Standing::Fails);
        assert_eq!(of(&[1.0, 1.03]), Standing::Open, "too few runs to promise anything");
        assert_eq!(of(&[1.0, 1.03, 1.01, 0.99, 1.02]), Standing::Meets);
        assert_eq!(of(&[0.04, -0.03, 0.02, -0.01, 0.02]), Standing::Open);
        // Nothing happened, and no run of it varies.
        assert_eq!(of(&[f64::NAN, f64::NAN]), Standing::Fails);
        assert_eq!(of(&[1.0; 5]), Standing::Meets);
    }

    #[test]
    fn distances_have_the_side_of_the_limit_and_grow_with_it() {
        assert!((distance(1_000.0, 500.0, true, false) + libm::log(2.0)).abs() < 1e-12);
        assert!((distance(250.0, 500.0, true, true) - libm::log(2.0)).abs() < 1e-12);
        assert!((distance(0.0, 0.01, false, true) - 1.0).abs() < 1e-12);
        assert!((distance(0.03, 0.01, false, false) + 2.0).abs() < 1e-12);
        assert_eq!(distance(f64::INFINITY, 60.0, true, false), -20.0);
    }
}
