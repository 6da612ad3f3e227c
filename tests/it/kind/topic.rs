//! Topics: what is sent to one comes to each of its queues, and is billed once.

// By hand.

use std::path::Path;

use simcap::scenario::{self, ScenarioError};

use super::queue::billing::quantity;
use super::queue::left;
use crate::run::run;

/// A topic copies to each of its queues, at the instant at which the call is there.
#[test]
fn a_topic_copies_to_every_queue() {
    let text = "duration = \"25s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\n\
                steps = [{ send = \"news\", messages = 2 }]\n[topic.news]\nqueues = [\"stock\", \"mail\"]\n\
                [queue.stock]\nlatency = \"20ms\"\n[queue.mail]\nlatency = \"40ms\"\ndelivery_delay = \"10s\"\n";
    let run = run(text, 1);
    let [stock, mail] = &run.queues[..] else { panic!() };
    assert_eq!((stock.sent, left(stock)), (4.0, (0.0, 4.0, 0.0)));
    assert_eq!((mail.sent, left(mail)), (4.0, (2.0, 2.0, 0.0)));
    assert_eq!(run.latency_ms.max, 40.0, "as long as a call to its slowest queue");
}

#[test]
fn a_topic_is_billed_for_what_is_sent_to_it() {
    let text = "duration = \"55s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"news\", messages = 10 }]\n\
                [topic.news]\nqueues = [\"a\", \"b\"]\n[queue.a]\nmessage_size = \"10 KiB\"\n[queue.b]\n";
    assert_eq!(quantity(text, "SNS", 0.5), 5.0 * 2.0);
    assert_eq!(quantity(text, "SQS", 0.4), 0.0, "copies are free");
}

#[test]
fn a_topic_names_each_queue_once() {
    let text = "duration = \"55s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"news\" }]\n\
                [topic.news]\nqueues = [\"a\", \"a\"]\n[queue.a]\n";
    let error = scenario::parse("topic.toml", text.as_bytes(), Path::new(""), &[]).expect_err("twice");
    let ScenarioError::Invalid(report) = error else { panic!("{error}") };
    assert!(report.render(false).contains("is named twice"), "{}", report.render(false));
}
