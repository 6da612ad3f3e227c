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

/// A room that opens at the end of the run or later lets nobody in.
#[test]
fn a_room_that_opens_after_the_end_is_warned_of() {
    let warned = |opens: &str| {
        let room = format!("opens = \"{opens}\"\nrate = \"10/s\"");
        let text = site(60, &room, "[traffic.all]\nrate = \"1/s\"\nrequests = \"page\"");
        let found = simcap::warning::of_scenario(&crate::run::scenario(&text), 1);
        found.into_iter().map(|it| (it.path(), it.message)).collect::<Vec<_>>()
    };
    let message = "waiting room `door` opens at 1:00, after the end: nobody is let in";
    let expected = ("waiting_room.door.opens".to_owned(), message.to_owned());
    assert!(warned("60s").contains(&expected), "{:?}", warned("60s"));
    assert!(!warned("30s").iter().any(|(at, _)| at.ends_with("opens")), "{:?}", warned("30s"));
}
