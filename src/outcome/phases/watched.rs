//! Every resource that can fill, row by row. In: what each kind knows of its own. Out: the same, with the members of each.

use crate::kind;
use crate::kind::Scene;
use crate::measure::resource::Resource;
pub(super) use crate::measure::watched::{Trouble, Watched};

/// All of them; a member is full over a window of so many rows.
pub(in crate::outcome) fn watched<'a>(scene: &Scene<'a>, window: usize) -> Vec<Watched<'a>> {
    let loads = &scene.timeline.loads;
    let load = |of: Resource| loads.iter().find(|load| load.of == of && load.members.len() > 1);
    let buffered = |of: Resource| {
        let load = loads.iter().find(|load| load.of == of);
        load.map_or_else(Vec::new, |load| (0..load.buffered.len()).map(|row| load.is_buffered(row)).collect())
    };
    kind::watch(scene)
        .into_iter()
        .chain(lost(scene))
        .map(|watched| {
            let failed = kind::failed_at(scene, watched.of).unwrap_or_default().to_vec();
            Watched { buffered: buffered(watched.of), failed, ..watched }
        })
        .map(|watched| match load(watched.of) {
            Some(load) => watched.or_a_member(load, window),
            None => watched,
        })
        .collect()
}

/// What was lost for a time, which is no trouble by itself. That nothing takes over, and that it was told to hand over, are a part of the words for a
/// lost writer.
pub(in crate::outcome) fn lost<'a>(scene: &Scene<'a>) -> impl Iterator<Item = Watched<'a>> {
    let of_writer = |of: Resource| matches!(of, Resource::Heirs { .. } | Resource::Handover { .. });
    let all = scene.timeline.lost.iter().filter(move |series| !of_writer(series.of));
    all.map(|series| {
        let full = series.rows.iter().map(|lost| *lost > 0.0).collect();
        Watched { zone: series.zone, waiting: series.rows.clone(), ..Watched::marked(series.of, full) }
    })
}
