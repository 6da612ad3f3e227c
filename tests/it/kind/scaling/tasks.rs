//! Application Auto Scaling of tasks, step by step: no warm-up, but cooldowns. Out when 3 points are above the target, from the capacity
//! before the last scale-out while its cooldown lasts; in when 15 are below 90 % of it, and not in the cooldown of the last one.

use simcap::outcome::Outcome;

use crate::kind::{activities, hundred_a_second};
use crate::run::run;

/// Tasks that are RUNNING and answer 30 s after the decision.
const BOOT: &str = "fargate = {}\nboot = { decision = \"0s\", launch = \"20s\", system = \"9s\", bootstrap = \"1s\", application = \"0s\" }";

fn track(rate: &str, seconds: u32, desired: u32, more: &str) -> Outcome {
    let policy = format!(
        "min = 2\nmax = 40\ndesired = {desired}\n{BOOT}\nscaling = [{{ target_tracking = {{ metric = \"cpu\", target = 50, \
         high = {{ delay = \"0s\" }}, low = {{ delay = \"0s\" }}{more} }} }}]"
    );
    run(&hundred_a_second(rate, seconds, &policy), 1)
}

const SURGE: &str = "[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]";

/// 580/s on 4 tasks look like 400/s: ceil(4 × 100/50) = 8 at 480 s. They run from 510 s on, at 72.5 %. Until 810 s a scale-out starts from 4:
/// ceil(4 × 72.5/50) = 6 are there already. At 840 s ceil(8 × 72.5/50) = 12. A group of instances that are warm after a minute would have them
/// three minutes sooner.
#[test]
fn a_second_round_waits_for_the_cooldown() {
    assert_eq!(
        activities(&track(SURGE, 1_200, 4, "")),
        [(480.0, Some(510.0), 4, 8), (840.0, Some(870.0), 8, 12)]
    );
}

/// With a cooldown of a minute it comes at 600 s, the first minute after 570 s.
#[test]
fn a_shorter_cooldown_lets_it_come_sooner() {
    let outcome = track(SURGE, 1_000, 4, ", scale_out_cooldown = \"60s\"");
    assert_eq!(activities(&outcome), [(480.0, Some(510.0), 4, 8), (600.0, Some(630.0), 8, 12)]);
}

/// 344/s on 8 tasks are 43 %, below 45 and above 35: 15 minutes later ceil(8 × 43/50) = 7. Instances would stay. Then 49 %: no more.
#[test]
fn a_service_scales_in_below_nine_tenths_of_its_target() {
    let outcome = track("[[\"120s\", \"384/s\"], [\"120s\", \"344/s\"]]", 2_400, 8, "");
    assert_eq!(activities(&outcome), [(1_020.0, Some(1_020.0), 8, 7)]);
}

/// Two steps of two tasks each: the second one is no more than the first has added, until the cooldown is over: at 360 s from 4 to 6, which is
/// over at 390 s, and at 720 s from 6 to 8.
#[test]
fn a_step_counts_what_the_last_one_has_added() {
    let policy = format!(
        "min = 2\nmax = 40\ndesired = 4\n{BOOT}\nscaling = [{{ step = {{ metric = \"cpu\", above = 50, delay = \"0s\", \
         steps = [{{ from = 0, change = \"+2\" }}] }} }}]"
    );
    let outcome = run(&hundred_a_second(SURGE, 1_000, &policy), 1);
    assert_eq!(activities(&outcome), [(360.0, Some(390.0), 4, 6), (720.0, Some(750.0), 6, 8)]);
}

/// Two policies: the one that wants more counts, and both must agree to remove. At 480 s CPU wants 8, and the requests, of which 580/s are 8,700 a
/// minute of each of 4, with a target of 3,000 want 12.
#[test]
fn the_largest_of_two_policies_counts() {
    let policy = format!(
        "min = 2\nmax = 40\ndesired = 4\nhealth = \"ec2\"\n{BOOT}\nscaling = [{{ target_tracking = {{ metric = \"cpu\", target = 50, \
         high = {{ delay = \"0s\" }}, low = {{ delay = \"0s\" }} }} }}, {{ target_tracking = {{ metric = \"requests_per_target\", target = 3000, \
         high = {{ delay = \"0s\" }}, low = {{ delay = \"0s\" }} }} }}]"
    );
    let text = hundred_a_second(SURGE, 1_000, &policy).replace("via = \"web\"", "via = \"alb\"")
        + "[balancer.alb]\ntargets = \"web\"\nhealth_check = { cpu = \"0ms\" }\n";
    let outcome = run(&text, 1);
    assert_eq!(activities(&outcome)[0], (480.0, Some(510.0), 4, 12));
}
