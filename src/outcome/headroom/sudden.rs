//! Work that comes at one instant. In: what the file says of each row, what was asked of a resource, and what there was. Out:
//! [`Burst`]s: the rows in which it was busy with such work, and how long that takes.
//!
//! What comes at one instant is more than anything can do at that instant. How long it takes to work it off follows from its size, and
//! how much of it is carried follows from how long may be waited. So a burst has no multiple of its own: what is asked for over what
//! there is would be a figure of the rows in which it is counted.

use std::ops::Range;

use super::glut::{beyond_chance, doubt, work_of_each};
use crate::measure::load::LoadSeries;
use crate::measure::member::FULL;
use crate::scenario::Scenario;
use crate::scenario::traffic::curve::RateCurve;
use crate::scenario::traffic::{Pattern, Source};
use crate::units::Time;

/// Within how much time what comes is at once. Assumption: a person does not tell it from an instant.
const INSTANT_S: f64 = 0.9;
/// Least time that it takes to work it off. Assumption: what is gone earlier is a moment.
const LEAST_S: f64 = 3.0;

/// What came at one instant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Burst {
    /// From where it came until it was worked off.
    pub rows: Range<usize>,
    /// How long it takes to work it off, if nothing else is to be done.
    pub work_s: f64,
    /// Whether it filled the resource; else more of it would.
    pub fills: bool,
}

impl Burst {
    /// The part that it is of one that fills the resource.
    pub fn part(&self) -> f64 {
        self.work_s / LEAST_S
    }
}

/// Fewest bursts, one after the other, of which none is worked off before the next comes, that are what always comes: three times
/// from one to the next. Assumption: fewer may have come together by themselves.
pub(super) const ALWAYS: usize = 4;

/// The rows from the first until the last of bursts that come again before those before them are worked off, until the end, in a run
/// of so many rows. That is no question of how long may be waited: as much always comes.
pub(super) fn unending(bursts: &[Burst], rows: usize) -> Option<Range<usize>> {
    let last = bursts.last().filter(|last| last.rows.end == rows)?;
    let joined = bursts.windows(2).rev().take_while(|pair| pair[0].rows.end > pair[1].rows.start).count();
    let first = &bursts[bursts.len() - 1 - joined];
    (joined + 1 >= ALWAYS).then_some(first.rows.start..last.rows.start)
}

/// Whether traffic may come at one instant in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::outcome) enum Sudden {
    /// By the file it comes over the row or over a good part of it.
    No,
    /// The file does not say: recordings, what a program sends, and users who may all do the same at the same time.
    Maybe,
    /// By the file most of it comes in a moment.
    Surely,
}

/// What the file says of the time from one instant until another.
pub(super) fn sudden(scenario: &Scenario, from: Time, until: Time) -> Sudden {
    let of = |source: &Source| match &source.pattern {
        _ if source.own.is_some() => Sudden::Maybe,
        Pattern::Rate { curve, .. } => match is_brief(curve, from, until) {
            true => Sudden::Surely,
            false => Sudden::No,
        },
        Pattern::Gaps(_) => Sudden::No,
        Pattern::Users(_) | Pattern::Replay(_) => Sudden::Maybe,
    };
    let all = || scenario.sources.iter().map(of);
    let any = |sudden: Sudden| all().any(|it| it == sudden);
    match (any(Sudden::Surely), any(Sudden::Maybe)) {
        (true, _) => Sudden::Surely,
        (false, true) => Sudden::Maybe,
        (false, false) => Sudden::No,
    }
}

/// Whether what comes would come in a moment at the highest rate of the time.
fn is_brief(curve: &RateCurve, from: Time, until: Time) -> bool {
    let last = Time(until.0.saturating_sub(1)).max(from);
    let first = curve.knots.partition_point(|knot| knot.0 <= from);
    let inside = curve.knots[first..].iter().take_while(|knot| knot.0 < until);
    let rates = inside.clone().map(|knot| knot.1.0);
    let most = rates.chain([curve.at(from).0, curve.at(last).0]).fold(0.0, f64::max);
    let (mut before, mut come) = (from, 0.0);
    for corner in inside.map(|knot| knot.0).chain([until]) {
        // The middle of a straight line is its mean.
        come += curve.at(before + (corner - before) / 2).0 * (corner - before).as_secs_f64();
        before = corner;
    }
    most > 0.0 && come < most * INSTANT_S * (until - from).as_secs_f64().min(1.0)
}

