//! What warming instances do to scaling: they are part of the capacity that a scale-out asks for, and no policy scales in.

use crate::kind::{decisions, hundred_a_second};
use crate::run::run;

const BOOT: &str = "launch_hook = {}\nboot = { decision = \"0s\", launch = \"20s\", system = \"5s\", bootstrap = \"3s\", application = \"2s\" }";

/// The policy of the example in the EC2 Auto Scaling user guide, "Step and simple scaling policies": an alarm at 50 %, nothing
/// from 50 on, 10 % more from 60 on, 30 % more from 70 on; a group of ten; here with a warm-up of 5 minutes.
fn example(rate: &str, seconds: u32) -> Vec<(f64, u32, u32)> {
    let policy = "scaling = [{ step = { metric = \"cpu\", at_least = 50, delay = \"0s\", steps = [\
                  { from = 0, to = 10, change = \"+0%\" }, { from = 10, to = 20, change = \"+10%\" }, { from = 20, change = \"+30%\" }] } }]";
    let fleet = format!("min = 10\nmax = 40\nwarmup = \"300s\"\n{BOOT}\n{policy}");
    decisions(&run(&hundred_a_second(rate, seconds, &fleet), 1))
}

/// 63 %: 10 % of ten is one, 11. In service at 90 s, warm at 390 s. Then 62 % of 11: 10 % of the ten that are warm is one, and
/// 11 are desired already. 74 % in the minute to 240 s: 30 % of ten is three, 13.
#[test]
fn a_group_that_warms_up_adds_what_is_missing() {
    let rate = "[[\"60s\", \"630/s\"], [\"60s\", \"680/s\"], [\"180s\", \"680/s\"], [\"180s\", \"810/s\"]]";
    assert_eq!(example(rate, 241), [(60.0, 10, 11), (240.0, 11, 13)]);
}

/// The same once it is warm: 30 % of 11 is 3.3, which rounds to three, 14. Until then 55 % of 11 is the step of no change.
#[test]
fn a_warm_group_adds_its_share_of_all() {
    let rate = "[[\"60s\", \"630/s\"], [\"60s\", \"600/s\"], [\"420s\", \"600/s\"], [\"420s\", \"810/s\"]]";
    assert_eq!(example(rate, 481), [(60.0, 10, 11), (480.0, 11, 14)]);
}

/// Out at 60 s, in service at 90 s, warm at 390 s. From the minute to 120 s on the load is low, and the alarm is on each minute;
/// the first after the warm-up is at 420 s. The same for every kind of policy that removes.
#[test]
fn no_policy_removes_while_an_instance_warms_up() {
    let out = "{ step = { metric = \"cpu\", above = 50, delay = \"0s\", steps = [{ from = 0, change = \"+1\" }] } }";
    let step = |change: &str| {
        format!(
            "{{ step = {{ metric = \"cpu\", below = 20, delay = \"0s\", steps = [{{ to = 0, change = \"{change}\" }}] }} }}"
        )
    };
    let simple =
        "{ simple = { metric = \"cpu\", below = 20, delay = \"0s\", change = \"-1\", cooldown = \"0s\" } }";
    let tracking =
        "{ target_tracking = { metric = \"cpu\", target = 90, low = { periods = 1, delay = \"0s\" } } }";
    for policy in [&step("-1"), &step("=1"), &step("-10%"), simple, tracking] {
        let fleet = format!("min = 1\nmax = 9\nwarmup = \"300s\"\n{BOOT}\nscaling = [{out}, {policy}]");
        let rate = "[[\"60s\", \"80/s\"], [\"60s\", \"10/s\"]]";
        let run = run(&hundred_a_second(rate, 430, &fleet), 1);
        assert_eq!(decisions(&run), [(60.0, 1, 2), (420.0, 2, 1)], "{policy}");
    }
}

/// Each instance has one request of an hour inside and drains for 170 s from 60 s on. A tenth of ten, those that drain included, is
/// one: at 120 and 180 s nothing more is removed. From 230 s on nine are there, of which a tenth is one again.
#[test]
fn an_instance_on_its_way_out_is_removed_once() {
    let text = "duration = \"250s\"\n[traffic.all]\nrate = [[\"0s\", \"10/s\"], [\"10s\", \"10/s\"], [\"10s\", \"0/s\"]]\n\
                [request.page]\nvia = \"lb\"\nsteps = [{ delay = \"1h\" }]\n\
                [balancer.lb]\nkind = \"alb\"\nidle_timeout = \"1h\"\nderegistration_delay = \"170s\"\ntargets = \"web\"\n\
                [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 10\ndesired = 10\nwarmup = \"0s\"\n\
                scaling = [{ step = { metric = \"cpu\", below = 20, delay = \"0s\", steps = [{ to = 0, change = \"-10%\" }] } }]\n";
    assert_eq!(decisions(&run(text, 1)), [(60.0, 10, 9), (240.0, 9, 8)]);
}
