//! Numbers in the cells of recorded columns, read exactly. In: a cell and the unit of its column. Out: nanoseconds.
//!
//! A Unix time in seconds with nine decimals has more digits than a float holds, so no number is read as a float.

use crate::text::excerpt;
use crate::units::{Time, UnitError};

/// Latest time, in nanoseconds: some thirty years.
const LATEST: i128 = 1_000_000_000_000_000_000;
/// Digits that are read; further ones are smaller than any unit can show.
const DIGITS: usize = 30;

/// Unit of a column: the power of ten by which it is multiplied to give nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit(u32);

/// The unit if the file names none.
pub(crate) const SECONDS: Unit = Unit(9);
/// Units of a column.
pub(crate) const UNITS: [(&str, Unit); 4] =
    [("ns", Unit(0)), ("us", Unit(3)), ("ms", Unit(6)), ("s", SECONDS)];

/// A cell as a span of time.
pub(crate) fn time(cell: &str, unit: Unit) -> Result<Time, UnitError> {
    within(cell, nanos(cell, unit)?, "is the `unit` right?")
}

/// A number of nanoseconds as a time; `cell` is where it came from, `hint` what to do if it is too late.
pub(crate) fn within(cell: &str, nanos: i128, hint: &str) -> Result<Time, UnitError> {
    match nanos {
        ..0 => Err(error(cell, "is negative", "times begin at 0")),
        0..=LATEST => Ok(Time(nanos as u64)),
        _ => Err(error(cell, "is out of range", hint)),
    }
}

/// A cell in nanoseconds; half a nanosecond rounds away from zero.
pub(crate) fn nanos(cell: &str, unit: Unit) -> Result<i128, UnitError> {
    let wrong = || error(cell, "is not a number", "a plain number; the unit is given beside the column");
    let (mantissa, exponent) = decimal(cell).ok_or_else(wrong)?;
    let power = exponent.saturating_add(i64::from(unit.0));
    let ten = |power: i64| u32::try_from(power).ok().and_then(|power| 10i128.checked_pow(power));
    match (power >= 0, ten(power.saturating_abs())) {
        _ if mantissa == 0 => Some(0),
        (true, Some(factor)) => mantissa.checked_mul(factor),
        (true, None) => None,
        (false, Some(divisor)) => {
            let (whole, rest) = (mantissa / divisor, mantissa % divisor);
            Some(if rest.abs() >= divisor - rest.abs() { whole + mantissa.signum() } else { whole })
        }
        (false, None) => Some(0),
    }
    .ok_or_else(|| error(cell, "is out of range", "is the `unit` right?"))
}

/// A decimal number such as `-1.5e3` as a whole number and the power of ten to multiply it by.
fn decimal(cell: &str) -> Option<(i128, i64)> {
    let (number, exponent) = match cell.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
        None => (cell, 0),
    };
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = || whole.bytes().chain(fraction.bytes());
    if all().next().is_none() || !all().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut exponent = exponent.saturating_sub(fraction.len() as i64);
    let (mut mantissa, mut read) = (0i128, 0);
    for digit in all().skip_while(|digit| *digit == b'0') {
        if read == DIGITS {
            exponent = exponent.saturating_add(1);
            continue;
        }
        mantissa = 10 * mantissa + i128::from(digit - b'0');
        read += 1;
    }
    Some((sign * mantissa, exponent))
}

fn error(cell: &str, what: &str, hint: &str) -> UnitError {
    UnitError { message: format!("{} {what}", excerpt(cell)), hint: hint.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_exact_to_the_nanosecond() {
        let nanos = |cell: &str, unit: &str| {
            let unit = UNITS.iter().find(|(word, _)| *word == unit).unwrap().1;
            super::nanos(cell, unit).map_err(|error| error.message)
        };
        assert_eq!(nanos("1700000000.123456789", "s"), Ok(1_700_000_000_123_456_789));
        assert_eq!(nanos("1700000000123.5", "ms"), Ok(1_700_000_000_123_500_000));
        assert_eq!(nanos("1700000000123456789", "ns"), Ok(1_700_000_000_123_456_789));
        assert_eq!(nanos("1.7e9", "s"), Ok(1_700_000_000_000_000_000));
        for (cell, expected) in [("0.4", 0), ("0.5", 1), ("-0.5", -1), ("2.49999", 2), (".5", 1), ("7.", 7)] {
            assert_eq!(nanos(cell, "ns"), Ok(expected), "{cell}");
        }
        assert_eq!(nanos(&format!("0.{}1", "0".repeat(40)), "s"), Ok(0));
        assert_eq!(nanos(&format!("1.{}", "3".repeat(60)), "s"), Ok(1_333_333_333));
        assert_eq!(nanos("1e-9999999999", "s"), Ok(0));
        assert_eq!(nanos("0e99999", "s"), Ok(0));
        assert_eq!(nanos("1e99999", "s"), Err("`1e99999` is out of range".into()));
        for wrong in ["", "-", ".", "e5", "1e", "nan", "inf", "0x10", "1 2", "1_0", "--1", "1.2.3"] {
            assert_eq!(nanos(wrong, "s"), Err(format!("{} is not a number", excerpt(wrong))));
        }
    }
}
