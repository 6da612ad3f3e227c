//! Connections from a balancer to its targets, with a port for each where these can run out. In: connections that open, go on and end. Out:
//! whether there is a port.

use super::targets::Balancer;

/// For so long a port is not used again: with 55,000 ports that is about 55,000 connections a minute, as the user guide for Network Load
/// Balancers says.
const WAIT: u64 = 60_000_000_000;

impl Balancer {
    /// A connection to a target opens; returns whether there is a port for it.
    pub(super) fn opens(&mut self, target: u32, now: u64, until: u64) -> bool {
        let Some(flows) = &mut self.flows else { return true };
        if let Some(most) = self.network.and_then(|network| network.ports) {
            let index = target as usize;
            if index >= self.ports.len() {
                self.ports.resize_with(index + 1, Default::default);
            }
            if self.ports[index].open(now) >= most.into() {
                self.counts.port_errors += 1;
                return false;
            }
            self.ports[index].opens(now, until.max(now.saturating_add(WAIT)));
        }
        flows.opens(now, until);
        true
    }

    /// A connection to a target that was to end then ends at another time. One that is closed before has its port for a while yet.
    pub(super) fn moves(&mut self, target: u32, now: u64, from: u64, until: u64) {
        let Some(flows) = &mut self.flows else { return };
        flows.moves(now, from, until);
        if let Some(ports) = self.ports.get_mut(target as usize) {
            ports.moves(now, from, until.max(now.saturating_add(WAIT)));
        }
    }
}
