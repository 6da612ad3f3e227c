//! The text that a scenario is read from: the file, the files that it extends, and each `--set` override, as one string.
//!
//! In: the pieces. Out: one range of byte offsets, so that a plain [`Span`] says where any value was written.

use std::ops::Range;

use crate::text::visible;

/// A place in the text: byte offsets into all sources together.
pub type Span = Range<usize>;

/// The files and the overrides, one after the other.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    text: String,
    parts: Vec<(String, Range<usize>)>,
    /// How many of them are files: the first ones.
    files: usize,
    /// Whether the content of the file must not be shown.
    concealed: bool,
}

/// A span within its own source.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// Name of the source: the file, or `--set`.
    pub source: &'a str,
    /// The whole text of that source.
    pub text: &'a str,
    /// Byte offsets into that text, on character boundaries and on one line.
    pub span: Span,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Whether its text may be shown.
    pub shown: bool,
}

impl Sources {
    /// Appends a file, before all overrides, and returns where its text begins.
    pub fn add_file(&mut self, name: &str, text: &str) -> usize {
        self.files += 1;
        self.add(name, text)
    }

    /// How many files there are: the one that was asked for, that which it extends, and so on.
    pub fn files(&self) -> usize {
        self.files
    }

    /// Appends a source and returns where its text begins.
    pub fn add(&mut self, name: &str, text: &str) -> usize {
        let start = self.text.len();
        self.text.push_str(text);
        self.parts.push((visible(name).into_owned(), start..self.text.len()));
        // Keeps a problem at the end of one source apart from the next source.
        self.text.push('\n');
        start
    }

    /// Hides the content of the file from now on, but not of overrides: the file is not a scenario and could be any
    /// file.
    pub(crate) fn conceal(&mut self) {
        self.concealed = true;
    }

    /// Where the text of each source begins.
    pub fn starts(&self) -> Vec<usize> {
        self.parts.iter().map(|(_, range)| range.start).collect()
    }

    /// Where the text of each override begins.
    pub fn starts_of_overrides(&self) -> Vec<usize> {
        self.parts.iter().skip(self.files).map(|(_, range)| range.start).collect()
    }

    /// The text of the `index`-th source.
    pub fn part(&self, index: usize) -> &str {
        self.parts.get(index).and_then(|(_, range)| self.text.get(range.clone())).unwrap_or_default()
    }

    /// The name of the `index`-th source.
    pub fn name(&self, index: usize) -> &str {
        self.parts.get(index).map_or("", |(name, _)| name)
    }

    /// The place of a span; if it covers several lines, the first line.
    pub fn locate(&self, span: &Span) -> Option<Place<'_>> {
        let mut parts = self.parts.iter().enumerate();
        let (index, (source, range)) =
            parts.find(|(_, (_, r))| r.start <= span.start && span.start <= r.end)?;
        let text = self.text.get(range.clone())?;
        let boundary = |offset: usize| {
            let local = offset.saturating_sub(range.start).min(text.len());
            (0..=local).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
        };
        let start = boundary(span.start);
        let mut end = boundary(span.end).max(start);
        if let Some(line) = text[start..end].find('\n') {
            end = start + line;
        }
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Some(Place {
            source,
            text,
            span: start..end,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            shown: index > 0 || !self.concealed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_found_in_its_own_source() {
        let mut sources = Sources::default();
        sources.add("a.toml", "x = 1\nµ = 2");
        let start = sources.add("--set", "y=3");
        let place = sources.locate(&(6..8)).unwrap();
        assert_eq!((place.source, place.line, place.column), ("a.toml", 2, 1));
        let place = sources.locate(&(start + 2..start + 3)).unwrap();
        assert_eq!((place.source, &place.text[place.span.clone()]), ("--set", "3"));
    }

    #[test]
    fn a_span_inside_a_character_is_moved_to_its_start() {
        let mut sources = Sources::default();
        sources.add("a.toml", "µµ");
        assert_eq!(sources.locate(&(1..3)).unwrap().span, 0..2);
        assert_eq!(sources.locate(&(400..500)).map(|place| place.span), None);
    }
}
