//! Instances that are stopped and come back as another type.

use simcap::outcome::{Outcome, Percentile};

use crate::kind::{activities, incidents};
use crate::run::run;

/// One request a second of 100 ms, on one server that doubles its vCPUs and its strength at 100 s. It is away for 60 s, and its
/// application starts for 20 s.
fn single(seconds: u32, rate: &str, resize: &str, more: &str) -> Outcome {
    run(
        &format!(
            "duration = \"{seconds}s\"\nbucket = \"5s\"\n[traffic.all]\nrate = {rate}\nclient = {{ timeout = \"10s\" }}\n\
             [request.page]\nvia = \"web\"\nsteps = [{{ cpu = \"100ms\" }}]\n[fleet.web]\n\
             instance = {{ vcpus = 1, memory = \"4 GiB\", name = \"small\" }}\ninstances = 1\n\
             boot = {{ decision = \"0s\", launch = \"20s\", application = \"20s\" }}\n{resize}\n{more}\n"
        ),
        1,
    )
}

const LARGE: &str = "resize = [{ at = \"100s\", instance = { vcpus = 2, memory = \"8 GiB\", strength = 2, name = \"large\" }, \
                     downtime = \"60s\" }]";

/// Stopped at 100 s, running at 160 s, answering at 180 s. Meanwhile clients wait until they give up, are refused, and are served
/// again. A request takes half of the time afterwards, on one of two vCPUs: a quarter of the busy share.
#[test]
fn a_single_server_is_away_and_comes_back_as_a_larger_one() {
    let run = single(400, "\"1/s\"", LARGE, "");
    assert_eq!(
        incidents(&run),
        [(100.0, "1 instance stops to become large"), (160.0, "1 instance is back as large"),]
    );
    assert_eq!(activities(&run), []);
    let fleet = &run.timeline.kinds.fleets[0];
    let states = |second: usize| {
        let row = second / 5 - 1;
        (fleet.resizing[0].away[row], fleet.pending[row], fleet.in_service[row] + fleet.warming[row])
    };
    assert_eq!(
        [95, 105, 155, 165].map(states),
        [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]
    );
    assert_eq!(
        (fleet.serving[19], fleet.serving[20], fleet.serving[35], fleet.serving[36]),
        (1.0, 0.0, 0.0, 1.0)
    );
    // Who comes before 150 s has given up before the server runs; who is sent again from 160 s to 180 s is refused.
    let failed = |cause: &str| -> Vec<usize> {
        let rows = run.timeline.failed.get(cause).cloned().unwrap_or_default();
        (0..rows.len()).filter(|&row| rows[row] > 0.0).map(|row| 5 * row).collect()
    };
    let (timeouts, refused) = (failed("client_timeout"), failed("http_502"));
    assert!(timeouts[0] >= 105 && *timeouts.last().unwrap() <= 175, "{timeouts:?}");
    assert!(refused.contains(&160) && refused.contains(&175), "{refused:?}");
    assert!(refused.iter().all(|at| *at == 100 || (160..180).contains(at)), "{refused:?}");
    let median = |second: usize| run.timeline.latency_ms[&Percentile::P50][second / 5].unwrap();
    assert!((median(50) - 100.0).abs() < 1.0 && (median(300) - 50.0).abs() < 1.0);
    let busy = |from: usize, to: usize| {
        fleet.cpu_percent[from / 5..to / 5].iter().sum::<f64>() / ((to - from) / 5) as f64
    };
    assert!(
        (7.0..13.0).contains(&busy(0, 100)) && (1.8..3.3).contains(&busy(190, 400)),
        "{} {}",
        busy(0, 100),
        busy(190, 400)
    );
    let totals = &run.kinds.fleets[0];
    assert_eq!(
        (totals.launched, totals.terminated, totals.never_served, totals.peak_instances),
        (0.0, 0.0, 0.0, 1)
    );
    assert_eq!(totals.instance.as_str(), "small → large");
    assert_eq!(totals.instance_seconds, 100.0 + 240.0);
}

