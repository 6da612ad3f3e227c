//! What was lost in a trouble: zones, instances, nodes, shards. In: rows. Out: episodes, which may have begun before.
//!
//! A loss is no figure that chance may move: one row of it is enough. What is still lost when a trouble begins was lost at
//! some earlier time, and what it came of may be over by then: a zone that was lost for a millisecond takes its instances for
//! minutes.

use std::ops::Range;

use super::super::held::Held;
use super::super::spans::runs;
use super::super::watched::Watched;
use super::{Episode, TOGETHER_ROWS};

/// The losses that a trouble has in it, and those that they came of.
pub(super) fn events<'a>(watched: &'a [Watched<'a>], held: &Held, rows: &Range<usize>) -> Vec<Episode<'a>> {
    let all = || watched.iter().filter(|resource| resource.of.is_event());
    let mut found: Vec<Episode<'a>> = all().filter_map(|resource| over(resource, rows)).collect();
    let before = |resource: &'a Watched<'a>| {
        let began = found.iter().filter(|it| held.below(it.resource.of).contains(&resource.of));
        let began = began.map(|it| it.rows.start).min().filter(|start| *start < rows.start)?;
        over(resource, &(began..(began + TOGETHER_ROWS).min(rows.start)))
    };
    let roots = all().filter(|resource| found.iter().all(|it| it.resource.of != resource.of));
    let roots: Vec<Episode<'a>> = roots.filter_map(before).collect();
    found.extend(roots);
    found
}

/// One loss over some rows, from when it began, however long before, to the last of the rows in which it was there.
fn over<'a>(resource: &'a Watched<'a>, rows: &Range<usize>) -> Option<Episode<'a>> {
    let lost = runs(&resource.full).into_iter().filter(|run| run.trouble).map(|run| run.rows);
    let mut lost = lost.filter(|run| run.start < rows.end && run.end > rows.start).peekable();
    let start = lost.peek()?.start;
    let (mut full, mut end) = (0, start);
    for run in lost {
        (full, end) = (full + run.len(), run.end.min(rows.end));
    }
    Some(Episode { resource, rows: start..end, full })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Resource;

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
}
