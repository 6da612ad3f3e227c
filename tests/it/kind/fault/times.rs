//! How long it takes to notice a fault, to mitigate it and to recover from it, worked out by hand.

use simcap::outcome::{Outcome, Strike};

use super::{activities, when};
use crate::kind::{hundred_a_second, incidents};
use crate::run::run;

/// A request each 100 ms at a service with a server for each, of 100 ms.
fn calls(duration: &str, more: &str) -> Outcome {
    let text = format!(
        "duration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [request.pay]\nsteps = [{{ service = \"bank\" }}]\n[service.bank]\nservers = 1000\ntime = \"100ms\"\n{more}"
    );
    run(&text, 1)
}

fn only(run: &Outcome) -> &Strike {
    let [strike] = &run.faults[..] else { panic!("{:?}", run.faults) };
    strike
}

fn near(found: Option<f64>, expected: f64) -> bool {
    found.is_some_and(|found| (found - expected).abs() < 1e-6)
}

/// It is over after 10 s. The last request of it fails in the row of 20 s, and those from 21 s on are as before. Nothing notices.
#[test]
fn requests_are_as_before_at_the_first_good_row() {
    let run = calls(
        "40s",
        "[fault.outage]\nservice = \"bank\"\nat = \"10.05s\"\nfor = \"10s\"\neffect = \"fails\"\nshare = \"100%\"\n",
    );
    let strike = only(&run);
    assert_eq!(
        (strike.name.as_str(), strike.what.as_str()),
        ("outage", "`bank` fails 100 % of its requests")
    );
    assert!(near(strike.until_s, 20.05) && near(strike.recovered_after_s, 10.0), "{strike:?}");
    assert!(near(strike.mitigated_after_s, 21.0 - 10.05), "{strike:?}");
    assert_eq!((strike.detected_after_s, strike.failed), (None, 100));
    let totals = &run.kinds.fault_totals[0];
    assert_eq!((totals.strikes, totals.failed, totals.detected_after_s), (1.0, 100.0, None));
    assert!(near(totals.mitigated_after_s, 10.95) && near(totals.recovered_after_s, 10.0), "{totals:?}");
    assert_eq!(
        run.timeline.fault_totals[0].present[9..22],
        [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    );
}

/// Ten times as slow as at 100 ms is felt though nothing fails; a fault of nothing is not felt; one without an end is not over.
#[test]
fn what_is_slow_is_felt_and_what_never_ends_is_not_recovered_from() {
    let fault = |what: &str| {
        format!("[fault.slow]\nservice = \"bank\"\nat = \"10.05s\"\neffect = \"slow\"\n{what}\n")
    };
    let run_of = |what: &str| calls("40s", &fault(what));
    let felt = run_of("factor = 10\nfor = \"10s\"");
    // Those that came at 20 s are answered at 21 s.
    assert!(near(only(&felt).mitigated_after_s, 22.0 - 10.05), "{:?}", only(&felt));
    assert_eq!(only(&felt).failed, 0);
    assert_eq!(only(&run_of("factor = 1.5\nfor = \"10s\"")).mitigated_after_s, Some(0.0));
    let endless = run_of("factor = 10");
    assert_eq!((only(&endless).mitigated_after_s, only(&endless).recovered_after_s), (None, None));
}

/// A minute of errors is an alarm at its end.
#[test]
fn an_alarm_notices() {
    let alarm = "[alarm.failing]\nmetric = \"request.pay.errors\"\nabove = 4\ndelay = \"0s\"\n";
    let fault = "[fault.outage]\nservice = \"bank\"\nat = \"10.05s\"\nfor = \"100s\"\neffect = \"refuses\"\nshare = \"50%\"\n";
    let run = calls("200s", &(fault.to_owned() + alarm));
    assert!(near(only(&run).detected_after_s, 60.0 - 10.05), "{:?}", only(&run));
    assert_eq!(only(&run).detected_by.as_deref(), Some("alarm `failing`"));
}

/// Ten instances; one dies at 100 s. Without a balancer EC2 notices after 30 s; the one that takes its place is in service 30 s later.
#[test]
fn a_status_check_notices_and_a_replacement_ends_it() {
    let fleet = "min = 10\nmax = 10\nstatus_check = \"30s\"\nboot = { decision = \"0s\", launch = \"20s\", system = \"0s\", \
                 bootstrap = \"0s\", application = \"10s\" }\n[fault.dead]\nfleet = \"web\"\neffect = \"dies\"\nat = \"100s\"";
    let alone = run(&hundred_a_second("\"20/s\"", 300, fleet), 1);
    let strike = only(&alone);
    assert!(near(strike.detected_after_s, 30.0), "{strike:?}");
    assert_eq!(strike.detected_by.as_deref(), Some("status check of `web`"));
    // It is in service for its group when EC2 runs it, and answers 10 s later.
    assert_eq!(activities(&alone)[0].1, Some(150.0));
    assert!(near(strike.recovered_after_s, 60.0), "{strike:?}");
    // With a balancer its health check is sooner.
    let door = "\n[balancer.door]\ntargets = \"web\"\nhealth_check = { interval = \"5s\", timeout = \"2s\", unhealthy = 2 }";
    let text = hundred_a_second("\"20/s\"", 300, fleet).replace("via = \"web\"", "via = \"door\"") + door;
    let balanced = run(&text, 1);
    let strike = only(&balanced);
    let unhealthy = incidents(&balanced).into_iter().find(|it| it.1.contains("unhealthy")).unwrap().0;
    assert!(near(strike.detected_after_s, unhealthy - 100.0) && unhealthy < 113.0, "{strike:?} {unhealthy}");
    assert_eq!(strike.detected_by.as_deref(), Some("health check of `web`"));
}

/// A failover has noticed when it is done; all is back when the old writer is a replica.
#[test]
fn a_failover_notices_and_the_old_writer_ends_it() {
    let text = "duration = \"240s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"web\"\n\
                steps = [{ write = \"shop\", demand = \"1ms\" }]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n\
                pools = { shop = { writer = 5, timeout = \"1s\" } }\n[database.shop]\nwriter = \"db.r6g.large\"\nreplicas = 1\n\
                failover = \"40s\"\n[fault.dead]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"dies\"\nat = \"60s\"\nfor = \"100s\"\n";
    let run = run(text, 1);
    let strike = only(&run);
    assert_eq!(
        (strike.detected_after_s, strike.detected_by.as_deref()),
        (Some(40.0), Some("failover of `shop`"))
    );
    assert_eq!(when(&run, "a replica takes over from the writer"), 100.0);
    assert!(strike.mitigated_after_s.is_some_and(|after| (39.0..43.0).contains(&after)), "{strike:?}");
    assert!(near(strike.recovered_after_s, 100.0), "{strike:?}");
}

/// Each strike has an entry, and its fault the means.
#[test]
fn each_strike_has_an_entry() {
    let run = calls(
        "100s",
        "[fault.again]\nservice = \"bank\"\nevery = \"30s\"\nfor = \"5s\"\neffect = \"refuses\"\nshare = \"100%\"\n",
    );
    assert_eq!(run.faults.iter().map(|it| it.at_s).collect::<Vec<_>>(), [30.0, 60.0, 90.0]);
    assert!(run.faults.iter().all(|it| near(it.recovered_after_s, 5.0)), "{:?}", run.faults);
    let totals = &run.kinds.fault_totals[0];
    assert_eq!(totals.strikes, 3.0);
    assert!(near(totals.recovered_after_s, 5.0));
}
