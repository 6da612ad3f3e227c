//! Recovery from faults, by runs of which it is known by hand: how long until objectives hold again, what was lost or doubled, and what stood by.

use simcap::comparison::Comparison;
use simcap::ensemble::Ensemble;
use simcap::outcome::estimate::Quantity;
use simcap::outcome::recovery::Point;
use simcap::outcome::{Outcome, Recovery, Standing};
use simcap::report::{self, Paper};

use crate::run::{run, scenario};

/// Ten requests a second to a bank for twenty minutes, which refuses some of them at times.
fn bank(faults: &str, objectives: &str) -> String {
    format!(
        "duration = \"20m\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nclient = {{ round_trip = \"0s\" }}\n\
         [request.pay]\nsteps = [{{ service = \"bank\" }}]\n[service.bank]\nservers = 1000\ntime = \"1ms\"\n{faults}\n[objectives]\n{objectives}\n"
    )
}

/// All requests are refused.
fn outage(name: &str, at: &str, span: &str) -> String {
    format!(
        "[fault.{name}]\nservice = \"bank\"\neffect = \"refuses\"\nshare = \"100%\"\nat = \"{at}\"\n{}",
        if span.is_empty() { String::new() } else { format!("for = \"{span}\"\n") }
    )
}

fn recovery(run: &Outcome) -> &Recovery {
    run.recovery.as_ref().expect("a fault has struck")
}

/// From 4:30 to 7:20 all fail. The minute from 7:00 on is bad, the one from 8:00 on is well: 3.5 minutes.
#[test]
fn objectives_hold_again_at_the_begin_of_a_minute_that_is_well() {
    let run = run(&bank(&outage("outage", "270s", "170s"), "errors = \"< 1%\""), 1);
    let found = recovery(&run);
    assert_eq!((found.rto_s, found.is_over), (210.0, true));
    assert_eq!(found.holds, ["errors < 1%"]);
    assert_eq!((found.strikes[0].name.as_str(), found.strikes[0].at_s), ("outage", 270.0));
    assert_eq!(found.strikes[0].after_s, Some(210.0));
    assert_eq!((found.rpo_s, found.lost_writes, found.doubled_writes), (0.0, 0.0, 0.0));
}

/// An objective that has windows of its own is asked in these: of two minutes, the one from 8:00 on is the first that is well; of half a minute, that from
/// 7:30 on. Those of latency are of requests that were answered. The last one decides.
#[test]
fn an_objective_with_windows_is_asked_in_these() {
    let rto =
        |objectives: &str| recovery(&run(&bank(&outage("outage", "270s", "170s"), objectives), 1)).rto_s;
    assert_eq!(rto("errors = \"< 1% every 4m\""), 210.0);
    assert_eq!(rto("errors = \"< 1% every 30s\""), 180.0);
    assert_eq!(rto("availability = \">= 99%\""), 210.0);
    assert_eq!(rto("errors = \"pay < 1%\""), 210.0, "of a class by itself");
    assert_eq!(rto("latency = \"p50 < 1s\""), 150.0, "the minute from 7:00 on answers some");
    assert_eq!(rto("errors = [\"< 1% every 30s\", \"< 1%\"]"), 210.0);
    // Nobody asks for anything: 10 % of a minute.
    assert_eq!(rto("cost = \"< $1\""), 210.0);
    assert_eq!(rto("errors = \"<= 100%\""), 0.0, "it holds throughout");
}

/// Two outages: each has its own time, and the longest is the recovery time. One that goes on to the end is not over.
#[test]
fn each_strike_has_its_own_time_and_the_longest_counts() {
    let two = outage("first", "2m", "30s") + &outage("second", "10m", "150s");
    let both = run(&bank(&two, "errors = \"< 1%\""), 1);
    let after: Vec<Option<f64>> = recovery(&both).strikes.iter().map(|it| it.after_s).collect();
    assert_eq!(after, [Some(60.0), Some(180.0)]);
    assert_eq!(recovery(&both).rto_s, 180.0);
    let ends = run(&bank(&outage("outage", "15m", ""), "errors = \"< 1%\""), 1);
    assert_eq!((recovery(&ends).is_over, recovery(&ends).rto_s), (false, 300.0));
    assert_eq!(recovery(&ends).strikes[0].after_s, None);
}

