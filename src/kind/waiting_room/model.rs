//! Waiting rooms in a run: visitors are let in one after the other, at the pace of the room and while there is room inside.
//!
//! In: attempts of clients that come to a room. Out: the same when they are let in, or failures of those who gave up. A wait stops the
//! timeout of the client: the page refreshes itself.

use super::language;
use super::record::WaitingRoomSeries;
use super::sessions::visitor;
use super::state::Room;
use crate::flow::claims::Waiting;
use crate::flow::deadline::Deadline;
use crate::flow::draws::DrawId;
use crate::flow::fact::{Fact, Reading};
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;
use crate::flow::timer::timers;
use crate::flow::{Flow, number};
use crate::id::{self, Gauge};
use crate::kind::Kind;
use crate::kind::alarm::language::names::Names;
use crate::kind::part::{Asked, Part, Place, Plan};
use crate::measure::resource::Resource;
use crate::measure::stage::Cause;
use crate::measure::totals::AlarmState;

/// All waiting rooms.
#[derive(Debug)]
pub struct WaitingRooms<'s> {
    pub(super) each: Vec<Room<'s>>,
    /// The place of each attempt that waits, in the line of its room.
    places: PerAttempt<u64>,
    /// What each attempt that waits had when it came.
    came: PerAttempt<Came>,
    /// Rows so far.
    pub(super) series: Vec<WaitingRoomSeries>,
    /// Visitors that came before this are not counted in waits.
    warmup: u64,
}

/// What an attempt had when it began to wait.
#[derive(Clone, Copy, Debug)]
struct Came {
    /// When that was.
    at: u64,
    /// How long its client would still have waited for an answer; without end if it has no timeout.
    left: u64,
}

/// Steps at a waiting room.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Come to a room; of one with a rate, what a visitor takes of it is given.
    Come { room: u16, draw: Option<DrawId> },
}

timers! {
    Kind::WaitingRoom;
    /// A room opens.
    Opens { room: u16 } = "opening of waiting room";
    /// The next visitor may be let in.
    Next { room: u16 } = "next visitor of waiting room";
}

