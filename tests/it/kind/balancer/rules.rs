//! Rules: paths and hosts that go to further target groups of one balancer.

use simcap::outcome::Outcome;

use crate::run::run;

/// One class of requests a second, with a path and a host, at a balancer with two rules; the fleets differ in their speed, so a request
/// takes 100 ms at `web`, 200 ms at `api` and 400 ms at `admin`.
fn routed(class: &str) -> Outcome {
    run(
        &format!(
            "duration = \"100s\"\n[traffic.all]\ninterarrival = \"1s\"\n[request.page]\nvia = \"public\"\n{class}\n\
             steps = [{{ cpu = \"100ms\" }}]\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\nhealth_check = {{ cpu = \"0s\" }}\n\
             rules = [{{ path = \"/api/*\", host = \"shop.*\", targets = \"api\" }}, {{ path = \"/api/*\", targets = \"admin\" }}]\n\
             {}{}{}",
            fleet("web", 1.0),
            fleet("api", 0.5),
            fleet("admin", 0.25)
        ),
        1,
    )
}

fn fleet(name: &str, speed: f64) -> String {
    format!(
        "[fleet.{name}]\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}\ninstances = 1\nspeeds = [{speed}]\n"
    )
}

#[test]
fn requests_go_where_the_first_rule_that_fits_sends_them() {
    let cases = [
        ("path = \"/api/cart\"\nhost = \"Shop.example.com\"", 200.0),
        ("path = \"/api/cart\"\nhost = \"other.example.com\"", 400.0),
        ("path = \"/api/cart\"", 400.0),
        ("path = \"/cart\"\nhost = \"shop.example.com\"", 100.0),
        ("", 100.0),
    ];
    for (class, takes) in cases {
        let run = routed(class);
        assert_eq!((run.latency_ms.max, run.requests.failed), (takes, 0.0), "{class}");
    }
}

/// The hours and the capacity units are those of one balancer, wherever requests go.
#[test]
fn groups_are_one_balancer_on_the_bill() {
    let lines = |class: &str| {
        let bill = routed(class).bill;
        let own = bill.items.into_iter().filter(|item| item.resource == "public");
        Vec::from_iter(own.map(|item| (item.what, item.quantity)))
    };
    let (web, api) = (lines(""), lines("path = \"/api/cart\""));
    assert_eq!(web, api);
    assert!(
        web.iter().any(|(what, quantity)| what == "load balancer capacity units" && *quantity > 0.0),
        "{web:?}"
    );
}
