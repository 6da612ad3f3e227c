//! The times of rows. In: a cell with seconds since the start, Unix time or a date. Out: an [`Instant`] in seconds.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// From here on a number of seconds is a Unix time: 2001.
const UNIX: f64 = 1e9;
/// From here on it is one in milliseconds: in seconds that would be the year 5138.
const UNIX_MILLIS: f64 = 1e11;

/// When a row begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Instant {
    pub(super) seconds: f64,
    /// Whether it is a date, so that the first row is the start of the recording.
    pub(super) is_date: bool,
}

/// Reads a cell; nothing if it is neither a number nor a date. A date without an offset is in UTC.
pub(super) fn instant(cell: &str) -> Option<Instant> {
    if let Ok(number) = cell.parse::<f64>() {
        return match number {
            number if !(0.0..1e15).contains(&number) => None,
            number if number >= UNIX_MILLIS => Some(Instant { seconds: number / 1e3, is_date: true }),
            number => Some(Instant { seconds: number, is_date: number >= UNIX }),
        };
    }
    let of = |time: Timestamp| Instant { seconds: time.as_nanosecond() as f64 / 1e9, is_date: true };
    let civil = |cell: &str| {
        let time: DateTime = cell.replace('/', "-").parse().ok()?;
        Some(TimeZone::UTC.to_zoned(time).ok()?.timestamp())
    };
    cell.parse::<Timestamp>().ok().or_else(|| civil(cell)).map(of)
}

/// A date for people.
pub(super) fn date(seconds: f64) -> Option<String> {
    Some(Timestamp::from_second(seconds as i64).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_or_a_date() {
        let seconds = |cell: &str| instant(cell).map(|it| (it.seconds, it.is_date));
        assert_eq!(seconds("60"), Some((60.0, false)));
        assert_eq!(seconds("1790000000"), Some((1.79e9, true)));
        assert_eq!(seconds("1790000000500"), Some((1_790_000_000.5, true)));
        let date = Some((1_774_000_860.0, true));
        assert_eq!(seconds("2026-03-20T10:01:00Z"), date);
        assert_eq!(seconds("2026-03-20T19:01:00+09:00"), date);
        assert_eq!(seconds("2026-03-20 10:01:00"), date);
        assert_eq!(seconds("2026/03/20 10:01"), date);
        assert!(["", "-1", "NaN", "noon", "2026-13-01"].iter().all(|it| seconds(it).is_none()));
    }
}
