//! What a file may say of policies.

use simcap::scenario::{self, ScenarioError};

use crate::run::scenario;

fn file(steps: &str, tables: &str) -> String {
    format!(
        "duration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\nrequests = {{ buy = 1, list = 1 }}\n[request.buy]\nvia = \"order\"\nsteps = [{steps}]\n\
         [request.list]\nvia = \"order\"\nsteps = [{steps}]\n\
         [fleet.order]\ninstance = \"m5.large\"\ninstances = 1\n[service.bank]\nservers = 1\ntime = \"1ms\"\n{tables}"
    )
}

/// The problems of a file, without their places.
fn problems(text: &str) -> String {
    match scenario::parse("test.toml", text.as_bytes(), std::path::Path::new(""), &[]) {
        Ok(_) => String::new(),
        Err(ScenarioError::Invalid(report)) => report.render(false),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn equal_policies_of_a_caller_and_what_it_calls_are_one() {
    let read = scenario(&file("{ service = \"bank\", timeout = \"1s\" }", ""));
    let names: Vec<&str> = read.resiliences.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["order to bank"], "of both classes");
    let two = "{ service = \"bank\", timeout = \"1s\" }, { service = \"bank\", timeout = \"2s\" }";
    let read = scenario(&file(two, ""));
    let names: Vec<&str> = read.resiliences.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["order to bank", "order to bank (2)"]);
}

#[test]
fn steps_share_a_policy_by_its_name() {
    let read = scenario(&file(
        "{ service = \"bank\", resilience = \"careful\" }",
        "[resilience.careful]\ntimeout = \"1s\"\nretries = 2\n",
    ));
    let [careful] = &read.resiliences[..] else { panic!() };
    assert_eq!((careful.name.as_str(), careful.policy.retries.max), ("careful", 2));
}

#[test]
fn contradictions_are_problems() {
    let cases = [
        (
            "{ service = \"bank\", timeout = \"1s\", resilience = \"careful\" }",
            "does not go with `resilience`",
        ),
        ("{ service = \"bank\", resilience = \"nobody\" }", "nobody"),
        ("{ service = \"bank\", budget = { tokens = 10, ratio = 0.1 } }", "a budget bounds nothing"),
        ("{ service = \"bank\", timeout = \"1s\", hedge = \"1s\" }", "after the timeout of the first"),
        ("{ service = \"bank\", on_timeout = \"cancel\" }", "nothing is given up"),
        ("{ service = \"bank\", timeout = \"0s\" }", "timeout"),
        ("{ service = \"bank\", breaker = { window = 10, least = 11 } }", "least"),
        ("{ service = \"bank\", circuit_breaker = {} }", "breaker"),
        ("{ try = [{ service = \"bank\" }] }", "nothing says what to do"),
        ("{ cpu = \"1ms\", timeout = \"1s\" }", "unknown key `timeout`"),
    ];
    for (steps, expected) in cases {
        let shown = problems(&file(steps, "[resilience.careful]\ntimeout = \"1s\"\n"));
        assert!(shown.contains(expected), "{steps}: {shown}");
    }
    let outside = "duration = \"10s\"\n[traffic.all]\nrate = \"1/s\"\n[request.buy]\nsteps = [{ service = \"bank\", timeout = \"1s\" }]\n\
                   [service.bank]\nservers = 1\ntime = \"1ms\"\n";
    assert!(problems(outside).contains("only a tier has a policy"), "{}", problems(outside));
}

#[test]
fn a_policy_that_no_step_names_is_warned_of() {
    let text = file("{ service = \"bank\" }", "[resilience.careful]\ntimeout = \"1s\"\n");
    let run = crate::run::run(&text, 1);
    assert!(run.warnings.iter().any(|it| it.message.contains("careful")), "{:?}", run.warnings);
}
