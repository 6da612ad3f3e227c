//! How many pods the HorizontalPodAutoscaler wants.
//!
//! In: what pods do, and sizes that were wanted before. Out: a size. (Kubernetes documentation, "Horizontal Pod Autoscaling", "Algorithm
//! details", "Configurable scaling behavior".)

use std::collections::VecDeque;

use super::adjustment::ceil_of;
use super::language::hpa::Hpa;
use crate::units::Time;

/// What was seen at a look.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) at: u64,
    /// CPU time of each pod that was ready.
    pub(super) cpu: Vec<(u32, f64)>,
    pub(super) requests: u64,
}

/// What the controller of a fleet remembers.
#[derive(Clone, Debug, Default)]
pub(super) struct Controller {
    /// The last two looks.
    pub(super) seen: VecDeque<Seen>,
    /// Sizes that were wanted, and when.
    pub(super) wanted: VecDeque<(u64, u32)>,
    /// Pods that were added, and when.
    pub(super) added: VecDeque<(u64, u32)>,
}

/// Pods of a fleet, and what they do together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Load {
    /// What those with a sample do.
    pub(super) sum: f64,
    pub(super) sampled: u32,
    /// Those that are ready and have none, and what each is taken to do on the way down.
    pub(super) missing: u32,
    pub(super) fallback: f64,
    /// Those that are not ready.
    pub(super) unready: u32,
    /// Whether the mean counts in whole percent only, as the utilisation of a resource does. (Kubernetes, `GetResourceUtilizationRatio`.)
    pub(super) whole: bool,
}

impl Load {
    /// The mean of so many pods, of the target.
    fn ratio(&self, hpa: &Hpa, sum: f64, count: u32) -> f64 {
        let mean = sum / f64::from(count);
        (if self.whole { (mean + 1e-9).floor() } else { mean }) / hpa.target
    }

    /// How many pods it takes, of so many that are desired now.
    pub(super) fn replicas(&self, hpa: &Hpa, current: u32) -> u32 {
        if self.sampled == 0 {
            return current;
        }
        let ratio = self.ratio(hpa, self.sum, self.sampled);
        let is_near = |ratio: f64| (ratio - 1.0).abs() <= hpa.tolerance + 1e-12;
        let (mut sum, mut count) = (self.sum, self.sampled);
        let rises = ratio > 1.0;
        if self.missing > 0 && ratio != 1.0 {
            count += self.missing;
            sum += if rises { 0.0 } else { f64::from(self.missing) * self.fallback };
        }
        if rises {
            count += self.unready;
        }
        let anew = self.ratio(hpa, sum, count);
        if is_near(anew) || (ratio < 1.0) != (anew < 1.0) {
            return current;
        }
        let replicas = ceil_of(anew * f64::from(count));
        let is_contrary = (anew < 1.0 && replicas > current) || (anew > 1.0 && replicas < current);
        if is_contrary { current } else { replicas }
    }
}

