//! The second step: numbers of the file are changed until runs do what was measured. In: parameters, and a recorded day. Out: [`Found`]: their
//! values with standard errors.
//!
//! Least squares after Levenberg and Marquardt (Marquardt 1963, SIAM Journal 11) over figures in periods, each in units of what chance does
//! to it. Every candidate is run under the same seeds (common random numbers), so that the difference of two of them is hardly by chance, and
//! finite differences are slopes. That is how the way is found; the end of it, and how far off it may be, is [`super::refine`].

use super::CalibrateError;
use super::bench::Bench;
use super::parameter::Parameter;
use super::place::{Found, Place, products, square};
use super::rows::{Row, bent_little};
use super::{jackknife, refine, slopes};

/// Most steps of a fit.
const STEPS: usize = 12;
/// Tries of a step, each more careful.
const TRIES: usize = 4;
/// Part by which a step has to be better, so that it is worth another one.
const BETTER: f64 = 2e-3;
/// Part of its standard error by which every parameter moves less at the end.
const SETTLED: f64 = 0.1;
/// Changes the parameters until nothing is gained; those that are not `free` stay, and of those that are `left` the true value is not known.
pub(super) fn fit(
    bench: &Bench<'_>,
    parameters: &[Parameter],
    start: &[f64],
    free: &[bool],
    left: &[usize],
    rows: &[Row],
) -> Result<Found, CalibrateError> {
    let moving: Vec<usize> = (0..parameters.len()).filter(|at| free[*at]).collect();
    let all = Place { bench, parameters, moving: &moving, rows };
    let mut values = start.to_vec();
    let first = bench.predict(parameters, std::slice::from_ref(&values))?.remove(0);
    let Some(mut here) = first else {
        return Err(CalibrateError::Nothing { why: "the first candidate makes no scenario".into() });
    };
    let (mut damping, mut steps) = (1e-3, 0);
    while steps < STEPS && !moving.is_empty() {
        let rows = bent_little(rows, &all.misses(&values, &here));
        let at = Place { rows: &rows, ..all };
        let now = at.misses(&values, &here);
        let slopes = slopes::ahead(&at, &values, &now)?;
        let (square_of, gradient) = products(&slopes, &now, moving.len());
        let mut taken = None;
        for _ in 0..TRIES {
            // A direction in which nothing changes is left where it is.
            let step = square_of.damped(damping).solve(&gradient);
            let Some(step) = step else {
                damping = (damping * 10.0).max(1e-2);
                continue;
            };
            let candidate = at.moved(&values, &step);
            let prediction = bench.predict(parameters, std::slice::from_ref(&candidate))?.remove(0);
            let found = prediction.map(|it| (square(&at.misses(&candidate, &it)), it));
            match found.filter(|it| it.0 < square(&now)) {
                Some((square, found)) => {
                    damping = (damping / 5.0).max(1e-6);
                    taken = Some((candidate, square, found));
                    break;
                }
                None => damping = (damping * 8.0).max(1e-2),
            }
        }
        let Some((candidate, after, found)) = taken else { break };
        steps += 1;
        let covariance = jackknife::covariance(&slopes, &now, &rows, moving.len());
        let error = |place: usize| covariance.as_ref().map_or(0.0, |it| it.matrix.at(place, place).sqrt());
        let is_settled = moving
            .iter()
            .enumerate()
            .all(|(place, at)| (candidate[*at] - values[*at]).abs() < SETTLED * error(place));
        let gained = 1.0 - after / square(&now).max(1e-300);
        (values, here) = (candidate, found);
        if is_settled || gained < BETTER {
            break;
        }
    }
    refine::last_steps(&all, left, values)
}
