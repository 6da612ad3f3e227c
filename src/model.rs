//! The world of a run: every resource, every attempt, and what happens next.
//!
//! In: a scenario and a seed. Out: what was measured and used. Requests flow one way: `traffic` makes them,
//! `client` sends attempts, `step` walks each through its `program`, the resources hold it up, and
//! `client` hears of its end. The control plane (`balancer` health checks, `scaling`) runs on timers beside it.
//!
//! Randomness: every purpose of every resource draws from its own stream. Order: see [`crate::engine::calendar`].
//!
#![doc = include_str!("model/rules.md")]

mod abandoned;
mod alarm;
mod balancer;
mod cache;
mod claims;
mod client;
pub mod compare;
mod compiler;
mod counters;
mod cut;
mod database;
mod eviction;
mod expiry;
mod fleet;
mod gauges;
mod hook;
mod keys;
mod lifecycle;
mod loads;
mod locks;
pub mod lru;
mod metering;
mod patience;
pub mod picker;
mod program;
mod replacement;
mod replication;
mod request;
mod rows;
#[cfg(test)]
mod rules;
mod scaling;
mod service;
mod step;
mod totals;
mod traffic;
mod turns;
mod unwind;
mod users;
mod walk;

use std::ops::ControlFlow;

use crate::engine::calendar::{Calendar, Next};
use crate::engine::entry::EVENT_BITS;
use crate::engine::priority::PriorityStation;
use crate::engine::processor::Processor;
use crate::engine::station::{Links, Station};
use crate::measure::Recorder;
use crate::scenario::Scenario;
use crate::units::Time;

use gauges::Gauges;
use program::{Op, Program};
use request::{Attempts, Deadline};

pub use cut::{Cut, footprint};
pub use gauges::{Measured, Remaining};

/// A request event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    /// The present step of an attempt is over.
    Resume(u32),
    /// A processor may have a finished job.
    Processor(u32),
    /// A retry reaches the entrance.
    Enter(u32),
    /// The next request of a user reaches the entrance, if the user still remembers the number of this event.
    Ask(u32),
    /// A connection that was not accepted is tried again.
    Connect(u32),
    /// A deadline of an attempt may have come.
    Watch(u32),
}

/// Bits of an event's word that tell its kind.
const KIND_BITS: u32 = 3;

/// Attempts, users and processors have numbers below this: 2^27, whose records no memory holds.
const MOST: usize = 1 << (EVENT_BITS - KIND_BITS);

/// The place of something in a list, as the type that is kept of it. The limits of the language keep every list of a
/// scenario within its type; a place beyond it would stand for another one, so it ends the run instead.
fn number<T: TryFrom<usize>>(place: usize) -> T {
    T::try_from(place).unwrap_or_else(|_| panic!("place {place} of a list is beyond what a run can number"))
}

/// The number of an attempt, a user or a processor, which an event has to hold beside its kind.
fn event_number(place: usize) -> u32 {
    assert!(place < MOST, "more attempts, users or processors than a run can tell apart");
    number(place)
}

impl From<Event> for u32 {
    #[inline(always)]
    fn from(event: Event) -> u32 {
        let (kind, whom) = match event {
            Event::Resume(attempt) => (0, attempt),
            Event::Processor(processor) => (1, processor),
            Event::Enter(attempt) => (2, attempt),
            Event::Ask(user) => (3, user),
            Event::Connect(attempt) => (4, attempt),
            Event::Watch(attempt) => (5, attempt),
        };
        whom << KIND_BITS | kind
    }
}

impl From<u32> for Event {
    #[inline(always)]
    fn from(word: u32) -> Event {
        let whom = word >> KIND_BITS;
        match word % (1 << KIND_BITS) {
            0 => Event::Resume(whom),
            1 => Event::Processor(whom),
            2 => Event::Enter(whom),
            3 => Event::Ask(whom),
            4 => Event::Connect(whom),
            _ => Event::Watch(whom),
        }
    }
}

