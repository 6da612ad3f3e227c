//! Usage plans: buckets and quotas of keys.

use super::{failed, text};
use crate::run::run;

const SHORT: &str = "{ delay = \"1ms\" }";

fn planned(rate: &str, duration: &str, plan: &str) -> simcap::outcome::Outcome {
    run(&text(rate, duration, SHORT, &format!("plans = [{{ traffic = \"all\", {plan} }}]")), 1)
}

/// One key with ten a second and 30 at once: of 50 a second in ten seconds, 30 and 100.
#[test]
fn a_key_has_a_bucket_of_its_own() {
    let outcome = planned("\"50/s\"", "10s", "rate = \"10/s\", burst = 30");
    assert!((outcome.apis[0].requests - 130.0).abs() <= 1.0, "{:?}", outcome.apis);
    // Without a burst the bucket holds a second of it.
    let outcome = planned("\"50/s\"", "10s", "rate = \"10/s\"");
    assert!((outcome.apis[0].requests - 110.0).abs() <= 1.0, "{:?}", outcome.apis);
}

/// The keys of a plan are a limit of their own: three with ten a second each take half of 60, and twice 15. What limits nothing is refused.
#[test]
fn the_keys_of_a_plan_are_a_limit_of_their_own() {
    use simcap::outcome::Resource;
    let of = Resource::Keys { api: 0 };
    let full = planned("\"60/s\"", "60s", "keys = 3, rate = \"10/s\", burst = 10");
    let link = &full.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(of), true), "{:#?}", full.phases);
    assert!(link.text.starts_with("keys of API `front` at their limit (up to "), "{}", link.text);
    let calm = planned("\"15/s\"", "60s", "keys = 3, rate = \"10/s\", burst = 100");
    let limit = calm.headroom.iter().find(|it| it.of == of).unwrap().limit().unwrap();
    assert!((limit / 2.0 - 1.0).abs() < 0.05, "{:?}", calm.headroom);
    let text = text("\"1/s\"", "10s", SHORT, "plans = [{ traffic = \"all\", keys = 5 }]");
    match simcap::scenario::parse("a.toml", text.as_bytes(), std::path::Path::new(""), &[]) {
        Err(simcap::scenario::ScenarioError::Invalid(report)) => {
            assert!(report.render(false).contains("keys that limit nothing"));
        }
        other => panic!("{other:?}"),
    }
}

/// Ten keys share the requests by chance: each has 5 a second of the 50, and 10 a second is enough for it; with four a second and one at once it is not.
#[test]
fn requests_of_open_traffic_draw_one_of_the_keys() {
    assert_eq!(planned("\"50/s\"", "20s", "keys = 10, rate = \"20/s\", burst = 20").apis[0].throttled, 0.0);
    let told = planned("\"50/s\"", "200s", "keys = 10, rate = \"4/s\", burst = 1").apis.remove(0);
    // An M/D/1/1-like bucket takes less than 4 a second of each, and more than half of that.
    assert!(told.requests < 8_000.0 && told.requests > 4_000.0, "{told:?}");
}

/// A quota of 100 a day: 100 of the first day, and 100 of the second. Seventy that are spent leave thirty of the first.
#[test]
fn a_quota_is_for_a_period() {
    let outcome = planned("\"0.01/s\"", "2d", "quota = 100, period = \"day\"");
    let told = &outcome.apis[0];
    assert_eq!(told.requests, 200.0);
    assert_eq!(
        (told.over_quota, failed(&outcome, "http_429")),
        (outcome.requests.arrived - 200.0, told.over_quota)
    );
    assert_eq!(
        planned("\"0.01/s\"", "2d", "quota = 100, period = \"day\", spent = 70").apis[0].requests,
        130.0
    );
    assert_eq!(planned("\"0.01/s\"", "2d", "quota = 100, period = \"week\"").apis[0].requests, 100.0);
    assert_eq!(planned("\"0.01/s\"", "2d", "quota = 100").apis[0].requests, 100.0);
    assert_eq!(planned("\"0.01/s\"", "2d", "keys = 1000, quota = 100").apis[0].over_quota, 0.0);
}

/// Users keep their key: two of them with one key each have a bucket each.
#[test]
fn users_keep_their_key() {
    let of = |keys: u32| {
        let text = text(
            "\"1/s\"",
            "100s",
            SHORT,
            &format!("plans = [{{ traffic = \"people\", keys = {keys}, rate = \"1/s\", burst = 1 }}]"),
        );
        let people = "[users.people]\ncount = 2\nthink = \"99ms\"\n[lambda.f]";
        let text = text
            .replace("[lambda.f]", people)
            .replace("rate = \"1/s\"\ninterarrival = \"1s\"\n", "rate = \"0.001/s\"\n");
        run(&text, 1).apis[0].requests
    };
    assert!((of(2) / of(1) / 2.0 - 1.0).abs() < 0.03, "{} {}", of(2), of(1));
}

/// What is in no plan has no such limit, and quotas are no limit of the others.
#[test]
fn other_sources_have_no_key() {
    let text = text("\"50/s\"", "10s", SHORT, "plans = [{ traffic = \"all\", rate = \"10/s\", burst = 30 }]");
    let text = text.replace("[client]", "requests = \"page\"\n[traffic.others]\nrate = \"50/s\"\ninterarrival = \"1s\"\nrequests = \"page\"\n[client]");
    let outcome = run(&text, 1);
    assert!((outcome.apis[0].requests - 130.0 - 500.0).abs() <= 2.0, "{:?}", outcome.apis);
}
