//! `[resilience.NAME]`: a policy that several steps share. In: its keys. Out: a [`Resilience`].

mod foreign;

use crate::id::Dial;
use crate::kind::Settings;
use crate::kind::path::Written;
use crate::kind::policy::{KEYS, Policy};
use crate::kind::table::{Foreign, Table};
use crate::language::reader::Reader;
use crate::language::shape::Shape;

/// A policy with its name.
#[derive(Clone, Debug)]
pub struct Resilience {
    /// Name in the file, or made of its caller and what it calls.
    pub name: String,
    /// What the caller does.
    pub policy: Policy,
}

impl From<(String, Policy)> for Resilience {
    fn from((name, policy): (String, Policy)) -> Resilience {
        Resilience { name, policy }
    }
}

/// Policies have no gauges.
pub(crate) const GAUGES: &[Dial] = &[];

/// The language of a policy with a name.
pub const SHAPE: Shape = Shape {
    title: "[resilience.NAME]",
    about: "What a tier does when the answer to a call does not come. Steps name it: `resilience = \"NAME\"`. Breaker, budget and \
            bulkhead of an instance count all its calls with this policy together.",
    keys: &KEYS,
};

impl Table<Settings> for Resilience {
    const ABOUT: &'static str = "policies for calls between tiers: timeouts, retries, circuit breakers";
    const SHAPES: &'static [&'static Shape] = &[
        &SHAPE,
        &crate::kind::policy::BESIDE_SHAPE,
        &crate::kind::policy::BUDGET_SHAPE,
        &crate::kind::policy::BREAKER_SHAPE,
    ];
    const FOREIGN: &'static [Foreign] = foreign::FOREIGN;
    const BILLED: bool = false;

    fn read<'a>(name: &str, reader: &Reader<'a>, _: &mut Option<Written<'a>>) -> Resilience {
        Resilience { name: name.to_owned(), policy: Policy::read(reader) }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn can_fill(&self) -> bool {
        false
    }
}
