//! Workers that cannot keep up with the messages of their queues, at the largest size of their fleet.
//!
//! In: traffic, sizes, and what a message takes at the least. Out: a warning for each crew of pollers that is too few.
//!
//! A queue is there to spread a burst over time, so a peak alone is no fault: the backlog is followed as a fluid, and what
//! counts is how long it would take to work it off. Messages may wait for as long as an objective allows, or a few minutes.

use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::fleet::language::limits::{capacity, enough, largest_at, too_many};
use crate::kind::queue::crew::Crew;
use crate::kind::queue::language::Queue;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{about, counted, excess};
use crate::units::Time;

/// How long messages may wait where no objective bounds their age. Assumption: a burst that is worked off in less is what a queue is
/// there for.
const PATIENCE: Time = Time::from_secs(300);

/// More than there is.
#[derive(Clone, Copy)]
pub(super) struct Excess {
    /// When it is most.
    pub at: Time,
    /// How many times as much as there is.
    pub times: f64,
    /// The longest that a message waits until the backlog before it is worked off, seconds.
    wait_s: f64,
}

pub(super) fn warnings(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    Crew::all(&expected.queues).iter().filter_map(|crew| of_crew(crew, expected)).collect()
}

fn of_crew(crew: &Crew, expected: &Expected<'_, Settings>) -> Option<Warning> {
    let fleet = &expected.fleets[crew.fleet];
    let queues: Vec<usize> = crew.queues.iter().map(|&queue| usize::from(queue)).collect();
    let per_second = |of: fn(&Work) -> f64| {
        let work: Vec<(usize, f64)> = queues
            .iter()
            .map(|&queue| (queue, Work::of(queue, expected).map_or(0.0, |work| of(&work))))
            .collect();
        expected.load.per_second(|demand| {
            work.iter().map(|(queue, each)| demand.walked((Kind::Queue, *queue)) * each).sum()
        })
    };
    let size = |time: Time| largest_at(fleet, time);
    let pollers = |time: Time| f64::from(size(time)) * f64::from(crew.pollers);
    let cpu = |time: Time| capacity(fleet, size(time), time);
    let limit = longest_age(&queues, expected);
    let found = [
        ("pollers", too_much(expected, &per_second(|work| work.poller_s), pollers, limit)),
        ("CPU", too_much(expected, &per_second(|work| work.cpu_s), cpu, limit)),
    ];
    let found = found.into_iter().filter_map(|(what, found)| Some((what, found?)));
    let (what, Excess { at, times, wait_s }) = found.max_by(|a, b| a.1.times.total_cmp(&b.1.times))?;
    let size = size(at);
    let names: Vec<String> =
        queues.iter().map(|&queue| format!("`{}`", expected.queues[queue].name)).collect();
    let message = format!(
        "the messages of {} at {at} ask for {} the {what} of fleet `{}` at its largest, {}",
        names.join(" and "),
        excess(times),
        fleet.name,
        counted(size.into(), "instance"),
    );
    let hint = match enough(f64::from(size) * times) {
        Some(instances) => {
            format!("{instances} would keep up; as it is, messages wait for up to {}", about(wait_s))
        }
        None => format!("{} would be needed: are the steps of a message right?", too_many()),
    };
    let key = if fleet.policies.is_empty() { "instances" } else { "max" };
    Some(Warning::new(Code::DemandAboveCapacity, &["fleet", &fleet.name, key], message, hint))
}

/// When messages ask for most of what is there, and how many times that; nothing where it is enough, or where the backlog is
/// worked off in time. `asked` is per second at each instant.
pub(super) fn too_much(
    expected: &Expected<'_, Settings>,
    asked: &[f64],
    there: impl Fn(Time) -> f64,
    limit: Time,
) -> Option<Excess> {
    let (at, times) = expected.load.worst(asked, &there)?;
    // Seconds of work that wait, and the longest that it takes to do them.
    let (mut waiting, mut wait_s) = (0.0f64, 0.0f64);
    for (at, &time) in expected.load.instants.iter().enumerate() {
        let next = expected.load.instants.get(at + 1).copied().unwrap_or(expected.duration);
        let mean = (asked[at] + asked.get(at + 1).copied().unwrap_or(asked[at])) / 2.0;
        let span = (next - time).as_secs_f64();
        waiting = (waiting + (mean - there(time)) * span).max(0.0);
        wait_s = wait_s.max(waiting / there(time).max(f64::MIN_POSITIVE));
    }
    // What still asks for too much at the end would wait ever longer.
    let grows = asked.last().is_some_and(|asked| *asked > there(expected.duration));
    (grows || wait_s > limit.as_secs_f64()).then_some(Excess { at, times, wait_s })
}

/// What a message takes at the least, with nothing waited for.
struct Work {
    /// Seconds of a poller: its part of a call that receives, its work, its part of a call that deletes.
    poller_s: f64,
    /// Seconds on a vCPU of strength 1 of its own fleet.
    cpu_s: f64,
}

impl Work {
    fn of(queue: usize, expected: &Expected<'_, Settings>) -> Option<Work> {
        let walk = expected.paths.iter().find(|walk| walk.of == (Kind::Queue, queue))?;
        let Queue { latency, consumer, .. } = &expected.queues[queue];
        let consumer = consumer.as_ref()?;
        let calls = consumer.receives() + consumer.deletes();
        Some(Work {
            poller_s: calls * latency.as_secs_f64() + walk.alone_s,
            cpu_s: walk.demand.of(Resource::Cpu { fleet: walk.fleet }),
        })
    }
}

/// The longest age that objectives allow messages of some queues, or that they may have where one of these has no objective on it.
pub(super) fn longest_age(queues: &[usize], expected: &Expected<'_, Settings>) -> Time {
    let of = |queue: usize| {
        let ages =
            expected.bounded.iter().filter(|(name, of, _)| *name == "age" && of.is_none_or(|of| of == queue));
        ages.map(|(.., limit)| *limit).reduce(f64::min)
    };
    let all: Option<Vec<f64>> = queues.iter().map(|&queue| of(queue)).collect();
    all.map_or(PATIENCE, |ages| Time::from_secs_f64(ages.into_iter().fold(0.0, f64::max) / 1e3))
}
