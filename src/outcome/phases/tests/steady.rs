//! Traffic that stays as it is, with queues that form by chance; and trouble that is none.

use std::path::Path;

use crate::outcome::{Outcome, Phase};

const SEEDS: u64 = 20;

/// One station or one instance whose requests take 10 ms (exponential); rows of 2 s.
fn run(rate: &str, system: &str, seed: u64) -> Outcome {
    let text = format!("duration = \"15m\"\nbucket = \"2s\"\n[traffic.all]\nrate = {rate}\n{system}\n");
    let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
    crate::outcome::simulate(&scenario, seed, &mut |_| {})
}

fn station(servers: u32) -> String {
    format!(
        "[request.page]\nsteps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = {servers}\n\
         time = \"exponential 10ms\"\n"
    )
}

const MACHINE: &str = "[request.page]\nvia = \"web\"\nsteps = [{ cpu = \"exponential 10ms\" }]\n[fleet.web]\n\
                       instance = { vcpus = 1, memory = \"4 GiB\", strength = 1 }\ninstances = 1\n\
                       [prices]\n\"EC2/custom\" = 0.1\n";

/// 40/s, then more for five minutes, then 40/s.
fn step(rate: u32) -> String {
    format!(
        "[[\"0m\", \"40/s\"], [\"5m\", \"40/s\"], [\"5m\", \"{rate}/s\"], [\"10m\", \"{rate}/s\"], [\"10m\", \"40/s\"]]"
    )
}

fn troubles(outcome: &Outcome) -> Vec<&Phase> {
    outcome.phases.iter().filter(|phase| phase.trouble).collect()
}

/// M/M/1 at 80, 85 and 90 %, of one server and of a shared CPU, and M/M/4 at 85 %: all the time, or for five minutes.
#[test]
fn a_server_with_room_is_no_trouble_whatever_its_queue_does_by_chance() {
    for seed in 1..=SEEDS {
        for rate in [80, 85, 90] {
            for system in [&station(1), MACHINE] {
                for traffic in [format!("\"{rate}/s\""), step(rate)] {
                    let outcome = run(&traffic, system, seed);
                    assert!(troubles(&outcome).is_empty(), "seed {seed}, {traffic}: {:#?}", outcome.phases);
                    assert_eq!(outcome.phases.len(), 1);
                }
            }
        }
        let four = run("\"340/s\"", &station(4), seed);
        assert!(troubles(&four).is_empty(), "seed {seed}: {:#?}", four.phases);
    }
}

/// A CPU at 76 % whose p99 is 1.5 times what the objective allows: it is so all the time, and no minute of it is another thing
/// than the others.
#[test]
fn a_missed_objective_at_constant_traffic_is_one_phase() {
    let system = MACHINE.replace("10ms", "8ms");
    for seed in 1..=SEEDS {
        for limit in ["120ms", "160ms", "200ms"] {
            let outcome =
                run("\"95/s\"", &format!("{system}[objectives]\nlatency = \"p99 < {limit}\"\n"), seed);
            assert_eq!(outcome.phases.len(), 1, "seed {seed}, {limit}: {:#?}", outcome.phases);
        }
    }
}

/// More than it can do from the start, from a step on, and for five seconds.
#[test]
fn what_is_too_much_is_trouble_from_its_start() {
    let spike = "[[\"0s\", \"50/s\"], [\"300s\", \"50/s\"], [\"300s\", \"150/s\"], [\"305s\", \"150/s\"], [\"305s\", \"50/s\"]]";
    let step = "[[\"0m\", \"50/s\"], [\"5m\", \"50/s\"], [\"5m\", \"130/s\"]]";
    for seed in 1..=SEEDS {
        for system in [&station(1), MACHINE] {
            for (rate, start) in [("\"120/s\"", 0.0), (step, 300.0), (spike, 300.0)] {
                let outcome = run(rate, system, seed);
                let first = troubles(&outcome).first().map(|phase| phase.from_s);
                // Within two rows.
                let found = first.is_some_and(|from| (start - 4.0..=start + 4.0).contains(&from));
                assert!(found, "seed {seed}, {rate}: {:#?}", outcome.phases);
                assert!(troubles(&outcome).len() == 1, "seed {seed}, {rate}: {:#?}", outcome.phases);
            }
        }
    }
}

/// One in ten requests gets no answer within the timeout: all of the time, whatever a second without one is.
#[test]
fn a_steady_part_that_fails_is_one_trouble() {
    let text = r#"
        duration = "10m"
        bucket = "1s"
        traffic.shop = { rate = "10/s", requests = { fast = 9, slow = 1 } }
        request.fast = { via = "door", steps = [{ cpu = "5ms" }] }
        request.slow = { via = "door", steps = [{ delay = "70s" }] }
        balancer.door.targets = "web"
        fleet.web = { instance = "m5.large", instances = 2 }
        objectives.errors = "< 1%"
    "#;
    let scenario =
        crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &["runs=1".into()]).unwrap();
    for seed in 1..=SEEDS {
        let outcome = crate::outcome::simulate(&scenario, seed, &mut |_| {});
        let troubles = troubles(&outcome);
        let [one] = troubles[..] else { panic!("seed {seed}: {:#?}", outcome.phases) };
        assert!(one.from_s <= 65.0 && one.to_s == 600.0, "seed {seed}: {:#?}", outcome.phases);
    }
}

