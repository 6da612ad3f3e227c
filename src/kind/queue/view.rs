//! What a queue shows of a run: its pollers, its backlog and the age of its oldest message.
//!
//! In: its settings and rows. Out: what can run out, and its words. Pollers are full when hardly one of them is idle
//! while messages can be received. No request waits for that, but the messages do.

mod sources;

use super::crew::Crew;
use super::label;
use super::record::QueueSeries;
use super::said::{self, backlog};
use super::trouble;
use super::{Queues, warning};
use crate::kind::expected::{Expected, Walk};
use crate::kind::view::{View, at, peak, with};
use crate::kind::warning::Warning;
use crate::kind::{self, All, Full, Scene, Settings};
use crate::measure::capacity::{Capacity, Group, shares};
use crate::measure::resource::label::{Called, Label};
use crate::measure::resource::{Action, Resource};
use crate::measure::stage::StageKind;
use crate::measure::watched::{Trouble, WAITING, Watched};
use crate::number::{all_of, millis, number};

impl View<All> for Queues<'_> {
    const LABELS: &'static [Label] = label::LABELS;

    fn watch<'a>(scene: &Scene<'a>) -> Vec<Watched<'a>> {
        let crews = Crew::all(&scene.queues).into_iter().filter_map(|crew| {
            let queue = usize::from(crew.queues[0]);
            let series = scene.timeline.queues.get(queue)?;
            let waiting = waiting(&crew, scene);
            Some(Watched::busy(Resource::Pollers { queue }, taken(series, &waiting), &waiting))
        });
        let sources = (0..scene.queues.len()).filter_map(|queue| {
            scene.queues[queue].source?;
            let series = scene.timeline.queues.get(queue)?;
            let busy = series.pollers_busy_percent.clone();
            Some(Watched::busy(Resource::Pollers { queue }, busy, &series.backlog))
        });
        let limits = limits(scene).into_iter().map(|limit| {
            let waiting = limit.waiting_in_rows();
            Watched::busy(limit.of, limit.percent, &waiting)
        });
        let messages = (0..scene.queues.len()).map(|queue| {
            let rows = trouble::rows(queue, scene);
            let trouble = Trouble::Rows(rows.clone());
            Watched { trouble, ..Watched::marked(Resource::Messages { queue }, rows) }
        });
        crews.chain(sources).chain(limits).chain(messages).collect()
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
            let waiting = waiting(&crew, scene);
            Some(Capacity {
                of: Resource::Pollers { queue },
                resource: label::POLLERS.plain(&[&names(&crew, scene, "")]),
                kind: StageKind::Queue,
                busy: shares(&taken(series, &waiting)),
                there: series.pollers.iter().map(|pollers| pollers / each).collect(),
                waiting: Some(waiting.into()),
                growing: Vec::new(),
                refusing: Vec::new(),
                at_once: Some(each),
                finished: Some(finished(&crew, scene)),
                group: Some(Group { serving, at_most: kind::most_hosts(scene, crew.fleet) }),
            })
        });
        let limits = limits(scene).into_iter().map(|limit| {
            let name = words(limit.of, &limit.series.name, "");
            let in_flight = match limit.of {
                Resource::InFlight { queue } => scene.queues.get(queue).map(|it| f64::from(it.in_flight)),
                _ => None,
            };
            Capacity {
                waiting: Some(limit.waiting().into()),
                at_once: in_flight,
                ..Capacity::constant(limit.of, name, StageKind::Queue, &limit.percent)
            }
        });
        crews.chain(sources::capacities(scene)).chain(limits).collect()
    }

    fn holder(settings: &Settings, index: usize, fleet: usize) -> Resource {
        if settings.queues[index].source.is_some() {
            return Resource::Pollers { queue: index };
        }
        let crews = Crew::all(&settings.queues);
        let crew = crews.iter().find(|crew| crew.queues.iter().any(|&queue| usize::from(queue) == index));
        let first = crew.map(|crew| usize::from(crew.queues[0]));
        first.map_or(Resource::Threads { fleet }, |queue| Resource::Pollers { queue })
    }

    fn waits(settings: &Settings, add: &mut impl FnMut(Resource, Resource)) {
        let settings_of = settings;
        for (queue, settings) in settings.queues.iter().enumerate() {
            if let Some(source) = settings.source {
                // Messages wait for pollers, and these for environments.
                let concurrency = Resource::Concurrency { lambda: source.function.index() };
                let concurrency = kind::shared(settings_of, concurrency);
                let pollers = Resource::Pollers { queue };
                add(Resource::Messages { queue }, pollers);
                add(Resource::Messages { queue }, concurrency);
                add(Resource::Messages { queue }, Resource::InFlight { queue });
                add(pollers, concurrency);
                add(Resource::InFlight { queue }, pollers);
            }
        }
        for queue in (0..settings.queues.len()).filter(|&queue| settings.queues[queue].consumer.is_some()) {
            // Messages wait for pollers, and for the calls by which these get and delete them.
            let (messages, pollers) =
                (Resource::Messages { queue }, Self::holder(settings, queue, usize::MAX));
            if let Some(consumer) = &settings.queues[queue].consumer {
                let fleet = consumer.fleet.index();
                Resource::missing_instances(fleet).into_iter().for_each(|missing| add(pollers, missing));
                add(pollers, Resource::ScaledIn { fleet });
            }
            add(messages, pollers);
            // A message is in flight, and its group is held, for as long as its work waits for something.
            for limit in [Resource::InFlight { queue }, Resource::Groups { queue }] {
                add(messages, limit);
                add(limit, pollers);
            }
            for action in [Action::Receive, Action::Delete] {
                add(messages, Resource::Calls { queue, action });
                add(pollers, Resource::Calls { queue, action });
            }
        }
    }

    fn name(scene: &Scene<'_>, of: Resource) -> Option<Called> {
        match of {
            Resource::Pollers { queue } if sources::is_one(scene, queue) => sources::name(scene, queue, "`"),
            Resource::Pollers { queue } => {
                Some(label::POLLERS.plain(&[&names(&crew(scene, queue)?, scene, "`")]))
            }
            Resource::Calls { queue, .. }
            | Resource::InFlight { queue }
            | Resource::Groups { queue }
            | Resource::Messages { queue } => Some(words(of, &scene.queues.get(queue)?.name, "`")),
            _ => None,
        }
    }

    fn full(about: &Full<'_>) -> Option<String> {
        let Full { scene, rows, .. } = *about;
        let queue = match about.resource.of {
            Resource::Pollers { queue } if sources::is_one(scene, queue) => {
                return sources::full(queue, about);
            }
            Resource::Pollers { queue } => queue,
            Resource::Messages { queue } => return trouble::words(queue, about),
            Resource::Calls { queue, action } => return throttled(queue, action, about),
            Resource::InFlight { queue } | Resource::Groups { queue } => {
                return Some(held_back(queue, about));
            }
            _ => return None,
        };
        let crew = crew(scene, queue)?;
        let series = scene.timeline.queues.get(queue)?;
        let waiting = said::waiting(&crew, about).unwrap_or_default();
        let absent: Vec<usize> = rows.clone().filter(|&row| is_absent(series, row)).collect();
        if absent.is_empty() {
            return Some(with(format!("{} full", about.name), &[waiting]));
        }
        let fleet = scene.timeline.fleets.get(crew.fleet)?;
        let gone = absent.iter().all(|&row| at(&fleet.serving, row) < NONE);
        let why = if gone { format!("no instance of `{}` serves", fleet.name) } else { String::new() };
        let seconds: f64 = absent.iter().map(|&row| scene.row_s(row)).sum();
        // They may have ended in the middle of a row.
        let what = match absent.len() + 1 >= rows.len() {
            true => format!("no {}", about.name),
            false => format!("{} full, none of them there for {}", about.name, millis(seconds * 1e3)),
        };
        Some(with(what, &[why, waiting]))
    }

    fn endless(settings: &Settings, paths: &[Walk<'_>]) -> Vec<Resource> {
        warning::cycle::endless(settings, paths)
    }

    fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
        warning::expected(expected)
    }
}

