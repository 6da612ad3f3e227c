//! CloudWatch alarms: M of N points of a delayed, bucketed metric.
//!
//! In: whether each visible point breaches, newest last, some missing. Out: the alarm's state. Rules: Amazon
//! CloudWatch user guide, "Evaluating an alarm" and "Configuring how alarms treat missing data".

use super::language::{Alarm, Comparison, MissingData};

/// State of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Within the threshold.
    Ok,
    /// Beyond the threshold.
    Alarm,
    /// No data to judge.
    InsufficientData,
}

impl Alarm {
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
            MissingData::Ignore if real.contains(&false) => State::Ok,
            MissingData::Ignore => state,
            // Too few points for a verdict: an alarm only if none of them was within the threshold and the oldest is M
            // points old.
            MissingData::Missing => {
                let oldest = range.iter().position(Option::is_some).unwrap_or(range.len());
                let old_enough = range.len() - oldest >= needed;
                if old_enough && !real.contains(&false) { State::Alarm } else { State::Ok }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Time;

    fn state(points: &str, datapoints: u32, missing: MissingData) -> &'static str {
        let alarm = Alarm {
            period: Time::from_secs(60),
            evaluation_periods: 3,
            datapoints,
            threshold: 50.0,
            comparison: Comparison::Above,
            missing,
            delivery_delay: Time::ZERO,
        };
        let points: Vec<Option<bool>> = points
            .chars()
            .map(|point| match point {
                'X' => Some(true),
                '0' => Some(false),
                _ => None,
            })
            .collect();
        // A state that no rule returns stands for "keeps its state".
        match (alarm.evaluate(&points, State::InsufficientData), missing) {
            (State::InsufficientData, MissingData::Ignore) => "keep",
            (State::InsufficientData, _) => "none",
            (State::Ok, _) => "ok",
            (State::Alarm, _) => "alarm",
        }
    }

    /// The two tables of the user guide, with the columns missing, ignore, breaching, not breaching.
    #[test]
    fn missing_points_count_as_the_user_guide_says() {
        use MissingData::*;
        let three_of_three = [
            ("0-X-X", ["ok", "ok", "ok", "ok"]),
            ("0----", ["ok", "ok", "ok", "ok"]),
            ("-----", ["none", "keep", "alarm", "ok"]),
            ("0XX-X", ["alarm", "alarm", "alarm", "alarm"]),
            ("--X--", ["alarm", "keep", "alarm", "ok"]),
        ];
        let two_of_three = [
            ("0-X-X", ["alarm", "alarm", "alarm", "alarm"]),
            ("00X0X", ["alarm", "alarm", "alarm", "alarm"]),
            ("0-X--", ["ok", "ok", "alarm", "ok"]),
            ("----0", ["ok", "ok", "alarm", "ok"]),
            ("---X-", ["alarm", "keep", "alarm", "ok"]),
        ];
        for (datapoints, table) in [(3, three_of_three), (2, two_of_three)] {
            for (points, expected) in table {
                let found = [Missing, Ignore, Breaching, NotBreaching]
                    .map(|missing| state(points, datapoints, missing));
                assert_eq!(found, expected, "{datapoints} of 3: {points}");
            }
        }
    }
}
