//! Instants in the cells of files: numbers, Unix time, dates. In: a cell, the unit of numbers, the clock of dates without an offset.
//! Out: nanoseconds, of dates since 1970.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use toml::de::DeValue;

use super::calendar;
use super::cell::{self, Unit};
use super::value::Value;
use crate::text::excerpt;
use crate::units::UnitError;

/// Most nanoseconds from 0: beyond the year 30,000.
const MOST: i128 = 1_000_000_000_000_000_000_000;

/// How instants of a file are read.
#[derive(Debug)]
pub(crate) struct Clock {
    /// Unit of those that are numbers.
    pub(crate) unit: Unit,
    /// Clock of dates without an offset.
    pub(crate) zone: TimeZone,
}

/// Which instant is the start of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// That of the first row.
    First,
    /// Numbers count from the start of the run; dates are on the calendar of the file.
    Start,
    /// This one, in nanoseconds.
    At(i128),
}

impl Clock {
    /// The instant of a cell, and whether it is a date.
    pub(crate) fn read(&self, cell: &str) -> Result<(i128, bool), UnitError> {
        match cell::nanos(cell, self.unit) {
            Ok(nanos) if nanos.abs() <= MOST => Ok((nanos, false)),
            Ok(_) => Err(UnitError {
                message: format!("{} is out of range", excerpt(cell)),
                hint: "is the `unit` right?".into(),
            }),
            Err(not_a_number) => match self.date(cell) {
                Some(nanos) => Ok((nanos, true)),
                // What begins as a number and is out of range is no date either.
                None if cell.parse::<f64>().is_ok_and(f64::is_finite) => Err(not_a_number),
                None => Err(UnitError {
                    message: format!("{} is neither a number nor a date", excerpt(cell)),
                    hint: "write seconds, Unix time, or dates such as 2026-11-27T09:00:00Z".into(),
                }),
            },
        }
    }

    /// A date with a time, in nanoseconds since 1970; without an offset it is on the clock of the zone.
    fn date(&self, text: &str) -> Option<i128> {
        // As consoles and spreadsheets write dates.
        let text = text.trim().replace('/', "-");
        let text = text.strip_suffix(" UTC").map_or(text.clone(), |it| format!("{it}Z"));
        let instant = match calendar::date(&text) {
            Some(instant) => instant,
            None => self.zone.to_timestamp(text.parse::<DateTime>().ok()?).ok()?,
        };
        Some(instant.as_nanosecond())
    }
}

impl Origin {
    /// Reads `"first"`, `"start"`, a date or a number.
    pub(crate) fn read(value: Value, clock: &Clock) -> Option<Origin> {
        let text = match value.value {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => value.text()?.to_owned(),
        };
        match text.as_str() {
            "first" => Some(Origin::First),
            "start" => Some(Origin::Start),
            text => match clock.read(text) {
                Ok((nanos, _)) => Some(Origin::At(nanos)),
                Err(_) => {
                    value.problem(
                        format!("`{text}` is no origin"),
                        "write \"first\", \"start\", a date such as \"2026-11-27T09:00:00Z\", or a number as the file has them",
                    );
                    None
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::cell::SECONDS;

    fn of(zone: &str, text: &str) -> Result<(i128, bool), String> {
        let clock = Clock { unit: SECONDS, zone: TimeZone::get(zone).unwrap() };
        clock.read(text).map_err(|error| error.message)
    }

    /// 2026-11-27T09:00:00Z is 1,795,770,000 s after 1970.
    #[test]
    fn one_instant_is_the_same_however_it_is_written() {
        let nanos = 1_795_770_000_000_000_000;
        assert_eq!(of("UTC", "1795770000"), Ok((nanos, false)));
        for text in [
            "2026-11-27T09:00:00Z",
            "2026-11-27T18:00:00+09:00",
            "2026-11-27 09:00:00",
            "2026/11/27 09:00:00",
            "2026-11-27T09:00",
            "2026-11-27 09:00:00 UTC",
            "2026-11-27T09:00:00.000Z",
        ] {
            assert_eq!(of("UTC", text), Ok((nanos, true)), "{text}");
        }
        assert_eq!(of("Asia/Seoul", "2026-11-27 18:00:00"), Ok((nanos, true)));
        assert_eq!(
            of("Asia/Seoul", "2026-11-27T09:00:00Z"),
            Ok((nanos, true)),
            "an offset is not asked twice"
        );
        assert_eq!(of("UTC", "2026-11-27"), Ok((nanos - 9 * 3_600_000_000_000, true)));
    }

    #[test]
    fn what_is_no_instant_is_named() {
        assert_eq!(of("UTC", "noon").unwrap_err(), "a text of 4 characters is neither a number nor a date");
        assert_eq!(of("UTC", "").unwrap_err(), "an empty cell is neither a number nor a date");
        assert_eq!(
            of("UTC", "2026-13-01T00:00:00Z").unwrap_err(),
            "`2026-13-01T00:00:00Z` is neither a number nor a date"
        );
        for far in ["1e300", "1e25", "-1e25"] {
            assert_eq!(of("UTC", far).unwrap_err(), format!("`{far}` is out of range"));
        }
    }
}
