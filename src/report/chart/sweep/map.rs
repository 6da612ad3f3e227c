//! The figures of a study of two or three axes. In: what it has found. Out: a map for each figure, or for each value of the third axis:
//! a cell for each pair of values, coloured by the figure, with its value where there is room.

use plotters::style::RGBColor;

use super::super::super::picture;
use super::sort::{BEST, LETTERS, MOST, Sort, Sorts, is_best, short};
use crate::report::chart::axis::{Axis, Scale, ends};
use crate::report::chart::figure::{Cell, Figure, Layer, Panel, Shape};
use crate::report::chart::palette;
use crate::report::chart::text::unquoted;
use crate::study::{PointResult, Swept};

/// Part of a cell that is left free at each of its edges.
const GAP: f64 = 0.03;
/// From which colour on words are white.
const DARK: usize = 3;
/// More columns than these have room for two digits of a value, and not for three.
const FEW: usize = 5;
/// More columns than these have maps below each other.
const MOST_BESIDE: usize = 16;
/// Most maps below each other.
const MOST_BELOW: usize = 3;
/// Most cells that have marks and words.
const MOST_MARKED: usize = 4_000;

/// A map for each figure over two axes.
pub fn figure(found: &Swept, (one, other): (usize, usize), sorts: &Sorts) -> Figure {
    let points: Vec<&PointResult> = found.points.iter().collect();
    let grid = Grid::of(found, one, other);
    let beside = grid.columns() <= MOST_BESIDE;
    let most = if beside { MOST } else { MOST_BELOW };
    let shown = sorts.shown.iter().take(most);
    let maps: Vec<Panel> = shown
        .map(|sort| {
            let scale = Colours::of(found, sort);
            grid.map(found, &points, &scale, format!("{}: {}", sort.title(), scale.words()))
        })
        .collect();
    let columns = if beside && maps.len() > 1 { 2 } else { 1 };
    let left_out = sorts.shown.len().saturating_sub(most);
    let sorts = Sorts { shown: Vec::new(), same: sorts.same.clone(), left_out };
    grid.figure(found, rows(maps, columns), sorts.subtitle(found))
}

/// A map of the first figure for each value of that axis which has the fewest.
pub fn of_three(found: &Swept, open: &[usize], sorts: &Sorts) -> Option<Figure> {
    let count = |at: &usize| found.axes[*at].choices.len();
    let third = *open.iter().rev().min_by_key(|at| count(at))?;
    let others: Vec<usize> = open.iter().copied().filter(|at| *at != third).collect();
    let [one, other] = *others.as_slice() else { return None };
    let sort = sorts.shown.first()?;
    let (grid, scale) = (Grid::of(found, one, other), Colours::of(found, sort));
    let axis = &found.axes[third];
    let map = |(at, choice): (usize, &crate::study::Choice)| {
        let points: Vec<&PointResult> =
            found.points.iter().filter(|it| it.choices.get(third) == Some(&at)).collect();
        let title = format!("{} = {}", unquoted(&axis.name), short(&choice.label, LETTERS));
        grid.map(found, &points, &scale, title)
    };
    let maps: Vec<Panel> = axis.choices.iter().enumerate().map(map).collect();
    let columns = match maps.len() {
        0..=4 => 2,
        _ => 3,
    };
    let left_out = sorts.shown.len() - 1;
    let sorts = Sorts { shown: Vec::new(), same: sorts.same.clone(), left_out };
    let subtitle = format!("{} {} · {}", sort.title(), scale.words(), sorts.subtitle(found));
    Some(grid.figure(found, rows(maps, columns), subtitle))
}

fn rows(maps: Vec<Panel>, columns: usize) -> Vec<Vec<Panel>> {
    let mut rows: Vec<Vec<Panel>> = Vec::new();
    for map in maps {
        match rows.last_mut().filter(|row| row.len() < columns) {
            Some(row) => row.push(map),
            None => rows.push(vec![map]),
        }
    }
    rows
}

/// A number with so many digits.
fn rounded(value: f64, digits: usize) -> f64 {
    format!("{value:.*e}", digits - 1).parse().unwrap_or(value)
}

/// Which axis is across, and which is down.
struct Grid {
    across: usize,
    down: usize,
    x: Axis,
    y: Axis,
    /// Of each value of the axis across, its column; of each of the other one, its row, from below.
    places: (Vec<usize>, Vec<usize>),
}

impl Grid {
    /// Numbers are across if the other one has names, which have more room beside the rows; else the axis with more values.
    fn of(found: &Swept, one: usize, other: usize) -> Grid {
        let numbers = |at: usize| found.axes[at].numbers().is_some();
        let count = |at: usize| found.axes[at].choices.len();
        let (across, down) = match (numbers(one), numbers(other)) {
            (true, false) => (one, other),
            (false, true) => (other, one),
            _ if count(one) > count(other) => (one, other),
            _ => (other, one),
        };
        let mut rows = order(found, down);
        if !numbers(down) {
            // Names are read from the top.
            rows.reverse();
        }
        let columns = order(found, across);
        let axis = |at: usize, order: &[usize]| {
            Axis::names(order.iter().map(|it| short(&found.axes[at].choices[*it].label, LETTERS)))
        };
        let (x, y) = (axis(across, &columns), axis(down, &rows));
        Grid { across, down, x, y, places: (inverse(&columns), inverse(&rows)) }
    }

