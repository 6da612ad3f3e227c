//! CloudWatch alarms: M of N points of a delayed, bucketed metric.
//!
//! In: whether each visible point breaches, newest last, some missing. Out: the alarm's state. Rules: Amazon
//! CloudWatch user guide, "Evaluating an alarm" and "Configuring how alarms treat missing data".

use super::language::{Alarm, Comparison, MissingData};
pub use crate::measure::totals::AlarmState as State;
use crate::units::Time;

/// How often an alarm is evaluated, and how often it repeats an action on a group while it is on. Source: Amazon
/// CloudWatch user guide, "Evaluating an alarm" and "Alarm actions".
pub(super) const MINUTE: Time = Time::from_secs(60);
/// How often an alarm with a period below a minute is evaluated. Source: the same.
pub(super) const TEN_SECONDS: Time = Time::from_secs(10);

/// An alarm during a run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watch {
    /// Its state.
    pub(super) state: State,
    /// When it is evaluated next.
    pub(super) next: u64,
    /// When it has last acted, since it went off.
    acted: Option<u64>,
    /// Whether it was said, since it went off, that its policy has nothing to act by.
    pub(super) said: bool,
}

impl Watch {
    /// Takes the state of an evaluation; returns whether the alarm acts: when it goes off, then each minute while it stays on.
    pub(super) fn set(&mut self, state: State, now: u64) -> bool {
        self.state = state;
        if state != State::Alarm {
            (self.acted, self.said) = (None, false);
            return false;
        }
        let acts = self.acted.is_none_or(|last| now >= last.saturating_add(MINUTE.0));
        if acts {
            self.acted = Some(now);
        }
        acts
    }
}

impl Alarm {
    /// Time from one evaluation to the next.
    pub(super) fn tick(&self) -> Time {
        if self.period < MINUTE { TEN_SECONDS } else { MINUTE }
    }

    /// Whether a value is beyond the threshold.
    pub fn breaches(&self, value: f64) -> bool {
        match self.comparison {
            Comparison::Above => value > self.threshold,
            Comparison::AtLeast => value >= self.threshold,
            Comparison::Below => value < self.threshold,
            Comparison::AtMost => value <= self.threshold,
        }
    }

    /// Points that an evaluation looks at: more than N, so that missing ones can be skipped (5 for N = 3).
    pub fn range(&self) -> usize {
        self.evaluation_periods as usize + 2
    }

