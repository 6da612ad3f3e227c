//! How many messages wait, said once in a sentence. In: what the sentence is about. Out: words, or none where another link has
//! them.
//!
//! Pollers, messages in flight, message groups and messages may all be full because of one backlog, each in rows of its own. A
//! backlog has one figure: over the rows of all of them, where the first of them stands.

use std::ops::Range;

use super::crew::Crew;
use super::trouble::is_said_by_a_limit;
use crate::kind::view::{at, peak};
use crate::kind::{Full, Scene};
use crate::measure::resource::Resource;
use crate::number::{millis, number};

/// `up to 12 waiting, the oldest message 3m`: the backlog of the queues of some pollers.
pub(super) fn waiting(crew: &Crew, about: &Full<'_>) -> Option<String> {
    let queues: Vec<usize> = crew.queues.iter().map(|&queue| usize::from(queue)).collect();
    let rows = rows(&queues, about)?;
    let most = rows.clone().map(|row| backlog(crew, about.scene, row)).fold(0.0, f64::max);
    words(most, oldest(&queues, about.scene, &rows))
}

/// The same of one queue.
pub(super) fn waiting_of(queue: usize, about: &Full<'_>) -> Option<String> {
    let rows = rows(&[queue], about)?;
    let series = about.scene.timeline.queues.get(queue)?;
    words(peak(&series.backlog, &rows), oldest(&[queue], about.scene, &rows))
}

/// `the oldest message 11m`: where none wait that can be received, but those wait for a second try whose work has failed.
pub(super) fn oldest_of(queue: usize, about: &Full<'_>) -> Option<String> {
    let rows = rows(&[queue], about)?;
    let rows = rows.start..rows.end.max(about.span.end);
    let series = about.scene.timeline.queues.get(queue)?;
    let oldest = oldest(&[queue], about.scene, &rows);
    (peak(&series.backlog, &rows) < 1.0 && oldest > 0.0)
        .then(|| format!("the oldest message {}", millis(oldest * 1e3)))
}

/// Messages that pollers can receive in a row.
pub(super) fn backlog(crew: &Crew, scene: &Scene<'_>, row: usize) -> f64 {
    let queues = crew.queues.iter().filter_map(|&queue| scene.timeline.queues.get(usize::from(queue)));
    queues.map(|series| at(&series.backlog, row)).sum()
}

/// Whether the sentence has a word on the pollers of a queue.
pub(super) fn has_pollers(queue: usize, about: &Full<'_>) -> bool {
    let of = Crew::all(&about.scene.queues)
        .into_iter()
        .find(|crew| crew.queues.iter().any(|&it| usize::from(it) == queue));
    let of = of.map(|crew| Resource::Pollers { queue: usize::from(crew.queues[0]) });
    about.chain.iter().any(|(other, _)| Some(*other) == of)
}

/// The rows of the backlog of some queues in the sentence; nothing where an earlier link has said it.
fn rows(queues: &[usize], about: &Full<'_>) -> Option<Range<usize>> {
    let is_of_it = |of: Resource| match of {
        Resource::Pollers { queue } => shares_pollers(queue, queues, about.scene),
        Resource::InFlight { queue } | Resource::Groups { queue } => queues.contains(&queue),
        Resource::Messages { queue } => queues.contains(&queue) && !is_said_by_a_limit(queue, about),
        _ => false,
    };
    let of_it = about.chain.iter().filter(|(of, _)| is_of_it(*of));
    match of_it.clone().next() {
        Some((first, _)) if *first != about.resource.of => None,
        _ => Some(of_it.fold(about.rows.clone(), |all, (_, rows)| {
            all.start.min(rows.start.max(about.span.start))..all.end.max(rows.end)
        })),
    }
}

/// Whether a queue is one of some, or has its pollers in common with one of them.
fn shares_pollers(queue: usize, queues: &[usize], scene: &Scene<'_>) -> bool {
    let crews = Crew::all(&scene.queues);
    let crew = crews.iter().find(|crew| crew.queues.iter().any(|&it| usize::from(it) == queue));
    let has = |queue: usize| queues.contains(&queue);
    has(queue) || crew.is_some_and(|crew| crew.queues.iter().any(|&it| has(usize::from(it))))
}

fn oldest(queues: &[usize], scene: &Scene<'_>, rows: &Range<usize>) -> f64 {
    let series = queues.iter().filter_map(|&queue| scene.timeline.queues.get(queue));
    series.map(|series| peak(&series.oldest_s, rows)).fold(0.0, f64::max)
}

fn words(waiting: f64, oldest_s: f64) -> Option<String> {
    let oldest = millis(oldest_s * 1e3);
    (waiting >= 1.0)
        .then(|| format!("up to {} waiting, the oldest message {oldest}", number(waiting.round())))
}
