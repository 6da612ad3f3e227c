//! A group that its policies, its schedule or its timetable make too small: what is left has less to give than the work that there was took.
//!
//! In: the desired capacity and the busy shares of a fleet. Out: the rows from such a scale-in until the group wants enough
//! again, and those from one whose draining has cut requests off until then. That it is felt there shows in what fills and fails: by itself it is
//! no trouble.

use std::ops::Range;

use crate::kind;
use crate::kind::view::{at as at_row, mean, peak};
use crate::kind::{Full, Scene};
use crate::measure::member::FULL;
use crate::measure::resource::Resource;
use crate::measure::watched::Watched;
use crate::number::things;

/// Rows before a scale-in that say what there was to do. Assumption: as few as the headroom takes.
const BEFORE: usize = 3;
/// Falls so near each other are one, in seconds: alarms act by the minute.
const STEP_S: f64 = 60.0;
/// What means over rows and runs leave of no instance is none.
const NONE: f64 = 0.01;

/// The scale-ins of a fleet, with how many instances were left to be wanted.
pub(super) fn watched(index: usize, scene: &Scene<'_>) -> Option<Watched<'static>> {
    let series = &scene.timeline.fleets[index];
    let desired = series.desired.as_slice();
    // What is on standby is wanted elsewhere: it says so itself.
    let standby = series.standby.first();
    let on_standby = |row| standby.map_or(0.0, |it| at_row(&it.entering, row) + at_row(&it.there, row));
    let wanted: Vec<f64> = desired.iter().enumerate().map(|(row, count)| count + on_standby(row)).collect();
    let falls = falls(&wanted, (STEP_S / scene.timeline.bucket_s.max(1e-9)).ceil() as usize);
    if falls.is_empty() {
        return None;
    }
    let needed = needed(index, scene);
    let mut left = vec![0.0; desired.len()];
    for fall in falls {
        let wants = mean(&needed, &(fall.start.saturating_sub(BEFORE)..fall.start));
        let is_too_small = |row: &usize| FULL * desired[*row] <= wants;
        // What was inside when the deregistration delay ran out is a 502 then.
        if let Some(cut) = cut_off(index, scene, &fall) {
            (fall.start..=cut).for_each(|row| left[row] = desired[row].max(NONE));
        }
        if wants > 0.0 && is_too_small(&(fall.end - 1)) {
            // A row begins with what happens at its first instant: the policies and the schedule act on the minute.
            let grown = (fall.end..desired.len()).find(|row| !is_too_small(row)).unwrap_or(desired.len());
            (fall.start..grown).for_each(|row| left[row] = desired[row].max(NONE));
        }
    }
    let full: Vec<bool> = left.iter().map(|left| *left > 0.0).collect();
    let of = Resource::ScaledIn { fleet: index };
    full.contains(&true).then(|| Watched { waiting: left, ..Watched::marked(of, full) })
}

/// The last row in which a balancer made errors as the deregistration delay of what left in a fall ran out.
fn cut_off(index: usize, scene: &Scene<'_>, fall: &Range<usize>) -> Option<usize> {
    let own = scene.balancers.iter().enumerate().filter(|(_, it)| it.targets.index() == index);
    let cut = own.filter_map(|(at, it)| {
        let series = scene.timeline.balancers.get(it.root(at))?;
        let delay = it.deregistration_delay.as_secs_f64();
        let (from, to) = (scene.time_s(fall.start) + delay, scene.time_s(fall.end) + delay);
        let is_then = |row: &usize| scene.time_s(row + 1) > from && scene.time_s(*row) <= to;
        (fall.end..series.own_5xx.len()).filter(is_then).rfind(|&row| at_row(&series.own_5xx, row) > 0.0)
    });
    cut.max()
}

/// The rows in which the desired capacity falls; one after the other within so many rows are one fall: steps of one policy, or the
/// same step of several runs.
fn falls(desired: &[f64], apart: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for row in 1..desired.len() {
        let change = desired[row] - desired[row - 1];
        match found.last_mut() {
            _ if change >= -NONE => {}
            Some(last) if row + 1 - last.end <= apart && desired[row] < desired[last.end - 1] => {
                last.end = row + 1;
            }
            _ => found.push(row..row + 1),
        }
    }
    found
}

/// How many instances would be full of what was done, row by row: by what the fullest of their resources was busy with.
fn needed(index: usize, scene: &Scene<'_>) -> Vec<f64> {
    let series = &scene.timeline.fleets[index];
    let mut needed = vec![0.0f64; series.serving.len()];
    // Workers serve whether a balancer sends to them or not.
    let is_own = |of: &[f64]| {
        [&series.serving, &series.in_rotation].iter().any(|own| std::ptr::eq(of, own.as_slice()))
    };
    for capacity in kind::capacities(scene) {
        let Some(group) = capacity.group.filter(|group| is_own(group.serving)) else { continue };
        for ((needed, busy), serving) in needed.iter_mut().zip(&capacity.busy).zip(group.serving) {
            *needed = needed.max(busy * serving);
        }
    }
    needed
}

/// `scaled in from 4 to 1 instance`, after the name of the fleet.
pub(super) fn words(about: &Full<'_>, index: usize) -> String {
    let Full { scene, resource, rows, .. } = *about;
    let name = scene.fleets.get(index).map_or("", |it| it.name.as_str());
    let left = rows.clone().map(|row| at_row(&resource.waiting, row)).filter(|left| *left > 0.0);
    let least = left.reduce(f64::min).unwrap_or(0.0);
    let desired = &scene.timeline.fleets[index].desired;
    let before = peak(desired, &(rows.start.saturating_sub(BEFORE + 1)..rows.start));
    format!("`{name}` scaled in from {} to {}", before.round(), things(least.round(), "instance"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_one_minute_are_one_fall() {
        let desired = [4.0, 4.0, 3.0, 3.0, 2.0, 2.0, 2.0, 2.0, 1.0, 3.0, 2.0];
        assert_eq!(falls(&desired, 2), [2..5, 8..9, 10..11], "the last one is after a rise");
        assert_eq!(falls(&desired, 4), [2..9, 10..11]);
        assert!(falls(&[1.0, 1.0, 2.0], 4).is_empty());
    }
}
