//! What the steps of a request can name. In: the resources read so far. Out: a [`Scope`], which also counts steps.

use std::cell::{Cell, RefCell};

use super::language::verbs;
use super::path::{Entrance, Target};
use crate::id::{BalancerId, FleetId, Kind};
use crate::kind::Settings;
use crate::kind::keys::Populations;
use crate::kind::policy::Policies;
use crate::language::reader::{Context, Reader};
use crate::language::shape::Shape;
use crate::language::value::Value;
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
}

impl<'w> Scope<'w> {
    /// The names of the file, and the settings of its resources.
    pub(in crate::scenario) fn new(
        cx: &'w Context,
        kinds: &'w Settings,
        populations: &'w RefCell<Populations>,
        policies: &'w RefCell<Policies>,
        duration: Time,
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
        }
    }

    /// Where a class goes that enters by a target: rules of a balancer look at its path and host.
    pub(super) fn routed(&self, target: Target, reader: &Reader) -> Entrance<'w> {
        let text = |key| reader.maybe(key, Value::text).unwrap_or_default();
        let routed = Entrance::routed(target, self.kinds, text("path"), text("host"));
        if routed.is_none() {
            for (key, value) in ["path", "host"].into_iter().filter_map(|key| Some((key, reader.get(key)?))) {
                let hint = "only a balancer with `rules` reads it: write some, or remove it";
                value.problem(format!("a `{key}` that nothing reads"), hint);
            }
        }
        routed.unwrap_or_else(|| Entrance::of(target, self.kinds))
    }

    /// The balancer or fleet of a name.
    pub(super) fn target(&self, value: Value) -> Option<Target> {
        let name = value.text()?;
        let (kind, index) = self.cx.resolve(&value.span(), &[Kind::Balancer, Kind::Fleet], name)?;
        match kind {
            Kind::Balancer => Some(Target::Balancer(BalancerId(index))),
            Kind::Fleet => Some(Target::Fleet(FleetId(index))),
            _ => None,
        }
    }
}
