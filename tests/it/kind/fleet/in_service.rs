//! The times of an instance without a launch hook: in service when EC2 runs it, whatever its application does.

use crate::kind::{activities, decisions, hundred_a_second};
use crate::run::run;

/// EC2 runs an instance 25 s after the decision, its application answers 100 s later.
const SLOW: &str = "boot = { decision = \"5s\", launch = \"20s\", system = \"30s\", bootstrap = \"60s\", application = \"10s\" }";

/// Decided at 120 s, called for at 125 s, in service at 145 s, warm at 205 s, answering at 245 s.
#[test]
fn in_service_when_ec2_runs_it_and_capacity_when_its_application_answers() {
    let fleet =
        format!("min = 1\nmax = 2\nwarmup = \"60s\"\n{SLOW}\nschedule = [{{ at = \"120s\", desired = 2 }}]");
    let text = hundred_a_second("\"50/s\"", 300, &fleet).replace("bucket = \"60s\"", "bucket = \"5s\"");
    let run = run(&text, 1);
    assert_eq!(activities(&run), [(120.0, Some(145.0), 1, 2)]);
    let series = &run.timeline.fleets[0];
    // Rows that end after 145 s and after 205 s: the exact instants may belong to either side.
    let states = |row: usize| (series.pending[row], series.warming[row], series.in_service[row]);
    assert_eq!((states(27), states(29)), ((1.0, 0.0, 1.0), (0.0, 1.0, 1.0)));
    assert_eq!((states(39), states(41)), ((0.0, 1.0, 1.0), (0.0, 0.0, 2.0)));
    assert_eq!(series.serving[48..50], [1.0, 2.0], "245 s");
    // Callers without a balancer use it when it answers, not before.
    assert_eq!(run.requests.failed, 0.0);
    assert_eq!(run.fleets[0].instance_seconds, 300.0 + 175.0, "billed from the launch call");
}

/// Two instances at 40 %, two more in service at 180 s, warm at 270 s, installing for ten minutes with `load` of
/// their one vCPU. The first point that has them is that of 300 s: (40 + 40 + 90 + 90) / 4 = 65 with a load of 0.9.
#[test]
fn an_installing_instance_counts_in_the_cpu_of_its_group_once_it_is_warm() {
    let with_load = |load: f64| {
        let fleet = format!(
            "min = 2\nmax = 5\nwarmup = \"90s\"\nschedule = [{{ at = \"120s\", desired = 4 }}]\n\
             boot = {{ decision = \"0s\", launch = \"60s\", system = \"1s\", bootstrap = \"10m\", \
             application = \"1s\", cpu = {load} }}\n\
             scaling = [{{ simple = {{ metric = \"cpu\", above = 60, change = \"+1\", cooldown = \"0s\", \
             delay = \"0s\" }} }}]"
        );
        decisions(&run(&hundred_a_second("\"80/s\"", 480, &fleet), 1))
    };
    assert_eq!(with_load(0.9), [(120.0, 2, 4), (300.0, 4, 5)]);
    assert_eq!(with_load(0.7), [(120.0, 2, 4)], "(40 + 40 + 70 + 70) / 4 = 55");
}

/// A stage has its own load, at most the vCPUs of the instance: 1 of 1 in the system stage, 0 afterwards. In service at
/// 140 s and warm at once: half of its 40 s until 180 s are busy, and none of the minute until 240 s.
#[test]
fn each_stage_of_booting_has_its_own_load() {
    let with_threshold = |above: u32| {
        let fleet = format!(
            "min = 1\nmax = 3\nwarmup = \"0s\"\nschedule = [{{ at = \"120s\", desired = 2 }}]\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"20s\", bootstrap = \"10m\", \
             application = \"1s\", cpu = {{ system = 4, bootstrap = 0, application = 0 }} }}\n\
             scaling = [{{ simple = {{ metric = \"cpu\", above = {above}, change = \"+1\", cooldown = \"0s\", \
             delay = \"0s\" }} }}]"
        );
        decisions(&run(&hundred_a_second("\"20/s\"", 480, &fleet), 1))
    };
    // (20 + 20 s of 40 s at 100 %) / 2 = 35.
    assert_eq!(with_threshold(30), [(120.0, 1, 2), (180.0, 2, 3)]);
    assert_eq!(with_threshold(40), [(120.0, 1, 2)]);
}

