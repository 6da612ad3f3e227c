//! Launches that fail: in one zone, in all of them, beyond a number, and for too many calls.

use simcap::outcome::{Outcome, Resource};

use crate::kind::{activities, hundred_a_second, incidents};
use crate::phases::{kinds, troubles};
use crate::run::run;

const NO_CAPACITY: &str = "launch failed: no zone has enough capacity";

/// A group with nearly nothing to do that EC2 runs 20 s after a launch, and that is to have `desired` from 100 s on.
fn group(desired: u32, fleet: &str) -> Outcome {
    let fleet = format!(
        "max = 2000\nboot = {{ decision = \"0s\", launch = \"20s\" }}\nschedule = [{{ at = \"100s\", desired = {desired} }}]\n{fleet}"
    );
    run(&hundred_a_second("\"1/h\"", 300, &fleet), 1)
}

fn called_off(run: &Outcome) -> Vec<(u32, u32)> {
    run.scaling.iter().map(|activity| (activity.launches, activity.called_off)).collect()
}

fn codes(run: &Outcome) -> Vec<&str> {
    run.warnings.iter().map(|warning| warning.code.name()).collect()
}

/// EC2 has two instances for the one zone until 200 s: of three launches two fail, and fail again at 160 s; at 220 s there
/// are enough.
#[test]
fn launches_beyond_the_capacity_of_a_zone_are_tried_again() {
    let run = group(4, "min = 1\nazs = [\"a\"]\nlaunch_failures = [{ until = \"200s\", beyond = 2 }]");
    let expected = [(100.0, Some(120.0), 1, 4), (160.0, Some(160.0), 4, 4), (220.0, Some(240.0), 4, 4)];
    assert_eq!(activities(&run), expected);
    assert_eq!(called_off(&run), [(3, 2), (2, 2), (2, 0)]);
    assert_eq!(incidents(&run), [(100.0, NO_CAPACITY), (160.0, NO_CAPACITY)], "one line an instant");
    let fleet = &run.kinds.fleets[0];
    assert_eq!((fleet.launched, fleet.failed_launches, fleet.missing), (3.0, 4.0, 0.0));
    assert!(!codes(&run).contains(&"launches-failed"));
    let sooner =
        group(4, "min = 1\nazs = [\"a\"]\nlaunch_retry = \"5s\"\nlaunch_failures = [{ until = \"112s\" }]");
    assert_eq!(activities(&sooner).last(), Some(&(115.0, Some(135.0), 4, 4)));
}

/// One of two zones has nothing: both launches are in the other one. When the zone has capacity again, the group of one and
/// three spreads to two and two.
#[test]
fn a_group_launches_in_the_zone_that_has_capacity_and_spreads_later() {
    let run = group(
        4,
        "min = 2\nazs = [\"a\", \"c\"]\nlaunch_failures = [{ zone = \"a\", at = \"50s\", until = \"200s\" }]",
    );
    let expected = [(100.0, Some(120.0), 2, 4), (200.0, Some(220.0), 4, 4)];
    assert_eq!(activities(&run), expected);
    assert_eq!(run.scaling[1].cause, "instances are spread evenly over the zones again");
    let said = "launch failed in zone a, which lacks capacity: launched in zone c";
    assert_eq!(incidents(&run), [(100.0, said)], "once");
    let without = group(4, "min = 2\nazs = [\"a\", \"c\"]");
    assert_eq!(activities(&without), expected[..1], "two and two from the beginning");
}

#[test]
fn launches_that_never_succeed_are_a_warning() {
    let run = group(2, "min = 1\nlaunch_failures = [{}]");
    let tries = run.scaling.iter().map(|activity| activity.at_s).collect::<Vec<_>>();
    assert_eq!(tries, [100.0, 160.0, 220.0, 280.0]);
    assert!(called_off(&run).iter().all(|it| *it == (1, 1)));
    let warning = run.warnings.iter().find(|it| it.code.name() == "launches-failed").expect("a warning");
    let message = "4 launches of fleet `web` failed, and at the end its desired capacity lacks 1 instance";
    assert_eq!(warning.message, message);
}

/// EC2 API reference: 1,000 tokens, two more each second. Of 1,300 launches 300 fail; a minute later there are 120 tokens,
/// a minute later 120 more, and then 60 are left to launch.
#[test]
fn an_account_launches_a_thousand_at_once_and_two_a_second() {
    let run = group(1_301, "min = 1");
    assert_eq!(called_off(&run), [(1_300, 300), (300, 180), (180, 60), (60, 0)]);
    let limit = "launch failed: too many calls, the request limit of the account is exceeded";
    assert_eq!(incidents(&run), [(100.0, limit), (160.0, limit), (220.0, limit)]);
}

