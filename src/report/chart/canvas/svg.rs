//! A sheet of vectors. In: shapes and words. Out: the text of an SVG file.
//!
//! Its words are text: they can be selected and searched, in any script that the viewer has a font for. They are told to be as wide as in the
//! embedded font, so that they have their room in any other font too. It refers to nothing outside of itself, and has no script.

use std::cell::RefCell;
use std::fmt::Write;

use plotters::prelude::{Color, RGBAColor, RGBColor};

use super::surface::{DASH, HEIGHT, PAUSE, Point, Rect, Surface, WIDTH};
use crate::report::chart::error::ChartError;
use crate::report::chart::text::{Align, Fonts, Weight, Words};
use crate::text::visible;

/// The embedded font, fonts that are as narrow, and whatever there is.
const FONTS: &str = "'DejaVu Sans Condensed','DejaVu Sans','Open Sans',Tahoma,Verdana,sans-serif";

/// What was drawn so far.
#[derive(Default)]
struct Vectors {
    text: RefCell<Text>,
}

/// Neighbours of one look are one path: a heat map has thousands of cells in few colours.
#[derive(Default)]
struct Text {
    done: String,
    /// The attributes of the path that is not closed yet, and its way; empty if there is none.
    look: String,
    way: String,
    /// Rectangles of that look that are not in the way yet.
    cells: Vec<Cell>,
}

/// A rectangle in tenths of a pixel; by its order, those of one row stand beside each other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    top: i64,
    bottom: i64,
    left: i64,
    right: i64,
}

/// The text of what `draw` draws, with a title and a description for who cannot see it.
pub fn picture(
    title: &str,
    description: &str,
    draw: impl FnOnce(&dyn Surface) -> Result<(), ChartError>,
) -> Result<Vec<u8>, ChartError> {
    let sheet = Vectors::default();
    draw(&sheet)?;
    let mut text = sheet.text.into_inner();
    text.close();
    let (title, description) = (escaped(title), escaped(description));
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
        viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"{FONTS}\" font-stretch=\"condensed\" \
        xml:space=\"preserve\">\n\
        <title>{title}</title>\n<desc>{description}</desc>\n\
        <path d=\"M0 0h{WIDTH}v{HEIGHT}H0z\" fill=\"#fff\"/>\n{}</svg>\n",
        text.done
    )
    .into_bytes())
}

impl Text {
    /// Adds a way to the path of a look, or begins a path.
    fn path(&mut self, look: String, way: &str) {
        self.begin(look);
        self.way.push_str(way);
    }

    fn begin(&mut self, look: String) {
        if self.look != look {
            self.close();
            self.look = look;
        }
    }

    /// Ends the path. Cells of one row that touch or overlap are one: rows of the timeline are often narrower than a pixel.
    fn close(&mut self) {
        self.cells.sort_unstable();
        let mut merged: Vec<Cell> = Vec::new();
        for cell in self.cells.drain(..) {
            match merged.last_mut() {
                Some(last)
                    if (last.top, last.bottom) == (cell.top, cell.bottom) && cell.left <= last.right =>
                {
                    last.right = last.right.max(cell.right);
                }
                _ => merged.push(cell),
            }
        }
        for Cell { top, bottom, left, right } in merged {
            let [x, y, width, height] = [left, top, right - left, bottom - top].map(|it| it as f64 / 10.0);
            let _ = write!(self.way, "M{x} {y}h{width}v{height}h-{width}z");
        }
        if !self.way.is_empty() {
            let (way, look) = (std::mem::take(&mut self.way), std::mem::take(&mut self.look));
            self.element(format_args!("<path d=\"{way}\" {look}/>"));
        }
    }

    fn element(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing into a string does not fail.
        let _ = writeln!(self.done, "{element}");
    }
}

impl Surface for Vectors {
    fn fill(&self, rect: Rect, colour: RGBColor) -> Result<(), ChartError> {
        let [left, right, top, bottom] =
            [rect.left, rect.right, rect.top, rect.bottom].map(|it| (it * 10.0).round() as i64);
        // Cells that touch have no seam.
        let mut text = self.text.borrow_mut();
        text.begin(format!("fill=\"{}\" shape-rendering=\"crispEdges\"", hex(&colour)));
        text.cells.push(Cell {
            top: top.min(bottom),
            bottom: top.max(bottom),
            left: left.min(right),
            right: left.max(right),
        });
        Ok(())
    }

