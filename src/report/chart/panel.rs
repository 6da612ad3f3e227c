//! One plot: grid, axes, layers. In: a panel, the shared x axis and the room for it. Out: the plot on the sheet.

use plotters::style::{Color, RGBAColor, RGBColor};

use super::axis::{Axis, Scale, Tick, ends};
use super::canvas::{Point, Rect, Sheet};
use super::cells;
use super::error::ChartError;
use super::figure::{Cell, Layer, Panel, Shape};
use super::palette;
use super::text::{Align, Weight, Words};

/// Font size of tick labels.
pub const TICK_SIZE: f32 = 26.0;
/// Points of a layer from which on they are small, so that they leave each other room.
const MANY_POINTS: usize = 20;
/// How far the dashes of a level that lies on another one begin beside those of that: half of a dash and its pause.
const BESIDE: f64 = 10.0;
/// Half of the height that a label of the vertical axis takes, over its size.
const LABEL: f64 = 0.56;
const LINE_WIDTH: f64 = 3.5;
/// What a line is wider by for each other one that lies on it, so that it shows on both sides of all of them.
const WIDER: f64 = 4.5;
/// Part of the points of a line that lie on another one from which it counts as hidden. Assumption: less is seen beside it.
const HIDDEN: f64 = 0.1;

/// The area of a plot, and what it shares with the others.
pub struct Plot<'a, 's> {
    pub sheet: &'a Sheet<'s>,
    pub panel: &'a Panel,
    pub x: &'a Axis,
    /// The rectangle of the data.
    pub room: Rect,
    /// Whether the values of the vertical axis are named: beside a plot of the same axis they are not.
    pub named: bool,
}

impl Plot<'_, '_> {
    /// Draws everything inside the axes, and the labels of the vertical ticks.
    pub fn draw(&self, trouble: &[(f64, f64)]) -> Result<(), ChartError> {
        let Rect { left, top, right, bottom } = self.room;
        for (from, to) in trouble.iter().filter(|(from, to)| self.x.meets(*from, *to)) {
            let (left, right) = (self.at_x(*from), self.at_x(*to));
            self.sheet.fill(Rect { left, top, right: right.max(left + 2.0), bottom }, palette::TROUBLE)?;
        }
        let areas = |layer: &&Layer| {
            matches!(layer.shape, Shape::Area(_) | Shape::Band(_) | Shape::Cells(_) | Shape::Hatched(_))
        };
        let layers = &self.panel.layers;
        layers.iter().filter(areas).try_for_each(|layer| self.shape(layer, LINE_WIDTH))?;
        self.grid()?;
        for (nth, layer) in layers.iter().enumerate().filter(|(_, layer)| !areas(layer)) {
            let upon = layers[nth + 1..].iter().filter(|other| self.hides(other, layer)).count();
            self.shape(layer, LINE_WIDTH + WIDER * upon as f64)?;
        }
        // A dashed level does not hide the line that it lies on; that would hide the level. One that lies on another has its dashes in the
        // pauses of that one.
        let mut drawn: Vec<f64> = Vec::new();
        for (level, colour) in layers.iter().filter_map(|it| Some((level_of(it)?, it.colour))) {
            let y = self.at(0.0, level).1;
            let alike = drawn.iter().filter(|other| (y - *other).abs() < LINE_WIDTH).count();
            drawn.push(y);
            let from = left + BESIDE * (alike % 2) as f64;
            self.sheet.dashes((from, y), (right, y), 3.0, colour)?;
        }
        self.sheet.line(&[(left, bottom), (right, bottom)], 2.0, palette::EDGE)
    }

    /// The labels of the horizontal ticks, below the plot: turned where they have a height.
    pub fn name_x(&self, turned: Option<f64>) -> Result<(), ChartError> {
        if let Some(height) = turned {
            return self.name_x_turned(height);
        }
        let y = self.room.bottom + 26.0;
        let extent = |tick: &Tick| {
            let middle = self.at_x_place(tick.place);
            let half = self.sheet.fonts.width(&tick.label, TICK_SIZE, Weight::Regular) / 2.0 + 9.0;
            (middle - half, middle + half)
        };
        for tick in match self.x.scale {
            Scale::Linear if is_even(&self.x.ticks) => even(&self.x.ticks, extent),
            Scale::Names => even(&self.x.ticks, extent),
            Scale::Linear | Scale::Log | Scale::Nines => named(&self.x.ticks, extent),
        } {
            self.name(tick, Align::Centre, (self.at_x_place(tick.place), y))?;
        }
        Ok(())
    }

