//! The figures of a study of one axis. In: what it has found. Out: panels below each other, each with what was run as dots, the band of
//! its interval, and the limits of objectives.

use super::super::super::picture;
use super::sort::{BEST, LETTERS, MOST, Sort, Sorts, is_best, short};
use crate::outcome::Standing;
use crate::outcome::estimate::{Better, Unit};
use plotters::style::RGBColor;

use crate::report::chart::axis::{Axis, Scale, ends};
use crate::report::chart::figure::{Figure, Layer, Panel, Shape};
use crate::report::chart::palette;
use crate::report::chart::text::unquoted;
use crate::study::{self, PointResult, Swept};

/// Most figures of one panel.
const MOST_LINES: usize = 4;
/// Most points that have a dot each.
const MOST_DOTS: usize = 80;
/// An axis that goes further than so many times its least value is logarithmic.
const WIDE: f64 = 100.0;
/// How many times the largest value the ends of intervals can ask for room.
const ROOM: f64 = 4.0;
/// Half the width of an interval of a value that has a name.
const HALF: f64 = 0.09;
/// How far apart dots of one name are.
const APART: f64 = 0.2;

pub fn figure(found: &Swept, axis: usize, sorts: &Sorts) -> Figure {
    let along = Along::of(found, axis);
    let groups = groups(&sorts.shown);
    let left_out = groups.iter().skip(MOST).map(Vec::len).sum();
    let rows = groups.iter().take(MOST).map(|group| vec![along.panel(found, group)]).collect();
    let scale = if along.x.scale == Scale::Log { " (log scale)" } else { "" };
    let sorts = Sorts { shown: Vec::new(), same: sorts.same.clone(), left_out };
    let trouble = along.spans(|it| it.objectives.iter().any(|it| it.standing == Standing::Missed));
    Figure {
        title: "What each value came to",
        scenario: found.name.clone(),
        subtitle: sorts.subtitle(found),
        x_name: format!("{}{scale}; dots are what was run", unquoted(&found.axes[axis].name)),
        x: along.x,
        x_of: Vec::new(),
        rows_name: String::new(),
        notes: Vec::new(),
        rows,
        zoom: None,
        trouble,
        shaded: picture::OBJECTIVE_MISSED.text,
        markers: Vec::new(),
        unmarked: 0,
    }
}

/// Figures of one unit that have objectives share a panel with the usual one of that unit.
fn groups(sorts: &[Sort]) -> Vec<Vec<&Sort>> {
    let mut groups: Vec<Vec<&Sort>> = Vec::new();
    for sort in sorts {
        let alike = |group: &&mut Vec<&Sort>| {
            let first = group[0];
            let same = (first.unit, first.better) == (sort.unit, sort.better);
            same && matches!(sort.unit, Unit::Millis | Unit::Share) && group.len() < MOST_LINES
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(sort),
            None => groups.push(vec![sort]),
        }
    }
    groups
}

/// The points in the order of the axis.
struct Along<'a> {
    x: Axis,
    points: Vec<Place<'a>>,
}

/// A point, and where it stands.
struct Place<'a> {
    point: &'a PointResult,
    at: f64,
    /// What is nearer to it than to any other.
    span: (f64, f64),
}

