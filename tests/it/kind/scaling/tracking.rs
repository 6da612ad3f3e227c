//! Target tracking step by step. The rules: the metric is the mean CPU of the instances past warm-up, one point per
//! minute. Out when 3 points are above the target, to ceil(warm × metric / target), which counts booting instances as
//! present; in when 15 are below 70 % of it and no instance boots or warms up. The groups here have a launch hook, so
//! that an instance is in service when its application is up; the times without a hook are in `fleet/in_service`.

use simcap::outcome::Outcome;

use crate::kind::{activities, decisions, hundred_a_second};
use crate::run::run;

fn track(rate: &str, seconds: u32, target: u32, fleet: &str) -> Outcome {
    let policy = format!(
        "scaling = [{{ target_tracking = {{ metric = \"cpu\", target = {target}, high = {{ delay = \"0s\" }}, \
         low = {{ delay = \"0s\" }} }} }}]"
    );
    run(&hundred_a_second(rate, seconds, &format!("{fleet}\n{policy}")), 1)
}

const BOOT: &str = "launch_hook = {}\nboot = { decision = \"0s\", launch = \"100s\", system = \"10s\", bootstrap = \"5s\", application = \"5s\" }";

/// 40 %, then 360/400 = 90 %: the points of 360, 420 and 480 s are above 50, so at 480 s ceil(4 × 90/50) = 8.
/// In service 120 s later; 360/800 = 45 %: no more.
#[test]
fn a_step_is_answered_once() {
    let rate = "[[\"300s\", \"160/s\"], [\"300s\", \"360/s\"]]";
    let run = track(rate, 1_200, 50, &format!("min = 2\nmax = 40\ndesired = 4\nwarmup = \"60s\"\n{BOOT}"));
    assert_eq!(activities(&run), [(480.0, Some(600.0), 4, 8)]);
    let fleet = &run.timeline.fleets[0];
    // Rows end at 480 (the decision of that instant comes before or after the row), 540, 600, 660 s.
    assert_eq!((fleet.pending[8], fleet.pending[10]), (4.0, 0.0));
    assert_eq!((fleet.warming[10], fleet.warming[11]), (0.0, 0.0), "warm 60 s after 600 s");
    assert_eq!(fleet.in_service[11], 8.0);
    for (row, cpu) in [(4, 40.0), (7, 90.0), (12, 45.0), (19, 45.0)] {
        assert!((fleet.cpu_percent[row] - cpu).abs() < 2.5, "row {row}: {}", fleet.cpu_percent[row]);
    }
}

/// CPU ends at 100 %, so 580/s on 4 instances looks like 400/s: at 480 s ceil(4 × 100/50) = 8. From 600 s on
/// 580/800 = 72.5 %; the 8 are warm at 660 s: ceil(8 × 72.5/50) = 12. In service at 780 s: 48.3 %, no more.
#[test]
fn a_saturated_fleet_needs_two_rounds() {
    let rate = "[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]";
    let run = track(rate, 1_500, 50, &format!("min = 2\nmax = 40\ndesired = 4\nwarmup = \"60s\"\n{BOOT}"));
    assert_eq!(activities(&run), [(480.0, Some(600.0), 4, 8), (660.0, Some(780.0), 8, 12)]);
}

/// The same with a warm-up of 3 minutes: the second round waits for it, until 600 + 180 s.
#[test]
fn a_longer_warm_up_puts_the_next_round_off() {
    let rate = "[[\"300s\", \"160/s\"], [\"300s\", \"580/s\"]]";
    let run = track(rate, 1_500, 50, &format!("min = 2\nmax = 40\ndesired = 4\nwarmup = \"180s\"\n{BOOT}"));
    assert_eq!(activities(&run), [(480.0, Some(600.0), 4, 8), (780.0, Some(900.0), 8, 12)]);
}

/// 45 %, then 92/800 = 11.5 % from 120 s: 15 points below 35 are those of 180 to 1,020 s, and 8 × 11.5/50 = 1.84
/// keeps 2. Then 46 %: no more.
#[test]
fn a_lull_is_answered_after_fifteen_minutes() {
    let rate = "[[\"120s\", \"360/s\"], [\"120s\", \"92/s\"]]";
    let run = track(rate, 2_400, 50, &format!("min = 2\nmax = 40\ndesired = 8\nwarmup = \"60s\"\n{BOOT}"));
    assert_eq!(activities(&run), [(1_020.0, Some(1_020.0), 8, 2)]);
}

/// A slow ramp to a target of 70, booting 30 s, no warm-up: 93.3/s and 0.259/s more each second. Four instances
/// pass 70 % at 720 s: points 71.9, 75.8, 79.7, so at 900 s ceil(4 × 79.7/70) = 5. The point of 960 s has half a
/// minute of each: (4 × 75.2 + 67.7)/5 = 73.7, ceil(5 × 73.7/70) = 6. Six pass 70 % at 1,260 s: at 1,440 s
/// ceil(6 × 76.5/70) = 7, at 1,500 s (6 × 73.4 + 68.3)/7 = 72.7 and ceil(7 × 72.7/70) = 8.
#[test]
fn a_slow_ramp_is_followed_one_by_one() {
    let boot = "launch_hook = {}\nboot = { decision = \"0s\", launch = \"10s\", system = \"10s\", bootstrap = \"5s\", application = \"5s\" }";
    let rate = "[[\"0s\", \"93.333/s\"], [\"1800s\", \"560/s\"]]";
    let run = track(rate, 1_800, 70, &format!("min = 2\nmax = 40\ndesired = 4\nwarmup = \"0s\"\n{boot}"));
    let expected = [
        (900.0, Some(930.0), 4, 5),
        (960.0, Some(990.0), 5, 6),
        (1_440.0, Some(1_470.0), 6, 7),
        (1_500.0, Some(1_530.0), 7, 8),
    ];
    assert_eq!(activities(&run), expected);
}

