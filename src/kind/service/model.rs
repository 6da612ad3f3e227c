//! Service stations: anything with c servers and a queue that is no AWS building block.
//!
//! In: requests, with the level of their class where a station serves by priority; the timetable of a station. Out:
//! requests served, turned away at a full queue, or gone out of patience.

use super::language;
use super::language::Discipline;
use super::own::{Own, Ticket};
use super::record::ServiceSeries;
use crate::catalog::zone::Zone;
use crate::dist::Sampler;
use crate::engine::station::{Admission, UNLIMITED};
use crate::flow::claims::Waiting;
use crate::flow::draws::DrawId;
use crate::flow::fact::{Fact, Reading};
use crate::flow::mark::Mark;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::slowed::Slowed;
use crate::flow::timer::timers;
use crate::flow::trouble::{Strike, Trouble};
use crate::flow::{Flow, NONE, number};
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::measure::histogram::Histogram;
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::rng::{Stream, stream};

/// A station has no members: a fault strikes all of it.
pub(super) const WHOLE: u32 = 0;

/// All service stations.
#[derive(Debug)]
pub struct Services<'s> {
    pub(super) settings: &'s [language::Service],
    pub(super) each: Vec<Service>,
    /// Rows so far.
    pub(super) series: Vec<ServiceSeries>,
    /// Requests that came to their station before this are not counted in waits.
    pub(super) warmup: u64,
    /// What each attempt is at a station that a program makes.
    pub(super) tickets: PerAttempt<Ticket>,
}

/// Steps at a service station.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Queue for a server of a station.
    Queue { service: u16 },
    /// The same, where classes have a priority.
    Line { service: u16, level: u8 },
    /// A server of the station works.
    Serve { service: u16, draw: DrawId },
    /// Share the servers of a processor-sharing station.
    Share { service: u16, draw: DrawId },
    /// Ask a station that a fault may strike: it may turn the request away.
    Knock { service: u16 },
    /// A server of such a station works, or those of all are shared.
    Endure { service: u16, draw: DrawId },
    /// Such a station may not answer for a while.
    Hang { service: u16 },
    /// Such a station answers, maybe with an error.
    Answer { service: u16 },
    /// Give the server back.
    Depart { service: u16 },
    /// The same, where classes have a priority.
    DepartLine { service: u16 },
    /// Ask a station that a program makes, which may let it wait, serve it or refuse it.
    Call { service: u16, draw: DrawId },
    /// Come from there: served, or refused.
    Return { service: u16 },
    /// Give the server of a station back that may be lost with its Region, if that has not been lost meanwhile.
    Quit { service: u16 },
}

timers! {
    Kind::Service;
    /// The number of servers of a station changes.
    Servers { service: u16, change: u16 } = "change of the servers of station";
    /// A station that a program makes asked for it.
    Wake { service: u16 } = "waking of station";
}

/// One service station.
#[derive(Debug)]
pub struct Service {
    /// Station of its servers, with its mark where it serves by priority; with processor sharing, of its places.
    pub station: u32,
    /// Processor, with processor sharing.
    pub processor: u32,
    /// What faults do to its requests.
    pub(super) trouble: Trouble,
    /// The Region that it may be lost with, and when that was lost for the last time.
    region: Option<Zone>,
    pub(super) cut: Option<u64>,
    /// What stands in its place, if a program makes that.
    pub(super) own: Option<Box<Own>>,
    /// What its servers have done of what is asked of it where nothing makes it slower.
    slowed: Slowed,
    /// How long a request waits before it gives up.
    pub(super) patience: Option<(Sampler, Stream)>,
    /// Asked for service.
    pub arrived: u64,
    /// Served to the end.
    pub served: u64,
    /// Busy-server and waiting nanoseconds at the end of the last row.
    areas: (f64, f64),
    /// Turned away.
    pub rejected: u64,
    /// Of these, those of the rows that have ended.
    pub rejected_mark: Mark,
    /// Gave up waiting.
    pub abandoned: u64,
    /// Had to wait.
    pub delayed: u64,
    /// Waits of those who were served.
    pub wait: Histogram,
}