    /// Judges the points of the range, newest last.
    pub fn evaluate(&self, points: &[Option<bool>], state: State) -> State {
        let (periods, needed) = (self.evaluation_periods as usize, self.datapoints as usize);
        let range = &points[points.len().saturating_sub(self.range())..];
        let real: Vec<bool> = range.iter().flatten().copied().collect();
        let judge = |breaching: usize| if breaching >= needed { State::Alarm } else { State::Ok };
        let count = |points: &[bool]| points.iter().filter(|&&breaching| breaching).count();
        if real.len() >= periods {
            return judge(count(&real[real.len() - periods..]));
        }
        let missing = periods - real.len();
        match self.missing {
            MissingData::NotBreaching => judge(count(&real)),
            MissingData::Breaching => judge(count(&real) + missing),
            _ if real.is_empty() && self.missing == MissingData::Missing => State::InsufficientData,
            _ if count(&real) >= needed => State::Alarm,
            _ if real.contains(&false) => State::Ok,
            MissingData::Ignore => state,
            // Too few points for a verdict, and none within the threshold: an alarm once the oldest is M points old. Until
            // then the next point may still be within the threshold, so nothing changes.
            MissingData::Missing => {
                let oldest = range.iter().position(Option::is_some).unwrap_or(range.len());
                if range.len() - oldest >= needed { State::Alarm } else { state }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alarm(datapoints: u32, periods: u32, missing: MissingData) -> Alarm {
        Alarm {
            period: Time::from_secs(60),
            evaluation_periods: periods,
            datapoints,
            threshold: 50.0,
            comparison: Comparison::Above,
            missing,
            delivery_delay: Time::ZERO,
        }
    }

    /// What M of N makes of points, from a state: `X` breaches, `0` does not, `-` is missing, newest right.
    fn judge((datapoints, periods): (u32, u32), points: &str, missing: MissingData, state: State) -> State {
        let points: Vec<Option<bool>> =
            points.chars().map(|point| (point != '-').then_some(point == 'X')).collect();
        alarm(datapoints, periods, missing).evaluate(&points, state)
    }

    /// The same from each state: the state that it always has, or `keep`, or what it is from each.
    fn verdict(of: (u32, u32), points: &str, missing: MissingData) -> String {
        let before = [State::Ok, State::Alarm, State::InsufficientData];
        let after = before.map(|state| judge(of, points, missing, state));
        if after == before {
            return "keep".into();
        }
        let same = after.iter().all(|state| *state == after[0]);
        let word = match after[0] {
            State::Ok => "ok",
            State::Alarm => "alarm",
            State::InsufficientData => "none",
        };
        if same { word.into() } else { format!("{after:?}") }
    }

    fn table(of: (u32, u32), rows: &[(&str, [&str; 4])]) {
        use MissingData::*;
        for (points, expected) in rows {
            let found =
                [Missing, Ignore, Breaching, NotBreaching].map(|missing| verdict(of, points, missing));
            assert_eq!(found, *expected, "{of:?}: {points}");
        }
    }

    /// The two tables of the user guide, with the columns missing, ignore, breaching, not breaching.
    #[test]
    fn missing_points_count_as_the_user_guide_says() {
        let three_of_three = [
            ("0-X-X", ["ok", "ok", "ok", "ok"]),
            ("0----", ["ok", "ok", "ok", "ok"]),
            ("-----", ["none", "keep", "alarm", "ok"]),
            ("0XX-X", ["alarm", "alarm", "alarm", "alarm"]),
            ("--X--", ["alarm", "keep", "alarm", "ok"]),
        ];
        table((3, 3), &three_of_three);
        let two_of_three = [
            ("0-X-X", ["alarm", "alarm", "alarm", "alarm"]),
            ("00X0X", ["alarm", "alarm", "alarm", "alarm"]),
            ("0-X--", ["ok", "ok", "alarm", "ok"]),
            ("----0", ["ok", "ok", "alarm", "ok"]),
            ("---X-", ["alarm", "keep", "alarm", "ok"]),
        ];
        table((2, 3), &two_of_three);
    }

    /// The text below those tables: with 3 of 3, a lone breach does not set off the alarm while it is younger than three
    /// points, for the next point may be within the threshold; then it does.
    #[test]
    fn a_lone_breach_sets_off_an_alarm_once_it_is_m_points_old() {
        table(
            (3, 3),
            &[
                ("----X", ["keep", "keep", "alarm", "ok"]),
                ("---X-", ["keep", "keep", "alarm", "ok"]),
                ("---XX", ["keep", "keep", "alarm", "ok"]),
                ("---X0", ["ok", "ok", "ok", "ok"]),
                ("--X-0", ["ok", "ok", "ok", "ok"]),
                ("--X-X", ["alarm", "keep", "alarm", "ok"]),
                ("X----", ["alarm", "keep", "alarm", "ok"]),
            ],
        );
        // M points that breach are enough, however few there are.
        table((1, 3), &[("----X", ["alarm", "alarm", "alarm", "alarm"]), ("0--X-", ["alarm"; 4])]);
        table((2, 3), &[("----X", ["keep", "keep", "alarm", "ok"])]);
    }

    /// Real points from farther back are used in place of missing ones: two more than N are fetched. One of one is judged by
    /// a point that is up to three periods old, so it stays on for two periods after its last point.
    #[test]
    fn the_range_reaches_two_points_further_back_than_n() {
        table(
            (1, 1),
            &[
                ("X--", ["alarm"; 4]),
                ("0--", ["ok"; 4]),
                ("X0-", ["ok"; 4]),
                ("---", ["none", "keep", "alarm", "ok"]),
                // What is older than the range is gone.
                ("X---", ["none", "keep", "alarm", "ok"]),
            ],
        );
        table((4, 5), &[("XX0-X-X", ["alarm"; 4]), ("0X0-X-X", ["ok"; 4])]);
        table((5, 5), &[("XX-X-XX", ["alarm"; 4]), ("-X-X-XX", ["alarm", "keep", "alarm", "ok"])]);
        assert_eq!([1, 3, 15].map(|periods| alarm(1, periods, MissingData::Missing).range()), [3, 5, 17]);
    }

    #[test]
    fn a_value_on_the_threshold_breaches_only_if_it_may() {
        let breaches =
            |comparison, value| Alarm { comparison, ..alarm(1, 1, MissingData::Missing) }.breaches(value);
        use Comparison::{Above, AtLeast, AtMost, Below};
        for (comparison, expected) in [
            (Above, [false, false, true]),
            (AtLeast, [false, true, true]),
            (Below, [true, false, false]),
            (AtMost, [true, true, false]),
        ] {
            assert_eq!(
                [49.0, 50.0, 51.0].map(|value| breaches(comparison, value)),
                expected,
                "{comparison:?}"
            );
        }
    }

    /// It acts when it goes off and each minute while it is on, whatever its period; a new alarm acts at once.
    #[test]
    fn an_alarm_acts_each_minute_while_it_is_on() {
        use State::{Alarm, InsufficientData, Ok};
        let mut watch = Watch::default();
        let mut at = |second: u64, state| watch.set(state, second * 1_000_000_000);
        let seconds = [
            (0, Ok, false),
            (10, Alarm, true),
            (20, Alarm, false),
            (60, Alarm, false),
            (70, Alarm, true),
            (120, Alarm, false),
            (130, Alarm, true),
            (140, InsufficientData, false),
            (150, Alarm, true),
        ];
        for (second, state, acts) in seconds {
            assert_eq!(at(second, state), acts, "{second} s");
        }
    }

    #[test]
    fn an_alarm_is_evaluated_each_minute_or_each_ten_seconds() {
        let tick =
            |seconds| Alarm { period: Time::from_secs(seconds), ..alarm(1, 1, MissingData::Missing) }.tick();
        assert_eq!([10, 20, 30].map(tick), [TEN_SECONDS; 3]);
        assert_eq!([60, 300, 3_600].map(tick), [MINUTE; 3]);
    }
}
