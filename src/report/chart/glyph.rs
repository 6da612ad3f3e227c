//! The shapes of letters. In: the bytes of a font, a letter, a size and a place. Out: how much of each pixel it covers.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::raw::tables::kern::{Subtable0, SubtableKind};
use skrifa::raw::{ReadError, TableProvider};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// A font whose tables have been found.
pub struct Face {
    letters: Charmap<'static>,
    outlines: OutlineGlyphCollection<'static>,
    metrics: GlyphMetrics<'static>,
    pairs: Vec<Subtable0<'static>>,
    /// Size of the square that letters are designed in.
    units: f32,
}

impl Face {
    /// Finds the tables of a font.
    pub fn new(bytes: &'static [u8]) -> Result<Face, ReadError> {
        let font = FontRef::new(bytes)?;
        let kinds = font.kern()?.subtables().map(|table| table.and_then(|table| table.kind()));
        let pairs = kinds.filter_map(|kind| match kind {
            Ok(SubtableKind::Format0(pairs)) => Some(pairs),
            _ => None,
        });
        Ok(Face {
            letters: font.charmap(),
            outlines: font.outline_glyphs(),
            metrics: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            pairs: pairs.collect(),
            units: f32::from(font.head()?.units_per_em()),
        })
    }

    /// The glyph of a letter; if the font lacks it, the glyph for a missing letter.
    pub fn glyph(&self, letter: char) -> GlyphId {
        self.letters.map(letter).unwrap_or(GlyphId::NOTDEF)
    }

    /// Distance to the next glyph, at a size.
    pub fn advance(&self, glyph: GlyphId, size: f32) -> f32 {
        self.metrics.advance_width(glyph).unwrap_or(0.0) * size / self.units
    }

    /// Distance by which two neighbours move apart, at a size.
    pub fn kerning(&self, left: GlyphId, right: GlyphId, size: f32) -> f32 {
        let units = self.pairs.iter().find_map(|pairs| pairs.kerning(left, right)).unwrap_or(0);
        units as f32 * size / self.units
    }

    /// Calls `cover` with each pixel that a glyph may touch, and the share of it that the glyph covers.
    pub fn draw(&self, glyph: GlyphId, size: f32, at: (f32, f32), cover: &mut impl FnMut((i32, i32), f32)) {
        let mut pen = Pen { scale: size / self.units, origin: point(at.0, at.1), ..Pen::default() };
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        let drawn = self.outlines.get(glyph).is_some_and(|outline| outline.draw(settings, &mut pen).is_ok());
        if !drawn || pen.curves.is_empty() {
            return; // a space
        }
        let corner = (pen.low.x.floor(), pen.low.y.floor());
        let (width, height) = (pen.high.x.ceil() - corner.0, pen.high.y.ceil() - corner.1);
        let mut pixels = Rasterizer::new(width as usize, height as usize);
        let inside = |to: Point| point(to.x - corner.0, to.y - corner.1);
        for curve in pen.curves {
            match curve {
                Curve::Line(from, to) => pixels.draw_line(inside(from), inside(to)),
                Curve::Quad(from, by, to) => pixels.draw_quad(inside(from), inside(by), inside(to)),
                Curve::Cubic(from, by, then, to) => {
                    pixels.draw_cubic(inside(from), inside(by), inside(then), inside(to));
                }
            }
        }
        pixels.for_each_pixel_2d(|x, y, part| {
            cover((corner.0 as i32 + x as i32, corner.1 as i32 + y as i32), part.clamp(0.0, 1.0));
        });
    }
}

/// A piece of an outline, in pixels.
enum Curve {
    Line(Point, Point),
    Quad(Point, Point, Point),
    Cubic(Point, Point, Point, Point),
}

/// Follows an outline and stores it in pixels, with its bounding box.
struct Pen {
    scale: f32,
    origin: Point,
    curves: Vec<Curve>,
    start: Point,
    now: Point,
    low: Point,
    high: Point,
}

impl Default for Pen {
    fn default() -> Pen {
        let zero = point(0.0, 0.0);
        Pen {
            scale: 1.0,
            origin: zero,
            curves: Vec::new(),
            start: zero,
            now: zero,
            low: point(f32::MAX, f32::MAX),
            high: point(f32::MIN, f32::MIN),
        }
    }
}

impl Pen {
    /// A point of the outline in pixels, where y grows downwards.
    fn place(&mut self, x: f32, y: f32) -> Point {
        let place = point(self.origin.x + x * self.scale, self.origin.y - y * self.scale);
        self.low = point(self.low.x.min(place.x), self.low.y.min(place.y));
        self.high = point(self.high.x.max(place.x), self.high.y.max(place.y));
        place
    }

    fn add(&mut self, to: Point, curve: impl FnOnce(Point) -> Curve) {
        self.curves.push(curve(self.now));
        self.now = to;
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.now = self.place(x, y);
        self.start = self.now;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.add(to, |from| Curve::Line(from, to));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        let (by, to) = (self.place(cx0, cy0), self.place(x, y));
        self.add(to, |from| Curve::Quad(from, by, to));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (by, then, to) = (self.place(cx0, cy0), self.place(cx1, cy1), self.place(x, y));
        self.add(to, |from| Curve::Cubic(from, by, then, to));
    }

    fn close(&mut self) {
        let start = self.start;
        self.add(start, |from| Curve::Line(from, start));
    }
}
