//! The traffic of a scenario over time, as it falls on one resource.
//!
//! In: what a request of each class asks for, and how many come when. Out: at every instant at which something bends or steps,
//! the demand per second.

use std::fmt;

use super::demand::Demand;
use crate::units::Time;

/// A demand may be off by its rounding.
const TOO_MUCH: f64 = 1.0 + 1e-9;
/// Width over which recorded arrivals are a rate, and over which what is asked for is compared with what is there. What takes longer
/// than that is counted over the time that it takes.
///
/// Assumption: what comes in less time is a burst, which a few seconds of waiting work off, and no demand that needs more of anything.
pub(crate) const WINDOW: Time = Time::from_secs(10);

/// What comes when.
#[derive(Debug)]
pub(crate) struct Load {
    /// What a request asks for, by class.
    pub demands: Vec<Demand>,
    /// Of each source, the share of each class.
    pub shares: Vec<Vec<f64>>,
    /// Of each source, the requests of a whole run; closed populations count as if nothing kept them waiting.
    pub requests: Vec<f64>,
    /// In time order, each once; of a step with the last one before it.
    pub instants: Vec<Time>,
    /// Requests per second: `rates[instant][source]`.
    pub rates: Vec<Vec<f64>>,
    /// How many requests of each source come until when.
    pub arrivals: Arrivals,
}

/// About how many requests of a source come before an instant; absent of users, whose number bounds them.
pub(crate) struct Arrivals(pub Box<dyn Fn(usize, Time) -> Option<f64>>);

impl fmt::Debug for Arrivals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Arrivals")
    }
}

impl Load {
    /// How many units of a resource all sources together can keep busy, times their pace, at each instant: a request is worked on by
    /// one of them at a time, for the seconds of `of` at a pace of 1. So a few long ones keep no more busy than there are of
    /// them, however near each other they come.
    pub fn busy(&self, of: impl Fn(&Demand) -> f64, pace: f64) -> Vec<f64> {
        let works: Vec<f64> = self.demands.iter().map(of).collect();
        let at = |(time, rates): (&Time, &Vec<f64>)| {
            let sources = rates.iter().zip(&self.shares).enumerate();
            let of_source = sources.map(|(source, (rate, shares))| {
                mean(
                    shares,
                    works.iter().map(|work| work * rate.min(self.rate_over(source, *time, work / pace))),
                )
            });
            of_source.sum()
        };
        self.instants.iter().zip(&self.rates).map(at).collect()
    }

    /// The larger rate of a source over so many seconds, before and from an instant; no bound where they are few.
    fn rate_over(&self, source: usize, time: Time, seconds: f64) -> f64 {
        if seconds <= WINDOW.as_secs_f64() {
            return f64::INFINITY;
        }
        let width = Time::from_secs_f64(seconds);
        let until = |time: Time| (self.arrivals.0)(source, time);
        let between = |from: Time, to: Time| Some((until(to)? - until(from)?) / seconds);
        let (before, after) = (Time(time.0.saturating_sub(width.0)), Time(time.0.saturating_add(width.0)));
        let rates = between(before, time).zip(between(time, after));
        rates.map_or(f64::INFINITY, |(before, after)| before.max(after))
    }

    /// What all sources together ask for per second, at each instant.
    pub fn per_second(&self, of: impl Fn(&Demand) -> f64) -> Vec<f64> {
        let each = self.each(of);
        self.rates.iter().map(|rates| rates.iter().zip(&each).map(|(rate, each)| rate * each).sum()).collect()
    }

    /// What a whole run asks for.
    pub fn in_all(&self, of: impl Fn(&Demand) -> f64) -> f64 {
        self.requests.iter().zip(self.each(of)).map(|(requests, each)| requests * each).sum()
    }

    /// What a request of each source asks for.
    fn each(&self, of: impl Fn(&Demand) -> f64) -> Vec<f64> {
        self.shares.iter().map(|shares| mean(shares, self.demands.iter().map(&of))).collect()
    }

