//! A text that is open in an editor. In: its address and its letters. Out: its file, and places as the editor counts them.

use std::path::PathBuf;

use gen_lsp_types::{Position, Range};
use percent_encoding::percent_decode_str;

/// How an editor counts the columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// In bytes.
    Utf8,
    /// In units of UTF-16.
    Utf16,
}

impl Encoding {
    fn width(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        }
    }
}

/// A text.
#[derive(Debug)]
pub struct Document {
    /// Its file, if it is one.
    pub path: Option<PathBuf>,
    pub text: String,
    /// The number of its last change.
    pub version: i32,
}

impl Document {
    pub fn new(uri: &str, text: String, version: i32) -> Document {
        Document { path: path(uri), text, version }
    }

    /// A line, from 0 on, and where in the text it begins.
    fn line(&self, number: usize) -> (usize, &str) {
        let mut begin = 0;
        for (at, line) in self.text.split('\n').enumerate() {
            if at == number {
                return (begin, line.trim_end_matches('\r'));
            }
            begin += line.len() + 1;
        }
        (self.text.len(), "")
    }

    /// The place in the text that the editor means; the end of a line that is shorter.
    pub fn offset(&self, at: Position, encoding: Encoding) -> usize {
        let (begin, line) = self.line(at.line as usize);
        let is_there = |end: &usize| encoding.width(&line[..*end]) >= at.character as usize;
        let mut ends = line.char_indices().map(|(at, _)| at).chain([line.len()]);
        begin + ends.find(is_there).unwrap_or(line.len())
    }

    /// What the editor calls a place in the text.
    pub fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let before = &self.text[..offset];
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        Position { line: lines as u32, character: encoding.width(&before[begin..]) as u32 }
    }

    /// A part of a line, both in the numbers of people: from 1 on, in letters.
    pub fn range(&self, line: usize, columns: (usize, usize), encoding: Encoding) -> Range {
        let (_, text) = self.line(line.saturating_sub(1));
        let position = |column: usize| {
            let end = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
            Position { line: line.saturating_sub(1) as u32, character: encoding.width(&text[..end]) as u32 }
        };
        Range { start: position(columns.0), end: position(columns.1) }
    }
}

/// The file of an address.
fn path(uri: &str) -> Option<PathBuf> {
    let path = uri.strip_prefix("file://")?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `file:///C:/shop.toml`
    let path = if cfg!(windows) { path.trim_start_matches('/') } else { &path };
    Some(PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_the_editor_does() {
        let text = "a = 1\r\nname = \"Café 🛒 shop\"\n";
        let document = Document::new("file:///a%20b/shop.toml", text.to_owned(), 1);
        assert_eq!(document.path.as_deref(), Some(std::path::Path::new("/a b/shop.toml")));
        let cart = text.find("shop").unwrap();
        for (encoding, character) in [(Encoding::Utf8, 19), (Encoding::Utf16, 16)] {
            let at = Position { line: 1, character };
            assert_eq!((document.position(cart, encoding), document.offset(at, encoding)), (at, cart));
            assert_eq!(document.range(2, (16, 20), encoding).start, at);
        }
        assert_eq!(document.offset(Position { line: 0, character: 99 }, Encoding::Utf16), 5);
        assert_eq!(document.offset(Position { line: 9, character: 9 }, Encoding::Utf16), text.len());
        assert_eq!(Document::new("untitled:1", String::new(), 1).path, None);
    }
}
