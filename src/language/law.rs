//! How a scenario writes a [`Law`]: `"lognormal 6ms cv 0.5"`. In: text. Out: the law, or the error in it.

use std::io::Read;

use super::budget::{Budget, error, unreadable};
use super::names::closest;
use super::recordings::Recordings;
use super::{busy, figures};
use crate::dist::Law;
use crate::dist::fitted::CV_MAX;
use crate::number::counted;
use crate::text::{Word, excerpt};
use crate::units::{Time, UnitError, parse_time};

/// Most phases of an Erlang law; above it the law is practically constant.
const SHAPE_MAX: u32 = 1_000;
/// Largest file of measured times, in bytes.
const FILE_MAX: u64 = 16 << 20;

/// Smallest and largest shape of a Weibull law: below, values are practically zero or endless; above, constant.
const WEIBULL: std::ops::RangeInclusive<f64> = 0.1..=100.0;

/// The laws.
const LAWS: [Word; 9] = [
    Word::new("constant", "Always the same time: `6ms`."),
    Word::new(
        "exponential",
        "Times without memory, of a mean: `exponential 6ms`. Its cv is 1, and short times are the most frequent.",
    ),
    Word::new(
        "erlang-4",
        "The sum of so many exponential phases, of a mean: `erlang-4 6ms`. Its cv is 1 over the root of their number.",
    ),
    Word::new(
        "lognormal",
        "Times whose logarithm is normal, of a mean and a cv: `lognormal 6ms cv 0.5`. Usual for times of work: most are near the mean, few are much longer.",
    ),
    Word::new(
        "hyperexponential",
        "One of two exponential laws, of a mean and a cv above 1: `hyperexponential 6ms cv 3`, with balanced means of both.",
    ),
    Word::new(
        "gamma",
        "Times of a mean and a cv, with a tail like that of an exponential law: `gamma 6ms cv 0.7`.",
    ),
    Word::new(
        "weibull",
        "Times of a mean and a shape: `weibull 6ms shape 1.5`. A shape below 1 has a long tail.",
    ),
    Word::new("uniform", "Any time between two, all as likely: `uniform 5ms 15ms`."),
    Word::new(
        "empirical",
        "Times of a file, drawn with equal chance: `empirical times.csv`, the first column, one duration a line.",
    ),
];

/// The laws, and the words in them.
pub(crate) fn words() -> impl Iterator<Item = Word> {
    let others = [
        Word::new("erlang", "The sum of a number of exponential phases, of a mean: `erlang-4 6ms` has four."),
        Word::new(
            "replay",
            "What was recorded, row by row: `replay trace.csv.gz column service_us unit us`. For demands of requests alone.",
        ),
        Word::new(
            "cv",
            "The coefficient of variation of a law: its standard deviation over its mean, a number. 0 is always the same, 1 is as an exponential law.",
        ),
        Word::new(
            "shape",
            "The shape of a Weibull law, a number from 0.1 to 100: 1 is exponential, less has a longer tail, more is nearer to constant.",
        ),
        Word::new(
            "law",
            "How a time varies: a duration, two figures such as `p50 30ms p99 200ms`, or the name of a law with its mean and what else it has.",
        ),
    ];
    LAWS.into_iter().chain(others)
}

/// A text of each law, as people write it.
pub(crate) fn examples() -> impl Iterator<Item = String> {
    LAWS.into_iter().map(|Word { text, about }| {
        let shown = about.split('`').nth(1).unwrap_or_default();
        if shown.starts_with(text) { shown.to_owned() } else { format!("{text} {shown}") }
    })
}

