//! How a billed quantity grows over a run, and its amount in a month of steady state.
//!
//! In: hours, hourly amounts or lives of instances. Out: the amount used until any instant, and in a month.

use crate::units::Time;

/// Hours in a month, as AWS counts them.
pub(crate) const MONTH_HOURS: f64 = 730.0;

const HOUR: Time = Time::from_secs(3_600);

/// How an amount accrues.
#[derive(Clone, Debug)]
pub(crate) enum Accrual {
    /// One per hour of the run, for something that exists from start to end.
    Steady,
    /// An amount for each hour of the run, spread evenly over the hour.
    Hourly(Vec<f64>),
    /// The same of an amount that falls due now and then, and what is owed at the end of the run beside it: a month has as many as
    /// the run has on the mean, and pays what is owed as well.
    Due(Vec<f64>, f64),
    /// Hours of things that come and go, by start and end of what is billed.
    Spans(Vec<(Time, Time)>),
}

impl Accrual {
    /// The amount used before `instant` of a run that lasts `duration`; the total at [`Time::NEVER`].
    pub(crate) fn until(&self, instant: Time, duration: Time) -> f64 {
        match self {
            Accrual::Steady => hours(instant.min(duration)),
            Accrual::Hourly(amounts) | Accrual::Due(amounts, _) => {
                let hour = |i: usize| HOUR * i as u64;
                let part = |i: usize, amount: f64| {
                    let (start, end) = (hour(i), hour(i + 1).min(duration));
                    match instant {
                        _ if instant <= start => 0.0,
                        _ if instant >= end => amount,
                        _ => amount * hours(instant - start) / hours(end - start),
                    }
                };
                // The sum of no amounts would be -0.
                amounts.iter().enumerate().fold(0.0, |sum, (i, &amount)| sum + part(i, amount))
            }
            Accrual::Spans(spans) => {
                // Whole nanoseconds add up exactly, in any order.
                let nanos: u128 =
                    spans.iter().map(|&(from, to)| u128::from((to.min(instant) - from).0)).sum();
                nanos as f64 / HOUR.0 as f64
            }
        }
    }

    /// The amount in 730 hours that are each like the median hour of the run; a run below an hour is scaled as a whole, and so is
    /// what falls due now and then.
    ///
    /// Only whole hours count: a part of an hour says little about an hour.
    pub(crate) fn month(&self, duration: Time) -> f64 {
        let whole_hours = duration.0 / HOUR.0;
        if duration == Time::ZERO {
            return 0.0;
        }
        let owed = if let Accrual::Due(_, owed) = self { Some(*owed) } else { None };
        if whole_hours == 0 || owed.is_some() {
            // The minute that is charged at least may be longer than the run, and no longer than a month.
            let end = if let Accrual::Spans(_) = self { duration } else { Time::NEVER };
            let amount = self.until(end, duration) + owed.unwrap_or(0.0);
            return amount * MONTH_HOURS / hours(duration);
        }
        let amounts = match self {
            Accrual::Steady => return MONTH_HOURS,
            Accrual::Hourly(amounts) | Accrual::Due(amounts, _) => {
                (0..whole_hours as usize).map(|hour| amounts.get(hour).copied().unwrap_or(0.0)).collect()
            }
            Accrual::Spans(_) => (0..whole_hours)
                .map(|hour| self.until(HOUR * (hour + 1), duration) - self.until(HOUR * hour, duration))
                .collect(),
        };
        median(amounts) * MONTH_HOURS
    }
}

fn hours(time: Time) -> f64 {
    time.0 as f64 / HOUR.0 as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), middle.checked_sub(1).and_then(|below| values.get(below))) {
        (Some(&value), Some(&below)) if values.len().is_multiple_of(2) => (below + value) / 2.0,
        (Some(&value), _) => value,
        (None, _) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Time = Time::from_secs(60);

    #[test]
    fn an_hourly_amount_spreads_over_the_part_of_the_hour_that_the_run_has() {
        // 90 minutes: 8 in the first hour, 6 in the half hour after it.
        let (accrual, duration) = (Accrual::Hourly(vec![8.0, 6.0]), MINUTE * 90);
        let at = |minutes: u64| accrual.until(MINUTE * minutes, duration);
        assert_eq!([at(0), at(30), at(60), at(75), at(90)], [0.0, 4.0, 8.0, 11.0, 14.0]);
        assert_eq!(accrual.until(Time::NEVER, duration), 14.0);
    }

    #[test]
    fn spans_count_while_they_last() {
        let accrual = Accrual::Spans(vec![(Time::ZERO, HOUR), (MINUTE * 30, HOUR * 2)]);
        let at = |minutes: u64| accrual.until(MINUTE * minutes, HOUR * 2);
        assert_eq!([at(15), at(30), at(60), at(90), at(120)], [0.25, 0.5, 1.5, 2.0, 2.5]);
    }

    /// Five hours in the last of ten: the median hour has none, and a month has 73 times as much.
    #[test]
    fn what_falls_due_at_the_end_comes_in_a_month_as_well() {
        let mut hours = vec![0.0; 9];
        hours.push(5.0);
        assert_eq!(Accrual::Hourly(hours.clone()).month(HOUR * 10), 0.0);
        let due = Accrual::Due(hours.clone(), 0.0);
        assert_eq!(due.month(HOUR * 10), 365.0);
        // Two more that are owed then are no use of the run, and of a month.
        let due = Accrual::Due(hours, 2.0);
        assert_eq!((due.until(Time::NEVER, HOUR * 10), due.month(HOUR * 10)), (5.0, 511.0));
        let due = Accrual::Due(vec![], 0.5);
        assert_eq!(due.month(MINUTE * 30), 730.0);
        assert!(due.until(Time::NEVER, MINUTE * 30).is_sign_positive());
    }

    #[test]
    fn a_month_is_the_median_hour_730_times() {
        // Hours 2, 9, 3 and half an hour of 50: the median of the three whole hours is 3.
        let accrual = Accrual::Hourly(vec![2.0, 9.0, 3.0, 50.0]);
        assert_eq!(accrual.month(MINUTE * 210), 3.0 * 730.0);
        // Four whole hours: the mean of the middle two, 3 and 9.
        assert_eq!(accrual.month(HOUR * 4), 6.0 * 730.0);
        // One instance throughout four hours and three more in the second: 1, 4, 1, 1 alive.
        let mut spans = vec![(HOUR, HOUR * 2); 3];
        spans.push((Time::ZERO, HOUR * 4));
        assert_eq!(Accrual::Spans(spans).month(HOUR * 4), 730.0);
    }

    #[test]
    fn a_run_below_an_hour_is_scaled_as_a_whole() {
        // 6 in a quarter of an hour is 24 in an hour.
        assert_eq!(Accrual::Hourly(vec![6.0]).month(MINUTE * 15), 24.0 * 730.0);
        assert_eq!(Accrual::Steady.month(MINUTE * 15), 730.0);
        // Twenty seconds, for which a minute is charged.
        let least = Accrual::Spans(vec![(Time::ZERO, MINUTE)]);
        assert_eq!(least.until(Time::NEVER, MINUTE / 3), 1.0 / 60.0);
        assert!((least.month(MINUTE / 3) - 730.0).abs() < 1e-9);
        assert_eq!(Accrual::Steady.month(Time::ZERO), 0.0);
    }
}
