//! What a container has used of its CPU limit, and until when that lasts.
//!
//! In: the CPU time that it has used, and instants. Out: when its time of a period is used up, and for how long it stood still. A limit is
//! so much CPU time in each period; what is not used of it is lost. (Linux kernel documentation, "CFS Bandwidth Control".)

use crate::catalog::Quota;
use crate::flow::host::Withheld;

/// What a task has used of its limit.
#[derive(Clone, Copy, Debug)]
pub struct Throttle {
    /// CPU time of a period, nanoseconds.
    quota: f64,
    period: u64,
    /// How far into a period the run begins.
    phase: u64,
    /// CPU time that is left in the period in which it was last looked at, when that was, and what it had used by then.
    pub(super) left: f64,
    looked: u64,
    used: f64,
    /// Since when it stands still.
    since: Option<u64>,
    /// For how long it stood still before that, and how long that was when the last row ended.
    stood_for: u64,
    stood_mark: u64,
    /// Of the time for which its vCPUs were taken, that in which it stood still, and as much as had been read with the last row.
    stood: Withheld,
    taken_mark: f64,
    /// Periods in which it was stopped.
    pub(super) stops: u64,
}

impl Throttle {
    /// That of a task which is made now: the run begins so far into one of its periods.
    pub(super) fn new(of: Quota, phase: u64, now: u64) -> Throttle {
        let quota = of.vcpus * of.period.0 as f64;
        Throttle {
            quota,
            period: of.period.0.max(1),
            phase,
            left: quota,
            looked: now,
            used: 0.0,
            since: None,
            stood_for: 0,
            stood_mark: 0,
            stood: Withheld::default(),
            taken_mark: 0.0,
            stops: 0,
        }
    }

    /// How much of its period is past at an instant; the instant at which one begins is in that one.
    fn past(&self, now: u64) -> u64 {
        (now % self.period + self.phase) % self.period
    }

    /// When the period began in which an instant is, if that was in the run, and when it ends.
    pub(super) fn began(&self, now: u64) -> u64 {
        now.saturating_sub(self.past(now))
    }

    pub(super) fn ends(&self, now: u64) -> u64 {
        now.saturating_add(self.period - self.past(now))
    }

    /// It has used so much CPU time by now, evenly since it was last looked at.
    pub(super) fn settle(&mut self, now: u64, used: f64) {
        let began = self.began(now);
        let spent = (used - self.used).max(0.0);
        if began > self.looked {
            let part = (now - began) as f64 / (now - self.looked) as f64;
            self.left = self.quota - spent * part;
        } else {
            self.left -= spent;
        }
        (self.looked, self.used) = (now, used);
    }

    /// When its time is used up with so many vCPUs at work, if ever. A period that ends at that instant has been enough.
    pub(super) fn used_up(&self, now: u64, working: u32) -> Option<u64> {
        if working == 0 {
            return None;
        }
        let lasts = |left: f64| (left / f64::from(working)).max(0.0);
        let ends = self.ends(now);
        let at = now.saturating_add(lasts(self.left).ceil() as u64);
        if at < ends {
            return Some(at);
        }
        let whole = lasts(self.quota);
        (whole < self.period as f64).then(|| ends.saturating_add(whole.ceil() as u64))
    }

    /// It stands still from now on, or works again; its vCPUs were taken for so long so far.
    pub(super) fn stop(&mut self, stops: bool, now: u64, taken: f64) {
        match stops {
            true => {
                self.stops += 1;
                self.since = Some(now);
            }
            false => {
                self.stood_for += self.since.take().map_or(0, |since| now - since);
                self.left = self.quota;
            }
        }
        self.stood.change(if stops { 1.0 } else { 0.0 }, taken);
    }

    /// Whether it stands still.
    pub(super) fn stands(&self) -> bool {
        self.since.is_some()
    }

    /// For how long it has stood still so far, nanoseconds.
    pub(super) fn stood_for(&self, now: u64) -> u64 {
        self.stood_for + self.since.map_or(0, |since| now.saturating_sub(since))
    }

    /// For how long its vCPUs were taken in the row while it stood still, from how long they were taken so far.
    pub(super) fn taken_in_row(&mut self, taken: f64) -> f64 {
        let stood = self.stood.of(taken);
        stood - std::mem::replace(&mut self.taken_mark, stood)
    }

