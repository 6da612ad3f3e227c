//! A balancer that grows: what it carries, and what it rejects meanwhile.

use simcap::outcome::{Outcome, Resource};

use crate::kind::incidents;
use crate::run::{run, scenario};

const NO_BYTES: &str = "request_size = \"0 B\"\nresponse_size = \"0 B\"";

/// 100 requests a second, a new connection each, 10 ms apart, at a balancer of one capacity unit: 25 a second. Its threads are free.
fn a_hundred_a_second(seconds: u32, lb: &str, class: &str) -> Outcome {
    run(&text(seconds, lb, class), 1)
}

fn text(seconds: u32, lb: &str, class: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"10s\"\n[traffic.all]\ninterarrival = \"10ms\"\n[request.page]\nvia = \"public\"\n\
         steps = [{{ delay = \"1ms\" }}]\n{class}\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\nrequests_per_connection = 1\n{lb}\n\
         health_check = {{ cpu = \"0s\" }}\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nthreads = \"unlimited\"\n"
    )
}

/// Every 10 s it grows by the 30th root of 2. In row k it carries 25 · 2^(k/30) a second, one second of that more in the first
/// row, and rejects the rest, until after ten minutes it carries 100.
#[test]
fn what_is_above_is_rejected_while_it_doubles_in_five_minutes() {
    let run = a_hundred_a_second(900, "growth = { initial = 1 }", NO_BYTES);
    let rejected = &run.timeline.failed["http_503"];
    assert_eq!(run.requests.failed, run.requests.failed_by_cause["http_503"]);
    let mut sum = 0.0;
    for (row, found) in rejected.iter().enumerate() {
        let carries = 25.0 * 2f64.powf(row as f64 / 30.0);
        let at_first = if row == 0 { 2.5 } else { 0.0 };
        let expected = (100.0 - carries - at_first).max(0.0);
        assert!((found - expected).abs() <= 0.25, "row {row}: {found}, expected {expected}");
        sum += expected * 10.0;
    }
    assert!((run.requests.failed - sum).abs() <= 60.0, "{} of {sum}", run.requests.failed);
    let [begins, ends] = incidents(&run)[..] else { panic!("{:?}", incidents(&run)) };
    assert_eq!(begins.0, 10.0);
    assert!(
        begins.1.starts_with("carries 1 capacity unit of new connections and is asked for 4"),
        "{}",
        begins.1
    );
    assert!((600.0..=620.0).contains(&ends.0) && ends.1.contains("carries everything again"), "{ends:?}");
    // By then it carries four units of connections. Nothing was asked of bytes, which have not grown.
    assert!(ends.1.starts_with("has grown to 4 capacity units of new connections and"), "{}", ends.1);
    let own = &run.timeline.balancers[0];
    let (carries, bytes) = (own.carries[60], own.limit[0].bytes[60]);
    assert!((carries - 4.0).abs() < 1e-9 && (bytes - 1.0).abs() < 1e-9, "{carries} {bytes}");
}

/// Ten a second, each on a connection of its own that stays open for 300 s: with 0.5 units and no growth it carries 12.5 new ones a second and
/// 1,500 at once. They are there after 150 s; then there is room again when the first ones end, after 300 s, until 450 s.
#[test]
fn active_connections_are_a_limit_once_they_have_filled_up() {
    let growth = "growth = { initial = 0.5, factor = 1 }\nidle_timeout = \"300s\"";
    let text = text(600, growth, NO_BYTES).replace("interarrival = \"10ms\"", "interarrival = \"100ms\"");
    let run = run(&text, 1);
    let own = &run.timeline.balancers[0];
    for (row, rejected) in own.rejected.iter().enumerate() {
        let expected = match row {
            ..15 | 30..45 => 0.0,
            _ => 10.0,
        };
        // A row at an edge has a few more or less: connections are counted each second.
        let off = if [15, 30, 45].contains(&row) { 1.5 } else { 0.1 };
        assert!((rejected - expected).abs() <= off, "row {row}: {rejected}, expected {expected}");
    }
    assert!((own.active_connections[20] - 1_500.0).abs() <= 10.0, "{}", own.active_connections[20]);
    assert_eq!((own.limit[0].active[20], own.limit[0].new[20]), (0.5, 0.5));
    let begins = &incidents(&run)[0];
    assert!(
        begins.1.starts_with("carries 0.5 capacity units of active connections and is asked for"),
        "{begins:?}"
    );
}

