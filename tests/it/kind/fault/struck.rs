//! Instances that die, crash, hang, are slow or lose their network, worked out by hand.

use simcap::outcome::Outcome;

use super::{activities, incidents, when};
use crate::run::run;

/// A request each 100 ms in turn over two instances behind a balancer, one in each zone. EC2 notices after 30 s what fails its status
/// checks, and runs a new instance 20 s after its launch.
fn pair(steps: &str, fleet: &str, fault: &str) -> Outcome {
    let azs = if fleet.contains("azs") { "" } else { "azs = 2\n" };
    let text = format!(
        "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [request.page]\nvia = \"lb\"\nsteps = [{steps}]\n[balancer.lb]\ntargets = \"web\"\n\
         routing = \"round_robin\"\nhop = \"0s\"\nidle_timeout = \"60s\"\n\
         health_check = {{ interval = \"10s\", timeout = \"5s\", unhealthy = 2 }}\n[fleet.web]\n\
         instance = \"m5.large\"\ninstances = 2\n{azs}threads = \"unlimited\"\nstatus_check = \"30s\"\n\
         boot = {{ decision = \"0s\", launch = \"20s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }}\n\
         {fleet}\n[fault.bad]\nfleet = \"web\"\nat = \"100s\"\n{fault}\n"
    );
    run(&text, 1)
}

/// A request each 100 ms at the only instance of a fleet without balancer, with a core for each.
fn alone(steps: &str, fleet: &str, fault: &str) -> Outcome {
    let text = format!(
        "duration = \"200s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [client]\ntimeout = \"5s\"\non_timeout = \"cancel\"\n\
         [request.page]\nvia = \"web\"\nsteps = [{steps}]\n[fleet.web]\n\
         instance = {{ vcpus = 64, memory = \"64 GiB\" }}\ninstances = 1\nthreads = 500\nbacklog = 500\n\
         boot = {{ application = \"2s\" }}\n{fleet}\n[fault.bad]\nfleet = \"web\"\n{fault}\n"
    );
    run(&text, 1)
}

fn failed(run: &Outcome) -> Vec<(String, f64)> {
    let causes = run.requests.failed_by_cause.iter().filter(|it| *it.1 > 0.0);
    causes.map(|(cause, count)| (cause.name().to_owned(), *count)).collect()
}

/// As with the loss of its zone, but the zone is there: the ten requests inside are a 504 after 60 s, and the new instance is in the
/// same zone.
#[test]
fn an_instance_that_dies_is_silent_and_is_replaced() {
    let run = pair("{ delay = \"2s\" }", "", "effect = \"dies\"\nzone = \"b\"");
    assert_eq!(incidents(&run)[0], (100.0, "1 of 1 instance of `web` in zone b died"));
    assert_eq!(run.timeline.failed["http_504"][158..160].iter().sum::<f64>(), 10.0);
    let all = activities(&run);
    let [(130.0, Some(_), 2, 2)] = all.as_slice() else { panic!("{all:?}") };
    let serving = &run.timeline.fleets[0].serving;
    assert_eq!((serving[99], serving[100], serving[149], serving[150]), (2.0, 1.0, 1.0, 2.0));
}

/// The requests of 98.1 s to 100 s are inside at 100.05 s: twenty are reset. The application is up 100 ms and 2 s later: those of 100.1 s to
/// 102.1 s are refused.
#[test]
fn an_application_that_crashes_resets_and_refuses_until_it_is_up_again() {
    let run = alone("{ delay = \"2s\" }", "", "effect = \"crashes\"\nat = \"100.05s\"");
    assert_eq!(failed(&run), [("http_502".to_owned(), 41.0)]);
    // 20 inside and nine of that second, ten, and two.
    assert_eq!(run.timeline.failed["http_502"][100..103], [29.0, 10.0, 2.0]);
    assert_eq!(incidents(&run), [(100.05, "1 of 1 instance of `web` crashed")]);
    assert!(run.scaling.is_empty(), "no status check fails");
    let serving = &run.timeline.fleets[0].serving;
    assert_eq!((serving[99], serving[101], serving[103]), (1.0, 0.0, 1.0));
    assert!(
        (serving[100] - 0.05).abs() < 1e-9 && (serving[102] - 0.85).abs() < 1e-9,
        "{:?}",
        &serving[99..104]
    );
}

