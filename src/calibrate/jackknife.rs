//! How far off a fit may be by chance. In: slopes and misses. Out: [`Spread`]: the covariance of what was fitted.
//!
//! The jackknife, one step from the end without each part of the recording (Efron 1982, The Jackknife, the Bootstrap and Other Resampling
//! Plans, chapter 3). Figures of one period hang together, so a part is a whole period; and where a group scales, or a queue is worked off,
//! what one period has done lasts in the next ones, so parts are also stretches of periods (Kunsch 1989, Annals of Statistics 17). Of all
//! the largest variance counts.

use super::matrix::{Symmetric, dot};
use super::place::products;
use super::rows::Row;

/// Stretches that a recording is parted into at most. An assumption: enough to know a variance within a fifth, and long enough for what
/// lasts.
const STRETCHES: usize = 12;

/// How far off the numbers of a fit may be.
#[derive(Clone, Debug)]
pub(super) struct Spread {
    pub(super) matrix: Symmetric,
    /// Parts less numbers.
    pub(super) freedom: usize,
}

/// The covariance of what is fitted; nothing where numbers cannot be told apart, or where there are too few periods.
pub(super) fn covariance(slopes: &[Vec<f64>], now: &[f64], rows: &[Row], size: usize) -> Option<Spread> {
    let mut periods: Vec<usize> = rows.iter().map(|it| it.period).collect();
    periods.sort_unstable();
    periods.dedup();
    let freedom = periods.len().checked_sub(size).filter(|it| *it > 0)?;
    let place = |row: &Row| periods.binary_search(&row.period).unwrap_or(0);
    let single = over(slopes, now, &|row| place(&rows[row]), periods.len(), size)?;
    let single = single.larger(&by_slopes(slopes, now, size)?);
    let long = periods.len().div_ceil(STRETCHES);
    let parts = periods.len().div_ceil(long);
    if long < 2 || parts < size + 3 {
        return Some(Spread { matrix: single, freedom });
    }
    let stretches = over(slopes, now, &|row| place(&rows[row]) / long, parts, size)?;
    Some(Spread { matrix: single.larger(&stretches), freedom })
}

/// What slopes alone say, if all rows miss as much as they do together: the jackknife of few parts may be small by chance.
fn by_slopes(slopes: &[Vec<f64>], now: &[f64], size: usize) -> Option<Symmetric> {
    let inverse = products(slopes, now, size).0.inverse()?;
    let freedom = now.len().checked_sub(size).filter(|it| *it > 0)?;
    Some(inverse.times(dot(now, now) / freedom as f64))
}

/// Of parts of the recording; `part` says in which one a row is.
fn over(
    slopes: &[Vec<f64>],
    now: &[f64],
    part: &dyn Fn(usize) -> usize,
    parts: usize,
    size: usize,
) -> Option<Symmetric> {
    let (all, gradient) = products(slopes, now, size);
    all.inverse()?;
    let mut without = vec![(all, gradient); parts];
    for row in 0..slopes.len() {
        let (matrix, rest) = &mut without[part(row)];
        matrix.add_square(&slopes[row], -1.0);
        rest.iter_mut().zip(&slopes[row]).for_each(|(sum, slope)| *sum -= slope * now[row]);
    }
    let steps: Option<Vec<Vec<f64>>> = without.iter().map(|(matrix, rest)| matrix.solve(rest)).collect();
    let steps = steps?;
    let count = parts as f64;
    let mean: Vec<f64> = (0..size).map(|at| steps.iter().map(|it| it[at]).sum::<f64>() / count).collect();
    let mut covariance = Symmetric::zero(size);
    for step in &steps {
        let off: Vec<f64> = step.iter().zip(&mean).map(|(step, mean)| step - mean).collect();
        covariance.add_square(&off, (count - 1.0) / count);
    }
    Some(covariance)
}
