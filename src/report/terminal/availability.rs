//! How available it was. In: an [`Outcome`]. Out: a row for each way to count, with nines and minutes of a year; one sentence if nothing failed.

use super::margin::margin_of;
use crate::id::ClassId;
use crate::measure::resource::label::NAME;
use crate::number::{self, MINUTES_OF_A_YEAR, agreeing, amount, available, count, margin, number, share};
use crate::objective::quantity::Quantity;
use crate::outcome::availability::{Share, UsersOutcome, Year};
use crate::outcome::{Availability, Outcome};
use crate::report::nines;
use crate::report::section::Section;
use crate::report::table::{Cell, QUIET, Side, Table};
use crate::text::Word;
use crate::units::Time;

/// The title of this part of the page.
pub(in crate::report) const TITLE: &str = PART.text;

pub(in crate::report) const PART: Word = Word::new(
    "Availability",
    "Which part of what ended succeeded, and what that would be over a year: of requests, attempts, time, classes, zones and users.",
);
const AVAILABLE: Word = Word::new("available", "Succeeded over ended, in percent.");
const NINES: Word = Word::new(
    "nines",
    "Minus the decimal logarithm of the part that failed: 99.9 % is 3 nines. The first column is of the event, the last of a year in which it happens once.",
);
const YEAR: Word = Word::new(
    "a year like this",
    "How long a year would be without service if all of it were like the event, in minutes; from an hour on the same in hours or days is in brackets.",
);
const ONCE: Word = Word::new(
    "once a year",
    "How long a year would be without service if it had this event once, and else none of its failures, in minutes.",
);

/// The row of availability by time; it has the length of an interval in place of the name.
const BY_INTERVALS: Word = Word::new(
    "by NAME intervals",
    "Availability by time: the event in intervals of this length, each of which counts as much as every other, whatever ended in it.",
);
const DOWN_FOR: Word = Word::new(
    "down for",
    "How long the event was without service, in minutes: those in which more than a part of the requests failed; which part is a key of [availability].",
);

/// The words of this part.
pub(in crate::report) const WORDS: &[Word] = &[
    AVAILABLE,
    NINES,
    YEAR,
    ONCE,
    BY_INTERVALS,
    Word::new("requests", "The row of requests of clients: which part of those that ended succeeded."),
    Word::new(
        "attempts",
        "The row of attempts: which part of those that ended succeeded, each retry counted by itself.",
    ),
    Word::new("in zone NAME", "The row of requests that instances in the Availability Zone worked on."),
    DOWN_FOR,
    Word::new(
        "never down",
        "In no minute did more than a part of the requests fail; which part is a key of [availability].",
    ),
    Word::new(
        "failed before they came to an instance",
        "Requests of which a balancer, a name or a waiting room made an end, a count.",
    ),
    Word::new(
        "met a failure",
        "Users of whom at least one request failed, in percent of those of whom one ended.",
    ),
    Word::new(
        "never got an answer",
        "Users of whom no request was answered, in percent of those of whom one ended.",
    ),
    Word::new(
        "down",
        "A minute in which more than a part of the requests failed; which part is a key of [availability].",
    ),
];

/// Most classes that a page shows, those of which most failed; with more, the whole page has them.
const MOST_CLASSES: usize = 5;

/// What is counted, in a row.
struct Row<'a> {
    name: String,
    failed: f64,
    /// How many ended, of all runs.
    of: f64,
    year: &'a Year,
    quantity: Option<Quantity>,
}

pub(super) fn section(outcome: &Outcome, whole: bool) -> Option<Section> {
    let found = outcome.availability.as_ref()?;
    let (requests, attempts) = (found.requests.as_ref()?, found.attempts.as_ref());
    if requests.failed == 0.0 && attempts.is_none_or(|it| it.failed == 0.0) {
        return Some(Section::of(PART, nothing_failed(outcome, requests)));
    }
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.sparing(&[6, 5, 4]);
    table.heads(&[Word::NONE, AVAILABLE, Word::NONE, NINES, YEAR, ONCE, NINES]);
    for row in rows(outcome, found, whole) {
        let estimate = row.quantity.and_then(|of| outcome.estimate(&of));
        let points = margin_of(estimate, |width| margin(100.0 * width)).trim_start().to_owned();
        table.row([
            row.name.as_str().into(),
            available(row.failed, row.of).into(),
            Cell::new(points, QUIET),
            nines::of_event(row.year).into(),
            nines::lost(row.year).into(),
            nines::once(row.year).into(),
            nines::of_year(row.year).into(),
        ]);
    }
    table.without_empty();
    let remark = format!("of what ended; a year has {} minutes", number(MINUTES_OF_A_YEAR));
    Some(Section::of(PART, remark).table(table).lines(lines(outcome, found)))
}

