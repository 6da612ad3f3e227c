//! Comparison of runs with an exact value: Student's t over independent seeds, at 99.9 % confidence.

use simcap::outcome::Outcome;
use simcap::scenario::Scenario;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::run::scenario;

/// Two-sided confidence of every comparison.
const CONFIDENCE: f64 = 0.999;
/// Percentiles are read from a histogram that keeps three significant digits.
const RESOLUTION: f64 = 0.0005;

/// The same scenario under the seeds 1 to `seeds`.
pub struct Sample(Vec<Outcome>);

/// Runs a scenario under independent seeds.
pub fn replicate(text: &str, seeds: u64) -> Sample {
    replicate_parsed(&scenario(text), seeds)
}

/// Like [`replicate`], for a scenario that has been read.
pub fn replicate_parsed(scenario: &Scenario, seeds: u64) -> Sample {
    Sample((1..=seeds).map(|seed| simcap::simulate(scenario, seed, &mut |_| {})).collect())
}

impl Sample {
    /// Mean over the seeds and half the width of its confidence interval.
    fn interval(&self, read: impl Fn(&Outcome) -> f64) -> (f64, f64) {
        let values: Vec<f64> = self.0.iter().map(read).collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        let t = StudentsT::new(0.0, 1.0, count - 1.0).unwrap().inverse_cdf((1.0 + CONFIDENCE) / 2.0);
        (mean, t * (variance / count).sqrt())
    }

    fn judge(&self, what: &str, exact: f64, error: f64, power: f64, read: impl Fn(&Outcome) -> f64) {
        let (mean, half) = self.interval(read);
        let width = half / exact.abs();
        let line = format!("{what}: {mean:.6} ± {half:.6} ({:.2} %), exact {exact:.6}", 100.0 * width);
        println!("{line}");
        assert!(width <= power, "{line}: too wide to tell anything, allowed {power}");
        assert!((mean - exact).abs() <= half.hypot(error) + f64::EPSILON * exact.abs(), "{line}");
    }

    /// The interval must hold `exact` and have a half width of at most `power` times it.
    pub fn expect(&self, what: &str, exact: f64, power: f64, read: impl Fn(&Outcome) -> f64) {
        self.judge(what, exact, 0.0, power, read);
    }

    /// Like `expect`, for a percentile, which the histogram rounds.
    pub fn expect_percentile(&self, what: &str, exact: f64, power: f64, read: impl Fn(&Outcome) -> f64) {
        self.judge(what, exact, RESOLUTION * exact, power, read);
    }

    /// Like `expect`, for a value known from simulation, with its standard error.
    pub fn expect_reference(
        &self,
        what: &str,
        (value, standard_error): (f64, f64),
        power: f64,
        read: impl Fn(&Outcome) -> f64,
    ) {
        let z = Normal::standard().inverse_cdf((1.0 + CONFIDENCE) / 2.0);
        self.judge(what, value, z * standard_error + RESOLUTION * value, power, read);
    }
}

/// Share of the requests of a service station that had to wait.
pub fn delayed(outcome: &Outcome) -> f64 {
    outcome.services[0].delayed / outcome.services[0].arrived
}

/// Mean wait of the requests that the station served, milliseconds.
pub fn wait(outcome: &Outcome) -> f64 {
    outcome.services[0].mean_wait_ms
}

/// Mean latency, milliseconds.
pub fn sojourn(outcome: &Outcome) -> f64 {
    outcome.latency_ms.mean
}
