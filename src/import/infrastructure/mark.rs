//! References inside of values. In: addresses of resources. Out: text with a mark that no file has, and the addresses in it.
//!
//! A mark survives being joined to other text, so what is left of `Fn::Join` or of a template still says what it refers to.

use serde_json::Value;

const START: char = '\u{E000}';
const END: char = '\u{E001}';

/// The text that stands for a resource.
pub fn of(address: &str) -> String {
    format!("{START}{address}{END}")
}

/// The addresses that a text refers to.
pub fn in_text(text: &str) -> impl Iterator<Item = &str> {
    text.split(START).skip(1).filter_map(|rest| rest.split_once(END).map(|(address, _)| address))
}

/// Whether a text has a mark, and so is no literal.
pub fn is_in(text: &str) -> bool {
    text.contains(START)
}

/// Calls `f` with each text of a value, at any depth.
pub fn texts<'a>(value: &'a Value, f: &mut impl FnMut(&'a str)) {
    match value {
        Value::String(text) => f(text),
        Value::Array(list) => list.iter().for_each(|value| texts(value, f)),
        Value::Object(table) => table.values().for_each(|value| texts(value, f)),
        _ => {}
    }
}
