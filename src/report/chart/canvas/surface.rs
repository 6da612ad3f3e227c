//! What a picture is made on, whatever its format. In: shapes and words. Out: nothing but the names of them.

use plotters::prelude::{RGBAColor, RGBColor};

use crate::report::chart::error::ChartError;
use crate::report::chart::text::{Fonts, Words};

/// Width of every picture in pixels.
pub const WIDTH: u32 = 1920;
/// Height of every picture in pixels.
pub const HEIGHT: u32 = 960;
/// Length of a dash, and of the pause after it.
pub const DASH: f64 = 12.0;
pub const PAUSE: f64 = 8.0;

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
pub trait Surface {
    /// A filled rectangle.
    fn fill(&self, rect: Rect, colour: RGBColor) -> Result<(), ChartError>;
    /// A filled polygon.
    fn polygon(&self, corners: &[Point], colour: RGBAColor) -> Result<(), ChartError>;
    /// A filled disc.
    fn disc(&self, centre: Point, radius: f64, colour: RGBAColor) -> Result<(), ChartError>;
    /// A line through points.
    fn line(&self, points: &[Point], width: f64, colour: RGBAColor) -> Result<(), ChartError>;
    /// A straight dashed line.
    fn dashes(&self, from: Point, to: Point, width: f64, colour: RGBColor) -> Result<(), ChartError>;
    /// Words at a point: centred vertically on their capitals, aligned horizontally as they say.
    fn words(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError>;
    /// The same words turned so that they are read upwards.
    fn words_up(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError>;
}
