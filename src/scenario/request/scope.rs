//! What the steps of a request can name. In: the resources read so far. Out: a [`Scope`], which also counts steps.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::language::verbs;
use super::path::Target;
use crate::id::Kind;
use crate::kind::Settings;
use crate::kind::host::GroupId;
use crate::kind::keys::Populations;
use crate::kind::policy::Policies;
use crate::kind::table;
use crate::language::reader::Context;
use crate::language::shape::Shape;
use crate::language::value::Value;
use crate::scenario::instead::Instead;
use crate::units::Time;

/// What the steps of a request can name.
pub(in crate::scenario) struct Scope<'w> {
    pub(super) cx: &'w Context,
    pub(super) kinds: &'w Settings,
    pub(super) populations: &'w RefCell<Populations>,
    pub(super) policies: &'w RefCell<Policies>,
    /// The shapes of all steps.
    pub(super) verbs: Vec<&'static Shape>,
    /// Nesting of steps at the moment.
    pub(super) depth: Cell<u32>,
    /// Steps of all requests so far.
    pub(super) steps: Cell<usize>,
    /// Simulated span.
    pub(super) duration: Time,
    /// Names that stand for others in a Region.
    instead: &'w Instead,
}

impl<'w> Scope<'w> {
    /// The names of the file, and the settings of its resources.
    pub(in crate::scenario) fn new(
        cx: &'w Context,
        kinds: &'w Settings,
        populations: &'w RefCell<Populations>,
        policies: &'w RefCell<Policies>,
        duration: Time,
        instead: &'w Instead,
    ) -> Scope<'w> {
        Scope {
            cx,
            kinds,
            populations,
            policies,
            verbs: verbs().collect(),
            depth: Cell::new(0),
            steps: Cell::new(0),
            duration,
            instead,
        }
    }

    /// Reads what happens in a tier with the names of its Region.
    pub(super) fn inside<T>(&self, target: Target, read: impl FnOnce() -> T) -> T {
        let region = self.kinds.region(target.table());
        match region.and_then(|region| self.instead.get(&region)) {
            Some(names) => self.cx.with_names(names, read),
            None if self.instead.is_empty() => read(),
            None => self.cx.with_names(&BTreeMap::new(), read),
        }
    }

    /// The name of a group of hosts in the file.
    pub(super) fn name_of(&self, group: GroupId) -> &str {
        let table = self.kinds.table_of(group.index());
        table.map_or("", |(kind, index)| self.cx.names.name(kind, index))
    }

    /// The balancer, fleet or function of a name.
    pub(super) fn target(&self, value: Value) -> Option<Target> {
        Target::of(table::named(value, &[Kind::Balancer, Kind::Fleet, Kind::Lambda])?)
    }
}