/// Ten a second, each answered after 20 s, on a connection of its own that stays open for a minute more: 200 in use after 20 s, and 600 idle
/// after another minute.
#[test]
fn active_connections_fill_up_and_have_those_in_use() {
    let text = text(100, "", NO_BYTES)
        .replace("interarrival = \"10ms\"", "interarrival = \"100ms\"")
        .replace("delay = \"1ms\"", "delay = \"20s\"")
        .replace("bucket = \"10s\"", "bucket = \"1s\"");
    let own = &run(&text, 1).timeline.balancers[0];
    for (row, expected) in
        [(0, 5.0), (10, 105.0), (19, 195.0), (30, 305.0), (50, 505.0), (79, 795.0), (90, 800.0)]
    {
        let found = own.active_connections[row];
        assert!((found - expected).abs() <= 2.0, "row {row}: {found}, expected {expected}");
    }
    assert!((own.units_active[90] - 800.0 / 3_000.0).abs() < 1e-3, "{}", own.units_active[90]);
}

/// Ten users, each of whom asks for 2 s and thinks for 18 s: each opens one connection and keeps it, though two requests come in the 20 s, of which
/// `requests_per_connection` would make as many connections. Who thinks for 78 s opens one for each request, open for 62 of 80 s. One who gives up after 1 s closes
/// his, and opens another 79 s later. The same holds where the balancer looks at each request, because it grows.
#[test]
fn users_keep_their_connections_between_requests() {
    let of = |think: u32, more: &str, lb: &str| {
        let text = text(810, lb, NO_BYTES)
            .replace(
                "[traffic.all]\ninterarrival = \"10ms\"",
                &format!("[users.all]\ncount = 10\nthink = \"{think}s\"{more}"),
            )
            .replace("delay = \"1ms\"", "delay = \"2s\"");
        let run = run(&text, 1);
        let own = &run.timeline.balancers[0];
        // From 80 s on, over whole periods.
        let open: f64 = own.active_connections[8..80].iter().sum::<f64>() / 72.0;
        (run.balancers[0].new_connections, (open * 100.0).round() / 100.0)
    };
    for lb in ["", "growth = {}"] {
        assert_eq!(of(18, "", lb), (10.0, 10.0), "{lb}");
        // They think first: requests at 78 s, 158 s and so on until 798 s.
        assert_eq!(of(78, "", lb), (100.0, 7.75), "{lb}");
        assert_eq!(of(79, "\n[client]\ntimeout = \"1s\"\nretries = 0", lb), (100.0, 0.13), "{lb}");
    }
}

/// Half as much again in five minutes: 25 · 1.5^(k/30).
#[test]
fn the_older_rule_grows_by_half() {
    let run = a_hundred_a_second(600, "growth = { initial = 1, factor = 1.5 }", NO_BYTES);
    let rejected = &run.timeline.failed["http_503"];
    for (row, found) in rejected.iter().enumerate().skip(1) {
        let expected = 100.0 - 25.0 * 1.5f64.powf(row as f64 / 30.0);
        assert!((found - expected).abs() <= 0.25, "row {row}: {found}, expected {expected}");
    }
}

/// 100/s of 1 MB are 360 GB an hour: 360 units; 100 units carry 27.8/s. 100 units of connections would carry 2,500/s.
#[test]
fn bytes_are_a_limit_of_their_own() {
    let run = a_hundred_a_second(20, "growth = {}", "request_size = \"0 B\"\nresponse_size = \"1 MB\"");
    let found = run.timeline.failed["http_503"][1];
    let expected = 100.0 - 100.0 * 1e3 / 3_600.0 * 2f64.powf(1.0 / 30.0);
    assert!((found - expected).abs() <= 0.25, "{found} {expected}");
    // With 400 units reserved, nothing is rejected; below half of what it carries, it does not grow.
    let reserved = "growth = { reserved = 400 }";
    let free = a_hundred_a_second(20, reserved, "response_size = \"1 MB\"\nrequest_size = \"0 B\"");
    assert_eq!(free.requests.failed, 0.0);
}

