//! Draining, 502, 503, 504, targets that become unhealthy and healthy again, and failing open.

use simcap::outcome::{Outcome, Resource};

use crate::kind::incidents;
use crate::run::run;

/// Every request takes 30 s on its instance; 10/s in turn over two instances, one of which leaves at 100 s.
fn leaving(deregistration_delay: u32, connections: &str) -> Outcome {
    run(
        &format!(
            "duration = \"200s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\n\
             via = \"public\"\nsteps = [{{ delay = \"30s\" }}]\n[balancer.public]\ntargets = \"web\"\n\
             hop = \"0s\"\ntarget_connections = \"{connections}\"\nderegistration_delay = \"{deregistration_delay}s\"\n[fleet.web]\n\
             instance = \"m5.large\"\ninstances = 2\nthreads = \"unlimited\"\ntimetable = [[\"100s\", 1]]\n"
        ),
        1,
    )
}

/// Requests of 70 to 100 s are inside at 100 s, every other one on the leaving instance. Those of 70 to 80 s finish by
/// 110 s; those of 80 to 100 s are cut off then: half of the arrivals, plus or minus one.
#[test]
fn requests_that_outlast_the_deregistration_delay_are_502() {
    let run = leaving(10, "keep_alive");
    let came: f64 = run.timeline.offered[80..100].iter().sum();
    let failed = run.requests.failed_by_cause["http_502"];
    assert_eq!(run.requests.failed, failed);
    assert!((failed - came / 2.0).abs() <= 1.0, "{failed} of {came}");
    let failures = &run.timeline.failed["http_502"];
    let when: Vec<usize> = (0..failures.len()).filter(|&row| failures[row] > 0.0).collect();
    assert!(when.len() == 1 && (109..=110).contains(&when[0]), "all at 110 s: {when:?}");
    // Billed until it is gone: 200 s and 110 s.
    assert_eq!(run.fleets[0].instance_seconds, 310.0);
}

/// With a minute to drain no request fails. Without kept connections the instance leaves as soon as its last request,
/// which came just before 100 s, has finished; with them it stays for the whole minute.
#[test]
fn draining_ends_with_the_last_connection() {
    let closed = leaving(60, "close");
    assert_eq!(closed.requests.failed, 0.0);
    let served = closed.fleets[0].instance_seconds - 200.0;
    assert!((129.0..=130.0).contains(&served), "{served}");
    let kept = leaving(60, "keep_alive");
    assert_eq!(kept.requests.failed, 0.0);
    assert_eq!(kept.fleets[0].instance_seconds, 200.0 + 160.0);
    // In both cases it is capacity until its last request ends.
    let serving = |run: &Outcome| run.timeline.fleets[0].serving.clone();
    assert_eq!(serving(&kept), serving(&closed));
}

/// A balancer without registered targets answers 503 at once.
#[test]
fn nobody_registered_is_503() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\n\
         via = \"public\"\nsteps = [{ cpu = \"1ms\" }]\n[balancer.public]\ntargets = \"web\"\n[fleet.web]\n\
         instance = \"m5.large\"\nmin = 0\nmax = 1\ndesired = 1\ntimetable = [[\"30s\", 0]]\n";
    let run = run(text, 1);
    let offered = &run.timeline.offered;
    assert_eq!(run.timeline.failed["http_503"][30..], offered[30..]);
    assert_eq!(run.timeline.failed["http_503"][..30], [0.0; 30]);
    assert_eq!(run.requests.failed, offered[30..].iter().sum::<f64>());
}

/// An answer that takes longer than the idle timeout is a 504 then; the work of the instance goes on, abandoned.
#[test]
fn an_answer_after_the_idle_timeout_is_504() {
    let text = "duration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrate = [[\"50s\", \"5/s\"], [\"50s\", \"0/s\"]]\n\
         [request.page]\nvia = \"public\"\nsteps = [{ delay = \"20s\" }, { cpu = \"10ms\" }]\n\
         [balancer.public]\ntargets = \"web\"\nidle_timeout = \"8s\"\nhop = \"0s\"\n[fleet.web]\n\
         instance = \"m5.large\"\ninstances = 1\n";
    let run = run(text, 1);
    assert!(run.requests.arrived > 150.0);
    assert_eq!(run.requests.failed_by_cause["http_504"], run.requests.arrived);
    assert_eq!(run.timeline.failed["http_504"][8..58], run.timeline.offered[..50]);
    assert_eq!(run.abandoned.ended, run.requests.arrived);
    let worked = 0.01 * run.requests.arrived;
    assert!((run.abandoned.cpu_s - worked).abs() < 1e-6, "{}", run.abandoned.cpu_s);
}