/// What was cold once is cold again: half as fast for a minute, 100/s × (0.5 + t / 120 s), t from 22.1 s on.
#[test]
fn an_application_that_has_crashed_is_cold_again() {
    let text = "duration = \"2m\"\nbucket = \"5s\"\n[users.all]\ncount = 1\nthink = \"0s\"\n[client]\nretries = { max = 5, backoff = \"1s\" }\n\
        [request.page]\nvia = \"web\"\nsteps = [{ cpu = \"10ms\" }]\n[fleet.web]\n\
        instance = { vcpus = 1, memory = \"1 GiB\" }\ninstances = 1\ncold = { speed = \"50%\", for = \"1m\" }\nboot = { application = \"2s\" }\n\
        [fault.bad]\nfleet = \"web\"\neffect = \"crashes\"\nat = \"20s\"\n";
    let run = run(text, 1);
    assert!((run.timeline.completed[3] - 100.0).abs() < 0.3, "warm at first: {:?}", run.timeline.completed);
    for row in 6..24 {
        let middle = 5.0 * row as f64 + 2.5 - 22.1;
        let expected = 100.0 * (0.5 + (middle / 120.0).min(0.5));
        let rate = run.timeline.completed[row];
        assert!((rate - expected).abs() < 0.6, "{row}: {rate} for {expected}");
    }
}

/// From 100.005 s to 110.005 s nothing is done. Each request until 105 s gives up after 5 s; those after that wait, and have a core each then.
/// With shared cores the one of 100 s has half of its work to do, and gives up as well.
#[test]
fn an_instance_that_hangs_accepts_and_does_nothing() {
    for (discipline, expected) in [("processor_sharing", 51.0), ("fifo", 50.0)] {
        let run = alone(
            "{ cpu = \"10ms\" }",
            &format!("discipline = \"{discipline}\""),
            "effect = \"hangs\"\nat = \"100.005s\"\nfor = \"10s\"",
        );
        assert_eq!(failed(&run), [("client_timeout".to_owned(), expected)], "{discipline}");
        assert_eq!(run.requests.in_flight, 0.0);
        let cpu = &run.timeline.fleets[0].cpu_percent;
        assert!(cpu[101..110].iter().all(|percent| *percent < 1e-6), "it takes no CPU: {:?}", &cpu[99..112]);
        let said: Vec<&str> = incidents(&run).iter().map(|it| it.1).collect();
        assert_eq!(said, ["1 of 1 instance of `web` hung", "over for 1 instance of `web`"]);
    }
}

/// Its checks time out: the second one begins 20 s after the fault at the latest. Until then every other request hangs there.
#[test]
fn health_checks_of_an_instance_that_hangs_time_out() {
    let run = pair("{ cpu = \"10ms\" }", "azs = 1", "effect = \"hangs\"\nfor = \"100s\"");
    let out = when(&run, "1 of 2 targets unhealthy");
    assert!((115.0..=125.0).contains(&out), "{out}");
    let back = when(&run, "all 2 targets healthy again");
    // Five checks pass, 10 s apart.
    assert!((240.0..=250.0).contains(&back), "{back}");
    let hung = 5.0 * (out - 100.0);
    assert!((failed(&run)[0].1 - hung).abs() <= 1.0, "{:?} for {hung}", failed(&run));
    assert!(run.scaling.is_empty(), "EC2 sees nothing of it");
}

