//! The page of a picture: title, subtitle, panels in rows, legend, event strip. In: a figure. Out: a PNG or an SVG.

mod events;
mod notes;

use self::events::{Edge, event_lines, event_strip};
use self::notes::note_lines;
use super::axis::{Axis, Scale, Tick};
use super::canvas::{HEIGHT, Rect, Sheet, WIDTH, picture};
use super::error::ChartError;
use super::figure::{Figure, Layer, Panel};
use super::legend::Legend;
use super::marker::Marker;
use super::palette;
use super::panel::{Plot, TICK_SIZE};
use super::text::{Align, Weight, Words};
use crate::report::charts::Format;

const MARGIN: f64 = 36.0;
const PAGE: Rect =
    Rect { left: MARGIN, top: 136.0, right: WIDTH as f64 - MARGIN, bottom: HEIGHT as f64 - 92.0 };
const PANEL_TITLE: f64 = 44.0;
const STRIP: f64 = 56.0;
const ROW_GAP: f64 = 24.0;
const COLUMN_GAP: f64 = 36.0;
const AXES_GAP: f64 = 104.0;
/// So wide that the label of the last tick does not touch the legend.
const LEGEND_GAP: f64 = 52.0;
/// Height of a note, the size of its words, and where its text begins.
const NOTE: f64 = 40.0;
const NOTE_SIZE: f32 = 28.0;
const NOTE_LEFT: f64 = 130.0;
/// Width of the name of what rows of cells are.
const ROWS_NAME: f64 = 40.0;
/// Between names of columns that stand side by side, and how high they can be at most if they are turned.
const NAMES_GAP: f64 = 16.0;
const MOST_TURNED: f64 = 270.0;
/// Part of the width that the whole event has where a part of it is enlarged.
const WHOLE: f64 = 0.42;
/// Between both, so that the names of their ends do not touch.
const PART_GAP: f64 = 80.0;

/// Draws a figure.
pub fn draw(figure: &Figure, format: Format) -> Result<Vec<u8>, ChartError> {
    picture(figure, format, |sheet| {
        let lines = note_lines(figure, sheet);
        heading(sheet, figure, &lines)?;
        let note_lines = lines.iter().map(Vec::len).sum();
        // If it needs the room, it begins beside the title of the first panel.
        let top = PAGE.top + NOTE * note_lines as f64;
        let legend = Legend::of(figure, &sheet.fonts, top);
        let right = PAGE.right - legend.width - LEGEND_GAP;
        let columns = column_rooms(sheet, figure, right);
        let turned = turned(sheet, figure, &columns);
        let marked = Marked { figure, events: &figure.markers[..legend.events], turned };
        let rows = row_rooms(figure, note_lines, PAGE.bottom - deeper(turned));
        for (index, (row, (top, bottom))) in figure.rows.iter().zip(&rows).enumerate() {
            let below = figure.rows.get(index + 1).map_or(0, Vec::len);
            for (column, (panel, (left, right))) in row.iter().zip(&columns).enumerate() {
                let room = Rect { left: *left, top: *top, right: *right, bottom: *bottom };
                let of = figure.x_of.get(column);
                let (x, x_name) = of.map_or((&figure.x, &figure.x_name), |(x, name)| (x, name));
                let plot = Plot { sheet, panel, x, room, named: true };
                panel_title(&plot, if index == 0 { strip_height(figure) } else { 0.0 })?;
                match enlarged(figure) {
                    Some(part) => beside(&plot, &marked, part, index)?,
                    None => one_plot(&plot, &marked, (index, column >= below), x_name, None)?,
                }
                if column == 0 && !figure.rows_name.is_empty() {
                    rows_name(&plot, &figure.rows_name)?;
                }
            }
        }
        let mut tops: Vec<f64> = rows.iter().map(|(top, _)| *top).collect();
        if let Some(first) = tops.first_mut() {
            *first -= strip_height(figure);
        }
        legend.draw(sheet, right + LEGEND_GAP, &tops)
    })
}

/// A figure, and those of its events that are marked.
struct Marked<'a> {
    figure: &'a Figure,
    events: &'a [Marker],
    /// Height of the labels of the x axis, if they are turned.
    turned: Option<f64>,
}

/// The part of the x axis that is drawn once more: where each row has one panel, so that there is room.
fn enlarged(figure: &Figure) -> Option<(f64, f64)> {
    figure.zoom.filter(|_| figure.rows.iter().all(|row| row.len() == 1))
}

