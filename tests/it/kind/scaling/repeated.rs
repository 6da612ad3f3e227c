//! Alarms that stay on act again each minute, whatever their period; and what they do without data. Amazon CloudWatch user guide,
//! "Alarm actions", "Evaluating an alarm", "Configuring how alarms treat missing data".

use crate::kind::{decisions, hundred_a_second, incidents};
use crate::run::run;

const BOOT: &str = "launch_hook = {}\nboot = { decision = \"0s\", launch = \"20s\", system = \"5s\", bootstrap = \"3s\", application = \"2s\" }";

/// With a point every 5 minutes the alarm is on from 300 s and is seen on each minute; each instance added is in service after
/// 30 s, so that the next one is added on the same old point.
#[test]
fn an_alarm_of_five_minutes_acts_each_minute() {
    let policy = "scaling = [{ simple = { metric = \"cpu\", above = 50, change = \"+1\", cooldown = \"0s\", period = \"5min\", delay = \"0s\" } }]";
    let fleet = format!("min = 1\nmax = 9\nwarmup = \"0s\"\n{BOOT}\n{policy}");
    let run = run(&hundred_a_second("\"80/s\"", 500, &fleet), 1);
    assert_eq!(decisions(&run), [(300.0, 1, 2), (360.0, 2, 3), (420.0, 3, 4), (480.0, 4, 5)]);
}

/// On from the first 10 s on, evaluated each 10 s, and acts each minute. The same with points of 20 s, from 20 s on. The load is
/// so high that no instance that is added ends the alarm, and the last one that was added is long warm.
#[test]
fn an_alarm_of_ten_seconds_acts_each_minute() {
    let with = |period: u32| {
        let policy = format!(
            "scaling = [{{ step = {{ metric = \"cpu\", above = 50, steps = [{{ from = 0, change = \"+1\" }}], period = \"{period}s\", delay = \"0s\" }} }}]"
        );
        let fleet = format!("min = 4\nmax = 9\nwarmup = \"0s\"\n{BOOT}\n{policy}");
        decisions(&run(&hundred_a_second("\"900/s\"", 150, &fleet), 1))
    };
    assert_eq!(with(10), [(10.0, 4, 5), (70.0, 5, 6), (130.0, 6, 7)]);
    assert_eq!(with(20), [(20.0, 4, 5), (80.0, 5, 6), (140.0, 6, 7)]);
}

/// Requests end at 60 s, and a balancer without requests publishes nothing. One of one looks at three points, so the last one
/// counts until 180 s; at 240 s nothing is left, and the alarm is as the file says.
#[test]
fn an_alarm_without_data_does_what_the_file_says() {
    let with = |missing: &str| {
        let text = format!(
            "duration = \"400s\"\n[traffic.all]\nrate = [[\"0s\", \"10/s\"], [\"55s\", \"10/s\"], [\"55s\", \"0/s\"]]\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"10ms\" }}]\n[balancer.lb]\nkind = \"alb\"\ntargets = \"web\"\n\
             [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 2\nwarmup = \"0s\"\n\
             scaling = [{{ simple = {{ metric = \"requests_per_target\", below = 1, missing = \"{missing}\", change = \"-1\", delay = \"0s\", cooldown = \"1h\" }} }}]\n"
        );
        run(&text, 1)
    };
    for missing in ["missing", "ignore", "not_breaching"] {
        assert_eq!(decisions(&with(missing)), [], "{missing}");
    }
    let run = with("breaching");
    assert_eq!(decisions(&run), [(240.0, 2, 1)]);
    assert!(run.scaling[0].cause.contains("missing, which counts as a breach"), "{}", run.scaling[0].cause);
}

/// A step is chosen by a value. Requests end at 55 s and nothing is published from then on: with two of two and four points looked at,
/// all are missing from 360 s on at the latest. The alarm is on, no step is chosen, and that is said once. A step from another side
/// of the threshold is none either. (EC2 Auto Scaling API reference, ExecutePolicy: MetricValue.)
#[test]
fn a_step_policy_without_a_value_changes_nothing_and_says_so() {
    let with = |missing: &str, step: &str| {
        let text = format!(
            "duration = \"900s\"\n[traffic.all]\nrate = [[\"0s\", \"10/s\"], [\"55s\", \"10/s\"], [\"55s\", \"0/s\"]]\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"10ms\" }}]\n[balancer.lb]\nkind = \"alb\"\ntargets = \"web\"\n\
             [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 2\nwarmup = \"0s\"\n\
             scaling = [{{ step = {{ name = \"quiet\", metric = \"requests_per_target\", {step}, missing = \"{missing}\", delay = \"0s\" }} }}]\n"
        );
        let run = run(&text, 1);
        assert_eq!(decisions(&run), [], "{missing}");
        incidents(&run).into_iter().map(|(at, text)| (at, text.to_owned())).collect::<Vec<_>>()
    };
    let below = "below = 1, steps = [{ to = 0, change = \"-1\" }]";
    let said = "quiet: no step without a value of requests per target and minute, so that nothing is changed";
    assert_eq!(with("breaching", below), [(240.0, said.to_owned())]);
    assert_eq!(with("missing", below), []);
    // In ALARM by the point of 60 s, which has about 275 requests for each target, and no step below 400.
    let above = "above = 200, steps = [{ from = 200, change = \"+1\" }]";
    let said = with("missing", above);
    let (begins, ends) = (
        "quiet: no step is for requests per target and minute 2",
        "with a threshold of 200, so that nothing is changed",
    );
    assert!(said.len() == 1 && said[0].0 == 60.0, "{said:?}");
    assert!(said[0].1.starts_with(begins) && said[0].1.ends_with(ends), "{said:?}");
}
