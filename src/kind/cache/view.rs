//! What a cache shows of a run: its command threads. In: its settings and rows. Out: what can run out, and its words.

use super::{Caches, warning};
use crate::kind::expected::Expected;
use crate::kind::view::View;
use crate::kind::warning::Warning;
use crate::kind::{All, Ended, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};

impl View<All> for Caches<'_> {
    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let caches = scene.timeline.caches.iter().enumerate();
        let watched = caches.map(|(cache, series)| {
            // Nobody counts those that wait: at a busy shard some always do.
            let waiting = vec![WAITING; series.busy_percent.len()];
            Watched::busy(Resource::Cache { cache }, series.busy_percent.clone(), &waiting)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let caches = scene.timeline.caches.iter().enumerate();
        let capacity = caches.map(|(cache, series)| {
            let words = format!("command threads of {}", series.name);
            Capacity::constant(Resource::Cache { cache }, words, StageKind::Cache, &series.busy_percent)
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::Cache { cache } = of else { return None };
        Some(format!(
            "command threads of `{}`",
            scene.caches.get(cache).map_or("", |cache| cache.name.as_str())
        ))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        matches!(about.resource.of, Resource::Cache { .. }).then(|| format!("{} full", about.name))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }

    fn ended(ended: &Ended<'_>) -> Vec<Warning> {
        warning::ended(ended)
    }
}
