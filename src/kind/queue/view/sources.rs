//! What a queue shows whose workers are a function: invocations at once. In: its settings and rows. Out: how much of its limit is used, and its words.
//!
//! Lambda has five pollers at first and more of them each second, up to `maximum_concurrency` or what AWS allows. Each has one invocation at a time.

use crate::kind::queue::{label, said};
use crate::kind::view::{at, peak, with};
use crate::kind::{Full, Scene};
use crate::measure::capacity::Capacity;
use crate::measure::resource::Resource;
use crate::measure::resource::label::Called;
use crate::measure::stage::StageKind;
use crate::number::number;

/// Part of the most pollers from which these are all there: the mean of a row in which the last of them came has less.
const ALL: f64 = 0.95;

/// Whether the workers of a queue are a function.
pub(super) fn is_one(scene: &Scene<'_>, queue: usize) -> bool {
    scene.queues.get(queue).is_some_and(|it| it.source.is_some())
}

/// ``invocations from `orders` ``.
pub(super) fn name(scene: &Scene<'_>, queue: usize, quote: &str) -> Option<Called> {
    Some(label::INVOCATIONS.with(&[&scene.queues.get(queue)?.name], quote))
}

/// How much of its invocations at once each of them takes.
pub(super) fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
    let settings = scene.settings;
    let each = settings.queues.iter().zip(&scene.timeline.queues).enumerate();
    let capacities = each.filter_map(|(queue, (settings, series))| {
        let most = f64::from(settings.source?.most);
        let busy = series.pollers.iter().zip(&series.pollers_busy_percent);
        let percent: Vec<f64> = busy.map(|(pollers, busy)| (pollers * busy / most).min(100.0)).collect();
        let of = Resource::Pollers { queue };
        Some(Capacity {
            waiting: Some((&series.backlog[..]).into()),
            at_once: Some(most),
            finished: Some(series.deleted.clone()),
            ..Capacity::constant(of, name(scene, queue, "")?, StageKind::Queue, &percent)
        })
    });
    capacities.collect()
}

/// ``invocations from `orders` full (20 at once, up to 1,470 waiting, the oldest message 3m)``.
pub(super) fn full(queue: usize, about: &Full<'_>) -> Option<String> {
    let source = about.scene.queues.get(queue)?.source?;
    let series = about.scene.timeline.queues.get(queue)?;
    let waiting = said::waiting_of(queue, about).unwrap_or_default();
    let most = f64::from(source.most);
    let there = peak(&series.pollers, about.rows);
    match there >= ALL * most {
        true => Some(with(format!("{} full", about.name), &[format!("{} at once", number(most)), waiting])),
        false => {
            let first = at(&series.pollers, about.rows.start).round();
            let grew = format!("{} at once at first, then up to {}", number(first), number(there.round()));
            Some(with(format!("{} could not grow as fast as messages came", about.name), &[grew, waiting]))
        }
    }
}
