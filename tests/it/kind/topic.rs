//! Topics: what is sent to one comes to each of its queues, and is billed once.

// By hand.

use std::path::Path;

use simcap::scenario::{self, ScenarioError};
use simcap::warning::{Code, of_scenario};

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

/// A copy is as large as the message, and so is a dead letter.
#[test]
fn a_message_has_one_size_in_every_queue_that_it_comes_to() {
    let warned = |queues: &str| {
        let text = format!(
            "duration = \"55s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{{ send = \"news\" }}]\n\
             [topic.news]\nqueues = [\"a\", \"b\"]\n{queues}"
        );
        let scenario = scenario::parse("topic.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let found = of_scenario(&scenario, 1).into_iter().filter(|it| it.code == Code::SizesDisagree);
        found.map(|it| format!("{}: {}", it.path(), it.message)).collect::<Vec<_>>()
    };
    let size = |name: &str, size: &str| format!("[queue.{name}]\nmessage_size = \"{size}\"\n");
    assert_eq!(
        warned(&(size("a", "100 KiB") + "[queue.b]\n")),
        [
            "topic.news.queues: topic `news` copies each message to `a` and `b`, with a `message_size` of 100 KiB and of 4 KiB"
        ]
    );
    assert_eq!(warned("[queue.a]\n[queue.b]\n"), [""; 0]);
    assert_eq!(warned(&(size("a", "100 KiB") + &size("b", "100 KiB"))), [""; 0]);
    let dead = |sizes: [&str; 3]| {
        let leads = "dead_letter = \"dead\"\n";
        let topic = size("a", sizes[0]) + leads + &size("b", sizes[0]);
        topic + &size("c", sizes[1]) + leads + &size("dead", sizes[2])
    };
    assert_eq!(
        warned(&dead(["8 KiB", "10 KiB", "4 KiB"])),
        [
            "queue.dead.message_size: the dead letters of `a` are messages of 8 KiB, and its dead-letter queue `dead` has a `message_size` of 4 KiB"
        ]
    );
    assert_eq!(warned(&dead(["8 KiB", "4 KiB", "6 KiB"])), [""; 0], "the mean of both");
}
