//! What became of requests and attempts. In: an [`Outcome`]. Out: counts with shares, failures by cause.

use super::{heading, margin_of};
use crate::outcome::figure::{amount, margin, number, share};
use crate::outcome::{Count, Outcome};
use crate::report::table::{BAD, Cell, PLAIN, QUIET, Side, Table};

pub(super) fn section(outcome: &Outcome) -> String {
    let (requests, attempts) = (&outcome.requests, &outcome.attempts);
    let mut table = Table::new(&[Side::Left, Side::Right]);
    let several = outcome.runs.count > 1;
    match several {
        true => table.titles(&["", "requests", "", "share", "attempts", "", "share"]),
        false => table.titles(&["", "requests", "share", "attempts", "share"]),
    }
    let mut add = |name: &str, of: &dyn Fn(&Count) -> f64, style| {
        let known = |what: &str| margin_of(outcome.estimate(what), margin).trim_start().to_owned();
        let mut cells = vec![Cell::from(name)];
        for (total, margin) in
            [(requests, known(name)), (attempts, known(if name == "arrived" { "attempts" } else { "" }))]
        {
            let part = if total.arrived > 0.0 { share(of(total) / total.arrived) } else { "–".into() };
            let style = if std::ptr::eq(total, requests) { style } else { PLAIN };
            cells.push(Cell::new(amount(of(total)), style));
            cells.extend(several.then(|| Cell::new(margin, QUIET)));
            cells.push(Cell::new(part, style));
        }
        table.row(cells);
    };
    add("arrived", &|count| count.arrived, PLAIN);
    add("completed", &|count| count.completed, PLAIN);
    add("failed", &|count| count.failed, if requests.failed > 0.0 { BAD } else { PLAIN });
    for cause in causes(requests, attempts) {
        add(&format!("  {cause}"), &|count| of_cause(count, cause), PLAIN);
    }
    if requests.in_flight + attempts.in_flight > 0.0 {
        add("in flight at the end", &|count| count.in_flight, PLAIN);
    }
    format!("{}{table}{}", heading("Requests", &rates(outcome)), abandoned(outcome))
}

/// Goodput, and with several runs the share of errors, each with its margin.
fn rates(outcome: &Outcome) -> String {
    let of = |name: &str, scale: f64| margin_of(outcome.estimate(name), |width| margin(width * scale));
    let mut text = format!("goodput {}{} requests/s", number(outcome.goodput_per_s), of("goodput", 1.0));
    if let Some(errors) = outcome.estimate("errors").filter(|errors| errors.interval.is_some()) {
        text.push_str(&format!(", errors {}{}", share(errors.value), of("errors", 100.0)));
    }
    if outcome.runs.count > 1 {
        text.push_str("; counts are means over the runs");
    }
    text
}

fn of_cause(count: &Count, cause: &str) -> f64 {
    count.failed_by_cause.get(cause).copied().unwrap_or(0.0)
}

/// Causes of either count, the most frequent among requests first, then among attempts.
fn causes<'a>(requests: &'a Count, attempts: &'a Count) -> Vec<&'a String> {
    let mut causes: Vec<&String> =
        requests.failed_by_cause.keys().chain(attempts.failed_by_cause.keys()).collect();
    causes.sort();
    causes.dedup();
    let often = |cause: &String| (of_cause(requests, cause), of_cause(attempts, cause));
    causes.sort_by(|one, other| {
        let (one, other) = (often(one), often(other));
        other.0.total_cmp(&one.0).then(other.1.total_cmp(&one.1))
    });
    causes
}

fn abandoned(outcome: &Outcome) -> String {
    let abandoned = &outcome.abandoned;
    if abandoned.ended + abandoned.in_system == 0.0 {
        return String::new();
    }
    let (all, cpu) = (amount(abandoned.ended + abandoned.in_system), number(abandoned.cpu_s));
    format!("  {all} attempts went on after their clients had gone, for {cpu} CPU seconds\n")
}
