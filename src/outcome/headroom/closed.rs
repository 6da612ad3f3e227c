//! What closed populations keep busy. In: the users of a scenario. Out: [`Filled`]: what they may fill without asking for more.
//!
//! A user who thinks for less time than a request takes sends the next one as soon as there is room for it. So what such users
//! ask for is what they get, and nothing in a run says how many fewer of them would have been enough.

use crate::id::Owner;
use crate::kind::load::mean;
use crate::scenario::Scenario;
use crate::scenario::demand;
use crate::scenario::effort::shares;
use crate::scenario::traffic::{Pattern, Source};

/// The owners of what users without a pause ask for, and of what others ask for.
#[derive(Debug, Default)]
pub(super) struct Filled {
    closed: Vec<Owner>,
    others: Vec<Owner>,
}

impl Filled {
    pub fn of(scenario: &Scenario) -> Filled {
        let mut found = Filled::default();
        let is_users = |source: &Source| matches!(source.pattern, Pattern::Users(_));
        if !scenario.sources.iter().any(is_users) {
            return found;
        }
        let demands = demand::of_classes(scenario);
        for source in &scenario.sources {
            let shares = shares(source, demands.len());
            let alone_s = mean(&shares, demands.iter().map(|demand| demand.alone_s));
            let is_closed = match &source.pattern {
                Pattern::Users(users) => !users.thinks_longer(alone_s),
                _ => false,
            };
            let sends = shares.iter().zip(&demands).filter(|(share, _)| **share > 0.0);
            let asked = sends.flat_map(|(_, demand)| demand.work_s.keys()).map(|of| of.owner());
            if is_closed { &mut found.closed } else { &mut found.others }.extend(asked);
        }
        found
    }

    /// Whether users without a pause may have filled what belongs to an owner: nobody else asks for it, or no more was asked for than
    /// they get.
    pub fn is_by(&self, owner: Owner, is_no_more: bool) -> bool {
        self.closed.contains(&owner) && (is_no_more || !self.others.contains(&owner))
    }
}
