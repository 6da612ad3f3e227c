//! When each strike was noticed, and by what, at the end of a run: by a sign of its own, or by an alarm before that.
//!
//! In: signs, changes of alarms, and when each strike was felt. Out: the first that is about what the strike hit. The newest point that an
//! alarm saw must have something of the time in which the strike was felt, so it may go on after that. Where other strikes were felt then too,
//! it must be of something that this one hit.

use super::model::Faults;
use super::strike::{Change, Strike};
use crate::id::Kind;
use crate::kind::path::PathOwner;
use crate::units::Time;

/// When a strike was felt, and when requests failed at what it held.
#[derive(Clone, Debug)]
pub(super) struct Felt {
    /// From when until when.
    from: u64,
    until: u64,
    /// The rows in which requests of a class failed at what it held.
    rows: Vec<(u16, (u64, u64))>,
}

/// Whether two spans have something in common.
fn meet(one: (u64, u64), other: (u64, u64)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

impl Felt {
    /// For so long from an instant; without that, to the end.
    pub(super) fn of(from: u64, after_s: Option<f64>, rows: Vec<(u16, (u64, u64))>) -> Felt {
        let until = after_s.map_or(u64::MAX, |after| from.saturating_add(Time::from_secs_f64(after).0));
        Felt { from, until, rows }
    }

    fn is_in(&self, span: (u64, u64)) -> bool {
        meet((self.from, self.until), span)
    }

    fn fails_in(&self, class: usize, span: (u64, u64)) -> bool {
        self.rows.iter().any(|(of, row)| usize::from(*of) == class && meet(*row, span))
    }
}

impl Faults<'_> {
    /// When a strike was noticed, and by what; `begun` has all that have begun, and `felt` when each was felt.
    pub(super) fn noticed(
        &self,
        place: usize,
        felt: &[Felt],
        begun: &[(u64, &Strike)],
    ) -> Option<(u64, String)> {
        let (at, strike) = begun[place];
        let was_on = |alarm: usize| {
            let before = self.alarms.iter().rfind(|it| it.alarm == alarm && it.at < at);
            before.is_some_and(|it| it.is_on)
        };
        let counts = |it: &&Change| {
            it.is_on && it.at >= at && !was_on(it.alarm) && self.sees(it, (place, strike), felt)
        };
        let alarm = self.alarms.iter().find(counts);
        match (&strike.noticed, alarm) {
            (Some((at, _)), Some(alarm)) if alarm.at >= *at => strike.noticed.clone(),
            (_, Some(alarm)) => Some((alarm.at, format!("alarm {}", self.named(Kind::Alarm, alarm.alarm)))),
            (own, None) => own.clone(),
        }
    }

    /// Whether an alarm that goes on has seen a strike.
    fn sees(&self, change: &Change, (place, strike): (usize, &Strike), felt: &[Felt]) -> bool {
        let Some(alarm) = self.kinds.alarms.get(change.alarm) else { return false };
        let sight = alarm.sight(change.at, self.kinds);
        let span = (sight.from, sight.to);
        if !felt[place].is_in(span) {
            return false;
        }
        let mut felt_then = felt.iter().filter(|it| it.is_in(span));
        let is_alone = felt_then.clone().count() == 1;
        is_alone
            || sight.of.iter().any(|&table| match table {
                // Whose failures are in what it saw, if anybody's.
                (Kind::Class, class) => {
                    felt[place].fails_in(class, span) || !felt_then.any(|it| it.fails_in(class, span))
                }
                _ => self.hits(strike, table),
            })
    }

    /// Whether a strike has hit a table, or what it is made of.
    pub(super) fn hits(&self, strike: &Strike, table: PathOwner) -> bool {
        let target = &self.settings[usize::from(strike.fault)].target;
        let fleet = match table {
            (Kind::Fleet, fleet) => Some(fleet),
            (Kind::Balancer, balancer) => self.kinds.balancers.get(balancer).map(|it| it.targets.index()),
            _ => None,
        };
        let in_zone = |zone| self.kinds.has_place(table, zone);
        target.of() == Some(table)
            || fleet.is_some_and(|fleet| strike.fleets.contains(&fleet))
            || self.settings[usize::from(strike.fault)].place().is_some_and(|place| in_zone(place.zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Felt for 55 s from 60 s on, and a point from 60 s to 120 s that an alarm sees later. One that is not felt is in no point.
    #[test]
    fn a_point_has_what_was_felt_in_it() {
        let second = |at: u64| Time::from_secs(at).0;
        let felt = |after_s| Felt::of(second(60), after_s, vec![(3, (second(60), second(61)))]);
        let span = |from, to| (second(from), second(to));
        assert!(felt(Some(55.0)).is_in(span(60, 120)) && felt(Some(55.0)).fails_in(3, span(60, 120)));
        assert!(!felt(Some(55.0)).is_in(span(120, 180)) && felt(None).is_in(span(120, 180)));
        assert!(!felt(None).fails_in(2, span(60, 120)));
        assert!(!felt(Some(0.0)).is_in(span(60, 120)) && !felt(None).fails_in(3, span(120, 180)));
    }
}