/// Reads a law; files that it names are taken from `recordings`.
pub(crate) fn parse(text: &str, recordings: &Recordings) -> Result<Law, UnitError> {
    let text = text.trim();
    if busy::is_in(text) {
        return Err(error(
            "how busy an instance was under a rate has no place here",
            "only the `cpu` of a step is on an instance; write a time, such as \"6ms\" or \"p50 30ms p99 200ms\"",
        ));
    }
    if figures::begins(text) {
        return figures::parse(text);
    }
    if !text.starts_with(|c: char| c.is_alphabetic()) {
        return parse_time(text).map(Law::Constant);
    }
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    if let Some(shape) = name.strip_prefix("erlang") {
        return erlang(text, shape, rest);
    }
    match name {
        "constant" => parse_time(rest).map(Law::Constant),
        "exponential" => mean(text, rest).map(|mean| Law::Exponential { mean }),
        "lognormal" if figures::begins(rest) => figures::parse(rest),
        "lognormal" => {
            let (mean, cv) = mean_and_cv(text, name, rest)?;
            Ok(if cv == 0.0 { Law::Constant(mean) } else { Law::Lognormal { mean, cv } })
        }
        "hyperexponential" => {
            let (mean, cv) = mean_and_cv(text, name, rest)?;
            if cv <= 1.0 {
                return Err(error(
                    format!("a hyperexponential law cannot have a cv of {cv}"),
                    "its cv is above 1; `exponential` has 1, `erlang-4` has 0.5",
                ));
            }
            Ok(Law::Hyperexponential { mean, cv })
        }
        "gamma" => {
            let (mean, cv) = mean_and_cv(text, name, rest)?;
            Ok(if cv == 0.0 { Law::Constant(mean) } else { Law::Gamma { mean, cv } })
        }
        "weibull" => {
            let (mean, shape) =
                mean_and_number(text, rest, "shape", "write \"weibull 6ms shape 1.5\"".into(), WEIBULL)?;
            Ok(Law::Weibull { mean, shape })
        }
        "uniform" => uniform(text, rest),
        "empirical" => empirical(rest, recordings),
        "replay" => Err(error(
            "recorded values have no place here",
            "only demands of requests can be replayed: cpu, delay, demand, time of a service",
        )),
        _ => Err(error(
            format!("`{name}` is not a law"),
            match closest(name, LAWS.map(|law| law.text)) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!(
                    "laws: a duration such as \"6ms\", two figures such as \"p50 30ms p99 200ms\", or {}",
                    LAWS.map(|law| law.text).join(", ")
                ),
            },
        )),
    }
}

fn mean(text: &str, rest: &str) -> Result<Time, UnitError> {
    match parse_time(rest)? {
        Time::ZERO => Err(error(format!("`{text}` has a mean of zero"), "write \"0s\" for no time at all")),
        mean => Ok(mean),
    }
}

fn erlang(text: &str, shape: &str, rest: &str) -> Result<Law, UnitError> {
    let shape = shape.strip_prefix('-').and_then(|digits| digits.parse().ok());
    match shape {
        Some(shape @ 1..=SHAPE_MAX) => Ok(Law::Erlang { mean: mean(text, rest)?, shape }),
        _ => Err(error(
            format!("`{text}` does not say its number of phases"),
            format!("write \"erlang-4 6ms\", with 1 to {SHAPE_MAX} phases"),
        )),
    }
}

fn mean_and_cv(text: &str, name: &str, rest: &str) -> Result<(Time, f64), UnitError> {
    let example = format!("write \"{name} 6ms cv 1.5\": mean, then standard deviation over mean");
    mean_and_number(text, rest, "cv", example, 0.0..=CV_MAX)
}

/// A mean, a word, and a number.
fn mean_and_number(
    text: &str,
    rest: &str,
    word: &str,
    example: String,
    range: std::ops::RangeInclusive<f64>,
) -> Result<(Time, f64), UnitError> {
    let (duration, number) =
        rest.split_once(word).ok_or_else(|| error(format!("`{text}` has no {word}"), example.clone()))?;
    let mean = mean(text, duration)?;
    match number.trim().parse::<f64>() {
        Ok(number) if range.contains(&number) => Ok((mean, number)),
        Ok(number) => Err(error(
            format!("{word} {number} is out of range"),
            format!("a {word} lies between {} and {}", range.start(), range.end()),
        )),
        Err(_) => Err(error(format!("`{}` is not a number", number.trim()), example)),
    }
}

fn uniform(text: &str, rest: &str) -> Result<Law, UnitError> {
    let words: Vec<&str> = rest.split_whitespace().collect();
    // "5ms 15ms" has only one split into two durations, and so has "5 ms 15 ms": the middle.
    let (low, high) = words.split_at(words.len() / 2);
    if low.is_empty() || words.len() > 4 {
        return Err(error(
            format!("`{text}` does not say from where to where"),
            "write \"uniform 5ms 15ms\"",
        ));
    }
    let (low, high) = (parse_time(&low.join(" "))?, parse_time(&high.join(" "))?);
    if low > high {
        return Err(error(
            format!("`{text}` ends before it starts"),
            format!("write \"uniform {high} {low}\""),
        ));
    }
    Ok(Law::Uniform { low, high })
}

fn empirical(name: &str, recordings: &Recordings) -> Result<Law, UnitError> {
    if name.is_empty() {
        return Err(error("`empirical` does not name a file", "write \"empirical times.csv\""));
    }
    let read = |file: Box<dyn Read>, budget: &Budget| {
        let mut text = Vec::new();
        // One byte more than allowed, to notice a file that is too large.
        file.take(FILE_MAX + 1).read_to_end(&mut text).map_err(|io| unreadable(name, io))?;
        if text.len() as u64 > FILE_MAX {
            return Err(unreadable(name, format!("larger than {} MiB", FILE_MAX >> 20)));
        }
        let values = times(name, &text)?;
        values.iter().try_for_each(|_| budget.take_value())?;
        Ok(values)
    };
    recordings.measured(name, read).map(Law::Empirical)
}

