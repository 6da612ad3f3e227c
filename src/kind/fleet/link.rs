//! The link of an instance and the account of its network credits.
//!
//! In: instants, and how busy the link was. Out: what it has sent, and whether credits are left. The account is
//! that of CPU credits, with one vCPU that is the link: it earns the baseline and spends what it sends, with every nanosecond.
//! (EC2 user guide, "Amazon EC2 instance network bandwidth".)

use super::account::{Account, Terms};
use super::language::Network;
use crate::flow::Flow;
use crate::flow::host::Withheld;

/// The link of one instance.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// All that it sends at once shares this processor; its work is in nanoseconds at the burst.
    pub(super) processor: u32,
    /// How fast its burst is, relative to that at which sizes become times.
    pub(super) burst: f64,
    /// Its network credits.
    pub(super) account: Account,
    /// What it does not send while it is held to its baseline.
    pub(super) withheld: Withheld,
}

impl Link {
    /// Nanoseconds of what it has sent, at its burst.
    pub(super) fn sent(&self, flow: &Flow) -> f64 {
        let busy = flow.processors[self.processor as usize].busy_area(flow.now);
        busy - self.withheld.of(busy)
    }

    pub(super) fn settle(&mut self, terms: &Terms, flow: &Flow) {
        self.account.settle(terms, flow.now, self.sent(flow));
    }
}

/// Full credits pay for the burst for as long as the file says; what is earned meanwhile counts in that.
pub(super) fn terms(network: &Network) -> Terms {
    let earning = network.share();
    Terms { earning, fastest: 1.0, most: (1.0 - earning) * network.lasts.0 as f64, unlimited: false }
}
