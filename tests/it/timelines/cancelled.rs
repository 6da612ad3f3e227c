//! Clients who leave in the middle of the work for them: what is called off, and how much work is abandoned.
//!
//! A long request of 10 s comes at 10 s, a short one of 3 s at 12 s, to one core; both clients wait for 4.5 s. The run
//! ends at 19 s.

use simcap::outcome::Outcome;

use crate::run::run;

/// The two requests, each with one `step`, in which `DEMAND` stands for its demand.
fn long_and_short(on_timeout: &str, step: &str, resources: &str) -> Outcome {
    let long = step.replace("DEMAND", "10s");
    let short = step.replace("DEMAND", "3s");
    run(
        &format!(
            "duration = \"19s\"\n[client]\ntimeout = \"4500ms\"\non_timeout = \"{on_timeout}\"\n\
             [traffic.long]\ninterarrival = \"10s\"\nrequests = {{ long = 1 }}\n\
             [traffic.short]\ninterarrival = \"12s\"\nrequests = {{ short = 1 }}\n\
             [request.long]\n{long}\n[request.short]\n{short}\n{resources}\n"
        ),
        1,
    )
}

fn on_instance(on_timeout: &str, discipline: &str) -> Outcome {
    let fleet = format!(
        "[fleet.web]\ninstances = 1\ndiscipline = \"{discipline}\"\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}"
    );
    long_and_short(on_timeout, "via = \"web\"\nsteps = [{ cpu = \"DEMAND\" }]", &fleet)
}

/// From 12 s on each has half a core. At 14.5 s the long one is called off; the short one has 1.25 s of its 3 s and
/// gets the other 1.75 s alone: done at 16.25 s, 4.25 s after it came.
fn short_one_is_saved(run: &Outcome) {
    assert_eq!((run.requests.completed, run.requests.failed), (1.0, 1.0));
    assert_eq!(run.classes[1].latency_ms.max, 4_250.0);
    assert_eq!((run.abandoned.ended, run.abandoned.in_system, run.abandoned.cpu_s), (0.0, 0.0, 0.0));
}

#[test]
fn a_cancelled_request_leaves_a_shared_cpu_at_once() {
    short_one_is_saved(&on_instance("cancel", "processor_sharing"));
}

#[test]
fn a_cancelled_request_leaves_shared_servers_at_once() {
    let station = "[service.desk]\nservers = 1\ntime = \"1s\"\ndiscipline = \"processor_sharing\"";
    let step = "steps = [{ service = \"desk\", time = \"DEMAND\" }]";
    short_one_is_saved(&long_and_short("cancel", step, station));
}

/// The smallest node has two cores, so two long ones share them with the short one. From 12 s on each has two thirds: at
/// 14.5 s the short one has 5/3 s of its 3 s, and gets the other 4/3 s on a core of its own: done 3.8333 s after it came.
#[test]
fn a_cancelled_statement_leaves_the_cpu_of_its_node_at_once() {
    let database = "[traffic.longer]\ninterarrival = \"10s\"\nrequests = { long = 1 }\n\
                    [database.shop]\nhop = \"0s\"\nwriter = \"db.r5.large\"";
    let step = "steps = [{ read = \"shop\", demand = \"DEMAND\" }]";
    let run = long_and_short("cancel", step, database);
    assert_eq!((run.requests.completed, run.requests.failed), (1.0, 2.0));
    let expected = 1e3 * (2.5 + 4.0 / 3.0);
    assert!((run.classes[1].latency_ms.max - expected).abs() < 1e-5, "{}", run.classes[1].latency_ms.max);
    let kept = long_and_short("keep_working", step, database);
    assert_eq!((kept.requests.completed, kept.abandoned.cpu_s), (1.0, 0.0), "done after exactly 4.5 s");
}

/// In order, the core finishes the long request, which it has begun: 4.5 s of it, until the end of the run, are
/// abandoned work. The short one leaves the queue at 16.5 s.
#[test]
fn a_cancelled_request_leaves_the_queue_for_a_core_at_once() {
    let run = on_instance("cancel", "fifo");
    assert_eq!((run.requests.completed, run.requests.failed), (0.0, 2.0));
    assert_eq!((run.abandoned.ended, run.abandoned.in_system, run.abandoned.cpu_s), (0.0, 1.0, 4.5));
}

/// The work goes on. Shared: the long one gets 1.75 s from 14.5 s to 18 s and 1 s alone; the short one, whose client
/// leaves at 16.5 s, gets 0.75 s until it is done at 18 s. In order: the long one alone, as above.
#[test]
fn cpu_for_nobody_is_what_is_executed_after_the_client_has_gone() {
    let shared = on_instance("keep_working", "processor_sharing");
    assert_eq!((shared.requests.failed, shared.abandoned.ended, shared.abandoned.in_system), (2.0, 1.0, 1.0));
    assert!((shared.abandoned.cpu_s - 3.5).abs() < 1e-9, "{}", shared.abandoned.cpu_s);
    let in_order = on_instance("keep_working", "fifo");
    assert_eq!((in_order.abandoned.in_system, in_order.abandoned.cpu_s), (2.0, 4.5));
}

