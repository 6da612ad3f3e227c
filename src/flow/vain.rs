//! Attempts that try to connect to an address where nothing is, such as that of an instance that has ended.
//!
//! In: an attempt that has such an address. Out: its failure, when it has tried for as long as a client does.

use super::Flow;
use super::next::Next;
use crate::measure::stage::Cause;

/// A client tries to connect for so long, in nanoseconds. Source: Linux kernel, ip-sysctl documentation, `tcp_syn_retries` default 6.
const CONNECT_TIMEOUT: u64 = 127_000_000_000;

impl Flow {
    /// An attempt hears nothing of the address that it has; the op after this one is that of [`Flow::connect`].
    pub fn try_in_vain(&mut self, id: u32) -> Next {
        *self.vain.of_mut(id) = true;
        self.pass(CONNECT_TIMEOUT, id)
    }

    /// It has connected, or has tried for as long as it does.
    pub fn connect(&mut self, id: u32) -> Next {
        match self.vain.of(id) {
            true => {
                *self.vain.of_mut(id) = false;
                Next::Fail(Cause::ConnectionTimeout)
            }
            false => Next::Op,
        }
    }

    /// Whether an attempt tries to connect where nothing is.
    pub fn is_in_vain(&self, id: u32) -> bool {
        self.vain.of(id)
    }

    /// An attempt has ended.
    #[inline]
    pub fn forget_vain(&mut self, id: u32) {
        if self.vain.of(id) {
            *self.vain.of_mut(id) = false;
        }
    }
}
