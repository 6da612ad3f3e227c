//! Words for nodes of a database that are lost. In: the rows of the loss. Out: what is lost, and what is left.

use crate::kind::Full;
use crate::kind::view::peak;
use crate::measure::resource::{Node, Resource};
use crate::number::things;

/// `the writer of `shop` lost, and nothing takes over`, `1 of 2 replicas of `shop` left`. The old writer is a replica that is
/// lost once a replica has taken over from it: so what is left is said.
pub(super) fn words(about: &Full<'_>, database: usize, node: Node) -> String {
    let Full { scene, resource, rows, .. } = *about;
    let (name, all) = scene.databases.get(database).map_or(("", 0), |it| (it.name.as_str(), it.replicas));
    if node == Node::Writer {
        let alone = peak(scene.lost(Resource::Heirs { database }), rows) > 0.0;
        return format!("the writer of `{name}` lost{}", if alone { ", and nothing takes over" } else { "" });
    }
    let all = f64::from(all);
    match all - peak(&resource.waiting, rows).ceil() {
        left if left < 1.0 => format!("no replica of `{name}` left"),
        left => format!("{left} of {} of `{name}` left", things(all, "replica")),
    }
}
