//! Several policies of a group. EC2 Auto Scaling user guide, "Dynamic scaling": the largest resulting capacity counts; "Target
//! tracking scaling policies": out if any asks, in if all agree, and step scaling is not held back.

use crate::kind::{decisions, hundred_a_second};
use crate::run::run;

const BOOT: &str = "launch_hook = {}\nboot = { decision = \"0s\", launch = \"20s\", system = \"5s\", bootstrap = \"3s\", application = \"2s\" }";

fn step(alarm: &str, change: &str) -> String {
    let side = if alarm.starts_with("above") { "from" } else { "to" };
    format!(
        "{{ step = {{ metric = \"cpu\", {alarm}, delay = \"0s\", steps = [{{ {side} = 0, change = \"{change}\" }}] }} }}"
    )
}

fn track(target: u32, periods: u32) -> String {
    let alarm = format!("{{ periods = {periods}, delay = \"0s\" }}");
    format!(
        "{{ target_tracking = {{ metric = \"cpu\", target = {target}, high = {alarm}, low = {alarm} }} }}"
    )
}

/// What a group of this many does under policies in this order and in the other, which must be the same.
fn group(rate: u32, seconds: u32, instances: u32, policies: [String; 2]) -> Vec<(f64, u32, u32)> {
    let [first, second] = &policies;
    let [one, other] = [[first, second], [second, first]].map(|[one, other]| {
        let fleet = format!(
            "min = 1\nmax = 20\ndesired = {instances}\nwarmup = \"0s\"\n{BOOT}\nscaling = [{one}, {other}]"
        );
        decisions(&run(&hundred_a_second(&format!("\"{rate}/s\""), seconds, &fleet), 1))
    });
    assert_eq!(one, other, "the order in the file does not matter");
    one
}

/// The example of the user guide: of eight, three less are five, and 25 % less are six.
#[test]
fn of_two_that_remove_the_one_that_leaves_more_counts() {
    let policies = || [step("below = 50", "-3"), step("below = 50", "-25%")];
    assert_eq!(group(160, 61, 8, policies()), [(60.0, 8, 6)]);
    // 25 % of 16 is four.
    assert_eq!(group(160, 61, 16, policies()), [(60.0, 16, 13)]);
}

#[test]
fn of_two_that_add_the_one_that_adds_more_counts() {
    let policies = || [step("above = 50", "+2"), step("above = 50", "+25%")];
    assert_eq!(group(640, 61, 8, policies()), [(60.0, 8, 10)]);
    assert_eq!(group(1_280, 61, 16, policies()), [(60.0, 16, 20)]);
}

#[test]
fn out_counts_more_than_in() {
    assert_eq!(group(640, 61, 8, [step("above = 50", "+1"), step("below = 90", "-5")]), [(60.0, 8, 9)]);
}

/// 20 % is below 0.7 of a target of 50 and of one of 100: four and two would do, and four stay. With a target of 25 the second
/// does not agree.
#[test]
fn all_that_track_a_target_must_agree_to_remove() {
    assert_eq!(group(160, 61, 8, [track(50, 1), track(100, 1)]), [(60.0, 8, 4)]);
    assert_eq!(group(160, 61, 8, [track(50, 1), track(25, 1)]), []);
}

/// 40 % is not below 0.7 of 50, so target tracking is not ready to remove; the step does.
#[test]
fn a_step_is_not_held_back_by_a_target() {
    assert_eq!(group(320, 61, 8, [track(50, 1), step("below = 45", "-1")]), [(60.0, 8, 7)]);
}

/// Out if any asks: 60 % is above 50, and below 0.7 of 100.
#[test]
fn any_that_tracks_a_target_may_add() {
    assert_eq!(group(480, 61, 8, [track(50, 1), track(100, 1)]), [(60.0, 8, 10)]);
}

/// Nine at 45.5 % with a target of 50: one less would be at 51.2 %, so none is removed though the low alarm is on.
#[test]
fn target_tracking_removes_nothing_that_would_bring_the_metric_back_over_its_target() {
    let policy = |low: u32| {
        format!(
            "{{ target_tracking = {{ metric = \"cpu\", target = 50, low = {{ threshold = {low}, periods = 1, delay = \"0s\" }} }} }}"
        )
    };
    let with = |rate: u32| {
        let fleet =
            format!("min = 1\nmax = 20\ndesired = 9\nwarmup = \"0s\"\n{BOOT}\nscaling = [{}]", policy(49));
        decisions(&run(&hundred_a_second(&format!("\"{rate}/s\""), 61, &fleet), 1))
    };
    assert_eq!(with(410), []);
    // 42.2 %: eight would be at 47.5 %, seven at 54.3 %.
    assert_eq!(with(380), [(60.0, 9, 8)]);
}
