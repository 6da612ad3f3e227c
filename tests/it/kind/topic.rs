//! Topics: what is sent to one comes to each of its queues, and is billed once.

// By hand.

use std::path::Path;

use simcap::outcome::Resource;
use simcap::scenario::{self, ScenarioError};
use simcap::warning::{Code, of_scenario};

use super::queue::billing::quantity;
use super::queue::left;
use crate::run::run;

/// Requests at 10 s and at 20 s that send two messages.
const CALLS: &str = "duration = \"25s\"\n[traffic.all]\ninterarrival = \"10s\"\n[client]\nround_trip = \"0s\"\n[request.order]\n\
                     steps = [{ send = \"news\", messages = 2 }]\n";
/// A function in which nothing takes time but its work.
const F: &str = "[lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n";

/// The rows in which a column is not zero.
fn rows(column: &[f64]) -> Vec<usize> {
    column.iter().enumerate().filter(|(_, value)| **value > 0.0).map(|(row, _)| row).collect()
}

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

/// A topic invokes its functions by events: at the instant at which the call is there, each message by itself. Its caller waits for the call alone.
#[test]
fn a_topic_invokes_functions_by_events() {
    let text = format!(
        "bucket = \"10ms\"\n{CALLS}[topic.news]\nfunctions = [\"f\", \"g\"]\nqueues = [\"a\"]\n[queue.a]\nlatency = \"20ms\"\n\
         {F}time = \"1s\"\n{}time = \"2s\"\nasynchronous = {{ on_success = \"a\" }}\n",
        F.replace("lambda.f", "lambda.g")
    );
    let outcome = run(&text, 1);
    assert_eq!(outcome.latency_ms.max, 20.0);
    let [f, g] = &outcome.lambdas[..] else { panic!() };
    assert_eq!((f.events, f.events_done, g.events, g.events_done), (4.0, 4.0, 4.0, 4.0));
    // Two requests, at 10 s and at 20 s, with two messages each; half of the call is 10 ms.
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [1_001, 2_001]);
    assert_eq!(outcome.timeline.lambdas[0].most[1_001], 2.0);
    assert_eq!(outcome.queues[0].sent, 4.0 + 4.0);
    // What SNS delivers to functions is free.
    assert_eq!(quantity(&text, "SNS", 0.5), 2.0);
}

/// Without queues the call takes as long as one to a queue does.
#[test]
fn a_topic_may_have_functions_alone() {
    let outcome = run(&format!("{CALLS}[topic.news]\nfunctions = [\"f\"]\n{F}time = \"1s\"\n"), 1);
    assert_eq!((outcome.latency_ms.max, outcome.lambdas[0].events), (10.0, 4.0));
}

/// A bus takes 30 ms until an event comes to a target. Its call takes 8 ms.
#[test]
fn a_bus_delivers_after_a_moment() {
    let text = format!(
        "bucket = \"10ms\"\n{CALLS}[topic.news]\nservice = \"eventbridge\"\ndelivery = \"30ms\"\nput = \"8ms\"\nqueues = [\"a\"]\nfunctions = [\"f\"]\n\
         [queue.a]\nlatency = \"20ms\"\n{F}time = \"100ms\"\n"
    );
    let outcome = run(&text, 1);
    assert_eq!(outcome.latency_ms.max, 8.0);
    assert_eq!(rows(&outcome.timeline.queues[0].sent), [1_003, 2_003]);
    assert_eq!(rows(&outcome.timeline.lambdas[0].invocations), [1_003, 2_003]);
    assert_eq!((outcome.queues[0].sent, outcome.lambdas[0].events_done), (4.0, 4.0));
}

/// Events of 100 KB are two each, and the two of a call are four: a dollar a million.
#[test]
fn a_bus_is_billed_for_each_64_kb_of_an_event() {
    let bus = |size: &str| {
        let text = format!(
            "{CALLS}[topic.news]\nservice = \"eventbridge\"\nevent_size = \"{size}\"\nfunctions = [\"f\"]\n{F}time = \"1s\"\n"
        );
        quantity(&text, "EventBridge", 1.0)
    };
    assert_eq!((bus("100 KB"), bus("1 KB")), (2.0 * 2.0 * 2.0, 2.0 * 2.0));
}

