//! How far resources of a scenario are from each other. In: their Regions. Out: ways between them, beside those within a Region.

use std::collections::BTreeSet;

use super::request::{Class, Target};
use crate::catalog::region::Region;
use crate::id::Kind;
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

    /// The Regions in which there is something, with that of the file.
    pub(crate) fn regions(&self) -> BTreeSet<Region> {
        let kinds = Kind::ALL.into_iter();
        let tables = kinds.flat_map(|kind| (0..self.kinds.names(kind).len()).map(move |index| (kind, index)));
        let others = tables.filter_map(|table| self.kinds.region(table));
        others.chain(Region::of(&self.region)).collect()
    }

    /// The way between a fleet and the entrance of a tier, if that is in another Region.
    pub(crate) fn far_to(&self, from: Option<usize>, target: Target) -> Option<Way> {
        self.far(from, Some(target.table()))
    }

    /// The way between a fleet, or the outside, and the resource of a step, if that is in another Region. A client that asks the resource
    /// itself, or what stands before that, is as far from it as it says.
    pub(crate) fn far_from(&self, from: Option<usize>, step: &kind::Step) -> Option<Way> {
        if from.is_none() && step.answers_clients() {
            return None;
        }
        let mut first = First(&self.kinds, None);
        step.needs(&self.kinds, &mut first);
        self.far(from, first.1)
    }

    /// The way between a fleet and a table.
    pub(crate) fn way_between(&self, fleet: usize, table: PathOwner) -> Option<Way> {
        self.far(Some(fleet), Some(table))
    }

    /// The Regions from which something may go to the internet; of nothing, the one of the file, which is always among them.
    pub(crate) fn outlets(&self) -> BTreeSet<Option<Region>> {
        let faces = self
            .classes
            .iter()
            .flat_map(|class| class.faces())
            .map(|target| self.kinds.region(target.table()));
        let others = self.classes.iter().filter_map(|class| self.answering(class));
        let fleets = (0..self.fleets.len()).map(|fleet| self.kinds.region((Kind::Fleet, fleet)));
        faces.chain(others).chain(fleets).chain([None]).collect()
    }

    /// The Region of what answers a class before all tiers, if something does; of nothing, the one of the file.
    pub(crate) fn answering(&self, class: &Class) -> Option<Option<Region>> {
        let mut first = First(&self.kinds, None);
        class.answered_by()?.needs(&self.kinds, &mut first);
        Some(first.1.and_then(|table| self.kinds.region(table)))
    }

    fn far(&self, from: Option<usize>, to: Option<PathOwner>) -> Option<Way> {
        // Nearly always nothing is anywhere else. What is outside of all fleets counts as in the Region of the file.
        let here = from.and_then(|group| self.kinds.region(self.kinds.table_of(group)?));
        let there = self.kinds.region(to?);
        if here == there {
            return None;
        }
        let home = Region::of(&self.region);
        let (from, to) = (here.or(home)?, there.or(home)?);
        (from != to).then_some(Way { from, to })
    }
}

/// A way between two Regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    /// Where the caller is.
    pub from: Region,
    /// Where it calls.
    pub to: Region,
}

impl Way {
    /// How long one way takes, beside those within a Region.
    #[cfg_attr(not(feature = "dev-hooks"), doc(hidden))]
    pub fn half(self) -> Time {
        Time(self.from.round_trip(self.to).0 / 2)
    }
}

/// The table that a step uses first, of those that are somewhere.
struct First<'s>(&'s kind::Settings, Option<PathOwner>);

impl Needs for First<'_> {
    /// What is used is so wherever the step is.
    fn fleet(&self) -> Option<usize> {
        None
    }

    fn uses(&mut self, table: PathOwner) {
        // A policy or a gateway is where its caller is.
        if self.0.is_placed(table.0) {
            self.1.get_or_insert(table);
        }
    }

    fn inside(&mut self, _share: f64) {}
}
