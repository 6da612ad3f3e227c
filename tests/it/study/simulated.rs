//! The study of `scenarios/study-on-spot.toml`, against arithmetic: how long it takes on so many machines, and what interruptions cost.

use std::path::Path;

use simcap::outcome::estimate::Quantity;
use simcap::scenario;

use super::outcome;

/// The age of the last shard in seconds, and how many shards were begun again, of each run.
fn done(overrides: &[&str], runs: usize) -> (Vec<f64>, f64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/study-on-spot.toml");
    let overrides: Vec<String> = overrides.iter().map(|it| (*it).to_owned()).collect();
    let scenario = scenario::load(&path, &overrides).unwrap();
    let outcome = outcome(&scenario, runs);
    let age = Quantity::figure("age", Some(0), Some(0.9999)).unwrap();
    let ages = outcome.estimate(&age).unwrap().by_run.iter().map(|it| it.unwrap() / 1e3).collect();
    (ages, outcome.queues[0].again)
}

/// Each machine does a shard after the other, 100 s each: 640 shards are ten rounds of 64 machines, and as many of 70.
#[test]
fn without_interruptions_it_takes_as_many_rounds_as_there_are() {
    for (machines, rounds) in [(64, 10.0), (70, 10.0), (80, 8.0), (320, 2.0)] {
        let [min, max] = ["min", "max"].map(|key| format!("fleet.machines.{key}={machines}"));
        let overrides = ["fleet.machines.spot.rate=0", "queue.shards.time=100s", &min, &max];
        let (ages, again) = done(&overrides, 1);
        // A call to the queue takes 10 ms, and the last shard is sent a second after the first.
        assert!((ages[0] - 100.0 * rounds).abs() < 2.0 + 0.1 * rounds, "{machines}: {ages:?}");
        assert_eq!(again, 0.0);
    }
}

/// A machine that is interrupted once an hour loses the shard that it has: of 640 shards of 100 s, that take 17.8 hours of a machine, 17.8 are lost, and then
/// some of those that are begun again. Five standard deviations of a Poisson law over eight runs.
#[test]
fn interruptions_cost_the_shards_that_they_hit() {
    let (_, again) = done(&["queue.shards.time=100s"], 8);
    let lost = 640.0 * 100.0 / 3600.0;
    let expected = lost * (1.0 + lost / 640.0);
    assert!((again - expected).abs() < 5.0 * (expected / 8.0_f64).sqrt(), "{again} {expected}");
}