    fn name_x_turned(&self, height: f64) -> Result<(), ChartError> {
        let half = f64::from(TICK_SIZE) * LABEL;
        let at = |tick: &Tick| self.at_x_place(tick.place);
        let (size, weight, align, colour) = (TICK_SIZE, Weight::Regular, Align::Right, palette::MUTED);
        for tick in even(&self.x.ticks, |tick| (at(tick) - half, at(tick) + half)) {
            let text = &self.sheet.fonts.shortened(&tick.label, size, weight, height);
            let words = Words { text, size, weight, align, colour };
            self.sheet.words_up(&words, (at(tick), self.room.bottom + 10.0))?;
        }
        Ok(())
    }

    fn grid(&self) -> Result<(), ChartError> {
        let Rect { left, top, right, bottom } = self.room;
        // Names are of what lies between lines, and cells have edges.
        for tick in self.x.ticks.iter().filter(|_| self.x.scale != Scale::Names) {
            let x = self.at_x_place(tick.place);
            self.sheet.line(&[(x, top), (x, bottom)], 1.0, palette::GRID)?;
        }
        let middle = |tick: &Tick| bottom - (bottom - top) * self.panel.y.share_of_place(tick.place);
        let height = f64::from(TICK_SIZE) * LABEL;
        let extent = |tick: &Tick| (middle(tick) - height, middle(tick) + height);
        for tick in match self.panel.y.scale {
            Scale::Linear | Scale::Names => even(&self.panel.y.ticks, extent),
            Scale::Log | Scale::Nines => named(&self.panel.y.ticks, extent),
        } {
            let y = middle(tick);
            if self.panel.y.scale != Scale::Names {
                self.sheet.line(
                    &[(left, y), (right, y)],
                    if tick.major { 1.5 } else { 1.0 },
                    palette::GRID,
                )?;
            }
            if self.named {
                self.name(tick, Align::Right, (left - 12.0, y))?;
            }
        }
        Ok(())
    }

    fn name(&self, tick: &Tick, align: Align, at: Point) -> Result<(), ChartError> {
        let (size, weight, colour) = (TICK_SIZE, Weight::Regular, palette::MUTED);
        self.sheet.words(&Words { text: &tick.label, size, weight, align, colour }, at)
    }

    /// Whether a line lies on another one for a good part of it.
    fn hides(&self, upper: &Layer, lower: &Layer) -> bool {
        let (Shape::Line(upper), Shape::Line(lower)) = (&upper.shape, &lower.shape) else { return false };
        let mut above = upper.iter().flatten().peekable();
        let (mut all, mut hidden) = (0usize, 0usize);
        for (x, y) in lower.iter().flatten() {
            all += 1;
            while above.next_if(|(other, _)| other < x).is_some() {}
            let same = |(other, value): &&(f64, f64)| {
                other == x && (self.at(*x, *value).1 - self.at(*x, *y).1).abs() < LINE_WIDTH / 2.0
            };
            hidden += usize::from(above.peek().is_some_and(same));
        }
        hidden as f64 > HIDDEN * all as f64
    }

    fn shape(&self, layer: &Layer, width: f64) -> Result<(), ChartError> {
        let colour = layer.colour;
        match &layer.shape {
            Shape::Line(pieces) => pieces.iter().try_for_each(|piece| {
                let points: Vec<Point> = piece.iter().map(|(x, y)| self.at(*x, *y)).collect();
                self.sheet.line(&points, width, colour)
            }),
            Shape::Area(pieces) => pieces.iter().try_for_each(|piece| self.area(piece, colour.to_rgba())),
            Shape::Band(pieces) => {
                pieces.iter().try_for_each(|piece| self.area(piece, colour.mix(palette::OF_BAND)))
            }
            Shape::Cells(cells) => cells.iter().try_for_each(|&(from, to, low, high)| {
                let Rect { left, top, right, bottom } = self.rect((from, to, low, high));
                self.sheet.fill(Rect { left, top, right: right.max(left + 1.0), bottom }, colour)
            }),
            Shape::Frames(cells) => {
                cells.iter().try_for_each(|cell| cells::frame(self.sheet, self.rect(*cell), colour))
            }
            Shape::Hatched(cells) => {
                cells.iter().try_for_each(|cell| cells::hatch(self.sheet, self.rect(*cell), colour))
            }
            Shape::Words(words) => {
                // Of all layers, so that all have one size.
                let all = self.panel.layers.iter().filter_map(|layer| match &layer.shape {
                    Shape::Words(words) => Some(words),
                    _ => None,
                });
                let all = all.flatten().map(|(cell, words)| (self.rect(*cell), words.as_str()));
                let Some(size) = cells::size(&self.sheet.fonts, all) else { return Ok(()) };
                words.iter().try_for_each(|(cell, words)| {
                    cells::words(self.sheet, self.rect(*cell), words, size, colour)
                })
            }
            // These are drawn together, above all others.
            Shape::Level(_) => Ok(()),
            Shape::Points(points) => {
                let (ring, dot) = if points.len() > MANY_POINTS { (5.0, 4.0) } else { (11.0, 8.0) };
                points.iter().try_for_each(|(x, y, _)| self.point((*x, *y), (ring, dot), colour))
            }
        }
    }

