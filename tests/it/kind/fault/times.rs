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

fn of<'a>(run: &'a Outcome, name: &str) -> &'a Strike {
    run.faults.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{:?}", run.faults))
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
    // The one in its place answers from 160 s on, and is back when the first node of the balancer has found it healthy.
    let healthy =
        incidents(&balanced).into_iter().find(|it| it.1 == "all 10 targets healthy again").unwrap().0;
    let back = strike.recovered_after_s.unwrap();
    assert!(healthy > 160.0 && 60.0 < back && back <= healthy - 100.0, "{strike:?} {healthy}");
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
    // What it does is no sign of a fault that loses no node.
    let slow =
        "[fault.slow]\ndatabase = \"shop\"\neffect = \"slow\"\nfactor = 1.1\nat = \"60s\"\nfor = \"100s\"\n";
    let both = crate::run::run(&(text.to_owned() + slow), 1);
    assert_eq!(of(&both, "dead").detected_after_s, Some(40.0));
    assert_eq!(of(&both, "slow").detected_after_s, None);
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

/// Ten instances; the boot of another takes 30 s after 30 s in which EC2 notices.
const TEN: &str = "min = 10\nmax = 10\nstatus_check = \"30s\"\nboot = { decision = \"0s\", launch = \"20s\", system = \"0s\", \
                   bootstrap = \"0s\", application = \"10s\" }\n";

/// One dies at 100 s and one at 135 s: the first replacement, at 160 s, is that of the first strike, and the second, at 195 s, that of the second. A
/// service that fails meanwhile has nothing to do with either.
#[test]
fn each_strike_waits_for_what_it_took_itself() {
    let faults = "[fault.first]\nfleet = \"web\"\neffect = \"dies\"\nat = \"100s\"\n\
                  [fault.second]\nfleet = \"web\"\neffect = \"dies\"\nat = \"135s\"\n\
                  [fault.bank]\nservice = \"bank\"\neffect = \"slow\"\nfactor = 1.5\nat = \"90s\"\nfor = \"20s\"\n\
                  [service.bank]\nservers = 100\ntime = \"1ms\"\n";
    let text = hundred_a_second("\"20/s\"", 300, &(TEN.to_owned() + faults))
        .replace("[{ cpu = \"10ms\" }]", "[{ cpu = \"10ms\" }, { service = \"bank\" }]");
    let run = run(&text, 1);
    for (name, at) in [("first", 100.0), ("second", 135.0)] {
        let strike = of(&run, name);
        assert!(
            near(strike.detected_after_s, 30.0) && near(strike.recovered_after_s, 60.0),
            "{at} {strike:?}"
        );
    }
    let bank = of(&run, "bank");
    assert!(bank.detected_after_s.is_none() && near(bank.recovered_after_s, 20.0), "{bank:?}");
}

/// The zone with one of two instances is lost from 100 s to 400 s. Its replacement answers at 160 s, and one dies at 200 s, which is back at 260 s.
#[test]
fn a_zone_is_back_when_it_is_and_a_death_meanwhile_when_its_host_is() {
    let faults = "azs = 2\n[fault.zone]\nzone = \"b\"\nat = \"100s\"\nfor = \"300s\"\n\
                  [fault.dead]\nfleet = \"web\"\neffect = \"dies\"\nat = \"200s\"\n";
    let run = run(&hundred_a_second("\"20/s\"", 500, &(TEN.replace("= 10\n", "= 2\n") + faults)), 1);
    assert!(near(of(&run, "dead").recovered_after_s, 60.0), "{:?}", run.faults);
    assert!(near(of(&run, "zone").recovered_after_s, 300.0), "{:?}", run.faults);
    assert!(near(of(&run, "zone").detected_after_s, 30.0), "{:?}", run.faults);
}

