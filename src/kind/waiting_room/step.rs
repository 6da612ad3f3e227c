//! The way through a waiting room. In: the rooms before a table. Out: an [`Enter`] for each, and its ops.
//!
//! No file writes this step: a request comes to the room where it enters what the room stands before.

use super::language::WaitingRoom;
use super::model::Op;
use crate::dist::Law;
use crate::flow::number;
use crate::id::{Kind, UNKNOWN, WaitingRoomId};
use crate::kind::front::Asked;
use crate::kind::path::PathOwner;
use crate::kind::step::{Compile, Needs, Scope, Step};
use crate::kind::{self, Settings};
use crate::language::reader::Reader;
use crate::language::shape::Shape;
use crate::measure::resource::Resource;
use crate::measure::stage::StageKind;
use crate::units::Time;

/// Enter a waiting room.
#[derive(Clone, Copy, Debug)]
pub struct Enter {
    /// Which.
    pub room: WaitingRoomId,
}

/// What a visitor takes of a room that lets in so many a second at the most: the time between two.
fn each(room: &WaitingRoom) -> Option<Time> {
    let most = room.rate.as_ref()?.most();
    (most > 0.0).then(|| Time::from_secs_f64(1.0 / most))
}

impl Step<Settings, kind::Op> for Enter {
    const SHAPES: &'static [&'static Shape] = &[];

    fn read(_verb: &str, _reader: &Reader, _scope: &impl Scope<Settings>) -> Enter {
        // No verb stands for it.
        Enter { room: WaitingRoomId(UNKNOWN) }
    }

    fn gates(before: PathOwner, all: &Settings, _asked: &Asked) -> Vec<Enter> {
        let own = (0..).zip(&all.waiting_rooms).filter(|(_, room)| room.before == Some(before));
        own.map(|(index, _)| Enter { room: WaitingRoomId(index) }).collect()
    }

    fn is_gate(&self) -> bool {
        true
    }

    fn needs(&self, all: &Settings, to: &mut impl Needs) {
        let waiting_room = self.room.index();
        let of = Resource::Room { waiting_room };
        to.uses((Kind::WaitingRoom, waiting_room));
        match each(&all.waiting_rooms[waiting_room]) {
            Some(span) => to.works(of, span.as_secs_f64()),
            None => to.waits(of),
        }
        to.passes(0.0, 0.5);
    }

    fn compile(&self, all: &Settings, to: &mut impl Compile<Op = kind::Op>) {
        let waiting_room = self.room.index();
        let room = &all.waiting_rooms[waiting_room];
        let of = Resource::Room { waiting_room };
        let label = format!("waiting in the room {}", room.name);
        let stage = to.stage(StageKind::WaitingRoom, Some(of), &room.name, &label);
        let draw = each(room).map(|span| to.draw(&Law::Constant(span), "admission"));
        to.ask(Op::Come { room: number(waiting_room), draw }, stage);
    }
}
