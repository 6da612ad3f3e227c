//! The EBS volume of a node: I/Os that begin one after the other, as fast as its type lets them.
//!
//! In: I/Os, each with the time at which it is asked for and its bytes, in order of time. Out: when each begins; how busy the volume was, what waited, and
//! which credits are left. A credit is one I/O: a volume with a burst earns its baseline and spends one for each I/O, and without one the next I/O waits
//! until it is earned. (Amazon EBS user guide, "I/O credits and burst performance".) What an I/O takes after it has begun is not of the volume's rate.

use std::collections::{HashSet, VecDeque};

use super::language::volume::Volume as Settings;
use crate::engine::meter::{Credits, Meter};

/// A changed page that nobody else can have changed: its row is not known.
pub const NO_PAGE: u64 = u64::MAX;

/// The volume of a node.
#[derive(Clone, Debug)]
pub struct Volume {
    settings: Settings,
    meter: Meter,
    /// I/Os so far, those included that have not begun.
    taken: u64,
    /// Nanoseconds that they wait, all together.
    waited: f64,
    /// When those begin that had not begun at the last look, in order of time, and what each is of a statement or commit.
    ahead: VecDeque<(u64, f32)>,
    /// Statements and commits that have been let through or will be.
    asked: f64,
    /// Changed pages, and when each is written.
    changed: HashSet<u64>,
    due: VecDeque<(u64, u64)>,
    /// Bytes of a page that is written, and I/Os that this has been asked for.
    page: f64,
    /// When that was so last.
    pub spent_at: Option<u64>,
    before: Before,
}

/// Totals at the last reading.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    done: u64,
    passed: f64,
    waited: f64,
    busy: f64,
}

/// What a volume did since the last reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Read {
    /// I/Os that have begun.
    pub done: f64,
    /// Statements and commits whose I/Os have begun, and those that needed none.
    pub passed: f64,
    /// Nanoseconds for which it could not begin another one.
    pub busy: f64,
    /// Nanoseconds that I/Os waited.
    pub waited: f64,
    /// I/Os a second that it does now.
    pub limit: f64,
    /// Part of its credits that is left; all where it has none.
    pub credits: f64,
}

impl Volume {
    /// A volume at the start of a run, and the bytes that it takes to write a page.
    pub fn new(settings: Settings, page: f64) -> Volume {
        Volume {
            settings,
            meter: Meter::new(
                settings.burst.map(|it| Credits::new(it.initial * it.most, it.most, settings.iops)),
            ),
            taken: 0,
            waited: 0.0,
            ahead: VecDeque::new(),
            asked: 0.0,
            changed: HashSet::new(),
            due: VecDeque::new(),
            page,
            spent_at: None,
            before: Before::default(),
        }
    }

    /// An I/O is asked for now, which is a part of a statement or commit, or of several: how long it waits, in nanoseconds.
    pub fn take(&mut self, bytes: f64, part: f32, now: u64) -> u64 {
        self.write_back(now);
        self.admit(bytes, part, now) - now
    }

    /// Whether it had no credits for its last I/O.
    pub fn is_spent(&self) -> bool {
        self.meter.is_spent
    }

    /// A statement needs no I/O.
    pub fn pass(&mut self) {
        self.asked += 1.0;
    }

    /// A page is changed: it is written later, once, however often it is changed until then.
    pub fn change(&mut self, page: u64, now: u64) {
        self.write_back(now);
        if page == NO_PAGE || self.changed.insert(page) {
            self.due.push_back((now.saturating_add(self.settings.write_back.0), page));
        }
    }

    /// Writes the changed pages that are due.
    fn write_back(&mut self, now: u64) {
        while let Some(&(due, page)) = self.due.front()
            && due <= now
        {
            self.due.pop_front();
            self.changed.remove(&page);
            self.admit(self.page, 0.0, due);
        }
    }

    /// An I/O is asked for: when it begins.
    fn admit(&mut self, bytes: f64, part: f32, at: u64) -> u64 {
        let asked = at as f64;
        // It takes its part of the I/Os of a second, or of the bytes, whichever is more.
        let span = (1e9 / self.settings.most()).max(8e9 * bytes / self.settings.throughput.0);
        let start = self.meter.admit(span, 1.0, asked);
        self.taken += 1;
        self.asked += f64::from(part);
        self.waited += start - asked;
        let start = start.ceil() as u64;
        if start > at {
            self.ahead.push_back((start, part));
        }
        start
    }

