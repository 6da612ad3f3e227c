//! Alarms with M of N points, step scaling, simple scaling with its cooldown, scheduled actions.

use crate::kind::{activities, decisions, hundred_a_second};
use crate::run::{run, scenario};

const BOOT: &str = "launch_hook = {}\nboot = { decision = \"0s\", launch = \"20s\", system = \"5s\", bootstrap = \"3s\", application = \"2s\" }";

/// Minutes at 90 % (`X`) and at 10 % (`0`) of one instance.
fn minutes(pattern: &str) -> String {
    let knots = pattern.chars().zip(0u32..).map(|(minute, index)| {
        let rate = if minute == 'X' { 90 } else { 10 };
        format!("[\"{0}s\", \"{rate}/s\"], [\"{1}s\", \"{rate}/s\"]", 60 * index, 60 * (index + 1))
    });
    format!("[{}]", knots.collect::<Vec<_>>().join(", "))
}

fn alarm(pattern: &str, alarm: &str) -> Vec<(f64, u32, u32)> {
    let policy =
        format!("scaling = [{{ simple = {{ metric = \"cpu\", above = 50, change = \"+1\", {alarm} }} }}]");
    let fleet = format!("min = 1\nmax = 2\nwarmup = \"0s\"\n{BOOT}\n{policy}");
    decisions(&run(&hundred_a_second(&minutes(pattern), 480, &fleet), 1))
}

#[test]
fn an_alarm_needs_m_of_n_points() {
    let no_decision: [(f64, u32, u32); 0] = [];
    let of = |pattern, periods, datapoints| {
        alarm(pattern, &format!("periods = {periods}, datapoints = {datapoints}, delay = \"0s\""))
    };
    assert_eq!(of("00X00000", 1, 1), [(180.0, 1, 2)]);
    assert_eq!(of("0X0X0000", 3, 2), [(240.0, 1, 2)], "2 of the minutes ending at 120, 180, 240 s");
    assert_eq!(of("0X00X000", 3, 2), no_decision, "never 2 in any 3");
    assert_eq!(of("0XX0XXX0", 3, 3), [(420.0, 1, 2)], "the first 3 in a row end at 420 s");
    assert_eq!(of("0XX0XX00", 3, 3), no_decision);
}

#[test]
fn a_point_is_judged_when_it_arrives() {
    assert_eq!(alarm("00X00000", "delay = \"45s\""), [(225.0, 1, 2)]);
    // Late by more than a period: the alarm is evaluated once a minute, at 60 k + 100 s.
    assert_eq!(alarm("00X00000", "delay = \"100s\""), [(280.0, 1, 2)]);
}

/// 270/s on one instance is 100 %, in alarm every minute. Out at 60 s, in service at 90 s; the cooldown of 200 s
/// ends at 290 s, so next at 300 s, in service at 330 s, until 530 s, next at 540 s: always the same 240 s.
#[test]
fn simple_scaling_waits_for_its_cooldown_after_the_activity() {
    let policy = "scaling = [{ simple = { metric = \"cpu\", at_least = 50, change = \"+1\", cooldown = \"200s\", \
                  delay = \"0s\" } }]";
    let fleet = format!("min = 1\nmax = 9\nwarmup = \"0s\"\n{BOOT}\n{policy}");
    let run = run(&hundred_a_second("\"270/s\"", 900, &fleet), 1);
    let expected = [
        (60.0, Some(90.0), 1, 2),
        (300.0, Some(330.0), 2, 3),
        (540.0, Some(570.0), 3, 4),
        (780.0, Some(810.0), 4, 5),
    ];
    assert_eq!(activities(&run), expected);
}

/// Step scaling goes on while an activity runs. 870/s on 10 instances is 87 %, 17 above the threshold: +30 %, 13
/// at 60 s. They serve from 90 s, so the point of 120 s is (10 × 77.0 + 3 × 66.9)/13 = 74.7: +10 %, 14.3 rounded
/// down. At 62 % nothing happens. 1,250/s from 300 s is 89.3 %, 19.3 above: 14 × 1.3 = 18.2. The point of 420 s
/// is (14 × 79.4 + 4 × 69.4)/18 = 77.2: 18 × 1.1 = 19.8.
#[test]
fn step_scaling_takes_the_step_of_its_breach() {
    let policy = "scaling = [{ step = { metric = \"cpu\", above = 70, delay = \"0s\", steps = [\
                  { from = 0, to = 10, change = \"+10%\" }, { from = 10, change = \"+30%\" }] } }]";
    let fleet = format!("min = 10\nmax = 40\nwarmup = \"0s\"\n{BOOT}\n{policy}");
    let rate = "[[\"300s\", \"870/s\"], [\"300s\", \"1250/s\"]]";
    let run = run(&hundred_a_second(rate, 430, &fleet), 1);
    assert_eq!(decisions(&run), [(60.0, 10, 13), (120.0, 13, 14), (360.0, 14, 18), (420.0, 18, 19)]);
}