/// One user who always asks: 100/s, of which a fifth is left from 20 s to 40 s, half from 30 s to 50 s, and a tenth while both last. A cold
/// application is half as fast on top of that.
#[test]
fn slow_is_a_part_of_the_speed_and_comes_on_top() {
    let text = |fleet: &str| {
        format!(
            "duration = \"60s\"\nbucket = \"5s\"\n[users.all]\ncount = 1\nthink = \"0s\"\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"10ms\" }}]\n[fleet.web]\n\
             instance = {{ vcpus = 1, memory = \"1 GiB\" }}\n{fleet}\n\
             [fault.one]\nfleet = \"web\"\neffect = \"slow\"\nspeed = \"20%\"\nat = \"20s\"\nfor = \"20s\"\n\
             [fault.two]\nfleet = \"web\"\neffect = \"slow\"\nspeed = \"50%\"\nat = \"30s\"\nfor = \"20s\"\n"
        )
    };
    let expected = [100.0, 100.0, 100.0, 100.0, 20.0, 20.0, 10.0, 10.0, 50.0, 50.0, 100.0, 100.0];
    for discipline in ["processor_sharing", "fifo"] {
        let run = run(&text(&format!("instances = 1\ndiscipline = \"{discipline}\"")), 1);
        for (rate, expected) in run.timeline.completed.iter().zip(expected) {
            assert!((rate - expected).abs() < 0.5, "{discipline}: {:?}", run.timeline.completed);
        }
        // It is slow, and its CPU is busy.
        assert!(run.timeline.fleets[0].cpu_percent.iter().all(|percent| *percent > 99.9));
    }
    let cold = "min = 0\nmax = 1\ncold = { speed = \"50%\", for = \"10h\" }\nschedule = [{ at = \"0s\", desired = 1 }]\n\
        boot = { decision = \"0s\", launch = \"0s\", system = \"0s\", bootstrap = \"0s\", application = \"0s\" }";
    let run = run(&text(cold), 1);
    // In its first step on the way to a warm application, it does 1 % of that way more than half.
    for (rate, expected) in run.timeline.completed.iter().zip(expected).skip(1) {
        assert!((rate - expected * 0.505).abs() < 0.5, "cold: {:?}", run.timeline.completed);
    }
}

/// Two busy threads of one core do 130 % of one, and a fifth of that while it is slow.
#[test]
fn slow_comes_on_top_of_two_threads_a_core() {
    let text = "duration = \"60s\"\nbucket = \"10s\"\n[users.all]\ncount = 2\nthink = \"0s\"\n\
        [request.page]\nvia = \"web\"\nsteps = [{ cpu = \"10ms\" }]\n[fleet.web]\n\
        instance = { vcpus = 2, memory = \"1 GiB\" }\nthreads_per_core = 2\ninstances = 1\n\
        [fault.one]\nfleet = \"web\"\neffect = \"slow\"\nspeed = \"20%\"\nat = \"20s\"\nfor = \"20s\"\n";
    let run = run(text, 1);
    for (rate, expected) in run.timeline.completed.iter().zip([130.0, 130.0, 26.0, 26.0, 130.0, 130.0]) {
        assert!((rate - expected).abs() < 0.6, "{:?}", run.timeline.completed);
    }
}

/// Without its network for 20 s: the ten requests inside are a 504 after 60 s. A connection is tried after 1 s, 3 s and 7 s, and given up
/// after 10 s: of the five a second that come there, those of the first 10 s fail, and the others get through when it is back.
/// It has its state: it serves at once, and nothing is replaced.
#[test]
fn an_instance_without_network_is_silent_and_comes_back() {
    let run = pair("{ delay = \"2s\" }", "", "effect = \"unreachable\"\nfor = \"20s\"");
    assert_eq!(incidents(&run)[0], (100.0, "1 of 2 instances of `web` lost its network"));
    assert_eq!(run.timeline.failed["http_504"][158..160].iter().sum::<f64>(), 10.0);
    let all: f64 = run.timeline.failed["http_504"][100..130].iter().sum();
    assert!((all - 50.0).abs() <= 1.0, "{all}");
    assert!(run.scaling.is_empty());
    assert!(run.timeline.fleets[0].serving.iter().all(|serving| *serving == 2.0));
    assert_eq!(run.requests.failed, 10.0 + all);
}

