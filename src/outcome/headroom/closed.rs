//! What closed populations keep busy. In: the users of a scenario. Out: the resources that they may fill without asking for more.
//!
//! A user who thinks for less time than a request takes sends the next one as soon as there is room for it. So what such users
//! ask for is what they get, and nothing in a run says how many fewer of them would have been enough.

use crate::id::Owner;
use crate::kind::load::mean;
use crate::scenario::Scenario;
use crate::scenario::demand;
use crate::scenario::effort::shares;
use crate::scenario::traffic::Pattern;

/// What belongs to the resources that they ask for something.
pub(super) fn filled(scenario: &Scenario) -> Vec<Owner> {
    let users = scenario.sources.iter().filter_map(|source| match &source.pattern {
        Pattern::Users(users) => Some((source, users)),
        _ => None,
    });
    let mut users = users.peekable();
    if users.peek().is_none() {
        return Vec::new();
    }
    let demands = demand::of_classes(scenario);
    let asked = users.flat_map(|(source, users)| {
        let shares = shares(source, demands.len());
        let alone_s = mean(&shares, demands.iter().map(|demand| demand.alone_s));
        let sends = shares.into_iter().zip(&demands).filter(|(share, _)| *share > 0.0);
        let sends: Vec<_> =
            sends.map(|(_, demand)| demand).filter(|_| !users.thinks_longer(alone_s)).collect();
        sends.into_iter().flat_map(|demand| demand.work_s.keys()).map(|of| of.owner())
    });
    asked.collect()
}
