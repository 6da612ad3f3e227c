//! Errors in text that is not valid TOML. In: the text and the errors of its parser. Out: a problem for each line.

use std::collections::BTreeSet;

use super::problem::Problem;
use super::source::Span;

/// The problems of text that is not valid TOML: one for each line, since later errors mostly follow from the first.
pub(crate) fn problems<'a>(
    text: &str,
    errors: impl Iterator<Item = (Option<Span>, &'a str)>,
) -> Vec<Problem> {
    if let Some((message, hint)) = format(text) {
        let start = text.find(|c: char| !c.is_whitespace()).unwrap_or(0);
        let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        return vec![Problem::at(&(start..end), message).hint(hint).code("syntax")];
    }
    let mut lines = BTreeSet::new();
    let mut open = false;
    let problem = |(span, message): (Option<Span>, &str)| {
        let Some(span) = span else { return Some(Problem::of_file(message).code("syntax")) };
        // What is not closed swallows the lines after it: each of them is an error of the same kind.
        let is_inside = INSIDE.iter().any(|words| message.contains(words));
        if is_inside && std::mem::replace(&mut open, true) {
            return None;
        }
        let at = span.start.min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        if !lines.insert(line) {
            return None;
        }
        let rest = text.get(line..).unwrap_or_default().lines().next().unwrap_or_default();
        Some(match curly_quote(rest) {
            Some((offset, curly, plain)) => {
                let place = line + offset..line + offset + curly.len_utf8();
                let message = format!("`{curly}` is a typographic quotation mark");
                Problem::at(&place, message).hint(format!("write {plain}")).code("syntax")
            }
            None => match bare_word(text, at).filter(|_| !message.contains("quoted")) {
                // The word itself is not told: the file may be one of which nothing is to be shown.
                Some(word) => Problem::at(&word, "string values must be quoted")
                    .hint("write text between quotes, as in `via = \"front\"`")
                    .code("syntax"),
                None if is_inside => {
                    let hint = "is a `}` or a `]` missing here, or a comma?";
                    Problem::at(&span, message).hint(hint).code("syntax")
                }
                None => Problem::at(&span, message).code("syntax"),
            },
        })
    };
    errors.filter_map(problem).collect()
}

/// What errors say within an inline table or an array.
const INSIDE: [&str; 3] = ["inline table", "array", "missing comma between key-value pairs"];

/// The word at this place, if it stands where a value should be and is none: text without quotes.
fn bare_word(text: &str, at: usize) -> Option<Span> {
    let in_word = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let (before, after) = (text.get(..at)?, text.get(at..)?);
    let start =
        before.len() - before.chars().rev().take_while(|c| in_word(*c)).map(char::len_utf8).sum::<usize>();
    let end = at + after.find(|c| !in_word(c)).unwrap_or(after.len());
    let word = &text[start..end];
    let is_text = word.starts_with(char::is_alphabetic) && !["true", "false", "inf", "nan"].contains(&word);
    let line = text[..start].rsplit('\n').next().unwrap_or_default().trim();
    // What begins a line with a bracket is the name of a table.
    let is_value = line.ends_with(['=', ',']) || (line.ends_with('[') && !line.starts_with('['));
    // A key of an inline table stands after a comma as well.
    let is_key = text[end..].trim_start_matches([' ', '\t']).starts_with('=');
    (is_text && is_value && !is_key).then_some(start..end)
}

/// The format of text that is not TOML, if it looks like another one: a message and a hint.
fn format(text: &str) -> Option<(&'static str, &'static str)> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines().next()?;
    if first.starts_with('{') || first == "[" || first.starts_with("[{") {
        return Some((
            "this looks like JSON",
            "a scenario is TOML: `duration = \"1h\"`, tables as `[fleet.web]`",
        ));
    }
    // `key: value` and `- item`, where TOML would have an equals sign or a bracket.
    let like_yaml = |line: &str| {
        let key = line.trim_start_matches("- ");
        let name = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-.\"'".contains(c))
        };
        !line.contains('=')
            && (key.split_once(':').is_some_and(|(left, _)| name(left.trim())) || line == "---")
    };
    let (yaml, all) =
        lines().fold((0, 0), |(yaml, all), line| (yaml + usize::from(like_yaml(line)), all + 1));
    (like_yaml(first) && 2 * yaml > all).then_some((
        "this looks like YAML",
        "a scenario is TOML: `duration = \"1h\"`, tables as `[fleet.web]`",
    ))
}

/// A typographic quotation mark in place of a plain one: its position in the line, and the plain one.
fn curly_quote(line: &str) -> Option<(usize, char, char)> {
    line.char_indices().find_map(|(at, mark)| match mark {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{ff02}' => Some((at, mark, '"')),
        '\u{2018}' | '\u{2019}' | '\u{201a}' => Some((at, mark, '\'')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_toml_is_called_by_its_name() {
        let name = |text| format(text).map(|found| found.0);
        assert_eq!(name("{\n  \"duration\": \"1h\"\n}"), Some("this looks like JSON"));
        assert_eq!(
            name("# a shop\nduration: 1h\nfleet:\n  web:\n    min: 2\n"),
            Some("this looks like YAML")
        );
        assert_eq!(name("duration = \"1h\n[traffic.all]\nrate = 5"), None);
        assert_eq!(name(""), None);
        assert_eq!(curly_quote("a = “x”"), Some((4, '“', '"')));
        assert_eq!(curly_quote("a = \"x\""), None);
    }

    /// The problems of a text: the line and the message of each, as the parser's errors are told.
    fn told(text: &str) -> Vec<String> {
        let (_, errors) = toml::de::DeTable::parse_recoverable(text);
        let errors = errors.iter().map(|error| (error.span(), error.message()));
        problems(text, errors).iter().map(|problem| problem.message.clone()).collect()
    }

    #[test]
    fn what_is_not_closed_is_one_problem() {
        let text = "steps = [{ cpu = \"1ms\" ]\n[balancer.front]\ntargets = \"web\"\n[fleet.web]\nmin = 2\n";
        assert_eq!(told(text).len(), 1, "{:?}", told(text));
        let two = format!("a = = 1\n{text}");
        assert_eq!(told(&two).len(), 2, "another mistake is another problem: {:?}", told(&two));
    }

    #[test]
    fn text_without_quotes_is_told_as_that() {
        for text in ["via = front\n", "via = web\n", "steps = [{ service = pay }]\n", "allow = [one]\n"] {
            assert!(told(text)[0].starts_with("string values must be quoted"), "{:?}", told(text));
        }
        assert!(!told("[fleet.web\n")[0].contains("quoted"));
    }
}