impl Along<'_> {
    fn of(found: &Swept, axis: usize) -> Along<'_> {
        let own = &found.axes[axis];
        let choice = |it: &PointResult| it.choices.get(axis).copied().unwrap_or(0);
        let Some(numbers) = own.numbers().filter(|it| !is_wide_with_zero(it)) else {
            let x = Axis::names(own.choices.iter().map(|it| short(&it.label, LETTERS)));
            let place = |point| {
                let from = choice(point) as f64;
                Place { point, at: from + 0.5, span: (from, from + 1.0) }
            };
            return Along { x, points: found.points.iter().map(place).collect() };
        };
        let mut points: Vec<(f64, &PointResult)> =
            found.points.iter().map(|it| (numbers[choice(it)], it)).collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let label = |(at, point): &(f64, &PointResult)| (*at, own.choices[choice(point)].label.clone());
        let places: Vec<f64> = points.iter().map(|(at, _)| *at).collect();
        let scale = if is_wide(&places) { Scale::Log } else { Scale::Linear };
        let x = Axis::values(&points.iter().map(label).collect::<Vec<_>>(), scale);
        let between = |one: f64, other: f64| match scale {
            Scale::Log => (one * other).sqrt(),
            _ => f64::midpoint(one, other),
        };
        let span = |nth: usize| {
            let before = nth.checked_sub(1).map(|it| between(places[it], places[nth]));
            let after = places.get(nth + 1).map(|it| between(places[nth], *it));
            // The ends of the axis are a little outside.
            (before.unwrap_or(-f64::MAX), after.unwrap_or(f64::MAX))
        };
        let place = |(nth, &(at, point))| Place { point, at, span: span(nth) };
        let points = points.iter().enumerate().map(place).collect();
        Along { x, points }
    }

    fn is_named(&self) -> bool {
        self.x.scale == Scale::Names
    }

    /// Where something is so, neighbours together.
    fn spans(&self, is_so: impl Fn(&PointResult) -> bool) -> Vec<(f64, f64)> {
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for Place { span, .. } in self.points.iter().filter(|it| is_so(it.point)) {
            match spans.last_mut() {
                Some((_, end)) if *end == span.0 => *end = span.1,
                _ => spans.push(*span),
            }
        }
        spans
    }

    /// The values of a figure, in pieces without gaps; a value with a name is a piece of its own.
    fn pieces<T>(&self, of: impl Fn(&PointResult) -> Option<T>) -> Vec<Vec<(f64, T)>> {
        let mut pieces: Vec<Vec<(f64, T)>> = vec![Vec::new()];
        for place in &self.points {
            let value = of(place.point);
            if value.is_none() || self.is_named() {
                pieces.push(Vec::new());
            }
            if let (Some(value), Some(piece)) = (value, pieces.last_mut()) {
                piece.push((place.at, value));
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    fn panel(&self, found: &Swept, group: &[&Sort]) -> Panel {
        let first = group[0];
        let (factor, words) = first.words();
        let mut layers = Vec::new();
        let not_possible = self.spans(|it| it.problem.is_some());
        if !not_possible.is_empty() {
            let cells = not_possible.into_iter().map(|(from, to)| (from, to, -f64::MAX, f64::MAX));
            layers.push(Layer::new(
                picture::NOT_POSSIBLE.text,
                palette::EDGE,
                Shape::Hatched(cells.collect()),
            ));
        }
        let colours = colours(first);
        let interval = |it: &study::Figure| it.interval.map(|it| (factor * it.low, factor * it.high));
        let intervals = self.pieces(|it| it.figure(&first.name).and_then(interval));
        // Beside each other where no line says which dot is which.
        let beside = |nth: usize| match self.is_named() {
            true => APART * (nth as f64 - (group.len() - 1) as f64 / 2.0),
            false => 0.0,
        };
        layers.extend(self.band(intervals, colours[0], beside(0)));
        for (nth, (sort, colour)) in group.iter().zip(colours).enumerate() {
            let pieces = self.pieces(|it| sort.of(it));
            let dots: Vec<(f64, f64, String)> =
                pieces.iter().flatten().map(|(x, y)| (*x + beside(nth), *y, String::new())).collect();
            if self.is_named() {
                layers.push(Layer::new(sort.title(), colour, Shape::Line(Vec::new())));
            } else {
                layers.push(Layer::new(sort.title(), colour, Shape::Line(pieces)));
            }
            if dots.len() <= MOST_DOTS {
                layers.push(Layer::new("", colour, Shape::Points(dots)));
            }
            for (limit, objective) in &sort.limits {
                let words = format!("objective: {}", objective.trim_start_matches("latency "));
                layers.push(Layer::new(words, colour, Shape::Level(factor * limit)));
            }
        }
        let best = self.points.iter().filter(|it| is_best(found, it.point));
        let best: Vec<(f64, f64, String)> =
            best.filter_map(|it| Some((it.at + beside(0), first.of(it.point)?, BEST.into()))).collect();
        if !best.is_empty() {
            layers.push(Layer::new("", palette::SCALE_OUT, Shape::Points(best)));
        }
        let title = group.iter().map(|it| it.title()).collect::<Vec<_>>().join(", ");
        let scale = if first.is_log() { " (log scale)" } else { "" };
        let y = y_axis(&layers, first, words);
        Panel { title: title + scale, y, layers, weight: if first.is_log() { 1.5 } else { 1.0 } }
    }

    /// The intervals of values: a band, or a box at each name.
    fn band(&self, pieces: Vec<Vec<(f64, (f64, f64))>>, colour: RGBColor, beside: f64) -> Option<Layer> {
        let flat = |(x, (low, high)): (f64, (f64, f64))| (x, low, high);
        let wide = |(x, low, high): (f64, f64, f64)| {
            let x = x + beside;
            vec![(x - HALF, low, high), (x + HALF, low, high)]
        };
        let each = |piece: Vec<(f64, (f64, f64))>| -> Vec<_> { piece.into_iter().map(flat).collect() };
        let pieces: Vec<Vec<(f64, f64, f64)>> = match self.is_named() {
            true => pieces.into_iter().flatten().map(flat).map(wide).collect(),
            false => pieces.into_iter().map(each).filter(|it: &Vec<_>| it.len() > 1).collect(),
        };
        (!pieces.is_empty()).then(|| Layer::new(picture::INTERVAL.text, colour, Shape::Band(pieces)))
    }
}

/// Whether values span so much that their factors say more than their differences.
fn is_wide(sorted: &[f64]) -> bool {
    match (sorted.first(), sorted.last()) {
        (Some(first), Some(last)) => *first > 0.0 && last / first > WIDE,
        _ => false,
    }
}

/// Whether values span as much and have one at or below zero, which has no logarithm: they stand side by side, as names do.
fn is_wide_with_zero(values: &[f64]) -> bool {
    let above = ends(values.iter().copied().filter(|it| *it > 0.0));
    values.iter().any(|it| *it <= 0.0) && above.is_some_and(|(least, most)| most > WIDE * least)
}

/// Of a latency that of the 99th percentile, of others one that means nothing else.
fn colours(first: &Sort) -> [RGBColor; MOST_LINES] {
    let [_, green, purple, sky, _] = palette::CLASSES;
    match first.unit {
        Unit::Millis | Unit::Seconds => [palette::P99, purple, sky, palette::REST],
        Unit::Share if first.better == Better::Lower => [palette::INCIDENT, purple, sky, palette::REST],
        Unit::Usd => [palette::SPENDING, green, purple, sky],
        _ => [palette::IN_USE, purple, sky, palette::REST],
    }
}

/// Room for all values and limits, and for intervals as far as they leave something to see of the values.
fn y_axis(layers: &[Layer], sort: &Sort, words: fn(f64) -> String) -> Axis {
    let values: Vec<f64> = layers
        .iter()
        .flat_map(|it| match &it.shape {
            Shape::Points(points) => points.iter().map(|(_, y, _)| *y).collect(),
            Shape::Line(pieces) => pieces.iter().flatten().map(|(_, y)| *y).collect(),
            Shape::Level(level) => vec![*level],
            _ => Vec::new(),
        })
        .collect();
    let (low, high) = ends(values.iter().copied()).unwrap_or((0.0, 1.0));
    let room = (low / ROOM, high * ROOM);
    let bands = layers.iter().flat_map(|it| match &it.shape {
        Shape::Band(pieces) => pieces.iter().flatten().flat_map(|(_, low, high)| [*low, *high]).collect(),
        _ => Vec::new(),
    });
    let all: Vec<f64> = values.iter().copied().chain(bands.map(|it| it.clamp(room.0, room.1))).collect();
    let (low, high) = ends(all.iter().copied()).unwrap_or((0.0, 1.0));
    match sort.is_log() {
        true => Axis::log(all.into_iter(), words),
        false => Axis::around(low, high, words),
    }
}
