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
