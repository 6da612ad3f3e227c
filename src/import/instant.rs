//! Instants in the forms of logs. In: bytes such as `2024-01-15T12:30:45.123456Z`. Out: nanoseconds since 1970.

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::scan::whole;

/// Nanoseconds in a second.
pub(super) const SECOND: i64 = 1_000_000_000;
/// Earliest and latest that is believed: 1990 and 2200, in seconds.
const BELIEVED: std::ops::Range<i64> = 631_152_000..7_258_118_400;

/// An instant, and whether its clock was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant {
    pub nanos: i64,
    /// Whether it had a zone, or counts from 1970; else UTC is assumed.
    pub is_zoned: bool,
}

/// Whether a log of our time can have it.
pub(super) fn is_believed(nanos: i64) -> bool {
    BELIEVED.contains(&nanos.div_euclid(SECOND))
}

/// An ISO date with a time, or a count of seconds, ms, us or ns since 1970.
pub(super) fn any(text: &[u8]) -> Option<Instant> {
    let text = text.trim_ascii();
    iso(text).or_else(|| unix(text)).or_else(|| common(text))
}

/// A count since 1970: the unit follows from its size, as no log is from before 1973 in any of them.
pub(super) fn unix(text: &[u8]) -> Option<Instant> {
    let (before, after) = match memchr::memchr(b'.', text) {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &text[..0]),
    };
    let unit: i64 = match before.len() {
        1..=11 => SECOND,
        12..=14 => 1_000_000,
        15..=17 => 1_000,
        18..=19 => 1,
        _ => return None,
    };
    let value: i64 = std::str::from_utf8(before).ok()?.parse().ok().filter(|value| *value >= 0)?;
    let mut nanos = value.checked_mul(unit)?;
    let mut place = unit / 10;
    for digit in after {
        if !digit.is_ascii_digit() {
            return None;
        }
        nanos = nanos.saturating_add(place * i64::from(digit - b'0'));
        place /= 10;
    }
    Some(Instant { nanos, is_zoned: true })
}

/// `2024-01-15T12:30:45.123456Z`, with a space, slashes, an offset, or without seconds.
pub(super) fn iso(text: &[u8]) -> Option<Instant> {
    let separator = *text.get(4)?;
    if !matches!(separator, b'-' | b'/') || *text.get(7)? != separator {
        return None;
    }
    let date = [whole(&text[..4])?, whole(&text[5..7])?, whole(text.get(8..10)?)?];
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return civil(date, [0; 3], 0, None);
    };
    if !matches!(rest[0], b'T' | b't' | b' ' | b'\t') || *rest.get(3)? != b':' {
        return None;
    }
    let (hour, minute) = (whole(&rest[1..3])?, whole(rest.get(4..6)?)?);
    let mut rest = &rest[6..];
    let mut second = 0;
    let mut fraction = 0;
    if rest.first() == Some(&b':') {
        second = whole(rest.get(1..3)?)?;
        rest = &rest[3..];
        if matches!(rest.first(), Some(b'.' | b',')) {
            let digits = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            let shown = &rest[1..=digits.min(9)];
            fraction = whole(shown)? * 10u64.pow(9 - shown.len() as u32);
            rest = &rest[1 + digits..];
        }
    }
    civil(date, [hour, minute, second], fraction, offset(rest)?)
}

/// `17/May/2015:10:05:03 +0000`, of the Common Log Format.
pub(super) fn common(text: &[u8]) -> Option<Instant> {
    if text.len() < 20 || text[2] != b'/' || text[6] != b'/' || text[11] != b':' {
        return None;
    }
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let month = MONTHS.chunks_exact(3).position(|month| month == &text[3..6])? as u64 + 1;
    if text[14] != b':' || text[17] != b':' {
        return None;
    }
    let date = [whole(&text[7..11])?, month, whole(&text[..2])?];
    let time = [whole(&text[12..14])?, whole(&text[15..17])?, whole(&text[18..20])?];
    civil(date, time, 0, offset(text[20..].trim_ascii())?)
}

