//! Capacity that follows the load, worked out by hand.

use simcap::outcome::{Outcome, Resource};

use crate::run::run;

/// Statements of 100 ms of CPU, outside of every fleet, at a database without network and commit times.
fn shop(duration: &str, rate: &str, step: &str, database: &str) -> Outcome {
    run(
        &format!(
            "region = \"ap-northeast-2\"\nduration = \"{duration}\"\nbucket = \"1s\"\n[traffic.all]\nrate = {rate}\n\
             client = {{ round_trip = \"0s\", timeout = \"1s\" }}\n[request.page]\nsteps = [{{ {step} = \"shop\", demand = \"100ms\" }}]\n\
             [database.shop]\nhop = \"0s\"\ncommit = \"0s\"\n{database}\n"
        ),
        1,
    )
}

fn acus(run: &Outcome) -> &[f64] {
    &run.timeline.databases[0].acus[0].writer
}

fn first(run: &Outcome, acu: f64) -> usize {
    acus(run).iter().position(|it| *it >= acu).unwrap()
}

/// Ten cores of work where 16 ACUs are four. From one ACU it grows by a half each second up to ten (18 s), then by one up to fifteen (5 s),
/// and by a tenth after that. From eight ACUs it takes 10 s.
#[test]
fn the_larger_the_capacity_the_larger_the_steps() {
    let run =
        |min: &str| shop("60s", "\"100/s\"", "read", &format!("serverless = {{ min = {min}, max = 16 }}"));
    let (small, large) = (run("1"), run("8"));
    assert_eq!(first(&small, 10.0) - first(&small, 1.5), 17);
    assert_eq!(first(&small, 16.0) - first(&small, 10.0), 6);
    assert_eq!(first(&large, 16.0) - first(&large, 8.5), 9);
    assert!(acus(&small).iter().all(|it| *it <= 16.0) && acus(&small)[0] <= 1.5);
}

/// 4 ACUs are a vCPU: a statement of 100 ms takes so long there, twice as long on two, and four times on one, whatever they may grow to.
/// 15 ACUs are 3.75 vCPUs, so four cores at 15/16 of the speed. One statement a second is so much of the CPU of what there is: of 15 ACUs,
/// 100 ms of 3,750.
#[test]
fn a_smaller_capacity_is_slower() {
    let (slow, fast) = (1600.0 / 15.0, 100.0 / 37.5);
    for (min, max, wanted, cpu) in [
        (4, 4, 100.0, 10.0),
        (2, 2, 200.0, 20.0),
        (2, 8, 200.0, 20.0),
        (2, 64, 200.0, 20.0),
        (2, 256, 200.0, 20.0),
        (1, 4, 400.0, 40.0),
        (15, 15, slow, fast),
        (15, 256, slow, fast),
    ] {
        let rate = "\"1/s\"\ninterarrival = \"1s\"";
        let run = shop("60s", rate, "read", &format!("serverless = {{ min = {min}, max = {max} }}"));
        let p50 = run.latency_ms.p50;
        assert!((p50 - wanted).abs() < 0.01 * wanted, "{min} to {max}: {p50}");
        let found = run.timeline.databases[0].writer_cpu_percent[30];
        assert!((found - cpu).abs() < 1e-3, "{min} to {max}: {found} %");
    }
}

/// 100 statements of 100 ms a second from the start, and a half ACU more each second: while all of it is used, that is 100 % of the CPU in
/// each row, with one core as with two, and nearly all statements in the processor wait.
#[test]
fn cpu_is_of_the_present_capacity() {
    let run = shop("30s", "\"100/s\"", "read", "serverless = { min = 1, max = 16 }");
    let series = &run.timeline.databases[0];
    for row in 2..20 {
        let (found, acus) = (series.writer_cpu_percent[row], series.acus[0].writer[row]);
        assert!((found - 100.0).abs() < 1e-6, "{row}: {found} %");
        let cores = (acus / 4.0).ceil();
        let (active, waiting) = (series.writer_active[row], series.writer_waiting[row]);
        assert!((active - waiting - cores).abs() < 1e-6, "{row}: {acus} ACUs, {active} and {waiting}");
    }
}