/// Ten deliveries a second, and twenty events with two targets each in one second: the first ten come at once, and the last one of the forty three seconds later.
#[test]
fn deliveries_beyond_the_quota_are_delayed() {
    let text = format!(
        "duration = \"10s\"\nbucket = \"100ms\"\n[traffic.all]\nrate = [[\"0s\", \"20/s\"], [\"1s\", \"20/s\"], [\"1s\", \"0/s\"], [\"10s\", \"0/s\"]]\n\
         interarrival = \"1s\"\n[request.order]\nsteps = [{{ send = \"news\" }}]\n[account]\nevent_invocations = \"10/s\"\n\
         [topic.news]\nservice = \"eventbridge\"\ndelivery = \"0s\"\nput = \"0s\"\nfunctions = [\"f\"]\nqueues = [\"a\"]\n[queue.a]\n{F}time = \"1ms\"\n"
    );
    let outcome = run(&text, 1);
    let (queue, function) = (&outcome.timeline.queues[0].sent, &outcome.timeline.lambdas[0].events);
    let sum = |rows: std::ops::Range<usize>| -> f64 {
        rows.map(|row| (queue[row] + function[row]) * 0.1).sum::<f64>().round()
    };
    let arrived = outcome.requests.arrived;
    assert_eq!(sum(0..100), 2.0 * arrived);
    let rows: Vec<usize> = (0..100).filter(|row| queue[*row] + function[*row] > 0.0).collect();
    // Ten tokens at first and ten a second: as many as came have come when these are through.
    let last = (2.0 * arrived - 10.0) / 10.0;
    assert!((rows[rows.len() - 1] as f64 / 10.0 - last).abs() <= 0.2, "{last} {rows:?}");
    let in_a_second = sum(10..20);
    assert!((in_a_second - 10.0).abs() <= 1.0, "{in_a_second}");
}

/// Five calls a second: of twenty at once five are taken, and the others are tried again twice by the SDK.
#[test]
fn calls_beyond_the_quota_of_a_bus_are_throttled() {
    let text = format!(
        "duration = \"30s\"\nbucket = \"1s\"\n[traffic.all]\nrate = [[\"0s\", \"400/s\"], [\"50ms\", \"400/s\"], [\"50ms\", \"0/s\"], [\"30s\", \"0/s\"]]\n\
         interarrival = \"1s\"\n[request.order]\nsteps = [{{ send = \"news\" }}]\n[account]\nevent_puts = \"5/s\"\n\
         [topic.news]\nservice = \"eventbridge\"\nfunctions = [\"f\"]\n{F}time = \"1ms\"\n"
    );
    let outcome = run(&text, 1);
    let requests = &outcome.requests;
    assert_eq!(requests.completed + requests.failed, requests.arrived);
    assert_eq!(outcome.lambdas[0].events, requests.completed);
    // At first there are five tokens, and within the three seconds of two pauses no more than fifteen others.
    assert!(
        requests.completed >= 6.0 && requests.completed <= 20.0 && requests.failed >= 1.0,
        "{requests:?}"
    );
    let throttled = requests.failed_by_cause.iter().filter(|(cause, _)| cause.name() == "throttled");
    assert_eq!(throttled.map(|(_, count)| *count).sum::<f64>(), requests.failed);
}

