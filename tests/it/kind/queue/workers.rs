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

/// Five pollers for six messages a second of 0.99 s (with half of each call: 0.97 s and two calls of 10 ms). Those that go first take 2.97
/// pollers; of the others as many come, and 2.03 pollers are left. After 20 minutes 1,128 s of work wait, which take these 556 s.
#[test]
fn a_lower_priority_gets_what_is_left_and_waits_longer() {
    let text = |first: u32, second: u32| {
        let queue = |name: &str, priority: u32| {
            format!(
                "[traffic.{name}]\nrate = \"3/s\"\nrequests = \"{name}\"\n[request.{name}]\n\
                 steps = [{{ send = \"{name}\" }}]\n[queue.{name}]\nworkers = \"w\"\ntime = \"constant 970ms\"\npollers = 5\n\
                 priority = {priority}\n"
            )
        };
        let fleet = "[fleet.w]\ninstance = \"c6i.large\"\ninstances = 1\n";
        format!("duration = \"20m\"\n{}{}{fleet}", queue("paid", first), queue("free", second))
    };
    let found = too_much(&text(2, 1));
    assert!(found[0].contains("`paid` and `free` at 0s ask for 1.19 times the pollers"), "{found:?}");
    assert!(found[0].ends_with("messages of `free` wait for up to about 9 min"), "{found:?}");
    // Equal ones share what there is: 1,128 s of work for five.
    let found = too_much(&text(1, 1));
    assert!(found[0].ends_with("messages wait for up to about 4 min"), "{found:?}");
    // With six a second first, nothing is left.
    let none = too_much(&text(2, 1).replacen("3/s", "6/s", 1));
    assert!(
        none[0].ends_with(
            "nothing is left for messages of `free`: they wait until their `retention` of 96h is over"
        ),
        "{none:?}"
    );
    // What goes first has no trouble of its own, and the other may wait.
    let with = |paid: &str, free: &str| {
        let ends = text(2, 1).replace("\"3/s\"", "[[\"0s\", \"3/s\"], [\"5m\", \"3/s\"], [\"5m\", \"1/s\"]]");
        too_much(&format!("{ends}[objectives]\nage = [\"paid p99 < {paid}\", \"free p99 < {free}\"]\n"))
    };
    assert_eq!(with("1s", "10m"), [""; 0]);
    assert_eq!(with("1s", "30s").len(), 1);
}

/// Two pollers for five messages a second of 0.99 s: after ten minutes 1,770 s of work would wait, for a quarter of an hour. None waits for
/// longer than the queue keeps it.
#[test]
fn messages_that_would_wait_for_longer_than_they_are_kept_are_lost() {
    let text = |retention: &str| {
        format!(
            "duration = \"10m\"\n[traffic.src]\nrate = \"5/s\"\n[request.order]\nsteps = [{{ send = \"q\" }}]\n[queue.q]\n\
             workers = \"w\"\ntime = \"constant 970ms\"\npollers = 2\nwait = \"20s\"\nretention = \"{retention}\"\n\
             [fleet.w]\ninstance = \"c6i.large\"\ninstances = 1\n"
        )
    };
    let found = too_much(&text("1m"));
    let words = "as it is, messages of `q` would wait for longer than the `retention` of 1m: they are lost";
    assert!(found[0].ends_with(words), "{found:?}");
    assert!(too_much(&text("1h"))[0].ends_with("messages wait for up to about 15 min"));
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

/// What is said with a code, for a text.
fn of_code(text: &str, code: &str) -> Vec<String> {
    let found = of_scenario(&scenario(text), 1).into_iter();
    found.filter(|it| it.code.name() == code).map(|it| format!("{} {}", it.message, it.hint)).collect()
}

/// A FIFO queue takes no receipt of a message whose visibility timeout is over: work of always 40 s ends in none, after 30 s. A standard
/// queue takes it, if nobody has received the message again.
#[test]
fn a_fifo_queue_deletes_nothing_whose_work_always_outlasts_the_timeout() {
    let text = |kind: &str, time: &str, rest: &str| {
        format!(
            "duration = \"10m\"\n[traffic.src]\nrate = \"1/s\"\ninterarrival = \"constant 1s\"\n[request.order]\n\
             steps = [{{ send = \"g\" }}]\n[queue.g]\ntype = \"{kind}\"\nworkers = \"w\"\ntime = \"{time}\"\npollers = 100\n\
             wait = \"20s\"\n{rest}[fleet.w]\ninstance = \"c6i.large\"\ninstances = 1\n"
        )
    };
    let found = |text: &str| of_code(text, "work-outlasts-visibility").remove(0);
    let groups = "groups = { count = 200, zipf = 0 }\n";
    let always = text("fifo", "constant 40s", groups);
    let words = "a FIFO queue then deletes none, and each is delivered again and again";
    assert!(found(&always).contains(words), "{}", found(&always));
    assert_eq!(run(&always, 1).queues[0].deleted, 0.0);
    let dead = "max_receive_count = 3\ndead_letter = \"bin\"\n[queue.bin]\ntype = \"fifo\"\n";
    let dead = found(&text("fifo", "constant 40s", &format!("{groups}{dead}")));
    assert!(
        dead.contains("a FIFO queue then deletes none, and each moves to `bin` after 3 receives"),
        "{dead}"
    );
    for other in [text("standard", "constant 40s", ""), text("fifo", "uniform 20s 40s", groups)] {
        assert!(found(&other).contains("and can be delivered again"), "{}", found(&other));
    }
}

/// Hidden for a minute, no message leaves in half of one; and another queue may have its objective.
#[test]
fn an_age_below_the_delay_can_never_be_met() {
    let text = |delay: &str, of: &str| {
        format!(
            "duration = \"10m\"\n[traffic.src]\nrate = \"2/s\"\n[request.order]\nsteps = [{{ send = \"t\" }}]\n[topic.t]\n\
             queues = [\"now\", \"later\"]\n[queue.now]\nworkers = \"w\"\ntime = \"50ms\"\n[queue.later]\nworkers = \"w\"\n\
             time = \"50ms\"\ndelivery_delay = \"{delay}\"\n[fleet.w]\ninstance = \"c6i.large\"\ninstances = 1\n\
             [objectives]\nage = \"{of}p99 < 30s\"\n"
        )
    };
    let found = |delay: &str, of: &str| of_code(&text(delay, of), "age-below-delay");
    let said = found("1m", "later ");
    assert!(
        said[0].starts_with("an objective on `age` allows 30s, and queue `later` hides each message for 1m"),
        "{said:?}"
    );
    assert_eq!([found("20s", "later "), found("1m", "now "), found("1m", "")], [[""; 0]; 3]);
}
