//! Least squares without negative coefficients. In: columns and what they are to add up to. Out: [`Fitted`] coefficients with standard
//! errors.
//!
//! Coefficients that would be negative are zero (active set, after Lawson and Hanson 1974, Solving Least Squares Problems, chapter 23).
//! Standard errors are those of White in the form HC3 (MacKinnon and White 1985, Journal of Econometrics 29): the noise of a period may be
//! larger where more happens.

use super::matrix::{Symmetric, dot};

/// Rounds of the active set.
const ROUNDS: usize = 60;

/// What a regression has found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fitted {
    /// A coefficient for each column.
    pub(super) coefficients: Vec<f64>,
    /// Its standard error; of those that are zero because they would be negative, as if they were not bounded.
    pub(super) errors: Vec<f64>,
    /// Rows less coefficients.
    pub(super) freedom: usize,
    /// The part of the spread that is explained.
    pub(super) explained: f64,
    /// Standard deviation of what is left.
    pub(super) left: f64,
}

/// `rows[period][column]` times coefficients is to be `y[period]`; nothing where columns cannot be told apart.
pub(super) fn fit(rows: &[Vec<f64>], y: &[f64]) -> Option<Fitted> {
    let columns = rows.first()?.len();
    let freedom = rows.len().checked_sub(columns).filter(|it| *it > 0)?;
    let free = ordinary(rows, y, &vec![true; columns])?;
    let mut active = vec![true; columns];
    let mut found = free.0.clone();
    for _ in 0..ROUNDS {
        let negative = (0..columns).filter(|at| active[*at] && found[*at] < 0.0);
        match negative.min_by(|one, other| found[*one].total_cmp(&found[*other])) {
            Some(at) => active[at] = false,
            None => {
                // Whether what is left would like one of them back.
                let left: Vec<f64> = rows.iter().zip(y).map(|(row, y)| y - dot(row, &found)).collect();
                let slope = |at: usize| rows.iter().zip(&left).map(|(row, left)| row[at] * left).sum::<f64>();
                let size = |at: usize| rows.iter().map(|row| row[at] * row[at]).sum::<f64>();
                let wants = |at: &usize| !active[*at] && slope(*at) > 1e-9 * size(*at).max(1e-300);
                match (0..columns).find(wants) {
                    Some(at) => active[at] = true,
                    None => break,
                }
            }
        }
        found = ordinary(rows, y, &active)?.0;
    }
    let bounded = active.iter().any(|it| !it);
    let used = if bounded { ordinary(rows, y, &active)? } else { free.clone() };
    let errors = (0..columns).map(|at| if active[at] { used.1[at] } else { free.1[at] }).collect();
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let left: f64 = rows.iter().zip(y).map(|(row, y)| y - dot(row, &found)).map(|it| it * it).sum();
    let all: f64 = y.iter().map(|y| (y - mean) * (y - mean)).sum();
    Some(Fitted {
        coefficients: found.into_iter().map(|it| it.max(0.0)).collect(),
        errors,
        freedom,
        explained: if all > 0.0 { 1.0 - left / all } else { 0.0 },
        left: (left / freedom as f64).sqrt(),
    })
}

/// Coefficients and their standard errors with some columns left out, whose coefficients are zero.
fn ordinary(rows: &[Vec<f64>], y: &[f64], active: &[bool]) -> Option<(Vec<f64>, Vec<f64>)> {
    let kept: Vec<usize> = (0..active.len()).filter(|at| active[*at]).collect();
    // Columns of one length: sums of products are then of one size.
    let scale: Vec<f64> = kept
        .iter()
        .map(|at| rows.iter().map(|row| row[*at] * row[*at]).sum::<f64>().sqrt())
        .map(|length| if length > 0.0 { length } else { 1.0 })
        .collect();
    let short = |row: &Vec<f64>| -> Vec<f64> {
        kept.iter().zip(&scale).map(|(at, scale)| row[*at] / scale).collect()
    };
    let rows: Vec<Vec<f64>> = rows.iter().map(short).collect();
    let mut products = Symmetric::zero(kept.len());
    let mut right = vec![0.0; kept.len()];
    for (row, y) in rows.iter().zip(y) {
        products.add_square(row, 1.0);
        right.iter_mut().zip(row).for_each(|(sum, x)| *sum += x * y);
    }
    let found = products.solve(&right)?;
    let inverse = products.inverse()?;
    let mut middle = Symmetric::zero(kept.len());
    let times = |v: &[f64]| -> Vec<f64> {
        (0..kept.len()).map(|row| (0..kept.len()).map(|k| inverse.at(row, k) * v[k]).sum()).collect()
    };
    for (row, y) in rows.iter().zip(y) {
        let turned = times(row);
        let leverage = dot(row, &turned).min(1.0 - 1e-9);
        let left = (y - dot(row, &found)) / (1.0 - leverage);
        middle.add_square(&turned, left * left);
    }
    let (mut coefficients, mut errors) = (vec![0.0; active.len()], vec![0.0; active.len()]);
    for (place, at) in kept.iter().enumerate() {
        coefficients[*at] = found[place] / scale[place];
        errors[*at] = middle.at(place, place).sqrt() / scale[place];
    }
    Some((coefficients, errors))
}

