//! What a queue shows of a run: its pollers, its backlog and the age of its oldest message.
//!
//! In: its settings and rows. Out: what can run out, its words, and a chart. Pollers are full when hardly one of them is idle
//! while messages can be received. No request waits for that, but the messages do.

use super::{Queues, warning};
use super::crew::Crew;
use crate::kind::expected::Expected;
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{self, All, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, Group, shares};
use crate::measure::chart::{Chart, Line, Panel};
use crate::measure::column::Series as _;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::measure::watched::Watched;
use crate::number::millis;

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
        crews.collect()
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
                waiting: scene.timeline.queues.get(usize::from(*crew.queues.last()?)).map(|it| it.backlog.as_slice()),
                group: Some(Group { serving, at_most: kind::most_hosts(scene, crew.fleet) }),
            })
        });
        crews.collect()
    }

    fn holder(settings: &Settings, index: usize, fleet: usize) -> Resource {
        let crews = Crew::all(&settings.queues);
        let crew = crews.iter().find(|crew| crew.queues.iter().any(|&queue| usize::from(queue) == index));
        let first = crew.map(|crew| usize::from(crew.queues[0]));
        first.map_or(Resource::Threads { fleet }, |queue| Resource::Pollers { queue })
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<String> {
        let Resource::Pollers { queue } = of else { return None };
        Some(format!("pollers of {}", names(&crew(scene, queue)?, scene, "`")))
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Full { scene, rows, .. } = *about;
        let Resource::Pollers { queue } = about.resource.of else { return None };
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
