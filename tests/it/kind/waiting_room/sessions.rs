//! Who is inside: places for so many, and visitors who come again.

use super::{near, site, through};

/// Two places, each for 10 s; one visitor a second. The first two go in at once, then two every 10 s.
#[test]
fn a_place_is_free_when_a_session_ends() {
    let sources = "[traffic.all]\ninterarrival = \"1s\"\n";
    let (run, door) = through(&site(30, "active = 2\nsession = \"10s\"", sources));
    assert_eq!((door.came, door.at_once, door.admitted, door.waiting), (29.0, 2.0, 4.0, 23.0));
    // The third to the sixth: at 11, 12, 21 and 22 s.
    near(door.mean_wait_ms, 1e3 * (8.0 + 8.0 + 16.0 + 16.0) / 4.0);
    assert_eq!(run.timeline.waiting_rooms[0].inside, [2.0, 2.0, 2.0]);
}

/// A user who comes every 1.001 s goes in at 1 s, and passes for 10 s; at 11.01 s it has to wait until a minute after the first time.
#[test]
fn a_user_who_was_let_in_passes_until_its_session_ends() {
    let sources = "[users.one]\ncount = 1\nthink = \"1s\"\n";
    let (_, door) = through(&site(70, "rate = \"1/min\"\nsession = \"10s\"", sources));
    assert_eq!((door.came, door.at_once, door.again, door.admitted), (19.0, 1.0, 9.0 + 8.0, 1.0));
    near(door.mean_wait_ms, 61_000.0 - 11_010.0);
}

/// Of open traffic each request is a visitor, and its retries are the same one.
#[test]
fn a_retry_of_a_visitor_who_is_inside_passes() {
    let sources = "[traffic.all]\ninterarrival = \"1s\"\n[client]\ntimeout = \"500us\"\nretries = { max = 2, backoff = \"10ms\", jitter = \"none\" }\n";
    let (_, door) = through(&site(20, "rate = \"1/s\"", sources));
    assert_eq!((door.at_once, door.waited, door.again), (19.0, 0.0, 38.0));
}