    /// The first instant of the largest value, and the value.
    pub fn peak(&self, values: &[f64]) -> Option<(Time, f64)> {
        let pairs = self.instants.iter().copied().zip(values.iter().copied());
        pairs.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The largest of the values over at least a window from one instant until another; what was asked for before the first one in
    /// between counts too.
    pub fn most_between(&self, values: &[f64], from: Time, until: Time) -> f64 {
        let values = self.over_window(values);
        let first = self.instants.partition_point(|time| *time <= from).saturating_sub(1);
        let end = self.instants.partition_point(|time| *time < until);
        values.iter().take(end).skip(first).copied().fold(0.0, f64::max)
    }

    /// Of values at each instant the same over at least a window.
    fn over_window(&self, values: &[f64]) -> Vec<f64> {
        self.over(values, WINDOW)
    }

    /// Of values at each instant, with straight lines between them, the larger mean of so much time before and of as much after; no more
    /// than the value. So what comes in less time counts as if it were spread over it.
    pub fn over(&self, values: &[f64], width: Time) -> Vec<f64> {
        let seconds: Vec<f64> = self.instants.iter().map(|time| time.as_secs_f64()).collect();
        // Up to each instant.
        let mut sums = vec![0.0; values.len()];
        for at in 1..values.len() {
            let mean = (values[at - 1] + values[at]) / 2.0;
            sums[at] = sums[at - 1] + mean * (seconds[at] - seconds[at - 1]);
        }
        let until = |time: f64| {
            let after = seconds.partition_point(|second| *second <= time);
            let Some(before) = after.checked_sub(1) else { return 0.0 };
            let past = time - seconds[before];
            // After the last instant all stays as it is.
            let slope = match seconds.get(after) {
                Some(next) => (values[after] - values[before]) / (next - seconds[before]),
                None => 0.0,
            };
            sums[before] + past * (values[before] + slope * past / 2.0)
        };
        let width = width.as_secs_f64();
        let over = |(time, value): (&f64, &f64)| {
            let sum = until(*time);
            let most = f64::max(sum - until(time - width), until(time + width) - sum) / width;
            // What is the same but for rounding is the same: the first of such instants is the one to name.
            if most * TOO_MUCH < *value { most } else { *value }
        };
        seconds.iter().zip(values).map(over).collect()
    }

    /// The mean of values at each instant, with straight lines between them, from one instant to another.
    pub fn mean_between(&self, values: &[f64], from: Time, to: Time) -> f64 {
        let seconds = |at: usize| self.instants.get(at).map_or(f64::INFINITY, |time| time.as_secs_f64());
        let (from, to) = (from.as_secs_f64(), to.as_secs_f64());
        let of = |at: usize| {
            let (begin, end) = (seconds(at), seconds(at + 1));
            let (first, last) = (begin.max(from), end.min(to));
            let value = |time: f64| match values.get(at + 1) {
                Some(next) => values[at] + (next - values[at]) * (time - begin) / (end - begin),
                None => values[at],
            };
            if first < last { (last - first) * (value(first) + value(last)) / 2.0 } else { 0.0 }
        };
        (0..values.len()).map(of).sum::<f64>() / (to - from).max(f64::MIN_POSITIVE)
    }

    /// When what is asked for over at least a window exceeds what is there by most, and how many times it is that.
    pub fn worst(&self, asked: &[f64], there: impl Fn(Time) -> f64) -> Option<(Time, f64)> {
        let asked = self.over_window(asked);
        let times = self.instants.iter().zip(&asked).map(|(time, asked)| match there(*time) {
            there if there > 0.0 => asked / there,
            // Nothing is there on purpose: a timetable that is down to zero.
            _ => 0.0,
        });
        self.peak(&times.collect::<Vec<_>>()).filter(|(_, times)| *times > TOO_MUCH)
    }
}

/// A figure of each class on the mean of a source.
pub(crate) fn mean(shares: &[f64], figures: impl Iterator<Item = f64>) -> f64 {
    shares.iter().zip(figures).map(|(share, figure)| share * figure).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(instants: &[u64], arrivals: Arrivals) -> Load {
        Load {
            demands: Vec::new(),
            shares: Vec::new(),
            requests: Vec::new(),
            instants: instants.iter().map(|time| Time::from_secs(*time)).collect(),
            rates: Vec::new(),
            arrivals,
        }
    }

    /// Four jobs come at 100 s, 0.4/s over ten seconds. Of 90 s each they keep four units busy, or as many as do the work of four.
    #[test]
    fn a_few_long_jobs_keep_no_more_busy_than_there_are_of_them() {
        let four = Arrivals(Box::new(|_, time| Some(if time > Time::from_secs(100) { 4.0 } else { 0.0 })));
        let mut load = load(&[0, 100, 110], four);
        load.demands = vec![Demand::default(), Demand { alone_s: 90.0, ..Demand::default() }];
        load.shares = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
        load.rates = vec![vec![20.0, 0.0], vec![20.0, 0.4], vec![20.0, 0.0]];
        let seconds = |pace| load.busy(|demand| demand.alone_s, pace);
        assert_eq!(seconds(1.0), [0.0, 4.0, 0.0]);
        assert_eq!(seconds(2.0), [0.0, 8.0, 0.0], "each at twice the pace");
        // Short requests count by their rate.
        assert_eq!(load.busy(|demand| if demand.alone_s > 0.0 { 5.0 } else { 0.01 }, 1.0), [0.2, 2.2, 0.2]);
    }

    /// 40 units a second for 1 ms are 0.04 in ten seconds; for ten they are 40, and for five 20.
    #[test]
    fn what_lasts_less_than_a_window_counts_over_a_window() {
        let times = |lasts_ms: u64| {
            let at = |ms: u64| Time::from_millis(60_000 + ms);
            let mut load = load(&[0], Arrivals(Box::new(|_, _| None)));
            let (before, after) = (Time(at(0).0 - 1), Time(at(lasts_ms).0 - 1));
            load.instants.extend([before, at(0), after, at(lasts_ms)]);
            load.worst(&[0.0, 0.0, 40.0, 40.0, 0.0], |_| 1.0)
        };
        assert_eq!(times(1), None);
        for (lasts_ms, over) in [(5_000, 20.0), (10_000, 40.0), (60_000, 40.0)] {
            let (at, found) = times(lasts_ms).unwrap();
            assert!((found - over).abs() < 1e-6 && at == Time::from_secs(60), "{lasts_ms} ms: {at} {found}");
        }
    }

    #[test]
    fn the_mean_of_a_span_is_of_its_part_of_each_line() {
        let load = load(&[0, 60, 120], Arrivals(Box::new(|_, _| None)));
        let mean = |from, to| {
            let span = (Time::from_secs(from), Time::from_secs(to));
            load.mean_between(&[1.0, 5.0, 2.0], span.0, span.1)
        };
        // Up from 1 to 5 in a minute, down to 2 in the next one, and 2 from then on.
        assert_eq!([mean(0, 60), mean(30, 60), mean(60, 180), mean(120, 500)], [3.0, 4.0, 2.75, 2.0]);
    }

    #[test]
    fn the_most_of_a_span_counts_what_it_began_with() {
        let load = load(&[0, 60, 120], Arrivals(Box::new(|_, _| None)));
        let most =
            |from, until| load.most_between(&[1.0, 5.0, 2.0], Time::from_secs(from), Time::from_secs(until));
        // Down from 5 by 3 in a minute: 4.75 on the mean of the first ten seconds.
        assert_eq!([most(0, 60), most(30, 61), most(70, 90), most(120, 500)], [1.0, 4.75, 4.75, 2.0]);
    }
}
