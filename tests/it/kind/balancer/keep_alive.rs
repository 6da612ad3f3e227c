//! The keep-alive race: a target closes an idle connection while a request is on its way there.

use simcap::outcome::{Outcome, Resource};

use crate::kind::incidents;
use crate::run::{run, scenario};
use crate::theory::confidence::replicate;

/// Requests to one instance, which answers each 1 ms after it has come; one way to it takes `hop`.
fn one_instance(arrivals: &str, seconds: u32, hop: &str, keep_alive: &str, lb: &str) -> String {
    format!(
        "duration = \"{seconds}s\"\nbucket = \"{bucket}s\"\n[traffic.all]\n{arrivals}\n[request.page]\nvia = \"public\"\n\
         steps = [{{ delay = \"1ms\" }}]\n[balancer.public]\ntargets = \"web\"\nhop = \"{hop}\"\n{lb}\n\
         health_check = {{ interval = \"300s\", cpu = \"0s\" }}\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n{keep_alive}\n",
        bucket = (seconds / 1_000).max(10)
    )
}

/// A request every 10 s; one way takes 1 ms. The answer of the first leaves at 10.002 s. The second is sent at 20 s and arrives at
/// 20.001 s, so a target that keeps a connection for 9.9985 s has closed it (at 20.0005 s), and the balancer hears of that at
/// 20.0015 s: 502. The third opens a new one, the fourth fails.
fn every_ten_seconds(keep_alive: &str, lb: &str) -> Outcome {
    let keep_alive = format!("keep_alive = \"{keep_alive}\"");
    run(&one_instance("interarrival = \"10s\"", 1_005, "1ms", &keep_alive, lb), 1)
}

#[test]
fn a_request_that_meets_the_end_of_its_connection_is_502() {
    let raced = every_ten_seconds("9998500us", "");
    assert_eq!(raced.requests.arrived, 100.0);
    assert_eq!((raced.requests.failed, raced.requests.failed_by_cause["http_502"]), (50.0, 50.0));
    // Each other request finds no connection and opens one, on which the next one fails.
    assert_eq!((raced.balancers[0].opened, raced.balancers[0].reused), (50.0, 50.0));
    let [(at, text)] = incidents(&raced)[..] else { panic!("{:?}", incidents(&raced)) };
    assert!(
        (at - 20.001).abs() < 1e-9 && text.contains("instance 1 closed an idle connection"),
        "{at} {text}"
    );
    // The page says why.
    let phase = raced.phases.iter().find(|phase| phase.trouble).unwrap();
    let link = phase.chain.iter().find(|link| link.resource == Some(Resource::Raced { balancer: 0 }));
    let link = link.unwrap_or_else(|| panic!("{}", phase.sentence));
    assert!(
        link.cause && link.text.contains("of `public` met connections that targets of `web` closed as idle"),
        "{}",
        link.text
    );
    // Closed at 20.002 s: the request is there before.
    assert_eq!(every_ten_seconds("10s", "").requests.failed, 0.0);
    // Closed at 19.999 s, known at 20 s: each request has a new connection.
    assert_eq!(every_ten_seconds("9997ms", "").requests.failed, 0.0);
    // A balancer that closes first, or after each request, sends nothing there.
    assert_eq!(every_ten_seconds("9998500us", "idle_timeout = \"9s\"").requests.failed, 0.0);
    assert_eq!(every_ten_seconds("9998500us", "target_connections = \"close\"").requests.failed, 0.0);
}

/// Ten a second in a Poisson process; a connection is closed after 100 ms, and one way takes 1 ms. A request fails if the gap since the
/// last answer came back ends in the race: p = exp(-r (k - 2 hop)) - exp(-r k). One that comes while the last is inside, for 3 ms, opens
/// a connection and does not: q = p exp(-r 3 ms). After a failure there is no connection, so the next one does not either:
/// q / (1 + q).
#[test]
fn requests_on_one_connection_fail_as_often_as_a_gap_ends_in_the_race() {
    let (rate, keep, hop) = (10.0, 0.1, 0.001);
    let race = f64::exp(-rate * (keep - 2.0 * hop)) - f64::exp(-rate * keep);
    let race = race * f64::exp(-rate * 0.003);
    let text = one_instance("rate = \"10/s\"", 20_000, "1ms", "keep_alive = \"100ms\"", "");
    let runs = replicate(&text, 16);
    runs.expect("share", race / (1.0 + race), 0.05, |run| {
        assert_eq!(run.requests.failed, run.requests.failed_by_cause["http_502"]);
        run.requests.failed / run.requests.arrived
    });
}

#[test]
fn a_keep_alive_below_the_idle_timeout_is_warned_of() {
    let codes = |keep_alive: &str, lb: &str| {
        let text = one_instance("rate = \"1/s\"", 10, "1ms", keep_alive, lb);
        let found = simcap::simulate(&scenario(&text), 1, &mut |_| {}).warnings;
        Vec::from_iter(found.iter().filter(|it| it.path() == "fleet.web.keep_alive").map(|it| it.code.name()))
    };
    assert_eq!(codes("keep_alive = \"60s\"", ""), ["keep-alive-below-idle"]);
    assert!(codes("keep_alive = \"61s\"", "").is_empty() && codes("", "").is_empty());
    assert_eq!(codes("keep_alive = \"5s\"", "target_connections = \"close\""), ["setting-without-effect"]);
}
