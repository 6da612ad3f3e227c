//! The world of a run: the flow of requests, the kinds of resource, and what happens next.
//!
//! In: a scenario and a seed. Out: what was measured and used. Requests flow one way: `traffic` makes them,
//! `client` sends attempts, `walk` leads each through its `program`, the resources hold it up (see `kind`), and
//! `client` hears of its end. Timers of kinds run beside it; the facts that they tell are delivered here.
//!
//! Randomness: every purpose of every resource draws from its own stream. Order: see [`crate::engine::calendar`].
//!
#![doc = include_str!("model/rules.md")]

mod abandoned;
mod client;
pub mod compare;
mod compiler;
mod cut;
mod gauges;
mod loads;
mod metering;
mod patience;
mod program;
mod rows;
#[cfg(test)]
mod rules;
mod step;
mod totals;
mod traffic;
mod unwind;
mod users;
mod walk;

use std::collections::VecDeque;
use std::ops::ControlFlow;

use crate::engine::calendar::{Calendar, Next};
use crate::engine::station::Links;
use crate::flow::Flow;
use crate::flow::attempt::Attempts;
use crate::flow::event::Event;
use crate::flow::fact::Fact;
use crate::flow::journal::Journal;
use crate::flow::keys::Keys;
use crate::flow::part::Plan;
use crate::flow::reading::Readings;
use crate::flow::timer::{Key, Timer as _, timers};
use crate::kind::Parts;
use crate::measure::Recorder;
use crate::scenario::Scenario;
use crate::units::Time;

use gauges::Gauges;
use program::{Op, Program};

pub use crate::kind::balancer::picker;
pub use cut::{Cut, footprint};
pub use gauges::{Measured, Remaining};

/// The owner of the timers of the frame.
const FRAME: u8 = u8::MAX;

timers! {
    FRAME;
    /// A row of the timeline ends.
    Row {} = "end of a row";
    /// The number of users of a population changes.
    Crowd { crowd: u16 } = "change of the users of population";
}

/// Everything there is in a run.
#[derive(Debug)]
pub(crate) struct World<'s> {
    scenario: &'s Scenario,
    seed: u64,
    /// The last instant before the end.
    last: u64,
    /// Events handled so far.
    events: u64,
    flow: Flow,
    parts: Parts<'s>,
    program: Program,
    sources: Vec<client::SourceState>,
    crowds: users::Crowds,
    /// The earliest next arrival and its source.
    arrival: (u64, usize),
    gauges: Gauges,
    loads: loads::Loads,
}

/// Simulates a scenario and returns what was measured.
///
/// `progress` is told the simulated time now and then.
pub fn run(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(Time)) -> Measured {
    let go_on = &mut |now| {
        progress(now);
        ControlFlow::Continue(())
    };
    run_while(scenario, seed, go_on).0
}

/// The same, but the run ends where `watch`, which is told the simulated time now and then, does not let it go on: then
/// what was measured is as of a run of that length.
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

/// Events between two looks at whether to go on.
const EVENTS_A_LOOK: u64 = 1 << 14;

impl<'s> World<'s> {
    fn new(scenario: &'s Scenario, seed: u64) -> Self {
        let mut calendar = Calendar::default();
        let mut program = Program::compile(scenario, seed, &mut |delay| calendar.lane(delay.0));
        let loads = loads::Loads::new(&program, scenario);
        let mut flow = Flow {
            now: 0,
            end: scenario.duration.0,
            calendar,
            attempts: Attempts::new(program.widths),
            passed: vec![0; program.ops.len()],
            links: Links::default(),
            stations: Vec::new(),
            counters: Vec::new(),
            processors: Vec::new(),
            hosts: Vec::new(),
            groups: Vec::new(),
            facts: VecDeque::new(),
            ready: Vec::new(),
            draws: std::mem::take(&mut program.draws),
            keys: scenario.key_spaces.iter().map(|space| Keys::new(space, seed)).collect(),
            recorder: recorder(scenario, program.stages.len()),
            journal: Journal::default(),
            readings: Readings::default(),
        };
        let mut plan = Plan {
            scenario,
            seed,
            cached: std::mem::take(&mut program.cached),
            written: std::mem::take(&mut program.written),
            probes: std::mem::take(&mut program.probes),
            calls: calls(&program, scenario),
        };
        let parts = Parts::build(&mut plan, &mut flow);
        let mut world = World {
            scenario,
            seed,
            last: scenario.duration.0.saturating_sub(1),
            events: 0,
            flow,
            parts,
            sources: Vec::new(),
            crowds: users::Crowds::default(),
            arrival: (u64::MAX, 0),
            gauges: Gauges::new(scenario, &program),
            loads,
            program,
        };
        world.flow.recorder.timeline.loads = world.loads.series();
        for group in 0..world.flow.groups.len() {
            for fact in [Fact::Begin(group), Fact::Begun(group)] {
                world.flow.tell(fact);
                world.deliver();
            }
        }
        world.build_sources();
        world.flow.set(Timer::Row {}, scenario.bucket.0.min(world.flow.end));
        world
    }

