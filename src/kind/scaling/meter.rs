//! Metrics: points of one period, as CloudWatch stores and delivers them.
//!
//! In: a point at the end of each period. Out: the points visible to an alarm.

use std::collections::VecDeque;

use super::language::{Alarm, Metric};

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
    /// The integral of a gauge at the last reading.
    pub(super) gauge: f64,
}

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
