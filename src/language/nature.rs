//! What numbers of a file are, by what readers have read them as. In: a number as the file has it, and a factor. Out: the number times the
//! factor, as a file would have it.

use toml::de::DeValue;

use super::busy::{self, Busy};
use super::law;
use super::recordings::Recordings;
use crate::dist::Law;
use crate::units::{Time, parse_bytes, parse_percent, parse_rate, parse_time};

/// What a number of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A law of time: a demand, a delay, a time to think or to boot.
    Law,
    /// A rate.
    Rate,
    /// A share, between 0 % and 100 %.
    Share,
    /// A number of what is there without anybody's choice: keys, users.
    Measure,
    /// A weight of a mix, of any scale.
    Weight,
    /// A duration, such as a timeout or a period.
    Time,
    /// An amount of data.
    Data,
    /// Any other number, such as one of instances.
    Number,
}

impl Nature {
    /// Whether nobody chooses it, so that somebody has measured or estimated it.
    pub fn is_estimated(self) -> bool {
        !matches!(self, Nature::Time | Nature::Data | Nature::Number)
    }

    /// How much a value is, in a unit of its nature, so that two of them can be compared: of a law its mean. Nothing of what is no number.
    pub(crate) fn amount(self, text: &str) -> Option<f64> {
        let in_unit = match self {
            Nature::Law => law::parse(text, &Recordings::default()).ok().map(|law| law.mean().as_secs_f64()),
            Nature::Time => parse_time(text).ok().map(Time::as_secs_f64),
            Nature::Rate => parse_rate(text).ok().map(|rate| rate.0),
            Nature::Share => parse_percent(text).ok(),
            Nature::Data => parse_bytes(text).ok().map(|bytes| bytes.0 as f64),
            Nature::Measure | Nature::Weight | Nature::Number => None,
        };
        in_unit.or_else(|| text.parse().ok())
    }

    /// So many times a value, as a file has it without quotes; nothing where it cannot be multiplied, such as measured times of a file, or
    /// where that changes nothing.
    pub(crate) fn times(self, value: &DeValue<'_>, factor: f64) -> Option<String> {
        let text = match value {
            DeValue::String(text) => text.as_ref(),
            DeValue::Integer(number) if number.radix() == 10 => {
                let value: f64 = number.as_str().parse().ok()?;
                if self == Nature::Weight {
                    let scaled = short(value * factor);
                    return (scaled != value).then(|| format!("{scaled:?}"));
                }
                let scaled = (value * factor).round();
                return (scaled != value).then(|| format!("{scaled}"));
            }
            DeValue::Float(number) => {
                let value: f64 = number.as_str().parse().ok()?;
                let scaled = short(value * factor);
                // With a point, so that it stays what it was.
                return (value.is_finite() && scaled != value).then(|| format!("{scaled:?}"));
            }
            _ => return None,
        };
        let scaled = match self {
            Nature::Law if busy::is_in(text) => Busy::parse(text).ok()?.times(factor, short),
            Nature::Law => law_text(&law::parse(text, &Recordings::default()).ok()?, factor)?,
            Nature::Time => time_text(parse_time(text).ok()?, factor),
            Nature::Rate => format!("{}/s", short(parse_rate(text).ok()?.0 * factor)),
            Nature::Share => {
                let (share, most) = (parse_percent(text).ok()?, 1.0);
                let scaled = (share * factor).min(most);
                if scaled == share {
                    return None;
                }
                format!("{}%", short(100.0 * scaled))
            }
            Nature::Data => format!("{} B", (parse_bytes(text).ok()?.0 as f64 * factor).round()),
            Nature::Measure | Nature::Weight | Nature::Number => return None,
        };
        (scaled != text).then_some(scaled)
    }
}

