//! Why a search runs no larger multiple: in the JSON, and on the page.

use simcap::breakpoint::{Breakpoints, Ended};

use super::{STATION, found, found_within};

/// A desk that 40/s keep busy for a tenth of the time: it is full at ×10.
const DESK: &str = "duration = \"2m\"\nbucket = \"1s\"\ntraffic.all.rate = \"40/s\"\nrequest.a.steps = [{ service = \"desk\" }]\n";

/// What the page says of the end, with the reason that the JSON has.
fn end(found: &Breakpoints, ended: Ended, name: &str) -> String {
    assert_eq!(found.ended, Some(ended), "{:?}", found.limits);
    let json: serde_json::Value = serde_json::from_str(&simcap::report::to_json(found)).unwrap();
    assert_eq!(json["ended"], name);
    let page = simcap::report::breakpoints(found, simcap::report::Paper::default());
    let line = page.lines().find(|line| line.contains("Multiples that were run")).unwrap();
    line.to_owned()
}

fn desk(time: &str, queue: &str, objectives: &str, up_to: f64) -> Breakpoints {
    let service = format!("service.desk = {{ servers = 1, time = \"{time}\"{queue} }}\n");
    found(&format!("{DESK}{service}{objectives}"), |search| (search.precision, search.up_to) = (0.2, up_to))
}

#[test]
fn the_largest_multiple_has_been_run() {
    let line = end(&desk("1ms", "", "", 2.0), Ended::UpTo, "up_to");
    assert!(line.contains("up to ×1.73: larger ones were not allowed (--up-to ×2)"), "{line}");
}

#[test]
fn everything_is_broken() {
    let found = desk("exponential 5ms", "", "objectives.latency = \"p99 < 50ms\"\n", 16.0);
    let line = end(&found, Ended::EverythingBroken, "everything_broken");
    assert!(
        line.contains("there every objective is missed, every resource is saturated, and goodput"),
        "{line}"
    );
    assert!(found.highest() < 16.0);
}

/// A second station with room is never full after the first one.
#[test]
fn objectives_and_goodput_are_broken_while_a_resource_has_room() {
    let text = format!(
        "{}service.desk = {{ servers = 1, time = \"exponential 5ms\" }}\nservice.far = {{ servers = 1000, time = \"1ms\" }}\n\
         objectives.latency = \"p99 < 50ms\"\n",
        DESK.replace("{ service = \"desk\" }", "{ service = \"desk\" }, { service = \"far\" }")
    );
    let found = found(&text, |search| search.precision = 0.2);
    let line = end(&found, Ended::ObjectivesAndGoodput, "objectives_and_goodput");
    assert!(
        line.contains("there every objective that more traffic can break is missed, and goodput"),
        "{line}"
    );
    // Without the objective.
    let text = text.replace("objectives.latency = \"p99 < 50ms\"\n", "");
    let found = self::found(&text, |search| search.precision = 0.2);
    let line = end(&found, Ended::Goodput, "goodput");
    assert!(line.ends_with("there goodput has stopped growing\u{1b}[0m"), "{line}");
}

/// The objective is missed at once, and the desk is full only at ×10; or it turns away what is too much, and all that it takes is
/// quick.
#[test]
fn one_of_the_two_was_broken_long_before() {
    let found = desk("exponential 2500us", "", "objectives.latency = \"p99 < 11ms\"\n", 16.0);
    let line = end(&found, Ended::ObjectivesLongSince, "objectives_long_since");
    assert!(line.contains("is missed at half of that, and goodput grows on"), "{line}");
    let found = desk("10ms", ", queue = 0", "objectives.latency = \"p99 < 1s\"\n", 16.0);
    let line = end(&found, Ended::GoodputLongSince, "goodput_long_since");
    assert!(
        line.contains("goodput has stopped growing at half of that, and an objective is still met"),
        "{line}"
    );
}

#[test]
fn an_interrupted_search_says_so() {
    let found = found_within(STATION, 2).unwrap();
    let line = end(&found, Ended::Interrupted, "interrupted");
    assert!(line.contains("then the search was interrupted"), "{line}");
}

/// As many users as a scenario may have take too long for a test: the page alone.
#[test]
fn there_may_be_no_more_users() {
    let found = Breakpoints { ended: Some(Ended::MostUsers), ..desk("1ms", "", "", 2.0) };
    let line = end(&found, Ended::MostUsers, "most_users");
    assert!(
        line.contains("up to ×1.73: above that there would be more users than a scenario may have"),
        "{line}"
    );
}