impl<'s> Part<'s> for WaitingRooms<'s> {
    type Op = Op;
    type Timer = Timer;

    fn build(plan: &mut Plan<'s>, flow: &mut Flow) -> Self {
        let settings = &*plan.kinds.waiting_rooms;
        let names = Names::of(plan.kinds);
        // A visitor of open traffic is known by the number of its request.
        flow.counts_requests |= !settings.is_empty();
        let room = |(index, own): (usize, &'s language::WaitingRoom)| {
            if own.opens.0 > 0 {
                flow.set_first(Timer::Opens { room: number(index) }, own.opens.0);
            }
            let alarm = own.alarm.as_ref().and_then(|alarm| names.find(&alarm.name));
            Room::new(own, alarm, plan.seed)
        };
        WaitingRooms {
            each: settings.iter().enumerate().map(room).collect(),
            places: PerAttempt::new(0),
            came: PerAttempt::new(Came { at: 0, left: 0 }),
            series: Vec::new(),
            warmup: plan.warmup.0,
        }
    }

    fn asks(Op::Come { room, draw }: Op, _place: &mut Place) -> Option<Asked> {
        draw.map(|draw| (Resource::Room { waiting_room: room.into() }, Some(draw)))
    }

    fn step(&mut self, Op::Come { room, .. }: Op, id: u32, flow: &mut Flow) -> Next {
        let own = &mut self.each[usize::from(room)];
        own.counted.came += 1;
        let visitor = visitor(id, flow);
        if own.sessions.has(visitor, flow.now) {
            own.counted.again += 1;
            return Next::Op;
        }
        if own.line.len() == 0 && own.next(flow.now) <= flow.now {
            own.admit(visitor, flow.now);
            own.counted.at_once += 1;
            return Next::Op;
        }
        own.join(id, &mut self.places, flow.now);
        let left = match flow.attempts[id].patience {
            Deadline::NEVER => u64::MAX,
            deadline => deadline.time.saturating_sub(flow.now),
        };
        *self.came.of_mut(id) = Came { at: flow.now, left };
        flow.attempts[id].patience = Deadline::NEVER;
        let claims = flow.attempts.claims_mut(id);
        claims.waiting = Waiting::Queue { owner: Kind::WaitingRoom as u8, place: room, item: 0 };
        if let Some((law, stream)) = &mut own.patience {
            let limit = law.time(stream).0;
            flow.wait_at_most(id, limit);
        }
        self.plan(room, flow);
        Next::Wait
    }

    fn fire(&mut self, timer: Timer, flow: &mut Flow) {
        match timer {
            Timer::Opens { room } => {
                let own = &mut self.each[usize::from(room)];
                own.line.shuffle(&mut own.lots, &mut self.places);
                self.let_in(room, flow);
            }
            Timer::Next { room } => self.let_in(room, flow),
        }
    }

    fn hear(&mut self, fact: &Fact, flow: &mut Flow) {
        let Fact::Alarm { of, state } = *fact else { return };
        for room in 0..self.each.len() {
            if self.each[room].alarm == Some(of) {
                self.each[room].is_closed = state == AlarmState::Alarm;
                self.let_in(number(room), flow);
            }
        }
    }

    fn release(&mut self, id: u32, flow: &mut Flow) {
        if let Waiting::Queue { owner, place, .. } = flow.attempts.claims(id).waiting
            && owner == Kind::WaitingRoom as u8
        {
            self.each[usize::from(place)].leave(id, &mut self.places, flow.now);
        }
    }

    fn give_up(&mut self, Op::Come { room, .. }: Op, _id: u32, _flow: &mut Flow) -> Option<Cause> {
        self.each[usize::from(room)].counted.left += 1;
        Some(Cause::LeftWaitingRoom)
    }

    fn gauge(&self, of: Gauge, flow: &Flow) -> Option<Reading> {
        if of.kind != id::Kind::WaitingRoom {
            return None;
        }
        let room = &self.each[of.index as usize];
        Some(match of.name {
            "inside" => Reading::Level(room.sessions.inside(flow.now) as f64),
            _ => Reading::Integral(room.areas(flow.now)[0]),
        })
    }

    fn end_row(&mut self, span: f64, flow: &mut Flow) {
        self.read_all(span, flow);
    }

    fn counted(&self, of: Resource, _flow: &Flow) -> Option<f64> {
        let Resource::Room { waiting_room } = of else { return None };
        let room = self.each.get(waiting_room)?;
        let most = room.settings.rate.as_ref()?.most();
        Some(room.counted.let_in() as f64 * 1e9 / most.max(f64::MIN_POSITIVE))
    }

    /// Those who are inside already go past it.
    fn times_asked(&self, of: Resource) -> f64 {
        let Resource::Room { waiting_room } = of else { return 1.0 };
        let counted = self.each.get(waiting_room).map(|room| &room.counted);
        let share = counted.map(|it| (it.came - it.again) as f64 / it.came.max(1) as f64);
        share.filter(|share| *share > 0.0).unwrap_or(1.0)
    }
}

impl WaitingRooms<'_> {
    /// Lets in all who may go in now.
    fn let_in(&mut self, room: u16, flow: &mut Flow) {
        loop {
            let own = &mut self.each[usize::from(room)];
            if own.line.len() == 0 || own.next(flow.now) > flow.now {
                return self.plan(room, flow);
            }
            let Some(id) = own.take(&mut self.places, flow.now) else { return };
            self.goes_in(room, id, flow);
        }
    }

    /// Plans when the next one may be let in, if somebody waits.
    fn plan(&mut self, room: u16, flow: &mut Flow) {
        let own = &mut self.each[usize::from(room)];
        if own.line.len() > 0 {
            let at = own.next(flow.now);
            if at < u64::MAX {
                flow.set(Timer::Next { room }, at);
            }
        }
    }

    /// A visitor that has waited is let in, and goes in when its page asks the next time. The timeout of its client goes on from where
    /// it was.
    fn goes_in(&mut self, room: u16, id: u32, flow: &mut Flow) {
        let own = &mut self.each[usize::from(room)];
        own.admit(visitor(id, flow), flow.now);
        own.counted.admitted += 1;
        let Came { at, left } = self.came.of(id);
        let waited = flow.now - at;
        let notices = match own.settings.poll {
            Some(poll) => waited.div_ceil(poll.0.max(1)) * poll.0 - waited,
            None => 0,
        };
        if at >= self.warmup {
            own.counted.wait.record(waited + notices);
        }
        flow.attempts[id].start += waited + notices;
        match notices {
            0 => flow.grant(id),
            span => {
                let claims = flow.attempts.claims_mut(id);
                (claims.waiting, claims.limit) = (Waiting::Nowhere, Deadline::NEVER);
                flow.pass(span, id);
            }
        }
        if left < u64::MAX {
            flow.attempts[id].patience = flow.deadline(id, notices.saturating_add(left));
        }
    }
}
