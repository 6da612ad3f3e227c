//! How inputs work together: elementary effects (Morris 1991). In: a number of inputs, of trajectories, and a seed. Out: [`trajectories`]
//! through the unit cube, and from the answers along them mu*, mu and sigma of each input.
//!
//! Each input goes from 0 (its low value) to 1 (its high value) on four levels. A trajectory begins at a random point and takes one step of
//! two thirds in each input, in a random order. A step's elementary effect is the change of the answer over the step, so it is the change
//! over the whole span. mu* is the mean of their sizes, mu their mean, sigma their standard deviation. Of a straight line without
//! interactions sigma is zero.

use rand::RngExt;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::bench::Bench;
use super::chosen::Chosen;
use crate::interval::{mean, variance};
use crate::outcome::estimate::Unit;
use crate::rng::{Stream, stream};
use crate::study::{Runner, RunnerError};

/// Levels of each input: four, as Morris proposes.
const LEVELS: u32 = 4;
/// A step, in levels: half of them.
const STEP: u32 = LEVELS / 2;
/// The same as a part of the way from the low to the high value.
const DELTA: f64 = STEP as f64 / (LEVELS - 1) as f64;

/// How inputs work together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Morris {
    /// Trajectories that were run.
    pub trajectories: u32,
    /// Levels of each input.
    pub levels: u32,
    /// For each figure, what each input does to it.
    pub figures: Vec<OfFigure>,
}

/// What inputs do to a figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OfFigure {
    /// The figure, in words.
    pub figure: String,
    /// What it is counted in.
    pub unit: Unit,
    /// Each input, the one with the largest mu* first.
    pub inputs: Vec<Elementary>,
}

/// The elementary effects of an input: each is the change of the figure over the whole span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Elementary {
    /// The path of the input.
    pub path: String,
    /// The mean of their sizes.
    pub mu_star: f64,
    /// Their mean: much smaller than `mu_star` where the figure goes up and down.
    pub mu: f64,
    /// Their standard deviation: large where the effect depends on other inputs, or is no straight line. Absent with fewer than two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma: Option<f64>,
    /// How many there are.
    pub effects: usize,
}

/// A way through the unit cube.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// Its points: one more than there are inputs.
    pub points: Vec<Vec<f64>>,
    /// Which input changes between a point and the next one.
    pub order: Vec<usize>,
}

/// So many ways through the cube of so many inputs. The same seed gives the same ways, and more of them begin with the same ones.
pub fn trajectories(inputs: usize, many: u32, seed: u64) -> Vec<Trajectory> {
    let mut stream = stream(seed, "sensitivity/morris");
    (0..many).map(|_| trajectory(inputs, &mut stream)).collect()
}

fn trajectory(inputs: usize, stream: &mut Stream) -> Trajectory {
    let mut levels: Vec<u32> = (0..inputs).map(|_| stream.random_range(0..LEVELS)).collect();
    let mut order: Vec<usize> = (0..inputs).collect();
    order.shuffle(stream);
    let place = |levels: &[u32]| levels.iter().map(|it| f64::from(*it) / f64::from(LEVELS - 1)).collect();
    let mut points: Vec<Vec<f64>> = vec![place(&levels)];
    for input in &order {
        let level = &mut levels[*input];
        // With half of the levels as a step there is one way that stays inside.
        *level = if *level < STEP { *level + STEP } else { *level - STEP };
        points.push(place(&levels));
    }
    Trajectory { points, order }
}

/// The elementary effects of each input, from the answer at each point of each trajectory; a step without an answer at an end has none.
pub fn elementary(inputs: usize, ways: &[Trajectory], answers: &[Vec<Option<f64>>]) -> Vec<Vec<f64>> {
    let mut effects = vec![Vec::new(); inputs];
    for (way, answers) in ways.iter().zip(answers) {
        for (step, input) in way.order.iter().enumerate() {
            let (Some(Some(from)), Some(Some(to))) = (answers.get(step), answers.get(step + 1)) else {
                continue;
            };
            let up = way.points[step + 1][*input] > way.points[step][*input];
            effects[*input].push(if up { to - from } else { from - to } / DELTA);
        }
    }
    effects
}

impl Elementary {
    /// Of an input with these effects; nothing without one.
    fn of(path: &str, effects: &[f64]) -> Option<Elementary> {
        let sizes: Vec<f64> = effects.iter().map(|it| it.abs()).collect();
        (!effects.is_empty()).then(|| Elementary {
            path: path.to_owned(),
            mu_star: mean(&sizes),
            mu: mean(effects),
            sigma: (effects.len() > 1).then(|| variance(effects).sqrt()),
            effects: effects.len(),
        })
    }
}

/// The ways through all inputs, and what is replaced at each of their points.
pub fn ways(bench: &Bench<'_>, chosen: &[Chosen], many: u32) -> (Vec<Trajectory>, Vec<Vec<String>>) {
    let seed = bench.seeds.first().copied().unwrap_or_default();
    let ways = trajectories(chosen.len(), many, seed);
    let change = |(of, place): (&Chosen, &f64)| of.input.times(1.0 + of.span * (2.0 * place - 1.0));
    let point = |point: &Vec<f64>| chosen.iter().zip(point).flat_map(change).collect::<Vec<String>>();
    let changes = ways.iter().flat_map(|it| &it.points).map(point).collect();
    (ways, changes)
}

