//! The calendar of a run: at which instants of it a clock shows the times that a cron expression names.
//!
//! In: the date at which the run starts, cron expressions, names of time zones. Out: instants of the run. The zones are those
//! of the IANA database that comes with the program, so that a file means the same on every machine.

use croner::Cron;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::{self, TimeZone};

use crate::units::Time;

/// When a run starts and how long it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calendar {
    pub(crate) starts: Timestamp,
    pub(crate) duration: Time,
}

impl Calendar {
    /// The instants of the run at which the clock of a time zone shows a time of a cron expression, in order.
    pub(crate) fn times<'a>(&self, cron: &'a Cron, zone: &TimeZone) -> impl Iterator<Item = Time> + 'a {
        let Calendar { starts, duration } = *self;
        let first = cron.find_next_occurrence(&starts.to_zoned(zone.clone()), true).ok();
        let all = std::iter::successors(first, |last| cron.find_next_occurrence(last, false).ok());
        let since_start = move |nanos: i128| u64::try_from(nanos - starts.as_nanosecond()).ok().map(Time);
        all.map_while(move |time| since_start(time.timestamp().as_nanosecond()))
            .take_while(move |&time| time < duration)
    }
}

impl Calendar {
    /// The time that a cron expression names first from the start of the run on, on the clock of a time zone; nothing if it names
    /// none, such as 30 February.
    pub(crate) fn next(&self, cron: &Cron, zone: &TimeZone) -> Option<String> {
        let first = cron.find_next_occurrence(&self.starts.to_zoned(zone.clone()), true).ok()?;
        Some(first.strftime("%Y-%m-%d %H:%M").to_string())
    }
}

/// Reads a date with a time and an offset, such as `2026-11-27T09:00:00+09:00`.
pub(crate) fn date(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Reads a cron expression of five fields: minute, hour, day of the month, month, day of the week.
pub(crate) fn cron(text: &str) -> Result<Cron, CronError> {
    CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build().parse(text)
}

/// The time zone of a name.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// The names of all time zones.
pub(crate) fn zones() -> Vec<String> {
    tz::db().available().map(|name| name.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hours of a run from a date, at which a cron expression comes.
    fn hours(starts: &str, days: u64, expression: &str, place: &str) -> Vec<f64> {
        let calendar = Calendar { starts: date(starts).unwrap(), duration: Time::from_secs(86_400 * days) };
        let (cron, zone) = (cron(expression).unwrap(), zone(place).unwrap());
        calendar.times(&cron, &zone).map(|time| time.as_secs_f64() / 3_600.0).collect()
    }

    /// 2026-11-27 is a Friday.
    #[test]
    fn a_working_day_begins_at_nine_where_the_clock_is() {
        let monday_to_friday = "0 9 * * MON-FRI";
        assert_eq!(hours("2026-11-27T00:00:00Z", 5, monday_to_friday, "UTC"), [9.0, 81.0, 105.0]);
        // Nine in Seoul is midnight of UTC, so the start itself counts.
        assert_eq!(hours("2026-11-27T00:00:00Z", 4, monday_to_friday, "Asia/Seoul"), [0.0, 72.0]);
        assert_eq!(hours("2026-11-27T09:00:00+09:00", 4, monday_to_friday, "Asia/Seoul"), [0.0, 72.0]);
        assert_eq!(hours("2026-11-27T00:00:01Z", 3, monday_to_friday, "Asia/Seoul"), [72.0 - 1.0 / 3_600.0]);
    }

    /// Clocks in New York go back on 1 November 2026 and on 14 March 2027 forward: nine is then an hour later, or earlier, in UTC.
    #[test]
    fn daylight_saving_time_moves_a_time_of_day() {
        let nine = |starts| hours(starts, 3, "0 9 * * *", "America/New_York");
        assert_eq!(nine("2026-10-31T00:00:00Z"), [13.0, 38.0, 62.0]);
        assert_eq!(nine("2027-03-13T00:00:00Z"), [14.0, 37.0, 61.0]);
    }

    #[test]
    fn steps_lists_and_either_kind_of_day() {
        assert_eq!(hours("2026-11-27T00:00:00Z", 1, "30 */8 * * *", "UTC"), [0.5, 8.5, 16.5]);
        assert_eq!(hours("2026-11-27T00:00:00Z", 1, "0 6,18 27 11 *", "UTC"), [6.0, 18.0]);
        // With a day of the month and one of the week, either will do, as in cron.
        assert_eq!(hours("2026-11-27T00:00:00Z", 4, "0 0 28 * MON", "UTC"), [24.0, 72.0]);
        assert!(hours("2026-11-27T00:00:00Z", 4, "0 0 1 1 *", "UTC").is_empty());
    }

    #[test]
    fn a_time_that_never_comes_has_no_next() {
        let calendar =
            Calendar { starts: date("2026-11-27T00:00:00Z").unwrap(), duration: Time::from_secs(3_600) };
        let next = |expression: &str| calendar.next(&cron(expression).unwrap(), &TimeZone::UTC);
        assert_eq!(next("0 9 29 2 *").as_deref(), Some("2028-02-29 09:00"));
        assert_eq!(next("0 0 30 2 *"), None);
    }

    #[test]
    fn what_is_no_date_expression_or_zone_is_none() {
        assert!(date("2026-11-27").is_none());
        assert!(date("2026-11-27T00:00:00").is_none(), "without an offset it is no instant");
        for wrong in ["", "0 9 * *", "0 0 9 * * *", "0 25 * * *", "0 9 * * FUNDAY", "nine"] {
            assert!(cron(wrong).is_err(), "{wrong}");
        }
        assert!(zone("Asia/Soul").is_none());
        assert!(zones().iter().any(|zone| zone == "Asia/Seoul"));
    }
}
