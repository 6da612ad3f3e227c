//! How many tasks AWS Fargate launches.
//!
//! In: launches that are asked for. Out: when each is taken. A bucket holds some, and others come back evenly; a launch beyond it waits for its
//! turn. (Amazon ECS developer guide, "AWS Fargate throttling quotas".)

use crate::catalog::region::Region;
use crate::units::Time;

/// Launches that the bucket holds, and how long one takes to come back: 100, and 20 a second. Source: Amazon ECS developer guide, "AWS Fargate
/// throttling quotas".
const BURST: u64 = 100;
const EACH: Time = Time::from_millis(50);

/// The bucket of one Region and market.
#[derive(Clone, Copy, Debug)]
pub struct FargateRate {
    pub(super) region: Option<Region>,
    pub(super) spot: bool,
    /// When the bucket will be full again.
    pub(super) full: u64,
}

impl FargateRate {
    /// When a launch is taken that is asked for at an instant: at once while the bucket has some, else in its turn.
    pub(super) fn take(&mut self, asked: u64) -> u64 {
        let full = self.full.max(asked);
        let taken = asked.max(full.saturating_sub((BURST - 1) * EACH.0));
        self.full = full.saturating_add(EACH.0);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 150 at once: 100 are taken at that instant, the others one each 50 ms. After 5 s of rest there is room for 100 again.
    #[test]
    fn a_hundred_at_once_and_then_twenty_a_second() {
        let mut rate = FargateRate { region: None, spot: false, full: 0 };
        let second = Time::from_secs(1).0;
        let taken: Vec<u64> = (0..150).map(|_| rate.take(second)).collect();
        assert!(taken[..100].iter().all(|at| *at == second));
        assert_eq!((taken[100], taken[149]), (second + EACH.0, second + 50 * EACH.0));
        // The last one was taken at 3.5 s, with an empty bucket; at 8.5 s it is full.
        let taken: Vec<u64> = (0..101).map(|_| rate.take(8 * second + second / 2)).collect();
        assert_eq!((taken[99], taken[100]), (8 * second + second / 2, 8 * second + second / 2 + EACH.0));
    }

    proptest::proptest! {
        /// Whatever is asked for when: nothing is taken before it is asked for, all in turn, and no more in any span than the bucket holds and
        /// what comes back meanwhile.
        #[test]
        fn no_more_are_taken_than_the_bucket_lets(gaps in proptest::collection::vec(0_u64..400_000_000, 1..400)) {
            let mut rate = FargateRate { region: None, spot: false, full: 0 };
            let mut now = 0;
            let taken: Vec<u64> = gaps
                .iter()
                .map(|gap| {
                    // Most come together.
                    now += if gap % 8 == 0 { gap * 8 } else { 0 };
                    let at = rate.take(now);
                    assert!(at >= now);
                    at
                })
                .collect();
            assert!(taken.is_sorted());
            for (first, at) in taken.iter().enumerate() {
                for (more, later) in taken[first..].iter().enumerate() {
                    let most = BURST + (later - at) / EACH.0;
                    assert!((more as u64) < most, "{} in {} ns", more + 1, later - at);
                }
            }
        }
    }
}
