//! A law of time as people know it, by two figures: `"p50 30ms p99 200ms"`, `"mean 45ms p99 200ms"`. In: text. Out: the log-normal law
//! that has both, or the error in it.

use super::budget::error;
use crate::dist::Law;
use crate::dist::fitted::{self, Figure, Unfit};
use crate::number::counted;
use crate::units::{Time, UnitError, parse_time};

/// What to write.
const HINT: &str =
    "write two of a mean and percentiles, such as \"p50 30ms p99 200ms\" or \"mean 45ms p99 200ms\"";

/// Whether a text begins with the name of a figure.
pub(super) fn begins(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(|it| is_name(it.trim_end_matches([':', '='])))
}

fn is_name(word: &str) -> bool {
    let is_percentile = |rest: &str| rest.starts_with(|it: char| it.is_ascii_digit());
    matches!(word, "mean" | "average" | "median") || word.strip_prefix('p').is_some_and(is_percentile)
}

/// Reads the law of two figures.
pub(super) fn parse(text: &str) -> Result<Law, UnitError> {
    let mut figures: Vec<(&str, Figure, String)> = Vec::new();
    // A comma or an `and` between two figures is how people say them.
    let words = text.split([' ', '\t', ',']).map(|it| it.trim_end_matches([':', '=']));
    for word in words.filter(|it| !it.is_empty() && *it != "and") {
        match figures.last_mut() {
            _ if is_name(word) => figures.push((word, figure(word)?, String::new())),
            // "30 ms" is two words.
            Some((_, _, time)) => *time = format!("{time} {word}"),
            None => return Err(error(format!("`{word}` is no figure of a time"), HINT)),
        }
    }
    let known: Vec<(&str, Figure, Time)> = figures
        .iter()
        .map(|(name, figure, time)| Ok((*name, *figure, some_time(name, time)?)))
        .collect::<Result<_, _>>()?;
    let [one, other] = known.as_slice() else {
        let message = format!("{}, where two make a law", counted(known.len() as u64, "figure"));
        let hint = match known.len() {
            0 | 1 => HINT.to_owned(),
            _ => format!(
                "more say too much: no log-normal law has all of them but by chance. {HINT}; a file of measured times is \"empirical times.csv\""
            ),
        };
        return Err(error(message, hint));
    };
    if one.1 == other.1 {
        return Err(error(format!("`{}` and `{}` are the same figure", one.0, other.0), HINT));
    }
    fitted::lognormal([(one.1, one.2), (other.1, other.2)]).map_err(|unfit| explained(unfit, one, other))
}

/// A figure by its name.
fn figure(word: &str) -> Result<Figure, UnitError> {
    let percent = match word {
        "mean" | "average" => return Ok(Figure::Mean),
        "median" => 50.0,
        _ => word.trim_start_matches('p').parse::<f64>().unwrap_or(f64::NAN),
    };
    match percent > 0.0 && percent < 100.0 {
        true => Ok(Figure::Quantile(percent / 100.0)),
        false => Err(error(
            format!("`{word}` is no percentile"),
            "a percentile lies between p0 and p100, both left out: the largest value of a law has no limit",
        )),
    }
}

fn some_time(name: &str, text: &str) -> Result<Time, UnitError> {
    if text.is_empty() {
        return Err(error(format!("`{name}` has no time"), HINT));
    }
    match parse_time(text)? {
        Time::ZERO => Err(error(format!("a {name} of zero"), "a log-normal time is longer than zero")),
        time => Ok(time),
    }
}

/// Why no law has two figures, in words.
fn explained(unfit: Unfit, one: &(&str, Figure, Time), other: &(&str, Figure, Time)) -> UnitError {
    let ((name, _, time), (second, _, second_time)) = (one, other);
    match unfit {
        Unfit::Order => error(
            format!("`{name} {time}` and `{second} {second_time}` are not in order"),
            "a higher percentile is no shorter time",
        ),
        Unfit::Beyond(most) => {
            let ((mean, mean_time), (percentile, _)) = match one.1 {
                Figure::Mean => ((name, time), (second, second_time)),
                Figure::Quantile(_) => ((second, second_time), (name, time)),
            };
            error(
                format!("no log-normal law of a {mean} of {mean_time} has so long a {percentile}"),
                format!(
                    "its {percentile} is at most {:.3} times its {mean}; give two percentiles instead",
                    most
                ),
            )
        }
        Unfit::Wide => error(
            format!("`{name} {time}` and `{second} {second_time}` lie too far apart"),
            format!("the standard deviation would be more than {} times the mean", fitted::CV_MAX),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(text).unwrap_err().message
    }

    #[test]
    fn two_figures_are_a_law_in_any_order_and_spelling() {
        let law = parse("p50 30ms p99 200ms").unwrap();
        let same = [
            "p99 200ms p50 30ms",
            "median 30 ms p99 0.2 s",
            "p50.0 30000us p99.00 200ms",
            "p50 30 ms, p99 200 ms",
            "p50 30ms and p99 200ms",
            "p50 30ms,p99 200ms",
            "p50: 30 ms, p99: 200 ms",
        ];
        for same in same {
            assert_eq!(parse(same).unwrap(), law, "{same}");
        }
        assert!(matches!(law, Law::Lognormal { .. }));
        let by_mean = parse(&format!("mean {}ns p99 200ms", law.mean().0)).unwrap();
        assert!((by_mean.quantile(1, 0.5).unwrap() - 0.030).abs() < 1e-8, "{by_mean:?}");
        assert_eq!(parse("p50 6ms p99 6ms"), Ok(Law::Constant(Time::from_millis(6))));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(message("p50 30ms"), "1 figure, where two make a law");
        assert_eq!(message("p50 30ms p90 100ms p99 200ms"), "3 figures, where two make a law");
        assert_eq!(message("p50 30ms median 30ms"), "`p50` and `median` are the same figure");
        assert_eq!(message("p50 p99 200ms"), "`p50` has no time");
        assert_eq!(message("p50 0ms p99 200ms"), "a p50 of zero");
        assert_eq!(message("p50 30ms p100 200ms"), "`p100` is no percentile");
        assert_eq!(message("p50 300ms p99 200ms"), "`p50 300ms` and `p99 200ms` are not in order");
        assert_eq!(message("p99 200ms mean 10ms"), "no log-normal law of a mean of 10ms has so long a p99");
        assert_eq!(message("p50 1ms p51 100ms"), "`p50 1ms` and `p51 100ms` lie too far apart");
        assert!(message("p50 30 p99 200ms").contains("30"), "{}", message("p50 30 p99 200ms"));
    }
}