/// How the times of a law are spread: standard deviation over mean. Nothing of a law that has no such number: measured times, Weibull, uniform.
pub(crate) fn spread(text: &str) -> Option<f64> {
    match law::parse(text, &Recordings::default()).ok()? {
        Law::Constant(Time::ZERO | Time::NEVER) => None,
        Law::Constant(_) => Some(0.0),
        Law::Exponential { .. } => Some(1.0),
        Law::Erlang { shape, .. } => Some(1.0 / f64::from(shape).sqrt()),
        Law::Lognormal { cv, .. } | Law::Gamma { cv, .. } | Law::Hyperexponential { cv, .. } => Some(cv),
        Law::Weibull { .. } | Law::Uniform { .. } | Law::Empirical(_) | Law::Replayed { .. } => None,
    }
}

/// The mean of a law in nanoseconds, if its times are not of a file.
pub(crate) fn mean(text: &str) -> Option<f64> {
    Some(law::parse(text, &Recordings::default()).ok()?.mean().0 as f64)
}

/// A law whose times are so many times as long and spread otherwise, of a family that has both: exponential and Erlang are gamma laws, and a
/// constant time is one that is not spread.
pub(crate) fn respread(text: &str, factor: f64, cv: f64) -> Option<String> {
    let law = law::parse(text, &Recordings::default()).ok()?;
    let mean = time_text(law.mean(), factor);
    let cv = short(cv);
    match law {
        _ if cv == 0.0 => Some(mean),
        Law::Lognormal { .. } => Some(format!("lognormal {mean} cv {cv}")),
        Law::Hyperexponential { .. } if cv > 1.0 => Some(format!("hyperexponential {mean} cv {cv}")),
        Law::Constant(_) | Law::Exponential { .. } | Law::Erlang { .. } | Law::Gamma { .. } => {
            Some(format!("gamma {mean} cv {cv}"))
        }
        Law::Hyperexponential { .. } => Some(format!("gamma {mean} cv {cv}")),
        Law::Weibull { .. } | Law::Uniform { .. } | Law::Empirical(_) | Law::Replayed { .. } => None,
    }
}

/// A law whose times are so many times as long.
fn law_text(law: &Law, factor: f64) -> Option<String> {
    let times = |time: &Time| time_text(*time, factor);
    Some(match law {
        Law::Constant(Time::ZERO) | Law::Empirical(_) | Law::Replayed { .. } => return None,
        Law::Constant(time) => times(time),
        Law::Exponential { mean } => format!("exponential {}", times(mean)),
        Law::Erlang { mean, shape } => format!("erlang-{shape} {}", times(mean)),
        Law::Lognormal { mean, cv } => format!("lognormal {} cv {cv}", times(mean)),
        Law::Hyperexponential { mean, cv } => format!("hyperexponential {} cv {cv}", times(mean)),
        Law::Gamma { mean, cv } => format!("gamma {} cv {cv}", times(mean)),
        Law::Weibull { mean, shape } => format!("weibull {} shape {shape}", times(mean)),
        Law::Uniform { low, high } => format!("uniform {} {}", times(low), times(high)),
    })
}

/// A time that many times as long, exact where the usual words are not.
fn time_text(time: Time, factor: f64) -> String {
    let time = Time((time.0 as f64 * factor).round() as u64);
    let words = time.to_string();
    match parse_time(&words) {
        Ok(same) if same == time => words,
        _ => format!("{}s", time.as_secs_f64()),
    }
}

