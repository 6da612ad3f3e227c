//! Gamma variates from normal and uniform ones. In: shape and scale. Out: values, with the same bits everywhere.
//!
//! Marsaglia and Tsang, A simple method for generating gamma variables, ACM TOMS 26 (2000): exact rejection.

use super::uniform;
use super::ziggurat::normal;
use crate::rng::Stream;

/// A gamma law prepared for sampling.
#[derive(Clone, Copy, Debug)]
pub struct Gamma {
    scale: f64,
    /// Shape − 1/3, for a shape of at least 1.
    d: f64,
    c: f64,
    /// 1 / shape, for a shape below 1: a variate of shape + 1 is multiplied by a power of a uniform one.
    boost: Option<f64>,
}

impl Gamma {
    /// The law of this shape and scale; its mean is their product.
    pub fn new(shape: f64, scale: f64) -> Self {
        let boost = (shape < 1.0).then(|| 1.0 / shape);
        let d = shape + f64::from(u8::from(boost.is_some())) - 1.0 / 3.0;
        Gamma { scale, d, c: 1.0 / (9.0 * d).sqrt(), boost }
    }

    /// Draws a value.
    pub fn draw(&self, rng: &mut Stream) -> f64 {
        let value = self.scale * self.standard(rng);
        match self.boost {
            // 1 − u lies in (0, 1].
            Some(power) => value * libm::pow(1.0 - uniform(rng), power),
            None => value,
        }
    }

    fn standard(&self, rng: &mut Stream) -> f64 {
        loop {
            let x = normal(rng);
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = 1.0 - uniform(rng);
            let square = x * x;
            if u < 1.0 - 0.0331 * square * square
                || libm::log(u) < 0.5 * square + self.d * (1.0 - v + libm::log(v))
            {
                return self.d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    /// The moments are known: E X = k, E X² = k (k + 1). E ln X is checked only through the second moment.
    #[test]
    fn first_and_second_moments_are_those_of_the_law() {
        const N: u32 = 400_000;
        for shape in [0.2, 0.9, 1.0, 2.5, 40.0] {
            let gamma = Gamma::new(shape, 1.0);
            let mut rng = stream(3, "gamma");
            let (mut sums, mut squares) = ([0.0; 2], [0.0; 2]);
            for _ in 0..N {
                let x = gamma.draw(&mut rng);
                for (power, value) in [x, x * x].into_iter().enumerate() {
                    sums[power] += value;
                    squares[power] += value * value;
                }
            }
            for (power, exact) in [shape, shape * (shape + 1.0)].into_iter().enumerate() {
                let mean = sums[power] / f64::from(N);
                let error = ((squares[power] / f64::from(N) - mean * mean) / f64::from(N)).sqrt();
                assert!(
                    (mean - exact).abs() < 4.5 * error,
                    "shape {shape}, power {power}: {mean}, not {exact}"
                );
            }
        }
    }
}