impl<'s> Part<'s> for Services<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.services;
        let each = settings.iter().enumerate().map(|(index, settings)| {
            for (change, &(at, _)) in settings.changes.iter().enumerate() {
                flow.set(Timer::Servers { service: number(index), change: number(change) }, at.0);
            }
            let trouble = Trouble::new(plan.kinds.striking((id::Kind::Service, index)), plan.seed);
            let region = plan.kinds.lost_with((id::Kind::Service, index));
            let own = settings.own.as_ref().map(|own| Box::new(Own::new(own, settings, plan)));
            Service { region, own, ..Service::new(settings, plan.seed, trouble, flow) }
        });
        let (each, tickets) = (each.collect(), PerAttempt::new(Ticket::None));
        Services { each, settings, series: Vec::new(), warmup: plan.warmup.0, tickets }
    }

    fn asks(op: Op, _place: &mut Place) -> Option<Asked> {
        match op {
            Op::Serve { service, draw }
            | Op::Share { service, draw }
            | Op::Endure { service, draw }
            | Op::Call { service, draw } => Some((Resource::Service { service: service.into() }, Some(draw))),
            Op::Queue { .. }
            | Op::Line { .. }
            | Op::Knock { .. }
            | Op::Hang { .. }
            | Op::Answer { .. }
            | Op::Depart { .. }
            | Op::DepartLine { .. }
            | Op::Return { .. }
            | Op::Quit { .. } => None,
        }
    }

    #[inline]
    fn step(&mut self, op: Op, id: u32, flow: &mut Flow) -> Next {
        match op {
            Op::Queue { service } => {
                let station = self.each[usize::from(service)].station;
                let admission = flow.take(station, id);
                self.join(id, service, admission, flow)
            }
            Op::Line { service, level } => {
                let station = self.each[usize::from(service)].station;
                let admission = flow.take_by_priority(station, id, level);
                self.join(id, service, admission, flow)
            }
            Op::Serve { service, draw } => {
                self.count_wait(id, service, flow);
                let span = flow.draws.of(draw).time();
                flow.pass(span, id)
            }
            Op::Share { service, draw } => {
                self.count_wait(id, service, flow);
                let demand = flow.draws.of(draw).nanos();
                flow.begin(self.each[usize::from(service)].processor, id, demand);
                Next::Wait
            }
            Op::Knock { .. } | Op::Endure { .. } | Op::Hang { .. } | Op::Answer { .. } | Op::Quit { .. } => {
                self.endure(op, id, flow)
            }
            Op::Call { service, draw } => self.call(service, draw, id, flow),
            Op::Return { service } => self.come_back(service, id, flow),
            Op::Depart { service } => {
                flow.let_go(id);
                self.each[usize::from(service)].served += 1;
                Next::Op
            }
            Op::DepartLine { service } => {
                flow.let_go_of_any(id);
                self.each[usize::from(service)].served += 1;
                Next::Op
            }
        }
    }

    fn level(op: Op) -> u8 {
        match op {
            Op::Line { level, .. } => level,
            _ => 0,
        }
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        let index = of.index as usize;
        if of.kind != crate::id::Kind::Service {
            return None;
        }
        let (busy, present) = self.each[index].areas(flow);
        Some(Reading::Integral(match of.name {
            "waiting" => present - busy,
            _ => 100.0 * busy / f64::from(self.settings[index].servers.max(1)),
        }))
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Servers { service, change } => {
                let servers = self.settings[usize::from(service)].changes[usize::from(change)].1;
                flow.resize(self.each[usize::from(service)].station, servers);
            }
            Timer::Wake { service } => self.wake(service, flow),
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        self.goes_away(id, flow);
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        match *fact {
            Fact::Impaired { of: (id::Kind::Service, service), fault, strike, how, until, .. } => {
                let strike = Strike { number: strike, how, until, at: None };
                self.each[usize::from(service)].trouble.begins(fault, strike);
                self.each[usize::from(service)].settle(flow);
            }
            Fact::Restored { of: (id::Kind::Service, service), fault } => {
                self.each[usize::from(service)].trouble.ends(fault);
                self.each[usize::from(service)].settle(flow);
            }
            Fact::RegionLost { region, strike } => {
                for service in 0..self.each.len() {
                    if self.each[service].region == Some(region) {
                        self.each[service].cut_off(strike, flow);
                        self.lose_calls(number(service), strike, flow);
                    }
                }
            }
            _ => {}
        }
    }

    fn give_up(&mut self, op: Op, _id: u32, _flow: &mut Flow) -> Option<Cause> {
        match op {
            Op::Queue { service } | Op::Line { service, .. } | Op::Call { service, .. } => {
                self.each[usize::from(service)].abandoned += 1;
                Some(Cause::Impatience)
            }
            _ => None,
        }
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn counted(&self, of: Resource, flow: &Flow) -> Option<f64> {
        let Resource::Service { service } = of else { return None };
        let service = &self.each[service];
        Some(service.slowed.work(service.areas(flow).0))
    }

    fn processor(&self, op: Op, _id: u32, _flow: &Flow) -> Option<u32> {
        match op {
            Op::Share { service, .. } => Some(self.each[usize::from(service)].processor),
            Op::Endure { service, .. } => {
                Some(self.each[usize::from(service)].processor).filter(|processor| *processor != NONE)
            }
            _ => None,
        }
    }
}

