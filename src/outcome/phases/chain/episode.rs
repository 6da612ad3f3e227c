//! When a resource was full during a trouble. In: marks of its rows. Out: [`Episode`]s, and which of them can have held up another.

use std::ops::Range;

use super::super::held::Held;
use super::super::spans::{breath, runs};
use super::super::watched::{Trouble, Watched};
use crate::outcome::Resource;

/// Rows apart at which two resources filled together: what is full half-way through a row shows in the next.
pub(super) const TOGETHER_ROWS: usize = 2;
/// Part of the rows of a trouble that a resource must be full to be told of; at least one row, at most a few.
const TOLD_PART: usize = 20;
const TOLD_MOST: usize = 3;

/// A resource that was full over some rows.
pub(super) struct Episode<'a> {
    pub resource: &'a Watched<'a>,
    pub rows: Range<usize>,
    /// Rows in which it was full.
    pub full: usize,
}

impl Episode<'_> {
    /// Whether another one, of what it can be held up by, was there when it began. Few targets are left because checks wait for
    /// threads, and threads fill because few targets are left: of an event and what each can be held up by, the cause is what
    /// was there first.
    pub fn is_held_up_by(&self, other: &Episode<'_>, held: &Held) -> bool {
        let (of, other_of) = (self.resource.of, other.resource.of);
        let begin = |episode: &Episode<'_>| (episode.rows.start, episode.resource.of.is_event());
        let is_first = || of.is_event() == other_of.is_event() || begin(other) < begin(self);
        // What is lost with a zone came of the zone, and an address that leads nowhere of that as well.
        let is_of_zone = self.resource.zone.is_some()
            || matches!(of, Resource::OldAddress { .. } | Resource::OldAnswer { .. });
        is_of_one_zone(self.resource, other.resource)
            && !(of.is_event() && is_of_zone && matches!(other_of, Resource::Struck { .. }))
            && other.rows.start <= self.rows.start + TOGETHER_ROWS
            && other.rows.end > self.rows.start
            && held.below(of).contains(&other_of)
            && (is_first() || !held.below(other_of).contains(&of))
    }
}

/// Whether more of them are there at some time in the rows than just before: targets that only recover in a trouble, from
/// an earlier one, came of that one.
fn grows(waiting: &[f64], rows: &Range<usize>) -> bool {
    let before = rows.start.checked_sub(1).and_then(|row| waiting.get(row)).copied().unwrap_or(0.0);
    let most = rows.clone().filter_map(|row| waiting.get(row)).copied().fold(0.0, f64::max);
    most > before
}

/// An episode that begins with the trouble, if the resource was full now and then until just before it as well.
pub(super) fn from_before<'a>(mut episode: Episode<'a>, rows: &Range<usize>) -> Episode<'a> {
    let gap = breath(rows.len());
    let before = episode.resource.full.get(rows.start.saturating_sub(gap)..rows.start);
    if episode.rows.start <= rows.start + gap && before.is_some_and(|before| before.contains(&true)) {
        episode.rows.start = rows.start;
    }
    episode
}

/// When a resource was full during a trouble, from its first row to its last.
pub(super) fn episode<'a>(
    resource: &'a Watched<'a>,
    full: &[bool],
    rows: &Range<usize>,
) -> Option<Episode<'a>> {
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
    let mut found = found.filter(|episode| episode.full >= least)?;
    // A trouble begins with the row within which it fills, not with the first row in which it is full all the time.
    if found.rows.start == rows.start + 1 && resource.fills_within(rows.start) {
        found.rows.start = rows.start;
    }
    // What was reached before anybody felt it was there before what is felt.
    if found.rows.start == rows.start && resource.is_harmless_alone() && !resource.symptom {
        let is_before = |row: &usize| resource.full.get(*row) == Some(&true);
        found.rows.start -= (0..rows.start).rev().take_while(is_before).count();
    }
    Some(found)
}