/// One instance at 100 %, in alarm every minute. Out at 60 s, in service at 80 s; the cooldown of 200 s ends at 280 s,
/// so next at 300 s, and so on every 240 s, although the first of them answers only at 690 s.
#[test]
fn simple_scaling_adds_again_before_what_it_added_answers() {
    let fleet = "min = 1\nmax = 9\nwarmup = \"0s\"\nboot = { decision = \"0s\", launch = \"20s\", system = \"5s\", \
                 bootstrap = \"10m\", application = \"5s\" }\nscaling = [{ simple = { metric = \"cpu\", at_least = 50, \
                 change = \"+1\", cooldown = \"200s\", delay = \"0s\" } }]";
    let run = run(&hundred_a_second("\"270/s\"", 660, fleet), 1);
    let expected = [(60.0, Some(80.0), 1, 2), (300.0, Some(320.0), 2, 3), (540.0, Some(560.0), 3, 4)];
    assert_eq!(activities(&run), expected);
    assert_eq!(run.timeline.fleets[0].serving, [1.0; 11]);
}

/// The load needs 45 busy vCPUs, on two instances of two. The points of 360 to 480 s are visible at 510 s; an instance
/// is in service 20 s after the decision and warm 60 s later, so each next point raises the group 120 s after the last
/// time, although no target ever passes a check: the answer to a check takes longer than its timeout. That point is not
/// 100 %: in its first 10 s the new half still boots, on one vCPU of two, which gives 95.8 %, and so 7.7, 15.3 and 30.7
/// are wanted.
#[test]
fn target_tracking_goes_on_while_new_targets_fail_their_checks() {
    let text = "duration = \"16m\"\nbucket = \"30s\"\n[traffic.api]\nrate = [[\"5m\", \"20/s\"], [\"5m\", \"900/s\"]]\n\
         client = { timeout = \"10s\" }\n[request.call]\nvia = \"lb\"\nsteps = [{ cpu = \"50ms\" }]\n\
         [balancer.lb]\ntargets = \"web\"\nhealth_check = { interval = \"30s\", timeout = \"2s\", cpu = \"2500ms\" }\n\
         [fleet.web]\ninstance = \"m5.large\"\nmin = 2\nmax = 40\nthreads = 50\nwarmup = \"60s\"\n\
         boot = { decision = \"0s\", launch = \"20s\", system = \"10s\", bootstrap = \"5s\", application = \"5s\" }\n\
         scaling = [{ target_tracking = { metric = \"cpu\", target = 50 } }]\n";
    let run = run(text, 1);
    assert_eq!(decisions(&run)[..4], [(510.0, 2, 4), (630.0, 4, 8), (750.0, 8, 16), (870.0, 16, 31)]);
    let unhealthy = &run.timeline.fleets[0].unhealthy;
    assert_eq!((unhealthy[15], unhealthy[31]), (2.0, 31.0), "{unhealthy:?}");
}

/// Instances of the start have existed for long: a missing point before the run is no breach.
#[test]
fn alarms_have_a_past() {
    for missing in ["missing", "breaching", "not_breaching", "ignore"] {
        let fleet = format!(
            "min = 1\nmax = 3\nscaling = [{{ simple = {{ metric = \"cpu\", above = 50, change = \"+1\", periods = 5, \
             datapoints = 1, missing = \"{missing}\", delay = \"0s\" }} }}]"
        );
        let calm = run(&hundred_a_second("\"20/s\"", 400, &fleet), 1);
        assert_eq!(decisions(&calm), [], "{missing}");
        let busy = run(&hundred_a_second("\"90/s\"", 70, &fleet), 1);
        assert_eq!(decisions(&busy), [(60.0, 1, 2)], "{missing}");
    }
}

/// Each instance of an activity draws its own times: the activity ends with the last of them. By the published laws one
/// launch takes 22.5 s with a standard deviation of 8.5 s, and the last of three 29.65 s with one of 9.2 s.
#[test]
fn instances_of_one_activity_have_their_own_times() {
    let done = |launches: u32, seed| {
        let fleet = format!("min = 1\nmax = 9\nschedule = [{{ at = \"1s\", desired = {} }}]", 1 + launches);
        run(&hundred_a_second("\"1/min\"", 300, &fleet), seed).scaling[0].done_s.unwrap() - 1.0
    };
    for (launches, mean, deviation) in [(1, 22.5, 8.5), (3, 29.65, 9.2)] {
        let spans: Vec<f64> = (1..=98).map(|seed| done(launches, seed)).collect();
        let found = spans.iter().sum::<f64>() / spans.len() as f64;
        let margin = 3.3 * deviation / (spans.len() as f64).sqrt();
        assert!((found - mean).abs() < margin, "{launches}: {found} against {mean} ± {margin}");
    }
}
