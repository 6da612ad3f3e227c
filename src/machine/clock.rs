//! How long something takes. In: a beginning. Out: the time since then.

use std::time::{Duration, Instant};

use super::IN_BROWSER;

/// A clock that was started.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<Instant>);

impl Clock {
    /// Starts it.
    pub fn start() -> Clock {
        Clock((!IN_BROWSER).then(Instant::now))
    }

    /// The time since it was started; nothing where there is no clock.
    pub fn elapsed(self) -> Option<Duration> {
        self.0.map(|began| began.elapsed())
    }
}
