//! The events of a trouble: causes in the order of time, each with what it caused. In: full resources. Out: [`Link`]s.
//!
//! Of the resources that are full at once, the deepest is the cause: whatever is held while it is waited for fills
//! too. What came of it (failed requests, retries) follows the cause that was there first. What is lost (`events`) fills
//! what is left, however long ago it was lost.

mod events;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use super::held::Held;
use super::spans::{breath, runs};
use super::watched::{Trouble, Watched};
use super::words::Words;
use crate::outcome::{Link, Resource};

/// Rows apart at which two resources filled together: what is full half-way through a row shows in the next.
const TOGETHER_ROWS: usize = 2;
/// Part of the rows of a trouble that a resource must be full to be told of; at least one row, at most a few.
const TOLD_PART: usize = 20;
const TOLD_MOST: usize = 3;
/// Causes that are told of one trouble: those that lasted longest.
const MOST_CAUSES: usize = 6;

/// A resource that was full over some rows.
struct Episode<'a> {
    resource: &'a Watched<'a>,
    rows: Range<usize>,
    /// Rows in which it was full.
    full: usize,
}

impl Episode<'_> {
    /// Whether another one, of what it can be held up by, was there when it began.
    fn is_held_up_by(&self, other: &Episode<'_>, below: &BTreeSet<Resource>) -> bool {
        below.contains(&other.resource.of)
            && other.rows.start <= self.rows.start + TOGETHER_ROWS
            && other.rows.end > self.rows.start
    }
}

/// Everything that was full during a trouble and what came of it, each cause before what it caused.
pub(super) fn chain(
    words: &Words<'_>,
    held: &Held,
    (watched, certain): (&[Watched<'_>], &[Vec<bool>]),
    rows: &Range<usize>,
) -> Vec<Link> {
    let from = rows.start;
    let resources = || watched.iter().zip(certain).filter(|(resource, _)| !resource.of.is_event());
    let mut episodes: Vec<Episode<'_>> =
        resources().filter_map(|(resource, certain)| episode(resource, certain, rows)).collect();
    episodes.extend(events::events(watched, held, rows));
    // What may have been full by chance counts where it held up something else, or was held up by it.
    let by_chance = resources().filter_map(|(resource, certain)| {
        let is_known = episodes.iter().any(|it| it.resource.of == resource.of);
        let found = if is_known { None } else { episode(resource, &resource.full, rows) };
        let below = held.below(resource.of);
        found.filter(|found: &Episode<'_>| {
            *certain != resource.full
                && episodes.iter().any(|it| {
                    found.is_held_up_by(it, &below) || it.is_held_up_by(found, &held.below(it.resource.of))
                })
        })
    });
    let by_chance: Vec<Episode<'_>> = by_chance.collect();
    episodes.extend(by_chance);
    episodes.sort_by_key(|episode| (episode.rows.start, episode.resource.of));
    let story = Story::of(&episodes, held);
    // What came of it, each with its cause: unhealthy targets, failed requests, retries.
    let mut symptoms: Vec<(Option<usize>, Link)> = Vec::new();
    let mut effects: Vec<usize> = Vec::new();
    for position in (0..episodes.len()).filter(|position| !story.causes.contains(position)) {
        let Episode { resource, rows, .. } = &episodes[position];
        // A balancer fails open after its targets have failed their checks.
        match resource.symptom || matches!(resource.of, Resource::FailsOpen { .. }) {
            true => {
                symptoms.push((story.cause_of(position), words.link(resource, rows, false, from)));
            }
            _ if !story.holders[position].is_empty() => effects.push(position),
            _ => {} // One cause too many.
        }
    }
    symptoms.extend(words.symptoms(rows).into_iter().map(|(row, link)| (story.cause_at(row), link)));
    story.in_order(&mut effects);
    // What has no cause comes first, so that it does not seem to come of another.
    let (mut links, symptoms): (Vec<_>, Vec<_>) = symptoms.into_iter().partition(|(of, _)| of.is_none());
    let mut links: Vec<Link> = links.drain(..).map(|(_, link)| link).collect();
    for &cause in &story.causes {
        links.push(words.link(episodes[cause].resource, &episodes[cause].rows, true, from));
        for &effect in effects.iter().filter(|&&effect| story.cause_of(effect) == Some(cause)) {
            links.push(words.link(episodes[effect].resource, &episodes[effect].rows, false, from));
        }
        links.extend(symptoms.iter().filter(|(of, _)| *of == Some(cause)).map(|(_, link)| link.clone()));
    }
    links
}

/// Which episodes are causes, and of what.
struct Story<'a> {
    /// In the order in which they began.
    episodes: &'a [Episode<'a>],
    /// Of each episode, what it can be held up by.
    below: Vec<BTreeSet<Resource>>,
    /// Of each episode, those that held it up: deeper, and full when it began.
    holders: Vec<Vec<usize>>,
    /// Episodes that nothing held up, in the order of time.
    causes: Vec<usize>,
}

