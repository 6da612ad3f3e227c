//! The same scenario under more or less traffic. In: a scenario and a factor. Out: a scenario.
//!
//! Shapes, mixes and clients stay. An arrival is the instant at which a process of rate 1 has been used up by the
//! integral of the rate, so under one seed k times the traffic sends the same requests k times as fast. Of users there
//! are k times as many, rounded to whole ones, and they think as long as before.

use std::sync::Arc;

use super::Scenario;
use super::traffic::curve::RateCurve;
use super::traffic::replay::Replay;
use super::traffic::{Pattern, Source};
use super::users::{TOTAL_MAX, Users};
use crate::id::ClassId;
use crate::units::{Rate, Time};

impl Scenario {
    /// Times the traffic at which there are as many users as a scenario may have; infinite without users.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn most_traffic(&self) -> f64 {
        let users = self.sources.iter().map(|source| match &source.pattern {
            Pattern::Users(users) => u64::from(users.most()),
            _ => 0,
        });
        TOTAL_MAX as f64 / users.sum::<u64>() as f64
    }

    /// Whether users, who ask again once they are answered, are part of the traffic.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn has_users(&self) -> bool {
        self.sources.iter().any(|source| matches!(source.pattern, Pattern::Users(_)))
    }

    /// Users at `factor` times the traffic, as an average over the run; nothing unless all traffic is from users.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn users_at(&self, factor: f64) -> Option<f64> {
        let at = |source: &Source| match source.pattern.scaled(factor) {
            Pattern::Users(users) => Some(users.average(self.duration)),
            _ => None,
        };
        self.sources.iter().map(at).sum()
    }

    /// This scenario with every arrival rate and every number of users `factor` times as high; of a factor above
    /// [`Scenario::most_traffic`], a run may not be possible.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn with_traffic(&self, factor: f64) -> Scenario {
        let scaled = |source: &Source| Source {
            pattern: source.pattern.scaled(factor),
            own: source.own.as_ref().map(|own| own.scaled(factor)),
            ..source.clone()
        };
        // Arithmetic on whole users and recorded instants would not leave ×1 as it is.
        match factor == 1.0 {
            true => self.clone(),
            false => Scenario { sources: self.sources.iter().map(scaled).collect(), ..self.clone() },
        }
    }

    /// This scenario until an instant; what the file has for later never comes.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn until(&self, end: Time) -> Scenario {
        Scenario { duration: self.duration.min(end), ..self.clone() }
    }
}

impl Pattern {
    fn scaled(&self, factor: f64) -> Pattern {
        let times = |rate: Rate| Rate(rate.0 * factor);
        match self {
            Pattern::Rate { curve, gaps } => {
                let knots = curve.knots.iter().map(|&(time, rate)| (time, times(rate))).collect();
                Pattern::Rate { curve: RateCurve { knots }, gaps: gaps.clone() }
            }
            // Gaps beside a rate keep their shape and are stretched to it.
            Pattern::Gaps(law) => {
                let rate = Rate(1.0 / law.mean().as_secs_f64());
                let curve = RateCurve { knots: vec![(Time::ZERO, times(rate))] };
                Pattern::Rate { curve, gaps: Some(law.clone()) }
            }
            Pattern::Replay(replay) => Pattern::Replay(replay.scaled(factor)),
            Pattern::Users(users) => {
                let many = |count: u32| (f64::from(count) * factor).round() as u32;
                let count = users.count.iter().map(|&(time, count)| (time, many(count))).collect();
                Pattern::Users(Users { count, ..users.clone() })
            }
        }
    }
}

impl Replay {
    /// The recorded count over time, straight between two arrivals, `factor` times as high: its k-th arrival belongs
    /// to the row at k / factor.
    fn scaled(&self, factor: f64) -> Replay {
        let rows =
            (0u64..).map(|arrival| arrival as f64 / factor).take_while(|row| *row < self.times.len() as f64);
        let (mut times, mut classes): (Vec<Time>, Vec<ClassId>) = (Vec::new(), Vec::new());
        for place in rows {
            let row = place as usize;
            let (here, next) = (self.times[row], self.times.get(row + 1).unwrap_or(&self.times[row]));
            times.push(here + Time(((*next - here).0 as f64 * place.fract()) as u64));
            classes.extend(self.classes.as_ref().map(|classes| classes[row]));
        }
        Replay { times: times.into(), classes: self.classes.as_ref().map(|_| Arc::from(classes)) }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const TEXT: &str = r#"
        duration = "1h"
        traffic.all = { rate = [["0m", "100/s"], ["30m", "400/s"]], requests = "a" }
        traffic.gaps = { interarrival = "erlang-4 10ms", requests = "a" }
        users.few = { count = 7, think = "1s", requests = "a" }
        request.a.steps = [{ delay = "1ms" }]
    "#;

    fn scenario() -> Scenario {
        crate::scenario::parse("a.toml", TEXT.as_bytes(), Path::new(""), &[]).unwrap()
    }

    #[test]
    fn rates_and_users_are_scaled_and_nothing_else_changes() {
        let scenario = scenario();
        let more = scenario.with_traffic(1.5);
        let mut users = Vec::new();
        let mut rates = Vec::new();
        for source in &more.sources {
            match &source.pattern {
                Pattern::Rate { curve, .. } => rates.push(curve.at(Time::from_secs(15 * 60)).0),
                Pattern::Users(few) => users.extend(few.count.iter().map(|knot| knot.1)),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((users, rates.len()), (vec![11], 2), "10.5 users are 11");
        assert!((rates[0] - 375.0).abs() < 1e-9 && (rates[1] - 150.0).abs() < 1e-9, "{rates:?}");
        assert_eq!(more.runs, scenario.runs, "how often it runs was decided before");
        assert_eq!(format!("{:?}", scenario.with_traffic(1.0)), format!("{scenario:?}"));
        assert_eq!(format!("{:?}", more.classes), format!("{:?}", scenario.classes));
    }

    #[test]
    fn users_bound_the_multiple_and_open_traffic_does_not() {
        assert_eq!(scenario().most_traffic(), TOTAL_MAX as f64 / 7.0);
        let open = "duration = \"1h\"\ntraffic.a.rate = \"1/s\"\nrequest.a.steps = [{ delay = \"1ms\" }]\n";
        let open = crate::scenario::parse("a.toml", open.as_bytes(), Path::new(""), &[]).unwrap();
        assert_eq!(open.most_traffic(), f64::INFINITY);
    }

    #[test]
    fn recorded_arrivals_keep_their_course() {
        let recorded = Replay {
            times: [0, 10, 20, 60].map(Time::from_secs).into(),
            classes: Some([0, 1, 0, 1].map(ClassId).into()),
        };
        let scaled = |factor| {
            let Replay { times, classes } = recorded.scaled(factor);
            let seconds: Vec<f64> = times.iter().map(|time| time.as_secs_f64()).collect();
            (seconds, classes.unwrap().iter().map(|class| class.0).collect::<Vec<_>>())
        };
        assert_eq!(scaled(1.0), (vec![0.0, 10.0, 20.0, 60.0], vec![0, 1, 0, 1]));
        assert_eq!(
            scaled(2.0),
            (vec![0.0, 5.0, 10.0, 15.0, 20.0, 40.0, 60.0, 60.0], vec![0, 0, 1, 1, 0, 0, 1, 1])
        );
        assert_eq!(scaled(0.5), (vec![0.0, 20.0], vec![0, 0]));
    }
}
