//! What is offered. In: nothing. Out: a key, a word or a value that can be written at a place, and what it means.

use serde::Serialize;

/// One of the things that can be written at a place.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// What it is called.
    pub label: String,
    /// What to write: a key with its `=`, a word with the quotes that are missing.
    pub insert: String,
    /// The kind of value, or where a table stands.
    pub detail: String,
    /// Its meaning, in paragraphs.
    pub about: Vec<String>,
    /// Whether it is a key or a table, and no value.
    pub is_key: bool,
    /// Whether the table is not whole without it.
    pub is_required: bool,
}
