//! Bounds of values beyond their type. In: a value of the file and what was read from it. Out: problems if it is out of
//! bounds.

use super::value::Value;
use crate::units::{Rate, Time};

/// A number above zero.
pub(crate) fn positive(value: Value, number: f64) -> Option<f64> {
    if number <= 0.0 {
        value.problem(format!("{number} is out of range"), "write a number above zero");
        return None;
    }
    Some(number)
}

/// Times in a list must not go back.
pub(crate) fn in_order(last: Option<Time>, time: Time, value: &Value) {
    if let Some(last) = last.filter(|last| *last > time) {
        value.problem(format!("{time} comes after {last} in the list"), "put the instants in time order");
    }
}

/// A peak, which is not below the rate that it rises from.
pub(crate) fn peak(value: Value, base: Rate, key: &str) -> Option<Rate> {
    let peak = value.rate()?;
    if peak < base {
        value.problem(
            format!("peak of {peak} below {key} of {base}"),
            format!("raise `peak`, or lower `{key}`"),
        );
        return None;
    }
    Some(peak)
}
