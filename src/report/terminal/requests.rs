//! What became of requests and attempts. In: an [`Outcome`]. Out: counts with shares, failures by cause.

use super::heading;
use crate::outcome::figure::{count, number, share};
use crate::outcome::{Count, Outcome};
use crate::report::table::{BAD, Cell, PLAIN, Side, Table};

pub(super) fn section(outcome: &Outcome) -> String {
    let (requests, attempts) = (&outcome.requests, &outcome.attempts);
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.titles(&["", "requests", "share", "attempts", "share"]);
    table.row(row("arrived", requests, attempts, |count| count.arrived));
    table.row(row("completed", requests, attempts, |count| count.completed));
    let mut failed = row("failed", requests, attempts, |count| count.failed);
    if requests.failed > 0 {
        failed[1..3].iter_mut().for_each(|cell| *cell = cell.clone().styled(BAD));
    }
    table.row(failed);
    for cause in causes(requests, attempts) {
        let of = |count: &Count| count.failed_by_cause.get(cause).copied().unwrap_or(0);
        table.row(row(&format!("  {cause}"), requests, attempts, of));
    }
    if requests.in_flight + attempts.in_flight > 0 {
        table.row(row("in flight at the end", requests, attempts, |count| count.in_flight));
    }
    let goodput = format!("goodput {} requests/s", number(outcome.goodput_per_s));
    format!("{}{table}{}", heading("Requests", &goodput), abandoned(outcome))
}

/// Causes of either count, the most frequent among requests first, then among attempts.
fn causes<'a>(requests: &'a Count, attempts: &'a Count) -> Vec<&'a String> {
    let mut causes: Vec<&String> =
        requests.failed_by_cause.keys().chain(attempts.failed_by_cause.keys()).collect();
    causes.sort();
    causes.dedup();
    let of = |count: &Count, cause: &String| count.failed_by_cause.get(cause).copied().unwrap_or(0);
    causes.sort_by_key(|cause| std::cmp::Reverse((of(requests, cause), of(attempts, cause))));
    causes
}

fn row(name: &str, requests: &Count, attempts: &Count, of: impl Fn(&Count) -> u64) -> Vec<Cell> {
    let cells = |total: &Count| {
        let value = of(total);
        let part = match total.arrived {
            0 => "–".into(),
            arrived => share(value as f64 / arrived as f64),
        };
        [Cell::new(count(value), PLAIN), Cell::new(part, PLAIN)]
    };
    [Cell::from(name)].into_iter().chain(cells(requests)).chain(cells(attempts)).collect()
}

fn abandoned(outcome: &Outcome) -> String {
    let abandoned = &outcome.abandoned;
    if abandoned.ended + abandoned.in_system == 0 {
        return String::new();
    }
    let (all, cpu) = (count(abandoned.ended + abandoned.in_system), number(abandoned.cpu_s));
    format!("  {all} attempts went on after their clients had gone, for {cpu} CPU seconds\n")
}