    /// What it did since the last reading.
    pub fn read(&mut self, now: u64) -> Read {
        self.write_back(now);
        while self.ahead.front().is_some_and(|(start, _)| *start <= now) {
            self.ahead.pop_front();
        }
        let done = self.taken - self.ahead.len() as u64;
        let waited = self.waited - self.ahead.iter().map(|(start, _)| (start - now) as f64).sum::<f64>();
        let passed = self.asked - self.ahead.iter().map(|(_, part)| f64::from(*part)).sum::<f64>();
        let busy = self.meter.busy(now as f64);
        let before = std::mem::replace(&mut self.before, Before { done, passed, waited, busy });
        let limit = if self.meter.is_spent { self.settings.iops } else { self.settings.most() };
        Read {
            done: (done - before.done) as f64,
            passed: passed - before.passed,
            busy: busy - before.busy,
            waited: waited - before.waited,
            limit,
            credits: self.meter.credits(now as f64),
        }
    }
}

/// What the volumes of one side have done so far.
#[derive(Debug, Default)]
pub struct Done {
    ios: f64,
    passed: f64,
    /// Statements and commits by their I/Os: pages are written later than what has changed them, so that each I/O counts with its part of those that
    /// have got through so far.
    pub let_through: f64,
}

impl Done {
    /// Adds a row of each volume.
    pub fn add(&mut self, reads: &[Read]) {
        let ios: f64 = reads.iter().map(|it| it.done).sum();
        self.ios += ios;
        self.passed += reads.iter().map(|it| it.passed).sum::<f64>();
        if self.ios > 0.0 {
            self.let_through += ios * self.passed / self.ios;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::volume_type::{Burst, VolumeType};
    use crate::units::{Bandwidth, Time};

    /// So many I/Os a second, with credits for 10 of 100 a second where `burst`.
    fn volume(burst: bool, initial: f64) -> Volume {
        let settings = Settings {
            of: VolumeType::Gp2,
            iops: 10.0,
            burst: burst.then_some(Burst { iops: 100.0, most: 10.0, initial }),
            throughput: Bandwidth(8e6),
            billed_iops: 0.0,
            billed_mib: 0.0,
            log_writes: 1,
            write_back: Time::from_secs(2),
        };
        Volume::new(settings, 0.0)
    }

    const MS: u64 = 1_000_000;

    /// Twelve I/Os at once: ten credits are spent at 10 ms each, and 0.9 of one is earned meanwhile: the eleventh begins at 100 ms, when the next
    /// one is there. After that there is one each 100 ms.
    #[test]
    fn without_credits_an_io_waits_until_one_is_earned() {
        let mut volume = volume(true, 1.0);
        let waits: Vec<u64> = (0..12).map(|_| volume.take(0.0, 1.0, 0) / MS).collect();
        assert_eq!(waits, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200]);
        assert!(volume.is_spent());
        // By 150 ms eleven have begun, and it was closed all the time; one waits for another 50 ms.
        let read = volume.read(150 * MS);
        assert_eq!((read.done, read.busy.round(), read.limit), (11.0, 150e6, 10.0));
        assert_eq!(read.passed, 11.0, "each is a whole statement");
        // 450 ms by those that begin until 90 ms, 100 by the eleventh, 150 by the last; a start is at a whole nanosecond.
        assert!((read.waited - 700e6).abs() < 10.0, "{read:?}");
        let read = volume.read(1_000 * MS);
        // The last one leaves it closed until 210 ms. Eight credits are earned until 1 s.
        assert_eq!((read.done, read.busy.round()), (1.0, 60e6));
        assert!((read.waited - 50e6).abs() < 10.0, "{read:?}");
        assert!((read.credits - 0.8).abs() < 1e-9, "{read:?}");
    }

    /// No more credits than it may have, however long nothing was asked of it.
    #[test]
    fn credits_are_earned_up_to_the_most() {
        let mut volume = volume(true, 0.0);
        assert_eq!(volume.take(0.0, 1.0, 1_000 * MS * 1_000), 0);
        assert!((volume.read(1_000 * MS * 1_000).credits - 0.9).abs() < 1e-9);
    }

    /// A megabyte a second: an I/O of 500 kB takes half a second of it, one without bytes a tenth.
    #[test]
    fn bytes_take_time_too() {
        let mut volume = volume(false, 0.0);
        assert_eq!([5e5, 0.0, 0.0].map(|bytes| volume.take(bytes, 1.0, 0) / MS), [0, 500, 600]);
    }

    /// A page that is changed at 0 and 1 s is written at 2 s; when it is changed again at 2 s, that is another write.
    #[test]
    fn a_page_is_written_once_for_all_its_changes() {
        let mut volume = volume(false, 0.0);
        [0, 1_000].into_iter().for_each(|at| volume.change(7, at * MS));
        assert_eq!(volume.read(1_999 * MS).done, 0.0);
        volume.change(7, 2_000 * MS);
        volume.change(8, 2_000 * MS);
        assert_eq!(volume.read(3_000 * MS).done, 1.0);
        // Two at 4 s: one waits for 100 ms.
        let read = volume.read(5_000 * MS);
        assert_eq!((read.done, read.waited.round()), (2.0, 100e6));
    }
}
