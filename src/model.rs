//! A run: the loop over events.
//!
//! In: a scenario and a seed. Out: what was measured and used. Requests flow one way: `traffic` makes them,
//! `client` sends attempts, `walk` leads each through its `program`, the resources delay it (see `kind`), and
//! `client` gets its result. Timers of kinds run in parallel; the facts that they send are delivered here.
//!
//! Randomness: every purpose of every resource draws from its own stream. Order: see [`crate::engine::calendar`]. What is
//! assumed: see [`crate::rules`].

mod abandoned;
mod blame;
mod border;
mod build;
mod client;
pub mod compare;
mod compiler;
mod connect;
mod crowd;
mod cut;
mod evened;
mod gauges;
mod given;
mod held_back;
mod killed;
mod loads;
mod met;
mod metering;
mod observer;
mod patience;
mod program;
mod rows;
#[cfg(test)]
mod rules;
mod silence;
mod source;
mod totals;
mod traffic;
mod tried;
mod unwind;
mod users;
mod walk;
mod world;
mod zoned;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::engine::calendar::Source;
use crate::engine::entry::Entry;
use crate::flow::NONE;
use crate::flow::event::Event;
use crate::flow::fact::Fact;
use crate::flow::timer::{Key, Timer as _};
use crate::scenario::Scenario;
use crate::units::Time;
use observer::Observer;
use program::Line;
use world::FRAME;

pub use cut::{Cut, footprint};
pub use gauges::{Measured, Remaining};
pub(crate) use traffic::Arrivals;
pub(crate) use world::{Timer, World};

/// Simulates a scenario and returns what was measured.
///
/// `progress` is called with the simulated time now and then.
pub fn run(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(Time)) -> Measured {
    let go_on = &mut |now| {
        progress(now);
        ControlFlow::Continue(())
    };
    run_while(scenario, seed, go_on).0
}

/// Like [`run`], but `watch`, which is called with the simulated time now and then, can end the run: then the
/// measurements are those of a run of that length.
pub fn run_while(
    scenario: &Scenario,
    seed: u64,
    watch: &mut dyn FnMut(Time) -> ControlFlow<()>,
) -> (Measured, Option<Cut>) {
    let mut world = World::new(scenario, seed);
    match world.run(watch) {
        ControlFlow::Continue(()) => (world.finish(), None),
        ControlFlow::Break(()) => {
            let (measured, cut) = world.cut();
            (measured, Some(cut))
        }
    }
}

/// Like [`run_while`], with the rows of every class, as they are compared with what was measured; nothing of a run that was ended early.
pub fn run_by_class(
    scenario: &Scenario,
    seed: u64,
    watch: &mut dyn FnMut(Time) -> ControlFlow<()>,
) -> Option<Measured> {
    let mut world = World::new(scenario, seed);
    (0..scenario.classes.len()).for_each(|class| world.flow.recorder.keep_rows(class));
    match world.run(watch) {
        ControlFlow::Continue(()) => Some(world.finish()),
        ControlFlow::Break(()) => None,
    }
}

/// Events between two calls of `watch`.
const EVENTS_A_LOOK: u64 = 1 << 14;

