//! The seam between kinds and the estimate of how long a simulation takes: work that no request causes.
//!
//! In: the settings of a resource. Out: [`Work`]: events of its timers and of what it sends itself, and the time that they take.

use crate::language::shape::Given;
use crate::units::Time;

/// Time of one event of a request: 90 ns.
pub const EVENT: Given<Time> = Given::new(
    Time::from_nanos(90),
    "measured: 861 ns for a request of black-friday.toml, of 10 events (one core of an Intel Xeon, 2026)",
);

/// Work of a simulation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Work {
    /// Events.
    pub events: f64,
    /// Seconds on one core.
    pub seconds: f64,
}

impl Work {
    /// Events like those of requests.
    pub fn of_events(events: f64) -> Work {
        Work::of(events, EVENT.value.as_secs_f64())
    }

    /// Events that take so many seconds each.
    pub fn of(events: f64, each_s: f64) -> Work {
        Work { events, seconds: events * each_s }
    }

    /// Adds other work.
    pub fn add(&mut self, more: Work) {
        self.events += more.events;
        self.seconds += more.seconds;
    }
}

/// How often something with a period happens in so many seconds.
pub fn often(period: Time, seconds: f64) -> f64 {
    seconds / period.as_secs_f64().max(1e-9)
}
