//! Chart: scenarios that were compared, over time. In: outcomes. Out: latency, what was served and what failed, a line for each scenario, in
//! a band from the lowest to the highest of its runs.

use plotters::style::RGBColor;

use super::super::picture;
use super::axis::Axis;
use super::figure::{Figure, Layer, Panel, Shape};
use super::palette;
use super::series::{Rows, whole};
use super::zoom;
use crate::measure::chart::peak;
use crate::number;
use crate::outcome::{Outcome, Percentile};

/// Most scenarios that have a band: of more nobody could tell which is which.
const MOST_BANDS: usize = 3;

/// The chart, if any request completed.
pub fn figure(outcomes: &[Outcome]) -> Option<Figure> {
    let longest =
        |one: &&Outcome, other: &&Outcome| one.scenario.duration_s.total_cmp(&other.scenario.duration_s);
    let frame = outcomes.iter().max_by(longest)?;
    if outcomes.iter().all(|outcome| outcome.requests.completed <= 0.0) {
        return None;
    }
    let failed: Vec<Vec<f64>> = outcomes.iter().map(|it| it.timeline.failed_per_s()).collect();
    let mut panels = vec![vec![latency(outcomes)], vec![served(outcomes)]];
    if failed.iter().any(|column| peak(column) > 0.0) {
        panels.push(vec![failures_of(outcomes, &failed)]);
    }
    let mut figure = Figure::over_time(frame, "Side by side", subtitle(outcomes), panels);
    // Each has its own spans of trouble, and its own events.
    figure.zoom = zoom::window_of_all(outcomes, frame);
    figure.trouble.clear();
    figure.markers.clear();
    figure.unmarked = 0;
    figure.scenario.clone_from(&outcomes[0].scenario.name);
    Some(figure)
}

/// Letter and name; of scenarios with one name, what was changed in it.
pub fn name(outcomes: &[Outcome], at: usize) -> String {
    let of = |at: usize| &outcomes[at].scenario;
    let same = (0..outcomes.len()).any(|other| other != at && of(other).name == of(at).name);
    let changes = of(at).overrides.join(", ");
    let words = if same && !changes.is_empty() { &changes } else { &of(at).name };
    format!("{} {words}", crate::comparison::letter(at))
}

fn colour(at: usize) -> RGBColor {
    palette::SIDES[at % palette::SIDES.len()]
}

/// The band of each side, and then the lines: no band lies on a line.
fn layers(
    outcomes: &[Outcome],
    band: impl Fn(&Outcome) -> Option<Shape>,
    line: impl Fn(usize, &Outcome) -> Option<Shape>,
) -> Vec<Layer> {
    let banded = outcomes.iter().enumerate().take(if outcomes.len() > MOST_BANDS { 0 } else { MOST_BANDS });
    let bands = banded.filter_map(|(at, outcome)| {
        let words = format!("{}: all of its {} runs", crate::comparison::letter(at), outcome.runs.count);
        Some(Layer::new(words, colour(at), band(outcome)?))
    });
    let mut all: Vec<Layer> = bands.collect();
    let lines = outcomes.iter().enumerate();
    all.extend(lines.filter_map(|(at, it)| Some(Layer::new(name(outcomes, at), colour(at), line(at, it)?))));
    all
}

fn latency(outcomes: &[Outcome]) -> Panel {
    let column = |outcome: &Outcome| outcome.timeline.latency_ms.get(&Percentile::P99).cloned();
    let bands = outcomes.iter().filter_map(|it| it.spread.as_ref()).flat_map(|it| it.p99_ms.iter().flatten());
    let values = outcomes.iter().filter_map(column).flatten().flatten();
    let values: Vec<f64> = values.chain(bands.flat_map(|(low, high)| [*low, *high])).collect();
    Panel {
        title: "99th percentile of latency (log scale)".into(),
        y: Axis::log(values.into_iter(), number::millis),
        layers: layers(
            outcomes,
            |it| Some(Rows::of(it).band(it.spread.as_ref()?.p99_ms.iter().copied())),
            |_, it| Some(Rows::of(it).line(column(it)?)),
        ),
        weight: 1.4,
    }
}

