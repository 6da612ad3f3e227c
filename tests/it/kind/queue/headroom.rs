//! How much more traffic workers can take: what was asked of them, beside what they did.
//!
//! A worker that has a message for T seconds and makes two calls of 10 ms takes 1 / (T + 0.02) messages a second.

use simcap::outcome::{Action, Outcome, Resource};

use crate::run::run;

/// Arrivals at equal intervals that follow `rate`, and the rest of a scenario; rows of a second.
fn even(duration: &str, rate: &str, rest: &str) -> Outcome {
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.jobs]\nrate = {rate}\ninterarrival = \"1s\"\n\
         [request.job]\nsteps = [{{ send = \"jobs\" }}]\n{rest}"
    );
    run(&text, 1)
}

/// The multiple of the traffic that fills a resource.
fn full_at(outcome: &Outcome, of: Resource) -> f64 {
    let found =
        outcome.headroom.iter().find(|it| it.of == of).unwrap_or_else(|| panic!("{:?}", outcome.headroom));
    found.limit().unwrap()
}

const POLLERS: Resource = Resource::Pollers { queue: 0 };
const WORKER: &str = "[fleet.w]\ninstance = \"m5.large\"\ninstances = 1\n";

/// 8/s on a poller of 90 ms + 20 ms: 9.09/s, the answers of long polls included.
#[test]
fn a_poller_is_busy_from_asking_to_deleting() {
    let queue = "[queue.jobs]\nworkers = \"w\"\ntime = \"90ms\"\nwait = \"20s\"\n";
    let outcome = even("2m", "\"8/s\"", &format!("{queue}{WORKER}"));
    let found = full_at(&outcome, POLLERS);
    assert!((found - 1.0 / (8.0 * 0.11)).abs() < 0.005, "{found}");
}

/// Two a second on eight pollers of 5.02 s, or of 50.11 s for ten messages: 0.797 and 0.798 of it. A message of a batch takes its
/// poller when its turn comes: what is received in some rows is ten messages more or less.
#[test]
fn the_messages_of_a_batch_are_worked_on_one_after_the_other() {
    for (batch, delete, expected) in
        [(1, "each", 8.0 / 5.02 / 2.0), (10, "each", 80.0 / 50.11 / 2.0), (10, "batch", 80.0 / 50.02 / 2.0)]
    {
        let rest = format!(
            "[queue.jobs]\nworkers = \"w\"\npollers = 2\nbatch = {batch}\ndelete = \"{delete}\"\ntime = \"5s\"\n\
             visibility_timeout = \"2m\"\nwait = \"20s\"\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 4\n"
        );
        let found = full_at(&even("20m", "\"2/s\"", &rest), POLLERS);
        assert!((found - expected).abs() < 0.02, "{batch} {delete}: {found}, not {expected}");
    }
}

/// Eight pollers of 0.98 s + 20 ms take eight a second, and one that finds nothing asks again a second later: before its first
/// message each has asked in vain. A percent more than they take is too much, with one queue or two, and a percent less is not.
#[test]
fn pollers_that_pause_are_full_from_their_capacity_on() {
    let one = "[queue.jobs]\nworkers = \"w\"\ntime = \"980ms\"\npollers = 8\n";
    // The second queue gets nothing: to ask it takes time only where the first one is empty.
    let two = format!("{}priority = 2\n{}priority = 1\n", one, one.replace("jobs", "none"));
    for queues in [one, &two] {
        let saturated = |rate: f64| {
            let outcome = even("5m", &format!("\"{rate}/s\""), &format!("{queues}{WORKER}"));
            outcome.headroom.iter().find(|it| it.of == POLLERS).unwrap().saturated
        };
        let found = [7.92, 8.08, 8.2, 8.8, 9.6, 12.0].map(saturated);
        assert_eq!(found, [false, true, true, true, true, true], "{queues}");
    }
}

/// Ten pollers ask again every 10 ms, and mostly get nothing: that leaves where there is more to do. A message takes 100 ms and a
/// call of 10 ms on either side.
#[test]
fn what_pollers_ask_for_nothing_is_no_load() {
    for interval in ["10ms", "1s"] {
        let rest = format!(
            "[queue.jobs]\nworkers = \"w\"\ntime = \"100ms\"\npollers = 10\npoll_interval = \"{interval}\"\n{WORKER}"
        );
        let found = full_at(&even("10m", "\"1/s\"", &rest), POLLERS);
        let right = 10.0 / 0.12;
        assert!((found / right - 1.0).abs() < 0.02, "{found}, not {right}");
    }
}

