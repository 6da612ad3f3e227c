//! What was read of a bound that is not of latency, errors or cost, and what that says.
//!
//! In: a value in the unit of the bound, or that of the worst window. Out: an [`Observed`].

use super::{Observed, shown};
use crate::scenario::objective::Bound;
use crate::units::Time;

/// What was read of a bound on availability, hit ratio, stale reads, lag or headroom, or in every window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// In milliseconds, as a share, or as a multiple; of windows, that of the worst. Absent where nothing happened that
    /// it is about.
    pub value: Option<f64>,
    /// Of windows, what became of them.
    pub windows: Option<Windows>,
    /// Whether the value is only the most that it can be.
    pub at_most: bool,
}

/// What became of the windows of an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Windows {
    /// Start of the worst, in seconds.
    pub worst_s: f64,
    /// How many missed the bound.
    pub missed: usize,
    /// How many had something to judge.
    pub judged: usize,
    /// Of a latency, in how many of them more than 1 % of the requests that ended failed, so have no latency.
    pub failing: usize,
}

impl Reading {
    /// The same with words, and whether it meets the bound.
    pub(super) fn observed(&self, bound: &Bound) -> Observed {
        let (text, met) = self.words(bound);
        if met && self.at_most {
            let text = format!("at most {text}: `simcap headroom` finds how much is carried");
            return Observed { value: None, text, known: false, met: false };
        }
        Observed { value: self.value.filter(|value| value.is_finite()), text, known: true, met }
    }

    fn words(&self, bound: &Bound) -> (String, bool) {
        match (self.value, self.windows, bound) {
            (Some(value), Some(windows), Bound::Every { window, bound }) => {
                let Windows { worst_s, missed, judged, failing } = windows;
                let at = Time::from_secs_f64(worst_s);
                let worst = format!("{} at worst, from {at}", shown(bound, value));
                let windows = match *window {
                    minute if minute == Time::from_secs(60) => "minutes".to_owned(),
                    window => format!("windows of {window}"),
                };
                let mut text = format!("{worst}; missed in {missed} of {judged} {windows}");
                if failing > 0 {
                    text += &format!(
                        "; failed requests have no latency, and in {failing} of the {judged} more than 1 % failed"
                    );
                }
                (text, missed == 0)
            }
            (Some(value), ..) => (shown(bound, value), bound.is_met_by(value)),
            (None, ..) => nothing(bound),
        }
    }
}

/// What is said where nothing happened, and whether that keeps the bound: nothing that nobody
/// asks for is ever full; but of what did not happen, nothing shows that it would have been fast, fresh or a hit.
fn nothing(bound: &Bound) -> (String, bool) {
    let (text, met) = match bound {
        Bound::Figure { of, .. } => (of.rule().map_or("", |rule| rule.nothing), false),
        Bound::Headroom { .. } => ("nothing that could be full", true),
        Bound::Recovery { .. } => ("no fault struck", true),
        Bound::Every { .. } => ("nothing to judge in any window", false),
        Bound::Latency { .. } | Bound::Errors { .. } | Bound::Cost { .. } | Bound::Availability { .. } => {
            ("no request ended", false)
        }
    };
    (text.into(), met)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_bound_is_met_from_above() {
        let bound = |inclusive| Bound::Availability { class: None, limit: 0.999, inclusive };
        let told = |value, inclusive| {
            Reading { value: Some(value), windows: None, at_most: false }.words(&bound(inclusive))
        };
        assert_eq!(told(0.9995, false), ("99.95%".into(), true));
        assert_eq!(told(0.999, false), ("99.9%".into(), false));
        assert_eq!(told(0.999, true), ("99.9%".into(), true));
        assert_eq!(told(0.99, true), ("99%".into(), false));
        let headroom = Bound::Headroom { resource: None, limit: 1.3, inclusive: true };
        let told = |value| Reading { value, windows: None, at_most: false }.words(&headroom);
        assert_eq!(told(Some(1.412)), ("×1.41".into(), true));
        assert_eq!(told(Some(1.2)), ("×1.2".into(), false));
        assert_eq!(told(None), ("nothing that could be full".into(), true));
    }

    /// What is 0.99 at most is no 1; whether it is 0.9 nobody knows.
    #[test]
    fn the_most_that_it_can_be_misses_a_bound_and_never_meets_one() {
        let told = |limit| {
            let bound = Bound::Headroom { resource: None, limit, inclusive: true };
            let observed = Reading { value: Some(0.99), windows: None, at_most: true }.observed(&bound);
            (observed.known, observed.met, observed.value)
        };
        assert_eq!(told(1.0), (true, false, Some(0.99)));
        assert_eq!(told(0.9), (false, false, None));
    }

    #[test]
    fn one_window_that_misses_is_a_miss() {
        let inner =
            Bound::Latency { quantile: 0.99, class: None, limit: Time::from_millis(500), inclusive: false };
        let bound = Bound::Every { window: Time::from_secs(60), bound: Box::new(inner) };
        let told = |value, missed| {
            let windows = Some(Windows { worst_s: 720.0, missed, judged: 30, failing: 0 });
            Reading { value: Some(value), windows, at_most: false }.words(&bound)
        };
        let windows = Some(Windows { worst_s: 720.0, missed: 0, judged: 30, failing: 2 });
        let (words, met) = Reading { value: Some(400.0), windows, at_most: false }.words(&bound);
        let failed = "; failed requests have no latency, and in 2 of the 30 more than 1 % failed";
        assert!(met && words.ends_with(failed), "{words}");
        assert_eq!(told(1_240.0, 3), ("1.24s at worst, from 12m; missed in 3 of 30 minutes".into(), false));
        assert_eq!(told(400.0, 0), ("400ms at worst, from 12m; missed in 0 of 30 minutes".into(), true));
        assert!(told(f64::INFINITY, 1).0.starts_with("no answer at worst"));
        assert!(!Reading::default().words(&bound).1);
    }
}