#[test]
fn a_scheduled_action_comes_at_its_time() {
    let fleet = format!(
        "min = 1\nmax = 4\nwarmup = \"0s\"\n{BOOT}\n\
         schedule = [{{ at = \"7m30s\", max = 9, desired = 6 }}, {{ at = \"10m\", min = 8 }}, {{ at = \"15m\", min = 1, max = 3 }}]"
    );
    let run = run(&hundred_a_second("\"20/s\"", 1_000, &fleet), 1);
    let expected = [(450.0, Some(480.0), 1, 6), (600.0, Some(630.0), 6, 8), (900.0, Some(900.0), 8, 3)];
    assert_eq!(activities(&run), expected);
}

/// A run from midnight in Seoul, on Friday 27 November 2026. Nine there is 9 h later, and after the weekend 81 h later; 18:00 of UTC
/// is three in the morning there: 3, 27, 51 and 75 h later.
#[test]
fn a_scheduled_action_comes_each_time_that_its_clock_shows() {
    let fleet = format!(
        "min = 1\nmax = 9\nwarmup = \"0s\"\n{BOOT}\nschedule = [{{ cron = \"0 9 * * MON-FRI\", time_zone = \"Asia/Seoul\", desired = 6 }}, \
         {{ cron = \"0 18 * * *\", desired = 2 }}, {{ at = \"1h\", max = 8 }}]"
    );
    let text = hundred_a_second("\"1/h\"", 4 * 86_400, &fleet).replace("bucket = \"60s\"", "bucket = \"1h\"");
    let text = format!("starts = \"2026-11-27T00:00:00+09:00\"\n{text}");
    let hour = |hours: f64| hours * 3_600.0;
    let expected = [(hour(3.0), 1, 2), (hour(9.0), 2, 6), (hour(27.0), 6, 2), (hour(81.0), 2, 6)];
    assert_eq!(decisions(&run(&text, 1)), expected);
    let actions = scenario(&text).kinds.fleets[0]
        .schedule
        .iter()
        .map(|action| action.at.as_secs_f64())
        .collect::<Vec<_>>();
    assert_eq!(
        actions,
        [1.0, 3.0, 9.0, 27.0, 51.0, 75.0, 81.0].map(hour),
        "the one at 3 h finds the group smaller"
    );
}

/// One that is two minutes late is carried out then; each time of one that is late by chance has a delay of its own.
#[test]
fn a_scheduled_action_may_be_late() {
    let with = |late: &str| {
        let schedule = format!(
            "{{ cron = \"*/10 * * * *\", late = \"{late}\", desired = 3 }}, {{ cron = \"5-59/10 * * * *\", desired = 1 }}"
        );
        let fleet = format!("min = 1\nmax = 4\nwarmup = \"0s\"\n{BOOT}\nschedule = [{schedule}]");
        let text = hundred_a_second("\"20/s\"", 1_801, &fleet);
        let decisions = decisions(&run(&format!("starts = 2026-11-27T00:00:00Z\n{text}"), 1));
        decisions.into_iter().filter(|(_, _, to)| *to == 3).map(|(at, ..)| at).collect::<Vec<_>>()
    };
    assert_eq!(with("0s")[1..], [600.0, 1_200.0, 1_800.0]);
    assert_eq!(with("2m"), [120.0, 720.0, 1_320.0]);
    let late: Vec<f64> = with("uniform 0s 120s").iter().map(|at| at % 600.0).collect();
    assert!(late.len() >= 3 && late.iter().all(|late| (0.0..120.0).contains(late)), "{late:?}");
    assert!(late[0] != late[1] && late[1] != late[2], "{late:?}");
}
