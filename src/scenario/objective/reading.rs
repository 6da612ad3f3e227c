//! Bounds as the file writes them: `home p99 < 500ms every minute`. In: a text. Out: a [`Bound`], or a problem at the
//! part that is wrong.

use super::{Bound, quantile};
use crate::id::{ClassId, Kind, Owner};
use crate::kind::Settings;
use crate::kind::figure::{KindFigure, Known};
use crate::kind::{self, figures};
use crate::language::names::Named;
use crate::language::value::Value;
use crate::measure::bounded::Rule;
use crate::measure::recovery::Point;
use crate::measure::unit::Unit;
use crate::units::{Time, Usd, parse_percent, parse_time};

/// One key of `[objectives]` and how its bounds are read.
pub(super) struct Objectives {
    pub(super) key: &'static str,
    /// A bound that could stand there.
    example: &'static str,
    /// Whether a value must lie above its bound.
    lower: bool,
    read: Read,
    /// Whether rows of the timeline tell it; of a percentile, whether they tell the largest.
    by_row: bool,
}

/// What a bound is on.
#[derive(Clone, Copy)]
enum Read {
    /// What the requests of the system came to.
    System(fn(Value, &Cut) -> Option<Bound>),
    /// A figure that the table of a kind has.
    Figure(Known, &'static Rule),
}

const fn below(
    key: &'static str,
    example: &'static str,
    read: fn(Value, &Cut) -> Option<Bound>,
) -> Objectives {
    Objectives { key, example, lower: false, read: Read::System(read), by_row: false }
}

const fn above(
    key: &'static str,
    example: &'static str,
    read: fn(Value, &Cut) -> Option<Bound>,
) -> Objectives {
    Objectives { lower: true, ..below(key, example, read) }
}

impl Objectives {
    const fn by_row(self) -> Objectives {
        Objectives { by_row: true, ..self }
    }

    /// Those of a kind's figure, if it can be bounded.
    fn of(known: Known) -> Option<Objectives> {
        let rule = known.rule?;
        Some(Objectives {
            key: rule.key.name,
            example: rule.example,
            lower: rule.is_lower(),
            read: Read::Figure(known, rule),
            by_row: known.by_row,
        })
    }

    /// As the list of those that rows tell has it.
    fn by_row_words(&self) -> String {
        match self.read {
            Read::Figure(_, rule) if rule.percentile => format!("the max of {}", self.key),
            _ => self.key.to_owned(),
        }
    }
}

/// In the order of the reference.
pub(super) fn kinds() -> Vec<Objectives> {
    let mut all = vec![
        below("latency", "p99 < 800ms", latency).by_row(),
        below("errors", "< 0.1%", errors).by_row(),
        below("cost", "< $500", cost),
        above("availability", ">= 99.9%", availability).by_row(),
        below("rto", "< 15m", rto),
        below("rpo", "< 1s", rpo),
        below("lost_writes", "<= 0", lost_writes),
        below("doubled_writes", "<= 0", doubled_writes),
    ];
    all.extend(figures().filter_map(Objectives::of));
    all.push(above("headroom", ">= 1.3", headroom));
    all
}

/// What `every` is for, in words.
fn by_row() -> String {
    let words: Vec<String> =
        kinds().iter().filter(|kind| kind.by_row).map(Objectives::by_row_words).collect();
    match words.split_last() {
        Some((last, [_, ..])) => format!("{} and {last}", words[..words.len() - 1].join(", ")),
        _ => words.concat(),
    }
}

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
        [] => format!("\"{}\"", kind.example),
        [bound] => bound.clone(),
        bounds => format!("[{}]", bounds.join(", ")),
    };
    value.problem("a bound is text, not a table", format!("write {} = {example}", kind.key));
}

