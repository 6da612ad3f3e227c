//! Workers on hosts that leave, and work that goes through other tiers.

use crate::run::run;

/// A message at 100 s is worked on for 8 s by the first of two instances, which the timetable takes out at 105 s.
fn scaled_in(stop_timeout: &str) -> simcap::outcome::QueueOutcome {
    let text = format!(
        "duration = \"199s\"\n[traffic.all]\ninterarrival = \"100s\"\n[request.order]\nsteps = [{{ send = \"orders\" }}]\n\
         [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nvisibility_timeout = \"20s\"\n\
         time = \"8s\"\nstop_timeout = \"{stop_timeout}\"\n\
         [fleet.worker]\ninstance = \"m5.large\"\ninstances = 2\ntimetable = [[\"0s\", 2], [\"105s\", 1]]\n"
    );
    run(&text, 1).queues.remove(0)
}

#[test]
fn a_leaving_instance_finishes_what_it_has_received() {
    let queue = scaled_in("90s");
    assert_eq!((queue.received, queue.deleted, queue.age_ms.max), (1.0, 1.0, 8000.0));
}

/// Nothing says that the message is lost but its visibility timeout, at 120 s; then the other instance works until 128 s.
#[test]
fn the_messages_of_a_lost_instance_come_back() {
    for stop_timeout in ["0s", "2s"] {
        let queue = scaled_in(stop_timeout);
        assert_eq!((queue.received, queue.again, queue.deleted), (2.0, 1.0, 1.0), "{stop_timeout}");
        assert_eq!(queue.age_ms.max, 28_000.0, "{stop_timeout}");
    }
}

/// The same message is cut off at 105 s or 107 s, and counts in that row; with time enough none is.
#[test]
fn messages_of_an_instance_that_is_shut_down_are_counted() {
    for (stop_timeout, cut_off) in [("2s", 1.0), ("90s", 0.0)] {
        assert_eq!(scaled_in(stop_timeout).cut_off, cut_off, "{stop_timeout}");
    }
}

/// Work of 60 s on instances that get 10 s to stop: two of four leave at 10:00, and at 10:10 what they still work on is cut off, in the row
/// that ends then. It comes back five minutes after it was received.
const CUT_OFF: &str = "duration = \"20m\"\n[traffic.src]\nrate = \"0.5/s\"\ninterarrival = \"constant 2s\"\n[request.order]\n\
     steps = [{ send = \"v\" }]\n[queue.v]\nworkers = \"w\"\ntime = \"constant 60s\"\npollers = 20\nwait = \"20s\"\n\
     visibility_timeout = \"5m\"\nstop_timeout = \"10s\"\n[fleet.w]\ninstance = \"c6i.large\"\nmin = 1\nmax = 4\ndesired = 4\n\
     [[fleet.w.schedule]]\nat = \"10m\"\ndesired = 2\n[objectives]\nage = \"v p99 < 2m\"\n";

#[test]
fn a_scale_in_that_cuts_messages_off_is_said_in_its_phase() {
    let run = run(CUT_OFF, 1);
    let queue = &run.queues[0];
    assert!(queue.cut_off > 5.0, "{queue:?}");
    assert_eq!(queue.cut_off, queue.again, "each of them comes back");
    let phase = &crate::phases::troubles(&run)[0];
    let said = format!("{} cut off with their instance from 10:10 on", queue.cut_off);
    assert!(phase.sentence.contains(&said), "{said}: {}", phase.sentence);
}

#[test]
fn work_that_outlasts_the_stop_timeout_is_warned_of_where_instances_leave() {
    let found = |text: &str| {
        let found = simcap::warning::of_scenario(&crate::run::scenario(text), 1).into_iter();
        let found = found.filter(|it| it.code.name() == "work-outlasts-stop");
        found.map(|it| it.message).collect::<Vec<_>>()
    };
    let words = "a message of queue `v` takes 1m of work, longer than the `stop_timeout` of 10s, and fleet `w` can scale in";
    assert_eq!(found(CUT_OFF), [words]);
    assert_eq!(found(&CUT_OFF.replace("\"10s\"", "\"70s\"")), [""; 0]);
    assert_eq!(found(&CUT_OFF.replace("at = \"10m\"\ndesired = 2", "at = \"10m\"\nmax = 5")), [""; 0]);
    // A policy that only adds, and one that removes as well.
    let with = |scale_in: bool| {
        let policy = format!(
            "scaling = [{{ target_tracking = {{ metric = \"cpu\", target = 50, scale_in = {scale_in} }} }}]\n[objectives]"
        );
        CUT_OFF
            .replace("at = \"10m\"\ndesired = 2\n", "at = \"10m\"\nmax = 5\n")
            .replace("[[fleet.w.schedule]]\nat = \"10m\"\nmax = 5\n[objectives]", &policy)
    };
    assert_eq!(found(&with(false)), [""; 0]);
    assert_eq!(found(&with(true)), [words]);
}

/// A worker calls another tier, whose balancer waits for a second at most; its instance works for 3 s.
#[test]
fn work_fails_where_a_tier_does_not_answer_in_time() {
    let text = "duration = \"39s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nvisibility_timeout = \"2m\"\n\
                steps = [{ call = \"lb\", steps = [{ delay = \"3s\" }] }]\n\
                [balancer.lb]\ntargets = \"web\"\nhop = \"0s\"\nidle_timeout = \"1s\"\n\
                [fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n";
    let run = run(text, 1);
    let queue = &run.queues[0];
    assert_eq!((queue.received, queue.failed, queue.deleted, queue.in_flight), (3.0, 3.0, 0.0, 3.0));
    assert_eq!(run.abandoned.ended, 3.0, "the tier works on for 2 s more");
    let patient = text.replace("idle_timeout = \"1s\"", "idle_timeout = \"4s\"");
    let queue = &self::run(&patient, 1).queues[0];
    assert_eq!((queue.failed, queue.deleted, queue.age_ms.max), (0.0, 3.0, 3000.0));
}

