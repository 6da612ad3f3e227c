//! Origins that fail or do not answer: errors that are kept, copies that are not fresh, other tries, the other origin.

use super::{NEAR, cdn, counts, every_second, run};

/// A station without a queue whose one server is away for a while.
fn away(from: &str, until: &str) -> String {
    let before =
        if from == "0s" { "[\"0s\", 0]".to_owned() } else { format!("[\"0s\", 1], [\"{from}\", 0]") };
    format!("[service.one]\nservers = [{before}, [\"{until}\", 1]]\nqueue = 0\ntime = \"1ms\"\n")
}

const ASK: &str = "{ service = \"one\" }";

/// Copies live for 3 s, and the station is away from 4.5 s to 12 s. Fetched at 1 s and found at 2, 3 and 4 s; at 5 s the origin fails, and the
/// old copy is given until 14 s without asking it again. At 15 s the error is 10 s old: fetched, and found at 16 to 18 s, and so on at 19,
/// 23 and 27 s.
#[test]
fn a_copy_that_is_not_fresh_is_better_than_an_error() {
    let settings = format!("{NEAR}default = {{ origin = \"web\", ttl = \"3s\" }}");
    let text = every_second(30, "", &settings, ASK) + &away("4500ms", "12s");
    let run = run(&text, 1);
    assert_eq!(counts(&run), [30.0, 15.0, 6.0, 6.0]);
    let it = cdn(&run);
    assert_eq!([it.stale, it.origin_errors, it.errors, it.kept_errors], [10.0, 1.0, 0.0, 0.0]);
    assert_eq!((run.requests.completed, run.requests.failed), (30.0, 0.0));
}

/// The station is away until 11.5 s. The request at 1 s fails, and those at 2 to 10 s are given its error. At 11 s the origin fails again, so
/// that its error is given until 20 s, though the station is there. At 21 s there is an answer.
#[test]
fn an_error_is_kept_for_ten_seconds() {
    let settings = format!("{NEAR}default = {{ origin = \"web\" }}");
    let text = every_second(25, "", &settings, ASK) + &away("0s", "11500ms");
    let first = run(&text, 1);
    let it = cdn(&first);
    assert_eq!([it.errors, it.kept_errors, it.origin, it.hits], [2.0, 18.0, 3.0, 4.0]);
    assert_eq!(first.requests.failed_by_cause["queue_full"], 20.0);
    // Where no error is kept, the origin is asked each time: 11 errors.
    for ttl in ["error_ttl = \"0s\"", "error_ttl = { 500 = \"0s\" }"] {
        let none = run(&text.replace("origin = \"web\" }", &format!("origin = \"web\", {ttl} }}")), 1);
        let it = cdn(&none);
        assert_eq!([it.errors, it.kept_errors, it.origin], [11.0, 0.0, 12.0], "{ttl}");
    }
    let other =
        run(&text.replace("origin = \"web\" }", "origin = \"web\", error_ttl = { 504 = \"0s\" } }"), 1);
    assert_eq!(cdn(&other).kept_errors, 18.0);
}

/// All who wait for a fetch get its error: a hundred requests within 100 ms, and the answer comes after a second. Each of four edges keeps it,
/// and so does the regional cache.
#[test]
fn those_who_wait_for_a_fetch_get_its_error() {
    let settings = format!("{NEAR}default = {{ origin = \"web\" }}");
    let text =
        every_second(1, "", &settings, "{ delay = \"1s\" }, { service = \"one\" }") + &away("0s", "50s");
    let burst = text
        .replace(
            "[\"0s\", \"1/s\"], [\"1500ms\", \"1/s\"], [\"1500ms\", \"0/s\"]",
            "[\"0s\", \"1000/s\"], [\"100500us\", \"1000/s\"], [\"100500us\", \"0/s\"]",
        )
        .replace("interarrival = \"1s\"", "interarrival = \"1ms\"")
        .replace("edges = 1", "edges = 4");
    let run = run(&burst, 1);
    assert_eq!(counts(&run), [100.0, 0.0, 100.0, 1.0]);
    assert_eq!((cdn(&run).errors, run.requests.failed_by_cause["queue_full"]), (100.0, 100.0));
}

