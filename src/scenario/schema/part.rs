//! A part of a schema. In: what `json!` makes of an object. Out: the object itself.

use serde_json::{Map, Value};

/// Part of a schema.
pub(super) type Part = Map<String, Value>;

/// A part of what `json!` makes, which is an object here.
pub(super) fn part(value: Value) -> Part {
    match value {
        Value::Object(part) => part,
        _ => Part::new(),
    }
}