/// The instance that a worker waits for is taken out while it answers: the worker has an error, and goes on.
#[test]
fn work_fails_where_an_inner_host_is_gone() {
    let text = "duration = \"39s\"\n[traffic.all]\ninterarrival = \"10s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nwait = \"20s\"\nvisibility_timeout = \"2m\"\n\
                steps = [{ call = \"web\", steps = [{ delay = \"3s\" }] }]\n\
                [fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n\
                [fleet.web]\ninstance = \"m5.large\"\ninstances = 2\ntimetable = [[\"0s\", 2], [\"11s\", 1]]\n";
    let queue = &run(text, 1).queues[0];
    assert_eq!((queue.received, queue.failed, queue.deleted, queue.in_flight), (3.0, 1.0, 2.0, 1.0));
}

/// A call takes a second to SQS. The poll that began at 4 s comes there after the host was asked to leave, at 4.5 s: it gets
/// nothing, although there is a message, and the host is gone when its answer is back.
#[test]
fn a_leaving_instance_receives_no_more() {
    let text = |timetable: &str| {
        format!(
            "duration = \"30s\"\n[traffic.all]\ninterarrival = \"2s\"\n[request.order]\nsteps = [{{ send = \"orders\" }}]\n\
             [queue.orders]\nlatency = \"2s\"\nworkers = \"worker\"\ntime = \"1s\"\npoll_interval = \"2s\"\n\
             [fleet.worker]\ninstance = \"m5.large\"\ninstances = 1\n{timetable}\n"
        )
    };
    let staying = run(&text(""), 1);
    assert!(staying.queues[0].received > 3.0);
    let leaving = run(&text("timetable = [[\"0s\", 1], [\"4500ms\", 0]]"), 1);
    assert_eq!((leaving.queues[0].received, leaving.fleets[0].terminated), (0.0, 1.0));
}

/// Six instances with four pollers of four minutes a message; three are taken out at 10:00, and their stop timeout ends at 11:30. From
/// then on there are twelve pollers, and no work fails: what the others had comes back after its visibility timeout of 10 min.
#[test]
fn pollers_are_gone_with_their_instance() {
    let text = "duration = \"22m\"\nbucket = \"10s\"\n[traffic.t]\ninterarrival = \"20s\"\n[request.order]\n\
                steps = [{ send = \"jobs\" }]\n[queue.jobs]\nlatency = \"0s\"\nvisibility_timeout = \"10m\"\nworkers = \"w\"\n\
                time = \"4m\"\nwait = \"20s\"\npollers = 4\n[fleet.w]\ninstance = \"m6i.large\"\nmin = 3\nmax = 6\ndesired = 6\n\
                schedule = [{ at = \"10m\", desired = 3 }]\n";
    let run = run(text, 1);
    let (queue, series) = (&run.queues[0], &run.timeline.queues[0]);
    assert_eq!(queue.failed, 0.0);
    assert!(queue.again > 0.0 && queue.again <= 12.0, "{}", queue.again);
    let busy = |row: usize| series.pollers[row] * series.pollers_busy_percent[row] / 100.0;
    let found: Vec<(f64, f64)> =
        (0..series.pollers.len()).map(|row| (series.pollers[row], busy(row))).collect();
    assert!(
        found[58].0 > 23.9 && found[70..].iter().all(|(there, busy)| *there == 12.0 && *busy <= 12.01),
        "{found:?}"
    );
}

/// Two instances have a message of one second in work at any time. At 10 s they become another version in place: what they have they end
/// by 11 s, and 20 s of installation and 5 s of start follow. Meanwhile nothing is received.
#[test]
fn an_instance_that_becomes_another_version_receives_no_more() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"4/s\"\n[request.order]\nsteps = [{ send = \"orders\" }]\n\
                [queue.orders]\nlatency = \"0s\"\nworkers = \"worker\"\nsteps = [{ cpu = \"1s\" }]\n\
                [fleet.worker]\ninstance = \"m5.large\"\ninstances = 2\nversions = { v2 = {} }\n\
                boot = { decision = \"0s\", launch = \"3s\", system = \"1s\", bootstrap = \"1s\", application = \"5s\" }\n\
                deploy = [{ at = \"10s\", strategy = \"all_at_once\", version = \"v2\", install = \"20s\" }]\n";
    for discipline in ["fifo", "processor_sharing"] {
        let text = text.replace("instances = 2", &format!("instances = 2\ndiscipline = \"{discipline}\""));
        let run = run(&text, 1);
        let deleted = &run.timeline.queues[0].deleted;
        assert!(deleted[5..10].iter().all(|&rate| rate == 2.0), "{deleted:?}");
        assert_eq!(deleted[10], 2.0, "each ends the one that it has: {deleted:?}");
        assert!(deleted[11..35].iter().all(|&rate| rate == 0.0), "{deleted:?}");
        assert!(deleted[40..].iter().all(|&rate| rate == 2.0), "{deleted:?}");
        let cpu = &run.timeline.fleets[0].cpu_percent;
        assert!(cpu.iter().all(|&percent| percent <= 100.0 + 1e-6), "{cpu:?}");
        assert_eq!(run.queues[0].cut_off, 0.0);
    }
}
