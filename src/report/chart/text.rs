//! Words on a chart, in the embedded font. In: words and a point. Out: how much of each pixel they cover.
//!
//! The font is DejaVu Sans Condensed 2.37, reduced to Latin, Greek and the signs used here (`pyftsubset`,
//! without hinting); its licence is beside it.

use std::borrow::Cow;

use deunicode::deunicode_char;
use plotters::style::RGBColor;
use skrifa::GlyphId;
use skrifa::raw::ReadError;
use unicode_width::UnicodeWidthChar;

use super::glyph::Face;

/// Height of a capital letter of the embedded font, relative to the font size.
const CAPITAL: f32 = 0.73;

/// Weight of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// Which part of the words is at their point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// Words and their style; the size is in pixels per em.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    pub text: &'a str,
    pub size: f32,
    pub weight: Weight,
    pub align: Align,
    pub colour: RGBColor,
}

/// Width of half a square of a letter that the embedded font lacks, relative to the font size. Letters of East Asia fill a square.
const HALF: f32 = 0.5;

/// The embedded font.
pub struct Fonts {
    regular: Face,
    bold: Face,
    /// Whether letters that it lacks are there too, in fonts of who looks at the picture.
    others: bool,
}

impl Fonts {
    /// Reads the embedded font.
    pub fn embedded() -> Result<Fonts, ReadError> {
        Ok(Fonts {
            regular: Face::new(include_bytes!("font/DejaVuSansCondensed.ttf"))?,
            bold: Face::new(include_bytes!("font/DejaVuSansCondensed-Bold.ttf"))?,
            others: false,
        })
    }

    /// The same for a picture whose words are text: who looks at it has fonts for other scripts.
    pub fn of_the_viewer() -> Result<Fonts, ReadError> {
        Ok(Fonts { others: true, ..Fonts::embedded()? })
    }

    /// Whether the embedded font has every letter of the text.
    pub fn has_all(&self, text: &str) -> bool {
        text.chars().all(|letter| self.regular.glyph(letter) != GlyphId::NOTDEF)
    }

    /// Where the letters of words stand whose capitals are centred at a height.
    pub fn baseline(&self, size: f32, middle: f64) -> f64 {
        middle + f64::from(size * CAPITAL) / 2.0
    }

    /// The text with letters that the font lacks written in Latin ones: `주문` becomes `jumun`. A letter that has no Latin form,
    /// or whose reading is not known, becomes its number: `注` becomes `[6CE8]`.
    fn writable<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let has = |letter: char| self.regular.glyph(letter) != GlyphId::NOTDEF;
        if self.others || self.has_all(text) {
            return Cow::Borrowed(text);
        }
        let mut latin = String::with_capacity(text.len());
        let mut missing = text.chars().peekable();
        while let Some(letter) = missing.next() {
            match has(letter) {
                true => latin.push(letter),
                // Transliteration adds a space after each letter of some scripts.
                false => {
                    let ends = missing.peek().is_none_or(|next| !next.is_alphanumeric());
                    match reading(letter) {
                        Some(word) => latin.push_str(if ends { word.trim_end() } else { word }),
                        None => latin.push_str(&format!("[{:X}]", u32::from(letter))),
                    }
                }
            }
        }
        // One pair of brackets around the numbers of neighbours.
        Cow::Owned(latin.replace("][", " "))
    }

    /// Whether the text has letters that are drawn as numbers.
    pub fn has_numbers(&self, text: &str) -> bool {
        !self.others
            && text
                .chars()
                .any(|letter| self.regular.glyph(letter) == GlyphId::NOTDEF && reading(letter).is_none())
    }

    /// Width of a text in pixels.
    pub fn width(&self, text: &str, size: f32, weight: Weight) -> f64 {
        f64::from(self.lay_out(text, size, weight).1)
    }

    /// The text, or as much of its start as fits the width, with an ellipsis.
    pub fn shortened(&self, text: &str, size: f32, weight: Weight, width: f64) -> String {
        let mut kept: Vec<char> = text.chars().collect();
        let mut shortened = text.to_string();
        while self.width(&shortened, size, weight) > width && kept.pop().is_some() {
            shortened = kept.iter().collect::<String>().trim_end().to_string() + "…";
        }
        shortened
    }

    /// The text in lines that fit the width, broken at spaces; a word that is too wide is shortened.
    pub fn wrapped(&self, text: &str, size: f32, weight: Weight, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let word = self.shortened(word, size, weight, width);
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}"), size, weight) <= width => {
                    line.push(' ');
                    line.push_str(&word);
                }
                _ => lines.push(word),
            }
        }
        lines
    }

    /// The same in at most so many lines: what does not fit the last one is cut off.
    pub fn wrapped_to(&self, text: &str, size: f32, weight: Weight, width: f64, most: usize) -> Vec<String> {
        let mut lines = self.wrapped(text, size, weight, width);
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(self.shortened(&rest, size, weight, width));
        }
        lines
    }

    /// Calls `cover` with each pixel that the words touch and the share of it that they cover.
    ///
    /// Point and size are multiplied by `scale` first.
    pub fn draw(
        &self,
        words: &Words<'_>,
        at: (f32, f32),
        scale: f32,
        mut cover: impl FnMut((i32, i32), f32),
    ) {
        let (glyphs, width) = self.lay_out(words.text, words.size * scale, words.weight);
        let left = at.0 * scale
            - match words.align {
                Align::Left => 0.0,
                Align::Centre => width / 2.0,
                Align::Right => width,
            };
        let baseline = at.1 * scale + words.size * scale * CAPITAL / 2.0;
        for (glyph, offset) in glyphs {
            let place = (left + offset, baseline);
            self.face(words.weight).draw(glyph, words.size * scale, place, &mut cover);
        }
    }

    fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Each glyph with its distance from the first, and the width of all.
    fn lay_out(&self, text: &str, size: f32, weight: Weight) -> (Vec<(GlyphId, f32)>, f32) {
        let (face, text) = (self.face(weight), self.writable(text));
        let (mut glyphs, mut caret, mut before) = (Vec::new(), 0.0, None);
        for letter in text.chars() {
            let glyph = face.glyph(letter);
            caret += before.map_or(0.0, |before| face.kerning(before, glyph, size));
            glyphs.push((glyph, caret));
            caret += match glyph {
                GlyphId::NOTDEF => letter.width().unwrap_or(0) as f32 * HALF * size,
                glyph => face.advance(glyph, size),
            };
            before = Some(glyph);
        }
        (glyphs, caret)
    }
}

