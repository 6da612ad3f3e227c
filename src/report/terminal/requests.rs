//! Results of requests and attempts. In: an [`Outcome`]. Out: counts with shares, failures by cause.

use super::margin::margin_of;
use crate::number::{agreeing, amount, margin, number, share};
use crate::outcome::estimate::Quantity;
use crate::outcome::{Cause, Count, Outcome};
use crate::report::section::Section;
use crate::report::table::{BAD, Cell, PLAIN, QUIET, Side, Table};
use crate::text::Word;

/// The title of this part of the page.
pub(in crate::report) const TITLE: &str = PART.text;

pub(in crate::report) const PART: Word = Word::new(
    "Requests",
    "What became of the requests of the event and of the attempts that were made for them: how many arrived, completed and failed, and by which cause.",
);
const REQUESTS: Word = Word::new(
    "requests",
    "Requests of clients, a count of the event; with several runs the mean over the runs. A request counts once, however often it is tried again.",
);
const ATTEMPTS: Word = Word::new(
    "attempts",
    "Attempts that were sent, retries included, a count of the event; with several runs the mean over the runs.",
);
const SHARE: Word = Word::new("share", "The part of what arrived, in percent.");
const ARRIVED: Word = Word::new("arrived", "Requests or attempts that were sent during the event, a count.");
const COMPLETED: Word = Word::new("completed", "Requests or attempts that got their answer, a count.");
const FAILED: Word = Word::new(
    "failed",
    "Requests or attempts that ended without an answer or with an error, a count; the rows below it are their causes.",
);
const IN_FLIGHT_AT_END: Word =
    Word::new("in flight at the end", "Requests or attempts that had not ended when the event did, a count.");
const GOODPUT: Word = Word::new("goodput", "Completed requests per second, over the whole event.");

/// The words of this part; causes have their own.
pub(in crate::report) const WORDS: &[Word] = &[
    REQUESTS,
    ATTEMPTS,
    SHARE,
    ARRIVED,
    COMPLETED,
    FAILED,
    IN_FLIGHT_AT_END,
    Word::new("in flight", "Sent and not yet ended: requests or attempts, a count at an instant."),
    GOODPUT,
    Word::new("errors", "Failed over arrived requests, in percent."),
];

pub(super) fn section(outcome: &Outcome) -> Section {
    let (requests, attempts) = (&outcome.requests, &outcome.attempts);
    let mut table = Table::new(&[Side::Left, Side::Right]);
    let several = outcome.runs.count > 1;
    match several {
        true => table.heads(&[Word::NONE, REQUESTS, Word::NONE, SHARE, ATTEMPTS, Word::NONE, SHARE]),
        false => table.heads(&[Word::NONE, REQUESTS, SHARE, ATTEMPTS, SHARE]),
    }
    let mut add = |name: &str, of: &dyn Fn(&Count) -> f64, style, estimates: [Option<Quantity>; 2]| {
        let known = estimates.map(|quantity| {
            let estimate = quantity.and_then(|quantity| outcome.estimate(&quantity));
            margin_of(estimate, margin).trim_start().to_owned()
        });
        let mut cells = vec![Cell::from(name)];
        for (total, margin) in [requests, attempts].into_iter().zip(known) {
            let part = if total.arrived > 0.0 { share(of(total) / total.arrived) } else { "–".into() };
            let style = if std::ptr::eq(total, requests) { style } else { PLAIN };
            cells.push(Cell::new(amount(of(total)), style));
            cells.extend(several.then(|| Cell::new(margin, QUIET)));
            cells.push(Cell::new(part, style));
        }
        table.row(cells);
    };
    let failed = if requests.failed > 0.0 { BAD } else { PLAIN };
    add(ARRIVED.text, &|count| count.arrived, PLAIN, [Some(Quantity::Arrived), Some(Quantity::Attempts)]);
    add(COMPLETED.text, &|count| count.completed, PLAIN, [Some(Quantity::Completed), None]);
    add(FAILED.text, &|count| count.failed, failed, [Some(Quantity::Failed), None]);
    for cause in causes(requests, attempts) {
        add(&format!("  {cause}"), &|count| of_cause(count, cause), PLAIN, [None, None]);
    }
    if requests.in_flight + attempts.in_flight > 0.0 {
        add(IN_FLIGHT_AT_END.text, &|count| count.in_flight, PLAIN, [None, None]);
    }
    Section::of(PART, rates(outcome)).table(table).lines(abandoned(outcome))
}

/// Goodput, and with several runs the share of errors, each with its margin.
fn rates(outcome: &Outcome) -> String {
    let goodput = margin_of(outcome.estimate(&Quantity::Goodput), margin);
    let mut text = format!("{} {}{goodput} requests/s", GOODPUT.text, number(outcome.goodput_per_s));
    let errors = outcome.estimate(&Quantity::Errors(None)).filter(|errors| errors.interval.is_some());
    if let Some(errors) = errors {
        let points = margin_of(Some(errors), |width| margin(width * 100.0));
        text.push_str(&format!(", errors {}{points}", share(errors.value)));
    }
    if outcome.runs.count > 1 {
        text.push_str("; counts are means over the runs");
    }
    text
}

fn of_cause(count: &Count, cause: Cause) -> f64 {
    count.failed_by_cause.get(&cause).copied().unwrap_or(0.0)
}

/// Causes in either count: the most frequent among requests first, then those among attempts.
fn causes(requests: &Count, attempts: &Count) -> Vec<Cause> {
    let mut causes: Vec<Cause> =
        requests.failed_by_cause.keys().chain(attempts.failed_by_cause.keys()).copied().collect();
    causes.sort();
    causes.dedup();
    let often = |cause: Cause| (of_cause(requests, cause), of_cause(attempts, cause));
    causes.sort_by(|one, other| {
        let (one, other) = (often(*one), often(*other));
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    causes
}

fn abandoned(outcome: &Outcome) -> Vec<String> {
    let abandoned = &outcome.abandoned;
    if abandoned.ended + abandoned.in_system == 0.0 {
        return Vec::new();
    }
    let (all, cpu) = (amount(abandoned.ended + abandoned.in_system), number(abandoned.cpu_s));
    let their = if all == "1" { "its caller" } else { "their callers" };
    let (attempts, seconds) = (agreeing(all, "attempt"), agreeing(cpu, "CPU second"));
    vec![format!("{attempts} went on after {their} had gone, for {seconds} of instances")]
}
