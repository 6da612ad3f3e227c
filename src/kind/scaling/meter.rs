//! Metrics: points of one period, as CloudWatch stores and delivers them.
//!
//! In: a point at the end of each period. Out: the points visible to an alarm. An alarm with a shorter period than its metric has
//! points sees none in between. (Amazon CloudWatch user guide, "Configuring how alarms treat missing data"; EC2 user guide, "Manage
//! detailed monitoring". That a point is seen in the period in which it ends is an assumption.)

use std::collections::VecDeque;

use super::alarm::MINUTE;
use super::language::{Alarm, Metric};
use crate::flow::Flow;
use crate::flow::fact::Reading;
use crate::flow::host::Lifecycle;
use crate::measure::histogram::Histogram;
use crate::units::Time;

/// A CloudWatch metric of the fleet in points of one period.
#[derive(Debug)]
pub struct Meter {
    pub(super) metric: Metric,
    pub(super) period: u64,
    /// When it is read next.
    pub(super) next: u64,
    pub(super) points: VecDeque<Point>,
    pub(super) longest_range: usize,
    /// Busy-core nanoseconds of each instance at the last reading.
    pub(super) cpu: Vec<f64>,
    pub(super) requests: u64,
    /// The integral, or the sum and the count, of each of its gauges at the last reading.
    pub(super) before: [(f64, u64); 2],
    /// The latencies of the class of each of its gauges at the last reading, of a percentile.
    pub(super) latencies: [Histogram; 2],
    /// The first gauge of metric math in this period, until the second one is read.
    pub(super) first: Option<Read>,
}

/// What a gauge was in a period, if anything, and of how many instances that is an average, if it is one.
pub(super) type Read = (Option<f64>, Option<u32>);

/// One point of a metric.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// End of its period.
    pub(super) end: u64,
    /// Its value; `None` if it is missing.
    pub(super) value: Option<f64>,
    /// Number of instances in the average.
    pub(super) warm: u32,
}

/// What an alarm sees of one of its periods.
#[derive(Clone, Copy, Debug)]
enum Seen {
    /// It was over when the run began.
    Before,
    Point(Point),
    /// The metric has no point in it.
    Nothing,
}

impl Seen {
    /// Whether it breaches; `None` if it is missing. What was before the run was within the threshold.
    fn breaches(self, alarm: &Alarm) -> Option<bool> {
        match self {
            Seen::Before => Some(false),
            Seen::Point(point) => point.value.map(|value| alarm.breaches(value)),
            Seen::Nothing => None,
        }
    }
}

impl Meter {
    /// Sees to it that there is one that feeds an alarm on a metric which is published so often, and that it keeps enough points.
    pub(super) fn feed(meters: &mut Vec<Meter>, metric: Metric, alarm: &Alarm, published: Time) {
        let period = Meter::period(alarm, published);
        // A late point delays the newer ones, so the range reaches further back by the delay.
        let late = alarm.delivery_delay.0.div_ceil(alarm.period.0.max(1)) as usize;
        let range = alarm.range() + late + 1;
        match meters.iter_mut().find(|meter| meter.metric == metric && meter.period == period) {
            Some(meter) => meter.longest_range = meter.longest_range.max(range),
            None => meters.push(Meter {
                metric,
                period,
                next: period,
                points: VecDeque::new(),
                longest_range: range,
                cpu: Vec::new(),
                requests: 0,
                before: [(0.0, 0); 2],
                latencies: Default::default(),
                first: None,
            }),
        }
    }

    /// The period of the points that an alarm on a metric goes by, which is published so often. A metric of high resolution is
    /// published for itself, whatever the monitoring.
    pub(super) fn period(alarm: &Alarm, published: Time) -> u64 {
        let of_its_own = alarm.period < MINUTE || alarm.period >= published;
        if of_its_own { alarm.period.0 } else { published.0 }
    }

    /// What a gauge of the meter of a fleet was in the period that ends now.
    pub(super) fn grown(
        &mut self,
        gauge: usize,
        reading: Option<Reading>,
        fleet: usize,
        flow: &Flow,
    ) -> Read {
        let period = self.period as f64;
        let mut since = |sum: f64, count: u64| {
            let before = std::mem::replace(&mut self.before[gauge], (sum, count));
            (sum - before.0, count - before.1)
        };
        // What is divided by the instances in service says what as many need, those that warm up included.
        let over = |sum: f64, group: usize, (count, units): (u32, u32)| {
            ((count > 0).then(|| sum / f64::from(count)), (group == fleet || count == 0).then_some(units))
        };
        let in_service = |lifecycle| lifecycle == Lifecycle::InService;
        match reading {
            None => (None, None),
            Some(Reading::Level(value)) => (Some(value), None),
            Some(Reading::PerInstance { sum, group }) => {
                over(sum, group, (flow.count(group, in_service), flow.capacity(group, in_service)))
            }
            Some(Reading::Integral(area)) => (Some(since(area, 0).0 / period), None),
            Some(Reading::IntegralPerInstance { area, group }) => {
                let warm = (flow.warm(group).count() as u32, flow.capacity_of(flow.warm(group)));
                over(since(area, 0).0 / period, group, warm)
            }
            Some(Reading::Percentile { class, quantile }) => {
                let latencies = &flow.recorder.classes[class].latency;
                let before = &mut self.latencies[gauge];
                let found = latencies.since(before).quantile(quantile);
                before.clone_from(latencies);
                (found.map(|nanos| nanos as f64 / 1e6), None)
            }
            Some(Reading::Mean { sum, count }) => {
                let (sum, count) = since(sum, count);
                ((count > 0).then(|| sum / count as f64), None)
            }
        }
    }

