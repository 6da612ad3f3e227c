//! The end of a fit: steps by runs that have nothing to do with those that it was found by. In: values that are nearly right. Out: [`Found`].
//!
//! A search among candidates finds the one for which chance was kind: where two candidates take other random numbers, their sums of squares
//! differ by chance more than by what they are. So the end is no search. Misses are those of many runs under seeds of their own, and one step
//! of Gauss and Newton goes where their mean says; a few times, until it is small beside what chance does.

use super::CalibrateError;
use super::jackknife;
use super::matrix::dot;
use super::place::{Found, Place, products};
use super::rows::{by_runs, without_trouble};
use crate::rng::seed_of_run;

/// Steps at most.
const ROUNDS: usize = 6;
/// Runs of a step for each of a candidate.
const MORE: usize = 4;
/// Part of its standard error by which every number moves less at the end.
const SETTLED: f64 = 0.3;
/// Standard errors of a step from which on slopes are looked at again.
const FAR: f64 = 1.0;

/// Takes the last steps from values that a search has found. What is `left` stays as it is, and is not known: how far off the others are hangs
/// on it, too.
pub(super) fn last_steps(
    at: &Place<'_>,
    left: &[usize],
    mut values: Vec<f64>,
) -> Result<Found, CalibrateError> {
    let all: Vec<usize> = at.moving.iter().chain(left).copied().collect();
    let (size, at) = (at.moving.len(), &Place { moving: &all, ..*at });
    let mut slopes: Option<Vec<Vec<f64>>> = None;
    let mut round = 0;
    loop {
        let seeds = fresh(at.bench.seeds, MORE, round);
        let (here, each) = at.bench.predict_each(&seeds, at.parameters, &values)?;
        let rows = by_runs(at.rows, &each);
        let misses = Place { rows: &rows, ..*at }.misses(&values, &here);
        let (rows, trouble) = without_trouble(&rows, &misses);
        let at = &Place { rows: &rows, ..*at };
        let now = at.misses(&values, &here);
        let known = match slopes.take() {
            Some(known) => known,
            None => super::slopes::both_ways(at, &values, &seeds[..at.bench.seeds.len()], &here)?,
        };
        let moving: Vec<Vec<f64>> = known.iter().map(|row| row[..size].to_vec()).collect();
        let (information, gradient) = products(&moving, &now, size);
        // What stays and cannot be told apart from the rest says nothing of how far that is off.
        let spread = jackknife::covariance(&known, &now, at.rows, all.len())
            .or_else(|| jackknife::covariance(&moving, &now, at.rows, size));
        let step = information.solve(&gradient).filter(|_| size > 0);
        let error = |place: usize| spread.as_ref().map_or(0.0, |it| it.matrix.at(place, place).sqrt());
        let moved = step.map_or_else(|| values.clone(), |step| at.moved(&values, &step));
        let far = (0..size)
            .map(|place| (moved[all[place]] - values[all[place]]).abs() / error(place).max(1e-300))
            .fold(0.0, f64::max);
        values = moved;
        if far <= SETTLED || round + 1 == ROUNDS {
            return Ok(Found {
                freedom: spread.as_ref().map_or(1, |it| it.freedom),
                covariance: spread.map(|it| it.matrix),
                information,
                misfit: dot(&now, &now) / now.len().max(1) as f64,
                values,
                trouble,
            });
        }
        slopes = Some(known).filter(|_| far < FAR);
        round += 1;
    }
}

/// Seeds that no other round and no candidate has.
fn fresh(seeds: &[u64], more: usize, round: usize) -> Vec<u64> {
    let runs = |seed: u64| (0..more).map(move |run| seed_of_run(seed, 1_000 + round * more + run));
    seeds.iter().flat_map(|seed| runs(*seed)).collect()
}
