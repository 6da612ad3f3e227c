//! A figure in every window of the event by itself. In: the rows of the runs so far. Out: the value of each window.
//!
//! A window is a whole number of rows, the last may be shorter. Windows that begin before the warm-up ends are left out,
//! and those in which nothing happened that the figure is about. Of several runs, a window holds the requests of all.

use std::cell::RefCell;
use std::rc::Rc;

use super::view::View;
use crate::id::ClassId;
use crate::measure::figure::share_of_some;
use crate::measure::histogram::{Histogram, Packed, beside};
use crate::measure::unit::Better;
use crate::objective::quantity::Quantity;
use crate::objective::{Reading, Windows};
use crate::outcome::Timeline;
use crate::scenario::Scenario;
use crate::scenario::objective::Bound;
use crate::units::Time;

/// Failed over ended requests of a window from which it is said that its latency is not of all of them. An assumption:
/// the slowest hundredth decides the p99, the percentile that most bounds are on.
const FAILING: f64 = 0.01;

/// A window that has a value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Window {
    start_s: f64,
    value: f64,
    /// Between which values that lies, as far as it is known.
    between: (f64, f64),
    /// Of a latency, whether more of the requests that ended failed than [`FAILING`]: these have no latency.
    failing: bool,
}

impl Window {
    /// Its value as it is compared with a limit.
    fn beside(&self, limit: f64) -> f64 {
        beside(self.value, self.between, limit)
    }
}

/// The windows of a width, of a figure.
type WindowsOf = (Time, Quantity, Rc<[Window]>);

/// Windows that were worked out of a view already: the verdict on an objective and its figure read the same.
#[derive(Debug, Default)]
pub(super) struct Known(RefCell<Vec<WindowsOf>>);

impl Known {
    fn windows(&self, scenario: &Scenario, view: &View<'_>, width: Time, of: &Quantity) -> Rc<[Window]> {
        let known = |list: &[WindowsOf]| {
            let found = list.iter().find(|(other, quantity, _)| *other == width && quantity == of);
            found.map(|(_, _, windows)| Rc::clone(windows))
        };
        if let Some(windows) = known(&self.0.borrow()) {
            return windows;
        }
        let windows: Rc<[Window]> = windows(scenario, view, width, of).into();
        self.0.borrow_mut().push((width, of.clone(), Rc::clone(&windows)));
        windows
    }
}

/// What is read of a bound in every window.
pub(super) fn reading(scenario: &Scenario, view: &View<'_>, window: Time, bound: &Bound) -> Reading {
    let of = Quantity::observed_by(bound);
    let all = view.windows.windows(scenario, view, window, &of);
    let count = |is: &dyn Fn(&Window) -> bool| all.iter().filter(|window| is(window)).count();
    let worst = worst_of(&all, &of);
    let windows = worst.map(|worst| Windows {
        worst_s: worst.start_s,
        missed: count(&|window| !bound.is_met_by(window.beside(bound.limit()))),
        judged: all.len(),
        failing: count(&|window| window.failing),
    });
    Reading { value: worst.map(|worst| worst.beside(bound.limit())), windows, at_most: false }
}

/// Of every window that has a value: when it begins, and whether it meets a bound.
pub(super) fn judged(scenario: &Scenario, view: &View<'_>, window: Time, bound: &Bound) -> Vec<(f64, bool)> {
    let all = view.windows.windows(scenario, view, window, &Quantity::observed_by(bound));
    all.iter().map(|it| (it.start_s, bound.is_met_by(it.beside(bound.limit())))).collect()
}

/// The value of the worst window.
pub(super) fn worst(scenario: &Scenario, view: &View<'_>, window: Time, of: &Quantity) -> Option<f64> {
    worst_of(&view.windows.windows(scenario, view, window, of), of).map(|worst| worst.value)
}

/// The first of the worst windows.
fn worst_of(windows: &[Window], of: &Quantity) -> Option<Window> {
    let worse = |one: f64, other: f64| match of.better() {
        Better::Higher => one < other,
        Better::Lower | Better::Neither => one > other,
    };
    let windows = windows.iter().copied();
    windows.reduce(|worst, next| if worse(next.value, worst.value) { next } else { worst })
}

