//! Messages in flight: how many there can be, and what a receive gets beyond that. Priority among queues.

use simcap::outcome::{Outcome, Resource};

use super::{left, sent};
use crate::run::run;

/// Two messages in flight at most, worked on for 100 s each by five pollers. A call that does not wait has an error; one
/// that waits goes on waiting.
#[test]
fn beyond_the_limit_of_messages_in_flight_nothing_is_received() {
    let queue = |how: &str| {
        let text = format!(
            "workers = \"worker\"\npollers = 5\nin_flight = 2\nvisibility_timeout = \"1h\"\ntime = \"100s\"\n{how}"
        );
        run(&sent("1s", "20500ms", 1, &text), 1).queues.remove(0)
    };
    let short = queue("poll_interval = \"1s\"");
    assert_eq!((short.received, left(&short)), (2.0, (0.0, 18.0, 2.0)));
    // Five ask at 0 and 1 s and find nothing: the message of 1 s comes after them. At 2 s one gets that, at 3 s another one
    // that of 2 s; from then on the other three are refused each second, the rest at 3 s included.
    assert_eq!(short.over_limit, 3.0 * 18.0);
    let long = queue("wait = \"20s\"");
    assert_eq!((long.received, long.over_limit, left(&long)), (2.0, 0.0, (0.0, 18.0, 2.0)));
}

/// What ends makes room: 5 s of work each.
#[test]
fn a_deletion_makes_room_for_those_that_wait() {
    let text = "workers = \"worker\"\npollers = 5\nin_flight = 2\ntime = \"5s\"\nwait = \"20s\"";
    let queue = &run(&sent("1s", "12500ms", 1, text), 1).queues[0];
    // At 1, 2, 6, 7, 11 and 12 s.
    assert_eq!((queue.received, queue.deleted, queue.over_limit), (6.0, 4.0, 0.0));
}

/// One poller for both. Free ones come at 10 s and are seen at 11 s; the three paid ones of 12.5 s go before those that are
/// left, one after the other.
#[test]
fn paid_goes_before_free() {
    let both = |paid: u32, free: u32| {
        format!(
            "duration = \"18500ms\"\n[traffic.paid]\ninterarrival = \"12500ms\"\nrequests = \"paid\"\n\
             [traffic.free]\ninterarrival = \"10s\"\nrequests = \"free\"\n\
             [request.paid]\nsteps = [{{ send = \"paid\", messages = 3 }}]\n[request.free]\nsteps = [{{ send = \"free\", messages = 10 }}]\n\
             [queue.free]\nlatency = \"0s\"\nworkers = \"worker\"\npriority = {free}\ntime = \"1s\"\n\
             [queue.paid]\nlatency = \"0s\"\nworkers = \"worker\"\npriority = {paid}\ntime = \"1s\"\n\
             [fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n"
        )
    };
    let ordered = run(&both(2, 1), 1);
    let [free, paid] = &ordered.queues[..] else { panic!() };
    assert_eq!((paid.received, paid.wait_ms.mean, paid.wait_ms.max), (3.0, 1500.0, 2500.0));
    assert_eq!((free.received, free.deleted), (5.0, 4.0), "at 11, 12, 16, 17 and 18 s");
    let reversed = run(&both(1, 2), 1);
    let [free, paid] = &reversed.queues[..] else { panic!() };
    assert_eq!((free.received, paid.received), (8.0, 0.0));
    // Of equal priority they are asked in turn: from 13 s on, three of each, one after the other.
    let equal = run(&both(1, 1), 1);
    let [free, paid] = &equal.queues[..] else { panic!() };
    assert_eq!((free.received, paid.received), (5.0, 3.0));
    assert!((4500.0..=5500.0).contains(&paid.wait_ms.max), "{}", paid.wait_ms.max);
}

/// A message a second, each of 250 ms: the only poller is busy for a quarter of the time. Four a second of 300 ms are more
/// than it can do: it is never idle, and the rest waits.
#[test]
fn pollers_are_as_busy_as_their_messages_keep_them() {
    let run = |interval: &str, time: &str| {
        run(
            &sent(interval, "100s", 1, &format!("workers = \"worker\"\nwait = \"20s\"\ntime = \"{time}\"")),
            1,
        )
    };
    let calm = run("1s", "250ms");
    let [series] = &calm.timeline.queues[..] else { panic!() };
    assert!(series.pollers.iter().all(|pollers| (pollers - 1.0).abs() < 1e-9), "{:?}", series.pollers);
    for (row, busy) in series.pollers_busy_percent.iter().enumerate().skip(1) {
        assert!((busy - 25.0).abs() < 1e-6, "{busy} % in row {row}");
    }
    assert!(calm.phases.iter().all(|phase| !phase.trouble), "{:?}", calm.phases);
    let of = Resource::Pollers { queue: 0 };
    let headroom = |outcome: &Outcome| outcome.headroom.iter().find(|it| it.of == of).unwrap().clone();
    assert!((headroom(&calm).limit().unwrap() - 4.0).abs() < 0.1, "{:?}", headroom(&calm));

    let full = run("250ms", "300ms");
    let link = &full.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(of), true));
    // 400 messages come in 100 s, and 333 are worked on.
    assert!(
        link.text.starts_with("pollers of `orders` full (up to 66 waiting, the oldest message 16"),
        "{}",
        link.text
    );
    assert!(headroom(&full).saturated);
}
