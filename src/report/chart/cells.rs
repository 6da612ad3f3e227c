//! Marks on the cells of a map. In: a rectangle of the picture. Out: an outline, a hatching, or words in it.

use plotters::style::RGBColor;

use super::canvas::{Rect, Sheet};
use super::error::ChartError;
use super::text::{Align, Fonts, Weight, Words};

/// Width of an outline, and of what sets it apart from the cell.
const FRAME: f64 = 5.0;
const HALO: f64 = 9.0;
/// Distance of the lines of a hatching.
const HATCH: f64 = 14.0;
/// Sizes of words, the largest first.
const SIZES: [f32; 7] = [26.0, 24.0, 22.0, 20.0, 18.0, 17.0, 16.0];
/// What stays free on both sides of words, so that outlines do not touch them; and their height over their size.
const BESIDE: f64 = 8.0;
const ABOVE: f64 = 0.75;

/// An outline just inside of a rectangle, which is seen on light and on dark.
pub fn frame(sheet: &Sheet<'_>, rect: Rect, colour: RGBColor) -> Result<(), ChartError> {
    let inside = (FRAME / 2.0).min((rect.right - rect.left) / 4.0).min((rect.bottom - rect.top) / 4.0);
    let (left, right) = (rect.left + inside, rect.right - inside);
    let (top, bottom) = (rect.top + inside, rect.bottom - inside);
    let corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    // Where there is room for it.
    if right - left > 4.0 * HALO && bottom - top > 3.0 * HALO {
        sheet.line(&corners, HALO, RGBColor(255, 255, 255))?;
    }
    sheet.line(&corners, (2.0 * inside).max(1.0), colour)
}

/// Slanted lines across a rectangle.
pub fn hatch(sheet: &Sheet<'_>, rect: Rect, colour: RGBColor) -> Result<(), ChartError> {
    let Rect { left, top, right, bottom } = rect;
    // Lines of neighbours meet: they begin at multiples of the distance on the whole picture.
    let (first, last) = ((left + top) / HATCH, (right + bottom) / HATCH);
    for nth in first.ceil() as i64..=last.floor() as i64 {
        let sum = nth as f64 * HATCH;
        let from = (sum - bottom).max(left);
        let to = (sum - top).min(right);
        if to > from {
            sheet.line(&[(from, sum - from), (to, sum - to)], 1.5, colour)?;
        }
    }
    Ok(())
}

/// The largest size in which all words have room in their rectangles; or the smallest one, if at least half of them have room.
pub fn size<'w>(fonts: &Fonts, all: impl Iterator<Item = (Rect, &'w str)>) -> Option<f32> {
    let all: Vec<(Rect, &str)> = all.collect();
    let fitting = |size: f32| all.iter().filter(|(rect, words)| fits(fonts, *rect, words, size)).count();
    let [.., smallest] = SIZES;
    let least = (2 * fitting(smallest) >= all.len()).then_some(smallest);
    SIZES.into_iter().find(|size| fitting(*size) == all.len()).or(least)
}

fn fits(fonts: &Fonts, rect: Rect, words: &str, size: f32) -> bool {
    fonts.width(words, size, Weight::Regular) + 2.0 * BESIDE <= rect.right - rect.left
        && 2.0 * ABOVE * f64::from(size) <= rect.bottom - rect.top
}

/// Words in the middle of a rectangle, if they have room.
pub fn words(
    sheet: &Sheet<'_>,
    rect: Rect,
    text: &str,
    size: f32,
    colour: RGBColor,
) -> Result<(), ChartError> {
    if !fits(&sheet.fonts, rect, text, size) {
        return Ok(());
    }
    let middle = ((rect.left + rect.right) / 2.0, (rect.top + rect.bottom) / 2.0);
    sheet.words(&Words { text, size, weight: Weight::Regular, align: Align::Centre, colour }, middle)
}
