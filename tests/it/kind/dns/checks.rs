//! Health checks of Route 53: when a record is found out, and what requests meet until then.

use super::{by_first, incidents, is_near, two};

/// A primary record with a check, and a secondary one without, of which the first hangs from 100 s on.
fn failover(rate: u32, check: &str, seed: u64) -> simcap::outcome::Outcome {
    let dns = format!(
        "policy = \"failover\"\nttl = \"60s\"\nresolvers = 20\nrecords = [{{ to = \"a\", role = \"primary\", health_check = {check} }}, \
         {{ to = \"b\", role = \"secondary\" }}]"
    );
    two(300, rate, &dns, "[fault.f]\nat = \"100s\"\nfleet = \"a\"\ninstances = 4\neffect = \"hangs\"", seed)
}

/// When a record was found unhealthy.
fn found_out(run: &simcap::outcome::Outcome) -> f64 {
    let found = incidents(run).into_iter().find(|(_, text)| *text == "record of a is unhealthy");
    found.unwrap_or_else(|| panic!("{:?}", incidents(run))).0
}

/// The record has four addresses and is unhealthy when the last of them is. Each is so when fourteen of its sixteen checkers have failed
/// three times, two seconds after the third: of sixteen instants in 30 s the fourteenth comes at 14/17 of these on the mean. The last of four of
/// them lies between that and the end of the interval.
#[test]
fn a_record_is_found_out_after_three_intervals() {
    let found: Vec<f64> = (1..=8).map(|seed| found_out(&failover(1, "true", seed))).collect();
    assert!(found.iter().all(|at| (162.0..192.0).contains(at)), "{found:?}");
    let mean = found.iter().sum::<f64>() / 8.0;
    let one = 162.0 + 30.0 * 14.0 / 17.0;
    assert!(mean > one && mean < 192.0, "{mean}, {one}");
    // With one checker, ten seconds and one failure: within ten seconds and the two of the answer.
    let fast = "{ checkers = 1, interval = \"10s\", threshold = 1 }";
    assert!((102.0..112.0).contains(&found_out(&failover(1, fast, 1))));
}

/// From 100 s until it is found out all requests fail, and then those whose client still has the old answer: half of a minute's requests, less what
/// has run out already at twenty resolvers that are asked once a second.
#[test]
fn requests_fail_until_the_last_old_answer_has_run_out() {
    let run = failover(20, "true", 1);
    let at = found_out(&run);
    let failed = run.requests.failed;
    let old = 600.0 * 60.0 / 61.0;
    let (mean, of_resolvers) = (20.0 * (at - 100.0) + old, 20.0 * 300.0);
    assert!(is_near(failed, mean, of_resolvers + 20.0 * 60.0 / 6.0 + 20.0), "{failed}, expected {mean}");
    assert!(by_first(&run)[at as usize + 61..].iter().all(|rate| *rate == 0.0));
    let name = &run.domains[0];
    assert_eq!((name.failed, name.recovered), (1.0, 0.0));
    assert!(is_near(name.old, old, of_resolvers + 200.0 + 20.0), "{}", name.old);
}

/// What is over by 130 s comes back: each checker must see it pass as often as it saw it fail.
#[test]
fn a_record_is_healthy_again_after_as_many_passes() {
    let dns = "policy = \"failover\"\nttl = \"0s\"\nrecords = [{ to = \"a\", role = \"primary\", health_check = \
               { checkers = 1, interval = \"10s\", threshold = 3 } }, { to = \"b\", role = \"secondary\" }]";
    let fault = "[fault.f]\nat = \"100s\"\nfor = \"100s\"\nfleet = \"a\"\ninstances = 4\neffect = \"hangs\"";
    let run = two(300, 1, dns, fault, 1);
    let said: Vec<(f64, &str)> =
        incidents(&run).into_iter().filter(|(_, text)| text.starts_with("record of")).collect();
    let [(down, "record of a is unhealthy"), (up, "record of a is healthy")] = said[..] else {
        panic!("{said:?}")
    };
    // Unhealthy when the last of four is, the 2 s of an answer after its third check; healthy when the first one is, and a check that was sent up to 2 s before the
    // end is answered.
    assert!((122.0..132.0).contains(&down) && (218.0..230.0).contains(&up), "{down} {up}");
}

