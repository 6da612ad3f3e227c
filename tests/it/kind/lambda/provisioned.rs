//! Environments that are made before they are asked for.

use super::{asked, at, failed};

/// Two are there from the start: of three at once one is cold. In an account with three, the two take two of it whether they work or not.
#[test]
fn provisioned_environments_are_warm_and_come_first() {
    let outcome = at(
        "warm",
        &[100, 100, 100, 2_000],
        "4s",
        "{ delay = \"1s\" }",
        "init = \"200ms\"\nprovisioned_concurrency = 2",
    );
    let told = &outcome.lambdas[0];
    assert_eq!((told.cold, told.provisioned, told.spilled, told.most_environments), (1.0, 3.0, 1.0, 3.0));
    let tight = "init = \"200ms\"\nprovisioned_concurrency = 2\n[account]\nlambda_concurrency = 3";
    let outcome = at("tight", &[100, 100, 100, 100], "4s", "{ delay = \"1s\" }", tight);
    assert_eq!((outcome.lambdas[0].most, failed(&outcome, "http_429")), (3.0, 1.0));
}

/// They are not reclaimed.
#[test]
fn provisioned_environments_stay() {
    let outcome =
        at("stay", &[100, 8_000], "9s", "{ delay = \"1ms\" }", "keep = \"1s\"\nprovisioned_concurrency = 1");
    assert_eq!((outcome.lambdas[0].cold, outcome.lambdas[0].reclaimed), (0.0, 0.0));
}

/// 6,000 a minute: of 100 that are wanted at 10 s, one begins each hundredth of a second, and each initializes for 200 ms. So the last one is there
/// at 11.2 s. Before 11 s, 79 of them are. They go at 20 s.
#[test]
fn more_are_allocated_at_their_pace() {
    let function =
        "init = \"200ms\"\nprovisioned_concurrency = { count = [[\"0s\", 1], [\"10s\", 101], [\"20s\", 3]] }";
    let outcome = asked("\"1/s\"", "25s", "{ delay = \"1ms\" }", function);
    let there = &outcome.timeline.lambdas[0].provisioned;
    assert_eq!((there[9], there[10], there[11], there[19], there[20]), (1.0, 80.0, 101.0, 101.0, 3.0));
}

/// 100 are provisioned and 89 or 90 in use: above 70 % for three minutes, so after the third minute there are 90/0.7 = 129. When only nine are in use, for
/// 15 minutes, as few as the minimum are left.
#[test]
fn a_policy_keeps_a_part_of_them_in_use() {
    let function = "init = \"100ms\"\nprovisioned_concurrency = { count = 100, tracking = { max = 500 } }";
    let rate = "[[\"0s\", \"89.5/s\"], [\"10m\", \"89.5/s\"], [\"10m\", \"9/s\"], [\"40m\", \"9/s\"]]";
    let outcome = asked(rate, "40m", "{ delay = \"1s\" }", function);
    let there = |minute: usize| outcome.timeline.lambdas[0].provisioned[60 * minute + 30];
    assert_eq!((there(2), there(3), there(9)), (100.0, 129.0, 129.0));
    // The eleventh minute still has the end of the 90 in it; 15 after that are below.
    assert_eq!((there(25), there(26), there(39)), (129.0, 100.0, 100.0));
}

/// One that ends with its invocation is made anew.
#[test]
fn a_provisioned_environment_that_ends_is_replaced() {
    let function = "init = \"200ms\"\ntimeout = \"500ms\"\nprovisioned_concurrency = 2";
    let outcome = at("replaced", &[100, 2_000], "4s", "{ delay = \"1s\" }", function);
    assert_eq!((outcome.lambdas[0].timeouts, outcome.lambdas[0].cold), (2.0, 0.0));
    let there = &outcome.timeline.lambdas[0].provisioned;
    assert_eq!((there[5], there[6], there[8], there[39]), (2.0, 1.0, 2.0, 2.0));
}

/// More than the account has, of all functions that share it, or more than the function has reserved, is refused.
#[test]
fn more_is_provisioned_than_the_account_has() {
    let refused = |function: &str| {
        let text = super::text("\"1/s\"", "10s", "{ delay = \"1ms\" }", function);
        match simcap::scenario::parse("a.toml", text.as_bytes(), std::path::Path::new(""), &[]) {
            Err(simcap::scenario::ScenarioError::Invalid(report)) => report.render(false),
            Ok(_) => String::new(),
            Err(other) => panic!("{other:?}"),
        }
    };
    let two = |first: &str, second: &str| {
        format!(
            "provisioned_concurrency = {first}\n[account]\nlambda_concurrency = 1000\n[lambda.g]\nprovisioned_concurrency = {second}\n[lambda.h]\nreserved_concurrency = 300\n"
        )
    };
    assert_eq!(refused(&two("300", "400")), "");
    assert!(
        refused(&two("300", "401")).contains("701 provisioned, and only 700 of the account are not reserved")
    );
    assert!(refused(&two("[[\"0s\", 5], [\"5s\", 701]]", "1")).contains("701 provisioned, and only 700"));
    assert!(
        refused("reserved_concurrency = 50\nprovisioned_concurrency = 60")
            .contains("has 60 provisioned, and 50 reserved")
    );
}
