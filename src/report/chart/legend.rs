//! The legend, in a column right of the plots so that it never covers data. In: a figure. Out: its entries, drawn.

use plotters::style::RGBColor;

use super::canvas::{HEIGHT, Rect, Sheet};
use super::cells;
use super::error::ChartError;
use super::figure::{Figure, Panel, Shape};
use super::marker::{Kind, Marker};
use super::palette;
use super::text::{Align, Fonts, Weight, Words};
use crate::number::counted;

const SIZE: f32 = 27.0;
const NOTE_SIZE: f32 = 23.0;
const LINE: f64 = 33.0;
const NOTE_LINE: f64 = 28.0;
const GAP: f64 = 9.0;
const MARK_WIDTH: f64 = 34.0;
const TEXT_LEFT: f64 = 48.0;
const WIDEST: f64 = 420.0;
/// What numbers in brackets are.
const NUMBERED: &str = "[4E00]: Unicode number of a letter that this font lacks";

/// Radius of the numbered tag of an event.
pub const TAG: f64 = 16.0;
/// Distance of the numbers of a tag that has several.
const STEP: f64 = 24.0;

/// Sizes of a legend over the usual one, with the most lines of a text: the first with which it has room.
const WAYS: [(f64, usize); 6] = [(1.0, 4), (0.92, 4), (0.85, 4), (0.78, 4), (0.78, 2), (0.72, 2)];

/// The legend of a figure.
pub struct Legend {
    /// Entries beside each row of panels, then those that belong to the whole figure.
    rows: Vec<Vec<Entry>>,
    /// Width of the column.
    pub width: f64,
    /// Its size over the usual one.
    scale: f64,
    /// Where it may begin.
    top: f64,
    /// How many events it names: the first ones of the figure.
    pub events: usize,
}

struct Entry {
    mark: Mark,
    lines: Vec<String>,
    note: Vec<String>,
    scale: f64,
}

enum Mark {
    Fill(RGBColor),
    Line(RGBColor),
    Dashes(RGBColor),
    Dot(RGBColor),
    Frame(RGBColor),
    Hatch(RGBColor),
    Tag(RGBColor, usize),
    Nothing,
}

impl Legend {
    /// The entries of a figure that may begin at `top`: smaller where they would not have room else, then with less of long words,
    /// and then without the last events.
    pub fn of(figure: &Figure, fonts: &Fonts, top: f64) -> Legend {
        let room = f64::from(HEIGHT) - top;
        let all = figure.markers.len();
        let ways = WAYS.into_iter().map(|(scale, lines)| (scale, lines, all));
        let [.., (scale, lines)] = WAYS;
        let fewer = (0..all).rev().map(|events| (scale, lines, events));
        let sized = |way| Legend { top, ..Legend::sized(figure, fonts, way) };
        let mut legends = ways.chain(fewer).map(sized);
        let smallest = || sized((scale, lines, 0));
        legends.find(|it| it.height() <= room).unwrap_or_else(smallest)
    }

    /// Height of all entries below each other.
    fn height(&self) -> f64 {
        let entries = self.rows.iter().flatten().map(|entry| entry.height() + GAP * self.scale);
        entries.sum::<f64>() + GAP * self.scale * self.rows.len() as f64
    }

    /// Of a size, with so many lines for each text, and so many of the events. An entry of an earlier row is not repeated.
    fn sized(figure: &Figure, fonts: &Fonts, (scale, lines, events): (f64, usize, usize)) -> Legend {
        let entry = |mark, text: &str, note: &str| Entry::new(mark, text, note, fonts, (scale, lines));
        let mut named: Vec<&str> = Vec::new();
        let mut rows: Vec<Vec<Entry>> = Vec::new();
        for row in &figure.rows {
            let mut entries = Vec::new();
            for (name, mark) in row.iter().flat_map(named_layers) {
                if !name.is_empty() && !named.contains(&name) {
                    named.push(name);
                    entries.push(entry(mark, name, ""));
                }
            }
            rows.push(entries);
        }
        let mut whole = Vec::new();
        if !figure.trouble.is_empty() {
            whole.push(entry(Mark::Fill(palette::TROUBLE), figure.shaded, ""));
        }
        for (index, marker) in figure.markers.iter().take(events).enumerate() {
            whole.push(entry(Mark::Tag(tag_colour(marker), index + 1), &marker.text, &marker.when));
        }
        let unmarked = figure.unmarked + figure.markers.len().saturating_sub(events);
        if unmarked > 0 {
            let text = format!("and {}", counted(unmarked as u64, "more event"));
            whole.push(entry(Mark::Nothing, "", &text));
        }
        let names = figure.rows.iter().flatten().flat_map(named_layers).map(|(name, _)| name);
        let titles = figure
            .rows
            .iter()
            .flatten()
            .map(|panel| panel.title.as_str())
            .chain([figure.scenario.as_str(), figure.subtitle.as_str()]);
        if names
            .chain(titles)
            .chain(figure.markers.iter().map(|it| it.text.as_str()))
            .any(|text| fonts.has_numbers(text))
        {
            whole.push(entry(Mark::Nothing, "", NUMBERED));
        }
        match rows.iter_mut().rfind(|entries| !entries.is_empty()) {
            Some(last) => last.extend(whole),
            None => rows.push(whole),
        }
        let width = rows.iter().flatten().map(|entry| entry.width(fonts)).fold(0.0, f64::max);
        Legend { rows, width, scale, top: 0.0, events }
    }

