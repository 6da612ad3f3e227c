//! The page of a picture: title, subtitle, panels in rows, legend, event strip. In: a figure. Out: a PNG.

use super::canvas::{HEIGHT, Rect, Sheet, WIDTH, picture};
use super::error::ChartError;
use super::figure::{Figure, Panel};
use super::legend::{Legend, TAG, tag, tag_colour};
use super::palette;
use super::panel::{Plot, TICK_SIZE};
use super::text::{Align, Weight, Words};

const MARGIN: f64 = 36.0;
const PAGE: Rect =
    Rect { left: MARGIN, top: 136.0, right: WIDTH as f64 - MARGIN, bottom: HEIGHT as f64 - 92.0 };
const PANEL_TITLE: f64 = 44.0;
const STRIP: f64 = 56.0;
const ROW_GAP: f64 = 24.0;
const COLUMN_GAP: f64 = 36.0;
const LEGEND_GAP: f64 = 32.0;

/// Draws a figure.
pub fn draw(figure: &Figure) -> Result<Vec<u8>, ChartError> {
    picture(|sheet| {
        heading(sheet, figure)?;
        let legend = Legend::of(figure, &sheet.fonts);
        let right = PAGE.right - legend.width - LEGEND_GAP;
        let rows = row_rooms(figure);
        let columns = column_rooms(sheet, figure, right);
        for (index, (row, (top, bottom))) in figure.rows.iter().zip(&rows).enumerate() {
            for (panel, (left, right)) in row.iter().zip(&columns) {
                let room = Rect { left: *left, top: *top, right: *right, bottom: *bottom };
                let plot = Plot { sheet, panel, x: &figure.x, room };
                plot.draw(&figure.trouble)?;
                panel_title(&plot, if index == 0 { strip_height(figure) } else { 0.0 })?;
                if index == 0 {
                    event_strip(&plot, figure)?;
                }
                if index + 1 == figure.rows.len() {
                    plot.name_x()?;
                    x_name(&plot, figure)?;
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

fn heading(sheet: &Sheet<'_>, figure: &Figure) -> Result<(), ChartError> {
    let room = PAGE.right - PAGE.left;
    let title = format!("{} · {}", figure.title, figure.scenario);
    for (text, size, weight, colour, y) in [
        (&title, 44.0, Weight::Bold, palette::INK, 50.0),
        (&figure.subtitle, 30.0, Weight::Regular, palette::MUTED, 102.0),
    ] {
        let text = &sheet.fonts.shortened(text, size, weight, room);
        sheet.words(&Words { text, size, weight, align: Align::Left, colour }, (PAGE.left, y))?;
    }
    Ok(())
}

fn strip_height(figure: &Figure) -> f64 {
    if figure.markers.is_empty() { 0.0 } else { STRIP }
}

/// Top and bottom of the data of each row.
fn row_rooms(figure: &Figure) -> Vec<(f64, f64)> {
    let weights: Vec<f64> =
        figure.rows.iter().map(|row| row.first().map_or(1.0, |panel| panel.weight)).collect();
    let count = figure.rows.len().max(1) as f64;
    let spent = count * PANEL_TITLE + (count - 1.0) * ROW_GAP + strip_height(figure);
    let unit = (PAGE.bottom - PAGE.top - spent) / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut y = PAGE.top + strip_height(figure);
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
    let gaps = COLUMN_GAP * count.saturating_sub(1) as f64;
    let width = (right - PAGE.left - gaps - labels.iter().sum::<f64>()) / count.max(1) as f64;
    let mut x = PAGE.left;
    let mut room = |label: &f64| {
        let left = x + label;
        x = left + width + COLUMN_GAP;
        (left, left + width)
    };
    labels.iter().map(&mut room).collect()
}

fn panel_title(plot: &Plot<'_, '_>, strip: f64) -> Result<(), ChartError> {
    let Panel { title, .. } = plot.panel;
    let Rect { left, right, top, .. } = plot.room;
    let weight = Weight::Bold;
    let fits = |size: &f32| plot.sheet.fonts.width(title, *size, weight) <= right - left;
    let size = [27.0, 25.0].into_iter().find(fits).unwrap_or(23.0);
    let text = &plot.sheet.fonts.shortened(title, size, weight, right - left);
    let words = Words { text, size, weight, align: Align::Left, colour: palette::INK };
    plot.sheet.words(&words, (left, top - strip - 22.0))
}

/// Numbered tags above the plot: each with a bar for the duration of the event and a line down at its start.
fn event_strip(plot: &Plot<'_, '_>, figure: &Figure) -> Result<(), ChartError> {
    let Rect { top, bottom, right, .. } = plot.room;
    let mut free = f64::NEG_INFINITY;
    for (index, marker) in figure.markers.iter().enumerate() {
        let colour = tag_colour(marker);
        let (from, to) = (plot.at_x(marker.at), plot.at_x(marker.until));
        if to - from > 1.0 {
            plot.sheet.fill(Rect { left: from, top: top - 9.0, right: to, bottom: top - 2.0 }, colour)?;
        }
        plot.sheet.dashes((from, top - 12.0), (from, bottom), 2.0, colour)?;
        let x = from.max(free).min(right);
        tag(plot.sheet, (x, top - 12.0 - TAG), index + 1, colour)?;
        free = x + 2.0 * TAG + 3.0;
    }
    Ok(())
}

fn x_name(plot: &Plot<'_, '_>, figure: &Figure) -> Result<(), ChartError> {
    let Rect { left, right, bottom, .. } = plot.room;
    let (size, weight, align) = (26.0, Weight::Regular, Align::Centre);
    let text = &plot.sheet.fonts.shortened(figure.x_name, size, weight, right - left);
    plot.sheet.words(
        &Words { text, size, weight, align, colour: palette::MUTED },
        ((left + right) / 2.0, bottom + 62.0),
    )
}
