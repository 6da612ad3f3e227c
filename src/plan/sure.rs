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
//! time, and that what happens by chance, and rarely, has been seen (`rare`): half of the risk is for days that were not.
//! Where an objective leaves room for few failed requests, days without any say little: failures come in clumps, as those whom one full
//! queue turns away. The runs together must leave room for so many clumps that it is no chance that there was none.
//! That it fails is decided with at least two runs, by Student's t of its own runs; or, where it is far from its limit, with what is known
//! of the spread of all points together (after Smyth 2004, who moderates t statistics so). Points near a limit are noisier than
//! the others, so a point may have several times that spread.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::interval::{mean, variance};

/// Numbers of runs of a point at which it is looked at. One run decides nothing.
pub(super) const LOOKS: [usize; 14] = [1, 2, 3, 5, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192];
/// The part of the risk that is for rare days that no run has seen, where there are any.
const OF_RARE: f64 = 0.5;
/// Runs of other points that count at most: no two points have quite the same spread.
const MOST_KNOWN: usize = 12;
/// Requests that fail together: an assumption. In bursts at a full queue some dozen follow each other.
const CLUMP: f64 = 20.0;
/// How many times the spread of all points together a point may have.
const NOISIER: f64 = 4.0;

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
    /// Room for failed requests in all runs of a point that meets.
    room: f64,
    /// Fewest runs of a point that meets.
    pub fewest: usize,
}

impl Sure {
    /// `rare` is the share of days that are rare and have to be seen, if there are such days. All points have the same days, so that part
    /// of the risk is not shared out to them.
    pub fn new(confidence: f64, points: usize, rare: Option<f64>) -> Sure {
        let risk = (1.0 - confidence) * if rare.is_some() { 1.0 - OF_RARE } else { 1.0 };
        let of_rare = rare.map_or(0, |share| runs_to_see(share, confidence));
        let fewest = runs_with(0.5, risk).max(of_rare).max(2);
        // That none of so many clumps came is as likely as the risk, if as many come as may (Poisson).
        let room = -libm::log(1.0 - confidence) * CLUMP;
        Sure { risk: risk / points.max(1) as f64, room, fewest }
    }

    /// What the runs of a point say: of each objective the distance in each run, and how many more requests may fail in all. `met` says of each objective whether the runs, put
    /// together as everywhere, meet it; a verdict that says otherwise keeps the point open.
    pub fn judge(&self, distances: &[Vec<f64>], rooms: &[f64], met: &[bool], pooled: &[Pooled]) -> Standing {
        let runs = distances.first().map_or(0, Vec::len);
        // The last look may come before it would be due.
        let look = LOOKS.partition_point(|it| *it < runs);
        if look == 0 {
            return Standing::Open;
        }
        let risk = self.risk / (look * (look + 1)) as f64;
        let each = || distances.iter().zip(met).zip(pooled);
        let is_wide = rooms.iter().all(|room| *room >= self.room);
        if runs >= self.fewest && is_wide && each().all(|((values, met), _)| *met && is_above(values, risk)) {
            return Standing::Meets;
        }
        let share = risk / distances.len() as f64;
        if each().any(|((values, met), pooled)| !met && is_below(values, share, pooled)) {
            return Standing::Fails;
        }
        Standing::Open
    }
}

/// So many runs have a day that is so rare among them, but for the part of the risk that is for those.
pub(super) fn runs_to_see(share: f64, confidence: f64) -> usize {
    runs_with(share, (1.0 - confidence) * OF_RARE)
}

/// So many runs have such a day among them, but for a risk.
fn runs_with(share: f64, risk: f64) -> usize {
    (libm::log(risk) / libm::log1p(-share)).ceil() as usize
}