/// `send calls of `orders``, `messages of `orders``.
fn words(of: Resource, queue: &str, quote: &str) -> Called {
    let label = match of {
        Resource::Calls { action: Action::Send, .. } => label::SENDS,
        Resource::Calls { action: Action::Receive, .. } => label::RECEIVES,
        Resource::Calls { action: Action::Delete, .. } => label::DELETES,
        Resource::InFlight { .. } => label::IN_FLIGHT,
        Resource::Groups { .. } => label::GROUPS,
        _ => label::MESSAGES,
    };
    label.with(&[queue], quote)
}

/// `send calls of `orders` full (300 a second, up to 2,200 a second throttled)`.
fn throttled(queue: usize, action: Action, about: &Full<'_>) -> Option<String> {
    let settings = about.scene.queues.get(queue)?;
    let limit = settings.calls?;
    let each = if settings.high_throughput { " to each message group" } else { "" };
    let throttled = peak(about.scene.timeline.queues.get(queue)?.throttled_by(action), about.rows);
    let numbers = [
        format!("{} a second{each}", number(limit.0)),
        format!("up to {} a second throttled", number(throttled.round())),
    ];
    Some(with(format!("{} full", about.name), &numbers))
}

/// Percent of a limit of messages in flight, or of message groups, from which it is shown: below, it is no limit of this run.
/// Assumption: traffic does not grow tenfold.
const SHOWN: f64 = 10.0;

