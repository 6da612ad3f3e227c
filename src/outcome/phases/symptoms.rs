//! What came of a trouble: failed requests and retries. In: its rows. Out: [`Link`]s, and words with counts.

use std::ops::Range;

use super::crowds::Crowd;
use super::overdue::row_s;
use super::words::Words;
use crate::kind;
use crate::number::{number, share};
use crate::outcome::Link;

/// Part of all that failed from which requests that share nothing with the others are told apart. Assumption: less is told with them.
const LEAST: f64 = 0.1;
/// Attempts for each request that arrived, from which clients try again.
const RETRIES: f64 = 1.05;

impl<'w> Words<'w> {
    /// Whether requests fail in some rows.
    pub fn fails(&self, rows: &Range<usize>) -> bool {
        rows.clone().any(|row| self.timeline().failed_in(row) > 0.0)
    }

    /// Whether clients or tiers tried again in some rows.
    pub fn tries_again(&self, rows: &Range<usize>) -> bool {
        let total = |series: &[f64]| rows.clone().filter_map(|row| series.get(row)).sum::<f64>();
        let timeline = self.timeline();
        total(&timeline.attempts) > RETRIES * total(&timeline.offered)
            || kind::again(self.scene, rows, self.calm).is_some()
    }

    /// What came of a trouble, each with the row in which it was first seen, and the requests that it is of, if not all.
    pub fn symptoms(&self, rows: &Range<usize>) -> Vec<(usize, Option<&'w Crowd>, Link)> {
        let mut found = Vec::new();
        let timeline = self.timeline();
        let mut add = |of: Option<&'w Crowd>, seen: &dyn Fn(usize) -> bool, text: String| {
            let first = rows.clone().find(|&row| seen(row));
            let last = rows.clone().rev().find(|&row| seen(row));
            if let Some((first, last)) = first.zip(last) {
                let (at_s, until_s) = (self.time(first), self.time(last + 1));
                found.push((first, of, Link { at_s, until_s, resource: None, cause: false, text }));
            }
        };
        let fails = |crowd: &&Crowd, row: usize| crowd.rows.get(row).is_some_and(|it| it.1 > 0.0);
        let failures =
            |crowd: &Crowd| crowd.rows.get(rows.clone()).map_or(0.0, |own| own.iter().map(|it| it.1).sum());
        let all: f64 = self.crowds.iter().map(failures).sum();
        let failing: Vec<&'w Crowd> =
            self.crowds.iter().filter(|it| all > 0.0 && failures(it) >= LEAST * all).collect();
        match failing[..] {
            // Of those that share nothing each fails for a reason of its own.
            [_, _, ..] => {
                for crowd in failing {
                    if let Some(text) = failures_of(crowd, rows) {
                        add(Some(crowd), &|row| fails(&crowd, row), text);
                    }
                }
            }
            _ => {
                if let Some(text) = self.failures(rows) {
                    add(failing.first().copied(), &|row| timeline.failed_in(row) > 0.0, text);
                }
            }
        }
        let total = |series: &[f64]| rows.clone().filter_map(|row| series.get(row)).sum::<f64>();
        let (attempts, offered) = (total(&timeline.attempts), total(&timeline.offered));
        if offered > 0.0 && attempts > RETRIES * offered {
            let again = |row: usize| {
                let at = |series: &[f64]| series.get(row).copied().unwrap_or(0.0);
                at(&timeline.attempts) > RETRIES * at(&timeline.offered)
            };
            add(None, &again, format!("retries ×{}", number(attempts / offered)));
        }
        // Tiers multiply what clients send.
        if let Some((tried, text)) = kind::again(self.scene, rows, self.calm) {
            add(None, &|row| tried.contains(&row), text);
        }
        found
    }

    /// `3.2 % of requests failed, mostly client_timeout`, of those that ended in the rows.
    pub fn failures(&self, rows: &Range<usize>) -> Option<String> {
        let timeline = self.timeline();
        let total = |per_s: &dyn Fn(usize) -> f64| {
            rows.clone().map(|row| per_s(row) * row_s(self.outcome, row)).sum::<f64>()
        };
        let failed = total(&|row| timeline.failed_in(row));
        if failed <= 0.0 {
            return None;
        }
        let at = |series: &[f64], row: usize| series.get(row).copied().unwrap_or(0.0);
        let completed = total(&|row| at(&timeline.completed, row));
        let causes = timeline.failed.iter().map(|(cause, series)| (total(&|row| at(series, row)), cause));
        let (most, cause) = causes.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let all = most >= failed * (1.0 - 1e-9);
        let cause = if all { cause.to_string() } else { format!("mostly {cause}") };
        Some(format!("{} of requests failed, {cause}", share(failed / (failed + completed))))
    }
}

/// `3.2 % of requests of `pay` failed, mostly client_timeout`, of those that ended in the rows.
fn failures_of(crowd: &Crowd, rows: &Range<usize>) -> Option<String> {
    let own = crowd.rows.get(rows.clone())?;
    let (completed, failed) = own.iter().fold((0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let (cause, is_all) = crowd.cause?;
    let cause = if is_all { cause.to_string() } else { format!("mostly {cause}") };
    Some(format!("{} of {} failed, {cause}", share(failed / (failed + completed)), crowd.name))
}
