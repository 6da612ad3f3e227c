//! One rule for all text of a scenario, names and values alike: no character may control a terminal, reorder a line, or
//! be without width.
//!
//! In: the tables of a file with its overrides. Out: a problem for each text that contains such a character.

use toml::de::{DeTable, DeValue};

use super::problem::Problem;
use super::reader::Context;
use super::source::Span;
use crate::text::{is_hidden, is_without_width};

/// Checks every key and every text.
pub(crate) fn check(cx: &Context, root: &DeTable) {
    let mut tables = vec![root];
    let mut values = Vec::new();
    // A loop, because dotted keys can be nested deeper than the call stack.
    loop {
        if let Some(table) = tables.pop() {
            for (key, value) in table {
                look(cx, key.get_ref(), &key.span());
                values.push(value);
            }
        } else if let Some(value) = values.pop() {
            match value.get_ref() {
                DeValue::String(text) => look(cx, text, &value.span()),
                DeValue::Array(elements) => values.extend(elements.iter()),
                DeValue::Table(table) => tables.push(table),
                _ => {}
            }
        } else {
            return;
        }
    }
}

/// Checks one text.
pub(crate) fn look(cx: &Context, text: &str, span: &Span) {
    let Some(found) = text.chars().find(|&c| is_hidden(c)) else { return };
    let kind = match found {
        _ if found.is_control() => "a control character",
        _ if is_without_width(found) => "a character that takes no room",
        _ => "a character that reorders text",
    };
    let problem = Problem::at(span, format!("{kind}, U+{:04X}, in a text", u32::from(found)));
    cx.push(problem.hint("a text is one line of characters that can be seen; remove it"));
}