/// What is stopped needs capacity to start, what runs does not.
#[test]
fn an_instance_of_a_warm_pool_needs_capacity_to_start() {
    let with = |state: &str, start: &str| {
        let fleet = "min = 1\nazs = [\"a\"]\nlaunch_failures = [{ at = \"50s\", until = \"170s\" }]\n";
        group(2, &format!("{fleet}warm_pool = {{ state = \"{state}\", min = 1, max_prepared = 2{start} }}"))
    };
    assert_eq!(activities(&with("running", "")), [(100.0, Some(100.0), 1, 2)]);
    let stopped = with("stopped", ", start = \"10s\"");
    assert_eq!(activities(&stopped).last(), Some(&(220.0, Some(230.0), 2, 2)));
    assert_eq!(
        stopped.scaling[2].cause,
        "launches that had failed are tried again; 1 of 1 from the warm pool"
    );
}

/// Two are on demand, and the third is to be Spot, of which there is none; or the other way round.
#[test]
fn a_launch_that_fails_in_one_market_names_it() {
    let said = |market: &str, base: u32| {
        let fleet = format!(
            "min = 2\nazs = [\"a\"]\nspot = {{ on_demand_base = {base}, on_demand_share = \"0%\" }}\n\
             launch_failures = [{{ until = \"150s\", market = \"{market}\" }}]"
        );
        let run = group(3, &fleet);
        run.incidents.iter().map(|it| it.text.clone()).collect::<Vec<String>>()
    };
    assert_eq!(said("spot", 2), ["launch failed: no zone has enough Spot capacity"]);
    assert_eq!(said("on_demand", 3), ["launch failed: no zone has enough on-demand capacity"]);
    assert!(said("on_demand", 2).is_empty());
}

/// Two instances are 40 % busy; four were to be there from 2:00 on. EC2 has none for the other two until 5:50, and is asked each minute: at
/// 6:00 they are launched, and they answer at 6:50. From 5:00 on 500/s of 10 ms are five vCPUs of the four that there are.
#[test]
fn capacity_that_ec2_refuses_is_why_what_there_is_fills() {
    let run = |peak: u32, failures: &str| {
        let text = format!(
            "duration = \"10m\"\nbucket = \"5s\"\n[traffic.web]\nrate = [[\"0m\", \"150/s\"], [\"5m\", \"150/s\"], [\"5m\", \"{peak}/s\"], \
             [\"8m\", \"{peak}/s\"], [\"8m\", \"150/s\"]]\nclient = {{ timeout = \"4s\" }}\n[request.page]\nvia = \"lb\"\n\
             steps = [{{ cpu = \"10ms\" }}]\n[balancer.lb]\ntargets = \"app\"\n[fleet.app]\ninstance = \"m5.large\"\nmin = 2\nmax = 4\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"0s\", application = \"20s\" }}\n{failures}\
             schedule = [{{ at = \"2m\", desired = 4 }}]\n"
        );
        run(&text, 1)
    };
    let refused = Some(Resource::FailedLaunches { fleet: 0 });
    let late = run(500, "launch_failures = [{ at = \"1m\", until = \"5m50s\" }]\n");
    let trouble = troubles(&late)[0];
    let expected = [(refused, true), (Some(Resource::Cpu { fleet: 0 }), false)];
    assert_eq!(kinds(trouble)[..2], expected, "{}", trouble.sentence);
    let link = &trouble.chain[0];
    assert_eq!(link.at_s, 120.0, "{link:?}");
    assert!((410.0..=415.0).contains(&link.until_s), "{link:?}");
    assert!(link.text.starts_with("launches of `app` failed (2 instances missing)"), "{link:?}");
    assert!(trouble.from_s >= 300.0, "{}", trouble.sentence);
    let written = serde_json::to_value(link.resource).unwrap();
    assert_eq!(written["part"], "failed_launches", "{written}");
    // Where nobody feels it, it is said of the calm.
    let calm = run(150, "launch_failures = [{ at = \"1m\" }]\n");
    assert!(!calm.phases[0].trouble, "{:?}", calm.phases);
    let said = "launches of `app` failed (2 instances missing) from 2:00 on";
    assert!(calm.phases[0].sentence.contains(said), "{}", calm.phases[0].sentence);
    // With all four the same traffic is no overload.
    assert!(troubles(&run(500, "")).is_empty());
}
