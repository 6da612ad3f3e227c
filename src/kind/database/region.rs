//! The second Region of a database: which commits it has.
//!
//! In: commits. Out: how far behind it is, and how many commits it lacks at an instant. A database without one does not come here.

use std::collections::VecDeque;

use super::language::global::Global;
use crate::dist::Sampler;
use crate::kind::bill::Hourly;
use crate::measure::histogram::Histogram;
use crate::rng::Stream;

/// The second Region.
#[derive(Debug)]
pub struct Region {
    lag: (Sampler, Stream),
    /// Laws of the time until it writes: after a failover, and after a switchover.
    pub failover: (Sampler, Stream),
    pub switchover: (Sampler, Stream),
    /// When it will have the commits that it has not got, in order.
    pending: VecDeque<u64>,
    /// When it has the last one.
    pub has_all_by: u64,
    /// Commits sent so far, each as one write.
    pub sent: u64,
    /// The same by hour, for the bill.
    pub hours: Hourly,
    /// Lag of every commit.
    pub lags: Histogram,
    worst: u64,
    /// It has taken over after a failover: there is no second Region any more.
    pub is_gone: bool,
}

impl Region {
    /// A second Region that has all. `stream` gives random numbers for a purpose.
    pub fn of(global: &Global, stream: impl Fn(&str) -> Stream) -> Region {
        Region {
            lag: (Sampler::new(&global.lag), stream("global/lag")),
            failover: (Sampler::new(&global.failover), stream("global/failover")),
            switchover: (Sampler::new(&global.switchover), stream("global/switchover")),
            pending: VecDeque::new(),
            has_all_by: 0,
            sent: 0,
            hours: Hourly::default(),
            lags: Histogram::default(),
            worst: 0,
            is_gone: false,
        }
    }

    /// A commit is sent to it, after those before.
    pub fn commit(&mut self, now: u64) {
        if self.is_gone {
            return;
        }
        self.catch_up(now);
        let lag = self.lag.0.time(&mut self.lag.1).0;
        self.has_all_by = self.has_all_by.max(now.saturating_add(lag));
        self.pending.push_back(self.has_all_by);
        self.lags.record(self.has_all_by - now);
        self.worst = self.worst.max(self.has_all_by - now);
        self.sent += 1;
    }

    /// Commits that it lacks.
    pub fn behind(&mut self, now: u64) -> u64 {
        self.catch_up(now);
        self.pending.len() as u64
    }

    /// Largest lag of a commit since the last reading, in nanoseconds.
    pub fn worst_lag(&mut self) -> u64 {
        std::mem::take(&mut self.worst)
    }

    /// It has taken over: nothing is under way to it.
    pub fn takes_over(&mut self, is_gone: bool) {
        self.pending.clear();
        self.is_gone = is_gone;
    }

    fn catch_up(&mut self, now: u64) {
        while self.pending.front().is_some_and(|has| *has <= now) {
            self.pending.pop_front();
        }
    }
}
