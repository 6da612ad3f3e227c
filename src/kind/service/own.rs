//! A station that a program makes, in a run: its calls, and what it says of them.
//!
//! In: attempts that ask, have been served or end early, and what the station says. Out: the same attempts later, served or refused; how
//! many were there, for the rows. A call is known to the program by a number that is never used again, so that what it says of one that
//! has gone is seen as the mistake that it is.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::language;
use super::model::{Services, Timer, WHOLE};
use crate::dist::rounded;
use crate::flow::Flow;
use crate::flow::attempt::State;
use crate::flow::claims::Waiting;
use crate::flow::deadline::Deadline;
use crate::flow::draws::DrawId;
use crate::flow::next::Next;
use crate::kind::Kind;
use crate::kind::part::Plan;
use crate::measure::stage::Cause;
use crate::own::{Call, Desk, NO_CLASS, Random, Said, Station, Stations, not_there};

/// What an attempt is at such a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ticket {
    /// Not there.
    None,
    /// A call of a station.
    Call { service: u16, number: u64 },
    /// It was refused, and does not know it yet.
    Refused,
}

/// A call that is there.
#[derive(Clone, Copy, Debug)]
struct Present {
    id: u32,
    call: Call,
    came: u64,
    is_served: bool,
}

/// A station that a program makes.
pub(super) struct Own {
    name: String,
    seed: u64,
    classes: Vec<String>,
    station: Box<dyn Station>,
    random: Random,
    said: VecDeque<Said>,
    present: FxHashMap<u64, Present>,
    calls: u64,
    /// How many are served, the nanoseconds of these and of all that are there, and until when these were counted.
    served: u64,
    areas: (f64, f64),
    since: u64,
}

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Own")
            .field("name", &self.name)
            .field("present", &self.present.len())
            .finish_non_exhaustive()
    }
}

impl Own {
    pub fn new(own: &Stations, settings: &language::Service, plan: &Plan<'_>) -> Own {
        let (station, random) = own.of(&settings.name, plan.seed, plan.duration);
        Own {
            name: settings.name.clone(),
            seed: plan.seed,
            classes: own.classes.clone(),
            station,
            random,
            said: VecDeque::new(),
            present: FxHashMap::default(),
            calls: 0,
            served: 0,
            areas: (0.0, 0.0),
            since: 0,
        }
    }

    /// Nanoseconds up to now of calls that are served, and of all that are there.
    pub fn areas(&self, now: u64) -> (f64, f64) {
        let span = (now - self.since) as f64;
        (self.areas.0 + span * self.served as f64, self.areas.1 + span * self.present.len() as f64)
    }

    /// Before who is there changes.
    fn settle(&mut self, now: u64) {
        self.areas = self.areas(now);
        self.since = now;
    }

    /// Lets the program act.
    fn act(&mut self, now: u64, act: impl FnOnce(&mut dyn Station, &mut Desk<'_>)) {
        let Own { station, random, classes, said, .. } = self;
        act(station.as_mut(), &mut Desk { now, random, classes, said });
    }

    /// A call leaves, if it is there.
    fn leave(&mut self, number: u64, now: u64) -> Option<Present> {
        self.settle(now);
        let present = self.present.remove(&number)?;
        self.served -= u64::from(present.is_served);
        Some(present)
    }
}

impl Services<'_> {
    /// An attempt asks such a station.
    #[inline(never)]
    pub(super) fn call(&mut self, service: u16, draw: DrawId, id: u32, flow: &mut Flow) -> Next {
        let time = flow.draws.of(draw).time();
        let state = &mut self.each[usize::from(service)];
        state.arrived += 1;
        let Some(own) = &mut state.own else { return Next::Op };
        let attempt = &flow.attempts[id];
        let class = if attempt.state == State::Errand { NO_CLASS } else { attempt.class };
        let call = Call { number: own.calls, class, time: std::time::Duration::from_nanos(time) };
        own.calls += 1;
        flow.attempts.claims_mut(id).queued = flow.now;
        own.settle(flow.now);
        own.present.insert(call.number, Present { id, call, came: flow.now, is_served: false });
        *self.tickets.of_mut(id) = Ticket::Call { service, number: call.number };
        // It waits until the station says otherwise, which may be at once.
        flow.attempts.claims_mut(id).waiting =
            Waiting::Queue { owner: Kind::Service as u8, place: service, item: 0 };
        own.act(flow.now, |station, desk| station.asked(call, desk));
        self.obey(service, flow);
        let state = &mut self.each[usize::from(service)];
        if flow.attempts.claims(id).waiting != Waiting::Nowhere {
            state.delayed += 1;
            if let Some((law, stream)) = &mut state.patience {
                let limit = law.time(stream).0;
                flow.wait_at_most(id, limit);
            }
        }
        Next::Wait
    }

