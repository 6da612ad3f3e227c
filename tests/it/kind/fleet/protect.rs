//! Instances that a scale-in may not end.

use simcap::outcome::Outcome;

use crate::kind::{activities, hundred_a_second};
use crate::run::run;

/// A group with nearly nothing to do that EC2 runs 20 s after a launch.
fn group(seconds: u32, fleet: &str) -> Outcome {
    let fleet = format!("boot = {{ decision = \"0s\", launch = \"20s\" }}\n{fleet}");
    run(&hundred_a_second("\"1/h\"", seconds, &fleet), 1)
}

/// Of four one is not protected: it ends at 100 s, and the two others that are too many when the protection is over.
#[test]
fn what_is_protected_ends_when_its_protection_is_over() {
    let run = group(
        300,
        "min = 1\nmax = 4\ndesired = 4\nschedule = [{ at = \"100s\", desired = 1 }]\nprotect = { initial = 3, until = \"200s\" }",
    );
    assert_eq!(activities(&run), [(100.0, Some(100.0), 4, 1), (200.0, Some(200.0), 1, 1)]);
    let causes: Vec<&str> = run.scaling.iter().map(|activity| activity.cause.as_str()).collect();
    assert_eq!(
        causes,
        [
            "a scheduled action; 1 of 3 ends, the others are protected from scale-in",
            "protection from scale-in is over: 2 instances end"
        ]
    );
    assert_eq!(run.kinds.fleets[0].instance_seconds, 100.0 + 2.0 * 200.0 + 300.0);
}

/// The group wants two at 100 s and one at 200 s. What is launched is protected or not; that of the start is.
#[test]
fn what_is_launched_is_protected_if_the_group_says_so() {
    let with = |new: bool| {
        let fleet = format!(
            "min = 1\nmax = 4\nschedule = [{{ at = \"100s\", desired = 2 }}, {{ at = \"200s\", desired = 1 }}]\nprotect = {{ new = {new} }}"
        );
        group(300, &fleet).kinds.fleets[0].terminated
    };
    assert_eq!((with(true), with(false)), (0.0, 1.0));
}

/// All are protected. The zone of one is lost at 100 s: it fails its status check at 130 s, and is replaced.
#[test]
fn protection_keeps_nothing_that_is_unhealthy() {
    let fleet = "min = 2\nmax = 4\nazs = [\"a\", \"c\"]\nstatus_check = \"30s\"\nprotect = {}\n\
                 [fault.outage]\nzone = \"a\"\nat = \"100s\"";
    assert_eq!(activities(&group(300, fleet)), [(130.0, Some(150.0), 2, 2)]);
}

/// A refresh at 100 s waits for the end of the protection at 400 s, and replaces two, one after the other: the next ends when the one
/// before has come and is warm.
#[test]
fn a_refresh_waits_for_the_end_of_the_protection() {
    let fleet = "min = 2\nmax = 4\ndesired = 2\nwarmup = \"0s\"\nrefresh = [{ at = \"100s\" }]\nprotect = { until = \"400s\" }";
    let run = group(900, fleet);
    let begun: Vec<f64> = run.scaling.iter().map(|activity| activity.at_s).collect();
    assert!(begun.len() == 2 && begun[0] == 400.0 && begun[1] >= 420.0, "{:?}", run.scaling);
}
