//! Cooldowns of Application Auto Scaling, which scales the tasks of Amazon ECS.
//!
//! In: sizes that policies ask for, and activities that end. Out: whether a cooldown is in effect, and the capacity that what is
//! wanted starts from then. After a scale-out, what that has added counts as a part of the next one, so that only a larger one does
//! something. After a scale-in no other one follows; a scale-out ends that at once. (Application Auto Scaling user guide, "Define
//! cooldown periods"; API reference, TargetTrackingScalingPolicyConfiguration: ScaleOutCooldown, ScaleInCooldown.)

use crate::flow::host::Group;
use crate::units::Time;

/// A change of the size by a policy.
#[derive(Clone, Copy, Debug)]
struct Change {
    /// The desired capacity before it.
    before: u32,
    /// When it was decided, and when its activity was over, if it is.
    at: u64,
    over: Option<u64>,
    /// How long its cooldown lasts from then on.
    lasts: Time,
}

impl Change {
    fn is_in_effect(&self, now: u64) -> bool {
        self.over.is_none_or(|over| now < over.saturating_add(self.lasts.0))
    }
}

/// The cooldowns of one service.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cooldowns {
    out: Option<Change>,
    inward: Option<Change>,
    /// What was asked for last: when, the desired capacity then, and the cooldowns of the policy.
    asked: Option<(u64, u32, [Time; 2])>,
}

impl Cooldowns {
    /// A policy asks for another size.
    pub(super) fn asks(&mut self, desired: u32, lasts: [Time; 2], now: u64) {
        self.asked = Some((now, desired, lasts));
    }

    /// What has become of the last one, before anything else is decided.
    pub(super) fn settle(&mut self, group: &Group, now: u64) {
        if let Some((at, before, [out, inward])) = self.asked.take() {
            if group.desired > before {
                // One in a cooldown goes on from where that began.
                let first = self.out.filter(|last| last.is_in_effect(now)).map_or(before, |last| last.before);
                self.out = Some(Change { before: first, at, over: None, lasts: out });
                self.inward = None;
            } else if group.desired < before {
                self.inward = Some(Change { before, at, over: None, lasts: inward });
            }
        }
        if group.under_way == 0 {
            for change in [&mut self.out, &mut self.inward].into_iter().flatten() {
                let finished = group.finished.unwrap_or(now).max(change.at);
                change.over.get_or_insert(finished);
            }
        }
    }

    /// The capacity from which a scale-out starts: that before the last one while its cooldown is in effect.
    pub(super) fn base(&self, desired: u32, now: u64) -> u32 {
        self.out
            .filter(|change| change.is_in_effect(now))
            .map_or(desired, |change| change.before.min(desired))
    }

    /// Whether a scale-in must wait.
    pub(super) fn holds_in(&self, now: u64) -> bool {
        self.inward.is_some_and(|change| change.is_in_effect(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn group(desired: u32, under_way: u32, finished: u64) -> Group {
        Group { desired, under_way, finished: Some(finished * SECOND), ..Group::default() }
    }

    /// From 10 to 12, which takes until 40 s. Up to 340 s a policy starts from 10, so that its 13 adds one; then that cooldown goes on.
    #[test]
    fn what_a_scale_out_has_added_counts_while_its_cooldown_lasts() {
        let mut cooldowns = Cooldowns::default();
        let lasts = [Time::from_secs(300); 2];
        cooldowns.asks(10, lasts, 0);
        cooldowns.settle(&group(12, 1, 0), 0);
        assert_eq!(cooldowns.base(12, 30 * SECOND), 10, "its activity lasts");
        cooldowns.settle(&group(12, 0, 40), 60 * SECOND);
        assert_eq!([339, 340].map(|at| cooldowns.base(12, at * SECOND)), [10, 12]);
        cooldowns.asks(12, lasts, 180 * SECOND);
        cooldowns.settle(&group(13, 0, 230), 240 * SECOND);
        assert_eq!([529, 530].map(|at| cooldowns.base(13, at * SECOND)), [10, 13]);
    }

    /// A scale-in that is over at 0 s holds the next one until 300 s, unless a scale-out comes first.
    #[test]
    fn a_scale_in_waits_for_the_last_one_and_a_scale_out_ends_that() {
        let mut cooldowns = Cooldowns::default();
        let lasts = [Time::from_secs(60), Time::from_secs(300)];
        cooldowns.asks(10, lasts, 0);
        cooldowns.settle(&group(8, 0, 0), SECOND);
        assert_eq!([299, 300].map(|at| cooldowns.holds_in(at * SECOND)), [true, false]);
        cooldowns.asks(8, lasts, 5 * SECOND);
        cooldowns.settle(&group(9, 1, 0), 10 * SECOND);
        assert!(!cooldowns.holds_in(10 * SECOND));
        // What changes nothing begins no cooldown.
        let mut none = Cooldowns::default();
        none.asks(8, lasts, 0);
        none.settle(&group(8, 0, 0), SECOND);
        assert!(!none.holds_in(SECOND) && none.base(8, SECOND) == 8);
    }
}
