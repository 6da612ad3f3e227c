//! Instances that are lost with their zone, worked out by hand: requests inside, new requests, replacement, and spreading.

use simcap::outcome::Outcome;

use super::{activities, incidents, when};
use crate::run::run;

/// A request each 100 ms, of 2 s, in turn over two instances, one in each zone. Zone b is lost at 100 s. The group notices
/// 30 s later, and EC2 runs a new instance 20 s after its launch. Nobody comes to the node of the balancer in the zone.
fn outage(balancer: &str, fleet: &str, fault: &str) -> Outcome {
    run(
        &format!(
            "duration = \"600s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ delay = \"2s\" }}]\n[balancer.lb]\ntargets = \"web\"\n\
             routing = \"round_robin\"\ndns = {{ detect = \"0s\", ttl = \"0s\" }}\nhop = \"0s\"\nhealth_check = {{ interval = \"10s\", timeout = \"5s\", unhealthy = 2 }}\n\
             {balancer}\n[fleet.web]\ninstance = \"m5.large\"\nazs = 2\nthreads = \"unlimited\"\n\
             status_check = \"30s\"\nboot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
             {fleet}\n[fault.outage]\nzone = \"b\"\nat = \"100s\"\n{fault}\n"
        ),
        1,
    )
}

fn http_504(run: &Outcome, rows: std::ops::Range<usize>) -> f64 {
    run.timeline.failed["http_504"][rows].iter().sum()
}

/// Of the 20 requests inside at 100 s ten are on the lost instance. Nothing closes their connections: each is a 504 when its
/// 60 s are over, from 158 s to 160 s. Five a second are sent there until two checks have failed, and are a 504 after the 10 s
/// of a connection. Then all go to the other one.
#[test]
fn requests_inside_wait_for_the_idle_timeout_and_new_ones_for_the_connect_timeout() {
    let run = outage("idle_timeout = \"60s\"", "instances = 2", "");
    let out = when(&run, "1 of 2 targets unhealthy");
    // A check begins within 10 s, and the second one fails 15 s later.
    assert!((115.0..=125.0).contains(&out), "{out}");
    assert_eq!(http_504(&run, 158..160), 10.0);
    let sent = 5.0 * (out - 100.0);
    let failed = http_504(&run, 110..158);
    assert!((failed - sent).abs() <= 1.0, "{failed} of {sent}");
    let last = (out + 10.0).ceil() as usize;
    assert_eq!(http_504(&run, 110..last), failed, "none once it is out");
    assert!(run.timeline.failed["http_504"][111..124].iter().all(|&rate| rate == 5.0));
    assert_eq!(run.requests.failed, failed + 10.0);
    assert_eq!(run.requests.arrived, run.requests.completed + run.requests.failed + run.requests.in_flight);
}

/// Noticed at 130 s, launched in the zone that is left, in service at 150 s. The lost one is gone when its last caller has
/// given up: the one of 99.8 or 99.9 s, after 60 s.
#[test]
fn the_group_replaces_what_is_lost_when_its_status_check_has_failed() {
    let run = outage("idle_timeout = \"60s\"", "instances = 2", "");
    let all = activities(&run);
    let [(130.0, Some(done), 2, 2)] = all.as_slice() else { panic!("{all:?}") };
    assert!((159.7..=160.0).contains(done), "{done}");
    let said: Vec<(f64, &str)> = incidents(&run);
    assert_eq!(said[..2], [(100.0, "zone b is lost"), (100.0, "1 instance lost with zone b")]);
    let serving = &run.timeline.fleets[0].serving;
    assert_eq!((serving[99], serving[100], serving[149], serving[150]), (2.0, 1.0, 1.0, 2.0));
}

/// While both are in zone a, the loss of zone b again hurts nothing.
#[test]
fn the_replacement_is_in_the_zone_that_is_left() {
    let again = "[fault.again]\nzone = \"b\"\nat = \"400s\"\n[fault.spread]\nzone = \"b\"\nat = \"100s\"\nfor = \"350s\"";
    let run = outage("", "instances = 2", &format!("for = \"200s\"\n{again}"));
    // Faults of one zone overlap: it is lost until the end, and told once.
    assert_eq!(incidents(&run).iter().filter(|it| it.1.starts_with("zone b")).count(), 1);
    assert_eq!(activities(&run).len(), 1);
    assert!(run.timeline.fleets[0].serving[160..].iter().all(|&serving| serving == 2.0));
}

