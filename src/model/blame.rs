//! Errors that balancers see of their targets. In: an attempt that fails. Out: the targets that it was at, which have failed it.
//!
//! A failure inside of a tier is an error of every tier around it: each answers with a 5xx, or its connection breaks.

use super::World;

impl World<'_> {
    /// Every balancer on the way hears that its target has failed a request.
    #[cold]
    pub(super) fn blame_all(&mut self, id: u32) {
        let (floor, depth) = (self.flow.attempts[id].floor, self.flow.attempts[id].depth);
        (floor..depth).for_each(|tier| self.blame(id, tier));
    }

    /// The balancer of a tier hears that its target has failed a request.
    #[cold]
    pub(super) fn blame(&mut self, id: u32, tier: u8) {
        let tier = *self.flow.attempts.tier(id, tier);
        if tier.balancer != u16::MAX {
            self.parts.balancer.failed(tier.balancer, tier.target);
        }
    }
}