/// 40/s against five workers of 1.02 s, or 4.9/s: full at 0.12 of it, from the size it has at most.
#[test]
fn a_backlog_that_only_grows_counts_as_asked_for_when_it_comes() {
    let rest = "[queue.jobs]\nworkers = \"w\"\ntime = \"1s\"\nwait = \"20s\"\n\
                [fleet.w]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
                scaling = [{ target_tracking = { metric = \"backlog_per_instance\", target = 100 } }]\n\
                [objectives]\nheadroom = \">= 1.5\"\n";
    let outcome = even("20m", "\"40/s\"", rest);
    let found = full_at(&outcome, POLLERS);
    assert!((found - 5.0 / 1.02 / 40.0).abs() < 0.005, "{found}");
    assert!(!outcome.objectives[0].met);
    let warning = outcome.warnings.iter().find(|it| it.code.name() == "scaling-at-maximum");
    assert!(warning.is_some_and(|it| it.message.contains("largest size, 5")), "{:?}", outcome.warnings);
}

/// 60/s of 100 ms of CPU on two vCPUs, in the middle of a run that ends before the backlog is worked off: 11,700 messages come from
/// then on, and 20 a second can be done.
#[test]
fn the_cpu_of_workers_counts_what_was_asked_for() {
    let rate =
        "[[\"0m\", \"5/s\"], [\"2m\", \"5/s\"], [\"2m\", \"60/s\"], [\"5m\", \"60/s\"], [\"5m\", \"5/s\"]]";
    let queue = "[queue.jobs]\nworkers = \"w\"\nsteps = [{ cpu = \"100ms\" }]\npollers = 4\nwait = \"20s\"\n";
    let outcome = even("8m", rate, &format!("{queue}{WORKER}"));
    let found = full_at(&outcome, Resource::Cpu { fleet: 0 });
    let speed = 2.0 / 0.1;
    assert!((found - speed * 360.0 / 11_700.0).abs() < 0.02, "{found}");
    assert!(full_at(&outcome, POLLERS) < 0.65, "{:?}", outcome.headroom);
}

/// 20/s for two minutes, with one instance of 4/s that becomes twelve, and then 2/s: the backlog is gone again. Spread over
/// the time that it took, that is far below the 48/s of twelve.
#[test]
fn a_burst_that_is_worked_off_is_spread_over_that_time() {
    let rate = "[[\"0m\", \"20/s\"], [\"2m\", \"20/s\"], [\"2m\", \"2/s\"]]";
    let rest = "[queue.jobs]\nworkers = \"w\"\ntime = \"480ms\"\npollers = 2\nwait = \"20s\"\n\
                [fleet.w]\ninstance = \"m5.large\"\nmin = 1\nmax = 12\n\
                scaling = [{ target_tracking = { metric = \"queue.jobs.age\", target = 30 } }]\n\
                [objectives]\nage = \"p99 < 20m\"\n";
    let outcome = even("30m", rate, rest);
    assert!(outcome.queues[0].visible < 5.0, "it is worked off: {:?}", outcome.queues[0]);
    let pollers = outcome.headroom.iter().find(|it| it.of == POLLERS).unwrap();
    assert!(!pollers.saturated && pollers.limit().unwrap() > 2.4, "{pollers:?}");
    assert!(outcome.phases.iter().all(|phase| !phase.trouble), "{:#?}", outcome.phases);
    // Where the objective does not allow the wait, the pollers are why.
    let strict = even("30m", rate, &rest.replace("20m", "1s"));
    let cause = strict.phases.iter().flat_map(|phase| &phase.chain).next();
    assert!(cause.is_some_and(|link| link.resource == Some(POLLERS)), "{:#?}", strict.phases);
}

/// 2/s of which each asks a station for a second that has one server and no queue: half of what comes is refused.
#[test]
fn a_station_that_refuses_workers_was_asked_for_more() {
    let rest = "[service.gate]\nservers = 1\ntime = \"1s\"\nqueue = 0\n\
                [queue.jobs]\nworkers = \"w\"\npollers = 20\nwait = \"20s\"\nvisibility_timeout = \"5s\"\n\
                steps = [{ service = \"gate\" }]\nmax_receive_count = 2\ndead_letter = \"dead\"\n[queue.dead]\n";
    let outcome = even("5m", "\"2/s\"", &format!("{rest}{WORKER}"));
    let found = full_at(&outcome, Resource::Service { service: 0 });
    assert!((0.45..0.55).contains(&found), "{found}");
}

/// 250 sends a second of the 300 that a FIFO queue takes; and 400.
#[test]
fn the_calls_of_a_fifo_queue_are_a_limit_of_their_own() {
    let queue = "[queue.jobs]\ntype = \"fifo\"\ngroups = { count = 1000, zipf = 0 }\nworkers = \"w\"\ntime = \"10ms\"\n\
                 pollers = 100\nbatch = 10\nwait = \"20s\"\ndelete = \"batch\"\n";
    let sends = Resource::Calls { queue: 0, action: Action::Send };
    let below = even("1m", "\"250/s\"", &format!("{queue}{WORKER}"));
    assert!((full_at(&below, sends) - 1.2).abs() < 0.01, "{:?}", below.headroom);
    let above = even("1m", "\"400/s\"", &format!("{queue}{WORKER}"));
    assert!((full_at(&above, sends) - 0.75).abs() < 0.02, "{:?}", above.headroom);
    let first = above.phases.iter().flat_map(|phase| &phase.chain).next().unwrap();
    assert_eq!((first.resource, first.cause), (Some(sends), true), "{:#?}", above.phases);
    assert!(first.text.contains("300 a second"), "{}", first.text);
}

/// What workers of a burst carry: 0.3/s, and 1/s for five minutes, on ten pollers that have a message for 20.02 s.
fn burst(text: &str) -> Outcome {
    let rest = "[queue.jobs]\nworkers = \"w\"\npollers = 2\ntime = \"20s\"\nvisibility_timeout = \"1m\"\nwait = \"20s\"\n\
                [fleet.w]\ninstance = \"m6i.large\"\ninstances = 5\n";
    let traffic =
        format!("duration = \"60m\"\n[traffic.t]\n{text}\n[request.o]\nsteps = [{{ send = \"jobs\" }}]\n");
    run(&format!("{traffic}{rest}"), 1)
}

/// The busiest rows of the pollers: when they begin, how busy they are, and how many instances there were.
fn busiest(outcome: &Outcome) -> (f64, f64, Option<f64>) {
    let of = outcome.headroom.iter().find(|it| it.of == POLLERS).unwrap();
    assert!(!of.saturated, "{of:?}");
    (of.as_it_stood.at_s, of.as_it_stood.busy, of.as_it_stood.instances)
}

/// From 10:00 to 60:00 come 300 + 810 messages: 1,110 × 20.02 s of ten times 3,000 s.
#[test]
fn a_burst_must_be_worked_off_before_the_end() {
    let rate = "[[\"0m\", \"0.3/s\"], [\"10m\", \"0.3/s\"], [\"10m\", \"1/s\"], [\"15m\", \"1/s\"], [\"15m\", \"0.3/s\"]]";
    let even = burst(&format!("rate = {rate}\ninterarrival = \"1s\""));
    let (at_s, busy, instances) = busiest(&even);
    let by_hand = 1_110.0 * 20.02 / 30_000.0;
    assert!((busy / by_hand - 1.0).abs() < 0.01, "{busy} of {by_hand}");
    assert!((600.0..=620.0).contains(&at_s) && instances == Some(5.0), "{at_s}: {instances:?}");
    // By chance a few messages wait now and then after the burst: that is no other burst.
    let (at_s, busy, _) = busiest(&burst(&format!("rate = {rate}")));
    // Five standard deviations of 1,110 messages are 15 %.
    assert!((busy / by_hand - 1.0).abs() < 0.15 && at_s <= 620.0, "{busy} of {by_hand} at {at_s}");
}

/// 2/s come for 100 s at 10:00 and at 45:00, beside 0.3/s. From the second on 200 + 240 messages have 900 s, which is more than
/// from the first on, or on the mean: 440 × 20.02 s of ten times 900 s.
#[test]
fn of_two_bursts_the_one_with_less_time_counts() {
    let rate = "[[\"0s\", \"0.3/s\"], [\"600s\", \"0.3/s\"], [\"600s\", \"2/s\"], [\"700s\", \"2/s\"], [\"700s\", \"0.3/s\"], \
                [\"2700s\", \"0.3/s\"], [\"2700s\", \"2/s\"], [\"2800s\", \"2/s\"], [\"2800s\", \"0.3/s\"]]";
    let (at_s, busy, _) = busiest(&burst(&format!("rate = {rate}\ninterarrival = \"1s\"")));
    let by_hand = 440.0 * 20.02 / 9_000.0;
    assert!((busy / by_hand - 1.0).abs() < 0.02, "{busy} of {by_hand}");
    assert!((2_700.0..=2_720.0).contains(&at_s), "{at_s}");
}

/// 80/s for three minutes and 20/s otherwise, for a station of 50/s behind forty pollers: from 5:00 on 22,800 messages of 100 ms
/// have 600 s of its five servers.
#[test]
fn what_workers_wait_for_must_be_done_before_the_end_too() {
    let rate = "[[\"0m\", \"20/s\"], [\"5m\", \"20/s\"], [\"5m\", \"80/s\"], [\"8m\", \"80/s\"], [\"8m\", \"20/s\"]]";
    let rest = "[queue.jobs]\nworkers = \"w\"\npollers = 20\nsteps = [{ service = \"pay\" }]\nwait = \"20s\"\n\
                visibility_timeout = \"2m\"\n[service.pay]\nservers = 5\ntime = \"100ms\"\n\
                [fleet.w]\ninstance = \"m6i.large\"\ninstances = 2\n";
    let outcome = even("15m", rate, rest);
    let found = full_at(&outcome, Resource::Service { service: 0 });
    assert!((found / (5.0 * 600.0 / 2_280.0) - 1.0).abs() < 0.02, "{found}");
    assert!(full_at(&outcome, POLLERS) > found, "{:?}", outcome.headroom);
}

/// 40/s for forty pollers, each of which has a message for a thirtieth of a second. The writer is lost from 10:00 to 20:00, and
/// the pollers hold their messages without working on them: 72,000 messages have the 1,200 s after that.
#[test]
fn a_poller_that_waits_for_a_lost_writer_does_no_work() {
    let rest = "[queue.jobs]\nworkers = \"w\"\npollers = 10\nsteps = [{ cpu = \"5ms\" }, { write = \"shop\", demand = \"2ms\" }]\n\
                visibility_timeout = \"1m\"\nwait = \"20s\"\ndead_letter = \"failed\"\n[queue.failed]\n\
                [fleet.w]\ninstance = \"m6i.large\"\ninstances = 4\nazs = [\"b\", \"c\"]\npools = { shop = 10 }\n\
                [database.shop]\nwriter = \"db.r6g.large\"\nazs = [\"a\", \"b\"]\n\
                [fault.power]\nzone = \"a\"\nat = \"10m\"\nfor = \"10m\"\n";
    let outcome = even("40m", "\"40/s\"", rest);
    let busy = &outcome.timeline.queues[0].pollers_busy_percent;
    assert!(busy[700..1_100].iter().all(|busy| *busy > 99.0), "they are held");
    let usual = busy[..500].iter().sum::<f64>() / 500.0 / 100.0;
    let (at_s, share, _) = busiest(&outcome);
    // What is worked off after 20:00 takes each message longer than usual: its pool and the writer are full for a while.
    let by_hand = usual * 1_800.0 / 1_200.0;
    assert!(
        (0.98..1.6).contains(&(share / by_hand)) && (598.0..=605.0).contains(&at_s),
        "{share} of {by_hand} at {at_s}"
    );
    // The CPU of the writer had as little time.
    let writer = |at: std::ops::Range<usize>| {
        let percent = &outcome.timeline.databases[0].writer_cpu_percent[at];
        percent.iter().sum::<f64>() / percent.len() as f64 / 100.0
    };
    let cpu = outcome.headroom.iter().find(|it| matches!(it.of, Resource::Database { .. })).unwrap();
    let by_hand = writer(600..2_400) * 1_800.0 / 1_200.0;
    assert!((cpu.as_it_stood.busy / by_hand - 1.0).abs() < 0.02, "{} of {by_hand}", cpu.as_it_stood.busy);
}

/// Eight pollers wait for two servers of 480 ms, which take 4.17 a second of 8: both are as full, and the servers are why.
#[test]
fn the_service_that_holds_the_pollers_comes_before_them() {
    let work = |servers: u32, rate: &str| {
        let queue = format!(
            "[queue.jobs]\nworkers = \"w\"\nsteps = [{{ service = \"slow\" }}]\npollers = 8\nwait = \"20s\"\n\
             [service.slow]\nservers = {servers}\ntime = \"constant 480ms\"\n{WORKER}"
        );
        even("10m", rate, &queue).headroom
    };
    let slow = Resource::Service { service: 0 };
    let found = work(2, "\"8/s\"");
    assert_eq!((found[0].of, found[1].of), (slow, POLLERS), "{found:?}");
    assert_eq!((found[0].held_by, found[1].held_by), (None, Some(slow)));
    assert!((found[0].limit().unwrap() - 2.0 / 0.48 / 8.0).abs() < 0.01, "{found:?}");
    // With enough servers the pollers are the limit: 8 / 0.5 = 16 a second of 20.
    let few = work(20, "\"20/s\"");
    assert_eq!((few[0].of, few[0].held_by), (POLLERS, None), "{few:?}");
}

/// Twenty pollers wait for ten connections, and these for two cores of 200 ms: all are asked for twice what there is.
#[test]
fn of_what_is_as_near_what_holds_another_comes_first() {
    let queue = "[queue.jobs]\nworkers = \"w\"\nsteps = [{ write = \"db\", demand = \"200ms\" }]\npollers = 20\nwait = \"20s\"\n\
                 [database.db]\nengine = \"mysql\"\nwriter = \"db.m5.large\"\n";
    let found = even("5m", "\"20/s\"", &format!("{queue}{WORKER}pools = {{ db = 10 }}\n")).headroom;
    let first: Vec<_> = found.iter().take_while(|it| it.saturated).map(|it| it.resource.as_str()).collect();
    assert_eq!(first, ["CPU of db (writer)", "pool of w to db (writer)", "pollers of jobs"], "{found:?}");
    assert_eq!(found[2].held_by, Some(found[1].of));
}

/// Dead letters come after 30 s: 2/s of 0.28 s and two calls of 10 ms on two pollers are 30 %, whatever was before.
#[test]
fn what_begins_late_counts_from_where_it_begins() {
    let queues = "[queue.jobs]\nworkers = \"w\"\nsteps = [{ service = \"broken\" }]\npollers = 4\nwait = \"20s\"\n\
                  visibility_timeout = \"30s\"\nmax_receive_count = 1\ndead_letter = \"again\"\n[queue.again]\nworkers = \"w\"\n\
                  time = \"280ms\"\npollers = 2\nwait = \"20s\"\n[service.broken]\nservers = [[\"0s\", 0]]\n\
                  time = \"constant 10ms\"\nqueue = 0\n";
    let outcome = even("10m", "\"2/s\"", &format!("{queues}{WORKER}"));
    let pollers = outcome.headroom.iter().find(|it| it.of == Resource::Pollers { queue: 1 }).unwrap();
    assert!((pollers.as_it_stood.busy - 0.3).abs() < 0.002, "{pollers:?}");
    assert!((30.0..=31.0).contains(&pollers.as_it_stood.at_s), "{pollers:?}");
}

/// Messages that can be received after ten seconds only: 2/s of 0.3 s on one poller from then on.
#[test]
fn what_is_delayed_counts_from_where_it_can_be_received() {
    let queue = "[queue.jobs]\ndelivery_delay = \"10s\"\nworkers = \"w\"\ntime = \"280ms\"\nwait = \"20s\"\n";
    let outcome = even("10m", "\"2/s\"", &format!("{queue}{WORKER}"));
    let pollers = outcome.headroom.iter().find(|it| it.of == POLLERS).unwrap();
    assert!((pollers.as_it_stood.busy - 0.6).abs() < 0.002, "{pollers:?}");
    assert!((10.0..=11.0).contains(&pollers.as_it_stood.at_s), "{pollers:?}");
}

/// Of 30/s twenty calls of each action are taken: parts of one queue that are as near stand in the order of a message.
#[test]
fn calls_that_are_as_near_stand_in_the_order_of_a_message() {
    let queue = "[queue.jobs]\ntype = \"fifo\"\ngroups = { count = 1000 }\ncalls = \"20/s\"\nworkers = \"w\"\ntime = \"100ms\"\n\
                 pollers = 20\nwait = \"20s\"\n";
    let found = even("2m", "\"30/s\"", &format!("{queue}{WORKER}")).headroom;
    let calls = found.iter().filter_map(|it| match it.of {
        Resource::Calls { action, .. } => Some(action),
        _ => None,
    });
    assert_eq!(calls.collect::<Vec<_>>(), Action::ALL, "{found:?}");
}
