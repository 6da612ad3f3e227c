//! The same scenario under more or less traffic. In: a scenario and a factor. Out: a scenario.
//!
//! Shapes, mixes and clients stay. An arrival is the instant at which a process of rate 1 has been used up by the
//! integral of the rate, so under one seed k times the traffic sends the same requests k times as fast.

use super::Scenario;
use super::traffic::{RateCurve, Source};
use crate::units::Rate;

impl Scenario {
    /// This scenario with every arrival rate `factor` times as high.
    pub fn with_traffic(&self, factor: f64) -> Scenario {
        let sources = self.sources.iter().map(|source| source.scaled(factor)).collect();
        Scenario { sources, ..self.clone() }
    }
}

impl Source {
    fn scaled(&self, factor: f64) -> Source {
        let knots = self.rate.knots.iter().map(|&(time, rate)| (time, Rate(rate.0 * factor))).collect();
        Source { rate: RateCurve { knots }, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::units::Time;

    #[test]
    fn every_rate_is_scaled_and_nothing_else_changes() {
        let text = br#"
            duration = "1h"
            traffic.all.rate = [["0m", "100/s"], ["30m", "400/s"]]
            traffic.few.rate = "7/s"
            request.a.steps = [{ delay = "1ms" }]
        "#;
        let scenario = crate::scenario::parse("a.toml", text, Path::new(""), &[]).unwrap();
        let more = scenario.with_traffic(1.5);
        let at = |source: usize, minute: u64| more.sources[source].rate.at(Time::from_secs(60 * minute)).0;
        assert_eq!([at(0, 0), at(0, 15), at(0, 45), at(1, 10)], [150.0, 375.0, 600.0, 10.5]);
        assert_eq!(more.runs, scenario.runs, "how often it runs was decided before");
        let back = more.with_traffic(1.0 / 1.5);
        assert_eq!(format!("{:?}", back.classes), format!("{:?}", scenario.classes));
        assert!((back.sources[0].rate.at(Time::ZERO).0 - 100.0).abs() < 1e-12);
    }
}
