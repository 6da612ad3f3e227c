//! Where a node is: a Region and an Availability Zone in it.
//!
//! In: letters of the file. Out: places. Zones have letters, as in `eu-west-1b`; which building that is differs from account
//! to account, and does not matter here.

use std::fmt;

/// An Availability Zone of a Region, by its letter: 0 is `a`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Zone(pub u8);

impl Zone {
    /// Most zones of a Region; an assumption: us-east-1, the largest, has six.
    pub const MOST: u32 = 6;

    /// The first zones of a Region.
    pub fn first(count: u32) -> Vec<Zone> {
        (0..count.min(Zone::MOST)).map(|zone| Zone(zone as u8)).collect()
    }

    /// The zone of a letter.
    pub fn of(letter: &str) -> Option<Zone> {
        let all = Zone::first(Zone::MOST);
        all.into_iter().find(|zone| zone.to_string() == letter)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}", char::from(b'a'.saturating_add(self.0)))
    }
}

/// Where a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Its Region, by number: 0 is the `region` of the file.
    pub region: u8,
    /// Its zone.
    pub zone: Zone,
}

impl Place {
    /// A zone of the Region of the file.
    pub const fn at_home(zone: Zone) -> Place {
        Place { region: 0, zone }
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
}
