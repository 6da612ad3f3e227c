//! A law of time for a class. In: what was measured. Out: the law as a scenario writes it, and how well it fits.
//!
//! The lognormal law has the measured mean and cv. It is proposed where its p50, p95 and p99 are near those that were measured; else the times are
//! taken as they were, as an empirical law.

use super::tally::Times;
use crate::number::{millis, number};

/// How far a percentile of the law may be from the measured one, over that.
const NEAR: f64 = 0.25;
/// Times below this are none: logs round to milliseconds.
const NOTHING: f64 = 1e3;
/// From so many times on a law can be compared with them.
const ENOUGH: u64 = 200;
/// Values of an empirical law: its quantiles, evenly spread.
const VALUES: u32 = 1_000;
/// The percentiles that are compared, and the standard normal quantiles of them.
const COMPARED: [(f64, f64); 3] =
    [(0.5, 0.0), (0.95, 1.644_853_626_951_472_2), (0.99, 2.326_347_874_040_840_8)];

/// A law and what it was made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Law {
    /// Too short to be seen.
    Nothing,
    /// Lognormal, in nanoseconds.
    Lognormal { mean: f64, cv: f64 },
    /// As measured.
    Empirical,
    /// Nothing was measured.
    Unknown,
}

/// What is used where no time was measured.
pub(super) const ASSUMED: &str = "lognormal 50ms cv 1";

impl Law {
    /// Lognormal by its mean and cv, if that is near.
    pub(super) fn of(times: &Times) -> Law {
        let moments = &times.moments;
        let (mean, cv) = (moments.mean(), moments.cv());
        match moments.count {
            0 => Law::Unknown,
            _ if mean < NOTHING => Law::Nothing,
            _ if cv > 100.0 => Law::Empirical,
            ENOUGH..
                if compare(times).iter().any(|(_, measured, law)| (law / measured - 1.0).abs() > NEAR) =>
            {
                Law::Empirical
            }
            _ => Law::Lognormal { mean, cv },
        }
    }

    /// Lognormal by two percentiles in milliseconds, or by a mean alone.
    pub(super) fn of_figures(p50: Option<f64>, p95: Option<f64>, mean: Option<f64>) -> Law {
        let lognormal = |mean_ms: f64, cv: f64| Law::Lognormal { mean: mean_ms * 1e6, cv };
        match (p50, p95, mean) {
            (Some(p50), Some(p95), _) if p50 > 0.0 && p95 >= p50 => {
                let sigma = libm::log(p95 / p50) / COMPARED[1].1;
                lognormal(
                    p50 * libm::exp(sigma * sigma / 2.0),
                    libm::sqrt(libm::expm1(sigma * sigma)).min(100.0),
                )
            }
            (_, _, Some(mean)) if mean > 0.0 => lognormal(mean, 1.0),
            _ => Law::Unknown,
        }
    }

    /// As a scenario has it; `file` is where the values of an empirical law are.
    pub(super) fn written(&self, file: &str) -> String {
        match self {
            Law::Nothing => "0s".into(),
            Law::Lognormal { mean, cv } => {
                format!("lognormal {} cv {}", span(*mean), number(*cv).replace(',', ""))
            }
            Law::Empirical => format!("empirical {file}"),
            Law::Unknown => ASSUMED.into(),
        }
    }
}

/// `12.3ms`: what a scenario reads as a span.
fn span(nanos: f64) -> String {
    let micros = (nanos / 1e3).max(0.001);
    match micros {
        micros if micros < 1e3 => format!("{}us", trimmed(micros)),
        micros if micros < 1e6 => format!("{}ms", trimmed(micros / 1e3)),
        micros => format!("{}s", trimmed(micros / 1e6)),
    }
}