/// By how many times the variance of the coefficient of a column is larger than if the others were not there (variance inflation), with
/// the column that it goes along with most.
pub(super) fn inflation(rows: &[Vec<f64>], at: usize, intercept: Option<usize>) -> Option<(f64, usize)> {
    let columns = rows.first()?.len();
    let count = rows.len() as f64;
    let mean = |at: usize| rows.iter().map(|row| row[at]).sum::<f64>() / count;
    let means: Vec<f64> = (0..columns).map(mean).collect();
    let off = |row: &Vec<f64>, at: usize| row[at] - means[at];
    let product =
        |one: usize, other: usize| rows.iter().map(|row| off(row, one) * off(row, other)).sum::<f64>();
    let others: Vec<usize> = (0..columns).filter(|it| *it != at && Some(*it) != intercept).collect();
    let own = product(at, at);
    let partner = others.iter().copied().max_by(|one, other| {
        let of = |it: usize| (product(at, it) * product(at, it)) / product(it, it).max(1e-300);
        of(*one).total_cmp(&of(*other))
    })?;
    let mut products = Symmetric::zero(others.len());
    for row in rows {
        products.add_square(&others.iter().map(|it| off(row, *it)).collect::<Vec<_>>(), 1.0);
    }
    let right: Vec<f64> = others.iter().map(|it| product(at, *it)).collect();
    let Some(found) = products.solve(&right) else { return Some((f64::INFINITY, partner)) };
    let left = own - dot(&found, &right);
    Some((if left > 1e-12 * own { own / left } else { f64::INFINITY }, partner))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise without chance: a sequence that is spread evenly.
    fn noise(at: usize) -> f64 {
        (at as f64 * 0.618_033_988_75).fract() - 0.5
    }

    fn rows(count: usize, other: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
        (0..count).map(|at| vec![10.0 + (at % 7) as f64, other(at), 1.0]).collect()
    }

    #[test]
    fn known_coefficients_are_found_within_their_errors() {
        let rows = rows(60, |at| 5.0 + (at % 11) as f64);
        let y: Vec<f64> =
            rows.iter().enumerate().map(|(at, row)| dot(row, &[2.0, 0.7, 3.0]) + noise(at)).collect();
        let found = fit(&rows, &y).unwrap();
        for (at, expected) in [2.0, 0.7, 3.0].into_iter().enumerate() {
            let off = (found.coefficients[at] - expected).abs();
            assert!(off < 3.0 * found.errors[at] && found.errors[at] < 0.7, "{found:?}");
        }
        assert!(found.explained > 0.98 && found.left < 0.35, "{found:?}");
        assert_eq!(found.freedom, 57);
    }

    #[test]
    fn no_coefficient_is_negative_and_the_others_are_as_if_it_were_not_there() {
        let rows = rows(40, |at| 5.0 + (at % 5) as f64);
        let y: Vec<f64> = rows.iter().map(|row| 2.0 * row[0] - 0.4 * row[1] + 9.0).collect();
        let found = fit(&rows, &y).unwrap();
        assert_eq!(found.coefficients[1], 0.0);
        let alone: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[0], row[2]]).collect();
        let alone = fit(&alone, &y).unwrap();
        assert!((found.coefficients[0] - alone.coefficients[0]).abs() < 1e-9);
    }

    #[test]
    fn what_moves_together_is_inflated() {
        let apart = rows(60, |at| 5.0 + (at % 11) as f64);
        let (times, partner) = inflation(&apart, 0, Some(2)).unwrap();
        assert!(times < 1.5 && partner == 1, "{times}");
        let together = rows(60, |at| 20.0 + 2.0 * (at % 7) as f64 + 0.01 * noise(at));
        assert!(inflation(&together, 0, Some(2)).unwrap().0 > 1_000.0);
        let same = rows(60, |at| 20.0 + 2.0 * (at % 7) as f64);
        assert_eq!(inflation(&same, 0, Some(2)).unwrap().0, f64::INFINITY);
        assert!(fit(&same, &vec![1.0; 60]).is_none());
    }
}