    /// Adds the point of a period.
    pub(super) fn add(&mut self, point: Point) {
        self.points.push_back(point);
        if self.points.len() > self.longest_range {
            self.points.pop_front();
        }
    }

    /// The periods that an evaluation looks at and whose points are visible, newest last.
    fn seen(&self, alarm: &Alarm, now: u64) -> Vec<Seen> {
        let (period, own) = (i128::from(alarm.period.0.max(1)), i128::from(self.period.max(1)));
        let newest = i128::from(now.saturating_sub(alarm.delivery_delay.0)) / period;
        let periods = (newest + 1 - alarm.range() as i128)..=newest;
        let of = |number: i128| {
            // The last point of the metric that ends in the period.
            let end = (number * period).div_euclid(own) * own;
            match end <= (number - 1) * period {
                true => Seen::Nothing,
                false if end <= 0 => Seen::Before,
                false => self.point_of(end),
            }
        };
        periods.map(of).collect()
    }

    fn point_of(&self, end: i128) -> Seen {
        let point = self.points.iter().rev().find(|point| i128::from(point.end) == end);
        point.map_or(Seen::Nothing, |&point| Seen::Point(point))
    }

    /// Whether each of these points breaches; `None` if it is missing.
    pub(super) fn judged(&self, alarm: &Alarm, now: u64) -> Vec<Option<bool>> {
        self.seen(alarm, now).into_iter().map(|seen| seen.breaches(alarm)).collect()
    }

    /// The newest point with a value among those that an evaluation looks at.
    pub(super) fn newest(&self, alarm: &Alarm, now: u64) -> Option<Point> {
        let points = self.seen(alarm, now).into_iter().rev();
        let mut points =
            points.filter_map(|seen| if let Seen::Point(point) = seen { Some(point) } else { None });
        points.find(|point| point.value.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::{Comparison, MissingData};
    use super::*;

    const FIVE: Time = Time::from_secs(300);

    fn alarm(seconds: u64, delay: u64) -> Alarm {
        Alarm {
            period: Time::from_secs(seconds),
            evaluation_periods: 3,
            datapoints: 3,
            threshold: 50.0,
            comparison: Comparison::Above,
            missing: MissingData::Missing,
            delivery_delay: Time::from_secs(delay),
        }
    }

    /// The last five periods as the user guide writes them: `X` breaches, `0` does not, `-` is missing, newest right. A point of
    /// each five minutes, of which the first is below the threshold.
    fn seen(seconds: u64, delay: u64, now: u64) -> String {
        let points = [(300, 40.0), (600, 90.0), (900, 90.0)];
        let point =
            |(end, value): (u64, f64)| Point { end: end * 1_000_000_000, value: Some(value), warm: 1 };
        let of_now = |point: &Point| point.end <= now * 1_000_000_000;
        let meter = Meter {
            metric: Metric::Cpu,
            period: FIVE.0,
            next: 0,
            points: points.map(point).into_iter().filter(of_now).collect(),
            longest_range: 9,
            cpu: Vec::new(),
            requests: 0,
            before: [(0.0, 0); 2],
            latencies: Default::default(),
            first: None,
        };
        let word = |point| match point {
            Some(true) => 'X',
            Some(false) => '0',
            None => '-',
        };
        meter.judged(&alarm(seconds, delay), now * 1_000_000_000).into_iter().map(word).collect()
    }

    #[test]
    fn a_metric_of_five_minutes_has_a_point_in_one_minute_of_five() {
        let minutes = [1, 4, 5, 6, 9, 10, 11, 14, 15].map(|minute| seen(60, 0, minute * 60));
        let expected = ["---0-", "0----", "----0", "---0-", "0----", "----X", "---X-", "X----", "----X"];
        assert_eq!(minutes, expected);
        // A minute later with a delay of a minute, and in between nothing new.
        assert_eq!([660, 719].map(|now| seen(60, 60, now)), ["----X"; 2].map(str::to_owned));
        // Of two minutes: 300 s lie in the third one, 600 s in the fifth.
        assert_eq!(seen(120, 0, 720), "-0-X-");
        // With the same period each has one; before the run they were below the threshold.
        assert_eq!(seen(300, 0, 900), "000XX");
    }

    #[test]
    fn an_alarm_has_points_of_its_own_period_unless_its_metric_has_them_less_often() {
        let of = |seconds| Meter::period(&alarm(seconds, 0), FIVE) / 1_000_000_000;
        assert_eq!([10, 30, 60, 240, 300, 420].map(of), [10, 30, 300, 300, 300, 420]);
    }
}