/// What a queue lets only so much of through, and how much of that is used.
struct Limit<'a> {
    of: Resource,
    series: &'a QueueSeries,
    percent: Vec<f64>,
}

impl<'a> Limit<'a> {
    /// What waits where it is used up: of calls, those of the same action that were throttled. A call of a poller that is throttled
    /// hurts only where there are messages that it could have got.
    fn waiting(&self) -> &'a [f64] {
        match self.of {
            Resource::Calls { action: action @ (Action::Send | Action::Delete), .. } => {
                self.series.throttled_by(action)
            }
            _ => &self.series.backlog,
        }
    }

    /// The same row by row: receives count only where both calls and messages wait.
    fn waiting_in_rows(&self) -> Vec<f64> {
        match self.of {
            Resource::Calls { action: Action::Receive, .. } => {
                let throttled = self.series.throttled_by(Action::Receive);
                throttled.iter().zip(self.waiting()).map(|(calls, messages)| calls.min(*messages)).collect()
            }
            _ => self.waiting().to_vec(),
        }
    }
}

/// The calls that a queue takes only so many of, each action by itself; messages in flight and message groups, where a good
/// part of them is used at some time.
fn limits<'a>(scene: &Scene<'a>) -> Vec<Limit<'a>> {
    let queues = || scene.settings.queues.iter().zip(&scene.timeline.queues).enumerate();
    let limited = queues().filter(|(_, (settings, _))| settings.limit().is_some());
    let calls = limited.flat_map(|(queue, (_, series))| {
        let percent = [&series.sends_percent, &series.receives_percent, &series.deletes_percent];
        let of = move |action| Resource::Calls { queue, action };
        let all = Action::ALL.into_iter().map(of).zip(percent);
        all.map(move |(of, percent)| Limit { of, series, percent: percent.clone() })
    });
    let held_back = queues().flat_map(|(queue, (settings, series))| {
        let most = f64::from(settings.in_flight);
        let percent = series.in_flight.iter().map(|count| 100.0 * count / most).collect();
        let in_flight = Limit { of: Resource::InFlight { queue }, series, percent };
        let percent = series.groups_percent.clone();
        let groups = settings.fifo.then_some(Limit { of: Resource::Groups { queue }, series, percent });
        [in_flight].into_iter().chain(groups)
    });
    let grouped = queues().filter(|(_, (settings, _))| settings.group_limit().is_some());
    let sends = grouped.map(|(queue, (_, series))| {
        let of = Resource::Calls { queue, action: Action::Send };
        Limit { of, series, percent: series.sends_percent.clone() }
    });
    let shown = sends.chain(held_back).filter(|limit| limit.percent.iter().any(|percent| *percent >= SHOWN));
    calls.chain(shown).collect()
}