impl Services<'_> {
    /// What becomes of a request that asked a station.
    #[inline(always)]
    fn join(&mut self, id: u32, service: u16, admission: Admission, flow: &mut Flow) -> Next {
        let state = &mut self.each[usize::from(service)];
        state.arrived += 1;
        let claims = flow.attempts.claims_mut(id);
        claims.holding = state.station;
        claims.queued = flow.now;
        match admission {
            Admission::Served => Next::Op,
            Admission::Waiting => {
                state.delayed += 1;
                claims.waiting = Waiting::Station(state.station);
                if let Some((law, stream)) = &mut state.patience {
                    let limit = law.time(stream).0;
                    flow.wait_at_most(id, limit);
                }
                Next::Wait
            }
            Admission::Refused => {
                claims.holding = NONE;
                state.rejected += 1;
                Next::Fail(Cause::QueueFull)
            }
        }
    }

    /// A request has a server: its wait is known.
    #[inline]
    pub(super) fn count_wait(&mut self, id: u32, service: u16, flow: &Flow) {
        let queued = flow.attempts.claims(id).queued;
        if queued >= self.warmup {
            self.each[usize::from(service)].wait.record(flow.now - queued);
        }
    }
}

impl Service {
    /// A station at the start of a run.
    fn new(settings: &language::Service, seed: u64, trouble: Trouble, flow: &mut Flow) -> Service {
        let room = settings.queue.unwrap_or(UNLIMITED);
        let (station, processor) = match settings.discipline {
            Discipline::Fifo => (flow.add_station(settings.servers, room), NONE),
            Discipline::Priority => (flow.add_priority_station(settings.servers, room), NONE),
            Discipline::ProcessorSharing => (
                // All present share the servers; the bound is on how many are present.
                flow.add_station(settings.servers.saturating_add(room), 0),
                flow.add_processor(settings.servers, 1.0),
            ),
        };
        let name = format!("service.{}/patience", settings.name);
        Service {
            station,
            processor,
            trouble,
            region: None,
            cut: None,
            own: None,
            slowed: Slowed::default(),
            patience: settings.patience.as_ref().map(|law| (Sampler::new(law), stream(seed, &name))),
            arrived: 0,
            served: 0,
            areas: (0.0, 0.0),
            rejected: 0,
            rejected_mark: Mark::default(),
            abandoned: 0,
            delayed: 0,
            wait: Histogram::default(),
        }
    }

    /// What strikes it has changed.
    fn settle(&mut self, flow: &Flow) {
        let busy = self.areas(flow).0;
        self.slowed.settle(self.trouble.factor(WHOLE).recip(), || busy);
    }

    /// Nanoseconds up to now of busy servers, and of requests that are present.
    pub fn areas(&self, flow: &Flow) -> (f64, f64) {
        if let Some(own) = &self.own {
            return own.areas(flow.now);
        }
        match self.processor {
            NONE => {
                let (busy, waiting) = flow.areas_of(self.station);
                (busy, busy + waiting)
            }
            processor => {
                let processor = &flow.processors[processor as usize];
                (processor.busy_area(flow.now), processor.jobs_area(flow.now))
            }
        }
    }

    /// Busy-server and waiting nanoseconds in the row of the timeline that ends.
    pub fn areas_in_row(&mut self, flow: &mut Flow) -> (f64, f64) {
        if let Some(own) = &self.own {
            let (busy, present) = own.areas(flow.now);
            let before = std::mem::replace(&mut self.areas, (busy, present - busy));
            return (busy - before.0, present - busy - before.1);
        }
        match self.processor {
            NONE => {
                let now = flow.areas_of(self.station);
                let before = std::mem::replace(&mut self.areas, now);
                (now.0 - before.0, now.1 - before.1)
            }
            processor => {
                let (busy, jobs) = flow.processor_in_row(processor);
                (busy, jobs - busy)
            }
        }
    }
}
