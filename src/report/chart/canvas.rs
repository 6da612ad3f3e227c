//! The sheet that a chart is drawn on. In: shapes and words in pixels of the final picture. Out: a PNG or an SVG of them.

mod pixels;
mod svg;

use plotters::prelude::{Color, RGBAColor, RGBColor};

use super::error::ChartError;
use super::figure::Figure;
use super::text::{Fonts, Words};
use crate::report::charts::Format;

/// Width of every picture in pixels.
pub const WIDTH: u32 = 1920;
/// Height of every picture in pixels.
pub const HEIGHT: u32 = 960;
/// Length of a dash, and of the pause after it.
const DASH: f64 = 12.0;
const PAUSE: f64 = 8.0;

/// A place on the picture, pixels from its top left corner.
pub type Point = (f64, f64);

/// A rectangle on the picture.
#[derive(Clone, Copy, Debug)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

/// What a picture is made on: pixels, or the text of an SVG.
trait Surface {
    /// A filled rectangle.
    fn fill(&self, rect: Rect, colour: RGBColor) -> Result<(), ChartError>;
    /// A filled polygon.
    fn polygon(&self, corners: &[Point], colour: RGBColor) -> Result<(), ChartError>;
    /// A filled disc.
    fn disc(&self, centre: Point, radius: f64, colour: RGBAColor) -> Result<(), ChartError>;
    /// A line through points.
    fn line(&self, points: &[Point], width: f64, colour: RGBAColor) -> Result<(), ChartError>;
    /// A straight dashed line.
    fn dashes(&self, from: Point, to: Point, width: f64, colour: RGBColor) -> Result<(), ChartError>;
    /// Words at a point: centred vertically on their capitals, aligned horizontally as they say.
    fn words(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError>;
}

/// The sheet that charts are drawn on.
pub struct Sheet<'a> {
    surface: &'a dyn Surface,
    pub fonts: Fonts,
}

/// The picture of a figure that `draw` makes, as the bytes of a file.
pub fn picture(
    figure: &Figure,
    format: Format,
    draw: impl FnOnce(&Sheet<'_>) -> Result<(), ChartError>,
) -> Result<Vec<u8>, ChartError> {
    match format {
        Format::Png => {
            let fonts = Fonts::embedded()?;
            pixels::picture(|surface| draw(&Sheet { surface, fonts }))
        }
        Format::Svg => {
            let fonts = Fonts::of_the_viewer()?;
            svg::picture(&figure.heading(), &figure.subtitle, |surface| draw(&Sheet { surface, fonts }))
        }
    }
}

impl Sheet<'_> {
    /// A filled rectangle.
    pub fn fill(&self, rect: Rect, colour: RGBColor) -> Result<(), ChartError> {
        self.surface.fill(rect, colour)
    }

    /// A filled polygon.
    pub fn polygon(&self, corners: &[Point], colour: RGBColor) -> Result<(), ChartError> {
        self.surface.polygon(corners, colour)
    }

    /// A filled disc.
    pub fn disc(&self, centre: Point, radius: f64, colour: impl Color) -> Result<(), ChartError> {
        self.surface.disc(centre, radius, colour.to_rgba())
    }

    /// A line through points.
    pub fn line(&self, points: &[Point], width: f64, colour: impl Color) -> Result<(), ChartError> {
        self.surface.line(points, width, colour.to_rgba())
    }

    /// A straight dashed line.
    pub fn dashes(&self, from: Point, to: Point, width: f64, colour: RGBColor) -> Result<(), ChartError> {
        self.surface.dashes(from, to, width, colour)
    }

    /// Words at a point: centred vertically on their capitals, aligned horizontally as they say.
    pub fn words(&self, words: &Words<'_>, at: Point) -> Result<(), ChartError> {
        self.surface.words(&self.fonts, words, at)
    }
}
