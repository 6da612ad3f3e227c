//! The volume of one host. In: I/Os in order of time. Out: when each begins; how busy it was since the last reading.

use super::language::BlockVolume;
use crate::engine::meter::{Credits, Meter};
use crate::units::Bytes;

/// A volume.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    meter: Meter,
    /// Since when it is there.
    since: u64,
    /// Nanoseconds up to the last reading in which it could begin no other I/O.
    busy: f64,
}

impl Disk {
    /// A new one at an instant, with so large a part of its credits.
    pub fn new(settings: &BlockVolume, credits: f64, now: u64) -> Disk {
        let burst = settings.burst;
        let credits = burst.map(|it| Credits::new(credits * it.most, it.most, settings.iops));
        Disk { meter: Meter::new(credits), since: now, busy: 0.0 }
    }

    /// An I/O of so many bytes is asked for at an instant: when it begins.
    pub fn admit(&mut self, settings: &BlockVolume, bytes: u64, at: f64) -> f64 {
        self.meter.admit(settings.span(Bytes(bytes), 1), 1.0, at)
    }

    /// Whether its last I/O found no credits.
    pub fn is_spent(&self) -> bool {
        self.meter.is_spent
    }

    /// Part of its credits that is left; all where it has none to spend.
    pub fn credits(&self, now: u64) -> f64 {
        self.meter.credits(now as f64)
    }

    /// Nanoseconds of its time that its I/Os have taken for themselves.
    pub fn work(&self, now: u64) -> f64 {
        self.meter.work(now as f64)
    }

    /// Nanoseconds since the last reading in which it could begin no other I/O, and for how many it was there.
    pub fn read(&mut self, span: f64, now: u64) -> (f64, f64) {
        let busy = self.meter.busy(now as f64);
        let grown = busy - std::mem::replace(&mut self.busy, busy);
        (grown.max(0.0), span.min((now - self.since) as f64))
    }
}
