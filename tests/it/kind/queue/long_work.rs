//! Headroom of pollers that work for long, that are held off, and that are not there: worked out by hand.

use simcap::outcome::{Action, Headroom, Outcome, Resource};

use crate::run::run;

const POLLERS: Resource = Resource::Pollers { queue: 0 };

fn of(outcome: &Outcome, of: Resource) -> &Headroom {
    outcome.headroom.iter().find(|it| it.of == of).unwrap_or_else(|| panic!("{:?}", outcome.headroom))
}

/// A message at equal intervals; rows of a second.
fn even(duration: &str, interarrival: &str, rest: &str) -> Outcome {
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.jobs]\ninterarrival = \"{interarrival}\"\n[request.job]\n\
         steps = [{{ send = \"jobs\" }}]\n[queue.jobs]\nworkers = \"w\"\nwait = \"20s\"\n{rest}\n"
    );
    run(&text, 1)
}

/// A message each 10 s, of which each takes five minutes: thirty pollers, and there are twenty. In a minute hardly any message
/// is taken up, however few too many come.
#[test]
fn work_of_minutes_is_judged_over_minutes() {
    let rest = |pollers: u32| {
        format!(
            "pollers = {pollers}\ntime = \"5m\"\nvisibility_timeout = \"10m\"\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 2"
        )
    };
    let full = even("30m", "10s", &rest(10));
    let pollers = of(&full, POLLERS);
    let times = pollers.limit().unwrap();
    assert!(pollers.saturated && (times - 20.0 / 30.0).abs() < 0.04, "{pollers:?}");
    // Forty are enough: thirty of them are busy.
    let enough = even("30m", "10s", &rest(20));
    let pollers = of(&enough, POLLERS);
    assert!(!pollers.saturated && (pollers.limit().unwrap() - 40.0 / 30.0).abs() < 0.02, "{pollers:?}");
}

/// A message each 100 s, worked on for 40 s three times, because it is visible again after 30 s: 1.2 pollers of four. It is never
/// done, and takes as much of them all the same.
#[test]
fn work_that_is_done_again_counts_each_time() {
    let rest = "pollers = 4\ntime = \"40s\"\nvisibility_timeout = \"30s\"\nmax_receive_count = 3\ndead_letter = \"dead\"\n\
                [queue.dead]\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 1";
    let outcome = even("40m", "100s", rest);
    let series = &outcome.timeline.queues[0].pollers_busy_percent;
    let mean = series.iter().sum::<f64>() / series.len() as f64 / 100.0;
    let pollers = of(&outcome, POLLERS);
    let busy = pollers.as_it_stood.busy;
    assert!(busy >= mean && (0.29..0.36).contains(&busy), "{busy} of {mean}: {pollers:?}");
}

/// 480 messages a second, and 300 calls a second that receive or delete one of them. A message takes a poller 50 ms and two
/// calls of 10 ms: the five hundred pollers carry 7,142 a second, and wait for the calls most of the time.
#[test]
fn pollers_whose_calls_are_throttled_are_idle() {
    let text = "duration = \"2m\"\nbucket = \"1s\"\n[traffic.jobs]\nrate = \"240/s\"\n[request.job]\n\
         steps = [{ send = \"jobs\", messages = 2 }]\n[queue.jobs]\ntype = \"fifo\"\ngroups = { count = 10000, zipf = 0 }\n\
         workers = \"w\"\npollers = 100\ntime = \"50ms\"\nwait = \"20s\"\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 5\n";
    let outcome = run(text, 1);
    let deletes = Resource::Calls { queue: 0, action: Action::Delete };
    assert!((of(&outcome, deletes).limit().unwrap() - 300.0 / 480.0).abs() < 0.04, "{:?}", outcome.headroom);
    let busy = &outcome.timeline.queues[0].pollers_busy_percent;
    // 300 a second of 70 ms are 21 of them; calls that are throttled travel too, up to as often as they are.
    assert!(busy[20..].iter().all(|busy| *busy < 10.0), "{busy:?}");
    assert!(
        !of(&outcome, POLLERS).saturated && of(&outcome, POLLERS).limit().unwrap() > 5.0,
        "{:?}",
        outcome.headroom
    );
    assert!(
        outcome.phases[0].sentence.contains("pollers are idle: their calls are throttled"),
        "{:#?}",
        outcome.phases
    );
}

/// All workers are lost at 60 s. Before that a half of the pollers was busy, and then there are none.
#[test]
fn pollers_that_are_gone_are_no_half_busy_ones() {
    let rest = "pollers = 4\ntime = \"1s\"\n[fleet.w]\ninstance = \"m6i.large\"\ninstances = 1\nazs = [\"a\"]\n\
                [fault.x]\nzone = \"a\"\nat = \"60s\"\n[objectives]\nheadroom = \">= 1\"";
    let outcome = even("5m", "500ms", rest);
    let pollers = of(&outcome, POLLERS);
    assert!(pollers.saturated && pollers.absent && pollers.limit().unwrap() < 1.0, "{pollers:?}");
    assert!(!outcome.objectives[0].met);
    let page = simcap::page(&outcome);
    assert!(
        page.contains("none there") && page.contains("pollers of jobs: none were there for a time"),
        "{page}"
    );
    // Too few of them are not absent.
    let few = even("5m", "100ms", &rest.replace("at = \"60s\"", "at = \"10m\""));
    let pollers = of(&few, POLLERS);
    assert!(pollers.saturated && !pollers.absent, "{pollers:?}");
}
