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

/// Warnings by their codes and their messages.
fn warned(text: &str) -> Vec<(&'static str, String)> {
    let found = simcap::warning::of_scenario(&crate::run::scenario(text), 1);
    found.into_iter().map(|it| (it.code.name(), it.message)).collect()
}

/// The class asks for "/page".
#[test]
fn an_invalidation_that_fits_no_class_is_warned_of() {
    let with = |path: &str| {
        let settings = format!("default = {{ origin = \"web\" }}\npurge = [{{ at = \"2s\"{path} }}]");
        warned(&every_second(10, "", &settings, "{ delay = \"1ms\" }"))
    };
    let message = "the invalidation of distribution `cdn` of \"/pages/*\" fits the `path` of no class";
    let found = with(", path = \"/pages/*\"");
    assert!(found.contains(&("setting-without-effect", message.to_owned())), "{found:?}");
    for path in ["", ", path = \"/pa*\"", ", path = \"/page\""] {
        assert!(!with(path).iter().any(|(code, _)| *code == "setting-without-effect"), "{path}");
    }
}

/// With one edge.
#[test]
fn regional_caches_that_no_edge_asks_are_a_mistake() {
    let text = |settings: &str| {
        every_second(10, "", &format!("default = {{ origin = \"web\" }}\n{settings}"), "{ delay = \"1ms\" }")
    };
    let found = problems(&text("regional_caches = 2"));
    assert!(found.contains("2 regional caches behind 1 edge"), "{found}");
    crate::run::scenario(&text("regional_caches = 1"));
    crate::run::scenario(&text("regional_caches = 2").replace("edges = 1", "edges = 2"));
}
