//! Closed populations, second by second.

use simcap::outcome::Outcome;

use crate::run::run;

/// Users whose requests take a second, unless the client says otherwise.
fn users(users: &str, seconds: f64, client: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{seconds}s\"\nbucket = \"500ms\"\n[users.all]\n{users}\n[request.go]\nsteps = [{{ delay = \"1s\" }}]\n{client}\n"
        ),
        1,
    )
}

/// Thought for a second, waited for a second, so one request each in two seconds.
#[test]
fn a_user_thinks_first_unless_the_file_says_otherwise() {
    let thinking = users("count = 3\nthink = \"1s\"", 9.5, "");
    assert_eq!((thinking.requests.arrived, thinking.requests.in_flight), (15.0, 3.0), "at 1, 3, 5, 7, 9 s");
    let asking = users("count = 3\nthink = \"1s\"\nstart = \"request\"", 9.5, "");
    assert_eq!((asking.requests.arrived, asking.requests.in_flight), (15.0, 0.0), "at 0, 2, 4, 6, 8 s");
}

/// Requests at 0, 2, 4 s by three users; two leave at 4.5 s, after the end of their requests; the third goes on at 6
/// and 8 s; at 8.5 s two join and send at once.
#[test]
fn who_leaves_ends_a_request_first_and_who_joins_begins_anew() {
    let count = "count = [[\"0s\", 3], [\"4.5s\", 3], [\"4.5s\", 1], [\"8.5s\", 1], [\"8.5s\", 3]]";
    let run = users(&format!("{count}\nthink = \"1s\"\nstart = \"request\""), 9.75, "");
    assert_eq!((run.requests.arrived, run.requests.completed), (f64::from(3 * 3 + 2 + 2), 13.0));
}

/// The same, while they think: at 5.5 s no request is in progress, and the two who leave send no more.
#[test]
fn who_thinks_leaves_at_once() {
    let count = "count = [[\"0s\", 3], [\"5.5s\", 3], [\"5.5s\", 1]]";
    let run = users(&format!("{count}\nthink = \"1s\"\nstart = \"request\""), 9.75, "");
    assert_eq!(run.requests.arrived, f64::from(3 * 3 + 2));
}

/// A request with one retry fails after two timeouts of a second; then comes the think time: one in three seconds.
#[test]
fn a_user_gives_up_before_it_thinks() {
    let client = "[client]\ntimeout = \"600ms\"\nretries = { max = 1, backoff = \"0s\" }";
    let run = users("count = 1\nthink = \"800ms\"\nstart = \"request\"", 9.5, client);
    // At 0, 2, 4, 6, 8 s; each fails 1.2 s later.
    assert_eq!((run.requests.arrived, run.requests.failed, run.attempts.failed), (5.0, 5.0, 10.0));
    assert_eq!(run.abandoned.ended, 9.0, "the work of the last attempt goes on until 9.6 s");
}

/// The delay is between the user and the entrance: half a second there, half a second back.
#[test]
fn the_round_trip_is_part_of_the_wait_and_not_of_the_thought() {
    let client = "[client]\nround_trip = \"1s\"";
    let run = users("count = 1\nthink = \"1s\"\nstart = \"request\"", 9.75, client);
    assert_eq!(run.requests.arrived, 4.0, "sent at 0, 3, 6, 9 s, the last one at the entrance at 9.5 s");
    assert_eq!(run.latency_ms.max, 2_000.0);
}

/// Neither think time nor request takes any time: one request per millisecond, and the run ends.
#[test]
fn time_goes_on_where_nothing_takes_time() {
    let text = "duration = \"999500us\"\n[users.all]\ncount = 2\nthink = \"0s\"\n[request.go]\nsteps = [{ delay = \"0s\" }]\n";
    assert_eq!(run(text, 1).requests.arrived, 2_000.0);
}

/// A straight line from 0 to 100 users: on average half of them are there, with one request a second each.
#[test]
fn a_ramp_lets_users_join_one_by_one() {
    let run = users("count = [[\"0s\", 0], [\"100s\", 100]]\nthink = \"0s\"\nstart = \"request\"", 100.0, "");
    // User k joins at k - 1/2 s and sends each second from then on.
    let asked: u64 = (1..=100).map(|k| 100 - k + 1).sum();
    assert_eq!(run.requests.arrived, asked as f64);
}

/// Every attempt fails after a nanosecond, and its work stays in the system. A hundred attempts are free; then they
/// come at one per millisecond, retries included, so 20,100 in 20 s and not 10^9 per second.
#[test]
fn a_user_fails_once_a_millisecond_at_most_in_the_long_run() {
    for retries in [0, 3] {
        let client =
            format!("[client]\ntimeout = \"1ns\"\nretries = {{ max = {retries}, backoff = \"0s\" }}");
        let run = users("count = 1\nthink = \"0s\"\nstart = \"request\"", 20.0, &client);
        let off = (run.attempts.arrived - 20_100.0).abs();
        assert!(off <= f64::from(retries) + 1.0, "{}", run.attempts.arrived);
        assert_eq!(run.incidents.iter().filter(|it| it.text.contains("held back")).count(), 1);
    }
}

/// Answers of 700 ns would come without end: 100,000 are free, then one comes each microsecond. Those of 10 us, and
/// failures that take 2 ms, are not held back.
#[test]
fn users_within_their_pace_are_not_held_back() {
    let run = |delay: &str, client: &str| {
        let text = format!(
            "duration = \"499995us\"\nusers.one = {{ count = 1, think = \"0s\" }}\n\
             request.go.steps = [{{ delay = \"{delay}\" }}]\n{client}"
        );
        let run = run(&text, 1);
        (run.requests.arrived, run.incidents.len())
    };
    let (arrived, incidents) = run("700ns", "");
    assert!((arrived - 599_995.0).abs() <= 2.0 && incidents == 1, "{arrived}");
    assert_eq!(run("10us", ""), (50_000.0, 0));
    assert_eq!(run("1s", "client.timeout = \"2ms\""), (250.0, 0));
}
