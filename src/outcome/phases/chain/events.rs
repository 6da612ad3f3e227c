//! What was lost in a trouble: zones, instances, nodes, shards. In: rows. Out: episodes, which may have begun before.
//!
//! A loss is no figure that chance may move: one row of it is enough. What is still lost when a trouble begins was lost at
//! some earlier time, and what it came of may be over by then: a zone that was lost for a millisecond takes its instances for
//! minutes.

use std::ops::Range;

use super::super::held::Held;
use super::super::spans::runs;
use super::super::watched::Watched;
use super::episode::{Episode, TOGETHER_ROWS, is_of_one_zone};
use crate::outcome::Resource;

/// The losses that a trouble has in it, and those that they came of.
pub(super) fn events<'a>(watched: &'a [Watched<'a>], held: &Held, rows: &Range<usize>) -> Vec<Episode<'a>> {
    let all = || watched.iter().filter(|resource| resource.of.is_event());
    // A balancer that has failed open before, and still does, came of an earlier trouble.
    let is_earlier =
        |it: &Episode<'_>| it.rows.start < rows.start && matches!(it.resource.of, Resource::FailsOpen { .. });
    let found = all().flat_map(|resource| over(resource, rows)).filter(|it| !is_earlier(it));
    let mut found: Vec<Episode<'a>> = found.collect();
    let before = |resource: &'a Watched<'a>| {
        let of_it = |it: &&Episode<'_>| {
            is_of_one_zone(it.resource, resource) && held.below(it.resource.of).contains(&resource.of)
        };
        let began = found.iter().filter(of_it).map(|it| it.rows.start).min();
        let began = began.filter(|start| *start < rows.start);
        began.map_or_else(Vec::new, |began| over(resource, &(began..(began + TOGETHER_ROWS).min(rows.start))))
    };
    let roots = all().filter(|resource| found.iter().all(|it| !std::ptr::eq(it.resource, *resource)));
    let roots: Vec<Episode<'a>> = roots.flat_map(before).collect();
    found.extend(roots);
    found
}

/// The losses of some rows, each from when it began, however long before, to the last of the rows in which it was there. What
/// comes and goes with the health of targets is one.
fn over<'a>(resource: &'a Watched<'a>, rows: &Range<usize>) -> Vec<Episode<'a>> {
    let lost = runs(&resource.full).into_iter().filter(|run| run.trouble).map(|run| run.rows);
    let lost = lost.filter(|run| run.start < rows.end && run.end > rows.start);
    let is_one = matches!(
        resource.of,
        Resource::FailsOpen { .. }
            | Resource::OldAddress { .. }
            | Resource::OldAnswer { .. }
            | Resource::Raced { .. }
            | Resource::Unfinished { .. }
            | Resource::Shed { .. }
            | Resource::MissingFiles { .. }
            | Resource::Cold { .. }
            | Resource::FewTargets { .. }
            | Resource::HeldBack { .. }
            | Resource::Throttled { .. }
            | Resource::Interrupted { .. }
            | Resource::TakenOut { .. }
            | Resource::FailedLaunches { .. }
    );
    // Which targets are left changes with every check: those of this trouble came of what was lost last.
    let is_of_now = matches!(resource.of, Resource::FewTargets { .. });
    let mut found: Vec<Episode<'a>> = Vec::new();
    for mut run in lost {
        if is_of_now {
            run.start = run.start.max(rows.start);
        }
        let (end, full) = (run.end.min(rows.end), run.len());
        match found.last_mut().filter(|_| is_one) {
            Some(last) => (last.rows.end, last.full) = (end, last.full + full),
            None => found.push(Episode { resource, rows: run.start..end, full }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::zone::Zone;

    const ZONE: Resource = Resource::Zone { fault: 0 };
    const INSTANCES: Resource = Resource::LostInstances { fleet: 0 };

    fn lost(of: Resource, rows: &[usize]) -> Watched<'static> {
        Watched::marked(of, (0..12).map(|row| rows.contains(&row)).collect())
    }

    fn told(watched: &[Watched<'_>], rows: Range<usize>) -> Vec<(Resource, Range<usize>)> {
        let all = events(watched, &Held::of_zones([ZONE]), &rows);
        all.into_iter().map(|it| (it.resource.of, it.rows)).collect()
    }

    #[test]
    fn what_is_lost_when_a_trouble_begins_was_lost_at_its_own_time() {
        let watched = [lost(ZONE, &[2, 3, 4, 5, 6, 7]), lost(INSTANCES, &[2, 3, 4])];
        assert_eq!(told(&watched, 4..6), [(ZONE, 2..6), (INSTANCES, 2..5)]);
        assert_eq!(told(&watched, 6..9), [(ZONE, 2..8)], "the instances are back");
        assert!(told(&watched, 8..12).is_empty());
    }

    /// A zone is lost in row 2 alone; the trouble begins in row 4, with the instances that it has taken.
    #[test]
    fn what_a_loss_came_of_is_said_though_it_is_over() {
        let watched = [lost(ZONE, &[2]), lost(INSTANCES, &[2, 3, 4, 5])];
        assert_eq!(told(&watched, 4..6), [(INSTANCES, 2..6), (ZONE, 2..3)]);
        assert!(told(&watched, 7..9).is_empty(), "nothing is lost any more");
    }

    /// One zone is lost twice, and another one once: three losses.
    #[test]
    fn each_loss_is_one() {
        let in_zone = |zone, rows| Watched { zone: Some(Zone(zone)), ..lost(INSTANCES, rows) };
        let watched = [in_zone(0, &[2, 3, 7, 8]), in_zone(1, &[4, 5])];
        let expected = [(INSTANCES, 2..4), (INSTANCES, 7..9), (INSTANCES, 4..6)];
        assert_eq!(told(&watched, 2..10), expected);
        let other = Watched { zone: Some(Zone(1)), ..lost(ZONE, &[2]) };
        let watched = [other, in_zone(0, &[2, 3, 4, 5])];
        assert_eq!(told(&watched, 4..6), [(INSTANCES, 2..6)], "it was not lost with the other zone");
    }
}