/// A panel over the whole x axis, and beside it a part of that, on the same vertical axis.
fn beside(
    plot: &Plot<'_, '_>,
    marked: &Marked<'_>,
    part: (f64, f64),
    index: usize,
) -> Result<(), ChartError> {
    let figure = marked.figure;
    let last = index + 1 == figure.rows.len();
    let Rect { left, right, .. } = plot.room;
    let edge = left + (right - left - PART_GAP) * WHOLE;
    let whole = Plot { room: Rect { right: edge, ..plot.room }, ..*plot };
    one_plot(&whole, marked, (index, last), &figure.x_name, Some((part, false)))?;
    frame_of(&whole, part)?;
    let layer = |it: &Layer| Layer { name: it.name.clone(), colour: it.colour, shape: it.shape.within(part) };
    let panel = Panel {
        title: String::new(),
        y: plot.panel.y.clone(),
        layers: plot.panel.layers.iter().map(layer).collect(),
        weight: plot.panel.weight,
    };
    let x = &Axis::between(part.0, part.1, figure.x.ends().1);
    let room = Rect { left: edge + PART_GAP, ..plot.room };
    let enlarged = Plot { sheet: plot.sheet, panel: &panel, x, room, named: false };
    one_plot(&enlarged, marked, (index, last), "the framed part, enlarged", Some((part, true)))
}

/// A frame around a part of a plot.
fn frame_of(plot: &Plot<'_, '_>, (from, to): (f64, f64)) -> Result<(), ChartError> {
    let Rect { top, bottom, .. } = plot.room;
    let (left, right) = (plot.at_x(from), plot.at_x(to));
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    plot.sheet.line(&corners, 2.0, palette::MUTED)
}

/// One plot with its events, in a row of its figure, maybe the last one of its column; of a pair, those of one part of the x axis have their tags in the plot of that part.
fn one_plot(
    plot: &Plot<'_, '_>,
    marked: &Marked<'_>,
    (index, last): (usize, bool),
    name: &str,
    tagged: Option<((f64, f64), bool)>,
) -> Result<(), ChartError> {
    let Marked { figure, events, turned } = marked;
    plot.draw(&figure.trouble)?;
    let is_tagged = |at: f64| tagged.is_none_or(|((from, to), inside)| (from..=to).contains(&at) == inside);
    match index {
        0 => event_strip(plot, events, is_tagged)?,
        _ => event_lines(plot, events, Edge::Begin)?,
    }
    event_lines(plot, events, Edge::End)?;
    if last {
        plot.name_x(*turned)?;
        x_name(plot, name, deeper(*turned))?;
    }
    Ok(())
}

fn heading(sheet: &Sheet<'_>, figure: &Figure, lines: &[Vec<String>]) -> Result<(), ChartError> {
    let room = PAGE.right - PAGE.left;
    for (text, size, weight, colour, y) in [
        (&figure.heading(), 44.0, Weight::Bold, palette::INK, 50.0),
        (&figure.subtitle, 30.0, Weight::Regular, palette::MUTED, 102.0),
    ] {
        let text = &sheet.fonts.shortened(text, size, weight, room);
        sheet.words(&Words { text, size, weight, align: Align::Left, colour }, (PAGE.left, y))?;
    }
    let (size, left) = (NOTE_SIZE, PAGE.left + NOTE_LEFT);
    let mut y = PAGE.top;
    for (note, lines) in figure.notes.iter().zip(lines) {
        let words =
            Words { text: note.title, size, weight: Weight::Bold, align: Align::Left, colour: note.colour };
        sheet.words(&words, (PAGE.left, y))?;
        let (weight, align, colour) = (Weight::Regular, Align::Left, palette::INK);
        for text in lines {
            sheet.words(&Words { text, size, weight, align, colour }, (left, y))?;
            y += NOTE;
        }
    }
    Ok(())
}

fn strip_height(figure: &Figure) -> f64 {
    if figure.markers.is_empty() { 0.0 } else { STRIP }
}

/// How high the names below the plots are if they are turned: where they are too long to stand side by side.
fn turned(sheet: &Sheet<'_>, figure: &Figure, columns: &[(f64, f64)]) -> Option<f64> {
    let narrowest = columns.iter().map(|(left, right)| right - left).fold(f64::INFINITY, f64::min);
    let room = narrowest / figure.x.ticks.len().max(1) as f64;
    let width = |tick: &Tick| sheet.fonts.width(&tick.label, TICK_SIZE, Weight::Regular);
    let longest = figure.x.ticks.iter().map(width).fold(0.0, f64::max);
    let is_turned = figure.x.scale == Scale::Names && longest + NAMES_GAP > room;
    is_turned.then_some(longest.min(MOST_TURNED))
}

