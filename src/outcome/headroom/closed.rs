//! What closed populations keep busy. In: the users of a scenario. Out: the resources that they may fill without asking for more, and
//! how much more they would send if nothing kept them waiting.
//!
//! A user who thinks for less time than a request takes sends the next one as soon as there is room for it. So what such users
//! ask for is what they get. With a pause `Z` and a request of `R` seconds `N` of them send no more than N / (Z + R) (the asymptotic
//! bound of a closed network: Lazowska et al., Quantitative System Performance, 1984, section 5.2). Without a pause nothing in a
//! run says how many fewer of them would have been enough.

use crate::id::Owner;
use crate::kind::load::mean;
use crate::outcome::Timeline;
use crate::scenario::Scenario;
use crate::scenario::demand;
use crate::scenario::effort::shares;
use crate::scenario::traffic::Pattern;
use crate::units::Time;

/// Times the requests of the rows around an instant that users would send if nothing kept them waiting: by the rows with as many
/// users. Absent where other traffic comes as well, or where some have no pause.
pub(super) fn wanted_over_sent(scenario: &Scenario, timeline: &Timeline, at_s: f64) -> Option<f64> {
    let demands = demand::of_classes(scenario);
    let users = scenario.sources.iter().map(|source| match &source.pattern {
        Pattern::Users(users) => {
            let alone_s = mean(&shares(source, demands.len()), demands.iter().map(|demand| demand.alone_s));
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