/// An origin that takes three seconds, and is waited for one: a GET is sent three times, a POST once.
#[test]
fn an_origin_that_does_not_answer_is_asked_again_if_nothing_changes_by_that() {
    let settings = format!("{NEAR}response_timeout = \"1s\"\ndefault = {{ origin = \"web\" }}");
    let of =
        |request: &str, settings: &str| run(&every_second(1, request, settings, "{ delay = \"3s\" }"), 1);
    let get = of("", &settings);
    let it = cdn(&get);
    assert_eq!([it.origin, it.timeouts, it.retries, it.errors], [3.0, 3.0, 2.0, 1.0]);
    assert_eq!(get.requests.failed_by_cause["http_504"], 1.0);
    // The origin works on for nobody.
    assert_eq!(get.abandoned.ended, 3.0);
    let post = of("method = \"POST\"", &settings);
    assert_eq!([cdn(&post).origin, cdn(&post).timeouts, cdn(&post).retries], [1.0, 1.0, 0.0]);
    let once = of("", &format!("{settings}\nconnect_attempts = 1"));
    assert_eq!([cdn(&once).origin, cdn(&once).retries], [1.0, 0.0]);
}

/// The first origin fails from 5 s to 15 s: ten requests go on to the second. What is posted does not.
#[test]
fn the_second_origin_is_asked_where_the_first_fails() {
    let settings = format!("{NEAR}default = {{ origin = \"web\", failover = \"other\", ttl = \"0s\" }}");
    let other = "[fleet.other]\ninstance = \"m5.large\"\ninstances = 1\nazs = 1\n\
                 [fault.down]\nfleet = \"web\"\neffect = \"fails\"\nshare = \"100%\"\nat = \"4500ms\"\nfor = \"10s\"\n";
    let of = |request: &str, settings: &str| {
        run(&(every_second(20, request, settings, "{ delay = \"1ms\" }") + other), 1)
    };
    let get = of("", &settings);
    let it = cdn(&get);
    assert_eq!([it.origin, it.origin_errors, it.failovers, it.errors], [30.0, 10.0, 10.0, 0.0]);
    assert_eq!(get.requests.completed, 20.0);
    let post = of("method = \"POST\"", &settings);
    assert_eq!([cdn(&post).origin, cdn(&post).failovers, cdn(&post).errors], [20.0, 0.0, 10.0]);
    // What may be kept is asked of the second origin for all who wait, and kept.
    let kept = of("", &settings.replace("ttl = \"0s\"", "ttl = \"3s\""));
    let it = cdn(&kept);
    assert_eq!([it.origin_errors, it.failovers, it.errors, it.stale], [3.0, 3.0, 0.0, 0.0]);
    assert_eq!([it.hits, it.misses, it.origin], [15.0, 5.0, 8.0]);
}

/// Two requests for one object, of which the first gives up after a second and calls its work off. The second one, which waited for it, asks
/// anew then: the origin takes three seconds from 2 s on, so that it has waited for 3.5 s.
#[test]
fn who_waits_goes_on_in_the_place_of_one_that_has_gone() {
    let settings = format!("{NEAR}default = {{ origin = \"web\" }}");
    let text = every_second(1, "", &settings, "{ delay = \"3s\" }").replace(
        "[client]\nround_trip = \"0s\"\ntimeout = \"1h\"\nretries = 0\n",
        "client = { timeout = \"1s\", on_timeout = \"cancel\" }\n[traffic.late]\n\
         rate = [[\"0s\", \"0.6666666/s\"], [\"1600ms\", \"0.6666666/s\"], [\"1600ms\", \"0/s\"]]\ninterarrival = \"1500ms\"\n\
         [client]\nround_trip = \"0s\"\ntimeout = \"1h\"\nretries = 0\n",
    );
    let run = run(&text, 1);
    assert_eq!(run.requests.failed_by_cause["client_timeout"], 1.0);
    assert_eq!((run.requests.completed, cdn(&run).origin), (1.0, 2.0));
    assert!((run.latency_ms.max - 3_500.0).abs() < 5.0, "{:?}", run.latency_ms);
}

