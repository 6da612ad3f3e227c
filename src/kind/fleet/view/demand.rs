//! How many instances a load needs. In: a fleet whose CPU was full, and rows without trouble. Out: words with numbers.
//!
//! What a request asks for shows where it gets it: the CPU time of what was asked for, over all calm rows. What users
//! would have asked for, had slow answers not kept them waiting, counts in the trouble.

use std::ops::Range;

use crate::kind::fleet::language::Fleet;
use crate::kind::fleet::language::limits::{self, largest_at};
use crate::kind::scaling::language::{Metric, PolicyKind};
use crate::kind::view::{at, mean};
use crate::kind::{Full, Scene};
use crate::measure::resource::Resource;
use crate::number::{clock, number, percent};
use crate::units::Time;

/// Requests from which a rate is known to one percent, so that the busiest rows are not those of chance.
const KNOWN_RATE: f64 = 20_000.0;
/// Part of a need that may be chance: three standard deviations, √(1/n), of so many requests.
const DOUBT: f64 = 0.02;

/// `10 instances`, `2 instances of m5.large` where the type changes: as many as there were at the start of the rows, and if it reached it, the most that it may have.
pub(super) fn instances(about: &Full<'_>, fleet: usize) -> String {
    let Full { scene, rows, .. } = *about;
    let (Some(settings), Some(series)) = (scene.fleets.get(fleet), scene.timeline.fleets.get(fleet)) else {
        return String::new();
    };
    let most_in = |row: usize| largest_at(settings, Time::from_secs_f64(scene.time_s(row)));
    let mut reached = rows.clone().filter(|&row| at(&series.desired, row) >= f64::from(most_in(row)));
    let largest = reached.next().filter(|_| settings.scales()).map(most_in);
    let serving = at(&series.in_rotation, rows.start).round();
    let waiting = at(&series.serving, rows.start).round() - serving;
    let first = Time::from_secs_f64(scene.time_s(rows.start));
    let text = match settings.timetable.is_empty() {
        true => size(serving, largest),
        false => by_timetable(settings, serving, first),
    };
    let text = if waiting > 0.0 { format!("{text}, {} more not healthy yet", number(waiting)) } else { text };
    match settings.resize.is_empty() {
        true => text,
        false => format!("{text} of {}", settings.hardware_at(first).instance.name),
    }
}

/// `1 instance by its timetable, 3 from 8:00`: one that comes late is the cause.
fn by_timetable(fleet: &Fleet, serving: f64, time: Time) -> String {
    let text = format!("{} by its timetable", size(serving, None));
    match limits::larger_later(fleet, time) {
        Some((at, later)) => format!("{text}, {later} from {}", clock(at.as_secs_f64())),
        None => text,
    }
}

/// How many instances the offered load needs: what the traffic of the file asks for, as the warning before a run has it, or
/// what was asked for in the rows, where that is more by more than chance.
pub(super) fn needed(about: &Full<'_>, fleet: usize) -> String {
    let Full { scene, rows, load, .. } = *about;
    let (Some(settings), Some(series)) = (scene.fleets.get(fleet), scene.timeline.fleets.get(fleet)) else {
        return String::new();
    };
    let first = Time::from_secs_f64(scene.time_s(rows.start));
    let strength = settings.hardware_at(first).instance.strength;
    let expected = load.busy(|demand| demand.of(Resource::Cpu { fleet }), strength);
    let time = |row: usize| Time::from_secs_f64(scene.time_s(row));
    let expected = load.most_between(&expected, time(rows.start), time(rows.end));
    let asked = asked(scene, fleet);
    let seen = work_for_one(about, fleet, &asked).map_or(0.0, |each| {
        let fewest = rows_of_work(scene, fleet, settings, rows);
        each * most_asked(scene, &asked, rows, fewest)
    });
    let work = expected.max(seen * (1.0 - DOUBT));
    let instances = limits::needed(settings, work, first);
    if work == 0.0 || f64::from(instances) <= at(&series.in_rotation, rows.start) {
        return String::new();
    }
    let text = format!("its load needs about {}", number(instances.into()));
    match cpu_target(settings) {
        Some(target) => {
            let of_work = settings.hardware_at(first).share_of_work(target);
            let more = limits::needed(settings, work / of_work, first);
            format!("{text}, or {} at {}", number(more.into()), percent(100.0 * target))
        }
        None => text,
    }
}

