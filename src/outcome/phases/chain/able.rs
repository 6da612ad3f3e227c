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
use crate::measure::watched::WAITING;

/// Part of the failures that a cause must have turned away itself. Assumption: less is told by the share of its kind.
const LEAST: f64 = 0.1;

impl Episode<'_> {
    /// Whether all that it did to anybody was to turn requests away.
    fn only_refuses(&self) -> bool {
        let does_nothing =
            |row| !self.resource.refuses(row) && self.resource.waiting.get(row) < Some(&WAITING);
        self.rows.clone().any(|row| self.resource.refuses(row))
            && self.rows.clone().all(|row| self.resource.only_refuses(row) || does_nothing(row))
    }
}

/// Of each episode, whether it only turned away far fewer requests than failed: it cannot be the cause of most of that.
pub(super) fn unable(episodes: &[Episode<'_>], words: &Words<'_>, rows: &Range<usize>) -> Vec<bool> {
    let total = |per_s: &dyn Fn(usize) -> f64| {
        rows.clone().map(|row| per_s(row) * row_s(words.outcome, row)).sum::<f64>()
    };
    let all = total(&|row| failed(words.timeline(), row));
    let is_few = |episode: &Episode<'_>| {
        let refused = |row: usize| episode.resource.refused.get(row).copied().unwrap_or(0.0);
        episode.only_refuses() && total(&refused) < LEAST * all
    };
    episodes.iter().map(is_few).collect()
}

/// Drops those where something else was full nearly all the time.
pub(super) fn drop_unable(episodes: &mut Vec<Episode<'_>>, words: &Words<'_>, rows: &Range<usize>) {
    let unable = unable(episodes, words, rows);
    let others = episodes.iter().zip(&unable).filter(|(it, unable)| !**unable && !it.resource.symptom);
    let others: Vec<Range<usize>> = others.map(|(it, _)| it.rows.clone()).collect();
    let alone = rows.clone().filter(|row| others.iter().all(|rows| !rows.contains(row))).count();
    if alone <= breath(words.timeline().time_s.len()) {
        let mut unable = unable.into_iter();
        episodes.retain(|_| unable.next() != Some(true));
    }
}