/// A step that begins after the client has left counts as a whole, in the time of the core that executes it: 1 s of
/// demand takes half a second on a core twice as fast.
#[test]
fn cpu_that_begins_after_the_client_has_gone_counts_as_a_whole() {
    for discipline in ["processor_sharing", "fifo"] {
        let run = run(
            &format!(
                "duration = \"19s\"\n[client]\ntimeout = \"1s\"\n[traffic.all]\ninterarrival = \"10s\"\n\
                 [request.go]\nvia = \"web\"\nsteps = [{{ delay = \"2s\" }}, {{ cpu = \"1s\" }}]\n\
                 [fleet.web]\ninstances = 1\nspeeds = [2]\ndiscipline = \"{discipline}\"\n\
                 instance = {{ vcpus = 1, memory = \"8 GiB\" }}"
            ),
            1,
        );
        assert_eq!((run.abandoned.ended, run.abandoned.cpu_s), (1.0, 0.5), "{discipline}");
    }
}

/// 10 s of work begin at 60 s, and the client has gone at 61 s. The instance has earned 6 s of full speed, and goes on with a
/// tenth of its CPU: the other 9 s of work take half a minute, and are 9 s of CPU all the same.
#[test]
fn cpu_that_is_withheld_is_no_work_for_nobody() {
    let credits = "credits = { mode = \"standard\", baseline = \"10%\", initial = 0 }";
    let fleet = |discipline: &str, credits: &str| {
        format!(
            "[request.go]\nvia = \"web\"\nsteps = [{{ cpu = \"10s\" }}]\n[fleet.web]\ninstances = 1\n{credits}\n\
             discipline = \"{discipline}\"\ninstance = {{ vcpus = 1, memory = \"8 GiB\" }}"
        )
    };
    let head = "duration = \"110s\"\n[client]\ntimeout = \"1s\"\nround_trip = \"0s\"\n[traffic.all]\n";
    let shared = fleet("processor_sharing", credits);
    let once = run(&format!("{head}interarrival = \"60s\"\n{shared}"), 1);
    assert_eq!(once.abandoned.ended, 1.0);
    assert!((once.abandoned.cpu_s - 9.0).abs() < 1e-6, "{}", once.abandoned.cpu_s);
    for discipline in ["processor_sharing", "fifo"] {
        let overload = run(&format!("{head}rate = \"1/s\"\n{}", fleet(discipline, credits)), 1);
        let (cpu_s, all) = (overload.abandoned.cpu_s, overload.fleets[0].cpu_mean * 110.0);
        assert!(cpu_s > 5.0 && cpu_s <= all, "{discipline}: {cpu_s} of {all}");
    }
}

/// One thread is taken from 10 s to 17 s, and nobody can wait for it. The second client asks at 11 s, 12 s and 14 s, and gives
/// up at 15 s: its next packet, at 18 s, is never sent, and the thread stays free.
#[test]
fn a_client_who_has_gone_does_not_connect() {
    let run = run(
        "duration = \"19s\"\n[client]\ntimeout = \"4s\"\nround_trip = \"0s\"\n\
         [traffic.first]\ninterarrival = \"10s\"\n[traffic.second]\ninterarrival = \"11s\"\n\
         [request.go]\nvia = \"web\"\nsteps = [{ delay = \"7s\" }]\n\
         [fleet.web]\ninstances = 1\nthreads = 1\nbacklog = 0\ninstance = { vcpus = 1, memory = \"8 GiB\" }",
        1,
    );
    assert_eq!(run.requests.failed_by_cause["client_timeout"], 2.0);
    // The first one goes on until 17 s.
    assert_eq!((run.abandoned.ended, run.abandoned.in_system), (1.0, 0.0));
    let threads = &run.timeline.kinds.fleets[0].threads_busy;
    let held = threads.iter().sum::<f64>() * run.timeline.bucket_s;
    assert!((held - 7.0).abs() < 1e-9, "{held}");
}

/// An instance is ended with four requests inside: they fail, and nothing goes on for clients who have gone.
#[test]
fn what_ends_with_its_instance_is_no_work_for_nobody() {
    let run = run(
        "duration = \"10m\"\n[users.all]\ncount = 4\nthink = \"0s\"\n\
         [request.go]\nvia = \"lb\"\nsteps = [{ delay = \"20m\" }]\n\
         [balancer.lb]\ntargets = \"web\"\nderegistration_delay = \"10s\"\nidle_timeout = \"1h\"\n\
         [fleet.web]\nmin = 0\nmax = 1\ndesired = 1\nschedule = [{ at = \"1m\", desired = 0 }]\n\
         instance = { vcpus = 1, memory = \"8 GiB\" }",
        1,
    );
    assert!(run.requests.failed_by_cause["http_502"] >= 4.0, "{:?}", run.requests.failed_by_cause);
    assert_eq!((run.abandoned.ended, run.abandoned.in_system), (0.0, 0.0));
}

/// 2,000 requests a second to one shared server of 10 s each, given up after half a second: a thousand are inside at
/// once, and the entries of those called off never outnumber them.
#[test]
fn records_of_cancelled_work_are_used_again() {
    let run = run(
        "duration = \"20s\"\n[client]\ntimeout = \"500ms\"\non_timeout = \"cancel\"\n[traffic.all]\n\
         interarrival = \"500us\"\n[request.go]\nsteps = [{ service = \"desk\" }]\n[service.desk]\nservers = 1\n\
         time = \"10s\"\ndiscipline = \"processor_sharing\"",
        1,
    );
    assert!(run.requests.failed > 38_000.0);
    assert!(run.work.peak_in_flight <= 2_010, "{}", run.work.peak_in_flight);
    assert!(run.work.peak_pending < 5_000, "{}", run.work.peak_pending);
}