    /// Draws the entries of each row from its top: lower if those above need the room, higher if those below do. What still has no room is
    /// left out.
    pub fn draw(&self, sheet: &Sheet<'_>, left: f64, tops: &[f64]) -> Result<(), ChartError> {
        for (entries, mut y) in self.rows.iter().zip(self.places(tops)) {
            for entry in entries {
                if y + entry.height() > f64::from(HEIGHT) {
                    return Ok(());
                }
                entry.draw(sheet, left, y)?;
                y += entry.height() + GAP * self.scale;
            }
        }
        Ok(())
    }

    /// Where the entries of each row begin.
    fn places(&self, tops: &[f64]) -> Vec<f64> {
        let gap = GAP * self.scale;
        let height = |entries: &Vec<Entry>| entries.iter().map(|it| it.height() + gap).sum::<f64>() + gap;
        let heights: Vec<f64> = self.rows.iter().map(height).collect();
        let mut free = self.top;
        let place = |(nth, top): (usize, &f64)| {
            let needed: f64 = heights[nth..].iter().sum();
            let y = top.min(f64::from(HEIGHT) - needed).max(free);
            free = y + heights[nth];
            y
        };
        tops.iter().take(heights.len()).enumerate().map(place).collect()
    }
}

impl Entry {
    fn new(mark: Mark, text: &str, note: &str, fonts: &Fonts, (scale, most): (f64, usize)) -> Entry {
        let width = WIDEST - TEXT_LEFT;
        let (size, note_size) = (SIZE * scale as f32, NOTE_SIZE * scale as f32);
        let lines = fonts.wrapped_to(text, size, Weight::Regular, width, most);
        Entry { mark, lines, note: fonts.wrapped(note, note_size, Weight::Regular, width), scale }
    }

    fn width(&self, fonts: &Fonts) -> f64 {
        let lines =
            self.lines.iter().map(|line| fonts.width(line, SIZE * self.scale as f32, Weight::Regular));
        let notes =
            self.note.iter().map(|line| fonts.width(line, NOTE_SIZE * self.scale as f32, Weight::Regular));
        TEXT_LEFT + lines.chain(notes).fold(0.0, f64::max)
    }

    fn height(&self) -> f64 {
        (self.lines.len() as f64 * LINE + self.note.len() as f64 * NOTE_LINE) * self.scale
    }

    fn draw(&self, sheet: &Sheet<'_>, left: f64, top: f64) -> Result<(), ChartError> {
        let middle = top + LINE * self.scale / 2.0;
        let right = left + MARK_WIDTH;
        let mark = Rect { left, top: middle - 11.0, right, bottom: middle + 11.0 };
        match self.mark {
            Mark::Fill(colour) => sheet.fill(mark, colour)?,
            Mark::Line(colour) => sheet.line(&[(left, middle), (right, middle)], 6.0, colour)?,
            Mark::Dashes(colour) => sheet.dashes((left, middle), (right, middle), 4.0, colour)?,
            Mark::Frame(colour) => cells::frame(sheet, mark, colour)?,
            Mark::Hatch(colour) => cells::hatch(sheet, mark, colour)?,
            Mark::Dot(colour) => sheet.disc((left + MARK_WIDTH / 2.0, middle), 8.0, colour)?,
            Mark::Tag(colour, number) => tags(sheet, (left + MARK_WIDTH / 2.0, middle), &[(number, colour)])?,
            Mark::Nothing => {}
        }
        let mut y = top;
        for (lines, size, height, colour) in
            [(&self.lines, SIZE, LINE, palette::INK), (&self.note, NOTE_SIZE, NOTE_LINE, palette::MUTED)]
        {
            let (size, height) = (size * self.scale as f32, height * self.scale);
            for text in lines {
                let words = Words { text, size, weight: Weight::Regular, align: Align::Left, colour };
                sheet.words(&words, (left + TEXT_LEFT, y + height / 2.0))?;
                y += height;
            }
        }
        Ok(())
    }
}

/// Names and marks of a panel's layers: lines first, then areas from the top down, in the order of the plot.
fn named_layers(panel: &Panel) -> Vec<(&str, Mark)> {
    let mut named: Vec<(&str, Mark)> = Vec::new();
    let mut areas: Vec<(&str, Mark)> = Vec::new();
    for layer in &panel.layers {
        match &layer.shape {
            Shape::Line(_) => named.push((&layer.name, Mark::Line(layer.colour))),
            Shape::Level(_) => named.push((&layer.name, Mark::Dashes(layer.colour))),
            Shape::Points(points) => {
                named.extend(points.iter().map(|(.., words)| (words.as_str(), Mark::Dot(layer.colour))));
            }
            Shape::Frames(_) => named.push((&layer.name, Mark::Frame(layer.colour))),
            Shape::Hatched(_) => named.push((&layer.name, Mark::Hatch(layer.colour))),
            Shape::Words(_) => {}
            Shape::Area(_) | Shape::Cells(_) => areas.push((&layer.name, Mark::Fill(layer.colour))),
            Shape::Band(_) => areas.push((&layer.name, Mark::Fill(palette::pale(layer.colour)))),
        }
    }
    named.extend(areas.into_iter().rev());
    named
}