#[test]
fn objectives_bound_the_recovery() {
    let verdicts = |faults: &str, rto: &str| {
        let objectives = format!(
            "errors = \"< 1%\"\nrto = \"{rto}\"\nrpo = \"< 1s\"\nlost_writes = \"<= 0\"\ndoubled_writes = \"<= 0\""
        );
        let run = run(&bank(faults, &objectives), 1);
        let told = run.objectives.iter().map(|it| (it.standing == Standing::Met, it.observed.clone()));
        told.skip(1).collect::<Vec<_>>()
    };
    let of = outage("outage", "270s", "170s");
    assert_eq!(verdicts(&of, "< 3m30s")[0], (false, "3m30s".into()));
    assert_eq!(verdicts(&of, "<= 3m30s")[0], (true, "3m30s".into()));
    assert_eq!(verdicts(&outage("outage", "15m", ""), "< 1h")[0], (false, "not within the run".into()));
    assert_eq!(verdicts("", "< 1m")[0], (true, "no fault struck".into()), "as without faults");
    let rest = &verdicts(&of, "< 1h")[1..];
    assert_eq!(rest, [(true, "0s".into()), (true, "0".into()), (true, "0".into())]);
}

/// A second Region that has commits after 0.55 s, and a failover at 60.05 s: see the test of that. Six commits, 0.549 s; its clients wait for 5 s.
#[test]
fn what_a_failover_loses_is_the_recovery_point() {
    let run = run(
        "region = \"ap-northeast-2\"\nduration = \"10m\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\nclient = { round_trip = \"0s\" }\n\
         [request.page]\nvia = \"web\"\nsteps = [{ write = \"shop\", demand = \"1ms\" }]\n[fleet.web]\ninstance = \"m5.large\"\nazs = [\"f\"]\n\
         threads = \"unlimited\"\ninstances = 1\npools = { shop = { writer = 5, reader = 5, timeout = \"1s\" } }\n\
         [database.shop]\nwriter = \"db.r6g.large\"\nhop = \"0s\"\ncommit = \"0s\"\ndns_ttl = \"0s\"\n\
         global = { region = \"us-east-1\", lag = \"550ms\", failover = \"60s\", switchover = \"40s\" }\n\
         [fault.move]\ndatabase = \"shop\"\neffect = \"promotes\"\nat = \"60.05s\"\n[objectives]\nrpo = \"< 500ms\"\nlost_writes = \"< 6\"\n",
        1,
    );
    let found = recovery(&run);
    assert_eq!(found.lost_writes, 6.0);
    assert!((found.rpo_s - 0.549).abs() < 1e-9, "{}", found.rpo_s);
    assert!(run.objectives.iter().all(|it| it.standing == Standing::Missed));
    // The writer is away until 120.05 s. Of the minute from 2:00 on that is less than a tenth, and the minute from 1:00 on was down.
    assert_eq!(found.rto_s, 120.0 - 60.05);
}

