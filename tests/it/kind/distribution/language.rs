//! What is said of a distribution in a file.

use std::path::Path;

use simcap::scenario::{self, ScenarioError};

use super::{every_second, run};

/// The problems of a file.
fn problems(text: &str) -> String {
    match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]) {
        Err(ScenarioError::Invalid(report)) => report.render(false),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_leads_back_to_itself_is_said() {
    let text = every_second(1, "", "default = { origin = \"cdn\" }", "{ delay = \"1ms\" }");
    assert!(problems(&text).contains("cycle of names: cdn"), "{}", problems(&text));
}

#[test]
fn keys_that_nobody_keeps_are_said() {
    let text = every_second(
        1,
        "keys = \"all\"",
        "default = { origin = \"web\", ttl = \"0s\" }",
        "{ delay = \"1ms\" }",
    ) + "[keys.all]\ncount = 9\n";
    assert!(problems(&text).contains("a `keys` that nothing reads"), "{}", problems(&text));
}

/// A distribution that leads to another one is asked by it.
#[test]
fn one_distribution_can_be_the_origin_of_another() {
    let text = every_second(10, "", "default = { origin = \"inner\" }", "{ delay = \"1ms\" }")
        + "[distribution.inner]\ndefault = { origin = \"web\" }\n";
    let run = run(&text, 1);
    let origin: Vec<f64> = run.kinds.distributions.iter().map(|it| it.origin).collect();
    assert_eq!(origin, [1.0, 1.0]);
}
