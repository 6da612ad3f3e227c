//! Connections from a balancer to its targets, with a port for each where these can run out. In: connections that open, go on and end. Out:
//! whether there is a port.

use super::targets::Balancer;

/// For so long a port is not used again: with 55,000 ports that is about 55,000 connections a minute, as the user guide for Network Load
/// Balancers says.
const WAIT: u64 = 60_000_000_000;
/// The same in seconds.
pub(super) const WAIT_S: f64 = 60.0;

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

    /// The part of the ports to one target that was taken on the mean of the row, of the target of which that is the most, and how many
    /// connections were opened to all of them; nothing where ports do not run out.
    pub(super) fn ports_in_row(&mut self, now: u64, span: f64) -> Option<(f64, f64)> {
        let most = f64::from(self.network?.ports?);
        let rows = self.ports.iter_mut().map(|ports| ports.in_row(now, span));
        Some(rows.fold((0.0, 0.0), |(taken, all): (f64, f64), (opened, open)| {
            (taken.max(open / most), all + opened)
        }))
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
