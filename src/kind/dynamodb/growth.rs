//! On-demand capacity that follows the traffic. In: what is consumed. Out: the limit, and from when on it holds.
//!
//! A table takes `factor` times its previous peak, or as much as is warm if that is more. The peak is the largest consumption of a window that ended at
//! least `after` ago.

use super::deed::HALVES;
use super::language::capacity::Growth as Settings;
use crate::engine::peaks::Peaks;

/// How the limit of one sort grows.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    settings: Settings,
    /// What was consumed in the present window, in halves of units.
    consumed: f64,
    /// Windows, by units a second.
    peaks: Peaks,
    /// What it takes by its peaks so far.
    by_peak: f64,
}

impl Growth {
    pub fn new(settings: Settings) -> Growth {
        let peaks = Peaks::new(settings.window, settings.after);
        Growth { settings, consumed: 0.0, peaks, by_peak: 0.0 }
    }

    /// So many halves of units are consumed now; [`Growth::next`] is over.
    pub fn consume(&mut self, halves: f64) {
        self.consumed += halves;
    }

    /// The next instant until now at which the limit grows, and to what.
    pub fn next(&mut self, now: u64) -> Option<(u64, f64)> {
        let window = self.settings.window.0 as f64;
        loop {
            let units = || std::mem::take(&mut self.consumed) / HALVES * 1e9 / window;
            let (at, units) = self.peaks.next(now, units)?;
            let takes = self.settings.factor * units;
            if takes > self.by_peak {
                self.by_peak = takes;
                return Some((at, takes));
            }
        }
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