/// Half an hour of m5.large and, after ten minutes without a bill, twenty minutes of m5.xlarge at twice the price.
#[test]
fn each_type_is_billed_for_its_hours() {
    let run = run(
        "duration = \"60m\"\nbucket = \"60s\"\nregion = \"us-east-1\"\n[traffic.all]\nrate = \"1/h\"\n[request.page]\nvia = \"web\"\n\
         steps = [{ cpu = \"1ms\" }]\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 1\n\
         resize = [{ at = \"30m\", instance = \"m5.xlarge\", downtime = \"10m\" }]\n",
        1,
    );
    let lines: Vec<(&str, f64)> = run
        .bill
        .items
        .iter()
        .filter(|it| it.service == "EC2")
        .map(|it| (it.what.as_str(), (it.usd * 1e6).round() / 1e6))
        .collect();
    assert_eq!(lines, [("m5.large instance-hours", 0.048), ("m5.xlarge instance-hours", 0.064)]);
    assert_eq!(run.kinds.fleets[0].instance_seconds, 50.0 * 60.0);
}

/// Without work, from no credits at the start. A t3.micro earns 12 an hour: 6 in half an hour. Away for ten minutes it earns nothing,
/// and then for 19 minutes what its new type earns. A T2 loses its credits and gets those of a launch.
#[test]
fn credits_are_kept_or_lost_and_bounded_by_the_new_type() {
    let balance = |from: &str, to: &str, initial: u32| {
        let text = format!(
            "duration = \"60m\"\nbucket = \"1m\"\n[traffic.all]\nrate = \"1/h\"\n[request.page]\nvia = \"web\"\n\
             steps = [{{ cpu = \"1ms\" }}]\n[fleet.web]\ninstance = \"{from}\"\ninstances = 1\n\
             boot = {{ application = \"0s\", cpu = 0 }}\ncredits = {{ initial = {initial} }}\n\
             resize = [{{ at = \"30m\", instance = \"{to}\", downtime = \"10m\" }}]\n"
        );
        run(&text, 1).timeline.kinds.fleets[0].credits[0].balance[58]
    };
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.05, "{found} for {expected}");
    near(balance("t3.micro", "t3.small", 0), 6.0 + 24.0 * 19.0 / 60.0);
    near(balance("t2.micro", "t2.small", 0), 30.0 + 12.0 * 19.0 / 60.0);
    near(balance("t3.micro", "m5.large", 0), 0.0);
    // A t3.nano keeps 144 at most.
    near(balance("t3.small", "t3.nano", 500), 144.0);
}

/// Two behind a balancer. One by one: the first stops at 100 s, runs at 160 s and answers at 180 s, when the second stops. All at
/// once: nobody is registered from 100 s to 160 s.
#[test]
fn one_by_one_is_felt_by_nobody_and_all_at_once_by_everybody() {
    let pair = |one_by_one: bool| {
        run(
            &format!(
                "duration = \"400s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"public\"\n\
                 steps = [{{ cpu = \"1ms\" }}]\n[balancer.public]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\n\
                 instances = 2\nboot = {{ application = \"20s\" }}\n\
                 resize = [{{ at = \"100s\", instance = \"m5.xlarge\", downtime = \"60s\", one_by_one = {one_by_one} }}]\n"
            ),
            1,
        )
    };
    let of_fleet = |run: &Outcome| -> Vec<f64> {
        run.incidents.iter().filter(|it| it.text.contains("m5.xlarge")).map(|it| it.at_s).collect()
    };
    let away =
        |run: &Outcome| run.timeline.kinds.fleets[0].resizing[0].away.iter().copied().fold(0.0, f64::max);
    let calm = pair(true);
    assert_eq!(of_fleet(&calm), [100.0, 160.0, 180.0, 240.0]);
    assert_eq!(away(&calm), 1.0);
    assert!(calm.requests.failed <= 2.0, "what was inside: {}", calm.requests.failed);
    let all = pair(false);
    assert_eq!(of_fleet(&all), [100.0, 160.0, 160.0]);
    assert_eq!(away(&all), 2.0);
    let rows = &all.timeline.failed["http_503"];
    let failing: Vec<usize> = (0..rows.len()).filter(|&row| rows[row] > 0.0).map(|row| 5 * row).collect();
    assert_eq!((failing[0], *failing.last().unwrap()), (100, 155));
    assert!(all.requests.failed_by_cause["http_503"] > 500.0);
}

/// Requests of 30 s: those of the last 30 s before the stop are cut off then.
#[test]
fn what_an_instance_works_on_is_cut_off() {
    let run = run(
        "duration = \"200s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"public\"\n\
         steps = [{ delay = \"30s\" }]\n[balancer.public]\ntargets = \"web\"\nhop = \"0s\"\n[fleet.web]\ninstance = \"m5.large\"\n\
         instances = 1\nthreads = \"unlimited\"\nresize = [{ at = \"100s\", instance = \"m5.xlarge\", downtime = \"90s\" }]\n",
        1,
    );
    let came: f64 = run.timeline.offered[70..100].iter().sum();
    let failed = &run.timeline.failed["http_502"];
    assert!((failed[100] - came).abs() <= 2.0, "{} of {came}", failed[100]);
    // Until it runs again it is not registered; then its balancer fails open, and its application is not up.
    assert!(failed[101..190].iter().all(|failed| *failed == 0.0), "{failed:?}");
}