/// Runs all trajectories.
pub fn run(
    bench: &Bench<'_>,
    chosen: &[Chosen],
    many: u32,
    shown: &[String],
    runner: &Runner<'_>,
) -> Result<Morris, RunnerError> {
    let (ways, changes) = ways(bench, chosen, many);
    let points = bench.run(&changes, runner)?;
    let of_figure = |figure: &String| {
        // The mean of the runs, as differences are taken run by run; none where a run has no value.
        let found = |it: &super::bench::Point| {
            let there = it.as_ref().ok()?.figures.iter().find(|it| it.name == *figure)?;
            let by_run: Vec<f64> = there.by_run.iter().copied().collect::<Option<_>>()?;
            Some((mean(&by_run), there.unit))
        };
        let unit = points.iter().find_map(found)?.1;
        let answers: Vec<Vec<Option<f64>>> = points
            .chunks(chosen.len() + 1)
            .map(|way| way.iter().map(|it| found(it).map(|it| it.0)).collect())
            .collect();
        let effects = elementary(chosen.len(), &ways, &answers);
        let each = chosen.iter().zip(&effects);
        let mut inputs: Vec<Elementary> =
            each.filter_map(|(of, effects)| Elementary::of(&of.input.path, effects)).collect();
        inputs.sort_by(|one, other| other.mu_star.total_cmp(&one.mu_star));
        Some(OfFigure { figure: figure.clone(), unit, inputs })
    };
    let figures = shown.iter().filter_map(of_figure).collect();
    Ok(Morris { trajectories: many, levels: LEVELS, figures })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elementary effects of a function.
    fn of(inputs: usize, many: u32, answer: impl Fn(&[f64]) -> f64) -> Vec<Elementary> {
        let ways = trajectories(inputs, many, 3);
        let answers: Vec<Vec<Option<f64>>> =
            ways.iter().map(|it| it.points.iter().map(|point| Some(answer(point))).collect()).collect();
        elementary(inputs, &ways, &answers).iter().map(|it| Elementary::of("x", it).unwrap()).collect()
    }

    #[test]
    fn a_way_changes_each_input_once_by_two_thirds_inside_of_the_cube() {
        for way in trajectories(7, 20, 1) {
            assert_eq!(way.points.len(), 8);
            let mut changed = Vec::new();
            for (two, input) in way.points.windows(2).zip(&way.order) {
                let differ: Vec<usize> = (0..7).filter(|at| two[0][*at] != two[1][*at]).collect();
                assert_eq!(differ, [*input]);
                assert!((two[0][*input] - two[1][*input]).abs() - DELTA < 1e-12);
                changed.push(*input);
            }
            changed.sort_unstable();
            assert_eq!(changed, [0, 1, 2, 3, 4, 5, 6]);
            assert!(way.points.iter().flatten().all(|it| (0.0..=1.0).contains(it)));
        }
    }

    #[test]
    fn ways_are_those_of_their_seed_and_more_of_them_begin_alike() {
        assert_eq!(trajectories(5, 9, 1), trajectories(5, 9, 1));
        assert_eq!(trajectories(5, 4, 1), trajectories(5, 9, 1)[..4]);
        assert_ne!(trajectories(5, 4, 1), trajectories(5, 4, 2));
    }

    /// Of 3 a - 2 b + 0 c: the slopes, and no spread.
    #[test]
    fn of_a_straight_line_mu_is_the_slope_and_sigma_zero() {
        let found = of(3, 10, |x| 3.0 * x[0] - 2.0 * x[1] + 7.0);
        let near = |value: f64, expected: f64| (value - expected).abs() < 1e-9;
        for (found, slope) in found.iter().zip([3.0, -2.0, 0.0f64]) {
            assert!(
                near(found.mu, slope) && near(found.mu_star, slope.abs()) && near(found.sigma.unwrap(), 0.0)
            );
        }
    }

    /// The effect of a on a b is b, which lies on four levels with equal chance: its mean is 1/2, its standard deviation the root of
    /// (1/9 + 4/9 + 1) / 4 - 1/4 = 5/36. Of (a - 1/2)², the effects of the two steps, 0 to 2/3 and 1/3 to 1, are -1/3 and 1/3: mu is 0, and mu* and
    /// sigma are 1/3.
    #[test]
    fn interactions_and_curves_have_the_spread_that_theory_has() {
        let many = 20_000;
        let found = of(2, many, |x| x[0] * x[1]);
        for input in &found {
            assert!((input.mu_star - 0.5).abs() < 0.01 && (input.mu - 0.5).abs() < 0.01, "{input:?}");
            assert!((input.sigma.unwrap() - (5.0f64 / 36.0).sqrt()).abs() < 0.01, "{input:?}");
        }
        let curve = &of(1, many, |x| (x[0] - 0.5) * (x[0] - 0.5))[0];
        assert!((curve.mu_star - 1.0 / 3.0).abs() < 1e-9 && curve.mu.abs() < 0.01, "{curve:?}");
        assert!((curve.sigma.unwrap() - 1.0 / 3.0).abs() < 0.01, "{curve:?}");
    }

    #[test]
    fn a_step_without_an_answer_has_no_effect() {
        let ways = trajectories(2, 1, 1);
        let effects = elementary(2, &ways, &[vec![Some(1.0), None, Some(2.0)]]);
        assert!(effects.iter().all(Vec::is_empty));
        assert_eq!(Elementary::of("x", &effects[0]), None);
        let one = Elementary::of("x", &[-2.0]).unwrap();
        assert_eq!((one.mu, one.mu_star, one.sigma, one.effects), (-2.0, 2.0, None, 1));
    }
}