/// A balancer whose targets hang is unhealthy by its own checks, and so is an alias to it: after 2 · 5 s, and the 4 s that a check waits.
#[test]
fn an_alias_is_as_healthy_as_its_target() {
    let dns = "policy = \"failover\"\nrecords = [{ to = \"lb\", role = \"primary\" }, { to = \"b\", role = \"secondary\" }]\nttl = \"60s\"";
    let further = "[balancer.lb]\ntargets = \"a\"\nhealth_check = { interval = \"5s\", timeout = \"4s\" }\n\
                   [fault.f]\nat = \"100s\"\nfleet = \"a\"\ninstances = 4\neffect = \"hangs\"";
    let run = two(200, 5, dns, further, 1);
    let found = incidents(&run).into_iter().find(|(_, text)| *text == "record of lb is unhealthy").unwrap();
    assert!((109.0..114.1).contains(&found.0), "{found:?}");
    assert!(by_first(&run)[found.0 as usize + 61..].iter().all(|rate| *rate == 0.0));
    // Without it the answer stays: the balancer fails open.
    let without = dns.replace("role = \"primary\"", "role = \"primary\", evaluate_target_health = false");
    let run = two(200, 5, &without, further, 1);
    assert!(by_first(&run)[1..].iter().all(|rate| *rate == 5.0));
}

/// A check through a balancer is a request there: when all threads are taken it is not answered in time.
#[test]
fn an_overload_fails_the_checks_of_a_record() {
    let dns = "policy = \"failover\"\nttl = \"60s\"\nrecords = [{ to = \"lb\", role = \"primary\", evaluate_target_health = false, \
               health_check = { checkers = 1, interval = \"10s\", threshold = 2 } }, { to = \"b\", role = \"secondary\" }]";
    let further = "[balancer.lb]\ntargets = \"small\"\n[fleet.small]\ninstance = { vcpus = 1, memory = \"1 GiB\" }\ninstances = 1\nthreads = 1\n\
                   [traffic.busy]\nrate = [[\"0s\", \"0/s\"], [\"60s\", \"0/s\"], [\"60s\", \"1/s\"], [\"300s\", \"1/s\"]]\n\
                   requests = \"long\"\n[request.long]\nvia = \"lb\"\nsteps = [{ delay = \"20s\" }]";
    let dns = format!("{dns}\n");
    let text = two(
        200,
        1,
        &dns,
        &further.replace("[traffic.busy]", "[traffic.busy]\nclient = { timeout = \"never\" }"),
        1,
    );
    let found = incidents(&text).into_iter().find(|(_, text)| *text == "record of lb is unhealthy");
    let at = found.unwrap_or_else(|| panic!("{:?}", incidents(&text))).0;
    assert!((70.0..90.0).contains(&at), "{at}");
}

/// An alarm decides, in the place of checkers.
#[test]
fn a_record_goes_by_an_alarm() {
    let dns = "policy = \"failover\"\nttl = \"0s\"\nrecords = [{ to = \"a\", role = \"primary\", health_check = { alarm = \"slow\" } }, \
               { to = \"b\", role = \"secondary\" }]";
    let further = "[alarm.slow]\nmetric = \"cpu\"\nfleet = \"a\"\nabove = 1\nperiod = \"1m\"\nperiods = 1\ndelay = \"0s\"\n\
                   [traffic.busy]\nrate = [[\"0s\", \"0/s\"], [\"120s\", \"0/s\"], [\"120s\", \"300/s\"], [\"400s\", \"300/s\"]]\n\
                   requests = \"work\"\n[request.work]\nvia = \"a\"\nsteps = [{ cpu = \"5ms\" }]";
    let run = two(400, 2, dns, further, 1);
    let found = incidents(&run).into_iter().find(|(_, text)| *text == "record of a is unhealthy").unwrap().0;
    assert_eq!(found, run.alarms.iter().find(|it| it.alarm == "slow").unwrap().at_s);
    assert!(by_first(&run)[found as usize + 1..].iter().all(|rate| *rate == 0.0));
}

/// Per month: sixteen checkers or one, an endpoint is an endpoint; HTTPS and ten seconds are options. Here four addresses for an hour.
#[test]
fn checks_are_charged_by_endpoint_and_option() {
    let dns = "policy = \"multivalue\"\nttl = \"60s\"\nrecords = [{ to = \"a\", health_check = { type = \"https\", interval = \"10s\", checkers = 1 } }]";
    let run = two(3_600, 1, dns, "", 1);
    let quantity = |sku: &str| {
        run.bill.items.iter().find(|it| it.price == format!("Route53/{sku}")).map_or(0.0, |it| it.quantity)
    };
    assert!((quantity("health-check-aws") - 4.0 / 730.0).abs() < 1e-9, "{:?}", run.bill.items);
    assert!((quantity("health-check-option-aws") - 8.0 / 730.0).abs() < 1e-9);
    assert!((quantity("hosted-zone") - 1.0 / 730.0).abs() < 1e-9);
}