/// What was asked of the CPU of a fleet per second, row by row, in any unit; where no path leads to it, requests.
fn asked(scene: &Scene<'_>, fleet: usize) -> Vec<f64> {
    let timeline = scene.timeline;
    let load = timeline.loads.iter().find(|load| load.of == Resource::Cpu { fleet });
    let each = |(row, asked): (usize, &f64)| asked / scene.row_s(row).max(1e-9);
    load.map_or_else(|| timeline.offered.clone(), |load| load.asked.iter().enumerate().map(each).collect())
}

/// As many rows as a request takes that asks for as much as most of the work comes of: jobs keep no more cores busy than there
/// are of them, however near each other they come.
fn rows_of_work(scene: &Scene<'_>, fleet: usize, settings: &Fleet, rows: &Range<usize>) -> usize {
    let load = scene.timeline.loads.iter().find(|load| load.of == Resource::Cpu { fleet });
    let Some(load) = load else { return 1 };
    let sum = |column: &[f64]| column.iter().take(rows.end).skip(rows.start).sum::<f64>();
    let nanos = sum(&load.squares) / sum(&load.asked).max(f64::MIN_POSITIVE);
    let first = Time::from_secs_f64(scene.time_s(rows.start));
    let strength = settings.hardware_at(first).instance.strength;
    (nanos * 1e-9 / strength / scene.timeline.bucket_s.max(1e-9)).ceil().max(1.0) as usize
}

/// What was asked for per second when most was, on the mean of as many rows as it takes to know, and not of fewer than so many.
fn most_asked(scene: &Scene<'_>, asked: &[f64], rows: &Range<usize>, fewest: usize) -> f64 {
    let requests = mean(&scene.timeline.offered, rows) * scene.timeline.bucket_s;
    let asked = asked.get(rows.start..rows.end.min(asked.len())).unwrap_or_default();
    let known = ((KNOWN_RATE / requests.max(1.0)).ceil() as usize).max(fewest);
    let width = known.clamp(1, asked.len().max(1));
    let mut sum: f64 = asked.iter().take(width).sum();
    let mut most = sum;
    for (row, next) in asked.iter().enumerate().skip(width) {
        sum += next - asked[row - width];
        most = most.max(sum);
    }
    most / width.max(fewest) as f64
}

/// Work, in vCPU-seconds of strength 1, for one of what was asked for, in the rows without trouble.
fn work_for_one(about: &Full<'_>, fleet: usize, asked: &[f64]) -> Option<f64> {
    let series = &about.scene.timeline.fleets[fleet];
    let settings = about.scene.fleets.get(fleet)?;
    let share = series.work_share();
    let calm = about.calm.iter().enumerate().filter(|(_, calm)| **calm).map(|(row, _)| row);
    let (work, asked) = calm.fold((0.0, 0.0), |(work, sum), row| {
        let (span, serving) = (about.scene.row_s(row), at(&series.serving, row));
        let time = Time::from_secs_f64(about.scene.time_s(row));
        let there =
            limits::capacity(settings, serving.round() as u32, time) * serving / serving.round().max(1.0);
        (work + at(&share, row) * there * span, sum + at(asked, row) * span)
    });
    (asked > 0.0 && work > 0.0).then(|| work / asked)
}

/// How many instances there were at first, and the largest size if it was scaled out to that.
fn size(serving: f64, largest: Option<u32>) -> String {
    let count = number(serving);
    let noun = if serving == 1.0 { "instance" } else { "instances" };
    match largest {
        Some(1) if serving == 1.0 => "the one instance that it may have".into(),
        Some(most) if serving >= f64::from(most) => format!("all {count} {noun} that it may have"),
        Some(most) => format!("{count} {noun} at first and scaled out to all {most} that it may have"),
        None => format!("{count} {noun}"),
    }
}

/// The CPU share that target tracking holds, 0 to 1.
fn cpu_target(fleet: &Fleet) -> Option<f64> {
    fleet.policies.iter().find_map(|policy| match (policy.metric, &policy.kind) {
        (Metric::Cpu, PolicyKind::TargetTracking { target, .. }) => Some(target / 100.0),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_says_whether_more_may_be_had() {
        let told = [(10.0, None), (1.0, None), (1.0, Some(3)), (3.0, Some(3)), (1.0, Some(1))];
        assert_eq!(
            told.map(|(serving, largest)| size(serving, largest)),
            [
                "10 instances",
                "1 instance",
                "1 instance at first and scaled out to all 3 that it may have",
                "all 3 instances that it may have",
                "the one instance that it may have"
            ]
        );
    }
}