/// Reads one bound of a kind.
pub(super) fn bound(
    value: Value,
    text: &str,
    kind: &Objectives,
    (bucket, all): (Time, &Settings),
) -> Option<Bound> {
    let (text, every) = match text.rsplit_once(" every ") {
        Some((text, every)) => (text, Some(every.trim())),
        None => (text, None),
    };
    let cut = cut(value, text, kind)?;
    let bound = match kind.read {
        Read::System(read) => read(value, &cut),
        Read::Figure(known, rule) => figure(value, &cut, known, rule),
    };
    if let Some(Bound::Headroom { resource: Some(of), .. }) = bound
        && !all.can_fill(of.kind(), of.index())
    {
        let message = format!("nothing of `{}` can be full", cut.subject.trim_start_matches("of "));
        value.problem_in(cut.subject, message, "it has neither `workers` nor a limit: remove the bound");
    }
    let Some(every) = every else { return bound };
    let window = window(value, every, bucket);
    let (bound, window) = (bound?, window?);
    if !kind.by_row {
        let hint = format!("`every` is for {}", by_row());
        value.problem_in(every, "this is known of the whole event only", hint);
        return None;
    }
    match bound {
        Bound::Figure { of, .. } if of.quantile().is_some_and(|quantile| quantile < 1.0) => {
            let limit = kind.example.split_once(' ').map_or(kind.example, |(_, limit)| limit);
            let message = format!("of the {}, rows keep the largest only", kind.key);
            value.problem_in(every, message, format!("write \"max {limit} every minute\""));
            None
        }
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
            (true, false) => format!("this is an upper bound: write \"{}\"", kind.example),
            (true, true) => format!("this is a lower bound: write \"{}\"", kind.example),
            (false, _) => format!("write \"{}\"", kind.example),
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

/// A bound on a figure of a kind: `catalog >= 90%`, `orders p99 < 1s`.
fn figure(value: Value, cut: &Cut, known: Known, rule: &Rule) -> Option<Bound> {
    let (name, quantile) = match rule.percentile {
        true => percentile(value, cut.subject),
        false => (cut.subject, None),
    };
    let found = named(value, &[known.kind], name);
    if name.is_empty() && value.cx.names.count(known.kind) == 0 {
        let (noun, table) = (known.kind.noun(), known.kind.table());
        let message = format!("nothing in this scenario has what `{}` bounds", rule.key.name);
        value.problem(message, format!("it is of {noun}, and there is no [{table}.NAME]: remove the bound"));
    }
    let limit = match rule.unit {
        Unit::Millis => time(value, cut.limit).map(Time::as_millis_f64),
        _ => share(value, cut.limit),
    };
    let index = found?.map(|(_, index)| index as usize);
    let of = KindFigure::new(known, index, quantile)?;
    Some(Bound::Figure { of, limit: limit?, inclusive: cut.inclusive })
}

fn rto(value: Value, cut: &Cut) -> Option<Bound> {
    of_recovery(value, cut, Point::Rto)
}

fn rpo(value: Value, cut: &Cut) -> Option<Bound> {
    of_recovery(value, cut, Point::Rpo)
}

fn lost_writes(value: Value, cut: &Cut) -> Option<Bound> {
    of_recovery(value, cut, Point::LostWrites)
}

fn doubled_writes(value: Value, cut: &Cut) -> Option<Bound> {
    of_recovery(value, cut, Point::DoubledWrites)
}

/// A bound on the recovery of all that the scenario has.
fn of_recovery(value: Value, cut: &Cut, of: Point) -> Option<Bound> {
    let Cut { subject, inclusive, limit } = *cut;
    if !subject.is_empty() {
        let message = format!("`{subject}` has no recovery of its own");
        value.problem_in(subject, message, "the recovery of all of it is bounded: remove the name");
        return None;
    }
    let limit = match of.unit() {
        Unit::Seconds => time(value, limit)?.as_secs_f64(),
        _ => match limit.replace([',', '_'], "").parse::<f64>().ok().filter(|it| (0.0..1e15).contains(it)) {
            Some(count) => count,
            None => {
                value.problem_in(limit, format!("`{limit}` is not a number of writes"), "write \"<= 0\"");
                return None;
            }
        },
    };
    Some(Bound::Recovery { of, limit, inclusive })
}

/// Kinds of which something can be full.
pub(in crate::scenario) fn with_headroom() -> Vec<Kind> {
    // What happens by itself has no headroom.
    let acts = |kind: &Kind| kind::TABLES.iter().any(|words| words.kind == *kind && words.acts);
    Owner::KINDS.iter().copied().filter(|kind| !acts(kind)).collect()
}

fn headroom(value: Value, cut: &Cut) -> Option<Bound> {
    let name = cut.subject.strip_prefix("of ").unwrap_or(cut.subject).trim();
    let found = named(value, &with_headroom(), name);
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
