//! Bounds as the file writes them: `home p99 < 500ms every minute`. In: a text. Out: a [`Bound`], or a problem at the
//! part that is wrong.

use super::{Bound, quantile};
use crate::id::{CacheId, ClassId, DatabaseId, Kind, Owner};
use crate::language::value::Value;
use crate::units::{Time, Usd, parse_percent, parse_time};

/// One key of `[objectives]` and how its bounds are read.
pub(super) struct Objectives {
    pub(super) key: &'static str,
    /// A bound that could stand there.
    example: &'static str,
    /// Whether a value must lie above its bound.
    lower: bool,
    read: fn(Value, &Cut) -> Option<Bound>,
    /// Whether rows of the timeline tell it.
    by_row: bool,
}

const fn below(
    key: &'static str,
    example: &'static str,
    read: fn(Value, &Cut) -> Option<Bound>,
) -> Objectives {
    Objectives { key, example, lower: false, read, by_row: false }
}

const fn above(
    key: &'static str,
    example: &'static str,
    read: fn(Value, &Cut) -> Option<Bound>,
) -> Objectives {
    Objectives { key, example, lower: true, read, by_row: false }
}

impl Objectives {
    const fn by_row(self) -> Objectives {
        Objectives { by_row: true, ..self }
    }
}

/// In the order of the reference.
pub(super) const KINDS: [Objectives; 8] = [
    below("latency", "\"p99 < 800ms\"", latency).by_row(),
    below("errors", "\"< 0.1%\"", errors).by_row(),
    below("cost", "\"< $500\"", cost),
    above("availability", "\">= 99.9%\"", availability).by_row(),
    above("hit_ratio", "\">= 90%\"", hit_ratio).by_row(),
    below("stale_reads", "\"< 1%\"", stale_reads),
    below("lag", "\"p99 < 1s\"", lag).by_row(),
    above("headroom", "\">= 1.3\"", headroom),
];

/// A bound cut at its operator: what is bounded, whether equality meets it, and the limit.
pub(super) struct Cut<'a> {
    subject: &'a str,
    inclusive: bool,
    limit: &'a str,
}

/// A table in the place of a bound: what its entries would be as text.
pub(super) fn not_a_table(value: Value, kind: &Objectives) {
    let entries = value.value.as_table().into_iter().flatten();
    let bounds: Vec<String> = entries
        .filter_map(|(key, value)| {
            let (key, limit) = (key.get_ref(), value.get_ref().as_str()?);
            let limit = limit.trim_start_matches(['<', '>', '=', ' ']);
            let operator = if kind.lower { ">=" } else { "<" };
            Some(format!("\"{key} {operator} {limit}\""))
        })
        .collect();
    let example = match bounds.as_slice() {
        [] => kind.example.to_owned(),
        [bound] => bound.clone(),
        bounds => format!("[{}]", bounds.join(", ")),
    };
    value.problem("a bound is text, not a table", format!("write {} = {example}", kind.key));
}

/// Reads one bound of a kind.
pub(super) fn bound(value: Value, text: &str, kind: &Objectives, bucket: Time) -> Option<Bound> {
    let (text, every) = match text.rsplit_once(" every ") {
        Some((text, every)) => (text, Some(every.trim())),
        None => (text, None),
    };
    let cut = cut(value, text, kind)?;
    let bound = (kind.read)(value, &cut);
    let Some(every) = every else { return bound };
    let window = window(value, every, bucket);
    let (bound, window) = (bound?, window?);
    let refuse = |message: &str, hint: &str| {
        value.problem_in(every, message, hint);
        None
    };
    match bound {
        Bound::Lag { quantile, .. } if quantile < 1.0 => {
            refuse("of the lag, rows keep the largest only", "write \"max < 1s every minute\"")
        }
        _ if !kind.by_row => refuse(
            "this is known of the whole event only",
            "`every` is for latency, errors, availability, hit_ratio and the max of lag",
        ),
        bound => Some(Bound::Every { window, bound: Box::new(bound) }),
    }
}

fn window(value: Value, every: &str, bucket: Time) -> Option<Time> {
    let window = match every {
        "second" => Time::from_secs(1),
        "minute" => Time::from_secs(60),
        "hour" => Time::from_secs(3_600),
        text => match parse_time(text) {
            Ok(window) => window,
            Err(error) => {
                value.problem_in(every, error.message, "write \"every minute\" or \"every 5m\"");
                return None;
            }
        },
    };
    if window < bucket || !window.0.is_multiple_of(bucket.0.max(1)) {
        value.problem_in(
            every,
            format!("a window of {window} is no whole number of rows of {bucket}"),
            format!("write a multiple of {bucket}, or set `bucket`"),
        );
        return None;
    }
    Some(window)
}