impl<'a> Story<'a> {
    fn of(episodes: &'a [Episode<'a>], held: &Held) -> Story<'a> {
        let below: Vec<_> = episodes.iter().map(|episode| held.below(episode.resource.of)).collect();
        let holders: Vec<Vec<usize>> = episodes
            .iter()
            .zip(&below)
            .map(|(episode, below)| {
                (0..episodes.len()).filter(|&other| episode.is_held_up_by(&episodes[other], below)).collect()
            })
            .collect();
        let is_symptom = |position: usize| episodes[position].resource.symptom;
        let mut causes: Vec<usize> = (0..episodes.len())
            .filter(|&position| holders[position].is_empty() && !is_symptom(position))
            .collect();
        // The first cause is always told, and of the others those that lasted longest.
        let first = causes.len().min(1);
        causes[first..].sort_by_key(|&cause| Reverse(episodes[cause].full));
        causes.truncate(MOST_CAUSES);
        causes.sort_unstable();
        Story { episodes, below, holders, causes }
    }

    /// The cause of an episode: the earliest of those that held it up, or what can hold it up and began before it.
    fn cause_of(&self, position: usize) -> Option<usize> {
        let direct = self.causes.iter().find(|cause| self.holders[position].contains(cause));
        let start = self.episodes[position].rows.start + TOGETHER_ROWS;
        let deeper = |cause: &&usize| {
            let episode = &self.episodes[**cause];
            episode.rows.start <= start && self.below[position].contains(&episode.resource.of)
        };
        direct.or_else(|| self.causes.iter().rev().find(deeper)).copied().or_else(|| self.cause_at(start))
    }

    /// Puts effects in the order of time. Of those that began together, what is lost comes before what waits for it, and what
    /// holds the least fills first: the innermost effect stands next to its cause.
    fn in_order(&self, effects: &mut [usize]) {
        let start = |position: usize| self.episodes[position].rows.start;
        effects.sort_by_key(|&position| start(position));
        let mut rest = effects;
        while let Some(&first) = rest.first() {
            let count = rest.partition_point(|&position| start(position) <= start(first) + TOGETHER_ROWS);
            let (together, later) = rest.split_at_mut(count);
            together.sort_by_key(|&position| {
                let is_full = !self.episodes[position].resource.of.is_event();
                (is_full, self.below[position].len(), start(position))
            });
            rest = later;
        }
    }

    /// The latest cause that had begun in a row; before any, the first one. Nothing that requests meet comes of what none
    /// of them waits for.
    fn cause_at(&self, row: usize) -> Option<usize> {
        let mut causes = self.causes.iter().copied();
        let mut causes = causes.by_ref().filter(|&cause| self.episodes[cause].resource.of.delays_requests());
        let first = causes.next()?;
        let begun = |cause: &usize| self.episodes[*cause].rows.start <= row;
        causes.filter(begun).last().or(Some(first))
    }
}

/// Whether more of them are there at some time in the rows than just before: targets that only recover in a trouble, from
/// an earlier one, came of that one.
fn grows(waiting: &[f64], rows: &Range<usize>) -> bool {
    let before = rows.start.checked_sub(1).and_then(|row| waiting.get(row)).copied().unwrap_or(0.0);
    let most = rows.clone().filter_map(|row| waiting.get(row)).copied().fold(0.0, f64::max);
    most > before
}

/// When a resource was full during a trouble, from its first row to its last.
fn episode<'a>(resource: &'a Watched<'a>, full: &[bool], rows: &Range<usize>) -> Option<Episode<'a>> {
    let least = (rows.len() / TOLD_PART).clamp(1, TOLD_MOST);
    if resource.symptom && !grows(&resource.waiting, rows) {
        return None;
    }
    let full = full.get(rows.clone()).filter(|full| full.contains(&true))?;
    // A row that is trouble by itself is no chance.
    let least = match &resource.trouble {
        Trouble::Rows(marks) if rows.clone().any(|row| marks.get(row) == Some(&true)) => 1,
        _ => least,
    };
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_that_recover_from_an_earlier_trouble_came_of_that_one() {
        let unhealthy = [0.0, 0.0, 3.0, 3.0, 3.0, 2.0, 1.0, 0.0, 0.0];
        assert!(grows(&unhealthy, &(1..4)));
        assert!(!grows(&unhealthy, &(4..8)), "three before, and fewer and fewer");
        assert!(!grows(&unhealthy, &(7..9)), "none at all");
        assert!(grows(&[2.0, 2.0], &(0..2)), "from the start");
    }
}
