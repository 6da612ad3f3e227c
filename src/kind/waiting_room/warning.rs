//! What is rarely intended of a waiting room: more visitors than it can let in before the end, or that it opens after it. In: the traffic that is expected. Out:
//! warnings.

use super::language::WaitingRoom;
use crate::kind::Settings;
use crate::kind::code::Code;
use crate::kind::expected::Expected;
use crate::kind::warning::Warning;
use crate::measure::resource::Resource;
use crate::number::{bounded, clock, excess};

/// By chance as many may come.
const TOO_MUCH: f64 = 1.02;

/// Before a run.
pub(super) fn expected(expected: &Expected<'_, Settings>) -> Vec<Warning> {
    let all = expected.waiting_rooms.iter().enumerate();
    all.filter_map(|(index, room)| never_opens(expected, room).or_else(|| of_room(expected, index, room)))
        .collect()
}

/// It opens after the end.
fn never_opens(expected: &Expected<'_, Settings>, room: &WaitingRoom) -> Option<Warning> {
    (room.opens >= expected.duration).then(|| {
        let message = format!(
            "waiting room `{}` opens at {}, after the end: nobody is let in",
            room.name,
            clock(room.opens.as_secs_f64())
        );
        let hint = "let it open before the end of the run, or make the run longer";
        Warning::new(Code::ScheduleAfterEnd, &["waiting_room", &room.name, "opens"], message, hint)
    })
}

fn of_room(expected: &Expected<'_, Settings>, index: usize, room: &WaitingRoom) -> Option<Warning> {
    let rate = room.rate.as_ref()?;
    let of = Resource::Room { waiting_room: index };
    let load = &expected.load;
    // Users who are inside need no place: how many of their requests do shows only in a run.
    let is_open = |source: &usize| (load.arrivals.0)(*source, expected.duration).is_some();
    let come_of = |source: usize| {
        let classes = load.shares[source].iter().zip(&load.demands);
        let share: f64 = classes.filter(|(_, demand)| demand.of(of) > 0.0).map(|(share, _)| share).sum();
        share * load.requests[source]
    };
    let come: f64 = (0..load.requests.len()).filter(is_open).map(come_of).sum();
    let room_for = rate.between(room.opens, expected.duration);
    (come > room_for * TOO_MUCH).then(|| {
        let message = format!(
            "over the whole run {} visitors come to waiting room `{}`, {} what it can let in",
            bounded(come),
            room.name,
            excess(come / room_for.max(f64::MIN_POSITIVE)),
        );
        let hint = "the others still wait at the end, or give up: is the `rate` meant to be so low?";
        Warning::new(Code::DemandAboveCapacity, &["waiting_room", &room.name, "rate"], message, hint)
    })
}