/// One thread and one place in the backlog, held for an hour: later connections are not accepted. They are tried again
/// after 1, 3, 7 s, and fail with 504 when the balancer's 10 s for connecting are over.
#[test]
fn a_connection_that_is_never_accepted_is_504_after_ten_seconds() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = [[\"40s\", \"5/s\"], [\"40s\", \"0/s\"]]\n\
         [request.page]\nvia = \"public\"\nsteps = [{ delay = \"1h\" }]\n[balancer.public]\ntargets = \"web\"\n\
         hop = \"0s\"\nidle_timeout = \"1h\"\nhealth_check = { interval = \"300s\" }\n[fleet.web]\n\
         instance = \"m5.large\"\ninstances = 1\nthreads = 1\nbacklog = 1\n";
    let run = run(text, 1);
    assert_eq!(run.requests.in_flight, 2.0);
    assert_eq!(run.requests.failed_by_cause["http_504"], run.requests.arrived - 2.0);
    let failures = &run.timeline.failed["http_504"];
    let first_two_came = run.timeline.offered.iter().position(|&rate| rate > 0.0).unwrap();
    assert!(failures[..10 + first_two_came].iter().all(|&rate| rate == 0.0));
    assert_eq!(failures[30..50], run.timeline.offered[20..40]);
}

/// A burst of 20 requests of 10 s each, over two instances of one thread: their checks wait in the queue too and fail
/// after 2 s, and two failures in a row mean unhealthy. With both unhealthy, the balancer sends to all. The queues are
/// empty about 100 s later; two passes 5 s apart make a target healthy again. One zone has one node, which checks.
#[test]
fn targets_go_out_and_come_in_again_and_the_last_one_fails_open() {
    let text = "duration = \"400s\"\nbucket = \"1s\"\n[traffic.all]\n\
         rate = [[\"100s\", \"0/s\"], [\"100s\", \"20/s\"], [\"101s\", \"20/s\"], [\"101s\", \"0/s\"]]\n\
         [request.page]\nvia = \"public\"\nsteps = [{ delay = \"10s\" }]\n[balancer.public]\n\
         targets = \"web\"\nidle_timeout = \"10m\"\nhop = \"0s\"\nhealth_check = { interval = \"5s\", timeout = \"2s\", \
         healthy = 2, unhealthy = 2 }\n[fleet.web]\ninstance = \"m5.large\"\nazs = 1\ninstances = 2\nthreads = 1\n";
    let run = run(text, 1);
    let arrived = run.requests.arrived;
    assert!(arrived >= 10.0);
    assert_eq!((run.requests.completed, run.requests.failed), (arrived, 0.0), "failing open loses nobody");
    let [out, open, all_out, back, in_again, both] = incidents(&run)[..] else {
        panic!("{:?}", incidents(&run))
    };
    assert_eq!(out.1, "1 of 2 targets unhealthy");
    assert_eq!(
        (open.1, all_out.1),
        ("no healthy target: fails open, sends to all", "2 of 2 targets unhealthy")
    );
    // The first failing check starts within 5 s of the burst; the second fails 5 s after the first one's 2 s.
    for (at, _) in [out, open] {
        assert!((107.0..=113.0).contains(&at), "{at}");
    }
    assert_eq!((back.1, in_again.1), ("has a healthy target again", "1 of 2 targets unhealthy"));
    assert_eq!(both.1, "all 2 targets healthy again");
    // Each queue takes 10 s times its requests; then one pass, and 5 s later the second.
    let lines = [(arrived / 2.0).floor(), (arrived / 2.0).ceil()].map(|requests| 100.0 + 10.0 * requests);
    assert!((lines[0]..lines[0] + 12.0).contains(&back.0), "{back:?} {lines:?}");
    assert!((lines[1]..lines[1] + 12.0).contains(&both.0), "{both:?} {lines:?}");
}

/// An instance that is registered at 120 s, and answers after so long. Its checks come every 10 s, five passes make an unhealthy
/// target healthy.
fn starting(check: &str, application_s: u32, instances: &str) -> Outcome {
    run(
        &format!(
            "duration = \"400s\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"20/s\"\n[request.page]\n\
             via = \"public\"\nsteps = [{{ cpu = \"1ms\" }}]\n[balancer.public]\ntargets = \"web\"\n\
             health_check = {{ interval = \"10s\", timeout = \"2s\", healthy = 5, {check} }}\n[fleet.web]\n\
             instance = \"m5.large\"\n{instances}\n\
             boot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", \
             application = \"{application_s}s\" }}\n"
        ),
        1,
    )
}

/// A third instance answers at 220 s. Two failures in a row make it unhealthy: the second one is 10 s to 20 s after 120 s. The
/// first pass is within 10 s after 220 s. It gets no request before.
#[test]
fn one_pass_makes_a_new_target_healthy_whatever_it_failed_before() {
    let run = starting("unhealthy = 2", 100, "min = 2\nmax = 3\nschedule = [{ at = \"100s\", desired = 3 }]");
    let [out, back] = incidents(&run)[..] else { panic!("{:?}", incidents(&run)) };
    assert!(out.1 == "1 of 3 targets unhealthy" && (130.0..=140.0).contains(&out.0), "{out:?}");
    assert!(back.1 == "all 3 targets healthy again" && (220.0..=230.0).contains(&back.0), "{back:?}");
    assert_eq!(run.requests.failed, 0.0);
}

/// The only instance. With no healthy target the balancer sends to all, until this one is healthy. It answers at 150 s: the first pass is
/// within 10 s, and the fifth 40 s after it, whether it is unhealthy by then or not.
#[test]
fn a_new_target_may_need_more_passes() {
    let healthy_at = |check: &str| {
        let run =
            starting(check, 30, "min = 0\nmax = 1\ndesired = 0\nschedule = [{ at = \"100s\", desired = 1 }]");
        let found = incidents(&run).into_iter().find(|(_, text)| *text == "has a healthy target again");
        found.unwrap().0
    };
    for unhealthy in ["unhealthy = 10", "unhealthy = 3"] {
        let one = healthy_at(unhealthy);
        assert!((150.0..=160.0).contains(&one), "{one}");
        assert_eq!(healthy_at(&format!("first_passes = 5, {unhealthy}")) - one, 40.0);
    }
}

/// A service without a queue that has no server from 100 s to 200 s; requests do not use it, checks do, every 10 s.
fn asked_by_checks(steps: &str) -> Outcome {
    run(
        &format!(
            "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"public\"\n\
             steps = [{{ cpu = \"1ms\" }}]\n[balancer.public]\ntargets = \"web\"\n\
             health_check = {{ interval = \"10s\", timeout = \"3s\", healthy = 2, unhealthy = 2{steps} }}\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n[service.session]\n\
             servers = [[\"0s\", 5], [\"100s\", 0], [\"200s\", 5]]\nqueue = 0\ntime = \"20ms\"\n"
        ),
        1,
    )
}

/// The second check in a row that fails begins between 110 s and 120 s and counts after its timeout of 3 s; the second that
/// passes is answered between 210 s and 220 s. Both targets go out, though requests would do well, and the balancer fails
/// open. Each check is a request of the service: of two nodes for two targets, 4 every 10 s.
#[test]
fn a_deep_check_takes_every_target_out_with_what_it_asks() {
    let deep = asked_by_checks(", steps = { service = \"session\" }");
    let unhealthy = &deep.timeline.fleets[0].unhealthy;
    assert!(unhealthy[..112].iter().all(|count| *count == 0.0), "{unhealthy:?}");
    assert!(unhealthy[124..209].iter().all(|count| *count == 2.0), "{unhealthy:?}");
    assert!(unhealthy[221..].iter().all(|count| *count == 0.0), "{unhealthy:?}");
    assert!(incidents(&deep).iter().any(|(_, text)| *text == "no healthy target: fails open, sends to all"));
    assert_eq!(deep.requests.failed, 0.0);
    let session = &deep.services[0];
    assert_eq!((session.arrived, session.rejected), (120.0, 40.0));

    let shallow = asked_by_checks("");
    assert!(shallow.timeline.fleets[0].unhealthy.iter().all(|count| *count == 0.0));
    assert_eq!(shallow.services[0].arrived, 0.0);
    // Requests have the times that they have without checks of any depth: those are booked to nobody.
    assert_eq!(deep.stages.len(), shallow.stages.len());
    assert_eq!(deep.latency_ms, shallow.latency_ms);
}

/// Checks of 100 s fill the two threads of an instance; others wait in its queue when it goes, and end with it.
#[test]
fn a_check_that_waits_for_a_thread_ends_with_its_instance() {
    let text = "duration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"public\"\n\
         steps = [{ cpu = \"1ms\" }]\n[balancer.public]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\n\
         instances = 1\n[balancer.side]\ntargets = \"old\"\nderegistration_delay = \"1s\"\n\
         health_check = { interval = \"5s\", timeout = \"2s\", steps = { delay = \"100s\" } }\n[fleet.old]\n\
         instance = \"m5.large\"\nazs = 1\nthreads = 2\nmin = 0\nmax = 1\ndesired = 1\ntimetable = [[\"50s\", 0]]\n";
    let run = run(text, 1);
    // The first comes within 5 s, then one every 5 s: 9 or 10 until then.
    let waiting = run.timeline.fleets[1].backlog[49];
    assert!((7.0..=8.0).contains(&waiting), "{waiting}");
    assert_eq!(run.timeline.fleets[1].serving[60], 0.0);
    assert_eq!(run.requests.failed, 0.0);
}

/// Three of four instances leave at 240 s, and have 20 s for requests of 50 s: those inside are a 502 at 260 s, because of the scale-in.
#[test]
fn a_scale_in_whose_draining_runs_out_is_why_requests_are_502() {
    let text = "duration = \"10m\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"public\"\n\
         steps = [{ delay = \"50s\" }]\n[balancer.public]\ntargets = \"web\"\nderegistration_delay = \"20s\"\n[fleet.web]\n\
         instance = \"m5.large\"\nmin = 1\nmax = 4\ndesired = 4\nthreads = 1000\nschedule = [{ at = \"4m\", desired = 1 }]\n";
    let run = run(text, 1);
    let trouble = run.phases.iter().find(|phase| phase.trouble).unwrap();
    let first = &trouble.chain[0];
    assert_eq!(
        (first.resource, first.cause),
        (Some(Resource::ScaledIn { fleet: 0 }), true),
        "{}",
        trouble.sentence
    );
    assert!(trouble.sentence.contains("`web` scaled in from 4 to 1 instance"), "{}", trouble.sentence);
    // With 60 s all requests end before.
    let enough = crate::run::run(&text.replace("\"20s\"", "\"60s\""), 1);
    assert!(enough.phases.iter().all(|phase| !phase.sentence.contains("scaled in")), "{:?}", enough.phases);
}

/// Ranges of the user guide, of interval, timeout and both thresholds: what is beyond is no file.
#[test]
fn health_checks_have_the_ranges_of_the_user_guide() {
    let is_read = |check: &str| {
        let text = format!(
            "duration = \"1s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"public\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [balancer.public]\ntargets = \"web\"\nhealth_check = {{ {check} }}\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n"
        );
        simcap::scenario::parse("test.toml", text.as_bytes(), std::path::Path::new(""), &[]).is_ok()
    };
    for (good, bad) in [
        ("interval = \"5s\"", "interval = \"4s\", timeout = \"2s\""),
        ("interval = \"300s\"", "interval = \"301s\""),
        ("timeout = \"2s\"", "timeout = \"1s\""),
        ("interval = \"120s\", timeout = \"120s\"", "interval = \"300s\", timeout = \"121s\""),
        ("healthy = 2", "healthy = 1"),
        ("healthy = 10", "healthy = 11"),
        ("unhealthy = 2", "unhealthy = 1"),
        ("unhealthy = 10", "unhealthy = 11"),
    ] {
        assert!(is_read(good) && !is_read(bad), "{good} / {bad}");
    }
}

/// Every answer of the new version is no HTTP, and reaches its balancer: that answers 502 in its place, or, where it knows no HTTP, passes it on.
#[test]
fn an_answer_that_is_no_http_is_a_502_of_the_balancer() {
    let of = |kind: &str| {
        let text = format!(
            "duration = \"100s\"\n[traffic.all]\ninterarrival = \"100ms\"\n[request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [balancer.lb]\n{kind}\ntargets = \"web\"\nderegistration_delay = \"0s\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 2\n\
             versions = {{ v2 = {{ malformed = \"100%\" }} }}\n\
             deploy = [{{ at = \"10s\", strategy = \"all_at_once\", version = \"v2\", install = \"5s\" }}]\n"
        );
        let run = crate::run::run(&text, 1);
        let failed = |cause: &str| run.requests.failed_by_cause.get(cause).copied().unwrap_or(0.0);
        let own = &run.balancers[0];
        (failed("http_502"), failed("http_500"), own.own_502, own.target_5xx)
    };
    let (bad_gateway, of_application, own, of_targets) = of("");
    // Some more while it restarts.
    assert!(bad_gateway >= 600.0 && own == bad_gateway, "{bad_gateway} {own}");
    assert_eq!((of_application, of_targets), (0.0, 0.0));
    let (bad_gateway, of_application, own, _) = of("kind = \"nlb\"\ntarget_delay = \"0s\"");
    assert!(
        of_application >= 600.0 && (bad_gateway, own) == (0.0, 0.0),
        "{of_application} {bad_gateway} {own}"
    );
}
