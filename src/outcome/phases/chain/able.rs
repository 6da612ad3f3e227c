//! Which causes can explain what failed. In: the episodes of a trouble, and how many requests failed in it. Out: the same episodes, without
//! those that cannot.
//!
//! What turns a few requests away now and then, as a small service does by chance, does so in a trouble as well. It is full then, but
//! most failures of that time are of another kind, and there are far more of them than it turned away.

use std::ops::Range;

use super::super::evidence::failed;
use super::super::overdue::row_s;
use super::super::spans::breath;
use super::super::words::Words;
use super::Episode;

/// Part of the failures that a cause must have turned away itself. Assumption: less is told by the share of its kind.
const LEAST: f64 = 0.1;

impl Episode<'_> {
    /// Whether it was full by nothing but what it turned away.
    fn only_refuses(&self) -> bool {
        let mut full = self.rows.clone().filter(|&row| self.resource.full.get(row) == Some(&true));
        full.clone().next().is_some() && full.all(|row| self.resource.only_refuses(row))
    }
}

/// Drops what only turned away far fewer requests than failed, where something else was full nearly all the time.
pub(super) fn drop_unable(episodes: &mut Vec<Episode<'_>>, words: &Words<'_>, rows: &Range<usize>) {
    let total = |per_s: &dyn Fn(usize) -> f64| {
        rows.clone().map(|row| per_s(row) * row_s(words.outcome, row)).sum::<f64>()
    };
    let all = total(&|row| failed(words.timeline(), row));
    let is_few = |episode: &Episode<'_>| {
        let refused = total(&|row| episode.resource.refused.get(row).copied().unwrap_or(0.0));
        episode.only_refuses() && refused < LEAST * all
    };
    let few: Vec<bool> = episodes.iter().map(is_few).collect();
    let others = episodes.iter().zip(&few).filter(|(it, few)| !**few && !it.resource.symptom);
    let others: Vec<Range<usize>> = others.map(|(it, _)| it.rows.clone()).collect();
    let alone = rows.clone().filter(|row| others.iter().all(|rows| !rows.contains(row))).count();
    if alone <= breath(words.timeline().time_s.len()) {
        let mut few = few.into_iter();
        episodes.retain(|_| few.next() != Some(true));
    }
}