/// How much more room the names below the plots take if they are turned.
fn deeper(turned: Option<f64>) -> f64 {
    turned.map_or(0.0, |height| (height - f64::from(TICK_SIZE)).max(0.0))
}

/// Top and bottom of the data of each row, between so many lines of notes and the bottom of the last one.
fn row_rooms(figure: &Figure, note_lines: usize, bottom: f64) -> Vec<(f64, f64)> {
    let weights: Vec<f64> =
        figure.rows.iter().map(|row| row.first().map_or(1.0, |panel| panel.weight)).collect();
    let count = figure.rows.len().max(1) as f64;
    let spent = count * PANEL_TITLE + (count - 1.0) * ROW_GAP + strip_height(figure);
    let top = PAGE.top + NOTE * note_lines as f64;
    let unit = (bottom - top - spent) / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut y = top + strip_height(figure);
    let mut room = |weight: &f64| {
        let top = y + PANEL_TITLE;
        y = top + unit * weight + ROW_GAP;
        (top, top + unit * weight)
    };
    weights.iter().map(&mut room).collect()
}

/// Left and right of the data of each column.
fn column_rooms(sheet: &Sheet<'_>, figure: &Figure, right: f64) -> Vec<(f64, f64)> {
    let count = figure.rows.iter().map(Vec::len).max().unwrap_or(0);
    let labels = |column: usize| {
        let ticks = figure.rows.iter().filter_map(|row| row.get(column)).flat_map(|panel| &panel.y.ticks);
        ticks
            .map(|tick| sheet.fonts.width(&tick.label, TICK_SIZE, Weight::Regular) + 12.0)
            .fold(0.0, f64::max)
    };
    let labels: Vec<f64> = (0..count).map(labels).collect();
    // The labels of two axes side by side do not touch.
    let gap = if figure.x_of.len() > 1 { AXES_GAP } else { COLUMN_GAP };
    let gaps = gap * count.saturating_sub(1) as f64;
    let first = PAGE.left + if figure.rows_name.is_empty() { 0.0 } else { ROWS_NAME };
    let width = (right - first - gaps - labels.iter().sum::<f64>()) / count.max(1) as f64;
    let mut x = first;
    let mut room = |label: &f64| {
        let left = x + label;
        x = left + width + gap;
        (left, left + width)
    };
    labels.iter().map(&mut room).collect()
}

fn panel_title(plot: &Plot<'_, '_>, strip: f64) -> Result<(), ChartError> {
    let Panel { title, .. } = plot.panel;
    let Rect { left, right, top, .. } = plot.room;
    let weight = Weight::Bold;
    let fits = |size: &f32| plot.sheet.fonts.width(title, *size, weight) <= right - left;
    let size = [27.0, 25.0, 23.0, 21.0].into_iter().find(fits).unwrap_or(20.0);
    let text = &plot.sheet.fonts.shortened(title, size, weight, right - left);
    let words = Words { text, size, weight, align: Align::Left, colour: palette::INK };
    plot.sheet.words(&words, (left, top - strip - 22.0))
}

fn x_name(plot: &Plot<'_, '_>, name: &str, deeper: f64) -> Result<(), ChartError> {
    let Rect { left, right, bottom, .. } = plot.room;
    let (size, weight, align) = (26.0, Weight::Regular, Align::Centre);
    let text = &plot.sheet.fonts.shortened(name, size, weight, right - left);
    plot.sheet.words(
        &Words { text, size, weight, align, colour: palette::MUTED },
        ((left + right) / 2.0, bottom + 62.0 + deeper),
    )
}

/// What the rows of cells are, beside the first column.
fn rows_name(plot: &Plot<'_, '_>, name: &str) -> Result<(), ChartError> {
    let Rect { top, bottom, .. } = plot.room;
    let (size, weight, align) = (26.0, Weight::Regular, Align::Centre);
    let text = &plot.sheet.fonts.shortened(name, size, weight, bottom - top);
    let words = Words { text, size, weight, align, colour: palette::MUTED };
    plot.sheet.words_up(&words, (PAGE.left + ROWS_NAME / 3.0, (top + bottom) / 2.0))
}
