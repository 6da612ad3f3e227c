//! A law of time in the code of a script. In: a law. Out: an expression that draws seconds, in JavaScript or Python.

use crate::dist::{Law, Sampler};

/// How many equally likely values stand for a law that has no short formula.
const VALUES: u32 = 200;

/// A law by what a script needs to draw from it.
pub(super) enum Draw {
    /// Always so many seconds.
    Constant(f64),
    /// So many exponential phases of this mean, one after the other.
    Phases(u32, f64),
    /// exp(µ + σ × normal) seconds.
    Lognormal(f64, f64),
    /// From one end, so wide.
    Uniform(f64, f64),
    /// One of these, each equally likely.
    Values(Vec<f64>),
}

impl Draw {
    /// What a script needs of a law.
    pub(super) fn of(law: &Law) -> Draw {
        match (law, Sampler::new(law)) {
            (Law::Constant(time), _) => Draw::Constant(time.as_secs_f64()),
            (Law::Exponential { mean }, _) => Draw::Phases(1, mean.as_secs_f64()),
            (Law::Erlang { mean, shape }, _) => Draw::Phases(*shape, mean.as_secs_f64() / f64::from(*shape)),
            // Of nanoseconds, so that their logarithm is that of a billion more.
            (Law::Lognormal { .. }, Sampler::Lognormal { mu, sigma }) => {
                Draw::Lognormal(mu - libm::log(1e9), sigma)
            }
            (Law::Uniform { low, high }, _) => {
                Draw::Uniform(low.as_secs_f64(), high.since(*low).as_secs_f64())
            }
            (law, _) => Draw::Values(values(law)),
        }
    }

    /// As a call in a script, whose functions both languages have under the same names.
    pub(super) fn call(&self) -> String {
        match self {
            Draw::Constant(seconds) => format!("{seconds}"),
            Draw::Phases(phases, mean) => format!("phases({phases}, {mean})"),
            Draw::Lognormal(mu, sigma) => format!("lognormal({mu}, {sigma})"),
            Draw::Uniform(low, width) => format!("uniform({low}, {width})"),
            Draw::Values(values) => {
                let list: Vec<String> = values.iter().map(|value| format!("{value:.6}")).collect();
                format!("one_of([{}])", list.join(", "))
            }
        }
    }
}

/// The middle values of equally likely parts of a law, with its mean.
fn values(law: &Law) -> Vec<f64> {
    let mean = law.mean().as_secs_f64();
    let middle = |part: u32| law.quantile(1, (f64::from(part) + 0.5) / f64::from(VALUES));
    let values: Option<Vec<f64>> = (0..VALUES).map(middle).collect();
    let values = values.unwrap_or_else(|| vec![mean]);
    // The middle of the last part is less than its mean.
    let sum: f64 = values.iter().sum();
    let scale = if sum > 0.0 { mean * values.len() as f64 / sum } else { 1.0 };
    values.into_iter().map(|value| value * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    #[test]
    fn a_law_is_a_call() {
        let mean = Time::from_millis(1_500);
        let call = |law: &Law| Draw::of(law).call();
        assert_eq!(call(&Law::Constant(mean)), "1.5");
        assert_eq!(call(&Law::Exponential { mean }), "phases(1, 1.5)");
        assert_eq!(call(&Law::Erlang { mean, shape: 3 }), "phases(3, 0.5)");
        assert_eq!(call(&Law::Uniform { low: mean, high: Time::from_secs(4) }), "uniform(1.5, 2.5)");
    }

    #[test]
    fn the_mean_of_what_is_drawn_is_that_of_the_law() {
        let mean = Time::from_millis(1_500);
        let Draw::Lognormal(mu, sigma) = Draw::of(&Law::Lognormal { mean, cv: 0.7 }) else {
            panic!("its formula")
        };
        assert!((libm::exp(mu + sigma * sigma / 2.0) - 1.5).abs() < 1e-9);
        for law in [
            Law::Gamma { mean, cv: 2.0 },
            Law::Weibull { mean, shape: 0.7 },
            Law::Hyperexponential { mean, cv: 3.0 },
            Law::Empirical([1, 2, 6].map(Time::from_secs).into()),
        ] {
            let Draw::Values(values) = Draw::of(&law) else { panic!("{law:?}") };
            let found = values.iter().sum::<f64>() / values.len() as f64;
            assert!((found - law.mean().as_secs_f64()).abs() < 1e-9, "{law:?}: {found}");
            let middle = values[VALUES as usize / 2] / law.quantile(1, 0.5).unwrap();
            assert!((0.8..1.3).contains(&middle), "{law:?}: {middle} times its median");
        }
    }
}
