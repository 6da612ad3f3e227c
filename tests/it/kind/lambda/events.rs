//! Functions as the workers of queues: batches, pollers, and what becomes of messages whose invocation fails.

use std::path::Path;

use simcap::outcome::Outcome;
use simcap::scenario;

use crate::run::run;

/// Requests that send messages at equal intervals, and a function that works on them; nothing takes time beside its work.
fn text(rate: &str, duration: &str, messages: u32, queue: &str, function: &str) -> String {
    format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"{rate}\"\ninterarrival = \"1s\"\n\
         [client]\nround_trip = \"0s\"\n[request.page]\nsteps = [{{ send = \"jobs\", messages = {messages} }}]\n\
         [queue.jobs]\nworkers = \"f\"\nlatency = \"0s\"\n{queue}\n\
         [lambda.f]\nhop = \"0s\"\nplacement = \"0s\"\ninit = \"0s\"\n{function}\n"
    )
}

fn worked(rate: &str, duration: &str, messages: u32, queue: &str, function: &str) -> Outcome {
    run(&text(rate, duration, messages, queue, function), 1)
}

/// Ten messages a second come together and are one batch, of which each takes 100 ms: an invocation of a second each second.
#[test]
fn a_batch_is_an_invocation_and_each_message_takes_its_time() {
    let outcome = worked("1/s", "60s", 10, "steps = [{ delay = \"100ms\" }]", "");
    let (queue, function) = (&outcome.queues[0], &outcome.lambdas[0]);
    assert_eq!(function.invocations, outcome.requests.arrived);
    assert!((function.mean_concurrency * 60.0 - function.invocations).abs() <= 1.0, "{function:?}");
    // The last batch is not deleted, or just so.
    assert!((queue.deleted - 10.0 * function.invocations).abs() <= 10.0, "{queue:?}");
    assert_eq!((queue.failed, function.throttled()), (0.0, 0.0));
    // Of three at once three are a batch.
    let outcome = worked("1/s", "60s", 10, "batch = 3\nsteps = [{ delay = \"100ms\" }]", "");
    assert_eq!(outcome.lambdas[0].invocations, 4.0 * outcome.requests.arrived);
}

/// Five batches at a time at first, and 300 more a minute while messages wait, up to what the file says. Each message takes ten seconds.
#[test]
fn there_are_five_pollers_at_first_and_three_hundred_more_a_minute() {
    let account = "timeout = \"1m\"\n[account]\nlambda_concurrency = 5000";
    let steps = "batch = 1\nsteps = [{ delay = \"10s\" }]\nvisibility_timeout = \"6m\"";
    let outcome = worked("100/s", "70s", 10, steps, account);
    let most = &outcome.timeline.lambdas[0].most;
    assert_eq!((most[0], most[1], most[10], most[59]), (5.0, 10.0, 55.0, 300.0), "{most:?}");
    let outcome = worked("100/s", "70s", 10, &format!("{steps}\nmaximum_concurrency = 42"), account);
    let most = &outcome.timeline.lambdas[0].most;
    assert_eq!((most[7], most[8], most[60]), (40.0, 42.0, 42.0), "{most:?}");
}

/// 1,250 are the most: after 249 s.
#[test]
fn an_event_source_has_at_most_1250_invocations_at_once() {
    let account = "timeout = \"1m\"\n[account]\nlambda_concurrency = 5000";
    let steps = "batch = 1\nsteps = [{ delay = \"10s\" }]\nvisibility_timeout = \"6m\"";
    let outcome = worked("100/s", "5m", 10, steps, account);
    let most = &outcome.timeline.lambdas[0].most;
    assert_eq!((most[248], most[249], most[260]), (1_245.0, 1_250.0, 1_250.0), "{most:?}");
}

