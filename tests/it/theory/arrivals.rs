//! Arrivals other than Poisson: the queue G/M/1.
//!
//! An arrival finds k present with probability (1 − σ) σ^k, where σ is the root below 1 of σ = A*(μ (1 − σ)) and A*
//! the transform of the gaps (Kendall 1953); its time in the system is exponential with the rate μ (1 − σ).

use super::confidence::{delayed, replicate, sojourn, wait};
use super::formula::bisect;

const SERVICE: f64 = 0.05;

/// A pattern of arrivals, 16 a second, and the transform of its gaps.
struct Case {
    arrivals: &'static str,
    transform: fn(f64) -> f64,
}

fn hold(case: &Case) {
    let rate = 1.0 / SERVICE;
    let sigma = bisect(1e-9, 1.0 - 1e-6, |sigma| (case.transform)(rate * (1.0 - sigma)) > sigma);
    let mean = SERVICE / (1.0 - sigma);
    let text = format!(
        "duration = \"20000s\"\nwarmup = \"200s\"\n[traffic.all]\n{}\n[request.call]\n\
         steps = [{{ service = \"desk\" }}]\n[service.desk]\nservers = 1\ntime = \"exponential 50ms\"\n",
        case.arrivals
    );
    let runs = replicate(&text, 10);
    let what = case.arrivals;
    runs.expect(&format!("{what}: share that waits"), sigma, 0.02, delayed);
    runs.expect(&format!("{what}: mean wait"), 1e3 * (mean - SERVICE), 0.05, wait);
    runs.expect(&format!("{what}: mean sojourn"), 1e3 * mean, 0.04, sojourn);
    runs.expect_percentile(&format!("{what}: sojourn p99"), 1e3 * mean * 100f64.ln(), 0.08, |run| {
        run.latency_ms.p99
    });
}

#[test]
fn constant_gaps_are_dm1() {
    hold(&Case { arrivals: "interarrival = \"62.5ms\"", transform: |s| (-s / 16.0).exp() });
}

#[test]
fn erlang_gaps_are_em1_whether_stretched_by_a_rate_or_not() {
    let transform = |s: f64| (64.0 / (64.0 + s)).powi(4);
    hold(&Case { arrivals: "interarrival = \"erlang-4 62.5ms\"", transform });
    hold(&Case { arrivals: "interarrival = \"erlang-4 1s\"\nrate = \"16/s\"", transform });
}

/// Two phases with balanced means, squared coefficient of variation 4.
#[test]
fn hyperexponential_gaps_are_hm1() {
    hold(&Case {
        arrivals: "interarrival = \"hyperexponential 62.5ms cv 2\"",
        transform: |s| {
            let p = (1.0 + (3.0f64 / 5.0).sqrt()) / 2.0;
            [p, 1.0 - p].iter().map(|p| p * 32.0 * p / (32.0 * p + s)).sum()
        },
    });
}