fn times(name: &str, text: &[u8]) -> Result<Vec<Time>, UnitError> {
    let mut values = Vec::new();
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text);
    for (index, line) in lines.records().enumerate() {
        let line =
            line.map_err(|csv| error(format!("cannot read `{name}`: {csv}"), "one duration a line"))?;
        let cell = line.get(0).unwrap_or_default();
        let value = match cell.parse::<f64>() {
            Ok(secs) if (0.0..1e9).contains(&secs) => Some(Time::from_secs_f64(secs)),
            Ok(_) => None,
            Err(_) => parse_time(cell).ok(),
        };
        match value {
            Some(value) => values.push(value),
            None if index == 0 && cell.parse::<f64>().is_err() => {} // a header
            None => {
                let number = line.position().map_or(index as u64 + 1, csv::Position::line);
                return Err(error(
                    format!("line {number} of `{name}`: {} is not a duration", excerpt(cell)),
                    "the first column holds seconds, or durations with a unit",
                ));
            }
        }
    }
    match values.is_empty() {
        true => Err(error(format!("`{name}` holds no durations"), "one duration a line in the first column")),
        false => Ok(values),
    }
}

/// A law as a scenario writes it; an empirical one by its number of values and mean.
pub fn describe(law: &Law) -> String {
    match law {
        Law::Constant(time) => time.to_string(),
        Law::Exponential { mean } => format!("exponential {mean}"),
        Law::Erlang { mean, shape } => format!("erlang-{shape} {mean}"),
        Law::Lognormal { mean, cv } => format!("lognormal {mean} cv {cv}"),
        Law::Hyperexponential { mean, cv } => format!("hyperexponential {mean} cv {cv}"),
        Law::Gamma { mean, cv } => format!("gamma {mean} cv {cv}"),
        Law::Weibull { mean, shape } => format!("weibull {mean} shape {shape}"),
        Law::Uniform { low, high } => format!("uniform {low} {high}"),
        Law::Replayed { values, .. } => {
            format!("replay, {} of mean {}", counted(values.len() as u64, "value"), law.mean())
        }
        Law::Empirical(values) => {
            format!("empirical, {} of mean {}", counted(values.len() as u64, "value"), law.mean())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Law, String> {
        parse(text, &Recordings::default()).map_err(|error| error.message)
    }

    #[test]
    fn laws_read_back_as_they_are_described() {
        for text in [
            "6ms",
            "exponential 6ms",
            "erlang-4 6ms",
            "lognormal 6ms cv 0.5",
            "hyperexponential 6ms cv 3",
            "gamma 6ms cv 0.7",
            "weibull 6ms shape 1.5",
            "uniform 5ms 15ms",
        ] {
            assert_eq!(describe(&read(text).unwrap()), text);
        }
        assert_eq!(read("uniform 5 ms 15 ms"), read("uniform 5ms 15ms"));
        assert_eq!(read("constant 1.5 s"), read("1500ms"));
    }

    #[test]
    fn impossible_parameters_are_named() {
        assert_eq!(
            read("hyperexponential 6ms cv 0.5").unwrap_err(),
            "a hyperexponential law cannot have a cv of 0.5"
        );
        assert_eq!(read("lognormal 6ms").unwrap_err(), "`lognormal 6ms` has no cv");
        assert_eq!(read("lognormal 6ms cv nan").unwrap_err(), "cv NaN is out of range");
        assert_eq!(read("weibull 6ms shape 0").unwrap_err(), "shape 0 is out of range");
        assert_eq!(read("gamma 6ms").unwrap_err(), "`gamma 6ms` has no cv");
        assert_eq!(read("erlang 6ms").unwrap_err(), "`erlang 6ms` does not say its number of phases");
        assert_eq!(read("exponential 0ms").unwrap_err(), "`exponential 0ms` has a mean of zero");
        assert_eq!(read("uniform 15ms 5ms").unwrap_err(), "`uniform 15ms 5ms` ends before it starts");
        assert_eq!(read("uniform").unwrap_err(), "`uniform` does not say from where to where");
        assert_eq!(
            parse("exponental 6ms", &Recordings::default()).unwrap_err().hint,
            "did you mean `exponential`?"
        );
    }

    #[test]
    fn measured_times_are_seconds_or_have_a_unit() {
        let law = times("t.csv", b"seconds,count\n0.25,7\n250ms\n\n1e-3\n").unwrap();
        let values = [Time::from_millis(250), Time::from_millis(250), Time::from_millis(1)];
        assert_eq!(law, values);
        let message = times("t.csv", b"0.25\nabc\n").unwrap_err().message;
        assert_eq!(message, "line 2 of `t.csv`: a text of 3 characters is not a duration");
        assert!(times("t.csv", b"header\n").is_err());
        assert!(times("t.csv", b"-1\n").is_err());
    }
}
