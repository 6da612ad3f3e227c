//! What an alarm has seen when it changes. In: an instant. Out: the time of its newest point, and the tables that its metric is of.

use super::{Alarm, Of};
use crate::id::{AlarmOf, Kind};
use crate::kind::Settings;
use crate::kind::path::PathOwner;
use crate::kind::scaling::language::Metric;
use crate::kind::scaling::language::shapes::GAUGE_PERIOD;
use crate::units::Time;

/// What an alarm sees at an instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sight {
    /// The begin and the end of its newest point; of several alarms, from the first of these to the last.
    pub from: u64,
    pub to: u64,
    /// What it is about.
    pub of: Vec<PathOwner>,
}

impl Sight {
    /// The newest point at an instant of a metric with a period, of which points come with a delay.
    fn of_point(now: u64, (period, delay): (Time, Time), of: Vec<PathOwner>) -> Sight {
        let period = period.0.max(1);
        let to = now.saturating_sub(delay.0) / period * period;
        Sight { from: to.saturating_sub(period), to, of }
    }

    fn and(self, other: Sight) -> Sight {
        let of = self.of.into_iter().chain(other.of).collect();
        Sight { from: self.from.min(other.from), to: self.to.max(other.to), of }
    }
}

impl Alarm {
    /// What it sees at an instant: of a composite alarm, what those of its rule see.
    pub(crate) fn sight(&self, now: u64, all: &Settings) -> Sight {
        match &self.of {
            Of::Metric(watched) => {
                let fleet = watched.fleet.map(|fleet| (Kind::Fleet, fleet.index()));
                let gauges = match &watched.metric {
                    Metric::Cpu | Metric::RequestsPerTarget => &[][..],
                    Metric::Gauge(gauge) => std::slice::from_ref(gauge),
                    Metric::Math(_, gauges) => gauges,
                };
                let of = gauges.iter().map(|gauge| (gauge.kind, gauge.index as usize)).chain(fleet);
                Sight::of_point(now, (watched.alarm.period, watched.alarm.delivery_delay), of.collect())
            }
            Of::Rule(composite) => {
                let (rule, _) = composite.resolved(all);
                let own = rule.into_iter().map(|of| match of {
                    AlarmOf::Own(index) => all.alarms[index].sight(now, all),
                    AlarmOf::OfPolicy { fleet, .. } => {
                        Sight::of_point(now, (GAUGE_PERIOD, Time::ZERO), vec![(Kind::Fleet, fleet)])
                    }
                });
                own.reduce(Sight::and).unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points of a minute that come 30 s late: at 3:20 the newest is that from 1:00 to 2:00, and at 3:30 that from 2:00 to 3:00.
    #[test]
    fn the_newest_point_is_the_last_one_that_has_come() {
        let at = |seconds: u64| {
            let now = Time::from_secs(seconds).0;
            let seen = Sight::of_point(now, (Time::from_secs(60), Time::from_secs(30)), Vec::new());
            (Time(seen.from), Time(seen.to))
        };
        assert_eq!(at(200), (Time::from_secs(60), Time::from_secs(120)));
        assert_eq!(at(210), (Time::from_secs(120), Time::from_secs(180)));
        let both =
            Sight { from: 3, to: 5, of: vec![(Kind::Fleet, 1)] }.and(Sight { from: 1, to: 4, of: vec![] });
        assert_eq!(both, Sight { from: 1, to: 5, of: vec![(Kind::Fleet, 1)] });
    }
}
