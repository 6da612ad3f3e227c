//! What the SDK does with what is throttled: pauses that double, and an end.

use simcap::outcome::{Outcome, StageKind};

use super::text;

/// One request, at 1 s, that writes twice where one unit a second is there: the second write is tried again after 100 ms, 200 ms more and so on, until the
/// unit of 2 s is there.
fn twice(retries: &str) -> Outcome {
    let rate = "rate = [[\"0s\", \"1/s\"], [\"1500ms\", \"1/s\"], [\"1500ms\", \"0/s\"]]";
    let table = format!("read_units = 1\nwrite_units = 1\nburst = \"1s\"\nretries = {retries}");
    crate::run::run(&text(rate, "30s", "{ put_item = \"baskets\" }, { put_item = \"baskets\" }", &table), 1)
}

#[test]
fn a_throttled_request_is_tried_again_after_pauses_that_double() {
    let outcome = twice("{ max = 4, backoff = \"100ms\", jitter = \"none\" }");
    let table = &outcome.dynamo_tables[0];
    // Throttled at 1 s, 1.1 s, 1.3 s and 1.7 s; taken at 2.5 s.
    assert_eq!((table.throttled_by_table, table.given_up, table.writes), (4.0, 0.0, 2.0));
    assert!((outcome.latency_ms.max - 1_500.0).abs() < 1e-6, "{:?}", outcome.latency_ms);
    // The pauses are waiting time of their own.
    let pauses =
        outcome.stages.iter().position(|it| it.kind == StageKind::Retry && it.resource == "baskets").unwrap();
    assert_eq!(outcome.stages[pauses].label, "writes throttled by the table baskets, until the next try");
    let spent: f64 = outcome.timeline.mean_ms[pauses].iter().sum();
    assert!((spent - 1_500.0).abs() < 1.0, "{spent}");
    let waiting: f64 = outcome.timeline.dynamo_tables[0].retrying.iter().sum();
    assert!((waiting - 1.5).abs() < 1e-9, "{waiting}");
}

#[test]
fn a_request_gives_up_after_all_its_tries() {
    let outcome = twice("{ max = 3, backoff = \"100ms\", jitter = \"none\" }");
    let table = &outcome.dynamo_tables[0];
    assert_eq!((table.throttled_by_table, table.given_up, table.writes), (4.0, 1.0, 1.0));
    assert_eq!(outcome.requests.failed, 1.0);
    // At 1.7 s.
    assert_eq!(twice("0").dynamo_tables[0].throttled_by_table, 1.0);
    // A pause is never longer than the cap: three of 100 ms, and one of 700 ms that is not.
    let capped = twice("{ max = 10, backoff = \"100ms\", cap = \"100ms\", jitter = \"none\" }");
    assert_eq!(capped.dynamo_tables[0].throttled_by_table, 10.0);
    assert!((capped.latency_ms.max - 1_000.0).abs() < 1e-6, "{:?}", capped.latency_ms);
}

/// The way back and there comes on top of each pause.
#[test]
fn each_try_goes_there_and_back() {
    let rate = "rate = [[\"0s\", \"1/s\"], [\"1500ms\", \"1/s\"], [\"1500ms\", \"0/s\"]]";
    let table = "read_units = 1\nwrite_units = 1\nburst = \"1s\"\nretries = { max = 1, backoff = \"2s\", jitter = \"none\" }";
    let file = text(rate, "30s", "{ put_item = \"baskets\" }, { put_item = \"baskets\" }", table);
    let outcome = crate::run::run(&file.replace("hop = \"0s\"", "hop = \"10ms\""), 1);
    // Two ways of 20 ms, and one more for the second try.
    assert!((outcome.latency_ms.max - 2_060.0).abs() < 1e-6, "{:?}", outcome.latency_ms);
}

/// Of 200 a second for 100 units the half fails at once; of those that are tried again some come through, and all wait.
#[test]
fn by_default_there_are_three_tries_with_a_random_part_of_50_ms_and_100_ms() {
    let table = "read_units = 1\nwrite_units = 100\nburst = \"1s\"";
    // At random instants: with equal intervals the same ones would always find a unit.
    let file = text("rate = \"200/s\"", "60s", "{ put_item = \"baskets\" }", table);
    let outcome = crate::run::run(&file.replace("interarrival = \"1s\"\n", ""), 1);
    let it = &outcome.dynamo_tables[0];
    // Each request that gave up was throttled three times; the table is as busy as without.
    assert!((it.writes - 6_100.0).abs() <= 2.0, "{it:?}");
    assert!(it.throttled_by_table >= 3.0 * it.given_up && it.given_up > 5_000.0, "{it:?}");
    assert!(outcome.latency_ms.max < 150.0 && outcome.latency_ms.max > 50.0, "{:?}", outcome.latency_ms);
}

/// A policy beside the step tries again what the SDK has given up.
#[test]
fn a_policy_beside_the_step_comes_on_top() {
    let rate = "rate = [[\"0s\", \"1/s\"], [\"1500ms\", \"1/s\"], [\"1500ms\", \"0/s\"]]";
    let policy = ", retries = { max = 1, backoff = \"2s\", jitter = \"none\" }";
    let step = format!("{{ put_item = \"baskets\" }}, {{ put_item = \"baskets\"{policy} }}");
    let file = |step: &str| {
        text(rate, "30s", step, "read_units = 1\nwrite_units = 1\nburst = \"1s\"\nretries = 0")
            .replace("[request.page]\n", "[request.page]\nvia = \"web\"\n")
            + "[fleet.web]\ninstance = \"m6i.large\"\ninstances = 1\nazs = 1\nthreads = \"unlimited\"\n"
    };
    let with = crate::run::run(&file(&step), 1);
    assert_eq!((with.dynamo_tables[0].given_up, with.requests.failed), (1.0, 0.0));
    let without = crate::run::run(&file(&step.replace(policy, "")), 1);
    assert_eq!((without.dynamo_tables[0].given_up, without.requests.failed), (1.0, 1.0));
}
