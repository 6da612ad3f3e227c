//! The language of names.

use std::path::Path;

use simcap::scenario::{self, ScenarioError};

use crate::run::{run, scenario};

/// The problems of a file.
fn problems(text: &str) -> String {
    match scenario::parse("test.toml", text.as_bytes(), Path::new(""), &[]) {
        Err(ScenarioError::Invalid(report)) => report.render(false),
        other => panic!("{other:?}"),
    }
}

const SHOP: &str = "duration = \"60s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"shop\"\nsteps = [{ cpu = \"1ms\" }]\n\
                    [balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n";

/// A name in front of a balancer faces the internet as the balancer does, and names may lead to names.
#[test]
fn names_lead_to_names() {
    let text = format!(
        "{SHOP}[dns.shop]\npolicy = \"failover\"\nrecords = [{{ to = \"inner\", role = \"primary\" }}, {{ to = \"web\", role = \"secondary\" }}]\n\
         [dns.inner]\nrecords = [{{ to = \"lb\" }}]"
    );
    assert!(scenario(&text).balancers[0].internet_facing);
    let run = run(&text, 1);
    assert_eq!(run.domains[1].requests, run.domains[0].requests);
    assert_eq!(run.requests.failed, 0.0);
}

#[test]
#[should_panic(expected = "cycle of names: shop -> inner")]
fn a_name_does_not_lead_to_itself() {
    scenario(&format!(
        "{SHOP}[dns.shop]\nrecords = [{{ to = \"inner\" }}]\n[dns.inner]\nrecords = [{{ to = \"shop\" }}]"
    ));
}

/// Warnings by their codes.
fn warned(dns: &str, fleet: &str) -> Vec<&'static str> {
    let text = format!("{}{fleet}\n[dns.shop]\n{dns}", SHOP.replace("instances = 1\n", ""));
    let scenario = scenario(&text);
    simcap::warning::of_scenario(&scenario, 1).iter().map(|it| it.code.name()).collect()
}

#[test]
fn what_is_rarely_intended_is_warned_of() {
    let checked = "policy = \"multivalue\"\nrecords = [{ to = \"web\", health_check = true }]";
    assert!(warned(checked, "instances = 2").contains(&"ttl-above-minute"));
    assert!(!warned(&format!("ttl = \"60s\"\n{checked}"), "instances = 2").contains(&"ttl-above-minute"));
    let simple = "records = [{ to = \"web\" }]";
    assert!(warned(simple, "min = 1\nmax = 3").contains(&"addresses-left-behind"));
    assert!(!warned(simple, "instances = 2").contains(&"addresses-left-behind"));
    let late = "policy = \"weighted\"\nrecords = [{ to = \"web\", weight = 1 }]\nchanges = { at = \"30s\", web = 0 }";
    assert!(warned(late, "instances = 2").contains(&"schedule-after-end"), "it is answered 60 s later");
    let soon = format!("propagation = \"10s\"\n{late}");
    assert!(!warned(&soon, "instances = 2").contains(&"schedule-after-end"));
    let holds =
        |span: &str| format!("ttl = \"60s\"\n{simple}\nholds = {{ share = \"10%\", for = \"{span}\" }}");
    assert!(warned(&holds("60s"), "instances = 2").contains(&"setting-without-effect"));
    for longer in ["61s", "forever"] {
        assert!(!warned(&holds(longer), "instances = 2").contains(&"setting-without-effect"));
    }
}

/// A name that leads nowhere because of a mistake is told once: the steps of what enters by it are no mistake.
#[test]
fn a_broken_name_says_nothing_of_steps() {
    let broken = format!("{SHOP}[dns.shop]\nrecords = []");
    let error = problems(&broken);
    assert!(error.contains("a name without a record") && !error.contains("steps that no"), "{error}");
    // What answers by itself takes none, and other mistakes do not hide that.
    let bucket = format!("{SHOP}[dns.shop]\nrecords = [{{ to = \"pages\" }}]\n[s3.pages]\n");
    let error = problems(&bucket);
    assert!(error.contains("steps that no request comes to"), "{error}");
}
