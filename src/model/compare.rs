//! Compares two runs event by event: proves that a run repeats itself, or finds the first event that differs.
//!
//! In: a scenario and two seeds, which are equal for a proof. Out: a [`Comparison`]. The second run makes one step
//! after each step of the first, so nothing is stored and the first difference is found at once. An observer of the run
//! loop reads the events; in an ordinary run it compiles to nothing.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::observer::Observer;
use super::{EVENTS_A_LOOK, Measured, Timer, World};
use crate::flow::event::Event;
use crate::flow::timer::{Key, Timer as _};
use crate::kind;
use crate::scenario::Scenario;
use crate::units::Time;

/// One event as observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its time.
    pub time: Time,
    /// Its number in the calendar; 0 for an arrival and for the end of a job on a processor.
    pub number: u64,
    /// The kind of event.
    pub kind: &'static str,
    /// What it concerns: an attempt, a user, an instance, a policy of a fleet.
    pub subject: [u32; 2],
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Seen { time, number, kind, subject: [first, second] } = self;
        write!(f, "{kind} {first}")?;
        if *second > 0 {
            write!(f, "/{second}")?;
        }
        write!(f, ", event number {number}, at {} ns", time.0)
    }
}

/// The result of comparing two runs.
#[derive(Debug)]
pub struct Comparison {
    /// Number of equal events, from the first on.
    pub events: u64,
    /// A hash of them in their order, the same on every platform.
    pub hash: u64,
    /// The event after them in each run; `None` for a run that has ended.
    pub difference: Option<[Option<Seen>; 2]>,
    /// What each run measured, if both ran to their end.
    pub measured: Option<[Measured; 2]>,
    /// Simulated time at which both were interrupted, equal up to there.
    pub cut: Option<Time>,
}

/// Runs a scenario with two seeds in step until they differ.
///
/// `watch` is called with the simulated time now and then, and may end both runs.
pub fn compare(
    scenario: &Scenario,
    seeds: [u64; 2],
    watch: &mut dyn FnMut(Time) -> ControlFlow<()>,
) -> Comparison {
    let mut worlds = seeds.map(|seed| World::new(scenario, seed));
    let (mut events, mut hash) = (0u64, 0);
    loop {
        let seen = worlds.each_mut().map(step);
        let [Some(event), Some(other)] = seen else {
            let ended = seen == [None, None];
            return Comparison {
                events,
                hash,
                difference: (!ended).then_some(seen),
                measured: ended.then(|| worlds.map(World::finish)),
                cut: None,
            };
        };
        if event != other {
            return Comparison { events, hash, difference: Some(seen), measured: None, cut: None };
        }
        hash = add(hash, &event);
        events += 1;
        if events.is_multiple_of(EVENTS_A_LOOK) && watch(event.time).is_break() {
            return Comparison { events, hash, difference: None, measured: None, cut: Some(event.time) };
        }
    }
}

/// One event of a run; `None` at its end.
fn step(world: &mut World) -> Option<Seen> {
    let mut last = Last(None);
    let ops = Arc::clone(&world.program.ops);
    world.advance(&ops, &mut last);
    last.0
}

/// Mixes an event into a hash; the order of events matters.
fn add(hash: u64, seen: &Seen) -> u64 {
    let kind = seen.kind.bytes().fold(0, |word: u64, byte| word.rotate_left(7) ^ u64::from(byte));
    let subject = u64::from(seen.subject[0]) | u64::from(seen.subject[1]) << 32;
    [seen.time.0, seen.number, kind, subject]
        .iter()
        .fold(hash, |hash: u64, word| (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))
}

/// Keeps the last event observed.
struct Last(Option<Seen>);

impl Last {
    fn keep(&mut self, time: u64, number: u64, kind: &'static str, subject: [u32; 2]) {
        self.0 = Some(Seen { time: Time(time), number, kind, subject });
    }
}

impl Observer for Last {
    fn event(&mut self, time: u64, number: u64, event: Event) {
        let (kind, subject) = match event {
            Event::Resume(attempt) => ("end of a step of attempt", [attempt, 0]),
            Event::Enter(attempt) => ("retry as attempt", [attempt, 0]),
            Event::Ask(user) => ("request of user", [user, 0]),
            Event::Connect(attempt) => ("connection tried again by attempt", [attempt, 0]),
            Event::Watch(attempt) => ("look at the deadlines of attempt", [attempt, 0]),
        };
        self.keep(time, number, kind, subject);
    }

    fn plan(&mut self, time: u64, processor: usize) {
        self.keep(time, 0, "end of a job on processor", [processor as u32, 0]);
    }

    fn timer(&mut self, time: u64, number: u64, key: Key) {
        let label = kind::label(key).unwrap_or_else(|| Timer::of(key).label());
        self.keep(time, number, label, key.subject);
    }

    fn arrival(&mut self, time: u64, source: usize) {
        self.keep(time, 0, "arrival from source", [source as u32, 0]);
    }
}