/// 900/s from the start: 100 % three times, 8 at 180 s; in service at 300 s, warm and at 100 % again at 360 s: 16 are
/// wanted, 10 is the largest size; after that nothing changes.
#[test]
fn the_largest_size_ends_it() {
    let fleet = format!("min = 2\nmax = 10\ndesired = 4\nwarmup = \"60s\"\n{BOOT}");
    let run = track("\"900/s\"", 1_200, 50, &fleet);
    assert_eq!(activities(&run), [(180.0, Some(300.0), 4, 8), (360.0, Some(480.0), 8, 10)]);
    // 4 for 1,200 s, 4 from 180 s, 2 from 360 s: billed from the launch.
    assert_eq!(run.fleets[0].instance_seconds, 4.0 * 1_200.0 + 4.0 * 1_020.0 + 2.0 * 840.0);
}

/// Points become visible 30 s after their minute, and the boot starts from there: 480 + 30 + 120 s. At 690 s the point
/// of 660 s, 67.5 %, still breaches, but only 4 are warm: ceil(4 × 67.5/50) = 6, less than 8.
#[test]
fn the_delay_of_the_metric_comes_on_top() {
    let policy = "scaling = [{ target_tracking = { metric = \"cpu\", target = 50 } }]";
    let fleet = format!("min = 2\nmax = 40\ndesired = 4\nwarmup = \"120s\"\n{BOOT}\n{policy}");
    let rate = "[[\"300s\", \"160/s\"], [\"300s\", \"360/s\"]]";
    let run = run(&hundred_a_second(rate, 1_200, &fleet), 1);
    assert_eq!(activities(&run), [(510.0, Some(630.0), 4, 8)]);
}

/// Two alarms of a policy: at 10 cents each a month, or at 30 with a period below a minute.
#[test]
fn alarms_of_high_resolution_cost_three_times_as_much() {
    for (period, what, month) in
        [("60s", "CloudWatch alarms", 0.2), ("10s", "CloudWatch alarms, high resolution", 0.6)]
    {
        let text = format!(
            "duration = \"1h\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 3\n\
             scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 50, high = {{ period = \"{period}\" }}, low = {{ period = \"{period}\" }} }} }}]"
        );
        let bill = crate::run::run(&text, 1).bill;
        let found: Vec<_> = bill.items.iter().filter(|item| item.what.contains("alarm")).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].what.as_str(), (found[0].month_usd * 1e6).round() / 1e6), (what, month));
    }
}

/// With points of 10 s the same three points are half a minute: at 300 s the load rises to 90 %, the points of 310, 320 and 330 s
/// are above 50, and an alarm with such points is evaluated each 10 s. So it acts at 330 s and not at 480 s.
#[test]
fn a_high_resolution_metric_is_seen_in_half_a_minute() {
    let rate = "[[\"300s\", \"160/s\"], [\"300s\", \"360/s\"]]";
    let policy = "scaling = [{ target_tracking = { metric = \"cpu\", target = 50, high = { period = \"10s\", delay = \"0s\" } } }]";
    let fleet = format!("min = 2\nmax = 40\ndesired = 4\nwarmup = \"60s\"\n{BOOT}\n{policy}");
    let run = run(&hundred_a_second(rate, 440, &fleet), 1);
    let first = activities(&run)[0];
    assert_eq!((first.0, first.2), (330.0, 4));
    assert_eq!(run.alarms[0].at_s, 330.0);
}

/// 12/s over twenty targets are 36 a minute, and fifteen points below 105 are there at 15:00 and seen at 17:00, when the group goes to
/// five. The minute that ends then had twenty: its point is 36 as well. The first of 144 is that of 18:00, which is seen at 20:00.
#[test]
fn what_is_decided_as_a_period_ends_is_no_part_of_it() {
    let text = "duration = \"22m\"\nbucket = \"60s\"\n[traffic.all]\nrate = \"12/s\"\n[request.page]\nvia = \"lb\"\n\
                steps = [{ cpu = \"1ms\" }]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\n\
                min = 1\nmax = 20\ndesired = 20\nscaling = [{ target_tracking = { metric = \"requests_per_target\", target = 150 } }]\n";
    let run = run(text, 1);
    assert_eq!(decisions(&run), [(1_020.0, 20, 5)]);
    let changes: Vec<(f64, f64)> =
        run.alarms.iter().map(|change| (change.at_s, (change.value.unwrap() / 36.0).round())).collect();
    assert_eq!(changes, [(1_020.0, 1.0), (1_200.0, 4.0)]);
}
