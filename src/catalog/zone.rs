//! Where a node is: an Availability Zone of a Region.
//!
//! In: letters of the file, and Regions. Out: zones and places. Zones have letters, as in `eu-west-1b`; which building that is differs
//! from account to account, and does not matter here.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::region::Region;

/// An Availability Zone, by a number: those of the Region of the file are 0 for `a` and so on, those of other Regions follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(pub u8);

/// Numbers of a Region: one for each letter, and one for all of them.
const NUMBERS: u8 = Zone::MOST as u8 + 1;

impl Zone {
    /// Most zones of a Region; an assumption: us-east-1, the largest, has six.
    pub const MOST: u32 = 6;
    /// All zones of the Region of the file.
    pub const WHOLE: Zone = Zone(Zone::MOST as u8);

    /// The first zones of the Region of the file.
    pub fn first(count: u32) -> Vec<Zone> {
        (0..count.min(Zone::MOST)).map(|zone| Zone(zone as u8)).collect()
    }

    /// The zone of a letter, in the Region of the file.
    pub fn of(letter: &str) -> Option<Zone> {
        let all = Zone::first(Zone::MOST);
        all.into_iter().find(|zone| zone.to_string() == letter)
    }

    /// The zone that is written so: a letter, or a Region with one.
    pub fn named_so(name: &str) -> Option<Zone> {
        let (at, _) = name.char_indices().next_back()?;
        let (region, letter) = name.split_at(at);
        let zone = Zone::of(letter)?;
        if region.is_empty() { Some(zone) } else { Region::of(region).map(|region| zone.moved_to(region)) }
    }

    /// The zone with the same letter in another Region than that of the file.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn moved_to(self, region: Region) -> Zone {
        Zone(NUMBERS * (1 + region.number()) + self.0 % NUMBERS)
    }

    /// The zone with the same letter in the Region of the file.
    pub fn moved_home(self) -> Zone {
        Zone(self.0 % NUMBERS)
    }

    /// Its Region, if that is not the one of the file.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn region(self) -> Option<Region> {
        (self.0 / NUMBERS).checked_sub(1).map(Region::numbered)
    }

    /// Whether it stands for all zones of its Region.
    pub fn is_whole(self) -> bool {
        self.0 % NUMBERS == Zone::WHOLE.0
    }

    /// Itself, or each zone of the Region that it stands for.
    pub fn each(self) -> impl Iterator<Item = Zone> {
        let first = self.0 / NUMBERS * NUMBERS;
        let all = if self.is_whole() { first..first + Zone::MOST as u8 } else { self.0..self.0 + 1 };
        all.map(Zone)
    }

    /// Whether it is another one, or one of those for which that stands.
    pub fn is_in(self, other: Zone) -> bool {
        self == other || other.is_whole() && self.0 / NUMBERS == other.0 / NUMBERS
    }

    /// Whether it has the letter of another one, in whatever Region.
    pub fn has_letter_of(self, other: Zone) -> bool {
        self.0 % NUMBERS == other.0 % NUMBERS
    }

    /// What it is called in a sentence: `zone a`, `zone us-east-1a`, `Region us-east-1`, or `the Region` of the file.
    pub fn named(self) -> String {
        match (self.is_whole(), self.region()) {
            (false, _) => format!("zone {self}"),
            (true, Some(region)) => format!("Region {}", region.code()),
            (true, None) => "the Region".to_owned(),
        }
    }
}

/// In a file of results a zone is its letter, with its Region before it where that is another one.
impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
crate::text::schema!(Zone, "Zone", |_generator| schemars::json_schema!({
    "type": "string",
    "description": "A zone: its letter, such as `a`, with the code of its Region before it where that is another one.",
}));

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
        let name = String::deserialize(deserializer)?;
        Zone::named_so(&name).ok_or_else(|| D::Error::custom("no zone"))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(region) = self.region() {
            write!(to, "{}", region.code())?;
        }
        match self.is_whole() {
            true => Ok(()),
            false => write!(to, "{}", char::from(b'a' + self.0 % NUMBERS)),
        }
    }
}

/// Where a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Whether it is in the second Region of a database: 0 is no.
    pub region: u8,
    /// Its zone.
    pub zone: Zone,
}

impl Place {
    /// A zone where the file puts things.
    pub const fn at_home(zone: Zone) -> Place {
        Place { region: 0, zone }
    }

    /// Itself, or the place of each zone of the Region for which it stands.
    pub fn each(self) -> impl Iterator<Item = Place> {
        self.zone.each().map(move |zone| Place { zone, ..self })
    }

    /// Whether it is another place, or in the Region for which that stands.
    pub fn is_in(self, other: Place) -> bool {
        self.region == other.region && self.zone.is_in(other.zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_a_letter_and_there_are_six() {
        assert_eq!(Zone::of("b"), Some(Zone(1)));
        assert_eq!(Zone(5).to_string(), "f");
        assert_eq!([Zone::of("g"), Zone::of("ab"), Zone::of("B"), Zone::of("")], [None; 4]);
        assert_eq!(Zone::first(9).len(), 6);
    }

    #[test]
    fn a_zone_of_another_region_has_its_name_and_every_region_has_room() {
        let names = Region::all().map(|region| {
            let zone = Zone(2).moved_to(region);
            assert_eq!(
                (zone.region(), zone.has_letter_of(Zone(2)), zone.is_whole()),
                (Some(region), true, false)
            );
            let whole = Zone::WHOLE.moved_to(region);
            assert!(
                whole.is_whole() && zone.is_in(whole) && !Zone(2).is_in(whole) && !zone.is_in(Zone::WHOLE)
            );
            assert_eq!(whole.each().count(), 6);
            assert_eq!(Zone::named_so(&zone.to_string()), Some(zone));
            zone.named()
        });
        assert!(names.collect::<Vec<_>>().contains(&"zone us-east-1c".to_owned()));
        assert_eq!((Zone::WHOLE.named(), Zone(0).named()), ("the Region".into(), "zone a".into()));
        assert_eq!(Zone(0).each().collect::<Vec<_>>(), [Zone(0)]);
        assert_eq!(Zone::WHOLE.each().collect::<Vec<_>>(), Zone::first(6));
    }
}
