//! Processes of a group that are suspended, and instances that are as old as they may be.

use simcap::outcome::Outcome;

use crate::kind::{activities, decisions, hundred_a_second, incidents};
use crate::run::run;

/// A group with nearly nothing to do that EC2 runs 20 s after a launch, with `processes` suspended from 90 s to 200 s.
fn group(processes: &str, fleet: &str) -> Outcome {
    let fleet = format!(
        "boot = {{ decision = \"0s\", launch = \"20s\" }}\nsuspend = [{{ at = \"90s\", until = \"200s\", processes = \
         [{processes}] }}]\n{fleet}"
    );
    run(&hundred_a_second("\"1/h\"", 300, &fleet), 1)
}

fn causes(run: &Outcome) -> Vec<&str> {
    run.scaling.iter().map(|activity| activity.cause.as_str()).collect()
}

/// The group is to have four at 100 s and gets them at 200 s.
#[test]
fn launches_that_were_suspended_are_made_up_for() {
    let fleet = "min = 1\nmax = 4\nschedule = [{ at = \"100s\", desired = 4 }]";
    let run = group("\"Launch\"", fleet);
    assert_eq!(activities(&run), [(100.0, Some(100.0), 1, 4), (200.0, Some(220.0), 4, 4)]);
    assert_eq!(causes(&run), ["a scheduled action; launches are suspended", "launches that were suspended"]);
    assert_eq!(run.kinds.fleets[0].launched, 3.0);
    assert_eq!(activities(&group("\"Terminate\"", fleet)), [(100.0, Some(120.0), 1, 4)]);
}

#[test]
fn terminations_that_were_suspended_are_made_up_for() {
    let fleet = "min = 1\nmax = 4\ndesired = 4\nschedule = [{ at = \"100s\", desired = 2 }]";
    let run = group("\"Terminate\"", fleet);
    assert_eq!(activities(&run), [(100.0, Some(100.0), 4, 2), (200.0, Some(200.0), 2, 2)]);
    assert_eq!(run.kinds.fleets[0].instance_seconds, 2.0 * 300.0 + 2.0 * 200.0);
    assert_eq!(activities(&group("\"Launch\"", fleet)), [(100.0, Some(100.0), 4, 2)]);
}

#[test]
fn a_scheduled_action_that_is_suspended_is_lost() {
    let fleet =
        "min = 1\nmax = 4\nschedule = [{ at = \"100s\", desired = 4 }, { at = \"250s\", desired = 2 }]";
    let run = group("\"ScheduledActions\"", fleet);
    assert_eq!(decisions(&run), [(250.0, 1, 2)]);
    assert_eq!(incidents(&run), [(100.0, "a scheduled action is lost: ScheduledActions is suspended")]);
}

/// In alarm at each minute. What is asked for from 90 s to 200 s is not done, and asked for again afterwards.
#[test]
fn alarms_do_nothing_while_their_notification_is_suspended() {
    let with = |processes: &str| {
        let fleet = format!(
            "min = 1\nmax = 9\nwarmup = \"0s\"\nboot = {{ decision = \"0s\", launch = \"1s\" }}\n\
             suspend = [{{ at = \"90s\", until = \"200s\", processes = [{processes}] }}]\nscaling = [{{ simple = {{ \
             metric = \"cpu\", at_least = 1, change = \"+1\", cooldown = \"0s\", delay = \"0s\" }} }}]"
        );
        decisions(&run(&hundred_a_second("\"90/s\"", 260, &fleet), 1))
    };
    assert_eq!(with("\"AlarmNotification\""), [(60.0, 1, 2), (240.0, 2, 3)]);
    assert_eq!(with(""), [(60.0, 1, 2), (120.0, 2, 3), (180.0, 3, 4), (240.0, 4, 5)]);
}

/// A zone takes one of two instances at 100 s, which fails its status check at 130 s.
#[test]
fn a_lost_instance_stays_while_health_is_suspended() {
    let lost = |processes: &str| {
        let fleet = "min = 2\nmax = 4\nazs = [\"a\", \"c\"]\nstatus_check = \"30s\"\n[fault.outage]\nzone = \"a\"\nat = \"100s\"";
        activities(&group(processes, fleet))
    };
    assert_eq!(lost(""), [(130.0, Some(150.0), 2, 2)]);
    // It fails again each minute: at 190 s, and at 250 s.
    for process in ["HealthCheck", "ReplaceUnhealthy", "Terminate"] {
        assert_eq!(lost(&format!("\"{process}\"")), [(250.0, Some(270.0), 2, 2)], "{process}");
    }
    // It is ended, and not replaced until launches are resumed.
    assert_eq!(lost("\"Launch\""), [(130.0, Some(130.0), 2, 2), (200.0, Some(220.0), 2, 2)]);
}