/// The share of days of which none may be among so many runs, but for a risk.
pub(super) fn unseen_of(runs: usize, risk: f64) -> f64 {
    1.0 - libm::pow(risk, 1.0 / runs.max(1) as f64)
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
    let (own, freedom) = (variance(&known), known.len() - 1);
    let is_by_chance = |variance: f64, freedom: usize| {
        by_chance(-mean / (variance / known.len() as f64).sqrt(), freedom) > risk / 2.0
    };
    let least = pooled.variance().map_or(f64::INFINITY, |it| it * NOISIER * NOISIER);
    let with_others = freedom + pooled.freedom.min(MOST_KNOWN);
    !is_by_chance(own, freedom) || !is_by_chance(own.max(least), with_others)
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
        assert_eq!((Sure::new(0.95, 1, None).fewest, Sure::new(0.99, 1, None).fewest), (5, 7));
        // One day in twelve: (11/12)^43 is less than half of 5 %, and (11/12)^42 is not.
        assert_eq!(Sure::new(0.95, 9, Some(1.0 / 12.0)).fewest, 43);
        assert!((unseen_of(5, 0.05) - 0.451).abs() < 1e-3);
    }

    /// Points at a hair from their limit, looked at up to the end: no more are wrong than the confidence lets be.
    #[test]
    fn who_is_nearly_at_the_limit_is_hardly_ever_judged_wrongly() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        let (confidence, points) = (0.8, 1);
        let sure = Sure::new(confidence, points, None);
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
                    sure.judge(&[values], &[f64::INFINITY], &[met], &[pooled])
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

    /// A point that is four times as noisy as all the others, and meets by a hair: the others do not make it fail.
    #[test]
    fn calm_points_say_little_of_a_noisy_one() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
        let draw = |random: &mut Xoshiro256PlusPlus, spread: f64, runs: usize| -> Vec<f64> {
            let law = Normal::new(1e-6, spread).unwrap();
            (0..runs).map(|_| law.sample(random)).collect()
        };
        let (sure, trials) = (Sure::new(0.9, 1, None), 2_000);
        let mut rejected = 0;
        for _ in 0..trials {
            let mut pooled = Pooled::default();
            (0..7).for_each(|_| pooled.add(&draw(&mut random, 0.05, 3)));
            let all = draw(&mut random, 0.2, 64);
            let fails = LOOKS.iter().filter(|it| **it <= 64).any(|runs| {
                let values = all[..*runs].to_vec();
                let met = mean(&values) > 0.0;
                sure.judge(&[values], &[f64::INFINITY], &[met], &[pooled]) == Standing::Fails
            });
            rejected += usize::from(fails);
        }
        // 200 may be; that it is some shows that the test can fail.
        assert!((1..=200).contains(&rejected), "{rejected} of {trials}");
    }

    #[test]
    fn what_is_far_is_decided_soon() {
        let sure = Sure::new(0.95, 100, None);
        let mut pooled = Pooled::default();
        pooled.add(&[0.0, 0.02, 0.04, 0.05, 0.03]);
        pooled.add(&[0.0, 0.02, 0.04, 0.05, 0.03]);
        let of =
            |values: &[f64]| sure.judge(&[values.to_vec()], &[f64::INFINITY], &[values[0] > 0.0], &[pooled]);
        assert_eq!(of(&[-1.0]), Standing::Open, "one run decides nothing");
        assert_eq!(of(&[-1.0, -1.03]), Standing::Fails);
        assert_eq!(of(&[-0.2, -0.21]), Standing::Open, "one of the noisy points may be so far off by chance");
        assert_eq!(of(&[1.0, 1.03]), Standing::Open, "too few runs to promise anything");
        assert_eq!(of(&[1.0, 1.03, 1.01, 0.99, 1.02]), Standing::Meets);
        assert_eq!(of(&[0.04, -0.03, 0.02, -0.01, 0.02]), Standing::Open);
        // Nothing happened, and no run of it varies.
        assert_eq!(of(&[f64::NAN, f64::NAN]), Standing::Fails);
        assert_eq!(of(&[1.0; 5]), Standing::Meets);
    }

    /// Five days without an error, of a limit that leaves room for one in a day or for twenty.
    #[test]
    fn days_without_failures_say_little_of_a_limit_that_hardly_leaves_any() {
        let sure = Sure::new(0.95, 1, None);
        let of = |room: f64| sure.judge(&[vec![1.0; 5]], &[5.0 * room], &[true], &[Pooled::default()]);
        assert_eq!((of(1.0), of(11.0), of(12.0)), (Standing::Open, Standing::Open, Standing::Meets));
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
