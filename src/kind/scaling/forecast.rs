//! The forecast of predictive scaling: what an hour is likely to bring, and how many instances that takes.
//!
//! In: the load of past hours. Out: that of hours to come. AWS does not publish its model; this one is an assumption: the mean of
//! the same hour of the same weekday where the last two weeks have it, else the mean of the same hour of all days that they have.

use super::adjustment::ceil_of;
use super::language::predictive::Predictive;

const DAY: usize = 24;
const WEEK: usize = 7 * DAY;
/// Days of history that count. Source: EC2 Auto Scaling user guide, "Predictive scaling".
const DAYS: usize = 14;
/// Hours of a forecast. Source: the same.
pub(super) const HORIZON: usize = 48;
/// Hours from one forecast to the next. Source: the same.
pub(super) const REFRESH: usize = 6;

/// The load that is forecast for an hour, which is a position in the list of `known` hours or one beyond its end.
pub(super) fn forecast(known: &[Option<f64>], hour: usize) -> Option<f64> {
    let back = |hours: usize| hour.checked_sub(hours).and_then(|at| *known.get(at)?);
    mean((1..=DAYS * DAY / WEEK).filter_map(|week| back(week * WEEK)))
        .or_else(|| mean((1..=DAYS).filter_map(|day| back(day * DAY))))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

impl Predictive {
    /// The instances that a load takes.
    pub(super) fn instances(&self, load: f64) -> u32 {
        ceil_of(load / self.target)
    }

    /// The largest size of the group for so many forecast instances, if the forecast may raise it.
    pub(super) fn raised_max(&self, instances: u32) -> Option<u32> {
        self.increase.map(|buffer| ceil_of(f64::from(instances) * (1.0 + buffer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::scaling::language::predictive::{Load, Mode};
    use crate::units::Time;

    /// Days of 24 hours, of which each hour of day d has the load 100 d + hour.
    fn days(count: usize) -> Vec<Option<f64>> {
        (0..count * DAY).map(|at| Some((100 * (at / DAY) + at % DAY) as f64)).collect()
    }

    #[test]
    fn one_day_is_repeated() {
        let known = days(1);
        assert_eq!(forecast(&known, DAY), Some(0.0));
        assert_eq!(forecast(&known, DAY + 9), Some(9.0));
        // Of the second day to come only the day before the run is known.
        assert_eq!(forecast(&known, 2 * DAY + 9), Some(9.0));
        assert_eq!(forecast(&known[..12], DAY + 13), None, "that hour was never seen");
    }

    #[test]
    fn days_are_averaged_until_a_week_is_known() {
        // Days 0, 1 and 2 at nine: 9, 109 and 209.
        assert_eq!(forecast(&days(3), 3 * DAY + 9), Some(109.0));
        // Day 7 has the same weekday as day 0; day 14 as days 0 and 7.
        assert_eq!(forecast(&days(7), 7 * DAY + 9), Some(9.0));
        assert_eq!(forecast(&days(14), 14 * DAY + 9), Some((9.0 + 709.0) / 2.0));
        // Of twenty days the last two weeks count: day 20 as days 13 and 6.
        assert_eq!(forecast(&days(20), 20 * DAY + 9), Some((1_309.0 + 609.0) / 2.0));
    }

    /// The example of the API reference: a forecast of 50 instances, a maximum of 40 and a buffer of 10 % make 55.
    #[test]
    fn a_forecast_may_raise_the_maximum() {
        let policy = |increase| Predictive {
            load: Load::Requests,
            target: 1_000.0,
            mode: Mode::ForecastAndScale,
            buffer: Time::ZERO,
            increase,
            history: Vec::new(),
            into_hour: Time::ZERO,
        };
        assert_eq!(policy(None).instances(50_000.0), 50);
        assert_eq!(policy(None).instances(50_001.0), 51);
        assert_eq!(policy(Some(0.1)).raised_max(50), Some(55));
        assert_eq!(policy(Some(0.0)).raised_max(50), Some(50));
        assert_eq!(policy(None).raised_max(50), None);
    }
}
