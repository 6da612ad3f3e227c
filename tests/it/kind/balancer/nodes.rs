//! Nodes of a balancer: one in each zone, each with checks and verdicts of its own, and an address in the name of the balancer.

use simcap::outcome::{Outcome, Resource};

use crate::kind::incidents;
use crate::run::run;

/// A hundred requests a second of two instances, one in each of two zones. A check of the balancer asks a service.
fn shop(lb: &str, fleet: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"600s\"\nbucket = \"10s\"\n[traffic.all]\ninterarrival = \"10ms\"\n[client]\ntimeout = \"2s\"\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ delay = \"1ms\" }}]\n[balancer.lb]\ntargets = \"web\"\nhop = \"0s\"\n{lb}\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nthreads = \"unlimited\"\n{fleet}\n\
             [service.ping]\nservers = 100\ntime = \"1ms\"\n{more}"
        ),
        1,
    )
}

fn checked(cross_zone: bool, zones: u32) -> f64 {
    let lb = format!(
        "cross_zone = {cross_zone}\nhealth_check = {{ interval = \"10s\", cpu = \"0s\", steps = {{ service = \"ping\" }} }}"
    );
    shop(&lb, &format!("azs = {zones}"), "").services[0].served
}

/// Two targets, each checked every 10 s of 600 s by each node: 60 for each pair, and one more or less at the ends.
#[test]
fn each_node_checks_every_target_with_cross_zone_and_those_of_its_zone_without() {
    for (cross_zone, zones, pairs) in [(true, 1, 2.0), (true, 2, 4.0), (true, 3, 6.0), (false, 2, 2.0)] {
        let found = checked(cross_zone, zones);
        assert!((found - 60.0 * pairs).abs() <= pairs, "{cross_zone} {zones}: {found}");
    }
}

/// The part of requests that fail in the rows of ten seconds from one to another.
fn failing(run: &Outcome, rows: std::ops::Range<usize>) -> f64 {
    let failed =
        run.timeline.failed.values().map(|rows_of| rows_of[rows.clone()].iter().sum::<f64>()).sum::<f64>();
    failed / (100.0 * rows.len() as f64)
}

const LOST: &str = "[fault.power]\nzone = \"b\"\nat = \"100s\"\nfor = \"400s\"\n";

/// Zone b of two is lost at 100 s. Its target is out after two checks at the latest, here at once: the instance in zone a alone is a target.
/// Half of the callers know the node there: all of them fail until 130 s, when the name leaves it out, three quarters of a minute's worth
/// until 160 s, and none from 190 s on. A request that fails has waited for 2 s.
#[test]
fn clients_fail_at_the_node_of_a_lost_zone_until_their_address_runs_out() {
    let lb = "health_check = { interval = \"5s\", timeout = \"2s\", cpu = \"0s\" }";
    let run = shop(lb, "", LOST);
    // From 120 s on no request goes to the lost target any more.
    for (rows, expected) in [(0..10, 0.0), (12..13, 0.5), (13..16, 0.375), (16..19, 0.125), (20..60, 0.0)] {
        let found = failing(&run, rows.clone());
        assert!((found - expected).abs() < 0.06, "{rows:?}: {found}, expected {expected}");
    }
    let said = incidents(&run)[1];
    assert_eq!(said, (100.0, "1 of 2 addresses of `lb` does not answer: callers keep it for up to 1m30s"));
    // That is why they fail: 1,000 before 110 s and so on, as long as somebody knows the node.
    let trouble = run.phases.iter().find(|phase| phase.trouble).unwrap();
    let place = |of: Resource| trouble.chain.iter().position(|link| link.resource == Some(of));
    let address =
        place(Resource::OldAddress { balancer: 0 }).unwrap_or_else(|| panic!("{}", trouble.sentence));
    assert!(
        place(Resource::Zone { fault: 0 }) < Some(address) && !trouble.chain[address].cause,
        "{}",
        trouble.sentence
    );
    let sent: f64 = trouble.chain[address].text.split(' ').next().unwrap().replace(',', "").parse().unwrap();
    // Half of 30 s, and half of that on the mean of the next minute; what is tried again is sent once more.
    assert!((sent / f64::from(100 * 30) - 1.0).abs() < 0.1, "{sent}");
    // Nobody knows a node for longer than it is there, if the file says so.
    let at_once = shop(&format!("{lb}\ndns = {{ detect = \"0s\", ttl = \"0s\" }}"), "", LOST);
    assert_eq!(failing(&at_once, 12..60), 0.0);
}

/// Without cross-zone load balancing, zone b is lost from 100 s to 300 s with its only target, which nothing replaces. From 190 s on nobody knows the
/// node there, and nobody comes to it when it is back without a healthy target. A target that answers again is healthy by 315 s; from then on or
/// so, not before, the zone has its part: without a failure.
#[test]
fn a_zone_that_is_back_gets_requests_when_its_name_is_known_again() {
    let lost = "[fault.power]\nzone = \"b\"\nat = \"100s\"\nfor = \"200s\"\n";
    // With it, the node that is back knows of the target there what the other one knows.
    for cross_zone in ["false", "true"] {
        let lb = format!(
            "cross_zone = {cross_zone}\nhealth_check = {{ interval = \"5s\", timeout = \"2s\", healthy = 2, cpu = \"0s\" }}"
        );
        for noticed in ["60m", "30s"] {
            let run = shop(&lb, &format!("status_check = \"{noticed}\""), lost);
            assert_eq!(failing(&run, 20..60), 0.0, "{cross_zone} {noticed}");
        }
    }
}

/// Without cross-zone load balancing, the one target of zone b fails its checks from 100 s on: its node sends to it all the same, until the name
/// leaves the zone out 30 s after it was found unhealthy, at 110 s or so, and a minute after that nobody comes there.
#[test]
fn a_zone_without_healthy_targets_leaves_the_name() {
    let lb = "cross_zone = false\nhealth_check = { interval = \"5s\", timeout = \"2s\", cpu = \"0s\" }";
    let hangs =
        "[fault.bug]\nfleet = \"web\"\nzone = \"b\"\neffect = \"fails\"\nat = \"100s\"\nfor = \"300s\"\n";
    let run = shop(lb, "", hangs);
    for (rows, expected) in [(0..10, 0.0), (10..13, 0.5), (15..19, 0.22), (21..40, 0.0), (41..60, 0.0)] {
        let found = failing(&run, rows.clone());
        assert!((found - expected).abs() < 0.09, "{rows:?}: {found}, expected {expected}");
    }
    // With cross-zone load balancing the other node's target takes all as soon as the checks have failed.
    let crossed = shop(&lb.replace("false", "true"), "", hangs);
    assert_eq!(failing(&crossed, 13..60), 0.0);
}
