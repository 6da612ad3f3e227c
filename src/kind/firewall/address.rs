//! The address of a request, as a firewall sees it.
//!
//! In: an attempt, and what its source says of addresses. Out: a number for its address, the same for all its retries and at every
//! firewall; nothing where it never comes again.

use rand::Rng;

use super::language::Source;
use crate::flow::{Flow, NONE};
use crate::kind::part::{Origin, Plan};
use crate::language::names::Named;
use crate::rng::{mixed, stream};

/// Addresses of all sources.
#[derive(Debug)]
pub(super) struct Addresses {
    /// Of each source how many addresses it has, if they are counted, and a number of its own by which requests draw one.
    sources: Vec<(Option<u32>, u64)>,
}

/// The bits of an address within its source.
const OF_SOURCE: u32 = 32;

impl Addresses {
    /// Those of a scenario, with the names of all sources.
    pub fn of(plan: &Plan<'_>, sources: &[Source]) -> Addresses {
        let source = |(origin, source): (&Origin, &Source)| {
            let name = format!("{}.{}/addresses", source.kind.table(), source.name);
            let salt = stream(plan.seed, &name).next_u64();
            (origin.addresses, salt)
        };
        Addresses { sources: plan.origins.iter().zip(sources).map(source).collect() }
    }

    /// That of an attempt of a client. Users keep theirs; of open traffic each request draws one of those that there are.
    pub fn find(&self, id: u32, flow: &Flow) -> Option<u64> {
        let attempt = &flow.attempts[id];
        let (count, salt) = *self.sources.get(usize::from(attempt.source))?;
        let within = match (count, attempt.user) {
            (None, NONE) => return None,
            (None, user) => user,
            (Some(count), NONE) => (mixed(salt, flow.attempts[id].ordinal) % u64::from(count)) as u32,
            (Some(count), user) => user % count,
        };
        Some(u64::from(attempt.source) << OF_SOURCE | u64::from(within))
    }
}
