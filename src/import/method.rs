//! The methods of HTTP that have a name here. In: what a log has. Out: one of the list.

/// The methods that have a name; others are the last.
pub(super) const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "", "*"];

/// The place of a method in the list.
pub(super) fn method_index(method: &[u8]) -> usize {
    METHODS.iter().position(|known| known.as_bytes() == method).unwrap_or(METHODS.len() - 1)
}

/// A method that is known, for as long as it is needed.
pub(super) fn method(text: &[u8]) -> &'static [u8] {
    METHODS.iter().find(|known| known.as_bytes() == text).map_or(b"*", |known| known.as_bytes())
}

/// Whether a method can stand in a pattern.
pub(super) fn is_method(word: &str) -> bool {
    word == "*" || METHODS[..7].contains(&word)
}
