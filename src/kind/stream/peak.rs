//! On-demand capacity that follows the traffic. In: what is put. Out: how many shards there are, and from when on.
//!
//! A stream takes `factor` times its previous peak. The peak is the largest mean of a window that ended at least `after` ago, in shards: by bytes or by records,
//! whichever needs more.

use super::language::capacity::{OnDemand, shards_of};
use super::language::shard::Shard;
use crate::engine::peaks::Peaks;

/// How the number of shards grows.
#[derive(Clone, Debug)]
pub(super) struct Growth {
    settings: OnDemand,
    /// What a shard takes, bytes and records a second.
    each: [f64; 2],
    /// What was put in the present window.
    put: [f64; 2],
    /// Windows, by the shards that they ask for.
    peaks: Peaks,
    shards: u32,
}

impl Growth {
    pub fn new(settings: OnDemand, shard: Shard, first: u32) -> Growth {
        let peaks = Peaks::new(settings.window, settings.after);
        Growth { settings, each: [shard.bytes, shard.records], put: [0.0; 2], peaks, shards: first }
    }

    /// A record is put now; [`Growth::next`] is over.
    pub fn put(&mut self, bytes: u32) {
        self.put[0] += f64::from(bytes);
        self.put[1] += 1.0;
    }

    /// The next number of shards until now, and from when on, if there are more.
    pub fn next(&mut self, now: u64) -> Option<(u64, u32)> {
        let seconds = self.settings.window.0 as f64 / 1e9;
        loop {
            let load = || {
                let [bytes, records] = std::mem::take(&mut self.put);
                (bytes / seconds / self.each[0]).max(records / seconds / self.each[1])
            };
            let (at, load) = self.peaks.next(now, load)?;
            let shards = shards_of(self.settings.factor * load);
            if shards > self.shards {
                self.shards = shards;
                return Some((at, shards));
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

    fn growth(after: u64) -> Growth {
        let settings =
            OnDemand { peak: 1.0, factor: 2.0, after: Time::from_secs(after), window: Time::from_secs(60) };
        let shard = Shard { bytes: 1_000.0, records: 10.0, ..Shard::default() };
        Growth::new(settings, shard, 4)
    }

    /// Shards at an instant, looked up window by window.
    fn by_hand(put: &[(u64, u32)], after: u64, now: u64) -> u32 {
        let windows = now / (60 * SECOND);
        let ended = (0..windows).filter(|window| (window + 1) * 60 * SECOND + after * SECOND <= now);
        let load = ended.map(|window| {
            let own: Vec<u32> =
                put.iter().filter(|it| it.0 / (60 * SECOND) == window).map(|it| it.1).collect();
            let bytes = own.iter().map(|size| f64::from(*size)).sum::<f64>() / 60.0 / 1_000.0;
            bytes.max(own.len() as f64 / 60.0 / 10.0)
        });
        shards_of(2.0 * load.fold(0.0, f64::max)).max(4)
    }

    proptest! {
        /// However records come, there are twice as many shards as the largest window that ended long enough ago needs.
        #[test]
        fn it_is_twice_the_previous_peak(
            steps in prop::collection::vec((0u64..30, 1u32..200_000), 1..200),
            after in 0u64..400,
        ) {
            let mut growth = growth(after);
            let (mut now, mut shards, mut put) = (0, 4, Vec::new());
            for (seconds, bytes) in steps {
                now += seconds * SECOND;
                while let Some((at, more)) = growth.next(now) {
                    prop_assert!(at <= now && more > shards);
                    shards = more;
                }
                prop_assert_eq!(shards, by_hand(&put, after, now));
                growth.put(bytes);
                put.push((now, bytes));
            }
        }
    }

    /// 3,000 records in the first minute are 50 a second, five shards; twice that is there 15 minutes after its end, at that very instant.
    #[test]
    fn a_peak_counts_to_the_nanosecond() {
        let mut growth = growth(900);
        (0..3_000).for_each(|_| growth.put(1));
        assert_eq!(growth.next(960 * SECOND - 1), None);
        assert_eq!(growth.next(960 * SECOND), Some((960 * SECOND, 10)));
        assert_eq!(growth.next(100_000 * SECOND), None);
    }
}
