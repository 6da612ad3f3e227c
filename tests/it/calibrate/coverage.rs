//! Known numbers of simulated logs are inside their intervals as often as these claim.

use super::log::Log;
use super::{CPU, SHOP, TRUTH, calibrate, number};

/// Chance of so few hits or fewer among many, if each is one with a probability.
fn at_most(hits: u64, many: u64, each: f64) -> f64 {
    let mut term = (1.0 - each).powi(many as i32);
    let mut sum = term;
    for it in 0..hits {
        term *= (many - it) as f64 / (it + 1) as f64 * each / (1.0 - each);
        sum += term;
    }
    sum
}

/// Fewer hits than that come by chance once in a thousand times.
const RARE: f64 = 0.001;

#[test]
fn chances_of_hits_are_binomial() {
    assert!((at_most(40, 40, 0.95) - 1.0).abs() < 1e-12);
    assert!((at_most(39, 40, 0.95) - 0.871_5).abs() < 1e-4);
    assert!(at_most(30, 40, 0.95) < RARE && at_most(34, 40, 0.95) > RARE);
}

/// The utilisation law: forty logs, and two demands of each.
#[test]
fn demands_are_inside_their_intervals_as_often_as_claimed() {
    const LOGS: u64 = 40;
    let mut hits = [0; 2];
    for seed in 0..LOGS {
        let log = Log::of(SHOP, &TRUTH, &CPU, 30.0, 5_000 + seed);
        let found = calibrate(&log, &[], "none", 1).unwrap();
        let paths = [("request.home.steps.0.cpu", 2.0), ("request.order.steps.0.cpu", 0.8)];
        for (hit, (path, expected)) in hits.iter_mut().zip(paths) {
            let factor = number(&found, path).factor.unwrap();
            *hit += u64::from((factor.low..=factor.high).contains(&expected));
        }
    }
    println!("of {LOGS} logs: {hits:?}");
    for hit in hits {
        assert!(at_most(hit, LOGS, 0.95) > RARE, "of {LOGS} logs only {hits:?} held the truth");
    }
}

/// Both steps: forty logs, and of each two demands, a delay and its spread. Some minutes: `cargo test --release --test it coverage -- --ignored`.
#[test]
#[ignore = "fits forty logs by some thousand runs"]
fn fitted_numbers_are_inside_their_intervals_as_often_as_claimed() {
    const LOGS: u64 = 40;
    let figures =
        [&CPU[..], &["mean_ms of home", "p50_ms of home", "p95_ms of home", "mean_ms of order"]].concat();
    let mut hits = [0; 4];
    let mut known = [0; 4];
    for seed in 0..LOGS {
        let log = Log::of(SHOP, &TRUTH, &figures, 30.0, 7_000 + seed);
        let found = calibrate(&log, &[], "none", 2).unwrap();
        let delay = number(&found, "request.home.steps.1.delay");
        let of = |path: &str| number(&found, path).factor;
        let all = [
            (of("request.home.steps.0.cpu"), 2.0),
            (of("request.order.steps.0.cpu"), 0.8),
            (delay.factor, 2.0 / 3.0),
            (delay.cv, 0.5),
        ];
        for (at, (estimated, expected)) in all.into_iter().enumerate() {
            let Some(estimated) = estimated else { continue };
            known[at] += 1;
            hits[at] += u64::from((estimated.low..=estimated.high).contains(&expected));
        }
    }
    println!("of {LOGS} logs: {hits:?} of {known:?}");
    for (hit, known) in hits.into_iter().zip(known) {
        assert!(known >= LOGS * 3 / 4, "only {known} of {LOGS} were known");
        assert!(at_most(hit, known, 0.95) > RARE, "only {hits:?} of {known:?} held the truth");
    }
}