/// If it lasts, its status check fails at 130 s, and it is replaced.
#[test]
fn an_instance_that_stays_without_network_is_replaced() {
    let run = pair("{ delay = \"2s\" }", "", "effect = \"unreachable\"\nfor = \"40s\"");
    let all = activities(&run);
    let [(130.0, _, 2, 2)] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!(run.scaling[0].cause.matches("status check").count(), 1, "{}", run.scaling[0].cause);
}

/// With a core for each step it is back as well, and all that comes after that is done.
#[test]
fn an_instance_with_a_core_for_each_step_comes_back_too() {
    let fifo = pair(
        "{ delay = \"2s\" }, { cpu = \"1ms\" }",
        "discipline = \"fifo\"",
        "effect = \"unreachable\"\nfor = \"20s\"",
    );
    assert!(fifo.scaling.is_empty());
    assert!(fifo.timeline.completed[200..].iter().all(|rate| *rate == 10.0), "{:?}", fifo.timeline.completed);
}

/// Four instances in two zones: a share is of those in the zone, rounded up.
#[test]
fn a_share_or_a_count_of_the_instances_in_service_is_struck() {
    let said = |which: &str| {
        let text = format!(
            "duration = \"60s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"1ms\" }}]\n\
             [fleet.web]\ninstance = \"m5.large\"\ninstances = 5\nazs = 2\n\
             [fault.bad]\nfleet = \"web\"\neffect = \"crashes\"\nat = \"10s\"\n{which}\n"
        );
        incidents(&run(&text, 1))[0].1.to_owned()
    };
    assert_eq!(said(""), "1 of 5 instances of `web` crashed");
    assert_eq!(said("instances = 3"), "3 of 5 instances of `web` crashed");
    assert_eq!(said("instances = 9"), "5 of 5 instances of `web` crashed");
    assert_eq!(said("share = \"25%\""), "2 of 5 instances of `web` crashed");
    assert_eq!(said("share = \"25%\"\nzone = \"b\""), "1 of 2 instances of `web` in zone b crashed");
}

/// Three messages at once each ten seconds, a second of CPU each, received together by the only poller. At 45.5 s one is in work and one waits
/// behind it: nobody works on them any more, nor on the CPU, until the application is back. They are received again a minute after
/// they were.
#[test]
fn a_worker_that_is_gone_begins_nothing_of_what_it_has_received() {
    for (fault, back) in [("effect = \"crashes\"", 47), ("effect = \"unreachable\"\nfor = \"4s\"", 49)] {
        for discipline in ["fifo", "processor_sharing"] {
            let text = format!(
                "duration = \"200s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"0.1/s\"\ninterarrival = \"10s\"\n\
                 [request.order]\nsteps = [{{ send = \"jobs\" }}, {{ send = \"jobs\" }}, {{ send = \"jobs\" }}]\n\
                 [queue.jobs]\nworkers = \"worker\"\nsteps = [{{ cpu = \"1s\" }}]\npollers = 1\nbatch = 10\n\
                 delivery_delay = \"1s\"\nwait = \"0s\"\npoll_interval = \"5s\"\n\
                 visibility_timeout = \"60s\"\n[fleet.worker]\ninstance = {{ vcpus = 1, memory = \"1 GiB\" }}\ninstances = 1\n\
                 discipline = \"{discipline}\"\nboot = {{ application = \"2s\" }}\n[fault.bad]\nfleet = \"worker\"\n{fault}\nat = \"45.5s\"\n"
            );
            let run = run(&text, 1);
            let (queue, cpu) = (&run.queues[0], &run.timeline.fleets[0].cpu_percent);
            assert!(cpu[45] > 0.0 && cpu[46..back].iter().all(|busy| *busy == 0.0), "{:?}", &cpu[44..60]);
            assert_eq!(
                (queue.failed, queue.cut_off, queue.again, queue.deleted),
                (0.0, 2.0, 2.0, queue.sent),
                "{queue:?}"
            );
        }
    }
}
