//! What faults show of a run: the rows in which a zone was lost.
//!
//! In: the faults of the file. Out: a resource that is full while its zone is lost, so that it is the cause of what else was.

use super::{Faults, warning};
use crate::kind::expected::Expected;
use crate::kind::view::View;
use crate::kind::warning::Warning;
use crate::kind::{All, Full, Scene, Settings};
use crate::measure::resource::Resource;
use crate::measure::watched::Watched;

impl View<All> for Faults<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let rows = scene.timeline.time_s.len();
        let faults = scene.settings.faults.iter().enumerate();
        let watched = faults.map(|(index, fault)| {
            let (from, to) = (fault.at.as_secs_f64(), fault.until().unwrap_or(scene.duration).as_secs_f64());
            let lost = |row: usize| scene.time_s(row) < to && scene.time_s(row + 1) > from;
            Watched::marked(Resource::Zone { fault: index }, (0..rows).map(lost).collect())
        });
        watched.collect()
    }

    fn upsets(settings: &Settings) -> Vec<Resource> {
        (0..settings.faults.len()).map(|fault| Resource::Zone { fault }).collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::Zone { fault } = of else { return None };
        Some(
            scene.settings.faults.get(fault).map_or_else(String::new, |it| format!("zone {}", it.place.zone)),
        )
    }

    fn full(about: &Full<'_>) -> Option<String> {
        matches!(about.resource.of, Resource::Zone { .. }).then(|| format!("{} lost", about.name))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}