/// The zone is back at 300 s. The group launches an instance there, and then ends the older of the two in zone a: there are
/// never fewer than two. With a launch in service at 320 s and 300 s to drain at the most.
#[test]
fn the_group_spreads_its_instances_again_when_the_zone_is_back() {
    let run = outage("deregistration_delay = \"10s\"", "instances = 2", "for = \"200s\"");
    let all = activities(&run);
    let [_, (300.0, Some(done), 2, 2)] = all.as_slice() else { panic!("{all:?}") };
    // The old one drains from 320 s on; a connection to it is kept open for the whole delay.
    assert_eq!(*done, 330.0);
    assert_eq!(run.scaling[1].cause, "instances are spread evenly over the zones again");
    let serving = &run.timeline.fleets[0].serving;
    assert!(serving[150..].iter().all(|&serving| serving >= 2.0), "{:?}", &serving[290..340]);
    assert_eq!(serving[325], 2.0);
    assert_eq!(run.timeline.failed["http_504"][300..].iter().sum::<f64>(), 0.0);
}

/// Where the balancer's verdict counts, the old one stays until the new one has passed a check, which begins within 10 s.
#[test]
fn with_elb_checks_the_old_one_stays_until_the_new_one_is_healthy() {
    let run = outage(
        "deregistration_delay = \"0s\"",
        "instances = 2\nhealth = \"elb\"\ngrace = \"0s\"",
        "for = \"200s\"",
    );
    let last = run.scaling.last().unwrap();
    assert_eq!(last.at_s, 300.0);
    let done = last.done_s.unwrap();
    assert!(done > 320.0 && done <= 330.0, "{done}");
}

/// Six instances over two zones: three are lost, and one at a time is replaced, a tenth of six being less than one. The
/// others fail their checks again a minute later.
#[test]
fn as_many_are_replaced_at_once_as_for_any_failed_check() {
    let run = outage("", "instances = 6", "");
    let at: Vec<f64> = run.scaling.iter().map(|it| it.at_s).collect();
    assert_eq!(at, [130.0, 190.0, 250.0]);
}

/// At 90 s two more are launched, one in each zone. The one in zone b is lost before it is in service: that launch is made up
/// for as soon as it is noticed, whatever else is being replaced. The lost instance that was in service follows a minute later.
#[test]
fn a_launch_that_is_lost_is_made_up_for() {
    let run = outage("", "min = 2\nmax = 4\nschedule = [{ at = \"90s\", desired = 4 }]", "");
    let at: Vec<f64> = run.scaling.iter().map(|it| it.at_s).collect();
    assert_eq!(at, [90.0, 130.0, 190.0]);
    let serving = &run.timeline.fleets[0].serving;
    assert_eq!([serving[105], serving[140], serving[200], serving[220]], [1.0, 2.0, 3.0, 4.0]);
}

/// The zone is back at 200 s and lost again at 210 s, with the instance that was to spread the others: the one that it was to
/// stand in for stays, and the group is as large as before. It spreads them when the zone is back for good, at 310 s.
#[test]
fn an_instance_that_is_lost_while_it_is_to_spread_the_others_leaves_no_trace() {
    let again = "for = \"100s\"\n[fault.again]\nzone = \"b\"\nat = \"210s\"\nfor = \"100s\"";
    let run = outage("deregistration_delay = \"0s\"", "instances = 2", again);
    let at: Vec<f64> = run.scaling.iter().map(|it| it.at_s).collect();
    assert_eq!(at, [130.0, 200.0, 310.0]);
    assert!(run.scaling.iter().all(|it| it.done_s.is_some()), "{:?}", run.scaling);
    let series = &run.timeline.fleets[0];
    assert!(series.serving[150..].iter().all(|&serving| serving >= 2.0));
    let all = |row: usize| series.in_service[row] + series.warming[row] + series.pending[row];
    assert_eq!((all(300), all(400)), (2.0, 2.0));
}