fn cut<'a>(value: Value, text: &'a str, kind: &Objectives) -> Option<Cut<'a>> {
    let (own, other) = if kind.lower { ('>', '<') } else { ('<', '>') };
    let Some((subject, rest)) = text.split_once(own) else {
        let hint = match (text.contains(other), kind.lower) {
            (true, false) => format!("this is an upper bound: write {}", kind.example),
            (true, true) => format!("this is a lower bound: write {}", kind.example),
            (false, _) => format!("write {}", kind.example),
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

/// A resource of some kinds by name; an empty name is all of them.
fn named(value: Value, kinds: &[Kind], name: &str) -> Option<Option<(Kind, u32)>> {
    match name {
        "" => Some(None),
        name => value.cx.resolve(&value.span_of(name), kinds, name).map(Some),
    }
}

fn class(value: Value, name: &str) -> Option<Option<ClassId>> {
    named(value, &[Kind::Class], name).map(|found| found.map(|(_, index)| ClassId(index)))
}

fn database(value: Value, name: &str) -> Option<Option<DatabaseId>> {
    named(value, &[Kind::Database], name).map(|found| found.map(|(_, index)| DatabaseId(index)))
}

fn share(value: Value, limit: &str) -> Option<f64> {
    parse_percent(limit).map_err(|error| value.problem_in(limit, error.message, error.hint)).ok()
}

fn time(value: Value, limit: &str) -> Option<Time> {
    parse_time(limit).map_err(|error| value.problem_in(limit, error.message, error.hint)).ok()
}

/// A name, which may be missing, and a percentile behind it.
fn percentile<'a>(value: Value, subject: &'a str) -> (&'a str, Option<f64>) {
    let (name, percentile) = subject.rsplit_once(char::is_whitespace).unwrap_or(("", subject));
    let quantile =
        quantile(percentile).map_err(|(message, hint)| value.problem_in(percentile, message, hint)).ok();
    (name.trim(), quantile)
}

fn latency(value: Value, cut: &Cut) -> Option<Bound> {
    let (name, quantile) = percentile(value, cut.subject);
    let (class, limit) = (class(value, name), time(value, cut.limit));
    Some(Bound::Latency { quantile: quantile?, class: class?, limit: limit?, inclusive: cut.inclusive })
}

fn errors(value: Value, cut: &Cut) -> Option<Bound> {
    let (class, limit) = (class(value, cut.subject), share(value, cut.limit));
    Some(Bound::Errors { class: class?, limit: limit?, inclusive: cut.inclusive })
}

fn availability(value: Value, cut: &Cut) -> Option<Bound> {
    let (class, limit) = (class(value, cut.subject), share(value, cut.limit));
    Some(Bound::Availability { class: class?, limit: limit?, inclusive: cut.inclusive })
}

fn hit_ratio(value: Value, cut: &Cut) -> Option<Bound> {
    let (found, limit) = (named(value, &[Kind::Cache], cut.subject), share(value, cut.limit));
    let cache = found?.map(|(_, index)| CacheId(index));
    Some(Bound::HitRatio { cache, limit: limit?, inclusive: cut.inclusive })
}

fn stale_reads(value: Value, cut: &Cut) -> Option<Bound> {
    let (database, limit) = (database(value, cut.subject), share(value, cut.limit));
    Some(Bound::StaleReads { database: database?, limit: limit?, inclusive: cut.inclusive })
}

fn lag(value: Value, cut: &Cut) -> Option<Bound> {
    let (name, quantile) = percentile(value, cut.subject);
    let (database, limit) = (database(value, name), time(value, cut.limit));
    Some(Bound::Lag { quantile: quantile?, database: database?, limit: limit?, inclusive: cut.inclusive })
}

fn headroom(value: Value, cut: &Cut) -> Option<Bound> {
    let name = cut.subject.strip_prefix("of ").unwrap_or(cut.subject).trim();
    let found = named(value, Owner::KINDS, name);
    let digits = cut.limit.trim_matches(['×', 'x', ' ']);
    let limit = digits.parse::<f64>().ok().filter(|limit| (0.0..=1e6).contains(limit));
    if limit.is_none() {
        let message = format!("`{}` is not a multiple of the traffic", cut.limit);
        value.problem_in(cut.limit, message, "write \">= 1.3\" for 30 % more than this traffic");
    }
    let resource = found?.and_then(|(kind, index)| Owner::of(kind, index));
    Some(Bound::Headroom { resource, limit: limit?, inclusive: cut.inclusive })
}

fn cost(value: Value, cut: &Cut) -> Option<Bound> {
    let Cut { subject, inclusive, limit } = *cut;
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
