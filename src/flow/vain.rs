//! Attempts that try to connect to an address where nothing is, such as that of an instance that has ended, or wait for an answer that is lost.
//!
//! In: an attempt that has such an address. Out: its failure, when it has tried for as long as a client does.

use super::Flow;
use super::missed::Missed;
use super::next::Next;
use crate::measure::stage::Cause;

/// A client tries to connect for so long, in nanoseconds. Source: Linux kernel, ip-sysctl documentation, `tcp_syn_retries` default 6.
const CONNECT_TIMEOUT: u64 = 127_000_000_000;

impl Flow {
    /// An attempt hears nothing of the address that it has; the op after this one is that of [`Flow::connect`].
    pub fn try_in_vain(&mut self, id: u32) -> Next {
        *self.vain.of_mut(id) = Missed::Connection;
        self.pass(CONNECT_TIMEOUT, id)
    }

    /// The same of one that has been answered, and does not hear it.
    pub fn hear_nothing(&mut self, id: u32) -> Next {
        *self.vain.of_mut(id) = Missed::Answer;
        self.pass(CONNECT_TIMEOUT, id)
    }

    /// It has connected, or has tried for as long as it does.
    pub fn connect(&mut self, id: u32) -> Next {
        match self.is_in_vain(id) {
            true => {
                *self.vain.of_mut(id) = Missed::Nothing;
                Next::Fail(Cause::ConnectionTimeout)
            }
            false => Next::Op,
        }
    }

    /// Whether an attempt tries to connect where nothing is.
    pub fn is_in_vain(&self, id: u32) -> bool {
        self.vain.of(id) != Missed::Nothing
    }

    /// The connection of an attempt has not been accepted yet. Where that is asked for, it must be forgotten before it is tried again.
    pub fn is_not_accepted(&mut self, id: u32) {
        *self.vain.of_mut(id) = Missed::Connection;
    }

    /// Whether an attempt has no connection yet to what it has been sent to: it has none to any host, and tries to make one.
    pub fn is_unconnected(&self, id: u32) -> bool {
        self.vain.of(id) == Missed::Connection && self.attempts[id].threads == 0
    }

    /// An attempt has ended, or tries to connect anew.
    #[inline]
    pub fn forget_vain(&mut self, id: u32) {
        if self.is_in_vain(id) {
            *self.vain.of_mut(id) = Missed::Nothing;
        }
    }
}