    fn columns(&self) -> usize {
        self.places.0.len()
    }

    fn cell(&self, point: &PointResult) -> Option<Cell> {
        let place = |places: &[usize], axis: usize| Some(*places.get(*point.choices.get(axis)?)? as f64);
        let (x, y) = (place(&self.places.0, self.across)?, place(&self.places.1, self.down)?);
        Some((x + GAP, x + 1.0 - GAP, y + GAP, y + 1.0 - GAP))
    }

    fn map(&self, found: &Swept, points: &[&PointResult], scale: &Colours, title: String) -> Panel {
        let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); palette::COUNTS.len()];
        let (mut dark, mut light) = (Vec::new(), Vec::new());
        let (mut met, mut best, mut impossible, mut nothing) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (point, cell) in points.iter().filter_map(|it| Some((it, self.cell(it)?))) {
            if point.problem.is_some() {
                impossible.push(cell);
                continue;
            }
            match is_best(found, point) {
                true => best.push(cell),
                false if point.meets_all() && found.has_objectives() => met.push(cell),
                false => {}
            }
            let Some(value) = scale.sort.of(point) else {
                nothing.push((cell, "–".to_owned()));
                continue;
            };
            let level = scale.level(value);
            cells[level].push(cell);
            let digits = if self.columns() > FEW { 2 } else { 3 };
            let words = (cell, (scale.sort.words().1)(rounded(value, digits)));
            if level < DARK { dark.push(words) } else { light.push(words) }
        }
        dark.extend(nothing);
        let coloured = cells.into_iter().zip(palette::COUNTS).enumerate();
        let mut layers: Vec<Layer> = coloured
            .map(|(level, (cells, colour))| Layer::new(Colours::name(level), colour, Shape::Cells(cells)))
            .collect();
        let mut mark = |name: &str, colour: RGBColor, shape: Shape| {
            let is_there = match &shape {
                Shape::Words(words) => !words.is_empty(),
                Shape::Frames(cells) | Shape::Hatched(cells) => !cells.is_empty(),
                _ => false,
            };
            if is_there && points.len() <= MOST_MARKED {
                layers.push(Layer::new(name, colour, shape));
            }
        };
        mark(picture::NOT_POSSIBLE.text, palette::EDGE, Shape::Hatched(impossible));
        mark("", palette::INK, Shape::Words(dark));
        mark("", RGBColor(255, 255, 255), Shape::Words(light));
        mark(picture::MEETS_ALL.text, palette::SCALE_OUT, Shape::Frames(met));
        mark(BEST, palette::INCIDENT, Shape::Frames(best));
        Panel { title, y: self.y.clone(), layers, weight: 1.0 }
    }

    fn figure(&self, found: &Swept, rows: Vec<Vec<Panel>>, subtitle: String) -> Figure {
        let name = |at: usize| unquoted(&found.axes[at].name);
        Figure {
            title: "What each pair of values came to",
            scenario: found.name.clone(),
            subtitle,
            x: self.x.clone(),
            x_name: name(self.across),
            x_of: Vec::new(),
            rows_name: name(self.down),
            notes: Vec::new(),
            rows,
            zoom: None,
            trouble: Vec::new(),
            shaded: "",
            markers: Vec::new(),
            unmarked: 0,
        }
    }
}

/// The values of an axis in their order: numbers upwards, names as they were asked for.
fn order(found: &Swept, axis: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..found.axes[axis].choices.len()).collect();
    if let Some(numbers) = found.axes[axis].numbers() {
        order.sort_by(|one, other| numbers[*one].total_cmp(&numbers[*other]));
    }
    order
}

/// Of each value the place where it stands in an order.
fn inverse(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, value)| places[*value] = place);
    places
}

/// The colours of a figure: paler is less.
struct Colours<'a> {
    sort: &'a Sort,
    least: f64,
    most: f64,
    axis: Axis,
}

impl Colours<'_> {
    fn of<'a>(found: &Swept, sort: &'a Sort) -> Colours<'a> {
        let values = || found.points.iter().filter_map(|it| sort.of(it));
        let (least, most) = ends(values()).unwrap_or((0.0, 1.0));
        let scale = if sort.is_log() && least > 0.0 { Scale::Log } else { Scale::Linear };
        let axis = Axis::values(&[(least, String::new()), (most, String::new())], scale);
        Colours { sort, least, most, axis }
    }

    fn level(&self, value: f64) -> usize {
        let place = |value: f64| self.axis.place(value);
        let share = (place(value) - place(self.least)) / (place(self.most) - place(self.least));
        let levels = palette::COUNTS.len();
        ((share.clamp(0.0, 1.0) * levels as f64) as usize).min(levels - 1)
    }

    /// What colours are, in the legend.
    fn name(level: usize) -> &'static str {
        match level {
            0 => picture::LEAST.text,
            it if it + 1 == palette::COUNTS.len() => picture::MOST.text,
            _ => "",
        }
    }

    /// `12ms to 1.2s (log scale)`.
    fn words(&self) -> String {
        let words = self.sort.words().1;
        let scale = if self.axis.scale == Scale::Log { " (log scale)" } else { "" };
        format!("{} to {}{scale}", words(self.least), words(self.most))
    }
}