/// `all 28,477,078 requests that ended succeeded: at least 6.9 nines by their number, at most 0.0553 min a year`.
fn nothing_failed(outcome: &Outcome, requests: &Share) -> String {
    let Year { nines: least, year_minutes, .. } = requests.year;
    let (least, most) = (number::nines(least), number::yearly(year_minutes));
    let ended = count((requests.ended * outcome.runs.count as f64).round() as u64);
    let these = match (ended.as_str(), outcome.runs.count) {
        ("1", _) => "the only request succeeded".to_owned(),
        (_, 1) => format!("all {ended} requests that ended succeeded"),
        (_, runs) => format!("all {ended} requests that ended in {runs} runs succeeded"),
    };
    format!("{these}: at least {least} nines by their number, at most {most} a year")
}

fn rows<'a>(outcome: &'a Outcome, found: &'a Availability, whole: bool) -> Vec<Row<'a>> {
    let runs = outcome.runs.count as f64;
    let of = |name: String, share: &'a Share, quantity| Row {
        name,
        failed: share.failed / share.ended,
        of: share.ended * runs,
        year: &share.year,
        quantity: Some(quantity),
    };
    let requests = found.requests.iter().map(|it| of("requests".into(), it, Quantity::Availability(None)));
    // Without retries each attempt is a request.
    let attempts = found.attempts.iter().filter(|_| outcome.attempts.arrived > outcome.requests.arrived);
    let attempts = attempts.map(|it| of("attempts".into(), it, Quantity::AttemptAvailability));
    let ended = found.requests.map_or(0.0, |it| it.ended * runs);
    let interval = Time::from_secs_f64(found.by_time.interval_s);
    let by_time = found.by_time.year.iter().map(|year| Row {
        name: BY_INTERVALS.text.replace(NAME, &interval.to_string()),
        failed: 1.0 - found.by_time.availability,
        of: ended,
        year,
        quantity: Some(Quantity::Uptime),
    });
    let place = |name: &str| outcome.classes.iter().position(|it| it.name == name).unwrap_or(0);
    let mut classes: Vec<_> = found.classes.iter().filter(|it| it.share.failed > 0.0).collect();
    if !whole {
        classes.sort_by(|one, other| other.share.failed.total_cmp(&one.share.failed));
        classes.truncate(MOST_CLASSES);
        classes.sort_by_key(|it| place(&it.name));
    }
    let classes = classes.into_iter().map(|it| {
        let class = ClassId(place(&it.name) as u32);
        of(it.name.clone(), &it.share, Quantity::Availability(Some(class)))
    });
    let zones = found.zones.iter().filter_map(|it| {
        let zone = crate::catalog::zone::Zone::named_so(&it.name)?;
        Some(of(format!("in zone {zone}"), &it.share, Quantity::InZone(zone)))
    });
    requests.chain(attempts).chain(by_time).chain(classes).chain(zones).collect()
}

/// What is no share of what ended.
fn lines(outcome: &Outcome, found: &Availability) -> Vec<String> {
    let nowhere = found.at_no_instance.filter(|it| it.failed > 0.0).map(|it| {
        let part = found.requests.map_or(0.0, |all| it.failed / all.failed);
        let failed = agreeing(amount(it.failed), "request");
        format!("{failed} failed before they came to an instance, {} of all failures", share(part))
    });
    let above = share(found.down.above);
    let span = Time::from_secs_f64(outcome.scenario.duration_s);
    let minute = match found.down.window_s {
        60.0 => "minute".to_owned(),
        width => format!("{} of rows", Time::from_secs_f64(width)),
    };
    let down = match found.down.down_s {
        0.0 => format!("never down: in no {minute} more than {above} of requests failed"),
        down_s => {
            let estimate = outcome.estimate(&Quantity::Down);
            let estimate = estimate.filter(|it| it.interval.is_some_and(|it| it.half_width > 0.0));
            let margin = margin_of(estimate, |width| margin(width / 60.0));
            format!(
                "{} {}{margin} min of {span}: more than {above} of requests failed in each such {minute}",
                DOWN_FOR.text,
                number(down_s / 60.0)
            )
        }
    };
    let users = found.users.iter().filter(|it| it.met_failure > 0.0).map(met);
    nowhere.into_iter().chain([down]).chain(users).collect()
}

/// `12 % of 4,000 users of `staff` met a failure, 0.3 % never got an answer`.
fn met(it: &UsersOutcome) -> String {
    let UsersOutcome { name, users, met_failure, never_answered } = it;
    let part = |of: &f64| share(of / users);
    let never = match never_answered {
        0.0 => String::new(),
        some => format!(", {} never got an answer", part(some)),
    };
    let all = agreeing(amount(*users), "user");
    format!("{} of {all} of `{name}` met a failure{never}", part(met_failure))
}
