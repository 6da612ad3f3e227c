//! A composite alarm during a run: its state, and whether its actions are held back.
//!
//! In: whether its rule holds, and whether its suppressor is on. Out: when it notifies. While the suppressor is in ALARM nothing is done. A
//! composite alarm that goes on waits for its suppressor first, and after the suppressor actions are still held back for a while; after
//! either time it acts by the state that it has then. (Amazon CloudWatch user guide, "Suppressing composite alarm actions".)

use crate::measure::totals::AlarmState as State;

/// A composite alarm.
#[derive(Clone, Debug, Default)]
pub(super) struct Composite {
    /// Its state.
    pub(super) state: State,
    /// The state that it has last notified of.
    notified: State,
    /// Until when it waits for its suppressor.
    waits: Option<u64>,
    /// Until when its actions are held back after its suppressor.
    extends: Option<u64>,
    /// Whether its suppressor is on.
    suppressed: bool,
    /// It has gone to ALARM, and nothing was notified of since then.
    has_gone_on: bool,
}

impl Composite {
    /// Takes the state of an evaluation; returns whether it is another one, and until when it waits for its suppressor, if it begins to.
    pub(super) fn set(&mut self, holds: bool, now: u64, wait: Option<u64>) -> (bool, Option<u64>) {
        let state = if holds { State::Alarm } else { State::Ok };
        if self.state == state {
            return (false, None);
        }
        (self.state, self.has_gone_on) = (state, holds);
        self.waits =
            wait.filter(|&wait| wait > 0 && holds && !self.suppressed).map(|wait| now.saturating_add(wait));
        (true, self.waits)
    }

    /// Takes the state of its suppressor; returns until when its actions are still held back, if it has gone off.
    pub(super) fn suppress(&mut self, on: bool, now: u64, extension: u64) -> Option<u64> {
        let ends = std::mem::replace(&mut self.suppressed, on) && !on;
        self.extends = match (on, ends) {
            (true, _) => None,
            (_, true) => Some(now.saturating_add(extension)),
            _ => self.extends,
        };
        self.extends.filter(|_| ends)
    }

    /// Whether its actions are held back.
    pub(super) fn is_held_back(&self, now: u64) -> bool {
        let lasts = |until: Option<u64>| until.is_some_and(|until| until > now);
        self.suppressed || lasts(self.waits) || lasts(self.extends)
    }

    /// Whether it notifies now: of its state, unless that was notified of. An ALARM that came after one that was over meanwhile is another
    /// one.
    pub(super) fn notifies(&mut self, now: u64) -> bool {
        let acts = !self.is_held_back(now) && (self.state != self.notified || self.has_gone_on);
        if acts {
            (self.notified, self.has_gone_on) = (self.state, false);
        }
        acts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (second, whether the rule holds, whether the suppressor is on), with a wait of 60 s and an extension of 30 s: the seconds at which
    /// it notifies, by state. It is looked at each second.
    fn notices(changes: &[(u64, bool, bool)]) -> Vec<(u64, State)> {
        let (mut alarm, mut found) = (Composite::default(), Vec::new());
        let (mut holds, mut on) = (false, false);
        for second in 0..400 {
            for change in changes.iter().filter(|change| change.0 == second) {
                (holds, on) = (change.1, change.2);
            }
            alarm.suppress(on, second, 30);
            alarm.set(holds, second, Some(60));
            if alarm.notifies(second) {
                found.push((second, alarm.state));
            }
        }
        found
    }

    #[test]
    fn a_suppressor_holds_actions_back() {
        use State::{Alarm, Ok};
        // It never goes on: the wait delays ALARM, and not OK.
        assert_eq!(notices(&[(100, true, false), (200, false, false)]), [(160, Alarm), (200, Ok)]);
        // It goes on during the wait, and off at 250 s: ALARM at the end of the extension.
        assert_eq!(notices(&[(100, true, false), (150, true, true), (250, true, false)]), [(280, Alarm)]);
        // The same, but the alarm is over before, or within the extension: nothing at all.
        assert_eq!(
            notices(&[(100, true, false), (150, true, true), (200, false, true), (250, false, false)]),
            []
        );
        assert_eq!(
            notices(&[(100, true, false), (150, true, true), (250, true, false), (270, false, false)]),
            []
        );
        // It comes when the wait is over: too late.
        assert_eq!(notices(&[(100, true, false), (160, true, true)]), []);
        assert_eq!(notices(&[(100, true, false), (161, true, true)]), [(160, Alarm)]);
        // It is on before: no wait, and ALARM after the extension.
        assert_eq!(notices(&[(90, false, true), (100, true, true), (110, true, false)]), [(140, Alarm)]);
        // Over within the wait: nobody hears of it.
        assert_eq!(notices(&[(100, true, false), (159, false, false)]), []);
        // An ALARM that was notified of, and that ends while the suppressor is on: OK after the extension.
        assert_eq!(
            notices(&[(10, true, false), (100, true, true), (120, false, true), (200, false, false)]),
            [(70, Alarm), (230, Ok)]
        );
        // That one is over while the suppressor is on, and another one comes within the extension: ALARM after it.
        assert_eq!(
            notices(&[
                (10, true, false),
                (100, true, true),
                (120, false, true),
                (200, false, false),
                (210, true, false)
            ]),
            [(70, Alarm), (270, Alarm)]
        );
    }
}
