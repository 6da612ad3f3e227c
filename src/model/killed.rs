//! Hosts that are ended at once, with what is inside. In: a host and a cause. Out: its attempts fail by that, and what they do elsewhere ends at
//! its next step.

use super::World;
use crate::flow::attempt::State;
use crate::measure::stage::Cause;

impl World<'_> {
    /// A host ends: what is inside fails.
    pub(super) fn kill(&mut self, host: u32, cause: Cause) {
        if self.flow.hosts[host as usize].inside == 0 {
            return;
        }
        for id in 0..self.flow.attempts.len() as u32 {
            let attempt = &self.flow.attempts[id];
            if matches!(attempt.state, State::Free | State::Pausing | State::Late | State::CalledOff) {
                continue;
            }
            let mut tiers = self.flow.attempts.on_hosts(id);
            let Some(tier) = tiers.find(|&tier| self.flow.attempts.tier(id, tier).instance == host) else {
                continue;
            };
            if attempt.state == State::Active || (attempt.state == State::Errand && tier >= attempt.floor) {
                let outer = self.cut_short(id, tier);
                self.fail(outer, cause);
            }
            self.end_inside(id, tier, host);
        }
    }
}
