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

/// Two request classes of several random parts each, on machines that are always there.
const TWO_PARTS: &str = r#"
duration = "20m"
[traffic.a]
rate = [["0s", "20/s"], ["5m", "60/s"], ["10m", "30/s"], ["15m", "70/s"], ["20m", "20/s"]]
requests = "home"
[traffic.b]
rate = [["0s", "12/s"], ["4m", "5/s"], ["8m", "15/s"], ["12m", "4/s"], ["16m", "14/s"], ["20m", "6/s"]]
requests = "order"
[request.home]
via = "public"
steps = [{ cpu = "lognormal 5ms cv 1" }]
[request.order]
via = "public"
steps = [{ cpu = "lognormal 5ms cv 1" }, { delay = "lognormal 30ms cv 1" }]
[balancer.public]
targets = "web"
[fleet.web]
instance = "m5.large"
instances = 2
"#;

/// A group that scales: what one period has done lasts in the next ones.
const SCALES: &str = r#"
duration = "40m"
[traffic.a]
rate = [["0s", "40/s"], ["15m", "300/s"], ["25m", "300/s"], ["40m", "40/s"]]
[request.home]
via = "web"
steps = [{ cpu = "lognormal 6ms cv 1" }]
[fleet.web]
instance = "m5.large"
min = 2
max = 10
scaling = [{ target_tracking = { metric = "cpu", target = 50 } }]
"#;

/// What a number of a file is in truth: a factor, or how it is spread.
enum Truth {
    Factor(f64),
    Spread(f64),
}

use Truth::{Factor, Spread};

struct Known {
    text: &'static str,
    truth: &'static [&'static str],
    figures: &'static [&'static str],
    width_s: f64,
    numbers: &'static [(&'static str, Truth)],
}

const SHOP_KNOWN: Known = Known {
    text: SHOP,
    truth: &TRUTH,
    figures: &[
        "requests of home",
        "requests of order",
        "cpu_percent of web",
        "mean_ms of home",
        "p50_ms of home",
        "p95_ms of home",
        "mean_ms of order",
    ],
    width_s: 30.0,
    numbers: &[
        ("request.home.steps.0.cpu", Factor(2.0)),
        ("request.home.steps.0.cpu", Spread(1.0)),
        ("request.order.steps.0.cpu", Factor(0.8)),
        ("request.home.steps.1.delay", Factor(2.0 / 3.0)),
        ("request.home.steps.1.delay", Spread(0.5)),
    ],
};

const TWO_KNOWN: Known = Known {
    text: TWO_PARTS,
    truth: &[
        "request.home.steps.0.cpu=lognormal 8ms cv 0.6",
        "request.order.steps.0.cpu=lognormal 20ms cv 0.9",
        "request.order.steps.1.delay=lognormal 60ms cv 0.5",
    ],
    figures: &[
        "requests of home",
        "requests of order",
        "cpu_percent of web",
        "mean_ms of home",
        "p50_ms of home",
        "p95_ms of home",
        "mean_ms of order",
        "p50_ms of order",
        "p95_ms of order",
    ],
    width_s: 30.0,
    numbers: &[
        ("request.home.steps.0.cpu", Factor(1.6)),
        ("request.home.steps.0.cpu", Spread(0.6)),
        ("request.order.steps.0.cpu", Factor(4.0)),
        ("request.order.steps.0.cpu", Spread(0.9)),
        ("request.order.steps.1.delay", Factor(2.0)),
        ("request.order.steps.1.delay", Spread(0.5)),
    ],
};

const SCALES_KNOWN: Known = Known {
    text: SCALES,
    truth: &["request.home.steps.0.cpu=lognormal 10ms cv 0.6"],
    figures: &[
        "requests of home",
        "cpu_percent of web",
        "mean_ms of home",
        "p50_ms of home",
        "p95_ms of home",
    ],
    width_s: 60.0,
    numbers: &[("request.home.steps.0.cpu", Factor(10.0 / 6.0)), ("request.home.steps.0.cpu", Spread(0.6))],
};

/// Fits so many logs of a system, and counts for each number the intervals that hold the truth, and all that there are.
fn counted(known: &Known, logs: u64) -> Vec<(u64, u64)> {
    let mut counted = vec![(0, 0); known.numbers.len()];
    for seed in 0..logs {
        let log = Log::of(known.text, known.truth, known.figures, known.width_s, 7_000 + seed);
        let found = calibrate(&log, &[], "none", 2).unwrap();
        for ((hits, all), (path, truth)) in counted.iter_mut().zip(known.numbers) {
            let number = number(&found, path);
            let (estimated, expected) = match truth {
                Factor(expected) => (number.factor, expected),
                Spread(expected) => (number.cv, expected),
            };
            let Some(estimated) = estimated else { continue };
            *all += 1;
            *hits += u64::from((estimated.low..=estimated.high).contains(expected));
        }
    }
    println!("of {logs} logs: {counted:?}");
    counted
}

/// Fails where fewer intervals hold the truth than claim to, or where a number is hardly ever known.
fn hold(known: &Known, logs: u64, usually: &[usize]) {
    for (at, (hits, all)) in counted(known, logs).into_iter().enumerate() {
        let path = known.numbers[at].0;
        assert!(at_most(hits, all, 0.95) > RARE, "{path}: only {hits} of {all} hold the truth");
        assert!(!usually.contains(&at) || all >= logs * 3 / 4, "{path}: only {all} of {logs} are known");
    }
}

/// Both steps, demands, delays and their spreads.
#[test]
fn fitted_numbers_are_inside_their_intervals() {
    hold(&SHOP_KNOWN, 8, &[0, 2, 3]);
}

/// The same, often enough to see intervals that are a little too narrow. Some minutes: `cargo test --release --test it as_often -- --ignored`.
#[test]
#[ignore = "fits some fifty logs by ten thousand runs"]
fn fitted_numbers_are_inside_their_intervals_as_often_as_claimed() {
    hold(&SHOP_KNOWN, 24, &[0, 2, 3, 4]);
    hold(&TWO_KNOWN, 20, &[0, 1, 2, 4, 5]);
    hold(&SCALES_KNOWN, 12, &[0, 1]);
}
