//! Which zones requests were in. In: requests that ended, each with the zone of the outermost instance that its last attempt came to. Out:
//! how many of each zone were answered, and how many failed; beside them those that came to no instance.

use crate::catalog::zone::Zone;

/// The place of requests that came to no instance, behind those of the zones.
const NOWHERE: usize = Zone::MOST as usize;

/// Requests that ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Those that were answered in time.
    pub completed: u64,
    /// Those that failed.
    pub failed: u64,
}

/// The same by zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zones {
    completed: [u64; NOWHERE + 1],
    failed: [u64; NOWHERE + 1],
}

impl Zones {
    /// A request has ended; without a zone it came to no instance.
    pub fn ended(&mut self, zone: Option<Zone>, answered: bool) {
        let of = if answered { &mut self.completed } else { &mut self.failed };
        of[place(zone)] += 1;
    }

    /// The zones in which any requests were.
    pub fn some(&self) -> impl Iterator<Item = (Zone, Ended)> {
        let all = Zone::first(Zone::MOST).into_iter().map(|zone| (zone, self.of(Some(zone))));
        all.filter(|(_, ended)| *ended != Ended::default())
    }

    /// Those that came to no instance.
    pub fn nowhere(&self) -> Ended {
        self.of(None)
    }

    /// Those of a zone, or without one those that came to no instance.
    pub fn of(&self, zone: Option<Zone>) -> Ended {
        let place = place(zone);
        Ended { completed: self.completed[place], failed: self.failed[place] }
    }

    /// Adds another run.
    pub(super) fn add(&mut self, other: &Zones) {
        let all = self.completed.iter_mut().chain(&mut self.failed);
        all.zip(other.completed.iter().chain(&other.failed)).for_each(|(sum, more)| *sum += more);
    }
}

fn place(zone: Option<Zone>) -> usize {
    zone.map_or(NOWHERE, |zone| usize::from(zone.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_in_its_zone_or_in_none() {
        let mut one = Zones::default();
        one.ended(Some(Zone(1)), true);
        one.ended(Some(Zone(1)), false);
        one.ended(None, false);
        let mut both = one.clone();
        both.add(&one);
        assert_eq!(both.some().collect::<Vec<_>>(), [(Zone(1), Ended { completed: 2, failed: 2 })]);
        assert_eq!(both.nowhere(), Ended { completed: 0, failed: 2 });
    }
}