/// `messages in flight of `orders` full (10, up to 3,197 waiting, the oldest message 2m40s)`.
fn held_back(queue: usize, about: &Full<'_>) -> String {
    let settings = about.scene.queues.get(queue);
    let limit = match about.resource.of {
        Resource::InFlight { .. } => number(settings.map_or(0.0, |it| f64::from(it.in_flight))),
        _ if settings.is_some_and(|it| !it.is_even()) => {
            "the most popular one is worked on one message at a time".into()
        }
        _ => "each is worked on one message at a time".into(),
    };
    with(format!("{} full", about.name), &[limit, said::waiting_of(queue, about).unwrap_or_default()])
}

/// What means over rows and runs leave of no poller and no instance.
const NONE: f64 = 0.01;

/// Whether there are no pollers.
fn is_absent(series: &QueueSeries, row: usize) -> bool {
    at(&series.pollers, row) < NONE
}

/// How busy pollers were, in percent. Where messages wait and there are none, nothing is left of them.
fn taken(series: &QueueSeries, waiting: &[f64]) -> Vec<f64> {
    let of = |(row, busy): (usize, &f64)| match is_absent(series, row) && at(waiting, row) >= WAITING {
        true => 100.0,
        false => *busy,
    };
    series.pollers_busy_percent.iter().enumerate().map(of).collect()
}

/// Messages that wait for the pollers of a crew, of all their queues: those that can be received, and those of a batch that wait for the
/// others of it.
fn waiting(crew: &Crew, scene: &Scene<'_>) -> Vec<f64> {
    let consumers =
        crew.queues.iter().filter_map(|&queue| scene.queues.get(usize::from(queue))?.consumer.as_ref());
    let batch = f64::from(consumers.map(|consumer| consumer.batch).max().unwrap_or(1));
    let queues = || crew.queues.iter().filter_map(|&queue| scene.timeline.queues.get(usize::from(queue)));
    let in_batches = |row: usize| {
        let Some(pollers) = queues().next().map(|series| at(&series.pollers, row)) else { return 0.0 };
        let busy = queues().next().map_or(0.0, |series| at(&series.pollers_busy_percent, row) / 100.0);
        let in_flight: f64 = queues().map(|series| at(&series.in_flight, row)).sum();
        // Beyond what they can have received, messages are in flight whose work has failed.
        (in_flight.min(batch * pollers) - busy * pollers).max(0.0)
    };
    let held = |row: usize| if batch > 1.0 { in_batches(row) } else { 0.0 };
    (0..scene.timeline.time_s.len()).map(|row| backlog(crew, scene, row) + held(row)).collect()
}

/// The pollers that a queue is asked by first.
fn crew(scene: &Scene<'_>, queue: usize) -> Option<Crew> {
    Crew::all(&scene.queues).into_iter().find(|crew| usize::from(crew.queues[0]) == queue)
}

/// Messages that its pollers were done with in each row, of all its queues.
fn finished(crew: &Crew, scene: &Scene<'_>) -> Vec<f64> {
    let queues = crew.queues.iter().filter_map(|&queue| scene.timeline.queues.get(usize::from(queue)));
    let queues: Vec<&QueueSeries> = queues.collect();
    (0..scene.timeline.time_s.len())
        .map(|row| queues.iter().map(|series| at(&series.deleted, row)).sum())
        .collect()
}

/// `members and guests`: the queues that pollers ask.
fn names(crew: &Crew, scene: &Scene<'_>, quote: &str) -> String {
    let names = crew.queues.iter().filter_map(|&queue| scene.queues.get(usize::from(queue)));
    let names: Vec<String> = names.map(|queue| format!("{quote}{}{quote}", queue.name)).collect();
    all_of(&names)
}