impl World<'_> {
    fn run(&mut self, watch: &mut dyn FnMut(Time) -> ControlFlow<()>) -> ControlFlow<()> {
        let ops = Arc::clone(&self.program.ops);
        while self.advance(&ops, &mut ()) {
            if self.events.is_multiple_of(EVENTS_A_LOOK) {
                watch(Time(self.flow.now))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Handles the next event; returns whether there was one before the end.
    #[inline(always)]
    fn advance(&mut self, ops: &[Line], observer: &mut impl Observer) -> bool {
        let mut walker = match self.flow.calendar.find() {
            Source::Posts => {
                let entry = self.flow.calendar.take_from_posts();
                self.posted(entry, observer)
            }
            Source::Wheel => {
                let entry = self.flow.calendar.take_from_wheel();
                if self.flow.attempts.are_many() {
                    self.look_ahead();
                }
                self.posted(entry, observer)
            }
            Source::Lane => {
                let entry = self.flow.calendar.take_from_lane();
                self.posted(entry, observer)
            }
            Source::Plan => {
                let (time, processor) = self.flow.calendar.planned();
                self.flow.now = time;
                observer.plan(time, processor);
                self.flow.processor_due(processor as u32)
            }
            Source::Timer => {
                if let Some((entry, timer)) = self.flow.calendar.take_timer() {
                    self.flow.now = entry.time();
                    observer.timer(self.flow.now, entry.number(), timer);
                    self.fire(timer);
                }
                NONE
            }
            Source::Nowhere => {
                let (arrival, source) = self.arrival;
                if arrival > self.last {
                    self.flow.now = self.flow.end;
                    return false;
                }
                observer.arrival(arrival, source);
                self.flow.now = arrival;
                self.arrive(source)
            }
        };
        // First the attempt that the event is about resumes, then, in order, the attempts that it released. All walks
        // begin here: so the compiler inlines the walk in one place only.
        let mut next = 0;
        loop {
            if walker != NONE {
                self.resume(ops, walker);
            }
            let Some(&ready) = self.flow.ready.get(next) else { break };
            walker = ready;
            next += 1;
        }
        if next > 0 {
            self.flow.ready.clear();
        }
        self.events += 1;
        true
    }

    /// A request event has come; returns the attempt that resumes, if one does.
    #[inline(always)]
    fn posted(&mut self, entry: Entry, observer: &mut impl Observer) -> u32 {
        self.flow.now = entry.time();
        let word = entry.event();
        observer.event(self.flow.now, entry.number(), Event::from(word));
        match Event::resumes(word) {
            Some(attempt) => attempt,
            None => self.handle(entry).unwrap_or(NONE),
        }
    }

    /// Handles an event of a rare kind; returns the attempt that resumes.
    #[inline(never)]
    fn handle(&mut self, entry: Entry) -> Option<u32> {
        let number = entry.number();
        match Event::from(entry.event()) {
            Event::Resume(attempt) => return Some(attempt),
            Event::Enter(attempt) => {
                self.enter_again(attempt);
                return Some(attempt);
            }
            Event::Ask(user) => return self.ask(user, number),
            Event::Connect(attempt) => self.connect(attempt),
            Event::Watch(attempt) => self.look_at_deadlines(attempt, number),
        }
        None
    }

    /// Fetches the records that the next events need.
    #[inline(never)]
    fn look_ahead(&mut self) {
        let events = self.flow.calendar.opened();
        self.flow.attempts.fetch(events.filter_map(|word| match Event::from(word) {
            Event::Resume(attempt) | Event::Enter(attempt) => Some(attempt),
            _ => None,
        }));
    }

    #[inline(never)]
    fn fire(&mut self, key: Key) {
        if key.owner != FRAME {
            self.parts.fire(key, &mut self.flow);
            return self.deliver();
        }
        match Timer::of(key) {
            Timer::Row {} => self.end_row(),
            Timer::Crowd { crowd } => self.crowd_changes(crowd),
        }
    }

    /// Delivers facts, first in, first out, to every kind in the order of the list.
    #[inline]
    fn deliver(&mut self) {
        while let Some(fact) = self.flow.facts.pop_front() {
            match fact {
                Fact::Drained(host) => self.evict(host),
                Fact::Severed { processor, cause } => self.sever(processor, cause),
                Fact::Lost(host) | Fact::CutOff(host) => self.fall_silent(host),
                Fact::Crashed(host) => self.reset(host),
                Fact::Killed { host, cause } => self.kill(host, cause),
                Fact::GivenUp { attempt, caller, cancels } => self.given_up(attempt, caller, cancels),
                _ => {}
            }
            self.parts.hear(&fact, &mut self.flow);
        }
    }
}