    fn polygon(&self, corners: &[Point], colour: RGBAColor) -> Result<(), ChartError> {
        self.text.borrow_mut().path(look("fill", &colour), &(way(corners) + "z"));
        Ok(())
    }

    fn disc(&self, (x, y): Point, radius: f64, colour: RGBAColor) -> Result<(), ChartError> {
        let mut text = self.text.borrow_mut();
        text.close();
        let (x, y, radius, colour) = (short(x), short(y), short(radius), look("fill", &colour));
        text.element(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {colour}/>"));
        Ok(())
    }

    fn line(&self, points: &[Point], width: f64, colour: RGBAColor) -> Result<(), ChartError> {
        let look = format!(
            "fill=\"none\" {} stroke-width=\"{}\" stroke-linejoin=\"round\"",
            look("stroke", &colour),
            short(width)
        );
        self.text.borrow_mut().path(look, &way(points));
        Ok(())
    }

    fn dashes(&self, from: Point, to: Point, width: f64, colour: RGBColor) -> Result<(), ChartError> {
        let look = format!(
            "fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-dasharray=\"{DASH} {PAUSE}\"",
            hex(&colour),
            short(width)
        );
        self.text.borrow_mut().path(look, &way(&[from, to]));
        Ok(())
    }

    fn words(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError> {
        self.letters(fonts, words, at, "")
    }

    fn words_up(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError> {
        self.letters(fonts, words, at, &format!(" transform=\"rotate(-90 {} {})\"", short(at.0), short(at.1)))
    }
}

impl Vectors {
    /// Words with a further attribute.
    fn letters(&self, fonts: &Fonts, words: &Words<'_>, at: Point, further: &str) -> Result<(), ChartError> {
        if words.text.is_empty() {
            return Ok(());
        }
        let Words { text, size, weight, align, colour } = *words;
        let (x, y) = (short(at.0), short(fonts.baseline(size, at.1)));
        let anchor = match align {
            Align::Left => "",
            Align::Centre => " text-anchor=\"middle\"",
            Align::Right => " text-anchor=\"end\"",
        };
        let bold = if weight == Weight::Bold { " font-weight=\"bold\"" } else { "" };
        // How wide a letter is that the embedded font lacks, the viewer knows better.
        let fitted = match fonts.has_all(text) {
            true => format!(
                " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
                short(fonts.width(text, size, weight))
            ),
            false => String::new(),
        };
        let (colour, words) = (hex(&colour), escaped(text));
        let mut text = self.text.borrow_mut();
        text.close();
        text.element(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{colour}\"{bold}{anchor}{fitted}{further}>{words}</text>",
            short(f64::from(size)),
        ));
        Ok(())
    }
}

/// Pixels of a column in which the highest and the lowest point of a line, its first and its last say all: it is as wide as a line.
const COLUMN: f64 = 2.0;

/// The points of a line that can be told from others, in their order.
fn thinned(points: &[Point]) -> Vec<Point> {
    let columns = points.chunk_by(|one, next| (one.0 / COLUMN).floor() == (next.0 / COLUMN).floor());
    let mut kept = Vec::new();
    for column in columns {
        let by_height = |one: &&Point, other: &&Point| one.1.total_cmp(&other.1);
        let ends =
            [column.iter().min_by(by_height), column.iter().max_by(by_height), column.first(), column.last()];
        let is_end = |point: &&Point| ends.iter().flatten().any(|end| std::ptr::eq(*end, *point));
        kept.extend(column.iter().filter(is_end));
    }
    kept
}

/// A path through points, without those that are where the one before is.
fn way(points: &[Point]) -> String {
    let mut way = String::new();
    let mut before = None;
    for (x, y) in thinned(points).iter().map(|(x, y)| (short(*x), short(*y))) {
        if before != Some((x, y)) {
            let separator = if before.is_none() { 'M' } else { ' ' };
            let _ = write!(way, "{separator}{x} {y}");
            before = Some((x, y));
        }
    }
    way
}

/// A tenth of a pixel is as fine as anybody sees.
fn short(value: f64) -> f64 {
    // Without the sign of zero.
    (value * 10.0).round() / 10.0 + 0.0
}

fn hex(colour: &impl Color) -> String {
    let (red, green, blue) = colour.rgb();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The attributes of a colour that one can look through.
fn look(of: &str, colour: &RGBAColor) -> String {
    match colour.3 < 1.0 {
        true => format!("{of}=\"{}\" {of}-opacity=\"{}\"", hex(colour), colour.3),
        false => format!("{of}=\"{}\"", hex(colour)),
    }
}

/// Text that is no markup, without what XML does not allow at all.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // What is hidden in a name, such as what turns the direction of what follows, is written out.
    for letter in visible(&text.replace(['\t', '\n', '\r'], " ")).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: RGBColor = RGBColor(255, 0, 0);

    /// What is drawn, without the head of the file and its background.
    fn drawn(draw: impl FnOnce(&dyn Surface)) -> Vec<String> {
        let bytes = picture("a", "b", |sheet| {
            draw(sheet);
            Ok(())
        });
        let text = String::from_utf8(bytes.unwrap()).unwrap();
        let (_, body) = text.split_once("fill=\"#fff\"/>\n").unwrap();
        body.lines().filter(|line| *line != "</svg>").map(str::to_owned).collect()
    }

    /// Of five points in one column of two pixels the first, the highest, the lowest and the last stay; the next column begins anew.
    #[test]
    fn of_many_points_in_one_column_those_stay_that_can_be_told_apart() {
        let points = [(0.1, 5.0), (0.5, 6.0), (0.9, 1.0), (1.2, 9.0), (1.9, 7.0), (2.0, 3.0)];
        assert_eq!(thinned(&points), [points[0], points[2], points[3], points[4], points[5]]);
    }

    #[test]
    fn cells_of_one_colour_are_one_path_and_those_that_touch_are_one() {
        let cell = |left: f64| Rect { left, top: 1.0, right: left + 2.04, bottom: 5.0 };
        let lines = drawn(|sheet| {
            for left in [0.0, 5.0, 2.0] {
                sheet.fill(cell(left), RED).unwrap();
            }
            sheet.fill(cell(9.0), RGBColor(0, 0, 255)).unwrap();
        });
        let red = "<path d=\"M0 1h4v4h-4zM5 1h2v4h-2z\" fill=\"#ff0000\" shape-rendering=\"crispEdges\"/>";
        assert_eq!((lines.len(), lines[0].as_str()), (2, red));
    }

    #[test]
    fn a_line_has_each_place_once_and_dashes_are_one_line() {
        let lines = drawn(|sheet| {
            sheet.line(&[(0.0, 0.0), (0.01, 0.01), (3.11, 4.0)], 2.0, RED.mix(0.5)).unwrap();
            sheet.dashes((0.0, 9.0), (90.0, 9.0), 3.0, RED).unwrap();
        });
        assert!(
            lines[0].starts_with(
                "<path d=\"M0 0 3.1 4\" fill=\"none\" stroke=\"#ff0000\" stroke-opacity=\"0.5\""
            )
        );
        assert!(
            lines[1].contains("d=\"M0 9 90 9\"") && lines[1].contains("stroke-dasharray=\"12 8\""),
            "{lines:?}"
        );
    }

    /// A name is text whatever is in it; a letter that the embedded font lacks stays as it is, as wide as the viewer has it.
    #[test]
    fn words_are_text_and_never_markup() {
        let fonts = Fonts::of_the_viewer().unwrap();
        let say = |text: &str| {
            let words = Words { text, size: 20.0, weight: Weight::Regular, align: Align::Right, colour: RED };
            drawn(|sheet| sheet.words(&fonts, &words, (10.0, 20.0)).unwrap()).join("")
        };
        let line = say("</text><script>\"a\" & 'b'\u{1}\u{8}");
        assert!(
            line.ends_with(">&lt;/text&gt;&lt;script&gt;&quot;a&quot; &amp; 'b'\\u{1}\\u{8}</text>"),
            "{line}"
        );
        assert!(say("web").contains("text-anchor=\"end\" textLength=\""));
        assert!(say("注文").ends_with(">注文</text>") && !say("注文").contains("textLength"));
        assert_eq!(say(""), "");
    }
}
