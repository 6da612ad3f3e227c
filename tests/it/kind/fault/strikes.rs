//! Faults that strike again and again.

use simcap::outcome::Outcome;

use super::incidents;
use crate::run::run;

fn calls(seconds: u32, fault: &str) -> Outcome {
    let text = format!(
        "duration = \"{seconds}s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\ninterarrival = \"100ms\"\n\
         [request.pay]\nsteps = [{{ service = \"bank\" }}]\n[service.bank]\nservers = 1000\ntime = \"1ms\"\n\
         [fault.outage]\nservice = \"bank\"\n{fault}\n"
    );
    run(&text, 1)
}

fn begins(run: &Outcome) -> Vec<f64> {
    run.incidents.iter().filter(|it| !it.text.contains("as before")).map(|it| it.at_s).collect()
}

/// The first one a gap after `at`, and each for 2 s: twenty requests are refused in each.
#[test]
fn each_strike_comes_a_gap_after_the_one_before() {
    let run =
        calls(40, "effect = \"refuses\"\nshare = \"100%\"\nat = \"4.95s\"\nevery = \"10s\"\nfor = \"2s\"");
    assert_eq!(begins(&run), [14.95, 24.95, 34.95]);
    assert_eq!(run.requests.failed, 60.0);
    let from_the_start = calls(40, "effect = \"hangs\"\nevery = \"15s\"\nfor = \"2s\"");
    assert_eq!(begins(&from_the_start), [15.0, 30.0]);
}

/// Each strike lasts 5 s and the next one comes after 2 s, so that two or three are there at once, each of which makes it twice as slow.
#[test]
fn strikes_that_overlap_add_up() {
    let fault = "effect = \"slow\"\nfactor = 2\nevery = \"2s\"\nfor = \"5s\"";
    let run = calls(10, fault);
    let means: Vec<f64> = run.timeline.latency_ms["p50"].iter().flatten().copied().collect();
    // 1 ms, from 2 s on 2 ms, from 4 s on 4 ms, from 6 s to 7 s 8 ms, then one has ended, and so on.
    for (second, expected) in [(0, 1.0), (2, 2.0), (3, 2.0), (4, 4.0), (6, 8.0), (7, 4.0), (8, 8.0), (9, 4.0)]
    {
        assert!((means[second] / expected - 1.0).abs() < 0.02, "{second} s: {means:?}");
    }
}

/// One in 10 s on the mean: in an hour 360, within four standard deviations of a Poisson number.
#[test]
fn gaps_follow_their_law() {
    let run = calls(3_600, "effect = \"slow\"\nfactor = 2\nevery = \"exponential 10s\"\nfor = \"1s\"");
    let count = begins(&run).len() as f64;
    assert!((count - 360.0).abs() < 4.0 * 360.0f64.sqrt(), "{count}");
}

/// A zone can be lost again and again: of losses that overlap, the first begins it and the last ends it.
#[test]
fn a_zone_is_lost_again_and_again() {
    let text = "duration = \"60s\"\nbucket = \"1s\"\n[traffic.all]\nrate = \"10/s\"\n[request.page]\nvia = \"lb\"\n\
        steps = [{ cpu = \"1ms\" }]\n[balancer.lb]\ntargets = \"web\"\n[fleet.web]\ninstance = \"m5.large\"\ninstances = 4\n\
        [fault.power]\nzone = \"b\"\nevery = \"20s\"\nfor = \"5s\"\n";
    let run = run(text, 1);
    let said: Vec<(f64, &str)> = incidents(&run).into_iter().filter(|it| it.1.starts_with("zone")).collect();
    assert_eq!(
        said,
        [
            (20.0, "zone b is lost"),
            (25.0, "zone b is back"),
            (40.0, "zone b is lost"),
            (45.0, "zone b is back")
        ]
    );
}

/// A fault of one fleet leaves every random number of the other as it was, whether it strikes once or again and again.
#[test]
fn other_random_numbers_stay_the_same() {
    let of_other = |fault: &str| {
        let text = format!(
            "duration = \"60s\"\n[traffic.one]\nrate = \"50/s\"\nrequests = {{ one = 1 }}\n[traffic.two]\nrate = \"50/s\"\nrequests = {{ two = 1 }}\n\
             [request.one]\nvia = \"one\"\nsteps = [{{ cpu = \"exponential 5ms\" }}]\n\
             [request.two]\nvia = \"two\"\nsteps = [{{ cpu = \"exponential 5ms\" }}]\n\
             [fleet.one]\ninstance = \"m5.large\"\ninstances = 3\n[fleet.two]\ninstance = \"m5.large\"\ninstances = 3\n{fault}"
        );
        let run = run(&text, 5);
        (format!("{:?}", run.classes[1]), run.classes[0].requests.completed)
    };
    let without = of_other("");
    for fault in [
        "[fault.bad]\nfleet = \"one\"\neffect = \"crashes\"\nevery = \"exponential 5s\"\n",
        "[fault.bad]\nfleet = \"one\"\neffect = \"dies\"\nat = \"10s\"\ninstances = 2\n",
    ] {
        let with = of_other(fault);
        assert_eq!(with.0, without.0);
        assert!(with.1 < without.1, "it strikes: {} {}", with.1, without.1);
    }
}

/// One cause that breaks two things: at the same instants, each for as long as it says.
#[test]
fn faults_strike_together() {
    let text = "duration = \"300s\"\n[traffic.all]\nrate = \"10/s\"\n[request.pay]\n\
                steps = [{ service = \"bank\" }, { service = \"post\" }]\n[service.bank]\nservers = 10\ntime = \"10ms\"\n\
                [service.post]\nservers = 10\ntime = \"10ms\"\n\
                [fault.power]\nservice = \"bank\"\nevery = \"exponential 30s\"\nfor = \"5s\"\neffect = \"hangs\"\n\
                [fault.too]\nservice = \"post\"\nwith = \"power\"\nfor = \"9s\"\neffect = \"slow\"\nfactor = 2\n";
    let run = crate::run::run(text, 3);
    let of = |name: &str| -> Vec<(f64, f64)> {
        let its = run.faults.iter().filter(|it| it.name == name);
        its.filter_map(|it| Some((it.at_s, (it.until_s? - it.at_s).round()))).collect()
    };
    let (first, second) = (of("power"), of("too"));
    assert!(first.len() > 3, "{first:?}");
    assert!(
        first.iter().all(|it| it.1 == 5.0) && second.iter().all(|it| it.1 == 9.0),
        "{first:?} {second:?}"
    );
    assert!(second.iter().zip(&first).all(|(second, first)| second.0 == first.0), "{first:?} {second:?}");
    assert!(first.len() - second.len() <= 1, "the last one may not be over");
}