/// The bursts of a resource. `work` and `there` are in one unit, `glut` marks the rows in which it was busy with more than it could do.
pub(super) fn bursts(
    load: Option<&LoadSeries>,
    (work, there): (&[f64], &[f64]),
    (sudden, glut): (&[Sudden], &[bool]),
    bucket_s: f64,
) -> Vec<Burst> {
    let Some(load) = load else { return Vec::new() };
    let Some(each) = work_of_each(work, load) else { return Vec::new() };
    let least = beyond_chance(work.len());
    let at = |column: &[f64], row: Option<usize>| row.and_then(|row| column.get(row)).copied();
    let found = (0..work.len()).filter(|&row| sudden.get(row).is_some_and(|it| *it != Sudden::No));
    let found = found.filter_map(|row| {
        let (own, there) = (load.asked[row], there[row]);
        let near = [at(&load.asked, row.checked_sub(1)), at(&load.asked, Some(row + 1))];
        let usual = near.into_iter().flatten().fold(0.0, f64::max);
        let requests = load.equal_requests(&(row..row + 1));
        let is_alone = own > usual && (usual == 0.0 || doubt(requests, requests * usual / own) > least);
        let near = near.map(|it| it.unwrap_or(usual));
        let more = own - (near[0] + near[1]) / 2.0;
        let work_s = more * each / there.max(f64::MIN_POSITIVE) * bucket_s;
        let is_full = glut.get(row) == Some(&true);
        let is_sure = sudden[row] == Sudden::Surely && !load.is_buffered(row);
        let fills = is_full || is_sure && work_s >= LEAST_S;
        (is_alone && there > 0.0 && (fills || is_sure)).then_some((row, work_s, fills))
    });
    let end = |row: usize| (row..work.len()).find(|&next| work[next] < FULL * there[next]);
    let rows = |row: usize| row..end(row).unwrap_or(work.len() - 1) + 1;
    found.map(|(row, work_s, fills)| Burst { rows: rows(row), work_s, fills }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::resource::Resource;
    use crate::units::Rate;

    fn curve(knots: &[(f64, f64)]) -> RateCurve {
        RateCurve { knots: knots.iter().map(|(at, rate)| (Time::from_secs_f64(*at), Rate(*rate))).collect() }
    }

    #[test]
    fn what_comes_in_a_moment_is_sudden_whatever_the_row() {
        let burst = curve(&[(0.0, 0.0), (60.0, 0.0), (60.0, 1e6), (60.001, 1e6), (60.001, 0.0)]);
        let is_brief = |curve: &RateCurve, from: f64, until: f64| {
            super::is_brief(curve, Time::from_secs_f64(from), Time::from_secs_f64(until))
        };
        for row_s in [0.1, 1.0, 5.0, 10.0, 30.0, 60.0] {
            assert!(is_brief(&burst, 60.0, 60.0 + row_s), "rows of {row_s} s");
            assert!(!is_brief(&burst, 60.0 + row_s, 60.0 + 2.0 * row_s), "none comes there");
        }
        // Thirty seconds are no moment, whatever part of a row they are.
        let spike = curve(&[(0.0, 0.0), (60.0, 0.0), (60.0, 150.0), (90.0, 150.0), (90.0, 0.0)]);
        assert!([1.0, 10.0, 30.0, 60.0, 120.0].iter().all(|row_s| !is_brief(&spike, 60.0, 60.0 + row_s)));
    }

    /// One server that is asked for 12 s of work in a second or ten of them, and for a tenth of its time before and after.
    #[test]
    fn a_burst_takes_as_long_as_its_work_whatever_the_row() {
        for bucket_s in [1.0_f64, 2.0, 4.0, 10.0] {
            let rows = 40;
            let mut load = LoadSeries::new(Resource::Service { service: 0 });
            load.asked = vec![0.1; rows];
            load.asked[20] += 12.0 / bucket_s;
            // A request takes 10 ms.
            load.squares = load.asked.iter().map(|asked| asked * 0.01 / bucket_s).collect();
            let mut left = 0.0;
            let work: Vec<f64> = load
                .asked
                .iter()
                .map(|asked| {
                    let done = f64::min(left + asked, 1.0);
                    left += asked - done;
                    done
                })
                .collect();
            load.served.clone_from(&work);
            let (mut sudden, there) = (vec![Sudden::No; rows], vec![1.0; rows]);
            sudden[20] = Sudden::Surely;
            let found = bursts(Some(&load), (&work, &there), (&sudden, &[]), bucket_s);
            let [found] = &found[..] else { panic!("{bucket_s} s: {found:?}") };
            assert!((found.work_s - 12.0).abs() < 1e-9 && found.rows.start == 20, "{bucket_s} s: {found:?}");
            let last = found.rows.end - 1;
            assert!(work[last] < 1.0 && work[last + 1] == 0.1, "until it is worked off: {found:?}");
            // The file does not say that these came at once, and they were no glut.
            assert!(bursts(Some(&load), (&work, &there), (&[Sudden::Maybe; 40], &[]), bucket_s).is_empty());
        }
    }
}
