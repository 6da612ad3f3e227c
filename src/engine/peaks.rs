//! The previous peak of something, by windows: the largest mean of a window that ended long enough ago.
//!
//! In: time, and what a window had when it ends. Out: each window that had more than all before it, when its time has come.

use std::collections::VecDeque;

use crate::units::Time;

/// The windows of one thing.
#[derive(Clone, Debug)]
pub struct Peaks {
    window: u64,
    after: u64,
    /// When the present window ends.
    end: u64,
    /// Windows that ended less than `after` ago and had more than all before them: when each counts, and what it had.
    coming: VecDeque<(u64, f64)>,
    /// The most that a window had.
    largest: f64,
}

impl Peaks {
    /// Windows of this width, each of which counts so long after its end.
    pub fn new(window: Time, after: Time) -> Peaks {
        Peaks { window: window.0, after: after.0, end: window.0, coming: VecDeque::new(), largest: 0.0 }
    }

    /// The next instant until now at which a larger window counts, and what it had. `ended` gives what the present window had, and begins another one.
    pub fn next(&mut self, now: u64, mut ended: impl FnMut() -> f64) -> Option<(u64, f64)> {
        loop {
            let due = self.coming.front().map_or(u64::MAX, |next| next.0);
            if due.min(self.end) > now {
                return None;
            }
            if due <= self.end {
                return self.coming.pop_front();
            }
            self.end_window(ended(), now);
        }
    }

    fn end_window(&mut self, had: f64, now: u64) {
        if had > self.largest {
            self.largest = had;
            self.coming.push_back((self.end.saturating_add(self.after), had));
        }
        // Windows in which nothing came are passed over at once.
        let due = self.coming.front().map_or(u64::MAX, |next| next.0);
        let idle = now.min(due).saturating_sub(self.end) / self.window;
        self.end = self.end.saturating_add(self.window.saturating_mul(idle.max(1)));
    }
}
