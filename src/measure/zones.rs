//! Which zones requests were in. In: requests that ended, each with the zone of the outermost instance that its last attempt came to. Out:
//! how many of each zone were answered, and how many failed; beside them those that came to no instance.

use std::collections::BTreeMap;

use crate::catalog::zone::Zone;

/// Requests that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Those that were answered in time.
    pub completed: u64,
    /// Those that failed.
    pub failed: u64,
}

/// The same by zone; without one, those that came to no instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones(BTreeMap<Option<Zone>, Ended>);

impl Zones {
    /// A request has ended; without a zone it came to no instance.
    pub fn ended(&mut self, zone: Option<Zone>, answered: bool) {
        let of = self.0.entry(zone).or_default();
        *(if answered { &mut of.completed } else { &mut of.failed }) += 1;
    }

    /// The zones in which any requests were.
    pub fn some(&self) -> impl Iterator<Item = (Zone, Ended)> {
        self.0.iter().filter_map(|(zone, ended)| Some(((*zone)?, *ended)))
    }

    /// Those that came to no instance.
    pub fn nowhere(&self) -> Ended {
        self.of(None)
    }

    /// Those of a zone, or without one those that came to no instance.
    pub fn of(&self, zone: Option<Zone>) -> Ended {
        self.0.get(&zone).copied().unwrap_or_default()
    }

    /// Adds another run.
    pub(super) fn add(&mut self, other: &Zones) {
        for (zone, more) in &other.0 {
            let sum = self.0.entry(*zone).or_default();
            (sum.completed, sum.failed) = (sum.completed + more.completed, sum.failed + more.failed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::region::Region;

    #[test]
    fn each_request_is_in_its_zone_or_in_none() {
        let mut one = Zones::default();
        // One of another Region, whose number is beyond those of the file.
        let far = Zone(0).moved_to(Region::of("us-west-2").unwrap());
        one.ended(Some(far), true);
        one.ended(Some(Zone(1)), true);
        one.ended(Some(Zone(1)), false);
        one.ended(None, false);
        let mut both = one.clone();
        both.add(&one);
        let of = |completed, failed| Ended { completed, failed };
        assert_eq!(both.some().collect::<Vec<_>>(), [(Zone(1), of(2, 2)), (far, of(2, 0))]);
        assert_eq!(both.nowhere(), Ended { completed: 0, failed: 2 });
    }
}
