//! Availability by time: intervals that each count as much as every other, whatever ended in them. In: the rows of the timeline. Out: the
//! mean of what did not fail, and for how long too much failed.

use crate::outcome::Timeline;
use crate::scenario::Scenario;
use crate::units::Time;

/// 1 less the mean of the shares that failed of what ended in each interval; nothing if nothing ended. One in which nothing ended has none.
/// The last interval may be shorter, and counts for that less.
pub fn uptime(scenario: &Scenario, timeline: &Timeline) -> Option<f64> {
    let mut any = false;
    let (mut failing, mut all) = (0.0, 0.0);
    for Interval { span_s, failed } in intervals(scenario, timeline, scenario.availability.interval) {
        any |= failed.is_some();
        failing += failed.unwrap_or(0.0) * span_s;
        all += span_s;
    }
    any.then(|| 1.0 - failing / all)
}

/// Seconds in minutes in which more failed of what ended than is still up; nothing if nothing ended.
pub fn down_s(scenario: &Scenario, timeline: &Timeline) -> Option<f64> {
    let mut any = false;
    let mut down_s = 0.0;
    for Interval { span_s, failed } in intervals(scenario, timeline, scenario.availability.minute) {
        any |= failed.is_some();
        if failed > Some(scenario.availability.down) {
            down_s += span_s;
        }
    }
    any.then_some(down_s)
}

/// Some neighbouring rows.
struct Interval {
    span_s: f64,
    /// The share that failed of what ended in it, if anything did.
    failed: Option<f64>,
}

fn intervals(scenario: &Scenario, timeline: &Timeline, width: Time) -> impl Iterator<Item = Interval> {
    let rows = timeline.time_s.len();
    let each = (width.0 / scenario.bucket.0.max(1)).max(1) as usize;
    let end_s = scenario.duration.as_secs_f64();
    let begins = move |row: usize| timeline.time_s.get(row).copied().unwrap_or(end_s);
    let failed: Vec<f64> = timeline.failed_per_s();
    (0..rows).step_by(each).map(move |first| {
        let last = (first + each).min(rows);
        let sum = |column: &[f64]| {
            (first..last).map(|row| column[row] * (begins(row + 1) - begins(row))).sum::<f64>()
        };
        let (failed, completed) = (sum(&failed), sum(&timeline.completed));
        let ended = completed + failed;
        Interval { span_s: begins(last) - begins(first), failed: (ended > 0.0).then(|| failed / ended) }
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::measure::stage::Cause;

    /// Rows of a minute over 12 minutes: intervals of 5, 5 and 2 minutes. In the first one 10 of 100 failed, in the second nothing came, in
    /// the last one half failed. So 5 × 0.1 + 2 × 0.5 of 12 minutes. Of 12 minutes two were down, and one that is at 10 % is not.
    #[test]
    fn an_interval_counts_by_its_length_and_not_by_its_requests() {
        let text = "duration = \"12m\"\nbucket = \"1m\"\ntraffic.all.rate = \"1/s\"\nrequest.r.steps = [{ delay = \"1ms\" }]";
        let scenario = crate::scenario::parse("a.toml", text.as_bytes(), Path::new(""), &[]).unwrap();
        let (mut completed, mut failed) = (vec![0.0; 12], vec![0.0; 12]);
        (completed[0], failed[0], completed[4]) = (0.9, 0.1, 0.0);
        (completed[10], failed[10], completed[11], failed[11]) = (30.0, 20.0, 20.0, 30.0);
        let timeline = Timeline {
            time_s: (0..12).map(|row| 60.0 * f64::from(row)).collect(),
            completed,
            failed: [(Cause::BadGateway, failed)].into(),
            ..Timeline::default()
        };
        let expected = 1.0 - (5.0 * 0.1 + 2.0 * 0.5) / 12.0;
        assert!((uptime(&scenario, &timeline).unwrap() - expected).abs() < 1e-12);
        assert_eq!(down_s(&scenario, &timeline), Some(120.0));
        let nothing = Timeline { time_s: vec![0.0], completed: vec![0.0], ..Timeline::default() };
        assert_eq!((uptime(&scenario, &nothing), down_s(&scenario, &nothing)), (None, None));
    }
}