#[test]
fn what_a_topic_cannot_have_is_refused() {
    let refused = |topic: &str| {
        let text =
            format!("{CALLS}[topic.news]\n{topic}\n[queue.a]\n[lambda.f]\n[lambda.g]\ntime = \"1s\"\n");
        match scenario::parse("topic.toml", text.as_bytes(), Path::new(""), &[]) {
            Err(ScenarioError::Invalid(report)) => report.render(false),
            other => panic!("{other:?}"),
        }
    };
    assert!(refused("functions = [\"f\"]").contains("has nothing to do with a message of `news`"));
    assert!(refused("functions = [\"g\", \"g\"]").contains("is named twice"));
    assert!(refused("").contains("queues"));
    assert!(refused("functions = [\"g\"]\nregion = \"eu-west-1\"").contains("in another Region"));
    assert!(refused("queues = [\"a\"]\ndelivery = \"1s\"").contains("is for an event bus"));
    assert!(
        refused("queues = [\"a\"]\nservice = \"eventbridge\"\nevent_size = \"300 KB\"").contains("too large")
    );
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

/// A thousand calls a second in Seoul, which takes 600: the quota is full, is why requests fail, and is warned of. Each call counts once, however often it is tried.
#[test]
fn the_quota_of_a_bus_is_a_capacity() {
    let text = format!(
        "duration = \"20s\"\nbucket = \"1s\"\nregion = \"ap-northeast-2\"\n[traffic.all]\ninterarrival = \"1ms\"\n[request.order]\n\
         steps = [{{ send = \"news\" }}]\n[topic.news]\nservice = \"eventbridge\"\nfunctions = [\"f\"]\n{F}time = \"10ms\"\n"
    );
    let outcome = run(&text, 1);
    let of = Resource::EventPuts { topic: 0 };
    let found = outcome.headroom.iter().find(|it| it.of == of).expect("a capacity");
    assert!(found.saturated && found.limit().unwrap() < 1.0, "{found:?}");
    let bus = &outcome.topics[0];
    // Those of the last hundredth of a second are on their way.
    assert!((0.0..=10.0).contains(&(outcome.requests.arrived - bus.puts)), "{bus:?}");
    assert_eq!(bus.given_up, outcome.requests.failed);
    assert!(bus.throttled > 2.0 * bus.given_up);
    // A thousand of six hundred.
    assert!((outcome.timeline.topics[0].puts_percent[10] - 100.0 / 0.6).abs() < 0.5);
    let phase = outcome.phases.iter().find(|phase| phase.trouble).expect("trouble");
    assert!(phase.chain.iter().any(|link| link.resource == Some(of) && link.cause), "{phase:#?}");
    assert!(
        phase.sentence.contains("PutEvents calls to `news` at their quota (600 a second"),
        "{}",
        phase.sentence
    );
    let warned = of_scenario(&scenario::parse("bus.toml", text.as_bytes(), Path::new(""), &[]).unwrap(), 1);
    let warned: Vec<&str> = warned
        .iter()
        .filter(|it| it.code == Code::DemandAboveCapacity)
        .map(|it| it.message.as_str())
        .collect();
    assert!(
        warned
            .iter()
            .any(|it| it
                .ends_with("1.67 times the calls of PutEvents that event bus `news` takes, 600 a second")),
        "{warned:?}"
    );
}

/// Two buses of a Region share its quota, and are one resource: 4 and 2 calls a second of 10 are 0.6 of it.
#[test]
fn buses_of_a_region_share_a_quota() {
    let text = format!(
        "duration = \"60s\"\nbucket = \"10s\"\n[traffic.all]\ninterarrival = \"500ms\"\n[request.order]\n\
         steps = [{{ send = \"a\" }}, {{ send = \"b\" }}, {{ send = \"a\" }}]\n[account]\nevent_puts = \"10/s\"\n\
         [topic.a]\nservice = \"eventbridge\"\nfunctions = [\"f\"]\n[topic.b]\nservice = \"eventbridge\"\nfunctions = [\"f\"]\n{F}time = \"10ms\"\n"
    );
    let outcome = run(&text, 1);
    let of = |topic| outcome.headroom.iter().find(|it| it.of == Resource::EventPuts { topic });
    assert!((of(0).unwrap().limit().unwrap() / (10.0 / 6.0) - 1.0).abs() < 0.05, "{:?}", of(0));
    assert!(of(1).is_none());
    let [a, b] = &outcome.timeline.topics[..] else { panic!() };
    assert!((a.puts_percent[3] - 60.0).abs() < 1e-9 && a.puts_percent == b.puts_percent, "{a:?}");
}