/// With every zone lost nothing can be launched. The first of the two is taken away at 130 s; the other one must wait until
/// it is replaced, as of two only one is replaced at once, so that the balancer goes on sending there. At 300 s the zones are
/// back, at 320 s the first replacement serves, and the check that fails at 370 s replaces the other.
#[test]
fn without_a_zone_nothing_is_launched_until_one_is_back() {
    let run = outage(
        "",
        "instances = 2",
        "for = \"200s\"\n[fault.too]\nzone = \"a\"\nat = \"100s\"\nfor = \"200s\"",
    );
    assert!(incidents(&run).contains(&(130.0, "no zone is left to launch an instance in")));
    let serving = &run.timeline.fleets[0].serving;
    assert!(serving[100..320].iter().all(|&serving| serving == 0.0));
    assert_eq!((serving[330], serving[389], serving[391]), (1.0, 1.0, 2.0));
    assert!(run.timeline.failed["http_504"][200..310].iter().all(|&rate| rate == 10.0));
}

/// Without Auto Scaling nobody replaces them; the next change of the timetable counts those that are left.
#[test]
fn a_timetable_counts_what_is_left() {
    let run = outage("", "instances = 2\ntimetable = [[\"300s\", 3]]", "");
    let serving = &run.timeline.fleets[0].serving;
    assert!(serving[100..300].iter().all(|&serving| serving == 1.0));
    assert_eq!(serving[310], 3.0);
    assert!(run.scaling.is_empty());
}

/// Four instances of 100 requests/s in two zones. After the loss of a zone two are left: they carry 190/s, all of it, as
/// soon as the others are out after two checks; of 300/s no more than 200/s.
#[test]
fn what_is_left_carries_the_capacity_of_the_other_zones() {
    let shop = |rate: u32, spacing: u32| {
        let text = format!(
            "duration = \"120s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"{rate}/s\"\ninterarrival = \"{spacing}us\"\n\
             [request.page]\nvia = \"lb\"\nsteps = [{{ cpu = \"10ms\" }}]\n[balancer.lb]\ntargets = \"web\"\nhop = \"0s\"\n\
             dns = {{ detect = \"0s\", ttl = \"0s\" }}\nhealth_check = {{ interval = \"5s\", timeout = \"2s\", unhealthy = 2 }}\n[fleet.web]\n\
             instance = {{ vcpus = 1, memory = \"8 GiB\" }}\nthreads = 20\nbacklog = 1\noverflow = \"reset\"\ninstances = 4\n\
             status_check = \"1h\"\n[fault.outage]\nzone = \"a\"\nat = \"60s\"\n"
        );
        run(&text, 1)
    };
    let enough = shop(190, 5_263);
    let completed = &enough.timeline.completed;
    assert!(completed[75..119].iter().all(|&rate| (189.0..=191.0).contains(&rate)), "{completed:?}");
    let over = shop(300, 3_333);
    let completed = &over.timeline.completed;
    assert!(completed[10..59].iter().all(|&rate| (298.0..=302.0).contains(&rate)), "{completed:?}");
    // The twenty that share the CPU of an instance may end together at the end of a row.
    assert!(completed[61..].iter().all(|&rate| rate <= 221.0), "{completed:?}");
    assert!(completed.iter().skip(61).any(|&rate| rate >= 199.0), "{completed:?}");
}

