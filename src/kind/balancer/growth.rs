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

    /// A balancer looks at what is asked of it.
    pub(super) fn grow(&mut self, balancer: u16, flow: &mut Flow) {
        flow.set(Timer::Grow { balancer }, flow.now.saturating_add(LOOKS_EVERY.0));
        let text = self.of(balancer).capacity.as_mut().and_then(Capacity::look);
        if let Some(text) = text {
            flow.incident(id::Kind::Balancer, &self.settings[usize::from(balancer)].name, text);
        }
    }
}
