//! Which causes can explain what failed. In: what was full in a trouble, and when, and how many requests failed in it. Out: those that
//! cannot.
//!
//! A fault that answers nothing with an error is not why requests are answered with one, and what is a little slower fails nothing by itself.
//!
//! What turns a few requests away now and then, as a small service does by chance, does so in a trouble as well. It is full then, but
//! most failures of that time are of another kind, and there are far more of them than it turned away.

use std::ops::Range;

use super::super::held::Held;
use super::super::overdue::row_s;
use super::super::spans::breath;
use super::super::watched::Watched;
use super::super::words::Words;
use super::episode::TOGETHER_ROWS;
use crate::kind;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::measure::watched::WAITING;

/// Part of the failures that a cause must have turned away itself. Assumption: less is told by the share of its kind.
const LEAST: f64 = 0.1;

/// A resource, and the rows from when it was full until it was no more.
pub(super) type When<'a> = (&'a Watched<'a>, Range<usize>);

/// Whether all that it did to anybody was to turn requests away.
fn only_refuses((resource, rows): &When<'_>) -> bool {
    let does_nothing = |row| !resource.refuses(row) && resource.waiting.get(row) < Some(&WAITING);
    rows.clone().any(|row| resource.refuses(row))
        && rows.clone().all(|row| resource.only_refuses(row) || does_nothing(row))
}

/// What came in some rows, of what came each second.
fn total(words: &Words<'_>, rows: &Range<usize>, per_s: &dyn Fn(usize) -> f64) -> f64 {
    rows.clone().map(|row| per_s(row) * row_s(words.outcome, row)).sum()
}

/// Whether something began while a strike was there by which it can be held up.
fn can_come_of(it: &When<'_>, strike: &When<'_>, held: &Held) -> bool {
    let is_then = strike.1.start <= it.1.start + TOGETHER_ROWS && strike.1.end > it.1.start;
    is_then && held.below(it.0.of).contains(&strike.0.of)
}

/// Of each, whether it cannot be the cause of most of what failed: it only turned away far fewer requests, or it fails none in that
/// way, or that makes something a little slower while nothing fills.
pub(super) fn unable(all: &[When<'_>], words: &Words<'_>, rows: &Range<usize>) -> Vec<bool> {
    let total = |per_s: &dyn Fn(usize) -> f64| total(words, rows, per_s);
    let failures = total(&|row| words.timeline().failed_in(row));
    let is_few = |it: &When<'_>| {
        let refused = |row: usize| it.0.refused.get(row).copied().unwrap_or(0.0);
        only_refuses(it) && total(&refused) < LEAST * failures
    };
    let by_cause = |can: &dyn Fn(Cause) -> bool| {
        let causes = words.timeline().failed.iter().filter(|(cause, _)| can(**cause));
        let sums = causes.map(|(_, rows_of)| total(&|row| rows_of.get(row).copied().unwrap_or(0.0)));
        sums.sum::<f64>()
    };
    let is_elsewhere = |(resource, own): &When<'_>| {
        let fills =
            |it: &When<'_>| !it.0.of.is_event() && !it.0.symptom && it.1.start + TOGETHER_ROWS >= own.start;
        let is_slight = kind::is_slight(words.scene, resource.of) && !all.iter().any(fills);
        let is_other =
            || by_cause(&|cause| kind::can_fail(words.scene, resource.of, cause)) < LEAST * failures;
        failures > 0.0 && resource.of.is_event() && (is_slight || is_other())
    };
    all.iter().map(|it| is_few(it) || is_elsewhere(it)).collect()
}

/// Of each, whether it is no strike of which most failures came: nothing that was full or lost came of it, and more requests failed because of
/// something else than at what it held.
pub(super) fn missed(all: &[When<'_>], held: &Held, words: &Words<'_>, rows: &Range<usize>) -> Vec<bool> {
    let total = |per_s: &dyn Fn(usize) -> f64| total(words, rows, per_s);
    let failures = total(&|row| words.timeline().failed_in(row));
    let came_of = |strike: &When<'_>| {
        let mut others = all.iter().filter(|it| !it.0.symptom && !held.is_strike(it.0.of));
        others.any(|it| can_come_of(it, strike, held))
    };
    let there = |it: &When<'_>| total(&|row| it.0.failed.get(row).copied().unwrap_or(0.0));
    // What came of a strike is not counted at what it held.
    let counts = |it: &&When<'_>| !it.0.failed.is_empty() && !came_of(it);
    let counted: f64 = all.iter().filter(counts).map(there).sum();
    let is_full = |it: &When<'_>| !it.0.of.is_event() && !it.0.symptom || came_of(it);
    let most = all.iter().filter(counts).map(there).fold(0.0, f64::max);
    let most = if all.iter().any(is_full) { most.max(failures - counted) } else { most };
    let is_elsewhere = |it: &When<'_>| counts(&it) && there(it) < most.max(LEAST * failures);
    all.iter().map(is_elsewhere).collect()
}

/// Which of them say nothing of a trouble: something else was full nearly all the time. A strike of which alone something that was full
/// can have come says why.
pub(super) fn needless(all: &[When<'_>], held: &Held, words: &Words<'_>, rows: &Range<usize>) -> Vec<bool> {
    let unable = unable(all, words, rows);
    let others = all.iter().zip(&unable).filter(|(it, unable)| !**unable && !it.0.symptom);
    let others: Vec<Range<usize>> = others.map(|(it, _)| it.1.clone()).collect();
    let is_struck = |it: &When<'_>| matches!(it.0.of, Resource::Struck { .. });
    let is_why = |strike: &When<'_>| {
        let full = all.iter().filter(|it| !it.0.of.is_event() && !it.0.symptom);
        let came = full.filter(|it| can_come_of(it, strike, held));
        let is_known = |it: &When<'_>| {
            let below = held.below(it.0.of);
            all.iter().any(|other| {
                other.0.of != strike.0.of
                    && below.contains(&other.0.of)
                    && other.1.start <= it.1.start + TOGETHER_ROWS
            })
        };
        came.into_iter().any(|it| !is_known(it))
    };
    let elsewhere =
        |(it, unable): (&When<'_>, &bool)| *unable && is_struck(it) && !others.is_empty() && !is_why(it);
    let struck: Vec<bool> = all.iter().zip(&unable).map(elsewhere).collect();
    let alone = rows.clone().filter(|row| others.iter().all(|rows| !rows.contains(row))).count();
    match alone <= breath(words.timeline().time_s.len()) {
        true => {
            // What happened is told even where it is no cause of most of what failed.
            let is_told = |it: &When<'_>| if is_struck(it) { is_why(it) } else { it.0.of.is_event() };
            unable.into_iter().zip(all).map(|(unable, it)| unable && !is_told(it)).collect()
        }
        false => struck,
    }
}