/// Two instances at home and one in another Region, each at its price there: a month has 730 hours, of which nothing but the instances counts.
#[test]
fn what_stands_by_is_a_month_like_the_time_before_the_fault() {
    let run = run(
        "duration = \"10m\"\nbucket = \"10s\"\nregion = \"ap-northeast-2\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ cpu = \"1ms\" }]\n[fleet.web]\ninstance = \"m6i.large\"\ninstances = 2\n\
         [fleet.spare]\nregion = \"us-east-1\"\ninstance = \"m6i.large\"\ninstances = 1\n\
         [fault.lost]\nfleet = \"web\"\neffect = \"dies\"\ninstances = 1\nat = \"5m\"\n",
        1,
    );
    let found = recovery(&run);
    let of = |name: &str| run.bill.items.iter().filter(|it| it.resource == name).collect::<Vec<_>>();
    let price = |name: &str| of(name).iter().find(|it| it.price == "EC2/m6i.large").unwrap().unit_price_usd;
    assert!(price("web") > price("spare"), "Seoul is dearer");
    // What stands for ten minutes stands 4,380 times as long in a month.
    let spare: f64 = of("spare").iter().map(|it| 4_380.0 * it.usd).sum();
    let (all, elsewhere) = (found.standing_usd.unwrap(), found.standing_elsewhere_usd.unwrap());
    assert!((elsewhere - spare).abs() < 1e-6 && spare >= 730.0 * price("spare"), "{elsewhere} {spare}");
    let instances = 730.0 * 2.0 * price("web");
    assert!(all > elsewhere + instances && all < 1.1 * (elsewhere + instances), "{all}");
}

/// A steady shop in Seoul with an Aurora Global Database, lost at some time: the month before is that of an hour without the loss, however long the run went on after it.
/// A row of 10 s is not counted if it is not over; a second of requests that are still on their way is less than a thousandth of six minutes. A month of it sends 2.6 TB, so that all
/// of it has the first price.
#[test]
fn what_stands_by_does_not_depend_on_when_the_fault_strikes() {
    let shop = |fault: &str| {
        run(
            &format!(
                "region = \"ap-northeast-2\"\nduration = \"1h\"\nbucket = \"10s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n[request.page]\nvia = \"front\"\n\
                 response_size = \"100kB\"\nsteps = [{{ write = \"shop\", demand = \"1ms\" }}]\n[balancer.front]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\n\
                 instances = 2\npools = {{ shop = 10 }}\n[database.shop]\nwriter = \"db.r6g.large\"\nglobal = {{ region = \"us-east-1\" }}\n{fault}\n"
            ),
            1,
        )
    };
    let calm = shop("").bill;
    // At home and elsewhere: an hour is a month's 730th part.
    let elsewhere: f64 =
        calm.items.iter().filter(|it| it.what.contains("second Region")).map(|it| it.usd).sum();
    for at in ["6m", "30m", "54m"] {
        let struck = shop(&format!("[fault.lost]\nregion = \"ap-northeast-2\"\nat = \"{at}\"\n"));
        let found = recovery(&struck);
        let ratio = found.standing_usd.unwrap() / (730.0 * calm.total_usd);
        assert!((ratio - 1.0).abs() < 1e-3, "{at}: {ratio}");
        let ratio = found.standing_elsewhere_usd.unwrap() / (730.0 * elsewhere);
        assert!((ratio - 1.0).abs() < 1e-9, "{at}: {ratio}");
    }
}

/// Four seeds of a failover whose time varies: a mean with its interval, on one page with another strategy.
#[test]
fn strategies_are_compared_by_it() {
    let file =
        |time: &str| scenario(&bank(&outage("outage", "270s", time), "errors = \"< 1%\"\nrto = \"< 5m\""));
    let several = |time: &str| {
        let scenario = file(time);
        let mut ensemble = Ensemble::new(&scenario, 1, None, &[], &|_| {}).unwrap();
        ensemble.extend_to(2);
        ensemble.outcome()
    };
    let (short, long) = (several("170s"), several("10m"));
    let rto = Quantity::Recovery(Point::Rto);
    assert_eq!(short.estimate(&rto).unwrap().value, 210.0);
    let both = Comparison::of(&short, &long);
    assert_eq!(both.figure(&rto).unwrap().difference, 630.0 - 210.0);
    let page = anstream::adapter::strip_str(&report::comparison(&both, Paper::default())).to_string();
    let line = |letter: &str| {
        let part = page.split("Recovery").nth(1).expect("a part of the page");
        part.lines().find(|line| line.trim_start().starts_with(letter)).expect("a row").to_owned()
    };
    assert!(line("A").contains("3m30s") && line("B").contains("10m30s"), "{page}");
}
