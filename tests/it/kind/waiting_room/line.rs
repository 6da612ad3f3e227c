//! The line: the wait of each visitor at a constant rate, in order and by lot, those who give up, and the opening.

use super::{near, site, through};

/// A hundred visitors a second for a minute, the first after 10 ms and the last, the 5,999th, after 59.99 s.
const CROWD: &str = "[traffic.all]\nrate = [[\"0s\", \"100/s\"], [\"59.995s\", \"100/s\"], [\"59.995s\", \"0/s\"]]\ninterarrival = \"1s\"\n";

/// Fifty a second are let in: the n-th comes after 10 n ms and goes in (n - 1) · 10 ms later.
#[test]
fn the_nth_visitor_waits_as_the_rates_say() {
    let (run, door) = through(&site(130, "rate = \"50/s\"", CROWD));
    assert_eq!((door.came, door.at_once, door.admitted), (5_999.0, 1.0, 5_998.0));
    near(door.mean_wait_ms, f64::midpoint(10.0, 59_980.0));
    near(door.wait_ms.max, 59_980.0);
    near(run.latency_ms.max, 59_981.0);
    assert_eq!(run.requests.completed, 5_999.0);
    // In the first 10 s 500 go in, and at each instant as many wait as have gone in.
    near(run.timeline.waiting_rooms[0].let_in[0], 50.0);
    let stage = run.stages.iter().find(|stage| stage.label == "waiting in the room door");
    assert!(stage.is_some(), "{:?}", run.stages);
}

/// Each draw lets in somebody at the same instants: the mean is the same, and some wait longer than anybody in order.
#[test]
fn by_lot_the_mean_wait_is_that_in_order() {
    let (_, door) = through(&site(130, "rate = \"50/s\"\norder = \"random\"", CROWD));
    near(door.mean_wait_ms, f64::midpoint(10.0, 59_980.0));
    assert!(door.wait_ms.max > 70_000.0, "{}", door.wait_ms.max);
}

/// The page refreshes itself: a client of little patience waits for a minute in the room, and then for the site from where it was.
#[test]
fn the_timeout_of_a_client_stands_still_in_the_room() {
    let client = |timeout: &str| format!("{CROWD}[client]\ntimeout = \"{timeout}\"\n");
    let (patient, _) = through(&site(130, "rate = \"50/s\"", &client("2ms")));
    assert_eq!(patient.requests.completed, 5_999.0);
    let slow = site(130, "rate = \"50/s\"", &client("2ms")).replace("delay = \"1ms\"", "delay = \"3ms\"");
    let (slow, door) = through(&slow);
    assert_eq!(slow.requests.failed_by_cause["client_timeout"], 5_999.0);
    assert_eq!(door.left, 0.0);
}

/// Visitors wait for 10.005 s at the most. What the room does is walked by hand: one goes in every 20 ms from 10 ms on, the first who
/// has not given up by then.
#[test]
fn visitors_give_up_when_their_patience_ends() {
    const PATIENCE: u64 = 10_005;
    let (run, door) = through(&site(130, "rate = \"50/s\"\npatience = \"10.005s\"", CROWD));
    let (mut next, mut let_in, mut left) = (1u64, 0.0, 0.0);
    for slot in (10..).step_by(20) {
        while next <= 5_999 && 10 * next + PATIENCE < slot {
            left += 1.0;
            next += 1;
        }
        if next > 5_999 {
            break;
        }
        let_in += 1.0;
        next += 1;
    }
    assert_eq!((door.at_once + door.admitted, door.left), (let_in, left));
    assert!(door.wait_ms.max <= PATIENCE as f64);
    assert_eq!(run.requests.failed_by_cause["left_waiting_room"], left);
    assert_eq!(run.requests.completed, let_in);
}

