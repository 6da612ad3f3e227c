//! The page of a picture: title, subtitle, panels in rows, legend, event strip. In: a figure. Out: a PNG.

use super::canvas::{HEIGHT, Rect, Sheet, WIDTH, picture};
use super::error::ChartError;
use super::figure::{Figure, Panel};
use super::legend::{Legend, TAG, tag_colour, tags, tags_width};
use super::marker::Marker;
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
                match index {
                    0 => event_strip(&plot, figure)?,
                    _ => event_lines(&plot, figure, Marked::Begin)?,
                }
                event_lines(&plot, figure, Marked::End)?;
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

/// Numbered tags above the plot: each with a bar for the duration of the event and a line down at its start. Events of one
/// instant have one line, and one tag with all of their numbers.
fn event_strip(plot: &Plot<'_, '_>, figure: &Figure) -> Result<(), ChartError> {
    let Rect { top, bottom, right, .. } = plot.room;
    let mut free = f64::NEG_INFINITY;
    let mut number = 0;
    for group in at_once(&figure.markers, |marker| plot.at_x(marker.at)) {
        let from = plot.at_x(group[0].at);
        // The longest bar first, so that it does not hide the others.
        let mut bars: Vec<&Marker> = group.iter().filter(|it| plot.at_x(it.until) - from > 1.0).collect();
        bars.sort_by(|a, b| b.until.total_cmp(&a.until));
        for marker in bars {
            let bar = Rect { left: from, top: top - 9.0, right: plot.at_x(marker.until), bottom: top - 2.0 };
            plot.sheet.fill(bar, tag_colour(marker))?;
        }
        plot.sheet.dashes((from, top - 12.0), (from, bottom), 2.0, tag_colour(&group[0]))?;
        let numbered: Vec<_> = (number + 1..).zip(group.iter().map(tag_colour)).collect();
        let half = tags_width(numbered.len()) / 2.0;
        let x = from.max(free + half).min(right);
        tags(plot.sheet, (x, top - 12.0 - TAG), &numbered)?;
        free = x + half + 3.0;
        number += group.len();
    }
    Ok(())
}

/// What of an event has a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marked {
    Begin,
    End,
}

/// Lines down a panel where faults and deployments begin or end.
fn event_lines(plot: &Plot<'_, '_>, figure: &Figure, what: Marked) -> Result<(), ChartError> {
    let Rect { top, bottom, .. } = plot.room;
    for marker in figure.markers.iter().filter(|it| it.kind.has_end()) {
        let (from, until) = (plot.at_x(marker.at), plot.at_x(marker.until));
        match what {
            Marked::Begin => plot.sheet.dashes((from, top), (from, bottom), 2.0, tag_colour(marker))?,
            Marked::End if until - from > 2.0 && until < plot.room.right - 1.0 => {
                plot.sheet.dashes((until, top), (until, bottom), 1.0, tag_colour(marker))?;
            }
            Marked::End => {}
        }
    }
    Ok(())
}

/// Markers that stand at one place, in groups: those of one instant, or of one pixel.
fn at_once(markers: &[Marker], place: impl Fn(&Marker) -> f64) -> impl Iterator<Item = &[Marker]> {
    markers.chunk_by(move |one, next| (place(next) - place(one)).abs() < 1.0)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::marker::Kind;

    #[test]
    fn events_of_one_instant_have_one_tag() {
        let marker =
            |at| Marker { at, until: at, kind: Kind::Incident, text: String::new(), when: String::new() };
        let markers = [10.0, 10.0, 10.0004, 30.0, 31.0].map(marker);
        // A thousand seconds on a thousand pixels.
        let groups: Vec<usize> = at_once(&markers, |marker| marker.at).map(<[Marker]>::len).collect();
        assert_eq!(groups, [3, 1, 1]);
        let (one, three) = (tags_width(1), tags_width(3));
        assert!(one == 2.0 * TAG && three > one + 2.0 * TAG, "room for three numbers");
    }
}