/// Each window that has a value.
fn windows(scenario: &Scenario, view: &View<'_>, window: Time, of: &Quantity) -> Vec<Window> {
    let timeline = view.timeline();
    let each = (window.0 / scenario.bucket.0.max(1)).max(1) as usize;
    let rows: Vec<usize> = (0..timeline.time_s.len()).collect();
    let warm = |rows: &&[usize]| timeline.time_s[rows[0]] >= scenario.warmup.as_secs_f64();
    let read = |rows: &[usize]| {
        let (value, between) = in_window(of, rows, view, timeline)?;
        let failing = match *of {
            Quantity::Latency { class, .. } => {
                let (completed, failed) = ended(class, rows, view, timeline);
                failed > FAILING * (completed + failed)
            }
            _ => false,
        };
        Some(Window { start_s: timeline.time_s[rows[0]], value, between, failing })
    };
    rows.chunks(each).filter(warm).filter_map(read).collect()
}

/// The value of a window, and between which values that lies.
fn in_window(
    of: &Quantity,
    rows: &[usize],
    view: &View<'_>,
    timeline: &Timeline,
) -> Option<(f64, (f64, f64))> {
    let ended = |class| ended(class, rows, view, timeline);
    let known = |value| (value, (value, value));
    match *of {
        Quantity::Latency { class, quantile } => {
            let mut latency = Histogram::default();
            rows.iter().filter_map(|row| packed(class, *row, view)).for_each(|row| row.add_to(&mut latency));
            let millis = |nanos: u64| nanos as f64 / 1e6;
            match latency.located(quantile) {
                Some((nanos, (low, high))) => Some((millis(nanos), (millis(low), millis(high)))),
                // Requests failed, and none was answered: slower than any bound.
                None => (ended(class).1 > 0.0).then_some(known(f64::INFINITY)),
            }
        }
        Quantity::Errors(class) => {
            let (completed, failed) = ended(class);
            share_of_some(failed, completed + failed).map(known)
        }
        Quantity::Availability(class) => {
            let (completed, failed) = ended(class);
            share_of_some(completed, completed + failed).map(known)
        }
        Quantity::Figure(ref figure) => timeline.kinds.value(figure, rows).map(known),
        // No other bound is read with `every`.
        _ => None,
    }
}

/// The latencies of a row, of a class or of all.
fn packed<'a>(class: Option<ClassId>, row: usize, view: &'a View<'_>) -> Option<&'a Packed> {
    let recorder = &view.measured.recorder;
    match class {
        None => recorder.rows.get(row),
        Some(class) => Some(&recorder.classes[class.index()].rows.as_ref()?.rows.get(row)?.latency),
    }
}

/// Completed and failed requests that ended in some rows; in any unit, since only their ratio counts.
fn ended(class: Option<ClassId>, rows: &[usize], view: &View<'_>, timeline: &Timeline) -> (f64, f64) {
    if let Some(class) = class {
        let kept = view.measured.recorder.classes[class.index()].rows.iter().flat_map(|it| &it.rows);
        let inside = kept.skip(rows[0]).take(rows.len());
        return inside.fold((0.0, 0.0), |sum, row| (sum.0 + row.completed as f64, sum.1 + row.failed as f64));
    }
    let sum = |column: &[f64]| rows.iter().filter_map(|row| column.get(*row)).sum::<f64>();
    (sum(&timeline.completed), timeline.failed.values().map(|column| sum(column)).sum())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model;
    use crate::outcome::view::Sum;

    #[test]
    fn a_verdict_and_its_figure_read_windows_that_were_worked_out_once() {
        let text =
            b"duration = \"3m\"\ntraffic.all.rate = \"10/s\"\nrequest.a.steps = [{ delay = \"20ms\" }]";
        let scenario = crate::scenario::parse("a.toml", text, Path::new(""), &[]).unwrap();
        let run = Sum::of(&scenario, model::run(&scenario, 1, &mut |_| {}));
        let view = run.view();
        let bound = Bound::Errors { class: None, limit: 0.01, inclusive: false };
        let kept = || view.windows.0.borrow().len();
        let minute = Time::from_secs(60);
        let windows = reading(&scenario, &view, minute, &bound).windows.unwrap();
        assert_eq!((windows.judged, windows.missed, kept()), (3, 0, 1));
        assert_eq!(worst(&scenario, &view, minute, &Quantity::Errors(None)), Some(0.0));
        assert_eq!(kept(), 1);
        worst(&scenario, &view, Time::from_secs(30), &Quantity::Errors(None));
        worst(&scenario, &view, minute, &Quantity::Availability(None));
        assert_eq!(kept(), 3, "another width and another figure are other windows");
        assert!(std::ptr::eq(view.headroom(&scenario), view.headroom(&scenario)));
    }
}
