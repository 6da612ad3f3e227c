//! What happens to a message: when it is received, when it comes back, when it is gone.

use super::{every_ten_seconds, left, sent, waiting};
use crate::run::run;

/// A call takes 20 ms, half of it to SQS. A poller has asked at 0 s and waits at SQS when the first message comes there, at
/// 10.010 s. It gets it at 10.020 s, works for a second, and the message is deleted at 11.030 s.
#[test]
fn a_poller_that_waits_gets_a_message_as_it_comes() {
    let run = every_ten_seconds("55s", &waiting("latency = \"20ms\"\ntime = \"1s\""));
    let queue = &run.queues[0];
    assert_eq!((queue.sent, queue.received, queue.deleted, queue.empty), (5.0, 5.0, 5.0, 0.0));
    assert_eq!((queue.wait_ms.max, queue.age_ms.p50, queue.age_ms.max), (0.0, 1020.0, 1020.0));
    assert_eq!(
        (run.requests.completed, run.latency_ms.max),
        (5.0, 20.0),
        "the sender waits for its call alone"
    );
    assert_eq!(queue.requests, 15.0, "each message is sent, received and deleted by a request of its own");
}

/// A wait of 4 s that began at 0 s has ended without a message at 4 s and 8 s, the one from 8 s on gets that of 10 s; then it
/// works until 11 s, waits until 15 s and 19 s, gets that of 20 s, and waits from 21 s until 25 s.
#[test]
fn a_wait_for_a_message_ends_empty() {
    let run = every_ten_seconds("29s", "workers = \"worker\"\nwait = \"4s\"\ntime = \"1s\"");
    let queue = &run.queues[0];
    assert_eq!((queue.received, queue.empty, queue.wait_ms.max), (2.0, 2.0 + 2.0 + 1.0, 0.0));
}

/// Polls at 0, 3, 6, 9 and 12 s; the message of 10 s is received at 12 s and done at 13 s, when the next poll comes at once
/// and the one after it 3 s later: 16, 19, 22, where that of 20 s is received.
#[test]
fn a_poller_that_does_not_wait_pauses() {
    let run = every_ten_seconds("34s", "workers = \"worker\"\npoll_interval = \"3s\"\ntime = \"1s\"");
    let queue = &run.queues[0];
    assert_eq!((queue.received, queue.deleted), (3.0, 3.0));
    assert_eq!((queue.wait_ms.p50, queue.wait_ms.max, queue.age_ms.max), (2000.0, 2000.0, 3000.0));
    assert_eq!(queue.empty, 4.0 + 3.0 + 3.0 + 1.0);
}

/// The work takes 8 s and the message is visible again after 5 s: with a second poller that waits, it is delivered again at
/// 15 s, so that what the first one deletes at 18 s is no longer its own.
#[test]
fn work_longer_than_the_visibility_timeout_is_delivered_twice() {
    let queue = |pollers: u32| {
        let slow = format!("pollers = {pollers}\nvisibility_timeout = \"5s\"\ntime = \"8s\"");
        every_ten_seconds("19s", &waiting(&slow)).queues.remove(0)
    };
    let alone = queue(1);
    assert_eq!((alone.received, alone.again, alone.deleted, left(&alone)), (1.0, 0.0, 1.0, (0.0, 0.0, 0.0)));
    let beside = queue(2);
    assert_eq!((beside.received, beside.again, beside.deleted), (2.0, 1.0, 0.0));
    assert_eq!(left(&beside), (0.0, 0.0, 1.0));
}

/// The work fails at once, three times, 5 s apart; at 25 s the first message goes to the dead-letter queue, 15 s old. The
/// second one has been received at 20 s and 25 s.
#[test]
fn a_message_that_fails_too_often_goes_to_the_dead_letter_queue() {
    let run = every_ten_seconds(
        "29s",
        &format!(
            "{}[queue.dead]\n[service.pay]\nservers = [[\"0s\", 0], [\"1h\", 1]]\nqueue = 0\ntime = \"1s\"",
            waiting(
                "steps = [{ service = \"pay\" }]\nvisibility_timeout = \"5s\"\ndead_letter = \"dead\"\nmax_receive_count = 3"
            )
        ),
    );
    let [orders, dead] = &run.queues[..] else { panic!() };
    assert_eq!((orders.received, orders.again, orders.failed), (5.0, 3.0, 5.0));
    assert_eq!((orders.dead_lettered, dead.taken_over, dead.visible), (1.0, 1.0, 1.0));
    assert_eq!((left(orders), orders.deleted), ((0.0, 0.0, 1.0), 0.0));
    assert_eq!(orders.age_ms.max, 15_000.0);
    assert_eq!(run.requests.completed, 2.0, "the sender hears nothing of it");
}

#[test]
fn a_delayed_message_is_received_when_its_delay_is_over() {
    let run = every_ten_seconds("24s", &waiting("delivery_delay = \"3s\"\ntime = \"1s\""));
    let queue = &run.queues[0];
    assert_eq!((queue.received, queue.wait_ms.mean, queue.wait_ms.max), (2.0, 3000.0, 3000.0));
    let run = every_ten_seconds("22s", &waiting("delivery_delay = \"3s\"\ntime = \"1s\""));
    assert_eq!(left(&run.queues[0]), (1.0, 0.0, 0.0));
}

/// Nobody receives: those of 10, 20 and 30 s are gone 60 s later.
#[test]
fn messages_expire_after_the_retention_period() {
    let run = every_ten_seconds("99s", "retention = \"60s\"");
    let queue = &run.queues[0];
    assert_eq!((queue.sent, queue.expired, left(queue)), (9.0, 3.0, (0.0, 6.0, 0.0)));
    assert_eq!(run.timeline.queues[0].oldest_s.iter().copied().fold(0.0, f64::max), 60.0);
}

/// Ten messages of one call are received at 10 s by one receive, and worked on one after the other for a second each.
#[test]
fn a_batch_is_deleted_one_by_one_or_together() {
    let run = |delete: &str| {
        let queue = waiting(&format!("batch = 10\ndelete = \"{delete}\"\ntime = \"1s\""));
        run(&sent("10s", "29s", 10, &queue), 1).queues.remove(0)
    };
    let each = run("each");
    // The first batch is done at 20 s, when the second one comes.
    assert_eq!((each.sent, each.received, each.deleted), (20.0, 20.0, 18.0));
    assert_eq!((each.wait_ms.max, each.age_ms.max), (0.0, 10_000.0));
    assert_eq!(each.requests, 2.0 + 2.0 + 18.0);
    let together = run("batch");
    assert_eq!((together.received, together.deleted, together.in_flight), (20.0, 10.0, 10.0));
    assert_eq!((together.age_ms.max, together.requests), (10_000.0, 2.0 + 2.0 + 1.0));
}

/// The work on the k-th message takes the k-th of the recorded values, on every delivery.
#[test]
fn recorded_demands_go_by_message() {
    let replay = "time = \"replay tests/it/good/arrivals.csv column cpu_us unit us\"";
    let queue = &every_ten_seconds("19s", &waiting(replay)).queues[0];
    assert_eq!((queue.deleted, queue.age_ms.mean), (1.0, 5.2));
    // The second row is 100 us: three messages are done after 5,200, 100 and 8,000.5 us.
    let text = sent("10s", "19s", 3, &waiting(replay));
    let queue = &run(&text, 1).queues[0];
    assert_eq!(queue.deleted, 3.0);
    assert!((queue.age_ms.mean - (5.2 + 5.3 + 13.3005) / 3.0).abs() < 1e-4, "{}", queue.age_ms.mean);
}
