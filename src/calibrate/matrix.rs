//! Small symmetric matrices: those of least squares with a few unknowns. In: sums of products. Out: solutions, inverses.
//!
//! Own code, because a library of linear algebra picks its instructions by the processor, and a fit is to have the same bits everywhere;
//! of a dozen unknowns speed is of no concern.

/// A symmetric matrix, all of its rows one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Symmetric {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    pub(super) fn zero(size: usize) -> Symmetric {
        Symmetric { size, cells: vec![0.0; size * size] }
    }

    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        self.cells[row * self.size + column] = value;
    }

    /// Adds `weight · v·vᵀ`.
    pub(super) fn add_square(&mut self, v: &[f64], weight: f64) {
        for (row, a) in v.iter().enumerate() {
            for (column, b) in v.iter().enumerate() {
                self.cells[row * self.size + column] += weight * a * b;
            }
        }
    }

    /// So many times as large.
    #[must_use]
    pub(super) fn times(&self, factor: f64) -> Symmetric {
        Symmetric { size: self.size, cells: self.cells.iter().map(|it| factor * it).collect() }
    }

    /// As a covariance: its diagonal, or that of another one where it is larger, with the correlations of this one.
    #[must_use]
    pub(super) fn larger(&self, other: &Symmetric) -> Symmetric {
        let by = |at: usize| (other.at(at, at) / self.at(at, at).max(1e-300)).max(1.0).sqrt();
        let mut larger = self.clone();
        for row in 0..self.size {
            for column in 0..self.size {
                larger.set(row, column, self.at(row, column) * by(row) * by(column));
            }
        }
        larger
    }

    /// With its diagonal so many times larger.
    #[must_use]
    pub(super) fn damped(&self, by: f64) -> Symmetric {
        let mut damped = self.clone();
        (0..self.size).for_each(|at| damped.set(at, at, self.at(at, at) * (1.0 + by)));
        damped
    }

    /// Its Cholesky factor; nothing where it is not clearly positive.
    fn factor(&self) -> Option<Vec<f64>> {
        let size = self.size;
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let sum: f64 = (0..column).map(|k| lower[row * size + k] * lower[column * size + k]).sum();
                let rest = self.at(row, column) - sum;
                lower[row * size + column] = if row == column {
                    // What is left of a diagonal by rounding alone is nothing.
                    if rest.is_nan() || rest <= 1e-12 * self.at(row, row) {
                        return None;
                    }
                    rest.sqrt()
                } else {
                    rest / lower[column * size + column]
                };
            }
        }
        Some(lower)
    }

    /// The solution of `self · x = b`; nothing where there is more than one.
    pub(super) fn solve(&self, b: &[f64]) -> Option<Vec<f64>> {
        let (size, lower) = (self.size, self.factor()?);
        let mut x = b.to_vec();
        for row in 0..size {
            let sum: f64 = (0..row).map(|k| lower[row * size + k] * x[k]).sum();
            x[row] = (x[row] - sum) / lower[row * size + row];
        }
        for row in (0..size).rev() {
            let sum: f64 = (row + 1..size).map(|k| lower[k * size + row] * x[k]).sum();
            x[row] = (x[row] - sum) / lower[row * size + row];
        }
        Some(x)
    }

    /// Its inverse, if it has one.
    pub(super) fn inverse(&self) -> Option<Symmetric> {
        let mut inverse = Symmetric::zero(self.size);
        for column in 0..self.size {
            let mut unit = vec![0.0; self.size];
            unit[column] = 1.0;
            let x = self.solve(&unit)?;
            x.iter().enumerate().for_each(|(row, value)| inverse.set(row, column, *value));
        }
        Some(inverse)
    }
}

/// Sum of products.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_inverted() {
        let mut matrix = Symmetric::zero(3);
        for v in [[1.0, 2.0, 0.5], [0.0, 1.0, -1.0], [3.0, 0.0, 1.0], [1.0, 1.0, 1.0]] {
            matrix.add_square(&v, 1.0);
        }
        let x = [1.0, -2.0, 0.25];
        let b: Vec<f64> = (0..3).map(|row| (0..3).map(|k| matrix.at(row, k) * x[k]).sum()).collect();
        for (found, expected) in matrix.solve(&b).unwrap().iter().zip(x) {
            assert!((found - expected).abs() < 1e-12);
        }
        let inverse = matrix.inverse().unwrap();
        for row in 0..3 {
            for column in 0..3 {
                let product: f64 = (0..3).map(|k| matrix.at(row, k) * inverse.at(k, column)).sum();
                assert!((product - f64::from(u8::from(row == column))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn what_has_many_solutions_has_none() {
        let mut matrix = Symmetric::zero(2);
        matrix.add_square(&[1.0, 2.0], 1.0);
        matrix.add_square(&[2.0, 4.0], 1.0);
        assert_eq!(matrix.solve(&[1.0, 2.0]), None);
    }
}