/// A tier that calls the lost one hears nothing either: 10 of the 20 calls inside at 100 s are a 504 when the 20 s of the
/// balancer between them are over, and new calls are one after 10 s. The client gets the same.
#[test]
fn a_tier_that_calls_a_lost_one_waits_as_a_client_does() {
    let text = "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{ call = \"internal\", steps = [{ delay = \"2s\" }] }]\n[fleet.web]\n\
         instance = \"m5.large\"\nazs = [\"f\"]\ninstances = 1\nthreads = \"unlimited\"\n[balancer.internal]\n\
         targets = \"app\"\nrouting = \"round_robin\"\ndns = { detect = \"0s\", ttl = \"0s\" }\nhop = \"0s\"\nidle_timeout = \"20s\"\n\
         health_check = { interval = \"10s\", timeout = \"5s\", unhealthy = 2 }\n[fleet.app]\ninstance = \"m5.large\"\n\
         instances = 2\nthreads = \"unlimited\"\nstatus_check = \"1h\"\n[fault.outage]\nzone = \"b\"\nat = \"100s\"\n";
    let run = run(text, 1);
    let out = when(&run, "1 of 2 targets unhealthy");
    assert!(run.timeline.failed["http_504"][111..117].iter().all(|&rate| rate == 5.0));
    assert!((http_504(&run, 118..120) - 20.0).abs() <= 1.0, "{}", http_504(&run, 118..120));
    let expected = 10.0 + 5.0 * (out - 100.0);
    assert!((run.requests.failed - expected).abs() <= 1.0, "{} of {expected}", run.requests.failed);
    // Nobody is left in the calling tier.
    assert!(run.requests.in_flight <= 21.0, "{}", run.requests.in_flight);
    let threads = &run.timeline.fleets[0].threads_busy;
    assert!(threads[105] > 25.0 && threads[200] < 21.0, "{} {}", threads[105], threads[200]);
}

/// One worker, in zone b, has a message in work, from 50 s to 54 s, when it is lost at 52 s. The message comes back a minute
/// after it was received, and the worker that replaces the first, from 82 s on, does it.
#[test]
fn a_message_that_was_in_work_on_a_lost_worker_comes_back() {
    let text = "duration = \"400s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"0.1/s\"\n\
         interarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n[queue.orders]\nvisibility_timeout = \"60s\"\n\
         workers = \"worker\"\ntime = \"4s\"\npollers = 1\nbatch = 1\nwait = \"20s\"\n[fleet.worker]\ninstance = \"m5.large\"\n\
         azs = [\"b\", \"a\"]\ninstances = 1\nstatus_check = \"10s\"\n\
         boot = { decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }\n\
         [fault.outage]\nzone = \"b\"\nat = \"52s\"\n";
    let run = run(text, 1);
    let queue = &run.queues[0];
    assert_eq!((queue.again, queue.deleted), (1.0, queue.sent), "{queue:?}");
    assert_eq!(queue.visible + queue.in_flight, 0.0);
}

/// A caller without a balancer has no checks: every other request goes to the lost instance until the group takes it away,
/// and its client waits as long as it will.
#[test]
fn a_caller_without_a_balancer_goes_on_sending_there() {
    let text = "duration = \"100s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         client = { timeout = \"3s\", round_trip = \"0s\" }\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"1ms\" }]\n\
         [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\nstatus_check = \"30s\"\n[fault.outage]\nzone = \"b\"\nat = \"20s\"\n";
    let run = run(text, 1);
    let failed = &run.timeline.failed["client_timeout"];
    assert!(failed[24..52].iter().all(|&rate| rate == 5.0), "{failed:?}");
    assert_eq!(run.requests.failed, failed.iter().sum::<f64>());
    assert!((run.requests.failed - 150.0).abs() <= 1.0, "{}", run.requests.failed);
}

/// Two of four instances are lost at 100 s, and their group notices it after 50 s: until then it holds them for being in service.
#[test]
fn lost_instances_are_counted_until_their_group_has_noticed() {
    let text = |fault: &str| {
        format!(
            "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"web\"\n\
             steps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 4\nstatus_check = \"50s\"\n{fault}"
        )
    };
    let run = run(&text("[fault.outage]\nzone = \"b\"\nat = \"100s\"\n"), 1);
    let fleet = &run.timeline.fleets[0];
    let lost: Vec<f64> = [98, 100, 148, 290].map(|row| fleet.lost[row]).into();
    assert_eq!(lost, [0.0, 2.0, 2.0, 0.0]);
    assert_eq!(fleet.in_service[120], 4.0, "as the group has it");
    let healthy = crate::run::run(&text(""), 1);
    assert!(healthy.timeline.fleets[0].lost.iter().all(|lost| *lost == 0.0));
}
