//! What aliases lead to, as Route 53 sees it from outside: nodes of balancers in zones that may be lost, and buckets in a Region that may be.
//!
//! In: zones and Regions that are lost and back. Out: which of them answer. A node that is lost is found out as late as its balancer's own name leaves it
//! out, and one that is back as late as that has it again; what is otherwise again before that has never been noticed.

use super::language::health;
use crate::catalog::zone::Place;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::path::PathOwner;
use crate::units::Time;

/// Until a bucket is found to be gone, or back: three checks in a row by checkers that check every ten seconds, as for the nodes of a balancer.
const BUCKET: Time = Time(health::THRESHOLD.value as u64 * health::FAST.0);

/// All places of what records lead to.
#[derive(Debug, Default)]
pub(super) struct Reach(Vec<Spot>);

/// One place of a balancer or of a bucket.
#[derive(Debug)]
struct Spot {
    of: PathOwner,
    place: Place,
    /// From a loss until it is found out, and from the return until that is.
    detect: u64,
    /// Whether it is lost, and whether Route 53 takes it for lost.
    lost: bool,
    out: bool,
}

impl Reach {
    /// Those of a file.
    pub fn of(all: &Settings) -> Reach {
        let mut spots: Vec<Spot> = Vec::new();
        for (kind, index) in all.domains.iter().flat_map(|it| &it.records).map(|it| it.to) {
            if spots.iter().any(|it| it.of == (kind, index)) {
                continue;
            }
            let spot =
                |of, place, detect: Time| Spot { of, place, detect: detect.0, lost: false, out: false };
            match kind {
                Kind::Balancer => {
                    let groups = all.balancers.iter().enumerate().filter(|(at, it)| it.root(*at) == index);
                    for (group, it) in groups {
                        let mut zones = all.fleets[it.targets.index()].azs.clone();
                        zones.sort_unstable();
                        zones.dedup();
                        let node = |zone| spot((Kind::Balancer, group), Place::at_home(zone), it.dns.detect);
                        spots.extend(zones.into_iter().map(node));
                    }
                }
                Kind::Bucket => {
                    let region = all.lost_with((kind, index)).map(Place::at_home);
                    spots.extend(region.map(|place| spot((kind, index), place, BUCKET)));
                }
                _ => {}
            }
        }
        Reach(spots)
    }

    /// A zone or a Region is lost, or back. Returns what changes with it, and when that is found out.
    pub fn changes(&mut self, place: Place, lost: bool, now: u64) -> Vec<(u32, u64)> {
        let its = (0u32..).zip(&mut self.0).filter(|(_, it)| it.place == place && it.lost != lost);
        let changed = its.map(|(spot, it)| {
            it.lost = lost;
            (spot, now.saturating_add(it.detect))
        });
        changed.collect()
    }

    /// A place is found to be as it is.
    pub fn find(&mut self, spot: u32) {
        if let Some(spot) = self.0.get_mut(spot as usize) {
            spot.out = spot.lost;
        }
    }

    /// Whether a table is taken to answer: at one place of it, or at this one.
    pub fn answers(&self, of: PathOwner, place: Option<Place>) -> bool {
        let mut own = self.0.iter().filter(|it| it.of == of && place.is_none_or(|place| it.place == place));
        let Some(first) = own.next() else { return true };
        !first.out || own.any(|it| !it.out)
    }

    /// Whether nothing of a table answers in truth.
    pub fn is_lost(&self, of: PathOwner) -> bool {
        let mut own = self.0.iter().filter(|it| it.of == of).peekable();
        own.peek().is_some() && own.all(|it| it.lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::zone::Zone;

    const LB: PathOwner = (Kind::Balancer, 0);

    fn two() -> (Reach, [Place; 2]) {
        let places = [0, 1].map(|at| Place::at_home(Zone::first(2)[at]));
        let spot = |place| Spot { of: LB, place, detect: 30, lost: false, out: false };
        (Reach(places.map(spot).into()), places)
    }

    /// It answers until its last node has been found out, and again when the first one has been found back.
    #[test]
    fn one_node_is_enough() {
        let (mut reach, [a, b]) = two();
        assert_eq!(reach.changes(a, true, 100), [(0, 130)]);
        assert_eq!(reach.changes(b, true, 110), [(1, 140)]);
        reach.find(0);
        assert!(reach.answers(LB, None) && !reach.answers(LB, Some(a)) && reach.answers(LB, Some(b)));
        assert!(reach.is_lost(LB));
        reach.find(1);
        assert!(!reach.answers(LB, None));
        assert_eq!(reach.changes(b, false, 200), [(1, 230)]);
        assert!(!reach.answers(LB, None) && !reach.is_lost(LB));
        reach.find(1);
        assert!(reach.answers(LB, None) && !reach.answers(LB, Some(a)));
    }

    #[test]
    fn what_is_back_before_it_was_found_out_was_never_gone() {
        let (mut reach, [a, _]) = two();
        assert_eq!(reach.changes(a, true, 100), [(0, 130)]);
        assert_eq!(reach.changes(a, true, 105), []);
        assert_eq!(reach.changes(a, false, 110), [(0, 140)]);
        reach.find(0);
        assert!(reach.answers(LB, Some(a)));
    }
}
