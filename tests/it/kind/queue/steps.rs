//! Steps of a request that receive.

use crate::run::run;

fn text(receive: &str, more: &str) -> String {
    format!(
        "duration = \"59s\"\n[traffic.send]\ninterarrival = \"20s\"\nrequests = \"send\"\n\
         [traffic.take]\ninterarrival = \"10s\"\nrequests = \"take\"\n\
         [request.send]\nsteps = [{{ send = \"orders\", messages = 3 }}]\n[request.take]\nsteps = [{receive}]\n\
         [queue.orders]\nlatency = \"20ms\"\n{more}\n"
    )
}

/// Sent at 20 and 40 s. The take of 10 s finds nothing and is answered in 20 ms; that of 20 s, which is later in the file,
/// gets two, works a second, and deletes them: 1.04 s. That of 30 s gets the one that is left, and so on.
#[test]
fn a_request_receives_works_and_deletes() {
    let run = run(&text("{ receive = \"orders\", messages = 2, steps = [{ delay = \"1s\" }] }", ""), 1);
    let (take, queue) = (&run.classes[1], &run.queues[0]);
    assert_eq!((take.requests.completed, take.latency_ms.max), (5.0, 1040.0));
    assert_eq!((queue.sent, queue.received, queue.deleted, queue.empty), (6.0, 6.0, 6.0, 1.0));
    // Sends, receives (one of them empty), deletes.
    assert_eq!(queue.requests, 2.0 + 5.0 + 4.0);
}

/// The take of 10 s waits for 15 s, and gets what is sent at 20 s.
#[test]
fn a_receive_can_wait() {
    let run = run(&text("{ receive = \"orders\", messages = 10, wait = \"15s\" }", ""), 1);
    assert_eq!((run.queues[0].received, run.queues[0].deleted), (6.0, 6.0));
    assert_eq!(
        run.classes[1].latency_ms.max, 15_020.0,
        "the take of 20 s comes too late for what was sent then"
    );
}

/// A step fails after a message was received: it is not deleted, and comes back.
#[test]
fn what_a_failed_request_has_received_comes_back() {
    let fails = "{ receive = \"orders\", steps = [{ service = \"pay\" }] }";
    let more = "visibility_timeout = \"12s\"\n[service.pay]\nservers = [[\"0s\", 0], [\"1h\", 1]]\nqueue = 0\ntime = \"1s\"";
    let run = run(&text(fails, more), 1);
    let queue = &run.queues[0];
    assert_eq!((queue.deleted, run.classes[1].requests.failed_by_cause["queue_full"]), (0.0, queue.received));
    assert!(queue.again > 0.0);
}

/// A call carries 1 MiB at most: five messages of 200 KiB are 1,000 KiB, and six are more. Of 104 KiB nine are 936 KiB.
#[test]
fn a_call_carries_a_mebibyte_at_most() {
    let read = |messages: u32, size: &str| {
        let text = format!(
            "duration = \"1m\"\n[traffic.t]\nrate = \"1/s\"\n[request.r]\nsteps = [{{ send = \"q\", messages = {messages} }}]\n\
             [queue.q]\nmessage_size = \"{size}\"\n"
        );
        simcap::parse(&text, &[]).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!((read(5, "200 KiB"), read(1, "1 MiB"), read(9, "104 KiB")), (Ok(()), Ok(()), Ok(())));
    let error = read(6, "200 KiB").unwrap_err();
    assert!(error.contains("send at most 5 messages, or lower `message_size` of `q`"), "{error}");
    assert!(read(2, "1 MiB").unwrap_err().contains("send at most 1 message,"));
}