fn served(outcomes: &[Outcome]) -> Panel {
    let most = |it: &Outcome| {
        let spread = it.spread.iter().flat_map(|it| &it.completed).map(|(_, high)| *high);
        spread.fold(peak(&it.timeline.completed).max(peak(&it.timeline.offered)), f64::max)
    };
    let mut layers = layers(
        outcomes,
        |it| Some(Rows::of(it).band(it.spread.as_ref()?.completed.iter().copied().map(Some))),
        |_, it| Some(Rows::of(it).line(whole(&it.timeline.completed))),
    );
    if let Some(first) = outcomes.first() {
        let line = Rows::of(first).line(whole(&first.timeline.offered));
        let place = layers.iter().position(|it| matches!(it.shape, Shape::Line(_))).unwrap_or(0);
        layers.insert(place, Layer::new(picture::OFFERED_IN_A.text, palette::ATTEMPTS, line));
    }
    Panel {
        title: "Requests served per second".into(),
        y: Axis::linear(0.0, outcomes.iter().map(most).fold(0.0, f64::max), number::compact),
        layers,
        weight: 1.0,
    }
}

fn failures_of(outcomes: &[Outcome], failed: &[Vec<f64>]) -> Panel {
    Panel {
        title: "Requests failed per second".into(),
        y: Axis::linear(0.0, failed.iter().map(|it| peak(it)).fold(0.0, f64::max), number::compact),
        layers: layers(outcomes, |_| None, |at, it| Some(Rows::of(it).line(whole(&failed[at])))),
        weight: 0.8,
    }
}

/// The figures that decide, of each.
fn subtitle(outcomes: &[Outcome]) -> String {
    let each = outcomes.iter().enumerate().map(|(at, outcome)| {
        let arrived = outcome.requests.arrived.max(f64::MIN_POSITIVE);
        let failed = number::percent(100.0 * outcome.requests.failed / arrived);
        let p99 = number::millis(outcome.latency_ms.p99);
        format!("{}: p99 {p99}, {failed} failed", crate::comparison::letter(at))
    });
    each.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Spread, sample};

    fn names(panel: &Panel) -> Vec<&str> {
        panel.layers.iter().map(|layer| layer.name.as_str()).collect()
    }

    /// Two sides have bands, which lie behind all lines; one of a single run has none. Three have bands too, and of four sides none has.
    #[test]
    fn each_side_is_a_line_in_the_band_of_its_runs() {
        let mut first = sample::first_rows(3);
        first.runs.count = 5;
        first.spread = Some(Spread {
            completed: vec![(8.0, 12.0); 3],
            p99_ms: vec![Some((20.0, 40.0)), None, Some((20.0, 5e4))],
        });
        let mut second = sample::first_rows(3);
        (second.scenario.name, second.spread) = ("larger".into(), None);
        let figure = figure(&[first.clone(), second.clone()]).unwrap();
        let latency = &figure.rows[0][0];
        let a = format!("A {}", first.scenario.name);
        assert_eq!(names(latency), ["A: all of its 5 runs", &a, "B larger"]);
        let Shape::Band(pieces) = &latency.layers[0].shape else { panic!("no band") };
        assert_eq!((pieces.len(), pieces[0][0]), (2, (0.0, 20.0, 40.0)));
        assert!(latency.y.share(5e4) <= 1.0 && latency.y.share(4e4) < 1.0, "room for the highest run");
        assert_eq!(names(&figure.rows[1][0])[1], "offered in A");
        let mut copy = first.clone();
        copy.scenario.overrides = vec!["fleet.web.min=4".into()];
        let copies = super::figure(&[first.clone(), copy]).unwrap();
        assert_eq!(names(&copies.rows[0][0]).last(), Some(&"B fleet.web.min=4"));
        let banded = |sides: usize| {
            let figure = super::figure(&vec![first.clone(); sides]).unwrap();
            names(&figure.rows[0][0]).iter().filter(|name| name.ends_with("runs")).count()
        };
        assert_eq!((banded(2), banded(3), banded(4)), (2, 3, 0));
    }
}