/// A control timer; setting one that is set moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Timer {
    /// A row of the timeline ends.
    Row,
    /// EC2 runs an instance.
    Runs { instance: u32 },
    /// The application of an instance has had its time to start.
    Started { instance: u32 },
    /// The wait of an instance in a lifecycle hook ends.
    Hook { instance: u32, completed: bool },
    /// A balancer checks a target.
    Check { balancer: u16, target: u32 },
    /// A health check was not answered in time.
    CheckTimeout { balancer: u16, target: u32 },
    /// The deregistration delay of a terminating instance ends.
    Drained { instance: u32 },
    /// A CloudWatch period ends.
    Meter { fleet: u16, meter: u16 },
    /// An alarm looks at its points.
    Alarm { fleet: u16, policy: u16, low: bool },
    /// A scheduled action.
    Schedule { fleet: u16, action: u16 },
    /// The number of users of a population changes.
    Crowd { crowd: u16 },
    /// The number of servers of a station changes.
    Servers { service: u16, change: u16 },
    /// A change of the timetable.
    Timetable { fleet: u16, change: u16 },
}

/// Everything there is in a run.
#[derive(Debug)]
pub(crate) struct World<'s> {
    scenario: &'s Scenario,
    seed: u64,
    now: u64,
    /// The end of the run, at which nothing happens any more.
    end: u64,
    /// The last instant before it.
    last: u64,
    /// Events handled so far.
    events: u64,
    calendar: Calendar<Timer>,
    program: Program,
    attempts: Attempts,
    /// How often attempts went past each op at which something is billed: choices of a target, and answers of a tier.
    passed: Vec<u64>,
    links: Links,
    stations: Vec<Station>,
    counters: Vec<PriorityStation>,
    processors: Vec<Processor>,
    /// Attempts whose wait ended at this instant, in order.
    ready: Vec<u32>,
    sources: Vec<client::SourceState>,
    crowds: users::Crowds,
    /// The earliest next arrival and its source.
    arrival: (u64, usize),
    keys: Vec<keys::Keys>,
    balancers: Vec<balancer::Balancer>,
    fleets: Vec<fleet::Fleet>,
    instances: Vec<fleet::Instance>,
    caches: Vec<cache::Cache>,
    databases: Vec<database::Database>,
    services: Vec<service::Service>,
    recorder: Recorder,
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
        let program = Program::compile(scenario, seed, &mut |delay| calendar.lane(delay.0));
        let stages = program.stages.len();
        let mut world = World {
            scenario,
            seed,
            now: 0,
            events: 0,
            end: scenario.duration.0,
            last: scenario.duration.0.saturating_sub(1),
            attempts: Attempts::new(program.widths),
            passed: vec![0; program.ops.len()],
            links: Links::default(),
            stations: Vec::new(),
            counters: Vec::new(),
            processors: Vec::new(),
            ready: Vec::new(),
            sources: Vec::new(),
            crowds: users::Crowds::default(),
            arrival: (u64::MAX, 0),
            keys: scenario.key_spaces.iter().map(|space| keys::Keys::new(space, seed)).collect(),
            balancers: Vec::new(),
            fleets: Vec::new(),
            instances: Vec::new(),
            caches: Vec::new(),
            databases: Vec::new(),
            services: Vec::new(),
            recorder: recorder(scenario, stages),
            gauges: Gauges::new(scenario, &program),
            loads: loads::Loads::new(&program, scenario),
            calendar,
            program,
        };
        world.recorder.timeline.loads = world.loads.series();
        world.build_caches();
        world.build_databases();
        world.build_services();
        world.build_balancers();
        world.build_fleets();
        world.build_sources();
        world.calendar.set(Timer::Row, scenario.bucket.0.min(world.end));
        world
    }

    fn run(&mut self, watch: &mut dyn FnMut(Time) -> ControlFlow<()>) -> ControlFlow<()> {
        while self.advance(&mut ()) {
            if self.events.is_multiple_of(EVENTS_A_LOOK) {
                watch(Time(self.now))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Handles the next event; returns whether there was one before the end.
    #[inline(always)]
    fn advance(&mut self, observer: &mut impl compare::Observer) -> bool {
        let (arrival, source) = self.arrival;
        let mut walker = match self.calendar.next(arrival.min(self.last)) {
            Some(Next::Event(entry)) => {
                self.now = entry.time();
                if self.attempts.are_many() {
                    self.look_ahead();
                }
                let event = Event::from(entry.event());
                observer.event(self.now, entry.number(), event);
                self.handle(event, entry.number())
            }
            Some(Next::Timer(entry, timer)) => {
                self.now = entry.time();
                observer.timer(self.now, entry.number(), timer);
                self.fire(timer);
                None
            }
            None if arrival <= self.last => {
                observer.arrival(arrival, source);
                self.now = arrival;
                Some(self.arrive(source))
            }
            None => {
                self.now = self.end;
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
            walker = self.ready.get(next).copied();
            next += 1;
            if walker.is_none() {
                break;
            }
        }
        self.ready.clear();
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
            self.processor_due(processor);
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
        let events = self.calendar.opened();
        self.attempts.fetch(events.filter_map(|word| match Event::from(word) {
            Event::Resume(attempt) | Event::Enter(attempt) => Some(attempt),
            _ => None,
        }));
    }

    #[inline(never)]
    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Row => self.end_row(),
            Timer::Runs { instance } => self.runs(instance),
            Timer::Started { instance } => self.started(instance),
            Timer::Hook { instance, completed } => self.hook_ends(instance, completed),
            Timer::Check { balancer, target } => self.check_health(balancer, target),
            Timer::CheckTimeout { balancer, target } => self.check_timed_out(balancer, target),
            Timer::Drained { instance } => self.drained(instance),
            Timer::Meter { fleet, meter } => self.read_meter(fleet, meter),
            Timer::Alarm { fleet, policy, low } => self.evaluate_alarm(fleet, policy, low),
            Timer::Schedule { fleet, action } => self.scheduled_action(fleet, action),
            Timer::Servers { service, change } => self.servers_change(service, change),
            Timer::Crowd { crowd } => self.crowd_changes(crowd),
            Timer::Timetable { fleet, change } => self.timetable_change(fleet, change),
        }
    }

    /// A processor's planned completion: its finished jobs go on.
    #[inline(always)]
    fn processor_due(&mut self, index: u32) {
        if let Some(at) =
            self.processors[index as usize].due(self.now, &mut self.ready, |owner| self.attempts.bury(owner))
        {
            self.calendar.at(at, Event::Processor(index));
        }
    }

    /// A job begins on a processor.
    #[inline]
    fn begin(&mut self, index: u32, attempt: u32, demand: f64) {
        if let Some(at) = self.processors[index as usize].begin(attempt, demand, self.now) {
            self.calendar.at(at, Event::Processor(index));
        }
    }

    /// A fresh attempt, which can wait in a queue; the caller fills its record in.
    #[inline]
    fn new_attempt(&mut self) -> u32 {
        let id = self.attempts.allocate();
        self.links.grow(self.attempts.len());
        id
    }

    /// Adds a station and returns its position.
    fn add_station(&mut self, servers: u32, room: u32) -> u32 {
        self.stations.push(Station::new(servers, room));
        number(self.stations.len() - 1)
    }

    /// Adds a processor and returns its position.
    fn add_processor(&mut self, cores: u32, speed: f64) -> u32 {
        self.processors.push(Processor::new(cores, speed));
        event_number(self.processors.len() - 1)
    }

    /// Gives a server of a station back; who waited longest goes on.
    #[inline(always)]
    fn give(&mut self, station: u32) {
        if let Some(next) = self.stations[station as usize].give(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// The wait of an attempt is over, its step done.
    #[inline]
    fn grant(&mut self, attempt: u32) {
        let claims = self.attempts.claims_mut(attempt);
        claims.waiting = claims::Waiting::Nowhere;
        claims.limit = Deadline::NEVER;
        self.ready.push(attempt);
    }

    /// Changes the number of servers of a station; those who fit go on.
    fn resize(&mut self, station: u32, servers: u32) {
        self.stations[station as usize].resize(servers);
        while let Some(next) = self.stations[station as usize].admit(self.now, &mut self.links) {
            self.grant(next);
        }
    }

    /// The populations that each cache sees, from the programs.
    fn populations_of(&self, cache: usize) -> Vec<bool> {
        let mut used = vec![false; self.keys.len()];
        for (op, _) in &self.program.ops {
            match *op {
                Op::Lookup { cache: c, keys, .. }
                | Op::Fill { cache: c, keys, .. }
                | Op::Invalidate { cache: c, keys, .. }
                    if usize::from(c) == cache =>
                {
                    used[usize::from(keys)] = true;
                }
                _ => {}
            }
        }
        used
    }

    fn build_caches(&mut self) {
        for index in 0..self.scenario.caches.len() {
            let used = self.populations_of(index);
            self.caches.push(cache::Cache::new(self.scenario, index, &used, self.seed));
        }
    }
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
