//! Waiting rooms: who is let in when, by hand; who gives up; and what the wait does not do.

use simcap::outcome::{Outcome, WaitingRoomOutcome};

use crate::run::{is_conserved, run};

// By hand.
mod closed;
mod line;
mod sessions;

/// A site that answers in a millisecond, with a room before it.
fn site(seconds: u32, room: &str, sources: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"10s\"\n{sources}\n[request.page]\nvia = \"web\"\nsteps = [{{ delay = \"1ms\" }}]\n\
         [fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\n[waiting_room.door]\nbefore = \"web\"\n{room}\n"
    )
}

/// The run and its room, in which nobody is lost.
fn through(text: &str) -> (Outcome, WaitingRoomOutcome) {
    let run = run(text, 1);
    let room = run.waiting_rooms[0].clone();
    assert!(is_conserved(&run.requests), "{:?}", run.requests);
    assert_eq!(room.came, room.again + room.at_once + room.waited, "{room:?}");
    assert_eq!(room.waited, room.admitted + room.left + room.waiting, "{room:?}");
    (run, room)
}

/// Equal but for the nanosecond to which instants are rounded.
fn near(ms: f64, expected: f64) {
    assert!((ms - expected).abs() < 1e-5, "{ms} {expected}");
}
