//! Reads that miss a write. In: what each of them missed. Out: how many there are, how old what they saw was, and how many missed what
//! the reader had written.

use super::history::Missed;
use crate::measure::histogram::Histogram;

/// Stale reads of one database.
#[derive(Debug, Default)]
pub struct Stale {
    /// All of them.
    pub reads: u64,
    /// Those that missed what the same user, or the same request, had written.
    pub own: u64,
    /// How old what they saw was.
    pub age: Histogram,
    worst: u64,
}

impl Stale {
    /// A read has missed something.
    pub fn read(&mut self, missed: Missed, now: u64) {
        let age = now - missed.since;
        self.reads += 1;
        self.own += u64::from(missed.is_own);
        self.age.record(age);
        self.worst = self.worst.max(age);
    }

    /// The largest age since the last reading.
    pub fn worst(&mut self) -> u64 {
        std::mem::take(&mut self.worst)
    }

    /// How old what replicas answered with was, of so many reads: of one that missed nothing, not at all.
    pub fn of_all(&self, reads: u64) -> Histogram {
        let mut age = self.age.clone();
        age.record_many(0, reads.saturating_sub(self.reads));
        age
    }
}
