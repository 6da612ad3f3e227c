//! Services that are slow, fail, refuse or hang, worked out by hand.

use simcap::outcome::Outcome;

use super::incidents;
use crate::run::run;

/// A request each 100 ms at a service with a server for each, of 100 ms.
fn calls(fault: &str) -> Outcome {
    let text = format!(
        "duration = \"40s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [request.pay]\nsteps = [{{ service = \"bank\" }}]\n[service.bank]\nservers = 1000\ntime = \"100ms\"\n\
         [fault.outage]\nservice = \"bank\"\nat = \"10.05s\"\nfor = \"10s\"\n{fault}\n"
    );
    run(&text, 1)
}

/// One user who always asks is answered ten times a second, and twice a second while it takes five times as long.
#[test]
fn a_slow_service_takes_so_many_times_as_long() {
    for discipline in ["fifo", "priority", "processor_sharing"] {
        let text = format!(
            "duration = \"40s\"\nbucket = \"5s\"\n[users.all]\ncount = 1\nthink = \"0s\"\n\
             [request.pay]\nsteps = [{{ service = \"bank\" }}]\n\
             [service.bank]\nservers = 2\ntime = \"100ms\"\ndiscipline = \"{discipline}\"\n\
             [fault.outage]\nservice = \"bank\"\neffect = \"slow\"\nfactor = 5\nat = \"10s\"\nfor = \"20s\"\n"
        );
        let run = run(&text, 1);
        for (rate, expected) in
            run.timeline.completed.iter().zip([10.0, 10.0, 2.0, 2.0, 2.0, 2.0, 10.0, 10.0])
        {
            assert!((rate - expected).abs() < 0.21, "{discipline}: {:?}", run.timeline.completed);
        }
        assert_eq!(incidents(&run), [(10.0, "`bank` takes 5 times as long"), (30.0, "`bank` is as before")]);
    }
}

/// Those that come at 10 s to 19.9 s are answered in the time of the fault, each 100 ms after it came.
#[test]
fn a_service_that_fails_answers_with_an_error_after_its_time() {
    let run = calls("effect = \"fails\"\nshare = \"100%\"");
    assert_eq!(run.requests.failed_by_cause["dependency_failed"], 100.0);
    assert_eq!(
        run.timeline.failed["dependency_failed"][9..21].iter().map(|rate| rate.round()).collect::<Vec<_>>(),
        [0.0, 9.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 1.0]
    );
    assert_eq!(
        run.services[0].served,
        run.services[0].arrived - run.requests.in_flight,
        "it has worked on each"
    );
}

/// Those that come at 10.1 s to 20 s are turned away, and never had a server.
#[test]
fn a_service_that_refuses_turns_away_at_once() {
    let run = calls("effect = \"refuses\"\nshare = \"100%\"");
    assert_eq!(run.requests.failed_by_cause["dependency_failed"], 100.0);
    assert_eq!(run.services[0].arrived, run.requests.arrived - 100.0);
    assert_eq!(run.timeline.failed["dependency_failed"][10], 9.0);
}

/// The one of 10 s is answered at 20.05 s with all that came after it, and nothing fails.
#[test]
fn a_service_that_hangs_answers_when_it_is_over() {
    let run = calls("effect = \"hangs\"");
    assert_eq!(run.requests.failed, 0.0);
    assert!(run.timeline.completed[11..20].iter().all(|rate| *rate == 0.0), "{:?}", run.timeline.completed);
    // And nine that come and are answered after it in that second.
    assert_eq!(run.timeline.completed[20], 100.0 + 9.0);
    assert!((run.latency_ms.max - 10_050.0).abs() < 1e-6, "{}", run.latency_ms.max);
}

/// Of 1,000 requests/s for 20 s, 30 %: within four standard deviations. A retry is asked again.
#[test]
fn a_share_of_its_requests_fails() {
    for effect in ["fails", "refuses"] {
        let text = format!(
            "duration = \"40s\"\n[traffic.all]\nrate = \"1000/s\"\n[request.pay]\nsteps = [{{ service = \"bank\" }}]\n\
             [service.bank]\nservers = 1000\ntime = \"10ms\"\n\
             [fault.outage]\nservice = \"bank\"\neffect = \"{effect}\"\nshare = \"30%\"\nat = \"10s\"\nfor = \"20s\"\n"
        );
        let failed = run(&text, 1).requests.failed_by_cause["dependency_failed"];
        // Poisson: 6,000 of them, with a standard deviation of 77.
        assert!((failed - 6_000.0).abs() < 4.0 * 77.5, "{effect}: {failed}");
    }
}
