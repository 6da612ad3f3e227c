//! When the number of instances changed, measured against predicted. In: instances by period. Out: [`Rescaled`], change by change.

use serde::{Deserialize, Serialize};

use super::compared::Compared;
use crate::measured::What;

/// Periods by which a change may be off and still be the same one.
const NEAR_PERIODS: usize = 10;
/// Seconds by which it may: alarms of CloudWatch take a quarter of an hour to scale in.
const NEAR_S: f64 = 900.0;

/// A change of the number of instances.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When the period begins in which it shows, seconds from the start of the recording.
    pub at_s: f64,
    /// Instances before.
    pub from: f64,
    /// Instances after.
    pub to: f64,
}

impl Step {
    fn is_out(&self) -> bool {
        self.to > self.from
    }
}

/// A change that was measured, predicted, or both.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// As it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Step>,
    /// As the first run has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<Step>,
}

impl Change {
    /// By how many seconds it is predicted too late.
    pub fn late_s(&self) -> Option<f64> {
        Some(self.predicted?.at_s - self.measured?.at_s)
    }
}

/// The changes of a fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rescaled {
    /// The fleet.
    pub fleet: String,
    /// Its changes, in the order of time.
    pub changes: Vec<Change>,
}

impl Rescaled {
    /// Of each fleet whose instances were measured and are predicted; `first_run` has the instances of the first run.
    pub fn all<'a>(
        compared: &[Compared],
        first_run: impl Fn(&Compared) -> &'a [Option<f64>],
        start_s: impl Fn(usize) -> f64,
        width_s: f64,
    ) -> Vec<Rescaled> {
        let fleets = compared.iter().filter(|it| it.of.what == What::Instances);
        let of = |it: &Compared| {
            let measured = it.pairs.iter().map(|pair| (pair.period, pair.measured));
            let values = first_run(it);
            let predicted =
                it.pairs.iter().filter_map(|pair| Some((pair.period, (*values.get(pair.period)?)?)));
            let near_s = NEAR_S.max(NEAR_PERIODS as f64 * width_s);
            let changes = matched(steps(measured, &start_s), steps(predicted, &start_s), near_s);
            Rescaled { fleet: it.of.name.clone().unwrap_or_default(), changes }
        };
        fleets.map(of).filter(|it| !it.changes.is_empty()).collect()
    }
}

/// Where whole numbers of instances change.
fn steps(values: impl Iterator<Item = (usize, f64)>, start_s: impl Fn(usize) -> f64) -> Vec<Step> {
    let whole: Vec<(usize, f64)> = values.map(|(period, value)| (period, value.round())).collect();
    let changes = whole.windows(2).filter(|pair| pair[0].1 != pair[1].1);
    changes.map(|pair| Step { at_s: start_s(pair[1].0), from: pair[0].1, to: pair[1].1 }).collect()
}

/// Each measured change with the nearest predicted one of the same direction.
fn matched(measured: Vec<Step>, mut predicted: Vec<Step>, near_s: f64) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for step in measured {
        let off = |it: &Step| (it.at_s - step.at_s).abs();
        let near = predicted
            .iter()
            .enumerate()
            .filter(|(_, it)| it.is_out() == step.is_out() && off(it) <= near_s)
            .min_by(|one, other| off(one.1).total_cmp(&off(other.1)))
            .map(|(at, _)| at);
        let found = near.map(|at| predicted.remove(at));
        changes.push(Change { measured: Some(step), predicted: found });
    }
    changes.extend(predicted.into_iter().map(|step| Change { measured: None, predicted: Some(step) }));
    let at_s = |it: &Change| it.measured.or(it.predicted).map_or(0.0, |step| step.at_s);
    changes.sort_by(|one, other| at_s(one).total_cmp(&at_s(other)));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_matched_with_the_nearest_of_its_direction() {
        let of = |values: &[f64]| steps(values.iter().copied().enumerate(), |period| 60.0 * period as f64);
        let measured = of(&[2.0, 2.0, 4.0, 4.0, 4.0, 3.0]);
        let predicted = of(&[2.0, 2.0, 2.0, 4.0, 5.0, 5.0]);
        let found = matched(measured, predicted, 600.0);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].late_s(), Some(60.0));
        assert_eq!(found[1].predicted.map(|it| (it.at_s, it.from, it.to)), Some((240.0, 4.0, 5.0)));
        assert_eq!((found[2].measured.map(|it| it.at_s), found[2].predicted), (Some(300.0), None));
        assert!(matched(of(&[1.0, 2.0]), of(&[1.0, 1.0, 2.0]), 30.0).iter().all(|it| it.late_s().is_none()));
    }
}
