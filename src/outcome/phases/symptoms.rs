//! What came of a trouble: failed requests and retries. In: its rows. Out: [`Link`]s, and words with counts.

use std::ops::Range;

use super::overdue::row_s;
use super::words::Words;
use crate::kind;
use crate::number::{number, share};
use crate::outcome::Link;

/// Attempts for each request that arrived, from which clients try again.
const RETRIES: f64 = 1.05;

impl Words<'_> {
    /// Whether requests fail in some rows.
    pub fn fails(&self, rows: &Range<usize>) -> bool {
        rows.clone().any(|row| self.timeline().failed_in(row) > 0.0)
    }

    /// What came of a trouble, each with the row in which it was first seen.
    pub fn symptoms(&self, rows: &Range<usize>) -> Vec<(usize, Link)> {
        let mut found = Vec::new();
        let timeline = self.timeline();
        let mut add = |seen: &dyn Fn(usize) -> bool, text: String| {
            let first = rows.clone().find(|&row| seen(row));
            let last = rows.clone().rev().find(|&row| seen(row));
            if let Some((first, last)) = first.zip(last) {
                let (at_s, until_s) = (self.time(first), self.time(last + 1));
                found.push((first, Link { at_s, until_s, resource: None, cause: false, text }));
            }
        };
        if let Some(text) = self.failures(rows) {
            add(&|row| timeline.failed_in(row) > 0.0, text);
        }
        let total = |series: &[f64]| rows.clone().filter_map(|row| series.get(row)).sum::<f64>();
        let (attempts, offered) = (total(&timeline.attempts), total(&timeline.offered));
        if offered > 0.0 && attempts > RETRIES * offered {
            let again = |row: usize| {
                let at = |series: &[f64]| series.get(row).copied().unwrap_or(0.0);
                at(&timeline.attempts) > RETRIES * at(&timeline.offered)
            };
            add(&again, format!("retries ×{}", number(attempts / offered)));
        }
        // Tiers multiply what clients send.
        if let Some((tried, text)) = kind::again(self.scene, rows, self.calm) {
            add(&|row| tried.contains(&row), text);
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
