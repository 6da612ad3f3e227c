//! The sheet that a chart is drawn on. In: shapes and words in pixels of the final picture. Out: a PNG or an SVG of them.

mod pixels;
mod surface;
mod svg;

use plotters::prelude::{Color, RGBColor};

use super::error::ChartError;
use super::figure::Figure;
use super::text::{Fonts, Words};
use crate::report::charts::Format;

use surface::Surface;
pub use surface::{HEIGHT, Point, Rect, WIDTH};

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
    pub fn polygon(&self, corners: &[Point], colour: impl Color) -> Result<(), ChartError> {
        self.surface.polygon(corners, colour.to_rgba())
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

    /// Words that are read upwards: centred horizontally on their capitals, and with their end at the top if they are aligned to the right.
    pub fn words_up(&self, words: &Words<'_>, at: Point) -> Result<(), ChartError> {
        self.surface.words_up(&self.fonts, words, at)
    }
}
