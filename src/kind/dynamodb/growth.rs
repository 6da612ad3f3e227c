//! On-demand capacity that follows the traffic. In: what is consumed. Out: the limit, and from when on it holds.
//!
//! A table takes `factor` times its previous peak, or as much as is warm if that is more. The peak is the largest consumption of a window that ended at
//! least `after` ago.

use std::collections::VecDeque;

use super::deed::HALVES;
use super::language::capacity::Growth as Settings;

/// How the limit of one sort grows.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    settings: Settings,
    /// When the present window ends, and what was consumed in it, in halves of units.
    end: u64,
    consumed: f64,
    /// Windows that ended less than `after` ago and consumed more than all before them: when each counts, and units a second.
    coming: VecDeque<(u64, f64)>,
    /// The most that a window has consumed.
    largest: f64,
    /// What it takes by its peaks so far.
    by_peak: f64,
}

impl Growth {
    pub fn new(settings: Settings) -> Growth {
        Growth {
            settings,
            end: settings.window.0,
            consumed: 0.0,
            coming: VecDeque::new(),
            largest: 0.0,
            by_peak: 0.0,
        }
    }

    /// So many halves of units are consumed now; [`Growth::next`] is over.
    pub fn consume(&mut self, halves: f64) {
        self.consumed += halves;
    }

    /// The next instant until now at which the limit grows, and to what.
    pub fn next(&mut self, now: u64) -> Option<(u64, f64)> {
        loop {
            let due = self.coming.front().map_or(u64::MAX, |next| next.0);
            if due.min(self.end) > now {
                return None;
            }
            if due <= self.end {
                let (at, units) = self.coming.pop_front()?;
                let takes = self.settings.factor * units;
                if takes > self.by_peak {
                    self.by_peak = takes;
                    return Some((at, takes));
                }
            } else {
                self.end_window(now);
            }
        }
    }

    fn end_window(&mut self, now: u64) {
        let window = self.settings.window.0;
        let units = self.consumed / HALVES * 1e9 / window as f64;
        self.consumed = 0.0;
        if units > self.largest {
            self.largest = units;
            self.coming.push_back((self.end.saturating_add(self.settings.after.0), units));
        }
        // Windows in which nothing came are passed over at once.
        let due = self.coming.front().map_or(u64::MAX, |next| next.0);
        let idle = now.min(due).saturating_sub(self.end) / window;
        self.end = self.end.saturating_add(window.saturating_mul(idle.max(1)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::units::Time;

    const SECOND: u64 = 1_000_000_000;

    fn settings(after: u64) -> Settings {
        Settings { factor: 2.0, after: Time::from_secs(after), window: Time::from_secs(60) }
    }

    /// What the limit is at an instant by all that was consumed before it, looked up window by window.
    fn by_hand(consumed: &[(u64, f64)], after: u64, now: u64) -> f64 {
        let windows = now / (60 * SECOND);
        let peak =
            (0..windows).filter(|window| (window + 1) * 60 * SECOND + after * SECOND <= now).map(|window| {
                let within = |at: u64| at / (60 * SECOND) == window;
                consumed.iter().filter(|it| within(it.0)).map(|it| it.1).sum::<f64>() / 2.0 / 60.0
            });
        2.0 * peak.fold(0.0, f64::max)
    }

    proptest! {
        /// However consumption and questions come, the limit is twice the largest window that ended long enough ago.
        #[test]
        fn it_is_twice_the_previous_peak(
            steps in prop::collection::vec((0u64..200, 0u32..500), 1..200),
            after in 0u64..400,
        ) {
            let mut growth = Growth::new(settings(after));
            let (mut now, mut limit, mut consumed) = (0, 0.0, Vec::new());
            for (seconds, halves) in steps {
                now += seconds * SECOND;
                while let Some((at, units)) = growth.next(now) {
                    prop_assert!(at <= now && units > limit);
                    limit = units;
                }
                prop_assert!((limit - by_hand(&consumed, after, now)).abs() < 1e-9);
                growth.consume(f64::from(halves));
                consumed.push((now, f64::from(halves)));
            }
        }
    }

    /// 120 units in the first minute are two a second, of which four are taken from 30 minutes after its end on: at that very instant.
    #[test]
    fn a_peak_counts_to_the_nanosecond() {
        let mut growth = Growth::new(settings(1_800));
        growth.consume(240.0);
        assert_eq!(growth.next(1_860 * SECOND - 1), None);
        assert_eq!(growth.next(1_860 * SECOND), Some((1_860 * SECOND, 4.0)));
        assert_eq!(growth.next(100_000 * SECOND), None);
    }
}
