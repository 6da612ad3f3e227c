//! Values of a comparison in words. In: a value, its unit. Out: the value, how far two are apart, by which part one has changed.

use crate::number::{agreeing, amount, millis, number, percent, share, times, usd};
use crate::outcome::estimate::Unit;

/// A figure that grew to this many times its size is shown as a multiple.
const MANY_TIMES: f64 = 10.0;

/// A value in its unit.
pub(in crate::report) fn shown(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Millis => millis(value),
        Unit::Share => share(value),
        Unit::Count => amount(value),
        Unit::Percent => percent(value),
        Unit::Seconds => millis(1e3 * value),
        Unit::PerSecond => format!("{}/s", number(value)),
        Unit::Usd => usd(value),
        Unit::Hours => format!("{} h", number(value)),
        Unit::Multiple => times(value),
        Unit::Text => number(value),
    }
}

/// A difference with its sign.
pub(in crate::report) fn signed(unit: Unit, value: f64) -> String {
    match value {
        0.0 => "0".into(),
        value if value < 0.0 => format!("−{}", distance(unit, -value)),
        value => format!("+{}", distance(unit, value)),
    }
}

/// How far two values are apart: shares are percentage points, lest they be read as a change in percent.
pub(in crate::report) fn distance(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => agreeing(number(100.0 * value), "point"),
        unit => shown(unit, value),
    }
}

/// A part by which something has changed.
pub(in crate::report) fn change_of(part: f64) -> String {
    match part {
        0.0 => "0 %".into(),
        change if !change.is_finite() => "–".into(),
        change if change < 0.0 => format!("−{}", percent(-100.0 * change)),
        // Beyond that a percentage is harder to read than a multiple.
        change if change >= MANY_TIMES - 1.0 => times(1.0 + change),
        change => format!("+{}", percent(100.0 * change)),
    }
}
