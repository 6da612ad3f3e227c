//! Lifecycle hooks: Pending:Wait and Terminating:Wait, their completion and their timeouts.

use simcap::outcome::Outcome;
use simcap::report;

use crate::kind::{activities, hundred_a_second, incidents};
use crate::run::run;

/// One instance and from 100 s on two: EC2 runs it at 120 s, its application answers at 220 s.
fn launched(hook: &str) -> Outcome {
    let fleet = format!(
        "min = 1\nmax = 2\nlaunch_hook = {{ {hook} }}\nboot = {{ decision = \"0s\", launch = \"20s\", \
         system = \"30s\", bootstrap = \"60s\", application = \"10s\" }}\n\
         schedule = [{{ at = \"100s\", desired = 2 }}]"
    );
    run(&hundred_a_second("\"20/s\"", 300, &fleet), 1)
}

#[test]
fn a_launch_hook_ends_when_its_action_is_completed() {
    assert_eq!(activities(&launched("")), [(100.0, Some(220.0), 1, 2)], "when the application runs");
    assert_eq!(activities(&launched("complete = \"45s\"")), [(100.0, Some(165.0), 1, 2)]);
    assert_eq!(activities(&launched("complete = \"130s\"")), [(100.0, Some(250.0), 1, 2)]);
}

/// The application needs 100 s, the hook waits 60: at 180 s the launch is abandoned and another one begins, which EC2
/// runs at 200 s and which is abandoned at 260 s; the third one is in progress at the end.
#[test]
fn a_launch_hook_that_times_out_abandons_the_launch() {
    let run = launched("heartbeat = \"60s\"");
    let expected = [(100.0, Some(180.0), 1, 2), (180.0, Some(260.0), 2, 2), (260.0, None, 2, 2)];
    assert_eq!(activities(&run), expected);
    let called_off: Vec<(u32, u32)> =
        run.scaling.iter().map(|activity| (activity.launches, activity.called_off)).collect();
    assert_eq!(called_off, [(1, 1), (1, 1), (1, 0)]);
    let abandoned = "launch hook timed out: launch abandoned";
    assert_eq!(incidents(&run), [(180.0, abandoned), (260.0, abandoned)]);
    assert_eq!((run.fleets[0].launched, run.fleets[0].terminated), (3.0, 2.0));
    // 300 s, from launch to end 80 s and 80 s, and 40 s, which is billed as a minute.
    assert_eq!(run.fleets[0].instance_seconds, 300.0 + 80.0 + 80.0 + 40.0);
    // A launch that was called off is not shown as done.
    let page = report::page(&run, &[]);
    assert!(page.contains("came to nothing after 1m20s") && !page.contains("done after"), "{page}");
}

#[test]
fn a_launch_hook_may_continue_after_its_timeout() {
    let run = launched("heartbeat = \"60s\", default_result = \"continue\"");
    assert_eq!(activities(&run), [(100.0, Some(180.0), 1, 2)]);
    assert_eq!(incidents(&run), [(180.0, "launch hook timed out: in service as it is")]);
}

/// With a heartbeat at least each 30 s the timeout of 30 s never ends, but after 100 of them the wait does: at 120 s + 3,000 s. An
/// action that is completed exactly then is in time.
#[test]
fn a_hook_that_records_heartbeats_waits_for_a_hundred_timeouts() {
    let waits = |hook: &str| {
        let fleet = format!(
            "min = 1\nmax = 2\nlaunch_hook = {{ heartbeat = \"30s\", record_heartbeat = \"30s\", {hook} }}\n\
             boot = {{ decision = \"0s\", launch = \"20s\" }}\nschedule = [{{ at = \"100s\", desired = 2 }}]"
        );
        run(&hundred_a_second("\"1/min\"", 3_130, &fleet), 1)
    };
    for complete in [45, 2_999, 3_000] {
        let run = waits(&format!("complete = \"{complete}s\""));
        assert_eq!(activities(&run), [(100.0, Some(120.0 + f64::from(complete)), 1, 2)]);
        assert_eq!(incidents(&run), []);
    }
    let late = waits("complete = \"3001s\"");
    assert_eq!(activities(&late)[0], (100.0, Some(3_120.0), 1, 2));
    assert_eq!(incidents(&late), [(3_120.0, "launch hook came to its limit of 50m: launch abandoned")]);
    let goes_on = waits("complete = \"3001s\", default_result = \"continue\"");
    assert_eq!(activities(&goes_on), [(100.0, Some(3_120.0), 1, 2)]);
    assert_eq!(incidents(&goes_on), [(3_120.0, "launch hook came to its limit of 50m: in service as it is")]);
}

