//! A circuit breaker: closed, open, or half open. In: how tries ended. Out: whether the next one is let through.
//!
//! As that of Resilience4j with a window of counts: it looks at the last tries, opens at a share of failures, stays open for a
//! while, lets some tries through, and judges by those.

use std::collections::VecDeque;

use crate::kind::policy::Breaker as Settings;

/// The breaker of one caller.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: State,
    /// How the last tries ended while it was closed: whether they failed.
    window: VecDeque<bool>,
    failed: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Closed,
    Open {
        until: u64,
    },
    HalfOpen {
        sent: u32,
        ended: u32,
        failed: u32,
    },
}

impl Breaker {
    /// Whether it lets a try through now; counts it if so.
    pub(super) fn lets(&mut self, settings: &Settings, now: u64) -> bool {
        match &mut self.state {
            State::Closed => true,
            State::Open { until } if now < *until => false,
            State::Open { .. } => {
                self.state = State::HalfOpen { sent: 1, ended: 0, failed: 0 };
                true
            }
            State::HalfOpen { sent, .. } if *sent < settings.probes => {
                *sent += 1;
                true
            }
            State::HalfOpen { .. } => false,
        }
    }

    /// A try that it let through has ended.
    pub(super) fn ended(&mut self, settings: &Settings, has_failed: bool, now: u64) {
        match &mut self.state {
            State::Closed => {
                self.window.push_back(has_failed);
                self.failed += u32::from(has_failed);
                if self.window.len() > settings.window as usize {
                    self.failed -= u32::from(self.window.pop_front() == Some(true));
                }
                let seen = self.window.len() as u32;
                if seen >= settings.least && reaches(settings, self.failed, seen) {
                    self.open(settings, now);
                }
            }
            State::HalfOpen { ended, failed, .. } => {
                *ended += 1;
                *failed += u32::from(has_failed);
                let (ended, failed) = (*ended, *failed);
                if ended == settings.probes {
                    match reaches(settings, failed, ended) {
                        true => self.open(settings, now),
                        false => *self = Breaker::default(),
                    }
                }
            }
            // It was sent before the breaker opened.
            State::Open { .. } => {}
        }
    }

    /// Nobody will hear how a try ends that it let through.
    pub(super) fn forgets_one(&mut self) {
        if let State::HalfOpen { sent, ended, .. } = &mut self.state
            && *sent > *ended
        {
            *sent -= 1;
        }
    }

    /// Whether it is not closed.
    pub(super) fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    fn open(&mut self, settings: &Settings, now: u64) {
        let state = State::Open { until: now.saturating_add(settings.open.0) };
        *self = Breaker { state, ..Breaker::default() };
    }
}

fn reaches(settings: &Settings, failed: u32, of: u32) -> bool {
    f64::from(failed) >= settings.failures * f64::from(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    const SETTINGS: Settings = Settings { failures: 0.5, window: 4, least: 4, open: Time(100), probes: 2 };

    #[test]
    fn it_opens_at_its_share_of_the_last_tries_and_not_below_the_least() {
        let mut breaker = Breaker::default();
        for has_failed in [true, true, true] {
            assert!(breaker.lets(&SETTINGS, 0));
            breaker.ended(&SETTINGS, has_failed, 0);
            assert!(!breaker.is_open(), "three tries are fewer than the least");
        }
        breaker.ended(&SETTINGS, false, 0);
        assert!(breaker.is_open(), "three of four have failed");

        let mut breaker = Breaker::default();
        for has_failed in [true, false, false, false, true, false] {
            breaker.ended(&SETTINGS, has_failed, 0);
        }
        assert!(!breaker.is_open(), "never two of the last four");
        breaker.ended(&SETTINGS, true, 0);
        assert!(breaker.is_open(), "true, false, true of the last four");
    }

    #[test]
    fn after_a_while_it_lets_some_through_and_judges_by_those() {
        let mut breaker = Breaker::default();
        (0..4).for_each(|_| breaker.ended(&SETTINGS, true, 10));
        assert!(!breaker.lets(&SETTINGS, 109));
        assert!(breaker.lets(&SETTINGS, 110) && breaker.lets(&SETTINGS, 110));
        assert!(!breaker.lets(&SETTINGS, 110), "two probes");
        breaker.ended(&SETTINGS, false, 120);
        breaker.ended(&SETTINGS, true, 120);
        assert!(!breaker.lets(&SETTINGS, 219), "half of them failed: open again until 220");
        assert!(breaker.lets(&SETTINGS, 220) && breaker.lets(&SETTINGS, 220));
        breaker.ended(&SETTINGS, false, 230);
        breaker.ended(&SETTINGS, false, 230);
        assert!(!breaker.is_open());
        // Its window is empty again.
        (0..3).for_each(|_| breaker.ended(&SETTINGS, true, 240));
        assert!(!breaker.is_open());
    }

    #[test]
    fn a_probe_that_nobody_hears_of_makes_room_for_another() {
        let mut breaker = Breaker::default();
        (0..4).for_each(|_| breaker.ended(&SETTINGS, true, 0));
        assert!(breaker.lets(&SETTINGS, 100) && breaker.lets(&SETTINGS, 100));
        breaker.forgets_one();
        assert!(breaker.lets(&SETTINGS, 100));
        assert!(!breaker.lets(&SETTINGS, 100));
    }
}
