//! The history of alarms: when each went to which state, and at which value.

use simcap::outcome::{AlarmState, Outcome};

use crate::run::run;

fn history(run: &Outcome) -> Vec<(f64, &str, AlarmState, Option<f64>)> {
    let changes = run.alarms.iter();
    changes.map(|change| (change.at_s, change.alarm.as_str(), change.to, change.value)).collect()
}

/// Nothing receives, so the oldest message of 10 s is 110 s old at 120 s, where the second point is above 60. The point can be
/// seen after 10 s, and the alarm is evaluated each minute from then on.
#[test]
fn an_alarm_says_when_it_went_off_and_by_which_value() {
    let text = "duration = \"250s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [queue.orders]\nlatency = \"0s\"\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
                scaling = [{ step = { metric = \"queue.orders.age\", above = 60, delay = \"10s\", name = \"late\", steps = [{ from = 0, change = \"+2\" }] } }]\n";
    let run = run(text, 1);
    assert_eq!(history(&run), [(130.0, "late", AlarmState::Alarm, Some(110.0))]);
    let change = &run.alarms[0];
    assert_eq!(
        (change.from, change.threshold, change.fleet.as_deref()),
        (AlarmState::Ok, Some(60.0), Some("web"))
    );
}

/// The pool of a fleet that is empty is no metric: after three minutes nothing is visible any more of what was before the run,
/// and the alarm has no data. From 300 s on two instances are there.
#[test]
fn an_alarm_without_data_says_so_and_comes_back() {
    let text = "duration = \"500s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.page]\nsteps = [{ delay = \"1s\" }]\n\
                [queue.orders]\nworkers = \"worker\"\ntime = \"1s\"\n[fleet.worker]\ninstance = \"m5.large\"\ninstances = 0\n\
                timetable = [[\"300s\", 2]]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 5\n\
                scaling = [{ step = { metric = \"queue.orders.backlog_per_instance\", above = 60, delay = \"0s\", name = \"late\", steps = [{ from = 0, change = \"+2\" }] } }]\n";
    let run = run(text, 1);
    let states: Vec<(f64, AlarmState)> = run.alarms.iter().map(|change| (change.at_s, change.to)).collect();
    // An evaluation of one point looks at three: the last one of before the run lies in the range until 120 s.
    assert_eq!(states, [(180.0, AlarmState::InsufficientData), (300.0, AlarmState::Ok)]);
    assert_eq!(run.alarms[0].value, None);
    assert_eq!(run.alarms[1].value, Some(0.0));
}
