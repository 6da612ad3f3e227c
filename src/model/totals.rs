//! The end of a run: totals of every resource.
//!
//! In: the world as it stands. Out: [`Measured`].

use super::World;
use super::gauges::{Measured, Remaining};
use crate::flow::attempt::{Attempt, ENDED, State};
use crate::flow::journal::Written;
use crate::measure::totals::Work;

impl World<'_> {
    /// Ends the run.
    pub(super) fn finish(mut self) -> Measured {
        if self.flow.now > self.flow.readings.row_start {
            self.read_gauges();
        }
        let mut usage = std::mem::take(&mut self.gauges.usage);
        usage.completed = self.flow.recorder.requests().completed;
        let usage = self.with_counts(usage);
        let usage_before = self.gauges.before.take();
        let remaining = self.count_remaining();
        self.close_loads();
        let (series, kinds) = self.parts.close(&mut self.flow);
        let of_source = self.sources.iter_mut().find_map(|source| source.arrivals.broken());
        let broken = of_source.or_else(|| self.flow.broken.take());
        let Written { activities, incidents, alarms, deployments, strikes } =
            std::mem::take(&mut self.flow.journal).close();
        Measured {
            work: Work {
                events: self.events,
                peak_pending: self.flow.calendar.peak() as u64,
                peak_in_flight: self.flow.attempts.len() as u64,
            },
            remaining,
            broken,
            users: self.crowds.met(),
            series,
            kinds,
            scaling: activities,
            incidents,
            alarms,
            deployments,
            strikes,
            recorder: self.flow.recorder,
            stages: self.program.stages,
            usage,
            usage_before,
        }
    }

    /// Counts what is there at the end, one by one.
    fn count_remaining(&mut self) -> Remaining {
        let mut remaining =
            Remaining { requests: vec![0; self.scenario.classes.len()], ..Remaining::default() };
        for id in 0..self.flow.attempts.len() as u32 {
            self.stop_clock(id);
            let Attempt { state, class, marks, request_start, .. } = self.flow.attempts[id];
            let (request, attempt) = match state {
                State::Active | State::Late => (1, 1),
                State::Pausing => (1, 0),
                State::Orphan => {
                    remaining.orphans += u64::from(marks & ENDED == 0);
                    continue;
                }
                State::Free | State::Errand | State::CalledOff => continue,
            };
            remaining.requests[usize::from(class)] += request;
            self.flow.recorder.unserved.left.record(self.flow.now.saturating_sub(request_start));
            remaining.attempts += attempt;
        }
        remaining
    }
}
