//! Which things of a scenario can act on each other at all. In: what each class of requests uses. Out: [`Paths`].
//!
//! A resource can make another one full, or fail its requests, only where some requests use both, or use things that others use as well:
//! threads that wait for a slow service are missing to all that need that fleet. What no request uses does nothing to anybody.

use std::collections::BTreeSet;

use crate::id::Kind;
use crate::kind;
use crate::kind::Settings;
use crate::measure::resource::Resource;
use crate::measure::watched::Watched;
use crate::scenario::Scenario;
use crate::warning::used_by_each;

/// Sets of tables that act on each other; no table is in two of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    groups: Vec<BTreeSet<(Kind, usize)>>,
}

impl Paths {
    pub fn of(scenario: &Scenario) -> Paths {
        let mut paths = Paths::default();
        for mut used in used_by_each(scenario) {
            // Names of keys are no thing that fills, and a class is one way through things.
            used.retain(|(kind, _)| !matches!(kind, Kind::Class | Kind::Keys));
            let standing: Vec<_> =
                used.iter().filter_map(|it| kind::shares_with(&scenario.kinds, *it)).collect();
            used.extend(standing);
            let (shared, mut apart): (Vec<_>, Vec<_>) =
                paths.groups.drain(..).partition(|group| !group.is_disjoint(&used));
            used.extend(shared.into_iter().flatten());
            apart.push(used);
            paths.groups = apart;
        }
        paths
    }

    /// Whether some request uses a table.
    fn is_used(&self, table: (Kind, usize)) -> bool {
        self.groups.iter().any(|group| group.contains(&table))
    }

    fn is_any_used(&self, of: Resource, settings: &Settings) -> bool {
        tables(of, settings).into_iter().any(|table| self.is_used(table))
    }

    /// Whether two tables can act on each other.
    pub fn are_together(&self, one: (Kind, usize), other: (Kind, usize)) -> bool {
        self.groups.iter().any(|group| group.contains(&one) && group.contains(&other))
    }

    /// Whether something that happened can have done anything to requests: what no request uses cannot, nor a strike that changes
    /// nothing, nor the loss of a zone with which nothing went that requests use.
    pub fn is_felt(&self, watched: &Watched<'_>, all: &[Watched<'_>], settings: &Settings) -> bool {
        let of = watched.of;
        match of {
            Resource::Zone { .. } | Resource::ZoneBack { .. } => all.iter().any(|it| {
                it.of.is_of_zone()
                    && it.zone.is_none_or(|zone| Some(zone) == watched.zone)
                    && self.is_any_used(it.of, settings)
            }),
            _ => !kind::is_nothing(settings, of) && (!of.is_event() || self.is_any_used(of, settings)),
        }
    }
}

/// The table in which something is, or those that it strikes.
pub(super) fn tables(of: Resource, settings: &Settings) -> Vec<(Kind, usize)> {
    let struck = kind::struck(settings, of);
    if struck.is_empty() { vec![(of.owner().kind(), of.owner().index())] } else { struck }
}
