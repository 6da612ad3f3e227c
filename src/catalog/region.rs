//! AWS Regions: where they are, and how far from each other.
//!
//! In: `regions.csv` beside this file. Out: a [`Region`] by its code, and round trips between two of them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::rows;
use crate::units::Time;

/// An AWS Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u8);

/// What is known of one.
#[derive(Debug, Deserialize)]
struct Row {
    code: String,
    name: String,
    country: String,
    continent: String,
    group: String,
    round_trips: String,
}

/// What is known of one, with the round trips read.
struct Known {
    row: Row,
    /// Milliseconds to each Region, in the order of the file.
    round_trips: Vec<u64>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let read: Vec<Row> = rows(include_str!("regions.csv"));
    let known = read.into_iter().map(|row| {
        let round_trips = row.round_trips.split(' ').filter_map(|it| it.parse().ok()).collect();
        Known { row, round_trips }
    });
    known.collect()
});

impl Region {
    /// The first one of the file of Regions, where it does not matter which.
    pub const ANY: Region = Region(0);

    /// The Region of a code such as `ap-northeast-2`.
    pub fn of(code: &str) -> Option<Region> {
        let at = KNOWN.iter().position(|it| it.row.code == code)?;
        u8::try_from(at).ok().map(Region)
    }

    /// Every Region, in the alphabetical order of their codes.
    pub fn all() -> impl Iterator<Item = Region> {
        (0..KNOWN.len()).filter_map(|at| u8::try_from(at).ok().map(Region))
    }

    fn known(self) -> &'static Known {
        &KNOWN[usize::from(self.0)]
    }

    /// Its place in the file of Regions.
    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// The Region of a place in the file of Regions.
    pub(super) fn numbered(number: u8) -> Region {
        Region(number)
    }

    /// Its code, such as `ap-northeast-2`.
    pub fn code(self) -> &'static str {
        &self.known().row.code
    }

    /// Its city or state, such as `Seoul`.
    pub fn name(self) -> &'static str {
        &self.known().row.name
    }

    /// Its country, by two letters of ISO 3166.
    pub fn country(self) -> &'static str {
        &self.known().row.country
    }

    /// Its continent, by the two letters that Route 53 has for it.
    pub fn continent(self) -> &'static str {
        &self.known().row.continent
    }

    /// The group of countries by which CloudFront charges, such as `asia-pacific`.
    pub fn group(self) -> &'static str {
        &self.known().row.group
    }

    /// Round trip over the network between a host here and one there; nothing within a Region, whose networks have latencies of their own.
    pub fn round_trip(self, to: Region) -> Time {
        match self == to {
            true => Time::ZERO,
            false => Time::from_millis(self.known().round_trips[usize::from(to.0)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every Region has a round trip to each, the same in both directions to a tenth or ten milliseconds, and none to itself.
    #[test]
    fn regions_are_as_far_there_as_back() {
        for from in Region::all() {
            assert_eq!(from.known().round_trips.len(), KNOWN.len(), "{}", from.code());
            assert_eq!(Region::of(from.code()), Some(from));
            assert_eq!(from.round_trip(from), Time::ZERO);
            for to in Region::all() {
                let (there, back) = (from.round_trip(to).as_secs_f64(), to.round_trip(from).as_secs_f64());
                assert!((there - back).abs() <= 0.01 + there / 10.0, "{} {}", from.code(), to.code());
            }
        }
    }

    /// From the table of the source: Seoul to Virginia 174 ms, to Tokyo 33 ms.
    #[test]
    fn seoul_is_nearer_to_tokyo_than_to_virginia() {
        let region = |code| Region::of(code).unwrap();
        let seoul = region("ap-northeast-2");
        assert_eq!(seoul.round_trip(region("us-east-1")), Time::from_millis(174));
        assert_eq!(seoul.round_trip(region("ap-northeast-1")), Time::from_millis(33));
        assert_eq!((seoul.name(), seoul.country(), seoul.continent()), ("Seoul", "KR", "AS"));
        assert_eq!(Region::of("moon-1"), None);
    }
}
