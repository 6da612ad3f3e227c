//! What an API takes, by hand.

use simcap::outcome::Resource;

use super::{asked, failed, text};
use crate::run::run;

const SHORT: &str = "{ delay = \"1ms\" }";

/// The account takes 10,000 a second and 5,000 at once: at 20,000 a second for a second, 5,000 and 10,000 of them.
#[test]
fn the_account_takes_ten_thousand_a_second_and_five_thousand_at_once() {
    let outcome = asked("\"20000/s\"", "1s", SHORT, "[account]\nlambda_concurrency = 100000");
    let told = &outcome.apis[0];
    assert!((told.requests - 15_000.0).abs() <= 2.0, "{told:?}");
    assert_eq!(failed(&outcome, "http_429"), told.throttled);
    assert_eq!(told.requests + told.throttled, outcome.requests.arrived);
    // Below it nothing is throttled, and nothing is lost.
    let outcome = asked("\"9000/s\"", "2s", SHORT, "[account]\nlambda_concurrency = 100000");
    assert_eq!((outcome.apis[0].throttled, outcome.requests.failed), (0.0, 0.0));
}

/// Another quota of the account, which two APIs share: 100 a second and ten at once of 80 and 80. From the first request, 12.5 ms after the start, to the last
/// one, as long before the end, 997.5 come into the bucket.
#[test]
fn apis_share_the_rate_of_their_account() {
    let one = text("\"80/s\"", "10s", SHORT, "[account]\napi_rate = \"100/s\"\napi_burst = 10");
    let two = format!(
        "{one}[traffic.others]\nrate = \"80/s\"\ninterarrival = \"1s\"\nrequests = \"other\"\n[request.other]\nvia = \"back\"\nsteps = [{SHORT}]\n\
         [api.back]\nintegration = \"f\"\nlatency = \"0s\"\n"
    );
    let outcome = run(&two.replace("[client]", "requests = \"page\"\n[client]"), 1);
    let taken: f64 = outcome.apis.iter().map(|api| api.requests).sum();
    assert!((taken - 1_007.5).abs() <= 0.5, "{:?}", outcome.apis);
    // In another Region there is another account.
    let far = two.replace("[api.back]", "[api.back]\nregion = \"eu-west-1\"");
    let outcome = run(&far.replace("[client]", "requests = \"page\"\n[client]"), 1);
    assert!(outcome.apis.iter().all(|api| api.throttled == 0.0), "{:?}", outcome.apis);
}

/// Two APIs with 30 a second each take 60 of the 100 of their account, which have room for half as much again with the five of a third one. That one has a rate of its own, of which it takes half: it too
/// is nearer to the limit of the account.
#[test]
fn the_rate_of_an_account_is_one_resource() {
    let one = text("\"30/s\"", "60s", SHORT, "[account]\napi_rate = \"100/s\"\napi_burst = 10");
    let other = |name: &str, rate: &str, more: &str| {
        format!(
            "[traffic.{name}]\nrate = \"{rate}\"\ninterarrival = \"1s\"\nrequests = \"{name}\"\n[request.{name}]\nvia = \"{name}\"\nsteps = [{SHORT}]\n\
             [api.{name}]\nintegration = \"f\"\nlatency = \"0s\"\n{more}\n"
        )
    };
    let text =
        one + &other("back", "30/s", "") + &other("side", "5/s", "throttle = { rate = \"10/s\", burst = 5 }");
    let outcome = run(&text.replace("[client]", "requests = \"page\"\n[client]"), 1);
    let of = |api: usize| {
        let of = Resource::ApiRate { api };
        outcome.headroom.iter().find(|it| it.of == of)
    };
    let account = of(0).unwrap();
    assert_eq!(account.resource, "request rate of the account (APIs `front` and `back`)");
    // What the third one takes of the account is in what is taken.
    assert!((account.limit().unwrap() / (100.0 / 65.0) - 1.0).abs() < 0.05, "{account:?}");
    assert!(of(1).is_none());
    assert_eq!(of(2).unwrap().resource, "request rate of API `side`");
    assert!((of(2).unwrap().limit().unwrap() / (100.0 / 65.0) - 1.0).abs() < 0.05, "{:?}", of(2));
}

