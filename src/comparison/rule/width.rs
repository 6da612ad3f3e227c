//! How far a figure may move: `5%`, `20ms`, `0.1pp`, `$5`. In: a text and the unit of the figure. Out: a [`Width`].
//!
//! A percentage is always a part of the value of the first side. Of a figure that is itself a share, `5%` and five percentage points
//! are so far apart that points have a unit of their own, `pp`.

use crate::measure::unit::Unit;
use crate::units::{UnitError, parse_time};

/// How far a figure may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::comparison) enum Width {
    /// A part of the value of the first side.
    Part(f64),
    /// An amount in the unit of the figure.
    Amount(f64),
}

impl Width {
    /// Reads a width for a figure in a unit; nothing is no width at all.
    pub(super) fn parse(text: &str, unit: Unit) -> Result<Width, UnitError> {
        match text {
            "" => Ok(Width::Part(0.0)),
            text => match text.strip_suffix('%') {
                // More than 100 % is as far as any other width.
                Some(digits) => {
                    plain(digits).map(|part| Width::Part(part / 100.0)).ok_or_else(|| wrong(text, unit))
                }
                None => amount(text, unit).map(Width::Amount),
            },
        }
    }
}

/// A number that is not below zero.
fn plain(digits: &str) -> Option<f64> {
    let value = digits.trim().replace([',', '_'], "").parse::<f64>().ok();
    value.filter(|value| value.is_finite() && *value >= 0.0)
}

fn wrong(text: &str, unit: Unit) -> UnitError {
    UnitError {
        message: format!("`{text}` is no width of this figure"),
        hint: format!(
            "write a percentage of its value in A, such as 5%, or an amount, such as {}",
            example(unit)
        ),
    }
}

fn amount(text: &str, unit: Unit) -> Result<f64, UnitError> {
    let wrong = || wrong(text, unit);
    let time = || parse_time(text).map_err(|_| wrong());
    let points = || ["pp", "points", "point"].iter().find_map(|unit| plain(text.strip_suffix(unit)?));
    Ok(match unit {
        Unit::Millis => time()?.as_millis_f64(),
        Unit::Seconds => time()?.as_secs_f64(),
        Unit::Hours => time()?.as_secs_f64() / 3_600.0,
        Unit::Share => points().ok_or_else(wrong)? / 100.0,
        Unit::Percent => points().ok_or_else(wrong)?,
        Unit::Usd => text.strip_prefix('$').and_then(plain).ok_or_else(wrong)?,
        Unit::PerSecond => text.strip_suffix("/s").and_then(plain).ok_or_else(wrong)?,
        Unit::Multiple => plain(text.trim_start_matches(['×', 'x'])).ok_or_else(wrong)?,
        Unit::Count | Unit::Text => plain(text).ok_or_else(wrong)?,
    })
}

fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Millis => "20ms",
        Unit::Seconds => "30s",
        Unit::Hours => "2h",
        Unit::Share | Unit::Percent => "0.1pp (percentage points)",
        Unit::Usd => "$5",
        Unit::PerSecond => "10/s",
        Unit::Multiple => "0.2",
        Unit::Count | Unit::Text => "100",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_the_unit_of_its_figure() {
        let read = |text, unit| Width::parse(text, unit).unwrap();
        assert_eq!(read("", Unit::Usd), Width::Part(0.0));
        assert_eq!(read("5%", Unit::Share), Width::Part(0.05));
        assert_eq!(read("250 %", Unit::Millis), Width::Part(2.5));
        for (text, unit, amount) in [
            ("20ms", Unit::Millis, 20.0),
            ("1.5s", Unit::Millis, 1_500.0),
            ("1m", Unit::Seconds, 60.0),
            ("90m", Unit::Hours, 1.5),
            ("0.1pp", Unit::Share, 0.001),
            ("1 point", Unit::Percent, 1.0),
            ("2 points", Unit::Percent, 2.0),
            ("$1,200", Unit::Usd, 1_200.0),
            ("10/s", Unit::PerSecond, 10.0),
            ("×0.5", Unit::Multiple, 0.5),
            ("1_000", Unit::Count, 1_000.0),
        ] {
            let Width::Amount(found) = read(text, unit) else { panic!("{text}") };
            assert!((found - amount).abs() < 1e-12 * amount.max(1.0), "{text}: {found}");
            assert!(Width::parse(&format!("{text} x"), unit).is_err(), "{text} x");
        }
        for (text, unit) in [
            ("5", Unit::Usd),
            ("20", Unit::Millis),
            ("0.1", Unit::Share),
            ("-3", Unit::Count),
            ("nan", Unit::Count),
            ("-5%", Unit::Millis),
        ] {
            let error = Width::parse(text, unit).unwrap_err();
            assert!(error.hint.contains(example(unit)), "{}", error.hint);
        }
    }
}
