//! Warnings about workers: too few at the largest size, or work that outlasts the visibility timeout now and then.

use simcap::warning::of_scenario;

use crate::run::{run, scenario};

/// A published case: messages of 250 ms, which may wait for ten minutes, so 2,400 of them for each worker; EC2 Auto Scaling
/// from one to ten workers. At 60/s, with two calls of 10 ms each, they need 60 × 0.27 s = 16.2 workers.
const TEN_WORKERS: &str = "duration = \"2h\"\n[traffic.jobs]\n\
     rate = [[\"0m\", \"4/s\"], [\"30m\", \"4/s\"], [\"30m\", \"60/s\"], [\"60m\", \"60/s\"], [\"60m\", \"4/s\"]]\n\
     [request.job]\nsteps = [{ send = \"jobs\" }]\n\
     [queue.jobs]\nworkers = \"worker\"\ntime = \"250ms\"\n\
     [fleet.worker]\ninstance = \"m5.large\"\nmin = 1\nmax = 10\n\
     scaling = [{ target_tracking = { metric = \"backlog_per_instance\", target = 2400 } }]\n";

/// What is said of demand above capacity, for a text.
fn too_much(text: &str) -> Vec<String> {
    let found = of_scenario(&scenario(text), 1).into_iter();
    found
        .filter(|it| it.code.name() == "demand-above-capacity")
        .map(|it| format!("{} {}", it.message, it.hint))
        .collect()
}

#[test]
fn workers_that_are_too_few_at_their_largest_size_are_named_before_the_run() {
    let found = too_much(TEN_WORKERS);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`jobs` at 30m ask for 1.62 times the pollers of fleet `worker`"), "{found:?}");
    assert!(found[0].contains("about 17 instances"), "{found:?}");
    // 41,333 wait after half an hour, of which ten take 37.04 a second.
    assert!(found[0].ends_with("messages wait for up to about 19 min"), "{found:?}");
    assert_eq!(too_much(&TEN_WORKERS.replace("max = 10", "max = 17")), [""; 0]);
}

/// 23/s more come than ten workers take (37.04/s): 41,333 after half an hour, which take them 18.6 minutes.
#[test]
fn a_burst_that_is_worked_off_within_the_age_that_is_allowed_is_no_warning() {
    let with = |limit: &str| format!("{TEN_WORKERS}[objectives]\nage = \"p99 < {limit}\"\n");
    assert_eq!(too_much(&with("20m")), [""; 0]);
    assert_eq!(too_much(&with("18m")).len(), 1);
}

/// Without an objective messages may wait for five minutes: 23/s too many for ten minutes take 6.2 minutes to work off, for seven
/// minutes 4.3, and 2,000 that come in a second take one.
#[test]
fn a_short_burst_of_messages_is_what_a_queue_is_there_for() {
    let lasts = |minutes: u32| TEN_WORKERS.replace("[\"60m\", ", &format!("[\"{}m\", ", 30 + minutes));
    assert_eq!(too_much(&lasts(10)).len(), 1);
    assert_eq!(too_much(&lasts(7)), [""; 0]);
    let burst = TEN_WORKERS.replace("60/s", "2000/s").replace("[\"60m\", ", "[\"1801s\", ");
    assert_eq!(too_much(&burst), [""; 0]);
    // What is too much at the end has no end, however short the run.
    let short = TEN_WORKERS.replace("\"2h\"", "\"32m\"");
    assert_eq!(too_much(&short).len(), 1);
}

/// The same by the run, with all ten from the start: the backlog at 60:00 is what came and was not taken.
#[test]
fn ten_workers_take_thirty_seven_messages_a_second() {
    let ten = TEN_WORKERS.replace("min = 1", "min = 10").replace("rate =", "interarrival = \"1s\"\nrate =");
    let outcome = run(&ten, 1);
    let most = outcome.timeline.queues[0].backlog.iter().copied().fold(0.0, f64::max);
    let expected = 1_800.0 * (60.0 - 10.0 / 0.27);
    assert!((most / expected - 1.0).abs() < 0.01, "{most} {expected}");
    // 41,333 messages of 37.04 - 4 a second: gone after 20.8 minutes.
    let rows = &outcome.timeline.time_s;
    let gone = rows
        .iter()
        .zip(&outcome.timeline.queues[0].backlog)
        .find(|(at, backlog)| **at > 3_600.0 && **backlog < 1.0);
    let expected = 3_600.0 + expected / (10.0 / 0.27 - 4.0);
    assert!((gone.unwrap().0 - expected).abs() < 30.0, "{gone:?} {expected}");
}

