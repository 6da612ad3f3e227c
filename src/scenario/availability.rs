//! `[availability]`: how availability is counted by time. In: an interval, and when a minute is down. Out: [`Counting`].

use std::collections::BTreeSet;

use super::Scenario;
use crate::catalog::zone::Zone;
use crate::language::reader::Reader;
use crate::language::shape::{Given, Key, Shape};
use crate::language::value::Value;
use crate::units::Time;

/// How availability is counted by time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counting {
    /// Width of the intervals of which each counts as much as every other: a whole number of rows of the timeline.
    pub interval: Time,
    /// Width of what is down or not: a minute, rounded up to whole rows.
    pub minute: Time,
    /// Failed over ended requests of a minute above which it is down.
    pub down: f64,
    /// Whether zones are told apart; without a word in the file, where a fault takes one.
    pub zones: Option<bool>,
}

/// Width of an interval: five minutes.
pub const INTERVAL: Given<Time> = Given::new(
    Time::from_secs(300),
    "Amazon S3 Service Level Agreement: 100 % less the average of the error rates of each 5-minute interval; one without requests has none",
);
/// A minute is down from more than this share of failures on.
pub const DOWN: Given<&str> = Given::new(
    "10%",
    "assumption: what counts as down is yours to say; the SLA of Google Cloud Functions (2018-04) counts minutes with more than ten percent \
     of errors",
);
/// The same as a number.
const DOWN_SHARE: f64 = 0.1;

/// The language of availability.
pub const SHAPE: Shape = Shape {
    title: "[availability]",
    about: "How availability is counted by time. What was asked and what failed is counted in any case, by request, by attempt and by class, \
            and by user where there are `[users.NAME]`. A request counts where it ends. For a bound on it, \
            see `availability` in [objectives].",
    keys: &[
        Key::given(
            "interval",
            "duration, a multiple of `bucket`",
            || INTERVAL.show(),
            "width of the intervals of which the mean error rate is taken; the default is rounded up to whole rows",
        ),
        Key::given(
            "down",
            "share below 100%",
            || DOWN.show(),
            "a minute in which more of the requests that ended failed is down",
        ),
        Key::optional(
            "zones",
            "true or false",
            "`true` where a [fault.NAME] takes a zone (assumption: without a lost zone all zones are alike)",
            "whether requests are counted by the zone of their outermost instance, where fleets are in several",
        ),
    ],
};

impl Scenario {
    /// The zones in which its fleets are, if these are several and are told apart.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn zones(&self) -> BTreeSet<Zone> {
        let zones: BTreeSet<Zone> = self.fleets.iter().flat_map(|fleet| fleet.azs.iter().copied()).collect();
        let told = self.availability.zones.unwrap_or_else(|| !self.kinds.taken().is_empty());
        if told && zones.len() > 1 { zones } else { BTreeSet::new() }
    }
}

impl Counting {
    /// Without a word in the file; `bucket` is the width of a row of the timeline.
    pub(super) fn usual(bucket: Time) -> Counting {
        let whole = |time: Time| Time(time.0.div_ceil(bucket.0.max(1)).saturating_mul(bucket.0.max(1)));
        let (interval, minute) = (whole(INTERVAL.value), whole(Time::from_secs(60)));
        Counting { interval, minute, down: DOWN_SHARE, zones: None }
    }

    pub(super) fn read(reader: &Reader, bucket: Time) -> Counting {
        let usual = Counting::usual(bucket);
        Counting {
            interval: reader.or("interval", |value| interval(value, bucket), usual.interval),
            down: reader.or("down", down, usual.down),
            zones: reader.maybe("zones", Value::flag),
            ..usual
        }
    }
}

fn interval(value: Value, bucket: Time) -> Option<Time> {
    let interval = value.time()?;
    if interval < bucket || !interval.0.is_multiple_of(bucket.0.max(1)) {
        value.problem(
            format!("an interval of {interval} is no whole number of rows of {bucket}"),
            format!("write a multiple of {bucket}, or set `bucket`"),
        );
        return None;
    }
    Some(interval)
}

fn down(value: Value) -> Option<f64> {
    let share = value.share()?;
    if share >= 1.0 {
        value.problem("no more than all can fail", "write less than \"100%\"");
        return None;
    }
    Some(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::parse_percent;

    #[test]
    fn the_default_is_what_the_reference_says() {
        assert_eq!(parse_percent(DOWN.value).unwrap(), DOWN_SHARE);
    }

    /// Rows of 7 s: 43 of them are 301 s, and 9 are 63 s.
    #[test]
    fn intervals_are_whole_rows() {
        let of = |secs| {
            let usual = Counting::usual(Time::from_secs(secs));
            (usual.interval, usual.minute)
        };
        assert_eq!(of(10), (Time::from_secs(300), Time::from_secs(60)));
        assert_eq!(of(7), (Time::from_secs(301), Time::from_secs(63)));
        assert_eq!(of(3_600), (Time::from_secs(3_600), Time::from_secs(3_600)));
    }
}
