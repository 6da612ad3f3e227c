//! The events of a trouble: causes in the order of time, each with what it caused. In: full resources. Out: [`Link`]s.
//!
//! Of the resources that are full at once, the deepest is the cause: whatever is held while it is waited for fills
//! too. What came of it (failed requests, retries) follows the cause that was there first.

use std::ops::Range;

use super::held::Held;
use super::spans::{breath, runs};
use super::watched::Watched;
use super::words::Words;
use crate::outcome::{Link, ResourceKind};

/// Rows apart at which two resources filled together: what is full half-way through a row shows in the next.
const TOGETHER_ROWS: usize = 2;
/// Part of the rows of a trouble that a resource must be full to be told of; at least one row, at most a few.
const TOLD_PART: usize = 20;
const TOLD_MOST: usize = 3;
/// Causes that are told of one trouble: those that lasted longest.
const MOST_CAUSES: usize = 6;

/// A resource that was full over some rows.
struct Episode<'a> {
    resource: &'a Watched,
    rows: Range<usize>,
    /// Rows in which it was full.
    full: usize,
}

/// Everything that was full during a trouble, the cause before what it caused.
pub(super) fn chain(
    words: &Words<'_>,
    held: &Held,
    watched: &[Watched],
    rows: &Range<usize>,
) -> Vec<Link> {
    let mut episodes = episodes(watched, rows);
    episodes.sort_by_key(|episode| (episode.rows.start, episode.resource.of));
    let below: Vec<_> = episodes.iter().map(|episode| held.below(episode.resource.of)).collect();
    // Who can hold an episode up: deeper, and full when it began.
    let holders = |position: usize| {
        let episode = &episodes[position];
        let there = move |other: &Episode<'_>| {
            other.rows.start <= episode.rows.start + TOGETHER_ROWS && other.rows.end > episode.rows.start
        };
        let deeper = &below[position];
        let others = episodes.iter().enumerate();
        others
            .filter(move |(_, other)| deeper.contains(&other.resource.of) && there(other))
            .map(|(other, _)| other)
            .collect::<Vec<usize>>()
    };
    let all_holders: Vec<Vec<usize>> = (0..episodes.len()).map(holders).collect();
    let mut causes: Vec<usize> = (0..episodes.len())
        .filter(|&position| {
            all_holders[position].is_empty() && episodes[position].resource.of.kind != ResourceKind::Targets
        })
        .collect();
    if causes.is_empty() {
        causes.extend((!episodes.is_empty()).then_some(0));
    }
    // The first cause is always told, and of the others those that lasted longest.
    let first = causes.len().min(1);
    causes[first..].sort_by_key(|&cause| std::cmp::Reverse(episodes[cause].full));
    causes.truncate(MOST_CAUSES);
    causes.sort_unstable();
    let cause_of = |position: usize| {
        let holders = all_holders[position].iter();
        let direct = holders.filter(|holder| causes.contains(holder)).min();
        let start = episodes[position].rows.start + TOGETHER_ROWS;
        let before = || causes.iter().rev().filter(|&&cause| episodes[cause].rows.start <= start);
        // What is over by now may have left its mark.
        let deeper = || before().find(|&&cause| below[position].contains(&episodes[cause].resource.of));
        direct.or_else(deeper).or_else(|| before().next()).or(causes.first()).copied()
    };
    let mut effects: Vec<(usize, usize)> = (0..episodes.len())
        .filter(|position| !causes.contains(position))
        .filter(|&position| all_holders[position].iter().any(|it| causes.contains(it)) || is_symptom(&episodes[position]))
        .filter_map(|position| Some((cause_of(position)?, position)))
        .collect();
    // What holds the least fills first: the innermost effect stands next to its cause.
    effects.sort_by_key(|&(_, position)| {
        (is_symptom(&episodes[position]), below[position].len(), episodes[position].rows.start)
    });
    let symptoms = words.symptoms(rows);
    let cause_at = |start: usize| {
        let before = causes.iter().rev().find(|&&cause| episodes[cause].rows.start <= start);
        before.or(causes.first()).copied()
    };
    let mut links = Vec::new();
    for &cause in &causes {
        links.push(words.link(episodes[cause].resource, &episodes[cause].rows, true));
        for &(_, effect) in effects.iter().filter(|(of, _)| *of == cause) {
            links.push(words.link(episodes[effect].resource, &episodes[effect].rows, false));
        }
        links.extend(symptoms.iter().filter(|(row, _)| cause_at(*row) == Some(cause)).map(|it| it.1.clone()));
    }
    if causes.is_empty() {
        links.extend(symptoms.into_iter().map(|(_, link)| link));
    }
    links
}

fn is_symptom(episode: &Episode<'_>) -> bool {
    episode.resource.of.kind == ResourceKind::Targets
}

/// When each resource was full during a trouble, from its first row to its last.
fn episodes<'a>(watched: &'a [Watched], rows: &Range<usize>) -> Vec<Episode<'a>> {
    let least = (rows.len() / TOLD_PART).clamp(1, TOLD_MOST);
    let of = |resource: &'a Watched| {
        let full = resource.full.get(rows.clone()).filter(|full| full.contains(&true))?;
        // Rows in between in which it was not quite full do not end an episode.
        let gap = breath(full.len());
        let mut found: Option<Episode<'a>> = None;
        let mut last_end = 0;
        for run in runs(full).into_iter().filter(|run| run.trouble) {
            let (start, end) = (rows.start + run.rows.start, rows.start + run.rows.end);
            match &mut found {
                // Too short until now to be more than chance: it begins again.
                Some(episode) if episode.full < least && start - last_end > gap => {
                    *episode = Episode { resource, rows: start..end, full: run.rows.len() };
                }
                Some(episode) => {
                    episode.full += run.rows.len();
                    episode.rows.end = end;
                }
                None => found = Some(Episode { resource, rows: start..end, full: run.rows.len() }),
            }
            last_end = end;
        }
        found.filter(|episode| episode.full >= least)
    };
    watched.iter().filter_map(of).collect()
}