/// An alarm goes on at 60 s, of the minute before: it has seen a fault that requests are over with at 31 s, though late. It is of no account for
/// one that is not felt, nor for one that was over before that minute.
#[test]
fn an_alarm_counts_while_its_fault_is_felt() {
    let alarm = "[alarm.failing]\nmetric = \"request.pay.errors\"\nabove = 4\ndelay = \"0s\"\n";
    let short = "[fault.short]\nservice = \"bank\"\nat = \"10.05s\"\nfor = \"20s\"\neffect = \"refuses\"\nshare = \"100%\"\n";
    let run = calls("200s", &(short.to_owned() + alarm));
    assert_eq!(run.alarms[0].at_s, 60.0);
    assert!(near(only(&run).detected_after_s, 60.0 - 10.05), "{:?}", only(&run));
    assert_eq!(only(&run).detected_by.as_deref(), Some("alarm `failing`, after its end"));
    // 100 errors of the first minute are too few for it, and 100 of the second are not.
    let two = "[fault.first]\nservice = \"bank\"\nat = \"10.05s\"\nfor = \"10s\"\neffect = \"refuses\"\nshare = \"100%\"\n\
               [fault.second]\nservice = \"bank\"\nat = \"70.05s\"\nfor = \"20s\"\neffect = \"refuses\"\nshare = \"100%\"\n";
    let run = calls("300s", &(two.to_owned() + &alarm.replace("above = 4", "above = 30")));
    assert_eq!(run.alarms[0].at_s, 120.0);
    assert!(of(&run, "first").detected_after_s.is_none(), "{:?}", run.faults);
    assert!(near(of(&run, "second").detected_after_s, 120.0 - 70.05), "{:?}", run.faults);
    // Half of all fail from the begin on, so the alarm is of that.
    let quiet = "[fault.quiet]\nservice = \"bank\"\nat = \"30.05s\"\nfor = \"100s\"\neffect = \"slow\"\nfactor = 1.1\n\
                 [fault.always]\nservice = \"bank\"\nat = \"0s\"\neffect = \"refuses\"\nshare = \"50%\"\n";
    let run = calls("200s", &(quiet.to_owned() + alarm));
    assert!(near(of(&run, "always").detected_after_s, 60.0), "{:?}", run.faults);
    // One that strikes when the alarm is on already has not set it off.
    let late = "[fault.early]\nservice = \"bank\"\nat = \"10.05s\"\nfor = \"300s\"\neffect = \"refuses\"\nshare = \"50%\"\n\
                [fault.late]\nservice = \"bank\"\nat = \"90.05s\"\nfor = \"100s\"\neffect = \"slow\"\nfactor = 20\n";
    let run = calls("500s", &(late.to_owned() + alarm));
    assert!(near(of(&run, "early").detected_after_s, 60.0 - 10.05), "{:?}", run.faults);
    assert_eq!(of(&run, "late").detected_after_s, None, "{:?}", run.faults);
}

/// A breaker around a call of the service that is struck has noticed that, and not what another service does.
#[test]
fn a_breaker_notices_what_it_calls() {
    let fault = |name: &str| {
        format!(
            "[fault.{name}]\nservice = \"{name}\"\nat = \"100.05s\"\nfor = \"60s\"\neffect = \"fails\"\nshare = \"100%\"\n"
        )
    };
    let services =
        "[service.bank]\nservers = 100\ntime = \"1ms\"\n[service.mail]\nservers = 100\ntime = \"1ms\"\n";
    let steps = "[{ service = \"bank\", breaker = { window = 10, open = \"3s\" }, fallback = true }, { service = \"mail\" }]";
    let more = TEN.to_owned() + &fault("bank") + &fault("mail") + services;
    let text = hundred_a_second("\"200/s\"", 300, &more).replace("[{ cpu = \"10ms\" }]", steps);
    let run = run(&text, 1);
    let (bank, mail) = (of(&run, "bank"), of(&run, "mail"));
    assert!(bank.detected_by.as_deref().is_some_and(|by| by.starts_with("circuit breaker")), "{bank:?}");
    assert!(bank.detected_after_s.is_some_and(|after| after < 3.0), "{bank:?}");
    assert_eq!(mail.detected_after_s, None, "{mail:?}");
}

