//! Sizes of items: an amount of data, or a law of amounts. In: `"4 KiB"`, `"lognormal 4 KiB cv 1.5"`. Out: a [`Law`] of bytes, each
//! counted as a nanosecond.

use crate::dist::Law;
use crate::language::value::Value;
use crate::units::{self, Bytes, Time, UnitError};

/// What is written for a size, in words.
pub(super) const SIZE: &str = "data, or a law of data such as \"lognormal 4 KiB cv 1.5\"";

/// The mean size, and its law where sizes differ.
pub(super) fn read(value: Value) -> Option<(Bytes, Option<Law>)> {
    let varies = value.is_text() && value.text()?.trim_start().starts_with(char::is_alphabetic);
    if !varies {
        return value.some_bytes().map(|size| (size, None));
    }
    let law = law(value)?;
    let mean = Bytes(law.mean().0);
    if mean == Bytes(0) {
        value.problem("items of no data at all", "write a law with a mean of at least \"1 B\"");
        return None;
    }
    match law {
        Law::Constant(Time(bytes)) => Some((Bytes(bytes), None)),
        law => Some((mean, Some(law))),
    }
}

/// The same law with nanoseconds in the place of bytes.
fn law(value: Value) -> Option<Law> {
    let text = value.text()?.trim();
    let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim();
    let nanos = |amount: &str| value.accept(units::parse_bytes(amount)).map(|bytes| format!("{}ns", bytes.0));
    if matches!(name, "empirical" | "replay") {
        value.problem(format!("`{name}` has no place here"), "a file holds times; write a law of data");
        return None;
    }
    let written = if name == "uniform" {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let (low, high) = words.split_at(words.len() / 2);
        format!("{name} {} {}", nanos(&low.join(" "))?, nanos(&high.join(" "))?)
    } else {
        let parameter = [" cv", " shape"].iter().find_map(|word| rest.find(word)).unwrap_or(rest.len());
        let (mean, parameter) = rest.split_at(parameter);
        // A name that is no law, or a law without its mean, is told of as such.
        let mean = if mean.is_empty() { String::new() } else { nanos(mean)? };
        format!("{name} {mean}{parameter}")
    };
    // What is wrong with it is told in the words of the file.
    let read = value.cx.law(&written).map_err(|error| UnitError {
        message: error.message.replace(&written, text),
        hint: error.hint.replace("15ms", "9 KiB").replace("5ms", "4 KiB").replace("6ms", "4 KiB"),
    });
    value.accept(read)
}