    fn run(&mut self, watch: &mut dyn FnMut(Time) -> ControlFlow<()>) -> ControlFlow<()> {
        while self.advance(&mut ()) {
            if self.events.is_multiple_of(EVENTS_A_LOOK) {
                watch(Time(self.flow.now))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Handles the next event; returns whether there was one before the end.
    #[inline(always)]
    fn advance(&mut self, observer: &mut impl compare::Observer) -> bool {
        let (arrival, source) = self.arrival;
        let mut walker = match self.flow.calendar.next(arrival.min(self.last)) {
            Some(Next::Event(entry)) => {
                self.flow.now = entry.time();
                if self.flow.attempts.are_many() {
                    self.look_ahead();
                }
                let event = Event::from(entry.event());
                observer.event(self.flow.now, entry.number(), event);
                self.handle(event, entry.number())
            }
            Some(Next::Timer(entry, timer)) => {
                self.flow.now = entry.time();
                observer.timer(self.flow.now, entry.number(), timer);
                self.fire(timer);
                None
            }
            None if arrival <= self.last => {
                observer.arrival(arrival, source);
                self.flow.now = arrival;
                Some(self.arrive(source))
            }
            None => {
                self.flow.now = self.flow.end;
                return false;
            }
        };
        // Whoever the event concerns goes on, then those whose wait ends at this instant by that, in order. All walks
        // begin here: this is the one place into which the compiler puts the walk.
        let mut next = 0;
        loop {
            if let Some(attempt) = walker {
                self.resume(attempt);
            }
            walker = self.flow.ready.get(next).copied();
            next += 1;
            if walker.is_none() {
                break;
            }
        }
        self.flow.ready.clear();
        self.events += 1;
        true
    }

    /// Handles an event; returns the attempt that goes on by it.
    #[inline(always)]
    fn handle(&mut self, event: Event, number: u64) -> Option<u32> {
        // Nearly all events are of two kinds; a test of each is foretold better than a choice among all.
        if let Event::Resume(attempt) = event {
            Some(attempt)
        } else if let Event::Processor(processor) = event {
            self.flow.processor_due(processor);
            None
        } else {
            self.handle_rare(event, number)
        }
    }

    #[inline(never)]
    fn handle_rare(&mut self, event: Event, number: u64) -> Option<u32> {
        match event {
            Event::Resume(_) | Event::Processor(_) => {}
            Event::Enter(attempt) => {
                self.enter(attempt);
                return Some(attempt);
            }
            Event::Ask(user) => return self.ask(user, number),
            Event::Connect(attempt) => self.connect(attempt),
            Event::Watch(attempt) => self.look_at_deadlines(attempt, number),
        }
        None
    }

    /// Fetches what the next events are about.
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
            if let Fact::Drained(host) = fact {
                self.evict(host);
            }
            self.parts.hear(&fact, &mut self.flow);
        }
    }
}

/// The ops at which a balancer chooses a host of each fleet.
fn calls(program: &Program, scenario: &Scenario) -> Vec<Vec<usize>> {
    let mut calls = vec![Vec::new(); scenario.fleets.len()];
    for (at, (op, _)) in program.ops.iter().enumerate() {
        if let Op::Pick { balancer, .. } = *op {
            calls[scenario.balancers[usize::from(balancer)].targets.index()].push(at);
        }
    }
    calls
}

/// An empty record, with the rows of every class that an objective bounds by row.
fn recorder(scenario: &Scenario, stages: usize) -> Recorder {
    let (classes, bucket_s) = (scenario.classes.len(), scenario.bucket.as_secs_f64());
    let mut recorder = Recorder::new(classes, stages, scenario.warmup.0, bucket_s);
    for objective in &scenario.objectives {
        if let Some(class) = objective.bound.class_by_row() {
            recorder.keep_rows(class.index());
        }
    }
    recorder
}