/// An invocation that takes too long fails with its whole batch, which comes back when it is visible again, and is a dead letter after two receives.
#[test]
fn messages_of_an_invocation_that_failed_come_back() {
    let queue = "batch = 10\nsteps = [{ delay = \"200ms\" }]\nvisibility_timeout = \"5s\"\ndead_letter = \"dead\"\nmax_receive_count = 2";
    let outcome = worked("1/s", "60s", 5, queue, "timeout = \"500ms\"\n[queue.dead]");
    let (queue, function) = (&outcome.queues[0], &outcome.lambdas[0]);
    // One or two are in progress at the end.
    assert!(
        queue.deleted == 0.0 && function.invocations - function.timeouts <= 2.0,
        "{queue:?} {function:?}"
    );
    // The messages of the first 49 seconds have come twice for sure.
    assert!(queue.dead_lettered >= 240.0, "{queue:?}");
    assert!((queue.failed - 5.0 * function.timeouts).abs() <= 10.0, "{queue:?} {function:?}");
}

/// A function with one invocation at once throttles the other pollers: their messages come back. Of those that come together only one is done at
/// once, so a poller more is no help.
#[test]
fn messages_of_a_throttled_invocation_come_back() {
    let queue = "batch = 1\nsteps = [{ delay = \"100ms\" }]\nvisibility_timeout = \"5s\"";
    let outcome = worked("2/s", "2m", 1, queue, "reserved_concurrency = 1");
    assert_eq!(outcome.lambdas[0].over_concurrency, 0.0, "two a second fit");
    let outcome = worked("1/s", "2m", 4, queue, "reserved_concurrency = 1");
    let (queue, function) = (&outcome.queues[0], &outcome.lambdas[0]);
    assert!(function.over_concurrency > 100.0 && function.most == 1.0, "{function:?}");
    assert!(
        queue.deleted >= 110.0 && queue.deleted <= function.invocations && queue.again > 100.0,
        "{queue:?}"
    );
}

/// Nothing but the calls of pollers is paid for while no message comes: five ask every 20 s.
#[test]
fn an_idle_event_source_polls_all_the_same() {
    let outcome = worked("1/h", "10m", 1, "steps = [{ delay = \"1ms\" }]", "");
    assert_eq!(outcome.lambdas[0].invocations, 0.0);
    assert_eq!(outcome.queues[0].empty, 5.0 * 29.0);
}

/// What is meant for the workers of a fleet is refused, and so is a name that is neither.
#[test]
fn a_function_has_no_pollers_of_its_own() {
    let refused = |queue: &str, function: &str| {
        let text = text("1/s", "60s", 1, queue, function);
        match scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]) {
            Err(scenario::ScenarioError::Invalid(report)) => report.render(false),
            other => panic!("{other:?}"),
        }
    };
    assert!(refused("time = \"1s\"\npollers = 3", "").contains("`pollers` is for workers of a fleet"));
    assert!(refused("time = \"1s\"\nmaximum_concurrency = 1", "").contains("maximum_concurrency"));
    assert!(refused("time = \"1s\"\nregion = \"eu-west-1\"", "").contains("are in another Region"));
}

/// Forty messages a second in batches of ten, each of which takes 100 ms: four invocations of a second each second, of ten that the function has. So it is full at 2.5 times the
/// traffic, though an invocation has ten messages.
#[test]
fn the_headroom_of_a_function_counts_the_messages_of_its_queue() {
    let steps = "batch = 10\nsteps = [{ delay = \"100ms\" }]\nvisibility_timeout = \"6m\"";
    let limit = |function: &str| {
        let outcome = worked("4/s", "60s", 10, steps, function);
        let of = simcap::outcome::Resource::Concurrency { lambda: 0 };
        outcome.headroom.iter().find(|it| it.of == of).unwrap().limit().unwrap()
    };
    let calm = limit("reserved_concurrency = 10");
    assert!((calm / 2.5 - 1.0).abs() < 0.1, "{calm}");
    // With two it has room for half of it, and no more.
    let tight = limit("reserved_concurrency = 2");
    assert!(tight < 0.6, "{tight}");
}
