//! The log-normal law of two figures that people know of a time: its mean, or percentiles. In: two figures. Out: a [`Law`].
//!
//! The logarithm of a log-normal value is normal with a mean µ and a standard deviation σ, so its quantile of probability p is
//! exp(µ + σ z(p)) with the normal quantile z, and its mean is exp(µ + σ²/2). Two quantiles give σ = ln(x₂ / x₁) / (z₂ − z₁). A mean m and
//! a quantile x give σ²/2 − z σ + ln(x / m) = 0, of which the smaller positive solution is taken: the law with less spread. Source: Johnson,
//! Kotz, Balakrishnan, "Continuous Univariate Distributions", volume 1, chapter 14.

use super::Law;
use crate::units::Time;

/// Largest coefficient of variation; above it no run is long enough to come near the mean.
pub(crate) const CV_MAX: f64 = 100.0;
/// Longest mean in seconds: a hundred years.
const MEAN_MAX_S: f64 = 100.0 * 365.0 * 86_400.0;
/// Halvings of the interval in which a normal quantile lies, until it is known to the last bit.
const HALVINGS: u32 = 100;
/// No probability that a number can hold has its normal quantile beyond this.
const QUANTILE_MAX: f64 = 40.0;

/// What is known of a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Figure {
    /// Its mean.
    Mean,
    /// The value below which this share of all lies.
    Quantile(f64),
}

/// Why no log-normal law has two figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unfit {
    /// The higher percentile is the shorter one.
    Order,
    /// A percentile is more times the mean than it can be: at most so many.
    Beyond(f64),
    /// Its spread would be too large to simulate.
    Wide,
}

/// The log-normal law that has both figures.
pub(crate) fn lognormal([one, other]: [(Figure, Time); 2]) -> Result<Law, Unfit> {
    let (sigma, mean) = match (one.0, other.0) {
        (Figure::Quantile(p), Figure::Quantile(q)) => {
            let ((low, x), (high, y)) =
                if p < q { ((p, one.1), (q, other.1)) } else { ((q, other.1), (p, one.1)) };
            let (x, y) = (x.as_secs_f64(), y.as_secs_f64());
            let (z, distance) = (normal(low), normal(high) - normal(low));
            let sigma = libm::log(y / x) / distance;
            if sigma < 0.0 {
                return Err(Unfit::Order);
            }
            (sigma, libm::exp(libm::log(x) - sigma * z + sigma * sigma / 2.0))
        }
        (Figure::Mean, Figure::Quantile(p)) => (spread(one.1, other.1, normal(p))?, one.1.as_secs_f64()),
        (Figure::Quantile(p), _) => (spread(other.1, one.1, normal(p))?, other.1.as_secs_f64()),
        (Figure::Mean, Figure::Mean) => return Err(Unfit::Order),
    };
    let cv = libm::expm1(sigma * sigma).sqrt();
    // A number that is none is too large as well.
    if !(cv <= CV_MAX && mean <= MEAN_MAX_S) {
        return Err(Unfit::Wide);
    }
    let mean = Time::from_secs_f64(mean);
    Ok(if cv == 0.0 { Law::Constant(mean) } else { Law::Lognormal { mean, cv } })
}

/// The standard deviation of the logarithm, by a mean, a quantile and the normal quantile of its probability.
fn spread(mean: Time, quantile: Time, z: f64) -> Result<f64, Unfit> {
    let above = libm::log(quantile.as_secs_f64() / mean.as_secs_f64());
    let most = z.max(0.0) * z.max(0.0) / 2.0;
    if above > most {
        return Err(Unfit::Beyond(libm::exp(most)));
    }
    let root = (z * z - 2.0 * above).max(0.0).sqrt();
    // A quantile above the mean has two laws, one below it has one.
    Ok(if above >= 0.0 { z - root } else { z + root })
}

