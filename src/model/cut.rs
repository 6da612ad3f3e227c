//! An interrupted run: what it measured so far, and where its attempts are.
//!
//! In: the current world. Out: [`Measured`] as for a run of that length, and [`Cut`]. An overload shows in the steps
//! where attempts are: the step that is overloaded has nearly all of them.

use super::World;
use super::gauges::Measured;
use crate::flow::attempt::{RETRY, State};
use crate::scenario::Scenario;
use crate::scenario::traffic::Pattern;
use crate::units::{Bytes, Time};

/// Memory of a user, including its next request in the calendar; measured.
const USER_BYTES: u64 = 64;
/// Memory of a key in each cache or database that uses it; measured.
const KEY_BYTES: u64 = 16;
/// How many steps are reported.
const SHOWN: usize = 3;

/// Where a run was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Simulated time reached.
    pub at: Time,
    /// Requests that had arrived.
    pub arrived: u64,
    /// Attempts in flight, including those whose clients have gone.
    pub in_flight: u64,
    /// The steps with most of them, and how many; fullest first.
    pub crowded: Vec<(String, u64)>,
}

/// Rough estimate of the memory of a run before its first event: users, and keys at caches and databases.
pub fn footprint(scenario: &Scenario) -> Bytes {
    let users = scenario.sources.iter().map(|source| match &source.pattern {
        Pattern::Users(users) => u64::from(users.most()),
        _ => 0,
    });
    let keys = scenario.key_spaces.iter().map(|space| u64::from(space.count));
    Bytes(USER_BYTES * users.sum::<u64>() + KEY_BYTES * keys.sum::<u64>())
}

impl World<'_> {
    /// Interrupts the run here.
    pub(super) fn cut(mut self) -> (Measured, Cut) {
        self.flow.end = self.flow.now;
        self.gauges.usage.duration = Time(self.flow.now);
        let places = &self.program.places;
        let mut counts = vec![0; places.iter().max().map_or(0, |place| usize::from(*place) + 1)];
        for id in 0..self.flow.attempts.len() as u32 {
            let attempt = &self.flow.attempts[id];
            match attempt.state {
                State::Active | State::Orphan | State::Late => counts[usize::from(attempt.stage)] += 1,
                State::Pausing => counts[usize::from(RETRY)] += 1,
                State::Free | State::Errand | State::CalledOff => {}
            }
        }
        let labels = self.program.stages.iter().map(|stage| stage.label.clone());
        let mut crowded: Vec<(String, u64)> = labels
            .zip(places.iter().map(|&place| counts[usize::from(place)]))
            .filter(|(_, count)| *count > 0)
            .collect();
        let in_flight = crowded.iter().map(|(_, count)| count).sum();
        crowded.extend(self.parts.crowd().into_iter().filter(|(_, count)| *count > 0));
        crowded.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let cut = Cut {
            at: Time(self.flow.now),
            arrived: self.flow.recorder.requests().arrived,
            in_flight,
            crowded: crowded.into_iter().take(SHOWN).collect(),
        };
        (self.finish(), cut)
    }
}