/// Whether one loss can be of the other by their zones.
pub(super) fn is_of_one_zone(one: &Watched<'_>, other: &Watched<'_>) -> bool {
    one.zone.zip(other.zone).is_none_or(|(one, other)| one == other)
}

/// What follows from each other within a row or two begins together, so that it stands in its order. Calls of one queue go as a
/// message does, which is sent, received and deleted: in which row a limit shows first is a matter of its burst. Targets are
/// unhealthy before few of them, or none, are left, however much later it is sure that they are more than those that boot.
pub(super) fn call_together(episodes: &mut [Episode<'_>]) {
    let began: Vec<(Resource, usize)> = episodes.iter().map(|it| (it.resource.of, it.rows.start)).collect();
    for Episode { resource, rows, .. } in episodes {
        let goes_before = |other: Resource, start: usize| match (resource.of, other) {
            (Resource::Calls { queue, .. }, Resource::Calls { queue: other, .. }) => {
                queue == other && start + TOGETHER_ROWS >= rows.start
            }
            (
                Resource::Targets { fleet },
                Resource::FewTargets { fleet: other } | Resource::FailsOpen { fleet: other },
            ) => fleet == other,
            _ => false,
        };
        let together =
            began.iter().filter(|(other, start)| goes_before(*other, *start) && *start < rows.start);
        rows.start = together.map(|(_, start)| *start).min().unwrap_or(rows.start);
    }
}

/// What keeps another resource full was full before that one. Of several runs that are full from different times on, means are at
/// their bound when the last of them is: what had gone more than half of its way there when the other one was full began with it.
pub(super) fn begin_before(episodes: &mut [Episode<'_>], held: &Held, trouble: &Range<usize>) {
    let began: Vec<(Resource, usize)> = episodes.iter().map(|it| (it.resource.of, it.rows.start)).collect();
    for Episode { resource, rows, .. } in episodes.iter_mut().filter(|it| it.resource.of.is_capacity()) {
        let busy = |row: usize| resource.busy.get(row).copied().unwrap_or(0.0);
        let level = busy(trouble.start.saturating_sub(1));
        let is_climbing = |row: usize| busy(row) - level > (busy(rows.start) - level) / 2.0;
        let keeps = began.iter().filter(|(of, start)| {
            *start + TOGETHER_ROWS < rows.start
                && *start >= trouble.start
                && held.below(*of).contains(&resource.of)
        });
        let first =
            keeps.map(|(_, start)| *start).filter(|start| (*start..rows.start).all(is_climbing)).min();
        rows.start = first.unwrap_or(rows.start);
    }
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

    /// Eight runs fill their CPU one after the other, in rows 4 to 12; threads, which wait for it, are full in row 9 already, when CPU is more
    /// than half of its way from 40 % to 100 %. What was busy by 98 % all the time before began when it did.
    #[test]
    fn what_keeps_another_resource_full_began_before_it_where_runs_differ() {
        let (cpu, threads) = (Resource::Cpu { fleet: 0 }, Resource::Threads { fleet: 0 });
        let watched = |of, busy: Vec<f64>| Watched { busy, ..Watched::marked(of, vec![false; 20]) };
        let climbing = |row: usize| 40.0 + 60.0 * ((row.max(4) - 4) as f64 / 8.0).min(1.0);
        let held = Held::of_pair(threads, cpu);
        for (level, expected) in [(0.0, 9), (58.0, 12)] {
            let busy = (0..20).map(|row| climbing(row).max(40.0 + level));
            let (cpu, threads) = (watched(cpu, busy.collect()), watched(threads, vec![0.0; 20]));
            let of = |resource, rows: Range<usize>| Episode { resource, full: rows.len(), rows };
            let mut episodes = [of(&cpu, 12..20), of(&threads, 9..20)];
            begin_before(&mut episodes, &held, &(4..20));
            assert_eq!(episodes[0].rows.start, expected);
        }
    }
}
