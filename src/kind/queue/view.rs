//! What a queue shows of a run: its pollers, its backlog and the age of its oldest message.
//!
//! In: its settings and rows. Out: what can run out, its words, and a chart. Pollers are full when hardly one of them is idle
//! while messages can be received. No request waits for that, but the messages do.

use super::crew::Crew;
use super::record::QueueSeries;
use super::trouble;
use super::{Queues, warning};
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{self, All, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, Group, shares};
use crate::measure::chart::{Chart, Line, Panel};
use crate::measure::column::Series as _;
use crate::measure::resource::{Action, Resource};
use crate::measure::stage::StageKind;
use crate::measure::watched::{Trouble, Watched};
use crate::number::{millis, number};

impl View<All> for Queues<'_> {
    const CHART: Option<Chart> = Some(Chart {
        file: "queues.png",
        title: "Messages",
        kind: super::record::Series::KIND,
        panels: &[
            Panel {
                title: "waiting, in flight",
                lines: &[
                    Line { column: "backlog", name: "can be received", filled: true },
                    Line { column: "in_flight", name: "in flight", filled: false },
                ],
                log: false,
                weight: 1.0,
            },
            Panel {
                title: "oldest message",
                lines: &[Line { column: "oldest_s", name: "age", filled: false }],
                log: false,
                weight: 0.8,
            },
            Panel {
                title: "per second",
                lines: &[
                    Line { column: "sent", name: "sent", filled: false },
                    Line { column: "deleted", name: "deleted", filled: false },
                ],
                log: false,
                weight: 0.8,
            },
        ],
    });

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let crews = Crew::all(&scene.queues).into_iter().filter_map(|crew| {
            let queue = usize::from(crew.queues[0]);
            let series = scene.timeline.queues.get(queue)?;
            let waiting: Vec<f64> = (0..series.backlog.len()).map(|row| backlog(&crew, scene, row)).collect();
            Some(Watched::busy(Resource::Pollers { queue }, series.pollers_busy_percent.clone(), &waiting))
        });
        let calls =
            calls(scene).map(|(of, series, percent)| Watched::busy(of, percent.clone(), refused(of, series)));
        let messages = (0..scene.queues.len()).map(|queue| {
            let rows = trouble::rows(queue, scene);
            let trouble = Trouble::Rows(rows.clone());
            Watched { trouble, ..Watched::marked(Resource::Messages { queue }, rows) }
        });
        crews.chain(calls).chain(messages).collect()
    }

    fn lacking(scene: &Scene<'_>) -> Vec<Vec<bool>> {
        (0..scene.queues.len()).map(|queue| trouble::lacking(queue, scene)).collect()
    }

    fn capacities<'a>(scene: &Scene<'a>) -> Vec<Capacity<'a>> {
        let crews = Crew::all(&scene.queues).into_iter().filter_map(|crew| {
            let queue = usize::from(crew.queues[0]);
            let series = scene.timeline.queues.get(queue)?;
            let each = f64::from(crew.pollers);
            let serving = scene.timeline.fleets.get(crew.fleet)?.serving.as_slice();
            Some(Capacity {
                of: Resource::Pollers { queue },
                resource: format!("pollers of {}", names(&crew, scene, "")),
                kind: StageKind::Queue,
                busy: shares(&series.pollers_busy_percent),
                there: series.pollers.iter().map(|pollers| pollers / each).collect(),
                // Of queues that share pollers, the one that is asked last has what is left.
                waiting: scene
                    .timeline
                    .queues
                    .get(usize::from(*crew.queues.last()?))
                    .map(|it| it.backlog.as_slice()),
                group: Some(Group { serving, at_most: kind::most_hosts(scene, crew.fleet) }),
            })
        });
        let calls = calls(scene).map(|(of, series, percent)| {
            let name = words(of, &series.name, "");
            Capacity {
                waiting: Some(refused(of, series)),
                ..Capacity::constant(of, name, StageKind::Queue, percent)
            }
        });
        crews.chain(calls).collect()
    }

    fn holder(settings: &Settings, index: usize, fleet: usize) -> Resource {
        let crews = Crew::all(&settings.queues);
        let crew = crews.iter().find(|crew| crew.queues.iter().any(|&queue| usize::from(queue) == index));
        let first = crew.map(|crew| usize::from(crew.queues[0]));
        first.map_or(Resource::Threads { fleet }, |queue| Resource::Pollers { queue })
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        match of {
            Resource::Pollers { queue } => {
                Some(format!("pollers of {}", names(&crew(scene, queue)?, scene, "`")))
            }
            Resource::Calls { queue, .. } | Resource::Messages { queue } => {
                Some(words(of, &scene.queues.get(queue)?.name, "`"))
            }
            _ => None,
        }
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Full { scene, rows, .. } = *about;
        let queue = match about.resource.of {
            Resource::Pollers { queue } => queue,
            Resource::Messages { queue } => return trouble::words(queue, about),
            Resource::Calls { queue, .. } => return throttled(queue, about),
            _ => return None,
        };
        let queues = crew(scene, queue)?.queues;
        let oldest = queues.iter().filter_map(|&queue| scene.timeline.queues.get(usize::from(queue)));
        let oldest = oldest.map(|series| peak(&series.oldest_s, rows)).fold(0.0, f64::max);
        let age = format!("the oldest message {}", millis(oldest * 1e3));
        Some(with(format!("{} full", about.name), &[about.waiting.into(), age]))
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// The calls that a queue takes only so many of, each action by itself, with how much of its limit was used, in percent.
fn calls<'a>(scene: &Scene<'a>) -> impl Iterator<Item = (Resource, &'a QueueSeries, &'a Vec<f64>)> {
    let queues = scene.settings.queues.iter().zip(&scene.timeline.queues).enumerate();
    queues.filter(|(_, (settings, _))| settings.limit().is_some()).flat_map(|(queue, (_, series))| {
        let percent = [&series.sends_percent, &series.receives_percent, &series.deletes_percent];
        let of = move |action| Resource::Calls { queue, action };
        Action::ALL.into_iter().map(of).zip(percent).map(move |(of, percent)| (of, series, percent))
    })
}

