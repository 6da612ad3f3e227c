//! Regions that are lost, for what is of a Region as a whole: queues, topics, buckets, stations.
//!
//! In: strikes that take a Region, and attempts that come to such a table or leave it. Out: attempts that hear nothing, as at an address where
//! nothing is: those that come while the Region is lost, and those that were there when it went. Nobody tells them, so they wait until they give
//! up, or for as long as a client tries.

use crate::catalog::zone::Zone;
use crate::flow::Flow;
use crate::flow::next::Next;
use crate::flow::per_attempt::PerAttempt;

/// Regions that have been lost so far.
#[derive(Debug)]
pub(super) struct Regions {
    /// Each by the zone that stands for all of it, in the order in which they were lost.
    each: Vec<Region>,
    /// Where each attempt has come last, and when.
    came: PerAttempt<(Zone, u64)>,
}

/// A Region that has been lost.
#[derive(Clone, Debug)]
struct Region {
    zone: Zone,
    /// Strikes that take it at present, the first one first.
    present: Vec<u32>,
    /// When it was lost for the last time, and by which strike.
    last: (u64, u32),
}

impl Default for Regions {
    fn default() -> Regions {
        Regions { each: Vec::new(), came: PerAttempt::new((Zone::WHOLE, 0)) }
    }
}

impl Regions {
    /// A strike takes a Region; returns whether it was there.
    pub fn begins(&mut self, zone: Zone, strike: u32, now: u64) -> bool {
        let known = self.each.iter().position(|it| it.zone == zone);
        let at = known.unwrap_or_else(|| {
            self.each.push(Region { zone, present: Vec::new(), last: (now, strike) });
            self.each.len() - 1
        });
        let region = &mut self.each[at];
        region.present.push(strike);
        let was_there = region.present.len() == 1;
        if was_there {
            region.last = (now, strike);
        }
        was_there
    }

    /// One of the strikes that take a Region is over; returns whether it was the last one.
    pub fn ends(&mut self, zone: Zone) -> bool {
        let Some(region) = self.each.iter_mut().find(|it| it.zone == zone) else { return false };
        if !region.present.is_empty() {
            region.present.remove(0);
        }
        region.present.is_empty()
    }

    /// An attempt comes to something of a Region.
    pub fn reach(&mut self, zone: Zone, id: u32, flow: &mut Flow) -> Next {
        let present = self.each.iter().find(|it| it.zone == zone).and_then(|it| it.present.first());
        match present {
            Some(&strike) => {
                flow.meets(id, strike);
                flow.try_in_vain(id)
            }
            None => {
                *self.came.of_mut(id) = (zone, flow.now);
                Next::Op
            }
        }
    }

    /// The answer to an attempt leaves. Where it has come to another Region since, as one that does more between two calls, it counts whether this
    /// one is lost now.
    pub fn leave(&mut self, zone: Zone, id: u32, flow: &mut Flow) -> Next {
        let (of, came) = self.came.of(id);
        let is_cut =
            |it: &&Region| it.zone == zone && (!it.present.is_empty() || (of == zone && it.last.0 >= came));
        match self.each.iter().find(is_cut) {
            Some(region) => {
                flow.meets(id, region.last.1);
                flow.hear_nothing(id)
            }
            None => Next::Op,
        }
    }
}
