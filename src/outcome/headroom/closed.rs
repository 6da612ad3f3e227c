//! What closed populations keep busy. In: the users of a scenario. Out: the resources that they may fill without asking for more, and
//! how much more they would send if nothing kept them waiting.
//!
//! A user who thinks for less time than a request takes sends the next one as soon as there is room for it. So what such users
//! ask for is what they get. With a pause `Z` and a request of `R` seconds `N` of them send no more than N / (Z + R) (the asymptotic
//! bound of a closed network: Lazowska et al., Quantitative System Performance, 1984, section 5.2). Without a pause nothing in a
//! run says how many fewer of them would have been enough.

use crate::id::Owner;
use crate::outcome::Timeline;
use crate::scenario::Scenario;
use crate::scenario::demand;
use crate::scenario::effort::{alone_s, shares};
use crate::scenario::patience::{seconds, tries};
use crate::scenario::traffic::{Pattern, Source};
use crate::units::Time;

/// Times the requests of the rows around an instant that users would send if nothing kept them waiting: by the rows with as many
/// users. Absent where other traffic comes as well, or where some have no pause.
pub(super) fn wanted_over_sent(scenario: &Scenario, timeline: &Timeline, at_s: f64) -> Option<f64> {
    let demands = demand::of_classes(scenario);
    let users = scenario.sources.iter().map(|source| match &source.pattern {
        Pattern::Users(users) => {
            let tries = tries(scenario, &source.client, &demands);
            let alone_s = seconds(&shares(source, demands.len()), &demands, &tries);
            let think_s = users.think.mean().as_secs_f64();
            (think_s > 0.0).then_some((users, think_s + alone_s))
        }
        _ => None,
    });
    let users: Vec<_> = users.collect::<Option<_>>()?;
    let wanted = |at_s: f64| -> f64 {
        users.iter().map(|(users, cycle_s)| f64::from(users.at(Time::from_secs_f64(at_s))) / cycle_s).sum()
    };
    let here = wanted(at_s);
    let rows = timeline.time_s.iter().zip(&timeline.offered).filter(|(start, _)| wanted(**start) == here);
    let sent: Vec<f64> = rows.map(|(_, offered)| *offered).collect();
    let rate = sent.iter().sum::<f64>() / sent.len() as f64;
    (rate > 0.0).then(|| here / rate)
}

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
            let alone_s = alone_s(&shares, &demands);
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