/// A launch that a later activity calls off before EC2 runs it is not done either.
#[test]
fn a_launch_that_is_called_off_is_not_done() {
    let fleet = "min = 1\nmax = 4\nboot = { decision = \"0s\", launch = \"20s\" }\n\
                 schedule = [{ at = \"100s\", desired = 3 }, { at = \"110s\", desired = 2 }]";
    // The oldest in the zone with the most instances leaves: of two equal zones, the first one.
    let one = run(&hundred_a_second("\"20/s\"", 300, fleet), 1);
    assert_eq!(activities(&one), [(100.0, Some(120.0), 1, 3), (110.0, Some(110.0), 3, 2)]);
    let all = "min = 0\nmax = 4\ndesired = 0\nboot = { decision = \"0s\", launch = \"20s\" }\n\
               schedule = [{ at = \"100s\", desired = 3 }, { at = \"110s\", desired = 1 }]";
    let run = run(&hundred_a_second("\"20/s\"", 300, all), 1);
    assert_eq!(activities(&run), [(100.0, Some(120.0), 0, 3), (110.0, Some(110.0), 3, 1)]);
    assert_eq!((run.scaling[0].launches, run.scaling[0].called_off), (3, 2));
    let page = report::page(&run, &[]);
    assert!(page.contains("2 of 3 came to nothing, done after 20s"), "{page}");
}

/// Two instances and from 100 s on one: with no request inside it has drained at once and waits for its hook.
#[test]
fn a_termination_hook_holds_a_drained_instance() {
    let left = |hook: &str| {
        let fleet = format!(
            "min = 1\nmax = 2\ndesired = 2\nthreads = 20\nterminate_hook = {{ {hook} }}\n\
             schedule = [{{ at = \"100s\", desired = 1 }}]"
        );
        let text = hundred_a_second("\"1/h\"", 300, &fleet).replace("threads = 20\nbacklog", "backlog");
        run(&text, 1)
    };
    let answered = left("complete = \"45s\"");
    assert_eq!(activities(&answered), [(100.0, Some(145.0), 2, 1)]);
    assert_eq!(answered.fleets[0].instance_seconds, 300.0 + 145.0);
    assert_eq!(incidents(&answered), []);
    let late = left("complete = \"45s\", heartbeat = \"30s\"");
    assert_eq!(activities(&late), [(100.0, Some(130.0), 2, 1)]);
    assert_eq!(incidents(&late), [(130.0, "termination hook timed out: terminated")]);
    let recorded = left("complete = \"45s\", heartbeat = \"30s\", record_heartbeat = \"20s\"");
    assert_eq!(activities(&recorded), [(100.0, Some(145.0), 2, 1)]);
    assert_eq!(incidents(&recorded), []);
}

/// A target that has been connected to drains for its 30 s first.
#[test]
fn a_termination_hook_begins_after_the_draining() {
    let text = "duration = \"300s\"\n[traffic.all]\nrate = \"20/s\"\n[request.page]\nvia = \"public\"\n\
         steps = [{ cpu = \"1ms\" }]\n[balancer.public]\ntargets = \"web\"\nderegistration_delay = \"30s\"\n\
         [fleet.web]\ninstance = \"m5.large\"\nmin = 1\nmax = 2\ndesired = 2\n\
         terminate_hook = { complete = \"45s\" }\nschedule = [{ at = \"100s\", desired = 1 }]\n";
    assert_eq!(activities(&run(text, 1)), [(100.0, Some(175.0), 2, 1)]);
}