    /// A dot; the legend has its words, which would cover lines here.
    fn point(&self, (x, y): (f64, f64), (ring, dot): (f64, f64), colour: RGBColor) -> Result<(), ChartError> {
        const WHITE: RGBColor = RGBColor(255, 255, 255);
        let at = self.at(x, y);
        self.sheet.disc(at, ring, WHITE)?;
        self.sheet.disc(at, dot, colour)
    }

    /// Fills an area where it has a height; filling a flat part would draw a line.
    fn area(&self, piece: &[(f64, f64, f64)], colour: RGBAColor) -> Result<(), ChartError> {
        let flat = |(_, low, high): &(f64, f64, f64)| high <= low;
        let mut run: Vec<(f64, f64, f64)> = Vec::new();
        for (from, to) in piece.iter().zip(piece.iter().skip(1)) {
            if flat(from) && flat(to) {
                self.filled(&run, colour)?;
                run.clear();
                continue;
            }
            if run.is_empty() {
                run.push(*from);
            }
            run.push(*to);
        }
        self.filled(&run, colour)
    }

    fn filled(&self, run: &[(f64, f64, f64)], colour: RGBAColor) -> Result<(), ChartError> {
        if run.is_empty() {
            return Ok(());
        }
        let upper = run.iter().map(|(x, _, high)| self.at(*x, *high));
        let lower = run.iter().rev().map(|(x, low, _)| self.at(*x, *low));
        self.sheet.polygon(&upper.chain(lower).collect::<Vec<_>>(), colour)
    }

    fn rect(&self, (from, to, low, high): Cell) -> Rect {
        let ((left, bottom), (right, top)) = (self.at(from, low), self.at(to, high));
        Rect { left, top, right, bottom }
    }

    fn at(&self, x: f64, y: f64) -> Point {
        let Rect { top, bottom, .. } = self.room;
        (self.at_x(x), bottom - (bottom - top) * self.panel.y.share(y))
    }

    /// Position of a value on the x axis.
    pub fn at_x(&self, x: f64) -> f64 {
        self.room.left + (self.room.right - self.room.left) * self.x.share(x)
    }

    fn at_x_place(&self, place: f64) -> f64 {
        self.room.left + (self.room.right - self.room.left) * self.x.share_of_place(place)
    }
}

/// The level of a layer that is one.
fn level_of(layer: &Layer) -> Option<f64> {
    match layer.shape {
        Shape::Level(level) => Some(level),
        _ => None,
    }
}

/// Whether all ticks are equally far from each other.
fn is_even(ticks: &[Tick]) -> bool {
    let step = |two: &[Tick]| two[1].place - two[0].place;
    let steps = || ticks.windows(2).map(step);
    let (least, most) = ends(steps()).unwrap_or((0.0, 0.0));
    most - least <= 1e-6 * most.abs()
}

/// Every tick, or every second one, or every third: the most of which no labels overlap.
fn even(ticks: &[Tick], extent: impl Fn(&Tick) -> (f64, f64)) -> Vec<&Tick> {
    let apart = |one: &Tick, next: &Tick| {
        let ((from, to), (next_from, next_to)) = (extent(one), extent(next));
        to <= next_from || next_to <= from
    };
    let every = |step: usize| ticks.iter().step_by(step).collect::<Vec<_>>();
    let fits = |some: &Vec<&Tick>| some.windows(2).all(|two| apart(two[0], two[1]));
    (1..ticks.len()).map(every).find(fits).unwrap_or_else(|| every(ticks.len().max(1)))
}

/// The ticks whose labels do not overlap, major ones first.
fn named(ticks: &[Tick], extent: impl Fn(&Tick) -> (f64, f64)) -> Vec<&Tick> {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    let mut named = Vec::new();
    for major in [true, false] {
        for tick in ticks.iter().filter(|tick| tick.major == major) {
            let (from, to) = extent(tick);
            if taken.iter().all(|(low, high)| to <= *low || from >= *high) {
                taken.push((from, to));
                named.push(tick);
            }
        }
    }
    named
}
