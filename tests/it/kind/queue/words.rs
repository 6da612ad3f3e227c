//! What people bring from SQS and other systems, and hints for what a run has shown.

use std::path::Path;

use simcap::scenario::{ScenarioError, parse};
use simcap::warning::{Code, of_scenario};

use crate::run::{run, scenario};

/// The problems of a queue with one more line, with the rest of the file.
fn problems(queue: &str, rest: &str) -> String {
    let text = format!(
        "duration = \"5m\"\ntraffic.t.rate = \"1/s\"\n[request.o]\nsteps = [{{ send = \"q\" }}]\n[fleet.w]\ninstance = \"m6i.large\"\n\
         instances = 1\n[queue.q]\nworkers = \"w\"\ntime = \"1s\"\n{queue}\n{rest}"
    );
    match parse("a.toml", text.as_bytes(), Path::new(""), &[]) {
        Err(ScenarioError::Invalid(report)) => report.render(false),
        other => panic!("{queue} {rest}: {other:?}"),
    }
}

/// Case, dashes and underscores do not count.
#[test]
fn the_words_of_sqs_are_known() {
    for (word, key) in [
        ("WaitTimeSeconds = 20", "did you mean `wait`?"),
        ("ReceiveMessageWaitTimeSeconds = 20", "did you mean `wait`?"),
        ("DelaySeconds = 5", "did you mean `delivery_delay`?"),
        ("MessageRetentionPeriod = 60", "did you mean `retention`?"),
        ("message_retention = \"1h\"", "did you mean `retention`?"),
        ("message_group_id = \"a\"", "did you mean `groups`?"),
        ("kind = \"fifo\"", "here that is `type = \"fifo\"`"),
        ("count = 3", "did you mean `pollers`"),
    ] {
        let found = problems(word, "");
        assert!(found.contains(key), "{word}: {found}");
    }
    for (word, key) in [("queue_age", "did you mean `age`"), ("dlq", "did you mean `dead_lettered`")] {
        let found = problems("", &format!("[objectives]\n{word} = \"< 1%\"\n"));
        assert!(found.contains(key), "{word}: {found}");
    }
    let found = problems("", "[request.other]\nsteps = [{ sqs = \"q\" }]\n");
    assert!(found.contains("did you mean `send`, or `receive`?"), "{found}");
}

#[test]
fn a_bare_number_of_groups_is_shown_as_a_count() {
    let found = problems("type = \"fifo\"\ngroups = 5", "");
    assert!(found.contains("expected message groups") && found.contains("write { count = 5 }"), "{found}");
}

/// SQS has 120,000 in flight of a queue at most, so there nothing says to raise it.
#[test]
fn no_more_are_in_flight_than_sqs_allows() {
    let found = problems("in_flight = 120001", "");
    assert!(found.contains("at most 120,000 messages in flight"), "{found}");
    let hint = |in_flight: &str| {
        let text = format!(
            "duration = \"2h\"\ntraffic.t.rate = \"2000/s\"\n[request.o]\nsteps = [{{ send = \"q\", messages = 10 }}]\n\
             [queue.q]\nworkers = \"w\"\npollers = 1000\ntime = \"1m\"\nvisibility_timeout = \"1h\"\n{in_flight}\n\
             [fleet.w]\ninstance = \"m6i.large\"\ninstances = 4000\n"
        );
        let found = of_scenario(&scenario(&text), 1).into_iter();
        let mut found =
            found.filter(|it| it.code == Code::DemandAboveCapacity && it.path() == "queue.q.in_flight");
        found.next().map(|it| it.hint)
    };
    assert!(hint("").is_some_and(|it| it.starts_with("SQS allows no more")), "{:?}", hint(""));
    assert!(hint("in_flight = 100000").is_some_and(|it| it.starts_with("raise `in_flight`")));
}

/// Thirty pollers wait for a station of 10/s with 20/s: more of them would not help. Where the station takes all, their number counts.
#[test]
fn a_larger_fleet_is_no_help_where_its_station_is_full() {
    let hint = |servers: u32, pollers: u32| {
        let outcome = run(
            &format!(
                "duration = \"30m\"\n[traffic.t]\nrate = [[\"0s\", \"2/s\"], [\"3m\", \"2/s\"], [\"3m\", \"20/s\"]]\n\
                 interarrival = \"1s\"\n[request.o]\nsteps = [{{ send = \"q\" }}]\n[queue.q]\nworkers = \"w\"\n\
                 steps = [{{ service = \"pay\" }}]\nwait = \"20s\"\npollers = {pollers}\nvisibility_timeout = \"1m\"\n\
                 [service.pay]\nservers = {servers}\ntime = \"1s\"\npatience = \"20s\"\n[fleet.w]\ninstance = \"m6i.large\"\n\
                 min = 1\nmax = 6\nscaling = [{{ target_tracking = {{ metric = \"queue.q.backlog\", target = 50 }} }}]\n"
            ),
            1,
        );
        let found = outcome.warnings.into_iter().find(|it| it.code == Code::ScalingAtMaximum);
        found.unwrap_or_else(|| panic!("{servers} {pollers}")).hint
    };
    let hints = (hint(10, 5), hint(100, 2));
    assert!(hints.0.starts_with("pay is full, and more instances only wait for it"), "{hints:?}");
    assert!(hints.1.starts_with("raise `max`"), "{hints:?}");
}
