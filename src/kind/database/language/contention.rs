//! `contention` of a database: how statements that run at once slow each other down. Out: a [`Contention`].

use crate::language::shape::{Key, Shape};
use crate::language::value::Value;

/// The language of contention.
pub const SHAPE: Shape = Shape {
    title: "contention = { sigma, kappa }",
    about: "What statements that run at once on a node cost each other: with `n` of them, all of its cores are \
            1 + sigma (n - 1) + kappa n (n - 1) times as slow (Gunther's Universal Scalability Law). A benchmark of one database, \
            fitted in Schwartz, Practical Scalability Analysis: sigma 0.0267, kappa 0.00077.",
    keys: &[
        Key::required(
            "sigma",
            "number, up to 1",
            "latches: the part of a statement during which no other one can run",
        ),
        Key::required(
            "kappa",
            "number, up to 1",
            "coherency: what each other statement costs it, in caches, snapshots and lists of what is active",
        ),
    ],
};

/// How statements that run at once on a node slow each other down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contention {
    /// The part of a statement that runs alone.
    pub sigma: f64,
    /// What each other statement costs it.
    pub kappa: f64,
}

impl Contention {
    /// Reads the table.
    pub(crate) fn read(value: Value) -> Option<Contention> {
        let contention = value.table(&SHAPE, |reader| {
            // A missing one is a problem of its own.
            let part = |key| reader.must(key, |value| value.number(0.0..=1.0), f64::NAN);
            Contention { sigma: part("sigma"), kappa: part("kappa") }
        })?;
        if contention == (Contention { sigma: 0.0, kappa: 0.0 }) {
            value.problem("contention of nothing", "remove it, or write a number above 0");
        }
        Some(contention)
    }

    /// How many times as slow a node is on which so many statements run.
    pub fn slowdown(self, running: u32) -> f64 {
        let others = f64::from(running.saturating_sub(1));
        1.0 + self.sigma * others + self.kappa * f64::from(running) * others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fit of Schwartz, Practical Scalability Analysis: 995.6486 a second at one, 11,063.6 at twenty, and the most near 35.
    #[test]
    fn the_law_is_that_of_the_published_fit() {
        let law = Contention { sigma: 0.026_715_91, kappa: 0.000_769_094_5 };
        let rate = |running: u32| 995.648_6 * f64::from(running) / law.slowdown(running);
        assert_eq!(law.slowdown(0), 1.0);
        assert_eq!(law.slowdown(1), 1.0);
        assert!((rate(20) - 11_063.6).abs() < 0.1, "{}", rate(20));
        assert!(rate(35) > rate(34) && rate(35) > rate(37));
    }
}