/// Four significant digits.
fn trimmed(value: f64) -> String {
    let decimals = match value {
        value if value < 10.0 => 3,
        value if value < 100.0 => 2,
        value if value < 1_000.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Each percentile: its probability, what was measured, and that of the lognormal law with the same mean and cv.
fn compare(times: &Times) -> Vec<(f64, f64, f64)> {
    let (mean, cv) = (times.moments.mean(), times.moments.cv());
    let variance = libm::log1p(cv * cv);
    let (mu, sigma) = (libm::log(mean.max(1.0)) - variance / 2.0, libm::sqrt(variance));
    let one = |(probability, z): (f64, f64)| {
        let measured = times.histogram.quantile(probability)?;
        Some((probability, (measured as f64).max(NOTHING), libm::exp(mu + sigma * z)))
    };
    COMPARED.into_iter().filter_map(one).collect()
}

/// How well the lognormal law fits, in words.
pub(super) fn fit(times: &Times) -> String {
    let shown = |nanos: f64| millis(nanos / 1e6);
    let parts: Vec<String> = compare(times)
        .iter()
        .map(|(probability, measured, law)| {
            format!("p{} {} (law {})", probability * 100.0, shown(*measured), shown(*law))
        })
        .collect();
    let (mean, cv) = (times.moments.mean(), times.moments.cv());
    format!("mean {}, cv {}, {}", shown(mean), number(cv), parts.join(", "))
}

/// The values of an empirical law: one duration a line, in seconds.
pub(super) fn values(times: &Times) -> String {
    let mut text = String::from("seconds\n");
    for index in 0..VALUES {
        let probability = (f64::from(index) + 0.5) / f64::from(VALUES);
        let nanos = times.histogram.quantile(probability).unwrap_or(0);
        text.push_str(&format!("{}.{:09}\n", nanos / 1_000_000_000, nanos % 1_000_000_000));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::histogram::Histogram;

    fn times(nanos: impl IntoIterator<Item = u64>) -> Times {
        let mut row = super::super::row::Row::default();
        let mut tally = super::super::tally::Tally::new(1, 1);
        for nanos in nanos {
            row.total = Some(nanos);
            tally.add(0, &row).unwrap();
        }
        tally.classes.remove(0).total
    }

    /// Quantiles of a lognormal law with a median of 10 ms and a sigma of 0.5.
    fn lognormal() -> impl Iterator<Item = u64> {
        use statrs::distribution::{ContinuousCDF, Normal};
        (0..20_000).map(|index| {
            let z = Normal::standard().inverse_cdf((f64::from(index) + 0.5) / 20_000.0);
            (1e7 * libm::exp(0.5 * z)) as u64
        })
    }

    #[test]
    fn times_of_a_lognormal_law_get_it_back() {
        let Law::Lognormal { mean, cv } = Law::of(&times(lognormal())) else { panic!() };
        assert!((mean / (1e7 * libm::exp(0.125)) - 1.0).abs() < 0.001, "{mean}");
        assert!((cv / libm::sqrt(libm::expm1(0.25)) - 1.0).abs() < 0.01, "{cv}");
        let Law::Lognormal { mean: again, cv: of_two } = Law::of_figures(Some(10.0), Some(22.7636), None)
        else {
            panic!()
        };
        assert!((again / mean - 1.0).abs() < 0.001 && (of_two / cv - 1.0).abs() < 0.01, "{again} {of_two}");
    }

    #[test]
    fn times_of_two_sorts_are_taken_as_they_were() {
        let of = times((0..1_000).map(|index| if index % 5 == 0 { 900_000_000 } else { 2_000_000 }));
        assert_eq!(Law::of(&of), Law::Empirical);
        let text = values(&of);
        let large =
            text.lines().skip(1).filter(|line| line.starts_with("0.89") || line.starts_with("0.9")).count();
        assert_eq!((text.lines().count(), large), (1_001, 200));
        assert_eq!((Law::of(&times([])), Law::of(&times([0; 3]))), (Law::Unknown, Law::Nothing));
        assert_eq!(Histogram::default().count(), 0);
    }

    #[test]
    fn laws_are_written_as_a_scenario_reads_them() {
        let of = |mean: f64, cv: f64| Law::Lognormal { mean, cv }.written("x.csv");
        assert_eq!(of(12_345_678.0, 0.8), "lognormal 12.35ms cv 0.8");
        assert_eq!(of(1_234_567_890_123.0, 1.0), "lognormal 1235s cv 1");
        assert_eq!(
            (of(2_500.0, 0.0), Law::Empirical.written("x.csv")),
            ("lognormal 2.5us cv 0".into(), "empirical x.csv".into())
        );
    }
}
