//! Words for nodes of a database that are lost. In: the rows of the loss. Out: what is lost, and what is left.

use crate::kind::view::{at, peak};
use crate::kind::{Full, Scene};
use crate::measure::resource::{Node, Resource};
use crate::number::{clock, things};

/// `the writer of `shop` lost, and nothing takes over`, `the writer of `shop` handed over`, `1 of 2 replicas of `shop` left`, `a replica of `shop` became the writer, and 1 of 2
/// is left`.
pub(super) fn words(about: &Full<'_>, database: usize, node: Node) -> String {
    let Full { scene, resource, rows, .. } = *about;
    let (name, all) = scene.databases.get(database).map_or(("", 0), |it| (it.name.as_str(), it.replicas));
    if node == Node::Writer {
        let what = if hands_over(about, database) { "handed over" } else { "lost" };
        return format!("the writer of `{name}` {what}{}", alone(about, database).unwrap_or_default());
    }
    let mut all = f64::from(all);
    if scene.databases.get(database).is_some_and(|it| it.replica_scaling.is_some()) {
        // As many as there were, those that are lost included.
        let there = scene.timeline.databases.get(database).map_or(&[][..], |series| &series.replicas);
        let lost = |row: usize| at(&resource.waiting, row) + there.get(row).copied().unwrap_or(0.0);
        all = rows.clone().map(lost).fold(all, f64::max).ceil();
    }
    let left = all - peak(&resource.waiting, rows).ceil();
    if took_over(about, database) {
        let left = if left < 1.0 { "none".to_owned() } else { format!("{left} of {all}") };
        let is = if left.starts_with("1 ") || left == "none" { "is" } else { "are" };
        return format!("a replica of `{name}` became the writer, and {left} {is} left");
    }
    match left {
        left if left < 1.0 => format!("no replica of `{name}` left"),
        left => format!("{left} of {} of `{name}` left", things(all, "replica")),
    }
}

/// Whether the replica is missing because it has taken over: it is since a lost writer ended.
fn took_over(about: &Full<'_>, database: usize) -> bool {
    let writer = about.scene.lost(Resource::LostNodes { database, node: Node::Writer });
    let (missing, start) = (&about.resource.waiting, about.rows.start);
    let began = (0..=start).rev().take_while(|row| at(missing, *row) > 0.0).last().unwrap_or(start);
    let was_lost = at(writer, began) > 0.0 || began > 0 && at(writer, began - 1) > 0.0;
    was_lost && at(writer, began + 1) == 0.0
}

/// Whether the writer stays away because it was told to hand over, and not because it is lost: then it begins so.
fn hands_over(about: &Full<'_>, database: usize) -> bool {
    let column = about.scene.lost(Resource::Handover { database });
    let mut marked = about.rows.clone().filter(|row| at(&about.resource.waiting, *row) > 0.0);
    marked.next().is_some_and(|row| at(column, row) > 0.0)
}

/// That nothing takes over, and when, if at another time something did: `, and nothing takes over from 6:00 to 8:00`.
fn alone(about: &Full<'_>, database: usize) -> Option<String> {
    let Full { scene, resource, rows, .. } = *about;
    let heirless = scene.lost(Resource::Heirs { database });
    let when = |column: &[f64]| {
        let marked = |row: &usize| at(column, *row) > 0.0;
        Some((rows.clone().find(marked)?, rows.clone().rev().find(marked)? + 1))
    };
    let ((lost, back), (from, to)) = (when(&resource.waiting)?, when(heirless)?);
    let from_s = |scene: &Scene<'_>| clock(scene.time_s(from));
    Some(match (from == lost, to == back) {
        (true, true) => ", and nothing takes over".into(),
        (true, false) => format!(", and nothing takes over until {}", clock(scene.time_s(to))),
        (false, true) => format!(", and nothing takes over from {} on", from_s(scene)),
        (false, false) => {
            format!(", and nothing takes over from {} to {}", from_s(scene), clock(scene.time_s(to)))
        }
    })
}