/// A stage with 50 a second and 20 at once takes 20 and 500 of 1,000 in ten seconds. It is blamed, and half the traffic is what it takes.
#[test]
fn a_stage_has_a_bucket_of_its_own() {
    let outcome = asked("\"100/s\"", "10s", SHORT, "throttle = { rate = \"50/s\", burst = 20 }");
    assert!((outcome.apis[0].requests - 520.0).abs() <= 1.0, "{:?}", outcome.apis);
    let of = Resource::ApiRate { api: 0 };
    let link = &outcome.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(of), true), "{:#?}", outcome.phases);
    assert!(link.text.starts_with("request rate of API `front` at its limit (up to 5"), "{}", link.text);
    let calm = asked("\"25/s\"", "60s", SHORT, "throttle = { rate = \"50/s\", burst = 20 }");
    let found = calm.headroom.iter().find(|it| it.of == of).unwrap();
    assert!((found.limit().unwrap() / 2.0 - 1.0).abs() < 0.05, "{found:?}");
}

/// A route has less than the stage: 10 a second and five at once.
#[test]
fn a_route_has_a_bucket_before_that_of_the_stage() {
    let api = "throttle = { rate = \"50/s\", burst = 20 }\nroutes = [{ path = \"/orders/*\", rate = \"10/s\", burst = 5 }]";
    let of = |path: &str| {
        let text = text("\"100/s\"", "10s", SHORT, api);
        run(&text.replace("via = \"front\"", &format!("via = \"front\"\npath = \"{path}\"")), 1).apis[0]
            .requests
    };
    assert!((of("/orders/7") - 105.0).abs() <= 1.0);
    assert!((of("/items") - 520.0).abs() <= 1.0);
}

/// A route that is full is blamed by its own name, and not the rate of the API. With half of what it takes, it has room for twice the traffic.
#[test]
fn the_routes_of_an_api_are_a_limit_of_their_own() {
    let api = "routes = [{ path = \"/orders/*\", rate = \"10/s\", burst = 5 }, { path = \"/items\", rate = \"1000/s\", burst = 5 }]";
    let of = |rate: &str| {
        let text = text(rate, "60s", SHORT, api);
        run(&text.replace("via = \"front\"", "via = \"front\"\npath = \"/orders/7\""), 1)
    };
    let (full, calm) = (of("\"100/s\""), of("\"5/s\""));
    let link = &full.phases.iter().find(|phase| phase.trouble).unwrap().chain[0];
    assert_eq!((link.resource, link.cause), (Some(Resource::Routes { api: 0 }), true), "{:#?}", full.phases);
    assert!(link.text.starts_with("routes of API `front` at their limit (up to 9"), "{}", link.text);
    let limit = |outcome: &simcap::outcome::Outcome, of: Resource| {
        outcome.headroom.iter().find(|it| it.of == of).unwrap().limit().unwrap()
    };
    assert!((limit(&calm, Resource::Routes { api: 0 }) / 2.0 - 1.0).abs() < 0.05, "{:?}", calm.headroom);
    assert!(limit(&full, Resource::Routes { api: 0 }) < 1.0, "{:?}", full.headroom);
    assert!(limit(&full, Resource::ApiRate { api: 0 }) > 100.0, "{:?}", full.headroom);
}

/// 10 MB pass, and before a function 6 MB; what is larger is a 413.
#[test]
fn a_payload_that_is_too_large_is_turned_away() {
    let of = |size: &str, integration: &str| {
        let text = text("\"10/s\"", "5s", SHORT, "").replace("integration = \"f\"", integration);
        let text = text.replace("via = \"front\"", &format!("via = \"front\"\nrequest_size = \"{size}\""));
        let fleet = "[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n[balancer.lb]\ntargets = \"web\"\n";
        let outcome = run(&format!("{text}{fleet}"), 1);
        (failed(&outcome, "http_413"), outcome.apis[0].too_large, outcome.requests.completed > 40.0)
    };
    let (function, balancer) = ("integration = \"f\"", "integration = \"lb\"");
    assert_eq!(of("6 MiB", function), (0.0, 0.0, true));
    let (failed, counted, passes) = of("7 MiB", function);
    assert!(failed >= 49.0 && failed == counted && !passes);
    assert_eq!(of("10 MiB", balancer), (0.0, 0.0, true));
    assert!(of("11 MiB", balancer).0 >= 49.0);
}

/// It takes time of its own: 10 ms, of an HTTP API 5 ms.
#[test]
fn an_api_takes_some_milliseconds() {
    let of = |kind: &str| {
        let text = text("\"10/s\"", "5s", SHORT, "").replace("latency = \"0s\"", kind);
        run(&text, 1).latency_ms.mean
    };
    assert!((of("") - 11.0).abs() < 0.01 && (of("kind = \"http\"") - 6.0).abs() < 0.01);
    assert!((of("latency = \"3ms\"") - 4.0).abs() < 0.01);
}