/// Who gives up comes again as the client retries, at the end of the line. Nobody is ever let in: each waits a second, pauses two, and waits
/// a second.
#[test]
fn who_gives_up_comes_back_as_its_client_says() {
    let sources = "[traffic.all]\nrate = [[\"0s\", \"1/s\"], [\"10.5s\", \"1/s\"], [\"10.5s\", \"0/s\"]]\ninterarrival = \"1s\"\n\
                   [client]\nretries = { max = 1, backoff = \"2s\", jitter = \"none\" }\n";
    let (run, door) = through(&site(60, "opens = \"50s\"\npatience = \"1s\"", sources));
    assert_eq!((door.came, door.left), (20.0, 20.0));
    assert_eq!(run.requests.failed, 10.0);
}

/// Before the room opens 599 have come, on the mean after 30 s; they go in every 10 ms from 60 s on, in an order by lot. Who comes after 61 s
/// is behind all of them, and goes in after 65.99 s.
#[test]
fn all_who_came_before_the_opening_are_put_in_an_order_by_lot() {
    let early = "[traffic.all]\nrate = [[\"0s\", \"10/s\"], [\"59.95s\", \"10/s\"], [\"59.95s\", \"0/s\"]]\ninterarrival = \"1s\"\nrequests = \"page\"\n";
    let late = "[traffic.late]\ninterarrival = \"61s\"\nrequests = \"late\"\n[request.late]\nvia = \"web\"\nsteps = [{ delay = \"1ms\" }]\n";
    let (run, door) = through(&site(100, "rate = \"100/s\"\nopens = \"60s\"", &format!("{early}{late}")));
    assert_eq!((door.at_once, door.admitted, door.most), (0.0, 600.0, 599.0));
    let sum: f64 = 599.0 * (60_000.0 + 2_990.0 - 30_000.0) + 4_990.0;
    near(door.mean_wait_ms, sum / 600.0);
    let class = run.classes.iter().find(|class| class.name == "late").unwrap();
    near(class.latency_ms.max, 4_991.0);
    // In order nobody would wait for longer than the first one, 59.9 s.
    assert!(door.wait_ms.max > 60_000.0, "{}", door.wait_ms.max);
}

/// From 2 s on four times as many.
#[test]
fn the_rate_may_change() {
    let sources = "[traffic.all]\nrate = [[\"0s\", \"100/s\"], [\"0.055s\", \"100/s\"], [\"0.055s\", \"0/s\"]]\ninterarrival = \"1s\"\n";
    let (_, door) = through(&site(30, "rate = [[\"0s\", \"1/s\"], [\"2s\", \"4/s\"]]", sources));
    // They come after 10 to 50 ms. One goes in after 10 ms, and one after 1.01 s; by 2 s the third is due by 0.99, and 2.5 ms later it goes in.
    near(door.wait_ms.max, 2_000.0 + 2.5 + 500.0 - 50.0);
    let sum = (1_010.0 - 20.0) + (2_002.5 - 30.0) + (2_252.5 - 40.0) + (2_502.5 - 50.0);
    near(door.mean_wait_ms, sum / 4.0);
}

/// A page that asks every 3 s notices then: waits are whole times of that.
#[test]
fn a_visitor_goes_in_when_its_page_asks_the_next_time() {
    let sources = "[traffic.all]\nrate = [[\"0s\", \"2/s\"], [\"10.25s\", \"2/s\"], [\"10.25s\", \"0/s\"]]\ninterarrival = \"1s\"\n";
    let (_, door) = through(&site(60, "rate = \"1/s\"\npoll = \"3s\"", sources));
    // The n-th of twenty comes after n / 2 s, and has waited for (n - 1) / 2 s when it may go in.
    let waits = (2..=20).map(|n| 500 * (n - 1)).map(|wait: u64| wait.div_ceil(3_000) * 3_000);
    near(door.mean_wait_ms, waits.sum::<u64>() as f64 / 19.0);
    let asked: u64 = (2..=20).map(|n| 500 * (n - 1)).sum();
    near(door.polls, asked as f64 / 3_000.0);
}
