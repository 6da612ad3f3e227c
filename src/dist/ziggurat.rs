//! Exponential and normal variates by the ziggurat method. In: random bits. Out: values, with the same bits everywhere.
//!
//! J. A. Doornik, An improved ziggurat method to generate normal random samples (2005), the variant ZIGNOR with 256
//! layers. Nearly every draw is one multiplication; the logarithms of the rare ones come from a fixed libm, because
//! that of the platform varies: glibc alone has two, for processors with and without fused multiplication.

mod tables;

use rand::Rng;

use super::{exp, uniform};
use crate::rng::Stream;
use tables::{EXPONENTIAL_F, EXPONENTIAL_X, NORMAL_F, NORMAL_X};

type Table = [f64; 257];

/// Right end of the widest layer; beyond it lies the tail.
const EXPONENTIAL_TAIL: f64 = EXPONENTIAL_X[1];
const NORMAL_TAIL: f64 = NORMAL_X[1];

/// The upper 52 bits as a number between 0 and 1, both excluded.
#[inline(always)]
fn between(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | (1023 << 52)) - (1.0 - f64::EPSILON / 2.0)
}

/// The upper 52 bits as a number between -1 and 1, both excluded.
#[inline(always)]
fn around(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | (1024 << 52)) - 3.0
}

/// Exponential of mean 1.
#[inline]
pub fn exponential(rng: &mut Stream) -> f64 {
    loop {
        let bits = rng.next_u64();
        let layer = (bits & 0xff) as usize;
        let x = between(bits) * EXPONENTIAL_X[layer];
        if x < EXPONENTIAL_X[layer + 1] {
            return x;
        }
        if let Some(x) = exponential_at_an_edge(rng, layer, x) {
            return x;
        }
    }
}

#[inline(never)]
fn exponential_at_an_edge(rng: &mut Stream, layer: usize, x: f64) -> Option<f64> {
    if layer == 0 {
        return Some(EXPONENTIAL_TAIL - log_of_uniform(rng));
    }
    is_under(rng, &EXPONENTIAL_F, layer, exp::exp(-x)).then_some(x)
}

/// Normal of mean 0 and variance 1.
#[inline]
pub fn normal(rng: &mut Stream) -> f64 {
    loop {
        let bits = rng.next_u64();
        let layer = (bits & 0xff) as usize;
        let u = around(bits);
        let x = u * NORMAL_X[layer];
        if x.abs() < NORMAL_X[layer + 1] {
            return x;
        }
        if let Some(x) = normal_at_an_edge(rng, layer, u, x) {
            return x;
        }
    }
}

#[inline(never)]
fn normal_at_an_edge(rng: &mut Stream, layer: usize, u: f64, x: f64) -> Option<f64> {
    if layer > 0 {
        return is_under(rng, &NORMAL_F, layer, exp::exp(-x * x / 2.0)).then_some(x);
    }
    // The tail of Marsaglia (1964): an exponential draw, accepted by rejection.
    loop {
        let beyond = -libm::log(between(rng.next_u64())) / NORMAL_TAIL;
        let bound = -libm::log(between(rng.next_u64()));
        if 2.0 * bound >= beyond * beyond {
            return Some((NORMAL_TAIL + beyond).copysign(u));
        }
    }
}

/// Whether a point of a layer, at a random height, is under the density.
#[inline]
fn is_under(rng: &mut Stream, densities: &Table, layer: usize, density: f64) -> bool {
    densities[layer + 1] + (densities[layer] - densities[layer + 1]) * uniform(rng) < density
}

/// The logarithm of a uniform variate; for zero, that of half the smallest positive one.
fn log_of_uniform(rng: &mut Stream) -> f64 {
    libm::log(uniform(rng).max(1.0 / (1u64 << 54) as f64))
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution, Exp1, StandardNormal};

    use super::*;
    use crate::rng::stream;

    /// Computes the layers from their definition: each has the area of the widest one with its tail.
    fn layers(tail: f64, area: f64, density: Function, inverse: Function) -> Vec<f64> {
        let mut edges = vec![area / density(tail), tail];
        for layer in 2..256 {
            let below = edges[layer - 1];
            edges.push(inverse(area / below + density(below)));
        }
        edges.push(0.0);
        edges
    }

    type Function = fn(f64) -> f64;

    #[test]
    fn the_tables_are_layers_of_equal_area() {
        let laws: [(&Table, &Table, f64, Function, Function); 2] = [
            (&EXPONENTIAL_X, &EXPONENTIAL_F, 0.003_949_659_822_581_557, |x| libm::exp(-x), |y| -libm::log(y)),
            (
                &NORMAL_X,
                &NORMAL_F,
                0.004_928_673_233_99,
                |x| libm::exp(-x * x / 2.0),
                |y| (-2.0 * libm::log(y)).sqrt(),
            ),
        ];
        for (edges, densities, area, density, inverse) in laws {
            for (layer, expected) in layers(edges[1], area, density, inverse).into_iter().enumerate() {
                assert!((edges[layer] - expected).abs() <= 1e-12 * expected, "layer {layer}");
                assert!((densities[layer] / density(edges[layer]) - 1.0).abs() < 1e-15, "layer {layer}");
            }
        }
    }

    /// An independent implementation draws the same values from the same bits, except the last digit of a logarithm.
    #[test]
    fn variates_are_those_of_another_ziggurat() {
        let (mut ours, mut theirs) = (stream(5, "ziggurat"), stream(5, "ziggurat"));
        let mut tails = 0;
        for _ in 0..2_000_000 {
            let pairs = [
                (exponential(&mut ours), Exp1.sample(&mut theirs)),
                (normal(&mut ours), StandardNormal.sample(&mut theirs)),
            ];
            for (ours, theirs) in pairs {
                let theirs: f64 = theirs;
                assert!((ours - theirs).abs() <= 1e-14 * theirs.abs(), "{ours} {theirs}");
            }
            tails += u32::from(pairs[0].0 > EXPONENTIAL_TAIL) + u32::from(pairs[1].0.abs() > NORMAL_TAIL);
        }
        assert!(tails > 1_000, "{tails}");
    }
}
