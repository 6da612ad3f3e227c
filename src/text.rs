//! Text from outside: what it may contain, and how it is shown.
//!
//! In: names, paths, cells of files. Out: the same text without anything that would control a terminal, or show the
//! reader another order of words.

#[cfg(feature = "schema")]
mod schema;
mod word;

use std::borrow::Cow;

#[cfg(feature = "schema")]
pub(crate) use schema::schema;
pub use word::Word;

/// Longest cell of a recording that a message quotes, in characters.
const EXCERPT: usize = 24;

/// Whether a character acts instead of being visible: control characters (Unicode Cc), line and paragraph separators,
/// characters that change the direction of writing (Unicode Technical Report 36, "Bidirectional Text Spoofing"), and
/// characters without width, which make two different names look the same: soft hyphen, zero width space, word joiner,
/// invisible operators, byte order mark. The joiners that emoji and scripts need, U+200C and U+200D, are allowed.
pub const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || is_without_width(c)
}

/// Whether a character has no width and joins nothing.
pub const fn is_without_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The text with hidden characters written out, such as `\n` or `\u{202e}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    match text.chars().any(is_hidden) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.chars().fold(String::with_capacity(text.len() + 16), |mut shown, c| {
            match is_hidden(c) {
                true => shown.extend(c.escape_default()),
                false => shown.push(c),
            }
            shown
        })),
    }
}

/// How a message quotes a cell that should hold a number. Only text that looks like a number or a time is quoted: the
/// path of a recording may lead to a file whose content must not be shown.
pub fn excerpt(cell: &str) -> String {
    let of_number = |c: char| c.is_ascii_digit() || "+-.,:eETZ ".contains(c);
    match cell.chars().count() {
        0 => "an empty cell".into(),
        1..=EXCERPT if cell.chars().all(of_number) && cell.contains(|c: char| c.is_ascii_digit()) => {
            format!("`{cell}`")
        }
        1 => "a text of one character".into(),
        length => format!("a text of {length} characters"),
    }
}

/// What is before, between and after the first two backquotes: names in sentences stand between two.
pub fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (name, after) = rest.split_once('`').filter(|(name, _)| !name.is_empty())?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_written_out_and_the_rest_stays() {
        let plain = "Größe, 負荷, µs, ×1.5, a\u{200d}b";
        assert!(matches!(visible(plain), Cow::Borrowed(text) if text == plain));
        assert_eq!(visible("a\u{1b}[2J\u{7}\nb\tc"), "a\\u{1b}[2J\\u{7}\\nb\\tc");
        assert_eq!(visible("x\u{202e}y\u{2069}\u{61c}\u{9b}"), "x\\u{202e}y\\u{2069}\\u{61c}\\u{9b}");
        assert_eq!(visible("a\u{200b}b\u{feff}\u{ad}\u{2060}"), "a\\u{200b}b\\u{feff}\\u{ad}\\u{2060}");
        assert!(('\0'..=char::MAX).filter(|c| c.is_control()).all(is_hidden), "all of Cc");
    }

    #[test]
    fn only_what_looks_like_a_number_is_quoted() {
        let quoted = ["12,5", "-1.5e3", "2024-11-29T09:00:00.000Z", "1700000000123"];
        quoted.iter().for_each(|cell| assert_eq!(excerpt(cell), format!("`{cell}`")));
        assert_eq!(excerpt(&"1".repeat(25)), "a text of 25 characters");
        assert_eq!(excerpt("daemon:x:1:1"), "a text of 12 characters");
        assert_eq!(excerpt("\u{1b}]0;x\u{7}"), "a text of 6 characters");
        assert_eq!((excerpt("é"), excerpt("")), ("a text of one character".into(), "an empty cell".into()));
        assert_eq!(excerpt("Z"), "a text of one character");
    }
}