    /// An attempt comes from such a station: it has been served there, or refused.
    #[inline(never)]
    pub(super) fn come_back(&mut self, service: u16, id: u32, flow: &mut Flow) -> Next {
        match std::mem::replace(self.tickets.of_mut(id), Ticket::None) {
            Ticket::Refused => {
                self.each[usize::from(service)].rejected += 1;
                return Next::Fail(Cause::DependencyFailed);
            }
            Ticket::Call { number, .. } => {
                let state = &mut self.each[usize::from(service)];
                state.served += 1;
                if let Some(own) = &mut state.own
                    && let Some(present) = own.leave(number, flow.now)
                {
                    own.act(flow.now, |station, desk| station.done(present.call, desk));
                    self.obey(service, flow);
                }
            }
            Ticket::None => {}
        }
        Next::Op
    }

    /// An attempt ends early, and leaves the station if it is at one.
    #[inline]
    pub(super) fn goes_away(&mut self, id: u32, flow: &mut Flow) {
        if let Ticket::Call { service, number } = self.tickets.of(id) {
            self.take_away(service, number, flow);
        }
        if self.tickets.of(id) != Ticket::None {
            *self.tickets.of_mut(id) = Ticket::None;
        }
    }

    #[inline(never)]
    fn take_away(&mut self, service: u16, number: u64, flow: &mut Flow) {
        let Some(own) = &mut self.each[usize::from(service)].own else { return };
        if let Some(present) = own.leave(number, flow.now) {
            own.act(flow.now, |station, desk| station.gone(present.call, desk));
            self.obey(service, flow);
        }
    }

    /// The Region of a station is lost: it has lost all its calls, and those who wait find out that nobody answers them.
    pub(super) fn lose_calls(&mut self, service: u16, strike: u32, flow: &mut Flow) {
        let Some(own) = &self.each[usize::from(service)].own else { return };
        let mut numbers: Vec<u64> = own.present.keys().copied().collect();
        numbers.sort_unstable();
        for number in numbers {
            let Some(own) = &self.each[usize::from(service)].own else { return };
            let Some(Present { id, is_served, .. }) = own.present.get(&number).copied() else { continue };
            flow.meets(id, strike);
            *self.tickets.of_mut(id) = Ticket::None;
            self.take_away(service, number, flow);
            if !is_served {
                flow.grant(id);
            }
        }
    }

    /// The time has come for which a station asked.
    pub(super) fn wake(&mut self, service: u16, flow: &mut Flow) {
        if let Some(own) = &mut self.each[usize::from(service)].own {
            own.act(flow.now, |station, desk| station.woken(desk));
            self.obey(service, flow);
        }
    }

    /// Does what a station has said, in order.
    fn obey(&mut self, service: u16, flow: &mut Flow) {
        let (warmup, state) = (self.warmup, &mut self.each[usize::from(service)]);
        let Some(own) = &mut state.own else { return };
        while let Some(said) = own.said.pop_front() {
            match said {
                Said::Serve { number, nanos } => {
                    own.settle(flow.now);
                    let found = own.present.get_mut(&number).filter(|it| !it.is_served);
                    let Some(present) = found else {
                        let wrong = || not_there(&own.name, own.seed, number, "serves", flow.now);
                        flow.broken.get_or_insert_with(wrong);
                        continue;
                    };
                    present.is_served = true;
                    let Present { id, came, .. } = *present;
                    own.served += 1;
                    if came >= warmup {
                        state.wait.record(flow.now - came);
                    }
                    let claims = flow.attempts.claims_mut(id);
                    (claims.waiting, claims.limit) = (Waiting::Nowhere, Deadline::NEVER);
                    flow.pass(rounded(nanos as f64 * state.trouble.factor(WHOLE)), id);
                }
                Said::Refuse { number } => {
                    if own.present.get(&number).is_none_or(|it| it.is_served) {
                        let wrong = || not_there(&own.name, own.seed, number, "refuses", flow.now);
                        flow.broken.get_or_insert_with(wrong);
                        continue;
                    }
                    if let Some(present) = own.leave(number, flow.now) {
                        *self.tickets.of_mut(present.id) = Ticket::Refused;
                        flow.grant(present.id);
                    }
                }
                Said::Wake { at } => flow.set(Timer::Wake { service }, at.max(flow.now)),
            }
        }
    }
}
