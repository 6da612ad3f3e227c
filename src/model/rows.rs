//! Readings of all resources at the end of each row of the timeline, which comes before everything else at its instant.
//!
//! In: the state of every resource. Out: a row. Means over a row come from time integrals, so nothing is sampled.

use super::{Timer, World};

impl World<'_> {
    /// Ends a row and plans the end of the next one.
    pub(super) fn end_row(&mut self) {
        if self.flow.now > self.flow.readings.row_start {
            self.read_gauges();
        }
        let next = self.flow.now.saturating_add(self.scenario.bucket.0).min(self.flow.end);
        if next > self.flow.now {
            self.flow.set_first(Timer::Row {}, next);
        }
    }

    pub(super) fn read_gauges(&mut self) {
        let span = (self.flow.now - self.flow.readings.row_start) as f64;
        self.flow.recorder.end_row(self.flow.now);
        self.parts.end_row(span, &mut self.flow);
        self.read_loads(span);
        self.read_usage();
        self.keep_usage();
        self.flow.readings.row_start = self.flow.now;
    }
}