/// One in twenty requests always takes longer than its client waits; from 3:00 to 4:00 six times what the CPU of one instance can do
/// comes besides. That is a trouble of its own, with its own cause, between two that are only of the timeouts.
#[test]
fn an_overload_within_a_steady_failure_is_a_phase_of_its_own() {
    let text = r#"
        duration = "8m"
        bucket = "2s"
        traffic.web.rate = [["0m", "60/s"], ["3m", "60/s"], ["3m", "300/s"], ["4m", "300/s"], ["4m", "60/s"]]
        traffic.web.requests = { fast = 19, slow = 1 }
        client.timeout = "4s"
        request.fast = { via = "lb", steps = [{ cpu = "10ms" }] }
        request.slow = { via = "lb", steps = [{ delay = "5s" }] }
        balancer.lb.targets = "app"
        fleet.app = { instance = "m5.large", instances = 1 }
    "#;
    let scenario =
        crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &["runs=1".into()]).unwrap();
    let outcome = crate::outcome::simulate(&scenario, 1, &mut |_| {});
    let [before, overload, after] = troubles(&outcome)[..] else { panic!("{:#?}", outcome.phases) };
    assert!((176.0..=184.0).contains(&overload.from_s), "{:#?}", outcome.phases);
    assert!((240.0..=270.0).contains(&overload.to_s), "{:#?}", outcome.phases);
    assert!(overload.sentence.starts_with("3:00 CPU of `app` full"), "{}", overload.sentence);
    for steady in [before, after] {
        assert!(
            steady.chain.iter().all(|link| link.resource.is_none_or(|of| !of.is_capacity())),
            "{steady:#?}"
        );
        assert!(steady.sentence.contains("client_timeout"), "{}", steady.sentence);
    }
}

/// 6,000 requests come in a second and are worked off in twelve. Nobody comes before or after that.
#[test]
fn a_time_without_requests_after_a_burst_is_no_trouble() {
    let burst = |at: u32| {
        format!(
            "[\"{at}s\", \"0/s\"], [\"{at}s\", \"6000/s\"], [\"{0}s\", \"6000/s\"], [\"{0}s\", \"0/s\"]",
            at + 1
        )
    };
    let system = "[request.page]\nsteps = [{ service = \"desk\" }]\n[service.desk]\nservers = 5\ntime = \"10ms\"\n\
                  [objectives]\nlatency = \"p99 <= 1s\"\n";
    let outcome = run(&format!("[[\"0s\", \"0/s\"], {}]", burst(30)), system, 1);
    let troubles = |outcome: &Outcome| -> Vec<bool> { outcome.phases.iter().map(|it| it.trouble).collect() };
    assert_eq!(troubles(&outcome), [false, true, false], "{:#?}", outcome.phases);
    let [_, trouble, after] = &outcome.phases[..] else { unreachable!() };
    assert!(trouble.from_s == 30.0 && (42.0..=46.0).contains(&trouble.to_s), "{:#?}", outcome.phases);
    assert_eq!(after.sentence, "no requests");
    // With a burst each minute it is not over in between.
    let bursts: Vec<String> = (1..14).map(|at| burst(60 * at)).collect();
    let outcome = run(&format!("[[\"0s\", \"0/s\"], {}]", bursts.join(", ")), system, 1);
    assert_eq!(troubles(&outcome).iter().filter(|trouble| **trouble).count(), 1, "{:#?}", outcome.phases);
}

/// M/M/10/15 at eight Erlang turns more than one in a hundred away, M/M/8/11 at four 0.37 %: with ever the same traffic there is one thing to
/// say of each, and what is below one in two hundred is no trouble.
#[test]
fn a_steady_small_loss_is_not_cut_by_chance() {
    let system = |servers: u32, queue: u32| {
        format!(
            "[request.page]\nsteps = [{{ service = \"s\" }}]\n[service.s]\nservers = {servers}\ntime = \"exponential 100ms\"\n\
             queue = {queue}\n"
        )
    };
    for (rate, servers, queue, trouble) in [(80, 10, 5, true), (40, 8, 3, false)] {
        for seed in 1..=SEEDS {
            let outcome = run(&format!("\"{rate}/s\""), &system(servers, queue), seed);
            let [one] = &outcome.phases[..] else { panic!("{rate}/s, seed {seed}: {:#?}", outcome.phases) };
            assert_eq!(one.trouble, trouble, "{rate}/s, seed {seed}: {}", one.sentence);
        }
    }
}