/// What waits where calls are throttled. That of a poller hurts only where there are messages that it could have got.
fn refused(of: Resource, series: &QueueSeries) -> &[f64] {
    match of {
        Resource::Calls { action: Action::Receive, .. } => &series.backlog,
        _ => &series.throttled,
    }
}

/// `send calls of `orders``, `messages of `orders``.
fn words(of: Resource, queue: &str, quote: &str) -> String {
    match of {
        Resource::Calls { action, .. } => format!("{} calls of {quote}{queue}{quote}", action.name()),
        _ => format!("messages of {quote}{queue}{quote}"),
    }
}

/// `send calls of `orders` full (300 a second, up to 2,200 a second throttled)`.
fn throttled(queue: usize, about: &Full<'_>) -> Option<String> {
    let limit = about.scene.queues.get(queue)?.limit()?;
    let throttled = peak(&about.scene.timeline.queues.get(queue)?.throttled, about.rows);
    let numbers = [
        format!("{} a second", number(limit.0)),
        format!("up to {} a second throttled", number(throttled.round())),
    ];
    Some(with(format!("{} full", about.name), &numbers))
}

/// The pollers that a queue is asked by first.
fn crew(scene: &Scene<'_>, queue: usize) -> Option<Crew> {
    Crew::all(&scene.queues).into_iter().find(|crew| usize::from(crew.queues[0]) == queue)
}

/// Messages that pollers can receive in a row.
fn backlog(crew: &Crew, scene: &Scene<'_>, row: usize) -> f64 {
    let queues = crew.queues.iter().filter_map(|&queue| scene.timeline.queues.get(usize::from(queue)));
    queues.map(|series| at(&series.backlog, row)).sum()
}

/// `members and guests`: the queues that pollers ask.
fn names(crew: &Crew, scene: &Scene<'_>, quote: &str) -> String {
    let names = crew.queues.iter().filter_map(|&queue| scene.queues.get(usize::from(queue)));
    let names: Vec<String> = names.map(|queue| format!("{quote}{}{quote}", queue.name)).collect();
    names.join(" and ")
}
