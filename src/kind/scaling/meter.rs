//! Metrics: points of one period, as CloudWatch stores and delivers them.
//!
//! In: a point at the end of each period. Out: the points visible to an alarm.

use std::collections::VecDeque;

use super::language::{Alarm, Metric};
use crate::flow::Flow;
use crate::flow::fact::Reading;
use crate::flow::host::Lifecycle;
use crate::measure::histogram::Histogram;

/// A CloudWatch metric of the fleet in points of one period.
#[derive(Debug)]
pub struct Meter {
    pub(super) metric: Metric,
    pub(super) period: u64,
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

impl Meter {
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
        let over = |sum: f64, group: usize, count: u32| {
            ((count > 0).then(|| sum / f64::from(count)), (group == fleet || count == 0).then_some(count))
        };
        match reading {
            None => (None, None),
            Some(Reading::Level(value)) => (Some(value), None),
            Some(Reading::PerInstance { sum, group }) => {
                over(sum, group, flow.count(group, |lifecycle| lifecycle == Lifecycle::InService))
            }
            Some(Reading::Integral(area)) => (Some(since(area, 0).0 / period), None),
            Some(Reading::IntegralPerInstance { area, group }) => {
                over(since(area, 0).0 / period, group, flow.warm(group).count() as u32)
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

    /// The points visible to an alarm, newest last.
    fn delivered(&self, alarm: &Alarm, now: u64) -> impl DoubleEndedIterator<Item = &Point> {
        let delay = alarm.delivery_delay.0;
        self.points.iter().filter(move |point| point.end.saturating_add(delay) <= now)
    }

    /// Whether each of these points breaches; `None` if it is missing. Points before the run were within the threshold.
    pub(super) fn judged(&self, alarm: &Alarm, now: u64) -> Vec<Option<bool>> {
        let points = self.delivered(alarm, now).map(|point| point.value.map(|value| alarm.breaches(value)));
        let points: Vec<Option<bool>> = points.collect();
        let before = alarm.range().saturating_sub(points.len());
        std::iter::repeat_n(Some(false), before).chain(points).collect()
    }

    /// The newest point with a value among those that an evaluation looks at.
    pub(super) fn newest(&self, alarm: &Alarm, now: u64) -> Option<Point> {
        let newest_first = self.delivered(alarm, now).rev();
        newest_first.take(alarm.range()).copied().find(|point| point.value.is_some())
    }
}