/// An hour of 4 units of connections: 100 reserved ones are billed instead, and without `growth` nothing is rejected or warned of
/// otherwise.
#[test]
fn reserved_units_are_billed_where_fewer_are_used() {
    let units = |lb: &str| {
        let run = a_hundred_a_second(3_600, lb, NO_BYTES);
        assert_eq!(run.requests.failed, 0.0);
        run.bill
            .items
            .iter()
            .find(|line| line.what == "load balancer capacity units")
            .map(|line| line.quantity)
    };
    let (used, reserved) = (units("").unwrap(), units("growth = { reserved = 100 }").unwrap());
    assert!((used - 4.0).abs() < 0.01 && (reserved - 100.0).abs() < 1e-6, "{used} {reserved}");
}

#[test]
fn a_balancer_that_grows_needs_no_warning_of_steep_traffic() {
    let warned = |lb: &str| {
        let rise = "rate = [[\"0s\", \"10/s\"], [\"100s\", \"10/s\"], [\"100s\", \"5000/s\"], [\"200s\", \"5000/s\"]]";
        let text = text(200, lb, NO_BYTES).replace("interarrival = \"10ms\"", rise);
        let found = scenario(&text);
        simcap::simulate(&found, 1, &mut |_| {})
            .warnings
            .iter()
            .any(|it| it.code.name() == "steeper-than-alb")
    };
    assert!(warned("") && !warned("growth = {}"));
}

/// Ten a second on connections of their own that stay open for 300 s ask for 3,000 at once: a balancer that carries 1,500 and does not grow carries half of that. In
/// the row before the first ones end, 1,500 are open and 1,500 were rejected: a half, where the requests of that row were all rejected.
/// A spike of 150 s that is over by then asks for no more than 1,500 beside the one a second of before, 300 of them: 5/6.
#[test]
fn active_connections_that_were_rejected_would_have_been_open_for_the_idle_timeout() {
    let of = |rate: &str| {
        let growth = "growth = { initial = 0.5, factor = 1 }\nidle_timeout = \"300s\"";
        let text =
            text(1_200, growth, NO_BYTES).replace("interarrival = \"10ms\"", &format!("rate = {rate}"));
        let run = run(&text, 3);
        let units = run.headroom.iter().find(|it| it.of == Resource::Units { balancer: 0 }).unwrap();
        units.limit().unwrap()
    };
    let steady = of("\"10/s\"");
    assert!((steady - 0.5).abs() < 0.02, "{steady}");
    let spike = of(
        "[[\"0s\", \"1/s\"], [\"600s\", \"1/s\"], [\"600s\", \"11/s\"], [\"750s\", \"11/s\"], [\"750s\", \"1/s\"]]",
    );
    assert!((spike - 5.0 / 6.0).abs() < 0.03, "{spike}");
}

/// 100/s at what carries 25/s: a quarter, and a little more in the minute and a half that has the busiest requests, over which it grows. The
/// page names it as the cause, from the start until it carries 100/s, after ten minutes.
#[test]
fn what_is_rejected_is_why_requests_fail_and_the_nearest_limit() {
    let run = a_hundred_a_second(900, "growth = { initial = 1 }", NO_BYTES);
    let units = &run.headroom[0];
    assert_eq!(
        (units.of, units.resource.as_str()),
        (Resource::Units { balancer: 0 }, "capacity units of public")
    );
    assert!(units.saturated && (0.25..0.29).contains(&units.limit().unwrap()), "{units:?}");
    let [trouble, after] = &run.phases[..] else { panic!("{:?}", run.phases) };
    assert!((600.0..=620.0).contains(&after.from_s) && !after.trouble, "{}", trouble.sentence);
    let first = &trouble.chain[0];
    assert_eq!((first.resource, first.cause), (Some(units.of), true), "{}", trouble.sentence);
    assert!(first.text.starts_with("capacity units of `public` full (up to 74"), "{}", first.text);
    // What carries ten times as much has room.
    let wide = a_hundred_a_second(900, "growth = { initial = 40 }", NO_BYTES);
    let units = wide.headroom.iter().find(|it| it.resource == "capacity units of public").unwrap();
    assert!(!units.saturated && (units.limit().unwrap() / 10.0 - 1.0).abs() < 0.01, "{units:?}");
}
