//! ELB health checks in the group: grace period, pace of replacement, and errors of clients meanwhile.

use simcap::outcome::Outcome;

use crate::kind::{activities, incidents};
use crate::run::run;

const CAUSE: &str = "an instance was taken out of service in response to an ELB health check failure";

/// Two instances, and from 300 s on four wanted: EC2 runs a new one 20 s after its launch, its application needs five
/// minutes more, its grace period is one minute.
fn short_grace(hook: &str) -> Outcome {
    run(
        &format!(
            "duration = \"40m\"\nbucket = \"10s\"\n[traffic.api]\nrate = \"100/s\"\n[request.call]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"20ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n\
             health_check = {{ interval = \"10s\", timeout = \"5s\" }}\n[fleet.web]\ninstance = \"m5.large\"\n\
             min = 2\nmax = 6\nhealth = \"elb\"\ngrace = \"60s\"\n{hook}\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"5m\", application = \"0s\" }}\n\
             schedule = [{{ at = \"5m\", desired = 4 }}]\n"
        ),
        1,
    )
}

/// In service at 320 s, grace period over at 380 s, and ended by the first check after that, one at a time: a tenth of
/// four is one. Its successor is in service 20 s later and fails the same way, again and again: 80 to 100 s a round for
/// each of two.
#[test]
fn a_grace_shorter_than_the_boot_is_a_kill_loop() {
    let run = short_grace("");
    let [out, rounds @ ..] = run.scaling.as_slice() else { panic!("nothing happened") };
    assert_eq!((out.at_s, out.done_s, out.from, out.to), (300.0, Some(320.0), 2, 4));
    assert!(rounds.iter().all(|round| round.cause == CAUSE && (round.from, round.to) == (4, 4)));
    assert!((380.0..=390.0).contains(&rounds[0].at_s), "{}", rounds[0].at_s);
    for pair in rounds.windows(2) {
        assert!(pair[1].at_s >= pair[0].at_s + 20.0, "one at a time: {} {}", pair[0].at_s, pair[1].at_s);
    }
    let most = 2.0 * (2_400.0 - 380.0) / 80.0;
    assert!((0.8 * most..=most + 2.0).contains(&(rounds.len() as f64)), "{} rounds", rounds.len());
    // They never had a connection, so they drain at once: a round is done when EC2 runs the successor.
    let done: Vec<f64> = rounds.iter().filter_map(|round| Some(round.done_s? - round.at_s)).collect();
    assert!(done.len() + 2 >= rounds.len() && done.iter().all(|after| (after - 20.0).abs() < 1e-6));
    assert!(run.timeline.fleets[0].serving.iter().all(|&serving| serving == 2.0), "no new one ever serves");
    assert_eq!(run.requests.failed, 0.0, "the two old ones carry it");
}

/// With a launch hook the application is up before the grace period begins.
#[test]
fn a_launch_hook_ends_the_kill_loop() {
    let run = short_grace("launch_hook = {}");
    assert_eq!(activities(&run), [(300.0, Some(620.0), 2, 4)]);
    assert_eq!(*run.timeline.fleets[0].serving.last().unwrap(), 4.0);
}

/// One instance of two vCPUs gets the load of twelve from 720 s on. EC2 runs a successor 20 s after its launch, its
/// application answers 30 s later.
fn overloaded(grace: &str) -> Outcome {
    run(
        &format!(
            "duration = \"60m\"\nbucket = \"1s\"\n[traffic.api]\n\
             rate = [[\"12m\", \"10/s\"], [\"12m\", \"120/s\"]]\nclient = {{ timeout = \"30s\" }}\n\
             [request.call]\nvia = \"lb\"\nsteps = [{{ cpu = \"100ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n\
             hop = \"0s\"\nhealth_check = {{ timeout = \"2s\" }}\n[fleet.web]\ninstance = \"m5.large\"\n\
             instances = 1\nthreads = 8\nhealth = \"elb\"\ngrace = \"{grace}\"\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"15s\", bootstrap = \"5s\", application = \"10s\" }}\n"
        ),
        1,
    )
}

/// The first one has been in service for long: it leaves as soon as two checks have failed. Each successor is in
/// service 20 s later and safe for ten minutes from then on, although it never passes a check.
#[test]
fn grace_protects_an_instance_that_has_not_passed_a_check() {
    let run = overloaded("10m");
    let at: Vec<f64> = run.scaling.iter().map(|activity| activity.at_s).collect();
    assert!((720.0..=790.0).contains(&at[0]), "{at:?}");
    // The next check after 20 s and 600 s, at most 30 s later.
    for pair in at.windows(2) {
        assert!((620.0..=650.0).contains(&(pair[1] - pair[0])), "{at:?}");
    }
    assert_eq!(at.len(), 5, "{at:?}");
    // The old one had a connection: it drains for five minutes, and then the activity is over.
    let done = run.scaling[0].done_s.unwrap() - at[0];
    assert!((done - 300.0).abs() < 1e-6, "{done}");
}

#[test]
fn without_grace_a_successor_goes_after_two_failed_checks() {
    let run = overloaded("0s");
    assert!(run.scaling.len() > 20, "{}", run.scaling.len());
}

/// For 20 s there is no target: 503. For 30 s there is one that refuses connections: 502. The balancer reports these,
/// and not that it has a healthy target.
#[test]
fn a_lonely_target_that_is_replaced_leaves_503_and_then_502() {
    let run = overloaded("10m");
    let gone = run.scaling[0].at_s;
    let row = gone as usize;
    let (offered, failed) = (&run.timeline.offered, &run.timeline.failed);
    assert_eq!(failed["http_503"][row + 1..row + 19], offered[row + 1..row + 19]);
    assert_eq!(failed["http_502"][row + 21..row + 49], offered[row + 21..row + 49]);
    let said: Vec<(f64, &str)> =
        incidents(&run).into_iter().filter(|(at, _)| (gone..gone + 60.0).contains(at)).collect();
    let left = said.iter().position(|(_, text)| *text == "no target left: answers 503").unwrap();
    assert_eq!(
        said[left..left + 2],
        [(gone, "no target left: answers 503"), (gone + 20.0, "no healthy target: fails open, sends to all")]
    );
    assert!(said.iter().all(|(_, text)| !text.contains("again")), "{said:?}");
}
