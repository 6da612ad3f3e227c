//! `[objectives]`: bounds on the outcome. In: `"p99 < 800ms"`, `"< 0.1%"`, `"< $500"`. Out: [`Objective`]s.

use super::ClassId;
use super::names::Kind;
use super::reader::Reader;
use super::reference::{Key, Shape};
use super::value::Value;
use crate::units::{Time, Usd, parse_percent, parse_time};

/// One bound on the outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// As written, for the page: `latency p99 < 800ms`.
    pub text: String,
    /// What is bounded.
    pub bound: Bound,
}

/// What an objective bounds; every bound is strict (`<`) or not (`<=`) as `inclusive` says.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// A latency percentile, of all requests or one class.
    Latency {
        /// Quantile between 0 and 1; 1 is the maximum.
        quantile: f64,
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit.
        limit: Time,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// Failed requests over arrived requests, of all requests or one class.
    Errors {
        /// The class, or all.
        class: Option<ClassId>,
        /// The limit, between 0 and 1.
        limit: f64,
        /// Whether equality meets it.
        inclusive: bool,
    },
    /// The bill of the event.
    Cost {
        /// The limit.
        limit: Usd,
        /// Whether equality meets it.
        inclusive: bool,
    },
}

/// Most objectives of one key.
const OBJECTIVES_MAX: usize = 200;

/// The language of objectives.
pub const SHAPE: Shape = Shape {
    title: "[objectives]",
    about: "Upper bounds on the outcome. With `<` the bound itself is a miss, with `<=` it is met. \
            Each key takes one bound or an array of them.",
    keys: &[
        Key::optional(
            "latency",
            "\"p99 < 800ms\" or \"CLASS p99 < 800ms\"",
            "none",
            "a latency percentile of all requests or of one class: p50, p99.9, max",
        ),
        Key::optional(
            "errors",
            "\"< 0.1%\" or \"CLASS < 1%\"",
            "none",
            "failed requests over arrived requests, of all or of one class",
        ),
        Key::optional("cost", "\"< $500\"", "none", "the bill of the event, in US dollars"),
    ],
};

/// A bound cut at its operator: what is bounded, whether equality meets it, and the limit.
struct Cut<'a> {
    subject: &'a str,
    inclusive: bool,
    limit: &'a str,
}

fn cut<'a>(value: Value<'a>, text: &'a str, example: &str) -> Option<Cut<'a>> {
    let Some((subject, rest)) = text.split_once('<') else {
        let hint = match text.contains('>') {
            true => format!("an objective is an upper bound: write {example}"),
            false => format!("write {example}"),
        };
        value.problem(format!("`{text}` is not a bound"), hint);
        return None;
    };
    let (inclusive, limit) = match rest.strip_prefix('=') {
        Some(limit) => (true, limit),
        None => (false, rest),
    };
    Some(Cut { subject: subject.trim(), inclusive, limit: limit.trim() })
}

/// The class of a bound; an empty name is all of them.
fn class(value: Value, name: &str) -> Option<Option<ClassId>> {
    match name {
        "" => Some(None),
        name => value
            .cx
            .resolve(&value.span_of(name), &[Kind::Class], name)
            .map(|(_, index)| Some(ClassId(index))),
    }
}

/// The quantile behind `p99.9` or `max`, or a message and a hint.
///
/// # Errors
/// The text is no percentile.
pub fn quantile(percentile: &str) -> Result<f64, (String, &'static str)> {
    match percentile.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok()) {
        _ if percentile == "max" => Ok(1.0),
        // A hundredth of 99.9 is not 0.999 to the last bit, and a rank above may hang on that.
        Some(percent) if percent > 0.0 && percent <= 100.0 => Ok((percent * 1e9).round() / 1e11),
        Some(_) => Err((
            format!("percentile `{percentile}` is out of range"),
            "percentiles lie between p0 and p100; the one with three nines is p99.9",
        )),
        None => Err((format!("`{percentile}` is not a percentile"), "write \"p99 < 800ms\" or \"max < 2s\"")),
    }
}

fn latency(value: Value, text: &str) -> Option<Bound> {
    let Cut { subject, inclusive, limit } = cut(value, text, "\"p99 < 800ms\"")?;
    let (name, percentile) = subject.rsplit_once(char::is_whitespace).unwrap_or(("", subject));
    let quantile =
        quantile(percentile).map_err(|(message, hint)| value.problem_in(percentile, message, hint)).ok();
    let class = class(value, name.trim());
    let limit = parse_time(limit).map_err(|error| value.problem_in(limit, error.message, error.hint)).ok();
    Some(Bound::Latency { quantile: quantile?, class: class?, limit: limit?, inclusive })
}

fn errors(value: Value, text: &str) -> Option<Bound> {
    let Cut { subject, inclusive, limit } = cut(value, text, "\"< 0.1%\"")?;
    let class = class(value, subject);
    let limit = parse_percent(limit).map_err(|error| value.problem_in(limit, error.message, error.hint)).ok();
    Some(Bound::Errors { class: class?, limit: limit?, inclusive })
}

fn cost(value: Value, text: &str) -> Option<Bound> {
    let Cut { subject, inclusive, limit } = cut(value, text, "\"< $500\"")?;
    if !subject.is_empty() {
        value.problem_in(
            subject,
            format!("`{subject}` has no bill of its own"),
            "the cost of the whole event is bounded: \"< $500\"",
        );
        return None;
    }
    let amount = limit.strip_prefix('$').map(|digits| digits.replace([',', '_'], ""));
    match amount.and_then(|digits| digits.trim().parse::<f64>().ok()).filter(|usd| (0.0..1e12).contains(usd))
    {
        Some(usd) => Some(Bound::Cost { limit: Usd(usd), inclusive }),
        None => {
            value.problem_in(limit, format!("`{limit}` is not an amount of US dollars"), "write \"< $500\"");
            None
        }
    }
}

impl Objective {
    pub(super) fn read_all(reader: &Reader) -> Vec<Objective> {
        type Read = fn(Value, &str) -> Option<Bound>;
        let kinds: [(&'static str, Read); 3] = [("latency", latency), ("errors", errors), ("cost", cost)];
        let mut objectives = Vec::new();
        for (key, read) in kinds {
            let bounds = reader.maybe(key, |value| value.one_or_more(OBJECTIVES_MAX)).unwrap_or_default();
            objectives.extend(bounds.into_iter().filter_map(|value| {
                let text = value.text()?;
                let bound = read(value, text)?;
                Some(Objective { text: format!("{key} {}", text.trim()), bound })
            }));
        }
        objectives
    }
}