/// The first of some names that a picture of pixels writes in other letters, as the embedded font lacks those of its script, and how it is
/// written. None if there is no such name.
pub fn rewritten<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<(String, String)> {
    let fonts = Fonts::embedded().ok()?;
    let name = unquoted(names.find(|name| !fonts.has_all(name))?);
    let written = fonts.writable(&name).into_owned();
    Some((name, written))
}

/// Words whose names have no quotes: a picture has no code.
pub fn unquoted(words: &str) -> String {
    words.replace('`', "")
}

/// How a letter is written in Latin ones. `None` for a Chinese character too: it is read in one way in Chinese and in others in
/// Japanese and Korean, and a name does not say in which language it is.
fn reading(letter: char) -> Option<&'static str> {
    let han = matches!(letter, '々' | '〆' | '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    // Its words for a letter that it does not know are such marks.
    deunicode_char(letter).filter(|word| !han && *word != "[?]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_broken_to_the_room_there_is() {
        let fonts = Fonts::embedded().unwrap();
        let fits = |text: &str| fonts.width(text, 27.0, Weight::Regular) <= 300.0;
        let lines = fonts.wrapped("waiting for a connection to orders on web", 27.0, Weight::Regular, 300.0);
        assert_eq!(lines.join(" "), "waiting for a connection to orders on web");
        assert!(lines.len() > 1 && lines.iter().all(|line| fits(line)));
        let two = fonts.wrapped_to(&"some words ".repeat(9), 27.0, Weight::Regular, 300.0, 2);
        assert!(two.len() == 2 && fits(&two[0]) && fits(&two[1]) && two[1].ends_with('…'), "{two:?}");
        let cut = fonts.shortened(&"long".repeat(40), 27.0, Weight::Regular, 300.0);
        assert!(cut.ends_with('…') && fits(&cut));
    }

    #[test]
    fn names_in_scripts_that_the_font_lacks_are_written_in_latin_letters() {
        let fonts = Fonts::embedded().unwrap();
        let writable = |text| fonts.writable(text).into_owned();
        assert_eq!(writable("Café · 12 → 40 ≤ 5 µs"), "Café · 12 → 40 ≤ 5 µs");
        assert_eq!(writable("CPU of 주문"), "CPU of jumun");
        assert_eq!(writable("블랙 프라이데이"), "beulraeg peuraidei");
        assert_eq!(writable("注文-db"), "[6CE8 6587]-db", "chumon in Japanese, zhuwen in Chinese");
        assert_eq!(writable("カゴ注文"), "kago[6CE8 6587]");
        assert_eq!(writable("\u{e000}"), "[E000]", "a letter of private use");
        assert!(fonts.has_numbers("注文") && !fonts.has_numbers("주문 カゴ Café"));
        let (regular, size) = (Weight::Regular, 27.0);
        assert_eq!(fonts.width("주문", size, regular), fonts.width("jumun", size, regular));
        // Where words are text, they stay as they are: each letter is a square.
        let others = Fonts::of_the_viewer().unwrap();
        assert_eq!((others.writable("注文 db"), others.has_numbers("注文")), ("注文 db".into(), false));
        assert_eq!(others.width("注文", size, regular), 2.0 * f64::from(size));
    }
}
