//! How much work policies are for the simulation. In: a policy, or an alarm. Out: the evaluations of alarms, and the
//! time they take.

use super::language::{Alarm, Policy, PolicyKind};
use crate::kind::effort::{Work, often};
use crate::language::shape::Given;
use crate::units::Time;

/// Time of one evaluation of an alarm: 0.6 us.
pub const EVALUATION: Given<Time> = Given::new(
    Time::from_nanos(600),
    "measured: an alarm that looks at one point (one core of an Intel Xeon, 2026)",
);
/// Further time for each point that an evaluation looks at: 6.5 ns.
pub const POINT: Given<f64> =
    Given::new(6.5, "measured: 9 to 10 us with 1,440 points (one core of an Intel Xeon, 2026)");

impl Policy {
    /// The work of its alarms in so many seconds.
    pub(crate) fn work(&self, seconds: f64) -> Work {
        let mut work = Work::default();
        self.alarms().into_iter().flatten().for_each(|alarm| work.add(alarm.work(seconds)));
        if let PolicyKind::Hpa(hpa) = &self.kind {
            work.add(Work::of(often(hpa.sync, seconds), EVALUATION.value.as_secs_f64()));
        }
        work
    }
}

impl Alarm {
    /// The work of its evaluations in so many seconds.
    pub(crate) fn work(&self, seconds: f64) -> Work {
        let points = f64::from(self.evaluation_periods);
        let each_s = EVALUATION.value.as_secs_f64() + points * POINT.value / 1e9;
        Work::of(often(self.tick(), seconds), each_s)
    }
}