/// The value below which a standard normal one lies with a probability, with the same bits on every platform.
fn normal(probability: f64) -> f64 {
    if probability > 0.5 {
        return -normal(1.0 - probability);
    }
    let (mut low, mut high) = (0.0, QUANTILE_MAX);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        let side = if libm::erfc(middle / std::f64::consts::SQRT_2) / 2.0 > probability {
            &mut low
        } else {
            &mut high
        };
        *side = middle;
    }
    -(low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Abramowitz, Stegun, "Handbook of Mathematical Functions", table 26.5.
    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (probability, expected) in [
            (0.5, 0.0),
            (0.9, 1.281_551_565_545),
            (0.95, 1.644_853_626_951),
            (0.99, 2.326_347_874_041),
            (0.999, 3.090_232_306_168),
        ] {
            assert!((normal(probability) - expected).abs() < 1e-11, "{probability}");
            assert!((normal(1.0 - probability) + expected).abs() < 1e-11, "{probability}");
        }
    }

    /// σ = ln(200 / 30) / 2.3263 = 0.8155; the mean is 30 ms × exp(σ² / 2) = 41.83 ms.
    #[test]
    fn a_median_and_a_p99_worked_out_by_hand() {
        let law = lognormal([
            (Figure::Quantile(0.5), Time::from_millis(30)),
            (Figure::Quantile(0.99), Time::from_millis(200)),
        ]);
        let Ok(Law::Lognormal { mean, cv }) = law else { panic!("{law:?}") };
        assert!((mean.as_millis_f64() - 41.83).abs() < 0.01, "{mean}");
        assert!((cv - 0.9719).abs() < 1e-3, "{cv}");
    }

    #[test]
    fn what_no_law_has_is_refused() {
        let (p50, p99) = (Figure::Quantile(0.5), Figure::Quantile(0.99));
        let ms = Time::from_millis;
        assert_eq!(lognormal([(p50, ms(30)), (p99, ms(29))]), Err(Unfit::Order));
        assert_eq!(lognormal([(p99, ms(200)), (p50, ms(30))]), lognormal([(p50, ms(30)), (p99, ms(200))]));
        assert_eq!(lognormal([(p50, ms(30)), (p99, ms(30))]), Ok(Law::Constant(ms(30))));
        assert_eq!(lognormal([(Figure::Mean, ms(30)), (p99, ms(30))]), Ok(Law::Constant(ms(30))));
        // exp(2.3263² / 2) = 14.97.
        let Err(Unfit::Beyond(most)) = lognormal([(Figure::Mean, ms(10)), (p99, ms(150))]) else {
            panic!("too far")
        };
        assert!((most - 14.97).abs() < 0.01, "{most}");
        assert!(lognormal([(Figure::Mean, ms(10)), (p99, ms(149))]).is_ok());
        assert_eq!(lognormal([(Figure::Mean, ms(10)), (p50, ms(11))]), Err(Unfit::Beyond(1.0)));
        assert_eq!(lognormal([(p50, ms(1)), (Figure::Quantile(0.6), ms(1_000))]), Err(Unfit::Wide));
    }

    proptest! {
        /// Whatever two figures a law is made of, it has them.
        #[test]
        fn a_law_has_the_figures_that_it_was_made_of(
            first_ms in 1.0..10_000.0f64,
            times in 1.0..30.0f64,
            low in 1.0..95.0f64,
            more in 0.1..0.9f64,
        ) {
            let high = low + (100.0 - low) * more;
            let figures = [(low / 100.0, first_ms), (high / 100.0, first_ms * times)]
                .map(|(p, ms)| (Figure::Quantile(p), Time::from_secs_f64(ms / 1e3)));
            let law = match lognormal(figures) {
                Ok(law) => law,
                Err(Unfit::Wide) => return Ok(()),
                Err(other) => panic!("{other:?}"),
            };
            for (figure, time) in figures {
                let Figure::Quantile(p) = figure else { unreachable!() };
                let found = law.quantile(1, p).unwrap() / time.as_secs_f64();
                prop_assert!((found - 1.0).abs() < 1e-6, "p{}: {found} times {time}", 100.0 * p);
            }
        }

        #[test]
        fn a_law_has_the_mean_and_the_percentile_that_it_was_made_of(
            mean_ms in 1.0..10_000.0f64,
            times in 0.2..8.0f64,
            percent in 1.0..99.9f64,
        ) {
            let (mean, quantile) = (Time::from_secs_f64(mean_ms / 1e3), Time::from_secs_f64(times * mean_ms / 1e3));
            let figures = [(Figure::Quantile(percent / 100.0), quantile), (Figure::Mean, mean)];
            let law = match lognormal(figures) {
                Ok(law) => law,
                Err(Unfit::Order) => panic!("in any order"),
                Err(_) => return Ok(()),
            };
            prop_assert_eq!(law.mean(), mean);
            let found = law.quantile(1, percent / 100.0).unwrap() / quantile.as_secs_f64();
            prop_assert!((found - 1.0).abs() < 1e-6, "{found}");
        }
    }
}