/// One zone has no capacity until 150 s, so that three are in the other one. The group spreads when it may.
#[test]
fn nothing_is_spread_while_rebalancing_is_suspended() {
    let fleet = "min = 2\nmax = 4\nazs = [\"a\", \"c\"]\nschedule = [{ at = \"80s\", desired = 4 }]\n\
                 launch_failures = [{ zone = \"a\", until = \"150s\" }]";
    assert_eq!(decisions(&group("", fleet)), [(80.0, 2, 4), (150.0, 4, 4)]);
    assert_eq!(decisions(&group("\"AZRebalance\"", fleet)), [(80.0, 2, 4), (200.0, 4, 4)]);
}

/// Two instances are as old as the run. One is replaced after a day, in 20 s; the other one a minute later.
#[test]
fn an_instance_of_a_day_is_replaced_one_after_the_other() {
    let fleet = "min = 2\nmax = 4\nmax_lifetime = \"86400s\"\nboot = { decision = \"0s\", launch = \"20s\" }";
    let run = run(&hundred_a_second("\"1/h\"", 86_700, fleet), 1);
    assert_eq!(activities(&run), [(86_400.0, Some(86_420.0), 2, 2), (86_460.0, Some(86_480.0), 2, 2)]);
    assert_eq!(causes(&run)[0], "an instance has reached its maximum lifetime");
}

/// The second instance is in service at 120 s. For half a minute 150/s ask for 1.5 vCPUs: both would carry it, but the second one gets
/// nothing while the process is suspended, nor after it. 1,500 requests more than the first can do wait for up to fifteen seconds. A third
/// one, launched at 250 s, gets its part: at 300 s 250/s are too much for two, and not for three.
#[test]
fn what_is_launched_while_it_is_not_added_to_the_balancer_gets_nothing() {
    let with = |processes: &str| {
        let peak = |from: u32, rate: u32| {
            let until = from + 30;
            format!(
                "[\"{from}s\", \"20/s\"], [\"{from}s\", \"{rate}/s\"], [\"{until}s\", \"{rate}/s\"], [\"{until}s\", \"20/s\"]"
            )
        };
        run(
            &format!(
                "duration = \"400s\"\nbucket = \"10s\"\ntraffic.all.rate = [[\"0s\", \"20/s\"], {}, {}]\n[request.page]\nvia = \"lb\"\n\
                 steps = [{{ cpu = \"10ms\" }}]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\n\
                 instance = {{ vcpus = 1, memory = \"8 GiB\" }}\nmin = 1\nmax = 4\nwarmup = \"0s\"\n\
                 boot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", application = \"0s\" }}\n\
                 schedule = [{{ at = \"100s\", desired = 2 }}, {{ at = \"250s\", desired = 3 }}]\n\
                 suspend = [{{ at = \"90s\", until = \"210s\", processes = [{processes}] }}]\n",
                peak(130, 150),
                peak(300, 250),
            ),
            1,
        )
    };
    let worst = |run: &Outcome, rows: std::ops::Range<usize>| {
        run.timeline.latency_ms["max"][rows].iter().flatten().copied().fold(0.0, f64::max)
    };
    let (apart, both) = (with("\"AddToLoadBalancer\""), with(""));
    let told = |run: &Outcome| -> Vec<(f64, String)> {
        let told = run.incidents.iter().filter(|it| it.text.contains("not registered"));
        told.map(|it| (it.at_s, format!("{} {}", it.resource, it.text))).collect()
    };
    let said = "lb instance 2 is in service and not registered: AddToLoadBalancer is suspended".to_owned();
    assert_eq!((told(&apart), told(&both)), (vec![(120.0, said)], vec![]));
    assert_eq!((apart.timeline.fleets[0].in_service[15], both.timeline.fleets[0].in_service[15]), (2.0, 2.0));
    assert!(worst(&apart, 13..25) > 5_000.0 && worst(&both, 13..25) < 1_000.0);
    assert!(worst(&apart, 30..40) > 5_000.0, "{}", worst(&apart, 30..40));
    assert!(worst(&both, 30..40) < 1_500.0, "{}", worst(&both, 30..40));
}
