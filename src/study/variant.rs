//! A changed copy of a scenario. In: `name: key=value, key=value`. Out: a [`Variant`].

use std::str::FromStr;

use crate::language::overrides::{keys_of_path, split};

/// A changed copy of a scenario, with a name of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its title: what stands before the colon, or its overrides.
    pub name: String,
    /// Its overrides, as `--set` has them.
    pub overrides: Vec<String>,
}

impl FromStr for Variant {
    type Err = String;

    fn from_str(text: &str) -> Result<Variant, String> {
        // A colon after the first `=` is part of a value, and one in the quotes of a key is part of that.
        let is_override = split(text).is_some_and(|(path, _)| keys_of_path(path).is_some());
        let end = if is_override { 0 } else { text.find('=').unwrap_or(text.len()) };
        let (name, changes) = match text[..end].split_once(':') {
            Some((name, _)) => (Some(name.trim()), &text[name.len() + 1..]),
            None => (None, text),
        };
        let overrides: Vec<String> =
            parts(changes).into_iter().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect();
        if overrides.is_empty() {
            return Err("it changes nothing; write \"name: fleet.web.max=80, fleet.web.min=4\"".into());
        }
        if let Some(odd) = overrides.iter().find(|it| split(it).is_none()) {
            return Err(format!(
                "`{odd}` is no PATH=VALUE; a value with a comma stands in quotes or brackets, and a name ends with a colon"
            ));
        }
        match name {
            Some("") => Err("its name is empty; write \"name: fleet.web.max=80\"".into()),
            Some(name) => Ok(Variant { name: name.to_owned(), overrides }),
            None => Ok(Variant { name: overrides.join(", "), overrides }),
        }
    }
}

/// The parts between commas that are neither in quotes nor in brackets.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some('"'), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), letter) if letter == open && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
        escaped = false;
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<(String, Vec<String>), String> {
        text.parse().map(|it: Variant| (it.name, it.overrides))
    }

    #[test]
    fn a_variant_is_a_name_and_overrides() {
        let found = |name: &str, overrides: &[&str]| {
            Ok((name.to_owned(), overrides.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()))
        };
        assert_eq!(
            of("large: fleet.web.max=80,fleet.web.min=4"),
            found("large", &["fleet.web.max=80", "fleet.web.min=4"])
        );
        assert_eq!(of("fleet.web.max=80"), found("fleet.web.max=80", &["fleet.web.max=80"]));
        assert_eq!(
            of(r#" step : fleet.web.scaling=[{ a = 1, b = "x, y" }], name="a, \"b\", c", "#),
            found("step", &[r#"fleet.web.scaling=[{ a = 1, b = "x, y" }]"#, r#"name="a, \"b\", c""#])
        );
        assert_eq!(of("starts=\"09:00\""), found("starts=\"09:00\"", &["starts=\"09:00\""]));
        assert_eq!(of("one: a='[', b=2"), found("one", &["a='['", "b=2"]));
        let odd = r#"traffic."a: b=c, d".rate=10/s"#;
        assert_eq!(of(odd), found(odd, &[odd]));
        assert_eq!(of(&format!("Bob's: {odd}, b=2")), found("Bob's", &[odd, "b=2"]));
    }

    #[test]
    fn what_is_no_variant_says_how_one_is_written() {
        for (text, why) in [
            ("", "it changes nothing"),
            ("large:", "it changes nothing"),
            (": a=1", "its name is empty"),
            ("large", "`large` is no PATH=VALUE"),
            ("large: a=1,000", "`000` is no PATH=VALUE; a value with a comma stands in quotes"),
        ] {
            let said = of(text).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
