//! A sheet of pixels. In: shapes and words. Out: the bytes of a PNG file.
//!
//! plotters draws on whole pixels with hard edges, so the sheet is finer than the picture and averaged down.

use plotters::coord::Shift;
use plotters::prelude::{
    BitMapBackend, Circle, Color, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBAColor, RGBColor,
    Rectangle,
};

use super::surface::{DASH, HEIGHT, PAUSE, Point, Rect, Surface, WIDTH};
use crate::report::chart::error::ChartError;
use crate::report::chart::text::{Fonts, Words};

/// Pixels of the sheet for each pixel of the picture, in each direction.
const FINE: u32 = 2;

/// The pixels that are drawn on.
struct Pixels<'a> {
    area: DrawingArea<BitMapBackend<'a>, Shift>,
}

/// The bytes of what `draw` draws.
pub fn picture(draw: impl FnOnce(&dyn Surface) -> Result<(), ChartError>) -> Result<Vec<u8>, ChartError> {
    let size = (WIDTH * FINE, HEIGHT * FINE);
    let mut pixels = vec![255; (size.0 * size.1 * 3) as usize];
    let sheet = Pixels { area: BitMapBackend::with_buffer(&mut pixels, size).into_drawing_area() };
    draw(&sheet)?;
    sheet.area.present()?;
    drop(sheet);
    encode(&averaged(&pixels))
}

impl Surface for Pixels<'_> {
    fn fill(&self, rect: Rect, colour: RGBColor) -> Result<(), ChartError> {
        let corners = [fine((rect.left, rect.top)), fine((rect.right, rect.bottom))];
        Ok(self.area.draw(&Rectangle::new(corners, colour.filled()))?)
    }

    fn polygon(&self, corners: &[Point], colour: RGBAColor) -> Result<(), ChartError> {
        Ok(self
            .area
            .draw(&Polygon::new(corners.iter().copied().map(fine).collect::<Vec<_>>(), colour.filled()))?)
    }

    fn disc(&self, centre: Point, radius: f64, colour: RGBAColor) -> Result<(), ChartError> {
        Ok(self.area.draw(&Circle::new(fine(centre), (radius * f64::from(FINE)) as i32, colour.filled()))?)
    }

    /// Drawn piece by piece with round joints: plotters' own outline of a jagged thick path overlaps itself
    /// and leaves holes.
    fn line(&self, points: &[Point], width: f64, colour: RGBAColor) -> Result<(), ChartError> {
        let stroke = colour.stroke_width((width * f64::from(FINE)).round().max(1.0) as u32);
        let round = width >= 2.0 && points.len() > 2;
        for (from, to) in points.iter().zip(points.iter().skip(1)) {
            self.area.draw(&PathElement::new([fine(*from), fine(*to)], stroke))?;
            if round {
                self.disc(*to, width / 2.0, colour)?;
            }
        }
        Ok(())
    }

    fn dashes(&self, from: Point, to: Point, width: f64, colour: RGBColor) -> Result<(), ChartError> {
        const PERIOD: f64 = DASH + PAUSE;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = dx.hypot(dy);
        let at = |way: f64| {
            let share = (way / length).min(1.0);
            (from.0 + dx * share, from.1 + dy * share)
        };
        for dash in 0..(length / PERIOD).ceil() as u32 {
            let start = f64::from(dash) * PERIOD;
            self.line(&[at(start), at(start + DASH)], width, colour.to_rgba())?;
        }
        Ok(())
    }

    fn words(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError> {
        let at = (at.0 as f32, at.1 as f32);
        self.letters(fonts, words, at, |pixel| pixel)
    }

    fn words_up(&self, fonts: &Fonts, words: &Words<'_>, at: Point) -> Result<(), ChartError> {
        let (left, bottom) = fine(at);
        self.letters(fonts, words, (0.0, 0.0), |(x, y)| (left + y, bottom - x))
    }
}

impl Pixels<'_> {
    /// Words whose pixels each have a place of their own.
    fn letters(
        &self,
        fonts: &Fonts,
        words: &Words<'_>,
        at: (f32, f32),
        place: impl Fn((i32, i32)) -> (i32, i32),
    ) -> Result<(), ChartError> {
        let mut outcome = Ok(());
        fonts.draw(words, at, FINE as f32, |pixel, cover| {
            if outcome.is_ok() {
                outcome = self.area.draw_pixel(place(pixel), &words.colour.mix(f64::from(cover)));
            }
        });
        Ok(outcome?)
    }
}

fn fine((x, y): Point) -> (i32, i32) {
    ((x * f64::from(FINE)).round() as i32, (y * f64::from(FINE)).round() as i32)
}

fn averaged(pixels: &[u8]) -> Vec<u8> {
    let row_bytes = (WIDTH * FINE * 3) as usize;
    let mut picture = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    let mut sums = vec![0u16; row_bytes];
    for rows in pixels.chunks_exact(row_bytes * FINE as usize) {
        // First down, where the compiler takes many pixels at a time, and then across.
        sums.fill(0);
        for row in rows.chunks_exact(row_bytes) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += u16::from(*value));
        }
        for block in sums.as_chunks::<{ 3 * FINE as usize }>().0 {
            let colours = block.as_chunks::<3>().0.iter();
            picture.extend(
                colours.fold([0; 3], |sum, colour| [0, 1, 2].map(|at| sum[at] + colour[at])).map(mean),
            );
        }
    }
    picture
}

/// The mean of the pixels of one that have this sum, rounded.
fn mean(sum: u16) -> u8 {
    const COUNT: u16 = (FINE * FINE) as u16;
    ((sum + COUNT / 2) / COUNT) as u8
}

/// Quickly rather than as small as can be: deflating well took longer than drawing, for a third less of a file.
fn encode(picture: &[u8]) -> Result<Vec<u8>, ChartError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(picture)?;
    writer.finish()?;
    Ok(bytes)
}