/// The colour of an event's tag.
pub fn tag_colour(marker: &Marker) -> RGBColor {
    match marker.kind {
        Kind::Out => palette::SCALE_OUT,
        Kind::In => palette::SCALE_IN,
        Kind::Fault | Kind::Incident => palette::INCIDENT,
        Kind::Deployment => palette::DEPLOYMENT,
    }
}

/// Width of a tag with so many numbers.
pub fn tags_width(numbers: usize) -> f64 {
    2.0 * TAG + STEP * numbers.saturating_sub(1) as f64
}

/// A tag with one number, or with several side by side, each in its colour.
pub fn tags(sheet: &Sheet<'_>, (x, y): (f64, f64), numbers: &[(usize, RGBColor)]) -> Result<(), ChartError> {
    let first = x + TAG - tags_width(numbers.len()) / 2.0;
    let centre = |place: usize| first + STEP * place as f64;
    for (place, (_, colour)) in numbers.iter().enumerate() {
        if place == 0 || place + 1 == numbers.len() {
            sheet.disc((centre(place), y), TAG, *colour)?;
        }
    }
    // Between the round ends.
    let (left, right) = (centre(0), centre(numbers.len().saturating_sub(1)));
    for (place, (_, colour)) in numbers.iter().enumerate() {
        let (from, to) = (centre(place) - STEP / 2.0, centre(place) + STEP / 2.0);
        let part = Rect { left: from.max(left), top: y - TAG, right: to.min(right), bottom: y + TAG };
        if part.right > part.left {
            sheet.fill(part, *colour)?;
        }
    }
    let white = RGBColor(255, 255, 255);
    for (place, (number, _)) in numbers.iter().enumerate() {
        let text = &number.to_string();
        let words = Words { text, size: 23.0, weight: Weight::Bold, align: Align::Centre, colour: white };
        sheet.words(&words, (centre(place), y))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::sample;
    use crate::report::chart::figure::Layer;

    /// What would stand below the picture is not left out: all of it is written smaller.
    #[test]
    fn a_long_legend_is_smaller_and_has_all_its_entries() {
        let fonts = Fonts::embedded().unwrap();
        let with = |count: usize| {
            let outcome = sample::outcome();
            let layer = |nth| Layer::new(format!("line {nth}"), palette::INK, Shape::Level(1.0));
            let layers = (0..count).map(layer).collect();
            let y = crate::report::chart::axis::Axis::percent();
            let panel = Panel { title: String::new(), y, layers, weight: 1.0 };
            let figure = Figure::over_time(&outcome, "Title", String::new(), vec![vec![panel]]);
            Legend::of(&Figure { markers: Vec::new(), ..figure }, &fonts, 150.0)
        };
        let (short, long) = (with(5), with(20));
        assert_eq!((short.scale, long.rows[0].len()), (1.0, 21));
        assert!(long.scale < 1.0 && long.height() <= f64::from(HEIGHT) - 150.0, "{}", long.scale);
        // The entries of a low panel begin above it, if they have no room else.
        assert_eq!(short.places(&[150.0]), [150.0]);
        let low = short.places(&[900.0])[0];
        assert!(low < 900.0 && low + short.height() <= f64::from(HEIGHT) + 1e-6, "{low}");
    }

    /// A long text has more lines as long as there is room; then it is cut off, and then the last events are counted instead.
    #[test]
    fn events_are_told_in_full_or_counted() {
        let fonts = Fonts::embedded().unwrap();
        let with = |events: usize, words: &str| {
            let marker = Marker {
                at: 1.0,
                until: 1.0,
                kind: Kind::Incident,
                text: words.into(),
                when: "0:01".into(),
                others: Vec::new(),
            };
            let outcome = sample::outcome();
            let figure = Figure::over_time(&outcome, "Title", String::new(), Vec::new());
            let figure = Figure { markers: vec![marker; events], unmarked: 1, ..figure };
            Legend::of(&figure, &fonts, 150.0)
        };
        let long = "front: 1 of 6 targets unhealthy because its health checks wait for threads";
        let told = |it: &Entry| it.lines.join(" ") == long;
        let few = with(3, long);
        assert_eq!((few.scale, few.events, few.rows[0].iter().filter(|it| told(it)).count()), (1.0, 3, 3));
        let many = with(40, long);
        assert!(many.events < 20 && many.events > 5 && many.height() <= f64::from(HEIGHT) - 150.0);
        let last = many.rows[0].last().unwrap();
        assert_eq!(last.note, [format!("and {} more events", 41 - many.events)]);
    }
}
