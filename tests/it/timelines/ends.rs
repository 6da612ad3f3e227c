//! The end of a run and the end of an instance: events at the exact instant, and work in progress.

use simcap::outcome::Outcome;

use crate::run::run;

fn sum(series: &[f64], bucket_s: f64) -> f64 {
    (series.iter().sum::<f64>() * bucket_s).round()
}

/// No event at the end itself is handled: requests of traffic at 1 to 10 s and of a user at 0 to 10 s, each answered
/// after a second. The rows add up to the totals.
#[test]
fn the_end_is_exclusive_for_arrivals_and_completions() {
    let sources = [
        ("[traffic.all]\ninterarrival = \"1s\"", "1s", 9.0, 8.0),
        ("[users.all]\ncount = 1\nthink = \"1s\"\nstart = \"request\"", "0s", 10.0, 10.0),
        ("[users.all]\ncount = 1\nthink = \"0s\"\nstart = \"request\"", "1s", 10.0, 9.0),
    ];
    for (source, delay, arrived, completed) in sources {
        let text = format!(
            "duration = \"10s\"\nbucket = \"1s\"\n{source}\n[request.go]\nsteps = [{{ delay = \"{delay}\" }}]"
        );
        let run = run(&text, 1);
        assert_eq!((run.requests.arrived, run.requests.completed), (arrived, completed), "{source}");
        assert_eq!(sum(&run.timeline.offered, 1.0), arrived, "{source}");
        assert_eq!(sum(&run.timeline.completed, 1.0), completed, "{source}");
    }
}

/// One request at 0 s is answered at 10 s, a zone is lost at 20 s with both instances, and a scheduled action is at 30 s. Rows are of 5 s:
/// each of these instants is the end of a row, and counts in the next one.
#[test]
fn what_happens_as_a_row_ends_is_in_the_row_that_begins() {
    let text = "duration = \"60s\"\nbucket = \"5s\"\n[users.one]\ncount = 1\nthink = \"1h\"\nstart = \"request\"\nrequests = \"go\"\n\
                [traffic.some]\ninterarrival = \"19s\"\nrequests = \"work\"\n[request.go]\nsteps = [{ delay = \"10s\" }]\n\
                [request.work]\nvia = \"web\"\nsteps = [{ delay = \"5s\" }]\n[fleet.web]\ninstance = \"m5.large\"\nmin = 2\nmax = 4\n\
                azs = [\"b\"]\nschedule = [{ at = \"30s\", min = 3 }]\n[fault.fire]\nzone = \"b\"\nat = \"20s\"\nfor = \"10s\"";
    let run = run(text, 1);
    let first = |column: &[f64]| column.iter().position(|value| *value > 0.0);
    assert_eq!(first(&run.timeline.completed), Some(2));
    let web = &run.timeline.fleets[0];
    // Instances are lost in the row of 20 s, and serve for all of the row before it.
    assert_eq!((first(&web.lost), web.serving[3], web.serving[4]), (Some(4), 2.0, 0.0));
    assert_eq!((web.desired[5], web.desired[6]), (2.0, 3.0));
}

/// A scheduled action and a server that joins at the end come too late.
#[test]
fn the_end_is_exclusive_for_timers() {
    let text = "duration = \"60s\"\nbucket = \"10s\"\ntraffic.all.rate = \"1/s\"\n[request.go]\nvia = \"web\"\n\
                steps = [{ delay = \"1ms\" }]\n[fleet.web]\ninstance = \"m6i.large\"\nmin = 1\nmax = 4\n\
                schedule = [{ at = \"AT\", min = 2 }]";
    assert_eq!(run(&text.replace("AT", "60s"), 1).scaling.len(), 0);
    assert_eq!(run(&text.replace("AT", "59s"), 1).scaling.len(), 1);
}

/// Two instances of 2 vCPUs with work of minutes for each core; one is terminated at 15 s with all of it inside, the
/// other at 71.3 s. What they held ends with them.
fn terminated_at_work(discipline: &str, step: &str) -> Outcome {
    run(
        &format!(
            "duration = \"4m\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"5/s\"\n[request.go]\nvia = \"web\"\n\
             steps = [{step}]\n[fleet.web]\ninstance = \"m5.large\"\ndiscipline = \"{discipline}\"\nthreads = 8\n\
             backlog = 100000\ninstances = 2\ntimetable = [[\"15s\", 1], [\"71.3s\", 0], [\"121s\", 2]]\n\
             pools = {{ shop = 4 }}\n[database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\""
        ),
        1,
    )
}

#[test]
fn what_a_terminated_instance_held_ends_with_it() {
    for discipline in ["processor_sharing", "fifo"] {
        for step in ["{ cpu = \"10m\" }", "{ read = \"shop\", demand = \"10m\" }", "{ delay = \"10m\" }"] {
            let run = terminated_at_work(discipline, step);
            let fleet = &run.timeline.fleets[0];
            let most = |series: &[f64]| series.iter().copied().fold(0.0, f64::max);
            assert!(most(&fleet.cpu_percent) <= 100.0 + 1e-9, "{discipline} {step}: {:?}", fleet.cpu_percent);
            assert!(most(&fleet.threads_busy) <= 8.0 + 1e-9, "{discipline} {step}: {:?}", fleet.threads_busy);
            assert!(most(&fleet.pools[0].used_percent) <= 100.0 + 1e-9, "{discipline} {step}");
            assert!(run.fleets[0].cpu_mean <= 1.0 + 1e-12, "{discipline} {step}: {}", run.fleets[0].cpu_mean);
            // 8 threads, each busy from its first request on.
            assert!(most(&fleet.threads_busy) > 7.0, "{discipline} {step}: {:?}", fleet.threads_busy);
        }
    }
}
