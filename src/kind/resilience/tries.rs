//! A call that waits for the answer of a try. In: tries that are sent, answered and lost. Out: who waits for which.

use crate::flow::NONE;
use crate::measure::stage::Cause;

/// What an attempt that calls keeps until it has its verdict.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tries {
    /// The tries under way: the first, and the one beside it.
    pub sent: [u32; 2],
    /// Its policy; `u16::MAX` while it calls nothing.
    pub policy: u16,
    /// The instance that calls.
    pub host: u32,
    /// Retries so far.
    pub retries: u8,
    /// Whether a try that is given up is cancelled.
    pub cancels: bool,
    /// When the present try was sent.
    pub since: u64,
    /// Why the call has failed, if it has.
    pub failed: Option<Cause>,
}

impl Tries {
    /// Of an attempt that calls nothing.
    pub(super) const NONE: Tries = Tries {
        sent: [NONE; 2],
        policy: u16::MAX,
        host: NONE,
        retries: 0,
        cancels: false,
        since: 0,
        failed: None,
    };

    /// Whether it waits for an attempt.
    pub(super) fn waits_for(&self, id: u32) -> bool {
        self.policy != u16::MAX && self.sent.contains(&id)
    }

    /// Whether it waits for any.
    pub(super) fn is_waiting(&self) -> bool {
        self.sent != [NONE; 2]
    }

    /// Puts another attempt in the place of one; [`NONE`] for nothing.
    pub(super) fn put(&mut self, place_of: u32, id: u32) {
        if let Some(place) = self.sent.iter_mut().find(|sent| **sent == place_of) {
            *place = id;
        }
    }

    /// Takes those that are still under way.
    pub(super) fn take(&mut self) -> impl Iterator<Item = u32> + use<> {
        std::mem::replace(&mut self.sent, [NONE; 2]).into_iter().filter(|&id| id != NONE)
    }
}