/// Seven digits of a number: more are of the arithmetic.
fn short(value: f64) -> f64 {
    format!("{value:.6e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use toml::de::DeValue;

    use super::*;

    fn times(nature: Nature, text: &str, factor: f64) -> Option<String> {
        nature.times(DeValue::parse(text).unwrap().get_ref(), factor)
    }

    #[test]
    fn a_number_is_multiplied_as_the_file_has_it() {
        let of = |nature, text: &str| times(nature, text, 1.2).unwrap();
        assert_eq!(of(Nature::Law, "\"6ms\""), "7.2ms");
        assert_eq!(of(Nature::Law, "\"lognormal 6ms cv 0.5\""), "lognormal 7.2ms cv 0.5");
        assert_eq!(of(Nature::Law, "\"uniform 5 ms 15 ms\""), "uniform 6ms 18ms");
        assert_eq!(of(Nature::Law, "\"erlang-4 50s\""), "erlang-4 1m");
        assert_eq!(of(Nature::Law, "\"76s\""), "91.2s", "a minute and 31 seconds would be less");
        assert_eq!(of(Nature::Law, "\"p50 10ms p99 10ms\""), "12ms");
        assert_eq!(of(Nature::Law, "\"exponential 60/s at 80%\""), "exponential 50/s at 80%");
        assert_eq!(of(Nature::Rate, "\"90/min\""), "1.8/s");
        assert_eq!(of(Nature::Share, "\"40%\""), "48%");
        assert_eq!(of(Nature::Share, "\"90%\""), "100%");
        assert_eq!(of(Nature::Measure, "1_000"), "1200");
        assert_eq!(of(Nature::Weight, "1"), "1.2");
        assert_eq!(of(Nature::Number, "0.3"), "0.36");
        assert_eq!(of(Nature::Number, "10.0"), "12.0");
        assert_eq!(of(Nature::Data, "\"2 KiB\""), "2458 B");
    }

    /// Three times a fifth more are four, a third more; nine tenths become all, a ninth more.
    #[test]
    fn what_is_rounded_or_cut_off_is_as_much_as_it_says() {
        let part = |nature: Nature, text: &str, factor| {
            let scaled = times(nature, text, factor).unwrap();
            nature.amount(&scaled).unwrap() / nature.amount(text.trim_matches('"')).unwrap()
        };
        assert_eq!(part(Nature::Number, "3", 1.2), 4.0 / 3.0);
        assert_eq!(part(Nature::Number, "3", 0.8), 2.0 / 3.0);
        assert!((part(Nature::Share, "\"90%\"", 1.2) - 10.0 / 9.0).abs() < 1e-12);
        assert!((part(Nature::Law, "\"uniform 5 ms 15 ms\"", 1.2) - 1.2).abs() < 1e-12);
        assert!((part(Nature::Rate, "\"90/min\"", 0.8) - 0.8).abs() < 1e-12);
        assert_eq!(part(Nature::Weight, "1", 1.2), 1.2);
        assert_eq!(Nature::Share.amount("never"), None);
    }

    #[test]
    fn a_law_is_spread_otherwise_in_a_family_that_can_be() {
        for (text, cv, same) in [
            ("6ms", 0.0, "6ms"),
            ("exponential 6ms", 1.0, "gamma 6ms cv 1"),
            ("erlang-4 6ms", 0.5, "gamma 6ms cv 0.5"),
            ("lognormal 6ms cv 0.7", 0.7, "lognormal 6ms cv 0.7"),
            ("hyperexponential 6ms cv 3", 3.0, "hyperexponential 6ms cv 3"),
        ] {
            assert_eq!(spread(text), Some(cv));
            assert_eq!(respread(text, 1.0, cv).unwrap(), same);
            assert!(respread(text, 2.0, 0.25).unwrap().ends_with(" 12ms cv 0.25"));
        }
        assert_eq!((spread("uniform 1ms 2ms"), respread("weibull 1ms shape 2", 2.0, 1.0)), (None, None));
    }

    #[test]
    fn what_does_not_change_is_no_other_value() {
        assert_eq!(times(Nature::Law, "\"empirical times.csv\"", 1.2), None);
        assert_eq!(times(Nature::Law, "\"0s\"", 1.2), None);
        assert_eq!(times(Nature::Law, "\"never\"", 1.2), None);
        assert_eq!(times(Nature::Share, "\"100%\"", 1.2), None);
        assert_eq!(times(Nature::Share, "\"0%\"", 1.2), None);
        assert_eq!(times(Nature::Measure, "2", 1.2), None, "2.4 is 2");
        assert_eq!(times(Nature::Number, "true", 1.2), None);
    }
}
