//! Text from outside in a page. In: any text or value. Out: the same for a reader, and nothing that the browser takes for markup.

use std::fmt;

use serde::Serialize;

use crate::text::{is_hidden, quoted};

/// Text between tags, or in an attribute between quotes.
pub(super) struct Text<'a>(pub &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => write!(f, "{c}")?,
                c if is_hidden(c) => write!(f, "{}", c.escape_default())?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// A sentence between tags: what the page on a terminal has between backquotes is code here.
pub(super) struct Prose<'a>(pub &'a str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, name, after)) = quoted(rest) {
            write!(f, "{}<code>{}</code>", Text(before), Text(name))?;
            rest = after;
        }
        write!(f, "{}", Text(rest))
    }
}

/// A value inside of a script element, as JSON: no `<` is left that could end the element or begin a comment.
pub(super) struct Json<'a, T>(pub &'a T);

impl<T: Serialize> fmt::Display for Json<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self.0).map_err(|_| fmt::Error)?;
        for c in text.chars() {
            match c {
                '<' => f.write_str("\\u003c")?,
                // Outside of strings JSON has none of these here, and inside they are characters like any other.
                c if is_hidden(c) => write!(f, "\\u{:04x}", u32::from(c))?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_code_and_a_quote_alone_is_a_letter() {
        let prose = |text| Prose(text).to_string();
        assert_eq!(
            prose("CPU of `a<b` full → `c` too"),
            "CPU of <code>a&lt;b</code> full → <code>c</code> too"
        );
        assert_eq!(prose("a ` alone"), "a ` alone");
        assert_eq!(prose("`` `x`"), "`` `x`");
    }
}
