//! Patterns of paths and hosts, as listeners and distributions have them. In: a pattern of the file, a text. Out: whether it fits.

use crate::language::value::Value;

/// Longest pattern. Source: Elastic Load Balancing user guide, listener rules: 128 characters.
const PATTERN_MAX: usize = 128;

/// Reads a pattern.
pub(crate) fn read(value: Value) -> Option<String> {
    let text = value.text()?;
    if text.is_empty() || text.chars().count() > PATTERN_MAX {
        value.problem(
            format!("a pattern of {} characters", text.chars().count()),
            format!("AWS allows 1 to {PATTERN_MAX}"),
        );
    }
    Some(text.to_owned())
}

/// Whether a text fits a pattern, in which `*` is any text and `?` one character.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Of each length of text so far, whether the pattern so far fits it.
    let mut fitting = vec![false; text.len() + 1];
    fitting[0] = true;
    for part in pattern {
        if part == '*' {
            let first = fitting.iter().position(|fits| *fits).unwrap_or(fitting.len());
            fitting[first..].fill(true);
            continue;
        }
        for length in (1..=text.len()).rev() {
            fitting[length] = fitting[length - 1] && (part == '?' || part == text[length - 1]);
        }
        fitting[0] = false;
    }
    fitting[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_those_of_a_listener_do() {
        for (pattern, text) in
            [("/api/*", "/api/"), ("/api/*", "/api/a/b"), ("*", ""), ("/?/a", "/x/a"), ("*a*b", "xaab")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("/api/*", "/api"), ("/API/*", "/api/"), ("/?/a", "//a/"), ("?", ""), ("*a", "ab"), ("a", "")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