impl Controller {
    /// What becomes of a size that is wanted: up within the limit of a period, down to the largest of a while.
    pub(super) fn stabilized(&mut self, hpa: &Hpa, wanted: u32, current: u32, now: u64) -> u32 {
        let since = |span: Time| now.saturating_sub(span.0);
        self.wanted.push_back((now, wanted));
        while self.wanted.front().is_some_and(|first| first.0 < since(hpa.stabilization)) {
            self.wanted.pop_front();
        }
        while self.added.front().is_some_and(|first| first.0 <= since(hpa.up_period)) {
            self.added.pop_front();
        }
        if wanted > current {
            let added: u32 = self.added.iter().map(|it| it.1).fold(0, u32::saturating_add);
            let start = current.saturating_sub(added);
            let by_percent = ceil_of(f64::from(start) * (1.0 + hpa.up_percent / 100.0));
            let limit = start.saturating_add(hpa.up_pods).max(by_percent).max(current);
            return wanted.min(limit);
        }
        let largest = self.wanted.iter().map(|it| it.1).fold(wanted, u32::max);
        largest.min(current)
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::hpa::{STABILIZATION, TOLERANCE, UP_PERCENT, UP_PERIOD, UP_PODS};
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn hpa(target: f64) -> Hpa {
        Hpa {
            target,
            sync: Time::from_secs(15),
            tolerance: TOLERANCE.value,
            stabilization: STABILIZATION.value,
            up_pods: UP_PODS.value,
            up_percent: UP_PERCENT.value,
            up_period: UP_PERIOD.value,
        }
    }

    fn load(each: f64, sampled: u32, missing: u32, unready: u32) -> Load {
        Load { sum: each * f64::from(sampled), sampled, missing, fallback: 100.0, unready, whole: true }
    }

    /// `ceil(current × metric / target)`, of whole percent: 10 at 90 % for 60 are 15; at 66 % or 54 % they are near enough.
    #[test]
    fn the_size_is_in_proportion_to_the_metric() {
        let of = |each: f64| load(each, 10, 0, 0).replicas(&hpa(60.0), 10);
        assert_eq!([90.0, 66.0, 66.9, 67.0, 54.0, 53.9, 30.0].map(of), [15, 10, 10, 12, 10, 9, 5]);
        // Noise above a whole percent is none.
        assert_eq!(load(100.3, 2, 0, 0).replicas(&hpa(50.0), 2), 4);
    }

    /// Four of eight are not ready: at 100 % for 50 the four that are need 8, which are there. Without them four would become eight more. On the
    /// way down they do not count.
    #[test]
    fn pods_that_are_not_ready_count_as_idle_on_the_way_up() {
        assert_eq!(load(100.0, 4, 0, 4).replicas(&hpa(50.0), 8), 8);
        assert_eq!(load(100.0, 4, 0, 0).replicas(&hpa(50.0), 4), 8);
        assert_eq!(load(100.0, 4, 0, 2).replicas(&hpa(50.0), 6), 8);
        assert_eq!(load(10.0, 4, 0, 4).replicas(&hpa(50.0), 8), 1);
    }

    /// A ready pod without a sample counts as idle on the way up, and as busy on the way down.
    #[test]
    fn pods_without_a_sample_hold_back_both_ways() {
        assert_eq!(load(100.0, 4, 4, 0).replicas(&hpa(50.0), 8), 8);
        // (4 × 10 + 4 × 100) / 8 = 55 for 50.
        assert_eq!(load(10.0, 4, 4, 0).replicas(&hpa(50.0), 8), 8);
        assert_eq!(load(10.0, 6, 1, 0).replicas(&hpa(50.0), 7), 4, "160 / 7 = 22.9 for 50");
        assert_eq!(load(10.0, 0, 4, 0).replicas(&hpa(50.0), 4), 4);
    }

    /// 4 pods in 15 s, or as many as there are: from 2 to 6, 6 to 12, 12 to 24. Within one period no more.
    #[test]
    fn four_pods_or_as_many_as_there_are_come_in_a_period() {
        let mut controller = Controller::default();
        let mut at = |second: u64, current: u32| {
            let size = controller.stabilized(&hpa(50.0), 100, current, second * SECOND);
            controller.added.push_back((second * SECOND, size - current));
            size
        };
        assert_eq!([at(15, 2), at(30, 6), at(45, 12), at(50, 24), at(60, 24)], [6, 12, 24, 24, 48]);
    }

    /// Down to the largest of five minutes.
    #[test]
    fn pods_leave_after_five_minutes() {
        let mut controller = Controller::default();
        let mut at =
            |second: u64, wanted: u32| controller.stabilized(&hpa(50.0), wanted, 20, second * SECOND);
        assert_eq!(
            [at(0, 20), at(15, 12), at(300, 5), at(301, 5), at(315, 5), at(316, 5)],
            [20, 20, 20, 12, 12, 5]
        );
    }
}