/// Busy for a minute, then idle: after the hold it shrinks, step by step.
#[test]
fn an_idle_capacity_shrinks_after_its_hold() {
    let rate = "[[\"0s\", \"100/s\"], [\"60s\", \"100/s\"], [\"60s\", \"0/s\"]]";
    let run = shop("300s", rate, "read", "serverless = { min = 1, max = 16, hold = \"40s\" }");
    let last = acus(&run).iter().rposition(|it| *it >= 16.0).unwrap();
    // What is left of the minute takes four cores a while; then 40 s of idle seconds.
    assert!(last >= 100, "{last}");
    // 3 + 2 + 2 + 2 + 2 + 2 halves to below ten ACUs, then one by one.
    assert_eq!(acus(&run)[last..].iter().position(|it| *it <= 1.0).unwrap(), 6 + 17);
    assert_eq!(acus(&run)[299], 1.0);
}

/// Two nodes of two ACUs for half an hour: from the first second to the last one.
#[test]
fn capacity_is_billed_by_the_hour_of_a_unit() {
    let run = shop("30m", "\"1/s\"", "read", "replicas = 1\nserverless = { min = 2, max = 2 }");
    let item = run.bill.items.iter().find(|item| item.what == "ACU-hours of all nodes").unwrap();
    assert!((item.quantity - 2.0).abs() < 1e-9, "{item:?}");
    assert_eq!(item.unit_price_usd, 0.2);
    assert!(!run.bill.items.iter().any(|item| item.what.ends_with("instance-hours")));
}

/// Only the writer works: the first replica is as large, so that it can take over; the second one stays as small as it is.
#[test]
fn the_first_replica_is_as_large_as_the_writer() {
    let run = shop("60s", "\"100/s\"", "write", "replicas = 2\nserverless = { min = 1, max = 16 }");
    let series = &run.timeline.databases[0].acus[0];
    assert_eq!((series.writer[50], series.replicas[50]), (16.0, 17.0));
}

/// Work of one core: a fourth of the four that 16 ACUs are. It stood at a few ACUs, but may grow to four times the traffic and no more.
#[test]
fn a_serverless_node_has_headroom_up_to_its_largest_capacity() {
    let run = shop("10m", "\"10/s\"\ninterarrival = \"100ms\"", "read", "serverless = { min = 1, max = 16 }");
    let cpu = run.headroom.iter().find(|it| matches!(it.of, Resource::Database { .. })).unwrap();
    let most = cpu.at_maximum.unwrap();
    assert_eq!(most.instances, Some(16.0));
    assert!((3.8..=4.2).contains(&most.multiplier.unwrap()), "{cpu:?}");
}

/// The replica is idle, and as large as the writer. It takes over at 120.6 s, and is used for less than half of that second: it was idle as
/// a replica, which says nothing of the writer that it is now.
#[test]
fn a_replica_that_takes_over_does_not_shrink_for_having_been_idle() {
    let fault = "[fault.bad]\ndatabase = \"shop\"\nnode = \"writer\"\neffect = \"dies\"\nat = \"100.6s\"";
    let database = format!(
        "serverless = {{ min = 1, max = 16 }}\nreplicas = 1\nazs = [\"a\", \"b\"]\nfailover = \"20s\"\ndns_ttl = \"0s\"\n{fault}"
    );
    let run = shop("150s", "\"10/s\"\ninterarrival = \"100ms\"", "write", &database);
    let acus = acus(&run);
    assert!(acus[99] > 4.0 && acus[121..130].iter().all(|it| *it >= acus[99]), "{:?}", &acus[99..130]);
}
