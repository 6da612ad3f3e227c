//! What the policies of one scenario did. In: the rows and the activities of its fleets. Out: for each fleet its size, its
//! hours and the time above a target; for each activity when and how far.

use serde::{Deserialize, Serialize};

use super::letter::letter;
use crate::id::{Kind, Reference};
use crate::outcome::{Activity, Outcome};

/// A fleet and the CPU utilisation that a policy of it is to hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The fleet: of all scenarios those of this name.
    pub fleet: Reference,
    /// Percent.
    pub percent: f64,
    /// Letter of the first scenario that has it.
    pub of: char,
}

/// One fleet of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleetSummary {
    /// Which.
    pub fleet: Reference,
    /// Most instances at once in any run, booting and draining ones included.
    pub most_instances: u32,
    /// Billed instance-hours.
    pub instance_hours: f64,
    /// Share of the time in which its mean CPU utilisation, row by row, was above the target that the first scenario with
    /// one has; absent where none has one, or no instance served.
    pub above_target: Option<f64>,
}

/// An activity of Auto Scaling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// When it was decided.
    pub at_s: f64,
    /// The fleet.
    pub fleet: Reference,
    /// Desired capacity before.
    pub from: u32,
    /// Desired capacity after.
    pub to: u32,
}

/// A fleet by its name.
fn reference(name: &str) -> Reference {
    Reference { kind: Kind::Fleet, name: name.into() }
}

impl Target {
    /// The targets of all fleets, each from the first scenario that has one.
    pub(super) fn all(outcomes: &[Outcome]) -> Vec<Target> {
        let mut found: Vec<Target> = Vec::new();
        for (at, outcome) in outcomes.iter().enumerate() {
            for fleet in &outcome.fleets {
                let Some(percent) = fleet.cpu_target else { continue };
                let fleet = reference(&fleet.name);
                if found.iter().all(|target| target.fleet != fleet) {
                    found.push(Target { fleet, percent, of: letter(at) });
                }
            }
        }
        found
    }
}

impl FleetSummary {
    pub(super) fn all(outcome: &Outcome, targets: &[Target]) -> Vec<FleetSummary> {
        let fleet = |(at, fleet): (usize, &crate::outcome::FleetOutcome)| FleetSummary {
            fleet: reference(&fleet.name),
            most_instances: fleet.peak_instances,
            instance_hours: fleet.instance_seconds / 3_600.0,
            above_target: targets
                .iter()
                .find(|target| target.fleet.name == fleet.name)
                .and_then(|target| above(outcome, at, target.percent)),
        };
        outcome.fleets.iter().enumerate().map(fleet).collect()
    }
}

/// Share of the time in which the CPU of a fleet was above a target, of the rows in which instances served.
fn above(outcome: &Outcome, fleet: usize, percent: f64) -> Option<f64> {
    let series = outcome.timeline.fleets.get(fleet)?;
    let (mut all, mut above) = (0.0, 0.0);
    for ((width, serving), cpu) in rows(outcome).zip(&series.serving).zip(&series.cpu_percent) {
        if *serving > 0.0 {
            all += width;
            above += if *cpu > percent { width } else { 0.0 };
        }
    }
    (all > 0.0).then(|| above / all)
}

/// How long each row is, seconds.
pub(super) fn rows(outcome: &Outcome) -> impl Iterator<Item = f64> {
    let (bucket_s, end) = (outcome.timeline.bucket_s, outcome.scenario.duration_s);
    outcome.timeline.time_s.iter().map(move |start| bucket_s.min((end - start).max(0.0)))
}

impl Act {
    pub(super) fn of(activity: &Activity) -> Act {
        let Activity { at_s, from, to, .. } = *activity;
        Act { at_s, fleet: reference(&activity.fleet), from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;

    /// Rows at 80, 60, 90 and 90 % against 70 %; in the last nothing serves.
    #[test]
    fn the_time_above_a_target_is_that_of_rows_that_serve() {
        let mut outcome = sample::outcome();
        outcome.timeline.time_s.truncate(4);
        let end = outcome.timeline.time_s[3] + outcome.timeline.bucket_s;
        outcome.scenario.duration_s = end;
        let series = &mut outcome.timeline.fleets[0];
        series.cpu_percent = vec![80.0, 60.0, 90.0, 90.0];
        series.serving = vec![1.0, 1.0, 1.0, 0.0];
        assert!((above(&outcome, 0, 70.0).unwrap() - 2.0 / 3.0).abs() < 1e-9);
        outcome.timeline.fleets[0].serving = vec![0.0; 4];
        assert_eq!(above(&outcome, 0, 70.0), None);
    }

    #[test]
    fn the_first_scenario_with_a_target_gives_it_to_all() {
        let mut all = [sample::outcome(), sample::outcome(), sample::outcome()];
        (all[0].fleets[0].cpu_target, all[1].fleets[0].cpu_target) = (None, Some(50.0));
        all[2].fleets[0].cpu_target = Some(90.0);
        let targets = Target::all(&all);
        assert_eq!((targets[0].percent, targets[0].of), (50.0, 'B'));
        let sides = all.each_ref().map(|it| FleetSummary::all(it, &targets)[0].above_target);
        assert!(sides[0].is_some() && sides[0] == sides[1] && sides[1] == sides[2], "{sides:?}");
    }
}