/// A strike of 20 s each 10 s, each of which refuses a fifth: what fails is counted once for the fault, and each is over when it is.
#[test]
fn strikes_that_overlap_fail_each_request_once() {
    let run = calls(
        "300s",
        "[fault.again]\nservice = \"bank\"\nat = \"50s\"\nevery = \"10s\"\nfor = \"20s\"\neffect = \"refuses\"\nshare = \"20%\"\n",
    );
    let ended = run.faults.iter().filter(|it| it.until_s.is_some());
    assert!(
        ended.clone().count() > 20
            && ended.clone().all(|it| it.mitigated_after_s.is_some_and(|after| after <= 21.0))
    );
    assert_eq!(run.faults.iter().map(|it| it.failed).sum::<u64>() as f64, run.requests.failed);
    assert_eq!(run.kinds.fault_totals[0].failed, run.requests.failed);
}

/// A shard dies at 10.05 s. After the 15 s of detection its cache knows.
#[test]
fn the_failover_of_a_cache_notices() {
    let run_of = |target: &str| {
        let text = format!(
            "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n\
             [request.page]\nsteps = [{{ cache = \"store\", keys = {{ count = 100 }}, miss = {{ delay = \"1ms\" }} }}]\n\
             [cache.store]\nnode = \"cache.r6g.large\"\nshards = 2\nreplicas = 1\nazs = [\"a\", \"b\"]\ndetect = \"15s\"\nwarm = \"100%\"\n\
             [fault.bad]\n{target}\nat = \"10.05s\"\nfor = \"30s\"\n\
             [fault.other]\ncache = \"store\"\nshard = 2\neffect = \"slow\"\nfactor = 2\nat = \"10s\"\nfor = \"30s\"\n"
        );
        run(&text, 1)
    };
    for target in ["cache = \"store\"\nshard = 1\neffect = \"dies\"", "zone = \"a\""] {
        let run = run_of(target);
        assert!(near(of(&run, "bad").detected_after_s, 15.0), "{:?}", run.faults);
        assert_eq!(of(&run, "bad").detected_by.as_deref(), Some("failover of `store`"));
        assert_eq!(of(&run, "other").detected_after_s, None);
    }
}

/// The check of the name of a balancer is over 5 s after its node was lost: before EC2 checks the instance there. With 99 s that is sooner, and where
/// the zone is back after 4 s the name never leaves the node out.
#[test]
fn the_name_of_a_balancer_notices_that_a_zone_is_lost() {
    let run_of = |detect: &str, length: &str| {
        let text = format!(
            "duration = \"300s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"30/s\"\n[client]\ntimeout = \"2s\"\n[request.page]\nvia = \"door\"\n\
             steps = [{{ cpu = \"2ms\" }}]\n[balancer.door]\ntargets = \"web\"\ncross_zone = false\ndns = {{ detect = \"{detect}\", ttl = \"15s\" }}\n\
             health_check = {{ interval = \"30s\", timeout = \"5s\" }}\n[fleet.web]\ninstance = \"m5.large\"\nazs = 3\ninstances = 3\n\
             [fault.dark]\nzone = \"b\"\nat = \"60.05s\"\nfor = \"{length}\"\n"
        );
        run(&text, 1)
    };
    let soon = run_of("5s", "100s");
    assert!(near(only(&soon).detected_after_s, 5.0), "{:?}", only(&soon));
    assert_eq!(only(&soon).detected_by.as_deref(), Some("name of `door`"));
    let late = run_of("99s", "100s");
    assert_eq!(only(&late).detected_by.as_deref(), Some("status check of `web`"));
    let short = run_of("5s", "4s");
    assert_eq!(only(&short).detected_by.as_deref(), Some("status check of `web`, after its end"));
}
