//! How far resources of a scenario are from each other. In: their Regions. Out: round trips between them, beside those within a Region.

use super::request::Target;
use crate::catalog::region::Region;
use crate::kind;
use crate::kind::path::PathOwner;
use crate::kind::step::Needs;
use crate::scenario::Scenario;
use crate::units::Time;

impl Scenario {
    /// The Region of a resource; nothing where that of the file is none that is known.
    pub(crate) fn region_of(&self, table: PathOwner) -> Option<Region> {
        self.kinds.region(table).or_else(|| Region::of(&self.region))
    }

    /// The network round trip between a fleet, or the outside, and the entrance of a tier.
    pub(crate) fn far_to(&self, from: Option<usize>, target: Target) -> Time {
        self.far(from, Some(target.table()))
    }

    /// The network round trip between a fleet, or the outside, and the resource of a step.
    pub(crate) fn far_from(&self, from: Option<usize>, step: &kind::Step) -> Time {
        let mut first = First(None);
        step.needs(&self.kinds, &mut first);
        self.far(from, first.0)
    }

    fn far(&self, from: Option<usize>, to: Option<PathOwner>) -> Time {
        let from = from.map(|fleet| (crate::id::Kind::Fleet, fleet));
        // Nearly always nothing is anywhere else.
        let (here, there) =
            (from.and_then(|it| self.kinds.region(it)), to.and_then(|it| self.kinds.region(it)));
        if to.is_none() || here == there {
            return Time::ZERO;
        }
        let home = Region::of(&self.region);
        let pair = here.or(home).zip(there.or(home));
        pair.map_or(Time::ZERO, |(here, there)| here.round_trip(there))
    }
}

/// The table that a step uses first.
struct First(Option<PathOwner>);

impl Needs for First {
    /// What is used is so wherever the step is.
    fn fleet(&self) -> Option<usize> {
        None
    }

    fn uses(&mut self, table: PathOwner) {
        self.0.get_or_insert(table);
    }

    fn inside(&mut self, _share: f64) {}
}