/// The seconds that a zone is ahead of UTC; `Some(None)` if none is written, `None` if it is unreadable.
fn offset(text: &[u8]) -> Option<Option<i64>> {
    let text = text.trim_ascii();
    let (sign, digits) = match text {
        b"" => return Some(None),
        b"Z" | b"z" | b"UTC" | b"GMT" => return Some(Some(0)),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits {
        [_, _] => (digits, &b"0"[..]),
        [_, _, b':', minutes @ ..] if minutes.len() == 2 => (&digits[..2], minutes),
        [_, _, _, _] => digits.split_at(2),
        _ => return None,
    };
    let seconds = (whole(hours)? * 3_600 + whole(minutes)? * 60) as i64;
    (seconds <= 26 * 3_600).then_some(Some(sign * seconds))
}

/// A second of 60 is a leap second: the last one of its minute.
fn civil(date: [u64; 3], time: [u64; 3], fraction: u64, zone: Option<i64>) -> Option<Instant> {
    let [year, month, day] = date;
    let [hour, minute, second] = time;
    let at = DateTime::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
        i8::try_from(hour).ok()?,
        i8::try_from(minute).ok()?,
        i8::try_from(second.min(59)).ok().filter(|_| second <= 60)?,
        i32::try_from(fraction).ok()?,
    );
    let seconds = Offset::UTC.to_timestamp(at.ok()?).ok()?;
    let nanos = i64::try_from(seconds.as_nanosecond()).ok()?;
    Some(Instant { nanos: nanos.checked_sub(zone.unwrap_or(0) * SECOND)?, is_zoned: zone.is_some() })
}

/// `2015-05-17 10:05:03` in UTC, as the summary shows it.
pub(super) fn shown(nanos: i64) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(nanos)) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => "–".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<(f64, bool)> {
        any(text.as_bytes()).map(|it| (it.nanos as f64 / 1e9, it.is_zoned))
    }

    #[test]
    fn one_instant_has_many_forms() {
        let zoned = [
            "2015-05-17T10:05:03Z",
            "2015-05-17T10:05:03.000000Z",
            "2015-05-17 12:05:03+02:00",
            "2015-05-17T12:05:03 +0200",
            "17/May/2015:10:05:03 +0000",
            "17/May/2015:03:05:03 -0700",
            "1431857103",
            "1431857103.000",
            "1431857103000",
            "1431857103000000",
            "1431857103000000000",
        ];
        zoned.iter().for_each(|text| assert_eq!(seconds(text), Some((1_431_857_103.0, true)), "{text}"));
        for text in ["2015-05-17 10:05:03", "2015/05/17 10:05:03", "2015-05-17T10:05:03,000"] {
            assert_eq!(seconds(text), Some((1_431_857_103.0, false)), "{text}");
        }
        assert_eq!(seconds("2015-05-17T10:05Z"), Some((1_431_857_100.0, true)));
        assert_eq!(seconds("2015-05-17"), Some((1_431_820_800.0, false)));
        assert_eq!(any(b"1431857103.25").map(|it| it.nanos), Some(1_431_857_103_250_000_000));
        assert_eq!(any(b"2015-05-17T10:05:03.123456Z").map(|it| it.nanos), Some(1_431_857_103_123_456_000));
    }

    #[test]
    fn what_is_no_instant_is_refused() {
        for text in [
            "",
            "-",
            "yesterday",
            "2015-13-01",
            "2015-02-30T00:00:00Z",
            "2015-05-17T25:00:00Z",
            "2015-05-17T10",
            "2015-05-17T10:05:03X",
            "17/Mai/2015:10:05:03 +0000",
            "17/May/2015:10:05:03 +9999",
            "-5",
            "1e9",
            "12345678901234567890123",
            "2015-05-17T10:05:03.",
            "12.3x",
        ] {
            assert_eq!(any(text.as_bytes()), None, "{text}");
        }
        assert_eq!(unix(b"9223372036.999").map(|it| it.nanos), Some(i64::MAX), "the end of the count");
        assert!(!is_believed(0) && is_believed(1_431_857_103 * SECOND));
    }
}