/// An origin whose one zone is lost from 1.5 s on accepts no connection: three tries of 10 s, whatever the method, and then the second origin or a 504. Keys
/// make that shorter.
#[test]
fn an_origin_without_a_connection_is_left_after_three_times_ten_seconds() {
    let lost = "[balancer.lb]\ntargets = \"web\"\n[fault.x]\nzone = \"a\"\nat = \"1500ms\"\n\
                [balancer.other]\ntargets = \"far\"\n[fleet.far]\ninstance = \"m5.large\"\ninstances = 1\nazs = [\"b\"]\n";
    let of = |request: &str, settings: &str| {
        run(&(every_second(3, request, &format!("{NEAR}{settings}"), "{ delay = \"1ms\" }") + lost), 1)
    };
    // The first request comes before. Two fail over after three tries.
    let over = "default = { origin = \"lb\", failover = \"other\", ttl = \"0s\" }";
    let get = of("", over);
    let it = cdn(&get);
    assert_eq!([it.origin, it.timeouts, it.retries, it.failovers, it.errors], [9.0, 6.0, 4.0, 2.0, 0.0]);
    assert!((get.latency_ms.max - 30_001.0).abs() < 1.0, "{:?}", get.latency_ms);
    let shorter = of("", &format!("{over}\nconnect_timeout = \"2s\"\nconnect_attempts = 2"));
    assert_eq!([cdn(&shorter).timeouts, cdn(&shorter).failovers], [4.0, 2.0]);
    assert!((shorter.latency_ms.max - 4_001.0).abs() < 1.0, "{:?}", shorter.latency_ms);
    // A shorter wait for an answer does not make that for a connection shorter.
    let answer = of("", &format!("{over}\nresponse_timeout = \"1s\""));
    assert!((answer.latency_ms.max - 30_001.0).abs() < 1.0, "{:?}", answer.latency_ms);
    // What is posted was not asked yet: it is tried again, and has no second origin.
    let post = of("method = \"POST\"", over);
    let it = cdn(&post);
    assert_eq!([it.origin, it.timeouts, it.retries, it.failovers, it.errors], [7.0, 6.0, 4.0, 0.0, 2.0]);
    assert_eq!(post.requests.failed_by_cause["http_504"], 2.0);
}

/// A fleet without a balancer whose zone is lost from 1.5 s on: nothing is refused there, so that three tries wait 10 s each. What was inside at that instant had
/// its connection, and waits for an answer: 5 s, then it is sent again if it only reads.
#[test]
fn a_fleet_of_a_lost_zone_is_waited_for_as_its_callers_wait() {
    let lost = "[fault.x]\nzone = \"a\"\nat = \"1500ms\"\n";
    let settings = format!("{NEAR}response_timeout = \"5s\"\ndefault = {{ origin = \"web\", ttl = \"0s\" }}");
    let of = |request: &str, count: u32, work: &str| {
        run(&(every_second(count, request, &settings, work) + lost), 1)
    };
    // The second and the third request: three tries each.
    for request in ["", "method = \"POST\""] {
        let found = of(request, 3, "{ delay = \"1ms\" }");
        let it = cdn(&found);
        assert_eq!([it.origin, it.timeouts, it.retries, it.errors], [7.0, 6.0, 4.0, 2.0], "{request}");
        assert_eq!(found.requests.failed_by_cause["http_504"], 2.0, "{request}");
        assert!(!found.requests.failed_by_cause.contains_key("http_502"), "{request}");
    }
    // The first one is inside for 4 s: its answer is missed at 6 s, and then there are two tries for a connection.
    let inside = of("", 1, "{ delay = \"4s\" }");
    assert_eq!([cdn(&inside).origin, cdn(&inside).timeouts, cdn(&inside).errors], [3.0, 3.0, 1.0]);
    let post = of("method = \"POST\"", 1, "{ delay = \"4s\" }");
    assert_eq!([cdn(&post).origin, cdn(&post).timeouts, cdn(&post).errors], [1.0, 1.0, 1.0]);
}
