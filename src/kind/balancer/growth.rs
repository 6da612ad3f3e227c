//! The growth of balancers. In: time that passes. Out: what they carry, and incidents where they reject requests.

use super::capacity::Capacity;
use super::language::LOOKS_EVERY;
use super::model::{Balancers, Timer};
use crate::flow::Flow;
use crate::id;

impl Balancers<'_> {
    /// Begins to look at the balancers that grow.
    pub(super) fn begin_growing(&self, flow: &mut Flow) {
        for (balancer, _) in (0..).zip(&self.each).filter(|(_, state)| state.capacity.is_some()) {
            flow.set(Timer::Grow { balancer }, LOOKS_EVERY.0);
        }
    }

    /// Counts the connections of a balancer, where they have an end.
    #[cold]
    pub(super) fn count_connections(&mut self, root: usize, flow: &mut Flow) {
        let seen = self.traffic.seen(root, self.settings, flow, &self.inside(root));
        let groups = (0..self.settings.len()).filter(|&it| self.settings[it].root(it) == root);
        let dialed: u64 = groups.map(|it| flow.dialed.open(it, flow.now)).sum();
        let sessions = self.each[root].sessions.open(flow.now);
        if let Some(capacity) = &mut self.each[root].capacity {
            capacity.count(flow.now, seen, dialed + sessions);
        }
    }

    /// A balancer looks at what is asked of it.
    pub(super) fn grow(&mut self, balancer: u16, flow: &mut Flow) {
        flow.set(Timer::Grow { balancer }, flow.now.saturating_add(LOOKS_EVERY.0));
        self.count_connections(balancer.into(), flow);
        let text = self.of(balancer).capacity.as_mut().and_then(Capacity::look);
        if let Some(text) = text {
            flow.incident(id::Kind::Balancer, &self.settings[usize::from(balancer)].name, text);
        }
    }
}