#[test]
fn work_that_outlasts_the_timeout_once_in_a_hundred_times_is_named() {
    let found = |time: &str, timeout: &str| {
        let text = format!(
            "duration = \"2m\"\ntraffic.jobs.rate = \"1/s\"\n[request.job]\nsteps = [{{ send = \"jobs\" }}]\n\
             [queue.jobs]\nworkers = \"w\"\npollers = 50\ntime = \"{time}\"\nvisibility_timeout = \"{timeout}\"\n\
             [fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n"
        );
        let found = of_scenario(&scenario(&text), 1);
        let found = found.into_iter().find(|it| it.code.name() == "work-outlasts-visibility");
        found.map(|it| format!("{}: {}", it.message, it.hint))
    };
    // One in a hundred exponential times is above ln 100 means, or 9.21 s; one and a half seconds with 4 phases, above 3.77 s.
    assert!(found("exponential 2s", "9200ms").is_some_and(|it| it.contains("once in a hundred times")
        && it.contains(": at least 1 % of the messages are visible again before they are deleted, and can be delivered again")));
    // e^-0.5 of the exponential times, a third of the uniform ones.
    assert!(
        found("exponential 2s", "1s").is_some_and(|it| it.contains(": at least 61 % of the messages are"))
    );
    assert!(
        found("uniform 1s 4s", "3s").is_some_and(|it| it.contains(": at least 33 % of the messages are"))
    );
    assert_eq!(found("exponential 2s", "9220ms"), None);
    assert!(found("erlang-4 1500ms", "3760ms").is_some());
    assert_eq!(found("erlang-4 1500ms", "3775ms"), None);
    assert!(found("2s", "1s").is_some_and(|it| it.contains("a message of queue `jobs` takes 2s of work,")
        && it.ends_with(": every message is visible again before it is deleted, and can be delivered again: raise `visibility_timeout`")));
    assert_eq!(found("2s", "3s"), None);
}

/// Two times that vary have no formula: what is not known is not said.
#[test]
fn a_share_is_said_only_where_a_formula_has_it() {
    let text = "duration = \"2m\"\ntraffic.jobs.rate = \"1/s\"\n[request.job]\nsteps = [{ send = \"jobs\" }]\n\
                [queue.jobs]\nworkers = \"w\"\npollers = 50\nvisibility_timeout = \"2s\"\n\
                steps = [{ delay = \"exponential 1s\" }, { delay = \"uniform 1s 3s\" }]\n\
                [fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n";
    let found = of_scenario(&scenario(text), 1);
    let found = found.into_iter().find(|it| it.code.name() == "work-outlasts-visibility").unwrap();
    assert!(
        found.hint.starts_with(
            "some messages may be visible again before they are deleted, and can be delivered again: "
        ),
        "{}",
        found.hint
    );
}

/// A receive of ten messages of 5 s would take 50 s, but a poller that waits gets the first message that comes. Eight pollers are busy
/// for 62 % of the time with one a second, and all of the time with two; 1.4 a second often make some wait. Calls that send ten at
/// once fill a receive whatever the load.
#[test]
fn a_receive_gets_as_many_messages_as_can_be_expected() {
    let found = |rate: f64, messages: u32, batch: u32, timeout: &str| {
        let text = format!(
            "duration = \"20m\"\ntraffic.jobs.rate = \"{rate}/s\"\n[request.job]\n\
             steps = [{{ send = \"jobs\", messages = {messages} }}]\n[queue.jobs]\nworkers = \"w\"\npollers = 2\n\
             batch = {batch}\ntime = \"5s\"\nwait = \"20s\"\nvisibility_timeout = \"{timeout}\"\n\
             [fleet.w]\ninstance = \"m6i.large\"\ninstances = 4\n"
        );
        let found = of_scenario(&scenario(&text), 1);
        let found = found.into_iter().find(|it| it.code.name() == "work-outlasts-visibility");
        found.map_or(String::new(), |it| it.message)
    };
    assert_eq!(found(1.0, 1, 10, "30s"), "");
    assert!(
        found(2.0, 1, 10, "30s")
            .starts_with("the 10 messages of a receive from queue `jobs` take 50s of work,")
    );
    assert!(found(1.4, 1, 10, "30s").contains("once in a hundred times"));
    assert_eq!(found(2.0, 1, 10, "60s"), "");
    assert!(found(0.05, 10, 10, "30s").starts_with("the 10 messages of a receive"));
    assert!(found(0.05, 10, 4, "10s").starts_with("the 4 messages of a receive"));
    // One message alone takes too long.
    assert!(found(1.0, 1, 10, "4s").starts_with("a message of queue `jobs` takes 5s of work,"));
}

/// 400 calls a second of the 300 that a FIFO queue takes; 40 of ten messages each are enough.
#[test]
fn more_sends_than_a_fifo_queue_takes_are_named() {
    let text = |messages: u32, rate: u32| {
        format!(
            "duration = \"2m\"\ntraffic.jobs.rate = \"{rate}/s\"\n\
             [request.job]\nsteps = [{{ send = \"jobs\", messages = {messages} }}]\n[queue.jobs]\ntype = \"fifo\"\n"
        )
    };
    let found = too_much(&text(1, 400));
    assert!(found.len() == 1 && found[0].contains("asks for 1.33 times the calls"), "{found:?}");
    assert_eq!(too_much(&text(10, 40)), [""; 0]);
}
