//! What a page says of the file of a scenario. In: its name, and what `--set` replaces. Out: both as a shell takes them again.

use crate::text::visible;

/// `shop.toml --set fleet.web.max=80`.
pub(super) fn with_changes(file: &str, overrides: &[String]) -> String {
    let changes: String = overrides.iter().map(|change| format!(" --set {}", quoted(change))).collect();
    visible(&format!("{file}{changes}")).into_owned()
}

/// A word quoted for a shell.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-=/+:,@%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_given_back_to_a_shell() {
        let changes = ["a.b=1", r#"traffic."a=b".rate=2/s"#, "x=it's"].map(String::from);
        assert_eq!(
            with_changes("shop.toml", &changes),
            r#"shop.toml --set a.b=1 --set 'traffic."a=b".rate=2/s' --set 'x=it'\''s'"#
        );
    }
}