/// Its zone is lost at 130 s, while it is stopped. The status check fails at 170 s, and another one is launched in the zone that is
/// left, with the new type. Billed are 100 s, and from 170 s on.
#[test]
fn an_instance_that_is_lost_while_it_is_away_is_replaced() {
    let more = "azs = [\"a\", \"c\"]\nstatus_check = \"40s\"\n[fault.outage]\nzone = \"a\"\nat = \"130s\"";
    let run = single(300, "\"1/h\"", LARGE, more);
    assert_eq!(activities(&run), [(170.0, Some(190.0), 1, 1)]);
    assert!(!incidents(&run).iter().any(|it| it.1.contains("is back as")), "{:?}", incidents(&run));
    assert_eq!(run.kinds.fleets[0].instance_seconds, 100.0 + 130.0);
}

/// 15 requests a second from 200 s on ask for 1.5 of its first vCPU, and for 0.375 of the four that its second type does.
#[test]
fn the_traffic_is_held_against_the_type_of_its_time() {
    let warned = |resize: &str| {
        let rate = "[[\"0s\", \"1/s\"], [\"200s\", \"1/s\"], [\"200s\", \"15/s\"]]";
        let run = single(400, rate, resize, "");
        run.warnings.iter().any(|it| it.code.name() == "demand-above-capacity")
    };
    assert!(warned(""));
    assert!(!warned(LARGE));
    // Too late for that traffic.
    assert!(warned(&LARGE.replace("at = \"100s\"", "at = \"300s\"")));
}

/// An answer of 750 kB takes 8 ms at 750 Mbit/s. A type that is in the list has its own link: m5.large bursts to 10 Gbit/s.
#[test]
fn answers_are_sent_over_the_link_of_the_new_type() {
    let run = run(
        "duration = \"400s\"\nbucket = \"5s\"\n[traffic.all]\nrate = \"1/s\"\n[request.page]\nvia = \"web\"\nresponse_size = \"750 kB\"\n\
         steps = [{ cpu = \"1ms\" }]\n[fleet.web]\ninstance = { vcpus = 1, memory = \"4 GiB\" }\ninstances = 1\n\
         network = { baseline = \"750 Mbit/s\" }\nboot = { application = \"20s\" }\n\
         resize = [{ at = \"100s\", instance = \"m5.large\", downtime = \"60s\" }]\n",
        1,
    );
    let median = |second: usize| run.timeline.latency_ms[&Percentile::P50][second / 5].unwrap();
    assert!((median(50) - 9.0).abs() < 0.05, "{}", median(50));
    assert!((median(300) - 1.6).abs() < 0.05, "{}", median(300));
    let sent = &run.timeline.kinds.fleets[0].network[0].mbit_per_s;
    let mean = |from: usize, to: usize| sent[from / 5..to / 5].iter().sum::<f64>() / ((to - from) / 5) as f64;
    // 6 Mbit each second on the mean, whatever the link.
    assert!(
        (4.5..7.5).contains(&mean(0, 100)) && (4.5..7.5).contains(&mean(190, 400)),
        "{} {}",
        mean(0, 100),
        mean(190, 400)
    );
}

/// From 15:00 on 40/s of 80 ms keep two instances of two vCPUs busy for 80 %. Before, with four times as many vCPUs, 10/s took 5 %.
#[test]
fn the_headroom_of_a_smaller_type_is_its_own() {
    let run = run(
        "duration = \"30m\"\nbucket = \"5s\"\n[traffic.all]\nrate = [[\"0m\", \"10/s\"], [\"15m\", \"10/s\"], [\"15m\", \"40/s\"]]\n\
         interarrival = \"1ms\"\n[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"80ms\" }]\n[fleet.web]\ninstance = \"m5.2xlarge\"\n\
         instances = 2\nresize = [{ at = \"5m\", instance = \"m5.large\" }]\n",
        1,
    );
    let cpu = run.headroom.iter().find(|it| it.of == simcap::outcome::Resource::Cpu { fleet: 0 }).unwrap();
    let off = cpu.limit().unwrap() / 1.25;
    assert!((off - 1.0).abs() < 0.03, "{cpu:?}");
}
