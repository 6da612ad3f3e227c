//! What interrupts runs: a memory budget, a time limit, a signal.
//!
//! In: limits. Out: whether to go on, which every run checks now and then, and the reason if not. The guard does not
//! affect a run that it does not end, so the bytes are the same with or without limits.

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::machine::Clock;
use crate::units::{Bytes, Time};

/// How often the memory of the process is read. In this interval a fast run adds some 10 MB.
const MEMORY_EVERY: Duration = Duration::from_millis(20);

/// Stands where the number of a signal does, if files have changed.
pub const CHANGED: usize = usize::MAX;

/// Why runs were interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// More memory than allowed is in use, or would be before the first event.
    Memory {
        /// In use.
        used: Bytes,
        /// Allowed.
        allowed: Bytes,
    },
    /// The runs took longer than allowed.
    Time {
        /// Allowed.
        allowed: Time,
    },
    /// A signal with this number asked the process to end.
    Signal(usize),
    /// The files of the scenario have changed, so that the runs are of no use.
    Changed,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Memory { used, allowed } => {
                write!(f, "it takes {used} of memory, and {allowed} are allowed")
            }
            Reason::Time { allowed } => write!(f, "it takes longer than the {allowed} allowed"),
            Reason::Signal(1) => write!(f, "the process got the signal SIGHUP"),
            Reason::Signal(2) => write!(f, "the process got the signal SIGINT, as from Ctrl-C"),
            Reason::Signal(15) => write!(f, "the process got the signal SIGTERM"),
            Reason::Signal(number) => write!(f, "the process got the signal {number}"),
            Reason::Changed => f.write_str("the files of the scenario have changed"),
        }
    }
}

/// Limits for all runs of a command together.
#[derive(Debug)]
pub struct Guard {
    memory: Option<Bytes>,
    time: Option<Duration>,
    began: Clock,
    /// Number of the signal that asked to end; zero if none did.
    signal: Arc<AtomicUsize>,
    /// When the memory is read next, in nanoseconds since the guard was made.
    next_reading: AtomicU64,
    reason: OnceLock<Reason>,
}

impl Guard {
    /// Limits from now on; `None` means unlimited.
    pub fn new(memory: Option<Bytes>, time: Option<Duration>) -> Guard {
        Guard {
            memory,
            time,
            began: Clock::start(),
            signal: Arc::default(),
            next_reading: AtomicU64::new(0),
            reason: OnceLock::new(),
        }
    }

    /// Where a signal handler stores the number of the signal; [`CHANGED`] is none.
    pub fn signal(&self) -> Arc<AtomicUsize> {
        self.signal.clone()
    }

    /// Whether runs must end now. Once true, it stays true.
    pub fn stops(&self) -> bool {
        self.reason.get().is_some() || self.look().is_some_and(|reason| self.stop(reason))
    }

    /// Whether a run goes on, as its loop needs it.
    pub fn flow(&self) -> ControlFlow<()> {
        if self.stops() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Why runs were interrupted, if they were.
    pub fn reason(&self) -> Option<Reason> {
        self.reason.get().copied()
    }

    /// How many things of this many bytes each may exist at once; ends all runs if not even one fits.
    pub fn admits(&self, each: Bytes) -> usize {
        let Some(allowed) = self.memory else { return usize::MAX };
        match allowed.0 / each.0.max(1) {
            0 => {
                self.stop(Reason::Memory { used: each, allowed });
                0
            }
            many => usize::try_from(many).unwrap_or(usize::MAX),
        }
    }

    fn stop(&self, reason: Reason) -> bool {
        // The first reason counts.
        let _ = self.reason.set(reason);
        true
    }

    fn look(&self) -> Option<Reason> {
        match self.signal.load(Ordering::Relaxed) {
            0 => {}
            CHANGED => return Some(Reason::Changed),
            number => return Some(Reason::Signal(number)),
        }
        if self.memory.is_none() && self.time.is_none() {
            return None;
        }
        let elapsed = self.began.elapsed()?;
        if let Some(allowed) = self.time.filter(|allowed| elapsed >= *allowed) {
            return Some(Reason::Time { allowed: Time::from_secs_f64(allowed.as_secs_f64()) });
        }
        let (allowed, now) = (self.memory?, elapsed.as_nanos() as u64);
        if now < self.next_reading.load(Ordering::Relaxed) {
            return None;
        }
        self.next_reading.store(now + MEMORY_EVERY.as_nanos() as u64, Ordering::Relaxed);
        let used = Bytes(memory_stats::memory_stats()?.physical_mem as u64);
        (used > allowed).then_some(Reason::Memory { used, allowed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_limits_only_a_signal_ends_runs() {
        let guard = Guard::new(None, None);
        assert!(!guard.stops() && guard.admits(Bytes(u64::MAX)) == usize::MAX);
        guard.signal().store(15, Ordering::Relaxed);
        assert!(guard.stops());
        guard.signal().store(2, Ordering::Relaxed);
        assert!(guard.stops());
        assert_eq!(guard.reason(), Some(Reason::Signal(15)), "the first reason counts");
        let guard = Guard::new(None, None);
        guard.signal().store(CHANGED, Ordering::Relaxed);
        assert!(guard.stops() && guard.reason() == Some(Reason::Changed));
    }

    #[test]
    fn memory_and_time_have_an_end() {
        let guard = Guard::new(Some(Bytes(1)), None);
        assert!(guard.stops(), "a process takes more than a byte");
        assert!(matches!(guard.reason(), Some(Reason::Memory { allowed: Bytes(1), .. })));
        let guard = Guard::new(None, Some(Duration::ZERO));
        assert!(guard.stops());
        assert_eq!(guard.reason(), Some(Reason::Time { allowed: Time::ZERO }));
        let guard = Guard::new(Some(Bytes(u64::MAX)), Some(Duration::from_secs(1 << 20)));
        assert!(!guard.stops() && guard.reason().is_none());
    }

    #[test]
    fn what_does_not_fit_once_is_not_begun() {
        let guard = Guard::new(Some(Bytes(100)), None);
        assert_eq!(guard.admits(Bytes(30)), 3);
        assert!(guard.reason().is_none());
        assert_eq!(guard.admits(Bytes(101)), 0);
        assert_eq!(guard.reason(), Some(Reason::Memory { used: Bytes(101), allowed: Bytes(100) }));
    }
}
