//! What a cache shows of a run: its command threads, its links. In: its settings and rows. Out: what can run out, and its words.

use super::label;
use super::{Caches, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, lost};
use crate::kind::warning::Warning;
use crate::kind::{All, Ended, Full, Scene, Settings};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::{Called, Label};
use crate::measure::stage::StageKind;
use crate::measure::watched::{WAITING, Watched};

impl View<All> for Caches<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        // Nobody counts those that wait: at a busy shard some always do.
        let busy = |of, percent: &[f64]| Watched::busy(of, percent.to_vec(), &vec![WAITING; percent.len()]);
        let caches = scene.timeline.caches.iter().enumerate();
        let watched = caches.flat_map(|(cache, series)| {
            let threads = busy(Resource::Cache { cache }, &series.busy_percent);
            let links =
                series.links.first().map(|links| busy(Resource::Links { cache }, &links.busy_percent));
            [threads].into_iter().chain(links)
        });
        watched.collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let caches = scene.timeline.caches.iter().enumerate();
        let capacity = caches.flat_map(|(cache, series)| {
            let words = label::THREADS.plain(&[&series.name]);
            let threads =
                Capacity::constant(Resource::Cache { cache }, words, StageKind::Cache, &series.busy_percent);
            let links = series.links.first().map(|links| {
                let words = label::LINKS.plain(&[&series.name]);
                Capacity::constant(Resource::Links { cache }, words, StageKind::Cache, &links.busy_percent)
            });
            [threads].into_iter().chain(links)
        });
        capacity.collect()
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        match of {
            Resource::Cache { cache } => Some(label::THREADS.quoted(&[name(scene, cache)])),
            Resource::Links { cache } => Some(label::LINKS.quoted(&[name(scene, cache)])),
            Resource::LostShards { cache } => Some(label::SHARDS.quoted(&[name(scene, cache)])),
            _ => None,
        }
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Full { scene, resource, rows, .. } = *about;
        match resource.of {
            Resource::Cache { .. } | Resource::Links { .. } => Some(format!("{} full", about.name)),
            Resource::LostShards { cache } => Some(lost(resource, rows, "shard", name(scene, cache))),
            _ => None,
        }
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }

    fn ended(ended: &Ended<'_>) -> Vec<Warning> {
        warning::ended(ended)
    }
}

/// The name that the file gives a cache.
fn name<'a>(scene: &Scene<'a>, cache: usize) -> &'a str {
    scene.settings.caches.get(cache).map_or("", |cache| cache.name.as_str())
}