    /// For how long it stood still in the row.
    pub(super) fn stood_in_row(&mut self, now: u64) -> f64 {
        let stood = self.stood_for(now);
        (stood - std::mem::replace(&mut self.stood_mark, stood)) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    const MS: u64 = 1_000_000;

    fn quarter() -> Throttle {
        Throttle::new(Quota { vcpus: 0.25, period: Time::from_millis(100) }, 0, 0)
    }

    /// 25 ms of CPU in each 100 ms: one vCPU that works from 10 ms on has them at 35 ms, two have them at 22.5 ms.
    #[test]
    fn a_quarter_of_a_vcpu_is_25_ms_of_each_100() {
        let mut throttle = quarter();
        throttle.settle(10 * MS, 0.0);
        assert_eq!(throttle.used_up(10 * MS, 1), Some(35 * MS));
        assert_eq!(throttle.used_up(10 * MS, 2), Some(22 * MS + MS / 2));
        assert_eq!(throttle.used_up(10 * MS, 0), None);
    }

    /// Work that begins 20 ms before the end of a period has the time of that one, and 25 ms of the next.
    #[test]
    fn a_new_period_has_its_time_anew() {
        let mut throttle = quarter();
        throttle.settle(80 * MS, 0.0);
        assert_eq!(throttle.used_up(80 * MS, 1), Some(125 * MS));
        // At 125 ms it has worked for 45 ms, 25 of them in this period.
        throttle.settle(125 * MS, 45e6);
        assert!(throttle.left.abs() < 1.0, "{throttle:?}");
        throttle.stop(true, 125 * MS, 45e6);
        throttle.stop(false, 200 * MS, 120e6);
        assert_eq!((throttle.stood_for(300 * MS), throttle.stops), (75 * MS, 1));
        assert_eq!(throttle.used_up(200 * MS, 1), Some(225 * MS));
        // Of 120 ms for which a vCPU was taken, 75 were no work.
        assert_eq!(throttle.taken_in_row(120e6), 75e6);
    }

    /// What lasts for the whole period is never used up: half a vCPU at work of a limit of 0.5 does not exist, but one vCPU of one does.
    #[test]
    fn a_limit_of_all_that_works_stops_nothing() {
        let throttle = Throttle::new(Quota { vcpus: 1.0, period: Time::from_millis(100) }, 0, 0);
        assert_eq!(throttle.used_up(0, 1), None);
        assert_eq!(throttle.used_up(0, 2), Some(50 * MS));
        assert_eq!(throttle.used_up(0, 8), Some(12 * MS + MS / 2));
    }

    proptest::proptest! {
        /// However many vCPUs work when: in no period more CPU time is used than the limit, but for a nanosecond of each vCPU.
        #[test]
        fn no_period_has_more_than_the_limit(
            milli in 1_u32..4_000,
            phase in 0_u64..100,
            steps in proptest::collection::vec((0_u64..60_000_000, 0_u32..5), 1..60),
        ) {
            let of = Quota { vcpus: f64::from(milli) / 1e3, period: Time::from_millis(100) };
            let mut throttle = Throttle::new(of, phase * MS, 0);
            let (mut now, mut used) = (0_u64, 0.0);
            let mut in_period = std::collections::BTreeMap::<u64, f64>::new();
            for (span, working) in steps {
                let end = now + span;
                while now < end {
                    // As far as the period, the limit or the step goes.
                    let next = if throttle.stands() { throttle.ends(now) } else { throttle.used_up(now, working).unwrap_or(end) };
                    let at = next.min(end).min(throttle.ends(now));
                    let worked = if throttle.stands() { 0.0 } else { (at - now) as f64 * f64::from(working) };
                    *in_period.entry(throttle.ends(now)).or_default() += worked;
                    used += worked;
                    throttle.settle(at, used);
                    if throttle.stands() && at == next {
                        throttle.stop(false, at, 0.0);
                    } else if !throttle.stands() && at == next && working > 0 && throttle.left <= f64::from(working) {
                        throttle.stop(true, at, 0.0);
                    }
                    now = at;
                }
            }
            let most = throttle.quota + 5.0;
            for used in in_period.values() {
                proptest::prop_assert!(*used <= most, "{used} of {most}");
            }
        }
    }
}
